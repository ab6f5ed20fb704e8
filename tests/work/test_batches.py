"""Many cases at once: each with its version checked, each reader told once, all of it taken back (C9)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from corrections_service import errors
from corrections_service.rules.workflow import State
from corrections_service.services import batches, cases, clocks, history, sites
from corrections_service.store.models import Batch, BatchCase, Case, Delivery, DeliveryState, Editor, Outcome, Site, now
from corrections_service.work import jobs
from corrections_service.work.means import Work
from tests.services.newsroom import Newsroom
from tests.work.postroom import Desk

OPINION = {"resolution": "opinion", "why_silent": "", "reason": "Columnists may."}


@pytest.fixture
def newsroom(desk: Desk) -> Newsroom:
    """The newsroom of the desk, whose editor has the number 1."""
    return Newsroom(desk.db, desk.site)


def reported(newsroom: Newsroom, count: int) -> list[int]:
    """Cases of as many readers who asked."""
    return [
        newsroom.case_of(newsroom.send(url=f"https://news.example/{number}", email=f"r{number}@example.org"))
        for number in range(count)
    ]


def versions(newsroom: Newsroom, numbers: list[int]) -> dict[int, int]:
    return {number: newsroom.look(number).version for number in numbers}


def begin(newsroom: Newsroom, seen: dict[int, int], action: str = "decide", editor: int = 1, **data: Any) -> int:
    with newsroom.db.write() as session:
        actor = session.get_one(Editor, editor)
        return batches.start(session, seen, action, data or OPINION, actor=actor).id


def undo(newsroom: Newsroom, batch: int) -> None:
    with newsroom.db.write() as session:
        batches.undo(session, session.get_one(Batch, batch))


def outcomes(newsroom: Newsroom, batch: int) -> dict[str, int]:
    with newsroom.db.read() as session:
        return dict(batches.progress(session, session.get_one(Batch, batch)).outcomes)


def states(newsroom: Newsroom, numbers: list[int]) -> set[State]:
    return {newsroom.look(number).state for number in numbers}


def let_time_pass(newsroom: Newsroom) -> None:
    """What is held for less than a minute is due."""
    with newsroom.db.write() as session:
        soon = (Delivery.state == DeliveryState.OWED, Delivery.next_at < now() + timedelta(minutes=1))
        session.execute(update(Delivery).where(*soon).values(next_at=now()))


def test_all_are_decided_but_what_changed_meanwhile_and_each_reader_hears_once(desk: Desk, newsroom: Newsroom) -> None:
    numbers = reported(newsroom, 4)
    seen = versions(newsroom, numbers)
    newsroom.act(cases.claim, numbers[1], newsroom.hire(email="b@news.example"))
    batch = begin(newsroom, seen)
    jobs.run_batch(desk.work, batch)
    jobs.run_batch(desk.work, batch)
    assert outcomes(newsroom, batch) == {"done": 3, "changed": 1}
    assert newsroom.look(numbers[1]).state is State.OPEN
    with newsroom.db.read() as session:
        (left_alone,) = batches.of_outcome(session, session.get_one(Batch, batch), Outcome.CHANGED)
        assert (left_alone.case_id, left_alone.detail) == (numbers[1], errors.ChangedMeanwhile().detail)
    let_time_pass(newsroom)
    answers = [mail for mail in desk.mails() if "Columnists" in mail.part("plain")]
    assert sorted(mail.rcpt_tos[0] for mail in answers) == [f"r{number}@example.org" for number in (0, 2, 3)]


def test_no_mail_of_a_batch_leaves_before_its_last_case_is_done_and_undoing_takes_all_back(
    desk: Desk, newsroom: Newsroom
) -> None:
    numbers = reported(newsroom, 3)
    batch = begin(newsroom, versions(newsroom, numbers))
    with newsroom.db.write() as session:
        batches.act(session, batch, numbers[0])
    let_time_pass(newsroom)
    assert not [mail for mail in desk.mails() if "Columnists" in mail.part("plain")]
    jobs.run_batch(desk.work, batch)
    undo(newsroom, batch)
    jobs.run_batch(desk.work, batch)
    assert outcomes(newsroom, batch) == {"undone": 3}
    assert states(newsroom, numbers) == {State.NEW}
    let_time_pass(newsroom)
    assert not [mail for mail in desk.mails() if "Columnists" in mail.part("plain")]
    assert {state for _, state in newsroom.owed("case_resolved")} == {"cancelled"}


def test_undoing_while_it_runs_begins_nothing_more(desk: Desk, newsroom: Newsroom) -> None:
    numbers = reported(newsroom, 3)
    batch = begin(newsroom, versions(newsroom, numbers))
    with newsroom.db.write() as session:
        batches.act(session, batch, numbers[0])
    undo(newsroom, batch)
    with newsroom.db.write() as session:
        batches.act(session, batch, numbers[1])  # as a worker that had looked a moment before
    jobs.run_batch(desk.work, batch)
    assert outcomes(newsroom, batch) == {"undone": 1, "waiting": 2}
    assert states(newsroom, numbers) == {State.NEW}


def test_undoing_as_the_last_case_is_done_lets_no_mail_go_before_it_is_taken_back(
    desk: Desk, newsroom: Newsroom
) -> None:
    numbers = reported(newsroom, 2)
    batch = begin(newsroom, versions(newsroom, numbers))
    with newsroom.db.write() as session:
        for number in numbers:
            batches.act(session, batch, number)
    undo(newsroom, batch)
    with newsroom.db.write() as session:
        batches.finish(session, batch)  # by a worker that had found nothing more to do a moment before
        assert session.get_one(Batch, batch).undone_at is None
        assert all(mail.next_at > now() for mail in session.scalars(select(Delivery).where(Delivery.event_id > 0)))
    jobs.run_batch(desk.work, batch)
    assert outcomes(newsroom, batch) == {"undone": 2}
    assert {state for _, state in newsroom.owed("case_resolved")} == {"cancelled"}


def test_what_somebody_changed_since_or_a_reader_was_told_stays_and_is_said(desk: Desk, newsroom: Newsroom) -> None:
    numbers = reported(newsroom, 3)
    batch = begin(newsroom, versions(newsroom, numbers))
    jobs.run_batch(desk.work, batch)
    newsroom.act(cases.reopen, numbers[0], newsroom.hire(email="b@news.example"), "A second look")
    with newsroom.db.write() as session:
        told = select(BatchCase.event_id).where(BatchCase.case_id == numbers[1]).scalar_subquery()
        session.execute(update(Delivery).where(Delivery.event_id == told).values(state=DeliveryState.SENT))
    undo(newsroom, batch)
    jobs.run_batch(desk.work, batch)
    assert outcomes(newsroom, batch) == {"kept": 2, "undone": 1}
    assert [newsroom.look(number).state for number in numbers] == [State.OPEN, State.CLOSED, State.NEW]
    with newsroom.db.read() as session:
        kept = batches.of_outcome(session, session.get_one(Batch, batch), Outcome.KEPT)
        assert "told already" in kept[1].detail


def test_a_change_of_fact_is_not_made_in_silence_for_many_either(work: Work, newsroom: Newsroom) -> None:
    typo = newsroom.case_of(newsroom.send(exact="the harbur", suggestion="the harbour"))
    fact = newsroom.case_of(newsroom.send(exact="in 1987", suggestion="in 1978"))
    seen = versions(newsroom, [typo, fact])
    batch = begin(newsroom, seen, resolution="fixed", why_silent="", reason="")
    jobs.run_batch(work, batch)
    assert outcomes(newsroom, batch) == {"done": 1, "refused": 1}
    assert (newsroom.look(typo).state, newsroom.look(fact).state) == (State.FIXING, State.NEW)


@pytest.mark.parametrize(
    ("action", "data"),
    [("spam", {}), ("claim", {}), ("snooze", {"until": (now() + timedelta(days=3)).isoformat()}), ("merge", {})],
)
def test_everything_that_is_done_with_many_is_taken_back(
    work: Work, newsroom: Newsroom, action: str, data: dict[str, Any]
) -> None:
    first, *numbers = reported(newsroom, 3)
    data = data | ({"into": first, "sure": True} if action == "merge" else {"none": ""})
    before = {number: newsroom.look(number).readers for number in (first, *numbers)}
    batch = begin(newsroom, versions(newsroom, numbers), action, **data)
    jobs.run_batch(work, batch)
    assert outcomes(newsroom, batch) == {"done": 2}
    undo(newsroom, batch)
    jobs.run_batch(work, batch)
    assert outcomes(newsroom, batch) == {"undone": 2}
    assert states(newsroom, numbers) == {State.NEW}
    assert {number: newsroom.look(number).readers for number in before} == before
    newsroom.assert_readers_add_up()


@pytest.mark.parametrize("action", ["claim", "release", "not_spam"])
def test_what_a_batch_did_not_change_is_not_called_done_and_no_earlier_change_is_taken_back(
    work: Work, newsroom: Newsroom, action: str
) -> None:
    (number,) = reported(newsroom, 1)
    newsroom.act(cases.claim, number, 1)
    if action != "claim":
        newsroom.act(cases.release, number, 1)
    newsroom.act(cases.ask, number, 1, "Which bridge?")
    before = newsroom.look(number).version
    batch = begin(newsroom, versions(newsroom, [number]), action, none="")
    jobs.run_batch(work, batch)
    assert outcomes(newsroom, batch) == {"refused": 1}
    undo(newsroom, batch)
    jobs.run_batch(work, batch)
    assert (newsroom.look(number).version, newsroom.look(number).state) == (before, State.WAITING)
    assert [state for _, state in newsroom.owed("case_asked")] == ["owed"]
    with newsroom.db.read() as session:
        (left_alone,) = batches.of_outcome(session, session.get_one(Batch, batch), Outcome.REFUSED)
        assert "nothing to do" in left_alone.detail


def test_cases_of_different_passages_are_merged_only_where_that_was_said(work: Work, newsroom: Newsroom) -> None:
    first, *numbers = reported(newsroom, 2)
    batch = begin(newsroom, versions(newsroom, numbers), "merge", into=first, sure=False)
    jobs.run_batch(work, batch)
    assert outcomes(newsroom, batch) == {"refused": 1}
    assert states(newsroom, numbers) == {State.NEW}


def test_another_sites_case_in_the_list_is_said_and_nothing_begins(desk: Desk, newsroom: Newsroom) -> None:
    with desk.db.write() as session:
        other = sites.create(session, name="Other", origins=["https://other.example"], desk="d@other.example")
    foreign = Newsroom(desk.db, other)
    numbers = [*reported(newsroom, 1), foreign.case_of(foreign.send(url="https://other.example/x"))]
    with pytest.raises(errors.NotFound, match=f"no case {numbers[1]} on your sites"):
        begin(newsroom, versions(newsroom, numbers))
    assert newsroom.count(Batch) == 0
    assert states(newsroom, numbers) == {State.NEW}


def test_a_reader_of_several_cases_has_an_answer_to_each(newsroom: Newsroom) -> None:
    numbers = [
        newsroom.case_of(newsroom.send(url=f"https://news.example/{number}", email=email))
        for number, email in enumerate(("ann@example.org", "Ann@example.org", "bob@example.org", ""))
    ]
    with newsroom.db.read() as session:
        assert batches.mails(session, numbers) == 3
        assert session.scalars(select(Case.id)).all() == numbers


def test_it_is_taken_back_for_ten_minutes_only(desk: Desk, newsroom: Newsroom) -> None:
    batch = begin(newsroom, versions(newsroom, reported(newsroom, 1)))
    jobs.run_batch(desk.work, batch)
    newsroom.change(Batch, finished_at=now() - history.UNDO_FOR - timedelta(seconds=1))
    with pytest.raises(errors.NothingToUndo):
        undo(newsroom, batch)


def test_many_are_put_aside_until_a_day_of_their_site_s_calendar(work: Work, newsroom: Newsroom) -> None:
    numbers, day = reported(newsroom, 2), (now() + timedelta(days=3)).date()
    with newsroom.db.write() as session:
        clocks.choose(session.get_one(Site, newsroom.site.id), {**clocks.USUAL, "zone": "America/New_York"})
    jobs.run_batch(work, begin(newsroom, versions(newsroom, numbers), "snooze", until=day.isoformat()))
    midnight = datetime.combine(day, time(), ZoneInfo("America/New_York"))
    assert {newsroom.look(number).snoozed_until for number in numbers} == {midnight}
