"""A slow, endless or broken server, or a slow name, is cut off in time and holds up no other (THREATS G05, G06, G07)."""

from __future__ import annotations

import gzip
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler

import pytest

from corrections_service.errors import Unreachable
from corrections_service.work import fetch, networks
from corrections_service.work.fetch import read_page
from tests.measures import PATIENCE, lasting, wait_for
from tests.work.canaries import LOOPBACK, Canary
from tests.work.servers import name_resolves, read, say_to_one_who_may_hang_up


def test_a_packed_bomb_is_cut_off(canary: Canary) -> None:
    """G07."""
    bomb = gzip.compress(b"a" * 200_000_000)
    canary.answer = lambda handler: Canary.article(handler, bomb, Content_Encoding="gzip")
    with pytest.raises(Unreachable, match="larger"):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)


def test_a_page_that_never_ends_is_cut_off(canary: Canary) -> None:
    """G06."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"a" * 65536)
        except OSError:
            return

    canary.answer = endless
    with pytest.raises(Unreachable, match="larger"):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)


def test_headers_without_end_and_long_marks_are_no_trouble(canary: Canary) -> None:
    """G06: too many headers are refused; a long ETag is cut."""

    def many(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for number in range(500):
            handler.send_header(f"X-{number}", "a")
        handler.end_headers()

    canary.answer = many
    with pytest.raises(Unreachable):
        read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)
    canary.answer = lambda handler: Canary.article(handler, Last_Modified="x" * 9000, ETag="y" * 9000)
    page = read_page(f"{canary.origin}/", origins=[canary.origin], allowed=LOOPBACK)
    assert (len(page.etag), len(page.last_modified)) == (500, 64)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"a" * 4_000_000,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n" + b"a" * 400_000,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\nnot so",
        b"HTTP/1.1 404 No\r\n\r\n" + b"a" * 400_000,
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 500,
    ],
    ids=["endless", "packed", "broken", "missing", "headers"],
)
def test_no_connection_is_left_open_after_a_bad_answer(canary: Canary, said: bytes) -> None:
    """G06: not even as long as somebody keeps the reason."""
    canary.answer = lambda handler: say_to_one_who_may_hang_up(handler, said)
    opened, reasons = len(os.listdir("/dev/fd")), []
    for _ in range(9):
        with pytest.raises(Unreachable) as caught:
            read(canary)
        reasons.append(caught)
    wait_for(lambda: len(os.listdir("/dev/fd")) <= opened, "the end of all connections")


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """The origin of a server that does with one connection what it is told, until the reader hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                serve(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(PATIENCE)
        assert not thread.is_alive()


def until_the_reader_hangs_up(connection: socket.socket, piece: bytes = b"") -> None:
    """Send a piece ten times a second, or only wait."""
    connection.settimeout(0.1)
    while True:
        connection.sendall(piece)
        with suppress(TimeoutError):
            if not connection.recv(4096):
                return


SLOW = {
    "says nothing": (b"", b""),
    "drips its status": (b"", b"H"),
    "drips a header": (b"HTTP/1.1 200 OK\r\nX-", b"a"),
    "drips headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "drips its body": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"),
    "drips chunks": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "drips after the end": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: b\r\n"
    ),
    "says that it goes on": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "stops in its body": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<p>", b""),
}  # fmt: skip


@pytest.mark.parametrize(("first", "piece"), SLOW.values(), ids=SLOW.keys())
def test_a_slow_server_is_cut_off_wherever_it_is_slow(
    monkeypatch: pytest.MonkeyPatch, first: bytes, piece: bytes
) -> None:
    """G06."""
    monkeypatch.setattr(fetch, "TOTAL_SECONDS", 1.0)

    def serve(connection: socket.socket) -> None:
        connection.sendall(first)
        until_the_reader_hangs_up(connection, piece)

    told = pytest.raises(Unreachable, match=r"longer than|in time")
    with server(serve) as origin, lasting(fetch.TOTAL_SECONDS), told:
        read_page(origin, origins=[origin], allowed=LOOPBACK)


def test_a_server_that_never_shakes_hands_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """G06."""
    monkeypatch.setattr(networks, "CONNECT_SECONDS", 0.5)
    with server(until_the_reader_hangs_up) as origin:
        secure = origin.replace("http:", "https:")
        with pytest.raises(Unreachable, match="in time"):
            read_page(secure, origins=[secure], allowed=LOOPBACK)


def test_slow_hosts_do_not_hold_another_up(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """G06: four pages are read at a time."""
    monkeypatch.setattr(fetch, "TOTAL_SECONDS", PATIENCE)
    told: list[str] = []
    let_go = threading.Event()

    def hold(_connection: socket.socket) -> None:
        let_go.wait()

    def try_to_read(origin: str) -> None:
        with pytest.raises(Unreachable) as caught:
            read_page(origin, origins=[origin], allowed=LOOPBACK)
        told.append(caught.value.detail)

    with ExitStack() as stack:
        slow = [stack.enter_context(server(hold)) for _ in range(3)]
        threads = [threading.Thread(target=try_to_read, args=(origin,)) for origin in slow]
        for thread in threads:
            thread.start()
        stack.callback(let_go.set)
        assert read(canary).body
        assert told == []
        let_go.set()
        for thread in threads:
            thread.join()
    assert len(told) == 3


def test_a_slow_name_is_given_up_in_time_and_holds_nobody_up(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """G05: the system's resolver may take half a minute."""
    monkeypatch.setattr(networks, "CONNECT_SECONDS", 0.5)
    answered = threading.Event()

    def ask() -> list[str]:
        answered.wait()
        return ["127.0.0.1"]

    name_resolves(monkeypatch, ask)
    slow = f"http://news.invalid:{canary.port}"
    try:
        with pytest.raises(Unreachable, match="could not be looked up in time"):
            read_page(slow, origins=[slow], allowed=LOOPBACK)
        assert read(canary).body
    finally:
        answered.set()
    assert canary.hits == ["/"]
