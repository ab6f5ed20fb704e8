"""A wave: many cases of one article within the hour are one row of a list, with a sample, and those alike one decision."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import State, Turn
from corrections_service.services import cases, waves
from corrections_service.store import queue
from corrections_service.store.models import Article, Case
from tests.services.newsroom import Newsroom

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def articles(newsroom: Newsroom) -> None:
    """Articles 1 to 80 of the site."""
    with newsroom.db.write() as session:
        for number in range(1, 81):
            session.add(Article(id=number, site_id=newsroom.site.id, url=f"https://news.example/{number}"))


def come_in(newsroom: Newsroom, article: int, times: Sequence[timedelta], **facts: Any) -> list[int]:
    """A case of an article for each of these times after noon, in order."""
    with newsroom.db.write() as session:
        made = [
            Case(
                site_id=newsroom.site.id,
                article_id=article,
                fingerprint="",
                **({"exact": f"words {number}", "readers": 1, "created_at": NOON + time} | facts),
            )
            for number, time in enumerate(times)
        ]
        session.add_all(made)
        session.flush()
        return [case.id for case in made]


def seconds(count: int, step: int = 1) -> list[timedelta]:
    return [timedelta(seconds=step * number) for number in range(count)]


def pages(newsroom: Newsroom, limit: int = 50, **choices: Any) -> list[list[int]]:
    """The pages of a list, and that the way back shows the same."""
    with newsroom.db.read() as session:

        def ask(cursor: str) -> queue.Page:
            return waves.cases_page(session, [newsroom.site.id], cursor=cursor, limit=limit, **choices)

        page, found = ask(""), list[list[int]]()
        while True:
            found.append([case.id for case in page.cases])
            if not page.next_cursor:
                break
            page = ask(page.next_cursor)
        back = []
        while page.previous_cursor:
            page = ask(page.previous_cursor)
            back.append([case.id for case in page.cases])
        assert back == found[-2::-1]
        return found


@pytest.mark.parametrize("sort", queue.ORDERS)
def test_a_wave_is_one_row_wherever_it_stands_and_every_page_is_full(newsroom: Newsroom, sort: str) -> None:
    wave = come_in(newsroom, 1, seconds(300))
    others = [case for article in range(2, 76) for case in come_in(newsroom, article, seconds(1, step=article))]
    with newsroom.db.write() as session:
        session.get_one(Case, wave[120]).readers = 7
    found = pages(newsroom, sort=sort)
    assert sorted(functools.reduce(operator.iadd, found, [])) == sorted([wave[120], *others]), (
        "each other case once, of the wave its sample"
    )
    assert [len(page) for page in found] == [50, 25]
    with newsroom.db.read() as session:
        (one,) = waves.samples(session, [session.get_one(Case, wave[0])]).values()
        assert (one.sample, len(one.case_ids), one.readers) == (wave[120], 300, 306)
        assert one.last - one.first == timedelta(seconds=299)


def test_few_cases_or_many_over_the_day_or_over_articles_are_rows_of_their_own(newsroom: Newsroom) -> None:
    few = come_in(newsroom, 1, seconds(waves.LEAST - 1))
    slow = come_in(newsroom, 2, seconds(2 * waves.LEAST, step=3600))
    apart = [case for article in range(3, 3 + waves.LEAST) for case in come_in(newsroom, article, seconds(1))]
    assert sorted(functools.reduce(operator.iadd, pages(newsroom), [])) == sorted([*few, *slow, *apart])


def test_two_waves_of_one_article_are_two_rows_and_what_came_between_is_one_too(newsroom: Newsroom) -> None:
    first = come_in(newsroom, 1, seconds(20))
    (between,) = come_in(newsroom, 1, [timedelta(hours=2)])
    second = come_in(newsroom, 1, [timedelta(hours=5) + time for time in seconds(20)])
    assert pages(newsroom) == [[second[0], between, first[0]]]


def test_a_case_that_somebody_looked_at_or_that_came_back_is_no_part_of_a_wave(newsroom: Newsroom) -> None:
    wave = come_in(newsroom, 1, seconds(15))
    newsroom.act(cases.claim, wave[3], newsroom.hire())
    (back,) = come_in(newsroom, 1, [timedelta(seconds=5)], turn=Turn.CHANGED)
    assert sorted(functools.reduce(operator.iadd, pages(newsroom), [])) == sorted([wave[0], wave[3], back])


def test_who_searches_or_filters_sees_each_case(newsroom: Newsroom) -> None:
    wave = come_in(newsroom, 1, seconds(15), kind=Kind.FACT)
    assert pages(newsroom, kind=Kind.FACT) == [wave[::-1]]
    newsroom.change(Case, state=State.SPAM)
    assert pages(newsroom, view="spam") == [wave[::-1]]


def test_mine_shows_the_wave_that_is_mine(newsroom: Newsroom) -> None:
    mia, tom = newsroom.hire(), newsroom.hire(email="tom@news.example")
    own = come_in(newsroom, 1, seconds(12), assignee_id=mia)
    come_in(newsroom, 1, seconds(12), assignee_id=tom, readers=5)
    assert pages(newsroom, view="mine", editor_id=mia) == [[own[0]]]


def test_those_alike_say_the_same_of_the_same_words_however_it_is_written(newsroom: Newsroom) -> None:
    alike = come_in(newsroom, 1, seconds(8), exact="Jon", suggestion="John")
    alike += come_in(newsroom, 1, seconds(4), exact="jon ", suggestion=" JOHN")
    other = come_in(newsroom, 1, seconds(1), exact="Jon", suggestion="Joan")
    spoken = come_in(newsroom, 1, seconds(3), exact="", comment="This is a lie!")
    come_in(newsroom, 1, seconds(1), exact="", comment="This is so.")
    with newsroom.db.read() as session:

        def said_with(number: int) -> list[int]:
            case = session.get_one(Case, number)
            wave = waves.of_case(session, case)
            assert wave is not None
            return list(waves.alike(session, case, wave))

        assert said_with(alike[0]) == said_with(alike[-1]) == alike
        assert (said_with(other[0]), said_with(spoken[1])) == (other, spoken)


@pytest.mark.parametrize("size", [30, 300])
def test_a_wave_costs_a_list_no_more_statements_the_larger_it_is(newsroom: Newsroom, size: int) -> None:
    come_in(newsroom, 1, seconds(size))
    come_in(newsroom, 2, seconds(1))
    asked: list[str] = []
    sa.event.listen(newsroom.db._reader, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert [len(page) for page in pages(newsroom)] == [2]
    assert (
        len([one for one in asked if one.startswith("SELECT")]) == 6
    )  # twice a page, its cases, their articles' cases: the second time the wave is known
