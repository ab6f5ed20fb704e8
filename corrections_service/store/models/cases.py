"""Tables and enums of PRODUCT's words; no queries."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import NoticeClass, Resolution, Role, State


def now() -> datetime:
    """The time, aware, in UTC: the one clock of the service."""
    return datetime.now(UTC)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time on every database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware times only; SQLite stores them without their zone."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class DeliveryState(StrEnum):
    """What became of a message that is owed."""

    OWED = "owed"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    HELD = "held"


class FixState(StrEnum):
    """What the last look at the article said about a case (the rules' states, and that it could not be read)."""

    PRESENT = "present"
    APPLIED = "applied"
    CHANGED = "changed"
    GONE = "gone"
    UNCLEAR = "unclear"
    UNREACHABLE = "unreachable"


class Purpose(StrEnum):
    """What a token in a link is good for."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    SESSION = "session"


class Scope(StrEnum):
    """What a program may do by its token."""

    CASES_READ = "cases:read"
    ARTICLES_CHANGED = "articles:changed"


def _enum(enum: type[StrEnum]) -> Enum:
    return Enum(enum, native_enum=False, length=32, values_callable=lambda members: [one.value for one in members])


def _only(where: str) -> dict[str, Any]:
    return {"sqlite_where": text(where), "postgresql_where": text(where)}


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        Kind: _enum(Kind),
        State: _enum(State),
        Resolution: _enum(Resolution),
        Role: _enum(Role),
        NoticeClass: _enum(NoticeClass),
        DeliveryState: _enum(DeliveryState),
        FixState: _enum(FixState),
        Purpose: _enum(Purpose),
    }


class Site(Base):
    """One publication."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    origins: Mapped[list[str]]
    language: Mapped[str] = mapped_column(String(35), default="en")
    desk: Mapped[str] = mapped_column(String(254))
    active: Mapped[bool] = mapped_column(default=True)
    missing_origin_allowed: Mapped[bool] = mapped_column(default=False)
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Editor(Base):
    """A person who signs in."""

    __tablename__ = "editor"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    password: Mapped[str | None] = mapped_column(String(255), default=None)
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    memberships: Mapped[list[Membership]] = relationship(back_populates="editor", cascade="all, delete-orphan")

    def role_on(self, site_id: int) -> Role | None:
        """The editor's role on a site, or None where they have no business."""
        return next((one.role for one in self.memberships if one.site_id == site_id), None)


class Membership(Base):
    """An editor's role on one site."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("editor_id", "site_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role]
    editor: Mapped[Editor] = relationship(back_populates="memberships")
    site: Mapped[Site] = relationship()


class Token(Base):
    """A random secret of an editor, stored hashed: one purpose, one expiry; in a link, one use.

    An invitation names the role that it offers, and on which site; who accepts it has that role.
    """

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Purpose]
    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), default=None)
    role: Mapped[Role | None] = mapped_column(default=None)
    editor: Mapped[Editor] = relationship()
    site: Mapped[Site | None] = relationship()


class ProgramToken(Base):
    """A random secret by which a program is let in, stored hashed: for one site, for what its scopes say."""

    __tablename__ = "program_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    site: Mapped[Site] = relationship()


class Article(Base):
    """One page of a site by its canonical address, as last seen.

    One that has moved names the article at its new address, where its cases are.
    """

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("site_id", "url"),)

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


class Case(Base):
    """One error in one article, however many readers report it.

    `number` for people is the id. `live_key` names the passage while new reports may join, so that a unique index settles races; NULL afterwards.
    `page_url` is where the words were read, where that was not the article's own address; `several` says that it was a
    page of several articles, which does not tell whose words they are.
    `version` grows with each change by an editor or the service: who saves over another's change is told.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_queue", "site_id", "state", "created_at", "id"),
        Index("ix_case_state", "state", "created_at", "id", "site_id"),
        Index("ix_case_article", "article_id", "state"),
        Index("ix_case_mine", "assignee_id", "state", "created_at", "id", **_only("assignee_id IS NOT NULL")),
        Index("ix_case_recheck", "recheck_at", **_only("recheck_at IS NOT NULL")),
        Index("ix_case_snoozed", "snoozed_until", **_only("snoozed_until IS NOT NULL")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    state: Mapped[State] = mapped_column(default=State.NEW)
    resolution: Mapped[Resolution | None] = mapped_column(default=None)
    kind: Mapped[Kind] = mapped_column(default=Kind.OTHER)
    fingerprint: Mapped[str] = mapped_column(String(64))
    live_key: Mapped[str | None] = mapped_column(String(100), unique=True)
    exact: Mapped[str] = mapped_column(Text, default="")
    prefix: Mapped[str] = mapped_column(Text, default="")
    suffix: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(Text, default="")
    suggestion: Mapped[str] = mapped_column(Text, default="")
    remove: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(Text, default="")
    readers: Mapped[int] = mapped_column(default=0)
    spam_points: Mapped[int] = mapped_column(default=0)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"), default=None)
    snoozed_until: Mapped[datetime | None] = mapped_column(default=None)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), default=None)
    fix_state: Mapped[FixState | None] = mapped_column(default=None)
    fix_checked_at: Mapped[datetime | None] = mapped_column(default=None)
    fix_before: Mapped[str] = mapped_column(Text, default="")
    fix_after: Mapped[str] = mapped_column(Text, default="")
    recheck_at: Mapped[datetime | None] = mapped_column(default=None)
    page_url: Mapped[str] = mapped_column(Text, default="")
    several: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    site: Mapped[Site] = relationship()
    article: Mapped[Article] = relationship()
    assignee: Mapped[Editor | None] = relationship()
    reports: Mapped[list[Report]] = relationship(back_populates="case", order_by="Report.id")
    events: Mapped[list[Event]] = relationship(back_populates="case", order_by="Event.id")
    corrections: Mapped[list[Correction]] = relationship(back_populates="case", order_by="Correction.id")


class Report(Base):
    """What one reader sent, immutable.

    `sender` is a mark by which a reader counts once in a case: of their address for as long as it is kept, or of their
    network, for one article and one day.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("site_id", "client_id"),
        Index("ix_report_day", "site_id", "created_at"),
        Index("ix_report_sender", "case_id", "sender"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    client_id: Mapped[str] = mapped_column(String(36))
    content_sha256: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(64), default="")
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    url: Mapped[str] = mapped_column(Text)
    page_url: Mapped[str] = mapped_column(Text, default="")
    several: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(Text, default="")
    exact: Mapped[str] = mapped_column(Text, default="")
    prefix: Mapped[str] = mapped_column(Text, default="")
    suffix: Mapped[str] = mapped_column(Text, default="")
    exact_length: Mapped[int] = mapped_column(default=0)
    exact_sha256: Mapped[str] = mapped_column(String(64), default="")
    place: Mapped[str] = mapped_column(Text, default="")
    suggestion: Mapped[str] = mapped_column(Text, default="")
    remove: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[Kind | None] = mapped_column(default=None)
    source_url: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(35), default="")
    start: Mapped[int | None] = mapped_column(default=None)
    spam_points: Mapped[int] = mapped_column(default=0)
    spam_reasons: Mapped[list[str]] = mapped_column(default=list)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    appealed_at: Mapped[datetime | None] = mapped_column(default=None)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=now)
    case: Mapped[Case] = relationship(back_populates="reports")
    reader: Mapped[Reader | None] = relationship(back_populates="report", cascade="all, delete-orphan")


class Reader(Base):
    """The address of a reader who asked for an answer to one report; kept apart and erased early."""

    __tablename__ = "reader"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    report: Mapped[Report] = relationship(back_populates="reader")


class Event(Base):
    """One fact in a case's history; only ever added.

    `kind` is a plain past participle ("reported", "resolved"); `data` holds plain values, for a change by an editor
    also what was there before, so that it can be undone.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"), default=None)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), default=None)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    case: Mapped[Case] = relationship(back_populates="events")
    actor: Mapped[Editor | None] = relationship()


class Correction(Base):
    """The public notice on a case; public once `published_at` is set."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_log", "site_id", "published_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    notice_class: Mapped[NoticeClass]
    wrong: Mapped[str] = mapped_column(Text, default="")
    right: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    retracted_at: Mapped[datetime | None] = mapped_column(default=None)
    site: Mapped[Site] = relationship()
    article: Mapped[Article] = relationship()
    case: Mapped[Case] = relationship(back_populates="corrections")


class Delivery(Base):
    """One message owed to one address; `key` (what it tells, to whom) makes it once."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "state", "next_at"),
        Index("ix_delivery_recipient", "recipient", "template", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
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


class RefusedOrigin(Base):
    """An origin from which reports to a site were refused: how often, and whether an administrator said "not ours"."""

    __tablename__ = "refused_origin"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(default=now)
    kept_out: Mapped[bool] = mapped_column(default=False)
    site: Mapped[Site] = relationship()
