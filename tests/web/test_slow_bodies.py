"""Bodies that come slowly hold no thread: they stop no other report, and none is waited for without end (J05, J06)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import pytest

from corrections_service.settings import Settings
from corrections_service.whole_requests import BODIES_OF_ONE, WholeRequests
from tests.running import ORIGIN, Service, running_service

PATIENCE = 60
MANY = 1200


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service as it is served, on SQLite, with nobody before it."""
    with running_service(tmp_path_factory.mktemp("slow")) as started:
        started.init()
        started.start()
        yield started


def begin(service: Service, address: str = "127.0.0.1") -> socket.socket:
    """A report from this address of which the head and one byte have come."""
    connection = socket.create_connection(("127.0.0.1", service.port), PATIENCE, (address, 0))
    head = f"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nOrigin: {ORIGIN}\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"
    connection.sendall((head + kind + "s").encode())
    return connection


@contextlib.contextmanager
def slow(service: Service, addresses: list[str]) -> Iterator[list[socket.socket]]:
    """Reports on their way, one from each of these addresses."""
    opened = [begin(service, address) for address in addresses]
    try:
        yield opened
    finally:
        for one in opened:
            one.close()


def test_slow_bodies_from_one_peer_stop_no_other_report_of_that_peer(service: Service) -> None:
    """More than there are threads: the oldest are cut off, and whoever sends a whole report is heard."""
    with slow(service, ["127.0.0.1"] * MANY) as opened:
        for _ in range(5):
            assert service.post()[0] == 201
        assert opened[0].recv(100).startswith(b"HTTP/1.1 408 ")


def test_slow_bodies_from_many_peers_stop_no_other_report(service: Service) -> None:
    with slow(service, [f"127.0.{one // 250 + 1}.{one % 250 + 1}" for one in range(MANY)]):
        for _ in range(5):
            assert service.post()[0] == 201


def test_a_body_is_not_waited_for_for_ever_and_the_refusal_is_one_that_programs_read(service: Service) -> None:
    """A byte now and then does not lengthen the time: the deadline is for the whole body."""
    with slow(service, ["127.0.9.1"]) as (connection,):
        connection.settimeout(2)
        answer = b""
        for _ in range(PATIENCE):
            connection.sendall(b"a")
            with contextlib.suppress(TimeoutError):
                answer = connection.recv(4096)
                break
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"application/problem+json" in answer
        assert b"urn:corrections:too-slow" in answer
        assert b"retry-after:" in answer.lower()


def test_whole_bodies_that_come_in_pieces_are_taken_while_others_are_slow(service: Service) -> None:
    import urllib.parse

    with slow(service, ["127.0.0.1"] * (BODIES_OF_ONE - 1)):
        body = urllib.parse.urlencode(service.report()).encode()
        connection = socket.create_connection(("127.0.0.1", service.port), PATIENCE)
        head = f"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nOrigin: {ORIGIN}\r\n"
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall((head + kind).encode())
        for at in range(0, len(body), 20):
            connection.sendall(body[at : at + 20])
        assert connection.recv(100).startswith(b"HTTP/1.1 201 ")
        connection.close()


class Pieces:
    """A body whose pieces come when the test says so."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[bytes] = asyncio.Queue()
        self.asked = asyncio.Event()

    def __aiter__(self) -> Pieces:
        return self

    async def __anext__(self) -> bytes:
        self.asked.set()
        return await self.coming.get()


def test_a_body_that_is_cut_off_counts_no_more_whatever_comes_of_it_still(database_settings: Settings) -> None:
    """Kind: what is counted is given back once; else what slow ones left would in the end cut off everybody."""

    async def by_thread(_environ: object) -> None:
        """Nothing is answered without one."""

    requests = WholeRequests(lambda _environ, _start: [], database_settings, lambda _reason, _block: None, by_thread)

    async def scene() -> None:
        body = Pieces()
        reading = asyncio.ensure_future(requests._read(body, "192.0.2.1"))
        await body.asked.wait()
        body.coming.put_nowait(b"x" * 1000)
        requests._cut_off(next(iter(requests.bodies)))
        body.coming.put_nowait(b"x" * 1000)
        with pytest.raises(TimeoutError):
            await reading

    asyncio.run(scene())
    assert (requests.held, requests.bodies, requests.of_peers) == (0, {}, {})
