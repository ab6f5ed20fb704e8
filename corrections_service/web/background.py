"""The work in the background: what waits, what was given up, the messages that are owed, and a test mail."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from corrections_service.rules.workflow import Role
from corrections_service.services import sending, sites
from corrections_service.store import jobs
from corrections_service.web import access, forms
from corrections_service.web.access import database, read, requires, settings, write
from corrections_service.web.language import say
from corrections_service.work.smtp import MailRefused, MailServer, remedy

bp = Blueprint("background", __name__, url_prefix="/settings/work")


@dataclass(frozen=True)
class Outcome:
    """What became of a test mail: to whom, what the server said, and if it said no, what may help."""

    to: str
    is_sent: bool
    words: str
    remedy: str = ""


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
    me = access.current_editor()
    assert me is not None
    name = next(iter(sites.of_editor(read(), me, Role.ADMIN))).name
    subject, body = say("desk.work.test_subject", site=name), say("desk.work.test_body")
    return _page(try_mail(name, me.email, subject, body))


def try_mail(name: str, address: str, subject: str, body: str) -> Outcome:
    """Send a mail in a publication's name at once; what became of it, in the mail server's own words."""
    access.end_reading()
    server = MailServer(current_app._get_current_object(), settings())  # type: ignore[attr-defined]
    try:
        letter = server.letter(name, address, subject, body=f"{body}\n")
        return Outcome(address, is_sent=True, words=server.send(letter) or "")
    except MailRefused as refusal:
        return Outcome(address, is_sent=False, words=refusal.reason, remedy=remedy(refusal))
    finally:
        server.close()


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
