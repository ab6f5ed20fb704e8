"""How long the pages of the dashboard's queue take in the database, by keyset, on both databases.

The queue has one order, the newest first.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.databases import NAMES, Asked, ask, filled
from corrections_service.store import queue
from corrections_service.store.cursors import cursor_of
from corrections_service.store.models import Case, Site

PAGE = 50


def run(reports: int = 1_000_000, rounds: int = 7, databases: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """For each database the ratio of page 1000 to page 1, and each page in milliseconds."""
    figures: dict[str, Any] = {"reports": reports}
    for name in databases:
        database = filled(name, reports)
        with database.read() as session:
            asked = _pages(session)
        taken = ask(database, asked, rounds)
        figures[f"{name}_page1000_to_page1"] = taken["page 1000, all sites"] / taken["page 1, all sites"]
        figures[f"{name}_slowest_ms"] = max(taken.values())
        figures |= {f"{name}: {question}, ms": ms for question, ms in taken.items()}
    return figures


def _pages(session: Session) -> Asked:
    sites = list(session.scalars(sa.select(Site.id)))
    deep = _cursor_at(session, sites, 999 * PAGE)
    deep_one = _cursor_at(session, sites[:1], min(999 * PAGE, _size(session, sites[0]) * 9 // 10))

    def page(session: Session, site_ids: list[int], view: str = "inbox", cursor: str = "") -> list[Case]:
        return queue.cases_page(session, site_ids, view=view, cursor=cursor).cases

    return {
        "page 1, all sites": partial(page, site_ids=sites),
        "page 1000, all sites": partial(page, site_ids=sites, cursor=deep),
        "page 1, one site": partial(page, site_ids=sites[:1]),
        "deep page, one site": partial(page, site_ids=sites[:1], cursor=deep_one),
        "page 1, everything": partial(page, site_ids=sites, view="all"),
    }


def _cursor_at(session: Session, sites: list[int], offset: int) -> str:
    wanted = sa.select(Case.created_at, Case.id).where(Case.site_id.in_(sites), Case.state.in_(queue.VIEWS["inbox"]))
    size = session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 1
    newest = wanted.order_by(Case.created_at.desc(), Case.id.desc())
    row = session.execute(newest.offset(min(offset, size * 9 // 10)).limit(1)).one()
    return cursor_of((False, row.created_at, row.id), back=False)


def _size(session: Session, site: int) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.site_id == site)) or 0
