"""What tests of looks ask: what happened to a case, and what is known of its article."""

from __future__ import annotations

from sqlalchemy import select

from corrections_service.store.models import (
    Article,
    Event,
)
from corrections_service.work.means import Work


def events(work: Work, case_id: int) -> list[str]:
    """What happened to a case, in order."""
    with work.database.read() as session:
        return list(session.scalars(select(Event.kind).where(Event.case_id == case_id).order_by(Event.id)))


def status(work: Work) -> str:
    """What the last look said of the article itself."""
    with work.database.read() as session:
        return session.scalars(select(Article.read_status).order_by(Article.id)).one()
