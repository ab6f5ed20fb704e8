"""A case that is its editor's turn says so in its row and on its page, and is seen by a POST alone: GET changes nothing."""

from __future__ import annotations

from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from corrections_service.rules.workflow import Resolution
from corrections_service.services import people, readers
from corrections_service.services.history import record
from corrections_service.store.database import Database
from corrections_service.store.models import Case, EventKind, Report
from tests.services.newsroom import Newsroom
from tests.web.test_desk import Hire, main, reported
from tests.web.test_desk import hire as hire
from tests.web.visitors import Visitor, signed_in


def rows(visitor: Visitor, path: str = "/queue") -> list[tuple[int, str]]:
    """The cases of a list, each with what its mark says."""
    page = LexborHTMLParser(visitor.get(path).get_data(as_text=True))
    found = []
    for row in page.css("[data-case]"):
        mark = row.css_first(".turn")
        found.append((int(str(row.attributes["data-case"])), " ".join(mark.text().split()) if mark else ""))
    return found


def test_a_mark_is_a_word_and_a_sign_and_the_case_falls_into_place_once_it_was_seen(
    newsroom: Newsroom, hire: Hire
) -> None:
    first, second = reported(newsroom, 1), reported(newsroom, 2)
    me, viewer = hire(), hire(role="viewer", email="viewer@news.example")
    with newsroom.db.write() as session:
        case = session.get_one(Case, first)
        people.tell(session, case, record(session, case, EventKind.CAME_BACK), "came_back")
    assert rows(me) == [(first, "↺ Came back"), (second, "")]
    assert rows(me, "/queue?view=back") == [(first, "↺ Came back")]
    page = me.get(f"/cases/{first}").get_data(as_text=True)
    assert "The case was closed, and the wrong words stand in the article." in page
    assert "The wrong words are back on the page" in page
    assert f'action="/cases/{first}/seen' in page, "without script, a button says that one has looked"
    assert f"/cases/{first}/seen" not in viewer.get(f"/cases/{first}").get_data(as_text=True)
    viewer.post(f"/cases/{first}/here", doing="looking")
    assert rows(me)[0][0] == first, "a GET and a viewer's look change nothing"
    me.post(f"/cases/{first}/seen")
    assert rows(me) == [(second, ""), (first, "↺ Came back")]
    assert main(me.get(f"/cases/{first}")).css_first(".turn.is-unseen") is None


def test_the_history_says_that_nothing_came_back_where_the_words_were_never_seen_corrected(
    newsroom: Newsroom, hire: Hire
) -> None:
    number, me = reported(newsroom, 1), hire()
    with newsroom.db.write() as session:
        record(session, session.get_one(Case, number), EventKind.CAME_BACK, still=True)
    page = me.get(f"/cases/{number}").get_data(as_text=True)
    assert "were never seen corrected" in page
    assert "back on the page" not in page


def test_what_a_reader_answers_stands_with_the_question_above_all_else(newsroom: Newsroom, hire: Hire) -> None:
    number, me = reported(newsroom, 1), hire()
    with newsroom.db.write() as session:
        case = session.get_one(Case, number)
        record(session, case, EventKind.ASKED, question="Which of the two bridges?")
        people.tell(session, case, record(session, case, EventKind.ANSWERED, text="The northern one."), "answered")
    head = main(me.get(f"/cases/{number}")).css_first(".case-head").text()
    assert "The northern one." in head
    assert "Which of the two bridges?" in head


def test_who_decided_is_told_how_somebody_else_gets_to_decide(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """Where nobody else may, there is no colleague to give the case to, and the reader was promised another person."""
    number, editor = reported(newsroom, 1), newsroom.hire()
    newsroom.decide(number, editor, Resolution.WONT_CHANGE, reason="It is right.")
    with db.write() as session:
        readers.appeal(session, session.scalars(select(Report)).one(), "It is not.")
    me = signed_in(app, db, editor)
    page = main(me.get(f"/cases/{number}")).text()
    assert "nobody else here may decide it: an administrator invites another person (Settings, People)" in page
    assert "Give the case to a colleague." not in page
    newsroom.hire(email="bo@news.example")
    page = main(me.get(f"/cases/{number}")).text()
    assert "another person decides now. Give the case to a colleague." in page
    assert "nobody else here" not in page
