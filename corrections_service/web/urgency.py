"""What comes first at a site's desk, and until when it is due: where an administrator says so."""

from __future__ import annotations

from http import HTTPStatus
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import clocks, priorities
from corrections_service.store.models import Site
from corrections_service.web import access, urgency_forms
from corrections_service.web.access import read, requires, write
from corrections_service.web.language import say

bp = Blueprint("urgency", __name__)


@bp.route("/settings/sites/<slug>/urgency", methods=["GET", "POST"])
@requires(Role.ADMIN)
def urgency(slug: str) -> str | Response | tuple[str, int]:
    """How much each factor weighs, when the desk works, how long a case of each kind may wait."""
    if request.method != "POST":
        site = access.site_with(read(), slug, Role.ADMIN)
        return _page(site, urgency_forms.stored(site))
    form = urgency_forms.UrgencyForm(request.form)
    try:
        urgency_forms.check(form)
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            clocks.choose(site, form.clock)
            priorities.choose(session, site, form.weights)
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(access.site_with(read(), slug, Role.ADMIN), form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(say("desk.urgency.saved"), "done")
    return redirect(f"/settings/sites/{slug}/urgency", HTTPStatus.SEE_OTHER)


def _page(site: Site, form: urgency_forms._Urgency) -> str:
    fields = {
        "weights": [form[f"weight_{factor}"] for factor in urgency_forms.FACTORS],
        "targets": [form[f"target_{kind}"] for kind in urgency_forms.KINDS],
    }
    zones = sorted(available_timezones())
    return render_template("dashboard/settings_urgency.html", site=site, form=form, zones=zones, **fields)
