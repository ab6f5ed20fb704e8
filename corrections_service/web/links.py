"""Short addresses of articles, for newsletters, apps and print: where an editor gets one, and where it leads."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from corrections_service import errors
from corrections_service.rules.links import qr_code
from corrections_service.rules.workflow import Role
from corrections_service.services import links
from corrections_service.store.models import Article, Site
from corrections_service.web import access, forms
from corrections_service.web.access import public, read, requires, settings, write

bp = Blueprint("links", __name__)


@bp.get("/a/<code>")
@public
def follow(code: str) -> AnyResponse:
    """From paper to the form for readers, about the article with this code."""
    with access.database().read() as session:
        article = links.article(session, code, settings())
        form = f"/report/{article.site.key}?{urlencode({'url': article.url})}"
    return redirect(form, HTTPStatus.SEE_OTHER)


@bp.get("/a/<code>.svg")
@public
def picture(code: str) -> Response:
    """The short address as a QR code."""
    with access.database().read() as session:
        number = links.article(session, code, settings()).id
    return Response(qr_code(links.short_address(number, settings())), mimetype="image/svg+xml")


@bp.route("/settings/sites/<slug>/links", methods=["GET", "POST"])
@requires(Role.EDITOR)
def short_links(slug: str) -> str | AnyResponse | tuple[str, int]:
    """The short address of an article of the site, with its QR code, for who pastes the article's own."""
    if request.method != "POST":
        return _page(access.site_with(read(), slug, Role.EDITOR), forms.ShortLinkForm())
    form = forms.ShortLinkForm(request.form)
    try:
        form.check()
        with write() as session:
            site = access.site_with(session, slug, Role.EDITOR)
            number = links.add(session, site, form.url.data.strip())
    except errors.InvalidFields as error:
        form.blame(error)
        return _page(access.site_with(read(), slug, Role.EDITOR), form), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(f"/settings/sites/{slug}/links?article={number}", HTTPStatus.SEE_OTHER)


def _page(site: Site, form: forms.ShortLinkForm) -> str:
    article = _own_article(site, request.args["article"]) if "article" in request.args else None
    return render_template(
        "dashboard/settings_links.html",
        site=site,
        form=form,
        article=article,
        address=links.short_address(article.id, settings()) if article else "",
    )


def _own_article(site: Site, value: str) -> Article:
    article = read().get(Article, access.number(value) or 0)
    if article is None or article.site_id != site.id:
        raise errors.NotFound()
    return article
