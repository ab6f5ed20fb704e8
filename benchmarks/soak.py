"""An hour of reports: whether any is lost, and whether memory, open files and the database grow as they should.

50 reports a second, three in ten of a new error, every fifth reader asks for an answer; each reply of the mail server
takes 50 ms; the articles are read again as in a newsroom, one a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import itertools
import statistics
import threading
from collections.abc import Iterator
from pathlib import Path

from benchmarks.intake import REPORTS, stored
from benchmarks.load import Outcome, pace, posts, stream
from benchmarks.memory import descriptors, resident
from benchmarks.servers import MAIL, answering, mail_server, service
from corrections_service.demo.seed import WORDS

RATE, ASKING, DELAY_MS = 50, 5, 50
PAGE = f"<!doctype html><html lang=en><title>A</title><article><p>{' '.join(WORDS)}</article>".encode()


def run(seconds: float = 3600, settled: float = 600, sample: float = 10) -> dict[str, object]:
    """So many seconds; what grows is measured from `settled` seconds on, by the medians of the first and last samples."""
    with contextlib.ExitStack() as stack:
        origin, mail_port = stack.enter_context(newspaper()), stack.enter_context(mail_server(DELAY_MS))
        settings = {**MAIL, "mail_port": str(mail_port), "fetch_pace_seconds": "1", "recheck_minutes": "1"}
        port, key, directory = stack.enter_context(service(origin=origin, **settings))
        before = _bytes(directory)
        outcome, samples = asyncio.run(_work(port, key, origin, answering(directory), seconds, sample))
        kept = stored(f"sqlite:///{directory}/corrections.sqlite")
        grown = _bytes(directory) - before
    memory, files = zip(*samples[int(settled / sample) :], strict=True)
    tenth = max(len(memory) // 10, 1)
    growth = {
        name: (statistics.median(values[-tenth:]) / statistics.median(values[:tenth]) - 1)
        for name, values in (("memory", memory), ("descriptors", files))
    }
    return {
        "lost": max(outcome.good - kept, 0),
        "stored": kept,
        "acknowledged": outcome.good,
        "refused": outcome.refused,
        "memory_growth": growth["memory"],
        "descriptors_growth": growth["descriptors"],
        "memory_mib": statistics.median(memory[-tenth:]),
        "descriptors": statistics.median(files[-tenth:]),
        "bytes_a_report": grown / max(kept, 1),
        "p50_ms": outcome.percentile(0.5),
        "p99_ms": outcome.percentile(0.99),
        "minutes": seconds / 60,
    }


async def _work(
    port: int, key: str, origin: str, process: int, seconds: float, sample: float
) -> tuple[Outcome, list[tuple[float, int]]]:
    """The load, and what the process has meanwhile: MiB of memory and open files."""
    samples: list[tuple[float, int]] = []

    async def watch() -> None:
        while True:
            await asyncio.sleep(sample)
            samples.append((resident(process), descriptors(process)))

    payloads = itertools.islice(stream(key, asking=ASKING, origin=origin), int(seconds * RATE))
    watching = asyncio.create_task(watch())
    requests = posts(port, REPORTS, payloads, origin=origin, more="Connection: close\r\n")
    outcome = await pace(port, requests, RATE)
    watching.cancel()
    return outcome, samples


@contextlib.contextmanager
def newspaper() -> Iterator[str]:
    """A web server with articles, all alike: its origin."""

    class Articles(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Articles) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _bytes(directory: Path) -> int:
    return sum(file.stat().st_size for file in directory.glob("corrections.sqlite*"))
