"""Returns: mails that came back; who could not be reached is on screen, and takes no more for told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corrections_service.rules import text
from corrections_service.rules.bounces import Failure
from corrections_service.services import desk_mail, outbox
from corrections_service.store.models import Delivery, DeliveryState

_OURS = re.compile(r"<(?:digest\.[0-9a-f]{16}\.)?(.{1,100})\.([0-9a-f]{16})@[^@]{1,255}>")
_TEMPLATES = (outbox.RECEIPT, *outbox.ANSWERS, *outbox.TO_DESKS, *outbox.TO_OFFICES)


def mark(session: Session, failures: Sequence[Failure], message_ids: Sequence[str]) -> Delivery | None:
    """Mark the mail with one of these Message-IDs as not delivered, where a report says that it is so for good; that mail.

    A Message-ID of ours holds a mark that nobody can guess, so that who names it has seen the mail.
    """
    delivery = of_messages(session, message_ids)
    if delivery is None:
        return None
    final = next((failure for failure in failures if failure.for_good), None)
    if final is not None:
        reason = text.without_addresses(text.one_line(f"The mail came back: {final.reason}", 300))
        # Those that went in one mail were sent at one moment.
        together = (Delivery.recipient == delivery.recipient, Delivery.sent_at == delivery.sent_at)
        statement = update(Delivery).where(*together, Delivery.state == DeliveryState.SENT).returning(Delivery.id)
        returned = session.scalars(statement.values(state=DeliveryState.FAILED, last_error=reason)).all()
        desk_mail.tell_instead(session, returned)
        session.refresh(delivery)
    return delivery


def of_messages(session: Session, message_ids: Sequence[str]) -> Delivery | None:
    """The first mail of ours among those with these Message-IDs."""
    return next(filter(None, (_of_message(session, id) for id in message_ids[:10])), None)


def _of_message(session: Session, message_id: str) -> Delivery | None:
    match = _OURS.fullmatch(message_id)
    if match is None:
        return None
    keys = [f"{template}:{match[1]}:{match[2]}" for template in _TEMPLATES]
    return session.scalars(select(Delivery).where(Delivery.key.in_(keys)).limit(1)).first()
