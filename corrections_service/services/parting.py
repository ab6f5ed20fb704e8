"""Parting: what may be merged with a case, whether it is the same passage, and reports that leave a case: split off, moved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import grouping
from corrections_service.rules.grouping import Verdict
from corrections_service.rules.workflow import LIVE, UNDECIDED
from corrections_service.services import approvals, corrections, freezes, joining, outbox, wishes
from corrections_service.services.history import (
    bring_along,
    change,
    check_version,
    free_key,
    get,
    hold,
    part_reports,
    permit,
    readers_of,
    record,
    take_up,
)
from corrections_service.store.models import Case, Editor, EventKind, Report, now

KEYS_COMPARED = 500
"""Reports of a case that are looked at when one is split off or moved."""


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


def split(session: Session, case: Case, report_id: int, *, actor: Editor) -> Case:
    """Give one report a case of its own, as frozen as this one. Raises NotFound, OwnDecision, InvalidFields for the only one."""
    take_up(session, case, actor)
    approvals.check_appeal(session, case, actor)
    report = next((candidate for candidate in case.reports if candidate.id == report_id), None)
    if report is None:
        raise errors.NotFound()
    if len(case.reports) < 2:
        raise errors.InvalidFields({"report": "A case keeps at least one report."})
    new_case = Case(
        site_id=case.site_id,
        article_id=case.article_id,
        kind=report.kind or case.kind,
        fingerprint=grouping.fingerprint(report.quote),
        live_key=None,
        quote=report.quote,
        place=report.place,
        suggestion=report.suggestion,
        remove=report.remove,
        comment=report.comment,
        page_url=case.page_url,
        several=report.several,
        recheck_at=now() if wishes.words(report) else None,
    )
    session.add(new_case)
    session.flush()
    moved = part_reports(session, Report.id == report.id, case, new_case)
    quiet = outbox.take_answers_back(session, case.id, moved)
    new_case.readers = readers_of(session, new_case)
    record(session, new_case, EventKind.SPLIT_OFF, actor=actor, case=case.id)
    freezes.take_along(session, case, new_case)
    raised_by = (report, *case.reports[:KEYS_COMPARED])
    key, *other_keys = (joining.key_of(case.article_id, wishes.sighting(by), by.place, by.comment) for by in raised_by)
    values: dict[str, Any] = {"readers": readers_of(session, case)}
    if case.live_key == key and key not in other_keys:
        values["live_key"] = free_key(session, other_keys[0])
    change(session, case, EventKind.SPLIT, values, actor=actor, into=new_case.id, reports=moved, quiet=quiet)
    bring_along(session, case, new_case, moved, actor=actor)
    new_case.live_key = free_key(session, key)
    try:
        session.flush()
    except IntegrityError:  # a reader reports the same at this moment
        raise errors.ChangedMeanwhile() from None
    return new_case


def move(session: Session, case: Case, report_id: int, into: int, *, actor: Editor, version: int | None = None) -> None:
    """Count one report under another live case of the site, until undone.

    Raises NotFound, ChangedMeanwhile, AlreadyClosed, OwnDecision, Frozen; InvalidFields for the only one, and for a case
    that takes none, or no notice.
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
        select(Report).where(Report.case_id == case.id, Report.id != report.id).limit(KEYS_COMPARED)
    ).all()
    if not rest:
        raise errors.InvalidFields({"into": "This is the only report of the case: merge the cases instead."})
    moved = part_reports(session, Report.id == report.id, case, target)
    quiet = outbox.take_answers_back(session, case.id, moved)
    values: dict[str, Any] = {"readers": readers_of(session, case)}
    key = _key(case, report)
    if case.live_key == key and key not in (keys := [_key(case, other) for other in rest]):
        values["live_key"] = free_key(session, keys[0])
    change(session, case, EventKind.MOVED, values, actor=actor, into=target.id, reports=moved, quiet=quiet)
    taken_over: dict[str, Any] = {"readers": readers_of(session, target)}
    if target.live_key is None and target.article_id == case.article_id:
        taken_over["live_key"] = free_key(session, key)
    change(session, target, EventKind.TAKEN_OVER, taken_over, actor=actor, case=case.id)
    had_notice = corrections.stands(session, target)
    bring_along(session, case, target, moved, actor=actor)
    if target.state not in UNDECIDED and not had_notice and corrections.stands(session, target):
        raise joining.without_notice(target)


def _key(case: Case, report: Report) -> str:
    return joining.key_of(case.article_id, wishes.sighting(report), report.place, report.comment)
