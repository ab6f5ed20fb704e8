"""Sending by hand: what administrators do with a message that is owed, held back or could not be sent."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.services import outbox
from corrections_service.store.models import Delivery, DeliveryState, now

UNSENT = (DeliveryState.OWED, DeliveryState.HELD, DeliveryState.FAILED)


def waiting(session: Session, site_ids: Sequence[int], limit: int = 200) -> list[Delivery]:
    """What is owed by these sites, held back or could not be sent, with what needs a person first, then the newest."""
    where = select(Delivery).where(Delivery.site_id.in_(site_ids), Delivery.state.in_(UNSENT))
    needs_person = or_(Delivery.state != DeliveryState.OWED, Delivery.last_error != "")
    return list(session.scalars(where.order_by(needs_person.desc(), Delivery.id.desc()).limit(limit)))


def count_waiting(session: Session, site_ids: Sequence[int]) -> int:
    """How many messages of these sites are not sent yet."""
    where = and_(Delivery.site_id.in_(site_ids), Delivery.state.in_(UNSENT))
    return session.scalar(select(func.count()).select_from(Delivery).where(where)) or 0


def act(session: Session, number: int, action: str, site_ids: Sequence[int]) -> None:
    """Retry, hold, release or discard one message of these sites. Raises NotFound, ChangedMeanwhile, BadRequest.

    What a worker is sending at this moment is left alone.
    """
    delivery = session.get(Delivery, number)
    if delivery is None or delivery.site_id not in site_ids:
        raise errors.NotFound()
    again = {"state": DeliveryState.OWED, "next_at": now(), "created_at": now(), "attempts": 0, "claimed_by": None}
    match action:
        case "retry":
            if not outbox.retry(session, number):
                outbox.hasten(session, Delivery.id == number)
                _change(session, number, (DeliveryState.OWED,), {"next_at": now()})
        case "hold":
            _change(session, number, (DeliveryState.OWED, DeliveryState.FAILED), {"state": DeliveryState.HELD})
        case "release":
            outbox.hasten(session, Delivery.id == number)
            _change(session, number, (DeliveryState.HELD,), again)
        case "discard":
            _change(session, number, UNSENT, {"state": DeliveryState.CANCELLED})
        case _:
            raise errors.BadRequest()


def _change(session: Session, number: int, states: Sequence[DeliveryState], values: dict[str, object]) -> None:
    is_free = and_(Delivery.id == number, Delivery.state.in_(states), Delivery.claimed_by.is_(None))
    changed = session.execute(update(Delivery).where(is_free).values(**values))
    if not getattr(changed, "rowcount", 0):
        raise errors.ChangedMeanwhile("This message is being sent at this moment, or was dealt with already.")
