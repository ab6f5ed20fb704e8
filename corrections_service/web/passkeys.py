"""Signing in with a passkey, and one's own passkeys."""

from __future__ import annotations

import time

import wtforms
from flask import Blueprint, Flask, flash, jsonify, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from corrections_service import errors
from corrections_service.rules import browsers
from corrections_service.rules.workflow import Role
from corrections_service.services import accounts, editors, passkeys
from corrections_service.services.passkeys import LONGEST_ANSWER, LONGEST_NAME, Place
from corrections_service.web import access, account, passwords, sessions
from corrections_service.web.access import public, read, requires, settings, write
from corrections_service.web.controls import Line, Numbered, Typed
from corrections_service.web.language import say

bp = Blueprint("passkeys", __name__)

SERVICE = "Corrections"
"""What devices call the service, beside its host."""

SIGN_IN, ADD = "sign in", "add"
"""What a challenge is for."""


@bp.before_request
def protect_forms() -> None:
    """Also who is not signed in yet sends forms from our own pages only (A12)."""
    if request.method == "POST":
        access.check_form()


class PasskeyForm(Typed):
    """What is done with one's own passkeys."""

    action = wtforms.StringField("Action", default="")
    passkey = Numbered("Passkey")
    credential = wtforms.StringField("Credential", default="")
    name = Line("desk.passkeys.name", LONGEST_NAME, hint="desk.passkeys.name_hint")


def init_passkeys(app: Flask) -> None:
    """Let the page to sign in at know whether there are passkeys here."""
    app.add_template_global(_is_possible, "has_passkeys")


@bp.post("/login/passkey/options")
@public
def sign_in_options() -> ResponseReturnValue:
    """What a browser is to sign so that its passkey lets in; only its own cookie remembers it."""
    return jsonify(passkeys.options_to_sign_in(_place(), _challenge(SIGN_IN)))


@bp.post("/login/passkey")
@public
def sign_in() -> ResponseReturnValue:
    """Let in whose passkey it is, by both factors at once."""
    try:
        passwords.brake_network()
        answer, challenge = _answer(SIGN_IN)
        with write() as write_session:
            editor = passkeys.use(write_session, answer, challenge, _place())
            accounts.drop_old_roles(write_session, editor)
            sessions.sign_in(write_session, editor)
            passwords.remember_browser(editor)
    except errors.CorrectionsError as error:
        return account.refused(error)
    return redirect(access.safe_next(request.form.get("next")))


@bp.post("/account/passkeys/options")
@requires(Role.VIEWER)
def options() -> ResponseReturnValue:
    """What a browser needs to make a passkey, for who has signed in just now."""
    _check_fresh()
    me = access.signed_in()
    return jsonify(passkeys.options_to_add(read(), me, _place(), _challenge(ADD), SERVICE))


@bp.route("/account/passkeys", methods=["GET", "POST"])
@requires(Role.VIEWER)
def own() -> ResponseReturnValue:
    """One's own passkeys; add one that the browser has made, or remove one, for who has signed in just now."""
    form = PasskeyForm(request.form)
    number = access.editor_id() or 0
    if request.method != "POST":
        return _page(form)
    try:
        _check_fresh()
        form.check()
        flash(_act(number, form), "done")
    except errors.NotFound:
        raise
    except errors.CorrectionsError as error:
        form.blame(error)
        return _page(form), error.status
    return redirect("/account/passkeys")


def _act(number: int, form: PasskeyForm) -> str:
    """Do what was asked for, and say so. Raises InvalidFields, NotPermitted, NotFound, BadRequest."""
    if form.action.data == "remove":
        with write() as write_session:
            me = editors.get(write_session, number)
            passkeys.remove(write_session, me, form.passkey.data or 0, session["secret"])
        return say("desk.passkeys.is_removed")
    if form.action.data != "add":
        raise errors.BadRequest()
    answer, challenge = _answer(ADD)
    with write() as write_session:
        name = form.name.data.strip() or _device()
        passkeys.add(write_session, editors.get(write_session, number), name, answer, challenge, _place())
    return say("desk.passkeys.is_added")


def _page(form: PasskeyForm) -> str:
    me = access.signed_in()
    values = {"is_possible": _is_possible(), "is_fresh": sessions.is_fresh()}
    if request.method != "POST":
        form.name.data = _device()
    return render_template("account/passkeys.html", form=form, passkeys=passkeys.all_of(read(), me), **values)


def _device() -> str:
    """What a passkey is called that nobody names: the browser that made it, and its system."""
    names = browsers.names_of(request.headers.get("User-Agent", ""))
    return ", ".join(name for name in names if name) or say("desk.passkeys.some")


def _challenge(purpose: str) -> str:
    """What this browser is to sign next, and nothing that it was to sign before."""
    challenge = passkeys.new_challenge()
    session["passkey"] = [purpose, challenge, int(time.time())]
    return challenge


def _answer(purpose: str) -> tuple[str, str]:
    """What the browser sent, and the challenge that it was to sign, which is good for nothing else. Raises NotPermitted."""
    known_for, challenge, since = session.pop("passkey", ("", "", 0))
    answer = request.form.get("credential", "")
    if known_for != purpose or time.time() - since > passkeys.CHALLENGE_SECONDS or len(answer) > LONGEST_ANSWER:
        raise errors.NotPermitted(say("desk.passkeys.late"))
    return answer, challenge


def _check_fresh() -> None:
    """What lets people in is changed by who has just shown who they are. Raises NotPermitted."""
    if not sessions.is_fresh():
        raise errors.NotPermitted(say("desk.passkeys.sign_in_again"))


def _is_possible() -> bool:
    return passkeys.place_of(settings().base_url, settings().host) is not None


def _place() -> Place:
    """Where passkeys are good. Raises InvalidFields where browsers know none."""
    place = passkeys.place_of(settings().base_url, settings().host)
    if place is None:
        raise errors.InvalidFields({"name": say("desk.passkeys.unavailable")})
    return place
