"""Settings of saved answers: written, seen as a reader would see them, kept, taken away."""

from __future__ import annotations

from http import HTTPStatus
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules.catalogue import best, direction
from corrections_service.rules.phrases import PLACES
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import saved_answers
from corrections_service.store.models import Site
from corrections_service.web import access
from corrections_service.web.access import read, requires, settings, write
from corrections_service.web.decisions import ACCEPTED, DECLINED, name_of
from corrections_service.web.language import language_names, say
from corrections_service.web.site_forms import AnswerForm

bp = Blueprint("saved_answers", __name__, url_prefix="/settings/sites")


@bp.route("/<slug>/answers", methods=["GET", "POST"])
@requires(Role.EDITOR)
def answers(slug: str) -> str | Response | tuple[str, int]:
    """What a site's editors answer again and again, by decision and language."""
    site = access.site_with(read(), slug, Role.EDITOR)
    if request.method != "POST":
        return _page(site, _chosen(site))
    form = AnswerForm(request.form)
    try:
        if form.action.data == "remove":
            number = form.number.data or 0
            form = _filled(site, number, again=True)
            with write() as session:
                own_site = access.site_with(session, slug, Role.EDITOR)
                saved_answers.take_away(session, own_site, number)
            flash(say("desk.answers.taken_away"), "done")
            return _page(access.site_with(read(), slug, Role.EDITOR), form)
        form.check()
        saved_answers.checked(form.text.data)
        if form.action.data != "keep":
            return _page(site, form, preview=True)
        with write() as session:
            _keep(session, access.site_with(session, slug, Role.EDITOR), form)
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(access.site_with(read(), slug, Role.EDITOR), form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(say("desk.answers.kept"), "done")
    return redirect(f"/settings/sites/{slug}/answers", HTTPStatus.SEE_OTHER)


def _keep(session: Session, site: Site, form: AnswerForm) -> None:
    resolution, language = Resolution(form.resolution.data), form.language.data
    saved_answers.keep(session, site, resolution, language, form.text.data, number=form.number.data or None)


def _chosen(site: Site) -> AnswerForm:
    """The form with the answer that the address names, or for a new one."""
    number = access.number(request.args.get("answer", ""))
    if number is None:
        return AnswerForm(resolution=Resolution.NOT_AN_ERROR.value, language=best(site.language))
    return _filled(site, number)


def _filled(site: Site, number: int, *, again: bool = False) -> AnswerForm:
    """The form with this answer, to be changed, or to be kept again under a new number. Raises NotFound."""
    answer = saved_answers.get(read(), site, number)
    values = {"resolution": answer.resolution.value, "language": answer.language, "text": answer.text}
    return AnswerForm(number=None if again else answer.id, **values)


def _page(site: Site, form: AnswerForm, *, preview: bool = False) -> str:
    rows = saved_answers.of_site(read(), site)
    language = best(form.language.data)
    return render_template(
        "dashboard/settings_answers.html",
        site=site,
        form=form,
        groups=[(resolution, list(group)) for resolution, group in groupby(rows, lambda answer: answer.resolution)],
        decisions={resolution: name_of(resolution) for resolution in (*ACCEPTED, *DECLINED)},
        languages=language_names(),
        places=", ".join(f"{{{place}}}" for place in PLACES),
        direction=direction,
        preview=saved_answers.filled_in(form.text.data.strip(), language, site, settings().base_url) if preview else "",
        language=language,
    )
