"""Each field of a report as the contract says: its type, its limit, how it is cleaned (THREATS B, C and D)."""

from __future__ import annotations

import itertools
import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from corrections_service.rules.catalogue import catalogue_in
from corrections_service.rules.fields import LIMITS, NewReport
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Report, Site
from tests.web.senders import HOSTILE, ORIGIN, TEXTS, count, fields, named, only, raw, send


def test_a_field_that_a_reader_left_as_it_was_filled_in_is_never_too_long(
    client: FlaskClient, site: Site, db: Database
) -> None:
    """Kind: the plain form fills the suggestion in with the quote, which may be longer than a suggestion."""
    words = "The bridge was opend. " * 120
    assert len(words) > LIMITS["suggestion"]
    assert send(client, fields(site, exact=words, suggestion=words, comment="All of it.")).status_code == 201
    with db.read() as session:
        assert session.scalars(select(Report.suggestion)).one() == ""
    changed = fields(site, exact=words, suggestion=words.replace("opend", "opened"))
    assert named(send(client, changed)) == ["suggestion"]


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


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_too_long_is_called_so_in_the_readers_language(client: FlaskClient, site: Site, name: str) -> None:
    """The kind: the cause told is the true one, with the count; an address that is too long was called none."""
    most, catalogue = LIMITS[name], catalogue_in("uk")
    too_long = {"url": f"{ORIGIN}/{'a' * most}", "source_url": f"https://archive.example/{'a' * most}"}
    typed = too_long.get(name, "ä" * (most + 1))
    answer = send(client, fields(site, lang="uk", **{name: typed}))
    told = f"{catalogue('pages.wrong_long', most=most)} ({catalogue.number(len(typed))} / {catalogue.number(most)})"
    assert answer.get_json()["errors"] == [{"field": name, "detail": told}]


def test_the_plain_form_holds_as_much_as_the_api_takes(client: FlaskClient, site: Site) -> None:
    page = LexborHTMLParser(client.get(f"/report/{site.key}").get_data(as_text=True))
    held = {one.attributes["name"]: one.attributes["data-most"] for one in page.css("[data-most]")}
    assert held == {name: str(most) for name, most in LIMITS.items()}
    assert page.css("[maxlength]") == []


@pytest.mark.parametrize("name", ["site", "url", "id"])
def test_a_field_that_is_missing_is_called_so_with_what_it_is(client: FlaskClient, site: Site, name: str) -> None:
    """The kind: the cause told is the true one; one that was not sent was called no address, or no UUID."""
    (wrong,) = send(client, fields(site) | {name: None}).get_json()["errors"]
    assert wrong == {"field": name, "detail": f"This is missing. {NewReport.model_fields[name].description}"}


@pytest.mark.parametrize(("said", "kept"), [(7, 7), (7.0, 7), ("7", 7), ("", None), (10**15, 10**9)])
def test_a_number_is_whole_however_it_is_written(
    client: FlaskClient, site: Site, db: Database, said: Any, kept: int | None
) -> None:
    """As JSON's schemas have it, where 7.0 is an integer; others are called none."""
    assert send(client, fields(site, start=said)).status_code == 201
    assert only(db).start == kept
    for other in (7.5, -1, "7.0", "-1", 10**18):
        (wrong,) = send(client, fields(site, start=other)).get_json()["errors"]
        assert wrong == {"field": "start", "detail": "This must be a whole number."}


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


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's place at the service, with no cookies."""
    return app.test_client(use_cookies=False)
