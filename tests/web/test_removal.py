"""Deleting can be said: `remove` at the API, on the plain page, and everywhere a wish is told again."""

from __future__ import annotations

import csv
import io
import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from corrections_service import create_app
from corrections_service.rules.catalogue import catalogue_in
from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import Role
from corrections_service.services import exchange, forgetting, joining, parting, reports, siblings, sources, wishes
from corrections_service.services.imports import Outcome, take_in
from corrections_service.services.reports import Fields
from corrections_service.settings import Settings
from corrections_service.store.models import Article, Case, Delivery, Report
from corrections_service.work.mail import Mailer
from tests.databases import SECRET
from tests.services.newsroom import Newsroom
from tests.web.visitors import signed_in

FOX = {"exact": "the", "prefix": "The fox jumps over the ", "suffix": " lazy dog, and nobody saw it.", "suggestion": ""}
GONE = "These words should go"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Anybody."""
    return app.test_client(use_cookies=False)


def send(client: FlaskClient, newsroom: Newsroom, *, as_form: bool = False, **changes: Any) -> Any:
    """Send a report of the doubled word, with changes."""
    good = {"site": newsroom.site.key, "url": "https://news.example/fox", "id": str(uuid.uuid4()), **FOX}
    how = {"data": {**good, **changes}} if as_form else {"json": {**good, **changes}}
    return client.post("/api/v1/reports", headers={"Origin": "https://news.example"}, **how)


def at(page: Any, selector: str) -> Any:
    """What stands at one place of a page."""
    found = page.css_first(selector)
    assert found is not None, selector
    return found


def stored(newsroom: Newsroom) -> list[tuple[bool, str]]:
    """What each stored report wishes: whether the words should go, and what should stand there."""
    with newsroom.db.read() as session:
        return [(one.remove, one.suggestion) for one in session.scalars(select(Report).order_by(Report.id))]


def wrong(answer: Any) -> list[str]:
    """The fields that an answer calls wrong."""
    return [one["field"] for one in answer.json["errors"]]


@pytest.mark.parametrize(
    ("said", "is_meant"), [("1", True), (1, True), (True, True), ("", False), ("0", False), (0, False), (False, False)]
)
def test_one_says_that_the_words_should_go_and_an_empty_suggestion_alone_says_nothing(
    client: FlaskClient, newsroom: Newsroom, said: Any, is_meant: bool
) -> None:
    assert send(client, newsroom, remove=said).status_code == 201
    assert send(client, newsroom, as_form=True, remove=str(int(said or 0))).status_code == 201
    assert send(client, newsroom).status_code == 201
    assert stored(newsroom) == [(is_meant, ""), (is_meant, ""), (False, "")]


@pytest.mark.parametrize("said", ["2", "yes", "true", 2, -1, ["1"], {"a": 1}, 1.5, "1\n", "１"])
def test_anything_else_is_called_wrong_at_its_field(client: FlaskClient, newsroom: Newsroom, said: Any) -> None:
    answer = send(client, newsroom, remove=said)
    assert (answer.status_code, wrong(answer)) == (422, ["remove"])
    assert stored(newsroom) == []


def test_words_that_should_go_and_be_replaced_are_called_wrong_at_the_field(
    client: FlaskClient, newsroom: Newsroom
) -> None:
    answer = send(client, newsroom, remove="1", suggestion="a")
    assert (answer.status_code, wrong(answer)) == (422, ["remove"])
    assert send(client, newsroom, remove="1", suggestion=" the ").status_code == 201, "as a plain form fills it in"
    assert send(client, newsroom, remove="1", suggestion="\u200b ").status_code == 201, "nothing that anybody sees"
    assert stored(newsroom) == [(True, ""), (True, "")]


def test_only_words_that_are_named_can_go(client: FlaskClient, newsroom: Newsroom) -> None:
    answer = send(client, newsroom, remove="1", exact="", comment="Take it out.")
    assert (answer.status_code, wrong(answer)) == (422, ["remove"])
    assert send(client, newsroom, remove="1", exact="", place="over the the lazy dog").status_code == 201


def test_the_same_report_with_the_wish_is_another_content(client: FlaskClient, newsroom: Newsroom) -> None:
    name = str(uuid.uuid4())
    assert [send(client, newsroom, id=name, remove="1").status_code for _ in range(2)] == [201, 200]
    assert send(client, newsroom, id=name).status_code == 422


def test_what_was_stored_before_there_was_this_wish_is_still_the_same_report(newsroom: Newsroom) -> None:
    """An acknowledged report that is sent again after an update, and one that joins a case of before."""
    fields = Fields(
        "7f2c1a52-8a55-4d1e-9c62-0b6a3f7f1d11", "https://news.example/fox", "the", "over the ", " lazy dog."
    )
    first = newsroom.db.intake(reports.submit, site=newsroom.site, fields=fields, secret=SECRET)
    before = "0a5648c215b7cf7509c417f86f9bdceab7eb92263e29f627662be813d4a25f67"
    newsroom.change(Report, content_sha256=before)
    again = newsroom.db.intake(reports.submit, site=newsroom.site, fields=fields, secret=SECRET)
    assert (again.replayed, again.reference) == (True, first.reference)
    key = joining.key_of(1, wishes.sighting(fields), "", "")
    assert key == "1:d35f81e782a26fcb211c9b4a506a6b2a:e3b0c44298fc1c149afbf4c8"


def test_different_wishes_for_the_same_words_are_one_case_whichever_comes_first(
    client: FlaskClient, newsroom: Newsroom
) -> None:
    """The grouping rules judge by what is changed: words that go and words that are replaced are the same words."""
    said: tuple[dict[str, Any], ...] = ({"remove": "1"}, {"suggestion": "a"}, {"email": "ann@readers.example"})
    said[1]["email"] = "bob@readers.example"
    counts = [send(client, newsroom, **wish).json["readers"] for wish in said]
    assert counts == [1, 2, 3]
    with newsroom.db.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.remove, case.suggestion, case.kind) == (True, "", Kind.SPELLING)


def test_the_plain_page_asks_for_it_and_shows_it_again_when_something_is_wrong(
    client: FlaskClient, newsroom: Newsroom
) -> None:
    address = f"/report/{newsroom.site.key}"
    page = LexborHTMLParser(client.get(address, query_string={"url": "https://news.example/fox", "exact": "the"}).text)
    box = at(page, "input[name=remove]")
    assert (box.attributes["type"], box.attributes["value"]) == ("checkbox", "1")
    assert GONE in at(page, "label[for=remove]").text()
    hidden: dict[str, Any] = {
        str(one.attributes["name"]): one.attributes["value"] for one in page.css("input[type=hidden]")
    }
    typed = {**hidden, "exact": "the", "suggestion": "", "remove": "1", "comment": "x" * 1001}
    again = LexborHTMLParser(client.post(address, data=typed).text)
    assert "checked" in at(again, "input[name=remove]").attributes
    assert at(again, "#suggestion").text() == ""
    both = client.post(address, data={**typed, "comment": "", "suggestion": "a"})
    told = LexborHTMLParser(both.text)
    assert both.status_code == 422
    assert at(told, "#remove-error").text() == catalogue_in("en")("pages.wrong_remove")
    sent = client.post(address, data={**typed, "comment": "", "suggestion": "the"})
    assert sent.status_code == 303
    assert stored(newsroom) == [(True, "")]
    status = client.get(sent.location).text
    assert GONE in status
    assert re.search(r"<dt>It should say</dt><dd>These words should go</dd>", status)


def test_every_program_desk_and_table_says_that_the_words_should_go(
    app: Flask, client: FlaskClient, newsroom: Newsroom, database_settings: Settings
) -> None:
    visitor = signed_in(app, newsroom.db, newsroom.hire(Role.ADMIN))
    send(client, newsroom, remove="1")
    with newsroom.db.read() as session:
        number = session.scalars(select(Case.id)).one()
    row = at(LexborHTMLParser(visitor.get("/queue").text), f"[data-case='{number}'] .words")
    assert at(row, "del").text() == "the"
    assert "over the" in row.text()
    assert "lazy dog" in row.text()
    assert "these words should go" in row.text()
    page = LexborHTMLParser(visitor.get(f"/cases/{number}").text)
    assert at(page, ".passage del").text() == "the"
    assert GONE in at(page, "[aria-labelledby=quote-title]").text()
    assert "have been removed" in at(page, "#notice").text()
    with newsroom.db.read() as session:
        made = Mailer(create_app(database_settings, database=newsroom.db), database_settings)
        mail = made.compose([session.scalars(select(Delivery)).one()])
        assert GONE in (mail.body or "")
        assert GONE in (mail.html or "")
        assert "<del" in (mail.html or "")
        table = "".join(exchange.csv_lines(session, newsroom.site))
    (line,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline=""))
    assert line["remove"] == "1"


def test_a_table_is_taken_in_with_the_wish(newsroom: Newsroom, tmp_path: Any) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(
        "url,exact,remove\nhttps://news.example/a,the the,1\nhttps://news.example/b,the,\nhttps://news.example/c,a,x\n"
    )
    rows = sources.read(file, "csv", newsroom.site.origins)
    found = [(outcome, row.wrong) for row, outcome in take_in(newsroom.db, newsroom.site, rows, secret=SECRET)]
    assert [outcome for outcome, _ in found] == [Outcome.IMPORTED, Outcome.IMPORTED, Outcome.BAD]
    assert "remove" in found[2][1]
    assert stored(newsroom) == [(True, ""), (False, "")]


def test_a_case_that_is_split_off_and_one_that_is_forgotten_keep_and_lose_the_wish(
    client: FlaskClient, newsroom: Newsroom
) -> None:
    sent = [send(client, newsroom, suggestion="a").json, send(client, newsroom, remove="1").json]
    editor = newsroom.hire()
    with newsroom.db.read() as session:
        first, second = session.scalars(select(Report).order_by(Report.id)).all()
        token = sent[1]["status_url"].rpartition("/")[2]
    own = newsroom.act(parting.split, first.case_id, editor, second.id).id
    assert newsroom.look(own).remove
    with newsroom.db.write() as session:
        forgetting.erase(session, reports.by_token(session, token))
    assert not newsroom.look(own).remove
    assert stored(newsroom) == [(False, "a"), (False, "")]


def test_a_doubled_word_is_not_looked_for_alone_in_other_articles(newsroom: Newsroom) -> None:
    """Each other article would hold it; where it stands twice it is wrong, not where it stands."""
    reported: tuple[dict[str, Any], ...] = (
        {"exact": "which", "prefix": "the bridge which ", "suffix": " the king saw.", "remove": True},
        {"exact": "which which", "prefix": "the bridge ", "suffix": " the king saw.", "suggestion": "which"},
    )
    for number, said in enumerate(reported):
        case = newsroom.case_of(newsroom.send(**{"suggestion": "", **said}, url=f"https://news.example/{number}"))
        newsroom.send(url="https://news.example/other", comment="x", exact="", suggestion="")
        with newsroom.db.write() as session:
            other = session.scalars(select(Article).where(Article.url == "https://news.example/other")).one()
            other.words = "The ferry which left at nine came back at ten."
        with newsroom.db.read() as session:
            assert siblings.search(session, session.get_one(Case, case)) == []
