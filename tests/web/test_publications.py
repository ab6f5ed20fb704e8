"""Publications in the settings: added, renamed, switched off, taken along; and the programs that are let in."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from corrections_service.rules.workflow import Role
from corrections_service.services import tokens
from corrections_service.store.database import Database
from corrections_service.store.models import Site
from corrections_service.web import publications
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in

NEW = {
    "name": "The Evening News",
    "language": "uk",
    "origins": "https://evening.example",
    "desk": "desk@evening.example",
}


@pytest.fixture
def admin(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """Who administers the publication."""
    return signed_in(app, db, newsroom.hire(Role.ADMIN))


def path_of(newsroom: Newsroom, page: str) -> str:
    return f"/settings/sites/{newsroom.site.slug}/{page}"


def stored(newsroom: Newsroom) -> Site:
    with newsroom.db.read() as session:
        return session.get_one(Site, newsroom.site.id)


def test_who_administers_all_publications_adds_one_and_administers_it(admin: Visitor, newsroom: Newsroom) -> None:
    assert "/settings/new-site" in admin.get("/settings/").get_data(as_text=True)
    answer = admin.post("/settings/new-site", **NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings/sites/the-evening-news/start")
    assert admin.get("/settings/sites/the-evening-news/start").status_code == 200
    log = admin.client.get("/log/the-evening-news")
    assert 'lang="uk"' in log.get_data(as_text=True)
    assert admin.post("/settings/new-site", **{**NEW, "name": "Österreich"}).status_code == 303
    assert admin.post("/settings/new-site", **{**NEW, "name": "österreich"}).status_code == 422
    refused = admin.post("/settings/new-site", **{**NEW, "name": "the evening news", "origins": "", "desk": "x"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "There is a publication called the evening news already" in page
    assert 'value="the evening news"' in page


def test_where_another_newsroom_is_in_the_same_house_nobody_adds_one(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    assert neighbour.site.id != newsroom.site.id
    assert "/settings/new-site" not in admin.get("/settings/").get_data(as_text=True)
    assert admin.get("/settings/new-site").status_code == 403
    assert admin.post("/settings/new-site", **NEW).status_code == 403


def test_a_publication_is_renamed_and_speaks_another_language(admin: Visitor, newsroom: Newsroom) -> None:
    path, slug = path_of(newsroom, "name"), newsroom.site.slug
    assert admin.post(path, name="  Neue   Nachrichten ", language="de").status_code == 303
    site = stored(newsroom)
    assert (site.name, site.language, site.slug) == ("Neue Nachrichten", "de", slug)
    assert 'lang="de"' in admin.client.get(f"/log/{slug}").get_data(as_text=True)
    for wrong in ({"name": " "}, {"name": "x" * 201}, {"name": "News", "language": "tlh"}):
        answer = admin.post(path, **{"language": "de", **wrong})
        assert answer.status_code == 422
        assert "autofocus" in answer.get_data(as_text=True)
    assert stored(newsroom).name == "Neue Nachrichten"


def test_a_regional_language_stays_until_another_is_chosen(admin: Visitor, newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        session.get_one(Site, newsroom.site.id).language = "de-AT"
    assert '<option value="de" selected' in admin.get(path_of(newsroom, "name")).get_data(as_text=True)
    admin.post(path_of(newsroom, "name"), name="News", language="de")
    assert stored(newsroom).language == "de-AT"


def test_a_publication_that_is_switched_off_takes_no_report_and_keeps_the_rest(
    admin: Visitor, newsroom: Newsroom
) -> None:
    number = newsroom.case_of(newsroom.send())
    assert admin.post(path_of(newsroom, "reports"), action="stop").status_code == 303
    assert not stored(newsroom).active
    assert "Take reports again" in admin.get(path_of(newsroom, "name")).get_data(as_text=True)
    assert admin.client.get(f"/embed/{newsroom.site.key}.js").status_code == 404
    form = admin.client.get(f"/report/{newsroom.site.key}")
    assert form.status_code == 404
    assert "This newsroom takes no reports here any more." in form.get_data(as_text=True)
    assert admin.get(f"/cases/{number}").status_code == 200
    assert admin.client.get(f"/log/{newsroom.site.slug}").status_code == 200
    assert admin.post(path_of(newsroom, "reports")).status_code == 404
    admin.post(path_of(newsroom, "reports"), action="take")
    assert admin.client.get(f"/embed/{newsroom.site.key}.js").status_code == 200


def test_all_that_it_has_is_taken_along(admin: Visitor, newsroom: Newsroom) -> None:
    newsroom.send(email="ann@readers.example", comment="=1+1")
    lines = admin.get(path_of(newsroom, "export.jsonl"))
    kinds = [json.loads(line)["type"] for line in lines.get_data(as_text=True).splitlines()]
    assert kinds[0] == "site"
    assert {"article", "case", "report", "event"} <= set(kinds)
    assert lines.headers["Content-Disposition"] == f"attachment; filename={newsroom.site.slug}.jsonl"
    assert lines.headers["Cache-Control"] == "no-store"
    table = admin.get(path_of(newsroom, "export.csv")).get_data(as_text=True)
    assert "'=1+1" in table
    assert admin.get(path_of(newsroom, "export.zip")).status_code == 404


def test_what_is_too_much_for_a_page_is_taken_along_by_a_command(
    admin: Visitor, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.send()
    monkeypatch.setattr(publications, "MOST_EXPORTED", 0)
    page = admin.get(path_of(newsroom, "name")).get_data(as_text=True)
    assert "<code>corrections export</code> on the server" in page
    assert "export.csv" not in page
    assert admin.get(path_of(newsroom, "export.csv")).status_code == 404


def test_a_token_is_shown_once_lets_its_program_in_and_is_revoked(admin: Visitor, newsroom: Newsroom) -> None:
    path = path_of(newsroom, "programs")
    assert "No program has a token." in admin.get(path).get_data(as_text=True)
    page = admin.post(path, name="CMS", scopes="cases:read").get_data(as_text=True)
    secret = page.partition('<code id="secret">')[2].partition("<")[0]
    assert secret
    assert "<bdi>CMS</bdi>" in page
    assert secret not in admin.get(path).get_data(as_text=True)
    cases = {"headers": {"Authorization": f"Bearer {secret}"}}
    assert admin.client.get("/api/v1/cases", **cases).status_code == 200
    for wrong in (
        {"name": "CMS", "scopes": "cases:read"},
        {"name": "Other"},
        {"name": "Other", "scopes": "all"},
        {"scopes": "cases:read"},
    ):
        assert admin.post(path, **wrong).status_code == 422, wrong
    assert admin.post(path, name="CMS", action="revoke").status_code == 303
    assert admin.client.get("/api/v1/cases", **cases).status_code == 401


def test_a_token_of_another_publication_is_neither_shown_nor_revoked(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    with db.write() as session:
        tokens.add(session, "Theirs", site=session.get_one(Site, neighbour.site.id), scopes=[])
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    assert "Theirs" not in admin.get(path_of(newsroom, "programs")).get_data(as_text=True)
    assert admin.post(path_of(newsroom, "programs"), name="Theirs", action="revoke").status_code == 404
    with db.read() as session:
        assert [token.name for token in tokens.all_tokens(session)] == ["Theirs"]
