"""Alarms: mail that should have gone by now, which administrators see on every page and are mailed of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from corrections_service.services import outbox, sites
from corrections_service.store import jobs
from corrections_service.store.models import Delivery, DeliveryState, Site, now

LATE = timedelta(minutes=15)
"""How long a mail may be tried in vain, or wait for somebody to send it, before that is said."""

TEMPLATE = outbox.ALARM


def oldest_late(session: Session, site_ids: Collection[int]) -> Delivery | None:
    """The oldest mail of these sites that was tried in vain for too long, or that nobody sends.

    What waits for its hour, for a limit or for the end of a night is not late.
    """
    query = select(Delivery).where(Delivery.site_id.in_(site_ids), _is_late()).order_by(Delivery.created_at)
    return session.scalars(query.limit(1)).first()


def tell(session: Session) -> int:
    """Owe each administrator of a site whose mail is late one mail, unless they had one within a day; how many sites."""
    late_sites = session.scalars(select(Site).where(Site.id.in_(select(Delivery.site_id).where(_is_late())))).all()
    for site in late_sites:
        oldest = oldest_late(session, [site.id])
        data = {"since": oldest.created_at.isoformat(), "why": oldest.last_error} if oldest else {}
        for address in sites.in_charge(session, site):
            lately = and_(Delivery.template == TEMPLATE, Delivery.created_at > now() - timedelta(days=1))
            same = select(Delivery.id).where(lately, Delivery.recipient == address, Delivery.site_id == site.id)
            if session.scalar(same.limit(1)) is None:
                outbox.owe(session, TEMPLATE, address, site=site, data=data, key=f"late.{site.id}.{now():%Y%m%d%H}")
                jobs.wake(session, "deliver_due")
    return len(late_sites)


def _is_late() -> ColumnElement[bool]:
    is_tried = and_(Delivery.attempts > 0, Delivery.last_error != "", Delivery.created_at < now() - LATE)
    is_left = and_(Delivery.claimed_by.is_(None), Delivery.next_at < now() - LATE)
    return and_(Delivery.state == DeliveryState.OWED, Delivery.template != TEMPLATE, or_(is_tried, is_left))
