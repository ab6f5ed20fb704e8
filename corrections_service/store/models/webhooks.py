"""Webhooks: addresses of other programs that are told what happens on a site, what they are owed, and what they answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections_service.rules.webhooks import WebhookKind
from corrections_service.store.models.base import LARGE, Base, DeliveryState, enum_of, now
from corrections_service.store.models.sites import Site


class Webhook(Base):
    """An address that is told of the events that its site chose, while it is on.

    `sealed` is the whole address with its secrets, encrypted; `host` is shown. It fails since `failing_since`, so many
    times in a row, and is not called before `next_at`.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    kind: Mapped[WebhookKind] = mapped_column(enum_of(WebhookKind))
    host: Mapped[str] = mapped_column(String(255))
    sealed: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)
    off_reason: Mapped[str] = mapped_column(Text, default="")
    failing_since: Mapped[datetime | None] = mapped_column(default=None)
    failures: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    site: Mapped[Site] = relationship()


class Call(Base):
    """One request owed to one webhook; `key` is its id there, the same for every try, and makes it once.

    `payload` is what it says, from the first try on; empty before, and again when a reader's words in it were erased.
    """

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_due", "state", "next_at"),)

    id: Mapped[int] = mapped_column(LARGE, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"), index=True)
    event: Mapped[str] = mapped_column(String(50))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    at: Mapped[datetime]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.OWED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=now)
    claimed_by: Mapped[str | None] = mapped_column(String(64), default=None)
    owed_since: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    webhook: Mapped[Webhook] = relationship()
    tries: Mapped[list[Try]] = relationship(order_by="Try.id", passive_deletes=True)


class Try(Base):
    """One request that was made for a call: the answer's status, if there was one, the first of its words, how long it took."""

    __tablename__ = "try"

    id: Mapped[int] = mapped_column(LARGE, primary_key=True)
    call_id: Mapped[int] = mapped_column(LARGE, ForeignKey("call.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    status: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")
    milliseconds: Mapped[int]
