"""Arrivals: a report that comes in is judged and stored ahead of Flask, which takes longer over a request than both.

What is refused goes on to the pages, as all does that is no report: they say why, count it and log it.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

import structlog
from flask import Flask
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

from corrections_service import errors
from corrections_service.errors import CorrectionsError
from corrections_service.rules import urls
from corrections_service.rules.fields import FIELDS
from corrections_service.services import crowds, intake, sites
from corrections_service.services.crowds import Room
from corrections_service.services.intake import Received
from corrections_service.services.reports import Arrival, Fields, Submitted
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Site
from corrections_service.store.writer import TakenApart
from corrections_service.web import answers, headers
from corrections_service.web.access import TOO_LARGE, host_name
from corrections_service.web.peers import block_of
from corrections_service.web.refusals import Refusals

log = structlog.get_logger()

REPORTS = "/api/v1/reports"
REFUSED, TAKEN_APART = "corrections.refused", "corrections.taken-apart"
"""Where a request's environment says why its report was not stored, and which has to be stored by itself."""

WAITING = 512
"""Reports that wait for the writer at a time; what is more waits to be handed over, as it would for a thread."""

BODY_BYTES = 64 * 1024
MOST_FIELDS = 100
SITES_SEEN, SITE_SECONDS, LONGEST_KEY = 1000, 1.0, 64

SHORT_BYTES = 8 * 1024
"""What is read and judged between two other requests; a longer body, which takes longer, is left to a thread."""

KINDS = ("application/json", "application/x-www-form-urlencoded")

Environ = dict[str, Any]
Answer = tuple[HTTPStatus, list[tuple[str, str]], bytes]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class NeedsThread(Exception):
    """What the event loop would have to wait for."""


@dataclass(slots=True)
class Refusal:
    """Why a report was not stored, and what was read of it until then."""

    error: Exception | None = None
    values: Mapping[str, Any] | None = None
    site_known: bool = False


class Arrivals:
    """An application that stores reports and hands all else to the pages."""

    def __init__(self, app: Flask, config: Settings) -> None:
        self._pages: Application = app.wsgi_app
        self._config, self._parts = config, app.extensions
        self._waiting = asyncio.Semaphore(WAITING)
        self._host_name = host_name(urlsplit(config.base_url).netloc)
        self._headers = [
            ("Content-Type", "application/json"),
            ("Vary", "Origin"),
            *headers.common(is_page=False, is_secret=False, is_secure=config.base_url.startswith("https:")),
        ]

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if not is_report(environ["REQUEST_METHOD"], environ["PATH_INFO"]) or REFUSED in environ:
            return self._pages(environ, start)
        start_time = time.monotonic()
        received, refusal = environ.pop(TAKEN_APART, (None, Refusal()))
        try:
            if received is not None:
                submitted = self._database().store_alone(intake.receive, received)
            else:
                submitted = self._database().store(intake.receive, self._judged(Request(environ), refusal))
        except Exception as error:
            refusal.error = without_frames(error)
        if refusal.error is not None:
            environ[REFUSED] = refusal
            del refusal
            return self._pages(environ, start)
        status, headers, body = self._answer(environ, submitted, start_time)
        start(f"{status.value} {status.phrase}", headers)
        return [body]

    async def without_thread(self, environ: Environ) -> Answer | None:
        """Answer a report on the event loop, which never waits; None for pages, what is refused, and what must wait."""
        if not is_report(environ["REQUEST_METHOD"], environ["PATH_INFO"]):
            return None
        start_time, refusal = time.monotonic(), Refusal()
        try:
            received = self._judged(Request(environ), refusal, at_once=True)
            async with self._waiting:
                submitted = await self._database().store_awaited(intake.receive, received)
        except NeedsThread:
            environ["wsgi.input"].seek(0)
            return None
        except TakenApart:
            environ[TAKEN_APART] = received, refusal
            return None
        except Exception as error:
            refusal.error = without_frames(error)
            environ[REFUSED] = refusal
            return None
        return self._answer(environ, submitted, start_time)

    def _answer(self, environ: Environ, submitted: Submitted, start_time: float) -> Answer:
        status = HTTPStatus.OK if submitted.replayed else HTTPStatus.CREATED
        if structlog.is_configured():
            milliseconds = round((time.monotonic() - start_time) * 1000, 1)
            log.debug("answered", method="POST", route=REPORTS, status=status.value, ms=milliseconds)
        answer = answers.Stored(
            reference=submitted.reference,
            id=submitted.client_id,
            status_url=f"{self._config.base_url}/r/{submitted.token}",
            readers=submitted.readers,
        )
        body = answers.json_of(answer)
        return status, self._headers_of(environ, submitted, len(body)), body

    def _headers_of(self, environ: Environ, submitted: Submitted, length: int) -> list[tuple[str, str]]:
        lines = [*self._headers, ("Content-Length", str(length))]
        if "HTTP_ORIGIN" in environ:
            lines += shared(environ["HTTP_ORIGIN"])
        if submitted.replayed:
            lines.append(("Idempotency-Replayed", "true"))
        return lines

    def _judged(self, request: Request, refusal: Refusal, *, at_once: bool = False) -> Received:
        """The report of a request, to be stored; the refusal is told what was read of it. Raises what it is refused for.

        With `at_once` nothing is waited for and nothing long is read: it raises NeedsThread instead.
        """
        if TOO_LARGE in request.environ:
            raise errors.TooLarge()
        if host_name(request.host) != self._host_name:
            raise errors.OtherName()
        block = block_of(request, self._config)
        self._refusals().judge(block)
        if at_once and (request.content_length or 0) > SHORT_BYTES:
            raise NeedsThread
        values = refusal.values = body_values(request)
        site = self._site(intake.site_key(values), at_once=at_once)
        site = self._admitted(site, request.environ.get("HTTP_ORIGIN"))
        refusal.site_known = "HTTP_ORIGIN" in request.environ
        return received(self._config, site, intake.checked(values, site), block)

    def _admitted(self, site: Site | None, origin_header: str | None) -> Site:
        """The site, if the page may send it a report; an origin that may not is counted. Raises OriginNotAllowed."""
        try:
            return sites.admit(site, origin_header)
        except errors.OriginNotAllowed:
            if site is not None and (origin := urls.as_origin(origin_header or "")):
                self._refusals().count_origin(site.id, origin)
            raise

    def _site(self, key: str, *, at_once: bool) -> Site | None:
        """The site with this key, as it was a second ago at most: most reports come in bursts, on a few sites."""
        if len(key) > LONGEST_KEY:
            return None
        cache: dict[str, tuple[float, Site | None]] = self._parts.setdefault("sites_seen", {})
        until, site = cache.get(key, (0.0, None))
        if time.monotonic() > until:
            if at_once:
                raise NeedsThread
            with self._database().read() as session:
                site = sites.with_key(session, key)
            if len(cache) >= SITES_SEEN:
                cache.clear()
            cache[key] = time.monotonic() + SITE_SECONDS, site
        return site

    def _database(self) -> Database:
        database: Database = self._parts["database"]
        return database

    def _refusals(self) -> Refusals:
        refusals: Refusals = self._parts["refusals"]
        return refusals


def without_frames(error: Exception) -> Exception:
    """An error that was expected, without the calls that it went through: they hold the request, which holds the error.

    Such a ring, with all that was sent, stays until the garbage collector comes by.
    """
    if isinstance(error, CorrectionsError) and error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        error.__traceback__ = error.__context__ = error.__cause__ = None
    return error


def is_report(method: str, path: str) -> bool:
    """Whether a request brings a report, by what Flask takes for the same: more slashes ahead, a method in small letters."""
    return path.lstrip("/") == REPORTS[1:] and method.upper() == "POST"


def shared(origin: str) -> list[tuple[str, str]]:
    """What lets a page of this origin read the answer; never with credentials."""
    return [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Expose-Headers", "Idempotency-Replayed, Retry-After"),
    ]


def store(database: Database, config: Settings, site: Site, fields: Fields, block: str) -> Submitted:
    """Store a report durably, counting it against its sender's limit in the same transaction."""
    return database.store(intake.receive, received(config, site, fields, block))


def received(config: Settings, site: Site, fields: Fields, block: str) -> Received:
    """A report that has come in, with the limits that these settings set."""
    has_limits = config.limit_reports != "off"
    room = Room(config.limit_page, config.limit_site) if has_limits else crowds.ANY
    return Received(Arrival(site, fields, block, room=room), config.limit_reports, config.secret_key)


def body_values(request: Request) -> dict[str, Any]:
    """The fields of the request's body, JSON or form, none of them judged yet.

    Raises UnsupportedMediaType, TooLarge, MalformedBody, InvalidFields.
    """
    request.max_content_length = BODY_BYTES
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise errors.TooLarge() from None
    if _content_type(request) == "application/json":
        return _json(body)
    return _form(body)


def _content_type(request: Request) -> str:
    if request.environ.get("CONTENT_TYPE") in KINDS and "HTTP_CONTENT_ENCODING" not in request.environ:
        return str(request.environ["CONTENT_TYPE"])
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise errors.UnsupportedMediaType("Send the body as it is, not packed.")
    kind, options = request.mimetype, request.mimetype_params
    if kind not in KINDS:
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
