"""The API for programs that have a token: cases to read, articles that changed; and what the whole API is, for programs to read."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, request

from corrections_service import __version__, errors
from corrections_service.rules import urls
from corrections_service.rules.changes import Kind
from corrections_service.rules.references import reference_of
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import articles, looks
from corrections_service.store import queue
from corrections_service.store.models import Case, Correction, FixState, Report, Scope, Site
from corrections_service.web import api
from corrections_service.web.access import allows, program, public, read, settings, write

bp = Blueprint("programs", __name__)

VIEWS = tuple(view for view in queue.VIEWS if view != "mine")
LIMIT, MOST = 50, 200


@bp.get("/api/v1/cases")
@allows(Scope.CASES_READ)
def list_cases() -> Response:
    """The cases of the token's site, newest first, a page at a time; `next` is where the following page is."""
    asked = _asked()
    page = queue.cases_page(read(), [program().site_id], **asked)
    answer: dict[str, Any] = {"cases": [_case(case) for case in page.cases], "next": None}
    if page.next_cursor:
        kept = {name: str(value) for name, value in asked.items() if value}
        answer["next"] = f"{settings().base_url}/api/v1/cases?{urlencode({**kept, 'cursor': page.next_cursor})}"
    return jsonify(answer)


@bp.get("/api/v1/cases/<int:number>")
@allows(Scope.CASES_READ)
def show_case(number: int) -> Response:
    """One case of the token's site with its reports and its public notices; no reader's address is told."""
    case = read().get(Case, number)
    if case is None or case.site_id != program().site_id:
        raise errors.NotFound()
    reports = [_report(report) for report in case.reports]
    notices = [_correction(one) for one in case.corrections if one.published_at is not None]
    return jsonify({**_case(case), "reports": reports, "corrections": notices})


@bp.post("/api/v1/articles/changed")
@allows(Scope.ARTICLES_CHANGED)
def note_changes() -> tuple[Response, int]:
    """Read articles again that were changed just now: those of the token's site whose addresses the body holds."""
    values, site = _sent(), program().site
    with write() as session:
        found = {articles.at(session, site, address) for address in _addresses(values, site)}
        noted = [looks.article_changed(session, one) for one in sorted(one for one in found if one is not None)]
    return jsonify({"articles": sum(noted)}), HTTPStatus.ACCEPTED


def _sent() -> Any:
    """What a program sent, JSON of whatever shape or a form. Raises MalformedBody, UnsupportedMediaType."""
    if request.mimetype == "application/x-www-form-urlencoded":
        return request.form.to_dict(flat=False)
    if not request.is_json:
        raise errors.UnsupportedMediaType()
    try:
        return json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise errors.MalformedBody() from None


def _addresses(values: Any, site: Site) -> set[str]:
    """The site's own addresses anywhere in a body, whatever a CMS calls its fields. Raises InvalidFields for none."""
    found: set[str] = set()
    left = [values]
    while left and len(found) < MOST:
        one = left.pop()
        if isinstance(one, dict | list):
            left += one.values() if isinstance(one, dict) else one
        elif isinstance(one, str) and urls.belongs_to(one, site.origins):
            found.add(urls.canonical(one, site.policy.get("query_parameters")))
    if not found:
        raise errors.InvalidFields({"url": "Give the address of an article of this site."})
    return found


@bp.get("/api/v1/openapi.json")
@public
def describe() -> Response:
    """What this API takes and answers, for programs (OpenAPI 3.1)."""
    return jsonify(document())


def document() -> dict[str, Any]:
    """Every address under /api/ with what it takes and answers; the parts come from the code that keeps them."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in current_app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            summary = " ".join((current_app.view_functions[rule.endpoint].__doc__ or "").split())
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"} or {"OPTIONS"}:
                paths.setdefault(path, {})[method.lower()] = {"summary": summary, **OPERATIONS[rule.endpoint]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "corrections-service", "version": __version__},
        "servers": [{"url": settings().base_url}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _asked() -> dict[str, Any]:
    """What the query asks for. Raises InvalidFields."""
    view, kind, limit = (request.args.get(name, "") for name in ("view", "kind", "limit"))
    wrong = {}
    if view and view not in VIEWS:
        wrong["view"] = f"One of: {', '.join(VIEWS)}."
    if kind and kind not in list(Kind):
        wrong["kind"] = f"One of: {', '.join(Kind)}."
    plain = limit.isascii() and limit.isdigit() and len(limit) <= 3
    if limit and not (plain and 1 <= int(limit) <= MOST):
        wrong["limit"] = f"A number from 1 to {MOST}."
    if wrong:
        raise errors.InvalidFields(wrong)
    return {
        "view": view or "all",
        "kind": Kind(kind) if kind else None,
        "limit": int(limit or LIMIT),
        "q": request.args.get("q", "")[:200],
        "cursor": request.args.get("cursor", "")[:100],
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.id,
        "page": f"{settings().base_url}/cases/{case.id}",
        "article": {"url": case.article.url, "headline": case.article.headline, "author": case.article.author},
        "page_url": case.page_url,
        "several": case.several,
        "state": case.state,
        "resolution": case.resolution,
        "kind": case.kind,
        "quote": asdict(case.quote),
        "place": case.place,
        "suggestion": case.suggestion,
        "remove": case.remove,
        "comment": case.comment,
        "readers": case.readers,
        "fix_state": case.fix_state,
        "created_at": _time(case.created_at),
        "updated_at": _time(case.updated_at),
        "decided_at": _time(case.decided_at),
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "reference": reference_of(report.id),
        "page_url": report.page_url,
        "quote": asdict(report.quote),
        "place": report.place,
        "suggestion": report.suggestion,
        "remove": report.remove,
        "comment": report.comment,
        "source_url": report.source_url,
        "created_at": _time(report.created_at),
        "withdrawn_at": _time(report.withdrawn_at),
    }


def _correction(notice: Correction) -> dict[str, Any]:
    return {
        "class": notice.notice_class,
        "wrong": notice.wrong,
        "right": notice.right,
        "text": notice.text,
        "published_at": _time(notice.published_at),
        "retracted_at": _time(notice.retracted_at),
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
YES: dict[str, Any] = {"type": "boolean"}
TIME = {"type": ["string", "null"], "format": "date-time"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _of(names: Any, *, none: bool = False) -> dict[str, Any]:
    values = [str(name) for name in names]
    return {"type": ["string", "null"], "enum": [*values, None]} if none else {"type": "string", "enum": values}


def _list(of: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(of)}


RULES: dict[str, dict[str, Any]] = {
    "site": {"description": "The site's public key."},
    "url": {"format": "uri", "maxLength": api.ADDRESS_LIMIT, "description": "The article as the reader sees it."},
    "page_url": {
        "maxLength": api.ADDRESS_LIMIT,
        "description": "Where it was read, if elsewhere: a page of a longer article, a list; one not of the site's is dropped.",
    },
    "several": {"enum": ["", "1"], "description": "1: read on a page of several articles that does not tell which."},
    "id": {"format": "uuid", "description": "Made by the sender; the same id is the same report."},
    "kind": {"enum": ["", *map(str, Kind)]},
    "remove": {
        "type": ["string", "integer", "boolean"],
        "enum": ["", "0", "1", 0, 1, False, True],
        "description": "1: the words in `exact` or `place` should go; then `suggestion` is empty or left out.",
    },
    "source_url": {"maxLength": api.ADDRESS_LIMIT, "description": "Where it can be checked."},
    "email": {"description": "Its presence asks for an answer."},
    "lang": {"description": "The language of the reader's page (BCP 47)."},
    "title": {"description": "The page's headline as the reader sees it."},
    "selection_sha256": {"description": "Of a selection that was cut."},
    "website": {"description": "Left empty by people."},
    **{name: {"maxLength": limit} for name, limit in api.TEXT_LIMITS.items()},
    **{name: {"description": f"Cut at {limit} characters."} for name, limit in api.QUOTE_LIMITS.items()},
    **{name: {"type": ["integer", "string"], "pattern": "^[0-9]{0,9}$"} for name in api.NUMBERS},
}
"""What each field of a report is, besides text."""

CASE: dict[str, Any] = {
    "number": NUMBER,
    "page": {"type": "string", "format": "uri"},
    "article": _object(url=TEXT, headline=TEXT, author=TEXT),
    "page_url": TEXT,
    "several": {"type": "boolean"},
    "state": _of(State),
    "resolution": _of(Resolution, none=True),
    "kind": _of(Kind),
    "quote": _ref("Quote"),
    "place": TEXT,
    "suggestion": TEXT,
    "remove": YES,
    "comment": TEXT,
    "readers": NUMBER,
    "fix_state": _of(FixState, none=True),
    "created_at": TIME,
    "updated_at": TIME,
    "decided_at": TIME,
}
SCHEMAS: dict[str, Any] = {
    "NewReport": {
        "type": "object",
        "properties": {name: {**TEXT, **RULES.get(name, {})} for name in api.FIELDS},
        "required": ["site", "url", "id"],
        "description": "One of exact, place and comment holds something visible; other fields are ignored.",
    },
    "Stored": _object(reference=TEXT, id=TEXT, status_url={"type": "string", "format": "uri"}, readers=NUMBER),
    "Problem": {
        **_object(type=TEXT, title=TEXT, status=NUMBER, detail=TEXT),
        "description": "RFC 9457; `errors` names each field that is wrong.",
    },
    "Quote": _object(exact=TEXT, prefix=TEXT, suffix=TEXT),
    "Case": _object(**CASE),
    "Report": _object(
        reference=TEXT,
        page_url=TEXT,
        quote=_ref("Quote"),
        place=TEXT,
        suggestion=TEXT,
        remove=YES,
        comment=TEXT,
        source_url=TEXT,
        created_at=TIME,
        withdrawn_at=TIME,
    ),
    "Correction": _object(**{"class": TEXT}, wrong=TEXT, right=TEXT, text=TEXT, published_at=TIME, retracted_at=TIME),
    "Noted": _object(articles=NUMBER),
    "Cases": _object(cases=_list("Case"), next={"type": ["string", "null"], "format": "uri"}),
    "WholeCase": _object(**CASE, reports=_list("Report"), corrections=_list("Correction")),
}
SCHEMAS["Problem"]["properties"]["errors"] = {"type": "array", "items": _object(field=TEXT, detail=TEXT)}


def _answer(description: str, schema: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _ref(schema)}}}


def _failures(*classes: type[errors.CorrectionsError]) -> dict[str, Any]:
    """The answers of these failures, by status; two of one status are told together."""
    found: dict[str, Any] = {}
    for one in classes:
        code, said = str(int(one.status)), (one.__doc__ or "").strip()
        told = found.setdefault(
            code, {"description": "", "content": {"application/problem+json": {"schema": _ref("Problem")}}}
        )
        told["description"] = f"{told['description']} {said}".strip()
        if issubclass(one, (errors.StorageBusy, errors.TooManyReports)):
            told["headers"] = {"Retry-After": {"schema": NUMBER, "description": "Seconds."}}
    return found


def _asks(name: str, schema: dict[str, Any], *, where: str = "query") -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


TOKEN = {"security": [{"token": [Scope.CASES_READ.value]}]}
REFUSED = _failures(errors.TokenNeeded, errors.NotPermitted)
BODY = {"schema": _ref("NewReport")}
BODY_TYPES = ("application/json", "application/x-www-form-urlencoded")
OPERATIONS: dict[str, dict[str, Any]] = {
    "api.create_report": {
        "requestBody": {
            "required": True,
            "content": dict.fromkeys(BODY_TYPES, BODY),
        },
        "responses": {
            "201": _answer("Stored.", "Stored"),
            "200": {
                **_answer("It was stored before.", "Stored"),
                "headers": {"Idempotency-Replayed": {"schema": _of(["true"])}},
            },
            **_failures(
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
            ),
        },
    },
    "api.preflight_report": {
        "responses": {"204": {"description": "It may."}, **_failures(errors.OriginNotAllowed)},
    },
    "programs.list_cases": {
        **TOKEN,
        "parameters": [
            _asks("view", {**_of(VIEWS), "default": "all"}),
            _asks("kind", _of(Kind)),
            _asks("q", {**TEXT, "description": "Words that a case holds, its number, or a report's reference."}),
            _asks("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}),
            _asks("cursor", {**TEXT, "description": "As it stands in `next`."}),
        ],
        "responses": {"200": _answer("A page.", "Cases"), **REFUSED, **_failures(errors.InvalidFields)},
    },
    "programs.show_case": {
        **TOKEN,
        "parameters": [_asks("number", NUMBER, where="path")],
        "responses": {"200": _answer("The case.", "WholeCase"), **REFUSED, **_failures(errors.NotFound)},
    },
    "programs.note_changes": {
        "security": [{"token": [Scope.ARTICLES_CHANGED.value]}],
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": {"type": "object"}} for kind in BODY_TYPES},
            "description": "The article's address in any field, at any depth.",
        },
        "responses": {
            "202": _answer("They are read soon, where a case asks for it.", "Noted"),
            **REFUSED,
            **_failures(errors.MalformedBody, errors.TooLarge, errors.UnsupportedMediaType, errors.InvalidFields),
        },
    },
    "programs.describe": {
        "responses": {
            "200": {"description": "This document.", "content": {"application/json": {"schema": {"type": "object"}}}}
        },
    },
}
"""What each address takes and answers."""
