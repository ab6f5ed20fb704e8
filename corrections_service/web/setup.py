"""The first hour: the first administrator of an empty installation, then where the articles are and whether mail goes out."""

from __future__ import annotations

from http import HTTPStatus
from zoneinfo import available_timezones

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from corrections_service import errors
from corrections_service.rules import catalogue, urls
from corrections_service.rules.embedding import EXAMPLE, NEAR
from corrections_service.rules.workflow import Role
from corrections_service.services import setup, sites, starts
from corrections_service.settings import PREFIX
from corrections_service.store.models import Editor, Site
from corrections_service.web import access, account, passwords, start, trials
from corrections_service.web.access import public, read, requires, settings, write
from corrections_service.web.language import language, say
from corrections_service.web.setup_forms import SetupForm
from corrections_service.web.site_forms import PageCheckForm

bp = Blueprint("setup", __name__)


@bp.before_request
def protect_forms() -> None:
    """Also who is not signed in yet sends forms from our own pages only (login CSRF, A12)."""
    if request.method == "POST":
        access.check_form()


@bp.route("/setup", methods=["GET", "POST"])
@public
def begin() -> str | Response | account.Refused:
    """Who has the code makes an empty installation's first administrator and publication; else it leads to sign-in."""
    if not setup.is_open(read()):
        return _leave()
    form = SetupForm(request.form, language=language(), zone="UTC")
    if request.method != "POST":
        return _page(form)
    try:
        passwords.brake_network("setup")
        if not setup.is_right(form.code.data, settings().secret_key):
            raise errors.InvalidFields({"code": say("desk.setup.wrong_code")})
        form.check()
        account.check_password(form.password.data, Editor(email=form.email.data, name=form.name.data))
        access.end_reading()
        password_hash = passwords.hashed(form.password.data)
    except errors.CorrectionsError as error:
        form.blame(error)
        later = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
        return _page(form), error.status, later
    try:
        return _begin(form, password_hash)
    except errors.NotFound:  # somebody else was quicker
        return _leave()
    except errors.InvalidFields as error:  # a publication of this name, which the console has made
        form.blame(errors.InvalidFields({"paper": next(iter(error.fields.values()))}))
        return _page(form), error.status, {}


def _begin(form: SetupForm, password_hash: str) -> Response | account.Refused:
    with write() as session:
        editor, site = setup.begin(
            session,
            form.email.data,
            name=form.name.data.strip(),
            password_hash=password_hash,
            site_name=form.paper.data,
            site_language=form.language.data,
            zone=form.zone.data,
            language=language(),
        )
        return account.let_on(session, editor, f"/settings/sites/{site.slug}/start/articles")


def _leave() -> Response:
    """Where who asks for the setup goes once it is over: to the guide, or to where everybody signs in."""
    me = access.current_editor()
    own_sites = sites.of_editor(read(), me, Role.ADMIN) if me is not None else ()
    if own_sites:
        return redirect(f"/settings/sites/{own_sites[0].slug}/start")
    return redirect("/queue" if me is not None else "/login")


def _page(form: SetupForm) -> str:
    names, zones = catalogue.names(), sorted(available_timezones())
    return render_template("account/setup.html", form=form, languages=names, zones=zones)


@bp.route("/settings/sites/<slug>/start/articles", methods=["GET", "POST"])
@requires(Role.ADMIN)
def articles(slug: str) -> str | Response | tuple[str, int]:
    """Where a site's articles are, taken from the address of one of them, which is then read; a mistake is taken out again."""
    if request.method != "POST":
        site = access.site_with(read(), slug, Role.ADMIN)
        return _articles_page(site, PageCheckForm(address=starts.of_site(read(), site).address))
    if "not_ours" in request.form:
        with write() as session:
            starts.take_out(session, access.site_with(session, slug, Role.ADMIN), request.form["not_ours"])
        return redirect(f"/settings/sites/{slug}/start/articles", HTTPStatus.SEE_OTHER)
    form = PageCheckForm(request.form)
    try:
        form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.ADMIN)
            _add_origin(session, site, form)
            slug = site.slug
        access.end_reading()  # what it read before this was stored
        start.look_at(slug, form.address.data.strip())
    except errors.InvalidFields as error:
        form.blame(error)
        return _articles_page(access.site_with(read(), slug, Role.ADMIN), form), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(f"/settings/sites/{slug}/start/articles#seen", HTTPStatus.SEE_OTHER)


def _add_origin(session: Session, site: Site, form: PageCheckForm) -> None:
    """Take the origin of an article for one of the site's. Raises InvalidFields."""
    try:
        origin = urls.origin_of(form.address.data.strip())
    except urls.BadAddress:
        raise errors.InvalidFields({"address": say("desk.setup.wrong_address")}) from None
    if not urls.belongs_to(origin, site.origins):
        sites.place(session, site, [*site.origins, origin])


def _articles_page(site: Site, form: PageCheckForm) -> str:
    progress = starts.of_site(read(), site)
    points = {point.name: point for point in progress.points}
    near = [point.detail for point in progress.points if point.name == NEAR]
    return render_template(
        "dashboard/start/articles.html",
        site=site,
        form=form,
        start=progress,
        points=points,
        shared=start.shared(site),
        examples=[point.detail for point in progress.points if point.name == EXAMPLE],
        near=[address for address in near if not urls.belongs_to(address, site.origins)],
    )


@bp.route("/settings/sites/<slug>/start/mail", methods=["GET", "POST"])
@requires(Role.ADMIN)
def mail(slug: str) -> str:
    """How mail goes out, and a test mail to who asks for one, with what the mail server said to it."""
    site, me = access.site_with(read(), slug, Role.ADMIN), access.signed_in()
    name, address, outcome = site.name, me.email, None
    if request.method == "POST":
        subject, body = say("desk.setup.test_subject", site=name), say("desk.setup.test_body")
        outcome = trials.send(name, address, subject, f"{body}\n")
        site = access.site_with(read(), slug, Role.ADMIN)
    return render_template(
        "dashboard/start/mail.html", site=site, address=address, outcome=outcome, mail_settings=_mail_settings()
    )


def _mail_settings() -> dict[str, str]:
    """By which settings mail goes out; the password is not among them."""
    config = settings()
    values = {
        "server": config.mail_server,
        "port": str(config.mail_port),
        "tls": config.mail_tls.value,
        "username": config.mail_username,
        "from": config.sender,
    }
    return {f"{PREFIX}MAIL_{name.upper()}": value for name, value in values.items()}
