"""The queue."""

from __future__ import annotations

from flask import Blueprint, render_template

from corrections_service.rules.workflow import Role
from corrections_service.web import desk
from corrections_service.web.access import requires

bp = Blueprint("dashboard", __name__)


@bp.get("/queue")
@requires(Role.VIEWER)
def show_queue() -> str:
    """One page of a view: what was wrong and what it should say, where, how many readers, who has it."""
    return render_template("dashboard/queue.html", case=None, **desk.frame())
