"""Limits by page and by site set aside what is too much, and drop nothing (I7)."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from corrections_service.rules.workflow import State
from corrections_service.services import crowds, intake
from corrections_service.services.crowds import Room
from corrections_service.services.intake import Received
from corrections_service.services.reports import Arrival, Fields, Submitted
from corrections_service.store.models import Report
from tests.databases import SECRET
from tests.services.newsroom import Newsroom


def come_in(newsroom: Newsroom, *errors_named: int, room: Room, page: str = "bridge") -> list[int]:
    """Let reports of these errors come in at once; their cases."""
    received = [
        Received(Arrival(newsroom.site, _fields(number, page), f"192.0.{at}.0/24", room=room), "off", SECRET)
        for at, number in enumerate(errors_named)
    ]
    outcomes: list[Any] = newsroom.db.intake(intake.receive, received=received)
    assert all(isinstance(outcome, Submitted) for outcome in outcomes)
    return [newsroom.case_of(outcome) for outcome in outcomes]


def _fields(number: int, page: str) -> Fields:
    words = f"wrong{number} " * 3
    return Fields(
        client_id=str(uuid.uuid4()), url=f"https://news.example/{page}", exact=words, suggestion=f"right{number}"
    )


def states(newsroom: Newsroom, cases: list[int]) -> list[State]:
    """The states of cases."""
    return [newsroom.look(case).state for case in cases]


def test_new_cases_beyond_what_a_page_takes_are_set_aside_and_say_why(newsroom: Newsroom) -> None:
    room = Room(page="3/hour")
    cases = come_in(newsroom, 1, 2, 3, 4, 5, room=room)
    assert states(newsroom, cases) == [State.NEW] * 3 + [State.SPAM] * 2
    assert len(set(cases)) == 5
    with newsroom.db.read() as session:
        report = session.scalars(select(Report).where(Report.case_id == cases[4])).one()
        assert report.spam_reasons == [crowds.ON_PAGE]
    assert len(newsroom.owed("case_new")) == 3


def test_what_belongs_to_a_case_that_is_there_joins_it_however_many_come(newsroom: Newsroom) -> None:
    room = Room(page="2/hour", site="3/hour")
    cases = come_in(newsroom, 1, 1, 1, 1, 1, 1, room=room)
    assert len(set(cases)) == 1
    assert newsroom.look(cases[0]).readers == 6
    assert come_in(newsroom, 1, room=room) == cases[:1]
    # And what is set aside joins its like there.
    aside = come_in(newsroom, 7, room=room) + come_in(newsroom, 7, room=room)
    assert len(set(aside)) == 1
    assert states(newsroom, aside) == [State.SPAM] * 2


def test_another_page_and_another_time_have_room_of_their_own(newsroom: Newsroom) -> None:
    room = Room(page="1/hour")
    assert states(newsroom, come_in(newsroom, 1, 2, room=room)) == [State.NEW, State.SPAM]
    assert states(newsroom, come_in(newsroom, 3, room=room, page="ferry")) == [State.NEW]
    assert states(newsroom, come_in(newsroom, 4, room=crowds.ANY)) == [State.NEW]


def test_reports_to_a_site_beyond_its_limit_open_no_case_among_the_others(newsroom: Newsroom) -> None:
    room = Room(site="2/hour")
    cases = [come_in(newsroom, number, room=room, page=f"page-{number}")[0] for number in range(4)]
    assert states(newsroom, cases) == [State.NEW, State.NEW, State.SPAM, State.SPAM]
    assert newsroom.count(Report) == 4
