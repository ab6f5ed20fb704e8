"""Reports stored a second with a million reports in the database, against an empty one."""

from __future__ import annotations

from itertools import count

from benchmarks.databases import seeded
from benchmarks.intake import REPORTS, stored
from benchmarks.load import Outcome, bodies, in_turn, post
from benchmarks.servers import service, serving


def run(rounds: int = 5, each: int = 3000, reports: int = 1_000_000) -> dict[str, object]:
    """The full one and the empty one in turn, 16 connections, the same reports."""
    full_port, full_key, directory, environment, seconds = seeded(reports)
    database = f"sqlite:///{directory}/corrections.sqlite"
    before, outcome, parts = stored(database), Outcome(), [count(), count()]

    def measure(port: int, key: str, part: int) -> float:
        return outcome.add(post(port, REPORTS, bodies(key, each, part * each))).rate

    with serving(full_port, environment), service() as (port, key, _):
        for warm_port, warm_key in ((full_port, full_key), (port, key)):
            post(warm_port, REPORTS, bodies(warm_key, 100))
        figures: dict[str, object] = dict(
            in_turn(
                lambda: measure(full_port, full_key, next(parts[0])), lambda: measure(port, key, next(parts[1])), rounds
            )
        )
    return {**figures, "refused": outcome.refused, "reports_before": before, "seeding_s": seconds}
