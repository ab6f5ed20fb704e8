"""Cases, the reports that raise them, what happened to them, and the public notices on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from corrections_service.rules.changes import Kind
from corrections_service.rules.quotes import Quote
from corrections_service.rules.workflow import NoticeClass, NoticeState, Resolution, State, Turn
from corrections_service.store.models.articles import Article
from corrections_service.store.models.base import LARGE, NEVER, Base, EventKind, FixState, now, only
from corrections_service.store.models.sites import Editor, Site


class Case(Base):
    """One error in one article, however many readers report it.

    `number` for people is the id. `live_key` names the passage while new reports may join, so that a unique index settles races; NULL afterwards.
    `page_url` is where the words were read, where that was not the article's own address; `several` says that it was a
    page of several articles, which does not tell whose words they are.
    `fixed_at` is when a look first saw the passage right, of all that have seen it so since it was last seen wrong.
    `priority` and its reasons sort cases; they are weighed in the background, again at `rank_at`.
    `due_at` is until when somebody should have decided, NEVER where nobody has to; its editor is reminded at `remind_at`.
    `turn` says what happened to it last that its editor has to know of, while nobody has decided since; it is unseen since
    then, until they have looked.
    Until `frozen_until` it is under an embargo, or held for legal reasons (NEVER): nothing of it is published or fixed in
    silence.
    `version` grows with each change by an editor or the service: who saves over another's change is told.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_queue", "site_id", "state", "created_at", "id"),
        Index("ix_case_state", "state", "created_at", "id", "site_id"),
        Index("ix_case_article", "article_id", "state"),
        Index("ix_case_mine", "assignee_id", "state", "created_at", "id", **only("assignee_id IS NOT NULL")),
        Index("ix_case_recheck", "recheck_at", **only("recheck_at IS NOT NULL")),
        Index("ix_case_snoozed", "snoozed_until", **only("snoozed_until IS NOT NULL")),
        Index("ix_case_priority", "site_id", "state", "priority", "id"),
        Index("ix_case_due", "site_id", "state", "due_at", "id"),
        Index("ix_case_remind", "remind_at", **only("remind_at IS NOT NULL")),
        Index("ix_case_rank", "rank_at", **only("rank_at IS NOT NULL")),
        Index("ix_case_turn", "unseen_since", **only("turn IS NOT NULL")),
        Index("ix_case_merged", "merged_into_id", **only("merged_into_id IS NOT NULL")),
        Index("ix_case_wake", "wake_readers", **only("wake_readers IS NOT NULL")),
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
    quote: Mapped[Quote] = composite("exact", "prefix", "suffix")
    place: Mapped[str] = mapped_column(Text, default="")
    suggestion: Mapped[str] = mapped_column(Text, default="")
    remove: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(Text, default="")
    readers: Mapped[int] = mapped_column(default=0)
    spam_points: Mapped[int] = mapped_column(default=0)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"), default=None)
    snoozed_until: Mapped[datetime | None] = mapped_column(default=None)
    wake_readers: Mapped[int | None] = mapped_column(default=None)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), default=None)
    fix_state: Mapped[FixState | None] = mapped_column(default=None)
    fix_checked_at: Mapped[datetime | None] = mapped_column(default=None)
    fixed_at: Mapped[datetime | None] = mapped_column(default=None)
    fix_before: Mapped[str] = mapped_column(Text, default="")
    fix_after: Mapped[str] = mapped_column(Text, default="")
    recheck_at: Mapped[datetime | None] = mapped_column(default=None)
    frozen_until: Mapped[datetime | None] = mapped_column(default=None)
    page_url: Mapped[str] = mapped_column(Text, default="")
    several: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(server_default="0")
    priority_reasons: Mapped[list[list[str]] | None] = mapped_column(default=None)
    rank_at: Mapped[datetime | None] = mapped_column(default=None)
    due_at: Mapped[datetime] = mapped_column(server_default=f"{NEVER:%Y-%m-%d %H:%M:%S.%f}")
    remind_at: Mapped[datetime | None] = mapped_column(default=None)
    turn: Mapped[Turn | None] = mapped_column(default=None)
    unseen_since: Mapped[datetime | None] = mapped_column(default=None)
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
    network, for one article and one day. `helped` is what they said of the answer, if they did. `closed_at` is when its case
    was closed last, or when it came to one that was.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("site_id", "client_id"),
        Index("ix_report_day", "site_id", "created_at"),
        Index("ix_report_helped", "site_id", "created_at", **only("helped IS NOT NULL")),
        Index("ix_report_sender", "case_id", "sender"),
        Index("ix_report_closed", "closed_at", **only("closed_at IS NOT NULL AND erased_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(LARGE, primary_key=True)
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
    quote: Mapped[Quote] = composite("exact", "prefix", "suffix")
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
    helped: Mapped[bool | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=now)
    case: Mapped[Case] = relationship(back_populates="reports")
    reader: Mapped[Reader | None] = relationship(back_populates="report", cascade="all, delete-orphan")


class Reader(Base):
    """The address of a reader who asked for an answer to one report; kept apart and erased early."""

    __tablename__ = "reader"

    report_id: Mapped[int] = mapped_column(LARGE, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    report: Mapped[Report] = relationship(back_populates="reader")


class Spread(Base):
    """One place where a case's public notice has to be told besides the log: open, or done by whom and when."""

    __tablename__ = "spread"
    __table_args__ = (Index("ix_spread_open", "case_id", **only("done_at IS NULL")),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"), default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    editor: Mapped[Editor | None] = relationship()


class Thanks(Base):
    """The name by which the reader of one report may be thanked in public, since an editor agreed; erased at their wish.

    It stands in no entry of the log's chain, which stays valid without it.
    """

    __tablename__ = "thanks"

    report_id: Mapped[int] = mapped_column(LARGE, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    agreed_at: Mapped[datetime | None] = mapped_column(default=None)


class Attachment(Base):
    """A picture that a reader added to their report, as the service drew it: one `page` of the file at `position`, from 1."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("report_id", "position", "page"),)

    id: Mapped[int] = mapped_column(LARGE, primary_key=True)
    report_id: Mapped[int] = mapped_column(LARGE, ForeignKey("report.id", ondelete="CASCADE"))
    position: Mapped[int]
    page: Mapped[int]
    type: Mapped[str] = mapped_column(String(32))
    content: Mapped[bytes] = mapped_column(deferred=True)
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Event(Base):
    """One fact in a case's history; only ever added.

    `kind` is read as a plain string, for a newer version may write one that this one does not know. `data` holds plain
    values, for a change by an editor also what was there before, so that it can be undone.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(LARGE, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"), default=None)
    report_id: Mapped[int | None] = mapped_column(LARGE, ForeignKey("report.id"), default=None)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    case: Mapped[Case] = relationship(back_populates="events")
    actor: Mapped[Editor | None] = relationship()

    @property
    def what(self) -> str:
        """The kind of what this undid, "" for what is no undoing."""
        return str(self.data.get("what", ""))


class Mention(Base):
    """A person who was named in a note on a case, which is theirs to look at too."""

    __tablename__ = "mention"

    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), primary_key=True, index=True)


class Correction(Base):
    """The notice on a case. It was public since `published_at`, and is unless it was taken back at `retracted_at`.

    It waits for the fix, or for who approves it, and is `ready` once it waits for `publish_at` alone.
    `early` says why it may be public before the fix was seen.
    `ran` says where the wrong words ran (rules/placing.py); `words` is what the log finds it by, from when
    it is `entered` in the log's chain.
    """

    __tablename__ = "correction"
    __table_args__ = (
        Index("ix_correction_log", "site_id", "published_at", "id"),
        Index("ix_correction_asked", "case_id", **only("state = 'asked'")),
        Index("ix_correction_ready", "publish_at", **only("state = 'ready'")),
        Index("ix_correction_unentered", "published_at", **only("NOT entered")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    notice_class: Mapped[NoticeClass]
    wrong: Mapped[str] = mapped_column(Text, default="")
    right: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[NoticeState] = mapped_column(default=NoticeState.DRAFT)
    early: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    publish_at: Mapped[datetime] = mapped_column(default=now)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    revised_at: Mapped[datetime | None] = mapped_column(default=None)
    retracted_at: Mapped[datetime | None] = mapped_column(default=None)
    retraction: Mapped[str] = mapped_column(Text, default="")
    gravity: Mapped[str] = mapped_column(String(32), default="")
    ran: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="", deferred=True)
    entered: Mapped[bool] = mapped_column(default=False)
    site: Mapped[Site] = relationship()
    article: Mapped[Article] = relationship()
    case: Mapped[Case] = relationship(back_populates="corrections")
