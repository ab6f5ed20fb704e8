"""Reports as other programs kept them: tables of Mistape, ours and others, letters, annotations, comments."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from corrections_service.errors import BadSource
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import comments, mailboxes, mistape
from corrections_service.services.exchange import BYTE_ORDER_MARK, FORMULA
from corrections_service.services.tables import DateOrder, Lines, Row, TwoDays, column_names, digest, moment, table

COLUMNS = {
    **{name: name for name in ("id", "url", "exact", "prefix", "suffix", "place", "suggestion", "comment", "kind")},
    **{
        name: name
        for name in (
            "remove",
            "page_url",
            "source_url",
            "email",
            "lang",
            "title",
            "date",
            "state",
            "resolution",
            "decided",
        )
    },
    "quote": "exact",
    "source": "source_url",
    "headline": "title",
    "language": "lang",
    "sent": "date",
}
"""What a table's columns mean, in our own export and in plain ones."""

CHANGES = ("kind", "state", "resolution", "decided")
"""Columns that say what became of a report, not which one it is."""


_PACKED = {b"PK\x03\x04": "a spreadsheet or a ZIP archive", b"\x1f\x8b": "packed with gzip"}
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Reading:
    """How a table of somebody else's is to be read."""

    headings: Mapping[str, str] = field(default_factory=dict)
    """What further columns mean, by their names in the table, such as a form's questions."""
    order: DateOrder | None = None
    """What comes first in dates that two countries read in two ways."""


def read(path: Path, form: str, origins: Sequence[str], reading: Reading | None = None) -> Iterator[Row]:
    """The reports of a file of one of FORMS, one after another; a letter's article is one of the `origins`.

    `reading` is for a table in CSV. Raises BadSource where the file is nothing of the kind.
    """
    _judge(path, form)
    rows = _plain(path, origins, reading) if form == "csv" else FORMS[form](path, origins)
    first = next(rows, None)
    return iter(()) if first is None else chain([first], rows)


def columns(path: Path, reading: Reading) -> Iterator[tuple[str, str]]:
    """What a table in CSV calls its columns, and what each is taken for; "" for one that is left out."""
    meanings = _meanings(reading.headings)
    with path.open("rb") as file:
        for name in column_names(next(Lines(file, 1), b"")):
            yield name, meanings.get(name.strip("`").casefold(), "")


def _judge(path: Path, form: str) -> None:
    """Raises BadSource for a file that no form has, and says what was done to it."""
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise BadSource("This file is empty.")
    kind = next((kind for mark, kind in _PACKED.items() if start.startswith(mark)), "")
    if kind and not (form == "remark42" and "gzip" in kind):
        raise BadSource(f"This file is {kind}: unpack it, or save its table as CSV in UTF-8.")
    if start.startswith(_WIDE):
        raise BadSource("This file is written in UTF-16: save it as UTF-8.")


def _meanings(headings: Mapping[str, str]) -> dict[str, str]:
    return COLUMNS | {name.strip().casefold(): COLUMNS[meaning] for name, meaning in headings.items()}


def _plain(path: Path, _origins: Sequence[str], reading: Reading | None = None) -> Iterator[Row]:
    """A table with COLUMNS, and with further ones; a row that stands there twice is two readers."""
    counts: Counter[str] = Counter()
    reading = reading or Reading()
    meanings = _meanings(reading.headings)
    needed = {"url": "url"} | {COLUMNS[meaning]: name.strip() for name, meaning in reading.headings.items()}
    with path.open("rb") as file:
        lines = Lines(file, path.stat().st_size)
        first = next(lines, b"")
        is_our_export = first.removeprefix(BYTE_ORDER_MARK.encode()).startswith(b"reference,number,")
        for row, cells in table(first, lines, meanings, needed):
            if row.wrong:
                yield row
                continue
            values = {name: _unguarded(value) for name, value in cells.items()} if is_our_export else cells
            key = digest(*(f"{name}={values[name]}" for name in sorted(values.keys() - CHANGES)))
            counts[key] += 1
            if not is_our_export:  # another program's number of the row is no id of ours
                values.pop("id", None)
            yield _plainly(row, values, f"csv:{key}:{counts[key]}", reading.order)


def _plainly(row: Row, values: dict[str, str], key: str, order: DateOrder | None) -> Row:
    try:
        arrived, decided = (moment(values.pop(name, ""), order) for name in ("date", "decided"))
    except TwoDays:
        wrong = "date: Month or day first? America and Europe differ; say --dates month-first or day-first."
        return Row(row.position, row.share, wrong=wrong)
    except ValueError:
        return Row(row.position, row.share, wrong="date: This is no date, such as 2024-05-31 or 2024-05-31T12:30:00Z.")
    state, resolution = values.pop("state", ""), values.pop("resolution", "")
    dealt_with: tuple[State, Resolution | None] | None = None
    if state == State.CLOSED and resolution in list(Resolution):
        dealt_with = State.CLOSED, Resolution(resolution)
    elif state == State.SPAM:
        dealt_with = State.SPAM, None
    return Row(row.position, row.share, key, values, arrived, dealt_with, decided)


def _unguarded(value: str) -> str:
    """What a cell of our own export said before it was kept from being a formula."""
    return value[1:] if value.startswith("'") and FORMULA.match(value[1:]) else value


FORMS: dict[str, Callable[[Path, Sequence[str]], Iterator[Row]]] = {
    "mistape": mistape.read,
    "csv": _plain,
    "mbox": mailboxes.read,
    "hypothesis": comments.read_hypothesis,
    "isso": comments.read_isso,
    "remark42": comments.read_remark42,
}
