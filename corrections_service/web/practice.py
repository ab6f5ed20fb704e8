"""Practice: an editor puts five cases before themselves, and takes them away, with one click each."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from corrections_service.rules.workflow import Role
from corrections_service.services import editors, practice
from corrections_service.store.models import Site
from corrections_service.web import access
from corrections_service.web.access import requires, settings, write
from corrections_service.web.language import language, say

bp = Blueprint("practice", __name__)


@bp.post("/practice")
@requires(Role.EDITOR)
def change() -> Response:
    """Put five cases to practise on into one's own queue, or take them away with all that was done there."""
    number, is_over, tongue = access.editor_id() or 0, request.form.get("action") == "end", language()
    with write() as session:
        editor = editors.get(session, number)
        if is_over:
            practice.end(session, editor)
        else:
            practice.begin(session, editor, language=tongue, secret=settings().secret_key)
    flash(say("desk.practice.ended" if is_over else "desk.practice.begun"), "done")
    return redirect("/queue")


def own_site() -> Site | None:
    """Where who is signed in practises."""
    me = access.current_editor()
    return practice.of_editor(me) if me is not None else None
