"""Answers: what the readers of a case who asked are owed, each once for each event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from corrections_service.rules import showing as showings
from corrections_service.rules.showing import Showing
from corrections_service.rules.workflow import CHANGES_PAGE, UNAPPROVED, UNDECIDED, State, Turn
from corrections_service.services import corrections, entries, history, outbox, sites
from corrections_service.services.steps import standing
from corrections_service.store import jobs
from corrections_service.store.models import Case, Correction, Delivery, DeliveryState, Event, EventKind, Report, now

STEPS = (
    EventKind.DECIDED,
    EventKind.REOPENED,
    EventKind.APPEALED,
    EventKind.CAME_BACK,
    EventKind.AUTO_CLOSED,
)
"""What makes a decision stand, or fall."""

FALLS = (EventKind.REOPENED, EventKind.APPEALED, EventKind.CAME_BACK)

EXCHANGED = (EventKind.ASKED, EventKind.ANSWERED)
"""What desk and readers say to each other of a case."""

DECIDING = (EventKind.DECIDED, EventKind.PROPOSED, EventKind.AUTO_CLOSED)
"""What nobody asks any more after."""


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
        is_over = case.state is State.CLOSED and _closed_at(session, case) + timedelta(minutes=showing.minutes) < now()
    return Showing() if is_over else showing


def _closed_at(session: Session, case: Case) -> datetime:
    """When a case was closed, whatever came to it since."""
    closing = history.last_event(session, case, EventKind.CLOSED, EventKind.PUBLISHED, *history.BY_SERVICE)
    times = [case.decided_at, closing.at if closing is not None else None]
    return max((at for at in times if at is not None), default=case.updated_at)


def standing_decision(session: Session, case: Case) -> Event | None:
    """How the case was decided, where that stands."""
    steps = _steps(session, case.id)
    return steps[-1] if steps and steps[-1].kind == EventKind.DECIDED else None


def _steps(session: Session, case_id: int) -> list[Event]:
    """What made the decisions of a case stand or fall, in order, without what was undone."""
    query = select(Event).where(Event.case_id == case_id, Event.kind.in_((*STEPS, EventKind.UNDONE)))
    return standing(session.scalars(query.order_by(Event.id)))


def mail_state(session: Session, report: Report, *, is_told: bool, is_proposed: bool) -> tuple[str, datetime | None]:
    """Of the answer that a reader asked for, the sentence that says how it stands in the mail, and when it went.

    "" where nothing is to be said. `is_told`: nothing that is still to be published holds it back; `is_proposed`: the
    decision waits for a second person.
    """
    case = report.case
    if report.reader is None:
        return "pages.no_address", None
    if outbox.is_undelivered(session, report.id):
        return "pages.undelivered", None
    if report.withdrawn_at is not None:
        return "", None
    if case.state not in (State.FIXING, State.CLOSED) or is_proposed:
        return "pages.will_hear", None
    fallen = [step.at for step in _steps(session, case.id) if step.kind in FALLS]
    answer = _last_mail(session, report, fallen[-1] if fallen else None)
    if answer is not None and answer.state is DeliveryState.SENT:
        return "pages.answer_sent", answer.sent_at
    if answer is not None and answer.state is DeliveryState.FAILED:
        return "pages.undelivered", None
    return ("pages.answer_owed" if answer is not None or case.state is State.FIXING or not is_told else ""), None


def _last_mail(session: Session, report: Report, since: datetime | None) -> Delivery | None:
    """The last mail that tells how a report's case was decided, since then; None where none went or is to go."""
    query = select(Delivery).where(Delivery.report_id == report.id, Delivery.template == outbox.RESOLVED)
    query = query.where(Delivery.state != DeliveryState.CANCELLED)
    if since is not None:
        query = query.where(Delivery.created_at >= since)
    return session.scalars(query.order_by(Delivery.id.desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class Question:
    """What a desk asked, "" where nothing was, and what one reader answered to it: words and times."""

    words: str
    is_open: bool = False
    answers: list[tuple[str, datetime]] = field(default_factory=list)


def questions(session: Session, report: Report) -> list[Question]:
    """What the readers of a report's case, or of one that it was under, were asked, and what its own reader answered.

    In order. Nobody is asked any more who has withdrawn.
    """
    here_or_own = or_(Event.case_id == report.case_id, Event.report_id == report.id)
    query = select(Event).where(here_or_own, Event.kind.in_((*EXCHANGED, EventKind.UNDONE))).order_by(Event.id)
    events = {event.id: event for event in standing(session.scalars(query)) if event.kind != EventKind.UNDONE}
    events |= {event.id: event for event in _asked_elsewhere(session, report)}
    open_ids = {event.id for event in _open_questions(session, report)}
    exchange: list[Question] = []
    for _, event in sorted(events.items()):
        if event.kind == EventKind.ASKED:
            exchange.append(Question(str(event.data.get("question", "")), is_open=event.id in open_ids))
        elif event.report_id == report.id and event.data.get("text"):
            exchange = exchange or [Question("")]
            exchange[-1].answers.append((str(event.data["text"]), event.at))
    return exchange


def is_asked(session: Session, report: Report) -> bool:
    """Whether the reader of a report was asked something that somebody still waits for."""
    return bool(_open_questions(session, report))


def is_over(session: Session, delivery: Delivery) -> bool:
    """Whether a mail to a reader tells what concerns them no more: they took their report back, or the question is closed."""
    report, templates = delivery.report, (outbox.RECEIPT, outbox.RESOLVED, outbox.ASKED)
    if report is None or delivery.template not in templates:
        return False
    return report.withdrawn_at is not None or (delivery.template == outbox.ASKED and not is_asked(session, report))


def _open_questions(session: Session, report: Report) -> list[Event]:
    """What a report's reader may still answer: nobody has, no decision was made since, and the reader has not withdrawn.

    Their mail leads there, so that it is open wherever editors put the report, and whatever else they wait for.
    """
    if report.case.state not in UNDECIDED or report.withdrawn_at is not None:
        return []
    here = _ended(session, report.case_id)
    open_here = here[-1:] if here and here[-1].kind == EventKind.ASKED else []
    replies = select(func.max(Event.id)).where(Event.report_id == report.id, Event.kind == EventKind.ANSWERED)
    last_reply = session.scalar(replies) or 0
    elsewhere = [question for question in _asked_elsewhere(session, report) if question.id > last_reply]
    return [*(question for question in elsewhere if _is_awaited(session, question, report, here)), *open_here]


def _asked_elsewhere(session: Session, report: Report) -> Sequence[Event]:
    """What the reader of a report was asked of cases that it is under no more."""
    mails = select(Delivery.event_id).where(Delivery.report_id == report.id, Delivery.template == outbox.ASKED)
    mails = mails.where(Delivery.state != DeliveryState.CANCELLED)
    query = select(Event).where(Event.id.in_(mails), Event.kind == EventKind.ASKED, Event.case_id != report.case_id)
    return session.scalars(query.order_by(Event.id)).all()


def _ended(session: Session, case_id: int) -> list[Event]:
    """What was asked of a case, and what ends a question, in order, without what was undone."""
    kinds = (EventKind.ASKED, EventKind.ANSWERED, EventKind.PROPOSED, EventKind.UNDONE, *STEPS)
    query = select(Event).where(Event.case_id == case_id, Event.kind.in_(kinds)).order_by(Event.id)
    return [event for event in standing(session.scalars(query)) if event.kind not in (EventKind.UNDONE, *FALLS)]


def _is_awaited(session: Session, question: Event, report: Report, here: Sequence[Event]) -> bool:
    """Whether a question was open when its report left the case of which it was asked, and nothing was decided since."""
    query = select(Event).where(Event.case_id == question.case_id, Event.id > question.id).order_by(Event.id)
    leaving = next((event for event in session.scalars(query) if report.id in event.data.get("reports", ())), None)
    if leaving is None:
        return False
    between = [step for step in _ended(session, question.case_id) if question.id < step.id < leaving.id]
    decisions = [step for step in here if step.id > leaving.id and step.kind in DECIDING]
    return not between and not decisions


@cache
def at_work() -> ColumnElement[bool]:
    """Which cases an editor has and knows of, has a question about, or has proposed a decision of that another has to approve."""
    is_asked = and_(Case.state == State.WAITING, Case.snoozed_until.is_(None), Case.wake_readers.is_(None))
    is_unseen = and_(Case.turn.in_((Turn.CAME_BACK, Turn.APPEALED)), Case.unseen_since.is_not(None))
    is_taken = and_(Case.state == State.OPEN, Case.assignee_id.is_not(None), not_(is_unseen))
    is_had = or_(is_taken, is_asked, Case.turn == Turn.ANSWERED)
    unapproved = select(Correction.id).where(Correction.case_id == Case.id, Correction.retracted_at.is_(None))
    is_proposed = unapproved.where(Correction.state.in_(UNAPPROVED)).exists()
    return or_(and_(Case.state.in_((State.OPEN, State.WAITING)), is_had), and_(Case.state == State.FIXING, is_proposed))


def is_at_work(session: Session, case: Case) -> bool:
    """Whether somebody looks into a case now, and has not decided.

    Nobody does where it was given back or put aside, or came back and its editor has not looked since.
    """
    return session.scalar(select(Case.id).where(Case.id == case.id, at_work())) is not None


def awaits_second_look(session: Session, case: Case) -> bool:
    """Whether a reader disagreed with the decision, and nobody has taken the case up since."""
    steps = _steps(session, case.id)
    is_free = case.state is State.OPEN and case.assignee_id is None
    return is_free and bool(steps) and steps[-1].kind == EventKind.APPEALED


@dataclass(frozen=True, slots=True)
class Objection:
    """What a reader said against a decision, and when; that decision with its reason; whether none came after it."""

    words: str
    at: datetime
    resolution: str
    reason: str
    is_pending: bool


def objection(session: Session, report: Report) -> Objection | None:
    """What the reader of a report said against its decision."""
    query = select(Event).where(Event.report_id == report.id, Event.kind == EventKind.APPEALED)
    event = session.scalars(query.order_by(Event.id.desc()).limit(1)).first()
    if event is None:
        return None
    steps = _steps(session, event.case_id)
    decisions = [
        step for step in steps if step.kind in (EventKind.DECIDED, EventKind.AUTO_CLOSED) and step.id < event.id
    ]
    return Objection(
        words=str(event.data.get("why", "")),
        at=event.at,
        resolution=str(event.data.get("before", {}).get("resolution") or ""),
        reason=str(decisions[-1].data.get("reason", "")) if decisions else "",
        is_pending=report.case_id == event.case_id
        and report.case.state in UNDECIDED
        and report.withdrawn_at is None
        and steps[-1].id == event.id,
    )


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
