"""What is counted by the day: attempts, by marks that tell nobody who, reports that were refused, a site's figures."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from corrections_service.store.models.base import LARGE, Base


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


class SpamWord(Base):
    """In how many reports that a site's editors called spam a word stood, and in how many others.

    The word "" counts these reports themselves. Of readers there is nothing: words without addresses and numbers.
    """

    __tablename__ = "spam_word"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    spam: Mapped[int] = mapped_column(default=0)
    fine: Mapped[int] = mapped_column(default=0)


class Refusal(Base):
    """How many reports were refused, by reason and day, so that the numbers add up (P-05)."""

    __tablename__ = "refusal"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    reason: Mapped[str] = mapped_column(String(50), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class Tally(Base):
    """What one day of one site came to, counted ahead: under a measure's name so many reports and so many cases.

    `day` is a day in the site's zone, as 2026-11-29. Reports count on the day that they came in, cases likewise.
    """

    __tablename__ = "tally"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    reports: Mapped[int] = mapped_column(default=0)
    cases: Mapped[int] = mapped_column(default=0)


class TallyDue(Base):
    """A day of a site that has to be counted again."""

    __tablename__ = "tally_due"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)


class TallyMark(Base):
    """Up to which event a site's days are noted, the newest one at that look, and in which zone its days are."""

    __tablename__ = "tally_mark"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    zone: Mapped[str] = mapped_column(String(64))
    event_id: Mapped[int] = mapped_column(LARGE, default=0)
    newest_id: Mapped[int] = mapped_column(LARGE, default=0)
