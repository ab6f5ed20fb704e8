"""Clocks: until when a case should be decided, by its site's working hours, and who is reminded once it is overdue."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from corrections_service.rules import clocks
from corrections_service.rules.changes import Kind
from corrections_service.rules.clocks import Hours
from corrections_service.rules.workflow import State
from corrections_service.services import mending, outbox, people
from corrections_service.store import jobs
from corrections_service.store.models import NEVER, Case, Clock, Event, EventKind, Site, now
from corrections_service.store.rows import table_of

USUAL = Clock(
    zone="UTC",
    days=[0, 1, 2, 3, 4],
    opens="09:00",
    closes="18:00",
    targets={"fact": 8, "name": 8, "context": 16, "media": 16, "other": 16, "spelling": 27},
)
"""What a site has that chose nothing: Monday to Friday, and one to three days of work."""

LONGEST_TARGET = 2000
"""Working hours: about a year."""

RUNNING = (State.NEW, State.OPEN)
"""The states in which it is for the desk to decide."""

ANEW = (
    EventKind.CAME_BACK,
    EventKind.APPEALED,
    EventKind.ANSWERED,
    EventKind.WOKEN,
    EventKind.REOPENED,
    EventKind.NOT_SPAM,
)
"""What lets the clock begin again."""

NEWS_FOR = timedelta(days=1)
"""How long after it fell due a case is news: nobody is reminded of old ones when the service is upgraded."""

MOST_REMINDED = 500


def of_site(site: Site) -> Clock:
    """The site's own working hours and targets, or the usual ones."""
    return site.policy.get("clock") or USUAL


def choose(site: Site, clock: Clock) -> None:
    """Keep when the site works, and how long a case of each kind may wait; every case's clock follows in the background."""
    site.policy = {**site.policy, "clock": clock}


def due(case: Case, since: datetime) -> datetime:
    """Until when the case should be decided if its clock began then; NEVER where that is not for the desk to do."""
    if case.state not in RUNNING:
        return NEVER
    clock = of_site(case.site)
    target = clock["targets"].get(case.kind.value, USUAL["targets"][Kind.OTHER])
    return clocks.due(since, timedelta(hours=target), _hours(clock))


def beginnings(session: Session, cases: Sequence[Case]) -> dict[int, datetime]:
    """When each case's clock began: when it came in, or was last given back to the desk."""
    last = select(Event.case_id, func.max(Event.at).label("at")).where(Event.case_id.in_([case.id for case in cases]))
    events = session.execute(last.where(Event.kind.in_(ANEW)).group_by(Event.case_id))
    return {case.id: case.created_at for case in cases} | {row.case_id: row.at for row in events}


def reminder(case: Case, due_at: datetime) -> datetime | None:
    """When its editor is to be reminded, if the case is due then; None where that was done, or is no news.

    Of one that is decided they are reminded for as long as its article was not seen corrected.
    """
    if due_at == case.due_at and (case.remind_at is not None or case.state is not State.FIXING):
        return case.remind_at
    if case.state is State.FIXING:
        return mending.next_reminder(case)
    return due_at if now() - NEWS_FOR < due_at < NEVER else None


def remind(session: Session) -> int:
    """Owe each editor, or the desk where a case has none, one mail about the cases that fell due; how many cases fell.

    Of a decided case whose article waits to be corrected, they are owed one of its own.
    """
    query = select(Case).where(Case.remind_at <= now()).order_by(Case.id).limit(MOST_REMINDED)
    query = query.options(joinedload(Case.site), joinedload(Case.assignee))
    cases = session.scalars(query.with_for_update(skip_locked=True, key_share=True, of=Case)).all()
    by_recipient = defaultdict[tuple[Site, str], list[int]](list)
    for case in cases:
        mending.remind(session, case)
        if case.state in RUNNING:
            by_recipient[case.site, people.address(case)].append(case.id)
    table = table_of(Case)
    session.execute(
        update(table).where(table.c.id.in_([case.id for case in cases])).values(remind_at=None, rank_at=now())
    )
    for (site, address), numbers in by_recipient.items():
        key = f"due.{site.id}.{numbers[0]}.{secrets.token_hex(8)}"
        outbox.owe(session, outbox.REMINDER, address, site=site, case_id=numbers[0], data={"cases": numbers}, key=key)
    if by_recipient:
        jobs.wake(session, "deliver_due")
    return len(cases)


def _hours(clock: Clock) -> Hours:
    return Hours(clock["zone"], clock["days"], time.fromisoformat(clock["opens"]), time.fromisoformat(clock["closes"]))
