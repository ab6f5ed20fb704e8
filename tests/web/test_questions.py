"""Who was asked by mail finds where to answer, and is heard by who works on the case, wherever editors put the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from corrections_service.rules.workflow import Resolution, State, Turn
from corrections_service.services import cases, joining, parting, readers, reports
from corrections_service.services.reports import Submitted
from corrections_service.store.models import Delivery, DeliveryState, now
from tests.services.newsroom import SILENT, Newsroom

QUESTION = "In which year did you see it?"
OTHER = {
    "exact": "by the king",
    "prefix": "The bridge across the harbour was opend in 1987 ",
    "suggestion": "by the queen",
    "email": "bob@readers.example",
}
FORM = 'value="answer"'


def page_of(app: Flask, sent: Submitted) -> str:
    return app.test_client(use_cookies=False).get(f"/r/{sent.token}").text


def answer(app: Flask, sent: Submitted, words: str) -> None:
    data = {"action": "answer", "text": words}
    assert app.test_client(use_cookies=False).post(f"/r/{sent.token}", data=data).status_code == 303


def report_id(newsroom: Newsroom, sent: Submitted) -> int:
    with newsroom.db.read() as session:
        return reports.by_token(session, sent.token).id


@pytest.fixture
def asked(newsroom: Newsroom) -> tuple[Submitted, int, int]:
    """A report whose reader was asked, its case, and who asked."""
    sent = newsroom.send(email="ann@readers.example")
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.act(cases.claim, case, editor)
    newsroom.act(cases.ask, case, editor, QUESTION)
    newsroom.change(Delivery, state=DeliveryState.SENT, sent_at=now())
    return sent, case, editor


def merged(newsroom: Newsroom, case: int, editor: int) -> int:
    home = newsroom.case_of(newsroom.send(**OTHER))
    newsroom.act(joining.merge, case, editor, home)
    return home


def merged_aside(newsroom: Newsroom, case: int, editor: int) -> int:
    home = merged(newsroom, case, editor)
    newsroom.act(cases.snooze, home, editor, now() + timedelta(days=1))
    return home


def merged_twice(newsroom: Newsroom, case: int, editor: int) -> int:
    between = merged(newsroom, case, editor)
    ferry = {"exact": "at nine", "prefix": "It leaves ", "suggestion": "at ten", "email": "cid@readers.example"}
    home = newsroom.case_of(newsroom.send(**ferry))
    newsroom.act(joining.merge, between, editor, home)
    return home


def taken_out(newsroom: Newsroom, case: int, editor: int) -> int:
    merged(newsroom, case, editor)
    newsroom.act(cases.reopen, case, editor)
    return case


def woken(newsroom: Newsroom, case: int, editor: int) -> int:
    newsroom.act(cases.snooze, case, editor, now() + timedelta(days=1), more_readers=1)
    newsroom.send(block="2001:db8::", email="cid@readers.example")
    with newsroom.db.write() as session:
        assert cases.wake(session) == 1
    return case


@pytest.mark.parametrize("put", [merged, merged_aside, merged_twice, taken_out, woken])
def test_the_form_stands_where_the_mail_leads_and_the_answer_reaches_the_case(
    app: Flask, newsroom: Newsroom, asked: tuple[Submitted, int, int], put: Callable[[Newsroom, int, int], int]
) -> None:
    """Kind: the question stood at a case that the report was under no more, or that waited for nothing any more."""
    sent, case, editor = asked
    home = put(newsroom, case, editor)
    page = page_of(app, sent)
    assert QUESTION in page
    assert page.count(FORM) == 1
    answer(app, sent, "In 1987.")
    assert newsroom.look(home).turn is Turn.ANSWERED
    assert newsroom.look(home).state in (State.NEW, State.OPEN)
    assert "answered" in newsroom.history(home)
    assert len(newsroom.owed("case_turn")) == 1
    page = page_of(app, sent)
    assert FORM not in page
    assert page.index(QUESTION) < page.index("In 1987.")


def test_a_report_that_was_split_off_takes_its_question_along(
    app: Flask, newsroom: Newsroom, asked: tuple[Submitted, int, int]
) -> None:
    sent, case, editor = asked
    newsroom.send(email="cid@readers.example")
    new = newsroom.act(parting.split, case, editor, report_id(newsroom, sent)).id
    assert FORM in page_of(app, sent)
    answer(app, sent, "In 1987.")
    assert newsroom.look(new).turn is Turn.ANSWERED
    assert newsroom.look(case).state is State.WAITING


def test_an_answer_by_mail_reaches_the_case_that_the_report_is_under(
    newsroom: Newsroom, asked: tuple[Submitted, int, int]
) -> None:
    sent, case, editor = asked
    home = merged_aside(newsroom, case, editor)
    with newsroom.db.write() as session:
        readers.answer_by_mail(session, reports.by_token(session, sent.token), "In 1987.", [])
    assert (newsroom.look(home).turn, newsroom.look(home).state) == (Turn.ANSWERED, State.OPEN)
    assert len(newsroom.owed("case_turn")) == 1


def test_nobody_is_asked_any_more_once_it_is_answered_decided_undone_or_taken_back(
    app: Flask, newsroom: Newsroom, asked: tuple[Submitted, int, int]
) -> None:
    sent, case, editor = asked
    answer(app, sent, "In 1987.")
    home = merged(newsroom, case, editor)
    page = page_of(app, sent)
    assert (QUESTION in page, "In 1987." in page, FORM in page) == (True, True, False)
    newsroom.act(cases.ask, home, editor, "And in which month?")
    assert FORM in page_of(app, sent)
    newsroom.decide(home, editor, Resolution.FIXED, **SILENT)
    assert FORM not in page_of(app, sent)
    newsroom.act(cases.reopen, home, editor)
    assert FORM not in page_of(app, sent)


def test_a_question_that_came_along_is_over_with_the_next_decision_or_with_its_reader(
    app: Flask, newsroom: Newsroom, asked: tuple[Submitted, int, int]
) -> None:
    sent, case, editor = asked
    home = merged(newsroom, case, editor)
    newsroom.decide(home, editor, Resolution.FIXED, **SILENT)
    newsroom.act(cases.reopen, home, editor)
    assert FORM not in page_of(app, sent)


def test_a_question_that_nobody_was_mailed_is_put_to_nobody(app: Flask, newsroom: Newsroom) -> None:
    sent = newsroom.send(email="ann@readers.example")
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.act(cases.ask, case, editor, QUESTION)
    newsroom.send(email="cid@readers.example")
    newsroom.act(parting.split, case, editor, report_id(newsroom, sent))
    assert QUESTION not in page_of(app, sent)
