"""The work in the background: what waits, what was given up, the messages that are owed, and a test mail."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from corrections_service.rules.workflow import Role
from corrections_service.services import sending, sites
from corrections_service.store import jobs
from corrections_service.web import access, forms, trials
from corrections_service.web.access import database, read, requires, settings, write
from corrections_service.web.language import say
from corrections_service.web.trials import Outcome

bp = Blueprint("background", __name__, url_prefix="/settings/work")


@bp.route("", methods=["GET", "POST"])
@requires(Role.ADMIN)
def work() -> str | Response:
    """Background work, and the messages that wait or could not be sent: retry, hold, release, discard."""
    site_ids = access.site_ids(Role.ADMIN)
    if request.method != "POST":
        return _page()
    form = forms.RetryForm(request.form)
    if form.job.data is not None:
        jobs.retry(database(), form.job.data)
        return redirect("/settings/work")
    with write() as session:
        sending.act(session, form.delivery.data or 0, form.action.data, site_ids)
        jobs.wake(session, "deliver_due")
    flash(say(f"desk.work.done_{form.action.data}"), "done")
    return redirect("/settings/work")


@bp.post("/test-mail")
@requires(Role.ADMIN)
def test_mail() -> str:
    """Send a mail to who asks for it, at once, and show what the mail server itself said."""
    me = access.signed_in()
    name = next(iter(sites.of_editor(read(), me, Role.ADMIN))).name
    subject, body = say("desk.work.test_subject", site=name), say("desk.work.test_body")
    return _page(trials.send(name, me.email, subject, f"{body}\n"))


def _page(outcome: Outcome | None = None) -> str:
    site_ids = access.site_ids(Role.ADMIN)
    return render_template(
        "dashboard/settings_work.html",
        overview=jobs.overview(database()),
        unsent=sending.waiting(read(), site_ids),
        count=sending.count_waiting(read(), site_ids),
        outcome=outcome,
        server=f"{settings().mail_server}:{settings().mail_port}",
    )
