"""Who is at which case at this moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections_service.store.models.base import Base
from corrections_service.store.models.sites import Editor


class Presence(Base):
    """That an editor looks at a case, or writes in it, for as long as the lease lasts."""

    __tablename__ = "presence"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id", ondelete="CASCADE"), primary_key=True, index=True)
    doing: Mapped[str] = mapped_column(String(16))
    until: Mapped[datetime]
    editor: Mapped[Editor] = relationship()
