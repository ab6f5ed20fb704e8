"""Who may come in: marks on views, forms of our own pages only, this request's sessions and who is signed in."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import structlog
from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_security import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from corrections_service import __version__, errors
from corrections_service.rules import browsers, text
from corrections_service.rules.workflow import Role
from corrections_service.services import alarms, editors, sites, tokens
from corrections_service.services.attachments import MOST_BYTES
from corrections_service.settings import SecondFactor, Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, ProgramToken, Scope, Site

log = structlog.get_logger()

View = TypeVar("View", bound=Callable[..., Any])

TOO_LARGE = "corrections.too_large"
"""What is said in a request's environment of a body that it did not wait for (`whole_requests.py`)."""

BUSY = "corrections.busy"
"""And of one that was not kept, for others are being read."""

UPLOADS = "attachments.add"
PARTS_BYTES = 64 * 1024
UPLOAD_BYTES = MOST_BYTES + PARTS_BYTES
"""What forms in parts may hold: a file, and what stands around it, at the one address that takes files."""

LARGEST_NUMBER, LARGEST_OF_MANY = 2**31 - 1, 2**63 - 1
"""What a column can hold; the second where there are many rows: of reports, events, deliveries."""

DESK = (
    "dashboard",
    "live",
    "figures",
    "batches",
    "finding",
    "cases",
    "admin",
    "background",
    "urgency",
    "owners",
    "links",
    "cms",
    "public_settings",
    "saved_answers",
    "blocks",
    "letters",
    "webhooks",
    "start",
    "publications",
    "setup",
    "practice",
    "account",
    "second_factors",
    "session_list",
    "passkeys",
    "keys",
    "mail_choices",
)

WITHOUT_CODE = ("account", "second_factors")
"""Where people go who have to set up a second factor, before they have one."""

SEEN_SECONDS = editors.SEEN_EVERY_HOURS * 3600
NOTE_AGAIN_SECONDS, NOTE_PATIENCE = 60, 0.5
"""How often it is written down that a session is used; after how long again where that failed; how long it may take."""

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
    token: ProgramToken = g.program
    return token


def database() -> Database:
    """The database of this application."""
    store: Database = current_app.extensions["database"]
    return store


def settings() -> Settings:
    """The settings of this application."""
    config: Settings = current_app.extensions["settings"]
    return config


def read() -> Session:
    """This request's read session, opened at first use."""
    if "read_session" not in g:
        g.read_context = database().read()
        g.read_session = g.read_context.__enter__()
    read_session: Session = g.read_session
    return read_session


@contextmanager
def write() -> Iterator[Session]:
    """A write session; what was read before it in this request is read anew afterwards."""
    _close_reading(None)
    with database().write() as write_session:
        if "signed_in" in g:  # the session may have been ended since this request began
            editors.check_session(write_session, g.signed_in)
        yield write_session


def end_reading() -> None:
    """Give back this request's read session, before something that takes long; what is read later is read anew."""
    _close_reading(None)


def current_editor() -> Editor | None:
    """Who is signed in, in this request's read session, read once in it."""
    if "me" not in g:
        number = editor_id()
        if number is None:
            return None
        g.me = read().get(Editor, number, options=[editors.WITH_ROLES])
    me: Editor | None = g.me
    return me


def signed_in() -> Editor:
    """Who is signed in, in a view that lets in nobody else."""
    editor = current_editor()
    assert editor is not None
    return editor


def editor_id() -> int | None:
    """The number of who is signed in."""
    return current_user.number if current_user.is_authenticated else None


def site_ids(at_least: Role = Role.VIEWER) -> list[int]:
    """The sites where who is signed in has at least this role."""
    editor = current_editor()
    memberships = editor.memberships if editor else ()
    return [membership.site_id for membership in memberships if membership.role.covers(at_least)]


def site_with(session: Session, slug: str, at_least: Role) -> Site:
    """The site with this slug, if who is signed in has at least this role there. Raises NotFound."""
    site = sites.by_slug(session, slug)
    if site.id not in site_ids(at_least):
        raise errors.NotFound()
    return site


def number(value: str, largest: int = LARGEST_NUMBER) -> int | None:
    """The number of something stored that a form or a link names, or None; what no column can hold is none."""
    plain = value.isascii() and value.isdigit() and len(value) <= len(str(largest))
    return int(value) if plain and int(value) <= largest else None


class Number(IntegerConverter):
    """The number of something stored, in a path; one that no column can hold leads nowhere."""

    def __init__(self, map: Map, **limits: Any) -> None:
        super().__init__(map, **{"max": LARGEST_NUMBER, **limits})


def init_access(app: Flask, config: Settings, store: Database) -> None:
    """Wire what each request is judged by into the application."""
    app.extensions["database"], app.extensions["settings"] = store, config
    app.before_request(_judge_arrival)
    app.before_request(_judge_address)
    app.before_request(_judge_size)
    app.before_request(_judge_access)
    app.teardown_request(_close_reading)
    app.add_template_global(_is_unknown, "is_unknown")
    app.context_processor(_of_the_desk)


def _of_the_desk() -> dict[str, Any]:
    """What the frame of the desk's pages shows: who is there, what they may do somewhere, what they have to know."""
    if request.blueprint not in DESK or editor_id() is None:
        return {}
    administered = site_ids(Role.ADMIN)
    return {
        "version": f"corrections-service {__version__}",
        "editor": current_editor,
        "is_editor": bool(site_ids(Role.EDITOR)),
        "late_mail": alarms.oldest_late(read(), administered) if administered else None,
        "without_desk_mail": sites.without_desk_mail(read(), administered) if administered else (),
    }


def check_form() -> None:
    """Promise that a form comes from a page of ours, in the session that it was made for (A11, A12). Raises BadRequest."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    base = urlsplit(settings().base_url)
    from_here = site == "same-origin" if site else origin == f"{base.scheme}://{base.netloc}"
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


def _owes_code() -> bool:
    """Whether who is signed in has to have a second factor, and has none yet."""
    me, policy = current_editor(), settings().second_factor
    if me is None or me.second_factor or policy is SecondFactor.NOBODY:
        return False
    return policy is SecondFactor.EVERYBODY or bool(site_ids(Role.ADMIN))


def _mark(view: View, access: str | Role | Scope) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def host_name(host: str) -> str:
    """A host as it is compared: without its port, in lower case."""
    return re.sub(r":\d*\Z", "", host).lower()


def _judge_arrival() -> None:
    """What did not come in whole is refused as all else is: in our words, and counted."""
    if TOO_LARGE in request.environ and request.endpoint != UPLOADS:
        raise errors.TooLarge()


def _judge_address() -> None:
    """Links are made from BASE_URL: who asks under another name is refused (H10); no address of ours holds a NUL."""
    own_host, request_host = host_name(urlsplit(settings().base_url).netloc), host_name(request.host)
    if request.blueprint != "operations" and request_host != own_host:
        log.warning(
            "asked for under another name; see docs/proxies.md", asked=text.one_line(request_host, 100), own=own_host
        )
        raise errors.OtherName()
    if "\0" in request.path:
        raise errors.NotFound()


def _judge_size() -> None:
    """Forms in parts, which mail programs send (RFC 8058), are small; no part of one is ever written to a file (B10)."""
    if request.mimetype == "multipart/form-data":
        request.max_content_length = UPLOAD_BYTES if request.endpoint == UPLOADS else PARTS_BYTES


def _judge_access() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    access = getattr(view, "access", None)
    if view is None or access in ("public", "reader") or request.endpoint == "static":
        return None
    if isinstance(access, Scope):
        authorization = request.authorization
        bearer = authorization.token if authorization and authorization.type == "bearer" else None
        # Programs that can only be given an address carry the secret in it: https://token:SECRET@…
        secret = bearer or (authorization.password if authorization and authorization.type == "basic" else None)
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
    if request.blueprint not in WITHOUT_CODE and _owes_code():
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("second_factors.own"))
        raise errors.NotPermitted("Set up a second factor first, on the page of your account.")
    g.signed_in = session["secret"]
    _note_use()
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        check_form()
    return None


def browser() -> str:
    """The browser that asks, and the system that it runs on, by their names alone."""
    return "/".join(browsers.names_of(request.headers.get("User-Agent", "")))


def _note_use() -> None:
    """Write down once an hour that this session is used; where there is no room or time for that, the request goes on."""
    if time.time() < session.get("note_at", 0):
        return
    end_reading()
    session["note_at"] = int(time.time()) + NOTE_AGAIN_SECONDS
    with suppress(errors.StorageBusy, errors.StorageFull), database().write(patience=NOTE_PATIENCE) as write_session:
        editors.see_session(write_session, session["secret"], browser())
        session["note_at"] = int(time.time()) + SEEN_SECONDS


def _close_reading(_error: BaseException | None) -> None:
    g.pop("me", None)
    if g.pop("read_session", None) is not None:
        g.pop("read_context").__exit__(None, None, None)
