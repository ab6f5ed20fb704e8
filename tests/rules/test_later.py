"""Later: tonight, tomorrow, Monday, in a week, on the newsroom's own clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from corrections_service.rules.later import later

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("name", "here", "then"),
    [
        ("tonight", "2026-11-27T10:00", "2026-11-27T19:00"),
        ("tonight", "2026-11-27T21:30", "2026-11-28T00:30"),
        ("tomorrow", "2026-11-27T23:59", "2026-11-28T09:00"),
        ("tomorrow", "2026-03-28T12:00", "2026-03-29T09:00"),
        ("monday", "2026-11-27T10:00", "2026-11-30T09:00"),
        ("monday", "2026-11-30T08:00", "2026-12-07T09:00"),
        ("monday", "2026-11-29T08:00", "2026-11-30T09:00"),
        ("week", "2026-11-27T10:00", "2026-12-04T09:00"),
    ],
)
def test_a_time_is_meant_on_the_newsrooms_clock_also_when_clocks_are_changed(name: str, here: str, then: str) -> None:
    found = later(name, datetime.fromisoformat(here).replace(tzinfo=KYIV))
    assert found == datetime.fromisoformat(then).replace(tzinfo=KYIV)
