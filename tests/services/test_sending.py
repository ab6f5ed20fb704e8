"""What is owed is on screen, and can be tried again, held back, released and discarded there (D6), and rings when it is late (D11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import alarms, outbox, sending
from corrections_service.store.models import Delivery, DeliveryState, now
from tests.services.newsroom import Newsroom

WEEKS = timedelta(days=14)


def owe(newsroom: Newsroom, key: str = "a") -> int:
    with newsroom.db.write() as session:
        number = outbox.owe(session, "receipt", "ann@example.org", site=newsroom.site, key=key)
    assert number is not None
    return number


def act(newsroom: Newsroom, number: int, action: str, site_id: int | None = None) -> None:
    with newsroom.db.write() as session:
        sending.act(session, number, action, [site_id or newsroom.site.id])


def state(newsroom: Newsroom, number: int) -> DeliveryState:
    with newsroom.db.read() as session:
        return session.get_one(Delivery, number).state


def claimed(newsroom: Newsroom) -> list[int]:
    with newsroom.db.write() as session:
        return [delivery.id for delivery in outbox.claim(session, "one")]


def fail(newsroom: Newsroom, *, for_good: bool = False) -> None:
    with newsroom.db.write() as session:
        ids = [delivery.id for delivery in outbox.claim(session, "one")]
        outbox.mark_failed(session, ids, "550 no", for_good=for_good, keep=WEEKS)


def test_a_message_is_held_released_and_discarded_by_hand(newsroom: Newsroom) -> None:
    number, other = owe(newsroom), owe(newsroom, "b")
    act(newsroom, number, "hold")
    assert claimed(newsroom) == [other]
    with newsroom.db.read() as session:
        assert [one.id for one in sending.waiting(session, [newsroom.site.id])] == [number, other]
        assert sending.count_waiting(session, [newsroom.site.id]) == 2
    act(newsroom, number, "release")
    assert state(newsroom, number) is DeliveryState.OWED
    act(newsroom, number, "discard")
    assert state(newsroom, number) is DeliveryState.CANCELLED
    assert claimed(newsroom) == []


@pytest.mark.parametrize("for_good", [False, True])
def test_what_failed_is_tried_again_or_discarded_by_hand(newsroom: Newsroom, for_good: bool) -> None:
    number = owe(newsroom)
    fail(newsroom, for_good=for_good)
    assert claimed(newsroom) == []
    act(newsroom, number, "retry")
    assert claimed(newsroom) == [number]


@pytest.mark.parametrize("action", ["hold", "release", "discard"])
def test_a_message_that_is_being_sent_is_left_alone(newsroom: Newsroom, action: str) -> None:
    number = owe(newsroom)
    claimed(newsroom)
    with pytest.raises(errors.ChangedMeanwhile):
        act(newsroom, number, action)
    assert state(newsroom, number) is DeliveryState.OWED


def test_another_site_s_message_is_nobody_s_to_discard(newsroom: Newsroom) -> None:
    number = owe(newsroom)
    with pytest.raises(errors.NotFound):
        act(newsroom, number, "discard", newsroom.site.id + 1)
    with pytest.raises(errors.BadRequest):
        act(newsroom, number, "burn")


def late(newsroom: Newsroom) -> bool:
    with newsroom.db.read() as session:
        return alarms.oldest_late(session, [newsroom.site.id]) is not None


def test_mail_that_was_tried_for_a_quarter_of_an_hour_or_that_nobody_sends_rings_once(newsroom: Newsroom) -> None:
    newsroom.hire(Role.ADMIN)
    owe(newsroom)
    assert not late(newsroom)
    newsroom.change(Delivery, created_at=now() - WEEKS / 2, next_at=now() + timedelta(hours=9))
    assert not late(newsroom), "it waits for its hour"
    newsroom.change(Delivery, next_at=now())
    fail(newsroom)
    assert late(newsroom), "it was tried, and is old"
    newsroom.change(Delivery, created_at=now(), last_error="", next_at=now() - alarms.LATE - timedelta(minutes=1))
    assert late(newsroom), "nobody sends it"
    for _ in range(2):
        with newsroom.db.write() as session:
            assert alarms.tell(session) == 1
    assert newsroom.owed(alarms.TEMPLATE) == [("admin@news.example", "owed")]
    newsroom.change(Delivery, next_at=now() - alarms.LATE * 2)
    with newsroom.db.write() as session:
        session.get_one(Delivery, 1).state = DeliveryState.SENT
    assert not late(newsroom), "an alarm that waits rings no other"
