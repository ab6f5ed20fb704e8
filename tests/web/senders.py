"""What a page sends as a report, and what became of it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from corrections_service.store.database import Database
from corrections_service.store.models import Report, Site

ORIGIN = "https://news.example"
TEXTS = ("exact", "prefix", "suffix", "place", "suggestion", "comment", "title")
FORM = "application/x-www-form-urlencoded"
HOSTILE = Path(__file__).resolve().parents[2] / "../shared/data/hostile"


def fields(site: Site, **changes: Any) -> dict[str, Any]:
    """A good report, with changes; None leaves a field out."""
    good: dict[str, Any] = {
        "site": site.key,
        "url": f"{ORIGIN}/articles/bridge?utm_source=mail#top",
        "id": str(uuid.uuid4()),
        "exact": "was opend in 1987",
        "prefix": "The bridge across the harbour ",
        "suffix": " by the king, who stayed for lunch.",
        "suggestion": "was opened in 1987",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def send(client: FlaskClient, values: Any, origin: str | None = ORIGIN, **options: Any) -> TestResponse:
    """Post a report as JSON from a page of this origin."""
    headers = {"Origin": origin} if origin is not None else {}
    return client.post("/api/v1/reports", json=values, headers=headers, **options)


def raw(client: FlaskClient, body: bytes, kind: str = "application/json", **headers: str) -> TestResponse:
    """Post these bytes."""
    return client.post("/api/v1/reports", data=body, content_type=kind, headers={"Origin": ORIGIN, **headers})


def count(db: Database) -> int:
    """How many reports are stored."""
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def named(answer: TestResponse) -> list[str]:
    """The fields that an answer calls wrong."""
    return [one["field"] for one in (answer.json or {}).get("errors", [])]


def only(db: Database) -> Report:
    """The one report that is stored."""
    with db.read() as session:
        return session.scalars(select(Report)).one()
