"""Parting: what may be merged with a case, whether it is the same passage, and reports that move from case to case."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import grouping
from corrections_service.rules.grouping import Verdict
from corrections_service.rules.workflow import LIVE
from corrections_service.services import approvals, freezes, joining, outbox, wishes
from corrections_service.services.history import (
    change,
    check_version,
    free_key,
    get,
    hold,
    part_reports,
    permit,
    readers_of,
)
from corrections_service.store.models import Case, Editor, EventKind, Report


def candidates(session: Session, case: Case, limit: int) -> list[tuple[Case, str]]:
    """The article's other live cases, those that may be the same error first, with the reason; "" for the rest."""
    query = select(Case).where(Case.article_id == case.article_id, Case.state.in_(LIVE), Case.id != case.id)
    others = session.scalars(query.order_by(Case.id.desc()).limit(joining.CANDIDATES)).all()
    matches = grouping.rank(wishes.sighting(case), [wishes.sighting(other) for other in others], len(others))
    likely = [(others[index], match.reason) for index, match in matches if match.verdict is not Verdict.DIFFERENT]
    suggestion = joining.looks_like(session, case)
    if suggestion is not None:
        likely = [suggestion, *(pair for pair in likely if pair[0].id != suggestion[0].id)]
    known_ids = {other.id for other, _ in likely}
    return [*likely, *((other, "") for other in others if other.id not in known_ids)][:limit]


def check_same(session: Session, case: Case, into: int, *, actor: Editor) -> None:
    """Ask before cases of different passages are merged. Raises DifferentPassages; NotFound, also for another's."""
    target = get(session, into, actor)
    if target.id == case.id or target.site_id != case.site_id:
        return  # which is refused with another reason
    if target.article_id != case.article_id:
        raise errors.DifferentPassages(f"Case {into} is about another article. Merge all the same?")
    match = grouping.same_error(wishes.sighting(case), wishes.sighting(target))
    if match.verdict is Verdict.DIFFERENT:
        raise errors.DifferentPassages(f"Different passages ({match.reason}): merge all the same?")


def move(session: Session, case: Case, report_id: int, into: int, *, actor: Editor, version: int | None = None) -> None:
    """Count one report under another live case of the site, until undone.

    Raises NotFound, ChangedMeanwhile, AlreadyClosed, OwnDecision, Frozen; InvalidFields for the only one, and for a case
    that takes none.
    """
    permit(case, actor)
    target = get(session, into, actor)
    hold(session, case, target)
    check_version(case, version)
    approvals.check_open(session, case, actor)
    freezes.check_free(case)
    if target.id == case.id or target.site_id != case.site_id or target.state not in LIVE:
        raise errors.InvalidFields({"into": "Give the number of another case of this site that is not done with."})
    report = session.scalars(select(Report).where(Report.id == report_id, Report.case_id == case.id)).one_or_none()
    if report is None:
        raise errors.NotFound()
    rest = session.scalars(
        select(Report).where(Report.case_id == case.id, Report.id != report.id).limit(joining.KEYS_COMPARED)
    ).all()
    if not rest:
        raise errors.InvalidFields({"into": "This is the only report of the case: merge the cases instead."})
    outbox.take_answers_back(session, case.id, part_reports(session, Report.id == report.id, case, target))
    values: dict[str, Any] = {"readers": readers_of(session, case)}
    key = _key(case, report)
    if case.live_key == key and key not in (keys := [_key(case, other) for other in rest]):
        values["live_key"] = free_key(session, keys[0])
    change(session, case, EventKind.MOVED, values, actor=actor, into=target.id, reports=[report.id])
    taken_over: dict[str, Any] = {"readers": readers_of(session, target)}
    if target.live_key is None and target.article_id == case.article_id:
        taken_over["live_key"] = free_key(session, key)
    change(session, target, EventKind.TAKEN_OVER, taken_over, actor=actor, case=case.id)


def _key(case: Case, report: Report) -> str:
    return joining.key_of(case.article_id, wishes.sighting(report), report.place, report.comment)
