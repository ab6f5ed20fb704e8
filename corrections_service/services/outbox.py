"""What is owed to whom: messages stored with what they tell of, sent later, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, false, func, or_, select, true, update
from sqlalchemy.orm import Session, object_session

from corrections_service import errors
from corrections_service.rules.addresses import folded
from corrections_service.rules.references import recipient_mark
from corrections_service.rules.workflow import LIVE, UNDECIDED, State
from corrections_service.store.models import SEEN_RIGHT, Case, Delivery, DeliveryState, Event, Site, now
from corrections_service.store.rows import insert_all, insert_once

LEASE = timedelta(minutes=5)
"""Longer than any one mail can take with the mail connection's time limits."""

RETRY_FIRST, RETRY_LONGEST = timedelta(seconds=30), timedelta(hours=1)
DESK_TEMPLATE, RECEIPT, REMINDER, TURN, WAVE = "case_new", "receipt", "case_due", "case_turn", "wave"
ALARM, HANDED_ON, ADDRESS_PASSED, ASKED_BACK = "mail_late", "handed_on", "address_passed", "asked_back"
DIGESTED = (DESK_TEMPLATE, TURN, REMINDER)
TO_DESKS, TO_OFFICES = (*DIGESTED, WAVE), (HANDED_ON, ADDRESS_PASSED, ASKED_BACK)
"""What a desk is mailed, or the editor whose matter it is; of cases, several may go in one mail."""

RESOLVED, ASKED, REPLY = "case_resolved", "case_asked", "case_replied"
ANSWERS = (RESOLVED, ASKED, REPLY)
TOGETHER = {DESK_TEMPLATE: ((DESK_TEMPLATE,), 500), **dict.fromkeys(ANSWERS, (ANSWERS, 40))}
TOGETHER[HANDED_ON] = ((HANDED_ON,), 20)
"""What may go in one mail with which others to the same address, and how many at most."""

UNSENT = (DeliveryState.OWED, DeliveryState.HELD, DeliveryState.FAILED)
BY_HAND = "by_hand"
"""Said with a mail that somebody let go by hand: it waits for nobody's hour or day."""

WORDS_LOST = "This mail went once, and what it said is kept no more: it cannot be sent again."


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
    """Owe an address one message of an event, or of what `key` names, `delay` seconds later; None where it is owed."""
    if site.trainee_id is not None and (event or case_id or report_id or template in TO_DESKS):
        return None  # somebody only practises
    occasion = key or f"{event.id if event else 0}"
    facts = {"event_id": event.id if event else None, "data": data or {}, "next_at": now() + timedelta(seconds=delay)}
    row = _row(session, template, recipient, occasion, site_id=site.id, case_id=case_id, report_id=report_id)
    return insert_once(session, Delivery, ["key"], **(row | facts))


@dataclass(frozen=True, slots=True)
class Owed:
    """What is to be mailed at once about a report: as `owe` takes it."""

    template: str
    recipient: str
    site_id: int
    case_id: int
    report_id: int | None
    key: str


def owe_all(session: Session, mails: Sequence[Owed]) -> None:
    """Owe these messages, each once."""
    rows = [
        _row(session, mail.template, mail.recipient, mail.key, site_id=mail.site_id, case_id=mail.case_id)
        | {"report_id": mail.report_id}
        for mail in mails
    ]
    insert_all(session, Delivery, ["key"], rows)


def _row(session: Session, template: str, recipient: str, occasion: str, **about: int | None) -> dict[str, Any]:
    """A message that is owed from now on."""
    return {
        "key": f"{template}:{occasion}:{recipient_mark(recipient, session.info['mark_keys'][0])}",
        "event_id": None,
        "template": template,
        "recipient": recipient,
        "data": {},
        "state": DeliveryState.OWED,
        "attempts": 0,
        "last_error": "",
        "next_at": now(),
        "created_at": now(),
        **about,
    }


def claim(session: Session, run: str, *, limit: int = 50) -> list[Delivery]:
    """Take what is due, for this run alone, until the lease ends."""
    query = (
        select(Delivery.id)
        .where(Delivery.state == DeliveryState.OWED, Delivery.next_at <= now())
        .order_by(Delivery.next_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    delivery_ids = list(session.scalars(query))
    if not delivery_ids:
        return []
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(delivery_ids))
        .values(claimed_by=run, next_at=now() + LEASE, attempts=Delivery.attempts + 1)
    )
    return list(session.scalars(select(Delivery).where(Delivery.id.in_(delivery_ids)).order_by(Delivery.id)))


def companions(
    session: Session,
    delivery: Delivery,
    run: str,
    *,
    claimed: Sequence[int] = (),
    templates: Sequence[str] = (),
) -> list[int]:
    """Take what else may go in one mail with this one: new cases owed to a desk, answers owed to a reader; their numbers.

    Only what nobody has taken, or the caller itself (`claimed`). `templates` names others than those that always go
    together; to an office goes what the same decision hands on.
    """
    usual, most = TOGETHER.get(delivery.template, TOGETHER[DESK_TEMPLATE])
    others = select(Delivery.id).where(
        Delivery.template.in_(templates or usual),
        Delivery.recipient == delivery.recipient,
        Delivery.site_id == delivery.site_id,
        Delivery.id != delivery.id,
        Delivery.state == DeliveryState.OWED,
        Delivery.event_id == delivery.event_id if delivery.template == HANDED_ON else true(),
        or_(and_(Delivery.claimed_by.is_(None), Delivery.next_at <= now()), Delivery.id.in_(claimed)),
    )
    delivery_ids = list(session.scalars(others.order_by(Delivery.id).limit(most - 1).with_for_update(skip_locked=True)))
    if delivery_ids:
        session.execute(
            update(Delivery).where(Delivery.id.in_(delivery_ids)).values(claimed_by=run, next_at=now() + LEASE)
        )
    return delivery_ids


def is_undelivered(session: Session, report_id: int) -> bool:
    """Whether the last that was to be mailed about a report has failed for good."""
    last = select(Delivery.state).where(Delivery.report_id == report_id).order_by(Delivery.id.desc()).limit(1)
    return session.scalar(last) is DeliveryState.FAILED


def is_to_desk(delivery: Delivery) -> bool:
    """Whether it is a mail to the desk of its publication, which a desk can stop."""
    return delivery.template in TO_DESKS and delivery.recipient == delivery.site.desk


def is_overtaken(session: Session, delivery: Delivery) -> bool:
    """Whether what a receipt, a reminder or an editor's mail says came to be untrue while it waited; it is taken back."""
    if delivery.template in (REMINDER, TURN):
        is_over = not (still_due(session, delivery) if delivery.template == REMINDER else _is_turn(delivery))
    else:
        is_over = (
            delivery.template == RECEIPT
            and delivery.case is not None
            and delivery.case.state not in (*LIVE, State.MERGED, State.SPAM)
        )
    if is_over:
        drop(delivery)
    return is_over


def still_due(session: Session, delivery: Delivery) -> list[Case]:
    """The cases of a reminder that still wait to be decided."""
    numbers = delivery.data.get("cases", ())
    waiting = select(Case).where(Case.id.in_(numbers), Case.state.in_((State.NEW, State.OPEN)))
    return list(session.scalars(waiting.order_by(Case.id)))


def _is_turn(delivery: Delivery) -> bool:
    """Whether a case still is this editor's, or still waits to be decided, where that is what their mail says."""
    about, turn = delivery.case, delivery.data.get("turn")
    if about is not None and turn == "assigned":
        is_for_absent = about.assignee_id is not None and about.assignee_id == delivery.data.get("instead_of")
        return is_for_absent or (
            about.assignee is not None and folded(about.assignee.email) == folded(delivery.recipient)
        )
    if about is not None and turn == "proposed":
        return about.state is State.FIXING
    if about is not None and turn == "unmended":
        return about.state is State.FIXING and (about.fixed_at is None or about.fix_state not in SEEN_RIGHT)
    return about is None or turn not in ("changed", "came_back") or about.state in UNDECIDED


def drop(delivery: Delivery) -> None:
    """Take back a message that is not to be sent any more."""
    delivery.state, delivery.claimed_by = DeliveryState.CANCELLED, None


def any_sent(session: Session, ids: Sequence[int]) -> bool:
    """Whether any of these went."""
    query = select(Delivery.id).where(Delivery.id.in_(ids), Delivery.state == DeliveryState.SENT)
    return session.scalar(query.limit(1)) is not None


def put_back(
    session: Session, ids: Sequence[int], *, until: datetime, reason: str = "", by_choice: bool = False
) -> None:
    """Leave messages owed until a time, as if nobody had taken them; `reason` says on screen what they wait for.

    What waits `by_choice`, an hour or a limit, waits for no mail server: of an earlier try nothing is said any more.
    """
    values = _untaken(until)
    if by_choice:
        values |= {"attempts": 0, "last_error": reason}
    session.execute(update(Delivery).where(Delivery.id.in_(ids), Delivery.state == DeliveryState.OWED).values(values))


def _untaken(until: datetime) -> dict[str, Any]:
    """As if nobody had taken a message, which is due at this time."""
    one_less = case((Delivery.attempts > 0, Delivery.attempts - 1), else_=0)
    return {"claimed_by": None, "next_at": until, "attempts": one_less}


def still_ours(session: Session, ids: Sequence[int], run: str) -> bool:
    """Whether this run may still send these: owed, and the lease is not over."""
    condition = and_(Delivery.claimed_by == run, Delivery.state == DeliveryState.OWED, Delivery.next_at > now())
    count = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.id.in_(ids), condition))
    return count == len(ids)


def mark_sent(session: Session, ids: Sequence[int]) -> None:
    """Say that these were handed to the mail server, together; a secret link that they carried is forgotten.

    What an answer or a mail to a desk or an office told is kept: the mail may come back, and is then sent once more.
    """
    statement = update(Delivery).where(Delivery.id.in_(ids))
    session.execute(statement.values(state=DeliveryState.SENT, sent_at=now(), claimed_by=None, last_error=""))
    session.execute(statement.where(Delivery.template.not_in((*ANSWERS, *TO_DESKS, *TO_OFFICES))).values(data={}))


def give_up_emptied(session: Session) -> None:
    """Send nothing whose words were forgotten when it went, as an earlier version did, and say so on screen."""
    values = {"state": DeliveryState.FAILED, "last_error": WORDS_LOST, "claimed_by": None}
    session.execute(update(Delivery).where(Delivery.state == DeliveryState.OWED, _is_emptied()).values(**values))


def _is_emptied() -> ColumnElement[bool]:
    says_something = (*ANSWERS, TURN, REMINDER, WAVE)
    is_said = and_(Delivery.sent_at.is_not(None), Delivery.template.in_(says_something))
    return and_(is_said, cast(Delivery.data, Text) == "{}")


def mark_failed(session: Session, ids: Sequence[int], reason: str, *, for_good: bool, keep: timedelta) -> None:
    """Say why these were not sent; try again later, longer each time, unless that is pointless or too late.

    What was taken back while it was being sent stays so.
    """
    in_ids = Delivery.id.in_(ids)
    is_owed = and_(in_ids, Delivery.state == DeliveryState.OWED)
    session.execute(update(Delivery).where(in_ids).values(last_error=reason[:500], claimed_by=None))
    condition = is_owed if for_good else and_(is_owed, Delivery.created_at < now() - keep)
    session.execute(update(Delivery).where(condition).values(state=DeliveryState.FAILED))
    for attempts in session.scalars(select(Delivery.attempts).where(is_owed).distinct()).all():
        wait = min(RETRY_FIRST * 2 ** min(max(attempts - 1, 0), 10), RETRY_LONGEST)
        session.execute(update(Delivery).where(is_owed, Delivery.attempts == attempts).values(next_at=now() + wait))


def release_claims(session: Session, *, at_work: Sequence[str]) -> int:
    """Free what was taken by any but those whose names begin so; how many."""
    is_taken = or_(false(), *(Delivery.claimed_by.startswith(name) for name in at_work))
    condition = and_(Delivery.state == DeliveryState.OWED, Delivery.claimed_by.is_not(None), ~is_taken)
    result = session.execute(update(Delivery).where(condition).values(**_untaken(now())))
    return int(getattr(result, "rowcount", 0))


def cancel(session: Session, event: Event) -> None:
    """Take back what an event owed. Raises NothingToUndo when somebody has been told already."""
    condition = and_(Delivery.event_id == event.id, Delivery.state != DeliveryState.SENT, Delivery.claimed_by.is_(None))
    session.execute(update(Delivery).where(condition).values(state=DeliveryState.CANCELLED))
    query = select(Delivery.id).where(Delivery.event_id == event.id, Delivery.state != DeliveryState.CANCELLED)
    if session.scalar(query.limit(1)):
        raise errors.NothingToUndo("The readers have been told already. Reopen the case instead.")


def take_answers_back(session: Session, case_id: int, report_ids: Sequence[int]) -> list[int]:
    """Tell the readers of these reports nothing more of a case that they are under no more; the numbers of those mails."""
    return _take_back(session, _answers(case_id, report_ids))


def take_closing_back(session: Session, case_id: int) -> list[int]:
    """Tell no reader any more how the case was closed, nor an office of it; the numbers of the mails that were owed for it."""
    return _take_back(session, and_(Delivery.case_id == case_id, Delivery.template.in_((RESOLVED, HANDED_ON))))


def _take_back(session: Session, condition: ColumnElement[bool]) -> list[int]:
    statement = update(Delivery).where(condition, Delivery.state.in_(UNSENT), Delivery.claimed_by.is_(None))
    return sorted(session.scalars(statement.values(state=DeliveryState.CANCELLED).returning(Delivery.id)))


def give_back(session: Session, ids: Sequence[int]) -> None:
    """Owe again what was taken back, but what was forgotten since."""
    condition = and_(Delivery.id.in_(ids), Delivery.state == DeliveryState.CANCELLED, Delivery.recipient != "")
    session.execute(update(Delivery).where(condition).values(state=DeliveryState.OWED, next_at=now()))


def check_untold(session: Session, case_id: int, report_ids: Sequence[int], since: datetime) -> None:
    """Raises NothingToUndo where a reader of these reports was told of the case since then, or is at this moment."""
    is_told = or_(Delivery.state == DeliveryState.SENT, Delivery.claimed_by.is_not(None))
    condition = and_(_answers(case_id, report_ids), is_told, Delivery.created_at >= since)
    if session.scalar(select(Delivery.id).where(condition).limit(1)):
        raise errors.NothingToUndo(f"Readers were told already what became of case {case_id}.")


def _answers(case_id: int, report_ids: Sequence[int]) -> ColumnElement[bool]:
    about = and_(Delivery.case_id == case_id, Delivery.report_id.in_(report_ids))
    return and_(about, Delivery.template.in_(ANSWERS))


def postpone(session: Session, event_ids: Sequence[int], until: datetime) -> None:
    """Let what these events owe, and nobody has taken, go at this time."""
    for start in range(0, len(event_ids), 500):
        of_events = Delivery.event_id.in_(event_ids[start : start + 500])
        is_free = and_(Delivery.state == DeliveryState.OWED, Delivery.claimed_by.is_(None))
        session.execute(update(Delivery).where(of_events, is_free).values(next_at=until))


def forget_recipient(session: Session, condition: ColumnElement[bool]) -> None:
    """Forget to whom these messages went; what is not sent yet is not sent any more."""
    session.execute(update(Delivery).where(condition, Delivery.state.in_(UNSENT)).values(state=DeliveryState.CANCELLED))
    session.execute(update(Delivery).where(condition).values(recipient="", last_error="", data={}))


def retry(session: Session, delivery_id: int | None = None) -> int:
    """Try what failed once more, and at once what waits for its next try; one or all, how many.

    Raises ChangedMeanwhile for one whose words are kept no more.
    """
    conditions = (Delivery.state == DeliveryState.OWED, Delivery.claimed_by.is_(None), Delivery.last_error != "")
    condition = or_(Delivery.state == DeliveryState.FAILED, and_(*conditions))
    if delivery_id is not None:
        condition = and_(condition, Delivery.id == delivery_id)
        if session.scalar(select(Delivery.id).where(condition, _is_emptied())) is not None:
            raise errors.ChangedMeanwhile(WORDS_LOST)
    condition = and_(condition, ~_is_emptied())
    hasten(session, condition)
    values = {"state": DeliveryState.OWED, "next_at": now(), "created_at": now(), "attempts": 0}
    return int(getattr(session.execute(update(Delivery).where(condition).values(**values)), "rowcount", 0))


def hasten(session: Session, condition: ColumnElement[bool]) -> None:
    """Let mails to desks, and to the people there, go whatever the pace that these chose."""
    for delivery in session.scalars(select(Delivery).where(condition, Delivery.template.in_(TO_DESKS), ~_is_emptied())):
        delivery.data = {**delivery.data, BY_HAND: True}
    session.flush()


def hold(session: Session) -> int:
    """Keep back all that is owed, after a restore; how many."""
    statement = update(Delivery).where(Delivery.state == DeliveryState.OWED)
    return int(getattr(session.execute(statement.values(state=DeliveryState.HELD, claimed_by=None)), "rowcount", 0))


def release(session: Session) -> int:
    """Let go what was kept back; how many."""
    statement = update(Delivery).where(Delivery.state == DeliveryState.HELD)
    return int(getattr(session.execute(statement.values(state=DeliveryState.OWED, next_at=now())), "rowcount", 0))


def unsent(session: Session, site_ids: Sequence[int], limit: int = 200) -> list[Delivery]:
    """What could not be sent, or is waiting with a reason, newest first."""
    condition = or_(
        Delivery.state.in_((DeliveryState.FAILED, DeliveryState.HELD)),
        and_(Delivery.state == DeliveryState.OWED, Delivery.last_error != ""),
    )
    where = select(Delivery).where(Delivery.site_id.in_(site_ids), condition)
    return list(session.scalars(where.order_by(Delivery.id.desc()).limit(limit)))


def first_of(delivery: Delivery) -> Delivery:
    """The first message about this one's case to the same address: the head of its thread."""
    session = object_session(delivery)
    assert session is not None
    query = select(Delivery).where(Delivery.case_id == delivery.case_id, Delivery.recipient == delivery.recipient)
    return session.scalars(query.order_by(Delivery.id).limit(1)).one()


def of_case(session: Session, case_id: int, limit: int) -> list[Delivery]:
    """The messages about a case, the newest first."""
    query = select(Delivery).where(Delivery.case_id == case_id).order_by(Delivery.id.desc())
    return list(session.scalars(query.limit(limit)))
