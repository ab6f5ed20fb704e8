"""Settings of what a publication tells its readers and the public besides its notices."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.offices import read as read_offices
from corrections_service.rules.offices import written
from corrections_service.rules.workflow import Role
from corrections_service.services import offices, sites
from corrections_service.store.models import Site
from corrections_service.web import access
from corrections_service.web.access import read, requires, write
from corrections_service.web.language import say
from corrections_service.web.site_forms import TellingForm
from corrections_service.work.attachments import INSTALL, can_draw

bp = Blueprint("public_settings", __name__, url_prefix="/settings/sites")


@bp.route("/<slug>/telling", methods=["GET", "POST"])
@requires(Role.ADMIN)
def telling(slug: str) -> str | Response | tuple[str, int]:
    """What readers are told of a decision: when they see the change."""
    site = access.site_with(read(), slug, Role.ADMIN)
    if request.method != "POST":
        return _page(site, TellingForm(data={**site.policy, "offices": written(site.policy.get("offices", []))}))
    form = TellingForm(request.form)
    try:
        form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            sites.choose(site, **form.policy())
            offices.choose(site, read_offices(form.offices.data))
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(site, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(say("desk.account.saved"), "done")
    return redirect(f"/settings/sites/{slug}/telling", HTTPStatus.SEE_OTHER)


def _page(site: Site, form: TellingForm) -> str:
    lacks_libraries = form.attachments.data and not can_draw()
    return render_template(
        "dashboard/settings_telling.html", site=site, form=form, lacks_libraries=lacks_libraries, install=INSTALL
    )
