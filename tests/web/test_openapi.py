"""Whatever is sent to the API, it answers as it says of itself: to data that are right and to others (schemathesis)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import Config, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from corrections_service.rules import text
from corrections_service.services import tokens
from corrections_service.settings import Settings
from corrections_service.store.models import Scope
from tests.services.newsroom import Newsroom

OWN = ["https://news.example/bridge", "https://news.example/a/b?id=7"]
CONFORM = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    negative_data_rejection,
    positive_data_acceptance,
]
EXAMPLES = settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""Of each operation, the same ones each time; so few that a slow machine is done in seconds."""


@pytest.fixture
def database_settings(sqlite_settings: Settings) -> Settings:
    """SQLite will do: what is stored is not what this is about."""
    return sqlite_settings


@pytest.fixture
def headers(newsroom: Newsroom) -> dict[str, str]:
    """What lets a page send reports and a program do all."""
    with newsroom.db.write() as session:
        secret = tokens.add(session, "program", site=newsroom.site, scopes=list(Scope))
    return {"Origin": "https://news.example", "Authorization": f"Bearer {secret}"}


@pytest.fixture
def document(app: Flask, newsroom: Newsroom) -> Any:
    """What the API says of itself, where texts that no schema can tell right from wrong are this newsroom's."""
    found = app.test_client().get("/api/v1/openapi.json").get_json()
    newsroom.send()
    narrowed: dict[str, dict[str, list[str]]] = {
        "/api/v1/reports": {"site": [newsroom.site.key], "url": OWN},
        "/api/v1/articles/changed": {"url": OWN},
    }
    for path, values in narrowed.items():
        for content in found["paths"][path]["post"]["requestBody"]["content"].values():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            schema = found["components"]["schemas"].get(name, content["schema"])
            schema["properties"] |= {name: {"type": "string", "enum": few} for name, few in values.items()}
            schema["required"] = sorted({*schema.get("required", []), "url"})
    return found


def operations(document: Any, app: Flask, mode: GenerationMode) -> Iterator[Any]:
    """What can be done at each address, with the access that it needs; what takes nothing cannot be asked wrongly."""
    config = Config.from_dict({"generation": {"with-security-parameters": False, "allow-extra-parameters": False}})
    schema: Any = schemathesis.openapi.from_dict(document, config=config)
    schema.app = app
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.POSITIVE or any(True for _ in operation.iter_parameters()) or operation.body:
            yield operation


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_it_is_described(
    app: Flask, document: Any, headers: dict[str, str], mode: GenerationMode
) -> None:
    """Nothing breaks, what is right is taken, what is wrong is refused: with the statuses, headers and shapes told."""
    seen: dict[str, set[int]] = {}

    def ask(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            make_sense(case)
        elif isinstance(case.body, dict):  # what is too long only until it is cleaned is taken
            said = [value for value in case.body.values() if isinstance(value, str)]
            assume(said == [text.clean(value).strip() for value in said])
        answer = case.call_and_validate("http://corrections.example", headers=headers, checks=CONFORM)
        seen.setdefault(case.operation.label, set()).add(answer.status_code)

    for operation in operations(document, app, mode):
        EXAMPLES(given(operation.as_strategy(generation_mode=mode))(ask))()
    taken = {label for label, statuses in seen.items() if min(statuses) < 300}
    if mode is GenerationMode.POSITIVE:
        assert {"POST /api/v1/reports", "GET /api/v1/cases", "POST /api/v1/articles/changed"} <= taken
    else:
        assert taken == set()


def make_sense(case: Any) -> None:
    """Let a report be one that no rule over its fields refuses; write whole numbers in an address as people do."""
    if case.query:
        case.query = {name: int(value) if isinstance(value, float) else value for name, value in case.query.items()}
    if isinstance(case.body, dict) and "id" in case.body:
        said = {"comment": "The year is wrong.", "email": "ann@example.org", "source_url": "archive.example/1978"}
        if case.body.get("remove") in ("1", 1):
            said |= {"suggestion": "", "place": "over the the lazy dog"}
        case.body |= {**said, "id": str(uuid.uuid4())}
