"""The address where the newsroom's CMS edits an article: made of the article's by a publication's own pattern."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, unquote_plus

from corrections_service.rules import urls

PLACES = ("url", "path", "id")
LONGEST = 500

_PLACE = re.compile(r"\{(\w*)\}")
_WHOLE_NUMBER = re.compile(r"\d{1,20}")
_NUMBER_AT_AN_END = re.compile(
    r"""
    \A (?:
        (?:.*[-_.])? (\d{3,20}) (?:\.\w{1,5})?    # the-bridge-98765.html
      | (\d{3,20}) [-_].*                         # 98765-the-bridge
    ) \Z
    """,
    re.VERBOSE,
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CODE = re.compile(r"\A(?=(?:\D*\d){2})(?=.*[a-z])[a-z0-9]{8,40}\Z", re.IGNORECASE)
_YEAR, _DAY = re.compile(r"(?:19|20)\d\d"), re.compile(r"\d{1,2}")
_NAMING = re.compile(
    r"""
    \A (?:\w*[_-])?                                       # article_
    (?:id|p|art|article|news|story|post|node|nid) \Z      # id
    """,
    re.IGNORECASE | re.VERBOSE,
)


class BadPattern(ValueError):
    """This pattern makes no address that an editor should follow."""


def checked(pattern: str) -> str:
    """The pattern as it is stored. Raises BadPattern with a sentence.

    What an address of an article fills in never chooses the host: it stands behind it.
    """
    plain = pattern.strip()
    url, path, number = (f"{{{name}}}" for name in PLACES)
    if len(plain) > LONGEST:
        raise BadPattern(f"A pattern has at most {LONGEST} characters; this one has {len(plain)}.")
    odd = [name for name in _PLACE.findall(plain) if name not in PLACES]
    if odd:
        place = f"{{{odd[0]}}}"
        raise BadPattern(f"{place} is not known: write {url}, {path} or {number}.")
    before, place, _ = plain.partition("{")
    if not place:
        raise BadPattern(f"Write {url}, {path} or {number} where the article is named.")
    if re.search(r"[{}]", _PLACE.sub("", plain)):
        raise BadPattern("Write braces only around url, path and id.")
    if not re.match(r"https?://[^/\\?#{}]+([/?#]|\{path\})", plain, re.IGNORECASE):
        raise BadPattern(
            f"Begin with {urls.HTTPS} and the host of your CMS; {url}, {path} or {number} stand behind a slash."
        )
    safe_address(before if re.match(r"https?://[^/?#]+[/?#]", before, re.IGNORECASE) else f"{before}/")
    return plain


def safe_address(address: str) -> str:
    """An address that an editor may be led to: over https, or over http to this very machine. Raises BadPattern."""
    try:
        url = urls.parse(address)
    except urls.BadAddress as error:
        raise BadPattern(str(error)) from None
    if url.scheme != "https" and not _is_loopback(url.host):
        raise BadPattern(f"The address must start with {urls.HTTPS}; {urls.HTTP} is for this machine alone.")
    return url.href


def edit_address(pattern: str, article: str) -> str:
    """Where the CMS edits the article at this address; "" where the pattern asks for what the address does not hold.

    `{url}` is the whole address and `{id}` the number or the code in it, as one value; `{path}` is its path. All are
    percent-encoded (RFC 3986), so that none is more than the value that it is.
    """
    try:
        url = urls.parse(article)
        values = {"url": quote(article, safe=""), "path": _path(url.path), "id": quote(article_id(article), safe="")}
        places = _PLACE.findall(checked(pattern))
        if not all(values[name] for name in places):
            return ""
        plain = pattern.strip().replace("/{path}", "{path}")
        return safe_address(_PLACE.sub(lambda place: values[place[1]], plain))
    except ValueError:
        return ""


def article_id(address: str) -> str:
    """The number or the code by which an article's address names it; "" where it holds none.

    A parameter that is called so, else what stands last in the path: a number that is no part of a date, a UUID, a
    code of letters and digits.
    """
    url = urls.parse(address)
    for pair in url.query.split("&"):
        name, _, value = map(unquote_plus, pair.partition("="))
        if _NAMING.fullmatch(name) and re.fullmatch(r"[\w-]{1,64}", value):
            return value
    parts = _undated(url.path.split("/"))
    for part in reversed(parts):
        if match := _UUID.search(part):
            return match[0]
        if _WHOLE_NUMBER.fullmatch(part):
            return part
        if match := _NUMBER_AT_AN_END.fullmatch(part):
            return match[1] or match[2]
    last = parts[-1] if parts else ""
    return last if _CODE.fullmatch(last) else ""


def _undated(parts: list[str]) -> list[str]:
    """The parts of a path without those that are a date: a year, and the month and the day behind it."""
    names, days = [], 0
    for part in filter(None, parts):
        if _YEAR.fullmatch(part):
            days = 2
        elif days and _DAY.fullmatch(part):
            days -= 1
        else:
            days = 0
            names.append(part)
    return names


def _path(path: str) -> str:
    """A path that is a path wherever it is put, in a query too: what was encoded stays so."""
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path), safe="/%")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
