"""Mails to desks and to the people who work there: which go now, which wait, which go together, by each one's choice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.rules.mail_times import Habits, Sort, due, rouse, sort_of_turn
from corrections_service.rules.workflow import UNDECIDED
from corrections_service.services import mail_choices, mending, notices, outbox, people, routing
from corrections_service.store.models import Delivery, DeliveryState, now

PROPOSED = "proposed"
"""The turn of a case whose notice waits to be approved."""

PERSONAL = (PROPOSED, "assigned", "mentioned")
"""The turns that are told to one person, and to nobody in their place once they have left."""


def sort_of(delivery: Delivery) -> Sort:
    """What a mail to an editor tells."""
    match delivery.template:
        case outbox.DESK_TEMPLATE:
            return Sort.NEW
        case outbox.REMINDER:
            return Sort.OVERDUE
        case outbox.WAVE:
            return Sort.WAVE
        case _:
            return sort_of_turn(delivery.data.get("turn", ""))


def gather(
    session: Session,
    delivery: Delivery,
    run: str,
    *,
    claimed: Sequence[int],
    most: int,
    most_cases: int,
    alone: bool = False,
) -> tuple[list[int], list[int]]:
    """Which mails go now as one with this one, by number; and all that were looked at, the rest of which is seen to.

    A person's hourly and daily mail, what waited for their quiet hours to end, and the last of the `most` mails that one
    address gets in an hour, take along whatever waits for the same person; of at most `most_cases` cases whose turn it is, for
    these are told of nowhere else. `alone`: none is taken along.
    """
    ids = [delivery.id]
    if delivery.template in outbox.TOGETHER and not alone:
        ids += outbox.companions(session, delivery, run, claimed=claimed)
    going = _ready(session, ids, delivery)
    if delivery.id not in going:
        outbox.put_back(session, going, until=now())
        return [], ids
    pause = desk_pause(session, delivery, most)
    if pause is not None:
        outbox.put_back(session, going, until=pause, by_choice=True)
        return [], ids
    is_gathered = not alone and delivery.template in outbox.DIGESTED
    if is_gathered and (_has_waited(session, delivery) or _is_last_of_hour(session, delivery, most)):
        free = [number for number in claimed if number not in ids]
        others = outbox.companions(session, delivery, run, claimed=free, templates=outbox.DIGESTED)
        others = [number for number in others if number not in ids]
        ids += others
        going += _ready(session, others, delivery)
        going = _fitting(session, going, most_cases)
    return going, ids


def _fitting(session: Session, delivery_ids: Sequence[int], most_cases: int) -> list[int]:
    """Those of these that one mail can tell: of so many cases whose turn it is, and any number of others; the rest waits."""
    rows = session.execute(
        select(Delivery.id, Delivery.case_id, Delivery.template).where(Delivery.id.in_(delivery_ids))
    )
    case_of = {row.id: row.case_id for row in rows if row.template == outbox.TURN}
    case_ids = list(dict.fromkeys(case_of[number] for number in delivery_ids if number in case_of))[:most_cases]
    rest = [number for number in delivery_ids if number in case_of and case_of[number] not in case_ids]
    outbox.put_back(session, rest, until=now())
    return [number for number in delivery_ids if number not in rest]


def _ready(session: Session, delivery_ids: Sequence[int], first: Delivery) -> list[int]:
    """Those of these that go now to the same address as the first; what is untrue or unwished by now never goes."""
    rows = session.scalars(select(Delivery).where(Delivery.id.in_(delivery_ids)).order_by(Delivery.id))
    by_id = {delivery.id: delivery for delivery in rows}
    news = [number for number in delivery_ids if number in by_id and by_id[number].template == outbox.DESK_TEMPLATE]
    settled = set(routing.settle(session, news)) if news else set()
    deliveries = [by_id[number] for number in delivery_ids if number in settled or number not in news]
    wishes: dict[str, Habits] = {}
    going: list[int] = []
    for delivery in deliveries:
        _readdress(session, delivery)
        _pass_on(session, delivery)
        if delivery.recipient not in wishes:
            wishes[delivery.recipient] = _habits(session, delivery)
        moment = due(delivery.created_at, sort_of(delivery), wishes[delivery.recipient])
        if delivery.state is not DeliveryState.OWED:
            continue
        if moment is None or _is_over(session, delivery, has_waited=moment > delivery.created_at):
            outbox.drop(delivery)
            continue
        is_by_hand = outbox.BY_HAND in delivery.data
        until = rouse(now() if is_by_hand else max(moment, now()), wishes[delivery.recipient])
        if until > now() or delivery.recipient != first.recipient:
            session.flush()
            outbox.put_back(session, [delivery.id], until=until, by_choice=until > now())
        else:
            going.append(delivery.id)
    session.flush()
    return going


def _readdress(session: Session, delivery: Delivery) -> None:
    """Let a mail to somebody who has left go to whose matter the case is by now; what was for them alone goes to nobody."""
    if delivery.recipient == delivery.site.desk or mail_choices.person_at(
        session, delivery.recipient, delivery.site_id
    ):
        return
    is_personal = delivery.data.get("turn") in PERSONAL
    address = people.address(delivery.case) if delivery.case is not None and not is_personal else ""
    if not address or _is_told(session, delivery, address):
        outbox.drop(delivery)
    else:
        delivery.recipient = address


def _pass_on(session: Session, delivery: Delivery) -> None:
    """Let a mail to somebody who is away go to who stands in for them, unless these are told the same already."""
    person = mail_choices.person_at(session, delivery.recipient, delivery.site_id)
    deputy = (
        people.present(session, person, delivery.site) if person and people.is_away(person, delivery.site) else None
    )
    if person is None or deputy is None or delivery.data.get("turn") == PROPOSED:
        return  # whoever else may approve is asked anyway, and a deputy may not
    if _is_told(session, delivery, deputy.email):
        outbox.drop(delivery)
        return
    delivery.recipient = deputy.email
    delivery.data = {"instead_of": person.id, **delivery.data}


def _is_told(session: Session, delivery: Delivery, address: str) -> bool:
    """Whether this address is told, or owed, the same by another mail."""
    same = select(Delivery.id).where(
        Delivery.template == delivery.template,
        Delivery.recipient == address,
        Delivery.case_id == delivery.case_id,
        Delivery.event_id == delivery.event_id if delivery.event_id else Delivery.key == delivery.key,
    )
    return session.scalar(same.limit(1)) is not None


def _is_over(session: Session, delivery: Delivery, *, has_waited: bool) -> bool:
    """Whether what a mail says came to be untrue while it waited: of a new case that is decided nobody hears later."""
    if delivery.case is not None and delivery.data.get("turn") == PROPOSED:
        return notices.proposal(session, delivery.case) is None
    if delivery.case is not None and delivery.data.get("turn") == mending.TURN:
        return not mending.is_awaited(session, delivery.case)
    if delivery.template == outbox.DESK_TEMPLATE:
        return has_waited and delivery.case is not None and delivery.case.state not in UNDECIDED
    return outbox.is_overtaken(session, delivery)


def _has_waited(session: Session, delivery: Delivery) -> bool:
    """Whether a mail was kept for its hour or its day, or for the end of a night."""
    moment = due(delivery.created_at, sort_of(delivery), _habits(session, delivery))
    return moment is not None and moment > delivery.created_at


def _habits(session: Session, delivery: Delivery) -> Habits:
    person = mail_choices.person_at(session, delivery.recipient, delivery.site_id)
    return mail_choices.habits(session, person.id if person else None, delivery.site)


def desk_pause(session: Session, delivery: Delivery, most: int) -> datetime | None:
    """When the next mail may go to this desk, or to this person; None for at once (P-11)."""
    times = _sent_lately(session, delivery, most)
    return times[-1] + timedelta(hours=1) if len(times) == most else None


def _is_last_of_hour(session: Session, delivery: Delivery, most: int) -> bool:
    """Whether, after this one, mails to this desk or person wait for an hour to be over."""
    return len(_sent_lately(session, delivery, most)) >= most - 1


def _sent_lately(session: Session, delivery: Delivery, most: int) -> list[datetime]:
    """When the last mails went to this desk or person within the hour, the latest first; a digest is one."""
    sent_at = select(Delivery.sent_at).where(
        Delivery.recipient == delivery.recipient,
        Delivery.template.in_(outbox.TO_DESKS),
        Delivery.sent_at > now() - timedelta(hours=1),
    )
    return [at for at in session.scalars(sent_at.distinct().order_by(Delivery.sent_at.desc()).limit(most)) if at]
