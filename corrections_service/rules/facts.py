"""Facts about an article: what its page says of it in JSON-LD, meta elements, microdata and headings."""

from __future__ import annotations

import html as markup
import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ada_url
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules import urls
from corrections_service.rules.dates import read_moment
from corrections_service.rules.text import clean, cut

RENAMED = "x-"
"""What names of elements begin with that the parser is to take for none that it knows."""

RENAMED_AS_TEXT = re.compile(rf"(</?){RENAMED}(?=[a-z])", re.IGNORECASE)
_SCRIPT_OPENING = re.compile(r"\A(?://)?\s*(?:<!--|<!\[CDATA\[)")
_JSON_NOISE = re.compile(  # comments and commas at an end, outside of strings
    r"""
      ("(?:[^"\\]++|\\.)*+(?:"|\Z))         # "a \"string\" // with slashes", which stays
    | /\*.*?(?:\*/|\Z)                      # /* a comment */
    | //[^\n]*                              # // another
    | ,(?=\s*+[}\]])                        # [1, 2,]: the last comma
    """,
    re.DOTALL | re.VERBOSE,
)
_MARKUP = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ARTICLE_TYPE = re.compile(r"\A(?:.*[/#:])?(?:\w*Article|(?!Job)\w*Posting|Report|Review)")
_DATED_TYPE = re.compile(r"\A(?:.*[/#:])?(?:(?:Medical)?WebPage|ClaimReview|Recipe)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ENTRANCE = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_VIEW = re.compile(
    r"""
    (?:/(?:
      (?:amp|print|printable|page|p|index|default|full|all|single|comments?    # /amp
      |seite|komplettansicht|pagina|strona)?                                   # /seite
      [-_]?\d{0,3}                                                             # /page-2
      (?:\.\w{2,5})?                                                           # /index.html
    )?)+
    """,
    re.VERBOSE,
)
_SPECIFIC = re.compile(r"[\d%._-]")  # an article's last name in its address has these, a section's has not
_NUMBERED = re.compile(
    r"""
    (?:\A|&)(?:
      p                                                               # p=123
    | (?:\w*[_-])?(?:id|idx|idxno|no|seq|[ans]id)                     # news_id=123
    | (?:art|article|news|story|post)(?:_?(?:id|no))?                 # story=123
    )=\d+(?:&|\Z)
    | (?:\A|&)(?:art|article|news|story|post|slug)=[^&]               # slug=the-bridge
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What a page says about its article; None where it says nothing that can be used.

    Times that name no zone are by the clock of whoever wrote the page.
    """

    canonical_url: str
    headline: str | None = None
    author: str | None = None
    section: str | None = None
    language: str | None = None
    published: datetime | None = None
    modified: datetime | None = None


def facts_in(tree: LexborHTMLParser, url: str, origins: Sequence[str] = ()) -> ArticleFacts:
    """What a page that was read at `url` says about its article; `origins` are the site's, where they are known."""
    meta = _meta_values(tree)
    canonical_url = _canonical_url(tree, meta, url, origins)
    things = [thing for script in tree.css('script[type*="ld+json" i]') for thing in _things(_load_json(script.text()))]
    article = _thing_among(things, _ARTICLE_TYPE, canonical_url)
    page = _thing_among(things, _DATED_TYPE, canonical_url)
    people = {
        thing["@id"]: thing for thing in reversed(things) if isinstance(thing.get("@id"), str) and "name" in thing
    }

    def first(*candidates: Any) -> str | None:
        return next((line for value in candidates if (line := _as_line(value))), None)

    language = _language(tree, article, meta)

    def moment(*candidates: Any) -> datetime | None:
        return next(
            (
                when
                for value in candidates
                if (line := _as_line(value)) and (when := read_moment(line, language or "", None))
            ),
            None,
        )

    return ArticleFacts(
        canonical_url=canonical_url,
        headline=first(
            article.get("headline"), meta.get("og:title"), _microdata(tree, "headline"), *_texts(tree, "article h1", "main h1"),
            meta.get("twitter:title"), article.get("name"), *_texts(tree, "h1", "title"),
        ),
        author=first(
            _names(article.get("author"), people), _names(article.get("creator"), people), meta.get("author"),
            meta.get("article:author_name"), meta.get("byl"), _microdata(tree, "author"), meta.get("parsely-author"),
            meta.get("sailthru.author"), meta.get("dc.creator"), _names(meta.get("article:author"), {}),
            *_texts(tree, "[rel~=author i]"),
        ),
        section=first(
            article.get("articleSection"), meta.get("article:section"), meta.get("parsely-section"),
            _microdata(tree, "articleSection"),
        ),
        language=language,
        published=moment(
            article.get("datePublished"), page.get("datePublished"), meta.get("article:published_time"), _microdata(tree, "datePublished"),
            meta.get("og:published_time"), meta.get("parsely-pub-date"), meta.get("sailthru.date"), meta.get("date"),
            meta.get("dc.date.issued"), meta.get("dc.date"), meta.get("pubdate"), *_time_elements(tree),
        ),
        modified=moment(
            article.get("dateModified"), page.get("dateModified"), meta.get("article:modified_time"), meta.get("og:updated_time"),
            _microdata(tree, "dateModified"), meta.get("last-modified"),
        ),
    )  # fmt: skip


def _canonical_url(tree: LexborHTMLParser, meta: dict[str, str], url: str, origins: Sequence[str]) -> str:
    try:
        page = urls.parse(url)
        canonical = urls.parse(urls.canonical(url))
    except urls.BadAddress:
        return ""
    base = next((node.attributes.get("href") for node in tree.css("base[href]")), None) or ""
    links = [node.attributes.get("href") for node in tree.css("link[rel~=canonical i][href]")]
    for link in (*links, meta.get("og:url")):
        if not (link or "").strip():
            continue
        try:
            target = urls.parse(ada_url.URL(link or "", base=ada_url.URL(base, base=page.href).href).href)
            target = urls.parse(urls.canonical(target.href))
        except ValueError:
            continue
        is_ours = _same_site(target.host, canonical.host) or urls.belongs_to(target.href, origins)
        if is_ours and not _is_another(target, canonical) and not _is_front(target, canonical):
            # A link to http on a page read by https is an old template, not another article.
            secure = canonical.scheme == "https" and not target.port
            return re.sub(r"\Ahttp:", "https:", target.href) if secure else target.href
    return canonical.href


def _same_site(host: str, other: str) -> bool:
    return _ENTRANCE.sub("", host.rstrip(".")) == _ENTRANCE.sub("", other.rstrip("."))


def _is_another(target: urls.Url, page: urls.Url) -> bool:
    """Whether an address names another article than the page's own: by an app's route, or by the same parameter.

    A server does not see the route, so what its page calls canonical is the app's address.
    """
    target_pairs = dict(pair.partition("=")[::2] for pair in target.query.split("&"))
    page_pairs = dict(pair.partition("=")[::2] for pair in page.query.split("&"))
    differ = any(
        target_pairs.get(name, value) != value and not urls.turns_pages(name) for name, value in page_pairs.items()
    )
    return target.fragment != page.fragment or differ


def _is_front(target: urls.Url, page: urls.Url) -> bool:
    """Whether an address is a front where the page's own is an article's: there its articles would become one.

    A front is above the page, unless the page is a view of what stands there (`/amp`, `/page/2`), or it has a
    section's plain name, or it lacks the number that names the article.
    """
    above, below = target.path.rstrip("/"), page.path.rstrip("/")
    if above == below:
        return _NUMBERED.search(page.query) is not None and _NUMBERED.search(target.query) is None
    if target.query:
        return False
    if below.startswith(f"{above}/"):
        return _VIEW.fullmatch(below[len(above) :]) is None
    name, own_name = above.rpartition("/")[2], below.rpartition("/")[2]
    return not above or (name not in own_name and _SPECIFIC.search(own_name) is not None and not _SPECIFIC.search(name))


def _thing_among(things: list[dict[str, Any]], types: re.Pattern[str], address: str) -> dict[str, Any]:
    """The one of such a type among a page's JSON-LD objects: that with this address, else the first."""
    candidates = [
        thing
        for thing in things
        if any(isinstance(kind, str) and types.fullmatch(kind) for kind in _as_list(thing.get("@type")))
    ]
    by_address = (
        thing
        for thing in candidates[:100]
        if address
        and any(
            _is_address_of(reference.get("@id") if isinstance(reference, dict) else reference, address)
            for reference in (thing.get("url"), thing.get("@id"), thing.get("mainEntityOfPage"))
        )
    )
    return next(by_address, candidates[0] if candidates else {})


def _is_address_of(value: Any, address: str) -> bool:
    try:
        return isinstance(value, str) and urls.canonical(value).partition(":")[2] == address.partition(":")[2]
    except urls.BadAddress:
        return False


def _load_json(source: str) -> list[Any]:
    """The JSON values in a script, forgiving what templates get wrong: comments, line breaks, commas."""
    source = (
        source.strip("\ufeff \t\r\n").rstrip(";").removesuffix("-->").removesuffix("]]>").rstrip().removesuffix("//")
    )
    source = _SCRIPT_OPENING.sub("", source, count=1)
    for mend in (str, lambda text: _JSON_NOISE.sub(r"\1", text), markup.unescape):
        try:
            return [json.loads(mend(source), strict=False, object_hook=_as_text)]
        except (ValueError, RecursionError):
            continue
    return []


def _as_text(thing: dict[str, Any]) -> dict[str, Any]:
    """An object of JSON-LD without the markup and entities that templates leave in its texts."""
    return {name: _without_markup(value) for name, value in thing.items()}


def _without_markup(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_markup(text) for text in value] if value and isinstance(value[0], str) else value
    return (
        markup.unescape(_MARKUP.sub("", value)) if isinstance(value, str) and ("&" in value or "<" in value) else value
    )


def _things(values: list[Any]) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD graph, outer ones first, of at most 2,000 values."""
    waiting, count = deque(values), 0
    while waiting and count < 2_000:
        value, count = waiting.popleft(), count + 1
        if isinstance(value, dict):
            yield value
            waiting.extend(child for child in value.values() if isinstance(child, dict | list))
        elif isinstance(value, list):
            waiting.extend(value[:2_000])


def _meta_values(tree: LexborHTMLParser) -> dict[str, str]:
    """What the page's `meta` elements say, of each name the first that says anything."""
    values: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        for name in (attributes.get("property"), attributes.get("name"), attributes.get("http-equiv")):
            if name and attributes["content"]:
                values.setdefault(name.lower(), attributes["content"])
    return values


def _microdata(tree: LexborHTMLParser, name: str) -> str | None:
    node = tree.css_first(f"[itemprop~={name} i]")
    if node is None:
        return None
    attributes = node.attributes
    inner = node.css_first("[itemprop~=name]") if "itemscope" in attributes else None
    return attributes.get("content") or attributes.get("datetime") or (inner or node).text()


def _texts(tree: LexborHTMLParser, *selectors: str) -> Iterator[str]:
    for selector in selectors:
        node = tree.css_first(selector)
        if node is not None:
            yield node.text()


def _time_elements(tree: LexborHTMLParser) -> Iterator[str]:
    return (
        node.attributes.get("datetime") or "" for node in tree.css("article time[datetime], main time[datetime]")[:1]
    )


def _language(tree: LexborHTMLParser, article: dict[str, Any], meta: dict[str, str]) -> str | None:
    root = tree.css_first(f"{RENAMED}html")
    attributes = root.attributes if root is not None else {}
    for value in (attributes.get("lang"), attributes.get("xml:lang"), article.get("inLanguage"), meta.get("og:locale"),
                  meta.get("content-language"), meta.get("language")):  # fmt: skip
        tag = (_as_line(value) or "").partition(",")[0].replace("_", "-")
        if _LANGUAGE.fullmatch(tag):
            return tag
    return None


def _names(value: Any, people: dict[str, dict[str, Any]]) -> str | None:
    """The names of persons, where JSON-LD may speak of them by their `@id` alone."""
    persons = (
        {**people.get(str(person.get("@id")), {}), **person} if isinstance(person, dict) else person
        for person in _as_list(value)[:20]
    )
    names = [_as_line(person.get("name") if isinstance(person, dict) else person) for person in persons]
    return ", ".join(dict.fromkeys(name for name in names if name and not name.startswith("http"))) or None


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_line(value: Any) -> str | None:
    """A value as one clean line of at most 300 characters, the first of a list, or None."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    if not isinstance(value, str):
        return None
    return cut(" ".join(clean(RENAMED_AS_TEXT.sub(r"\1", value[:2_000])).split()), 300) or None
