"""Freezes: an embargo or a legal hold keeps all of a case inside, in sight of the desk, until it is over or lifted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import corrections
from corrections_service.services.corrections import is_frozen
from corrections_service.services.history import change, check_live, last_event, permit, plan_look, record, take_up
from corrections_service.store import jobs
from corrections_service.store.models import NEVER, Case, Editor, Event, EventKind, now

LATEST = timedelta(days=366)
"""Until when an embargo lasts at most; what is held for legal reasons has no end."""


def freeze(
    session: Session,
    case: Case,
    why: str,
    *,
    actor: Editor,
    until: datetime | None = None,
    lifts: Role = Role.STANDARDS,
    version: int | None = None,
) -> Event:
    """Publish nothing of the case and fix nothing in silence until then, or until who may (`lifts`) lifts it.

    Who freezes anew what is frozen has to be one who may lift that. Raises AlreadyClosed, NotPermitted, InvalidFields.
    """
    take_up(session, case, actor, version)
    check_live(case)
    if is_frozen(case):
        permit(case, actor, lifter(session, case))
    if not why.strip():
        raise errors.InvalidFields({"why": "Say why, for colleagues."})
    if until is not None and not now() < until <= now() + LATEST:
        raise errors.InvalidFields({"until": "Choose a time to come, within a year."})
    values = {"frozen_until": until or NEVER}
    return change(session, case, EventKind.FROZEN, values, actor=actor, why=why.strip(), role=lifts.value)


def lift(session: Session, case: Case, why: str, *, actor: Editor, version: int | None = None) -> Event:
    """Let the case go on, once the time for undoing that is over: what waited is published, and a fix that is seen counts.

    Raises NotPermitted, InvalidFields.
    """
    take_up(session, case, actor, version)
    if case.frozen_until is None:
        raise errors.ChangedMeanwhile("Nothing holds this case any more.")
    permit(case, actor, lifter(session, case))
    if not why.strip():
        raise errors.InvalidFields({"why": "Say why it is lifted, for colleagues."})
    event = change(session, case, EventKind.THAWED, {"frozen_until": None}, actor=actor, why=why.strip())
    corrections.delay(session, case)
    plan_look(session, case, now() + corrections.UNDO)  # which may close it
    for job in ("publish_due", "recheck_due"):
        jobs.wake(session, job, corrections.UNDO.total_seconds())
    return event


def check_free(case: Case) -> None:
    """Promise that nothing keeps inside what is put under another case. Raises Frozen."""
    if is_frozen(case):
        raise errors.Frozen(
            "This case is under an embargo or a legal hold, which would not hold the other case: have it lifted first, "
            "or merge the other case into this one."
        )


def take_along(session: Session, case: Case, part: Case) -> None:
    """Hold what is split off a case as the case itself is held."""
    event = last_event(session, case, EventKind.FROZEN)
    if event is not None and is_frozen(case):
        part.frozen_until = case.frozen_until
        record(session, part, EventKind.FROZEN, why=event.data["why"], role=event.data["role"], case=case.id)


def lifter(session: Session, case: Case) -> Role:
    """The least role that may lift what holds the case."""
    event = last_event(session, case, EventKind.FROZEN)
    return Role(event.data["role"]) if event is not None else Role.STANDARDS
