"""What a site's robots.txt asks of the article reader (RFC 9309): where it may not read, and how often it may."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from urllib.parse import quote

from corrections_service.errors import Unreachable
from corrections_service.rules import urls
from corrections_service.services import hosts
from corrections_service.store.database import Database
from corrections_service.work import fetch

OUR_NAME = "corrections-service"
"""How a robots.txt speaks to the article reader (the product token of its `User-Agent`)."""

LOOKED_AT = 500 * 1024
LONGEST_PAUSE = 300.0

_LINE = re.compile(r"[ \t]*([a-z-]+)[ \t]*:[ \t]*([^#\r\n]*)", re.IGNORECASE)
_PRODUCT = re.compile(r"\*|[a-z_-]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9a-f]{2})", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ASCII = "".join(map(chr, range(128)))


def read_robots(url: str, *, origins: Sequence[str], allowed: Sequence[str] = ()) -> str:
    """The first 500 KiB of the robots.txt of an address's host, "" where the host has none.

    A redirect that leads out of the site or too far is none as well (RFC 9309, 2.3.1.2). Raises Unreachable when the
    server has a fault, asks to come later or does not answer: then nothing may be read.
    """
    try:
        origin = urls.origin_of(url)
    except urls.BadAddress as error:
        raise Unreachable(f"The address cannot be read: {error}") from None
    try:
        address = f"{origin}/robots.txt"
        answer = fetch.ask(address, {"Accept": "text/plain"}, origins=origins, allowed=allowed, enough=LOOKED_AT)
    except Unreachable as error:
        raise Unreachable(f"The site’s robots.txt cannot be read. {error.detail}") from None
    if answer.status >= 500 or answer.status == 429:
        reason = f"The site’s robots.txt cannot be read (the server answered {answer.status}); it is asked again later."
        raise Unreachable(reason, retry_after=answer.retry_after)
    return answer.body.decode("utf-8-sig", "replace").replace("\0", "")


def mind(
    database: Database, url: str, *, origins: Sequence[str], allowed: Sequence[str], is_anew: bool = False
) -> None:
    """Raises Unreachable where the host's robots.txt asks the article reader to stay away.

    It is read once a day, or now where it is to be read anew.
    """
    with database.read() as session:
        rules = None if is_anew else hosts.robots(session, url)
    if rules is None:
        rules = read_robots(url, origins=origins, allowed=allowed)
        wait = timedelta(seconds=pause(rules))
        with database.write() as session:
            hosts.keep_robots(session, url, rules, wait)
    if not may_read(rules, url):
        raise Unreachable("The site’s robots.txt keeps the article reader out; let corrections-service in there.")


def may_read(rules: str, url: str) -> bool:
    """Whether a robots.txt lets the article reader read this address: the longest rule decides, of two equal the kind one."""
    try:
        parsed = urls.parse(url)
    except urls.BadAddress:
        return True  # the reader itself says what is wrong with it
    path = _same_form(parsed.path + (f"?{parsed.query}" if parsed.query else ""))
    path = path.replace("*", "%2A").replace("$", "%24")
    longest, may = 0, True
    for kind, value in _lines_for_us(rules):
        if kind in ("allow", "disallow"):
            rule = _same_form(value)
            if len(rule) >= longest and _matches(rule, path):
                may = kind == "allow" or (may and len(rule) == longest)
                longest = len(rule)
    return may


def pause(rules: str) -> float:
    """The seconds that a robots.txt asks to let pass between two pages, at most 300; 0 where it asks none."""
    seconds = 0.0
    for kind, value in _lines_for_us(rules):
        if kind == "crawl-delay":
            with suppress(ValueError):
                seconds = max(seconds, float(value))
    return min(seconds, LONGEST_PAUSE)


def _lines_for_us(rules: str) -> list[tuple[str, str]]:
    """The lines of all groups for the article reader, or where there is none, of those for everybody."""
    for_us: list[tuple[str, str]] = []
    for_everybody: list[tuple[str, str]] = []
    is_named, names, complete = False, set[str](), False
    for kind, value in _lines(rules):
        if kind == "user-agent":
            names = set() if complete else names
            complete = False
            names.add(_product(value))
            is_named = is_named or OUR_NAME in names
        else:
            complete = True
            if OUR_NAME in names:
                for_us.append((kind, value))
            if "*" in names:
                for_everybody.append((kind, value))
    return for_us if is_named else for_everybody


def _lines(rules: str) -> Iterator[tuple[str, str]]:
    for line in re.split(r"[\r\n]+", rules):
        match = _LINE.match(line)
        kind = match[1].lower() if match else ""
        # Other lines, as Sitemap, belong to no group and end none.
        if match and kind in ("user-agent", "allow", "disallow", "crawl-delay"):
            yield kind, match[2].strip()


def _product(name: str) -> str:
    """The product token of a name such as `corrections-service/1.0 (…)`, in lower case."""
    match = _PRODUCT.match(name)
    return match[0].lower() if match else ""


def _same_form(path: str) -> str:
    """A path or a rule with the one spelling of each octet (RFC 9309, 2.2.2; RFC 3986, 6.2.2)."""
    escaped = quote(path, safe=_ASCII, errors="replace")
    return _ESCAPE.sub(
        lambda match: char if (char := chr(int(match[1], 16))) in _UNRESERVED else match[0].upper(), escaped
    )


def _matches(rule: str, path: str) -> bool:
    """Whether a rule is the beginning of a path; `*` stands for anything, `$` at the end for the path's end.

    In one pass: what stands between two stars is looked for after what was found before.
    """
    whole = rule.endswith("$")
    first, *others = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not whole or path == first
    at = len(first)
    *middle, last = others
    for part in middle:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return path.endswith(last) and len(path) - len(last) >= at if whole else path.find(last, at) >= 0
