"""Whether the dashboard's counts are right after many operations, some of them undone, and how long they take."""

from __future__ import annotations

import contextlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.databases import NAMES, ask, migrated
from benchmarks.filling import SITES, STATES, case, fill
from corrections_service.store import queue
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Site
from corrections_service.store.views import CONDITIONS

THREADS, TOGETHER = 4, 25
"""So many change cases at once, with so many operations in one transaction."""
START = datetime(2026, 1, 1, tzinfo=UTC)


def run(operations: int = 100_000, rounds: int = 7, databases: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """Cases come, change their states, and go, in four threads at once, one transaction in ten rolled back.

    `drift` is by how many cases the counts are wrong, over all sites and states.
    """
    figures: dict[str, Any] = {"operations": operations}
    for name in databases:
        database = migrated(name)
        fill(database, TOGETHER)
        _work(database, operations)
        with database.read() as session:
            sites = list(session.scalars(sa.select(Site.id)))
            figures[f"{name}_drift"] = _drift(session, sites)
            figures[f"{name}_cases"] = session.scalar(sa.select(sa.func.count()).select_from(Case))
        asked = {
            question: partial(queue.counts, site_ids=some, editor_id=1)
            for question, some in (("all sites", sites), ("one site", sites[:1]))
        }
        taken = ask(database, asked, rounds)
        figures[f"{name}_slowest_ms"] = max(taken.values())
        figures |= {f"{name}: {question}, ms": ms for question, ms in taken.items()}
    return figures


class _Undone(Exception):
    """A transaction that comes to nothing."""


def _work(database: Database, operations: int) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        for done in [threads.submit(_worker, database, number, operations // THREADS) for number in range(THREADS)]:
            done.result()


def _worker(database: Database, thread: int, operations: int) -> None:
    """The operations of one thread, on cases of its own: the counts are what all change."""
    chance, numbers = random.Random(thread), range(1000 + thread, 1000 + THREADS * operations, THREADS)
    for begin in range(0, operations, TOGETHER):
        with contextlib.suppress(_Undone), database.write() as session:
            for number in numbers[begin : begin + TOGETHER]:
                _operate(session, chance, number, chance.choice(numbers[: begin + 1]))
            if chance.random() < 0.1:
                raise _Undone
        if chance.random() < 0.05:
            with database.write() as session:
                queue.fold_counts(session)


def _operate(session: Session, chance: random.Random, new: int, former: int) -> None:
    """A new case comes in, or a former one, if it is there, changes its state or its site, or goes."""
    act, one = chance.random(), Case.id == former
    if act < 0.4:
        session.execute(sa.insert(Case), [case(chance, new, START)])
    elif act < 0.85:
        session.execute(sa.update(Case).where(one).values(state=chance.choice(STATES)))
    elif act < 0.95:
        session.execute(sa.update(Case).where(one).values(site_id=chance.randint(1, SITES)))
    else:
        session.execute(sa.delete(Case).where(one))


def _drift(session: Session, sites: list[int]) -> int:
    """By how many cases the counts of the sites, each and all, are wrong."""
    wrong = 0
    for some in (*([site] for site in sites), sites):
        counted = queue.counts(session, some)
        for view, states in queue.VIEWS.items():
            query = sa.select(sa.func.count()).where(Case.site_id.in_(some), Case.state.in_(states))
            there = session.scalar(query.where(CONDITIONS.get(view, sa.true()))) or 0
            wrong += abs(counted[view] - there) if view != "mine" else 0
    return wrong
