"""How long the dashboard's search takes in the database, for rare and common words, on both databases."""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.databases import NAMES, ask, filled
from benchmarks.filling import MARKS
from corrections_service.store import queue
from corrections_service.store.models import Case, Site


def run(reports: int = 1_000_000, rounds: int = 7, databases: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """The first page of what was found, for each word, for two together, in one site, and for none that is there."""
    figures: dict[str, Any] = {"reports": reports}
    for name in databases:
        database = filled(name, reports)
        with database.read() as session:
            sites = list(session.scalars(sa.select(Site.id)))
        asked = {f"word in {share:.2%}": partial(_found, sites=sites, words=word) for word, share in MARKS.items()}
        asked["two words"] = partial(_found, sites=sites, words="commonword someword")
        asked["common word, one site"] = partial(_found, sites=sites[:1], words="commonword")
        asked["no such word"] = partial(_found, sites=sites, words="absentword")
        taken = ask(database, asked, rounds)
        figures[f"{name}_slowest_ms"] = max(taken.values())
        figures |= {f"{name}: {question}, ms": ms for question, ms in taken.items()}
    return figures


def _found(session: Session, sites: list[int], words: str) -> list[Case]:
    return queue.cases_page(session, sites, view="all", q=words).cases
