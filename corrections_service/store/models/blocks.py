"""From whom or from where a site takes no reports for a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections_service.store.models.base import Base, BlockKind, now
from corrections_service.store.models.sites import Editor


class Block(Base):
    """A sender, an address or a source host that is blocked until a time, by whom and why.

    `mark` is what is compared: a keyed mark of a mailbox or a network, which tells nobody who, or a host. With `shadow`
    a report is taken and set aside; without, it is refused.
    """

    __tablename__ = "block"
    __table_args__ = (Index("ix_block_active", "site_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    kind: Mapped[BlockKind]
    mark: Mapped[str] = mapped_column(String(260))
    label: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(300))
    shadow: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    ends_at: Mapped[datetime]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"), default=None)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"), default=None)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), default=None)
    editor: Mapped[Editor | None] = relationship(foreign_keys=[editor_id])
    ended_by: Mapped[Editor | None] = relationship(foreign_keys=[ended_by_id])
