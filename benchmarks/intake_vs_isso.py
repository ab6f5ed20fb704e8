"""Reports stored a second against comments stored by Isso, the peer, under gunicorn as its documentation runs it.

Both are asked by 16 clients at once. Ours are reports on 500 articles, three in ten of a new error, over connections
that are kept; Isso's are comments on one article, without its guard, over a new connection each: gunicorn keeps none
there, and is still the fastest of the three servers that its documentation names for Python.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.load import ORIGIN, Outcome, answer_status, bodies, free_port, in_turn, post, process, service, show

NAME = "intake-vs-isso"


def run(rounds: int = 5, each: int = 2000, at_isso: int = 300) -> dict[str, object]:
    """POST at Isso and at ours in turn, 16 connections."""
    with service() as (port, key, _), isso() as isso_port:
        ours, theirs = Outcome(), Outcome()
        parts = count()

        def measure_ours() -> float:
            outcome = post(port, "/api/v1/reports", bodies(key, each, next(parts) * each))
            return add(ours, outcome)

        def measure_isso() -> float:
            return add(theirs, asyncio.run(comment(isso_port, at_isso)))

        asyncio.run(comment(isso_port, 1))  # it answers 500 when two ask at once for a thread that there is not yet
        figures: dict[str, object] = dict(in_turn(measure_ours, measure_isso, rounds))
    assert set(ours.statuses) == set(theirs.statuses) == {201}
    p99, isso_p99 = ours.percentile(0.99), theirs.percentile(0.99)
    return {**figures, "p99_ms": p99, "isso_p99_ms": isso_p99, "p99_ratio": p99 / isso_p99}


def add(everything: Outcome, outcome: Outcome) -> float:
    """Keep what one round saw; its rate."""
    everything.taken += outcome.taken
    everything.statuses |= outcome.statuses
    return outcome.rate


async def comment(port: int, many: int, clients: int = 16) -> Outcome:
    """Post comments to Isso, each over a connection of its own."""
    outcome = Outcome()
    words = {"text": "The bridge was opened in 1987, not in 1978.", "author": "Ann", "title": "The bridge"}
    body = json.dumps(words).encode()
    head = f"POST /new?uri=%2Farticles%2F1%2F HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\n"
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    left = iter(range(many))

    async def work() -> None:
        for _ in left:
            began = time.perf_counter()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head.encode() + kind.encode() + body)
            status = await answer_status(reader)
            outcome.taken.append(time.perf_counter() - began)
            outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
            writer.close()
            await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(clients)))
    outcome.seconds = time.perf_counter() - began
    return outcome


@contextlib.contextmanager
def isso() -> Iterator[int]:
    """Isso in an environment of its own, made for this run."""
    with tempfile.TemporaryDirectory() as name:
        directory, port = Path(name), free_port()
        python = install(directory / "venv", "gunicorn")
        settings = directory / "isso.cfg"
        settings.write_text(f"[general]\ndbpath = {directory}/comments.db\nhost = {ORIGIN}\n[guard]\nenabled = false\n")
        serve = [str(python.parent / "gunicorn"), "-b", f"127.0.0.1:{port}", "-w", "4", "--preload", "isso.run"]
        with process(serve, port, {"ISSO_SETTINGS": str(settings)}):
            yield port


def install(place: Path, *more: str) -> Path:
    """Install Isso, and what is to run it, from the package index; its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    python = place / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", "isso", "setuptools<81", *more], check=True)
    return python


def main() -> None:
    """Print the figures."""
    show(NAME, run())


if __name__ == "__main__":
    main()
