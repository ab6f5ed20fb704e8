"""The API for pages and programs: a reader's report comes in here."""

from __future__ import annotations

import hashlib
import json
import math
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, g, jsonify, request
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.rules import addresses, text, urls
from corrections_service.rules.changes import Kind
from corrections_service.services import privacy, reports, sites
from corrections_service.services.reports import Fields, Submitted
from corrections_service.store.models import Site
from corrections_service.web.access import database, public, settings
from corrections_service.web.peers import client_address
from corrections_service.web.refusals import Refusals

bp = Blueprint("api", __name__)

BODY_BYTES = 64 * 1024
MOST_FIELDS = 100
TEXT_LIMITS = {"place": 300, "suggestion": 2000, "comment": 1000}
QUOTE_LIMITS = {"exact": 2000, "prefix": 300, "suffix": 300}
ADDRESS_LIMIT, TITLE_LIMIT = 2048, 300
FIELDS = (
    *(
        "site",
        "url",
        "page_url",
        "several",
        "id",
        "exact",
        "prefix",
        "suffix",
        "place",
        "suggestion",
        "remove",
        "comment",
    ),
    *("kind", "source_url", "email", "lang", "title", "start", "selection_length", "selection_sha256", "elapsed_ms"),
    "website",
)
SITES_SEEN, SITE_SECONDS, LONGEST_KEY = 1000, 1.0, 64
NUMBERS = ("start", "selection_length", "elapsed_ms")


@bp.post("/api/v1/reports", provide_automatic_options=False)
@public
def create_report() -> Response:
    """Store a report; 201 with its reference, 200 when the same came before."""
    _refusals().judge(privacy.address_block(client_address(request, settings())))
    values = g.report = body_values()
    site = _admitted(_site(_key(values)))
    g.origin_known = "Origin" in request.headers
    submitted = store(site, checked_fields(values, site))
    status = HTTPStatus.OK if submitted.replayed else HTTPStatus.CREATED
    answer = jsonify(
        reference=submitted.reference,
        id=submitted.client_id,
        status_url=f"{settings().base_url}/r/{submitted.token}",
        readers=submitted.readers,
    )
    answer.status_code = status
    if submitted.replayed:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


@bp.route("/api/v1/reports", methods=["OPTIONS"])
@public
def preflight_report() -> Response:
    """Answer a browser that asks whether a page may send a report (CORS)."""
    if not origin_known():
        raise errors.OriginNotAllowed()
    answer = Response(status=HTTPStatus.NO_CONTENT)
    answer.headers["Access-Control-Allow-Methods"] = "POST"
    answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
    answer.headers["Access-Control-Max-Age"] = "7200"
    return answer


@bp.after_request
def share_with_origin(answer: Response) -> Response:
    """Let the page read the answer when its origin is one of a site's; never with credentials."""
    if request.path == "/api/v1/reports":
        answer.vary.add("Origin")
        if answer.status_code != HTTPStatus.FORBIDDEN and origin_known():
            answer.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            answer.headers["Access-Control-Expose-Headers"] = "Idempotency-Replayed, Retry-After"
    return answer


def _admitted(site: Site | None) -> Site:
    """The site, if the page may send it a report; an origin that may not is counted. Raises OriginNotAllowed."""
    said = request.headers.get("Origin")
    try:
        return sites.admit(site, said)
    except errors.OriginNotAllowed:
        if site is not None and (origin := urls.as_origin(said or "")):
            _refusals().count_origin(site.id, origin)
        raise


def _site(key: str) -> Site | None:
    """The site with this key, as it was a second ago at most: most reports come in bursts, on a few sites."""
    if len(key) > LONGEST_KEY:
        return None
    seen: dict[str, tuple[float, Site | None]] = current_app.extensions.setdefault("sites_seen", {})
    until, site = seen.get(key, (0.0, None))
    if time.monotonic() > until:
        with database().read() as session:
            site = sites.with_key(session, key)
        if len(seen) >= SITES_SEEN:
            seen.clear()
        seen[key] = time.monotonic() + SITE_SECONDS, site
    return site


def origin_known() -> bool:
    """Whether the request's origin is one of any active site's."""
    origin = request.headers.get("Origin")
    if not origin or g.get("origin_known"):
        return bool(origin)
    with database().read() as session:
        return sites.knows_origin(session, origin)


def store(site: Site, fields: Fields) -> Submitted:
    """Store a report durably, counting it against its sender's limit in the same transaction."""
    config = settings()
    block = privacy.address_block(client_address(request, config))

    def submit(session: Session) -> Submitted:
        privacy.count(session, "report", block, config.limit_reports)
        return reports.submit(session, site=site, fields=fields, secret=config.secret_key, block=block)

    return database().intake(submit)


def count_refusal(error: errors.CorrectionsError) -> None:
    """Keep how many reports were refused and why, so that the numbers add up (P-05)."""
    _refusals().count(error.code, privacy.address_block(client_address(request, settings())))


def _refusals() -> Refusals:
    found: Refusals = current_app.extensions["refusals"]
    return found


def body_values() -> dict[str, Any]:
    """The fields of the request's body, JSON or form, none of them judged yet.

    Raises UnsupportedMediaType, TooLarge, MalformedBody, InvalidFields.
    """
    if request.content_length is not None and request.content_length > BODY_BYTES:
        raise errors.TooLarge()
    body = request.get_data(cache=False)
    if len(body) > BODY_BYTES:
        raise errors.TooLarge()
    if _content_type() == "application/json":
        return _json(body)
    return _form(body)


def checked_fields(values: dict[str, Any], site: Site) -> Fields:
    """The report in these fields, clean and cut. Raises InvalidFields, which names each field that is wrong."""
    wrong: dict[str, str] = {}

    def check(name: str, judge: Callable[[str], Any]) -> Any:
        try:
            return judge(_text(values, name))
        except ValueError as error:
            wrong[name] = str(error)
            return None

    client_id = check("id", _uuid)
    url = check("url", lambda value: _address_of(value, site))
    page_url = _page_address(values, site)
    found: dict[str, Any] = {name: check(name, _within(limit)) for name, limit in TEXT_LIMITS.items()}
    quote = {name: check(name, text.clean) or "" for name in QUOTE_LIMITS}
    try:
        found["remove"] = _yes(values.get("remove", ""))
    except ValueError as error:
        wrong["remove"] = str(error)
    found["kind"] = check("kind", _kind)
    found["source_url"] = check("source_url", _source)
    found["email"] = check("email", _email)
    found["title"] = text.cut(text.one_line(check("title", text.clean) or "", TITLE_LIMIT), TITLE_LIMIT)
    found["language"] = _language(check("lang", str) or "")
    found["website"] = text.cut(check("website", text.clean) or "", 100)
    numbers = {name: check(name, _number) for name in NUMBERS}
    sha256 = check("selection_sha256", str) or ""
    if not wrong and not any(
        text.is_visible(said or "") for said in (quote["exact"], found["place"], found["comment"])
    ):
        wrong["comment"] = "Mark the words that are wrong, or say in your own words what is."
    if found["suggestion"] == quote["exact"].strip():
        found["suggestion"] = ""
    if found.get("remove") and found["suggestion"]:
        wrong["remove"] = "Either the words should go, or others should stand there: leave one of the two out."
    elif found.get("remove") and not text.is_visible(quote["exact"] + (found["place"] or "")):
        wrong["remove"] = "Say which words should go."
    if wrong:
        raise errors.InvalidFields(wrong)
    return Fields(
        client_id=client_id,
        url=url,
        page_url=page_url if page_url != url else "",
        several=values.get("several") in ("1", 1, True),
        **found,
        **_cut_quote(quote, numbers["selection_length"], sha256),
        start=numbers["start"],
        elapsed_ms=numbers["elapsed_ms"],
    )


def _content_type() -> str:
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise errors.UnsupportedMediaType("Send the body as it is, not packed.")
    kind, options = request.mimetype, request.mimetype_params
    if kind not in ("application/json", "application/x-www-form-urlencoded"):
        raise errors.UnsupportedMediaType()
    raw = request.headers.get("Content-Type", "").partition(";")[2].strip()
    if raw and (set(options) != {"charset"} or options["charset"].strip().lower() not in ("utf-8", "utf8")):
        raise errors.UnsupportedMediaType()
    return kind


def _json(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(
            _decoded(body),
            object_pairs_hook=_without_repeats,
            parse_constant=_no_such_number,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        raise errors.MalformedBody() from None
    if not isinstance(read, dict):
        raise errors.InvalidFields({"body": "A report is a JSON object with the report's fields."})
    return {name: read[name] for name in FIELDS if read.get(name) is not None}


def _form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(_decoded(body), keep_blank_values=True, errors="surrogatepass", max_num_fields=MOST_FIELDS)
        read = _without_repeats([(name, value) for name, value in pairs if name in FIELDS])
    except ValueError:
        raise errors.MalformedBody() from None
    return {name: value for name, value in read.items() if value}


def _decoded(body: bytes) -> str:
    """UTF-8, its mark tolerated; half a character that came as such is let through, for `text.clean` to show (B04)."""
    return body.decode("utf-8-sig", "surrogatepass")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs) or len(pairs) > MOST_FIELDS:
        raise ValueError("repeated or too many fields")
    return read


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(said: str) -> float:
    number = float(said)
    if not math.isfinite(number):
        _no_such_number(said)
    return number


def _key(values: dict[str, Any]) -> str:
    """The site's key as it was sent. Raises InvalidFields where it is missing or no text."""
    try:
        key = text.clean(_text(values, "site"))
    except ValueError as error:
        raise errors.InvalidFields({"site": str(error)}) from None
    if not key:
        raise errors.InvalidFields({"site": "The site's key is missing."})
    return key


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name, "")
    if name in NUMBERS and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError("This must be text.")
    return value


def _within(limit: int) -> Callable[[str], str]:
    def judge(value: str) -> str:
        cleaned = text.clean(value).strip()
        if len(cleaned) > limit:
            raise ValueError(f"At most {limit:,} characters; this has {len(cleaned):,}.")
        return cleaned if text.is_visible(cleaned) else ""

    return judge


def _yes(value: object) -> bool:
    """Whether 1 was said, as a form or as JSON says it; nothing and 0 say no."""
    said = str(int(value)) if isinstance(value, int) else value
    if said not in ("", "0", "1"):
        raise ValueError("1, or nothing.")
    return said == "1"


def _uuid(value: str) -> str:
    try:
        if len(value) == 36 and value == str(uuid.UUID(value)) and uuid.UUID(value).version in (4, 7):
            return value
    except ValueError:
        pass
    raise ValueError(
        "This must be a random UUID (version 4) in lower case, such as 7f2c1a52-8a55-4d1e-9c62-0b6a3f7f1d11."
    )


def _address_of(value: str, site: Site) -> str:
    if len(value) > ADDRESS_LIMIT:
        raise ValueError("This address is too long.")
    if not urls.belongs_to(urls.parse(value).href, site.origins):
        raise ValueError("This address is not one of the site's.")
    address = urls.canonical(value, site.policy.get("query_parameters"))
    if len(address) > ADDRESS_LIMIT:  # it grew when its letters were written as bytes
        raise ValueError("This address is too long.")
    return address


def _page_address(values: dict[str, Any], site: Site) -> str:
    """Where the words were read; nothing where that is no address of the site's: it never counts against a report."""
    try:
        return _address_of(_text(values, "page_url"), site)
    except ValueError:
        return ""


def _source(value: str) -> str:
    if not value.strip():
        return ""
    if len(value) > ADDRESS_LIMIT:
        raise ValueError("This address is too long.")
    given = value.strip()
    host = given.partition("/")[0]
    is_bare = "." in host and ":" not in host  # as people type it, "archive.example/1978"
    return urls.parse(f"https://{given}" if is_bare else given).href


def _email(value: str) -> str:
    return addresses.mailable(value) if value.strip() else ""


def _kind(value: str) -> Kind | None:
    if not value:
        return None
    try:
        return Kind(value)
    except ValueError:
        raise ValueError(f"One of: {', '.join(Kind)}.") from None


def _language(value: str) -> str:
    """A BCP 47 tag, or nothing where it is none: it never counts against a report."""
    value = value.strip()
    plain = value.replace("-", "")
    return value if plain.isascii() and plain.isalnum() and 2 <= len(value) <= 35 else ""


def _number(value: str) -> int | None:
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise ValueError("This must be a whole number.")
    return min(int(value), 10**9)  # a dialog that was open for weeks is no error of the reader's


def _cut_quote(quote: dict[str, str], length: int | None, sha256: str) -> dict[str, Any]:
    """The quote as it is stored: cut, with the size and hash of what was selected."""
    exact = quote["exact"] if text.is_visible(quote["exact"]) else ""
    cut = text.cut(exact, QUOTE_LIMITS["exact"])
    prefix = quote["prefix"]
    if len(prefix) > QUOTE_LIMITS["prefix"]:
        prefix = text.cut(prefix[-QUOTE_LIMITS["prefix"] :], QUOTE_LIMITS["prefix"])
    was_cut = len(cut) < len(exact)
    plain = sha256.lower() if len(sha256) == 64 and all(one in "0123456789abcdefABCDEF" for one in sha256) else ""
    return {
        "exact": cut,
        "prefix": prefix,
        "suffix": text.cut(quote["suffix"], QUOTE_LIMITS["suffix"]),
        "exact_length": length or len(exact),
        "exact_sha256": plain or (hashlib.sha256(exact.encode()).hexdigest() if was_cut else ""),
    }
