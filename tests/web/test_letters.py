"""Incoming mail on the desk's pages: what was set aside is seen, put into its case or away, by who may (D5)."""

from __future__ import annotations

import pytest
from flask import Flask

from corrections_service.rules.incoming import read
from corrections_service.rules.workflow import Role
from corrections_service.services import incoming, reports
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Letter, Place
from tests.rules.replies import text_letter
from tests.services.newsroom import Newsroom
from tests.web.visitors import signed_in

PATH = "/settings/sites/news/mail"
HOSTILE = "<script>alert(1)</script> \u202etxt.exe"


@pytest.fixture
def database_settings(sqlite_settings: Settings) -> Settings:
    """What is shown is the same on both databases."""
    return sqlite_settings


@pytest.fixture
def aside(newsroom: Newsroom, db: Database, sqlite_settings: Settings) -> int:
    """A letter that answers nothing."""
    with db.write() as session:
        raw = text_letter(HOSTILE, subject=HOSTILE).replace(b"In-Reply-To", b"X-Nothing")
        letter = incoming.take_in(session, read(raw), sqlite_settings)
        assert letter is not None
        assert letter.place is Place.ASIDE
        return letter.id


def test_what_was_set_aside_is_in_sight_and_can_be_put_away(
    app: Flask, db: Database, newsroom: Newsroom, aside: int
) -> None:
    visitor = signed_in(app, db, newsroom.hire())
    assert "1 set aside" in visitor.get("/settings/").text
    page = visitor.get(PATH).text
    assert incoming.UNKNOWN in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert visitor.post(PATH, action="done", number=str(aside)).status_code == 303
    assert "Nothing waits." in visitor.get(PATH).text
    assert visitor.post(PATH, action="done", number=str(aside)).status_code == 404
    assert visitor.post(PATH, action="case", number=str(aside)).status_code == 404


@pytest.mark.parametrize("action", ["", "drop"])
def test_what_no_form_asks_for_changes_nothing(
    action: str, app: Flask, db: Database, newsroom: Newsroom, aside: int
) -> None:
    assert signed_in(app, db, newsroom.hire()).post(PATH, action=action, number=str(aside)).status_code == 400
    with db.read() as session:
        assert session.get_one(Letter, aside).place is Place.ASIDE


def test_where_mail_is_answered_is_chosen_by_administrators_alone(app: Flask, db: Database, newsroom: Newsroom) -> None:
    editor, admin = signed_in(app, db, newsroom.hire()), signed_in(app, db, newsroom.hire(Role.ADMIN))
    assert editor.post(PATH, action="address", address="corrections@news.example").status_code == 404
    for wrong in (
        "corrections",
        "a b@news.example",
        "corrections@news.example, x@evil.test",
        f"{'a' * 30}@news.example",
    ):
        answer = admin.post(PATH, action="address", address=wrong)
        assert answer.status_code == 422
        assert wrong in answer.text
    assert admin.post(PATH, action="address", address="*@Replies.news.example").status_code == 303
    newsroom.refresh()
    assert newsroom.site.policy["reply_address"] == "*@replies.news.example"


def test_what_a_mail_holds_besides_its_answer_is_at_its_case_for_editors(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """Nothing that somebody wrote is out of sight; telephone numbers in it are masked until they are shown."""
    sent = newsroom.send(email="ann@readers.example")
    case = newsroom.case_of(sent)
    rest = "Ann Reader, +44 20 7946 0123\n> What year?"
    with db.write() as session:
        report = reports.by_token(session, sent.token)
        facts = {"site_id": report.site_id, "case_id": case, "report_id": report.id, "place": Place.CASE}
        session.add(Letter(key="k", sort="person", words="In 1978.", rest=rest, **facts))
    page = signed_in(app, db, newsroom.hire()).get(f"/cases/{case}").text
    assert "Ann Reader" in page
    assert "7946" not in page
    assert "Ann Reader" not in signed_in(app, db, newsroom.hire(Role.VIEWER)).get(f"/cases/{case}").text
