"""Content-Security-Policies: which directive of a page's policies keeps something from being loaded (W3C CSP 3)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corrections_service.rules import urls

SCRIPT, CONNECT = ("script-src-elem", "script-src", "default-src"), ("connect-src", "default-src")
"""The directives for a script's tag and for what a script sends; the first that a policy has counts."""

_DEFAULT_PORTS = {"http": "80", "https": "443"}
_HOST_SOURCE = re.compile(
    r"""
    (?:([a-z][a-z0-9+.-]*)://)?                 # https://
    (\*|(?:\*\.)?[a-z0-9._-]+|\[[0-9a-f:.]+\])  # *.news.example
    (?::(\d+|\*))?                              # :8443
    (/[^?\#]*)?                                 # /embed/
    """,
    re.IGNORECASE | re.VERBOSE,
)


def split(header: str) -> list[str]:
    """The policies of a header, which has commas between several; each of them must allow."""
    return [policy for policy in header.split(",") if policy.strip()]


def blocking(
    policies: Sequence[str], directives: Sequence[str], addresses: Sequence[str], page: str, marks: Sequence[str] = ()
) -> str:
    """The directive of the first policy that lets a page at this address not load these addresses; empty where all let it.

    `marks` are a tag's nonce and hashes as a policy names them, without quotation marks (`nonce-abc`). A directive that
    allows by such marks alone is told with them: `script-src 'strict-dynamic'`.
    """
    for policy in policies:
        by_name = _directives(policy)
        name = next((name for name in directives if name in by_name), "")
        if not name:
            continue
        sources = by_name[name]
        if any(f"'{mark}'" in sources for mark in marks if mark):
            continue
        if directives is SCRIPT and _by_marks_alone(sources):
            return f"{name} 'strict-dynamic'"
        if not all(any(_matches(source, address, page) for source in sources) for address in addresses):
            return name
    return ""


def _by_marks_alone(sources: Sequence[str]) -> bool:
    return any(source.lower() == "'strict-dynamic'" for source in sources)


def _directives(policy: str) -> dict[str, list[str]]:
    """The sources of each directive; of two with one name the first counts."""
    by_name: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        name, *sources = directive.split() or [""]
        by_name.setdefault(name.lower(), sources)
    return by_name


def _matches(source: str, address: str, page: str) -> bool:
    """Whether one source allows an address."""
    url, page_url = urls.parse(address), urls.parse(page)
    if source == "*":
        return True
    if source.lower() == "'self'":
        is_safer = page_url.scheme == "http" and url.scheme == "https" and not page_url.port and not url.port
        return url.origin == page_url.origin or (url.host == page_url.host and is_safer)
    if source.lower() in ("http:", "https:"):
        return _is_scheme(url.scheme, source.lower().rstrip(":"))
    match = _HOST_SOURCE.fullmatch(source)
    if match is None:
        return False
    scheme, host, port, path = match.groups()
    if not _is_scheme(url.scheme, (scheme or page_url.scheme).lower()):
        return False
    is_host = host == "*" or urls.host_matches(url.host, host)
    return is_host and _is_port(url, port, scheme or page_url.scheme) and _is_path(url.path, path or "")


def _is_scheme(scheme: str, allowed: str) -> bool:
    return scheme == allowed or (allowed == "http" and scheme == "https")


def _is_port(url: urls.Url, port: str | None, scheme: str) -> bool:
    own_port = url.port or _DEFAULT_PORTS[url.scheme]
    if port in (None, "80") and own_port == "443" and scheme.lower() == "http":
        return True
    return port == "*" or own_port == (port or _DEFAULT_PORTS[url.scheme])


def _is_path(path: str, allowed: str) -> bool:
    return path.startswith(allowed) if allowed.endswith("/") or not allowed else path == allowed
