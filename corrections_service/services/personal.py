"""Personal details in what readers wrote: masked at the desk, and shown to an editor who asks, which the history tells."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.services.history import permit, record
from corrections_service.store.models import Case, Editor, Event, EventKind, now

SHOWN_FOR = timedelta(minutes=15)
"""How long an editor sees a case's details after asking for them."""


def show(session: Session, case: Case, *, actor: Editor) -> None:
    """Show the case's personal details to this editor for a while, and say so in its history."""
    permit(case, actor)
    if not is_shown(session, case, actor.id):
        record(session, case, EventKind.SHOWN, actor=actor)


def is_shown(session: Session, case: Case, editor_id: int) -> bool:
    """Whether this editor asked for the case's personal details just now."""
    where = (Event.case_id == case.id, Event.kind == EventKind.SHOWN, Event.actor_id == editor_id)
    return session.scalar(select(Event.id).where(*where, Event.at > now() - SHOWN_FOR).limit(1)) is not None
