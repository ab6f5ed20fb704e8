"""Shapes: what programs are told of a case, in the API's answers and by webhooks."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, PlainSerializer, WithJsonSchema

from corrections_service.rules.changes import Kind
from corrections_service.rules.personal import mask
from corrections_service.rules.workflow import Resolution, State
from corrections_service.store import models
from corrections_service.store.models import FixState

Number = Annotated[int, Field(ge=0)]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Time = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


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
