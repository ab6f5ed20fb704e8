"""Reports stored a second on SQLite, against the smallest route that does one durable insert."""

from __future__ import annotations

from benchmarks.intake import EVERY_QUOTE, compare
from benchmarks.servers import bare, service


def run(rounds: int = 5, each: int = 3000, known: int = EVERY_QUOTE) -> dict[str, object]:
    """Ours and bare in turn, 16 connections; stored must equal acknowledged."""
    with service() as (port, key, directory), bare() as yardstick:
        database = f"sqlite:///{directory}/corrections.sqlite"
        return compare((port, key), database, yardstick, rounds=rounds, each=each, known=known)
