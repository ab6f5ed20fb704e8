"""The second step of signing in, and one's own second factor: an authenticator app and recovery codes."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import wtforms
from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from corrections_service import errors
from corrections_service.rules.links import qr_code
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, second_factors
from corrections_service.web import access, account, language, passwords, sessions
from corrections_service.web.access import public, read, requires, settings, write
from corrections_service.web.controls import Line, Password, Typed
from corrections_service.web.language import say

bp = Blueprint("second_factors", __name__)

COUNTED = "second factor"
"""What guesses at codes are counted as."""

LONGEST_CODE = 40


@bp.before_request
def protect_forms() -> None:
    """Also who has shown one factor only sends forms from our own pages only."""
    if request.method == "POST":
        access.check_form()


class StepForm(Typed):
    """A code, at signing in."""

    code = Line("desk.factor.code_or", LONGEST_CODE, more={"autocomplete": "one-time-code", "autofocus": ""})


class FactorForm(Typed):
    """What is done with one's own second factor, and a code that shows that it is there."""

    action = wtforms.StringField("Action", default="")
    offered = wtforms.StringField("Offered", default="")
    code = Line("desk.factor.code", LONGEST_CODE, more={"autocomplete": "one-time-code", "required": ""})
    old_password = Password("desk.forms.present_password", more={"autocomplete": "current-password"})


@bp.route("/second-factor", methods=["GET", "POST"])
@public
def step() -> ResponseReturnValue:
    """Finish signing in with a code, once; who has not begun, or begun too long ago, begins again."""
    half = sessions.half_signed_in(read())
    if half is None:
        return redirect("/login")
    editor, target = half
    number, email = editor.id, editor.email
    language.speak_to(editor)
    form = StepForm(request.form)
    if request.method != "POST":
        return render_template("account/second_step.html", form=form)
    try:
        form.check()
        passwords.brake(email, COUNTED)
        with write() as session:
            editor = editors.get(session, number)
            second_factors.use(session, editor, form.code.data, settings().secret_keys)
            sessions.sign_in(session, editor)
            passwords.remember_browser(editor)
    except errors.CorrectionsError as error:
        form.blame(error)
        later = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
        return render_template("account/second_step.html", form=form), error.status, later
    return redirect(access.safe_next(target))


@bp.route("/account/second-factor", methods=["GET", "POST"])
@requires(Role.VIEWER)
def own() -> ResponseReturnValue:
    """Set up one's own second factor, make new recovery codes, or switch it off."""
    form = FactorForm(request.form)
    me = access.signed_in()
    number, email, password_hash = me.id, me.email, me.password
    if sessions.is_fresh() or not password_hash:
        del form.old_password
    if request.method != "POST":
        return _page(form)
    try:
        form.check()
        access.end_reading()
        account.check_who_it_is(password_hash)
        passwords.brake(email, COUNTED)
        codes = _act(number, form)
    except errors.CorrectionsError as error:
        form.blame(error)
        return _page(form), error.status
    if codes:
        return _page(FactorForm(None), codes=codes)
    flash(say("desk.factor.is_off"), "done")
    return redirect("/account/second-factor")


def _act(number: int, form: FactorForm) -> list[str]:
    """Do what was asked for; the recovery codes that came of it. Raises InvalidFields."""
    with write() as session:
        editor = editors.get(session, number)
        if form.action.data == "on":
            if editor.second_factor:  # set up in another tab meanwhile: what was pressed here is not to undo it
                raise errors.InvalidFields({"code": say("desk.factor.is_on")})
            codes = second_factors.switch_on(session, editor, form.offered.data, form.code.data, settings().secret_keys)
            editors.end_sessions(session, editor)  # nobody showed a code in those
            sessions.sign_in(session, editor)
            return codes
        second_factors.use(session, editor, form.code.data, settings().secret_keys)
        if form.action.data == "codes":
            return second_factors.new_codes(editor)
        if form.action.data != "off":
            raise errors.BadRequest()
        second_factors.switch_off(session, editor)
        return []


def _page(form: FactorForm, *, codes: list[str] | None = None) -> str:
    me = access.signed_in()
    values: dict[str, Any] = {"form": form, "me": me, "codes": codes}
    if not me.second_factor:
        secret = second_factors.secret_of(me, form.offered.data, settings().secret_keys)
        if secret is None:
            form.offered.data = second_factors.offer(me, settings().secret_keys)
            secret = second_factors.secret_of(me, form.offered.data, settings().secret_keys) or ""
        picture = qr_code(second_factors.address(secret, me.email, settings().host))
        values["key"] = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        values["picture"] = f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"
    return render_template("account/second_factor.html", **values)
