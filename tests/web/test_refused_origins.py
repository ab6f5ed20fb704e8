"""A refused origin is the newsroom's business: it is told which and how often, and allows it by one click (A02)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from corrections_service import doctor
from corrections_service.rules.workflow import Role
from corrections_service.services import origins
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import RefusedOrigin, Report, Site
from tests.services.newsroom import Newsroom
from tests.web.senders import fields, send
from tests.web.visitors import Visitor, signed_in

WWW, STAGING, COPY = "https://www.news.example", "https://staging.news.example", "https://copy.example"

NO_ORIGINS = [
    "null",
    "",
    "https://news.example.",
    "https://a.example, https://b.example",
    "https://a.example/path",
    "https://ann@a.example",
    "https://a.example:443",
    "https://<b>.example",
    "https://a.example\x1b[31m",
    "https://a.example\x85",
    "javascript:alert(1)",
    "chrome-extension://abcdef",
    "https://київ.example",
    f"https://{'a' * 300}.example",
    f"https://{'a.' * 4000}example",
]

ELSEWHERE = [
    (["https://news.example"], f"{WWW}/ferry?id=2&utm_source=x", "https://news.example/ferry?id=2"),
    (["https://other.example", WWW], "https://news.example/ferry", f"{WWW}/ferry"),
    (["https://news.example"], f"{STAGING}:8443/ferry", "https://news.example/ferry"),
    (["https://*.news.example"], "https://news.example/ferry", f"{WWW}/ferry"),
    (["http://localhost:8000"], "http://localhost:3000/ferry", "http://localhost:8000/ferry"),
    (["https://news.example"], "https://copy.example/ferry", "https://news.example/ferry"),
]
"""A site's origins, where its reader was, and the article that the report is about."""


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader's browser."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def admin(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """Who may change the site."""
    return signed_in(app, db, newsroom.hire(Role.ADMIN))


def knock(app: Flask, site: Site, *said: str) -> None:
    """Send a report from each of these origins, all of which are refused, and write that down."""
    client = app.test_client(use_cookies=False)
    for origin in said:
        assert send(client, fields(site), origin).status_code == 403
    app.extensions["refusals"].write()


def kept(db: Database) -> dict[str, int]:
    """The refused origins that are written, and how often each."""
    with db.read() as session:
        return {one.origin: one.count for one in session.scalars(select(RefusedOrigin))}


def shown(visitor: Visitor, path: str = "/queue") -> str:
    """A page, with its spaces as they are seen."""
    return " ".join(visitor.get(path).get_data(as_text=True).split())


def test_queue_settings_and_doctor_tell_which_and_how_often_and_one_click_allows(
    app: Flask, db: Database, newsroom: Newsroom, admin: Visitor, database_settings: Settings
) -> None:
    knock(app, newsroom.site, COPY, COPY, COPY, WWW, "HTTPS://WWW.News.Example", STAGING)
    assert kept(db) == {COPY: 3, WWW: 2, STAGING: 1}
    queue = shown(admin)
    assert f"Reports from <bdi>{WWW}</bdi> are refused</strong>, 2 times so far" in queue
    assert "2 more in Settings" in queue
    assert "Refused addresses: 3" in shown(admin, "/settings/")
    path = f"/settings/sites/{newsroom.site.slug}"
    page = shown(admin, path)
    assert page.index(f"<bdi>{WWW}</bdi>") < page.index(f"<bdi>{STAGING}</bdi>") < page.index(f"<bdi>{COPY}</bdi>")
    told = [said.partition(";")[0] for said in doctor.notes(database_settings)]
    often = ((WWW, "2 times"), (STAGING, "once"), (COPY, "3 times"))
    assert told == [f"reports from {origin} to News were refused, {many}" for origin, many in often]
    answer = admin.post(f"{path}/origins", origin=WWW, action="allow", next="/queue")
    assert answer.location == "/queue"
    with db.read() as session:
        site = session.get_one(Site, newsroom.site.id)
        assert site.origins == ["https://news.example", WWW]
    assert WWW not in kept(db)
    app.extensions["sites_seen"].clear()
    assert send(app.test_client(), fields(newsroom.site), WWW).status_code == 201
    assert admin.post(f"{path}/origins", origin=STAGING, action="keep_out", next=path).location == path
    assert f"<bdi>{COPY}</bdi> are refused" in shown(admin)
    admin.post(f"{path}/origins", origin=COPY, action="keep_out")
    assert "are refused" not in shown(admin)
    assert list(doctor.notes(database_settings)) == []
    page = shown(admin, path)
    assert page.count("Not ours</span>") == 2
    assert (page.count('value="allow"'), page.count('value="keep_out"')) == (2, 0)


def test_an_origin_that_was_allowed_in_the_form_is_told_of_no_more(
    app: Flask, db: Database, newsroom: Newsroom, admin: Visitor
) -> None:
    knock(app, newsroom.site, WWW, STAGING)
    with db.write() as session:
        session.get_one(Site, newsroom.site.id).origins = ["https://news.example", "https://*.news.example"]
    assert "are refused" not in shown(admin)


def test_only_an_administrator_of_the_site_sees_and_allows_and_only_by_a_form_of_ours(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom, admin: Visitor
) -> None:
    knock(app, newsroom.site, WWW)
    path = f"/settings/sites/{newsroom.site.slug}/origins"
    others = [newsroom.hire(role) for role in (Role.VIEWER, Role.AUTHOR, Role.EDITOR, Role.STANDARDS)]
    others.append(neighbour.hire(Role.ADMIN, "chief@gazette.example"))
    for number in others:
        visitor = signed_in(app, db, number)
        assert WWW not in shown(visitor)
        assert visitor.post(path, origin=WWW, action="allow").status_code in (403, 404)
    shown(admin)
    token, admin.token = admin.token, "another"
    assert admin.post(path, origin=WWW, action="allow").status_code == 400
    admin.token = token
    assert admin.post(path, headers={"Origin": WWW}, origin=WWW, action="allow").status_code == 400
    assert admin.get(path).status_code == 405
    for origin in ("https://never.example", "", "null", "https://www.news.example/", "x" * 5000, "\0", "*"):
        assert admin.post(path, origin=origin, action="allow").status_code == 404, origin
    for somewhere in ("//evil.example", "https://evil.example"):
        assert admin.post(path, origin=WWW, action="keep_out", next=somewhere).location == "/queue"
    with db.read() as session:
        assert session.get_one(Site, newsroom.site.id).origins == ["https://news.example"]


def test_what_is_no_origin_of_a_page_is_refused_and_never_kept(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """Control characters, lists, paths, other letters, thousands of letters: nothing of it comes into the database."""
    knock(app, newsroom.site, *(one.encode().decode("latin-1") for one in NO_ORIGINS))
    assert kept(db) == {}


def test_thousands_of_forged_origins_fill_neither_the_database_nor_the_screen(
    app: Flask, db: Database, newsroom: Newsroom, admin: Visitor
) -> None:
    """One that often sends stays, and there is always room for the site's twins."""
    for start in range(0, 400, 100):
        counted = {(newsroom.site.id, f"https://h{number}.news.example"): 1 for number in range(start, start + 100)}
        db.intake(origins.count, refused={**counted, (newsroom.site.id, STAGING): 3})
    db.intake(origins.count, refused={(newsroom.site.id, f"https://f{number}.example"): 2 for number in range(100)})
    db.intake(origins.count, refused={(newsroom.site.id, one): 1 for one in (WWW, "http://news.example")})
    found = kept(db)
    assert len(found) == origins.MOST + 2
    assert (found[WWW], found["http://news.example"], found[STAGING]) == (1, 1, 12)
    assert shown(admin).count("are refused</strong>") == 1
    assert shown(admin, f"/settings/sites/{newsroom.site.slug}").count("<bdi>https://") <= 20


def test_what_one_process_counts_between_two_writes_is_bounded(app: Flask, db: Database, newsroom: Newsroom) -> None:
    refusals = app.extensions["refusals"]
    for number in range(5000):
        refusals.count_origin(newsroom.site.id, f"https://h{number}.example")
    assert len(refusals._origins) == 100
    refusals.count("origin-not-allowed", "192.0.2.0/24")
    refusals.write()
    assert len(kept(db)) == origins.MOST


def test_an_origin_that_sends_nothing_any_more_is_forgotten(app: Flask, db: Database, newsroom: Newsroom) -> None:
    knock(app, newsroom.site, WWW, STAGING)
    with db.write() as session:
        session.get_one(RefusedOrigin, (newsroom.site.id, WWW)).last_at -= origins.KEPT
        origins.forget(session)
    assert set(kept(db)) == {STAGING}


def test_an_unknown_key_is_counted_for_nobody(app: Flask, db: Database, newsroom: Newsroom) -> None:
    client = app.test_client()
    assert send(client, fields(newsroom.site) | {"site": "nobody"}, WWW).status_code == 403
    app.extensions["refusals"].write()
    assert kept(db) == {}


def open_form(client: FlaskClient, site: Site, **asked: str) -> str:
    """The token of the form without script."""
    page = client.get(f"/report/{site.key}", query_string=asked).get_data(as_text=True)
    return page.partition('name="token" value="')[2].partition('"')[0]


def test_the_form_takes_a_report_from_an_address_that_is_not_the_sites(
    client: FlaskClient, db: Database, newsroom: Newsroom
) -> None:
    """Nothing is lost; the article is the one of the same path at the site, where it was read is kept, and never asked."""
    for owned, read_at, article in ELSEWHERE:
        newsroom.change(Site, origins=owned)
        sent = fields(newsroom.site, url=read_at)
        token = open_form(client, newsroom.site, url=read_at, exact="teh")
        assert client.post(f"/report/{newsroom.site.key}", data=sent | {"token": token}).status_code == 303, read_at
        with db.read() as session:
            report = session.scalars(select(Report).where(Report.client_id == sent["id"])).one()
            assert (report.url, report.case.article.url, report.case.page_url) == (article, article, "")
            assert report.page_url == read_at.partition("&utm")[0]
            assert (report.prefix, report.suffix) == (sent["prefix"], sent["suffix"])


def test_the_form_still_asks_for_an_address_where_there_is_none(client: FlaskClient, newsroom: Newsroom) -> None:
    token = open_form(client, newsroom.site, exact="teh")
    for url in ("", "nonsense", "javascript:alert(1)", "https://ann:secret@copy.example/", "https:///x", "x" * 9000):
        answer = client.post(f"/report/{newsroom.site.key}", data=fields(newsroom.site, url=url) | {"token": token})
        assert answer.status_code == 422
        assert 'id="url-error"' in answer.get_data(as_text=True)


def test_the_form_keeps_what_the_dialog_took_along_when_a_field_is_wrong(
    client: FlaskClient, newsroom: Newsroom
) -> None:
    path = f"/report/{newsroom.site.key}"
    said = fields(newsroom.site, start="7", selection_length="17", title="A <bridge>", source_url="nowhere")
    page = client.post(path, data=said | {"token": "x"}).get_data(as_text=True)
    for name in ("prefix", "suffix", "start", "selection_length"):
        assert f'<input type="hidden" name="{name}" value="{said[name]}">' in page
    assert 'value="A &lt;bridge&gt;"' in page
