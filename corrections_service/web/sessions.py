"""Sessions: who is signed in, in which browser, and for how long."""

from __future__ import annotations

import time
from typing import Any

import flask_security
from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_security import RoleMixin, Security, UserMixin
from flask_security.datastore import UserDatastore
from sqlalchemy.orm import Session

from corrections_service.services import editors
from corrections_service.settings import Settings
from corrections_service.store.models import Editor
from corrections_service.web import access
from corrections_service.web.access import csrf, read, write

IDLE_SECONDS, LONGEST_SECONDS = editors.IDLE_HOURS * 3600, editors.SESSION_HOURS * 3600
FRESH_SECONDS = 10 * 60

WITHOUT_SESSION = (
    "/api/",
    "/a/",
    "/embed/",
    "/report/",
    "/r/",
    "/log/",
    "/unsubscribe/",
    "/act/",
    "/static/",
    "/healthz",
    "/readyz",
    "/metrics",
)


def sign_in(write_session: Session, editor: Editor, *, shown_at: float | None = None) -> None:
    """Begin a session for an editor, here and in the browser; what was in the browser's before is gone (I01).

    They have shown who they are just now, or when `shown_at` says, in seconds since 1970.
    """
    _forget(write_session)
    session.permanent = True
    session["since"] = int(time.time() if shown_at is None else shown_at)
    session["secret"] = editors.begin_session(write_session, editor, browser=access.browser())
    session["note_at"] = int(time.time()) + access.SEEN_SECONDS
    flask_security.login_user(SignedIn(editor), remember=False, authn_via=["link or password"])


def ask_for_code(write_session: Session, editor: Editor, target: str) -> None:
    """Remember in this browser, for some minutes, who has shown one factor, and where they go with the second."""
    _forget(write_session)
    session["half"] = [editor.id, editor.fs_uniquifier, int(time.time()), target]


def half_signed_in(read_session: Session) -> tuple[Editor, str] | None:
    """Who has shown one factor in this browser lately, and where they go then; None after a new password, too."""
    number, uniquifier, since, target = session.get("half") or (0, "", 0, "")
    editor = read_session.get(Editor, number) if time.time() - since < FRESH_SECONDS else None
    is_same = editor is not None and editor.active and editor.fs_uniquifier == uniquifier
    return (editor, target) if editor is not None and is_same else None


def sign_out() -> None:
    """End this browser's session; a copy of its cookie lets nobody in from this moment (P-16)."""
    if "secret" in session:
        with write() as write_session:
            editors.end_session(write_session, session["secret"])
    flask_security.logout_user()
    session.clear()


def _forget(write_session: Session) -> None:
    """End the session that this browser had, if it had one, and forget all that it held."""
    if "secret" in session:
        editors.end_session(write_session, session["secret"])
    session.clear()


def is_fresh() -> bool:
    """Whether who is signed in has shown who they are within the last minutes."""
    return time.time() - int(session.get("since", 0)) < FRESH_SECONDS


class SignedIn(UserMixin):
    """An editor as Flask-Security sees one."""

    fs_uniquifier = ""

    def __init__(self, editor: Editor) -> None:
        self.number, self.email, self.password = editor.id, editor.email, editor.password
        self.active, self.fs_uniquifier = editor.active, editor.fs_uniquifier
        self.roles: list[RoleMixin] = []


class NoRole(RoleMixin):
    """Roles are per site and ours; Flask-Security has none."""


class EditorStore(UserDatastore):
    """Where Flask-Security finds editors: the request's read session."""

    def find_user(self, case_insensitive: bool = False, **criteria: Any) -> SignedIn | None:
        """Find by the browser's session or by address."""
        if "fs_uniquifier" in criteria:
            editor = g.me = editors.by_session(read(), criteria["fs_uniquifier"], session.get("secret", ""))
        else:
            editor = editors.by_email(read(), criteria.get("email", ""))
        return SignedIn(editor) if editor is not None else None

    def find_role(self, role: str) -> None:
        """There are none."""

    def commit(self) -> None:
        """Nothing is changed through here."""


class OwnPagesSession(SecureCookieSessionInterface):
    """Sessions for editors' pages; what readers and programs ask for neither reads nor sets a cookie (A09)."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The browser's session, or on readers' paths an empty one."""
        if request.path.startswith(WITHOUT_SESSION):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep it, except on readers' paths."""
        if not request.path.startswith(WITHOUT_SESSION):
            super().save_session(app, session, response)


def init_sessions(app: Flask, config: Settings) -> None:
    """Wire sign-in and its cookie into the application."""
    secure = config.base_url.startswith("https:")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-corrections" if secure else "corrections",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE_SECONDS,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=LONGEST_SECONDS,
        WTF_CSRF_SSL_STRICT=False,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_SALT="not used: argon2 salts each password by itself",  # noqa: S106
        SECURITY_REDIRECT_BEHAVIOR=None,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
    )
    app.session_interface = OwnPagesSession()
    csrf.init_app(app)
    security = Security(app, EditorStore(SignedIn, NoRole), register_blueprint=False)
    security.principal.identity_loaders.clear()  # nobody here asks for a Principal's identity, not even readers' requests
    app.login_manager.request_loader(lambda _: None)  # type: ignore[attr-defined]  # only the session says who it is
