"""An open desk hears what changed within one look, is not sent the same twice, and hands no case to two (C6, C7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.workflow import Role, State
from corrections_service.services import cases
from corrections_service.store.models import Case, Presence, Site, now
from tests.services.newsroom import Newsroom
from tests.web.test_desk import Hire, main, reported
from tests.web.test_desk import hire as hire
from tests.web.visitors import Visitor


def changes(visitor: Visitor, known: str = "", /, **asked: Any) -> Any:
    """The answer to what changed, unless that is known by its tag."""
    return visitor.client.get("/queue/changes", query_string=asked, headers={"If-None-Match": known} if known else {})


def following(visitor: Visitor, path: str) -> str:
    """Where the link to the next case on a case's page leads."""
    link = main(visitor.get(path)).css_first("a[rel=next]")
    return str(link.attributes["href"]) if link else ""


def test_rows_that_changed_are_sent_and_an_unchanged_desk_costs_no_answer(newsroom: Newsroom, hire: Hire) -> None:
    first, second = reported(newsroom, 1), reported(newsroom, 2)
    me, colleague = hire(), hire(email="mia@news.example")
    asked: dict[str, Any] = {"rows": f"{first},{second}", "newest": second}
    begun = changes(me, **asked)
    state: dict[str, Any] = {"since": begun.json["since"], "tick": begun.json["tick"]}
    assert set(begun.json["rows"]) == {str(first), str(second)}
    colleague.post(f"/cases/{first}/claim")
    answer = changes(me, begun.headers["ETag"], **asked, **state)
    assert answer.status_code == 200
    assert "mia@news.example" in answer.json["rows"][str(first)]
    assert answer.json["new"] == 0
    colleague.post(f"/cases/{first}/decide", resolution="opinion")
    row = LexborHTMLParser(f"<table>{changes(me, **asked, **state).json['rows'][str(first)]}</table>").css_first("tr")
    assert row is not None
    assert "is-gone" in str(row.attributes["class"])
    assert changes(me, **asked, **state).json["counts"]["inbox"] == 1
    tag = changes(me, **asked, **state).headers["ETag"]
    same = changes(me, tag, **asked, **state)
    assert same.status_code in (200, 304)  # 200 where a new minute began: ages are sent anew
    assert same.status_code == 304 or same.json["tick"] != state["tick"]


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 30, "1," * 5000, "\x00", "'; DROP TABLE report; --"])
def test_no_question_breaks_the_look(newsroom: Newsroom, hire: Hire, odd: str) -> None:
    case = reported(newsroom, 1)
    answer = changes(hire(), rows=odd, case=odd, version=odd, since=odd, tick=odd, newest=odd, view=odd)
    assert answer.status_code == 200
    assert answer.json["counts"]["inbox"] == 1
    assert set(answer.json["rows"]) <= {str(case)}


def test_nothing_of_another_site_is_in_the_look(newsroom: Newsroom, neighbour: Newsroom, hire: Hire) -> None:
    foreign = reported(neighbour, 1)
    stranger, editor = hire(Role.VIEWER), neighbour.hire()
    with newsroom.db.write() as session:
        session.add(Presence(case_id=foreign, editor_id=editor, doing="looking", until=now() + timedelta(hours=1)))
    answer = changes(stranger, rows=str(foreign), case=foreign, version=0)
    assert (answer.json["rows"], answer.json["case"], answer.json["new"]) == ({}, "", 0)
    assert answer.json["here"] == []


def test_colleagues_are_named_beside_the_case_and_what_they_did_since(newsroom: Newsroom, hire: Hire) -> None:
    case = reported(newsroom, 1)
    me, mia = hire(), hire(email="mia@news.example")
    version = newsroom.look(case).version
    asked: dict[str, Any] = {"rows": case, "case": case, "version": version}
    assert changes(me, **asked).json["case"].strip() == ""
    assert mia.post(f"/cases/{case}/here", doing="writing").status_code == 200
    answer = changes(me, **asked)
    assert "<strong>mia@news.example</strong> is writing" in " ".join(answer.json["case"].split())
    assert "is writing" in answer.json["rows"][str(case)]
    assert "is writing" not in changes(mia, **asked).json["case"]
    mia.post(f"/cases/{case}/here", doing="gone")
    assert "is writing" not in changes(me, **asked).json["case"]
    mia.post(f"/cases/{case}/claim")
    said = " ".join(LexborHTMLParser(changes(me, **asked).json["case"]).text().split())
    assert "This case changed meanwhile." in said
    assert "mia@news.example took the case." in said


def test_a_stale_form_shows_what_was_wanted_beside_what_was_done_and_by_whom(newsroom: Newsroom, hire: Hire) -> None:
    case = reported(newsroom, 1)
    me, mia = hire(), hire(email="mia@news.example")
    version = str(newsroom.look(case).version)
    mia.post(f"/cases/{case}/decide", resolution="opinion", reason="It is a view.")
    typed = {"resolution": "cannot_verify", "reason": "We called <b>them</b> twice.", "version": version}
    answer = me.post(f"/cases/{case}/decide", **typed)
    done, wanted = main(answer).css(".versions > div")
    assert answer.status_code == 409
    assert "mia@news.example" in done.text()
    assert "It is a view." in done.text()
    assert "Cannot verify" in wanted.text()
    assert "We called <b>them</b> twice." in wanted.text()


def test_the_next_case_is_of_the_view_that_this_one_was_opened_from(newsroom: Newsroom, hire: Hire) -> None:
    facts = [reported(newsroom, number, kind="fact") for number in range(3)]
    typos = [reported(newsroom, number, kind="spelling") for number in range(10, 13)]
    me, mia = hire(), hire(email="mia@news.example")
    assert following(me, f"/cases/{typos[2]}") == f"/cases/{typos[1]}"
    path = f"/cases/{facts[2]}"
    assert following(me, f"{path}?kind=fact") == f"/cases/{facts[1]}?kind=fact"
    mia.post(f"/cases/{facts[1]}/claim")
    assert following(me, f"{path}?kind=fact") == f"/cases/{facts[0]}?kind=fact"
    done = me.post(f"{path}/decide?kind=fact", resolution="opinion")
    assert done.location == f"/cases/{facts[0]}?kind=fact"
    done = me.post(f"/cases/{facts[0]}/decide?kind=fact", resolution="opinion")
    assert done.location == "/queue?kind=fact"


def test_the_next_case_is_found_behind_a_page_of_a_colleagues(newsroom: Newsroom, hire: Hire) -> None:
    """Kind: the list goes on behind its page, wherever on it the case stands that was opened."""
    numbers = [reported(newsroom, number, url=f"https://news.example/{number}") for number in range(104)]
    me, mia = hire(), newsroom.hire(email="mia@news.example")
    with newsroom.db.write() as session:
        session.execute(sa.update(Case).where(Case.id.in_(numbers[2:-1])).values(assignee_id=mia))
    assert following(me, f"/cases/{numbers[-1]}") == f"/cases/{numbers[1]}"
    assert me.post(f"/cases/{numbers[-1]}/decide", resolution="opinion").location == f"/cases/{numbers[1]}"


def test_how_many_are_left_is_told_only_where_it_is_counted(newsroom: Newsroom, hire: Hire) -> None:
    """Kind: a list that is filtered has no count of its own, so none is told of it."""
    for query, is_told in (("", True), ("?kind=fact", False), (f"?site={newsroom.site.id}", False)):
        case, _ = (reported(newsroom, number, kind="fact") for number in (1, 2))
        me = hire(email=f"mia{is_told}{len(query)}@news.example")
        me.post(f"/cases/{case}/decide{query}", resolution="opinion")
        toast = LexborHTMLParser(me.get(f"/queue{query}").get_data(as_text=True)).css_first(".toast")
        assert toast is not None
        assert (" left." in toast.text()) is is_told, query


def test_two_who_decide_are_never_led_to_the_same_case(newsroom: Newsroom, hire: Hire) -> None:
    numbers = [reported(newsroom, number) for number in range(6)]
    me, mia = hire(), hire(email="mia@news.example")
    mia.post(f"/cases/{numbers[4]}/here", doing="looking")
    led = [
        who.post(f"/cases/{number}/decide", resolution="opinion").location
        for who, number in ((me, numbers[5]), (mia, numbers[4]))
    ]
    assert led == [f"/cases/{numbers[3]}", f"/cases/{numbers[2]}"]
    ready = {"resolution": "opinion", "ready": str(numbers[0])}
    assert me.post(f"/cases/{numbers[3]}/decide", **ready).location == f"/cases/{numbers[0]}"


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ({"when": "tomorrow"}, "09:00"),
        ({"when": "at", "until": "2099-05-04T07:30"}, "07:30"),
        ({"until": "2099-05-04"}, "00:00"),
    ],
)
def test_a_case_is_put_aside_by_the_clock_of_its_site(
    newsroom: Newsroom, hire: Hire, typed: dict[str, str], until: str
) -> None:
    case, zone = reported(newsroom, 1), "Asia/Kathmandu"
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        clock: Any = {"zone": zone}
        policy: Any = {**site.policy, "clock": clock}
        site.policy = policy
    assert hire().post(f"/cases/{case}/snooze", **typed).status_code == 302
    found = newsroom.look(case).snoozed_until
    assert isinstance(found, datetime)
    assert found.astimezone(ZoneInfo(zone)).strftime("%H:%M") == until


def test_the_calendars_end_is_no_time_until_which_a_case_is_put_aside(newsroom: Newsroom, hire: Hire) -> None:
    case = reported(newsroom, 1)
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        clock: Any = {"zone": "America/New_York"}
        policy: Any = {**site.policy, "clock": clock}
        site.policy = policy
    answer = hire().post(f"/cases/{case}/snooze", when="at", until="9999-12-31T23:59")
    assert answer.status_code == 422
    assert "9999-12-31T23:59" in answer.get_data(as_text=True), "what was typed stays"
    assert newsroom.look(case).state is State.NEW


def test_a_case_that_waits_for_more_readers_comes_back_with_them(newsroom: Newsroom, hire: Hire) -> None:
    case = reported(newsroom, 1)
    me = hire()
    for wrong in ({"when": "readers"}, {"when": "readers", "readers": "0"}, {"when": "readers", "readers": "some"}):
        assert me.post(f"/cases/{case}/snooze", **wrong).status_code == 422
    assert me.post(f"/cases/{case}/snooze", when="readers", readers="2").status_code == 302
    head = main(me.get(f"/cases/{case}")).css_first(".aside").text()
    assert head.startswith("Put aside until ")
    assert head.endswith(", or until 3 readers report it.")
    for sender, woken in (("192.0.2.1", 0), ("198.51.100.1", 1)):
        newsroom.send(exact="wrong 1", suggestion="right 1", block=sender)
        with newsroom.db.write() as session:
            assert cases.wake(session) == woken
    assert newsroom.look(case).state is State.OPEN
    assert newsroom.look(case).wake_readers is None
    page = main(me.get(f"/cases/{case}"))
    assert page.css_first(".aside") is None
    assert "As many readers report it now as it was put aside for." in page.css_first(".history").text()


def test_a_case_says_until_when_it_is_put_aside_and_that_its_time_came(newsroom: Newsroom, hire: Hire) -> None:
    case, me = reported(newsroom, 1), hire()
    me.post(f"/cases/{case}/snooze", when="at", until="2099-05-04T07:30")
    assert main(me.get(f"/cases/{case}")).css_first(".aside").text() == "Put aside until 4 May 2099, 07:30 (UTC)."
    newsroom.change(Case, snoozed_until=now() - timedelta(seconds=1))
    with newsroom.db.write() as session:
        assert cases.wake(session) == 1
    assert "The time it was put aside for is over." in main(me.get(f"/cases/{case}")).css_first(".history").text()
