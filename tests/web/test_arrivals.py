"""A report is answered on the event loop or in a thread, and nobody can tell which: the same answer, stored all the same."""

from __future__ import annotations

import asyncio
import gc
import http.client
import io
import json
import uuid
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import create_environ

from corrections_service.rules.catalogue import catalogue_in
from corrections_service.settings import Settings
from corrections_service.store.models import Case
from corrections_service.web.arrivals import SHORT_BYTES, TAKEN_APART
from corrections_service.whole_requests import WholeRequests
from tests.running import ORIGIN, Service, running_service
from tests.services.newsroom import BRIDGE, Newsroom

Said = tuple[int, list[tuple[str, str]], dict[str, object]]

OWN = {"id", "reference", "status_url", "instance"}
"""What is each report's own."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service as it is served."""
    with running_service(tmp_path_factory.mktemp("arrivals")) as started:
        started.init()
        started.start()
        assert started.post()[0] == 201
        yield started


class Sent(io.BytesIO):
    """What was sent, which can be watched until it is gone."""


def environ_of(app: Flask, body: Sent, **more: str) -> dict[str, Any]:
    """A request with this body as the event loop makes it."""
    app_url = f"http://{app.config['SERVER_NAME']}"
    environ = create_environ(
        "/api/v1/reports", app_url, method="POST", input_stream=body, content_length=len(body.getvalue())
    )
    return {**environ, "CONTENT_TYPE": "application/json", "HTTP_ORIGIN": ORIGIN, **more}


def said_to(app: Flask, environ: dict[str, Any]) -> tuple[str, bytes]:
    """The status that a thread answers, and what it says."""
    statuses: list[str] = []
    body = b"".join(app.wsgi_app(environ, lambda status, *_rest: statuses.append(status)))  # type: ignore[arg-type, func-returns-value]
    return statuses[0][:3], body


@pytest.mark.parametrize(
    ("fields", "more", "status"),
    [
        ({"url": "nowhere"}, {}, "422"),
        ({"site": "unknown"}, {}, "403"),
        ({}, {"HTTP_ORIGIN": "https://other.example"}, "403"),
        ({}, {"CONTENT_TYPE": "text/plain"}, "415"),
        ({"comment": "x" * 70_000}, {}, "413"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_nothing_of_what_was_refused_stays_until_the_garbage_collector_comes(
    app: Flask, newsroom: Newsroom, fields: dict[str, str], more: dict[str, str], status: str, *, at_once: bool
) -> None:
    """Which comes seldom: a few hundred bodies would fill a small machine."""
    report = {"site": newsroom.site.key, "url": "https://news.example/a", "comment": "It is wrong.", **fields}
    gc.collect()
    gc.disable()
    try:
        for _ in range(2):  # by the second time the site is known
            body = Sent(json.dumps(report).encode())
            gone, environ = weakref.ref(body), environ_of(app, body, **more)
            if at_once:
                assert asyncio.run(app.extensions["arrivals"].without_thread(environ)) is None
            assert said_to(app, environ)[0] == status
            del body, environ
        assert gone() is None
    finally:
        gc.enable()


def test_a_report_whose_set_failed_is_stored_by_itself_in_a_thread(app: Flask, newsroom: Newsroom) -> None:
    """PostgreSQL: somebody holds its case for longer than a set waits."""
    if newsroom.db.is_sqlite:
        pytest.skip("on SQLite a set is taken apart by its writer")
    case = newsroom.case_of(newsroom.send())
    known = {"site": newsroom.site.key, "url": "https://news.example/bridge"}
    report = {**BRIDGE, **known, "id": str(uuid.uuid4())}
    other = {**report, "comment": "It is otherwise.", "lang": "de"}
    first, second = (environ_of(app, Sent(json.dumps(fields).encode())) for fields in (report, other))
    with newsroom.db.write() as session:
        session.scalars(select(Case).where(Case.id == case).with_for_update()).one()
        for environ in (first, second):
            said_to(app, environ_of(app, Sent(json.dumps(known).encode())))  # so that the site is known
            assert asyncio.run(app.extensions["arrivals"].without_thread(environ)) is None
            assert TAKEN_APART in environ
    assert said_to(app, first)[0] == "201"
    status, body = said_to(app, second)
    assert (status, json.loads(body)["detail"]) == ("422", catalogue_in("de")("pages.error_id_reused"))
    with newsroom.db.read() as session:
        assert session.get_one(Case, case).readers == 2


class Chunks:
    """A body without a length, in the chunks that it comes in, and what was answered to it."""

    def __init__(self, body: bytes) -> None:
        self.chunks = iter([body[at : at + 1000] for at in range(0, len(body), 1000)])
        self.status = 0

    def __aiter__(self) -> Chunks:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self.chunks:
            return chunk
        raise StopAsyncIteration

    def response_bytes(self, status: int, _headers: object, _body: bytes) -> None:
        """Called with the answer, as the server's own protocol is."""
        self.status = status


@dataclass
class Head:
    """The head of a request that tells no length, as the server hands it over."""

    headers: dict[str, str]
    authority: str
    method: str = "POST"
    path: str = "/api/v1/reports"
    query_string: str = ""
    http_version: str = "1.1"
    scheme: str = "http"
    client: str = "192.0.2.1:4000"
    server: str = "127.0.0.1:80"


@pytest.mark.parametrize(
    ("url", "spaces", "status", "with_thread"),
    [
        ("https://news.example/a", 0, 201, False),
        ("https://news.example/a", SHORT_BYTES // 2, 201, False),
        ("https://news.example/a", SHORT_BYTES, 201, True),
        ("https://news.example/a", 64 * 1024, 413, True),
        ("https://news.example/a", 1024 * 1024, 413, True),
        ("nowhere", 0, 422, True),
    ],
    ids=["short", "in several chunks", "long", "too large", "far too large", "wrong"],
)
def test_a_body_that_tells_no_length_is_judged_by_what_came(
    app: Flask,
    newsroom: Newsroom,
    database_settings: Settings,
    url: str,
    spaces: int,
    status: int,
    *,
    with_thread: bool,
) -> None:
    """A short report is answered on the event loop, and whatever is long, or refused, by a thread, as with a length."""
    by_thread: list[str] = []

    def application(environ: dict[str, Any], start: Any) -> Any:
        by_thread.append(environ["PATH_INFO"])
        return app.wsgi_app(environ, start)

    requests = WholeRequests(
        application, database_settings, lambda _reason, _block: None, app.extensions["arrivals"].without_thread
    )
    headers = {"content-type": "application/json", "origin": ORIGIN, "transfer-encoding": "chunked"}
    report = {"site": newsroom.site.key, "url": url, "comment": "It is wrong.", "id": str(uuid.uuid4())}
    said_to(app, environ_of(app, Sent(json.dumps({**report, "id": ""}).encode())))  # so that the site is known
    sent = Chunks(json.dumps(report).encode() + b" " * spaces)
    asyncio.run(requests.__rsgi__(Head(headers, app.config["SERVER_NAME"]), sent))
    assert (sent.status, bool(by_thread)) == (status, with_thread)


def answers(service: Service, fields: dict[str, object], origin: str = ORIGIN) -> list[Said]:
    """What is answered to the same report three times each: short, so that no thread is needed, and long."""
    return [
        answer(service, {**fields, **({} if "id" in fields else {"id": str(uuid.uuid4())})}, origin, padding)
        for padding in (0, SHORT_BYTES)
        for _ in range(3)  # the site is looked up once a second, by a thread
    ]


def answer(service: Service, fields: dict[str, object], origin: str, padding: int) -> Said:
    """What is answered to a report in JSON with so many spaces."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    body = json.dumps(fields).encode() + b" " * padding
    connection.request("POST", "/api/v1/reports", body, {"Content-Type": "application/json", "Origin": origin})
    response = connection.getresponse()
    values = {name: value for name, value in json.loads(response.read()).items() if name not in OWN}
    heads = sorted((name.lower(), value) for name, value in response.getheaders() if name.lower() != "date")
    connection.close()
    return response.status, heads, values


@pytest.mark.parametrize(
    ("changes", "origin", "status"),
    [
        ({}, ORIGIN, 201),
        ({"id": str(uuid.uuid4())}, ORIGIN, 200),
        ({"url": "nowhere"}, ORIGIN, 422),
        ({"site": "unknown"}, ORIGIN, 403),
        ({"site": 7}, ORIGIN, 422),
        ({}, "https://other.example", 403),
    ],
)
def test_with_or_without_a_thread_the_answer_is_the_same(
    service: Service, changes: dict[str, object], origin: str, status: int
) -> None:
    fields = {**service.report(), **changes}
    if "id" not in changes:
        fields.pop("id", None)
    said = answers(service, fields, origin)
    if status == 200:
        assert said.pop(0)[0] == 201
    assert [one[0] for one in said] == [status] * len(said)
    first = said[0]
    for other in said[1:]:
        assert {**other[2], "readers": 0} == {**first[2], "readers": 0}
        assert [head for head in other[1] if head[0] != "content-length"] == [
            head for head in first[1] if head[0] != "content-length"
        ]
