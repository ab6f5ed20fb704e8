"""Mails to desks and to the people who work there: which go now, which wait, which go together, by each one's choice."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.rules.mail_times import Habits, Sort, due, rouse, sort_of_turn
from corrections_service.rules.workflow import UNDECIDED
from corrections_service.services import mail_choices, notices, outbox, people, routing
from corrections_service.store.models import Delivery, DeliveryState, now

PROPOSED = "proposed"
"""The turn of a case whose notice waits to be approved."""


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
    session: Session, delivery: Delivery, worker: str, *, claimed: Sequence[int], most: int
) -> tuple[list[int], list[int]]:
    """Which mails go now as one with this one, by number; and all that were looked at, the rest of which is seen to.

    A person's hourly and daily mail, what waited for their quiet hours to end, and the last of the `most` mails that one
    address gets in an hour, take along whatever waits for the same person.
    """
    ids = [delivery.id]
    if delivery.template in outbox.TOGETHER:
        ids += outbox.companions(session, delivery, worker, claimed=claimed)
    going = _ready(session, ids, delivery)
    if delivery.id not in going:
        outbox.put_back(session, going, until=now())
        return [], ids
    pause = outbox.desk_pause(session, delivery, most)
    if pause is not None:
        outbox.put_back(session, going, until=pause)
        return [], ids
    if delivery.template in outbox.DIGESTED and (
        _has_waited(session, delivery) or outbox.is_last_of_hour(session, delivery, most)
    ):
        free = [number for number in claimed if number not in ids]
        others = outbox.companions(session, delivery, worker, claimed=free, templates=outbox.DIGESTED)
        others = [number for number in others if number not in ids]
        ids += others
        going += _ready(session, others, delivery)
    return going, ids


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
        _pass_on(session, delivery)
        if delivery.recipient not in wishes:
            wishes[delivery.recipient] = _habits(session, delivery)
        moment = due(delivery.created_at, sort_of(delivery), wishes[delivery.recipient])
        if delivery.state is not DeliveryState.OWED:
            continue
        if moment is None or _is_over(session, delivery, has_waited=moment > delivery.created_at):
            outbox.drop(delivery)
            continue
        until = rouse(max(moment, now()), wishes[delivery.recipient])
        if until > now() or delivery.recipient != first.recipient:
            session.flush()
            outbox.put_back(session, [delivery.id], until=until)
        else:
            going.append(delivery.id)
    session.flush()
    return going


def _pass_on(session: Session, delivery: Delivery) -> None:
    """Let a mail to somebody who is away go to who stands in for them, unless these are told the same already."""
    person = mail_choices.person_at(session, delivery.recipient, delivery.site_id)
    deputy = (
        people.present(session, person, delivery.site) if person and people.is_away(person, delivery.site) else None
    )
    if person is None or deputy is None or delivery.data.get("turn") == PROPOSED:
        return  # whoever else may approve is asked anyway, and a deputy may not
    same = select(Delivery.id).where(
        Delivery.template == delivery.template,
        Delivery.recipient == deputy.email,
        Delivery.case_id == delivery.case_id,
        Delivery.event_id == delivery.event_id if delivery.event_id else Delivery.key == delivery.key,
    )
    if session.scalar(same.limit(1)) is not None:
        outbox.drop(delivery)
        return
    delivery.recipient = deputy.email
    delivery.data = {"instead_of": person.id, **delivery.data}


def _is_over(session: Session, delivery: Delivery, *, has_waited: bool) -> bool:
    """Whether what a mail says came to be untrue while it waited: of a new case that is decided nobody hears later."""
    if delivery.case is not None and delivery.data.get("turn") == PROPOSED:
        return notices.proposal(session, delivery.case) is None
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
