"""An answer leads to the very place (E4), and asks its reader one question at the end, which is counted once (E11)."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

from flask import Flask
from sqlalchemy import select

from corrections_service.rules.catalogue import LANGUAGES
from corrections_service.rules.workflow import Decision, Resolution
from corrections_service.services import cases, readers
from corrections_service.store.models import Case, Editor, Report, Site, now
from tests.web.visitors import Visitor, dump, signed_in
from tests.work.postroom import Desk
from tests.work.test_turns import at_once

BASE = "http://corrections.example"


def answered(desk: Desk, **said: str) -> str:
    """The plain text of the answer that a reader gets."""
    number = desk.report(email="ann@example.org", **said)
    desk.mails()
    desk.decide(number)
    at_once(desk)
    return desk.mails()[-1].part("plain")


def declined(desk: Desk, **said: str) -> str:
    """The plain text of the answer that nothing is wrong."""
    number = desk.report(**{"email": "ann@example.org", **said})
    desk.mails()
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        case.article.read_status, case.article.headline = "read", "The bridge that waited"
        case.article.canonical_url = "https://news.example/bridge"
        cases.decide(session, case, Decision(Resolution.NOT_AN_ERROR), actor=actor)
    at_once(desk)
    return desk.mails()[-1].part("plain")


def test_an_answer_leads_to_the_very_place_by_the_article_s_own_words(desk: Desk) -> None:
    """Not by what the reader marked or wrote, of which nothing stands in a mail (P-13)."""
    text = answered(desk, exact="2.4 kilometres, zebra", suggestion="2.4 metres, quagga")
    link = re.search(r"https://news\.example/bridge#:~:text=(\S+)", text)
    assert link is not None
    assert unquote(link[1]).startswith("The river flows at")
    assert "zebra" not in text
    assert "quagga" not in text


def test_an_answer_that_nothing_is_wrong_leads_to_the_passage_as_it_stands(desk: Desk) -> None:
    text = declined(desk)
    assert re.search(r"https://news\.example/bridge\s", text), "nobody has seen the passage: the article's own address"


def test_one_click_on_the_page_says_whether_an_answer_helped_and_is_counted_once(desk: Desk, app: Flask) -> None:
    link = re.search(rf"{BASE}(/r/\S+)#helped", declined(desk))
    assert link is not None
    reader, path = Visitor(app), link[1]
    before = dump(desk.db)
    for _ in range(10):
        assert "Did this answer help you?" in reader.get(path).get_data(as_text=True)
    assert dump(desk.db) == before
    assert reader.post(path, action="helped_yes").status_code == 303
    assert "Thank you for telling us." in reader.get(path).get_data(as_text=True)
    reader.post(path, action="helped_no")
    with desk.db.read() as session:
        assert session.scalars(select(Report)).one().helped is True
        days = (now().date() - timedelta(days=1), now().date() + timedelta(days=1))
        assert readers.count_helped(session, [session.get_one(Site, desk.site.id)], *days) == (1, 1)
    page = signed_in(app, desk.db, desk.editor.id).get("/reports").get_data(as_text=True)
    assert "The answer helped 1 of the 1 reader who said" in " ".join(page.split())


def test_nobody_is_asked_whether_an_answer_helped_before_there_is_one(desk: Desk, app: Flask) -> None:
    desk.report(email="ann@example.org")
    link = re.search(rf"{BASE}(/r/\S+)", desk.mails()[-1].part("plain"))
    assert link is not None
    reader = Visitor(app)
    assert "helped" not in reader.get(link[1]).get_data(as_text=True)
    assert reader.post(link[1], action="helped_yes").status_code == 409
    with desk.db.read() as session:
        assert session.scalars(select(Report)).one().helped is None


def test_the_question_is_asked_in_the_language_of_the_report(desk: Desk, app: Flask) -> None:
    questions = set()
    for at, language in enumerate(LANGUAGES):
        text = declined(desk, language=language, email=f"{at}@example.org", url=f"https://news.example/{at}")
        link = re.search(rf"{BASE}(/r/\S+)#helped", text)
        assert link is not None
        page = Visitor(app).get(link[1]).get_data(as_text=True)
        title = re.search(r'<h2 id="helped-title">([^<]+)', page)
        assert title is not None
        questions.add(title[1])
    assert len(questions) == len(LANGUAGES)
