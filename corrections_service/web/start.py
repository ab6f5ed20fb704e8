"""The guide for a new site: its line, a check of one of its pages, the first load and the first report, each as it is seen."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from corrections_service import errors
from corrections_service.rules import urls
from corrections_service.rules.embedding import Expected
from corrections_service.rules.workflow import Role
from corrections_service.services import limits, sites, starts
from corrections_service.store.models import Site
from corrections_service.web import access, embed
from corrections_service.web.access import database, read, requires, settings, write
from corrections_service.web.language import language, say
from corrections_service.web.site_forms import PageCheckForm
from corrections_service.work import page_checks

bp = Blueprint("start", __name__, url_prefix="/settings/sites")

CHECKS = "10/minute"
"""How often one person may have a page checked: each check keeps a thread and a process busy."""


@bp.route("/<slug>/start", methods=["GET", "POST"])
@requires(Role.ADMIN)
def guide(slug: str) -> AnyResponse | tuple[str, int]:
    """How far a site has come; an open page asks again by its ETag. A form has one page of the site checked."""
    if request.method == "POST":
        return _check(slug)
    site = access.site_with(read(), slug, Role.ADMIN)
    start = starts.of_site(read(), site)
    tag = _tag(site, start)
    if request.if_none_match.contains(tag):
        return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": f'"{tag}"'})
    answer = Response(_page(site, start, PageCheckForm(address=start.address)))
    answer.set_etag(tag)
    return answer


def _check(slug: str) -> AnyResponse | tuple[str, int]:
    """Read a page of the site and keep what was seen there."""
    form = PageCheckForm(request.form)
    try:
        form.check()
        look_at(slug, form.address.data.strip())
    except errors.InvalidFields as error:
        form.blame(error)
        site = access.site_with(read(), slug, Role.ADMIN)
        return _page(site, starts.of_site(read(), site), form), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(f"/settings/sites/{slug}/start#step-check", HTTPStatus.SEE_OTHER)


def look_at(slug: str, typed: str) -> None:
    """Read a page of the site, and keep what was seen there. Raises InvalidFields, which names the address."""
    site = access.site_with(read(), slug, Role.ADMIN)
    script = current_app.extensions["reader_script"]
    expected = Expected(site.key, settings().base_url, embed.version_of(site, script), list(site.origins))
    address = _own_address(site, typed, site.policy.get("query_parameters"))
    with write() as session:
        until = limits.take(session, "page_check", access.editor_id(), CHECKS)
    if until is not None:
        raise errors.InvalidFields({"address": say("desk.start.often")})
    access.end_reading()
    points = page_checks.check(database(), settings(), address, expected)
    with write() as session:
        starts.keep_check(access.site_with(session, slug, Role.ADMIN), address, points)


def _own_address(site: Site, typed: str, keep_query: list[str] | None) -> str:
    """An article's address as the service asks for it. Raises InvalidFields, which says why it is none of the site's."""
    try:
        address = urls.canonical(typed, keep_query)
    except urls.BadAddress as error:
        raise errors.InvalidFields({"address": str(error)}) from None
    if not site.origins:
        sentence = say("desk.start.nowhere", site=site.name, step=say("desk.setup.step_articles"))
        raise errors.InvalidFields({"address": sentence})
    if not urls.belongs_to(address, site.origins):
        sentence = say("desk.start.not_yours", site=site.name, origins=", ".join(site.origins))
        raise errors.InvalidFields({"address": sentence})
    return address


def _tag(site: Site, start: starts.Start) -> str:
    """What an unchanged page is known by."""
    state = repr((start, site.name, site.key, site.origins, shared(site), access.editor_id(), language()))
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _page(site: Site, start: starts.Start, form: PageCheckForm) -> str:
    return render_template(
        "dashboard/settings_start.html",
        site=site,
        start=start,
        form=form,
        tag=sites.embed_tag(site, settings().base_url),
        base_url=settings().base_url,
        other=_other_name(start),
        shared=shared(site),
    )


def shared(site: Site) -> list[tuple[str, str]]:
    """The site's origins that are another's as well, with that one's name, if who asks works there."""
    own_ids, nameless = access.site_ids(), say("desk.site.another")
    return [(origin, other.name if other.id in own_ids else nameless) for origin, other in sites.shared(read(), site)]


def _other_name(start: starts.Start) -> str:
    """The name of the site whose key the page has in place of this one's, if who asks works there."""
    key = next((point.detail for point in start.points if point.name == "key" and point.fault), "")
    other = sites.with_key(read(), key) if key else None
    return other.name if other is not None and other.id in access.site_ids() else ""
