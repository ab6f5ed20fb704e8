"""Reports stored a second on SQLite, against the smallest route that stores nothing."""

from __future__ import annotations

from benchmarks.intake import EVERY_QUOTE, compare
from benchmarks.servers import bare, service


def run(rounds: int = 5, each: int = 3000, known: int = EVERY_QUOTE) -> dict[str, object]:
    """Ours and hello in turn, 16 connections."""
    with service() as (port, key, directory), bare() as yardstick:
        database = f"sqlite:///{directory}/corrections.sqlite"
        return compare((port, key), database, yardstick, path="/hello", rounds=rounds, each=each, known=known)
