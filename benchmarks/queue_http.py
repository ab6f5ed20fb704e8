"""The whole queue page over HTTP, with its counts, against the same template filled with constants."""

from __future__ import annotations

import asyncio
import sys

from benchmarks.databases import seeded
from benchmarks.load import Outcome, exchange, gets, in_turn
from benchmarks.people import sign_in
from benchmarks.servers import free_port, process, serving

PATH = "/queue"


def run(rounds: int = 5, each: int = 300, reports: int = 1_000_000, connections: int = 4) -> dict[str, object]:
    """Ours and the constants in turn, as signed-in people over four connections."""
    port, _, directory, environment, _ = seeded(reports)
    ours, theirs = Outcome(), Outcome()
    with serving(port, environment):
        cookie = sign_in(port, directory)
        constants = free_port()
        command = [sys.executable, "-m", "benchmarks.constants", str(constants)]
        with process(command, constants, {**environment, "PAGE": PATH, "COOKIE": cookie}):

            def measure(where: int, seen: Outcome) -> float:
                return seen.add(asyncio.run(exchange(where, gets(where, PATH, cookie, each), connections))).rate

            figures: dict[str, object] = dict(
                in_turn(lambda: measure(port, ours), lambda: measure(constants, theirs), rounds)
            )
    assert set(ours.statuses) == set(theirs.statuses) == {200}
    return {**figures, "p50_ms": ours.percentile(0.5), "constants_p50_ms": theirs.percentile(0.5), "reports": reports}
