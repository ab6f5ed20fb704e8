"""Which mails of which site a person gets, how often, and when none: chosen on the account's page."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import object_session

from corrections_service import errors
from corrections_service.rules.mail_times import Habits, Pace, Sort
from corrections_service.rules.workflow import Role
from corrections_service.services import mail_choices, sites
from corrections_service.store.models import Editor, Site
from corrections_service.web import access
from corrections_service.web.access import read, requires, write
from corrections_service.web.controls import Line, OneOf, Typed
from corrections_service.web.language import say

bp = Blueprint("mail_choices", __name__)

SORTS = (
    Sort.NEW,
    Sort.ASSIGNED,
    Sort.MENTIONED,
    Sort.ANSWERED,
    Sort.APPEALED,
    Sort.APPROVAL,
    Sort.CAME_BACK,
    Sort.CHANGED,
    Sort.FIX_SEEN,
    Sort.OVERDUE,
    Sort.WAVE,
)
"""What a mail may tell, in the order in which it is chosen."""


class MailsForm(Typed):
    """How often which mails of one site come, and from when to when of a day none."""

    quiet_from = Line("desk.forms.quiet_from", 5, more={"type": "time"})
    quiet_until = Line("desk.forms.quiet_until", 5, more={"type": "time"})
    zone = Line("desk.forms.zone", 64, more={"autocomplete": "off", "spellcheck": "false"}, hint="desk.forms.zone_hint")

    def habits(self) -> Habits:
        """What was chosen."""
        paces = {sort.value: self[f"pace_{sort.value}"].data for sort in Sort}
        return Habits(paces, self.zone.data.strip(), self.quiet_from.data.strip(), self.quiet_until.data.strip())


for _sort in SORTS:
    setattr(MailsForm, f"pace_{_sort.value}", OneOf(f"desk.sorts_of_mail.{_sort}", list(Pace)))


def forms_of(me: Editor) -> list[tuple[Site, MailsForm]]:
    """The form of each of a person's sites, with what they chose."""
    own_sites = sorted((membership.site for membership in me.memberships), key=lambda site: site.name)
    forms = [(site, _form(me, site)) for site in own_sites if site.trainee_id is None]
    for site, form in forms:
        for field in (form.quiet_from, form.quiet_until, form.zone):
            field.id = f"{site.slug}-{field.name}"
    return forms


@bp.post("/account/mails/<slug>")
@requires(Role.VIEWER)
def choose(slug: str) -> ResponseReturnValue:
    """Keep how a person wants the mails of one site."""
    form, number = MailsForm(request.form), access.editor_id() or 0
    try:
        form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.VIEWER)
            mail_choices.choose(session, number, site.id, form.habits())
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(access.site_with(read(), slug, Role.VIEWER), form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(say("desk.account.saved"), "done")
    return redirect("/account#mails", HTTPStatus.SEE_OTHER)


def _page(site: Site, form: MailsForm) -> str:
    return render_template("account/mails.html", mails=[(site, form)])


def _form(me: Editor, site: Site) -> MailsForm:
    session = object_session(me)
    assert session is not None
    wished = mail_choices.habits(session, me.id, site)
    paces = {f"pace_{sort.value}": wished.pace(sort).value for sort in Sort}
    zone = wished.zone or sites.zone_of(site).key
    return MailsForm(quiet_from=wished.quiet_from, quiet_until=wished.quiet_until, zone=zone, **paces)
