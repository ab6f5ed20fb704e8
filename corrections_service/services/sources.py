"""Reports as other programs kept them: tables of Mistape, ours and others, letters, annotations, comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import comments, mailboxes, mistape
from corrections_service.services.exchange import BYTE_ORDER_MARK, FORMULA
from corrections_service.services.tables import Lines, Row, digest, moment, table

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


def read(path: Path, form: str, origins: Sequence[str], headings: Mapping[str, str] | None = None) -> Iterator[Row]:
    """The reports of a file of one of FORMS, one after another; a letter's article is one of the `origins`.

    `headings` says what further columns of a table in CSV mean, by their names there, such as a form's questions.
    Raises BadSource where the file is nothing of the kind.
    """
    rows = _plain(path, origins, headings) if headings else FORMS[form](path, origins)
    first = next(rows, None)
    return iter(()) if first is None else chain([first], rows)


def _plain(path: Path, _origins: Sequence[str], headings: Mapping[str, str] | None = None) -> Iterator[Row]:
    """A table with COLUMNS, and with all of these; a row that stands there twice is two readers."""
    counts: Counter[str] = Counter()
    further = {name.strip(): COLUMNS[meaning] for name, meaning in (headings or {}).items()}
    meanings = COLUMNS | {name.casefold(): meaning for name, meaning in further.items()}
    needed = {"url": "url"} | {meaning: name for name, meaning in further.items()}
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
            yield _plainly(row, values, f"csv:{key}:{counts[key]}")


def _plainly(row: Row, values: dict[str, str], key: str) -> Row:
    try:
        arrived, decided = (moment(values.pop(name, "")) for name in ("date", "decided"))
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
