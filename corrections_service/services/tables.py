"""Rows of reports that other programs kept, and the tables that hold them: read line by line, however large."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from itertools import chain
from typing import IO

from corrections_service.errors import BadSource
from corrections_service.rules import text
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services.exchange import BYTE_ORDER_MARK

LONGEST_LINE = 1_000_000
"""Bytes of one line of a table; no row of reports comes near."""

MOST_NAMED = 20
"""Columns of a table that a sentence about it names."""

_SLASHES = re.compile(r"\d{1,2}/\d{1,2}/\d{4}\b")


class DateOrder(StrEnum):
    """What comes first in a date such as 5/6/2024."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class TwoDays(ValueError):
    """A date that two countries read as two days."""


@dataclass(frozen=True)
class Row:
    """One report of a source: where it stands there, what it says, or in one sentence what is wrong with it."""

    position: str
    share: float
    """The share of the source that has been read, from 0 to 1."""
    key: str = ""
    """The same for the same report whenever the source is read, and for no other."""
    fields: dict[str, str] = field(default_factory=dict)
    arrived: datetime | None = None
    dealt_with: tuple[State, Resolution | None] | None = None
    decided: datetime | None = None
    wrong: str = ""
    cut: str = ""
    """What of it does not come in, in a sentence."""


class Lines:
    """The lines of a file as bytes; the longest come in pieces."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._size, self._whole = file, max(size, 1), True
        self.number = self.cut = 0
        """The last line, and the last of which the end was left out."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.readline(LONGEST_LINE)
        if not piece:
            raise StopIteration
        self.number += self._whole
        self._whole = piece.endswith(b"\n")
        return piece

    @property
    def share(self) -> float:
        """The share of the file that has been read."""
        return min(self._file.tell() / self._size, 1.0)

    def decoded(self) -> Iterator[str]:
        """Whole lines as text: the end of one that no table has is left out, bytes that are no UTF-8 stay marked."""
        for piece in self:
            while not self._whole and next(self, b""):
                self.cut = self.number
            yield piece.decode("utf-8", "surrogateescape")


def table(
    first: bytes, lines: Lines, meanings: Mapping[str, str], needed: Mapping[str, str]
) -> Iterator[tuple[Row, dict[str, str]]]:
    """Each row of a table with its values by what its columns mean; one that is broken has a Row that says so.

    `needed` are meanings that a column must have, with how that column is called. Raises BadSource.
    """
    header = first.decode("utf-8", "surrogateescape").removeprefix(BYTE_ORDER_MARK)
    cells = csv.reader(chain([header], lines.decoded()), delimiter=_delimiter(header), strict=True)
    try:
        names = [name.strip().strip("`") for name in next(cells)]
    except (csv.Error, StopIteration):
        names = []
    columns = [meanings.get(name.casefold(), "") for name in names]
    if missing := [heading for name, heading in needed.items() if name not in columns]:
        raise BadSource(_no_such_columns(names, missing))
    while True:
        start = lines.number + 1
        try:
            row_cells, wrong = next(cells), ""
        except StopIteration:
            return
        except csv.Error as error:
            row_cells, wrong = [], f"This is no row of a table: {error}."
        if not row_cells and not wrong:
            continue
        position = f"line {start}" + (f" to {lines.number}" if lines.number > start else "")
        if lines.cut >= start and not wrong:
            wrong = f"This row has a line of more than {LONGEST_LINE:,} bytes."
        elif len(row_cells) > len(columns):
            wrong = f"This row has {len(row_cells)} cells for {len(columns)} columns."
        elif any("\udc80" <= character <= "\udcff" for cell in row_cells for character in cell):
            wrong = "This row is not written in UTF-8."
        values = {name: value for name, value in zip(columns, row_cells, strict=False) if name and value}
        yield Row(position, lines.share, wrong=wrong), values


def column_names(first: bytes) -> list[str]:
    """What the first line of a table calls its columns; nothing where it is no line of a table."""
    header = first.decode("utf-8", "surrogateescape").removeprefix(BYTE_ORDER_MARK)
    try:
        return [name.strip() for name in next(csv.reader([header], delimiter=_delimiter(header)))]
    except (csv.Error, StopIteration):
        return []


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _no_such_columns(names: Sequence[str], missing: Sequence[str]) -> str:
    """What a first line names in the place of the columns that are needed, if it names any."""
    needed = " and ".join(missing)
    if len(names) < 2 or not all(name.isprintable() for name in names):
        return f"This is no table in UTF-8 whose first line names the columns {needed}."
    entries = [text.one_line(name, 40) for name in names[:MOST_NAMED]] + ["…"] * (len(names) > MOST_NAMED)
    return f"No column is called {needed}; the first line names {', '.join(entries)}."


def moment(stamp: str, order: DateOrder | None = None) -> datetime | None:
    """A moment, in UTC where nothing else is said; none where there is none. Raises ValueError.

    `order` says what comes first in dates that two countries read in two ways. Raises TwoDays where it is needed.
    """
    stamp = stamp.strip()
    if not stamp or stamp.startswith("0000"):
        return None
    for read in (datetime.fromisoformat, _of_a_form, _of_a_sheet):
        with contextlib.suppress(ValueError):
            return usual(read(stamp))
    if _SLASHES.match(stamp):
        if order is None:
            raise TwoDays(stamp)
        return usual(_of_a_sheet(stamp, "%d/%m/%Y" if order is DateOrder.DAY_FIRST else "%m/%d/%Y"))
    return usual(parsedate_to_datetime(stamp))


def _of_a_form(stamp: str) -> datetime:
    """As Google's forms write it: `2024/05/31 1:30:45 PM GMT+2`. Raises ValueError."""
    plain = re.sub(
        r" GMT([+-])(\d{1,2})(?::?(\d\d))?$", lambda zone: f" {zone[1]}{zone[2]:>02}{zone[3] or '00'}", stamp
    )
    return datetime.strptime(plain, "%Y/%m/%d %I:%M:%S %p %z")


def _of_a_sheet(stamp: str, day: str = "%d.%m.%Y") -> datetime:
    """As spreadsheets write it, by how they write a day: `31.05.2024 13:30:45`, `31.05.2024`. Raises ValueError."""
    plain = " ".join(stamp.replace(",", " ").split())
    for hour in ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(f"{plain} +0000", f"{day}{hour} %z")
    raise ValueError(stamp)


def usual(at: datetime) -> datetime | None:
    """The moment, unless it lies before the web or in the future."""
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at if datetime(1990, 1, 1, tzinfo=UTC) < at <= datetime.now(UTC) else None


def digest(*parts: str) -> str:
    """A key that is the same for the same texts in the same order."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
