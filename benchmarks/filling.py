"""A database full of reports for the questions that the dashboard asks of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import State
from corrections_service.store import queue, search
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Report, Site

SITES, CHUNK = 20, 5_000
STATES = [State.NEW, State.NEW, State.OPEN, State.WAITING, State.FIXING, State.CLOSED, State.CLOSED, State.SPAM]
WORDS = [
    f"{first}{second}"
    for first in "ba ke li mo nu pra sto tri vel zan".split()
    for second in "ler mis nor pet ram".split()
]
MARKS = {"rareword": 0.0005, "someword": 0.02, "commonword": 0.25}
"""Words, and the share of the cases that hold each."""


def fill(database: Database, reports: int) -> None:
    """Add reports, and a fifth as many cases over 20 sites of falling size, half of them still in the inbox."""
    chance = random.Random(1)
    start, cases = datetime(2026, 1, 1, tzinfo=UTC), reports // 5
    with database.write() as session:
        for number in range(1, SITES + 1):
            session.add(Site(name=f"S{number}", slug=f"s{number}", key=f"k{number}", origins=[], desk="d@example.org"))
        session.flush()
        articles = [
            {"site_id": n % SITES + 1, "url": f"https://example.org/{n}", "headline": _text(chance, 8)}
            for n in range(2000)
        ]
        session.execute(sa.insert(Article), articles)
    for begin in range(0, cases, CHUNK):
        numbers = range(begin + 1, min(begin + CHUNK, cases) + 1)
        rows = [case(chance, number, start) for number in numbers]
        with database.write() as session:
            session.execute(sa.insert(Case), rows)
            session.execute(sa.insert(Report), [report for row in rows for report in _reports(row)])
        done = CHUNK
        while done:
            with database.write() as session:
                done = search.index_cases(session, 4 * CHUNK)
                queue.fold_counts(session)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def case(chance: random.Random, number: int, start: datetime) -> dict[str, Any]:
    """A row of a case, with words that are in a known share of all."""
    site = min(int(chance.expovariate(0.2)), SITES - 1)
    marks = [mark for mark, share in MARKS.items() if chance.random() < share]
    at = start + timedelta(seconds=number * 10)
    return {
        "id": number,
        "site_id": site + 1,
        "article_id": site + 1 + SITES * chance.randrange(100),
        "state": chance.choice(STATES),
        "kind": chance.choice(list(Kind)),
        "fingerprint": f"{number:064x}",
        "live_key": None,
        "exact": _text(chance, 6),
        "suggestion": _text(chance, 6),
        "comment": " ".join([_text(chance, 12), *marks]),
        "readers": 5,
        "created_at": at,
        "updated_at": at,
    }


def _reports(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for reader in range(5):
        name = f"{case['id']:x}-{reader}"
        copied = {key: case[key] for key in ("site_id", "exact", "suggestion", "comment", "created_at")}
        yield copied | {
            "case_id": case["id"],
            "client_id": name,
            "content_sha256": name,
            "token_digest": name,
            "url": "https://example.org/",
            "prefix": "and so it was said that ",
            "suffix": " by all of those who were there",
        }


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words))
