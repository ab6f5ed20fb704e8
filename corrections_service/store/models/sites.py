"""Publications, the people who work on them, and the programs that are let in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections_service.rules.workflow import Resolution, Role
from corrections_service.store.models.base import LARGE, Base, Policy, Purpose, now


class Site(Base):
    """One publication.

    `first_load_at` is when a page of its own first loaded the script, `page_check` what the guide last saw in one. With a
    `trainee_id` it is none at all, but where that editor practises: nobody outside is told anything of it.
    """

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
    policy: Mapped[Policy] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    first_load_at: Mapped[datetime | None] = mapped_column(default=None)
    page_check: Mapped[dict[str, Any] | None] = mapped_column(default=None, deferred=True)
    trainee_id: Mapped[int | None] = mapped_column(default=None)


class RefusedOrigin(Base):
    """An origin from which reports to a site were refused: how often, and whether an administrator said "not ours"."""

    __tablename__ = "refused_origin"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(default=now)
    kept_out: Mapped[bool] = mapped_column(default=False)
    site: Mapped[Site] = relationship()


class SavedAnswer(Base):
    """What a site's editors write to readers again and again with one decision, in one language."""

    __tablename__ = "saved_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    resolution: Mapped[Resolution]
    language: Mapped[str] = mapped_column(String(35))
    text: Mapped[str] = mapped_column(Text)


class Editor(Base):
    """A person who signs in; `choices` is what they chose for themselves, such as other keys.

    While they are away, from a day to another and these days too, their deputy stands in. `second_factor` is the sealed
    secret of their authenticator app, or empty; `last_step` the time step of the last code that was taken; of recovery
    codes only digests are kept.
    """

    __tablename__ = "editor"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    password: Mapped[str | None] = mapped_column(String(255), default=None)
    active: Mapped[bool] = mapped_column(default=True)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    away_from: Mapped[date | None] = mapped_column(default=None)
    away_until: Mapped[date | None] = mapped_column(default=None)
    deputy_id: Mapped[int | None] = mapped_column(default=None)
    second_factor: Mapped[str] = mapped_column(Text, default="")
    last_step: Mapped[int] = mapped_column(default=0)
    recovery_codes: Mapped[list[str]] = mapped_column(default=list)
    memberships: Mapped[list[Membership]] = relationship(back_populates="editor", cascade="all, delete-orphan")

    def role_on(self, site_id: int) -> Role | None:
        """The editor's role on a site, or None where they have no business."""
        return next((membership.role for membership in self.memberships if membership.site_id == site_id), None)


class Membership(Base):
    """An editor's role on one site; `issuer` is which of the newsroom's own accounts gave it, "" where people did."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("editor_id", "site_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role]
    issuer: Mapped[str] = mapped_column(String(300), default="", server_default="")
    editor: Mapped[Editor] = relationship(back_populates="memberships")
    site: Mapped[Site] = relationship()


class MailChoice(Base):
    """How a person wants the mails of one site: the pace of each sort, and their quiet hours; without a row, as usual."""

    __tablename__ = "mail_choice"

    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id", ondelete="CASCADE"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True, index=True)
    paces: Mapped[dict[str, Any]] = mapped_column(default=dict)
    zone: Mapped[str] = mapped_column(String(64), default="")
    quiet_from: Mapped[str] = mapped_column(String(5), default="")
    quiet_until: Mapped[str] = mapped_column(String(5), default="")
    editor: Mapped[Editor] = relationship()
    site: Mapped[Site] = relationship()


class Token(Base):
    """A random secret of an editor, stored hashed: one purpose, one expiry; in a link, one use.

    Of a passkey's challenge the row says that it was used.

    An invitation names the role that it offers, and on which site; who accepts it has that role. Of a session it is kept
    when it was last seen, to the hour, and which browser on which system it is in, "Firefox/Linux".
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
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    browser: Mapped[str] = mapped_column(String(40), default="", server_default="")
    editor: Mapped[Editor] = relationship()
    site: Mapped[Site | None] = relationship()


class Passkey(Base):
    """A key that a person's device keeps (WebAuthn): its number and public half in base64url, and how often it was used.

    The count is the device's own; devices that share a passkey among them leave it at 0.
    """

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editor.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(LARGE)
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


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


class SavedView(Base):
    """A query of the queue that somebody keeps under a name: an editor's own, or a publication's for all who work there."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id", ondelete="CASCADE"), index=True, default=None)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True, default=None)
    name: Mapped[str] = mapped_column(String(60))
    view: Mapped[str] = mapped_column(String(32))
    q: Mapped[str] = mapped_column(Text, default="")
    sort: Mapped[str] = mapped_column(String(32), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    site: Mapped[Site | None] = relationship()
