"""What is owed is sent once, to whom it is owed, when it is due."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from corrections_service import errors
from corrections_service.rules.workflow import Resolution
from corrections_service.services import desk_mail, history, outbox
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, DeliveryState, Site, now
from tests.services.newsroom import Newsroom

WEEKS = timedelta(days=14)


def owe(db: Database, site: Site, key: str, recipient: str = "ann@example.org", **options: Any) -> int | None:
    with db.write() as session:
        return outbox.owe(session, options.pop("template", "receipt"), recipient, site=site, key=key, **options)


def claim(db: Database, worker: str = "one", **options: Any) -> list[int]:
    with db.write() as session:
        return [one.id for one in outbox.claim(session, worker, **options)]


def the(db: Database, delivery: int | None) -> Delivery:
    with db.read() as session:
        return session.get_one(Delivery, delivery)


def test_the_same_is_owed_once_to_each(db: Database, site: Site) -> None:
    assert owe(db, site, "a") is not None
    assert owe(db, site, "a", recipient="ANN@example.org") is None
    assert owe(db, site, "b") is not None
    assert owe(db, site, "a", recipient="bob@example.org") is not None


def test_what_is_owed_later_is_not_due_yet(db: Database, site: Site) -> None:
    owe(db, site, "a", delay=60)
    due = owe(db, site, "b")
    assert claim(db) == [due]
    assert claim(db) == []


def test_many_workers_at_once_take_each_delivery_once(db: Database, site: Site) -> None:
    owed = [owe(db, site, str(number)) for number in range(40)]
    with ThreadPoolExecutor(5) as pool:
        taken = pool.map(lambda worker: claim(db, f"worker {worker}", limit=10), range(5))
    found = [one for some in taken for one in some]
    found += claim(db, limit=50)
    assert sorted(found) == owed


def test_a_lease_that_is_over_lets_another_worker_send(db: Database, site: Site, newsroom: Newsroom) -> None:
    owed = owe(db, site, "a")
    assert claim(db, "one") == [owed]
    with db.read() as session:
        assert outbox.still_ours(session, [owed or 0], "one")
        assert not outbox.still_ours(session, [owed or 0], "two")
    newsroom.change(Delivery, next_at=now() - timedelta(seconds=1))
    assert claim(db, "two") == [owed]
    with db.read() as session:
        assert not outbox.still_ours(session, [owed or 0], "one")


def test_what_dead_workers_had_taken_is_free_again(db: Database, site: Site) -> None:
    for number in range(2):
        owe(db, site, str(number))
    (first,) = claim(db, "dead", limit=1)
    (second,) = claim(db, "alive", limit=1)
    with db.write() as session:
        assert outbox.release_claims(session, at_work=["alive"]) == 1
    assert claim(db, "two") == [first]
    with db.write() as session:
        assert outbox.release_claims(session, at_work=[]) == 2
    assert claim(db, "two") == [first, second]


def test_a_burst_of_new_cases_is_taken_together(newsroom: Newsroom) -> None:
    for number in range(30):
        newsroom.send(url=f"https://news.example/{number}")
    newsroom.send(email="ann@example.org")
    (first,) = claim(newsroom.db, limit=1)
    with newsroom.db.write() as session:
        others = outbox.companions(session, session.get_one(Delivery, first), "one")
        assert {session.get_one(Delivery, one).template for one in others} == {outbox.DESK_TEMPLATE}
        assert len(others) == 30
        outbox.mark_sent(session, [first, *others])
    assert newsroom.owed("case_new") == [("desk@news.example", "sent")] * 31


def test_companions_of_another_worker_stay_with_it(newsroom: Newsroom) -> None:
    for number in range(3):
        newsroom.send(url=f"https://news.example/{number}")
    (mine,) = claim(newsroom.db, "one", limit=1)
    (its,) = claim(newsroom.db, "two", limit=1)
    with newsroom.db.write() as session:
        others = outbox.companions(session, session.get_one(Delivery, mine), "one")
        assert its not in others
        assert len(others) == 1


def test_a_desk_gets_so_many_mails_an_hour_and_then_waits(newsroom: Newsroom) -> None:
    for number in range(4):
        newsroom.send(url=f"https://news.example/{number}")
    for number in range(3):
        (delivery,) = claim(newsroom.db, limit=1)
        with newsroom.db.write() as session:
            assert desk_mail.desk_pause(session, session.get_one(Delivery, delivery), 3) is None, number
            outbox.mark_sent(session, [delivery])
    (waiting,) = claim(newsroom.db)
    with newsroom.db.write() as session:
        until = desk_mail.desk_pause(session, session.get_one(Delivery, waiting), 3)
        assert until is not None
        assert timedelta(minutes=59) < until - now() <= timedelta(hours=1)
        outbox.put_back(session, [waiting], until=until, by_choice=True)
    put_back = the(newsroom.db, waiting)
    assert (put_back.attempts, put_back.claimed_by, put_back.next_at) == (0, None, until)
    assert claim(newsroom.db) == []


def test_a_mail_is_tried_again_later_and_later_then_given_up_on_screen(
    db: Database, site: Site, newsroom: Newsroom
) -> None:
    owed = owe(db, site, "a")
    for tried in range(12):
        assert claim(db) == [owed]
        before, wait = now(), min(timedelta(seconds=30) * 2**tried, timedelta(hours=1))
        with db.write() as session:
            outbox.mark_failed(session, [int(owed or 0)], "421 busy", for_good=False, keep=WEEKS)
        assert before + wait <= the(db, owed).next_at <= now() + wait
        newsroom.change(Delivery, next_at=now() - timedelta(seconds=1))
    with db.read() as session:
        assert [one.last_error for one in outbox.unsent(session, [site.id])] == ["421 busy"]
    newsroom.change(Delivery, created_at=now() - WEEKS - timedelta(seconds=1))
    with db.write() as session:
        outbox.mark_failed(session, [int(owed or 0)], "421 busy", for_good=False, keep=WEEKS)
    assert the(db, owed).state is DeliveryState.FAILED
    assert claim(db) == []


def test_what_failed_for_good_can_be_tried_once_more(db: Database, site: Site) -> None:
    failed = [owe(db, site, key) for key in "ab"]
    for delivery in claim(db):
        with db.write() as session:
            outbox.mark_failed(session, [delivery], "550 nobody", for_good=True, keep=WEEKS)
    with db.write() as session:
        assert outbox.retry(session, failed[0]) == 1
        assert outbox.retry(session, 999) == 0
    assert claim(db) == [failed[0]]
    with db.write() as session:
        assert outbox.retry(session) == 1


def test_what_is_held_back_goes_only_when_released(db: Database, site: Site) -> None:
    owed = owe(db, site, "a")
    with db.write() as session:
        assert outbox.hold(session) == 1
        assert [one.id for one in outbox.unsent(session, [site.id])] == [owed]
    assert claim(db) == []
    with db.write() as session:
        assert (outbox.release(session), outbox.release(session)) == (1, 0)
    assert claim(db) == [owed]


def test_a_mail_that_is_being_sent_is_not_taken_back(newsroom: Newsroom) -> None:
    number = newsroom.case_of(newsroom.send(email="ann@example.org"))
    editor = newsroom.hire()
    newsroom.decide(number, editor, Resolution.OPINION)
    newsroom.change(Delivery, next_at=now())
    claim(newsroom.db)
    with pytest.raises(errors.NothingToUndo):
        newsroom.act(history.undo, number, editor)
    with newsroom.db.write() as session:
        outbox.release_claims(session, at_work=[])
    newsroom.act(history.undo, number, editor)
    assert newsroom.owed("case_resolved") == [("ann@example.org", "cancelled")]


def test_a_mail_that_was_taken_back_does_not_come_back_when_it_fails(db: Database, site: Site) -> None:
    owed = owe(db, site, "a")
    claim(db)
    with db.write() as session:
        outbox.forget_recipient(session, Delivery.id == owed)
    with db.write() as session:
        outbox.mark_failed(session, [int(owed or 0)], "421 busy", for_good=False, keep=WEEKS)
    assert (the(db, owed).state, the(db, owed).recipient) == (DeliveryState.CANCELLED, "")


def test_what_an_answer_told_is_kept_until_its_reader_is_forgotten_and_a_secret_link_never(
    db: Database, site: Site
) -> None:
    """A mail that comes back is sent once more with the same words; a link that lets somebody in is in no row any more."""
    with db.write() as session:
        said = {"url": "https://corrections.example/sign-in/secret", "question": "Where?"}
        owed = [
            outbox.owe(session, template, "ann@example.org", site=site, key="a", data=said)
            for template in ("case_asked", outbox.TURN, "sign_in", "invitation")
        ]
        outbox.mark_sent(session, [one for one in owed if one is not None])
    kept = [the(db, one).data for one in owed]
    assert kept == [said, said, {}, {}]
    with db.write() as session:
        outbox.forget_recipient(session, Delivery.recipient == "ann@example.org")
    assert [the(db, one).data for one in owed] == [{}] * 4
