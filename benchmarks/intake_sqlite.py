"""Reports stored a second on SQLite, against the smallest route that does one durable insert."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.load import (
    ARTICLES,
    QUOTES,
    Outcome,
    bodies,
    free_port,
    in_turn,
    known_bodies,
    post,
    process,
    service,
    show,
)

NAME = "intake-sqlite"


def run(rounds: int = 5, each: int = 3000, known: int = ARTICLES * QUOTES) -> dict[str, object]:
    """Ours and bare in turn, 16 connections; stored must equal acknowledged."""
    with service() as (port, key, directory), bare() as bare_port:
        ours: list[Outcome] = []
        parts = count()

        def measure_ours() -> float:
            outcome = post(port, "/api/v1/reports", bodies(key, each, next(parts) * each))
            ours.append(outcome)
            return outcome.rate

        def measure_bare() -> float:
            return post(bare_port, "/bare", bodies(key, each)).rate

        before = post(port, "/api/v1/reports", known_bodies(key)[:known]).statuses.get(201, 0)
        warm = post(bare_port, "/bare", bodies(key, 200))
        figures: dict[str, object] = dict(in_turn(measure_ours, measure_bare, rounds))
        with contextlib.closing(sqlite3.connect(directory / "corrections.sqlite")) as connection:
            stored = connection.execute("SELECT count(*) FROM report").fetchone()[0]
    everything = Outcome(taken=[one for outcome in ours for one in outcome.taken])
    acknowledged = sum(outcome.statuses.get(201, 0) for outcome in ours) + before
    others = {status: n for outcome in ours for status, n in outcome.statuses.items() if status != 201}
    assert warm.statuses == {201: 200}
    latency = {f"p{share}_ms": everything.percentile(share / 100) for share in (50, 99)}
    return {
        **figures,
        **latency,
        "max_ms": max(everything.taken) * 1000,
        "stored": stored,
        "acknowledged": acknowledged,
        "refused": sum(others.values()),
    }


@contextlib.contextmanager
def bare() -> Iterator[int]:
    """The yardstick's server on a database of its own."""
    with tempfile.TemporaryDirectory() as directory:
        port = free_port()
        place = {"BARE_DATABASE": f"sqlite:///{Path(directory) / 'bare.sqlite'}"}
        with process([sys.executable, "-m", "benchmarks.bare", str(port)], port, place):
            yield port


def main() -> None:
    """Print the figures."""
    show(NAME, run())


if __name__ == "__main__":
    main()
