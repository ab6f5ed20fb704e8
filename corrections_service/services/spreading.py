"""Spreading: where a public notice has to be told besides the log, place by place, and who saw to which."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.placing import CHANNELS
from corrections_service.services.history import take_up
from corrections_service.store.models import Case, Editor, Spread, now
from corrections_service.store.views import SPREADS


def begin(session: Session, case: Case) -> None:
    """Have a notice that became public spread everywhere, where its site wants a list; an earlier one's list is over."""
    if case.site.policy.get("spread"):
        session.execute(delete(Spread).where(Spread.case_id == case.id))
        session.add_all(Spread(case_id=case.id, channel=channel) for channel in CHANNELS)


def tick(session: Session, case: Case, channel: str, *, actor: Editor, is_done: bool) -> None:
    """Say that somebody saw to this channel, or that it is open again. Raises ChangedMeanwhile."""
    take_up(session, case, actor)
    where = (Spread.case_id == case.id, Spread.channel == channel, SPREADS)
    spread = session.scalars(select(Spread).where(*where)).one_or_none()
    if spread is None:
        raise errors.ChangedMeanwhile("There is no such line in the list any more.")
    if is_done and spread.done_at is None:
        spread.done_at, spread.editor_id = now(), actor.id
    elif not is_done:
        spread.done_at = spread.editor_id = None


def of_case(session: Session, case: Case) -> list[Spread]:
    """Where the case's notice has to be told, in the order of the list, for as long as it is public."""
    rows = {row.channel: row for row in session.scalars(select(Spread).where(Spread.case_id == case.id, SPREADS))}
    return [rows[channel] for channel in CHANNELS if channel in rows]
