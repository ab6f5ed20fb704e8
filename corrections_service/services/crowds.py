"""Crowds: more new cases on one page, or more reports to one site, than a newsroom can take; none of them is dropped.

What is counted is there already: the cases and the reports themselves. No row is written for it, so that no two who
send at once wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.orm import Session

from corrections_service.settings import parse_limit
from corrections_service.store.models import Case, Report, now
from corrections_service.store.rows import look_up, look_up_all

ON_PAGE = "so many new cases on one page at a time are set aside"
ON_SITE = "so many reports to one site at a time are set aside"


@dataclass(frozen=True, slots=True)
class Room:
    """How many new cases a page takes, and how many reports a site, written like LIMIT_REPORTS."""

    page: str = "off"
    site: str = "off"


ANY = Room()
"""Room for all that comes."""


# Built once: to build a statement anew for each report takes longer than the database takes to run it.
_ON_PAGES = (
    select(Case.article_id, func.count().label("total"))
    .where(Case.article_id.in_(bindparam("articles", expanding=True)), Case.created_at > bindparam("since"))
    .group_by(Case.article_id)
)
_TO_SITE = select(func.count().label("total")).select_from(
    select(literal(1))
    .where(Report.site_id == bindparam("site"), Report.created_at > bindparam("since"))
    .limit(bindparam("most"))
    .subquery()
)


def crowded(session: Session, reports: Sequence[tuple[int, int, Room]]) -> list[str]:
    """Why each of these (its site, its article, what room there is) opens no case among the others; "" where it may."""
    if all(room == ANY for *_, room in reports):
        return [""] * len(reports)
    pages = _totals(session, {(article, room.page) for _, article, room in reports})
    sites = {(site, room.site): _to_site(session, site, room.site) for site, _, room in reports}
    reasons = []
    for site, article, room in reports:
        is_over = _is_over(room.page, pages[article, room.page]), _is_over(room.site, sites[site, room.site])
        reasons.append(ON_PAGE if is_over[0] else ON_SITE if is_over[1] else "")
        pages[article, room.page] += 1
        sites[site, room.site] += 1
    return reasons


def _totals(session: Session, pages: set[tuple[int, str]]) -> Counter[tuple[int, str]]:
    totals = Counter[tuple[int, str]]()
    for rule in {rule for _, rule in pages if parse_limit(rule)}:
        ids = [article for article, own_rule in pages if own_rule == rule]
        for row in look_up_all(session, _ON_PAGES, articles=sorted(ids), since=now() - _length(rule)):
            totals[row.article_id, rule] = row.total
    return totals


def _to_site(session: Session, site: int, rule: str) -> int:
    limit = parse_limit(rule)
    if limit is None:
        return 0
    return int(look_up(session, _TO_SITE, site=site, since=now() - _length(rule), most=limit[0]).total)


def _is_over(rule: str, total: int) -> bool:
    limit = parse_limit(rule)
    return limit is not None and total >= limit[0]


def _length(rule: str) -> timedelta:
    return timedelta(seconds=(parse_limit(rule) or (0, 0))[1])
