"""Whole requests: takes them in, however slowly they come, and hands each whole one to a thread of the web application.

A thread that waits for a body is a thread that answers nobody. Here a body that comes slowly holds a few bytes, for
20 seconds at most; who begins more than a few is cut off, the one that has been coming for longest first.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog

from corrections_service.errors import TooSlow
from corrections_service.services.limits import address_block
from corrections_service.settings import Settings
from corrections_service.web.access import BUSY, TOO_LARGE, UPLOAD_BYTES
from corrections_service.web.arrivals import is_report
from corrections_service.web.peers import is_within, origin_of_request, trusted_networks

log = structlog.get_logger()

BODY_SECONDS = 20
BODIES_OF_ONE, BODIES_OF_ALL = 64, 8192
"""Bodies that one peer and all together may have on their way; trusted proxies may have as many as there are."""

WATCH_SECONDS = 0.5
"""How late a body that comes too slowly may be cut off."""

SAFE_SECONDS = 5
"""So long none is cut off for another: a whole one that a busy process has not come to yet looks like a slow one."""

BODY_BYTES, ALL_BYTES = 1024 * 1024, 64 * 1024 * 1024
"""What one body may hold (the application takes less in most places), and all unfinished ones together."""

UPLOADS_OF_ONE, UPLOADS_OF_ALL = 2, 4
"""Files that one peer and all together may be adding, from the first byte to the answer; trusted proxies as many as there are."""

READ_BYTES, UPLOAD_SECONDS = 32 * 1024 * 1024, 120
"""What is read, and not kept, of a file that is refused, for browsers hear no answer before; and how long one may take."""

THREADS = 512

SLOW = TooSlow(retry_after=30)
SLOW_HEADERS = [
    ("Content-Type", "application/problem+json"),
    ("Retry-After", str(SLOW.retry_after)),
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
]
SLOW_BODY = json.dumps(
    {"type": f"urn:corrections:{SLOW.code}", "title": SLOW.title, "status": int(SLOW.status), "detail": SLOW.detail}
).encode()

Environ = dict[str, Any]
Answer = tuple[int, list[tuple[str, str]], bytes]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Room:
    """The bytes of a body that are held, those that are read at all, and the seconds that it may take."""

    most: int = BODY_BYTES
    read: int = BODY_BYTES
    seconds: int = BODY_SECONDS


ORDINARY, UPLOAD = Room(), Room(UPLOAD_BYTES, READ_BYTES, UPLOAD_SECONDS)
NO_PLACE = Room(0, READ_BYTES, UPLOAD_SECONDS)


class Body:
    """One body on its way."""

    def __init__(self, peer: str, room: Room) -> None:
        self.peer, self.room = peer, room
        self.began = time.monotonic()
        self.held = self.seen = 0
        self.deadline = asyncio.timeout(None)


class WholeRequests:
    """An RSGI application that calls a WSGI application with whole requests."""

    def __init__(
        self,
        application: Application,
        settings: Settings,
        count: Callable[[str, str], None],
        without_thread: Callable[[Environ], Awaitable[Answer | None]],
        stop: Callable[[], None] = lambda: None,
        is_upload: Callable[[Environ], bool] = lambda _: False,
    ) -> None:
        """`count` is told of each body that was refused here: why, and from which address block.

        `without_thread` answers what keeps no thread waiting, None for all else; then a thread has the application answer.
        `stop` is called once, when no more requests are taken. `is_upload` says, in a thread, whether a request that
        announces a large body may send it.
        """
        self.application, self.count, self.without_thread, self.stop = application, count, without_thread, stop
        self.is_upload, self.uploads = is_upload, Counter[str]()
        self.proxies = trusted_networks(settings)
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self.bodies: dict[Body, None] = {}
        """In the order in which they began; so are those of each peer."""
        self.of_peers: dict[str, dict[Body, None]] = {}
        self.held = 0
        self.is_watched = False

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say when this process answers; what is asked before is refused by the system."""
        loop.call_soon(log.info, "answering")

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Called by granian when the process ends."""
        self.stop()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        headers = list(scope.headers.items())
        environ = _environ(scope, headers)
        if not _is_large(environ) or not await self._may_upload(environ):
            await self._respond(scope, protocol, environ, ORDINARY)
            return
        peer = self._peer(environ)
        if self.uploads.total() >= UPLOADS_OF_ALL or (peer and self.uploads[peer] >= UPLOADS_OF_ONE):
            environ[BUSY] = True
            await self._respond(scope, protocol, environ, NO_PLACE)
            return
        self.uploads[peer] += 1
        try:
            await self._respond(scope, protocol, environ, UPLOAD)
        finally:
            self.uploads -= Counter([peer])

    async def _may_upload(self, environ: Environ) -> bool:
        """Whether it is a file for a report that takes one; of what cannot be said now, it is not."""
        with contextlib.suppress(Exception):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.threads, self.is_upload, environ)
        return False

    async def _respond(self, scope: Any, protocol: Any, environ: Environ, room: Room) -> None:
        declared = environ.get("CONTENT_LENGTH", "")
        body = b""
        if room is ORDINARY and _is_large(environ):
            environ[TOO_LARGE] = True
        elif (declared or "HTTP_TRANSFER_ENCODING" in environ or scope.http_version not in ("1", "1.0", "1.1")) and (
            declared != "0"
        ):
            try:
                body = await self._read(protocol, self._peer(environ), room)
            except TimeoutError:
                if room is ORDINARY:
                    self._refuse_slow(environ, protocol)
                    return
                environ[BUSY] = environ[TOO_LARGE] = True  # who adds a file is told so on a page
            except OverflowError:
                environ[TOO_LARGE] = True
            except Exception:  # the peer has gone, or what it sends are no chunks
                protocol.response_empty(400, [("Connection", "close")] if scope.http_version.startswith("1") else [])
                return
        environ["wsgi.input"] = io.BytesIO(body)
        # Whole, it has a length, and is judged by that like any other: what comes in chunks is taken to have none.
        is_chunked = environ.pop("HTTP_TRANSFER_ENCODING", None) is not None
        if TOO_LARGE not in environ and (is_chunked or declared or body):
            environ["CONTENT_LENGTH"] = str(len(body))
        answer = await self.without_thread(environ)
        if answer is None:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self.threads, self._call, environ)
        status, response_headers, content = answer
        if TOO_LARGE in environ and scope.http_version.startswith("1"):
            response_headers = [*response_headers, ("Connection", "close")]
        protocol.response_bytes(status, response_headers, content)

    def _refuse_slow(self, environ: Environ, protocol: Any) -> None:
        """Say so without a thread, or a crowd of slow ones would take them all after all; it is counted like other refusals."""
        if is_report(environ["REQUEST_METHOD"], environ["PATH_INFO"]):
            self.count(SLOW.code, address_block(self._peer(environ)))
        protocol.response_bytes(int(SLOW.status), SLOW_HEADERS, SLOW_BODY)

    def _peer(self, environ: Environ) -> str:
        """Whose body it is; nobody's, where a proxy of ours does not say."""
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        address = origin_of_request(environ["REMOTE_ADDR"], forwarded, self.proxies)
        return "" if is_within(address, self.proxies) else address

    def _call(self, environ: Environ) -> Answer:
        """Let the application answer. Raises what it raises."""
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            started[:] = int(status.partition(" ")[0]), headers

        answer = self.application(environ, start)
        try:
            content = b"".join(answer)
        finally:
            if (close := getattr(answer, "close", None)) is not None:
                close()
        return started[0], started[1], content

    async def _read(self, protocol: Any, peer: str, room: Room = ORDINARY) -> bytes:
        """The whole body. Raises TimeoutError when it was too slow or one too many, OverflowError when it is too large."""
        body = Body(peer, room)
        self._begin(body)
        try:
            async with body.deadline:
                return await self._chunks(protocol, body)
        finally:
            self._end(body)

    async def _chunks(self, protocol: Any, body: Body) -> bytes:
        parts: list[bytes] = []
        async for chunk in protocol:
            if body not in self.bodies:
                raise TimeoutError  # cut off meanwhile: this chunk had come already
            body.seen += len(chunk)
            if body.seen > body.room.read:
                raise OverflowError
            if body.seen > body.room.most:
                self.held -= body.held
                body.held = 0
                parts.clear()
                continue
            body.held += len(chunk)
            self.held += len(chunk)
            if self.held > ALL_BYTES:
                self._cut_off(next(iter(self.bodies)))
            parts.append(bytes(chunk))
        if body.seen > body.room.most:
            raise OverflowError
        return b"".join(parts)

    def _begin(self, body: Body) -> None:
        """Count it; where that makes too many, the oldest of the same peer, or of all, is waited for no longer."""
        of_peer = self.of_peers.setdefault(body.peer, {})
        for many, most in ((of_peer, BODIES_OF_ONE if body.peer else BODIES_OF_ALL), (self.bodies, BODIES_OF_ALL)):
            while len(many) >= most and (oldest := next(iter(many))).began < body.began - SAFE_SECONDS:
                self._cut_off(oldest)
        self.bodies[body] = self.of_peers.setdefault(body.peer, {})[body] = None
        if not self.is_watched:
            self._watch()

    def _watch(self) -> None:
        """Cut off what has been coming for too long, and look again soon: one clock for all, as most come at once."""
        moment = time.monotonic()
        for body in [body for body in self.bodies if body.began + body.room.seconds < moment]:
            self._cut_off(body)
        self.is_watched = bool(self.bodies)
        if self.is_watched:
            asyncio.get_running_loop().call_later(WATCH_SECONDS, self._watch)

    def _cut_off(self, body: Body) -> None:
        """Wait for it no longer."""
        if not body.deadline.expired():
            body.deadline.reschedule(0)
        self._end(body)

    def _end(self, body: Body) -> None:
        """Count it no longer; doing it again is fine."""
        if body not in self.bodies:
            return
        del self.bodies[body], self.of_peers[body.peer][body]
        if not self.of_peers[body.peer]:
            del self.of_peers[body.peer]
        self.held -= body.held
        body.held = 0


def _is_large(environ: Environ) -> bool:
    """Whether a request announces more than most addresses take."""
    declared = environ.get("CONTENT_LENGTH", "")
    return declared.isdigit() and (len(declared) > len(str(READ_BYTES)) or int(declared) > BODY_BYTES)


def _environ(scope: Any, headers: Iterable[tuple[str, str]]) -> Environ:
    """What WSGI calls a request (PEP 3333).

    A header whose name holds an underscore is left out: it would pass for the one with a hyphen, which proxies set.
    """
    address, _, _ = scope.client.rpartition(":")
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": address.strip("[]"),
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers:
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]}{';' if name == 'cookie' else ','}{value}" if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ
