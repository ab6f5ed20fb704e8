"""The public log as others read it: feeds, tables, open data, and what an article's own page shows."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from feedgen.feed import FeedGenerator
from flask import Blueprint, Flask, Response, current_app, render_template, request

from corrections_service import errors
from corrections_service.rules import placing, text, urls
from corrections_service.rules.catalogue import Catalogue
from corrections_service.services import articles, entries, exchange, log, sites
from corrections_service.store.models import Site
from corrections_service.web import notices
from corrections_service.web.access import database, public, read
from corrections_service.web.notices import Notice, catalogue_of, log_url

bp = Blueprint("feeds", __name__)


@dataclass(frozen=True)
class _Newest:
    """What a feed tells: the newest notices of a site."""

    site: Site
    notices: Sequence[Notice]

    @property
    def tag(self) -> str:
        """What a feed of them is known by."""
        return notices.tag(self.site, self.notices)


@dataclass(frozen=True)
class _OfArticle:
    """What an article's page shows: its site, its canonical address, its number if there is one, its notices, the sentences."""

    site: Site
    url: str
    article_id: int | None
    notices: Sequence[Notice]
    words: Catalogue


FEED_LENGTH, LINES_AT_ONCE = 50, 100
SHARED = "public, max-age=60"
CONTEXT = ["https://schema.org", dict.fromkeys(("notices", "count", "corrected", "taken_up", "log"))]
"""schema.org; the rest is for pages, and says nothing as linked data."""

COLUMNS = (
    *("id", "url", "class", "gravity", "published", "changed", "fate", "text", "wrong", "right", "first_reported"),
    *("reads_right_since", "ran", "article", "headline", "author", "section", "language", "entry"),
)


@bp.get("/log/<slug>/feed.atom")
@public
def atom(slug: str) -> Response:
    """The newest corrections as Atom (RFC 4287)."""
    newest = _newest(slug)
    return known_by(newest.tag, lambda: _feed(newest, "feed.atom").atom_str(), "application/atom+xml")


@bp.get("/log/<slug>/feed.rss")
@public
def rss(slug: str) -> Response:
    """The newest corrections as RSS 2.0."""
    newest = _newest(slug)
    return known_by(newest.tag, lambda: _feed(newest, "feed.rss").rss_str(), "application/rss+xml")


@bp.get("/log/<slug>/feed.json")
@public
def json_feed(slug: str) -> Response:
    """The newest corrections as JSON Feed 1.1; `_correction` has their fields."""
    newest = _newest(slug)
    return known_by(newest.tag, lambda: _json_of(newest), "application/feed+json")


@bp.get("/log/<slug>/log.csv")
@public
def table(slug: str) -> Response:
    """All notices of a site as a table, a row each (RFC 4180)."""
    site = sites.public(read(), slug)
    state = notices.tag(site, [], log.state(read(), site))
    return streamed(_rows(site), "text/csv", f"{site.slug}-corrections.csv", state)


@bp.get("/log/<slug>/log.ndjson")
@public
def whole(slug: str) -> Response:
    """The whole log as it was written down, an entry a line, to be kept and verified."""
    site = sites.public(read(), slug)
    checkpoint = entries.last_checkpoint(read(), site)
    state = f"{entries.head(read(), site)} {checkpoint.signature if checkpoint else ''}"
    return streamed(_log(site), "application/x-ndjson", f"{site.slug}-log.ndjson", state)


@bp.get("/log/<slug>/article.json")
@public
def article(slug: str) -> Response:
    """The published corrections of one article, for its own page (`url=`, `lang=`); any origin may read it."""
    view = _of_article(slug)
    at_work = log.taken_up(read(), view.article_id)
    data: dict[str, object] = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "url": view.url,
        "correction": [notice.linked() for notice in view.notices],
        "notices": [notice.data() for notice in view.notices],
        "count": len(view.notices) + at_work,
        "corrected": sum(notice.notice.retracted_at is None for notice in view.notices),
        "log": log_url(view.site),
    }
    if at_work:
        data["taken_up"] = {"count": at_work, "text": view.words("public.taken_up", n=at_work)}
    return cached(json.dumps(data, ensure_ascii=False).encode(), "application/ld+json")


@bp.get("/log/<slug>/article.html")
@public
def fragment(slug: str) -> Response:
    """The same as a piece of HTML that a page includes at the server (`url=`, `place=top` or `bottom` or `headline`)."""
    view = _of_article(slug)
    place = request.args.get("place", "")
    if place not in ("", "top", "bottom", "headline"):
        raise errors.InvalidFields({"place": "Give `place` as top, bottom or headline, or leave it out."})
    here = [notice for notice in view.notices if placing.stands_in(notice.gravity, place)]
    if place == "headline":
        here = [notice for notice in here if notice.notice.retracted_at is None][:1]
    html = render_template("public/fragment.html", notices=here, place=place, log=log_url(view.site))
    return cached(html.strip().encode(), "text/html")


def cached(body: bytes, mimetype: str, control: str = SHARED) -> Response:
    """An answer that any origin may read, and that is not sent again to who has it."""
    return known_by(hashlib.sha256(body).hexdigest()[:20], lambda: body, mimetype, control)


def known_by(tag: str, write: Callable[[], bytes], mimetype: str, control: str = SHARED) -> Response:
    """The same, where the answer is known by what it is made of: it is not even written for who has it."""
    is_kept = request.if_none_match.contains_weak(tag)
    answer = Response(b"" if is_kept else write(), mimetype=mimetype)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = control
    answer.set_etag(tag)
    return answer.make_conditional(request)  # type: ignore[return-value]


def streamed(lines: Iterator[str], mimetype: str, filename: str, state: str) -> Response:
    """A file that is written while it is sent, unless who asks has it in this state."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    answer = Response(_bytes_of(lines, app), mimetype=mimetype)
    answer.automatically_set_content_length = False  # to count its bytes would be to write all of it first
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.set_etag(hashlib.sha256(f"{filename} {state}".encode()).hexdigest()[:20], weak=True)
    return answer.make_conditional(request)  # type: ignore[return-value]


def _bytes_of(lines: Iterator[str], app: Flask) -> Iterator[bytes]:
    """These lines in UTF-8; they are asked for when the request is over."""
    while True:
        with app.app_context():
            part = "".join(itertools.islice(lines, LINES_AT_ONCE))
        if not part:
            return
        yield part.encode()


def _newest(slug: str) -> _Newest:
    site = sites.public(read(), slug)
    page, _ = log.page(read(), site, limit=FEED_LENGTH)
    return _Newest(site, notices.shown(read(), page, catalogue_of(site)))


def _json_of(newest: _Newest) -> bytes:
    here = log_url(newest.site)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": catalogue_of(newest.site)("public.of_site", site=newest.site.name),
        "home_page_url": here,
        "feed_url": f"{here}/feed.json",
        "language": newest.site.language,
        "items": [
            {
                "id": notice.address,
                "url": notice.address,
                "external_url": notice.article_address or None,
                "title": notice.title,
                "content_text": notice.body,
                "date_published": notice.published.isoformat(),
                "date_modified": notice.changed.isoformat(),
                "tags": [notice.notice.notice_class.value],
                "_correction": notice.data(),
            }
            for notice in newest.notices
        ],
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def _feed(newest: _Newest, name: str) -> FeedGenerator:
    site, notice_list = newest.site, newest.notices
    here, words = log_url(site), catalogue_of(site)
    feed = FeedGenerator()
    feed.id(here)
    feed.title(text.one_line(words("public.of_site", site=site.name)))
    feed.description(text.one_line(words("public.standfirst")))
    feed.language(words.language)
    feed.link(href=f"{here}/{name}", rel="self")
    feed.link(href=here, rel="alternate")
    feed.updated(max((notice.changed for notice in notice_list), default=site.created_at))
    feed.author(name=text.one_line(site.name))
    for notice in notice_list:
        entry = feed.add_entry(order="append")
        entry.id(notice.address)
        entry.title(notice.title)
        entry.link(href=notice.address)
        entry.published(notice.published)
        entry.updated(notice.changed)
        entry.category(term=notice.notice.notice_class.value, label=notice.label)
        entry.content(notice.body, type="text")
    return feed


def _of_article(slug: str) -> _OfArticle:
    site = sites.public(read(), slug)
    try:
        url = urls.canonical(request.args.get("url", ""), site.policy.get("query_parameters"))
    except ValueError:
        raise errors.InvalidFields({"url": "Give the article’s address as `url`."}) from None
    number = articles.at(read(), site, url)
    words = catalogue_of(site, request.args.get("lang", ""), log.language_of(read(), number))
    return _OfArticle(site, url, number, notices.shown(read(), log.of_article(read(), number), words), words)


def _rows(site: Site) -> Iterator[str]:
    yield exchange.BYTE_ORDER_MARK + exchange.csv_line(list(COLUMNS))
    before = ""
    while True:
        with database().read() as session:
            page, before = log.page(session, site, before=before, limit=500)
            for notice in notices.shown(session, page, catalogue_of(site)):
                yield exchange.csv_line([exchange.cell(value) for value in _row(notice)])
        if not before:
            return


def _row(notice: Notice) -> list[object]:
    data = notice.data()
    ran = "; ".join(f"{place['place']} {place['date'] or ''}".strip() for place in data["ran"])
    of_article = {"article": data["article"]["url"], **{name: data["article"][name] for name in COLUMNS[-5:-1]}}
    data |= {"ran": ran, **of_article, "entry": notice.last.number if notice.last else ""}
    return [data[name] for name in COLUMNS]


def _log(site: Site) -> Iterator[str]:
    with database().read(unhurried=True) as session:
        yield from entries.lines(session, site)
