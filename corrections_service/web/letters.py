"""Mail that came in and went nowhere by itself: seen by an editor, put into its case, or put away; where mail is answered."""

from __future__ import annotations

from http import HTTPStatus

import wtforms
from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.catalogue import phrase
from corrections_service.rules.workflow import Role
from corrections_service.services import incoming
from corrections_service.store.models import Place, Site
from corrections_service.web import access
from corrections_service.web.access import read, requires, settings, write
from corrections_service.web.controls import Line, Numbered, Typed
from corrections_service.web.language import say

bp = Blueprint("letters", __name__, url_prefix="/settings/sites")

MOST_SHOWN = 100


class LetterForm(Typed):
    """What is to be done with a letter, or where mail in the site's name is answered."""

    number = Numbered("Letter")
    address = Line(
        "desk.incoming.address",
        100,
        hint=phrase(
            "desk.incoming.address_hint",
            mailbox="corrections@news.example",
            any="corrections+anything@",
            domain="*@replies.news.example",
        ),
        more={"spellcheck": "false", "autocomplete": "off", "dir": "ltr"},
    )
    action = wtforms.StringField("Action", default="")


@bp.route("/<slug>/mail", methods=["GET", "POST"])
@requires(Role.EDITOR)
def came_in(slug: str) -> str | Response | tuple[str, int]:
    """Letters to a site that wait for an editor, and those that programs wrote."""
    site = access.site_with(read(), slug, Role.EDITOR)
    if request.method != "POST":
        return _page(site, LetterForm(address=incoming.base_of(site, settings())))
    form = LetterForm(request.form)
    try:
        form.check()
        flash(_do(slug, form), "done")
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(access.site_with(read(), slug, Role.EDITOR), form), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(f"/settings/sites/{slug}/mail", HTTPStatus.SEE_OTHER)


def _do(slug: str, form: LetterForm) -> str:
    """Do what the form asks for; what is said of it then. Raises InvalidFields, NotFound, NotPermitted."""
    number = form.number.data or 0
    with write() as session:
        site = access.site_with(session, slug, Role.ADMIN if form.action.data == "address" else Role.EDITOR)
        match form.action.data:
            case "address":
                incoming.choose_address(site, form.address.data)
                return say("desk.account.saved")
            case "done":
                incoming.done_with(session, site, number)
                return say("desk.incoming.put_away")
            case "case":
                letter = incoming.of_site(session, site, number)
                incoming.put_into_case(session, letter)
                return say("desk.incoming.stands", number=str(letter.case_id))
            case _:
                raise errors.BadRequest()


def _page(site: Site, form: LetterForm) -> str:
    return render_template(
        "dashboard/settings_mail.html",
        site=site,
        form=form,
        is_admin=site.id in access.site_ids(Role.ADMIN),
        aside=incoming.letters(read(), site, Place.ASIDE, MOST_SHOWN),
        by_program=incoming.letters(read(), site, Place.PROGRAM, MOST_SHOWN),
    )
