"""The script in a publication's pages: its tag as a page has it, and what keeps it from working there, with its cure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

import ada_url
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules import policies, urls
from corrections_service.rules.facts import RENAMED, ArticleFacts

POINTS = ("page", "tag", "key", "canonical", "text", "policy")
"""What is looked at in a page, in this order."""

FEWEST_WORDS = 40
"""An article of fewer words is taken for a page that is put together by script, or for a wall."""

EXAMPLE, NEAR = "example", "near"
"""Besides: a page of the publication's that it links to, and one at a host under the same domain that is none of its own."""

MOST_EXAMPLES, MOST_LINKS = 3, 300

MOST = 20
"""Tags, links and policies of one page that are looked at."""

LONGEST_SHOWN, LONGEST_POLICY = 200, 20_000

_MINDED = ("type", "nonce", "integrity")
_LOADER = re.compile(r"/embed/([\w-]{1,80})\.js")
_WHOLE = re.compile(r"/embed/([\w-]{1,80})/[\w-]{1,35}\.js")
_RUN = re.compile(
    r"""
    \s*
    (?: module | (?:text|application)/(?:x-)?(?:java|ecma)script )?
    \s*
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A script's element of a page that loads something under `/embed/`: its complete address, and what browsers mind."""

    address: str
    kind: str
    nonce: str
    integrity: str


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a page's source has of the script: tags, and the policies and addresses that its elements name; its links."""

    tags: list[Tag]
    policies: list[str]
    canonicals: list[str]
    links: list[str]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a publication's pages should have: its key, where the service is, which version a pinned line must name."""

    key: str
    base_url: str
    version: str
    origins: Sequence[str]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at: what is wrong with it ("" if nothing), and the words that say of what."""

    name: str
    fault: str = ""
    detail: str = ""


def embedding_in(tree: LexborHTMLParser, url: str) -> Embedding:
    """What a page that was read at `url` has of the script."""
    base = next((node.attributes.get("href") for node in tree.css("base[href]")), None) or ""
    root = _joined(url, base) or url
    tags: list[Tag] = []
    for node in tree.css("script[src]"):
        address = _joined(root, node.attributes.get("src") or "")
        if "/embed/" in address and len(tags) < MOST:
            kind, nonce, integrity = ((node.attributes.get(name) or "")[:LONGEST_SHOWN] for name in _MINDED)
            tags.append(Tag(address, kind, nonce, integrity))
    meta = tree.css('meta[http-equiv="content-security-policy" i][content]')[:MOST]
    links = tree.css("link[rel~=canonical i][href]")[:MOST]
    canonicals = [_joined(root, node.attributes.get("href") or "") for node in links]
    own_policies = [(node.attributes.get("content") or "")[:LONGEST_POLICY] for node in meta]
    anchors = tree.css(f"{RENAMED}a[href]")[:MOST_LINKS]
    addresses = dict.fromkeys(_joined(root, node.attributes.get("href") or "").partition("#")[0] for node in anchors)
    short = [address for address in addresses if address.startswith("http") and len(address) <= LONGEST_SHOWN]
    return Embedding(tags, own_policies, [address for address in canonicals if address], short)


def points(
    page: str, policy: str, text: str, facts: ArticleFacts, embedding: Embedding, expected: Expected
) -> list[Point]:
    """What is right and what is wrong with a page that was read at an address and sent with this policy."""
    own_tags = [tag for tag in embedding.tags if tag.address.startswith(f"{expected.base_url}/embed/")]
    tag = next((tag for tag in own_tags if _key(tag) == expected.key), own_tags[0] if own_tags else None)
    return [
        Point("page", "", page),
        _tag(embedding, tag, expected),
        *([_right_key(own_tags, expected)] if own_tags else []),
        _canonical(page, facts, embedding, expected),
        _text(text, facts),
        *_policies([*policies.split(policy), *embedding.policies], page, tag, expected),
        *_linked(page, embedding, expected),
    ]


def _tag(embedding: Embedding, tag: Tag | None, expected: Expected) -> Point:
    if tag is None:
        elsewhere = [other.address for other in embedding.tags if _key(other) == expected.key]
        return Point("tag", "elsewhere", _shown(elsewhere[0])) if elsewhere else Point("tag", "missing")
    if not _RUN.fullmatch(tag.kind):
        return Point("tag", "inert", _shown(tag.kind))
    whole = _WHOLE.fullmatch(urls.parse(tag.address).path)
    return Point("tag", "stale") if whole and whole[1] != expected.version else Point("tag")


def _linked(page: str, embedding: Embedding, expected: Expected) -> list[Point]:
    """Of the pages that a page links to some of the publication's, and one of each near host, those likeliest articles."""
    own_pages: list[str] = []
    near: dict[str, str] = {}
    for link in sorted(embedding.links, key=len, reverse=True):
        if urls.belongs_to(link, expected.origins):
            own_pages += [] if urls.is_same_page(link, page) else [link]
        elif urls.is_near(link, expected.origins):
            near.setdefault(urls.origin_of(link), link)
    return [
        *(Point(EXAMPLE, "", link) for link in own_pages[:MOST_EXAMPLES]),
        *(Point(NEAR, "", link) for link in [*near.values()][:MOST_EXAMPLES]),
    ]


def _right_key(own_tags: Sequence[Tag], expected: Expected) -> Point:
    others = [key for tag in own_tags if (key := _key(tag)) != expected.key]
    return Point("key", "other", _shown(others[0])) if others else Point("key")


def _key(tag: Tag) -> str:
    """The key that a tag loads the script with; empty for what is none of the script's addresses."""
    try:
        url = urls.parse(tag.address)
    except urls.BadAddress:
        return ""
    if loader := _LOADER.fullmatch(url.path):
        return loader[1]
    return parse_qs(url.query).get("site", [""])[0] if _WHOLE.fullmatch(url.path) else ""


def _canonical(page: str, facts: ArticleFacts, embedding: Embedding, expected: Expected) -> Point:
    if not embedding.canonicals:
        return Point("canonical", "missing")
    first = embedding.canonicals[0]
    if not urls.belongs_to(first, expected.origins):
        return Point("canonical", "foreign", _shown(first))
    is_followed = urls.is_same_page(urls.canonical(first), facts.canonical_url or page)
    return Point("canonical", "" if is_followed else "front", _shown(first))


def _text(text: str, facts: ArticleFacts) -> Point:
    count = len(text.split())
    if count < FEWEST_WORDS:
        return Point("text", "missing", str(count))
    return Point("text", "", facts.headline or _shown(facts.canonical_url))


def _policies(all_policies: Sequence[str], page: str, tag: Tag | None, expected: Expected) -> list[Point]:
    """What the page's policies keep from working: the script, and what it sends."""
    src = tag.address if tag else f"{expected.base_url}/embed/{expected.key}.js"
    marks = [f"nonce-{tag.nonce}" if tag.nonce else "", *tag.integrity.split()] if tag else []
    is_whole = tag is not None and _WHOLE.fullmatch(urls.parse(src).path) is not None
    addresses = [src] if is_whole else [src, f"{expected.base_url}/embed/{expected.version}/dialog.js"]
    script = policies.blocking(all_policies, policies.SCRIPT, addresses, page, marks)
    connect = policies.blocking(all_policies, policies.CONNECT, [f"{expected.base_url}/api/v1/reports"], page)
    faults = []
    if script:
        fault = "nonce" if script.endswith("'strict-dynamic'") else "script"
        faults.append(Point("policy", fault, script.partition(" ")[0]))
    if connect:
        faults.append(Point("policy", "connect", connect))
    return faults or [Point("policy")]


def _joined(base: str, address: str) -> str:
    """A complete address as browsers make it, of at most 2,048 characters; empty where it is none."""
    try:
        return urls.parse(str(ada_url.join_url(base, address.strip()))).href
    except ValueError:
        return ""


def _shown(words: str) -> str:
    return words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}…"
