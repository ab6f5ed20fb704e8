"""Where one is signed in, and ending what one does not know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from flask import Blueprint, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import editors
from corrections_service.store.models import Editor, Token, now
from corrections_service.web import access
from corrections_service.web.access import read, requires, write
from corrections_service.web.language import say

bp = Blueprint("session_list", __name__)


@dataclass(frozen=True)
class Row:
    """One session, as its owner sees it; it was last seen within so many hours, 0 where that is not known."""

    number: int
    browser: str
    began_at: datetime
    hours: int
    is_here: bool


@bp.route("/account/sessions", methods=["GET", "POST"])
@requires(Role.VIEWER)
def own() -> ResponseReturnValue:
    """Where one is signed in; end one of one's sessions, or all others than this."""
    me = access.signed_in()
    if request.method != "POST":
        rows = [_row(token) for token in editors.sessions_of(read(), me)]
        return render_template("account/sessions.html", rows=sorted(rows, key=lambda row: not row.is_here))
    flash(_end(me.id), "done")
    return redirect("/account/sessions")


def _end(number: int) -> str:
    """Do what was asked for, and say so. Raises NotFound, BadRequest."""
    action, chosen = request.form.get("action"), access.number(request.form.get("session", ""))
    with write() as write_session:
        editor: Editor = editors.get(write_session, number)
        if action == "others":
            editors.end_other_sessions(write_session, editor, session["secret"])
            return say("desk.sessions.others_ended")
        if action != "end" or chosen is None:
            raise errors.BadRequest()
        editors.end_session_of(write_session, editor, chosen)
    return say("desk.sessions.ended")


def _row(token: Token) -> Row:
    browser, _, system = token.browser.partition("/")
    name = browser or say("desk.sessions.some_browser")
    place = say("desk.sessions.browser_on", browser=name, system=system) if system else name
    hours = ceil((now() - token.seen_at).total_seconds() / 3600) if token.seen_at else 0
    return Row(token.id, place, editors.began_at(token), hours, editors.is_of(token, session["secret"]))
