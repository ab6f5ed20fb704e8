"""Publications in the settings: a new one, its name and language, whether it takes reports, its programs, all that it has."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from flask import Blueprint, Response, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, exchange, sites, tokens
from corrections_service.store.models import Editor, Scope, Site
from corrections_service.web import access
from corrections_service.web.access import read, requires, write
from corrections_service.web.language import language_names, say
from corrections_service.web.site_forms import NameForm, NewSiteForm, TokenForm

log = structlog.get_logger()

bp = Blueprint("publications", __name__, url_prefix="/settings")

MOST_EXPORTED = 20_000
"""Reports of a publication that a page hands out, which are some tens of megabytes; `corrections export` has no limit."""

FORMS = {"jsonl": (exchange.json_lines, "application/jsonl"), "csv": (exchange.csv_lines, "text/csv")}


@bp.route("/new-site", methods=["GET", "POST"])
@requires(Role.ADMIN)
def add() -> str | AnyResponse | tuple[str, int]:
    """A further publication, for who administers every one that there is; they administer it, too."""
    _promise_all(read())
    form = NewSiteForm(request.form)
    if request.method != "POST":
        return _new_page(form)
    try:
        form.check()
        with write() as session:
            _promise_all(session)
            sites.check_free(session, form.name.data)
            site = sites.create(
                session,
                name=form.name.data,
                origins=form.origins.data.split(),
                desk=form.desk.data,
                language=form.language.data,
            )
            editor = session.get_one(Editor, access.editor_id())
            editors.set_role(session, editor, site, Role.ADMIN, issuer=editors.admin_by(editor))
            slug = site.slug
    except errors.InvalidFields as error:
        form.blame(error)
        return _new_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    log.info("publication added", site=slug, editor=access.editor_id())
    return redirect(f"/settings/sites/{slug}/start", HTTPStatus.SEE_OTHER)


@bp.post("/sites/<slug>/name")
@requires(Role.ADMIN)
def rename(slug: str) -> AnyResponse | tuple[str, int]:
    """Change the name, which readers see, and the language; the addresses of its log and its script stay."""
    form = NameForm(request.form)
    try:
        form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            sites.rename(session, site, form.name.data)
            sites.speak(site, form.language.data)
    except errors.InvalidFields as error:
        form.blame(error)
        return _name_page(access.site_with(read(), slug, Role.ADMIN), form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(say("desk.publication.renamed"), "done")
    return redirect(f"/settings/sites/{slug}/name", HTTPStatus.SEE_OTHER)


@bp.get("/sites/<slug>/name")
@requires(Role.ADMIN)
def name_page(slug: str) -> str:
    """Name and language, whether it takes reports, and all that it has, to take along."""
    site = access.site_with(read(), slug, Role.ADMIN)
    return _name_page(site, NameForm(name=site.name, language=sites.language_of(site)))


@bp.post("/sites/<slug>/reports")
@requires(Role.ADMIN)
def switch(slug: str) -> AnyResponse:
    """Take no more reports, or take them again."""
    action = request.form.get("action")
    if action not in ("take", "stop"):
        raise errors.NotFound()
    is_on = action == "take"
    with write() as session:
        site = access.site_with(session, slug, Role.ADMIN)
        site.active = is_on
        name = site.name
    log.info("publication", site=slug, takes_reports=is_on, editor=access.editor_id())
    flash(say("desk.publication.takes_again" if is_on else "desk.publication.stopped", site=name), "done")
    return redirect(f"/settings/sites/{slug}/name", HTTPStatus.SEE_OTHER)


@bp.get("/sites/<slug>/export.<form>")
@requires(Role.ADMIN)
def export(slug: str, form: str) -> Response:
    """All that a publication has, line by line; who took it along is logged."""
    if form not in FORMS:
        raise errors.NotFound()
    site = access.site_with(read(), slug, Role.ADMIN)
    if exchange.count(read(), site) > MOST_EXPORTED:
        raise errors.NotFound()
    headers = {"Content-Disposition": f"attachment; filename={site.slug}.{form}", "Cache-Control": "no-store"}
    lines_of, mimetype = FORMS[form]
    access.end_reading()
    with access.database().read(unhurried=True) as session:
        lines = list(lines_of(session, session.get_one(Site, site.id)))
    log.info("exported", site=slug, form=form, editor=access.editor_id())
    return Response(lines, mimetype=mimetype, headers=headers)


@bp.route("/sites/<slug>/programs", methods=["GET", "POST"])
@requires(Role.ADMIN)
def programs(slug: str) -> str | AnyResponse | tuple[str, int]:
    """The programs that are let in: make a token, whose secret is shown once, or revoke one."""
    if request.method != "POST":
        return _programs_page(access.site_with(read(), slug, Role.ADMIN), TokenForm())
    form, secret = TokenForm(request.form), ""
    if form.action.data == "revoke":
        with write() as session:
            tokens.revoke(session, form.name.data, access.site_with(session, slug, Role.ADMIN))
        log.info("token revoked", site=slug, editor=access.editor_id())
        flash(say("desk.programs.revoked", name=form.name.data), "done")
        return redirect(f"/settings/sites/{slug}/programs", HTTPStatus.SEE_OTHER)
    try:
        form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            secret = tokens.add(session, form.name.data, site=site, scopes=[Scope(name) for name in form.scopes.data])
    except errors.InvalidFields as error:
        form.blame(error)
        return _programs_page(access.site_with(read(), slug, Role.ADMIN), form), HTTPStatus.UNPROCESSABLE_ENTITY
    log.info("token made", site=slug, editor=access.editor_id())
    access.end_reading()  # which began before the token was there
    return _programs_page(access.site_with(read(), slug, Role.ADMIN), TokenForm(), form.name.data, secret)


def _promise_all(session: Session) -> None:
    """Promise that this person administers every publication: else another newsroom is in the same house. Raises NotPermitted."""
    if not sites.are_all(session, access.site_ids(Role.ADMIN)):
        raise errors.NotPermitted()


def _new_page(form: NewSiteForm) -> str:
    return render_template("dashboard/settings_new.html", form=form, languages=language_names())


def _name_page(site: Site, form: NameForm) -> str:
    return render_template(
        "dashboard/settings_name.html",
        site=site,
        form=form,
        languages=language_names(),
        is_large=exchange.count(read(), site) > MOST_EXPORTED,
    )


def _programs_page(site: Site, form: TokenForm, name: str = "", secret: str = "") -> str:
    return render_template(
        "dashboard/settings_programs.html",
        site=site,
        form=form,
        tokens=tokens.of_site(read(), site),
        name=name,
        secret=secret,
    )
