"""The public log of corrections: pages, feeds, JSON-LD."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from feedgen.feed import FeedGenerator
from flask import Blueprint, Response, jsonify, render_template, request

from corrections_service import errors
from corrections_service.rules import text, urls, workflow
from corrections_service.rules.catalogue import Catalogue, best, catalogue_in
from corrections_service.rules.workflow import Resolution
from corrections_service.services import corrections, sites
from corrections_service.store.models import Correction, Site, now
from corrections_service.web.access import public, read, settings

bp = Blueprint("public", __name__)

FEED_LENGTH = 50
POLICY = {
    Resolution.FIXED: ("typo", "no"),
    Resolution.CORRECTED: ("class_correction", "yes"),
    Resolution.CLARIFIED: ("class_clarification", "yes"),
    Resolution.EDITORS_NOTE: ("class_editors_note", "yes"),
    Resolution.UPDATED: ("class_update", "useful"),
    Resolution.WITHDRAWN: ("class_withdrawn", "stays"),
}
"""What changes an article: what that is called, and whether a public notice says so."""


@bp.get("/log/<slug>")
@public
def log(slug: str) -> str:
    """All published corrections of a site, newest first."""
    site = sites.by_slug(read(), slug)
    page, more = corrections.log(read(), site, before=request.args.get("before", ""))
    data = {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "itemListElement": [linked(notice) for notice in page],
    }
    return render_template(
        "public/log.html",
        words=catalogue_of(site),
        site=site,
        corrections=page,
        more=more,
        here=log_url(site),
        json_ld=data,
    )


@bp.get("/log/<slug>/corrections/<int:number>")
@public
def correction(slug: str, number: int) -> str:
    """One correction at its permanent address."""
    site = sites.by_slug(read(), slug)
    notice = corrections.get(read(), site, number)
    data = {"@context": "https://schema.org", **linked(notice)}
    return render_template(
        "public/correction.html",
        words=catalogue_of(site),
        site=site,
        correction=notice,
        here=log_url(site),
        json_ld=data,
        article_link=article_address(notice),
    )


@bp.get("/log/<slug>/policy")
@public
def policy(slug: str) -> str:
    """The rules in force, from the same data that the desk works by."""
    site = sites.by_slug(read(), slug)
    rules = [
        (resolution.value, *labels, workflow.approver(resolution, site.policy.get("approvers")).value)
        for resolution, labels in POLICY.items()
    ]
    return render_template("public/policy.html", words=catalogue_of(site), site=site, rules=rules, here=log_url(site))


@bp.get("/log/<slug>/feed.atom")
@public
def atom(slug: str) -> Response:
    """The newest corrections as Atom (RFC 4287)."""
    site = sites.by_slug(read(), slug)
    page, _ = corrections.log(read(), site, limit=FEED_LENGTH)
    here = log_url(site)
    feed = FeedGenerator()
    feed.id(here)
    feed.title(text.one_line(catalogue_of(site)("public.of_site", site=site.name)))
    feed.link(href=here, rel="alternate")
    feed.link(href=f"{here}/feed.atom", rel="self")
    feed.updated(page[0].published_at if page else site.created_at)
    feed.author(name=text.one_line(site.name))
    for notice in page:
        entry = feed.add_entry(order="append")
        entry.id(address(notice))
        entry.title(title(notice))
        entry.link(href=address(notice))
        entry.published(notice.published_at)
        entry.updated(notice.published_at)
        entry.content(_body(notice), type="text")
    return _cached(feed.atom_str(pretty=True), "application/atom+xml")


@bp.get("/log/<slug>/feed.json")
@public
def json_feed(slug: str) -> Response:
    """The newest corrections as JSON Feed 1.1."""
    site = sites.by_slug(read(), slug)
    page, _ = corrections.log(read(), site, limit=FEED_LENGTH)
    here = log_url(site)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": catalogue_of(site)("public.of_site", site=site.name),
        "home_page_url": here,
        "feed_url": f"{here}/feed.json",
        "language": site.language,
        "items": [
            {
                "id": address(notice),
                "url": address(notice),
                "external_url": article_address(notice) or None,
                "title": title(notice),
                "content_text": _body(notice),
                "date_published": notice.published_at.isoformat() if notice.published_at else None,
                "tags": [notice.notice_class.value],
            }
            for notice in page
        ],
    }
    return _cached(json.dumps(feed, ensure_ascii=False).encode(), "application/feed+json")


@bp.get("/log/<slug>/article.json")
@public
def article(slug: str) -> Response:
    """The published corrections of one article, for its own page (`url=`); any origin may read it."""
    site = sites.by_slug(read(), slug)
    try:
        url = urls.canonical(request.args.get("url", ""), site.policy.get("query_parameters"))
    except ValueError:
        raise errors.InvalidFields({"url": "Give the article’s address as `url`."}) from None
    notices = corrections.at_address(read(), site, url)
    answer = jsonify(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "url": url,
            "correction": [linked(o) for o in notices],
        }
    )
    return _cached(answer.get_data(), "application/ld+json")


def linked(correction: Correction) -> dict[str, Any]:
    """A correction as schema.org's CorrectionComment."""
    published = correction.published_at or now()
    return {
        "@type": "CorrectionComment",
        "@id": address(correction),
        "url": address(correction),
        "name": label(correction),
        "text": correction.text,
        "datePublished": published.isoformat(),
        "about": {
            "@type": "NewsArticle",
            "url": article_address(correction),
            "headline": correction.article.headline,
        },
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": correction.site.name,
            "correctionsPolicy": f"{log_url(correction.site)}/policy",
        },
    }


def log_url(site: Site) -> str:
    """The address of a site's log."""
    return f"{settings().base_url}/log/{site.slug}"


def address(correction: Correction) -> str:
    """The permanent address of one correction."""
    return f"{log_url(correction.site)}/corrections/{correction.id}"


def article_address(correction: Correction) -> str:
    """Where the article is: http or https and one of the site's own, or nothing."""
    url = correction.article.canonical_url or correction.article.url
    return url if urls.belongs_to(url, correction.site.origins) else ""


def title(correction: Correction) -> str:
    """What kind of notice on which article, in one line."""
    return text.one_line(f"{label(correction)}: {correction.article.headline or correction.article.url}")


def label(correction: Correction) -> str:
    """What kind of notice it is, in the site's language."""
    return catalogue_of(correction.site)(f"public.class_{correction.notice_class.value}")


def catalogue_of(site: Site) -> Catalogue:
    """The sentences of a site's public pages."""
    language = best(site.language)
    return catalogue_in(language, sites.own_sentences(site, language))


def _body(correction: Correction) -> str:
    if correction.wrong and correction.right:
        catalogue = catalogue_of(correction.site)
        change = f"{catalogue('public.said')}: {correction.wrong}\n{catalogue('public.should')}: {correction.right}"
        return text.clean(f"{correction.text}\n\n{change}")
    return text.clean(correction.text)


def _cached(body: bytes, mimetype: str) -> Response:
    answer = Response(body, mimetype=mimetype)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=60"
    answer.set_etag(hashlib.sha256(body).hexdigest()[:20])
    return answer.make_conditional(request)  # type: ignore[return-value]
