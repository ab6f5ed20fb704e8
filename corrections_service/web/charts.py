"""Charts as shapes that a page draws: widths in percent, so that they fit every screen; heights in pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HEIGHT, LEAST_GAP = 160, 0.18
"""Pixels of a chart's tallest column, and the part of a column's place that stays free."""

MOST_DAYS, MOST_WEEKS = 62, 400
"""Days of a period up to which each day has its column, and up to which each week has one; then each month has."""


@dataclass(frozen=True)
class Stretch:
    """Some days that share a column."""

    first: date
    last: date


@dataclass(frozen=True)
class Piece:
    """One part of a column: of which kind, how many, and where it stands."""

    name: str
    number: int
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    """One column, from the left in percent."""

    stretch: Stretch
    x: float
    width: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Tick:
    """A value of an axis: where it stands, and how it is written."""

    at: float
    label: str


@dataclass(frozen=True)
class Columns:
    """A chart of columns with its two axes."""

    columns: tuple[Column, ...]
    values: tuple[Tick, ...]
    days: tuple[tuple[float, str, date], ...]
    """Where a label stands in percent, on which side of that (`text-anchor`), and its day."""
    height: int = HEIGHT


def stretches(first: date, last: date) -> list[Stretch]:
    """The period in days, weeks or months, so that there are at most some sixty columns in a year."""
    length = (last - first).days + 1
    starts, day = [], first
    while day <= last:
        starts.append(day)
        if length <= MOST_DAYS:
            day += timedelta(days=1)
        elif length <= MOST_WEEKS:
            day += timedelta(days=7)
        else:
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    ends = [start - timedelta(days=1) for start in starts[1:]]
    return [Stretch(start, end) for start, end in zip(starts, [*ends, last], strict=True)]


def columns(
    parts: Sequence[Stretch],
    numbers: Sequence[Sequence[tuple[str, int]]],
    *,
    highest: int = 0,
    label: Callable[[int], str] = str,
) -> Columns:
    """A column for each stretch, its named numbers on top of each other; `highest` where the axis ends in any case."""
    top = highest or round_up(max((sum(number for _, number in pairs) for pairs in numbers), default=0))
    place, drawn = 100 / max(len(parts), 1), []
    for index, (stretch, pairs) in enumerate(zip(parts, numbers, strict=True)):
        pieces, y = [], float(HEIGHT)
        for name, number in pairs:
            height = HEIGHT * number / top
            y -= height
            if number:
                pieces.append(Piece(name, number, round(y, 2), round(height, 2)))
        x, width = place * (index + LEAST_GAP / 2), place * (1 - LEAST_GAP)
        drawn.append(Column(stretch, round(x, 3), round(width, 3), tuple(pieces)))
    values = tuple(Tick(round(HEIGHT * (1 - part), 2), label(round(top * part))) for part in (0.5, 1.0))
    return Columns(tuple(drawn), values, _labels(parts))


def round_up(number: int) -> int:
    """Where an axis ends that shows this number: 2, 4, 10, 20, 40, 60 …, whose half is a whole number."""
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10):
            if number <= step * size:
                return step * size
        size *= 10


def _labels(parts: Sequence[Stretch]) -> tuple[tuple[float, str, date], ...]:
    """The first day, the last, and two between: more have no room on a phone."""
    if len(parts) == 1:
        return ((50.0, "middle", parts[0].first),)
    place = 100 / len(parts)
    indices = sorted({0, len(parts) // 3, 2 * len(parts) // 3, len(parts) - 1})
    if len(parts) < 8:
        indices = [0, len(parts) - 1]
    ends = {0: (0.0, "start"), len(parts) - 1: (100.0, "end")}
    return tuple(
        (*ends.get(index, (round(place * (index + 0.5), 2), "middle")), parts[index].first) for index in indices
    )


def in_letters(unit: str, number: int) -> str:
    """So many hours or days, by the unit's first letter."""
    return f"{number:,} {unit[0]}"


def spans(
    *times: timedelta | None, label: Callable[[str, int], str] = in_letters
) -> tuple[timedelta, tuple[Tick, ...]]:
    """Where an axis of times ends that shows all of these, and its values in percent; each is labelled with its unit."""
    hours = max((time / timedelta(hours=1) for time in times if time is not None), default=1)
    for unit, name in ((1, "hours"), (24, "days")):
        if hours <= 48 or unit == 24:
            top = round_up(max(2, -int(-hours // unit)))
            ticks = tuple(Tick(part * 100, label(name, round(top * part))) for part in (0.5, 1.0))
            return timedelta(hours=top * unit), ticks
    raise AssertionError
