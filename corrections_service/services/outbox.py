"""What is owed to whom: messages stored with what they tell of, sent later, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session, object_session

from corrections_service import errors
from corrections_service.rules.references import recipient_mark
from corrections_service.store.models import Delivery, DeliveryState, Event, Site, now
from corrections_service.store.rows import insert_once

LEASE = timedelta(minutes=5)
"""Longer than any one mail can take with the mail connection's time limits."""

RETRY_FIRST, RETRY_LONGEST = timedelta(seconds=30), timedelta(hours=1)
DESK_TEMPLATE = "case_new"


def owe(
    session: Session,
    template: str,
    recipient: str,
    *,
    site: Site,
    event: Event | None = None,
    case_id: int | None = None,
    report_id: int | None = None,
    data: dict[str, Any] | None = None,
    delay: float = 0,
    key: str = "",
) -> int | None:
    """Owe one message about one event to one address; None when that is owed already.

    `key` names what is told where there is no event; `delay` is in seconds.
    """
    told = key or f"{event.id if event else 0}"
    return insert_once(
        session,
        Delivery,
        ["key"],
        key=f"{template}:{told}:{recipient_mark(recipient, session.info['mark_keys'][0])}",
        site_id=site.id,
        case_id=case_id,
        report_id=report_id,
        event_id=event.id if event else None,
        template=template,
        recipient=recipient,
        data=data or {},
        state=DeliveryState.OWED,
        attempts=0,
        last_error="",
        next_at=now() + timedelta(seconds=delay),
        created_at=now(),
    )


def claim(session: Session, worker: str, *, ids: Sequence[int] = (), limit: int = 50) -> list[Delivery]:
    """Take what is due (of these ids, or of all), for this worker alone, until the lease ends."""
    due = (
        select(Delivery.id)
        .where(Delivery.state == DeliveryState.OWED, Delivery.next_at <= now())
        .order_by(Delivery.next_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if ids:
        due = due.where(Delivery.id.in_(ids))
    taken = list(session.scalars(due))
    if not taken:
        return []
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(taken))
        .values(claimed_by=worker, next_at=now() + LEASE, attempts=Delivery.attempts + 1)
    )
    return list(session.scalars(select(Delivery).where(Delivery.id.in_(taken)).order_by(Delivery.id)))


def companions(session: Session, delivery: Delivery, worker: str, *, claimed: Sequence[int] = ()) -> list[int]:
    """Take the other new cases owed to the same desk, so that a burst is one mail; their numbers.

    Only what nobody has taken, or the caller itself (`claimed`): a worker runs several jobs at a time.
    """
    others = select(Delivery.id).where(
        Delivery.template == DESK_TEMPLATE,
        Delivery.recipient == delivery.recipient,
        Delivery.site_id == delivery.site_id,
        Delivery.id != delivery.id,
        Delivery.state == DeliveryState.OWED,
        or_(and_(Delivery.claimed_by.is_(None), Delivery.next_at <= now()), Delivery.id.in_(claimed)),
    )
    taken = list(session.scalars(others.order_by(Delivery.id).limit(500).with_for_update(skip_locked=True)))
    if taken:
        session.execute(update(Delivery).where(Delivery.id.in_(taken)).values(claimed_by=worker, next_at=now() + LEASE))
    return taken


def desk_pause(session: Session, delivery: Delivery, most: int) -> datetime | None:
    """When the next mail of new cases may go to this desk, or None for at once (P-11)."""
    hour_ago = now() - timedelta(hours=1)
    sent = session.scalars(
        select(Delivery.sent_at)
        .where(
            Delivery.recipient == delivery.recipient,
            Delivery.template == DESK_TEMPLATE,
            Delivery.sent_at > hour_ago,
        )
        .distinct()
        .order_by(Delivery.sent_at.desc())
        .limit(most)
    ).all()
    last = sent[-1] if len(sent) == most else None
    return last + timedelta(hours=1) if last else None


def put_back(session: Session, ids: Sequence[int], *, until: datetime) -> None:
    """Leave messages owed until a time, as if nobody had taken them."""
    values = {"claimed_by": None, "next_at": until, "attempts": Delivery.attempts - 1}
    session.execute(update(Delivery).where(Delivery.id.in_(ids), Delivery.state == DeliveryState.OWED).values(values))


def still_ours(session: Session, ids: Sequence[int], worker: str) -> bool:
    """Whether this worker may still send these: owed, and the lease is not over."""
    mine = and_(Delivery.claimed_by == worker, Delivery.state == DeliveryState.OWED, Delivery.next_at > now())
    count = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.id.in_(ids), mine))
    return count == len(ids)


def mark_sent(session: Session, ids: Sequence[int]) -> None:
    """Say that these were handed to the mail server, together; what they carried (a secret link, for one) is forgotten."""
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(state=DeliveryState.SENT, sent_at=now(), claimed_by=None, last_error="", data={})
    )


def mark_failed(session: Session, ids: Sequence[int], reason: str, *, for_good: bool, keep: timedelta) -> None:
    """Say why these were not sent; try again later, longer each time, unless that is pointless or too late.

    What was taken back while it was being sent stays so.
    """
    these = Delivery.id.in_(ids)
    owed = and_(these, Delivery.state == DeliveryState.OWED)
    session.execute(update(Delivery).where(these).values(last_error=reason[:500], claimed_by=None))
    over = owed if for_good else and_(owed, Delivery.created_at < now() - keep)
    session.execute(update(Delivery).where(over).values(state=DeliveryState.FAILED))
    for tried in session.scalars(select(Delivery.attempts).where(owed).distinct()).all():
        wait = min(RETRY_FIRST * 2 ** min(max(tried - 1, 0), 10), RETRY_LONGEST)
        session.execute(update(Delivery).where(owed, Delivery.attempts == tried).values(next_at=now() + wait))


def release_claims(session: Session, *, alive: Sequence[str]) -> int:
    """Free what workers that are no more had taken; how many."""
    gone = and_(Delivery.state == DeliveryState.OWED, Delivery.claimed_by.is_not(None))
    if alive:
        gone = and_(gone, Delivery.claimed_by.not_in(alive))
    result = session.execute(update(Delivery).where(gone).values(claimed_by=None, next_at=now()))
    return int(getattr(result, "rowcount", 0))


def cancel(session: Session, event: Event) -> None:
    """Take back what an event owed. Raises NothingToUndo when somebody has been told already."""
    owed = and_(Delivery.event_id == event.id, Delivery.state != DeliveryState.SENT, Delivery.claimed_by.is_(None))
    session.execute(update(Delivery).where(owed).values(state=DeliveryState.CANCELLED))
    told = select(Delivery.id).where(Delivery.event_id == event.id, Delivery.state != DeliveryState.CANCELLED)
    if session.scalar(told.limit(1)):
        raise errors.NothingToUndo("The readers have been told already. Reopen the case instead.")


def forget_recipient(session: Session, which: ColumnElement[bool]) -> None:
    """Forget to whom these messages went; what is not sent yet is not sent any more."""
    owed = Delivery.state.in_((DeliveryState.OWED, DeliveryState.HELD, DeliveryState.FAILED))
    session.execute(update(Delivery).where(which, owed).values(state=DeliveryState.CANCELLED))
    session.execute(update(Delivery).where(which).values(recipient="", last_error="", data={}))


def retry(session: Session, delivery_id: int | None = None) -> int:
    """Try what failed once more, and at once what waits for its next try; one or all, how many."""
    waiting = (Delivery.state == DeliveryState.OWED, Delivery.claimed_by.is_(None), Delivery.last_error != "")
    which = or_(Delivery.state == DeliveryState.FAILED, and_(*waiting))
    if delivery_id is not None:
        which = and_(which, Delivery.id == delivery_id)
    values = {"state": DeliveryState.OWED, "next_at": now(), "created_at": now(), "attempts": 0}
    return int(getattr(session.execute(update(Delivery).where(which).values(**values)), "rowcount", 0))


def hold(session: Session) -> int:
    """Keep back all that is owed, after a restore; how many."""
    owed = update(Delivery).where(Delivery.state == DeliveryState.OWED)
    return int(getattr(session.execute(owed.values(state=DeliveryState.HELD, claimed_by=None)), "rowcount", 0))


def release(session: Session) -> int:
    """Let go what was kept back; how many."""
    held = update(Delivery).where(Delivery.state == DeliveryState.HELD)
    return int(getattr(session.execute(held.values(state=DeliveryState.OWED, next_at=now())), "rowcount", 0))


def unsent(session: Session, site_ids: Sequence[int], limit: int = 200) -> list[Delivery]:
    """What could not be sent, or is waiting with a reason, newest first."""
    troubled = or_(
        Delivery.state.in_((DeliveryState.FAILED, DeliveryState.HELD)),
        and_(Delivery.state == DeliveryState.OWED, Delivery.last_error != ""),
    )
    where = select(Delivery).where(Delivery.site_id.in_(site_ids), troubled)
    return list(session.scalars(where.order_by(Delivery.id.desc()).limit(limit)))


def first_of(delivery: Delivery) -> Delivery:
    """The first message about this one's case to the same address: the head of its thread."""
    session = object_session(delivery)
    assert session is not None
    same = select(Delivery).where(Delivery.case_id == delivery.case_id, Delivery.recipient == delivery.recipient)
    return session.scalars(same.order_by(Delivery.id).limit(1)).one()


def of_case(session: Session, case_id: int, limit: int) -> list[Delivery]:
    """The messages about a case, the newest first."""
    mine = select(Delivery).where(Delivery.case_id == case_id).order_by(Delivery.id.desc())
    return list(session.scalars(mine.limit(limit)))
