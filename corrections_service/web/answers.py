"""What the API answers: the shapes that are sent, and that its description gives."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from corrections_service.rules.changes import Kind
from corrections_service.rules.personal import mask
from corrections_service.rules.references import reference_of
from corrections_service.rules.workflow import NoticeClass, Resolution, State
from corrections_service.store import models
from corrections_service.store.models import FixState

Number = Annotated[int, Field(ge=0)]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Time = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Stored(BaseModel):
    """A report that is stored."""

    reference: str
    id: str
    status_url: Address
    readers: Number


class Wrong(BaseModel):
    """A field that is wrong, and why."""

    field: str
    detail: str


class Problem(BaseModel):
    """RFC 9457; `errors` names each field that is wrong."""

    type: str
    title: str
    status: Number
    detail: str
    errors: list[Wrong] = []


class Quote(BaseModel):
    """The words in their article."""

    exact: str
    prefix: str
    suffix: str


class Article(BaseModel):
    """An article as it was last read."""

    url: str
    headline: str
    author: str


class Case(BaseModel):
    """One error in one article."""

    number: Number
    page: Address
    article: Article
    page_url: str
    several: bool
    state: State
    resolution: Resolution | None
    kind: Kind
    quote: Quote
    place: str
    suggestion: str
    remove: bool
    comment: str
    readers: Number
    fix_state: FixState | None
    created_at: Time
    updated_at: Time
    decided_at: Time | None


class Report(BaseModel):
    """What one reader sent; no reader's address is told."""

    reference: str
    page_url: str
    quote: Quote
    place: str
    suggestion: str
    remove: bool
    comment: str
    source_url: str
    created_at: Time
    withdrawn_at: Time | None


class Correction(BaseModel):
    """A public notice."""

    notice_class: NoticeClass = Field(serialization_alias="class")
    wrong: str
    right: str
    text: str
    published_at: Time | None
    retracted_at: Time | None


class Cases(BaseModel):
    """A page of cases, newest first; `next` is the address of the page after it."""

    cases: list[Case]
    next: Address | None


class WholeCase(Case):
    """A case with its reports and its public notices."""

    reports: list[Report]
    corrections: list[Correction]


class Description(BaseModel):
    """This document."""

    model_config = ConfigDict(extra="allow")

    openapi: str
    paths: dict[str, Any]


class Noted(BaseModel):
    """How many articles are read again soon, as a case asks for it."""

    articles: Number


def case_of(case: models.Case, base_url: str) -> Case:
    """A case as it is told: personal details in readers' words are masked."""
    article = Article(url=case.article.url, headline=case.article.headline, author=case.article.author)
    return Case(
        number=case.id,
        page=f"{base_url}/cases/{case.id}",
        article=article,
        page_url=case.page_url,
        several=case.several,
        state=case.state,
        resolution=case.resolution,
        kind=case.kind,
        quote=Quote(**asdict(case.quote)),
        place=mask(case.place),
        suggestion=mask(case.suggestion, case.exact),
        remove=case.remove,
        comment=mask(case.comment),
        readers=case.readers,
        fix_state=case.fix_state,
        created_at=case.created_at,
        updated_at=case.updated_at,
        decided_at=case.decided_at,
    )


def whole_case_of(case: models.Case, base_url: str) -> WholeCase:
    """A case as it is told with its reports and those of its notices that are public."""
    return WholeCase(
        **dict(case_of(case, base_url)),
        reports=[_report(report) for report in case.reports],
        corrections=[_correction(correction) for correction in case.corrections if correction.published_at is not None],
    )


def _report(report: models.Report) -> Report:
    return Report(
        reference=reference_of(report.id),
        page_url=report.page_url,
        quote=Quote(**asdict(report.quote)),
        place=mask(report.place),
        suggestion=mask(report.suggestion, report.exact),
        remove=report.remove,
        comment=mask(report.comment),
        source_url=report.source_url,
        created_at=report.created_at,
        withdrawn_at=report.withdrawn_at,
    )


def _correction(notice: models.Correction) -> Correction:
    return Correction.model_validate(notice, from_attributes=True)


def as_json(answer: BaseModel, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """The answer as JSON."""
    return Response(json_of(answer), status, mimetype="application/json")


def json_of(answer: BaseModel) -> bytes:
    """The answer as it is sent."""
    return answer.model_dump_json(by_alias=True, exclude_defaults=True).encode()
