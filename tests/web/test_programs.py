"""Programs read the cases of one site with a token, and the API says itself what it is."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import select
from werkzeug.test import TestResponse

from corrections_service.rules.fields import FIELDS
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import tokens
from corrections_service.store import search
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, ProgramToken, Report, Scope, Site, now
from corrections_service.web.programs import VIEWS
from tests.laws.documents import DOCS
from tests.services.newsroom import BRIDGE, FERRY, Newsroom, make_public
from tests.web.visitors import OWN, dump, signed_in

CASES = "/api/v1/cases"


class Program:
    """A program with a token of one newsroom."""

    def __init__(self, app: Flask, newsroom: Newsroom, scope: Scope = Scope.CASES_READ) -> None:
        self.client = app.test_client(use_cookies=False)
        with newsroom.db.write() as session:
            name = f"program of {newsroom.site.slug}"
            self.secret = tokens.add(session, name, site=session.get_one(Site, newsroom.site.id), scopes=[scope])

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers={"Authorization": f"Bearer {self.secret}"})

    def read(self, path: str) -> Any:
        answer = self.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.get_data()
        return answer.get_json()


@pytest.fixture
def program(app: Flask, newsroom: Newsroom) -> Program:
    """A program of the newsroom."""
    return Program(app, newsroom)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A program that has no token."""
    return app.test_client(use_cookies=False)


def test_a_program_reads_the_cases_of_its_site_page_by_page(
    program: Program, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    for number in range(7):
        newsroom.send(url=f"https://news.example/{number}")
        neighbour.send(url=f"https://gazette.example/{number}")
    path, seen = f"{CASES}?limit=3", []
    while path:
        page = program.read(path)
        seen += [case["article"]["url"] for case in page["cases"]]
        path = page["next"] and page["next"].removeprefix(OWN)
        assert len(page["cases"]) <= 3
    assert seen == [f"https://news.example/{number}" for number in reversed(range(7))]


def test_a_program_asks_for_some_cases(program: Program, newsroom: Newsroom) -> None:
    bridge, ferry = (newsroom.case_of(newsroom.send(**said)) for said in (BRIDGE, FERRY))
    newsroom.decide(ferry, newsroom.hire(), Resolution.NOT_AN_ERROR)

    def numbers(query: str) -> list[int]:
        return [case["number"] for case in program.read(f"{CASES}?{query}")["cases"]]

    assert numbers("") == [ferry, bridge]
    assert numbers("view=inbox") == [bridge]
    assert numbers("view=closed") == [ferry]
    assert numbers(f"q=%23{bridge}") == [bridge]
    assert numbers("kind=media") == []
    closed = program.read(f"{CASES}?view=closed&limit=1")["cases"][0]
    assert (closed["state"], closed["resolution"]) == ("closed", "not_an_error")
    for query in (
        "view=mine",
        "view=x",
        "kind=x",
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "limit=٣",
        "limit=1e9",
    ):
        answer = program.get(f"{CASES}?{query}")
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), query
        assert [one["field"] for one in answer.get_json()["errors"]] == [query.partition("=")[0]]
    for query in ("cursor=x", "cursor=%00%FF", "q=%00%F0%9F", "q=" + "x" * 200, "cursor=" + "A" * 5000):
        assert program.get(f"{CASES}?{query}").status_code == 200, query[:20]


def test_a_query_is_looked_for_whole_or_refused(program: Program, newsroom: Newsroom) -> None:
    """A program that is told nothing of what was cut takes other cases for those that it asked for."""
    words = [f"w{number}" for number in range(33)]
    case = newsroom.case_of(newsroom.send(comment=" ".join(words)))
    with newsroom.db.write() as session:
        search.index_cases(session)
    for few in (words[:32], [*words[:32], words[0].upper()]):
        found = program.read(f"{CASES}?{urlencode({'q': ' '.join(few)})}")["cases"]
        assert [one["number"] for one in found] == [case]
    for query, detail in (
        (" ".join(words), "At most 32 different words; these are 33."),
        ("x" * 201, "At most 200 characters; these are 201."),
        ("-" * 5000, "At most 200 characters; these are 5,000."),
    ):
        answer = program.get(f"{CASES}?{urlencode({'q': query})}")
        assert answer.status_code == 422
        assert answer.get_json()["errors"] == [{"field": "q", "detail": detail}]


CHANGED = "/api/v1/articles/changed"
BRIDGE_URL = "https://news.example/bridge"


def due(newsroom: Newsroom) -> list[str]:
    """The articles that are to be read again now."""
    with newsroom.db.read() as session:
        cases = session.scalars(select(Case).where(Case.recheck_at <= now()).order_by(Case.id))
        return [case.article.url for case in cases]


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"url": BRIDGE_URL}},
        {"json": {"url": f"{BRIDGE_URL}?utm_source=cms#top"}},
        {
            "json": {
                "post": {"current": {"url": BRIDGE_URL, "html": "<p>https://news.example/other</p>"}, "previous": {}}
            }
        },
        {"json": [{"post_permalink": BRIDGE_URL}, "https://elsewhere.example/bridge", 7, None]},
    ],
)
def test_a_cms_tells_of_a_change_in_its_own_form_and_the_article_is_read_again(
    app: Flask, newsroom: Newsroom, neighbour: Newsroom, sent: dict[str, Any]
) -> None:
    newsroom.send()
    newsroom.send(url="https://news.example/other")
    neighbour.send(url="https://gazette.example/bridge")
    newsroom.change(Case, recheck_at=None)
    program = Program(app, newsroom, Scope.ARTICLES_CHANGED)
    for credentials in (
        {"auth": ("token", program.secret)},
        {"headers": {"Authorization": f"Bearer {program.secret}"}},
    ):
        answer = program.client.post(CHANGED, **sent, **credentials)
        assert (answer.status_code, answer.get_json()) == (202, {"articles": 1})
    assert due(newsroom) == [BRIDGE_URL]


def test_a_change_of_an_article_that_nobody_reported_asks_for_no_look(app: Flask, newsroom: Newsroom) -> None:
    program = Program(app, newsroom, Scope.ARTICLES_CHANGED)
    headers = {"Authorization": f"Bearer {program.secret}"}
    answer = program.client.post(CHANGED, data={"url": BRIDGE_URL}, headers=headers)
    assert (answer.status_code, answer.get_json()) == (202, {"articles": 0})
    assert newsroom.count(Article) == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"url": "", "title": "Bridge"}}, 422),
        ({"json": {"url": "https://gazette.example/bridge"}}, 422),
        ({"json": {"url": "http://169.254.169.254/bridge"}}, 422),
        ({"json": {"url": "https://news.example@evil.example/"}}, 422),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": "[" * 100_000, "content_type": "application/json"}, 400),
        ({"data": BRIDGE_URL, "content_type": "text/plain"}, 415),
        ({"data": b"x" * (2 * 1024 * 1024), "content_type": "application/json"}, 413),
    ],
)
def test_what_names_no_article_of_the_site_is_refused_and_changes_nothing(
    app: Flask, newsroom: Newsroom, sent: dict[str, Any], status: int
) -> None:
    """G12: nobody is sent anywhere by what a program says."""
    newsroom.send()
    program, before = Program(app, newsroom, Scope.ARTICLES_CHANGED), dump(newsroom.db)
    answer = program.client.post(CHANGED, **sent, headers={"Authorization": f"Bearer {program.secret}"})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert dump(newsroom.db) == before


def test_a_token_that_only_reads_changes_nothing_and_one_that_tells_of_changes_reads_nothing(
    app: Flask, newsroom: Newsroom, program: Program, neighbour: Newsroom
) -> None:
    headers = {"Authorization": f"Bearer {program.secret}"}
    assert program.client.post(CHANGED, data={"url": BRIDGE_URL}, headers=headers).status_code == 403
    assert program.client.post(CHANGED, data={"url": BRIDGE_URL}).status_code == 401
    assert program.client.post(CHANGED, data={"url": BRIDGE_URL}, auth=("token", "x")).status_code == 401
    assert Program(app, neighbour, Scope.ARTICLES_CHANGED).get(CASES).status_code == 403


def test_a_case_is_told_whole_and_no_readers_address(program: Program, newsroom: Newsroom) -> None:
    sent = newsroom.send(
        email="ann@readers.example", comment="It opened in 1978.", source_url="https://archive.example/"
    )
    newsroom.send(email="bob@readers.example")
    case = newsroom.case_of(sent)
    said = {"wrong": "1987", "right": "1978", "notice": "The bridge opened in 1978."}
    newsroom.decide(case, newsroom.hire(Role.STANDARDS), Resolution.CORRECTED, **said)
    make_public(newsroom)
    told = program.read(f"{CASES}/{case}")
    assert told["number"] == case
    assert told["page"] == f"{OWN}/cases/{case}"
    assert told["readers"] == 2
    assert told["quote"]["exact"] == BRIDGE["exact"]
    assert [one["comment"] for one in told["reports"]] == ["It opened in 1978.", ""]
    assert told["reports"][0]["reference"] == sent.reference
    assert [one["text"] for one in told["corrections"]] == ["The bridge opened in 1978."]
    assert "readers.example" not in json.dumps([told, program.read(CASES)])
    assert sent.token not in json.dumps(told)


def test_another_sites_case_is_not_there(app: Flask, program: Program, newsroom: Newsroom, neighbour: Newsroom) -> None:
    """P-15: as if it were none at all, and the other way round."""
    mine, theirs = newsroom.case_of(newsroom.send()), neighbour.case_of(neighbour.send(url="https://gazette.example/a"))
    stranger = Program(app, neighbour)
    missing = program.get(f"{CASES}/999999")
    for answer in (program.get(f"{CASES}/{theirs}"), stranger.get(f"{CASES}/{mine}"), missing):
        assert answer.status_code == 404
        assert answer.get_data() == missing.get_data()
    assert stranger.read(f"{CASES}/{theirs}")["number"] == theirs
    assert program.get(f"{CASES}/99999999999999999999").status_code == 404


def test_nobody_is_let_in_without_a_token(app: Flask, db: Database, program: Program, newsroom: Newsroom) -> None:
    """I02: nor by an editor's session, by a token in another place, or by a bent one; 401 says what is needed."""
    case = newsroom.case_of(newsroom.send())
    editor = signed_in(app, db, newsroom.hire(Role.ADMIN))
    client, secret = program.client, program.secret
    headers = [
        *({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer "}, {"Authorization": secret}),
        *({"Authorization": f"Basic {secret}"}, {"Authorization": f"Bearer {secret[:-1]}"}),
        *({"Authorization": "Bearer \xff\xfe"}, {"Cookie": f"corrections={secret}"}, {"X-Token": secret}),
    ]
    for path in (CASES, f"{CASES}/{case}"):
        answers = [client.get(path, headers=one) for one in headers]
        answers += [client.get(f"{path}?access_token={secret}&token={secret}"), editor.client.get(path)]
        for answer in answers:
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert answer.headers["Cache-Control"] == "no-store"
    as_cookie = app.test_client()
    as_cookie.set_cookie("corrections", secret, domain="corrections.example")
    assert as_cookie.get("/queue").location.startswith("/login")
    assert client.get("/queue", headers={"Authorization": f"Bearer {secret}"}).location.startswith("/login")


def test_a_token_works_until_it_is_revoked_and_only_for_its_scopes(program: Program, newsroom: Newsroom) -> None:
    program.read(CASES)
    newsroom.change(ProgramToken, scopes=[])
    refused = program.get(CASES)
    assert (refused.status_code, refused.get_json()["type"]) == (403, "urn:corrections:not-permitted")
    newsroom.change(ProgramToken, scopes=["cases:read"])
    program.read(CASES)
    with newsroom.db.write() as session:
        tokens.revoke(session, "program of news")
    assert program.get(CASES).status_code == 401


def test_reading_changes_nothing_and_writing_is_no_method(program: Program, newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send())
    before = dump(newsroom.db)
    for path in (CASES, f"{CASES}/{case}", "/api/v1/openapi.json"):
        program.read(path)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = program.client.open(path, method=method, headers={"Authorization": f"Bearer {program.secret}"})
            assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert dump(newsroom.db) == before


@pytest.fixture
def document(client: FlaskClient) -> Any:
    """What the API says of itself, with schemas that let nothing through which they do not name."""
    found = client.get("/api/v1/openapi.json").get_json()
    for schema in found["components"]["schemas"].values():
        schema["additionalProperties"] = False
    return found


def check(document: dict[str, Any], content: dict[str, Any], answer: TestResponse) -> None:
    """Hold an answer to what is said of its status."""
    schema = {**content[answer.mimetype or ""]["schema"], "components": document["components"]}
    OAS31Validator(schema, format_checker=oas31_format_checker).validate(answer.get_json())


def test_the_description_is_openapi(client: FlaskClient) -> None:
    OpenAPIV31SpecValidator(client.get("/api/v1/openapi.json").get_json()).validate()


def test_every_address_of_the_api_is_described(app: Flask, document: Any) -> None:
    described = {
        (method, path): operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    there = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"} or {"OPTIONS"}
    }
    assert set(described) == there
    assert all(operation["summary"].endswith(".") for operation in described.values())


def test_a_report_is_described_with_every_field_and_status(document: Any) -> None:
    operation = document["paths"]["/api/v1/reports"]["post"]
    assert set(operation["requestBody"]["content"]) == {"application/json", "application/x-www-form-urlencoded"}
    assert operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/NewReport")
    fields = document["components"]["schemas"]["NewReport"]
    assert set(fields["properties"]) == set(FIELDS)
    assert fields["required"] == ["site", "url", "id"]
    statuses = {"200", "201", "400", "403", "405", "413", "415", "422", "429", "503"}
    assert set(operation["responses"]) == statuses
    for status in statuses - {"200", "201"}:
        assert list(operation["responses"][status]["content"]) == ["application/problem+json"]
    assert all("Retry-After" in operation["responses"][status]["headers"] for status in ("429", "503"))


def test_answers_are_as_they_are_described(
    program: Program, newsroom: Newsroom, client: FlaskClient, document: Any
) -> None:
    sent = newsroom.send(email="ann@readers.example")
    case = newsroom.case_of(sent)
    said = {"wrong": "1987", "right": "1978", "notice": "The bridge opened in 1978."}
    newsroom.decide(case, newsroom.hire(Role.STANDARDS), Resolution.CORRECTED, **said)
    make_public(newsroom)
    newsroom.send(**FERRY)
    asked = {
        f"{CASES}?limit=1": "/api/v1/cases",
        f"{CASES}/{case}": "/api/v1/cases/{number}",
        f"{CASES}/999": "/api/v1/cases/{number}",
        f"{CASES}?limit=x": "/api/v1/cases",
    }
    answers = [(program.get(path), document["paths"][template]["get"]) for path, template in asked.items()]
    answers.append((client.get(CASES), document["paths"]["/api/v1/cases"]["get"]))
    good = {"site": newsroom.site.key, "url": "https://news.example/a", "id": "7f2c1a52-8a55-4d1e-9c62-0b6a3f7f1d11"}
    reports = document["paths"]["/api/v1/reports"]["post"]
    origin = {"Origin": "https://news.example"}
    for fields in ({**good, "comment": "No."}, {**good, "comment": "No."}, {**good, "comment": "Yes."}, {}, good):
        answers.append((client.post("/api/v1/reports", json=fields, headers=origin), reports))
    answers.append((client.post("/api/v1/reports", data="x", content_type="text/plain"), reports))
    assert [answer.status_code for answer, _ in answers] == [200, 200, 404, 422, 401, 201, 200, 422, 422, 422, 415]
    for answer, operation in answers:
        check(document, operation["responses"][str(answer.status_code)]["content"], answer)
    assert newsroom.count(Report) == 3


def test_the_docs_name_the_views_and_the_example_is_a_report(client: FlaskClient, newsroom: Newsroom) -> None:
    page = (DOCS / "programs.md").read_text("utf-8")
    named = re.search(r"`view` is one of (.*?)\.", page)
    assert named is not None
    assert set(re.findall(r"`(\w+)`", named[1])) == set(VIEWS)
    example = re.search(r"-d '({.*?})'", page, re.DOTALL)
    assert example is not None
    fields = {**json.loads(example[1]), "site": newsroom.site.key}
    answer = client.post("/api/v1/reports", json=fields, headers={"Origin": "https://news.example"})
    assert answer.status_code == 201
