"""Charts fit their numbers: axes end at round values, columns stand within them, a year has at most some sixty columns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from corrections_service.web import charts

FIRST = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("number", "top"),
    [(0, 2), (1, 2), (3, 4), (7, 8), (10, 10), (11, 20), (57, 60), (61, 80), (999, 1000), (1001, 2000)],
)
def test_an_axis_ends_at_a_round_number_whose_half_is_whole(number: int, top: int) -> None:
    assert charts.round_up(number) == top


@pytest.mark.parametrize("length", [1, 2, 7, 30, 62, 63, 365, 400, 401, 3660])
def test_every_day_has_its_place_in_one_of_at_most_some_hundred_columns(length: int) -> None:
    last = FIRST + timedelta(days=length - 1)
    parts = charts.stretches(FIRST, last)
    days = [day for part in parts for day in range(part.first.toordinal(), part.last.toordinal() + 1)]
    assert days == list(range(FIRST.toordinal(), last.toordinal() + 1))
    assert len(parts) <= 122


def test_columns_stand_on_each_other_within_the_axes() -> None:
    parts = charts.stretches(FIRST, FIRST + timedelta(days=2))
    chart = charts.columns(parts, [[("a", 3), ("b", 1)], [("a", 0), ("b", 0)], [("a", 0), ("b", 2)]])
    assert [[(piece.name, piece.y, piece.height) for piece in column.pieces] for column in chart.columns] == [
        [("a", 40.0, 120.0), ("b", 0.0, 40.0)],
        [],
        [("b", 80.0, 80.0)],
    ]
    assert [tick.label for tick in chart.values] == ["2", "4"]
    assert all(column.x >= 0 and column.x + column.width <= 100 for column in chart.columns)


def test_times_have_an_axis_in_hours_or_days() -> None:
    assert charts.spans(timedelta(hours=3), None)[0] == timedelta(hours=4)
    top, ticks = charts.spans(timedelta(hours=30), timedelta(days=9))
    assert (top, [tick.label for tick in ticks]) == (timedelta(days=10), ["5 d", "10 d"])
