"""The API's description (OpenAPI 3.1), made of the shapes that are read and sent, and of what each view says of itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from flask import current_app
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from werkzeug.routing import Rule

from corrections_service import __version__, errors
from corrections_service.store.models import Scope
from corrections_service.web import answers
from corrections_service.web.access import settings

View = TypeVar("View", bound=Callable[..., Any])
Failure = type[errors.CorrectionsError]

NUMBER = {"type": "integer", "minimum": 0}
REFS = "#/components/schemas/"


@dataclass(frozen=True)
class Answer:
    """One way in which a view answers: what that means, what it sends, and under which headers."""

    means: str
    shape: type[BaseModel] | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """What a view takes in its body and its query, what it answers, and how it fails."""

    answers: Mapping[HTTPStatus, Answer]
    failures: Collection[Failure] = ()
    takes: type[BaseModel] | None = None
    asks: type[BaseModel] | None = None


class _Plain(GenerateJsonSchema):
    """Schemas without what says nothing: titles that repeat the names, defaults that are empty."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        result = super().default_schema(schema)
        return {name: value for name, value in result.items() if name != "default" or value}


def described(
    answers: Mapping[HTTPStatus, Answer],
    failures: Collection[Failure] = (),
    *,
    takes: type[BaseModel] | None = None,
    asks: type[BaseModel] | None = None,
) -> Callable[[View], View]:
    """Say of a view under /api/ what it takes and answers."""

    def describe(view: View) -> View:
        view.operation = Operation(answers, failures, takes, asks)  # type: ignore[attr-defined]
        return view

    return describe


def document() -> dict[str, Any]:
    """Every address under /api/ with what it takes and answers."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    views: list[tuple[Rule, Any]] = [(rule, current_app.view_functions[rule.endpoint]) for rule in rules]
    schemas = _schemas(view.operation for _, view in views)
    paths: dict[str, dict[str, Any]] = {}
    for rule, view in views:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"} or {"OPTIONS"}:
            paths.setdefault(path, {})[method.lower()] = _operation(rule, view, schemas)
    query_shapes = {view.operation.asks.__name__ for _, view in views if view.operation.asks}
    return {
        "openapi": "3.1.0",
        "info": {"title": "corrections-service", "version": __version__},
        "servers": [{"url": settings().base_url}],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in query_shapes},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(operations: Iterator[Operation]) -> dict[str, Any]:
    """The schemas of all that is read and sent, by their names."""
    inputs: set[type[BaseModel]] = set()
    outputs: set[type[BaseModel]] = {answers.Problem}
    for operation in operations:
        inputs |= {shape for shape in (operation.takes, operation.asks) if shape}
        outputs |= {answer.shape for answer in operation.answers.values() if answer.shape}
    shapes = [(shape, "validation") for shape in inputs] + [(shape, "serialization") for shape in outputs]
    ordered = sorted(shapes, key=lambda pair: pair[0].__name__)
    _, definitions = models_json_schema(ordered, ref_template=f"{REFS}{{model}}", schema_generator=_Plain)  # type: ignore[arg-type]
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas


def _operation(rule: Rule, view: Any, schemas: Mapping[str, Any]) -> dict[str, Any]:
    operation: Operation = view.operation
    failures = list(operation.failures)
    description: dict[str, Any] = {"summary": " ".join((view.__doc__ or "").split())}
    if isinstance(view.access, Scope):
        description["security"] = [{"token": [view.access.value]}]
        failures += [errors.TokenNeeded, errors.NotPermitted]
    parameters = [_parameter(name, NUMBER, "path") for name in sorted(rule.arguments)]
    if operation.asks:
        properties = schemas[operation.asks.__name__]["properties"]
        parameters += [_parameter(name, schema, "query") for name, schema in properties.items()]
    if parameters:
        description["parameters"] = parameters
    if operation.takes:
        name = operation.takes.__name__
        bodies = {"application/json": {"$ref": REFS + name}, "application/x-www-form-urlencoded": _form(schemas[name])}
        content = {kind: {"schema": schema} for kind, schema in bodies.items()}
        description["requestBody"] = {"required": True, "content": content}
    responses = {str(int(status)): _answer(answer) for status, answer in operation.answers.items()}
    description["responses"] = {**responses, **_failures(failures)}
    return description


def _form(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields as texts, which is all that a form holds."""
    fields = {name: {**field, "type": "string"} for name, field in schema["properties"].items()}
    for property_schema in fields.values():
        if "enum" in property_schema:
            property_schema["enum"] = [value for value in property_schema["enum"] if isinstance(value, str)]
    return {**schema, "properties": fields}


def _parameter(name: str, schema: Any, where: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


def _answer(answer: Answer) -> dict[str, Any]:
    description: dict[str, Any] = {"description": answer.means}
    if answer.headers:
        description["headers"] = {name: {"schema": schema} for name, schema in answer.headers.items()}
    if answer.shape:
        description["content"] = {"application/json": {"schema": {"$ref": REFS + answer.shape.__name__}}}
    return description


def _failures(classes: Collection[Failure]) -> dict[str, Any]:
    """The answers of these failures, by status; two of one status are told together."""
    responses: dict[str, Any] = {}
    content = {"application/problem+json": {"schema": {"$ref": REFS + "Problem"}}}
    for failure in classes:
        response = responses.setdefault(str(int(failure.status)), {"description": "", "content": content})
        response["description"] = f"{response['description']} {(failure.__doc__ or '').strip()}".strip()
        if issubclass(failure, errors.StorageBusy | errors.TooManyReports):
            response["headers"] = {"Retry-After": {"schema": NUMBER, "description": "Seconds."}}
    return responses
