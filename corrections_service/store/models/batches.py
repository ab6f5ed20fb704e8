"""One thing done with many cases at once, in the background, and what became of each of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections_service.store.models.base import LARGE, Base, now
from corrections_service.store.models.cases import Case
from corrections_service.store.models.sites import Editor


class Outcome(StrEnum):
    """What became of one case of a batch."""

    WAITING = "waiting"
    DONE = "done"
    CHANGED = "changed"
    REFUSED = "refused"
    UNDONE = "undone"
    KEPT = "kept"


class Batch(Base):
    """What an editor does with many cases; `undo_at` is when they asked to take all of it back."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id"), index=True)
    action: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    undo_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    editor: Mapped[Editor] = relationship()


class BatchCase(Base):
    """One case of a batch: its version as the editor saw it, what became of it and why."""

    __tablename__ = "batch_case"
    __table_args__ = (Index("ix_batch_case_outcome", "batch_id", "outcome"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(16), default=Outcome.WAITING)
    detail: Mapped[str] = mapped_column(Text, default="")
    event_id: Mapped[int | None] = mapped_column(LARGE, ForeignKey("event.id"), default=None)
    case: Mapped[Case] = relationship()
