"""Due in working hours: nights, weekends and the change of the clocks counted as a newsroom counts them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from corrections_service.rules.clocks import Hours, due, is_zone, zone_of

BERLIN, KYIV, NEW_YORK = ("Europe/Berlin", "Europe/Kyiv", "America/New_York")
NIGHT = {"opens": time(22), "closes": time(6)}


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("hours", "start", "target", "expected"),
    [
        (Hours(BERLIN), "2026-03-02 10:00", 4, "2026-03-02 14:00"),
        (Hours(BERLIN), "2026-03-02 16:00", 4, "2026-03-03 11:00"),
        (Hours(BERLIN), "2026-03-02 16:00", 2, "2026-03-02 18:00"),
        (Hours(BERLIN), "2026-03-02 03:00", 1, "2026-03-02 10:00"),
        (Hours(BERLIN), "2026-03-02 23:00", 1, "2026-03-03 10:00"),
        (Hours(BERLIN), "2026-03-06 17:00", 2, "2026-03-09 10:00"),  # Friday, over the weekend
        (Hours(BERLIN), "2026-03-07 12:00", 1, "2026-03-09 10:00"),  # Saturday
        (Hours(BERLIN), "2026-03-06 09:00", 45, "2026-03-12 18:00"),  # a week's worth
        (Hours(BERLIN), "2026-03-27 17:00", 2, "2026-03-30 10:00"),  # the clocks go forward on that weekend
        (Hours(BERLIN), "2026-10-23 17:00", 2, "2026-10-26 10:00"),  # and back on this one
        (Hours(BERLIN, (5, 6)), "2026-03-02 10:00", 1, "2026-03-07 10:00"),  # who works on weekends alone
        (Hours(KYIV, (6, 0, 1, 2, 3)), "2026-03-05 17:00", 2, "2026-03-08 10:00"),  # Sunday to Thursday
        (Hours(NEW_YORK, range(7), time(0), time(0)), "2026-03-07 12:00", 24, "2026-03-08 13:00"),  # a day of 23 hours
        (Hours(NEW_YORK, range(7), time(0), time(0)), "2026-10-31 12:00", 24, "2026-11-01 11:00"),  # one of 25
        (Hours(BERLIN, range(7), **NIGHT), "2026-03-02 23:00", 8, "2026-03-03 23:00"),
        (Hours(BERLIN, range(7), time(2, 30), time(4)), "2026-03-29 00:00", 1, "2026-03-30 03:00"),  # 2:30 is skipped
        (Hours(BERLIN, range(7), **NIGHT), "2026-03-03 02:00", 5, "2026-03-03 23:00"),  # in last night's work
    ],
)
def test_nights_weekends_and_the_change_of_the_clocks_are_counted_as_the_newsroom_counts(
    hours: Hours, start: str, target: int, expected: str
) -> None:
    found = due(local(start, hours.zone), timedelta(hours=target), hours)
    assert found == local(expected, hours.zone)
    assert found.tzinfo is UTC


def test_on_no_day_at_all_is_around_the_clock() -> None:
    start = datetime(2026, 3, 7, 23, tzinfo=UTC)
    assert due(start, timedelta(hours=5), Hours(days=())) == start + timedelta(hours=5)
    assert due(start, timedelta(hours=5), Hours(opens=time(9), closes=time(9))) > start


@pytest.mark.parametrize("zone", ["Nowhere/Atlantis", "", "../../etc/passwd", "\0", "Europe", "x" * 5000])
def test_a_zone_that_there_is_not_is_utc(zone: str) -> None:
    assert not is_zone(zone)
    assert zone_of(zone) == ZoneInfo("UTC")
    start = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert due(start, timedelta(hours=1), Hours(zone)) == start + timedelta(hours=1)


def test_a_later_start_is_never_due_earlier() -> None:
    hours, start = Hours(BERLIN), datetime(2026, 3, 26, tzinfo=UTC)
    ends = [due(start + timedelta(minutes=37 * step), timedelta(hours=3), hours) for step in range(300)]
    assert ends == sorted(ends)
