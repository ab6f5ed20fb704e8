"""The work in the background: what waits, what was given up, the messages that are owed, and a test mail."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from corrections_service.rules.workflow import Role
from corrections_service.services import sending, sites
from corrections_service.store import jobs
from corrections_service.web import access, forms
from corrections_service.web.access import database, read, requires, settings, write
from corrections_service.work.smtp import MailRefused, MailServer

bp = Blueprint("background", __name__, url_prefix="/settings/work")

DONE = {
    "retry": "It is tried again now, or once the quiet hours of who gets it are over.",
    "hold": "Held back until you release it.",
    "release": "It goes now, or once the quiet hours of who gets it are over.",
    "discard": "Discarded; it is not sent any more.",
}


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
    flash(DONE[form.action.data], "done")
    return redirect("/settings/work")


@bp.post("/test-mail")
@requires(Role.ADMIN)
def test_mail() -> str:
    """Send a mail to who asks for it, at once, and show what the mail server itself said."""
    me = access.current_editor()
    assert me is not None
    name = next(iter(sites.of_editor(read(), me, Role.ADMIN))).name
    address = me.email
    access.end_reading()
    server = MailServer(current_app._get_current_object(), settings())  # type: ignore[attr-defined]
    outcome: dict[str, object]
    try:
        letter = server.letter(name, address, f"Test mail of {name}", body="Mail works.\n")
        outcome = {"is_sent": True, "words": server.send(letter)}
    except MailRefused as refusal:
        outcome = {"is_sent": False, "words": refusal.reason}
    finally:
        server.close()
    return _page(outcome | {"to": address})


def _page(outcome: dict[str, object] | None = None) -> str:
    site_ids = access.site_ids(Role.ADMIN)
    return render_template(
        "dashboard/settings_work.html",
        overview=jobs.overview(database()),
        unsent=sending.waiting(read(), site_ids),
        count=sending.count_waiting(read(), site_ids),
        outcome=outcome,
        server=f"{settings().mail_server}:{settings().mail_port}",
    )
