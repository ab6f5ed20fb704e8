"""Mails to readers: how many may go to one address, and in one publication's name, at a time (P-13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corrections_service.rules.addresses import folded
from corrections_service.rules.workflow import NoticeState
from corrections_service.services import limits, outbox
from corrections_service.store.models import Correction, Delivery, DeliveryState, now

EARLY = timedelta(minutes=1)
"""How long an answer waits that came before its notice, until it is looked at again."""

_FULL = "This publication’s limit"
"""Begins the reason of what waits for the hour to end."""

ANSWERS_ALONE = "3/day"
"""Answers to one mailbox that go each by itself; what is more is gathered into one mail a day (P-13)."""


def reader_pause(
    session: Session, delivery: Delivery, together: int, rules: Mapping[str, str]
) -> tuple[datetime, str] | None:
    """Count a mail that is about to go to a reader; or until when it waits, and the reason (P-13).

    `together` is how many answers could go in it, `rules` the limits of a publication, by template.
    """
    site_rule = rules.get(delivery.template, "off")
    if delivery.template in outbox.ANSWERS and not answers_left(session, delivery):
        return limits.end_of(ANSWERS_ALONE), "Enough answers went to this address today; what is more goes in one mail."
    is_full = not limits.remaining(session, delivery.template, delivery.site_id, site_rule)  # what waits is not counted
    until = None if is_full else limits.take(session, delivery.template, delivery.site_id, site_rule)
    if is_full or until is not None:
        reason = f"This publication’s limit of {site_rule} for such mails is reached; {together} wait here."
        return until or limits.end_of(site_rule), reason
    if delivery.template in outbox.ANSWERS:
        limits.take(session, "answers", folded(delivery.recipient), ANSWERS_ALONE)
    return None


def put_back_early(session: Session, ids: Sequence[int]) -> list[int]:
    """Let those of these answers wait that say that a notice is published which is not public yet: its time alone was to come.

    It may be frozen by now, or could not be published.
    """
    on_its_way = (Correction.state == NoticeState.READY, Correction.retracted_at.is_(None))
    query = select(Delivery.id).join(Correction, Correction.case_id == Delivery.case_id).where(*on_its_way)
    early = session.scalars(query.where(Delivery.id.in_(ids), Delivery.template == outbox.RESOLVED).distinct()).all()
    outbox.put_back(session, early, until=now() + EARLY, reason="The notice is not public yet.", by_choice=True)
    return list(early)


def answers_left(session: Session, delivery: Delivery) -> int:
    """How many more mails with answers may go to this mailbox today."""
    return limits.remaining(session, "answers", folded(delivery.recipient), ANSWERS_ALONE)


def give_back(session: Session, delivery: Delivery, rules: Mapping[str, str]) -> None:
    """Take back that a mail to a reader was counted, when it did not go; one that waits for the limit goes in its place."""
    limits.give_back(session, delivery.template, delivery.site_id, rules.get(delivery.template, "off"))
    alike = (Delivery.site_id == delivery.site_id, Delivery.template == delivery.template)
    is_waiting = (Delivery.state == DeliveryState.OWED, Delivery.claimed_by.is_(None), Delivery.next_at > now())
    waits = (*alike, *is_waiting, Delivery.last_error.startswith(_FULL))
    first = select(Delivery.id).where(*waits).order_by(Delivery.id).limit(1).scalar_subquery()
    session.execute(update(Delivery).where(Delivery.id == first).values(next_at=now()))
    if delivery.template in outbox.ANSWERS:
        limits.give_back(session, "answers", folded(delivery.recipient), ANSWERS_ALONE)
