"""The one HTTP client out: reads a site's own addresses, at public networks, within limits (THREATS G)."""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import ada_url
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from corrections_service import __version__
from corrections_service.errors import Unreachable
from corrections_service.rules import text, urls
from corrections_service.work import networks

TOTAL_SECONDS = 10.0
WIRE_BYTES, INFLATED_BYTES = 2 * 1024 * 1024, 5 * 1024 * 1024
REDIRECTS = 3
LONGEST_WAIT = 86_400
USER_AGENT = f"corrections-service/{__version__} (reads articles that readers reported)"

SENDER = f"corrections-service/{__version__} (webhooks)"

Connect = Callable[[str, int], socket.socket]
"""Opens a connection to a host's port, where that may be."""

_MOVED_FOR_GOOD, _MOVED = (301, 308), (301, 302, 303, 307, 308)

_CERTIFICATE_FAULTS = {
    9: "The server’s certificate is not valid yet; look at its dates and at this machine’s clock.",
    10: "The server’s certificate has expired; renew it.",
    62: "The server’s certificate is for another host name; install one for this name.",
    64: "The server’s certificate is for another address; install one for this address.",
}
"""OpenSSL's numbers (X509_V_ERR) of what is wrong with a certificate."""

_UNKNOWN_ISSUER = (2, 18, 19, 20, 21, 27)
"""Those that are about who vouches for it."""

_OUR_SHORTAGES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL)

_REFUSALS = {
    401: "The server asks the article reader to sign in (401); let it read without, or check the page by hand.",
    402: "The server asks the article reader to pay (402); let it read without, or check the page by hand.",
    403: "The server keeps the article reader out (403); let it in, or check the page by hand.",
    404: "There is no page at this address (404); it was taken down or moved.",
    410: "The page was taken down for good (410).",
    429: "The server asks the article reader to come less often (429); it is asked again later.",
    451: "The page is blocked for legal reasons (451); check it by hand.",
    503: "The server is busy or under repair (503); it is asked again later.",
}


@dataclass(frozen=True)
class Page:
    """One article as it was served; `unchanged` when the server said so (304), then `body` is empty.

    `moved_to` is where permanent redirects alone led, empty where there were none or any was temporary; `policy` is its
    Content-Security-Policy, several of them with commas between.
    """

    url: str
    body: bytes
    content_type: str
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False
    moved_to: str = ""
    policy: str = ""


@dataclass(frozen=True)
class Answer:
    """What the server said at the end of the redirects that were followed; `body` is empty unless it said 200."""

    url: str
    status: int
    headers: Any
    body: bytes
    moved_to: str
    is_inside: bool = False
    """Whether one of the networks answered that are allowed besides public ones."""

    @property
    def retry_after(self) -> int | None:
        """The seconds that a server asks to wait (429 and 503), at most a day."""
        return _seconds(self.headers.get("Retry-After", "")) if self.status in (429, 503) else None


@dataclass(frozen=True)
class Request:
    """What is asked of a server, which has so many `seconds` for all of its answer.

    Of that at most `enough` bytes are read (None: an article's), if its status is 200, or whatever it is (`is_any`).
    """

    headers: dict[str, str]
    method: str = "GET"
    body: bytes | None = None
    enough: int | None = None
    is_any: bool = False
    seconds: float = TOTAL_SECONDS


_CONDITIONS = ("If-None-Match", "If-Modified-Since")


def read_page(
    url: str,
    *,
    origins: Sequence[str],
    allowed: Sequence[str] = (),
    etag: str = "",
    last_modified: str = "",
    judge: Callable[[str], None] = lambda address: None,
) -> Page:
    """Read one page of a site, following at most three redirects inside the site.

    `origins` are the site's, `allowed` the networks permitted besides public ones; `judge` may refuse each address before
    it is asked for. Raises Unreachable, which says why.
    """
    headers = {"Accept": "text/html, application/xhtml+xml"}
    if etag:
        headers["If-None-Match"] = text.one_line(etag, 500)
    if last_modified:
        headers["If-Modified-Since"] = text.one_line(last_modified, 64)
    answer = ask(url, headers, origins=origins, allowed=allowed, judge=judge)
    if answer.status == 200:
        return _page(answer, _kind(answer))
    if answer.status == 304 and (etag or last_modified):
        return _page(answer, "", unchanged=True)
    raise Unreachable(_refusal(answer, origins), retry_after=answer.retry_after)


def ask(
    url: str,
    headers: dict[str, str],
    *,
    origins: Sequence[str],
    allowed: Sequence[str],
    enough: int | None = None,
    judge: Callable[[str], None] = lambda address: None,
) -> Answer:
    """Ask a site for an address and follow at most three redirects inside the site.

    A body is cut at `enough` bytes; without, one that is larger than an article raises Unreachable, as all does that
    gives no answer.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    allowed_networks = [ipaddress.ip_network(network, strict=False) for network in allowed]
    request_headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", **headers}
    address, hops = _judge_address(url, origins), 0
    for_good = True
    while True:
        judge(address)
        request = Request(request_headers, enough=enough)
        status, answer_headers, body = _send(
            address, request, partial(networks.connect, allowed=allowed_networks), deadline
        )
        following = _destination(address, answer_headers) if status in _MOVED else ""
        if hops == REDIRECTS or not urls.belongs_to(following, origins):
            return Answer(address, status, answer_headers, body, address if hops and for_good else "")
        address, hops = _judge_address(following, origins), hops + 1
        for name in _CONDITIONS:  # what is known is of the first address
            request_headers.pop(name, None)
        for_good = for_good and status in _MOVED_FOR_GOOD


def send(url: str, request: Request, *, allowed: Sequence[str]) -> Answer:
    """Send one request to an address anywhere on public networks, and follow no redirect: the answer, whatever it is.

    What is not encrypted goes into the networks that are `allowed` alone. Raises Unreachable where there is no answer.
    """
    parsed = urls.parse(url)
    own_networks = [ipaddress.ip_network(network, strict=False) for network in allowed]
    is_inside = False

    def connect(host: str, port: int) -> socket.socket:
        nonlocal is_inside
        sock = networks.connect(host, port, own_networks, is_public=parsed.scheme == "https")
        is_inside = networks.leads_into(sock, own_networks)
        return sock

    deadline = time.monotonic() + request.seconds
    headers = {"User-Agent": SENDER, "Accept-Encoding": "identity", **request.headers}
    status, answer_headers, body = _send(parsed.href, replace(request, headers=headers), connect, deadline)
    return Answer(parsed.href, status, answer_headers, body, "", is_inside)


def _judge_address(url: str, origins: Sequence[str]) -> str:
    try:
        parsed = urls.parse(url)
    except ValueError as error:
        raise Unreachable(f"The address cannot be read: {error}") from None
    if not urls.belongs_to(parsed.href, origins):
        raise Unreachable("The address is not one of the site’s.")
    return parsed.href


def _destination(address: str, headers: Any) -> str:
    """Where a redirect leads, as browsers read it; empty where that is no address."""
    location = headers.get("Location", "")
    if not location:
        return ""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    with suppress(ValueError):
        return str(ada_url.join_url(address, location))
    return ""


def _seconds(wait: str) -> int | None:
    """Retry-After (RFC 9110, 10.2.3), a number or a date, as seconds between 1 and a day."""
    try:
        when = parsedate_to_datetime(wait) if not wait.strip().isdecimal() else None
        seconds = (when.astimezone(UTC) - datetime.now(UTC)).total_seconds() if when else int(wait.strip()[:9])
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return int(min(max(seconds, 1), LONGEST_WAIT))


def _send(url: str, request: Request, connect: Connect, deadline: float) -> tuple[int, Any, bytes]:
    """One request on one connection to an address that was judged, cut off at the deadline."""
    opened: list[socket.socket] = []
    pool = _pool(url, connect, opened)
    watch = threading.Timer(max(deadline - time.monotonic(), 0), lambda: _cut_all(opened))
    watch.daemon = True
    watch.start()
    try:
        timeout = urllib3.Timeout(connect=networks.CONNECT_SECONDS, read=max(deadline - time.monotonic(), 0.1))
        target = url.split("#")[0]
        answer = pool.urlopen(
            request.method,
            "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/",
            body=request.body,
            headers=request.headers,
            redirect=False,
            retries=False,
            timeout=timeout,
            preload_content=False,
            assert_same_host=False,
        )
        with closing(answer):
            return answer.status, answer.headers, _body(answer, deadline, request)
    except urllib3.exceptions.HTTPError as error:
        raise Unreachable(_why(error, deadline, request.seconds)) from None
    except (OSError, ValueError) as error:
        raise Unreachable(_why(error, deadline, request.seconds)) from None
    finally:
        watch.cancel()
        pool.close()
        _cut_all(opened)


def _body(answer: urllib3.BaseHTTPResponse, deadline: float, request: Request) -> bytes:
    """The inflated body, or Unreachable where it is larger or slower than an article."""
    if request.is_any:
        return _beginning(answer, request.enough or 0)
    if answer.status != 200:
        return b""
    enough = request.enough
    if answer.headers.get("Content-Encoding", "identity").strip().lower() not in ("identity", "gzip", "deflate", ""):
        raise Unreachable("The page is packed in a way that was not asked for; send it plain or in gzip.")
    pieces, size = [], 0
    while (enough is None or size < enough) and (piece := answer.read(64 * 1024, decode_content=True)):
        pieces.append(piece)
        size += len(piece)
        if size > INFLATED_BYTES or answer.tell() > WIRE_BYTES:
            raise Unreachable("The page is larger than an article; check it by hand.")
        if time.monotonic() > deadline:
            raise Unreachable(_too_slow(request.seconds))
    if time.monotonic() > deadline:
        raise Unreachable(_too_slow(request.seconds))
    return b"".join(pieces)[:enough]


def _beginning(answer: urllib3.BaseHTTPResponse, enough: int) -> bytes:
    """The first bytes of a body, as far as they come: its status says already what became of the request."""
    with suppress(urllib3.exceptions.HTTPError, OSError, ValueError):
        return answer.read(enough, decode_content=True)[:enough]
    return b""


def _kind(answer: Answer) -> str:
    """The content type of a page; one that is not told is HTML where it begins as such (as browsers sniff)."""
    content_type = str(answer.headers.get("Content-Type", ""))
    kind = content_type.split(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml") or (not kind and answer.body.lstrip().startswith(b"<")):
        return content_type
    raise Unreachable("The address holds no article (no HTML); look where it leads in a browser.")


def _page(answer: Answer, content_type: str, *, unchanged: bool = False) -> Page:
    etag = text.one_line(answer.headers.get("ETag", ""), 500)
    last_modified = text.one_line(answer.headers.get("Last-Modified", ""), 64)
    policy = answer.headers.get("Content-Security-Policy", "")
    return Page(answer.url, answer.body, content_type, etag, last_modified, unchanged, answer.moved_to, policy)


def _refusal(answer: Answer, origins: Sequence[str]) -> str:
    """Why an answer holds no page, and what can be done about it."""
    if answer.status in _MOVED:
        if urls.belongs_to(_destination(answer.url, answer.headers), origins):
            return "The page redirects too often; look where it leads in a browser."
        if not _destination(answer.url, answer.headers):
            if answer.headers.get("Location"):
                return f"The server redirects ({answer.status}) to what is no address; look at the page in a browser."
            return f"The server redirects ({answer.status}) and does not say where to; look at the page in a browser."
        return "The page redirects outside the site; if it moved there, add that origin to the site’s."
    if answer.status >= 500:
        return _REFUSALS.get(answer.status, f"The server has a fault ({answer.status}); it is asked again later.")
    return _REFUSALS.get(answer.status, f"The server answered {answer.status}, which is no page; check it by hand.")


def _pool(url: str, connect: Connect, opened: list[socket.socket]) -> HTTPConnectionPool:
    parsed = urls.parse(url)
    host = parsed.host.strip("[]")

    def join(connection: HTTPConnection) -> socket.socket:
        sock = connect(host, connection.port or 0)
        opened.append(sock)
        return sock

    secure = parsed.scheme == "https"
    pool: HTTPConnectionPool
    if secure:
        pool = HTTPSConnectionPool(host, int(parsed.port or 443), maxsize=1, block=True, cert_reqs="CERT_REQUIRED")
    else:
        pool = HTTPConnectionPool(host, int(parsed.port or 80), maxsize=1, block=True)
    pool.ConnectionCls = _pinned(HTTPSConnection if secure else HTTPConnection, join)
    return pool


def _pinned(base: type[HTTPConnection], connect: Callable[[HTTPConnection], socket.socket]) -> type[Any]:
    """A connection class that goes where `connect` went, whatever names resolve to a moment later."""

    class Pinned(base):  # type: ignore[misc, valid-type]
        def _new_conn(self) -> socket.socket:
            return connect(self)

    return Pinned


def _cut_all(connections: list[socket.socket]) -> None:
    for connection in connections:
        _cut(connection)


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _why(error: Exception, deadline: float, seconds: float = TOTAL_SECONDS) -> str:
    if time.monotonic() >= deadline:
        return _too_slow(seconds)
    cause = next((cause for cause in error.args if isinstance(cause, Exception)), error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        if cause.verify_code in _UNKNOWN_ISSUER:
            return "No known authority vouches for the server’s certificate; install one that browsers trust, with its chain."
        reason = text.one_line(cause.verify_message, 80)
        sentence = f"The server’s certificate is not accepted ({reason}); install one that browsers trust."
        return _CERTIFICATE_FAULTS.get(cause.verify_code, sentence)
    if isinstance(cause, ssl.SSLError):
        if cause.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST"):
            return "The server speaks no TLS at this address; look whether it begins with http:// or has another port."
        if cause.reason in ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION"):
            return "The server speaks only old versions of TLS, which are not safe; let it speak TLS 1.2 or 1.3."
        return f"No safe connection to the server: look at its certificate and TLS ({text.one_line(str(cause), 80)})."
    if isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError):
        return "The server does not answer in time; it is asked again later."
    if isinstance(cause, ConnectionResetError | BrokenPipeError):
        return "The server hung up before it had answered; it is asked again later."
    if isinstance(cause, OSError) and cause.errno in _OUR_SHORTAGES:
        return f"This machine cannot open a connection ({cause.strerror}); the page is asked for again later."
    if isinstance(cause, OSError):
        return f"The server cannot be reached; it is asked again later ({text.reason(cause, 80)})."
    return "The server’s answer is broken or ends too early; look at the page in a browser."


def _too_slow(seconds: float) -> str:
    return f"The answer took longer than {seconds:.0f} seconds; it is asked again later."
