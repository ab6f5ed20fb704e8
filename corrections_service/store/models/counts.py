"""What is counted by the day: attempts, by marks that tell nobody who, and reports that were refused."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from corrections_service.store.models.base import Base


class Attempt(Base):
    """How often an address block did something lately; the block is a keyed hash with a key that is thrown away daily."""

    __tablename__ = "attempt"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class Salt(Base):
    """The day's random key for address marks; destroyed after a day and left out of backups."""

    __tablename__ = "salt"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(String(64))


class Refusal(Base):
    """How many reports were refused, by reason and day, so that the numbers add up (P-05)."""

    __tablename__ = "refusal"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    reason: Mapped[str] = mapped_column(String(50), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
