"""POST /api/v1/reports as the contract says (THREATS A and B)."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from corrections_service.rules.references import number_of
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Site
from tests.web.senders import FORM, HOSTILE, ORIGIN, count, fields, only, raw, send


def test_a_report_is_stored_and_answered_with_its_reference(client: FlaskClient, site: Site, db: Database) -> None:
    """A09: and no cookie is set."""
    answer = send(client, fields(site))
    assert answer.status_code == 201
    assert set(answer.json or {}) == {"reference", "id", "status_url", "readers"}
    report = only(db)
    assert number_of(answer.json["reference"]) == report.id  # type: ignore[index]
    assert (report.exact, report.url) == ("was opend in 1987", f"{ORIGIN}/articles/bridge")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "post", "Post"])
@pytest.mark.parametrize("path", ["/api/v1/reports", "//api/v1/reports", "///api/v1/reports", "api/v1/reports"])
def test_a_report_arrives_however_its_method_and_the_slashes_ahead_are_written(
    client: FlaskClient, site: Site, db: Database, path: str, method: str
) -> None:
    """Kind: a way of writing a request that reaches the same page, and another that refuses."""
    written = {"REQUEST_METHOD": method, "PATH_INFO": path}
    answer = send(client, fields(site), environ_overrides=written)
    assert (answer.status_code, count(db)) == (201, 1)
    answer = send(client, {"site": "nobody"}, environ_overrides=written)
    assert (answer.status_code, count(db)) == (403, 1)


def test_a_form_is_as_good_as_json(client: FlaskClient, site: Site, db: Database) -> None:
    answer = client.post("/api/v1/reports", data=fields(site), headers={"Origin": ORIGIN})
    assert answer.status_code == 201
    assert count(db) == 1


def test_the_same_again_is_the_same_report(client: FlaskClient, site: Site, db: Database) -> None:
    values = fields(site)
    first, second = send(client, values), send(client, values | {"elapsed_ms": 99})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.json == second.json
    assert count(db) == 1


def test_the_same_id_with_other_content_is_refused(client: FlaskClient, site: Site, db: Database) -> None:
    values = fields(site)
    send(client, values)
    answer = send(client, values | {"suggestion": "something else"})
    assert answer.status_code == 422
    assert only(db).suggestion == "was opened in 1987"


def test_readers_of_the_same_error_are_counted_in_one_case(client: FlaskClient, site: Site, db: Database) -> None:
    networks = [{"REMOTE_ADDR": f"192.0.{number}.1"} for number in range(3)]
    readers = [send(client, fields(site), environ_base=one).json["readers"] for one in networks]  # type: ignore[index]
    assert readers == [1, 2, 3]
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


@pytest.mark.parametrize(
    "origin",
    [
        "https://evilnews.example",
        "https://news.example.evil.test",
        "https://news.example:8443",
        "http://news.example",
        "https://news.example.",
        "https://nеws.example",
        "https://news.example@evil.test",
        "null",
        None,
        "https://news.example https://other.example",
        "https://" + "a" * 4096,
    ],
)
def test_other_origins_are_refused_alike(client: FlaskClient, site: Site, db: Database, origin: str | None) -> None:
    """A02, A03, A04, A05, A07: whatever the reason, the same 403, and no origin is let read it."""
    sent = origin.encode().decode("latin-1") if origin else origin
    answer = send(client, fields(site), origin=sent)
    unknown = send(client, {**fields(site), "site": "unknown"})
    assert answer.status_code == unknown.status_code == 403
    assert answer.get_data() == unknown.get_data()
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert count(db) == 0


def test_an_origin_is_compared_in_lower_case(client: FlaskClient, site: Site) -> None:
    """A02: case is the one thing that does not count."""
    assert send(client, fields(site), origin="HTTPS://NEWS.EXAMPLE").status_code == 201


def test_a_preflight_is_answered_for_a_known_origin_only(client: FlaskClient, site: Site) -> None:
    """A01."""
    allowed = client.options("/api/v1/reports", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"})
    assert (allowed.status_code, allowed.headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
    assert "Origin" in allowed.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    other = client.options("/api/v1/reports", headers={"Origin": "https://evil.test"})
    assert other.status_code == 403
    assert "Access-Control-Allow-Origin" not in other.headers


def test_an_address_of_another_site_is_named(client: FlaskClient, site: Site, db: Database) -> None:
    """A06."""
    answer = send(client, fields(site, url="https://evil.test/articles/bridge"))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json["errors"]] == ["url"]  # type: ignore[index]
    assert count(db) == 0


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json;x=",
        "application/evil+json",
        "application/json; charset=utf-16",
    ],
)
def test_other_content_types_are_refused(client: FlaskClient, site: Site, kind: str) -> None:
    """A08, B03."""
    assert raw(client, json.dumps(fields(site)).encode(), kind).status_code == 415


def test_no_content_type_is_refused(client: FlaskClient, site: Site) -> None:
    """A08."""
    assert client.post("/api/v1/reports", data=b"{}", headers={"Origin": ORIGIN}).status_code == 415


def test_a_packed_body_is_refused(client: FlaskClient, site: Site) -> None:
    """B08: nothing is unpacked."""
    assert raw(client, b"\x1f\x8b", **{"Content-Encoding": "gzip"}).status_code == 415


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "trace"])
def test_other_methods_are_refused(client: FlaskClient, method: str) -> None:
    """A10, A14."""
    assert client.open("/api/v1/reports", method=method.upper()).status_code == 405


def test_a_method_in_the_form_or_a_header_is_ignored(client: FlaskClient, site: Site, db: Database) -> None:
    """A10."""
    answer = client.post(
        "/api/v1/reports",
        data=fields(site, _method="DELETE"),
        headers={"Origin": ORIGIN, "X-HTTP-Method-Override": "DELETE"},
    )
    assert answer.status_code == 201


def test_the_query_is_ignored(client: FlaskClient, site: Site) -> None:
    """A15."""
    answer = client.post("/api/v1/reports?site=other&exact=x", json=fields(site), headers={"Origin": ORIGIN})
    assert answer.status_code == 201


def test_unknown_fields_are_ignored(client: FlaskClient, site: Site, db: Database) -> None:
    """A16: and never stored."""
    extra = {"status": "closed", "site_id": 99, "is_spam": False, "created_at": "1999", "__proto__": {"x": 1}}
    assert send(client, fields(site) | extra).status_code == 201
    assert only(db).site_id == site.id


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024])
def test_a_body_over_64_kib_is_too_large_whatever_it_holds(client: FlaskClient, size: int) -> None:
    """B09."""
    assert raw(client, b"x" * size).status_code == 413
    assert raw(client, b"x" * size, kind="text/plain").status_code == 413


def test_a_body_of_64_kib_is_read(client: FlaskClient, site: Site) -> None:
    """B09."""
    values = json.dumps(fields(site)).encode()
    assert raw(client, values + b" " * (64 * 1024 - len(values))).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"start": NaN}',
        b'{"start": Infinity}',
        b'{"start": 1e999}',
        b'{"unknown": -1e999}',
        b'{"exact": "a", "exact": "b"}',
        b'{"start": ' + b"9" * 10_000 + b"}",
        "{}".encode("utf-16"),
        b'{"exact": "\xff"}',
        json.dumps({str(number): 1 for number in range(5000)}).encode(),
    ],
)
def test_broken_json_is_named_so(client: FlaskClient, body: bytes) -> None:
    """B02, B03."""
    answer = raw(client, body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null", b"true"])
def test_json_that_is_no_object_has_wrong_fields(client: FlaskClient, body: bytes) -> None:
    assert raw(client, body).status_code == 422


def test_a_byte_order_mark_is_tolerated(client: FlaskClient, site: Site) -> None:
    """B03."""
    assert raw(client, b"\xef\xbb\xbf" + json.dumps(fields(site)).encode()).status_code == 201


def test_a_repeated_form_field_is_refused(client: FlaskClient, site: Site) -> None:
    """A15, B02."""
    assert raw(client, b"site=a&site=b", FORM).status_code == 400


def test_valid_json_is_never_called_broken_and_broken_json_never_stored(
    client: FlaskClient, site: Site, db: Database
) -> None:
    """B01."""
    if not HOSTILE.is_dir():
        pytest.skip("../shared/data/hostile is not here")
    bodies = [(name, base64.b64decode(body)) for name, body in json_cases(HOSTILE / "json_bodies.json")]
    assert len(bodies) > 100
    for name, body in bodies:
        status = raw(client, body).status_code
        repeated = "duplicated_key" in name  # good JSON to the suite, 400 by our contract
        allowed = {"y": (400,) if repeated else (422,), "n": (400,), "i": (400, 422)}[name[0]]
        allowed = (413,) if len(body) > 64 * 1024 else allowed
        assert status in allowed, (name, status)
    assert count(db) == 0


def json_cases(path: Path) -> list[tuple[str, str]]:
    """Names and base64 bodies of a JSON test suite."""
    return [(name, body) for name, body in json.loads(path.read_text("utf-8"))]


def test_too_many_reports_from_one_address_wait(limited_client: FlaskClient, site: Site, db: Database) -> None:
    statuses = [send(limited_client, fields(site)).status_code for _ in range(6)]
    assert statuses == [201] * 5 + [429]
    answer = send(limited_client, fields(site))
    assert int(answer.headers["Retry-After"]) > 0
    assert count(db) == 5


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's place at the service, with no cookies."""
    return app.test_client(use_cookies=False)
