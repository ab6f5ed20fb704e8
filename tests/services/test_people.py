"""A case is given, taken over and handed back; who is named in a note hears of it; owners and deputies get what is theirs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.owners import Owner
from corrections_service.rules.workflow import Resolution, Role, State
from corrections_service.services import cases, clocks, editors, history, outbox, people, routing
from corrections_service.store import queue
from corrections_service.store.models import Article, Case, Delivery, Editor, EventKind, Mention, Site, now
from tests.services.newsroom import FERRY, Newsroom


def turns(newsroom: Newsroom) -> list[tuple[str, str]]:
    """Who is mailed of which turn."""
    with newsroom.db.read() as session:
        owed = select(Delivery).where(Delivery.template == people.TEMPLATE, Delivery.state == "owed")
        return [(delivery.recipient, delivery.data["turn"]) for delivery in session.scalars(owed.order_by(Delivery.id))]


def mine(newsroom: Newsroom, editor: int) -> list[int]:
    """The cases of a person's view, as many as it counts."""
    with newsroom.db.read() as session:
        page = queue.cases_page(session, [newsroom.site.id], view="mine", editor_id=editor)
        assert queue.counts(session, [newsroom.site.id], editor_id=editor)["mine"] == len(page.cases)
        return [case.id for case in page.cases]


def own(newsroom: Newsroom, *rules: dict[str, Any]) -> None:
    """Say whose matter what is."""
    nothing = Owner(section="", author="", kind="", owner=0, deputy=None)
    with newsroom.db.write() as session:
        routing.choose(session.merge(newsroom.site), [{**nothing, **rule} for rule in rules])  # type: ignore[typeddict-item]


def route(newsroom: Newsroom, case: int) -> int | None:
    """Give a case to whose it is; whose that is."""
    with newsroom.db.write() as session:
        routing.route(session, [case])
    return newsroom.look(case).assignee_id


def read_article(newsroom: Newsroom, **facts: Any) -> None:
    newsroom.change(Article, read_at=now(), read_status="read", **facts)


def test_a_case_is_given_to_a_colleague_who_is_mailed_and_the_gift_is_taken_back(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    mia = newsroom.hire(email="mia@news.example")
    newsroom.act(people.assign, case, editor, mia)
    assert (newsroom.look(case).assignee_id, newsroom.look(case).state) == (mia, State.OPEN)
    assert turns(newsroom) == [("mia@news.example", "assigned")]
    assert mine(newsroom, mia) == [case]
    newsroom.act(history.undo, case, editor)
    assert newsroom.look(case).assignee_id is None
    assert turns(newsroom) == [], "nobody is told of what was taken back"


def test_who_has_a_case_no_more_is_not_told_that_it_is_theirs(newsroom: Newsroom, case: int, editor: int) -> None:
    for name in ("mia", "bob"):
        newsroom.act(people.assign, case, editor, newsroom.hire(email=f"{name}@news.example"))
    with newsroom.db.write() as session:
        owed = session.scalars(select(Delivery).where(Delivery.template == people.TEMPLATE).order_by(Delivery.id))
        assert [outbox.is_overtaken(session, delivery) for delivery in owed.all()] == [True, False]


@pytest.mark.parametrize("turn", ["changed", "came_back"])
def test_nobody_is_told_that_a_case_waits_for_them_once_it_is_decided(
    newsroom: Newsroom, case: int, editor: int, turn: str
) -> None:
    with newsroom.db.write() as session:
        held = session.get_one(Case, case)
        people.tell(session, held, history.record(session, held, EventKind.CAME_BACK), turn)
    for is_over in (False, True):
        with newsroom.db.write() as session:
            owed = session.scalars(select(Delivery).where(Delivery.template == people.TEMPLATE)).one()
            assert outbox.is_overtaken(session, owed) is is_over
        if not is_over:
            newsroom.decide(case, editor, Resolution.OPINION)


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.AUTHOR])
def test_a_case_is_given_only_to_who_may_decide_it(
    newsroom: Newsroom, case: int, editor: int, role: Role | None
) -> None:
    number = newsroom.hire(role, "other@news.example") if role else 10**6
    with pytest.raises(errors.InvalidFields):
        newsroom.act(people.assign, case, editor, number)
    with pytest.raises(errors.NotPermitted):
        newsroom.act(people.assign, case, newsroom.hire(Role.AUTHOR), editor)


def test_a_case_is_taken_over_and_handed_back(newsroom: Newsroom, case: int, editor: int) -> None:
    mia = newsroom.hire(email="mia@news.example")
    newsroom.act(cases.claim, case, editor)
    with pytest.raises(errors.AlreadyTaken):
        newsroom.act(cases.claim, case, mia)
    newsroom.act(people.take_over, case, mia)
    assert newsroom.look(case).assignee_id == mia
    with pytest.raises(errors.ChangedMeanwhile):
        newsroom.act(people.take_over, case, mia)
    newsroom.act(cases.release, case, mia)
    assert newsroom.look(case).assignee_id is None
    assert newsroom.history(case)[-3:] == ["claimed", "taken_from", "released"]


def test_who_is_named_in_a_note_is_mailed_once_and_finds_the_case_among_theirs(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    mia, stranger = newsroom.hire(Role.AUTHOR, "mia@news.example"), newsroom.case_of(newsroom.send(**FERRY))
    with newsroom.db.write() as session:
        session.get_one(Editor, mia).name = "Mia Chen"
    newsroom.act(cases.note, case, editor, "@mia chen, is it so? @Mia @editor@news.example")
    assert turns(newsroom) == [("mia@news.example", "mentioned")]
    assert newsroom.count(Mention) == 1
    assert mine(newsroom, mia) == [case]
    newsroom.act(cases.note, case, mia, "@editor It is.")
    assert mine(newsroom, editor) == [case]
    newsroom.act(cases.claim, case, editor)
    assert mine(newsroom, editor) == [case], "and there once"
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    assert mine(newsroom, mia) == []
    assert stranger not in mine(newsroom, editor)


def test_a_new_case_goes_to_whose_matter_it_is_once(newsroom: Newsroom, case: int, editor: int) -> None:
    mia = newsroom.hire(email="mia@news.example")
    own(newsroom, {"section": "Sport", "owner": editor}, {"author": "Ann Lee", "owner": mia})
    assert route(newsroom, case) is None, "the article was not looked at yet"
    read_article(newsroom, author="Bob Roy and Ann Lee", section="Politics")
    assert route(newsroom, case) == mia
    assert newsroom.look(case).state is State.NEW
    newsroom.act(cases.release, case, mia)
    assert route(newsroom, case) is None, "what was handed back is not given again"


@pytest.mark.parametrize(("rule_deputy", "own_deputy", "expected"), [(1, 2, 1), (None, 2, 2), (None, None, None)])
def test_a_deputy_stands_in_for_who_is_away(
    newsroom: Newsroom, case: int, editor: int, rule_deputy: int | None, own_deputy: int | None, expected: int | None
) -> None:
    deputies = {number: newsroom.hire(email=f"{number}@news.example") for number in (1, 2)}
    own(newsroom, {"kind": newsroom.look(case).kind.value, "owner": editor, "deputy": deputies.get(rule_deputy or 0)})
    with newsroom.db.write() as session:
        person = session.get_one(Editor, editor)
        person.away_until, person.deputy_id = now().date() + timedelta(days=2), deputies.get(own_deputy or 0)
    assert route(newsroom, case) == deputies.get(expected or 0)


def test_who_is_back_or_not_gone_yet_gets_their_own(newsroom: Newsroom, case: int, editor: int) -> None:
    own(newsroom, {"owner": editor})
    with newsroom.db.write() as session:
        person = session.get_one(Editor, editor)
        person.away_from = now().date() + timedelta(days=2)
        person.away_until = now().date() + timedelta(days=9)
    assert route(newsroom, case) == editor


def test_who_works_here_no_more_is_given_nothing(newsroom: Newsroom, case: int, editor: int) -> None:
    own(newsroom, {"owner": editor})
    with newsroom.db.write() as session:
        session.get_one(Editor, editor).active = False
    assert route(newsroom, case) is None
    with newsroom.db.read() as session:
        assert people.address(session.get_one(Case, case)) == "desk@news.example"


@pytest.mark.parametrize("has_deputy", [True, False])
def test_what_somebody_had_who_is_gone_is_their_deputys_or_everybodys(
    newsroom: Newsroom, case: int, editor: int, has_deputy: bool
) -> None:
    """Kind: a case that somebody has who works here no more is handed to nobody, and stands in nobody's way."""
    newsroom.act(cases.claim, case, editor)
    admin, deputy = newsroom.hire(Role.ADMIN), newsroom.hire(email="deputy@news.example")
    with newsroom.db.write() as session:
        person, site = session.get_one(Editor, editor), session.get_one(Site, newsroom.site.id)
        person.deputy_id = deputy if has_deputy else None
        editors.set_role(session, person, site, None)
        people.hand_over(session, person, site, actor=session.get_one(Editor, admin))
    assert newsroom.look(case).assignee_id == (deputy if has_deputy else None)
    assert newsroom.history(case)[-1] == ("assigned" if has_deputy else "released")
    assert turns(newsroom) == ([("deputy@news.example", "assigned")] if has_deputy else [])


def test_a_day_of_absence_is_one_of_the_site_s_own_calendar(newsroom: Newsroom, case: int, editor: int) -> None:
    """Where it is another day than in UTC at this moment."""
    zone = next(name for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago") if _day_in(name) != now().date())
    own(newsroom, {"owner": editor})
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        clocks.choose(site, {**clocks.USUAL, "zone": zone})
        session.get_one(Editor, editor).away_from = _day_in(zone)
        session.get_one(Editor, editor).away_until = _day_in(zone)
    with newsroom.db.read() as session:
        assert people.is_away(session.get_one(Editor, editor), session.get_one(Site, newsroom.site.id))


def _day_in(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()
