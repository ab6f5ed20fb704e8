"""Pages: from the bytes of an article's page to what a reader can read, and to the facts about the article."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corrections_service.rules import urls
from corrections_service.rules.text import clean, cut

_LONGEST_PAGE = 5_000_000  # bytes; what comes after is not read
_DEEPEST = 1_000  # elements; browsers stop at 512, and the parser's time grows with the square of it

_NOT_SHOWN = frozenset(
    "head title script style template noscript noframes noembed iframe object embed video audio canvas select"
    # A reading above a word (ruby) is no part of the sentence: the reader's script leaves it out as well.
    " textarea input datalist option optgroup meter progress rp rt rtc annotation annotation-xml desc metadata area"
    " base link meta param source track img".split()
)
_OWN_LINES = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p"
    " plaintext pre search section summary table tbody td tfoot th thead tr ul xmp br text foreignobject".split()
)
_MAY_BE_HIDDEN = '[hidden], [style*="display" i], [style*="visibility" i], dialog:not([open])'
_HIDDEN_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_LINE = "\x1e"  # stands for a line of its own until the white space between the marks is collapsed

_TAG = re.compile(rb"<(?:(!--)|(script|style|textarea|title|xmp|noscript|iframe)\b|(/)?([a-z][^\s/>]*))", re.IGNORECASE)
# An end tag may be left out after these, or there is none: they say nothing about how deep a page is.
_NOT_NESTING = frozenset(
    b"p li dt dd tr td th thead tbody tfoot option optgroup colgroup rt rp html head body area base br col embed"
    b" hr img input link meta param source track wbr".split()
)

# The Encoding Standard's names where Python's codec of that name reads something else, or none has it.
_CODECS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252",
    "iso_8859-1": "cp1252", "l1": "cp1252", "x-cp1252": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "iso-8859-8-i": "iso8859-8", "logical": "iso8859-8",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932",
    "x-euc-jp": "euc-jp", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "korean": "cp949", "windows-949": "cp949",
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "chinese": "gb18030",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-mac-cyrillic": "mac_cyrillic",
    "macintosh": "mac_roman", "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8", "unicode": "utf-8", "utf8": "utf-8",
}  # fmt: skip
_READABLE = re.compile(
    r"utf-8|cp\d+|windows-125\d|iso-?8859-\d+|koi8-[ru]|euc-jp|iso-2022-jp|gb18030|big5hkscs|mac_\w+|ibm866"
)
_META_CHARSET = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_SNIFFED = 4096  # bytes; the standard looks at 1,024, browsers read on

_SCRIPT_OPENING = re.compile(r"\A(?://)?\s*(?:<!--|<!\[CDATA\[)")
_ARTICLE_TYPE = re.compile(r"\A(?:.*[/#:])?(?:\w*Article|\w*Posting|Report|Review)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ENTRANCE = re.compile(r"^(?:www\d?|m|mobile|amp)\.")


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What a page says about its article; None where it says nothing that can be used."""

    canonical_url: str
    headline: str | None = None
    author: str | None = None
    section: str | None = None
    language: str | None = None
    published: datetime | None = None
    modified: datetime | None = None


def visible_text(html: bytes, content_type: str = "") -> str:
    """Return all that a reader can read on a page, in order: one line for each block, white space collapsed.

    `content_type` is the HTTP header, whose charset counts. Never raises; at most 5 MB are read, and nothing
    that lies deeper than 1,000 elements. Text of `aria-hidden` elements is on the screen and so is kept.
    """
    return _text(_parse(html, content_type))


def article_facts(html: bytes, url: str, content_type: str = "") -> ArticleFacts:
    """Return what a page says about its article, from JSON-LD, then meta elements, then microdata.

    `url` is where the page was read. Its canonical link counts if it stays on the site and is not the home
    page. Dates are aware; one without a zone is taken as UTC. Never raises.
    """
    return _facts(_parse(html, content_type), url)


def read_article(html: bytes, url: str, content_type: str = "") -> tuple[str, ArticleFacts]:
    """Return what `visible_text` and `article_facts` return, for one parse of the page."""
    tree = _parse(html, content_type)
    return _text(tree), _facts(tree, url)


def _text(tree: LexborHTMLParser) -> str:
    lines = (" ".join(line.split()) for line in "".join(_visible_pieces(tree)).split(_LINE))
    return clean("\n".join(line for line in lines if line))


def _visible_pieces(tree: LexborHTMLParser) -> Iterator[str]:
    root = tree.root
    if root is None:
        return
    hidden = {node.mem_id for node in tree.css(_MAY_BE_HIDDEN) if _is_hidden(node)}
    node: LexborNode | None = root.first_child
    ancestors: list[tuple[LexborNode, bool]] = []
    while node is not None or ancestors:
        if node is None:
            parent, own_line = ancestors.pop()
            if own_line:
                yield _LINE
            node = parent.next
        elif node.is_text_node:
            yield node.text_content or ""
            node = node.next
        elif not node.is_element_node or node.tag in _NOT_SHOWN or node.mem_id in hidden:
            node = node.next
        else:
            own_line = node.tag in _OWN_LINES
            if own_line:
                yield _LINE
            ancestors.append((node, own_line))
            node = node.first_child


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or (node.tag == "dialog" and "open" not in attributes):
        return True
    return _HIDDEN_STYLE.search(attributes.get("style") or "") is not None


def _parse(html: bytes, content_type: str) -> LexborHTMLParser:
    page = _decode(_without_abysses(html[:_LONGEST_PAGE]), content_type)
    return LexborHTMLParser(page.replace(_LINE, ""), scripting=True)


def _without_abysses(html: bytes) -> bytes:
    """Return the page up to where its elements nest deeper than any browser shows them."""
    if html.count(b"<") < _DEEPEST:
        return html
    lower = html.lower()
    depth, at = 0, 0
    while (tag := _TAG.search(lower, at)) is not None:
        comment, raw, end, name = tag.groups()
        at = tag.end()
        if comment or raw:
            # Nothing is an element in there; without an end it lasts to the end of the page.
            closed = lower.find(b"-->" if comment else b"</" + raw, at)
            at = closed + 3 if closed >= 0 else len(lower)
        elif name not in _NOT_NESTING:
            depth = max(0, depth - 1) if end else depth + 1
            if depth > _DEEPEST:
                return html[: tag.start()]
    return html


def _decode(html: bytes, content_type: str) -> str:
    """Decode a page in the order of the Encoding and HTML standards: BOM, HTTP header, meta, then a guess."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if html.startswith(mark):
            return html[len(mark) :].decode(codec, "replace")
    declared = re.search(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", content_type, re.IGNORECASE)
    meta = _META_CHARSET.search(html[:_SNIFFED])
    for label in (declared[1] if declared else "", meta[1].decode("ascii", "replace") if meta else ""):
        codec = _CODECS.get(label.lower(), label.lower())
        if _READABLE.fullmatch(codec):
            page = html.decode(codec, "replace")
            # A label that was left behind when the site moved to UTF-8 fits its bytes badly.
            return (_as_utf_8(html) or page) if "\ufffd" in page else page
    return _as_utf_8(html) or html.decode("cp1252", "replace")


def _as_utf_8(html: bytes) -> str | None:
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _facts(tree: LexborHTMLParser, url: str) -> ArticleFacts:
    told = _json_ld_article(tree, url)
    meta = _meta_values(tree)
    prop = _microdata(tree)

    def first(*candidates: Any) -> str | None:
        return next((line for value in candidates if (line := _as_line(value))), None)

    def moment(*candidates: Any) -> datetime | None:
        return next((when for value in candidates if (when := _as_moment(value))), None)

    return ArticleFacts(
        canonical_url=_canonical_url(tree, meta, url),
        headline=first(
            told.get("headline"), told.get("name"), meta.get("og:title"), prop.get("headline"), *_texts(tree, "h1", "title")
        ),
        author=first(
            _names(told.get("author")), meta.get("author"), meta.get("article:author_name"), meta.get("byl"), prop.get("author"),
            meta.get("parsely-author"), meta.get("dc.creator"), *_texts(tree, "[rel~=author]"),
        ),
        section=first(
            told.get("articleSection"), meta.get("article:section"), meta.get("parsely-section"), prop.get("articlesection")
        ),
        language=_language(tree, told, meta),
        published=moment(
            told.get("datePublished"), meta.get("article:published_time"), prop.get("datepublished"),
            meta.get("parsely-pub-date"), meta.get("date"), meta.get("dc.date"), meta.get("pubdate"), *_time_elements(tree),
        ),
        modified=moment(
            told.get("dateModified"), meta.get("article:modified_time"), meta.get("og:updated_time"), prop.get("datemodified"),
            meta.get("last-modified"),
        ),
    )  # fmt: skip


def _canonical_url(tree: LexborHTMLParser, meta: dict[str, str], url: str) -> str:
    try:
        page = urls.parse(url)
    except urls.BadAddress:
        return ""
    base = next((node.attributes.get("href") for node in tree.css("base[href]")), None) or ""
    links = [node.attributes.get("href") for node in tree.css("link[rel~=canonical i][href]")]
    for link in (*links, meta.get("og:url")):
        try:
            found = urls.parse(urljoin(urljoin(page.href, base), (link or "").strip()))
        except ValueError:
            continue
        at_home = found.path in ("", "/") and not found.query
        if link and _same_site(found.host, page.host) and (not at_home or page.path in ("", "/")):
            # A link to http on a page read by https is an old template, not another article.
            return urls.canonical(re.sub(r"^https?:", f"{page.scheme}:", found.href) if not found.port else found.href)
    return urls.canonical(page.href)


def _same_site(host: str, other: str) -> bool:
    return _ENTRANCE.sub("", host.rstrip(".")) == _ENTRANCE.sub("", other.rstrip("."))


def _json_ld_article(tree: LexborHTMLParser, url: str) -> dict[str, Any]:
    """Return the article among a page's JSON-LD objects: the one with this address, else the first."""
    found = [
        thing
        for script in tree.css('script[type*="ld+json" i]')
        for thing in _things(_load_json(script.text()))
        if any(isinstance(kind, str) and _ARTICLE_TYPE.fullmatch(kind) for kind in _as_list(thing.get("@type")))
    ]
    own = (
        thing for thing in found if url and url in (thing.get("url"), thing.get("@id"), thing.get("mainEntityOfPage"))
    )
    return next(own, found[0] if found else {})


def _load_json(source: str) -> list[Any]:
    """Return the JSON values in a script, forgiving what templates get wrong: comments, line breaks, commas."""
    source = source.strip().rstrip(";").removesuffix("-->").removesuffix("]]>").rstrip().removesuffix("//")
    source = _SCRIPT_OPENING.sub("", source, count=1)
    for attempt in (source, re.sub(r",\s*([}\]])", r"\1", source)):
        try:
            return [json.loads(attempt, strict=False)]
        except (ValueError, RecursionError):
            continue
    return []


def _things(values: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON-LD graph in order, at most 2,000 values deep into it."""
    waiting, seen = list(reversed(values)), 0
    while waiting and seen < 2_000:
        value, seen = waiting.pop(), seen + 1
        if isinstance(value, dict):
            yield value
            waiting.extend(child for child in reversed(list(value.values())) if isinstance(child, dict | list))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _meta_values(tree: LexborHTMLParser) -> dict[str, str]:
    values: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("http-equiv") or ""
        values.setdefault(name.lower(), attributes.get("content") or "")
    return values


def _microdata(tree: LexborHTMLParser) -> dict[str, str]:
    values: dict[str, str] = {}
    for node in tree.css("[itemprop]"):
        attributes = node.attributes
        value = attributes.get("content") or attributes.get("datetime") or node.text()
        for name in (attributes.get("itemprop") or "").lower().split():
            values.setdefault(name, value)
    return values


def _texts(tree: LexborHTMLParser, *selectors: str) -> Iterator[str]:
    for selector in selectors:
        node = tree.css_first(selector)
        if node is not None:
            yield node.text()


def _time_elements(tree: LexborHTMLParser) -> Iterator[str]:
    return (
        node.attributes.get("datetime") or "" for node in tree.css("article time[datetime], main time[datetime]")[:1]
    )


def _language(tree: LexborHTMLParser, told: dict[str, Any], meta: dict[str, str]) -> str | None:
    root = tree.css_first("html")
    attributes = root.attributes if root is not None else {}
    for value in (attributes.get("lang"), attributes.get("xml:lang"), told.get("inLanguage"), meta.get("og:locale"),
                  meta.get("content-language"), meta.get("language")):  # fmt: skip
        tag = (_as_line(value) or "").replace("_", "-")
        if _LANGUAGE.fullmatch(tag):
            return tag
    return None


def _names(value: Any) -> str | None:
    names = [_as_line(one.get("name") if isinstance(one, dict) else one) for one in _as_list(value)[:20]]
    return ", ".join(dict.fromkeys(name for name in names if name and not name.startswith("http"))) or None


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_line(value: Any) -> str | None:
    """Return a value as one clean line of at most 300 characters, the first of a list, or None."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return cut(" ".join(clean(value[:2_000]).split()), 300) or None if isinstance(value, str) else None


def _as_moment(value: Any) -> datetime | None:
    line = _as_line(value)
    if line is None:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = read(line)
            return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None
