"""A report is answered on the event loop or in a thread, and nobody can tell which: the same answer, stored all the same."""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Iterator

import pytest

from corrections_service.web.arrivals import SHORT_BYTES
from tests.running import ORIGIN, Service, running_service

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
