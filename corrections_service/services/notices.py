"""Notices: kept with a decision, and public with the fix that was seen, or where an editor says why they may be before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import ON_PAGE, Decision, NoticeState, State
from corrections_service.services import corrections
from corrections_service.services.answers import decided_reason, tell_readers
from corrections_service.services.history import change, hold, look_soon, record
from corrections_service.store import jobs
from corrections_service.store.models import Case, Correction, EventKind, now

UNAPPROVED = (NoticeState.DRAFT, NoticeState.ASKED)


def keep(
    session: Session,
    case: Case,
    decision: Decision,
    state: NoticeState = NoticeState.APPROVED,
    *,
    publish_at: datetime | None = None,
) -> Correction:
    """Keep the notice that goes with a decision; one that may be public before the fix was seen waits for its time alone."""
    notice = corrections.write(session, case, decision, state, publish_at)
    for earlier in corrections.standing(session, case):
        earlier.retraction = decision.retraction.strip()  # said once the new notice takes its place
    if notice.early and state is NoticeState.APPROVED:
        make_ready(session, notice)
    return notice


def closes_at_once(decision: Decision, publish_at: datetime | None) -> bool:
    """Whether nothing is waited for after this decision with a notice: neither the article, nor a time."""
    return decision.resolution not in ON_PAGE and bool(decision.early.strip()) and publish_at is None


def make_ready(session: Session, notice: Correction) -> None:
    """Let the notice wait for its time alone."""
    notice.state = NoticeState.READY
    jobs.wake(session, "publish_due", max((notice.publish_at - now()).total_seconds(), 0))


def see_fix(session: Session, case: Case) -> bool:
    """Have the case's notice published, now that its fix was seen; whether nothing keeps the case open any more."""
    pending = corrections.waiting(session, case)
    if any(notice.state in UNAPPROVED for notice in pending):
        return False
    for notice in pending:
        make_ready(session, notice)
    return not is_frozen(case) and all(notice.publish_at <= now() + corrections.UNDO for notice in pending)


def lose_fix(session: Session, case: Case) -> None:
    """Let the case's notice wait for the fix again: the wrong words stand in the article."""
    for notice in corrections.waiting(session, case):
        if notice.state is NoticeState.READY and not notice.early:
            notice.state = NoticeState.APPROVED


def vouch(session: Session, case: Case, why: str) -> None:
    """Take an editor's word for the fix, where a notice waits for it. Raises InvalidFields for whatever else it waits for."""
    pending = corrections.waiting(session, case)
    if any(notice.state in UNAPPROVED for notice in pending):
        raise errors.InvalidFields({"why": "The notice waits to be approved first."})
    for notice in pending:
        if notice.publish_at > now() + corrections.UNDO:
            raise errors.InvalidFields({"why": "The notice waits for its time; the case closes once it is public."})
        if notice.state is NoticeState.APPROVED and not why.strip():
            raise errors.InvalidFields(
                {"why": "The notice waits until the fix is seen. Say why it may be public before, such as: in print."}
            )
        if notice.state is NoticeState.APPROVED:
            notice.early = why.strip()
            notice.publish_at = max(notice.publish_at, now() + corrections.UNDO)
            make_ready(session, notice)


def awaits_fix(session: Session, case: Case) -> bool:
    """Whether a notice of the case waits until its fix is seen."""
    return any(notice.state is NoticeState.APPROVED for notice in corrections.waiting(session, case))


def is_frozen(case: Case) -> bool:
    """Whether an embargo or a legal hold keeps all of the case inside."""
    return case.frozen_until is not None and case.frozen_until > now()


def publish_due(session: Session, limit: int = 200) -> int:
    """Make public what is ready and whose time has come; how many notices."""
    is_free = or_(Case.frozen_until.is_(None), Case.frozen_until <= now())
    query = select(Correction).join(Case).where(Correction.state == NoticeState.READY, Correction.publish_at <= now())
    query = query.where(Correction.retracted_at.is_(None), is_free).order_by(Correction.publish_at, Correction.id)
    notices = session.scalars(query.limit(limit)).all()
    return sum(_publish(session, notice) for notice in notices)


def _publish(session: Session, notice: Correction) -> bool:
    """Make this notice public, in place of one of its case that was, unless somebody was faster."""
    case = notice.case
    hold(session, case)
    session.refresh(notice)
    if notice.state is not NoticeState.READY or notice.retracted_at is not None or is_frozen(case):
        return False
    for earlier in corrections.standing(session, case):
        earlier.retracted_at = now()
    notice.state, notice.published_at = NoticeState.PUBLIC, now()
    if case.state is State.FIXING and case.resolution not in ON_PAGE and notice.early:
        event = change(session, case, EventKind.PUBLISHED, {"state": State.CLOSED, "live_key": None}, notice=notice.id)
        tell_readers(session, case, event, "case_resolved", reason=decided_reason(session, case))
    else:
        record(session, case, EventKind.PUBLISHED, notice=notice.id)
    if case.state is State.FIXING:
        look_soon(session, case)  # which closes it where the fix stands
    return True
