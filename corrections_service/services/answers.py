"""Answers: what the readers of a case who asked are owed, each once for each event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.services import corrections, history, outbox
from corrections_service.store import jobs
from corrections_service.store.models import Case, Event, EventKind, Report

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
    query = select(Event).where(Event.case_id == case.id, Event.kind.in_((*STEPS, EventKind.UNDONE)))
    steps = history.standing(session.scalars(query.order_by(Event.id)))
    is_decided = bool(steps) and steps[-1].kind == EventKind.DECIDED
    return str(steps[-1].data.get("reason", "")) if is_decided else ""


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
