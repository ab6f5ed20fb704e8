"""The public log of corrections: its pages, and the rules in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from corrections_service import errors
from corrections_service.rules import text
from corrections_service.rules.catalogue import Catalogue
from corrections_service.rules.workflow import NoticeClass
from corrections_service.services import corrections, entries, log, periods, sites
from corrections_service.services.log import Search
from corrections_service.services.periods import Month
from corrections_service.store.models import Site
from corrections_service.web import matrix, notices
from corrections_service.web.access import public, read
from corrections_service.web.feeds import cached, known_by
from corrections_service.web.notices import Notice, catalogue_of, log_url

bp = Blueprint("public", __name__)

MONTHS, FEWEST = 12, 5
"""Of how many months figures are told, and behind how few reports or corrections none is."""

NONE = "–"

MOST = 30
"""Notices of one page; so many of usual length just fit."""

LARGEST = 52_000
"""Bytes of all notices of one page; with what stands around them it stays under 60 kB."""

FEEDS = (
    ("Atom", "feed.atom", "application/atom+xml"),
    ("RSS", "feed.rss", "application/rss+xml"),
    ("JSON Feed", "feed.json", "application/feed+json"),
    ("CSV", "log.csv", "text/csv"),
)
"""What the log is read by elsewhere: a name, an address, a type."""

SOUGHT = {
    "month": "month",
    "section": "section",
    "author": "author",
    "article": "article",
    "notice_class": "class",
    "words": "q",
}
"""What notices are looked for by, and what the address calls it."""


@bp.get("/log/<slug>")
@public
def show_log(slug: str) -> Response:
    """A site's published corrections, newest first: all, or by month, section, author, article, class and words."""
    site = sites.public(read(), slug)
    search, before = search_of_request(), request.args.get("before", "")
    page, more = log.page(read(), site, search, before=before, limit=MOST)
    listing = notices.shown(read(), page, catalogue_of(site))
    months, sections = log.months(read(), site), log.sections(read(), site)
    tag = notices.tag(site, listing, search, more, months, sections)
    return known_by(tag, lambda: _log_page(site, search, listing, more, months, sections), "text/html", "no-cache")


def _log_page(
    site: Site, search: Search, page: Sequence[Notice], more: str, months: Sequence[str], sections: Sequence[str]
) -> bytes:
    words = catalogue_of(site)
    fitting, more = _fitting(page, words, log_url(site), more)
    html = render_template(
        "public/log.html",
        words=words,
        site=site,
        notices=[html for html, _ in fitting],
        wanted=search,
        more=f"{log_url(site)}?{urlencode({**parameters(search), 'before': more})}" if more else "",
        here=log_url(site),
        json_ld={
            "@context": "https://schema.org",
            "@type": "ItemList",
            "itemListElement": [data for _, data in fitting],
        },
        feeds=FEEDS,
        months=[(month, notices.month_in_words(words, month)) for month in months],
        sections=sections,
        classes=[(kind.value, words(f"public.class_{kind.value}")) for kind in NoticeClass],
        parameters=parameters(search),
    )
    return html.encode()


@bp.get("/log/<slug>/corrections/<int:number>")
@public
def correction(slug: str, number: int) -> Response:
    """One correction at its permanent address, with all that became of it."""
    site = sites.public(read(), slug)
    words, stored_notice = catalogue_of(site), corrections.get(read(), site, number)
    (notice,) = notices.shown(read(), [stored_notice], words)
    html = render_template(
        "public/correction.html",
        words=words,
        site=site,
        found=notice,
        here=log_url(site),
        versions=entries.versions(read(), stored_notice),
        json_ld={"@context": "https://schema.org", **notice.linked()},
    )
    return cached(html.encode(), "text/html", "no-cache")


@bp.get("/log/<slug>/verify")
@public
def verify(slug: str) -> str:
    """A page that checks a downloaded log in the browser, without sending it anywhere."""
    site = sites.public(read(), slug)
    return render_template(
        "public/verify.html",
        words=catalogue_of(site),
        site=site,
        here=log_url(site),
        keys=entries.keys(read(), site),
        command=f"corrections verify-log {site.slug}-log.ndjson",
    )


@bp.get("/log/<slug>/figures")
@public
def figures(slug: str) -> Response:
    """Corrections, share of the reports answered and time to the fix by month, where the site shows them; none of few."""
    site = sites.public(read(), slug)
    if not site.policy.get("figures"):
        raise errors.NotFound()
    words = catalogue_of(site)
    html = render_template(
        "public/figures.html",
        words=words,
        site=site,
        here=log_url(site),
        fewest=FEWEST,
        months=[_in_words(words, month, site) for month in periods.months(read(), site, MONTHS)],
    )
    return cached(html.encode(), "text/html", "no-cache")


def _in_words(words: Catalogue, month: Month, site: Site) -> tuple[str, str, str, str, str]:
    """A month, its name, and its figures; what few are behind is told of none."""
    key, few = f"{month.first:%Y-%m}", words("public.few", n=FEWEST)
    count = log.count_of_month(read(), site, key)
    share = words.percent(periods.hundredths(month.answers, month.reports)) if month.reports >= FEWEST else NONE
    median = words.span(month.fix.median) if month.fix.cases >= FEWEST and month.fix.median is not None else NONE
    return key, notices.month_in_words(words, key), words.number(count) if count >= FEWEST else few, share, median


@bp.get("/log/<slug>/policy")
@public
def policy(slug: str) -> str:
    """The rules in force, from the same data that the desk works by."""
    site = sites.public(read(), slug)
    words = catalogue_of(site)
    return render_template(
        "public/policy.html",
        words=words,
        site=site,
        in_force=matrix.in_force(words, site, site.policy),
        here=log_url(site),
        keys=entries.keys(read(), site),
    )


def _fitting(
    page: Sequence[Notice], words: Catalogue, here: str, more: str
) -> tuple[list[tuple[str, dict[str, Any]]], str]:
    """As many of these as fit on a page, each as HTML and as linked data, and where the next page begins."""
    write = current_app.jinja_env.get_template("public/_notice.html").module.notice  # type: ignore[attr-defined]
    fitting: list[tuple[str, dict[str, Any]]] = []
    size = 0
    for number, notice in enumerate(page):
        html, data = write(words, notice, here), notice.listed()
        written_data = current_app.json.dumps(data)
        size += len(html.encode()) + len(written_data.encode()) + 5 * sum(map(written_data.count, "<>&'"))
        if size > LARGEST and fitting:
            return fitting, log.behind(page[number - 1].notice)
        fitting.append((html, data))
    return fitting, more


def search_of_request() -> Search:
    """Which notices the address asks for."""
    typed = {name: text.clean(request.args.get(key, "")).strip()[:300] for name, key in SOUGHT.items()}
    return Search(**{**typed, "words": typed["words"][:200]})


def parameters(search: Search) -> dict[str, str]:
    """What an address says that asks for these notices."""
    parts = {
        "month": search.month,
        "section": search.section,
        "author": search.author,
        "article": search.article,
        "class": search.notice_class,
        "q": search.words,
    }
    return {name: value for name, value in parts.items() if value}
