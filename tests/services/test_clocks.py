"""A case is due by its site's working hours, its clock stops and begins again, and its editor is reminded once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from corrections_service.rules.catalogue import desk_in
from corrections_service.rules.priority import in_words
from corrections_service.rules.workflow import Resolution
from corrections_service.services import cases, clocks, outbox
from corrections_service.store.models import NEVER, Case, Clock, Delivery, now
from tests.services.newsroom import FERRY, Newsroom
from tests.services.test_priorities import ranked, weigh

DAY = timedelta(days=1)


def work_always(newsroom: Newsroom, **targets: int) -> None:
    """Let the site work around the clock, so that no test depends on the day it is run."""
    with newsroom.db.write() as session:
        usual = clocks.USUAL
        clock = Clock(zone="UTC", days=[], opens="09:00", closes="18:00", targets={**usual["targets"], **targets})
        clocks.choose(session.merge(newsroom.site), clock)


def remind(newsroom: Newsroom) -> int:
    with newsroom.db.write() as session:
        return clocks.remind(session)


def reminders(newsroom: Newsroom) -> list[tuple[str, Any]]:
    """To whom reminders are owed, and of which cases."""
    with newsroom.db.read() as session:
        owed = select(Delivery).where(Delivery.template == outbox.REMINDER).order_by(Delivery.id)
        return [(delivery.recipient, delivery.data["cases"]) for delivery in session.scalars(owed)]


def test_a_case_is_due_by_its_kind_and_sorted_by_that(newsroom: Newsroom) -> None:
    work_always(newsroom, spelling=30, fact=4)
    typo = newsroom.case_of(newsroom.send())
    assert newsroom.look(typo).due_at == NEVER, "intake leaves it to the background"
    fact = newsroom.case_of(newsroom.send(url="https://news.example/year", exact="in 1987", suggestion="in 1978"))
    weigh(newsroom)
    for case, hours in ((typo, 30), (fact, 4)):
        assert newsroom.look(case).due_at == newsroom.look(case).created_at + timedelta(hours=hours)
    assert ranked(newsroom, "due") == [fact, typo]
    assert reminders(newsroom) == []
    assert remind(newsroom) == 0


def test_the_clock_stops_when_it_is_decided_and_begins_again_when_it_is_opened_again(
    newsroom: Newsroom, editor: int
) -> None:
    work_always(newsroom)
    case = newsroom.case_of(newsroom.send())
    newsroom.change(Case, created_at=now() - 9 * DAY)
    weigh(newsroom)
    assert newsroom.look(case).due_at < now()
    assert "overdue" in in_words(newsroom.look(case).priority_reasons or [], desk_in("en"))
    newsroom.act(cases.snooze, case, editor, now() + DAY)
    weigh(newsroom)
    assert newsroom.look(case).due_at == NEVER
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    weigh(newsroom)
    assert newsroom.look(case).due_at == NEVER
    newsroom.act(cases.reopen, case, editor)
    weigh(newsroom)
    assert now() < newsroom.look(case).due_at < NEVER


def test_who_has_the_case_is_reminded_once_else_the_desk_in_one_mail(newsroom: Newsroom, editor: int) -> None:
    work_always(newsroom)
    places = ("a", "b", "c")
    desks = [newsroom.case_of(newsroom.send(url=f"https://news.example/{place}")) for place in places]
    own = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(cases.claim, own, editor)
    weigh(newsroom)
    newsroom.change(Case, remind_at=now() - timedelta(minutes=1))
    assert remind(newsroom) == 4
    assert sorted(reminders(newsroom)) == [("desk@news.example", desks), ("editor@news.example", [own])]
    newsroom.change(Case, rank_at=now())
    weigh(newsroom)
    assert remind(newsroom) == 0
    assert len(reminders(newsroom)) == 2


def test_nobody_is_reminded_of_what_was_decided_meanwhile_nor_of_what_is_long_ago(
    newsroom: Newsroom, editor: int
) -> None:
    work_always(newsroom)
    decided, old = newsroom.case_of(newsroom.send()), newsroom.case_of(newsroom.send(**FERRY))
    weigh(newsroom)
    newsroom.decide(decided, editor, Resolution.NOT_AN_ERROR)
    newsroom.change(Case, remind_at=now(), created_at=now() - 30 * DAY, rank_at=now())
    weigh(newsroom)
    assert newsroom.look(old).remind_at is None
    remind(newsroom)
    assert reminders(newsroom) == []


def test_a_site_that_works_otherwise_has_its_cases_due_otherwise(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        clock = Clock(zone="Asia/Kolkata", days=[5, 6], opens="10:00", closes="12:00", targets=clocks.USUAL["targets"])
        clocks.choose(session.merge(newsroom.site), clock)
    case = newsroom.case_of(newsroom.send())
    weigh(newsroom)
    due_at = newsroom.look(case).due_at
    assert due_at.weekday() in (5, 6)
    assert 4 <= due_at.hour <= 6, "10:00 to 12:00 in Kolkata"
