"""Mending: decided cases whose article was not seen corrected yet, and when somebody is reminded of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from corrections_service.rules.workflow import UNAPPROVED, Resolution, State
from corrections_service.services import corrections, entries, people, sites
from corrections_service.services.history import last_event, record
from corrections_service.store.models import Case, EventKind, now

TURN = "unmended"
"""What a mail tells of such a case."""

FIRST = timedelta(days=1)
"""How long after the decision somebody is reminded first; each time after it they are left alone for twice as long."""


def is_awaited(session: Session, case: Case) -> bool:
    """Whether a decided case waits for its article, and not for an approval, a time, or what holds it."""
    if case.state is not State.FIXING or case.decided_at is None or entries.right_since(case) is not None:
        return False
    pending = corrections.waiting(session, case)
    is_timed = case.resolution is Resolution.EDITORS_NOTE and any(notice.early for notice in pending)
    is_asked = any(notice.state in UNAPPROVED for notice in pending)
    return not (is_timed or is_asked or corrections.is_frozen(case))


def next_reminder(case: Case) -> datetime | None:
    """When somebody is reminded of a decided case next: after 1, 3, 7, 15 … days; None where nobody has decided."""
    if case.decided_at is None:
        return None
    wait = FIRST
    while case.decided_at + wait <= now():
        wait = 2 * wait + FIRST
    return case.decided_at + wait


def remind(session: Session, case: Case) -> None:
    """Mail the case's editor that its article still waits to be corrected, and from the second time on its desk too."""
    decided = case.decided_at
    if decided is None or now() < decided + FIRST or not is_awaited(session, case):
        return
    last = last_event(session, case, EventKind.REMINDED)
    event = record(session, case, EventKind.REMINDED, since=decided.isoformat())
    people.tell(session, case, event, TURN)
    desk = sites.desk_address(case.site)
    if desk and last is not None and last.at >= decided:
        people.tell(session, case, event, TURN, desk)
