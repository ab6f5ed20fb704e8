"""Waves: many cases of one article that came in within an hour, and that nobody has looked at, are one row of a list.

Nothing is kept of them: they are told from the cases themselves whenever a list is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, select
from sqlalchemy.orm import Session

from corrections_service.rules.text import fold
from corrections_service.rules.workflow import State
from corrections_service.services.batches import MOST
from corrections_service.store import queue
from corrections_service.store.models import Case
from corrections_service.store.queue import Page
from corrections_service.store.views import ANY, Criteria

LEAST = 10
"""Cases that are a wave; fewer are rows of their own."""

SPAN = timedelta(hours=1)
"""Within what time they come in."""

MOST_LOOKS = 6
"""How often a page is read again because there were waves on it that it did not know of."""

VIEWS = ("inbox", "mine", "all")
"""Where waves are one row; whoever searches, or filters by kind, sees each case."""


@dataclass(frozen=True)
class Wave:
    """Many cases of one article: which, one of them as a sample, how many readers, from when to when."""

    article_id: int
    sample: int
    case_ids: tuple[int, ...]
    readers: int
    first: datetime
    last: datetime


def cases_page(
    session: Session,
    site_ids: Sequence[int],
    *,
    criteria: Criteria = ANY,
    cursor: str = "",
    limit: int = 50,
    **choices: Any,
) -> Page:
    """A page as `queue.cases_page` reads it, where a wave is its sample alone."""
    choices["cursor"] = cursor
    if criteria != ANY or not shows_waves(choices):
        return queue.cases_page(session, site_ids, criteria=criteria, limit=limit, **choices)
    waves_so_far: dict[int, Wave] = {}
    for _ in range(MOST_LOOKS):
        criteria = replace(ANY, conditions=tuple(_is_behind(wave) for wave in waves_so_far.values()))
        page = queue.cases_page(session, site_ids, criteria=criteria, limit=limit + 1, **choices)
        waves_so_far |= (waves := samples(session, page.cases, editor_of(choices)))
        behind = {case_id for wave in waves.values() for case_id in wave.case_ids} - waves.keys()
        if behind.isdisjoint(case.id for case in page.cases):
            break
    page = replace(page, cases=[case for case in page.cases if case.id not in behind])
    return queue.shortened(page, limit, cursor=cursor, sort=choices.get("sort", queue.NEWEST))


def shows_waves(choices: Mapping[str, Any]) -> bool:
    """Whether a list that is chosen so shows waves as one row."""
    return choices.get("view", "inbox") in VIEWS and not choices.get("q") and choices.get("kind") is None


def samples(session: Session, cases: Iterable[Case], assignee_id: int | None = None) -> dict[int, Wave]:
    """The waves of these cases' articles, by their samples; of one editor's cases where that one is named."""
    article_ids = {case.article_id for case in cases if case.state is State.NEW}
    if not article_ids:
        return {}
    query = select(Case.id, Case.article_id, Case.created_at, Case.readers)
    query = query.where(Case.article_id.in_(article_ids), Case.state == State.NEW, Case.turn.is_(None))
    query = query.where(Case.assignee_id == assignee_id) if assignee_id is not None else query
    rows = session.execute(query.order_by(Case.article_id, Case.created_at.desc(), Case.id.desc())).all()
    waves: dict[int, Wave] = {}
    for _, of_article in groupby(rows, attrgetter("article_id")):
        waves |= {wave.sample: wave for wave in _waves(list(of_article))}
    return waves


def of_case(session: Session, case: Case) -> Wave | None:
    """The wave that a case came in with."""
    waves = samples(session, [case]).values()
    return next((wave for wave in waves if case.id in wave.case_ids), None)


def alike(session: Session, case: Case, wave: Wave) -> dict[int, int]:
    """The cases of a case's wave that say the same, so that one decision fits them all, with their versions.

    They are about the same words, and wish the same or comment the same; at most so many as are decided at once.
    """
    numbers = sorted({*wave.case_ids[: MOST - 1], case.id})
    columns = (Case.id, Case.version, Case.exact, Case.place, Case.suggestion, Case.remove, Case.comment)
    rows = session.execute(select(*columns).where(Case.id.in_(numbers)).order_by(Case.id)).all()
    saying = _said(case)
    return {row.id: row.version for row in rows if _said(row) == saying}


def _waves(rows: Sequence[Any]) -> Iterable[Wave]:
    """The waves among one article's cases, which stand newest first."""
    start = 0
    while start < len(rows):
        last = rows[start].created_at
        end = next((at for at in range(start, len(rows)) if last - rows[at].created_at > SPAN), len(rows))
        part, start = rows[start:end], end
        if len(part) >= LEAST:
            sample = max(part, key=lambda row: (row.readers, -row.id))
            numbers, readers = tuple(row.id for row in part), sum(row.readers for row in part)
            yield Wave(sample.article_id, sample.id, numbers, readers, part[-1].created_at, last)


def _is_behind(wave: Wave) -> ColumnElement[bool]:
    """That a case is no other one of this wave."""
    of_article = and_(Case.article_id == wave.article_id, Case.state == State.NEW, Case.turn.is_(None))
    return not_(and_(of_article, Case.created_at.between(wave.first, wave.last), Case.id != wave.sample))


def _said(case: Any) -> tuple[str, ...]:
    """What a case is about and what is wished for, however that is written."""
    wishes = case.suggestion or case.remove
    words = (case.exact or case.place, case.suggestion, "" if wishes else case.comment)
    return (*(fold(word).text for word in words), str(case.remove))


def editor_of(choices: Mapping[str, Any]) -> int | None:
    """Whose cases a list that is chosen so shows; None where it is all."""
    return choices.get("editor_id") or 0 if choices.get("view") == "mine" else None
