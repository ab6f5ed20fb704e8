"""Signing in and out, invitations, an editor's own account."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask_security import hash_password, verify_password
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, privacy
from corrections_service.store.models import Editor, Purpose
from corrections_service.web import access
from corrections_service.web.access import public, read, requires, settings, write

bp = Blueprint("account", __name__)

SHORTEST, LONGEST = 15, 128
WRONG = "The address or the password is wrong."


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
def login() -> str | Response | tuple[str, int]:
    """Sign in with address and password; the same answer and time for an unknown address."""
    target = request.values.get("next", "")
    if request.method != "POST":
        return render_template("account/login.html", next=target, email="", failure="")
    email, password = access.typed().get("email", ""), request.form.get("password", "")
    block = privacy.address_block(access.client_address(request, settings()))
    with write() as session:
        privacy.count(session, "sign-in", block, settings().limit_sign_in)
    editor = editors.by_email(read(), email)
    if not _is_right(editor, password):
        return render_template("account/login.html", next=target, email=email, failure=WRONG), 403
    assert editor is not None
    access.sign_in(editor)
    return redirect(access.safe_next(target))


@bp.post("/logout")
@public
def logout() -> Response:
    """Sign out, and leave nothing in the browser."""
    access.sign_out()
    answer = redirect("/login")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.route("/sign-in/<secret>", methods=["GET", "POST"])
@public
def sign_in(secret: str) -> str | Response:
    """One click: GET shows a button and changes nothing, POST signs in, once."""
    if request.method != "POST":
        person = editors.peek_link(read(), secret, Purpose.SIGN_IN)
        return render_template("account/sign_in.html", person=person)
    with write() as session:
        access.sign_in(editors.use_link(session, secret, Purpose.SIGN_IN))
    return redirect("/queue")


@bp.route("/invitation/<secret>", methods=["GET", "POST"])
@public
def invitation(secret: str) -> str | Response | tuple[str, int]:
    """An invited person chooses a password and is signed in."""
    person = editors.peek_link(read(), secret, Purpose.INVITATION)
    if request.method != "POST":
        return render_template("account/invitation.html", person=person, wrong={}, name=person.name)
    name, password = access.typed().get("name", "").strip()[:100], request.form.get("password", "")
    try:
        check_password(password, person)
    except errors.InvalidFields as error:
        return render_template("account/invitation.html", person=person, wrong=error.fields, name=name), 422
    with write() as session:
        editor = editors.use_link(session, secret, Purpose.INVITATION)
        editor.name = name or editor.name
        editors.set_password(session, editor, hash_password(password))
        access.sign_in(editor)
    return redirect("/queue")


@bp.route("/account", methods=["GET", "POST"])
@requires(Role.VIEWER)
def account() -> str | Response | tuple[str, int]:
    """One's own name and password, and signing out everywhere."""
    me = access.current_editor()
    assert me is not None
    if request.method != "POST":
        return render_template("account/account.html", me=me, wrong={})
    password = request.form.get("password", "")
    try:
        if password:
            check_password(password, me)
    except errors.InvalidFields as error:
        return render_template("account/account.html", me=me, wrong=error.fields), 422
    number = me.id
    with write() as session:
        editor = editors.get(session, number)
        editor.name = access.typed().get("name", editor.name).strip()[:100]
        if password:
            editors.set_password(session, editor, hash_password(password))
        elif request.form.get("action") == "sign_out_everywhere":
            editors.end_sessions(session, editor)
            return redirect("/login")
        access.sign_in(editor)
    return redirect("/account")


def check_password(password: str, person: Editor) -> None:
    """Long enough, not a known one, not made of who and where. Raises InvalidFields (NIST SP 800-63B)."""
    plain = password.casefold()
    context = {person.email.partition("@")[0].casefold(), "corrections", *person.name.casefold().split()}
    if not SHORTEST <= len(password) <= LONGEST or "\0" in password:
        raise errors.InvalidFields(
            {"password": f"{SHORTEST} to {LONGEST} characters; a few words are easy to remember."}
        )
    if len(set(plain)) < 6 or any(len(word) > 3 and len(plain.replace(word, "")) < 6 for word in context):
        raise errors.InvalidFields(
            {"password": "This is too easy to guess; take a few words that do not belong together."}
        )


def _is_right(editor: Editor | None, password: str) -> bool:
    """Compare in the same time whether the person exists or not; never hash more than 128 characters."""
    known = editor.password if editor is not None and editor.active else None
    if len(password) > LONGEST or "\0" in password:
        return False
    if known is None:
        hash_password(password)
        return False
    return bool(verify_password(password, known))
