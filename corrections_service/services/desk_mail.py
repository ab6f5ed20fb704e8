"""Mails to desks and to the people who work there: which go now, which wait, which go together, by each one's choice."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.rules.mail_times import UNASKED, Habits, Pace, Sort, due, rouse, sort_of_turn
from corrections_service.rules.workflow import UNDECIDED, Resolution
from corrections_service.services import approvals, mail_choices, mending, notices, outbox, people, routing, sites
from corrections_service.services.history import last_event
from corrections_service.store import erasures, jobs
from corrections_service.store.models import Delivery, DeliveryState, Editor, Event, EventKind, Site, now

PROPOSED = "proposed"
"""The turn of a case whose notice waits to be approved."""

PERSONAL = ("assigned", "mentioned", "approved")
"""The turns that are told to one person, and to nobody in their place where they have left or want none."""

Wishes = dict[tuple[str, int], Habits]
"""How each address of a publication wants its mails, as far as it was asked."""


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
    wishes: Wishes = {}
    going: list[int] = []
    for delivery in deliveries:
        _settle(session, delivery, wishes)
        if delivery.state is not DeliveryState.OWED:
            continue
        habits = _habits(session, delivery, delivery.recipient, wishes)
        moment = due(delivery.created_at, sort_of(delivery), habits)
        if moment is None or _is_over(session, delivery, has_waited=moment > delivery.created_at):
            outbox.drop(delivery)
            continue
        is_by_hand = outbox.BY_HAND in delivery.data
        until = rouse(now() if is_by_hand else max(moment, now()), habits)
        if until > now() or delivery.recipient != first.recipient:
            session.flush()
            outbox.put_back(session, [delivery.id], until=until, by_choice=until > now())
        else:
            going.append(delivery.id)
    session.flush()
    return going


def _settle(session: Session, delivery: Delivery, wishes: Wishes) -> None:
    """Address a mail to whom it reaches, or take it back where that is nobody, or they are told the same already."""
    addresses = _whom(session, delivery, wishes)
    if delivery.recipient in addresses:
        return
    untold = [address for address in addresses if not _is_told(session, delivery, address)]
    if not untold:
        outbox.drop(delivery)
        return
    absent = mail_choices.person_at(session, delivery.recipient, delivery.site_id)
    deputy = people.present(session, absent, delivery.site)
    if absent is not None and deputy is not None and deputy is not absent and deputy.email == untold[0]:
        delivery.data = {"instead_of": absent.id, **delivery.data}
    delivery.recipient = untold[0]
    _owe_same(session, delivery, untold[1:])


def tell_instead(session: Session, delivery_ids: Sequence[int]) -> None:
    """Tell others what was to go to a desk, or to somebody there, and could not for good."""
    is_failed = (Delivery.id.in_(delivery_ids), Delivery.state == DeliveryState.FAILED)
    for delivery in session.scalars(select(Delivery).where(*is_failed, Delivery.template.in_(outbox.TO_DESKS))).all():
        _owe_same(session, delivery, _whom(session, delivery, {}, besides=delivery.recipient))


def _owe_same(session: Session, delivery: Delivery, addresses: Sequence[str]) -> None:
    """Owe these addresses what a mail tells, each once."""
    event = session.get(Event, delivery.event_id) if delivery.event_id else None
    about: dict[str, Any] = {"site": delivery.site, "event": event, "case_id": delivery.case_id, "data": delivery.data}
    for address in addresses:
        outbox.owe(session, delivery.template, address, key=delivery.key.split(":")[1], **about)
        jobs.wake(session, "deliver_due")


def _whom(session: Session, delivery: Delivery, wishes: Wishes, *, besides: str = "") -> list[str]:
    """Whom a mail reaches; the one place that says so.

    It is the first of these who are there and want it: whom it is for, or who stands in for them; and where it is for the
    desk, who has the case, the desk, and its administrators; but of new cases, which the queue shows, these are not told.
    `besides`: not this address, which cannot be reached.
    """
    site, sort, turn = delivery.site, sort_of(delivery), delivery.data.get("turn")
    is_for_one = turn in PERSONAL or sort in UNASKED

    def wanting(addresses: Sequence[str]) -> list[str]:
        others = [address for address in dict.fromkeys(addresses) if address != besides]
        paces = {address: _habits(session, delivery, address, wishes).pace(sort) for address in others}
        return [address for address, pace in paces.items() if pace is not Pace.NEVER]

    if delivery.recipient != site.desk or is_for_one or turn == PROPOSED:
        if reached := wanting(_for_one(session, delivery, is_for_one=is_for_one)):
            return reached[:1]
        if is_for_one or (turn == PROPOSED and _is_told_besides(session, delivery)):
            return []
        has_it = people.present(session, delivery.case.assignee, site) if delivery.case and turn != PROPOSED else None
        if has_it is not None and (reached := wanting([has_it.email])):
            return reached
    if (reached := wanting(_at_desk(session, site))) or sort is Sort.NEW:
        return reached
    return wanting(_in_charge(session, site))


def _for_one(session: Session, delivery: Delivery, *, is_for_one: bool) -> list[str]:
    """Who stands in for the one person whom a mail is for, then that one; nobody where they left, or may not act any more."""
    person = mail_choices.person_at(session, delivery.recipient, delivery.site_id)
    if delivery.data.get("turn") == PROPOSED:  # whoever else may approve is asked anyway, and a deputy may not
        return [person.email] if person is not None and _may_approve(session, delivery, person) else []
    there = people.present(session, person, delivery.site)
    return [editor.email for editor in (there, person if is_for_one else None) if editor is not None]


def _may_approve(session: Session, delivery: Delivery, person: Editor) -> bool:
    """Whether this person may approve what a mail asks them to; where that is over, it never goes."""
    proposal = last_event(session, delivery.case, EventKind.PROPOSED) if delivery.case is not None else None
    if delivery.case is None or proposal is None:
        return True
    return approvals.may_approve(delivery.case, Resolution(proposal.data["resolution"]), person, proposal.actor_id)


def _at_desk(session: Session, site: Site) -> list[str]:
    """The desk's address, unless it is not to be mailed; who stands in for a person who is the desk, and away."""
    desk = sites.desk_address(site)
    person = mail_choices.person_at(session, desk, site.id) if desk else None
    deputy = people.present(session, person, site) if person is not None and people.is_away(person, site) else None
    return [deputy.email] if deputy is not None else [desk] if desk else []


def _in_charge(session: Session, site: Site) -> list[str]:
    """A publication's administrators: those who are there, or all where nobody is."""
    everybody = sites.administrators(session, site)
    there = [person for person in everybody if not people.is_away(person, site)]
    return [person.email for person in there or everybody]


def _is_told_besides(session: Session, delivery: Delivery) -> bool:
    """Whether somebody else is told the same, or was."""
    others = select(Delivery.id).where(
        Delivery.event_id == delivery.event_id,
        Delivery.template == delivery.template,
        Delivery.id != delivery.id,
        Delivery.state.in_((DeliveryState.OWED, DeliveryState.HELD, DeliveryState.SENT)),
    )
    return session.scalar(others.limit(1)) is not None


def _is_told(session: Session, delivery: Delivery, address: str) -> bool:
    """Whether this address is told, or owed, the same by another mail."""
    same = select(Delivery.id).where(
        Delivery.template == delivery.template,
        Delivery.recipient == address,
        Delivery.case_id == delivery.case_id,
        Delivery.state != DeliveryState.CANCELLED,
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
    moment = due(delivery.created_at, sort_of(delivery), _habits(session, delivery, delivery.recipient, {}))
    return moment is not None and moment > delivery.created_at


def _habits(session: Session, delivery: Delivery, address: str, wishes: Wishes) -> Habits:
    key = (address, delivery.site_id)
    if key not in wishes:
        person = mail_choices.person_at(session, address, delivery.site_id)
        wishes[key] = mail_choices.habits(session, person.id if person else None, delivery.site)
    return wishes[key]


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


def stop(session: Session, site_id: int, mark: str) -> None:
    """Mail the desk no more, if this is its address, and tell each administrator at once, who can turn it on again."""
    site = session.get(Site, site_id)
    if site is None or not sites.is_desk(session, site_id, mark) or site.policy.get("desk_mail_off"):
        return
    site.policy = {**site.policy, "desk_mail_off": True, "desk_mail_stopped": f"{now():%Y-%m-%dT%H:%M:%SZ}"}
    erasures.note(session, erasures.DESK_STOPPED, site.key)
    for address in sites.in_charge(session, site):
        key = f"desk_stopped.{site.id}.{secrets.token_hex(8)}"
        outbox.owe(session, "desk_stopped", address, site=site, data={"desk": site.desk}, key=key)
