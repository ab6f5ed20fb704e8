"""Articles as they were last read, in which wordings, and what the reader of articles minds of their hosts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections_service.store.models.base import Base, now
from corrections_service.store.models.sites import Site


class Article(Base):
    """One page of a site by its canonical address, as last seen.

    One that has moved names the article at its new address, where its cases are.
    """

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("site_id", "url"),
        Index("ix_article_facts", "site_id", "section", "author", "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    url: Mapped[str] = mapped_column(Text)
    canonical_url: Mapped[str] = mapped_column(Text, default="")
    headline: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(Text, default="")
    section: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(35), default="")
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    modified_at: Mapped[datetime | None] = mapped_column(default=None)
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    read_status: Mapped[str] = mapped_column(String(200), default="")
    etag: Mapped[str] = mapped_column(Text, default="")
    last_modified: Mapped[str] = mapped_column(String(64), default="")
    text_sha256: Mapped[str] = mapped_column(String(64), default="")
    text_length: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(Text, default="", deferred=True)
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(default=now)
    site: Mapped[Site] = relationship()


class Wording(Base):
    """One wording of an article, by its hash: of when it is by its own account, and when it was first read."""

    __tablename__ = "wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    text_sha256: Mapped[str] = mapped_column(String(64))
    modified_at: Mapped[datetime | None] = mapped_column(default=None)
    read_at: Mapped[datetime] = mapped_column(default=now)


class Host(Base):
    """What the article reader minds of one host: when it may ask again, and the host's robots.txt as last read."""

    __tablename__ = "host"

    name: Mapped[str] = mapped_column(String(260), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(default=now)
    robots: Mapped[str] = mapped_column(Text, default="")
    robots_pause: Mapped[int] = mapped_column(default=0)
    robots_read_at: Mapped[datetime | None] = mapped_column(default=None)
