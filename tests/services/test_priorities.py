"""What comes first is weighed in the background, kept with the case, and follows what happens to it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from corrections_service.rules.catalogue import desk_in
from corrections_service.rules.priority import in_words
from corrections_service.rules.workflow import Resolution
from corrections_service.services import cases, clocks, forgetting, priorities, privacy, reports, sites
from corrections_service.store import queue, search
from corrections_service.store.models import NEVER, Article, Case, Event, now
from tests.services.newsroom import FERRY, Newsroom

ANN = "ann@example.org"


def weigh(newsroom: Newsroom) -> None:
    """What the background does every few seconds."""
    with newsroom.db.write() as session:
        search.index_cases(session, 100, priorities.note)
    with newsroom.db.read() as session:
        rows = priorities.weigh_due(session, 100)
    with newsroom.db.write() as session:
        priorities.keep(session, rows)


def reasons(newsroom: Newsroom, case: int) -> str:
    return in_words(newsroom.look(case).priority_reasons or [], desk_in("en"))


def ranked(newsroom: Newsroom, sort: str = "priority") -> list[int]:
    """The inbox in an order."""
    with newsroom.db.read() as session:
        return [case.id for case in queue.cases_page(session, [newsroom.site.id], sort=sort).cases]


def test_a_case_is_weighed_after_it_came_in_and_again_with_each_reader(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send())
    assert newsroom.look(case).priority == 0, "intake leaves it to the background"
    other = newsroom.case_of(newsroom.send(**FERRY))
    weigh(newsroom)
    assert reasons(newsroom, case) == ""
    assert reasons(newsroom, other) in ("", "changes a number", "a fact, changes a number")
    for number in range(3):
        newsroom.send(block=f"192.0.2.{number}")
    weigh(newsroom)
    assert "4 readers" in reasons(newsroom, case)


def test_an_article_of_today_comes_before_an_older_one(newsroom: Newsroom) -> None:
    cases_of = [newsroom.case_of(newsroom.send(url=f"https://news.example/{name}")) for name in ("new", "old")]
    with newsroom.db.write() as session:
        for article in session.scalars(select(Article)):
            is_new = article.url.endswith("new")
            article.published_at = now() - (timedelta(hours=1) if is_new else timedelta(days=30))
    weigh(newsroom)
    assert ranked(newsroom) == cases_of
    assert ranked(newsroom, "newest") == cases_of[::-1]
    assert ranked(newsroom, "oldest") == cases_of
    assert reasons(newsroom, cases_of[0]) == "article of today"
    newsroom.change(Article, published_at=now() - timedelta(days=9))
    newsroom.change(Case, rank_at=now())
    weigh(newsroom)
    assert reasons(newsroom, cases_of[0]) == "", "it is weighed again as time goes by"


def test_a_reader_who_was_right_before_is_heard_first(newsroom: Newsroom, editor: int) -> None:
    """By the address that they left, for as long as it is kept; who left none has no record."""
    for number in range(3):
        url = f"https://news.example/{number}"
        case = newsroom.case_of(newsroom.send(url=url, email="ann@example.org"))
        newsroom.decide(case, editor, Resolution.ALREADY_FIXED)
    now_case = newsroom.case_of(newsroom.send(email="ann@example.org"))
    stranger = newsroom.case_of(newsroom.send(url="https://news.example/harbour", email="bob@example.org"))
    weigh(newsroom)
    assert reasons(newsroom, now_case) == "its readers were right 3 times of 3"
    assert reasons(newsroom, stranger) == ""
    assert ranked(newsroom) == [now_case, stranger]


def test_a_reader_s_record_is_of_the_case_s_own_publication(newsroom: Newsroom) -> None:
    """Kind: what crosses the wall between two publications of one service."""
    with newsroom.db.write() as session:
        other = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="d@gazette.example")
    gazette = Newsroom(newsroom.db, other)
    colleague = gazette.hire(email="b@gazette.example")
    for number in range(3):
        case = gazette.case_of(gazette.send(url=f"https://gazette.example/{number}", email="ann@example.org"))
        gazette.decide(case, colleague, Resolution.ALREADY_FIXED)
    here = newsroom.case_of(newsroom.send(email="ann@example.org"))
    there = gazette.case_of(gazette.send(url="https://gazette.example/bridge", email="ann@example.org"))
    weigh(newsroom)
    assert reasons(newsroom, here) == ""
    assert reasons(newsroom, there) == "its readers were right 3 times of 3"


@pytest.mark.parametrize("forget", [forgetting.stop_mail, lambda session, _: privacy.erase_reader(session, ANN)])
def test_a_record_is_forgotten_with_the_address_that_told_it(newsroom: Newsroom, editor: int, forget: Any) -> None:
    for number in range(3):
        case = newsroom.case_of(newsroom.send(url=f"https://news.example/{number}", email=ANN))
        newsroom.decide(case, editor, Resolution.ALREADY_FIXED)
    sent = newsroom.send(email=ANN)
    newsroom.send(block="192.0.2.1")
    weigh(newsroom)
    case = newsroom.case_of(sent)
    assert reasons(newsroom, case) == "its readers were right 3 times of 3, 2 readers"
    with newsroom.db.write() as session:
        forget(session, reports.by_token(session, sent.token).id)
    weigh(newsroom)
    assert "right" not in reasons(newsroom, case)


@pytest.mark.parametrize("clock", [{"opens": "garbage"}, {"targets": None}, {"days": "x", "closes": None}, "x"])
def test_what_one_site_s_clock_cannot_tell_holds_no_other_up(newsroom: Newsroom, clock: Any) -> None:
    """Kind: a policy that cannot be followed, whatever wrote it; its cases stay as they were."""
    with newsroom.db.write() as session:
        other = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="d@gazette.example")
        other.policy = {"clock": {**clocks.USUAL, **clock} if isinstance(clock, dict) else clock}
    gazette = Newsroom(newsroom.db, other)
    gazette.send(url="https://gazette.example/bridge")
    case = newsroom.case_of(newsroom.send(exact="in 1987", suggestion="in 1978"))
    weigh(newsroom)
    assert newsroom.look(case).priority > 0
    with newsroom.db.read() as session:
        assert priorities.weigh_due(session, 100) == [], "it is not tried again and again"


def test_a_reader_who_was_never_right_sinks_and_stays_in_sight(newsroom: Newsroom, editor: int) -> None:
    for number in range(3):
        url = f"https://news.example/{number}"
        case = newsroom.case_of(newsroom.send(url=url, email="ann@example.org"))
        newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    wish = {"exact": "in 1987", "suggestion": "in 1978"}
    never_right = newsroom.case_of(newsroom.send(email="ann@example.org", **wish))
    stranger = newsroom.case_of(newsroom.send(url="https://news.example/harbour", **wish))
    weigh(newsroom)
    assert ranked(newsroom) == [stranger, never_right]


def test_a_decided_case_is_weighed_no_more_and_an_undone_decision_again(newsroom: Newsroom, editor: int) -> None:
    case = newsroom.case_of(newsroom.send(exact="in 1987", suggestion="in 1978"))
    weigh(newsroom)
    before = newsroom.look(case).priority
    assert before > 0
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    weigh(newsroom)
    assert (newsroom.look(case).priority, newsroom.look(case).rank_at) == (0, None)
    newsroom.act(cases.reopen, case, editor)
    weigh(newsroom)
    assert newsroom.look(case).priority == before


def test_weighing_makes_no_open_form_stale_and_no_history(newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(exact="in 1987", suggestion="in 1978"))
    version, events = newsroom.look(case).version, newsroom.count(Event)
    weigh(newsroom)
    assert (newsroom.look(case).version, newsroom.count(Event)) == (version, events)


def test_what_happened_while_a_case_was_weighed_is_weighed_next(newsroom: Newsroom, editor: int) -> None:
    """Nobody waits for the weighing, and what it found of a case as it was is not kept."""
    case = newsroom.case_of(newsroom.send(exact="in 1987", suggestion="in 1978"))
    newsroom.change(Case, rank_at=now())
    with newsroom.db.read() as session:
        rows = priorities.weigh_due(session, 100)
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    with newsroom.db.write() as session:
        priorities.keep(session, rows)
    assert newsroom.look(case).priority == 0
    weigh(newsroom)
    assert (newsroom.look(case).priority, newsroom.look(case).rank_at) == (0, None)


def test_a_site_weighs_as_it_chose(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        session.merge(newsroom.site).policy = {"weights": {"guard": 0, "kind": 0, "readers": 100}}
    case = newsroom.case_of(newsroom.send(exact="in 1987", suggestion="in 1978", block="192.0.2.1"))
    newsroom.send(exact="in 1987", suggestion="in 1978", block="192.0.2.2")
    weigh(newsroom)
    assert (reasons(newsroom, case), newsroom.look(case).priority) == ("2 readers", 20)


@pytest.mark.parametrize("sort", queue.ORDERS)
def test_the_pages_of_each_order_hold_each_case_once_there_and_back(newsroom: Newsroom, sort: str) -> None:
    for _ in range(9):
        newsroom.send(url=f"https://news.example/{uuid.uuid4()}")
    with newsroom.db.write() as session:
        for case in session.scalars(select(Case)):
            case.priority, case.due_at = case.id % 4, NEVER if case.id % 3 else now()
    with newsroom.db.read() as session:
        all_cases = session.scalars(select(Case)).all()
        by = {
            "newest": lambda case: (case.created_at, case.id),
            "oldest": lambda case: (case.created_at, case.id),
            "priority": lambda case: (case.priority, case.id),
            "due": lambda case: (case.due_at, case.id),
        }[sort]
        wanted = [case.id for case in sorted(all_cases, key=by, reverse=sort in ("newest", "priority"))]
        pages, cursor = list[list[int]](), ""
        while cursor or not pages:
            page = queue.cases_page(session, [newsroom.site.id], sort=sort, cursor=cursor, limit=2)
            pages.append([case.id for case in page.cases])
            cursor = page.next_cursor
        assert [number for numbers in pages for number in numbers] == wanted
        back = list[list[int]]()
        while page.previous_cursor:
            page = queue.cases_page(session, [newsroom.site.id], sort=sort, cursor=page.previous_cursor, limit=2)
            back.append([case.id for case in page.cases])
        assert back == pages[-2::-1]


@pytest.mark.parametrize("cursor", ["x", "_" * 23, "f" * 5000, "\x00", "AAAAAAAAAAD_________fwA"])
def test_no_cursor_breaks_an_order(newsroom: Newsroom, cursor: str) -> None:
    newsroom.send()
    with newsroom.db.read() as session:
        for sort in queue.ORDERS:
            assert len(queue.cases_page(session, [newsroom.site.id], sort=sort, cursor=cursor).cases) <= 1
