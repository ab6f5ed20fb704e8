"""Pages: from the bytes of an article's page to what a reader can read, and to the facts about the article."""

from __future__ import annotations

import codecs
import html as markup
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any

import ada_url
import regex
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from corrections_service.rules import urls
from corrections_service.rules.text import clean, cut

_LONGEST_PAGE = 5_000_000  # bytes; what comes after is not read
_MOST_TAGS = 30_000  # six times those of the largest of 76 real articles; open ones cost the parser their square
# Attributes cost the parser their square too, of one element and, by other names each, of a page.
_MOST_OF_ONE, _MOST_OF_ALL = 1_000, 20_000
_HOLDS_FEW = 300_000  # characters: too few for names to cost a second

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
_SHOWN_BY_STYLE = re.compile(r"(?:^|[;\s])(display|visibility)\s*:\s*([\w-]+)", re.IGNORECASE)
_LINE = "\x1e"  # stands for a line of its own until the white space between the marks is collapsed

# Elements of which one tag makes many when they are badly nested (HTML standard, 13.2.4.3), or adds its attributes
# to one that is there (13.2.6.4.7). They say nothing about text, and so are read by names that mean nothing.
_MULTIPLYING = re.compile(
    r"(</?)(?=[abcefhinstu])(?=(?:[abisu]|big|code|em|font|nobr|small|strike|strong|tt|html|body)[\s/>])", re.IGNORECASE
)
_RENAMED = "x-"
_RENAMED_AS_TEXT = re.compile(rf"(</?){_RENAMED}(?=[a-z])", re.IGNORECASE)
_ATTRIBUTE = r"""[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+"""
_OVERLOADED = re.compile(rf"<[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{{_MOST_OF_ONE}}}", re.IGNORECASE)
_ATTRIBUTES = re.compile(rf"(?<=<)([a-z][^\s/>]*+)(?:{_ATTRIBUTE}){{3,}}+", re.IGNORECASE)
_ONE_ATTRIBUTE = re.compile(_ATTRIBUTE)
_STACKED_MARKS = regex.compile(r"(\p{M}{30})\p{M}++")  # more on one letter is no text (Unicode Annex 15, stream-safe)

# The Encoding Standard's names that Python does not know, and its encodings where Python's of that name read less.
_LABELS = {
    "iso88591": "cp1252", "iso-8859-8-i": "iso8859-8", "logical": "iso8859-8", "visual": "iso8859-8", "dos-874": "cp874",
    "iso-8859-6-e": "iso8859-6", "iso-8859-6-i": "iso8859-6", "koi": "koi8-r", "koi8": "koi8-r", "koi8-ru": "koi8-u",
    "mac": "mac-roman", "csmacintosh": "mac-roman", "x-mac-ukrainian": "mac-cyrillic", "windows-31j": "cp932",
    "gb_2312": "gb18030", "gb_2312-80": "gb18030", "csgb2312": "gb18030", "cn-big5": "big5hkscs", "cseuckr": "cp949",
    "ksc_5601": "cp949", "ks_c_5601-1989": "cp949", "iso-ir-149": "cp949", "cseucpkdfmtjapanese": "euc_jis_2004",
    "utf-16": "utf-16-le", "unicode": "utf-16-le", "ucs-2": "utf-16-le",
}  # fmt: skip
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "shift_jis": "cp932", "euc_jp": "euc_jis_2004", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs",
}  # fmt: skip
_READABLE = re.compile(
    r"utf-8|utf-16-[lb]e|cp(?:125\d|866|874|932|949)|iso8859-\d+|koi8-[ru]|euc_jis_2004|iso2022_jp|gb18030"
    r"|big5hkscs|mac-(?:roman|cyrillic)"
)
_JAPANESE_SIGNS = str.maketrans("〜‖−¢£¬", "～∥－￠￡￢")  # as browsers read them
_CHARSET = re.compile(r"(?<![\w-])charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_SAID_IN_PAGE = re.compile(
    rb"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script|\Z)|<meta(?P<told>[^>]{1,1000})", re.IGNORECASE | re.DOTALL
)
_XML_ENCODING = re.compile(r"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)")
_LONGEST_LABEL = 20  # Python keeps in memory whatever it was asked for
_SNIFFED = 65_536  # bytes; the standard looks at 1,024, browsers read on to the end of the head

_SCRIPT_OPENING = re.compile(r"\A(?://)?\s*(?:<!--|<!\[CDATA\[)")
_JSON_NOISE = re.compile(  # comments and commas at an end, outside of strings
    r"""("(?:[^"\\]++|\\.)*+(?:"|\Z))|/\*.*?(?:\*/|\Z)|//[^\n]*|,(?=\s*+[}\]])""", re.DOTALL
)
_MARKUP = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ARTICLE_TYPE = re.compile(r"\A(?:.*[/#:])?(?:\w*Article|(?!Job)\w*Posting|Report|Review)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ENTRANCE = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_VIEW = re.compile(
    r"(?:/(?:(?:amp|print|printable|page|p|index|default|full|all|single|comments?|seite|komplettansicht|pagina|strona)?"
    r"[-_]?\d{0,3}(?:\.\w{2,5})?)?)+"
)
_SPECIFIC = re.compile(r"[\d%._-]")  # an article's last name in its address has these, a section's has not
_NUMBERED = re.compile(
    r"(?:\A|&)(?:p|(?:\w*[_-])?(?:id|idx|idxno|no|seq|[ans]id)|(?:art|article|news|story|post)(?:_?(?:id|no))?)=\d+(?:&|\Z)",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.,]\d+)?)?\s*"
    r"(?:(Z|UTC|GMT)|([+-]\d\d):?(\d\d)?)?",
    re.IGNORECASE,
)
_MAIL_DATE = re.compile(
    r"(?:\w{3}, )?\d{1,2} \w{3,9} \d{4} \d\d?:\d\d(?::\d\d)?(?: (?:[A-Z]{1,4}|[+-]\d{4}))?(?: \(\w+\))?"
)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_OLDEST = datetime(1700, 1, 1, tzinfo=UTC)


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

    `content_type` is the HTTP header, whose charset counts. Never raises; at most 5 MB and 30,000 tags are read.
    Style sheets and scripts are not, so what only they hide is read; text that opens (`details`) and text that is
    hidden from screen readers alone is what a reader can see, and read.
    """
    return _text(_parse(html, content_type))


def article_facts(html: bytes, url: str, content_type: str = "") -> ArticleFacts:
    """Return what a page says about its article, from JSON-LD, then meta elements, then microdata.

    `url` is where the page was read. Its canonical link counts if it stays on the site and is no front: not the home
    page's, nor a section's. Dates are aware; one without a zone is taken as UTC. Never raises.
    """
    return _facts(_parse(html, content_type), url)


def read_article(html: bytes, url: str, content_type: str = "") -> tuple[str, ArticleFacts]:
    """Return what `visible_text` and `article_facts` return, for one parse of the page."""
    tree = _parse(html, content_type)
    return _text(tree), _facts(tree, url)


def _text(tree: LexborHTMLParser) -> str:
    lines = (" ".join(line.split()) for line in "".join(_visible_pieces(tree)).split(_LINE))
    text = _RENAMED_AS_TEXT.sub(r"\1", "\n".join(line for line in lines if line))
    if text.isascii():
        return text if text.replace("\n", "").isprintable() else clean(text)
    return clean(str(_STACKED_MARKS.sub(r"\1", text)))


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
    if node.tag in (f"{_RENAMED}html", f"{_RENAMED}body"):
        return False  # hidden until a script is there: nobody reports an error on a page that nobody sees
    attributes = node.attributes
    if "hidden" in attributes or (node.tag == "dialog" and "open" not in attributes):
        return True
    style = {name.lower(): value.lower() for name, value in _SHOWN_BY_STYLE.findall(attributes.get("style") or "")}
    return style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse")


def _parse(html: bytes, content_type: str) -> LexborHTMLParser:
    page = _decode(html[:_LONGEST_PAGE], content_type).replace(_LINE, "").replace("\0", "")
    page = _with_fewer_attributes("<".join(page.split("<", _MOST_TAGS + 1)[: _MOST_TAGS + 1]))
    # The parser would else copy options into `selectedcontent`, again and again.
    options = LexborDocumentOptions.WO_EVENTS.value
    return LexborHTMLParser(_MULTIPLYING.sub(rf"\1{_RENAMED}", page), scripting=True, options=options)


def _with_fewer_attributes(page: str) -> str:
    """Return the page with its attributes, after more than any page needs, made text."""
    page = _OVERLOADED.sub(r"\g<0>>", page)
    if len(page) < _HOLDS_FEW:
        return page
    left = _MOST_OF_ALL

    def spare(tag: re.Match[str]) -> str:
        nonlocal left
        ends = [one.end() for one in _ONE_ATTRIBUTE.finditer(tag[0], len(tag[1]))]
        if len(ends) <= left:
            left -= len(ends)
            return tag[0]
        kept, left = ends[left - 1] if left else len(tag[1]), 0
        return tag[0][:kept] + ">" + tag[0][kept:].replace("<", " ")

    return _ATTRIBUTES.sub(spare, page)


def _decode(html: bytes, content_type: str) -> str:
    """Decode a page in the order of the Encoding and HTML standards: BOM, HTTP header, the page, then a guess."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if html.startswith(mark):
            return html[len(mark) :].decode(codec, "replace")
    codec = next(filter(None, map(_codec, _CHARSET.findall(content_type))), "") or _codec_in_page(html)
    if not codec or codec == "utf-8":
        return _as_utf_8(html) or html.decode(codec or "cp1252", "replace")
    page = html.decode(codec, "replace")
    if codec in ("euc_jis_2004", "iso2022_jp"):
        page = page.translate(_JAPANESE_SIGNS)
    # A label that was left behind when the site moved to UTF-8 fits its bytes badly.
    return (_as_utf_8(html) or page) if "\ufffd" in page else page


def _codec_in_page(html: bytes) -> str:
    """Return the codec that a page itself names first, in `meta` or, failing that, as XML."""
    xml = _XML_ENCODING.match(html[:200].decode("latin-1"))
    told = (found["told"].decode("latin-1") for found in _SAID_IN_PAGE.finditer(html[:_SNIFFED]) if found["told"])
    for label in chain(map(_CHARSET.search, told), [xml]):
        if label and (codec := _codec(label[1])):
            # A page whose `meta` can be read is not written in UTF-16.
            return "utf-8" if codec.startswith("utf-16") else codec
    return ""


def _codec(label: str) -> str:
    """Return Python's codec for a label of the Encoding Standard, which in places reads more; "" for no text's."""
    label = label.lower()[:_LONGEST_LABEL]
    for name in (_LABELS.get(label, label), label.replace("x-", ""), re.sub(r"\Aiso(\d{4})", r"iso\1-", label)):
        try:
            codec = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        codec = _WIDER.get(codec, codec)
        return codec if _READABLE.fullmatch(codec) else ""
    return ""


def _as_utf_8(html: bytes) -> str | None:
    """Return the page as UTF-8, if of what is not ASCII more can be read so than not."""
    page = codecs.utf_8_decode(html, "replace")[0]
    broken = page.count("\ufffd")
    other = len(page) - len(page.encode("ascii", "ignore")) if broken else 0
    return page if other >= 2 * broken else None


def _facts(tree: LexborHTMLParser, url: str) -> ArticleFacts:
    meta = _meta_values(tree)
    canonical_url = _canonical_url(tree, meta, url)
    things = [thing for script in tree.css('script[type*="ld+json" i]') for thing in _things(_load_json(script.text()))]
    told = _article_among(things, canonical_url)
    people = {
        thing["@id"]: thing for thing in reversed(things) if isinstance(thing.get("@id"), str) and "name" in thing
    }

    def first(*candidates: Any) -> str | None:
        return next((line for value in candidates if (line := _as_line(value))), None)

    def moment(*candidates: Any) -> datetime | None:
        return next((when for value in candidates if (when := _as_moment(value))), None)

    return ArticleFacts(
        canonical_url=canonical_url,
        headline=first(
            told.get("headline"), told.get("name"), meta.get("og:title"), _microdata(tree, "headline"),
            meta.get("twitter:title"), *_texts(tree, "article h1", "main h1", "h1", "title"),
        ),
        author=first(
            _names(told.get("author"), people), _names(told.get("creator"), people), meta.get("author"),
            meta.get("article:author_name"), meta.get("byl"), _microdata(tree, "author"), meta.get("parsely-author"),
            meta.get("sailthru.author"), meta.get("dc.creator"), _names(meta.get("article:author"), {}),
            *_texts(tree, "[rel~=author i]"),
        ),
        section=first(
            told.get("articleSection"), meta.get("article:section"), meta.get("parsely-section"),
            _microdata(tree, "articleSection"),
        ),
        language=_language(tree, told, meta),
        published=moment(
            told.get("datePublished"), meta.get("article:published_time"), _microdata(tree, "datePublished"),
            meta.get("og:published_time"), meta.get("parsely-pub-date"), meta.get("sailthru.date"), meta.get("date"),
            meta.get("dc.date.issued"), meta.get("dc.date"), meta.get("pubdate"), *_time_elements(tree),
        ),
        modified=moment(
            told.get("dateModified"), meta.get("article:modified_time"), meta.get("og:updated_time"),
            _microdata(tree, "dateModified"), meta.get("last-modified"),
        ),
    )  # fmt: skip


def _canonical_url(tree: LexborHTMLParser, meta: dict[str, str], url: str) -> str:
    try:
        page = urls.parse(url)
        own = urls.parse(urls.canonical(url))
    except urls.BadAddress:
        return ""
    base = next((node.attributes.get("href") for node in tree.css("base[href]")), None) or ""
    links = [node.attributes.get("href") for node in tree.css("link[rel~=canonical i][href]")]
    for link in (*links, meta.get("og:url")):
        if not (link or "").strip():
            continue
        try:
            found = urls.parse(ada_url.URL(link or "", base=ada_url.URL(base, base=page.href).href).href)
            found = urls.parse(urls.canonical(found.href))
        except ValueError:
            continue
        if _same_site(found.host, own.host) and not _is_front(found, own):
            # A link to http on a page read by https is an old template, not another article.
            secure = own.scheme == "https" and not found.port
            return re.sub(r"\Ahttp:", "https:", found.href) if secure else found.href
    return own.href


def _same_site(host: str, other: str) -> bool:
    return _ENTRANCE.sub("", host.rstrip(".")) == _ENTRANCE.sub("", other.rstrip("."))


def _is_front(found: urls.Url, page: urls.Url) -> bool:
    """Tell whether an address is a front where the page's own is an article's: there its articles would become one.

    A front is above the page, unless the page is a view of what stands there (`/amp`, `/page/2`), or it has a
    section's plain name, or it lacks the number that names the article.
    """
    above, below = found.path.rstrip("/"), page.path.rstrip("/")
    if above == below:
        return _NUMBERED.search(page.query) is not None and _NUMBERED.search(found.query) is None
    if found.query:
        return False
    if below.startswith(f"{above}/"):
        return _VIEW.fullmatch(below[len(above) :]) is None
    name, own_name = above.rpartition("/")[2], below.rpartition("/")[2]
    return not above or (name not in own_name and _SPECIFIC.search(own_name) is not None and not _SPECIFIC.search(name))


def _article_among(things: list[dict[str, Any]], address: str) -> dict[str, Any]:
    """Return the article among a page's JSON-LD objects: the one with this address, else the first."""
    articles = [
        thing
        for thing in things
        if any(isinstance(kind, str) and _ARTICLE_TYPE.fullmatch(kind) for kind in _as_list(thing.get("@type")))
    ]
    own = (
        thing
        for thing in articles[:100]
        if address
        and any(
            _is_address_of(one.get("@id") if isinstance(one, dict) else one, address)
            for one in (thing.get("url"), thing.get("@id"), thing.get("mainEntityOfPage"))
        )
    )
    return next(own, articles[0] if articles else {})


def _is_address_of(value: Any, address: str) -> bool:
    try:
        return isinstance(value, str) and urls.canonical(value).partition(":")[2] == address.partition(":")[2]
    except urls.BadAddress:
        return False


def _load_json(source: str) -> list[Any]:
    """Return the JSON values in a script, forgiving what templates get wrong: comments, line breaks, commas."""
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
    """Return an object of JSON-LD without the markup and entities that templates leave in its texts."""
    return {name: _without_markup(value) for name, value in thing.items()}


def _without_markup(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_markup(one) for one in value] if value and isinstance(value[0], str) else value
    return (
        markup.unescape(_MARKUP.sub("", value)) if isinstance(value, str) and ("&" in value or "<" in value) else value
    )


def _things(values: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-LD graph, outer ones first, of at most 2,000 values."""
    waiting, seen = deque(values), 0
    while waiting and seen < 2_000:
        value, seen = waiting.popleft(), seen + 1
        if isinstance(value, dict):
            yield value
            waiting.extend(child for child in value.values() if isinstance(child, dict | list))
        elif isinstance(value, list):
            waiting.extend(value[:2_000])


def _meta_values(tree: LexborHTMLParser) -> dict[str, str]:
    """Return what the page's `meta` elements say, of each name the first that says anything."""
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


def _language(tree: LexborHTMLParser, told: dict[str, Any], meta: dict[str, str]) -> str | None:
    root = tree.css_first(f"{_RENAMED}html")
    attributes = root.attributes if root is not None else {}
    for value in (attributes.get("lang"), attributes.get("xml:lang"), told.get("inLanguage"), meta.get("og:locale"),
                  meta.get("content-language"), meta.get("language")):  # fmt: skip
        tag = (_as_line(value) or "").partition(",")[0].replace("_", "-")
        if _LANGUAGE.fullmatch(tag):
            return tag
    return None


def _names(value: Any, people: dict[str, dict[str, Any]]) -> str | None:
    """Return the names of persons, where JSON-LD may speak of them by their `@id` alone."""
    persons = (
        {**people.get(str(one.get("@id")), {}), **one} if isinstance(one, dict) else one for one in _as_list(value)[:20]
    )
    names = [_as_line(one.get("name") if isinstance(one, dict) else one) for one in persons]
    return ", ".join(dict.fromkeys(name for name in names if name and not name.startswith("http"))) or None


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_line(value: Any) -> str | None:
    """Return a value as one clean line of at most 300 characters, the first of a list, or None."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    if not isinstance(value, str):
        return None
    return cut(" ".join(clean(_RENAMED_AS_TEXT.sub(r"\1", value[:2_000])).split()), 300) or None


def _as_moment(value: Any) -> datetime | None:
    """Return a date and time in UTC; where templates write nothing as a date of long ago, that is none."""
    line = _as_line(value)
    for read in (_read_date, datetime.fromisoformat) if line else ():
        try:
            when = read(line or "")
            when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        return when if when > _OLDEST and when.timestamp() else None
    return None


def _read_date(line: str) -> datetime:
    """Read a date as ISO 8601 writes it, or nearly, or as a mail does, or in seconds since 1970; raises ValueError."""
    if _MAIL_DATE.fullmatch(line):
        return parsedate_to_datetime(line)
    if epoch := _EPOCH.fullmatch(line):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    found = _MOMENT.fullmatch(line)
    if found is None:
        raise ValueError(line)
    year, month, day, hour, minute, second, utc, hours, minutes = found.groups()
    zone = "+00:00" if utc else f"{hours}:{minutes or '00'}" if hours else ""
    return datetime.fromisoformat(
        f"{year}-{month:0>2}-{day:0>2}T{hour or '0':0>2}:{minute or '00'}:{second or '00'}{zone}"
    )
