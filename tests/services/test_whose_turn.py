"""What came back, was appealed, was answered or whose article changed is marked, and first until its editor looked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from corrections_service.rules.workflow import Resolution, Role, State, Turn
from corrections_service.services import cases, history, people, presence, readers
from corrections_service.store import queue
from corrections_service.store.models import Editor, FixState, Report
from tests.services.newsroom import SILENT, Newsroom, see


def come_back(newsroom: Newsroom, case: int, editor: int) -> None:
    see(newsroom, case, FixState.PRESENT, "was opend in 1987")
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    see(newsroom, case, FixState.APPLIED, "was opend in 1987", "was opened in 1987")
    see(newsroom, case, FixState.PRESENT, "was opend in 1987")


def appeal(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    with newsroom.db.write() as session:
        readers.appeal(session, session.scalars(select(Report).where(Report.case_id == case)).one(), "It is 1987.")


def answer(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.act(cases.ask, case, editor, "Where did you read it?")
    with newsroom.db.write() as session:
        readers.answer(session, session.scalars(select(Report).where(Report.case_id == case)).one(), "On the bridge.")


def change_article(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.act(cases.claim, case, editor)
    see(newsroom, case, FixState.PRESENT, "was opend in 1987")
    see(newsroom, case, FixState.CHANGED, "was opend in 1987", "was built in 1987")


WAYS = {
    Turn.CAME_BACK: come_back,
    Turn.APPEALED: appeal,
    Turn.ANSWERED: answer,
    Turn.CHANGED: change_article,
}
each_way = pytest.mark.parametrize(("turn", "happen"), WAYS.items(), ids=[turn.value for turn in WAYS])


@pytest.fixture
def case(newsroom: Newsroom) -> int:
    """The oldest of three cases of an editor who is called Ed."""
    oldest = newsroom.case_of(newsroom.send(email="ann@readers.example"))
    for number in range(2):
        newsroom.send(exact=f"wrong {number}", suggestion=f"right {number}")
    return oldest


@pytest.fixture
def editor(newsroom: Newsroom) -> int:
    return newsroom.hire()


def shown(newsroom: Newsroom, view: str = "inbox", editor: int | None = None) -> list[int]:
    with newsroom.db.read() as session:
        page = queue.cases_page(session, [newsroom.site.id], view=view, editor_id=editor)
        return [case.id for case in page.cases]


def look(newsroom: Newsroom, case: int, editor: int) -> None:
    with newsroom.db.write() as session:
        presence.come(session, case, "looking", actor=session.get_one(Editor, editor))


@each_way
def test_a_case_whose_turn_came_stands_first_until_its_editor_looked_and_keeps_its_mark_until_it_is_decided(
    newsroom: Newsroom, case: int, editor: int, turn: Turn, happen: Callable[[Newsroom, int, int], None]
) -> None:
    before, mia = shown(newsroom), newsroom.hire(email="mia@news.example")
    assert before[-1] == case
    happen(newsroom, case, editor)
    assert newsroom.look(case).turn is turn
    assert shown(newsroom) == [case, *before[:-1]]
    assert shown(newsroom, "back") == [case]
    has_editor = newsroom.look(case).assignee_id == editor
    if has_editor:
        assert shown(newsroom, "mine", editor)[0] == case
        look(newsroom, case, mia)
        assert shown(newsroom)[0] == case, "it is not for another editor to have looked"
    look(newsroom, case, editor)
    assert shown(newsroom) == before
    assert shown(newsroom, "back") == [case]
    newsroom.decide(case, editor if turn is not Turn.APPEALED else mia, Resolution.OPINION)
    assert (newsroom.look(case).turn, shown(newsroom, "back")) == (None, [])
    newsroom.act(history.undo, case, editor if turn is not Turn.APPEALED else mia)
    assert (newsroom.look(case).turn, shown(newsroom, "back")) == (turn, [case]), "the mark is back with the decision"


@each_way
def test_what_ends_a_turn_ends_its_mark_and_what_does_not_leaves_it(
    newsroom: Newsroom, case: int, editor: int, turn: Turn, happen: Callable[[Newsroom, int, int], None]
) -> None:
    happen(newsroom, case, editor)
    newsroom.act(cases.note, case, editor, "Look at this.")
    assert newsroom.look(case).unseen_since is not None
    mia = newsroom.hire(email="mia@news.example")
    newsroom.act(people.assign, case, editor, mia)
    assert newsroom.look(case).unseen_since is not None, "it is hers to look at now"
    newsroom.act(cases.release, case, mia)
    assert (newsroom.look(case).turn, newsroom.look(case).unseen_since) == (turn, None)
    newsroom.act(cases.mark_spam, case, mia)
    assert newsroom.look(case).turn is None


def test_a_case_that_waits_has_its_mark_where_it_waits(newsroom: Newsroom, case: int, editor: int) -> None:
    see(newsroom, case, FixState.PRESENT, "was opend in 1987")
    newsroom.act(cases.ask, case, editor, "Where?")
    see(newsroom, case, FixState.GONE, "was opend in 1987")
    assert newsroom.look(case).state is State.WAITING
    assert shown(newsroom, "waiting") == shown(newsroom, "back") == [case]
    with newsroom.db.read() as session:
        counted = queue.counts(session, [newsroom.site.id], editor_id=editor)
        assert (counted["back"], counted["waiting"], counted["inbox"]) == (1, 1, 2)


def test_a_case_that_an_editor_opens_again_is_nobodys_news(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.OPINION)
    newsroom.act(cases.reopen, case, editor)
    assert (newsroom.look(case).turn, shown(newsroom, "back")) == (None, [])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR])
def test_who_may_not_decide_looks_for_nobody(newsroom: Newsroom, case: int, editor: int, role: Role) -> None:
    answer(newsroom, case, editor)
    other = newsroom.hire(role)
    look(newsroom, case, other)
    assert newsroom.look(case).unseen_since is not None
    look(newsroom, case, editor)
    assert newsroom.look(case).unseen_since is None
