"""Calls: what other programs are owed: stored with what it tells of, sent later, at least once, by an id that stays."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, bindparam, delete, false, or_, select, update
from sqlalchemy.orm import Session, selectinload

from corrections_service import errors
from corrections_service.rules import webhooks
from corrections_service.rules.webhooks import WebhookKind
from corrections_service.store import jobs
from corrections_service.store.models import Call, Case, DeliveryState, Try, Webhook, now
from corrections_service.store.rows import insert_all, look_up_all

LEASE = timedelta(minutes=5)
"""Longer than one call can take with its time limits."""

KEPT = timedelta(days=30)
"""How long a call and its tries are kept once it is done with."""

AT_ONCE = 20

MESSAGES, A_WHILE = 5, timedelta(minutes=5)
"""So many messages a room of a chat gets in this time, each of one event; what is more goes in one when it is over."""

MOST_TOGETHER = 1000
"""Events of which one message tells."""

# Built once: intake asks this of each set of new cases.
_LISTENING = select(Webhook.id, Webhook.site_id, Webhook.events, Webhook.created_at).where(
    Webhook.site_id.in_(bindparam("sites", expanding=True)), Webhook.active
)
_IS_ON = Call.webhook_id.in_(select(Webhook.id).where(Webhook.active))


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened on a site, about a case or an entry of the public log; `occasion` makes it once."""

    event: str
    site_id: int
    occasion: str
    at: datetime
    case_id: int | None = None
    entry_id: int | None = None


def owe(
    session: Session, facts: Sequence[Fact], delay: timedelta = timedelta(0), skip: Sequence[int] = ()
) -> list[int]:
    """Owe a call of each fact to each webhook that listens for it, but these; which webhooks it was not owed already.

    Nobody is told of what was before the webhook. The wake-up is a hint; the rows say what is owed.
    """
    if not facts:
        return []
    hooks = look_up_all(session, _LISTENING, sites=sorted({fact.site_id for fact in facts}))
    rows = [
        {
            "key": _key(hook.id, fact, session.info["mark_keys"][0]),
            "webhook_id": hook.id,
            "event": fact.event,
            "case_id": fact.case_id,
            "entry_id": fact.entry_id,
            "at": fact.at,
            "payload": {},
            "state": DeliveryState.OWED,
            "attempts": 0,
            "next_at": now() + delay,
            "owed_since": now(),
        }
        for fact in facts
        for hook in hooks
        if hook.site_id == fact.site_id and fact.event in hook.events and hook.created_at <= fact.at
        if hook.id not in skip
    ]
    if rows:
        jobs.wake(session, "call_due", delay.total_seconds())
    hook_ids = {row["key"]: row["webhook_id"] for row in rows}
    return [hook_ids[key] for (key,) in insert_all(session, Call, ["key"], rows)]


def new(case_id: int, site_id: int, at: datetime, created_at: datetime) -> Fact:
    """That a case is new, which it is once, whenever that is told."""
    return Fact(webhooks.NEW, site_id, f"{case_id}.{_stamp(created_at)}", at, case_id)


def tell_new(session: Session, case: Case, at: datetime) -> list[int]:
    """Owe that a case is new, once; which webhooks that was not owed already."""
    return owe(session, [new(case.id, case.site_id, at, case.created_at)])


def tell_closed(session: Session, case: Case, event_id: int, undo: timedelta) -> None:
    """Owe that nobody has to work on the case any more, after the time in which that can be undone unseen."""
    at = now()
    owe(session, [Fact(webhooks.RESOLVED, case.site_id, f"{event_id}.{_stamp(at)}", at, case.id)], undo)


def tell_open(
    session: Session, case: Case, event_id: int, event: str = webhooks.REOPENED, skip: Sequence[int] = ()
) -> None:
    """Owe that the case is open again, but to these; who was never told that it was closed is told neither.

    That it was closed is told no more, or nobody would know which was last.
    """
    untold = Call.state.in_((DeliveryState.OWED, DeliveryState.HELD, DeliveryState.FAILED))
    of_case = and_(Call.case_id == case.id, Call.event == webhooks.RESOLVED, untold)
    statement = update(Call).where(of_case).values(state=DeliveryState.CANCELLED, claimed_by=None)
    closings = session.execute(statement.returning(Call.id, Call.webhook_id, Call.attempts)).all()
    tried = set(session.scalars(select(Try.call_id).where(Try.call_id.in_([call.id for call in closings]))))
    unaware = [call.webhook_id for call in closings if not call.attempts and call.id not in tried]
    at, skip = now(), [*skip, *(unaware if event == webhooks.REOPENED else ())]
    owe(session, [Fact(event, case.site_id, f"{event_id}.{_stamp(at)}", at, case.id)], skip=skip)


def any_owed(session: Session) -> bool:
    """Whether there is anything at all to do."""
    is_owed = Call.state == DeliveryState.OWED
    return session.scalar(select(Call.id).where(is_owed, _IS_ON).limit(1)) is not None


def due(session: Session) -> Sequence[int]:
    """The webhooks that something is due to, as far as they may be called."""
    is_due = select(Call.webhook_id).where(Call.state == DeliveryState.OWED, Call.next_at <= now())
    return session.scalars(
        select(Webhook.id).where(Webhook.id.in_(is_due), Webhook.active, Webhook.next_at <= now())
    ).all()


def claim(session: Session, webhook: Webhook, worker: str) -> list[list[int]]:
    """Take what is due to this webhook, in the order in which it happened, for this worker alone, until the lease ends.

    Each part goes as one request: to a program one call, to a room of a chat all of them where too many are due.
    """
    if not webhook.active or webhook.next_at > now():
        return []
    is_chat = webhook.kind is not WebhookKind.PLAIN
    is_due = and_(Call.webhook_id == webhook.id, Call.state == DeliveryState.OWED, Call.next_at <= now())
    query = select(Call).where(is_due).order_by(Call.id).limit(MOST_TOGETHER if is_chat else AT_ONCE)
    room, pause = _room(session, webhook) if is_chat else (AT_ONCE, None)
    if not room:
        webhook.next_at = pause or now()
        return []
    claimed = list(session.scalars(query.with_for_update(skip_locked=True)))
    for call in claimed:
        call.claimed_by, call.next_at, call.attempts = worker, now() + LEASE, call.attempts + 1
    numbers = [call.id for call in claimed]
    return [numbers] if len(numbers) > room else [[number] for number in numbers]


def _room(session: Session, webhook: Webhook) -> tuple[int, datetime | None]:
    """How many messages a room of a chat still gets now, and when the next where that is none."""
    since = now() - A_WHILE
    # A call is sent within its lease, which stands in `next_at`: of all that were sent in a month, only these are read.
    is_recent = and_(Call.state == DeliveryState.SENT, Call.next_at > since)
    lately = and_(is_recent, Call.webhook_id == webhook.id, Call.sent_at > since)
    query = select(Call.sent_at).where(lately).distinct().order_by(Call.sent_at.desc()).limit(MESSAGES)
    moments = [at for at in session.scalars(query) if at is not None]
    return MESSAGES - len(moments), moments[-1] + A_WHILE if moments else None


def put_back(session: Session, call_ids: Sequence[int], worker: str) -> None:
    """Give back what this worker took and did not try."""
    is_taken = and_(Call.id.in_(call_ids), Call.claimed_by == worker, Call.state == DeliveryState.OWED)
    session.execute(update(Call).where(is_taken).values(claimed_by=None, next_at=now(), attempts=Call.attempts - 1))


def release_claims(session: Session, *, at_work: Sequence[str]) -> None:
    """Free what was taken by any but those whose names begin so; it may have arrived, and is sent again by the same id."""
    is_taken = or_(false(), *(Call.claimed_by.startswith(name) for name in at_work))
    condition = and_(Call.state == DeliveryState.OWED, Call.claimed_by.is_not(None), ~is_taken)
    session.execute(update(Call).where(condition).values(claimed_by=None, next_at=now()))


def replay(session: Session, webhook: Webhook, call_id: int | None = None) -> int:
    """Owe one call anew, or all that failed, by the same id; how many. Raises NotFound.

    What was taken back is not told any more.
    """
    ends = (DeliveryState.SENT, DeliveryState.FAILED)
    condition = and_(Call.webhook_id == webhook.id, Call.state == DeliveryState.FAILED)
    if call_id is not None:
        if session.scalar(select(Call.id).where(Call.id == call_id, Call.webhook_id == webhook.id)) is None:
            raise errors.NotFound()
        waits = and_(Call.state == DeliveryState.OWED, Call.claimed_by.is_(None))
        condition = and_(Call.id == call_id, or_(Call.state.in_(ends), waits))
    values = {"state": DeliveryState.OWED, "next_at": now(), "owed_since": now(), "attempts": 0, "claimed_by": None}
    count = getattr(session.execute(update(Call).where(condition).values(**values)), "rowcount", 0)
    webhook.next_at = now()
    jobs.wake(session, "call_due")
    return int(count)


def latest(session: Session, webhook: Webhook, limit: int) -> Sequence[Call]:
    """The last calls of a webhook with their tries, the newest first."""
    return session.scalars(
        select(Call)
        .where(Call.webhook_id == webhook.id)
        .order_by(Call.id.desc())
        .limit(limit)
        .options(selectinload(Call.tries))
    ).all()


def forget_words(session: Session, case_ids: Sequence[int]) -> None:
    """Forget what was said of these cases: what is still owed, or sent again, is put together anew from what is left."""
    of_cases = Call.case_id.in_(case_ids)
    session.execute(update(Call).where(of_cases).values(payload={}))
    session.execute(update(Try).where(Try.call_id.in_(select(Call.id).where(of_cases))).values(words=""))


def forget(session: Session) -> None:
    """Forget the calls that were done with a month ago, with their tries."""
    is_over = and_(Call.state != DeliveryState.OWED, Call.state != DeliveryState.HELD, Call.owed_since < now() - KEPT)
    session.execute(delete(Try).where(Try.call_id.in_(select(Call.id).where(is_over))))
    session.execute(delete(Call).where(is_over))


def hold(session: Session) -> None:
    """Keep back all that is owed, after a restore: programs may have been told of it, or of more."""
    is_owed = Call.state == DeliveryState.OWED
    session.execute(update(Call).where(is_owed).values(state=DeliveryState.HELD, claimed_by=None))


def release(session: Session) -> int:
    """Let go what was kept back, but to webhooks that are off; how many."""
    statement = update(Call).where(Call.state == DeliveryState.HELD, _IS_ON)
    values = {"state": DeliveryState.OWED, "next_at": now(), "owed_since": now()}
    return int(getattr(session.execute(statement.values(**values)), "rowcount", 0))


def _stamp(at: datetime) -> int:
    """The moment, in microseconds: numbers of rows are given again after a restore, and moments are not."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def key_of_all(keys: Sequence[str]) -> str:
    """The id of what tells of all these calls at once, the same whenever it tells of the same."""
    return f"msg_{hashlib.sha256(' '.join(keys).encode()).hexdigest()[:32]}"


def _key(webhook_id: int, fact: Fact, secret: str) -> str:
    """The id of a call, which programs know it by again; it holds no full stop, as the specification asks."""
    name = f"call:{webhook_id}:{fact.event}:{fact.occasion}"
    return f"msg_{hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest()[:32]}"
