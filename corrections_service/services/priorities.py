"""Priorities: what comes first at the desk, weighed in the background and kept with each case, so that indexes sort it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import structlog
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session, joinedload

from corrections_service.rules import priority
from corrections_service.rules.priority import Urgency
from corrections_service.rules.workflow import CHANGES_PAGE, LIVE, Resolution, State
from corrections_service.services import clocks, wishes
from corrections_service.store.models import NEVER, Case, Reader, Report, Site, now
from corrections_service.store.rows import table_of

log = structlog.get_logger()

ANEW = timedelta(hours=6)
"""How often a case is weighed again while its age, or its article's, changes something."""

RIGHT = (*CHANGES_PAGE, Resolution.ALREADY_FIXED)
"""Resolutions that show that the reader was right."""

Weighed = dict[str, Any]
"""A case's number, when it was noted, and what is to be kept of it."""

_COLUMNS = ("priority", "priority_reasons", "due_at", "remind_at", "rank_at")
_table = table_of(Case)
_KEPT = (
    update(_table)
    .where(_table.c.id == bindparam("case"), _table.c.rank_at == bindparam("noted"))
    .values({name: bindparam(f"new_{name}") for name in _COLUMNS})
)


def note(session: Session, case_ids: Sequence[int]) -> None:
    """Have these cases weighed soon. One that is being changed at this moment is noted by that change."""
    query = select(Case.id).where(Case.id.in_(case_ids), Case.state.in_(LIVE)).order_by(Case.id)
    free = session.scalars(query.with_for_update(skip_locked=True, key_share=True)).all()
    session.execute(update(_table).where(_table.c.id.in_(free)).values(rank_at=now()))


def weigh_due(session: Session, limit: int) -> list[Weighed]:
    """Weigh the cases whose time for it has come, as they are now; `keep` stores it.

    It takes a while, in which nothing that is written has to wait.
    """
    query = select(Case).where(Case.rank_at <= now()).order_by(Case.rank_at).limit(limit)
    cases = session.scalars(query.options(joinedload(Case.article), joinedload(Case.site))).all()
    live = [case for case in cases if case.state in LIVE]
    records, beginnings = _records(session, [case.id for case in live]), clocks.beginnings(session, live)
    rows = [_weighed_alone(case, beginnings[case.id], *records[case.id]) for case in live]
    return rows + [_row(case, 0, [], NEVER, None, None) for case in cases if case.state not in LIVE]


def keep(session: Session, rows: Sequence[Weighed]) -> None:
    """Store what was weighed, but for cases that have been noted anew since."""
    if rows:
        session.connection().execute(_KEPT, sorted(rows, key=itemgetter("case")))


def choose(session: Session, site: Site, weights: dict[str, int]) -> None:
    """Keep how much each factor weighs at a site; its live cases are weighed anew, by its clock as it is now too."""
    site.policy = {**site.policy, "weights": weights}
    condition = (_table.c.site_id == site.id, _table.c.state.in_(LIVE))
    session.execute(update(_table).where(*condition).values(rank_at=now()))


def _weighed_alone(case: Case, since: datetime, right: int, decided: int) -> Weighed:
    """What is to be kept of a case; as it was, where what its site chose cannot be followed: that holds up no other site."""
    try:
        return _weighed(case, since, right, decided)
    except Exception:
        log.exception("not weighed", site=case.site.key, case=case.id)
        return _row(case, *(getattr(case, name) for name in _COLUMNS[:-1]), now() + ANEW)


def _weighed(case: Case, since: datetime, right: int, decided: int) -> Weighed:
    at, published, due_at = now(), case.article.published_at, clocks.due(case, since)
    change = wishes.change(case)
    urgency = Urgency(
        readers=case.readers,
        kind=case.kind,
        waiting=at - case.created_at,
        article_age=at - published if published else None,
        guard=change.guard if change else (),
        right=right,
        decided=decided,
        overdue=due_at <= at,
    )
    weighed = priority.prioritize(urgency, case.site.policy.get("weights"))
    times = [due_at] if at < due_at < NEVER else []
    times += [] if priority.steady(urgency) else [at + ANEW]
    reasons = [list(reason) for reason in weighed.reasons]
    return _row(case, weighed.points, reasons, due_at, clocks.reminder(case, due_at), min(times, default=None))


def _row(case: Case, *values: Any) -> Weighed:
    return {"case": case.id, "noted": case.rank_at} | {
        f"new_{name}": value for name, value in zip(_COLUMNS, values, strict=True)
    }


def _records(session: Session, case_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For each case how often its readers who left an address were right before, and how often that was decided.

    Only what the case's own publication decided counts. It says something for as long as the addresses are kept: once one
    is forgotten, the cases that its reader is behind are weighed anew.
    """
    behind = select(Report.case_id, Report.site_id, Reader.email).join(Reader, Reader.report_id == Report.id).distinct()
    pairs = session.execute(behind.where(Report.case_id.in_(case_ids), Report.withdrawn_at.is_(None))).all()
    addresses, site_ids = sorted({pair.email for pair in pairs}), {pair.site_id for pair in pairs}
    decided_cases = (
        select(Case.site_id, Reader.email, Case.resolution, func.count(Case.id.distinct()).label("number"))
        .select_from(Reader)
        .join(Report, Report.id == Reader.report_id)
        .join(Case, Case.id == Report.case_id)
        .where(
            Reader.email.in_(addresses),
            Case.site_id.in_(site_ids),
            Case.state == State.CLOSED,
            Report.withdrawn_at.is_(None),
        )
        .where(Case.resolution.is_not(None), Case.resolution != Resolution.READER_WITHDREW)
        .group_by(Case.site_id, Reader.email, Case.resolution)
    )
    right, decided = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for row in session.execute(decided_cases) if addresses else ():
        decided[row.site_id, row.email] += row.number
        right[row.site_id, row.email] += row.number if row.resolution in RIGHT else 0
    totals = dict.fromkeys(case_ids, (0, 0))
    for case_id, site_id, email in pairs:
        before, key = totals[case_id], (site_id, email)
        totals[case_id] = (before[0] + right[key], before[1] + decided[key])
    return totals
