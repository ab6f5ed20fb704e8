"""Later: the times until which a case is put aside, on the clock of its newsroom."""

from __future__ import annotations

from datetime import datetime, time, timedelta

MORNING, EVENING = time(9), time(19)


def later(name: str, here: datetime) -> datetime:
    """The moment that a newsroom means by tonight, tomorrow, monday or week, from its own time now."""
    today = here.date()
    if name == "tonight":
        evening = datetime.combine(today, EVENING, here.tzinfo)
        return evening if evening > here else here + timedelta(hours=3)
    days = {"tomorrow": 1, "monday": 7 - today.weekday(), "week": 7}[name]
    return datetime.combine(today + timedelta(days=days), MORNING, here.tzinfo)
