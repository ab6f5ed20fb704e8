"""Clocks: until when something is due, counted in the hours in which a newsroom works."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MOST_DAYS = 4000
"""Days that are looked through at most: a target is shorter than that, whatever the hours."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a newsroom works: on these days (0 is Monday) from a time to a later one, as its own clocks show them.

    Midnight as the end is the end of the day; on no day at all means around the clock.
    """

    zone: str = "UTC"
    days: Collection[int] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(18)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name, or UTC where there is none."""
    return ZoneInfo(name) if is_zone(name) else ZoneInfo("UTC")


def is_zone(name: str) -> bool:
    """Whether a time zone has this name."""
    try:
        return bool(name) and ZoneInfo(name) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def due(start: datetime, target: timedelta, hours: Hours) -> datetime:
    """When so much working time has passed since a moment. The clocks' change makes a day's hours longer or shorter.

    `start` is aware; so is the answer, in UTC.
    """
    start = start.astimezone(UTC)
    if not hours.days or hours.opens == hours.closes:
        return start + target
    rest, day = target, start.astimezone(zone_of(hours.zone)).date() - timedelta(days=1)  # a night's work goes on
    for _ in range(MOST_DAYS):
        if day.weekday() in hours.days:
            opens, closes = _shift(day, hours)
            begins = max(opens, start)
            if begins + rest <= closes:
                return begins + rest
            rest -= max(closes - begins, timedelta(0))
        day += timedelta(days=1)
    return start + target


def _shift(day: date, hours: Hours) -> tuple[datetime, datetime]:
    """From when to when a day's work goes, in UTC; a time that the clocks skip is the moment at which they skip it."""
    zone = zone_of(hours.zone)
    last = day + timedelta(days=1) if hours.closes <= hours.opens else day
    opens, closes = (
        datetime.combine(on, at, zone).astimezone(UTC) for on, at in ((day, hours.opens), (last, hours.closes))
    )
    return opens, closes
