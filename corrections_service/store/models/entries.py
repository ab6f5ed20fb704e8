"""The public log as it was written down: entries that are only ever added, and the checkpoints that are signed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from corrections_service.store.models.base import Base, now


class EntryKind(StrEnum):
    """What an entry says of a notice; kept for good, as entries are."""

    PUBLISHED = "published"
    REPLACED = "replaced"
    FIXED = "fixed"
    REOPENED = "reopened"
    KEPT = "kept"
    RETRACTED = "retracted"
    RESTORED = "restored"


class Entry(Base):
    """One entry of a site's log, numbered from 1: `content` is what its hash is of, to the byte, and is never changed.

    The content holds the hash of the entry before, and of readers nothing: who is erased leaves the chain valid.
    """

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("site_id", "number"), Index("ix_entry_correction", "correction_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    number: Mapped[int]
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    kind: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)


class Checkpoint(Base):
    """How far a site's log went on a day, signed; `content` is what was signed, to the byte."""

    __tablename__ = "checkpoint"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    entries: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(100))
