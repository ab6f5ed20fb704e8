"""Where the words were read is kept beside the address of their article, and shown to the desk."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from corrections_service.rules.workflow import Role
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Report, Site
from tests.services.newsroom import Newsroom
from tests.web.senders import ORIGIN, fields, only, send
from tests.web.visitors import signed_in

ARTICLE = f"{ORIGIN}/bridge"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A program that sends reports."""
    return app.test_client()


def case_of(db: Database) -> Case:
    """The one case there is."""
    with db.read() as session:
        return session.scalars(select(Case)).one()


@pytest.mark.parametrize(
    ("said", "kept", "looked_for"),
    [
        (f"{ARTICLE}?page=2&utm_source=mail", f"{ARTICLE}?page=2", f"{ARTICLE}?page=2"),
        (f"{ARTICLE}/2", f"{ARTICLE}/2", f"{ARTICLE}/2"),
        (f"{ORIGIN}/", f"{ORIGIN}/", ""),
        (ARTICLE, "", ""),
        ("https://evil.example/bridge?page=2", "", ""),
        ("javascript:alert(1)", "", ""),
        ("x" * 3000, "", ""),
        (f"{ARTICLE}?page=2&token=abc", f"{ARTICLE}?page=2", f"{ARTICLE}?page=2"),
    ],
)
def test_where_it_was_read_is_kept_if_it_is_the_sites_and_never_counts_against_a_report(
    client: FlaskClient, site: Site, db: Database, said: str, kept: str, looked_for: str
) -> None:
    """The words are looked for there only where it is a page of the same article: a list is another one tomorrow."""
    assert send(client, fields(site, url=ARTICLE, page_url=said)).status_code == 201
    assert (only(db).url, only(db).page_url, case_of(db).page_url) == (ARTICLE, kept, looked_for)


def test_two_routes_of_one_app_are_two_articles_and_one_place_is_one(
    client: FlaskClient, site: Site, db: Database
) -> None:
    """The second reader was told that one reader had said it already."""
    for url, readers in (("/app#/a/1", 1), ("/app#/a/2", 1), ("/app#!/a/2", 1), ("/app#/a/1", 2), ("/app#top", 1)):
        another = fields(site, url=ORIGIN + url, email=f"reader{readers}@readers.example")
        assert (send(client, another).json or {})["readers"] == readers, url
    with db.read() as session:
        assert len(session.scalars(select(Case)).all()) == 4


def test_the_same_words_on_two_pages_of_an_article_are_one_article(
    client: FlaskClient, site: Site, db: Database
) -> None:
    """And equal ones one case, wherever they were read."""
    assert (send(client, fields(site, url=ARTICLE, page_url=f"{ARTICLE}?page=2")).json or {})["readers"] == 1
    another = fields(site, url=ARTICLE, email="another@readers.example")
    assert (send(client, another).json or {})["readers"] == 2
    assert case_of(db).page_url == f"{ARTICLE}?page=2"


def test_the_same_report_without_the_new_fields_has_the_hash_that_it_had(
    client: FlaskClient, site: Site, db: Database
) -> None:
    """What waited in a browser while the service was brought up to date is the same report still."""
    values = fields(site, url=ARTICLE, id="7f2c1a52-8a55-4d1e-9c62-0b6a3f7f1d11", comment="Look.")
    send(client, values)
    before = "5de49029d1f6d72bcc9d6b1d446ed653dbfb3180ac95d39095ee80f8fe84810a"
    with db.write() as session:
        session.execute(update(Report).values(content_sha256=before))
    assert send(client, values).headers["Idempotency-Replayed"] == "true"
    assert only(db).content_sha256 == before


def test_the_desk_is_told_of_a_page_of_several_articles(
    app: Flask, client: FlaskClient, site: Site, db: Database, newsroom: Newsroom
) -> None:
    """Where nothing says whose words they are, no article is made up."""
    front = f"{ORIGIN}/news"
    send(client, fields(site, url=front, several="1"))
    send(client, fields(site, url=ARTICLE, page_url=front))
    with db.read() as session:
        several, card = session.scalars(select(Report).order_by(Report.id)).all()
        assert (several.several, card.several) == (True, False)
    editor = signed_in(app, db, newsroom.hire(Role.EDITOR))
    assert "Reported on a page of several articles" in editor.get(f"/cases/{several.case_id}").text
    page = editor.get(f"/cases/{card.case_id}").text
    assert "several articles" not in page
    assert f"read at <bdi>{front}</bdi>" in page
