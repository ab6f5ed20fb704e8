"""Mistape's reports: a dump of its table in SQL, or the table as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import regex

from corrections_service.errors import BadSource
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services.tables import Lines, Row, digest, moment, table

LONGEST_ROW = 100_000
"""Bytes of one row in a dump; each text in it has 2,000 characters at most."""

MISTAPE = (
    *("ID", "blog_id", "post_id", "post_author", "reporter_user_id", "reporter_IP", "date", "date_gmt", "selection"),
    *("selection_word", "selection_replace_context", "selection_context", "comment", "url", "agent", "language"),
    *("status", "token"),
)
"""The columns of Mistape's table in their order; before its version 1.3 there was no `blog_id`."""

DEALT_WITH = {
    "resolve": (State.CLOSED, Resolution.ALREADY_FIXED),
    "archive": (State.CLOSED, Resolution.WONT_CHANGE),
    "trash": (State.SPAM, None),
}
"""What Mistape's editors had done with a report."""

_VALUE = rb"(?:NULL|-?[0-9.]+|(?:_\w+\s*)?'(?:[^'\\]|\\.|'')*+')"
_TUPLE = regex.compile(rb"\s*\(\s*(" + _VALUE + rb")(?:\s*,\s*(" + _VALUE + rb"))*+\s*\)\s*([,;])", regex.DOTALL)

_INSERT = re.compile(
    rb"""
    \s* INSERT \s+ (?: IGNORE \s+ )? INTO \s+
    [`"]? \w* mi[sx]tape_reports [`"]? \s*  # such as `wp_mistape_reports`
    (?: \( ( [^)]* ) \) \s* )?  # the columns, where they are named
    VALUES \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CREATE = re.compile(
    rb"""
    \s* CREATE \s+ TABLE \b
    [^(]* \w* mi[sx]tape_reports [`"]? \s*  # such as IF NOT EXISTS `wp_mistape_reports`
    \(
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COLUMN = re.compile(rb"\s*[`\"](\w+)[`\"]\s")
_SQL = re.compile(
    rb"""
    \s*
    (?:
        -- | /\*  # a comment, such as -- MySQL dump 10.13
    |   (?: INSERT | CREATE | DROP | SET | LOCK | USE | START | BEGIN ) \b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""How a dump begins."""

_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_MEANT = {b"0": b"\0", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"Z": b"\x1a"}


def read(path: Path, _origins: Sequence[str]) -> Iterator[Row]:
    """Mistape's table, as a dump in SQL or as CSV with the columns' names in its first line."""
    with path.open("rb") as file:
        lines = Lines(file, path.stat().st_size)
        first = next(lines, b"")
        if _SQL.match(first) or not first.strip():
            yield from _statements(chain([first], lines), lines)
        else:
            needed = {"selection": "selection", "url": "url"}
            for row, values in table(first, lines, {name.casefold(): name for name in MISTAPE}, needed):
                yield _mistaped(row, {name: "" if value == "NULL" else value for name, value in values.items()})


def _statements(pieces: Iterator[bytes], lines: Lines) -> Iterator[Row]:
    """The rows that a dump inserts into Mistape's table, whatever else it holds."""
    columns: Sequence[str] = ()
    found_any = creating = False
    for piece in pieces:
        if created := _CREATE.match(piece, 0, 500):
            columns, creating = (), not piece[created.end() :].rstrip().endswith(b";")
        elif creating and (column := _COLUMN.match(piece)):
            columns = (*columns, column[1].decode())
        elif creating and piece.lstrip().startswith(b")"):
            creating = False
        if insert := _INSERT.match(piece):
            found_any = True
            names = tuple(re.findall(r"\w+", insert[1].decode("utf-8", "replace"))) if insert[1] else columns
            yield from _tuples(piece[insert.end() :], pieces, lines, names)
        found_any = found_any or bool(created)
    if not found_any:
        raise BadSource("There is no table mistape_reports in this file.")


def _tuples(buffer: bytes, pieces: Iterator[bytes], lines: Lines, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of one statement, which may go on over many lines."""
    number, at = 0, 0
    while True:
        match = _TUPLE.match(buffer, at)
        if match is None:
            rest = buffer[at:]
            more = next(pieces, b"") if len(rest) <= LONGEST_ROW else b""
            if not more:
                position = f"line {lines.number}, row {number + 1}"
                cause = f"is a row of more than {LONGEST_ROW:,} bytes, or " if len(rest) > LONGEST_ROW else ""
                wrong = f"Here {cause}the statement is broken; the rest of it is left out."
                yield Row(position, lines.share, wrong=wrong)
                return
            buffer, at = rest + more, 0
            continue
        number, at = number + 1, match.end()
        yield _inserted(f"line {lines.number}, row {number}", lines.share, match, columns)
        if match[3] == b";":
            return


def _inserted(position: str, share: float, match: Any, columns: Sequence[str]) -> Row:
    values = [match[1], *match.captures(2)]
    names = columns or (
        MISTAPE if len(values) == len(MISTAPE) else [column for column in MISTAPE if column != "blog_id"]
    )
    if len(names) != len(values):
        return Row(position, share, wrong=f"This row has {len(values)} values for {len(names)} columns.")
    try:
        cells = {name: _decoded(value) for name, value in zip(names, values, strict=True)}
    except UnicodeDecodeError:
        return Row(position, share, wrong="This row is not written in UTF-8.")
    return _mistaped(Row(position, share), cells)


def _decoded(value: bytes) -> str:
    """A value of SQL as text, as MySQL writes it."""
    if value == b"NULL" or not value.endswith(b"'"):
        return "" if value == b"NULL" else value.decode()
    inside = value[value.index(b"'") + 1 : -1]
    return _ESCAPED.sub(lambda match: _MEANT.get(match[1], match[1]) if match[1] else b"'", inside).decode("utf-8")


def _mistaped(row: Row, cells: dict[str, str]) -> Row:
    """A row of Mistape's table: the selection stands in a word, that in a shorter and that in a longer context."""
    if row.wrong:
        return row
    exact = cells.get("selection", "")
    before = after = ""
    inside = exact
    for name in ("selection_word", "selection_replace_context", "selection_context"):
        around = cells.get(name) or inside
        start = around.find(inside)
        if start < 0:
            before = after = ""
            break
        before, after = around[:start] + before, after + around[start + len(inside) :]
        inside = around
    fields = {"url": cells.get("url", ""), "exact": exact, "prefix": before, "suffix": after}
    fields |= {"comment": cells.get("comment", ""), "lang": cells.get("language", "").replace("_", "-")}
    date = cells.get("date_gmt", "")
    try:
        arrived = moment(cells.get("date", "") if date.startswith("0000") else date)
    except ValueError:
        arrived = None
    names = ("ID", "blog_id", "date_gmt", "url", "selection")
    key = f"mistape:{digest(*(cells.get(name, '') for name in names))}"
    return Row(row.position, row.share, key, fields, arrived, DEALT_WITH.get(cells.get("status", "")))
