"""Inbound: mail that comes in is read, kept and put where it belongs, one transaction a mail."""

from __future__ import annotations

import hashlib

import structlog

from corrections_service.rules import incoming as rules
from corrections_service.services import incoming
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Place

log = structlog.get_logger()


def take(database: Database, settings: Settings, raw: bytes) -> Place | None:
    """Keep one mail that came in; where it went, None where it was kept before."""
    mail = rules.read(raw, host=settings.host, sender=settings.sender)
    with database.write() as session:
        letter = incoming.take_in(session, mail, settings)
        place = letter.place if letter is not None else None
    log.info("mail came in", sort=mail.sort.value, place=place.value if place else "known")
    return place


def set_aside(database: Database, settings: Settings, raw: bytes) -> None:
    """Keep, in sight, that a mail came which could not be taken in: who wrote it, if that can be told, and when."""
    mail = rules.read(raw[:100_000])
    with database.write() as session:
        incoming.set_aside(session, hashlib.sha256(raw).hexdigest(), mail, settings)
