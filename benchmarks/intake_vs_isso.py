"""Reports stored a second against comments stored by Isso, the peer, under gunicorn as its documentation runs it.

Both are asked by 16 clients at once. Ours are reports on 500 articles, three in ten of a new error, over connections
that are kept; Isso's are comments on one article, without its guard, over a new connection each: gunicorn keeps none
there, and is still the fastest of the three servers that its documentation names for Python. It has two workers.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.install import environment
from benchmarks.intake import REPORTS
from benchmarks.load import ORIGIN, Outcome, bodies, exchange, in_turn, post, posts
from benchmarks.servers import free_port, process, service


def run(rounds: int = 5, each: int = 2000, at_isso: int = 300) -> dict[str, object]:
    """POST at Isso and at ours in turn, 16 connections."""
    with service() as (port, key, _), isso() as isso_port:
        ours, theirs = Outcome(), Outcome()
        parts = count()

        def measure_ours() -> float:
            return ours.add(post(port, REPORTS, bodies(key, each, next(parts) * each))).rate

        def measure_isso() -> float:
            return theirs.add(comment(isso_port, at_isso)).rate

        comment(isso_port, 1)  # it answers 500 when two ask at once for a thread that there is not yet
        figures: dict[str, object] = dict(in_turn(measure_ours, measure_isso, rounds))
    assert set(ours.statuses) == set(theirs.statuses) == {201}
    p99, isso_p99 = ours.percentile(0.99), theirs.percentile(0.99)
    return {**figures, "p99_ms": p99, "isso_p99_ms": isso_p99, "p99_ratio": p99 / isso_p99}


def comment(port: int, many: int) -> Outcome:
    """Post comments to Isso, each over a connection of its own."""
    words = {"text": "The bridge was opened in 1987, not in 1978.", "author": "Ann", "title": "The bridge"}
    requests = posts(port, "/new?uri=%2Farticles%2F1%2F", [json.dumps(words).encode()] * many, kind="application/json")
    return asyncio.run(exchange(port, requests, keep=False))


@contextlib.contextmanager
def isso() -> Iterator[int]:
    """Isso in an environment of its own, made for this run."""
    with tempfile.TemporaryDirectory() as name:
        directory, port = Path(name), free_port()
        python = install(directory / "venv", "gunicorn")
        settings = directory / "isso.cfg"
        settings.write_text(f"[general]\ndbpath = {directory}/comments.db\nhost = {ORIGIN}\n[guard]\nenabled = false\n")
        serve = [str(python.parent / "gunicorn"), "-b", f"127.0.0.1:{port}", "-w", "2", "--preload", "isso.run"]
        with process(serve, port, {"ISSO_SETTINGS": str(settings)}):
            yield port


def install(place: Path, *more: str) -> Path:
    """Install Isso, and what is to run it, from the package index; its Python."""
    python = environment(place)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "isso", "setuptools<81", *more], check=True)
    return python
