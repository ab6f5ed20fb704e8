"""What the API answers: the shapes that are sent, and that its description gives."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from corrections_service.rules.references import reference_of
from corrections_service.rules.workflow import NoticeClass
from corrections_service.services import promises
from corrections_service.services.shapes import Address, Case, Number, Quote, Time, case_of, said
from corrections_service.store import models


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


def whole_case_of(session: Session, case: models.Case, base_url: str) -> WholeCase:
    """A case as it is told with its reports and those of its notices that are public."""
    return WholeCase(
        **dict(case_of(session, case, base_url)),
        reports=[_report(report) for report in case.reports],
        corrections=[_correction(correction) for correction in case.corrections if correction.published_at is not None],
    )


def _report(report: models.Report) -> Report:
    may_go = promises.may_go(report, promises.PROGRAMS)
    return Report(
        reference=reference_of(report.id),
        page_url=report.page_url,
        **said(report, may_go=may_go),
        source_url=report.source_url if may_go else "",
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
