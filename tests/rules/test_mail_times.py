"""When a mail to an editor goes: at once, on the hour, once a day, never, and not in anybody's night (D2)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corrections_service.rules.mail_times import USUAL, Habits, Sort, due, rouse


def at(moment: str) -> datetime:
    return datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=UTC)


def test_who_chose_nothing_is_told_at_once_of_all_but_what_is_asked_for() -> None:
    for sort in Sort:
        expected = None if sort in (Sort.FIX_SEEN, Sort.WAVE) else at("11-02T10:20:30")
        assert due(at("11-02T10:20:30"), sort, USUAL) == expected


@pytest.mark.parametrize(
    ("pace", "zone", "owed_at", "expected"),
    [
        ("hourly", "UTC", "11-02T10:20:30", "11-02T11:00"),
        ("hourly", "UTC", "11-02T10:00", "11-02T10:00"),
        ("hourly", "Asia/Kolkata", "11-02T10:20:30", "11-02T10:30"),
        ("hourly", "UTC", "12-31T23:59:59", "12-31T23:59:59"),
        ("daily", "UTC", "11-02T07:00", "11-02T08:00"),
        ("daily", "UTC", "11-02T08:00:01", "11-03T08:00"),
        ("daily", "Europe/Kyiv", "11-02T07:00", "11-03T06:00"),
        ("daily", "Europe/Kyiv", "10-24T12:00", "10-25T06:00"),
        ("daily", "America/New_York", "03-07T20:00", "03-08T12:00"),
        ("daily", "No/Such", "11-02T07:00", "11-02T08:00"),
        ("never", "UTC", "11-02T07:00", None),
        ("sometimes", "UTC", "11-02T07:00", "11-02T07:00"),
    ],
)
def test_a_pace_says_when_what_was_owed_goes(pace: str, zone: str, owed_at: str, expected: str | None) -> None:
    """In the person's own zone, over the clocks' change too; a pace of a later version is as usual."""
    moment = due(at(owed_at), Sort.NEW, Habits({"new": pace}, zone))
    if owed_at.startswith("12-31"):
        assert moment == datetime(2027, 1, 1, tzinfo=UTC)
    else:
        assert moment == (at(expected) if expected else None)


@pytest.mark.parametrize(
    ("begin", "end", "zone", "moment", "expected"),
    [
        ("22:00", "07:00", "UTC", "11-02T23:30", "11-03T07:00"),
        ("22:00", "07:00", "UTC", "11-02T06:59", "11-02T07:00"),
        ("22:00", "07:00", "UTC", "11-02T07:00", "11-02T07:00"),
        ("22:00", "07:00", "UTC", "11-02T22:00", "11-03T07:00"),
        ("22:00", "07:00", "UTC", "11-02T21:59:59", "11-02T21:59:59"),
        ("12:00", "13:30", "UTC", "11-02T12:15", "11-02T13:30"),
        ("22:00", "07:00", "Europe/Kyiv", "11-02T21:00", "11-03T05:00"),
        ("22:00", "02:30", "Europe/Berlin", "03-29T00:30", "03-29T01:30"),
        ("22:00", "22:00", "UTC", "11-02T23:30", "11-02T23:30"),
        ("", "07:00", "UTC", "11-02T06:30", "11-02T06:30"),
    ],
)
def test_nothing_comes_in_the_quiet_hours(begin: str, end: str, zone: str, moment: str, expected: str) -> None:
    """Over midnight, in the person's zone, at an hour that the clocks skip."""
    habits = Habits(zone=zone, quiet_from=begin, quiet_until=end)
    assert rouse(at(moment), habits) == at(expected)
    assert due(at(moment), Sort.MENTIONED, habits) == at(expected)


def test_a_daily_mail_waits_for_the_end_of_a_long_night() -> None:
    habits = Habits({"new": "daily"}, "UTC", "20:00", "10:30")
    assert due(at("11-02T09:00"), Sort.NEW, habits) == at("11-03T10:30")
    assert due(at("11-02T07:00"), Sort.NEW, habits) == at("11-02T10:30")
