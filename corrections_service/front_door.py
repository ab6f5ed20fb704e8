"""The way from readers' browsers to the service, tried through BASE_URL: what a proxy before it does wrong."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import urllib3
from itsdangerous import URLSafeTimedSerializer

from corrections_service.rules import text
from corrections_service.settings import Settings

SECONDS = 60
"""How long the doctor's pass lets in."""

LARGEST_REPORT = 64 * 1024
"""Bytes that a report may have; see CONTRACT's limit of a body."""

_CURES = {
    "name": "let the proxy pass on the name that was asked for (nginx: proxy_set_header Host $host; "
    "Apache: ProxyPreserveHost On); docs/proxies.md has whole blocks",
    "size": "let the proxy take bodies of 64 KiB (nginx: client_max_body_size 64k)",
    "from": "let the proxy say where requests come from "
    "(nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for), or limits count all readers as one",
}


class _Unanswered(Exception):
    """Why there was no answer of ours, in a sentence."""


@dataclass(frozen=True)
class Arrival:
    """A request as it arrived at the service."""

    host: str
    peer: str
    forwarded_for: str
    is_trusted: bool
    length: int


def passes(config: Settings) -> URLSafeTimedSerializer:
    """What signs the doctor's pass: who holds SECRET_KEY may ask how a request arrived, nobody else."""
    return URLSafeTimedSerializer(config.secret_key, salt="front door")


def examine(config: Settings) -> Iterator[tuple[str, str]]:
    """Ask BASE_URL as a browser would, one check after the other: its name, and what is wrong ("" for nothing)."""
    try:
        arrived = _ask(config, "GET")
    except _Unanswered as error:
        yield "BASE_URL answers", str(error)
        return
    yield "BASE_URL answers", ""
    yield "Host", _host(config, arrived)
    try:
        length = _ask(config, "POST", LARGEST_REPORT).length
        yield "body size", "" if length == LARGEST_REPORT else f"of {LARGEST_REPORT} bytes {length} arrived"
    except _Unanswered as error:
        yield "body size", f"{error}; {_CURES['size']}"
    yield "forwarded address", _forwarded(config, arrived)


def _host(config: Settings, arrived: Arrival) -> str:
    hostname = urlsplit(config.base_url).hostname or ""
    if arrived.host.rpartition(":")[0] == hostname or arrived.host == hostname:
        return ""
    return f"asked for {hostname}, the service was called {text.one_line(arrived.host, 100)}: {_CURES['name']}"


def _forwarded(config: Settings, arrived: Arrival) -> str:
    """A service that is asked over https has a proxy before it, for it speaks http itself."""
    is_proxied = config.base_url.startswith("https:") or bool(arrived.forwarded_for)
    if not is_proxied:
        return ""
    if not arrived.forwarded_for:
        return _CURES["from"]
    if not arrived.is_trusted:
        return (
            f"requests come from the proxy {arrived.peer}, which CORRECTIONS_TRUSTED_PROXIES does not name, "
            f"so limits count all readers as one: set it to {arrived.peer}/{128 if ':' in arrived.peer else 32}"
        )
    return ""


def _ask(config: Settings, method: str, length: int = 0) -> Arrival:
    address = f"{config.base_url}/front-door"
    headers = {"Authorization": f"Bearer {passes(config).dumps('doctor')}", "Accept": "application/json"}
    body = b"x" * length if length else None
    if body is not None:
        headers["Content-Type"] = "text/plain"
    pool = urllib3.PoolManager(timeout=urllib3.Timeout(10), retries=False)
    try:
        answer = pool.request(method, address, headers=headers, body=body, redirect=False)
    except urllib3.exceptions.HTTPError as error:
        raise _Unanswered(_unreached(config.base_url, error)) from None
    finally:
        pool.clear()
    if 300 <= answer.status < 400:
        to = urljoin(address, answer.headers.get("Location", ""))
        raise _Unanswered(_elsewhere(config, to))
    if answer.status in (502, 503, 504):
        raise _Unanswered(
            f"the proxy at {config.base_url} answers {answer.status}: it does not reach the service; "
            "is `corrections serve` running, and is its address the one the proxy passes to?"
        )
    if answer.status == 413:
        raise _Unanswered(f"the proxy answers 413 to {length} bytes")
    try:
        return Arrival(**{name: answer.json()[name] for name in Arrival.__dataclass_fields__})
    except (ValueError, KeyError, TypeError):
        raise _Unanswered(
            f"{config.base_url} answers {answer.status}, but it is not this service with this SECRET_KEY that answers"
        ) from None


def _elsewhere(config: Settings, to: str) -> str:
    """Where a redirect leads, and what that says of BASE_URL."""
    parts = urlsplit(to)
    address = text.one_line(f"{parts.scheme}://{parts.netloc}", 200)
    if address == config.base_url:
        return f"{config.base_url} redirects to {text.one_line(to, 200)}: leave the paths of the service as they are"
    if parts.scheme != urlsplit(config.base_url).scheme and parts.hostname == urlsplit(config.base_url).hostname:
        return f"{config.base_url} redirects to {parts.scheme}: set CORRECTIONS_BASE_URL to {address}"
    return f"{config.base_url} redirects to {address}: set CORRECTIONS_BASE_URL to that address, if it is the service's"


def _unreached(address: str, error: BaseException) -> str:
    """The innermost reason for which nothing was asked, without the library's own names, and its cure."""
    while inner := next((cause for cause in (error.__cause__, *error.args) if isinstance(cause, BaseException)), None):
        error = inner
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the certificate at {address} is not accepted: {text.one_line(error.verify_message, 200)}; let the web server show one "
            "that browsers trust, with its chain (an authority of your own: name its file in SSL_CERT_FILE)"
        )
    if isinstance(error, ssl.SSLError):
        return (
            f"no TLS is spoken at {address}: let the web server do so there, or write http:// into CORRECTIONS_BASE_URL "
            f"on this machine alone ({text.one_line(error.reason or str(error), 100)})"
        )
    return f"{address} cannot be reached: {text.reason(error)}"
