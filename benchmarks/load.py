"""What the benchmarks share: a server in its own process, a load of reports, rounds in turn, and how they are printed."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corrections_service.demo.seed import WORDS

ORIGIN = "https://news.example"
ARTICLES, QUOTES, NEW_SHARE = 500, 20, 0.3


@dataclass
class Outcome:
    """What a load saw: answers by status and how long each took, in seconds."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Successful answers a second."""
        good = sum(count for status, count in self.statuses.items() if 200 <= status < 300)
        return good / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time within which this share was answered, in milliseconds."""
        ordered = sorted(self.taken)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else 0.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def process(
    command: Sequence[str], port: int, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, from when it answers until the end of the block."""
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=said, stderr=said)
        try:
            deadline = time.monotonic() + 60
            while True:
                if running.poll() is not None or time.monotonic() > deadline:
                    said.seek(0)
                    raise RuntimeError(f"{command[0]} did not start: {said.read()[-500:].decode(errors='replace')}")
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                    break
                time.sleep(0.02)
            yield running
        finally:
            running.terminate()
            try:
                running.wait(30)
            except subprocess.TimeoutExpired:
                running.kill()


@contextlib.contextmanager
def service(**settings: str) -> Iterator[tuple[int, str, Path]]:
    """The service as a newsroom runs it, on an empty SQLite database: port, site key, data directory."""
    with installation(**settings) as (port, key, directory, environment):
        command = [sys.executable, "-m", "corrections_service", "serve", "--port", str(port)]
        with process(command, port, environment):
            wait_until_ready(port)
            yield port, key, directory


@contextlib.contextmanager
def installation(**settings: str) -> Iterator[tuple[int, str, Path, dict[str, str]]]:
    """What `init` makes, not serving yet: port, site key, data directory, environment."""
    with tempfile.TemporaryDirectory() as directory:
        port = free_port()
        environment = {
            "CORRECTIONS_DATA_DIR": directory,
            "CORRECTIONS_BASE_URL": f"http://127.0.0.1:{port}",
            "CORRECTIONS_LIMIT_REPORTS": "off",
            "CORRECTIONS_MAIL_SERVER": "127.0.0.1",
            "CORRECTIONS_MAIL_PORT": "9",
            "CORRECTIONS_MAIL_TLS": "none",
            "CORRECTIONS_FETCH_ALLOW": '["127.0.0.0/8"]',
            **{f"CORRECTIONS_{name.upper()}": value for name, value in settings.items()},
        }
        console = [sys.executable, "-m", "corrections_service"]
        answers = ["--admin", "a@news.example", "--site", "News", "--origin", ORIGIN, "--desk", "desk@news.example"]
        made = subprocess.run(
            [*console, "init", "--yes", *answers],
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
            text=True,
        )
        key = made.stdout.split("site-key: ")[1].split()[0]
        yield port, key, Path(directory), environment


def wait_until_ready(port: int) -> None:
    """Wait until the service says that it is ready."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.05)
    raise RuntimeError("the service did not get ready")


def report(key: str, number: int, *, known: bool = False) -> dict[str, str]:
    """One report; three in ten are of a new error, the others (`known`: all) of one of 500 x 20 quotes."""
    article, quote = number % ARTICLES, (number // ARTICLES) % QUOTES
    new = not known and (number * 2654435761) % 1000 < NEW_SHARE * 1000
    first = (article * 37 + quote * 101 + (number * 7 if new else 0)) % len(WORDS)
    words = [WORDS[(first + step * 13) % len(WORDS)] for step in range(24)]
    mark = secrets.token_hex(4) if new else f"{article}x{quote}"
    return {
        "site": key,
        "url": f"{ORIGIN}/articles/{article}",
        "id": str(uuid.uuid4()),
        "exact": f"{' '.join(words[8:12])} {mark}",
        "prefix": " ".join(words[:8]) + " ",
        "suffix": " " + " ".join(words[12:]),
        "suggestion": f"{' '.join(words[8:11])} {words[20]} {mark}",
    }


def bodies(key: str, count: int, start: int = 0) -> list[bytes]:
    """Form-encoded reports, made before the clock starts."""
    return [urllib.parse.urlencode(report(key, start + number)).encode() for number in range(count)]


def known_bodies(key: str) -> list[bytes]:
    """A report of each of the 500 x 20 quotes, so that later ones find their cases."""
    return [urllib.parse.urlencode(report(key, number, known=True)).encode() for number in range(ARTICLES * QUOTES)]


def post(
    port: int,
    path: str,
    payloads: Sequence[bytes],
    *,
    connections: int = 16,
    kind: str = "application/x-www-form-urlencoded",
) -> Outcome:
    """Post all payloads over keep-alive connections as fast as they are answered."""
    return asyncio.run(_post(port, path, payloads, connections, kind))


async def _post(port: int, path: str, payloads: Sequence[bytes], connections: int, kind: str) -> Outcome:
    outcome = Outcome()
    waiting = iter(payloads)
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\nContent-Type: {kind}\r\n".encode()

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for payload in waiting:
            began = time.perf_counter()
            writer.write(head + b"Content-Length: %d\r\n\r\n" % len(payload) + payload)
            status = await answer_status(reader)
            outcome.taken.append(time.perf_counter() - began)
            outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    outcome.seconds = time.perf_counter() - began
    return outcome


async def answer_status(reader: asyncio.StreamReader) -> int:
    """Read one HTTP answer to its end; its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lines = head.lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
    if length is not None:
        await reader.readexactly(length)
        return status
    while (size := int((await reader.readline()).strip(), 16)) > 0:
        await reader.readexactly(size + 2)
    await reader.readline()
    return status


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
    """Print the figures as a table and as one JSON line."""
    print(f"\n{name}")
    for key, value in figures.items():
        print(f"  {key:<28} {f'{value:,.3f}' if isinstance(value, float) else value}")
    print(json.dumps({"benchmark": name, **figures}), flush=True)
