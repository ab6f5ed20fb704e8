"""What the benchmarks share: a load of reports, rounds in turn, and how they are printed."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import statistics
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from benchmarks.goals import GOALS
from corrections_service.demo.seed import WORDS

ORIGIN = "https://news.example"
ARTICLES, QUOTES, NEW_SHARE = 500, 20, 0.3
FORM = "application/x-www-form-urlencoded"
NO_ANSWER = 0
"""Stands for the status of a request that the server hung up on."""


@dataclass
class Outcome:
    """What a load saw: answers by status and how long each took, in seconds."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def note(self, status: int, began: float) -> None:
        """Count one answer."""
        self.taken.append(time.perf_counter() - began)
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def add(self, other: Outcome) -> Outcome:
        """Count what another one saw too; that other one."""
        self.taken += other.taken
        for status, number in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + number
        return other

    @property
    def good(self) -> int:
        """How many answers said that it was done."""
        return sum(number for status, number in self.statuses.items() if 200 <= status < 300)

    @property
    def refused(self) -> int:
        """How many answers said anything else, or did not come."""
        return sum(self.statuses.values()) - self.good

    @property
    def rate(self) -> float:
        """Successful answers a second."""
        return self.good / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time within which this share was answered, in milliseconds."""
        ordered = sorted(self.taken)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else 0.0


def report(key: str, number: int, *, known: bool = False, origin: str = ORIGIN) -> dict[str, str]:
    """One report; three in ten are of a new error, the others (`known`: all) of one of 500 x 20 quotes."""
    article, quote = number % ARTICLES, (number // ARTICLES) % QUOTES
    new = not known and (number * 2654435761) % 1000 < NEW_SHARE * 1000
    first = (article * 37 + quote * 101 + (number * 7 if new else 0)) % len(WORDS)
    words = [WORDS[(first + step * 13) % len(WORDS)] for step in range(24)]
    mark = secrets.token_hex(4) if new else f"{article}x{quote}"
    return {
        "site": key,
        "url": f"{origin}/articles/{article}",
        "id": str(uuid.uuid4()),
        "exact": f"{' '.join(words[8:12])} {mark}",
        "prefix": " ".join(words[:8]) + " ",
        "suffix": " " + " ".join(words[12:]),
        "suggestion": f"{' '.join(words[8:11])} {words[20]} {mark}",
    }


def stream(key: str, start: int = 0, *, asking: int = 0, origin: str = ORIGIN) -> Iterator[bytes]:
    """Form-encoded reports without end; with `asking`, every so manieth reader left an address and wants an answer."""
    for number in itertools.count(start):
        fields = report(key, number, origin=origin)
        if asking and number % asking == 0:
            fields["email"] = f"reader{number}@readers.example"
        yield urllib.parse.urlencode(fields).encode()


def bodies(key: str, count: int, start: int = 0) -> list[bytes]:
    """Form-encoded reports, made before the clock starts."""
    return list(itertools.islice(stream(key, start), count))


def known_bodies(key: str, count: int = ARTICLES * QUOTES) -> list[bytes]:
    """A report of each of the first of the 500 x 20 quotes, so that later ones find their cases."""
    return [urllib.parse.urlencode(report(key, number, known=True)).encode() for number in range(count)]


def posts(
    port: int, path: str, payloads: Iterable[bytes], *, origin: str = ORIGIN, kind: str = FORM, more: str = ""
) -> Iterator[bytes]:
    """The requests that post these bodies; `more` is further lines of the head."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\nContent-Type: {kind}\r\n{more}"
    for payload in payloads:
        yield head.encode() + b"Content-Length: %d\r\n\r\n" % len(payload) + payload


def gets(port: int, path: str, cookie: str, count: int) -> list[bytes]:
    """The requests that ask for a page so many times."""
    return [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()] * count


def post(port: int, path: str, payloads: Iterable[bytes], *, connections: int = 16) -> Outcome:
    """Post all payloads over keep-alive connections as fast as they are answered."""
    return asyncio.run(exchange(port, posts(port, path, payloads), connections))


async def exchange(port: int, requests: Iterable[bytes], connections: int = 16, *, keep: bool = True) -> Outcome:
    """Send all requests over so many connections as fast as they are answered; without `keep`, each over a new one."""
    outcome, waiting = Outcome(), iter(requests)

    async def work() -> None:
        writer: asyncio.StreamWriter | None = None
        for request in waiting:
            began = time.perf_counter()
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            status, _ = await answer(reader)
            outcome.note(status, began)
            if not keep:
                await close(writer)
                writer = None
        if writer is not None:
            await close(writer)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    outcome.seconds = time.perf_counter() - began
    return outcome


async def pace(port: int, requests: Iterable[bytes], rate: float) -> Outcome:
    """Send so many requests a second, each over a connection of its own, however long the answers take."""
    outcome = Outcome()
    sent: set[asyncio.Task[None]] = set()

    async def send(request: bytes) -> None:
        began, status = time.perf_counter(), NO_ANSWER
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            status, _ = await answer(reader)
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            pass
        outcome.note(status, began)

    began = time.perf_counter()
    for number, request in enumerate(requests):
        await asyncio.sleep(max(began + number / rate - time.perf_counter(), 0))
        sending = asyncio.create_task(send(request))
        sent.add(sending)
        sending.add_done_callback(sent.discard)
    await asyncio.gather(*sent)
    outcome.seconds = time.perf_counter() - began
    return outcome


async def close(writer: asyncio.StreamWriter) -> None:
    """Close a connection."""
    writer.close()
    await writer.wait_closed()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one HTTP answer to its end; its status and its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, body = int(head[9:12]), b""
    lines = head.lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
    if length is not None:
        return status, await reader.readexactly(length)
    while (size := int((await reader.readline()).strip(), 16)) > 0:
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return status, body


def in_turn(ours: Callable[[], float], yardstick: Callable[[], float], rounds: int) -> dict[str, float]:
    """Measure A B A B …; both medians, the median of the ratios and their spread."""
    pairs = [(ours(), yardstick()) for _ in range(rounds)]
    ratios = [a / b for a, b in pairs if b]
    return {
        "ours": statistics.median(a for a, _ in pairs),
        "yardstick": statistics.median(b for _, b in pairs),
        "ratio": statistics.median(ratios),
        "lowest": min(ratios),
        "highest": max(ratios),
    }


def show(name: str, figures: dict[str, object]) -> None:
    """Print the figures as a table, with what they are to be, and as one JSON line."""
    print(f"\n{name}")
    goals = GOALS.get(name, {})
    for key, value in figures.items():
        goal = f"   ({goals[key].words})" if key in goals else ""
        print(f"  {key:<28} {f'{value:,.3f}' if isinstance(value, float) else value}{goal}")
    print(json.dumps({"benchmark": name, **figures}), flush=True)
