"""Settings of the link into the newsroom's CMS: a pattern is seen at work before it is kept."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import cms
from corrections_service.services.cms import Trial
from corrections_service.store.models import Site
from corrections_service.web import access
from corrections_service.web.access import read, requires, write
from corrections_service.web.language import say
from corrections_service.web.site_forms import CmsForm

bp = Blueprint("cms", __name__, url_prefix="/settings/sites")

EXAMPLE = "https://news.example"
"""Stands for where the articles are of a site that has not said so yet."""


@bp.route("/<slug>/cms", methods=["GET", "POST"])
@requires(Role.ADMIN)
def editor_link(slug: str) -> str | Response | tuple[str, int]:
    """The pattern that leads from a case into the CMS, tried with three addresses before it is kept."""
    site = access.site_with(read(), slug, Role.ADMIN)
    if request.method != "POST":
        return _page(site, CmsForm(pattern=cms.pattern_of(site), addresses=_newest(site)))
    form = CmsForm(request.form)
    pattern = form.pattern.data.strip()
    try:
        form.check()
        if pattern and (form.action.data != "keep" or form.trial.data != pattern):
            return _page(site, form, cms.tried_on(site, pattern, form.addresses.data.splitlines()))
        with write() as session:
            cms.keep(session, access.site_with(session, slug, Role.ADMIN), pattern)
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(access.site_with(read(), slug, Role.ADMIN), form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(say("desk.cms.on") if pattern else say("desk.cms.off"), "done")
    return redirect(f"/settings/sites/{slug}/cms", HTTPStatus.SEE_OTHER)


def _newest(site: Site) -> str:
    return "\n".join(cms.newest_addresses(read(), site)) or f"{(site.origins or [EXAMPLE])[0]}/news/an-article-12345"


def _page(site: Site, form: CmsForm, trials: list[Trial] | None = None) -> str:
    pattern = cms.pattern_of(site)
    return render_template(
        "dashboard/settings_cms.html", site=site, form=form, pattern=pattern, trials=trials, most=cms.TRIALS
    )
