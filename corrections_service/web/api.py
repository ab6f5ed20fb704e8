"""The API for pages and programs: a reader's report comes in here."""

from __future__ import annotations

import json
import math
import time
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, g, request

from corrections_service import errors
from corrections_service.rules import urls
from corrections_service.rules.fields import FIELDS, NewReport
from corrections_service.services import intake, limits, sites
from corrections_service.services.reports import Arrival, Fields, Submitted
from corrections_service.store.models import Site
from corrections_service.web import answers
from corrections_service.web.access import database, public, settings
from corrections_service.web.openapi import Answer, described
from corrections_service.web.peers import client_address
from corrections_service.web.refusals import Refusals

bp = Blueprint("api", __name__)

BODY_BYTES = 64 * 1024
MOST_FIELDS = 100
SITES_SEEN, SITE_SECONDS, LONGEST_KEY = 1000, 1.0, 64


@bp.post("/api/v1/reports", provide_automatic_options=False)
@public
@described(
    {
        HTTPStatus.CREATED: Answer("Stored.", answers.Stored),
        HTTPStatus.OK: Answer("It was stored before.", answers.Stored, {"Idempotency-Replayed": {"const": "true"}}),
    },
    [
        errors.MalformedBody,
        errors.OriginNotAllowed,
        errors.MethodNotAllowed,
        errors.TooLarge,
        errors.UnsupportedMediaType,
        errors.InvalidFields,
        errors.IdReused,
        errors.TooManyReports,
        errors.StorageBusy,
        errors.StorageFull,
    ],
    takes=NewReport,
)
def create_report() -> Response:
    """Store a report; 201 with its reference, 200 when the same came before."""
    _refusals().judge(_block())
    values = g.report = body_values()
    site = _admitted(_site(intake.site_key(values)))
    g.origin_known = "Origin" in request.headers
    submitted = store(site, intake.checked(values, site))
    body = answers.Stored(
        reference=submitted.reference,
        id=submitted.client_id,
        status_url=f"{settings().base_url}/r/{submitted.token}",
        readers=submitted.readers,
    )
    answer = answers.as_json(body, HTTPStatus.OK if submitted.replayed else HTTPStatus.CREATED)
    if submitted.replayed:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


@bp.route("/api/v1/reports", methods=["OPTIONS"])
@public
@described({HTTPStatus.NO_CONTENT: Answer("It may.")}, [errors.OriginNotAllowed])
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
    origin_header = request.headers.get("Origin")
    try:
        return sites.admit(site, origin_header)
    except errors.OriginNotAllowed:
        if site is not None and (origin := urls.as_origin(origin_header or "")):
            _refusals().count_origin(site.id, origin)
        raise


def _site(key: str) -> Site | None:
    """The site with this key, as it was a second ago at most: most reports come in bursts, on a few sites."""
    if len(key) > LONGEST_KEY:
        return None
    cache: dict[str, tuple[float, Site | None]] = current_app.extensions.setdefault("sites_seen", {})
    until, site = cache.get(key, (0.0, None))
    if time.monotonic() > until:
        with database().read() as session:
            site = sites.with_key(session, key)
        if len(cache) >= SITES_SEEN:
            cache.clear()
        cache[key] = time.monotonic() + SITE_SECONDS, site
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
    received = intake.Received(Arrival(site, fields, _block()), config.limit_reports, config.secret_key)
    return database().store(intake.receive, received)


def count_refusal(error: errors.CorrectionsError) -> None:
    """Keep how many reports were refused and why, so that the numbers add up (P-05)."""
    _refusals().count(error.code, _block())


def _block() -> str:
    """The network that this request comes from."""
    if "block" not in g:
        g.block = limits.address_block(client_address(request, settings()))
    block: str = g.block
    return block


def _refusals() -> Refusals:
    refusals: Refusals = current_app.extensions["refusals"]
    return refusals


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
        fields = json.loads(
            _decoded(body),
            object_pairs_hook=_without_repeats,
            parse_constant=_no_such_number,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        raise errors.MalformedBody() from None
    if not isinstance(fields, dict):
        raise errors.InvalidFields({"body": "A report is a JSON object with the report's fields."})
    return {name: fields[name] for name in FIELDS if fields.get(name) is not None}


def _form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(_decoded(body), keep_blank_values=True, errors="surrogatepass", max_num_fields=MOST_FIELDS)
        fields = _without_repeats([(name, value) for name, value in pairs if name in FIELDS])
    except ValueError:
        raise errors.MalformedBody() from None
    return {name: value for name, value in fields.items() if value}


def _decoded(body: bytes) -> str:
    """UTF-8, its mark tolerated; half a character that came as such is let through, for its field to show (B04)."""
    return body.decode("utf-8-sig", "surrogatepass")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs) or len(pairs) > MOST_FIELDS:
        raise ValueError("repeated or too many fields")
    return fields


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):
        _no_such_number(literal)
    return number
