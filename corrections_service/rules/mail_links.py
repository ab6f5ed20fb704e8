"""Mail links: the pages that a mail names, in its own words and in what it repeats of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

from corrections_service.rules import quoted
from corrections_service.rules.mime import Mime
from corrections_service.rules.quoted import Words

_MOST_LINKS, _READ = 100, 200_000
_MOST_FIELDS = 30
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]{1,2048}", re.IGNORECASE)
_BROKEN = re.compile(r"<\s*(https?://[^<>\"]{1,2048})>", re.IGNORECASE)
"""Within brackets, an address may go on in the next line (RFC 3986, appendix C)."""

_BARE = re.compile(
    r"""
    (?<![\w@/.:%=-])                         # no part of an address
    (?:[\w-]{1,63}\.){1,5}[a-z]{2,20}        # news.example
    /[^\s<>"'`|\\^{}\[\]]{1,500}             # /bridge
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WRAPPED = re.compile(r"__(https?://[^\s]+?)__;", re.IGNORECASE)


def of(mail: Mime, words: Words) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pages that a mail's own words name, and those that only what it repeats does; as they stand there, in order."""
    page = mail.html[:_READ]
    own_links = [*_links(words.own_text[:_READ]), *_links(quoted.own_page(page).replace("&amp;", "&"))]
    all_links = [*_links(mail.plain[:_READ]), *_links(page.replace("&amp;", "&"))]
    other_links = [link for link in all_links if link not in set(own_links)]
    return tuple(dict.fromkeys(own_links))[:_MOST_LINKS], tuple(dict.fromkeys(other_links))[:_MOST_LINKS]


def _links(source: str) -> list[str]:
    """The addresses of pages in a text, those that name no scheme last."""
    whole = _BROKEN.sub(lambda match: f"<{''.join(match[1].split())}>", source)
    links = [link.rstrip(".,;:!?)*_") for link in _ADDRESS.findall(whole)]
    bare_links = [f"https://{link.rstrip('.,;:!?)*_')}" for link in _BARE.findall(_ADDRESS.sub(" ", whole))]
    return [inner for link in [*links, *bare_links] for inner in (link, *_wrapped(link))]


def _wrapped(link: str) -> Iterator[str]:
    """The addresses that a server wrapped in one of its own, which looks at them when they are opened."""
    yield from _WRAPPED.findall(link)
    with suppress(ValueError):
        fields = parse_qsl(urlsplit(link).query, max_num_fields=_MOST_FIELDS)
        yield from (value for _, value in fields if _ADDRESS.fullmatch(value))
