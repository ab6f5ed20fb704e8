"""Shapes: what programs are told of a case, in the API's answers and by webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, PlainSerializer, WithJsonSchema
from sqlalchemy.orm import Session

from corrections_service.rules.changes import Kind
from corrections_service.rules.personal import mask
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import entries, promises
from corrections_service.store import models
from corrections_service.store.models import FixState

Number = Annotated[int, Field(ge=0)]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Time = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]

WORDS = ("place", "suggestion", "comment")


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


def said(source: models.Case | models.Report, *, may_go: bool) -> dict[str, Any]:
    """The words of the article that a reader marked, and where they may go, the reader's own, personal details masked."""
    quote = Quote(**asdict(source.quote))
    if not may_go:
        return {"quote": quote, **dict.fromkeys(WORDS, ""), "remove": False}
    return {
        "quote": quote,
        "place": mask(source.place),
        "suggestion": mask(source.suggestion, source.exact),
        "remove": source.remove,
        "comment": mask(source.comment),
    }


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


def cases_of(session: Session, cases: Sequence[models.Case], base_url: str) -> list[Case]:
    """Cases as they are told, in order: without the words of readers who were told that no program gets them."""
    reported = entries.first_reported(session, cases)
    return [
        _case(case, base_url, may_go=promises.may_reach(case.site, promises.PROGRAMS, reported[case.id]))
        for case in cases
    ]


def case_of(session: Session, case: models.Case, base_url: str) -> Case:
    """A case as it is told."""
    return cases_of(session, [case], base_url)[0]


def _case(case: models.Case, base_url: str, *, may_go: bool) -> Case:
    """A case with its readers' words or without; personal details in them are masked."""
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
        **said(case, may_go=may_go),
        readers=case.readers,
        fix_state=case.fix_state,
        created_at=case.created_at,
        updated_at=case.updated_at,
        decided_at=case.decided_at,
    )
