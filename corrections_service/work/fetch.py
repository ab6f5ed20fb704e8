"""The one HTTP client out: reads a page of a site's own, from a public address, within limits (THREATS G)."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from corrections_service import __version__
from corrections_service.errors import Unreachable
from corrections_service.rules import text, urls

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

TOTAL_SECONDS, CONNECT_SECONDS = 10.0, 3.0
WIRE_BYTES, INFLATED_BYTES = 2 * 1024 * 1024, 5 * 1024 * 1024
REDIRECTS = 3
USER_AGENT = f"corrections-service/{__version__} (reads articles that readers reported)"

DENIED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(one)
    for one in """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15
    198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    ::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 2002::/16
    2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
    """.split()
)
"""IANA's special-purpose addresses, both versions, with the forms that embed version 4."""


@dataclass(frozen=True)
class Page:
    """One article as it was served; `unchanged` when the server said so (304), then `body` is empty."""

    url: str
    body: bytes
    content_type: str
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False


def read_page(
    url: str,
    *,
    origins: Sequence[str],
    allowed: Sequence[str] = (),
    etag: str = "",
    last_modified: str = "",
) -> Page:
    """Read one page of a site, following at most three redirects inside the site.

    `origins` are the site's, `allowed` the networks permitted besides public ones. Raises Unreachable, which says why.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    networks = [ipaddress.ip_network(one, strict=False) for one in allowed]
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "text/html, application/xhtml+xml",
        "Accept-Encoding": "gzip, deflate",
    }
    if etag:
        headers["If-None-Match"] = text.one_line(etag, 500)
    if last_modified:
        headers["If-Modified-Since"] = text.one_line(last_modified, 64)
    for _ in range(REDIRECTS + 1):
        address = _judge_address(url, origins)
        status, answered, body = _get(address, headers, networks, deadline)
        if status not in (301, 302, 303, 307, 308):
            return _page(address, status, answered, body)
        url = urljoin(address, answered.get("Location", ""))
        if not _is_inside(url, origins):
            raise Unreachable("The page redirects outside the site.")
    raise Unreachable("The page redirects too often.")


def judge_ip(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the article reader may connect to this address; those that embed one of version 4 are all denied."""
    if any(address.version == network.version and address in network for network in allowed):
        return True
    return not any(address.version == network.version and address in network for network in DENIED)


def _judge_address(url: str, origins: Sequence[str]) -> str:
    try:
        parsed = urls.parse(url)
    except ValueError as error:
        raise Unreachable(f"The address cannot be read: {error}") from None
    if not urls.belongs_to(parsed.href, origins):
        raise Unreachable("The address is not one of the site's.")
    return parsed.href


def _is_inside(url: str, origins: Sequence[str]) -> bool:
    with suppress(ValueError):
        return urls.belongs_to(urls.parse(url).href, origins)
    return False


def _get(url: str, headers: dict[str, str], allowed: Sequence[Network], deadline: float) -> tuple[int, Any, bytes]:
    """One request on one connection to an address that was judged, cut off at the deadline."""
    opened: list[socket.socket] = []
    pool = _pool(url, allowed, opened)
    watch = threading.Timer(max(deadline - time.monotonic(), 0), lambda: _cut_all(opened))
    watch.daemon = True
    watch.start()
    try:
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=max(deadline - time.monotonic(), 0.1))
        target = url.split("#")[0]
        answer = pool.urlopen(
            "GET",
            "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/",
            headers=headers,
            redirect=False,
            retries=False,
            timeout=timeout,
            preload_content=False,
            assert_same_host=False,
        )
        return answer.status, answer.headers, _body(answer, deadline)
    except urllib3.exceptions.HTTPError as error:
        raise Unreachable(_why(error, deadline)) from None
    except (OSError, ValueError) as error:
        raise Unreachable(_why(error, deadline)) from None
    finally:
        watch.cancel()
        pool.close()
        _cut_all(opened)


def _body(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The inflated body, or Unreachable where it is larger or slower than an article."""
    if answer.status != 200:
        return b""
    if answer.headers.get("Content-Encoding", "identity").strip().lower() not in ("identity", "gzip", "deflate", ""):
        raise Unreachable("The page is packed in a way that was not asked for.")
    pieces, size = [], 0
    while piece := answer.read(64 * 1024, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > INFLATED_BYTES or answer.tell() > WIRE_BYTES:
            raise Unreachable("The page is larger than an article.")
        if time.monotonic() > deadline:
            raise Unreachable("The page took longer than 10 seconds.")
    if time.monotonic() > deadline:
        raise Unreachable("The page took longer than 10 seconds.")
    return b"".join(pieces)


def _page(url: str, status: int, headers: Any, body: bytes) -> Page:
    etag = text.one_line(headers.get("ETag", ""), 500)
    last_modified = text.one_line(headers.get("Last-Modified", ""), 64)
    if status == 304:
        return Page(url, b"", "", etag, last_modified, unchanged=True)
    if status != 200:
        raise Unreachable(f"The server answered {status}.")
    content_type = headers.get("Content-Type", "")
    if content_type.split(";")[0].strip().lower() not in ("text/html", "application/xhtml+xml"):
        raise Unreachable("The address holds no article (no HTML).")
    return Page(url, body, content_type, etag, last_modified)


def _pool(url: str, allowed: Sequence[Network], opened: list[socket.socket]) -> HTTPConnectionPool:
    parsed = urls.parse(url)
    host = parsed.host.strip("[]")

    def connect(connection: HTTPConnection) -> socket.socket:
        made = _connect(host, connection.port or 0, allowed)
        opened.append(made)
        return made

    secure = parsed.scheme == "https"
    pool: HTTPConnectionPool
    if secure:
        pool = HTTPSConnectionPool(host, int(parsed.port or 443), maxsize=1, block=True, cert_reqs="CERT_REQUIRED")
    else:
        pool = HTTPConnectionPool(host, int(parsed.port or 80), maxsize=1, block=True)
    pool.ConnectionCls = _pinned(HTTPSConnection if secure else HTTPConnection, connect)
    return pool


def _pinned(base: type[HTTPConnection], connect: Callable[[HTTPConnection], socket.socket]) -> type[Any]:
    """A connection class that goes where `connect` went, whatever names resolve to a moment later."""

    class Pinned(base):  # type: ignore[misc, valid-type]
        def _new_conn(self) -> socket.socket:
            return connect(self)

    return Pinned


def _connect(host: str, port: int, allowed: Sequence[Network]) -> socket.socket:
    """Resolve, judge every address of the answer, and connect to the first of them."""
    found = _resolve(host, port)
    addresses = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
    if not addresses or not all(judge_ip(one, allowed) for one in addresses):
        raise Unreachable("The address leads into a network that the article reader may not reach.")
    return socket.create_connection((str(addresses[0]), port), timeout=CONNECT_SECONDS)


def _resolve(host: str, port: int) -> list[str]:
    """The addresses of a host within three seconds (the system's resolver has no time limit of its own)."""
    answer: list[str] = []

    def ask() -> None:
        with suppress(OSError, UnicodeError):
            answer.extend(str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(CONNECT_SECONDS)
    if not answer:
        raise Unreachable("The host's name leads nowhere.")
    return list(dict.fromkeys(answer))


def _cut_all(connections: list[socket.socket]) -> None:
    for one in connections:
        _cut(one)


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _why(error: Exception, deadline: float) -> str:
    if time.monotonic() >= deadline:
        return "The page took longer than 10 seconds."
    if isinstance(error, urllib3.exceptions.SSLError):
        return f"The certificate is not valid: {text.one_line(str(error), 120)}"
    return f"The page cannot be reached: {text.one_line(str(error), 120)}"
