"""The people who sign in: their roles, their links and sessions, their passwords' changes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from corrections_service import errors
from corrections_service.rules import addresses
from corrections_service.rules.catalogue import best
from corrections_service.rules.workflow import Role
from corrections_service.services import outbox, sites
from corrections_service.store.models import Editor, Membership, Purpose, Site, Token, now

FORMER_NAMES, MOST_NAMES = "former_names", 20
"""Where a person's earlier names are kept among their choices, and how many."""


SESSION_HOURS, IDLE_HOURS = 12, 1
"""How long a session lasts, and how long one that nobody uses does."""

SEEN_EVERY_HOURS = 1
"""How often it is written down that a session is used."""

MOST_SESSIONS = 50
"""How many are listed; all can be ended."""

ACCOUNT = "account"
"""Where it is kept by which of the newsroom's own accounts a person came: its issuer and subject (OpenID Connect)."""

WITH_ROLES = joinedload(Editor.memberships).joinedload(Membership.site)
_OF_SESSION = (Token.purpose == Purpose.SESSION, Token.used_at.is_(None))


def get(session: Session, number: int) -> Editor:
    """The active editor with this number. Raises NotFound."""
    editor = session.get(Editor, number)
    if editor is None or not editor.active:
        raise errors.NotFound()
    return editor


def by_email(session: Session, email: str) -> Editor | None:
    """The editor with this address, in whatever case or script it is written."""
    with suppress(ValueError):  # of before: what cannot be mailed to
        email = addresses.mailable(email, public=False)
    return session.scalar(select(Editor).where(func.lower(Editor.email) == email.strip().lower()))


def by_session(session: Session, uniquifier: str, secret: str) -> Editor | None:
    """The active editor whose session this is, with what they may do where, unless it has ended."""
    query = select(Editor).where(Editor.fs_uniquifier == uniquifier, Editor.active)
    query = query.where(Editor.id.in_(_valid(secret, Purpose.SESSION).with_only_columns(Token.editor_id)))
    return session.scalars(query.options(WITH_ROLES)).unique().one_or_none()


def add(session: Session, email: str, *, site: Site, role: Role, name: str = "") -> Editor:
    """Give a person a role on a site at once; the person is made when new. Raises InvalidFields.

    For who runs the service: what another person gives is offered by an invitation.
    """
    editor = _find_or_make(session, email, name)
    set_role(session, editor, site, role)
    session.flush()
    return editor


def set_role(session: Session, editor: Editor, site: Site, role: Role | None, *, issuer: str = "") -> None:
    """Change a person's role on a site, or with None take it away; where it was lowered, their sessions end at once (P-16).

    It is given by people from then on, or by the accounts of this `issuer`.
    """
    membership = next((candidate for candidate in editor.memberships if candidate.site_id == site.id), None)
    before = membership.role if membership is not None else None
    if role is None:
        if membership is not None:
            editor.memberships.remove(membership)
            _use_up(session, Token.editor_id == editor.id, Token.site_id == site.id)
        if all(other.site.trainee_id is not None for other in editor.memberships):
            editor.memberships.clear()  # nobody stays who only practises
    elif membership is None:
        editor.memberships.append(Membership(site_id=site.id, role=role, issuer=issuer))
    else:
        membership.role, membership.issuer = role, issuer
    if before is not None and (role is None or not role.covers(before)):
        end_sessions(session, editor)


def admin_by(editor: Editor) -> str:
    """Who made a person an administrator: "" where people did so anywhere, else the accounts of this issuer."""
    return min((membership.issuer for membership in editor.memberships if membership.role is Role.ADMIN), default="")


def invite(session: Session, email: str, *, site: Site, role: Role, base_url: str, language: str = "") -> str:
    """Offer a person a role on a site, which they have once they accept it; the link, which goes to them by mail alone.

    An offer of before takes this one's place. Who is new is spoken to in `language`, else in the site's, until they
    choose another. Raises InvalidFields.
    """
    editor = _find_or_make(session, email)
    session.flush()
    if not editor.active:
        raise errors.InvalidFields({"email": "Whoever runs this service has closed this person’s account."})
    if not editor.password and not editor.memberships and (language or "language" not in editor.choices):
        choose(session, editor, language=best(language or site.language))
    _use_up(session, Token.editor_id == editor.id, Token.site_id == site.id)
    secret = link(session, editor, Purpose.INVITATION, hours=24, site=site, role=role)
    url = f"{base_url}/invitation/{secret}"
    data = {"url": url, "role": role.value, "is_known": bool(editor.password)}
    key = f"invitation.{secrets.token_hex(8)}"
    outbox.owe(session, "invitation", editor.email, site=site, data=data, key=key)
    return url


def invitation(session: Session, secret: str) -> Token:
    """What an invitation's link offers to whom. Raises NotFound."""
    token = _token(session, secret, Purpose.INVITATION)
    get(session, token.editor_id)
    return token


def invitations(session: Session, site: Site) -> Sequence[Token]:
    """The roles that are offered and not accepted yet, those of earlier days first."""
    conditions = (Token.site_id == site.id, Token.purpose == Purpose.INVITATION, Token.used_at.is_(None))
    return session.scalars(select(Token).where(*conditions, Token.expires_at > now()).order_by(Token.id)).all()


def take_back(session: Session, site: Site, number: int) -> None:
    """Let an invitation to this site be accepted no more."""
    _use_up(session, Token.id == number, Token.site_id == site.id)


def take_all_back(session: Session, editor: Editor) -> None:
    """Let no link and no invitation that a person has be used any more."""
    _use_up(session, Token.editor_id == editor.id)


def accept(session: Session, secret: str, *, name: str = "", password_hash: str = "") -> Editor:
    """Take what an invitation offers; the address's owner is told. A first password comes with it.

    Who has one keeps it: a link to a mailbox lets nobody past it. A role is raised by this, never lowered.
    Raises NotFound, InvalidFields as `rename` does.
    """
    offer = invitation(session, secret)
    editor = use_link(session, secret, Purpose.INVITATION)
    if password_hash and not editor.password:
        if name:
            rename(session, editor, name)
        _keep_password(session, editor, password_hash)
    if offer.site is None or offer.role is None:  # of a version that gave the role when it invited
        return editor
    has = editor.role_on(offer.site.id)
    if has is None or offer.role.covers(has):
        set_role(session, editor, offer.site, offer.role)
        session.flush()
    data = {"role": editor.role_on(offer.site.id)}
    outbox.owe(session, "membership", editor.email, site=offer.site, data=data, key=f"membership.{offer.id}")
    return editor


def deactivate(session: Session, editor: Editor) -> None:
    """Let the person sign in no more, from this moment."""
    editor.active = False
    end_sessions(session, editor)


def set_password(session: Session, editor: Editor, password_hash: str) -> None:
    """Keep a new password's hash; all sessions and links of before that let somebody in end, and its owner is told."""
    _keep_password(session, editor, password_hash)
    mail_owner(session, editor, "password_changed", f"password.{secrets.token_hex(8)}")


def mail_owner(session: Session, editor: Editor, template: str, key: str, **data: Any) -> None:
    """Owe a person a mail about their own account, in the name of a publication that they work for; none where they do not.

    Where they practise is no publication, and its mails would go with it.
    """
    at_work = [membership.site for membership in editor.memberships if membership.site.trainee_id is None]
    if at_work:
        outbox.owe(session, template, editor.email, site=min(at_work, key=lambda site: site.id), data=data, key=key)


def begin_session(session: Session, editor: Editor, *, hours: float = SESSION_HOURS, browser: str = "") -> str:
    """Sign the person in; the secret by which this session is known until it ends."""
    secret = link(session, editor, Purpose.SESSION, hours=hours)
    see_session(session, secret, browser)
    return secret


def see_session(session: Session, secret: str, browser: str) -> None:
    """Write down that this session is used now, in this browser."""
    values = {"seen_at": now(), "browser": browser}
    session.execute(update(Token).where(Token.digest == _digest(secret), *_OF_SESSION).values(**values))


def sessions_of(session: Session, editor: Editor) -> Sequence[Token]:
    """Where a person may be signed in, the latest first: what has neither ended nor lain unused for too long."""
    lately = now() - timedelta(hours=IDLE_HOURS + SEEN_EVERY_HOURS)
    is_used = or_(Token.seen_at.is_(None), Token.seen_at > lately)
    query = select(Token).where(Token.editor_id == editor.id, *_OF_SESSION, Token.expires_at > now(), is_used)
    return session.scalars(query.order_by(Token.id.desc()).limit(MOST_SESSIONS)).all()


def began_at(token: Token) -> datetime:
    """When a session began."""
    return token.expires_at - timedelta(hours=SESSION_HOURS)


def is_of(token: Token, secret: str) -> bool:
    """Whether a session is known by this secret."""
    return token.digest == _digest(secret)


def end_session_of(session: Session, editor: Editor, number: int) -> None:
    """End one of the person's own sessions, which may have ended already. Raises NotFound."""
    token = session.get(Token, number)
    if token is None or token.editor_id != editor.id or token.purpose is not Purpose.SESSION:
        raise errors.NotFound()
    _use_up(session, Token.id == number)


def end_other_sessions(session: Session, editor: Editor, secret: str) -> None:
    """Sign the person out everywhere but where the session with this secret is."""
    _use_up(session, Token.editor_id == editor.id, *_OF_SESSION, Token.digest != _digest(secret))


def end_session(session: Session, secret: str) -> None:
    """Sign the person out where this session is; a copy of its cookie is worth nothing from this moment."""
    _use_up(session, Token.digest == _digest(secret), Token.purpose == Purpose.SESSION)


def end_sessions(session: Session, editor: Editor) -> None:
    """Sign the person out everywhere."""
    editor.fs_uniquifier = secrets.token_hex(32)
    session.flush()
    _use_up(session, Token.editor_id == editor.id, Token.purpose == Purpose.SESSION)


def check_session(session: Session, secret: str) -> None:
    """Promise that this session goes on at this moment (SecureDrop's race). Raises NotPermitted."""
    if session.scalar(_valid(secret, Purpose.SESSION).with_only_columns(Token.id)) is None:
        raise errors.NotPermitted("You are not signed in any more.")


def link(
    session: Session,
    editor: Editor,
    purpose: Purpose,
    *,
    hours: float,
    site: Site | None = None,
    role: Role | None = None,
) -> str:
    """A fresh secret for a link, of 256 bits; only its hash is stored."""
    secret = secrets.token_urlsafe(32)
    expires = now() + timedelta(hours=hours)
    session.flush()
    offer = {"site_id": site.id if site else None, "role": role}
    session.add(Token(digest=_digest(secret), purpose=purpose, editor_id=editor.id, expires_at=expires, **offer))
    session.flush()
    return secret


def mail_link(session: Session, email: str, *, base_url: str) -> None:
    """Mail who signs in with this address a link that lets them in, once and for an hour; one in five minutes at most."""
    editor = by_email(session, email)
    if editor is None or not editor.active or not editor.memberships:
        return
    secret = link(session, editor, Purpose.SIGN_IN, hours=1)
    key = f"sign_in.{int(now().timestamp()) // 300}"
    mail_owner(session, editor, "sign_in", key, url=f"{base_url}/sign-in/{secret}")


def peek_link(session: Session, secret: str, purpose: Purpose) -> Editor:
    """Whom a link is for, without using it up. Raises NotFound: unknown, used, expired, of another purpose."""
    token = _token(session, secret, purpose)
    return get(session, token.editor_id)


def use_link(session: Session, secret: str, purpose: Purpose) -> Editor:
    """Whom a link is for; it works no more afterwards, even for one who came at the same moment. Raises NotFound."""
    token = _token(session, secret, purpose)
    statement = update(Token).where(Token.id == token.id, Token.used_at.is_(None)).values(used_at=now())
    if getattr(session.execute(statement), "rowcount", 0) != 1:
        raise errors.NotFound()
    return get(session, token.editor_id)


def of_sites(session: Session, site_ids: Sequence[int]) -> Sequence[Editor]:
    """The people who work on these sites."""
    where = Editor.memberships.any(Membership.site_id.in_(site_ids))
    return session.scalars(select(Editor).where(where).order_by(Editor.name, Editor.email)).all()


def language_of(editor: Editor) -> str:
    """The language in which the desk speaks to a person: as they chose, else as their publications do."""
    chosen = editor.choices.get("language")
    return best(chosen) if chosen else usual_language(editor)


def usual_language(editor: Editor) -> str:
    """The language of a person who chose none: that of their first publication, or of the one that invites them."""
    return best(
        *(
            membership.site.language
            for membership in sorted(editor.memberships, key=lambda membership: membership.site_id)
        )
    )


def _keep_password(session: Session, editor: Editor, password_hash: str) -> None:
    editor.password = password_hash
    _use_up(session, Token.editor_id == editor.id, Token.purpose == Purpose.SIGN_IN)
    end_sessions(session, editor)


def _find_or_make(session: Session, email: str, name: str = "") -> Editor:
    address = sites.checked_address(email, "email")
    editor = by_email(session, address)
    if editor is None:
        editor = Editor(email=address, name=name, fs_uniquifier=secrets.token_hex(32))
        session.add(editor)
    return editor


def _use_up(session: Session, *conditions: ColumnElement[bool]) -> None:
    session.execute(update(Token).where(*conditions, Token.used_at.is_(None)).values(used_at=now()))


def _token(session: Session, secret: str, purpose: Purpose) -> Token:
    token = session.scalar(_valid(secret, purpose))
    if token is None:
        raise errors.NotFound("This link is not valid any more. Ask for a new one.")
    return token


def _valid(secret: str, purpose: Purpose) -> Select[Token]:
    where = (Token.digest == _digest(secret), Token.purpose == purpose, Token.used_at.is_(None))
    return select(Token).where(*where, Token.expires_at > now())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def rename(session: Session, editor: Editor, name: str) -> None:
    """Call a person otherwise. An article that names them as they were called before is still their own.

    Raises InvalidFields where they were called otherwise so often that no more is kept.
    """
    former = [earlier for earlier in dict.fromkeys(names_of(editor)[::-1]) if earlier not in ("", name)]
    if len(former) > MOST_NAMES:
        raise errors.InvalidFields({"name": f"You were called {MOST_NAMES} other names already, and no more are kept."})
    editor.name = name
    if former:
        choose(session, editor, **{FORMER_NAMES: former})


def names_of(editor: Editor) -> list[str]:
    """How a person is called, then how they were called before, the last first."""
    return [editor.name, *reversed(editor.choices.get(FORMER_NAMES, ()))]


def choose(session: Session, editor: Editor, **choices: Any) -> None:
    """Keep what a person chose for themselves, beside what they chose before."""
    editor.choices = {**editor.choices, **choices}
