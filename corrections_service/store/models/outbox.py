"""Messages that are owed, and the processes that send them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections_service.store.models.base import LARGE, Base, DeliveryState, now
from corrections_service.store.models.cases import Case, Report
from corrections_service.store.models.sites import Site


class Delivery(Base):
    """One message owed to one address; `key` (what it tells, to whom) makes it once."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "state", "next_at"),
        Index("ix_delivery_recipient", "recipient", "template", "sent_at"),
    )

    id: Mapped[int] = mapped_column(LARGE, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(LARGE, ForeignKey("report.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(LARGE, ForeignKey("event.id"), index=True)
    template: Mapped[str] = mapped_column(String(50))
    recipient: Mapped[str] = mapped_column(String(254))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.OWED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=now)
    claimed_by: Mapped[str | None] = mapped_column(String(64), default=None)
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=now)
    site: Mapped[Site] = relationship()
    case: Mapped[Case | None] = relationship()
    report: Mapped[Report | None] = relationship()


class Worker(Base):
    """A process that runs jobs, and when it was last heard of."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    beat_at: Mapped[datetime]
