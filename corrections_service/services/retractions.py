"""Retractions: what an editor said of a case without changing it is taken back: a note, that two are apart, a case elsewhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import LIVE, Resolution, Role, State
from corrections_service.services import outbox, people
from corrections_service.services.history import UNDO_FOR, change, get, hold, last_event, permit, record
from corrections_service.store.models import (
    Case,
    Delivery,
    DeliveryState,
    Editor,
    Event,
    EventKind,
    Mention,
    Report,
    now,
)

KINDS = {"note": EventKind.NOTED, "apart": EventKind.KEPT_APART, "sibling": EventKind.SIBLING}
"""What is said by each action that can be taken back so."""


def latest(session: Session, case: Case, action: str, *, actor: Editor) -> Event | None:
    """What the editor said last by this action; None for an action that changes the case, or did nothing."""
    event = last_event(session, case, KINDS[action]) if action in KINDS else None
    return event if event is not None and event.actor_id == actor.id else None


def mailed_at(session: Session, case: Case, since: datetime) -> datetime | None:
    """When the first mail goes of what was done with the case since then: after that it is not taken back; None without one."""
    query = select(func.min(Delivery.next_at)).join(Event, Event.id == Delivery.event_id)
    query = query.where(Event.case_id == case.id, Event.at >= since, Delivery.state == DeliveryState.OWED)
    return session.scalar(query)


def retract(session: Session, case: Case, number: int, *, actor: Editor) -> None:
    """Take back what this event of the case says, with the mail that it owes. Raises NotPermitted, NothingToUndo."""
    permit(case, actor, Role.AUTHOR)
    hold(session, case)
    event = session.get(Event, number)
    is_own = event is not None and event.case_id == case.id and event.actor_id == actor.id
    if event is None or not is_own or event.kind not in KINDS.values() or now() - event.at > UNDO_FOR:
        raise errors.NothingToUndo()
    if event.id in of_case(session, case):
        raise errors.NothingToUndo()
    try:
        outbox.cancel(session, event)
    except errors.NothingToUndo:
        raise errors.NothingToUndo("Who is named in it was mailed already.") from None
    if event.kind == EventKind.SIBLING:
        _drop(session, case, event, actor)
    record(session, case, EventKind.UNDONE, actor=actor, what=event.kind, event=event.id)
    if event.kind == EventKind.NOTED:
        _forget_names(session, case)
    elif event.kind == EventKind.KEPT_APART:
        before = last_event(session, case, EventKind.SUGGESTED)
        if before is not None:
            record(session, case, EventKind.SUGGESTED, **before.data)


def of_case(session: Session, case: Case) -> set[int]:
    """The numbers of the case's events that were taken back."""
    query = select(Event.data).where(Event.case_id == case.id, Event.kind == EventKind.UNDONE)
    return {data["event"] for data in session.scalars(query) if "event" in data}


def _forget_names(session: Session, case: Case) -> None:
    """Let the case be theirs only whom a note names that still stands."""
    query = select(Event).where(Event.case_id == case.id, Event.kind == EventKind.NOTED)
    taken_back = of_case(session, case)
    notes = [event for event in session.scalars(query) if event.id not in taken_back]
    numbers = {number for note in notes for number in people.named_in(session, case, note)}
    session.execute(delete(Mention).where(Mention.case_id == case.id, Mention.editor_id.not_in(numbers)))


def _drop(session: Session, case: Case, sibling: Event, actor: Editor) -> None:
    """Close the case that was opened elsewhere, behind which no reader stands, unless it was there before.

    Raises NothingToUndo where somebody worked on it since.
    """
    other = get(session, sibling.data["into"], actor)
    hold(session, other)
    events = session.scalars(select(Event).where(Event.case_id == other.id)).all()
    is_opened_so = any(event.kind == EventKind.OPENED_ELSEWHERE and event.data["case"] == case.id for event in events)
    by_editors = [event for event in events if event.actor_id is not None and event.kind != EventKind.OPENED_ELSEWHERE]
    has_reports = session.scalar(select(Report.id).where(Report.case_id == other.id).limit(1)) is not None
    if not is_opened_so or has_reports:
        return
    if by_editors or other.state not in LIVE:
        raise errors.NothingToUndo(f"Case {other.id} was worked on meanwhile.")
    values = {"state": State.CLOSED, "resolution": Resolution.READER_WITHDREW, "live_key": None}
    change(session, other, EventKind.CLOSED, values, actor=actor)
