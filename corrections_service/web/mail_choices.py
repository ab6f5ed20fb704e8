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

bp = Blueprint("mail_choices", __name__)

SORTS = {
    Sort.NEW: "A new case that is your matter",
    Sort.ASSIGNED: "A colleague gives you a case",
    Sort.MENTIONED: "A note names you",
    Sort.ANSWERED: "A reader answers your question",
    Sort.APPEALED: "A reader disagrees with a decision",
    Sort.APPROVAL: "A notice waits for your approval, or yours is approved or sent back",
    Sort.CAME_BACK: "The wrong words are back on the page",
    Sort.CHANGED: "The page changed, and nobody has decided",
    Sort.FIX_SEEN: "The fix is seen, and the case closed",
    Sort.OVERDUE: "A case is overdue, or decided and its article not corrected",
    Sort.WAVE: "A wave of reports is set aside",
}
PACES = {Pace.AT_ONCE: "At once", Pace.HOURLY: "Hourly", Pace.DAILY: "Daily", Pace.NEVER: "Never"}


class MailsForm(Typed):
    """How often which mails of one site come, and from when to when of a day none."""

    quiet_from = Line("No mail from", 5, more={"type": "time"})
    quiet_until = Line("until", 5, more={"type": "time"})
    zone = Line("Your time zone", 64, more={"autocomplete": "off", "spellcheck": "false"}, hint="Such as Europe/Kyiv.")

    def habits(self) -> Habits:
        """What was chosen."""
        paces = {sort.value: self[f"pace_{sort.value}"].data for sort in Sort}
        return Habits(paces, self.zone.data.strip(), self.quiet_from.data.strip(), self.quiet_until.data.strip())


for _sort, _name in SORTS.items():
    setattr(MailsForm, f"pace_{_sort.value}", OneOf(_name, list(Pace)))


def forms_of(me: Editor) -> list[tuple[Site, MailsForm]]:
    """The form of each of a person's sites, with what they chose."""
    own_sites = sorted((membership.site for membership in me.memberships), key=lambda site: site.name)
    return [(site, _form(me, site)) for site in own_sites]


@bp.post("/account/mails/<slug>")
@requires(Role.VIEWER)
def choose(slug: str) -> ResponseReturnValue:
    """Keep how a person wants the mails of one site."""
    form, number = MailsForm(request.form), access.editor_id()
    assert number is not None
    try:
        form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.VIEWER)
            mail_choices.choose(session, number, site.id, form.habits())
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(access.site_with(read(), slug, Role.VIEWER), form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash("Saved.", "done")
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
