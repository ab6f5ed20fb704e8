"""The queue."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, jsonify, render_template, request

from corrections_service.rules.workflow import Role
from corrections_service.web import access, desk, forms
from corrections_service.web.access import requires

bp = Blueprint("dashboard", __name__)


@bp.get("/queue")
@requires(Role.VIEWER)
def show_queue() -> str:
    """One page of a view: what was wrong and what it should say, where, how many readers, who has it."""
    return render_template("dashboard/queue.html", case=None, **desk.frame())


@bp.get("/queue/changes")
@requires(Role.VIEWER)
def show_changes() -> Response:
    """What the queue page asks every few seconds: the counts, and how many cases are newer than the one it knows."""
    page = desk.page_of(forms.SearchForm(request.args), desk.chosen())
    newest = access.number(request.args.get("newest", "")) or 0
    answer = jsonify(counts=desk.counts(), new=sum(case.id > newest for case in page.cases))
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:20])
    return answer.make_conditional(request)  # type: ignore[return-value]
