"""The figures of a period: counted ahead or then and there they are the same, and the queue's (C22)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from corrections_service.rules.workflow import Resolution
from corrections_service.services import (
    cases,
    clocks,
    history,
    joining,
    parting,
    periods,
    readers,
    reports,
    sites,
    tallies,
)
from corrections_service.services.periods import Figures, Sum
from corrections_service.store import queue
from corrections_service.store.models import Article, Case, Editor, Event, FixState, Report, Site, Tally, TallyDue, now
from tests.services.newsroom import FERRY, NOTICE, SILENT, Newsroom, see

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
WEEK = (date(2026, 3, 5), date(2026, 3, 11))


def figures(newsroom: Newsroom, *period: date) -> Figures:
    with newsroom.db.read() as session:
        first, last = period or (tallies.day_of(now(), sites.zone_of(newsroom.site)) - timedelta(days=6), None)
        last = last or first + timedelta(days=6)
        return periods.over(session, [session.get_one(Site, newsroom.site.id)], first, last)


def count_ahead(newsroom: Newsroom) -> None:
    """What the job does; twice, as what happened since the last look waits for the next."""
    for _ in range(2):
        for step in (tallies.note_due, tallies.count_due):
            is_more = True
            while is_more:
                with newsroom.db.write() as session:
                    is_more = step(session)


def move(newsroom: Newsroom, case: int, at: datetime) -> None:
    """Let a case have come in at another time, with all that happened to it."""
    with newsroom.db.write() as session:
        span = at - session.get_one(Case, case).created_at
        for row in (*session.query(Report).filter_by(case_id=case), session.get_one(Case, case)):
            row.created_at += span
        decided = session.get_one(Case, case).decided_at
        if decided is not None:
            session.get_one(Case, case).decided_at = decided + span
        for event in session.query(Event).filter_by(case_id=case):
            event.at += span


def numbers(found: Figures) -> dict[str, tuple[int, int]]:
    return {name: (sum.reports, sum.cases) for name, sum in found.totals.items()}


@pytest.fixture
def busy(newsroom: Newsroom) -> Newsroom:
    """Four cases that became four things, one of them of two reports."""
    editor = newsroom.hire()
    fixed = newsroom.case_of(newsroom.send())
    newsroom.send()
    declined = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.send(exact="by the king", suggestion="by the queen", prefix="opened ", suffix=", who stayed")
    newsroom.send(website="spam", url="https://news.example/x")
    newsroom.decide(fixed, editor, Resolution.FIXED, **SILENT)
    newsroom.decide(declined, editor, Resolution.OPINION)
    see(newsroom, fixed, FixState.PRESENT, before="It was opend.")
    see(newsroom, fixed, FixState.APPLIED, after="It was opened.")
    newsroom.settle(now() - timedelta(days=1))
    return newsroom


def test_figures_say_what_came_and_what_became_of_it(busy: Newsroom) -> None:
    expected = {"accepted": (2, 1), "no_change": (1, 1), "undecided": (1, 1), "withdrawn": (0, 0), "spam": (1, 1)}
    today = tallies.day_of(now(), sites.zone_of(busy.site))
    period = today - timedelta(days=6), today
    now_and_here = figures(busy, *period)
    assert numbers(now_and_here) == expected
    assert (now_and_here.answer.cases, now_and_here.answer.in_time, now_and_here.fix.cases) == (2, 2, 1)
    assert now_and_here.answer.ninetieth == timedelta(0)
    assert [(desk.name, desk.sum) for desk in now_and_here.desks] == [("News", Sum(2, 1))]
    assert [(article.url, article.sum) for article in now_and_here.articles] == [
        ("https://news.example/bridge", Sum(2, 1))
    ]
    count_ahead(busy)
    with busy.db.read() as session:
        assert session.query(Tally).count()
    assert figures(busy, *period) == now_and_here


def test_the_figures_counts_are_the_queues(busy: Newsroom) -> None:
    count_ahead(busy)
    busy.send(exact="who stayed", suggestion="who remained", prefix="by the king, ", suffix=" for lunch")
    with busy.db.write() as session:
        queue.fold_counts(session)
    with busy.db.read() as session:
        counts = queue.counts(session, [busy.site.id])
    totals = {name: cases for name, (_, cases) in numbers(figures(busy)).items()}
    assert totals["undecided"] == counts["inbox"] + counts["waiting"]
    assert totals["accepted"] + totals["no_change"] == counts["fixing"] + counts["closed"]
    assert totals["spam"] == counts["spam"]


def test_what_happens_after_the_counting_shows_at_once_also_on_the_days_of_before(busy: Newsroom) -> None:
    case = busy.case_of(busy.send(exact="for lunch", suggestion="for dinner", prefix="stayed ", suffix="."))
    move(busy, case, NOON)
    count_ahead(busy)
    assert numbers(figures(busy, *WEEK))["undecided"] == (1, 1)
    busy.decide(case, busy.hire(email="b@news.example"), Resolution.CORRECTED, **NOTICE)
    assert numbers(figures(busy, *WEEK))["accepted"] == (1, 1)
    count_ahead(busy)
    assert numbers(figures(busy, *WEEK))["accepted"] == (1, 1)
    assert numbers(figures(busy, *WEEK))["undecided"] == (0, 0)


def test_a_decision_that_was_taken_back_answered_nobody(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.OPINION)
    newsroom.act(history.undo, case, editor)
    assert figures(newsroom).answer.cases == 0
    newsroom.act(cases.ask, case, editor, "Where did you read that?")
    assert figures(newsroom).answer.cases == 1


def test_half_and_nine_of_ten_are_told_and_how_many_were_in_time(newsroom: Newsroom, editor: int) -> None:
    for hours in (1, 2, 3, 30):
        case = newsroom.case_of(newsroom.send(url=f"https://news.example/{hours}"))
        newsroom.decide(case, editor, Resolution.OPINION)
        with newsroom.db.write() as session:
            session.execute(update(Event).where(Event.case_id == case, Event.kind == "decided").values(at=now()))
            later = session.get_one(Case, case).created_at + timedelta(hours=hours)
            session.execute(update(Event).where(Event.case_id == case, Event.kind == "decided").values(at=later))
            session.get_one(Case, case).decided_at = later
    answer = figures(newsroom).answer
    assert (answer.median, answer.ninetieth) == (timedelta(hours=2), timedelta(hours=30))
    assert (answer.cases, answer.in_time) == (4, 3)


def test_a_day_is_one_of_the_sites_own_zone_and_counted_anew_in_another(newsroom: Newsroom, case: int) -> None:
    move(newsroom, case, datetime(2026, 3, 10, 23, 30, tzinfo=UTC))
    tenth, eleventh = date(2026, 3, 10), date(2026, 3, 11)
    count_ahead(newsroom)
    assert (figures(newsroom, tenth, tenth).days[tenth], figures(newsroom, eleventh, eleventh).days[eleventh]) == (
        {"undecided": Sum(1, 1)},
        {},
    )
    with newsroom.db.write() as session:
        session.get_one(Site, newsroom.site.id).policy = {"clock": {**clocks.USUAL, "zone": "Europe/Kyiv"}}
    for _ in range(2):  # before and after it is counted ahead in the new zone
        assert figures(newsroom, tenth, tenth).days[tenth] == {}
        assert figures(newsroom, eleventh, eleventh).days[eleventh] == {"undecided": Sum(1, 1)}
        count_ahead(newsroom)


def test_figures_that_are_counted_anew_are_what_the_reports_and_cases_say(busy: Newsroom) -> None:
    """At once for who looks, and ahead again later."""
    count_ahead(busy)
    right = numbers(figures(busy))
    with busy.db.write() as session:
        session.execute(update(Tally).values(reports=Tally.reports + 7))
    assert numbers(figures(busy)) != right
    with busy.db.write() as session:
        tallies.count_anew(session, session.get_one(Site, busy.site.id))
    for _ in range(2):
        assert numbers(figures(busy)) == right
        count_ahead(busy)
    with busy.db.read() as session:
        assert session.scalars(select(TallyDue)).all() == []


def test_mistakes_that_repeat_are_named_and_sections_and_authors_by_accepted_reports(
    newsroom: Newsroom, editor: int
) -> None:
    for number, suggestion in enumerate(("was opened in 1987", "was opened in 1987", "was opend in 1978")):
        case = newsroom.case_of(newsroom.send(url=f"https://news.example/{number}", suggestion=suggestion))
        newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
        with newsroom.db.write() as session:
            article = session.get_one(Article, session.get_one(Case, case).article_id)
            article.section, article.author = ("City", "Ann") if number else ("Sport", "")
    before = figures(newsroom)
    assert [(mistake.name, mistake.sum) for mistake in before.mistakes] == [("opend → opened", Sum(2, 2))]
    assert [(section.name, section.sum.reports) for section in before.sections] == [("City", 2), ("Sport", 1)]
    assert [author.name for author in before.authors] == ["Ann"]
    count_ahead(newsroom)
    assert figures(newsroom) == before
    newsroom.send(url="https://news.example/0")
    newsroom.send(url="https://news.example/0")
    after = figures(newsroom)  # what came just now is added to what was counted ahead
    assert [(section.name, section.sum.reports) for section in after.sections] == [("Sport", 3), ("City", 2)]


def test_more_than_anybody_waits_for_is_counted_in_the_background_and_said(
    busy: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "MOST_AT_ONCE", 2)
    assert figures(busy).is_behind
    count_ahead(busy)
    assert not figures(busy).is_behind
    assert numbers(figures(busy))["accepted"] == (2, 1)


def test_another_sites_days_are_not_counted(busy: Newsroom) -> None:
    with busy.db.write() as session:
        other = sites.create(session, name="Other", origins=["https://other.example"], desk="d@other.example")
    with busy.db.read() as session:
        nothing = periods.over(session, [session.get_one(Site, other.id)], now().date(), now().date())
        assert session.get(Editor, 1) is not None
    assert numbers(nothing) == dict.fromkeys(tallies.OUTCOMES, (0, 0))


def test_what_is_only_decided_or_taken_back_counts_as_no_answer_in_public(newsroom: Newsroom) -> None:
    editor = newsroom.hire()
    addresses = {name: f"https://news.example/{name}" for name in ("fixing", "declined", "withdrawn", "open")}
    sent = {name: newsroom.send(url=url) for name, url in addresses.items()}
    newsroom.decide(newsroom.case_of(sent["fixing"]), editor, Resolution.CORRECTED, **NOTICE)
    newsroom.decide(newsroom.case_of(sent["declined"]), editor, Resolution.NOT_AN_ERROR)
    with newsroom.db.write() as session:
        readers.withdraw(session, reports.by_token(session, sent["withdrawn"].token))
    for _ in range(2):
        with newsroom.db.read() as session:
            month = periods.months(session, session.get_one(Site, newsroom.site.id), 1)[0]
        assert (month.reports, month.answers) == (3, 1)
        count_ahead(newsroom)
    assert numbers(figures(newsroom))["undecided"] == (1, 1)


def test_what_readers_took_back_is_neither_declined_nor_part_of_the_rate(newsroom: Newsroom) -> None:
    """A report withdrawn from a case that stands is counted as withdrawn, too; its case as what it came to."""
    alone = newsroom.send(url="https://news.example/alone")
    both = [newsroom.send(url="https://news.example/two", email=f"{name}@readers.example") for name in "ab"]
    declined, editor = newsroom.case_of(newsroom.send(url="https://news.example/three")), newsroom.hire()
    newsroom.decide(declined, editor, Resolution.NOT_AN_ERROR)
    newsroom.decide(newsroom.case_of(both[0]), editor, Resolution.FIXED, **SILENT)
    count_ahead(newsroom)
    with newsroom.db.write() as session:
        for sent in (alone, both[1]):
            readers.withdraw(session, reports.by_token(session, sent.token))
    expected = {"accepted": (1, 1), "no_change": (1, 1), "undecided": (0, 0), "withdrawn": (2, 1), "spam": (0, 0)}
    for _ in range(2):
        assert numbers(figures(newsroom)) == expected
        count_ahead(newsroom)
    with newsroom.db.write() as session:
        queue.fold_counts(session)
    with newsroom.db.read() as session:
        counts = queue.counts(session, [newsroom.site.id])
        listed = {view: queue.cases_page(session, [newsroom.site.id], view=view).cases for view in counts}
    closed = newsroom.case_of(alone)
    assert [case.id for case in listed["declined"]] == [declined]
    assert {view for view, cases in listed.items() if closed in [case.id for case in cases]} == {"closed", "all"}
    assert {view: counts[view] for view in ("declined", "fixing", "closed", "all")} == {
        "declined": 1,
        "fixing": 1,
        "closed": 2,
        "all": 3,
    }


def test_a_day_whose_midnight_comes_twice_is_counted_once(newsroom: Newsroom) -> None:
    newsroom.change(Site, policy={"clock": {**clocks.USUAL, "zone": "America/St_Johns"}})
    midnight = datetime(2010, 11, 7, 2, 30, tzinfo=UTC)  # after one more minute the clock goes back an hour
    for number, minutes in enumerate((-10, 0, 10, 20, 70)):
        case = newsroom.case_of(newsroom.send(url=f"https://news.example/{number}"))
        move(newsroom, case, midnight + timedelta(minutes=minutes))
    days = [date(2010, 11, 6), date(2010, 11, 7)]
    assert figures(newsroom, *days).days == {days[0]: {"undecided": Sum(1, 1)}, days[1]: {"undecided": Sum(4, 4)}}
    count_ahead(newsroom)
    assert figures(newsroom, *days).days == {days[0]: {"undecided": Sum(1, 1)}, days[1]: {"undecided": Sum(4, 4)}}


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 300, 0), (1, 300, 1), (299, 300, 99), (300, 300, 100), (5, 6, 83)]
)
def test_only_all_are_a_hundred_and_only_none_is_nought(part: int, whole: int, share: int) -> None:
    """299 of 300 answered reports are not told in public as all of them."""
    assert periods.hundredths(part, whole) == share


@pytest.mark.parametrize("way", ["merged", "split"])
def test_the_time_to_the_fix_begins_with_the_first_report_wherever_that_was(newsroom: Newsroom, way: str) -> None:
    """Kind: it began with the case, which may be younger than a report that was merged into it, or split off to it."""
    editor, older = newsroom.hire(), newsroom.send()
    case = newsroom.case_of(older)
    if way == "merged":
        home = newsroom.case_of(newsroom.send(**FERRY))
        newsroom.act(joining.merge, case, editor, home)
    else:
        newsroom.send(block="2001:db8::")
        with newsroom.db.read() as session:
            number = reports.by_token(session, older.token).id
        home = newsroom.act(parting.split, case, editor, number).id
    with newsroom.db.write() as session:
        reports.by_token(session, older.token).created_at -= timedelta(days=25)
    see(newsroom, home, FixState.PRESENT, before="leaves at nine")
    newsroom.decide(home, editor, Resolution.FIXED, **SILENT)
    see(newsroom, home, FixState.APPLIED, after="leaves at ten")
    for count in (lambda newsroom: None, count_ahead):
        count(newsroom)
        figures_now = figures(newsroom)
        assert (figures_now.fix.cases, figures_now.fix.median) == (1, timedelta(days=25))
        assert figures_now.answer.median == timedelta(days=25)
