"""Rows of reports that other programs kept, and the tables that hold them: read line by line, however large."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import IO

from corrections_service.errors import BadSource
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services.exchange import BYTE_ORDER_MARK

LONGEST_LINE = 1_000_000
"""Bytes of one line of a table; no row of reports comes near."""


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
    first: bytes, lines: Lines, meanings: dict[str, str], needed: Mapping[str, str]
) -> Iterator[tuple[Row, dict[str, str]]]:
    """Each row of a table with its values by what its columns mean; one that is broken has a Row that says so.

    `needed` are meanings that a column must have, with how that column is called. Raises BadSource.
    """
    header = first.decode("utf-8", "surrogateescape").removeprefix(BYTE_ORDER_MARK)
    delimiter = max(",;\t", key=header.count)
    cells = csv.reader(chain([header], lines.decoded()), delimiter=delimiter, strict=True)
    try:
        columns = [meanings.get(name.strip().strip("`").casefold(), "") for name in next(cells)]
    except (csv.Error, StopIteration):
        columns = []
    if "\0" in header or any(name not in columns for name in needed):
        raise BadSource(
            f"This is no table in UTF-8 whose first line names the columns {' and '.join(needed.values())}."
        )
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


def moment(stamp: str) -> datetime | None:
    """A moment, in UTC where nothing else is said; none where there is none. Raises ValueError."""
    stamp = stamp.strip()
    if not stamp or stamp.startswith("0000"):
        return None
    for read in (datetime.fromisoformat, _of_a_form):
        with contextlib.suppress(ValueError):
            return usual(read(stamp))
    return usual(parsedate_to_datetime(stamp))


def _of_a_form(stamp: str) -> datetime:
    """As Google's forms write it: `2024/05/31 1:30:45 PM GMT+2`. Raises ValueError."""
    plain = re.sub(
        r" GMT([+-])(\d{1,2})(?::?(\d\d))?$", lambda zone: f" {zone[1]}{zone[2]:>02}{zone[3] or '00'}", stamp
    )
    return datetime.strptime(plain, "%Y/%m/%d %I:%M:%S %p %z")


def usual(at: datetime) -> datetime | None:
    """The moment, unless it lies before the web or in the future."""
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at if datetime(1990, 1, 1, tzinfo=UTC) < at <= datetime.now(UTC) else None


def digest(*parts: str) -> str:
    """A key that is the same for the same texts in the same order."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
