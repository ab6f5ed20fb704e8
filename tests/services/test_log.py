"""The public log: found by month, section, author, article, class and words; what was taken back stays in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import select, update

from corrections_service import errors
from corrections_service.rules.workflow import NoticeClass, NoticeState, Resolution, Turn
from corrections_service.services import answers, articles, cases, entries, history, log
from corrections_service.services.log import Search
from corrections_service.store.models import Article, Case, Correction, Editor, EntryKind, FixState, Site, now
from tests.services.newsroom import SILENT, Newsroom, see

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def filled(newsroom: Newsroom) -> Newsroom:
    """A log of four notices on two articles."""
    bridge = newsroom.case_of(newsroom.send())
    ferry = newsroom.case_of(newsroom.send(url="https://news.example/ferry", exact="at nine", suggestion="at ten"))
    with newsroom.db.write() as session:
        for case, number in ((bridge, 0), (bridge, 1), (ferry, 2), (ferry, 3)):
            of = session.get_one(Case, case)
            of.article.headline = ("The bridge", "Der Straßenbau")[case == ferry]
            of.article.section, of.article.author = (("City", "Ann"), ("Ships & Sea", "Bo “B” O'Hara"))[case == ferry]
            notice = Correction(
                site_id=of.site_id,
                article_id=of.article_id,
                case=of,
                notice_class=(NoticeClass.CORRECTION, NoticeClass.UPDATE)[number % 2],
                text=("It said 1987.", "Opened in 1978, 100% sure.", "It LEAVES at ten_ten.", "İstanbul’da")[number],
                state=NoticeState.PUBLIC,
                published_at=NOON - timedelta(days=31 * number),
            )
            session.add(notice)
            session.flush()
            entries.enter(session, notice)
    return newsroom


def found(newsroom: Newsroom, **wanted: str) -> list[int]:
    """The numbers of the notices that fit."""
    with newsroom.db.read() as session:
        return [notice.id for notice in log.page(session, newsroom.site, Search(**wanted))[0]]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"month": "2026-11"}, [1]),
        ({"month": "2026-10"}, [2]),
        ({"month": "2020-02"}, []),
        ({"section": "City"}, [1, 2]),
        ({"section": "city"}, []),
        ({"author": "Bo “B” O'Hara"}, [3, 4]),
        ({"article": "https://news.example/ferry?utm_source=mail#x"}, [3, 4]),
        ({"article": "https://news.example/none"}, []),
        ({"article": "javascript:1"}, []),
        ({"notice_class": "update"}, [2, 4]),
        ({"notice_class": "update", "section": "City"}, [2]),
        ({"words": "leaves"}, [3]),
        ({"words": "1987 said"}, [1]),
        ({"words": "100%"}, [2]),
        ({"words": "%"}, [2]),
        ({"words": "ten_"}, [3]),
        ({"words": "strassenbau"}, [3, 4]),
        ({"words": "Bridge ANN"}, [1, 2]),
        ({"words": "' OR 1=1 --"}, []),
        ({"words": "\\"}, []),
        ({"words": " \u200b "}, [1, 2, 3, 4]),
    ],
)
def test_each_filter_finds_just_what_fits(filled: Newsroom, wanted: dict[str, str], numbers: list[int]) -> None:
    assert found(filled, **wanted) == numbers


@pytest.mark.parametrize("wanted", [{"month": "x"}, {"month": "2026-13"}, {"month": "9999-12"}, {"notice_class": "x"}])
def test_what_can_be_no_month_or_class_is_not_found(filled: Newsroom, wanted: dict[str, str]) -> None:
    with pytest.raises(errors.NotFound):
        found(filled, **wanted)


def test_the_months_and_sections_are_those_that_have_notices(filled: Newsroom) -> None:
    with filled.db.read() as session:
        assert log.months(session, filled.site) == ["2026-11", "2026-10", "2026-09", "2026-08"]
        assert log.sections(session, filled.site) == ["City", "Ships & Sea"]


def test_the_months_are_asked_for_at_once_and_are_those_of_the_site_s_clock(filled: Newsroom) -> None:
    """Kind: each month of few notices was asked for by itself, and one of many all in its last hours was told falsely."""
    night = datetime(2026, 9, 30, 21, 30, tzinfo=UTC)  # half past midnight on 1 October in Kyiv
    filled.change(Site, policy={"clock": {"zone": "Europe/Kyiv"}})
    with filled.db.write() as session:
        first = session.scalars(select(Correction).order_by(Correction.id)).first()
        assert first is not None
        said = {name: getattr(first, name) for name in ("site_id", "article_id", "case_id", "notice_class", "state")}
        session.execute(update(Correction).values(published_at=night))
        session.add_all(Correction(**said, text="It said 1987.", published_at=night) for _ in range(30))
    asked: list[str] = []
    with filled.db.read() as session:
        site = session.get_one(Site, filled.site.id)
        sa_event.listen(filled.db._reader, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert log.months(session, site) == ["2026-10"]
    assert len([one for one in asked if one.startswith(("SELECT", "WITH"))]) == 1


def test_what_was_taken_back_stays_in_its_place(filled: Newsroom) -> None:
    with filled.db.write() as session:
        notice = session.get_one(Correction, 2)
        notice.retracted_at, notice.retraction = NOON, "It was right."
        entries.add(session, notice, EntryKind.RETRACTED)
    assert found(filled) == [1, 2, 3, 4]
    with filled.db.read() as session:
        of_bridge = log.of_article(session, articles.at(session, filled.site, "https://news.example/bridge"))
        assert [(notice.id, notice.retraction) for notice in of_bridge] == [(1, ""), (2, "It was right.")]


def test_a_page_begins_behind_the_last_of_the_one_before(filled: Newsroom) -> None:
    with filled.db.read() as session:
        first, more = log.page(session, filled.site, limit=3)
        rest, end = log.page(session, filled.site, before=more, limit=3)
        assert ([one.id for one in first], [one.id for one in rest], end) == ([1, 2, 3], [4], "")
        for odd in (
            "x",
            "20260101T000000.000000_",
            "_",
            "20260101T000000.000000_-2",
            f"20260101T000000.000000_{2**40}",
        ):
            with pytest.raises(errors.NotFound):
                log.page(session, filled.site, before=odd)


def test_reports_that_an_editor_has_taken_up_are_counted_and_no_others(newsroom: Newsroom) -> None:
    """A23: those that nobody looked at, were decided, or withdrawn, are not."""
    newsroom.send()
    url = "https://news.example/bridge"
    with newsroom.db.read() as session:
        assert log.taken_up(session, articles.at(session, newsroom.site, url)) == 0
    case, editor = newsroom.case_of(newsroom.send()), newsroom.hire()
    newsroom.act(cases.claim, case, editor)
    with newsroom.db.read() as session:
        assert log.taken_up(session, articles.at(session, newsroom.site, url)) == 2
        assert log.taken_up(session, articles.at(session, newsroom.site, "https://news.example/other")) == 0
        assert session.scalars(select(Article.language)).all() == [""]


def test_a_case_that_came_back_is_looked_at_only_once_its_editor_has_looked(newsroom: Newsroom) -> None:
    """Kind: readers were told that an editor looks into it, or checks it, before anybody knew that it had come back."""
    case, editor = newsroom.case_of(newsroom.send()), newsroom.hire()
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    see(newsroom, case, FixState.APPLIED, after="was opened in 1987")
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    assert newsroom.look(case).turn is Turn.CAME_BACK
    assert at_work(newsroom, case) == (0, False)
    with newsroom.db.write() as session:
        history.look_at(session, session.get_one(Case, case), actor=session.get_one(Editor, editor))
    assert at_work(newsroom, case) == (1, True)


def at_work(newsroom: Newsroom, case: int) -> tuple[int, bool]:
    """How many reports the public is told that an editor checks, and whether their readers are told so."""
    with newsroom.db.read() as session:
        number = log.taken_up(session, articles.at(session, newsroom.site, "https://news.example/bridge"))
        return number, answers.is_at_work(session, session.get_one(Case, case))


def test_a_case_that_is_put_aside_is_looked_at_by_nobody(newsroom: Newsroom) -> None:
    """Kind: readers, and everybody at the article, were told for weeks that an editor checks it."""
    case, editor = newsroom.case_of(newsroom.send()), newsroom.hire()
    newsroom.act(cases.claim, case, editor)
    assert at_work(newsroom, case) == (1, True)
    newsroom.act(cases.snooze, case, editor, now() + timedelta(days=7))
    assert at_work(newsroom, case) == (0, False)
