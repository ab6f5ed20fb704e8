"""The people who sign in: their roles, their links, their passwords' changes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import sites
from corrections_service.store.models import Editor, Membership, Purpose, Site, Token, now


def get(session: Session, number: int) -> Editor:
    """The active editor with this number. Raises NotFound."""
    editor = session.get(Editor, number)
    if editor is None or not editor.active:
        raise errors.NotFound()
    return editor


def by_email(session: Session, email: str) -> Editor | None:
    """The editor with this address, in whatever case it is written."""
    return session.scalar(select(Editor).where(func.lower(Editor.email) == email.strip().lower()))


def by_uniquifier(session: Session, value: str) -> Editor | None:
    """The active editor whose sessions carry this value; it changes when their sessions are to end."""
    return session.scalar(select(Editor).where(Editor.fs_uniquifier == value, Editor.active))


def add(session: Session, email: str, *, site: Site, role: Role, name: str = "") -> Editor:
    """Give a person a role on a site; the person is made when new. Raises InvalidFields."""
    address = sites.checked_address(email, "email")
    editor = by_email(session, address)
    if editor is None:
        editor = Editor(email=address, name=name, fs_uniquifier=secrets.token_hex(32))
        session.add(editor)
    set_role(session, editor, site, role)
    return editor


def set_role(session: Session, editor: Editor, site: Site, role: Role | None) -> None:
    """Change a person's role on a site, or with None take it away; their sessions end at once (P-16)."""
    membership = next((one for one in editor.memberships if one.site_id == site.id), None)
    if role is None:
        if membership is not None:
            editor.memberships.remove(membership)
    elif membership is None:
        editor.memberships.append(Membership(site_id=site.id, role=role))
    else:
        membership.role = role
    end_sessions(session, editor)


def deactivate(session: Session, editor: Editor) -> None:
    """Let the person sign in no more, from this moment."""
    editor.active = False
    end_sessions(session, editor)


def set_password(session: Session, editor: Editor, hashed: str) -> None:
    """Keep a new password's hash; all sessions and links of before end."""
    editor.password = hashed
    session.execute(update(Token).where(Token.editor_id == editor.id, Token.used_at.is_(None)).values(used_at=now()))
    end_sessions(session, editor)


def end_sessions(session: Session, editor: Editor) -> None:
    """Sign the person out everywhere."""
    editor.fs_uniquifier = secrets.token_hex(32)
    session.flush()


def link(session: Session, editor: Editor, purpose: Purpose, *, hours: float) -> str:
    """A fresh secret for a link, of 256 bits; only its hash is stored."""
    secret = secrets.token_urlsafe(32)
    expires = now() + timedelta(hours=hours)
    session.flush()
    session.add(Token(digest=_digest(secret), purpose=purpose, editor_id=editor.id, expires_at=expires))
    session.flush()
    return secret


def peek_link(session: Session, secret: str, purpose: Purpose) -> Editor:
    """Whom a link is for, without using it up. Raises NotFound: unknown, used, expired, of another purpose."""
    token = _token(session, secret, purpose)
    return get(session, token.editor_id)


def use_link(session: Session, secret: str, purpose: Purpose) -> Editor:
    """Whom a link is for; it works no more afterwards, even for one who came at the same moment. Raises NotFound."""
    token = _token(session, secret, purpose)
    used = update(Token).where(Token.id == token.id, Token.used_at.is_(None)).values(used_at=now())
    if getattr(session.execute(used), "rowcount", 0) != 1:
        raise errors.NotFound()
    return get(session, token.editor_id)


def of_sites(session: Session, site_ids: Sequence[int]) -> Sequence[Editor]:
    """The people who work on these sites."""
    where = Editor.memberships.any(Membership.site_id.in_(site_ids))
    return session.scalars(select(Editor).where(where).order_by(Editor.name, Editor.email)).all()


def _token(session: Session, secret: str, purpose: Purpose) -> Token:
    where = (Token.digest == _digest(secret), Token.purpose == purpose, Token.used_at.is_(None))
    token = session.scalar(select(Token).where(*where, Token.expires_at > now()))
    if token is None:
        raise errors.NotFound("This link is not valid any more. Ask for a new one.")
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
