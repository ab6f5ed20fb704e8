"""Answers: what the readers of a case who asked are owed, each once for each event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.rules import showing as showings
from corrections_service.rules.showing import Showing
from corrections_service.rules.workflow import CHANGES_PAGE, UNAPPROVED, State
from corrections_service.services import corrections, entries, history, outbox, sites
from corrections_service.store import jobs
from corrections_service.store.models import Case, Event, EventKind, Report, now

STEPS = (
    EventKind.DECIDED,
    EventKind.REOPENED,
    EventKind.APPEALED,
    EventKind.CAME_BACK,
    EventKind.AUTO_CLOSED,
)
"""What makes a decision stand, or fall."""


def reports_to_answer(session: Session, case: Case) -> Sequence[Report]:
    """The reports whose readers asked for an answer and have not withdrawn."""
    where = (Report.case_id == case.id, Report.withdrawn_at.is_(None), Report.reader.has())
    return session.scalars(select(Report).where(*where).order_by(Report.id)).all()


def decided_reason(session: Session, case: Case) -> str:
    """What the editor wrote to the readers with the decision that stands; "" where none does."""
    decision = standing_decision(session, case)
    return str(decision.data.get("reason", "")) if decision is not None else ""


def when_shown(session: Session, case: Case) -> Showing:
    """When readers see the change that was decided, for as long as it was not seen in the article, nor its day is over.

    Nothing is promised of what an embargo or a legal hold keeps inside, or of what somebody has to approve first.
    """
    is_awaited = case.state in (State.FIXING, State.CLOSED) and case.resolution in CHANGES_PAGE
    is_held = corrections.is_frozen(case) or any(
        notice.state in UNAPPROVED for notice in corrections.waiting(session, case)
    )
    decision = (
        standing_decision(session, case) if is_awaited and not is_held and entries.right_since(case) is None else None
    )
    showing = showings.showing(str(decision.data.get("shows", ""))) if decision is not None else Showing()
    if showing.edition is not None:
        is_over = showing.edition < now().astimezone(sites.zone_of(case.site)).date()
    else:
        is_over = case.state is State.CLOSED and case.updated_at + timedelta(minutes=showing.minutes) < now()
    return Showing() if is_over else showing


def standing_decision(session: Session, case: Case) -> Event | None:
    """How the case was decided, where that stands."""
    query = select(Event).where(Event.case_id == case.id, Event.kind.in_((*STEPS, EventKind.UNDONE)))
    steps = history.standing(session.scalars(query.order_by(Event.id)))
    return steps[-1] if steps and steps[-1].kind == EventKind.DECIDED else None


def tell_moved(session: Session, case: Case, event: Event, report_ids: Collection[int]) -> None:
    """Owe the readers of these reports, which came to a closed case, how that was closed."""
    for report in reports_to_answer(session, case):
        if report.id in report_ids:
            reason = decided_reason(session, case)
            tell_readers(session, case, event, outbox.RESOLVED, only=report, reason=reason)


def tell_readers(
    session: Session,
    case: Case,
    event: Event,
    template: str,
    wait: timedelta = timedelta(0),
    *,
    only: Report | None = None,
    **data: Any,
) -> None:
    """Owe each reader who asked, or only one, one mail about this event, after a while in which it can be undone unseen."""
    delay = (corrections.UNDO if event.actor_id else wait).total_seconds()
    delivery_ids = [
        outbox.owe(
            session,
            template,
            report.reader.email,
            site=case.site,
            event=event,
            case_id=case.id,
            report_id=report.id,
            data=data,
            delay=delay,
        )
        for report in ([only] if only is not None else reports_to_answer(session, case))
        if report.reader is not None
    ]
    if any(delivery_ids):
        jobs.wake(session, "deliver_due", delay)
