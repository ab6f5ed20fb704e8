"""The API for programs that have a token: cases to read, articles that changed; and what the whole API is, for programs to read."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)

from corrections_service import errors
from corrections_service.rules import urls
from corrections_service.rules.changes import Kind
from corrections_service.rules.fields import one_of, wrong
from corrections_service.services import articles, looks
from corrections_service.services.shapes import cases_of
from corrections_service.store import queue, search, words
from corrections_service.store.models import Case, Scope, Site
from corrections_service.web import answers, forms
from corrections_service.web.access import allows, program, public, read, settings, write
from corrections_service.web.openapi import Answer, described, document

bp = Blueprint("programs", __name__)

VIEWS = tuple(view for view in queue.VIEWS if view != "mine")
LIMIT, MOST = 50, 200


def _limit(value: str) -> int:
    if value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= MOST:
        return int(value)
    raise ValueError(f"A number from 1 to {MOST}.")


def _few_words(q: str) -> str:
    """A query of which every word is looked for."""
    if len(q) > forms.LONGEST_SEARCH:
        raise ValueError(errors.too_long(len(q), forms.LONGEST_SEARCH))
    if (count := len(words.words_of(q))) > search.MOST_WORDS:
        raise ValueError(f"At most {search.MOST_WORDS} different words; these are {count}.")
    return q


class Asked(BaseModel):
    """Which cases a query asks for; what is empty is left out."""

    view: Annotated[str, BeforeValidator(one_of(VIEWS)), WithJsonSchema({"type": "string", "enum": ["", *VIEWS]})] = (
        "all"
    )
    kind: Annotated[
        Kind | None, BeforeValidator(one_of(Kind)), WithJsonSchema({"type": "string", "enum": ["", *map(str, Kind)]})
    ] = None
    q: Annotated[
        str,
        AfterValidator(_few_words),
        Field(
            description=f"At most {search.MOST_WORDS} words, in {forms.LONGEST_SEARCH} characters, that a case holds; "
            "its number, or a report's reference."
        ),
    ] = ""
    limit: Annotated[
        int,
        BeforeValidator(_limit),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST}, {"const": ""}]}),
    ] = LIMIT
    cursor: Annotated[str, Field(description="As it stands in `next`; any other begins at the top.")] = ""


class Changed(BaseModel):
    """The article's address in any field, at any depth."""

    model_config = ConfigDict(extra="allow")


@bp.get("/api/v1/cases")
@allows(Scope.CASES_READ)
@described({HTTPStatus.OK: Answer("A page.", answers.Cases)}, [errors.InvalidFields], asks=Asked)
def list_cases() -> Response:
    """The cases of the token's site, newest first, a page at a time; `next` is where the following page is."""
    query, base_url = _asked().model_dump(), settings().base_url
    page = queue.cases_page(read(), [program().site_id], **query)
    following = None
    if page.next_cursor:
        filters = {name: str(value) for name, value in query.items() if value}
        following = f"{base_url}/api/v1/cases?{urlencode({**filters, 'cursor': page.next_cursor})}"
    return answers.as_json(answers.Cases(cases=cases_of(read(), page.cases, base_url), next=following))


@bp.get("/api/v1/cases/<int:number>")
@allows(Scope.CASES_READ)
@described({HTTPStatus.OK: Answer("The case.", answers.WholeCase)}, [errors.NotFound])
def show_case(number: int) -> Response:
    """One case of the token's site with its reports and its public notices; no reader's address is told."""
    case = read().get(Case, number)
    if case is None or case.site_id != program().site_id:
        raise errors.NotFound()
    return answers.as_json(answers.whole_case_of(read(), case, settings().base_url))


@bp.post("/api/v1/articles/changed")
@allows(Scope.ARTICLES_CHANGED)
@described(
    {HTTPStatus.ACCEPTED: Answer("They are read soon, where a case asks for it.", answers.Noted)},
    [errors.MalformedBody, errors.TooLarge, errors.UnsupportedMediaType, errors.InvalidFields],
    takes=Changed,
)
def note_changes() -> Response:
    """Read articles again that were changed just now: those of the token's site whose addresses the body holds."""
    values, site = _sent(), program().site
    with write() as session:
        article_ids = {articles.at(session, site, address) for address in _addresses(values, site)}
        outcomes = [
            looks.article_changed(session, article_id)
            for article_id in sorted(article_id for article_id in article_ids if article_id is not None)
        ]
    return answers.as_json(answers.Noted(articles=sum(outcomes)), HTTPStatus.ACCEPTED)


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
    addresses: set[str] = set()
    rest = [values]
    while rest and len(addresses) < MOST:
        value = rest.pop()
        if isinstance(value, dict | list):
            rest += value.values() if isinstance(value, dict) else value
        elif isinstance(value, str) and urls.belongs_to(value, site.origins):
            addresses.add(urls.canonical(value, site.policy.get("query_parameters")))
    if not addresses:
        raise errors.InvalidFields({"url": "Give the address of an article of this site."})
    return addresses


@bp.get("/api/v1/openapi.json")
@public
@described({HTTPStatus.OK: Answer("This document.", answers.Description)})
def describe() -> Response:
    """What this API takes and answers, for programs (OpenAPI 3.1)."""
    return jsonify(document())


def _asked() -> Asked:
    """What the query asks for. Raises InvalidFields."""
    try:
        return Asked.model_validate({name: value for name, value in request.args.items() if value})
    except ValidationError as error:
        raise wrong(error) from None
