"""Reports stored a second, against a yardstick in turn: what the benchmarks of intake share."""

from __future__ import annotations

from itertools import count

import sqlalchemy as sa

from benchmarks.load import ARTICLES, QUOTES, Outcome, bodies, in_turn, known_bodies, post

REPORTS = "/api/v1/reports"
EVERY_QUOTE = ARTICLES * QUOTES


def compare(
    service: tuple[int, str],
    database: str,
    yardstick: int,
    *,
    path: str = "/bare",
    rounds: int,
    each: int,
    known: int,
    connections: int = 16,
) -> dict[str, object]:
    """Ours (its port and key) and the yardstick's port in turn, once each has had some; stored must equal acknowledged."""
    port, key = service
    ours, parts = Outcome(), count()

    def measure_ours() -> float:
        payloads = bodies(key, each, next(parts) * each)
        return ours.add(post(port, REPORTS, payloads, connections=connections)).rate

    def measure_yardstick() -> float:
        return post(yardstick, path, bodies(key, each), connections=connections).rate

    before = post(port, REPORTS, known_bodies(key, known))
    assert post(yardstick, path, bodies(key, 200)).statuses == {201: 200}
    figures: dict[str, object] = dict(in_turn(measure_ours, measure_yardstick, rounds))
    return {
        **figures,
        **{f"p{share}_ms": ours.percentile(share / 100) for share in (50, 99)},
        "max_ms": max(ours.taken) * 1000,
        "stored": stored(database),
        "acknowledged": ours.good + before.good,
        "refused": ours.refused + before.refused,
    }


def stored(database: str) -> int:
    """How many reports the database at this address holds."""
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return int(connection.scalar(sa.text("SELECT count(*) FROM report")) or 0)
