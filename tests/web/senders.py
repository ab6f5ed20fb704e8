"""POST /api/v1/reports as the contract says (THREATS A and B)."""

from __future__ import annotations

import base64
import itertools
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from corrections_service.rules.references import number_of
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Report, Site

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


def test_a_field_of_another_type_is_named(client: FlaskClient, site: Site, db: Database) -> None:
    """B11: a wrong type in any field is 422 with the field's name; null is the same as leaving it out."""
    texts = (*TEXTS, "site", "url", "id", "kind", "source_url", "email", "lang", "website", "selection_sha256")
    for name, value in itertools.product((*texts, "start", "elapsed_ms"), (True, [], {}, 1.5, ["a"], {"a": 1})):
        answer = send(client, fields(site) | {name: value})
        assert (answer.status_code, named(answer)) == (422, [name]), (name, value)
    for name in texts:
        assert named(send(client, fields(site) | {name: 1})) == [name]
    for name in ("site", "url", "id"):
        assert named(send(client, fields(site) | {name: None})) == [name]
    assert count(db) == 0


def test_a_report_that_says_nothing_visible_is_refused(client: FlaskClient, site: Site, db: Database) -> None:
    """B11: spaces, zero-width characters and direction marks say nothing, in whatever fields they stand."""
    for nothing in (
        "",
        "   ",
        "\u200b\u200d\ufeff",
        "\u202e\u2066",
        "\n\t",
        "\u200e\u200f",
        "\u00a0\u3164",
        "\U000e0041",
    ):
        said = dict.fromkeys(("exact", "place", "comment"), nothing)
        assert send(client, fields(site, **said, suggestion=None)).status_code == 422, ascii(nothing)
    assert count(db) == 0


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "7F2C1A52-8A55-4D1E-9C62-0B6A3F7F1D11",
        "{7f2c1a52-8a55-4d1e-9c62-0b6a3f7f1d11}",
        "bb194e18-e825-11f1-b44f-02fc00000001",
        "a" * 50_000,
    ],
)
def test_an_id_that_is_no_random_uuid_is_named(client: FlaskClient, site: Site, value: str) -> None:
    """B13."""
    assert send(client, fields(site, id=value)).status_code == 422


@pytest.mark.parametrize(("name", "most"), [("place", 300), ("suggestion", 2000), ("comment", 1000)])
def test_a_text_that_is_too_long_is_refused_and_one_at_the_limit_is_not(
    client: FlaskClient, site: Site, name: str, most: int
) -> None:
    assert send(client, fields(site, **{name: "ä" * most})).status_code == 201
    assert send(client, fields(site, **{name: "ä" * (most + 1)})).status_code == 422


def test_a_long_quote_is_cut_with_its_size_and_hash(client: FlaskClient, site: Site, db: Database) -> None:
    """D01."""
    assert (
        send(client, fields(site, exact="wrong words " * 500, prefix="a" * 400 + "END", suffix="S" * 400)).status_code
        == 201
    )
    report = only(db)
    assert (len(report.exact), report.exact_length, len(report.exact_sha256)) == (2000, 6000, 64)
    assert report.prefix.endswith("END")
    assert len(report.prefix) == len(report.suffix) == 300


def test_surrogates_and_controls_are_cleaned_alike_everywhere(client: FlaskClient, site: Site, db: Database) -> None:
    """B04, B05, B06."""
    body = json.dumps(fields(site)).replace("was opend", "was\\ud800\\u0000\\u000b op\\ufffeend\\n")
    assert raw(client, body.encode()).status_code == 201
    assert only(db).exact == "was\ufffd opend\n in 1987"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVa\tScript:x",
        "data:text/html,x",
        "//evil.test",
        "ftp://news.example/",
        "https://user:pw@news.example/",
        "\x01javascript:x",
        "blob:https://news.example/1",
    ],
)
def test_an_address_that_is_not_http_is_named(client: FlaskClient, site: Site, address: str) -> None:
    """C03: addresses that a browser would run, or read differently, are no addresses."""
    for name in ("url", "source_url"):
        assert named(send(client, fields(site, **{name: address}))) == [name]


@pytest.mark.parametrize("address", ["archive.example/1978?a=b:c", " archive.example ", "https://archive.example/x"])
def test_a_source_may_be_given_as_people_type_it(client: FlaskClient, db: Database, site: Site, address: str) -> None:
    """The kind: an address that a browser's own field would take too; where no scheme stands, https is meant."""
    assert send(client, fields(site, source_url=address)).status_code == 201
    with db.read() as session:
        stored = session.scalars(select(Report.source_url)).one()
    assert stored.startswith("https://archive.example/")


@pytest.mark.parametrize(
    "address",
    [
        "a@b.c,evil@x.example",
        '"x\r\n"@y.example',
        "<a@b.example>",
        "a@[127.0.0.1]",
        "a@localhost",
        "a" * 300 + "@b.example",
        "nobody",
        "юзер@b.example",
    ],
)
def test_an_address_that_nobody_can_write_to_is_named(client: FlaskClient, site: Site, address: str) -> None:
    assert send(client, fields(site, email=address)).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"exact": "Ky"},
        {"exact": None, "prefix": None, "suffix": None, "suggestion": None, "comment": "Kyiv"},
        {"exact": None, "place": "the chart", "suggestion": None},
    ],
)
def test_short_reports_are_welcome(client: FlaskClient, site: Site, changes: dict[str, Any]) -> None:
    assert send(client, fields(site, **changes)).status_code == 201


def test_a_filled_honeypot_is_kept_where_editors_find_it(client: FlaskClient, site: Site, db: Database) -> None:
    assert send(client, fields(site, website="http://spam.test", elapsed_ms=10)).status_code == 201
    with db.read() as session:
        assert session.scalars(select(Case)).one().state.value == "spam"


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


def test_naughty_strings_are_stored_or_refused_in_every_field(client: FlaskClient, site: Site) -> None:
    """B12."""
    if not HOSTILE.is_dir():
        pytest.skip("../shared/data/hostile is not here")
    strings = json.loads((HOSTILE / "naughty_strings.json").read_text("utf-8"))
    assert len(strings) > 300
    for number, one in enumerate(strings):
        good = fields(site, url=f"{ORIGIN}/{number}")  # in an article of its own, to be compared with no other
        everywhere = dict.fromkeys(
            ("exact", "prefix", "suffix", "place", "suggestion", "comment", "title", "lang"), one
        )
        assert send(client, {**good, **everywhere}).status_code in (201, 422)
        for name in ("kind", "source_url", "email", "url", "id", "website", "start"):
            again = {"id": str(uuid.uuid4())}
            assert send(client, {**good, **again, name: one}).status_code in (201, 422)


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
