"""Signing in and out, invitations, an editor's own account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_security import current_user
from sqlalchemy.orm import Session, object_session
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules import catalogue
from corrections_service.rules.workflow import Role
from corrections_service.services import accounts, editors, passkeys, people
from corrections_service.store.models import Editor, Purpose
from corrections_service.web import access, forms, keys, language, mail_choices, passwords, people_forms, sessions
from corrections_service.web.access import public, read, requires, settings, write
from corrections_service.web.controls import Typed
from corrections_service.web.forms import SHORTEST_PASSWORD
from corrections_service.web.language import say
from corrections_service.web.passwords import LONGEST

bp = Blueprint("account", __name__)

Refused = tuple[str, int, dict[str, str]]


@bp.before_request
def protect_forms() -> None:
    """Also who is not signed in yet sends forms from our own pages only (login CSRF, A12)."""
    if request.method == "POST":
        access.check_form()


@bp.get("/")
@public
def home() -> Response:
    """To the queue, or to the sign-in page."""
    return redirect("/queue" if access.editor_id() is not None else "/login")


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> str | Response | Refused:
    """Sign in with address and password; the same answer and time for an unknown address."""
    form = forms.SignInForm(request.form, next=request.args.get("next", ""))
    if request.method != "POST":
        return render_template("account/login.html", form=form)
    email, password = form.email.data, form.password.data
    try:
        form.check()
        passwords.brake(email)
        number = _let_in(email, password)
        if number is None:
            raise errors.NotPermitted(say("desk.sign_in.wrong"))
    except errors.InvalidFields as error:  # too long to be anybody's address
        return _refused("login", form, error, status=errors.NotPermitted.status)
    except errors.CorrectionsError as error:
        return _refused("login", form, error)
    with write() as session:
        return let_on(session, editors.get(session, number), access.safe_next(form.next.data))


@bp.post("/login/link")
@public
def login_link() -> str | Refused:
    """Mail a link to who forgot the password or has none; the same answer whether the address is known or not."""
    form = forms.SignInForm(request.form)
    email = form.email.data
    try:
        form.check()
        passwords.brake(email)
    except errors.CorrectionsError as error:
        return _refused("login", form, error)
    with write() as session:
        editors.mail_link(session, email, base_url=settings().base_url)
    return render_template("account/link_mailed.html", email=email)


@bp.post("/logout")
@public
def logout() -> Response:
    """Sign out, and leave nothing in the browser."""
    sessions.sign_out()
    answer = redirect("/login")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.route("/sign-in/<secret>", methods=["GET", "POST"])
@public
def sign_in(secret: str) -> str | Response | Refused:
    """One click: GET shows a button and changes nothing, POST signs in, once."""
    if request.method != "POST":
        person = editors.peek_link(read(), secret, Purpose.SIGN_IN)
        language.speak_to(person)
        return render_template("account/sign_in.html", person=person)
    with write() as session:
        return let_on(session, editors.use_link(session, secret, Purpose.SIGN_IN), "/queue")


@bp.route("/invitation/<secret>", methods=["GET", "POST"])
@public
def invitation(secret: str) -> str | Response | Refused:
    """An invited person accepts; one who is new chooses a password with it and is signed in."""
    offer = editors.invitation(read(), secret)
    person, is_known = offer.editor, bool(offer.editor.password)
    language.speak_to(person)
    form = forms.InvitationForm(request.form, name=person.name)
    if request.method != "POST":
        return render_template("account/invitation.html", offer=offer, person=person, form=form)
    if is_known:
        with write() as session:
            editors.accept(session, secret)
        return redirect("/queue")
    name, password = form.name.data.strip(), form.password.data
    try:
        form.check()
        check_password(password, person)
        access.end_reading()
        new_hash = passwords.hashed(password)
    except errors.CorrectionsError as error:
        offer = editors.invitation(read(), secret)
        return _refused("invitation", form, error, offer=offer, person=offer.editor)
    with write() as session:
        editor = editors.accept(session, secret, name=name, password_hash=new_hash)
        if editor.password == new_hash:  # else another invitation brought them one meanwhile
            return let_on(session, editor, "/queue")
    return redirect("/queue")


@bp.route("/account", methods=["GET", "POST"])
@requires(Role.VIEWER)
def account() -> str | Response | Refused:
    """One's own name, language and password, and signing out everywhere."""
    me = access.signed_in()
    form = people_forms.AccountForm(request.form or None, **_stored(me))
    if not me.password or sessions.is_fresh():
        del form.old_password
    if request.method != "POST":
        return render_template("account/account.html", form=form, **_besides(me))
    number, password_hash, name, password = me.id, me.password, form.name.data.strip(), form.password.data
    try:
        form.check()
        if password:
            check_password(password, me)
            access.end_reading()
            check_who_it_is(password_hash)
        new_hash = passwords.hashed(password) if password else ""
    except errors.CorrectionsError as error:
        return _refused("account", form, error, **_besides(access.current_editor() or me))
    try:
        with write() as session:
            editor = editors.get(session, number)
            editors.rename(session, editor, name)
            editors.choose(session, editor, language=form.language.data)
            editor.away_from, editor.away_until = form.absence
            editor.deputy_id = (
                form.deputy.data if form.deputy.data in [person.id for person in _deputies(editor)] else None
            )
            if new_hash:
                if not form.keep_passkeys.data:
                    passkeys.remove_all(session, editor)
                editors.set_password(session, editor, new_hash)
                _sign_in(session, editor)
            elif form.action.data == "sign_out_everywhere":
                editors.end_sessions(session, editor)
                return redirect("/login")
    except errors.InvalidFields as error:
        return _refused("account", form, error, **_besides(access.current_editor() or me))
    language.forget()
    flash(say("desk.account.saved_elsewhere" if new_hash else "desk.account.saved"), "done")
    return redirect("/account")


def _besides(me: Editor) -> dict[str, Any]:
    """What the account's page holds besides name and password: who may stand in, keys, mails."""
    return {
        "deputies": _deputies(me),
        "has_own_passkeys": bool(passkeys.all_of(read(), me)),
        "keys": keys.form_of(me),
        "mails": mail_choices.forms_of(me),
        "languages": catalogue.names(),
        "usual_language": editors.usual_language(me),
    }


def _stored(me: Editor) -> dict[str, object]:
    """What the account's form begins with."""
    days = {name: day.isoformat() if (day := getattr(me, name)) else "" for name in ("away_from", "away_until")}
    return {
        "name": me.name,
        "deputy": me.deputy_id,
        "language": me.choices.get("language", ""),
        "keep_passkeys": True,
        **days,
    }


def _deputies(me: Editor) -> list[Editor]:
    """Who may stand in for somebody: who decides cases of one of the same sites."""
    session = object_session(me)
    assert session is not None
    people_here = {
        person.id: person
        for membership in me.memberships
        for person in people.colleagues(session, membership.site_id, Role.EDITOR)
    }
    return [person for person in people_here.values() if person.id != me.id]


def _refused(page: str, form: Typed, error: errors.CorrectionsError, *, status: int = 0, **values: object) -> Refused:
    """The page again, with what failed; but for passwords, what was typed stands in it."""
    form.blame(error)
    later = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return render_template(f"account/{page}.html", form=form, **values), status or error.status, later


def refused(error: errors.CorrectionsError) -> Refused:
    """The page to sign in at, with why nobody was let in."""
    return _refused("login", forms.SignInForm(None), error)


def check_password(password: str, person: Editor) -> None:
    """Long enough, not a known one, not made of who and where. Raises InvalidFields (NIST SP 800-63B)."""
    plain = password.casefold()
    context = {person.email.partition("@")[0].casefold(), "corrections", *person.name.casefold().split()}
    if len(password) > LONGEST:
        raise errors.InvalidFields({"password": say("desk.forms.too_long", most=LONGEST, count=len(password))})
    if len(password) < SHORTEST_PASSWORD or "\0" in password:
        message = say("desk.forms.password_length", least=SHORTEST_PASSWORD, most=LONGEST)
        raise errors.InvalidFields({"password": message})
    if len(set(plain)) < 6 or any(len(word) > 3 and len(plain.replace(word, "")) < 6 for word in context):
        raise errors.InvalidFields({"password": say("desk.forms.easy_password")})


def _let_in(email: str, password: str) -> int | None:
    """The number of the person with this address and this password; no connection is held while it is compared."""
    with access.database().read() as session:
        editor = editors.by_email(session, email)
        number, password_hash = (editor.id, editor.password) if editor is not None and editor.active else (None, None)
    return number if passwords.is_right(password, password_hash) else None


def let_on(session: Session, editor: Editor, target: str, *, shown_at: float | None = None) -> Response | Refused:
    """Sign in who has shown one factor, now or when `shown_at` says, or ask for the second where they have one.

    Who has no role is told so; who has none but by accounts that they have not come by lately is sent there.
    """
    try:
        accounts.drop_old_roles(session, editor)
    except errors.NotPermitted as error:
        return refused(error)
    if editor.second_factor:
        sessions.ask_for_code(session, editor, target)
        return redirect("/second-factor")
    _sign_in(session, editor, shown_at=shown_at)
    return redirect(target)


def _sign_in(session: Session, editor: Editor, *, shown_at: float | None = None) -> None:
    sessions.sign_in(session, editor, shown_at=shown_at)
    passwords.remember_browser(editor)


def check_who_it_is(password_hash: str | None) -> None:
    """What lets people in needs the old password, or that its owner has just signed in. Raises InvalidFields, TooManySignIns."""
    if sessions.is_fresh():
        return
    if password_hash is None:
        raise errors.InvalidFields({"old_password": say("desk.forms.sign_in_again")})
    assert current_user.is_authenticated
    passwords.brake(current_user.email)
    if not passwords.is_right(request.form.get("old_password", ""), password_hash):
        raise errors.InvalidFields({"old_password": say("desk.forms.not_present")})
