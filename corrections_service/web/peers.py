"""Who may come in: marks on views, sign-in, forms of our own pages only, headers, where a request comes from."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import flask_security
import structlog
from flask import Flask, Request, Response, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_security import RoleMixin, Security, UserMixin, current_user
from flask_security.datastore import UserDatastore
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as AnyResponse

from corrections_service import errors
from corrections_service.rules import text
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, sites, tokens
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, ProgramToken, Scope

log = structlog.get_logger()

View = TypeVar("View", bound=Callable[..., Any])

Networks = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]

TOO_LARGE = "corrections.too_large"
"""What is said in a request's environment of a body that it did not wait for (`whole_requests.py`)."""

IDLE_SECONDS, LONGEST_SECONDS, FRESH_SECONDS = 3600, 12 * 3600, 10 * 60
PARTS_BYTES = 64 * 1024
LARGEST_NUMBER = 2**31 - 1
PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
DATA = "default-src 'none'; sandbox; frame-ancestors 'none'"

DESK = ("dashboard", "cases", "admin", "links", "account")

WITHOUT_SESSION = (
    "/api/",
    "/a/",
    "/embed/",
    "/report/",
    "/r/",
    "/log/",
    "/unsubscribe/",
    "/static/",
    "/healthz",
    "/readyz",
    "/metrics",
)

csrf = CSRFProtect()


def public(view: View) -> View:
    """Mark a view that anybody may see."""
    return _mark(view, "public")


def reader(view: View) -> View:
    """Mark a view that a reader's secret link opens."""
    return _mark(view, "reader")


def requires(role: Role) -> Callable[[View], View]:
    """Mark a view for editors with at least this role on some site; services judge each site by itself."""
    return lambda view: _mark(view, role)


def allows(scope: Scope) -> Callable[[View], View]:
    """Mark a view for programs whose token has this scope; the token's site is the only one they see."""
    return lambda view: _mark(view, scope)


def program() -> ProgramToken:
    """By which token this request's program was let in."""
    found: ProgramToken = g.program
    return found


def database() -> Database:
    """The database of this application."""
    found: Database = current_app.extensions["database"]
    return found


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["settings"]
    return found


def read() -> Session:
    """This request's read session, opened at first use."""
    if "read_session" not in g:
        g.read_context = database().read()
        g.read_session = g.read_context.__enter__()
    opened: Session = g.read_session
    return opened


@contextmanager
def write() -> Iterator[Session]:
    """A write session; what was read before it in this request is read anew afterwards."""
    _close_reading(None)
    with database().write() as opened:
        if "signed_in" in g:  # the session may have been ended since this request began
            editors.check_session(opened, g.signed_in)
        yield opened


def end_reading() -> None:
    """Give back this request's read session, before something that takes long; what is read later is read anew."""
    _close_reading(None)


def current_editor() -> Editor | None:
    """Who is signed in, in this request's read session."""
    number = editor_id()
    return read().get(Editor, number) if number is not None else None


def editor_id() -> int | None:
    """The number of who is signed in."""
    return current_user.number if current_user.is_authenticated else None


def site_ids(at_least: Role = Role.VIEWER) -> list[int]:
    """The sites where who is signed in has at least this role."""
    editor = current_editor()
    return [one.site_id for one in editor.memberships if one.role.covers(at_least)] if editor else []


def sign_in(opened: Session, editor: Editor) -> None:
    """Begin a session for an editor, here and in the browser; what was in the browser's before is gone (I01)."""
    session.clear()
    session.permanent = True
    session["since"] = int(time.time())
    session["secret"] = editors.begin_session(opened, editor, hours=LONGEST_SECONDS / 3600)
    flask_security.login_user(SignedIn(editor), remember=False, authn_via=["link or password"])


def sign_out() -> None:
    """End this browser's session; a copy of its cookie lets nobody in from this moment (P-16)."""
    if "secret" in session:
        with write() as opened:
            editors.end_session(opened, session["secret"])
    flask_security.logout_user()
    session.clear()


def is_fresh() -> bool:
    """Whether who is signed in has shown who they are within the last minutes."""
    return time.time() - int(session.get("since", 0)) < FRESH_SECONDS


def number(said: str) -> int | None:
    """The number of something stored that a form or a link names, or None; what no column can hold is none."""
    plain = said.isascii() and said.isdigit() and len(said) <= 10
    return int(said) if plain and int(said) <= LARGEST_NUMBER else None


def typed() -> dict[str, str]:
    """The fields of this request's form as they are stored: clean text, the first of each name."""
    return {name: text.clean(value) for name, value in request.form.items()}


class Number(IntegerConverter):
    """The number of something stored, in a path; one that no column can hold leads nowhere."""

    def __init__(self, map: Map, **limits: Any) -> None:
        super().__init__(map, **{"max": LARGEST_NUMBER, **limits})


def client_address(asked: Request, config: Settings) -> str:
    """Where a request comes from: the peer, or what trusted proxies say, read from the right (J01, J02)."""
    trusted = [ipaddress.ip_network(one, strict=False) for one in config.trusted_proxies]
    return origin_of_request(asked.remote_addr or "", asked.headers.get("X-Forwarded-For", ""), trusted)


def origin_of_request(peer: str, forwarded: str, trusted: Networks) -> str:
    """The address that a request comes from, by its peer's and its X-Forwarded-For header."""
    peer = _address(peer) or ""
    if not is_within(peer, trusted):
        return peer
    for said in reversed(forwarded[-4096:].split(",")):
        address = _address(said)
        if address is None:
            return peer
        if not is_within(address, trusted):
            return address
        peer = address
    return peer


def is_proxy(asked: Request, config: Settings) -> bool:
    """Whether the peer that sends this request is a trusted proxy."""
    trusted = [ipaddress.ip_network(one, strict=False) for one in config.trusted_proxies]
    return is_within(_address(asked.remote_addr or "") or "", trusted)


def is_within(address: str, networks: Networks) -> bool:
    """Whether the address is in one of the networks."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip.version == network.version and ip in network for network in networks)


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

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> SignedIn | None:
        """Find by the browser's session or by address."""
        if "fs_uniquifier" in wanted:
            found = editors.by_session(read(), wanted["fs_uniquifier"], session.get("secret", ""))
        else:
            found = editors.by_email(read(), wanted.get("email", ""))
        return SignedIn(found) if found is not None else None

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


def init_access(app: Flask, config: Settings, store: Database) -> None:
    """Wire sign-in, forms' protection, headers and sessions into the application."""
    secure = config.base_url.startswith("https:")
    app.extensions["database"], app.extensions["settings"] = store, config
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
    Security(app, EditorStore(SignedIn, NoRole), register_blueprint=False)
    app.login_manager.request_loader(lambda _: None)  # type: ignore[attr-defined]  # only the session says who it is
    app.before_request(_judge_arrival)
    app.before_request(_judge_address)
    app.before_request(_judge_size)
    app.before_request(_judge_access)
    app.after_request(_protect)
    app.teardown_request(_close_reading)
    app.add_template_global(_is_unknown, "is_unknown")
    app.context_processor(_of_the_desk)


def _of_the_desk() -> dict[str, Any]:
    """What the frame of the desk's pages shows: who is there, what they may do somewhere, what they have to know."""
    if request.blueprint not in DESK or editor_id() is None:
        return {}
    administered = site_ids(Role.ADMIN)
    return {
        "editor": current_editor,
        "is_editor": bool(site_ids(Role.EDITOR)),
        "without_desk_mail": sites.without_desk_mail(read(), administered) if administered else (),
    }


def check_form() -> None:
    """Promise that a form comes from a page of ours, in the session that it was made for (A11, A12). Raises BadRequest."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    own = urlsplit(settings().base_url)
    from_here = site == "same-origin" if site else origin == f"{own.scheme}://{own.netloc}"
    if not from_here:
        raise errors.BadRequest("This form was not sent from a page of this service. Nothing was changed.")
    try:
        csrf.protect()
    except CSRFError:
        raise errors.BadRequest("This page was open for too long. Go back, reload it and try again.") from None


def safe_next(target: str | None) -> str:
    """A path of this service to go to after sign-in, or the queue (I12)."""
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\") or not target.isprintable():
        return "/queue"
    return target if "\\" not in target and urlsplit(target).netloc == "" else "/queue"


def _is_unknown() -> bool:
    """Whether who is signed in came by a link and has chosen neither name nor password yet."""
    me = current_editor()
    return me is not None and not me.password and not me.name


def _mark(view: View, access: str | Role | Scope) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def _judge_arrival() -> None:
    """What did not come in whole is refused as all else is: in our words, and counted."""
    if TOO_LARGE in request.environ:
        raise errors.TooLarge()


def _judge_address() -> None:
    """Links are made from BASE_URL: who asks under another name is refused (H10); no address of ours holds a NUL."""
    own, asked = (re.sub(r":\d*\Z", "", host).lower() for host in (urlsplit(settings().base_url).netloc, request.host))
    if request.blueprint != "operations" and asked != own:
        log.warning("asked for under another name; see docs/proxies.md", asked=text.one_line(asked, 100), own=own)
        raise errors.OtherName()
    if "\0" in request.path:
        raise errors.NotFound()


def _judge_size() -> None:
    """Forms in parts, which mail programs send (RFC 8058), are small; no part of one is ever written to a file (B10)."""
    if request.mimetype == "multipart/form-data":
        request.max_content_length = PARTS_BYTES


def _judge_access() -> AnyResponse | None:
    view = current_app.view_functions.get(request.endpoint or "")
    access = getattr(view, "access", None)
    if view is None or access in ("public", "reader") or request.endpoint == "static":
        return None
    if isinstance(access, Scope):
        said = request.authorization
        bearer = said.token if said and said.type == "bearer" else None
        # Programs that can only be given an address carry the secret in it: https://token:SECRET@…
        secret = bearer or (said.password if said and said.type == "basic" else None)
        g.program = tokens.admit(read(), secret or "", access)
        return None
    if not isinstance(access, Role):
        raise errors.NotPermitted()
    if not current_user.is_authenticated:
        if request.method in ("GET", "HEAD"):
            return redirect(f"{url_for('account.login')}?{urlencode({'next': request.full_path.rstrip('?')})}")
        raise errors.NotPermitted(
            "You are not signed in any more. Your words are still in the form: sign in in another tab."
        )
    if not site_ids(access):
        raise errors.NotPermitted()
    g.signed_in = session["secret"]
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        check_form()
    return None


def _protect(answer: Response) -> Response:
    """The headers of every answer."""
    own = request.blueprint not in ("embed", "reader", "public", "api", "operations") and request.endpoint != "static"
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("X-Frame-Options", "DENY")
    answer.headers.setdefault("Content-Security-Policy", PAGES if answer.mimetype == "text/html" else DATA)
    secret = request.path.startswith(("/r/", "/unsubscribe/", "/sign-in/", "/invitation/"))
    answer.headers.setdefault("Referrer-Policy", "no-referrer" if secret else "same-origin")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if own or secret:
        answer.headers["Cache-Control"] = "no-store"
    if settings().base_url.startswith("https:"):
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return answer


def _close_reading(_error: BaseException | None) -> None:
    if g.pop("read_session", None) is not None:
        g.pop("read_context").__exit__(None, None, None)


def _address(said: str) -> str | None:
    """One address of X-Forwarded-For, with or without a port; None for garbage."""
    said = said.strip()
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        ip = ipaddress.ip_address(said)
    except ValueError:
        return None
    return str(getattr(ip, "ipv4_mapped", None) or ip)
