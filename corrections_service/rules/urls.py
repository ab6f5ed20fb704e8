"""Addresses: parsed as browsers do (WHATWG), made canonical, and compared with a site's origins."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_plus

import ada_url

LONGEST = 2048
LONGEST_ORIGIN = 269
"""A scheme, a host of 253 letters and a port."""

_DEFAULT_PORTS = {"http": "80", "https": "443"}

# Parameters that say where a reader came from, never what the page shows.
_TRACKING = re.compile(
    r"""
    \A(?:
      utm_.+|mtm_.+|matomo_.+|pk_(?:campaign|kwd|source|medium|content|cid)|piwik_.+        # utm_source: of statistics
    | hsa_.+|oly_.+|vero_.+
    | at_(?:medium|campaign|custom\d|link.*|ptr.*|format|bbc_team)
    | ns_(?:mchannel|source|campaign|linkname|fee)
    | mc_[ce]id|_hs(?:enc|mi)|__hs.+|hsctatracking                                          # mc_cid: of newsletters
    | _ga|_gl|_ke|_branch_match_id|trk_.+
    | fbclid|fb_(?:action|ref|source|comment).*                                             # fbclid: of networks
    | gclid|gclsrc|gad_.+|dclid|wbraid|gbraid|srsltid|yclid|ysclid                          # gclid: of advertisements
    | msclkid|twclid|ttclid|igshid|igsh|li_fat_id|epik|scid|rdt_cid
    | _openstat|mkt_tok|s_cid|s_kwcid|wickedid
    | cmpid|icid|icmpid|ncid|ocid|xtor|spm                                                  # cmpid: of campaigns
    | share_source|share_from|sharetype|guccounter|guce_referrer(?:_sig)?
    | ref_src|ref_url|campaign_id|smid|smtyp|taid|__twitter_impression
    | amp_js_v|amp_gsa|usqp                                                                 # amp_js_v: of caches
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EMAIL_LIKE = re.compile(r"[^@\s]@[^@\s.]+\.[^@\s]")
_SECRET_NAME = re.compile(
    r"""
    \A(?:.*[_.-])?                                                  # x-auth
    (?:
      token|auth|authorization|password|passwd|pwd|secret           # token
    | session_?id|phpsessid|jsessionid                              # sessionid
    | api_?key|signature|jwt|otp                                    # api_key
    | e?mail                                                        # email
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Long and of mixed kinds, as secrets are and numbers or words are not: a JWT, a UUID, a hash, base64.
_TOKEN_LIKE = re.compile(
    r"""
    \A(?:
      [\w-]+\.[\w-]+\.[\w-]{16,}                                            # eyJhbGci.eyJzdWIi.SflKxwRJSMeKKF2QT4
    | (?=.*\d)(?=.*[a-f])[0-9a-f]{32,}                                      # d41d8cd98f00b204e9800998ecf8427e
    | (?=.*\d)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}                   # 123e4567-e89b-12d3-a456-426614174000
    | (?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_+/=-]{20,}                   # aGVsbG8gd29ybGQhISE5
    )
    """,
    re.VERBOSE,
)
_NAMING = re.compile(r"\A(?:\w*[_-])?(?:id|p|art|article|news|story|post)\Z", re.IGNORECASE)
# Parameters that only turn the pages of one article.
_TURNS = re.compile(
    r"""
      page|paged|pg|seite|pagina|strona|part|chapter            # page=2
    | slide|photo|image|img|gallery                             # photo=7
    | view|print                                                # print=1
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PAGE = re.compile(
    r"""
    /(?:(?:page|p|seite|pagina|strona|part|chapter|slide|photo)[-_/]?)?     # /page-
    \d{1,3}/?                                                               # 2
    """,
    re.IGNORECASE | re.VERBOSE,
)
_REMOVED_BY_BROWSERS = re.compile(r"[\x00-\x1f\x7f-\x9f]|\A\s|\s\Z")
_ORIGIN = re.compile(r"https?://[0-9a-z_.\[\]:-]+", re.IGNORECASE)


HTTP, HTTPS = "http://", "https://"
"""How addresses begin; a sentence names them apart, as they read from the left in every language."""


class BadAddress(ValueError):
    """This is not an address the service can use."""


@dataclass(frozen=True, slots=True)
class Url:
    """A web address in the parts that browsers see; `href` is the whole, serialised by the WHATWG rules."""

    href: str
    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str = ""

    @property
    def origin(self) -> str:
        """The scheme, host and port, without the scheme's own port."""
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")


@lru_cache(maxsize=1024)
def parse(address: str) -> Url:
    """Parse a complete http(s) address as a browser would (WHATWG URL).

    Raises BadAddress with a sentence: longer than 2,048 code points, another scheme, no host, a user name, or
    white space and controls that a browser would silently remove.
    """
    if len(address) > LONGEST:
        raise BadAddress(f"The address is longer than {LONGEST:,} characters.")
    if _REMOVED_BY_BROWSERS.search(address):
        raise BadAddress("The address must not hold line breaks or controls, nor spaces at its ends.")
    try:
        url = ada_url.URL(address)
    except (ValueError, UnicodeError):
        raise BadAddress("This is not a complete web address.") from None
    scheme = url.protocol.rstrip(":")
    if scheme not in _DEFAULT_PORTS:
        raise BadAddress(f"The address must start with {HTTP} or {HTTPS}.")
    if not re.match(r"https?://[^/\\]", address, re.IGNORECASE):
        raise BadAddress("The address must be written with its host, as in https://news.example/article.")
    if url.username or url.password or "@" in re.split(r"[/\\?#]", address.strip()[len(scheme) + 3 :], maxsplit=1)[0]:
        raise BadAddress("The address must not hold a user name or password.")
    if not url.hostname.strip("."):
        raise BadAddress("The address has no host.")
    if not all(map(_is_label, url.hostname.split("."))):
        raise BadAddress("The host of the address is no name.")
    parts = url.hostname, url.port, url.pathname, url.search.removeprefix("?"), url.hash.removeprefix("#")
    return Url(url.href, scheme, *parts)


def _is_label(label: str) -> bool:
    """Whether a label that claims to be Punycode (RFC 3492) is, of a name that is so written."""
    if not label.startswith("xn--"):
        return True
    try:
        name = label[4:].encode().decode("punycode")
        return not name.isascii() and ada_url.idna.encode(name).decode() == label
    except UnicodeError:
        return False


def origin_of(address: str) -> str:
    """`scheme://host[:port]` of an address, in lower case, without the scheme's own port.

    Raises BadAddress as `parse` does.
    """
    return parse(address).origin


def canonical(address: str, keep_query: Collection[str] | None = None) -> str:
    """The one form of an article's address: no part of the page, no tracking, nothing that names a person.

    Parameters are sorted by name; values that look like an e-mail address or a secret are dropped. With
    `keep_query` only those parameters stay. A fragment that an app routes by (`#/a/2`, `#!/a/2`) stays: it names the
    article. Raises BadAddress as `parse` does.
    """
    url = parse(address)
    host = url.host.rstrip(".")
    port = f":{url.port}" if url.port else ""
    query = _query(url.query, keep_query)
    return f"{url.scheme}://{host}{port}{url.path}" + (f"?{query}" if query else "") + _route(url.fragment, keep_query)


def cut_route(address: str) -> tuple[str, str]:
    """What a server is asked for, and the fragment with its mark, which only a browser sees."""
    target, mark, route = address.partition("#")
    return target, mark + route


def is_page_of(page: str, article: str) -> bool:
    """Whether an address is that of another page of one article: its second page, a slide of it.

    Both are canonical ones. Nothing else counts: lists and other forms of an article have its words elsewhere.
    """
    page_url, article_url = parse(page), parse(article)
    if page_url.origin != article_url.origin or page_url.fragment != article_url.fragment or page == article:
        return False
    rest = [pair for pair in page_url.query.split("&") if pair not in article_url.query.split("&")]
    missing = [pair for pair in article_url.query.split("&") if pair and pair not in page_url.query.split("&")]
    if page_url.path == article_url.path:
        parameters = (pair.partition("=") for pair in rest)
        return not missing and all(turns_pages(name) and len(value) <= 6 for name, _, value in parameters)
    above = article_url.path.rstrip("/")
    more = page_url.path[len(above) :]
    return (
        bool(above)
        and page_url.query == article_url.query
        and page_url.path.startswith(above)
        and _PAGE.fullmatch(more) is not None
    )


def is_same_page(address: str, other: str) -> bool:
    """Whether two addresses name the same page, whatever the scheme and host, with a slash at the end or none."""
    parts = [(url.path.rstrip("/"), url.query) for url in map(parse, (address, other))]
    return parts[0] == parts[1]


def turns_pages(name: str) -> bool:
    """Whether a parameter of this name only turns the pages of one article."""
    return _TURNS.fullmatch(name) is not None


def _query(query: str, keep_query: Collection[str] | None) -> str:
    pairs = [pair for pair in query.split("&") if pair and _keeps(pair, keep_query)]
    return "&".join(sorted(pairs, key=lambda pair: pair.partition("=")[0]))


def _route(fragment: str, keep_query: Collection[str] | None) -> str:
    """The fragment, if it is an app's route, without what a query would not keep either."""
    anchor = fragment.partition(":~:")[0]
    if not _is_route(anchor):
        return ""
    path, mark, query = anchor.partition("?")
    if not mark and "/" not in anchor:
        query = anchor.lstrip("!")
        path = anchor[: len(anchor) - len(query)]
    route = path + mark + _query(query, keep_query)
    return f"#{route}" if _is_route(route) else ""


def _is_route(fragment: str) -> bool:
    """Whether a fragment is one that an app routes by, and no part of the page.

    static/reader/article.js has the same rule.
    """
    path = fragment.partition("?")[0].rstrip("/")
    if fragment[:1] in ("!", "/", "?"):
        return bool(fragment.strip("!/?"))
    if "/" in path and "=" not in path and "&" not in path:
        return True
    pairs = (pair.partition("=") for pair in fragment.split("&"))
    return any(value and _NAMING.match(name) for name, _, value in pairs)


def _keeps(pair: str, keep_query: Collection[str] | None) -> bool:
    name, _, value = map(unquote_plus, pair.partition("="))
    if keep_query is not None and name not in keep_query:
        return False
    if _TRACKING.fullmatch(name) or _SECRET_NAME.fullmatch(name):
        return False
    return not (_EMAIL_LIKE.search(value) or _EMAIL_LIKE.search(name) or _TOKEN_LIKE.fullmatch(value))


def host_matches(host: str, rule: str) -> bool:
    """Whether a host is the rule's; `*.news.example` stands for one or more whole labels before it."""
    host, rule = host.lower(), rule.lower()
    if rule.startswith("*."):
        return host.endswith(rule[1:]) and all(host[: -len(rule) + 1].split("."))
    return host == rule


def origin_allowed(origin: str, allowed: Sequence[str]) -> bool:
    """Whether an Origin header (RFC 6454) is one of a site's origins, exactly, after lower-casing.

    A rule may be `https://*.news.example`. What is not in an origin's own form is refused: lists, user names,
    paths, a dot at the end, a spelled-out default port.
    """
    parts = _split_origin(origin)
    return parts is not None and any(_same_origin(parts, rule) for rule in allowed)


def overlap(rule: str, other: str) -> bool:
    """Whether some page's origin is allowed by both of two rules."""
    return any(
        origin_allowed(first.replace("://*.", "://any.", 1), [second])
        for first, second in ((rule, other), (other, rule))
    )


def belongs_to(address: str, allowed_origins: Sequence[str]) -> bool:
    """Whether an address is on one of a site's hosts, whatever the scheme; ports must agree."""
    try:
        url = parse(address)
    except BadAddress:
        return False
    return any(
        _same_origin((rule_scheme, url.host.rstrip("."), url.port), rule)
        for rule in allowed_origins
        for rule_scheme in ("https", "http")
    )


def as_origin(header: str) -> str:
    """An Origin header as it is compared; nothing for what no page of the web sends, or a longer one."""
    return header.lower() if len(header) <= LONGEST_ORIGIN and _split_origin(header) is not None else ""


def is_twin(origin: str, allowed: Sequence[str]) -> bool:
    """Whether an origin is one of a site's but for `www.` or for http and https; there are a handful of them."""
    url = parse(origin)
    rule_urls = [parse(rule.replace("://*.", "://", 1)) for rule in allowed]
    return any(url.host in _twins(rule_url.host) and url.port in ("", rule_url.port) for rule_url in rule_urls)


def is_near(origin: str, allowed: Sequence[str]) -> bool:
    """Whether an origin is under the domain of one of a site's: its staging host, say; whoever forged it."""
    host = parse(origin).host
    bases = [parse(rule.replace("://*.", "://", 1)).host.removeprefix("www.") for rule in allowed]
    return any(host == base or host.endswith(f".{base}") for base in bases)


def own_address(address: str, allowed: Sequence[str]) -> str:
    """The address of the same path at a site's own host, for a page that shows its article elsewhere.

    That is the host's twin with or without `www.`, if it is the site's, or else the site's first. Raises BadAddress.
    """
    url = parse(address)
    rule_urls = [parse(rule.replace("://*.", "://www.", 1)) for rule in allowed]
    nearest = min(rule_urls, key=lambda candidate: url.host not in _twins(candidate.host))
    return nearest.origin + url.href[len(url.origin) :]


def _twins(host: str) -> tuple[str, str]:
    bare = host.removeprefix("www.")
    return bare, f"www.{bare}"


def _split_origin(origin: str) -> tuple[str, str, str] | None:
    """Scheme, host and port of an origin in serialised form, lower-cased; None for any other text."""
    return _split(origin) if len(origin) <= LONGEST_ORIGIN else None


@lru_cache(maxsize=1024)
def _split(origin: str) -> tuple[str, str, str] | None:
    match = _ORIGIN.fullmatch(origin)
    try:
        url = ada_url.URL(origin) if match else None
    except (ValueError, UnicodeError):
        return None
    if url is None or url.origin != origin.lower() or url.hostname.endswith("."):
        return None
    return url.protocol.rstrip(":"), url.hostname, url.port


def _same_origin(parts: tuple[str, str, str], rule: str) -> bool:
    allowed = _split_rule(rule)
    return (
        allowed is not None and (allowed[0], allowed[2]) == (parts[0], parts[2]) and host_matches(parts[1], allowed[1])
    )


@lru_cache(maxsize=1024)
def _split_rule(rule: str) -> tuple[str, str, str] | None:
    """Scheme, host and port of a site's origin; its host may begin with `*.`."""
    try:
        allowed = ada_url.URL(rule.strip().replace("://*.", "://", 1))
    except (ValueError, UnicodeError):
        return None
    host = f"*.{allowed.hostname}" if "://*." in rule else allowed.hostname
    return allowed.protocol.rstrip(":"), host, allowed.port
