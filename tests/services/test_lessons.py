"""A site learns what is spam from its editors, and unlearns what they take back; nothing is deleted (I6)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from corrections_service.rules.lessons import LEAST, REASON
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import cases, forgetting, history, reports, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Report, SpamWord
from tests.services.newsroom import Newsroom

SPAM = "Best casino bonus, cheap pills and loans"
HONEST = "The name of the minister is misspelled here"


def counts(newsroom: Newsroom) -> dict[str, tuple[int, int]]:
    """What the site has learned."""
    with newsroom.db.read() as session:
        rows = session.scalars(select(SpamWord).where(SpamWord.site_id == newsroom.site.id))
        return {row.word: (row.spam, row.fine) for row in rows}


def told(newsroom: Newsroom, number: int, comment: str, **changes: Any) -> int:
    """The case of a report of its own with this comment."""
    quote = {"exact": f"wrong {number}", "suggestion": f"wrong {number}", "prefix": "", "suffix": ""}
    newsroom.refresh()
    return newsroom.case_of(newsroom.send(**{**quote, "comment": comment, **changes}))


@pytest.fixture
def judged(newsroom: Newsroom, editor: int) -> list[int]:
    """A newsroom that has judged enough; the cases that it called spam."""
    spam = [told(newsroom, number, SPAM) for number in range(LEAST)]
    for number, case in enumerate(spam):
        newsroom.act(cases.mark_spam, case, editor)
        newsroom.decide(told(newsroom, 100 + number, HONEST), editor, Resolution.NOT_AN_ERROR)
    return spam


def test_what_is_like_spam_is_set_aside_with_the_words_that_decided(newsroom: Newsroom, judged: list[int]) -> None:
    case = newsroom.look(told(newsroom, 1000, f"{SPAM}!"))
    assert case.state is State.SPAM
    with newsroom.db.read() as session:
        report = session.scalars(select(Report).where(Report.case_id == case.id)).one()
        assert report.comment == f"{SPAM}!"
        assert any(reason.startswith(REASON) and "casino" in reason for reason in report.spam_reasons)
    assert newsroom.look(told(newsroom, 1001, HONEST)).state is State.NEW
    assert newsroom.look(told(newsroom, 1002, "")).state is State.NEW


def test_brought_back_it_teaches_otherwise_and_undo_takes_that_back(
    newsroom: Newsroom, editor: int, judged: list[int]
) -> None:
    before = counts(newsroom)
    case = told(newsroom, 1000, SPAM)
    newsroom.act(cases.not_spam, case, editor)
    assert newsroom.look(case).state is State.NEW
    assert counts(newsroom)["casino"] == (LEAST, 1)
    newsroom.act(history.undo, case, editor)
    assert counts(newsroom) == before
    # What was learned from a case is learned once, and then the other way round.
    newsroom.act(cases.not_spam, judged[0], editor)
    assert counts(newsroom)["casino"] == (LEAST - 1, 1)
    newsroom.decide(judged[0], editor, Resolution.NOT_AN_ERROR)
    assert counts(newsroom)["casino"] == (LEAST - 1, 1)
    newsroom.act(history.undo, judged[0], editor)
    assert counts(newsroom)["casino"] == (LEAST - 1, 1)
    newsroom.act(cases.mark_spam, judged[0], editor)
    newsroom.act(history.undo, judged[0], editor)
    assert counts(newsroom)["casino"] == (LEAST - 1, 1)
    for spam in judged[1:]:
        newsroom.act(history.undo, spam, editor)
    assert "pills" in counts(newsroom)
    assert newsroom.look(told(newsroom, 1001, SPAM)).state is State.NEW


def test_one_site_learns_nothing_from_another_and_a_new_one_nothing_at_all(
    db: Database, newsroom: Newsroom, judged: list[int]
) -> None:
    with db.write() as session:
        other = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="desk@gazette.example")
    neighbour = Newsroom(db, other)
    case = told(neighbour, 1, SPAM, url="https://gazette.example/a")
    assert neighbour.look(case).state is State.NEW
    assert counts(neighbour) == {}


def test_an_erased_report_teaches_no_more(newsroom: Newsroom, editor: int) -> None:
    case = told(newsroom, 1, SPAM)
    newsroom.act(cases.mark_spam, case, editor)
    assert counts(newsroom)["casino"] == (1, 0)
    with newsroom.db.write() as session:
        forgetting.erase(session, reports.of_case(session, newsroom.look(case), 0, 1)[0])
    assert counts(newsroom) == {}


def test_a_wave_of_the_same_words_is_one_lesson(newsroom: Newsroom, editor: int) -> None:
    case = told(newsroom, 1, SPAM)
    for _ in range(30):
        told(newsroom, 1, SPAM)
    newsroom.act(cases.mark_spam, case, editor)
    assert counts(newsroom)["casino"][0] <= 20
