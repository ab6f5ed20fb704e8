"""Mail that came in: what it said, and where it went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections_service.store.models.base import LARGE, Base, enum_of, now
from corrections_service.store.models.sites import Site


class Place(StrEnum):
    """Where a letter went: to a case, nowhere because a program wrote it, aside for an editor, or done with by one."""

    CASE = "case"
    PROGRAM = "program"
    ASIDE = "aside"
    DONE = "done"


class Letter(Base):
    """One mail that came in, kept once however often it is read; `reason` says why it is where it is."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_site_id", "site_id", "place", "id"), Index("ix_letter_sender", "sender"))

    id: Mapped[int] = mapped_column(LARGE, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    sort: Mapped[str] = mapped_column(String(32))
    place: Mapped[Place] = mapped_column(enum_of(Place))
    reason: Mapped[str] = mapped_column(String(300), default="")
    sender: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    rest: Mapped[str] = mapped_column(Text, default="")
    attached: Mapped[list[str]] = mapped_column(default=list)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), default=None)
    report_id: Mapped[int | None] = mapped_column(LARGE, ForeignKey("report.id"), default=None, index=True)
    delivery_id: Mapped[int | None] = mapped_column(LARGE, ForeignKey("delivery.id"), default=None)
    written_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=now)
    site: Mapped[Site] = relationship()
