"""Reports as other programs kept them: Mistape's table, tables of ours and of others, letters in a mailbox."""

from __future__ import annotations

import csv
import email
import hashlib
import mailbox
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parseaddr, parsedate_to_datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any

import regex

from corrections_service.errors import BadSource
from corrections_service.rules import text, urls
from corrections_service.rules.pages import visible_text
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services.exchange import BYTE_ORDER_MARK, FORMULA

LONGEST_LINE = 1_000_000
"""Bytes of one line of a table; no row of reports comes near."""

LONGEST_ROW = 100_000
"""Bytes of one row in a dump; each text in it has 2,000 characters at most."""

LARGEST_LETTER = 10_000_000
"""Bytes of a letter that are read; what it says stands before what is attached to it."""

LONGEST_SUBJECT = 300

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
    rb"\s*INSERT\s+(?:IGNORE\s+)?INTO\s+[`\"]?\w*mi[sx]tape_reports[`\"]?\s*(?:\(([^)]*)\)\s*)?VALUES\b", re.IGNORECASE
)
_CREATE = re.compile(rb"\s*CREATE\s+TABLE\b[^(]*\w*mi[sx]tape_reports[`\"]?\s*\(", re.IGNORECASE)
_COLUMN = re.compile(rb"\s*[`\"](\w+)[`\"]\s")
_SQL = re.compile(rb"\s*(?:--|/\*|(?:INSERT|CREATE|DROP|SET|LOCK|USE|START|BEGIN)\b)", re.IGNORECASE)
_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_MEANT = {b"0": b"\0", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"Z": b"\x1a"}

_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]{1,2048}", re.IGNORECASE)
_ANSWER = re.compile(r"\A(?:\s*(?:re|aw|sv|fwd?|wg|tr)\s*:)+\s*", re.IGNORECASE)
_BESIDES = re.compile(r"^(?:>.*|-- $[\s\S]*)\n?", re.MULTILINE)
"""What a letter repeats of others, and its signature (RFC 3676)."""


@dataclass(frozen=True)
class Row:
    """One report of a source: where it stands there, what it says, or in one sentence what is wrong with it."""

    place: str
    done: float
    """The share of the source that has been read, from 0 to 1."""
    key: str = ""
    """The same for the same report whenever the source is read, and for no other."""
    fields: dict[str, str] = field(default_factory=dict)
    arrived: datetime | None = None
    dealt_with: tuple[State, Resolution | None] | None = None
    decided: datetime | None = None
    wrong: str = ""


class Lines:
    """The lines of a file as bytes; the longest come in pieces."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._size, self._whole = file, max(size, 1), True
        self.number = 0

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
    def done(self) -> float:
        """The share of the file that has been read."""
        return min(self._file.tell() / self._size, 1.0)

    def decoded(self) -> Iterator[str]:
        """Whole lines as text: the end of one that no table has is left out, bytes that are no UTF-8 stay marked."""
        for piece in self:
            yield piece.decode("utf-8", "surrogateescape")
            while not self._whole and next(self, b""):
                pass


def read(path: Path, form: str, origins: Sequence[str]) -> Iterator[Row]:
    """The reports of a file of one of FORMS, one after another; a letter's article is one of the `origins`.

    Raises BadSource where the file is nothing of the kind.
    """
    rows = FORMS[form](path, origins)
    first = next(rows, None)
    return iter(()) if first is None else chain([first], rows)


def _mistape(path: Path, _origins: Sequence[str]) -> Iterator[Row]:
    """Mistape's table, as a dump in SQL or as CSV with the columns' names in its first line."""
    with path.open("rb") as file:
        lines = Lines(file, path.stat().st_size)
        first = next(lines, b"")
        if _SQL.match(first) or not first.strip():
            yield from _statements(chain([first], lines), lines)
        else:
            for row, values in _table(first, lines, {name.casefold(): name for name in MISTAPE}, ("selection", "url")):
                yield _mistaped(row, {name: "" if value == "NULL" else value for name, value in values.items()})


def _plain(path: Path, _origins: Sequence[str]) -> Iterator[Row]:
    """A table with COLUMNS; a row that stands there twice is two readers."""
    seen: Counter[str] = Counter()
    with path.open("rb") as file:
        lines = Lines(file, path.stat().st_size)
        first = next(lines, b"")
        ours = first.removeprefix(BYTE_ORDER_MARK.encode()).startswith(b"reference,number,")
        for row, found in _table(first, lines, COLUMNS, ("url",)):
            if row.wrong:
                yield row
                continue
            values = {name: _unguarded(value) for name, value in found.items()} if ours else found
            key = _digest(*(f"{name}={values[name]}" for name in sorted(values.keys() - CHANGES)))
            seen[key] += 1
            if not ours:  # another program's number of the row is no id of ours
                values.pop("id", None)
            yield _plainly(row, values, f"csv:{key}:{seen[key]}")


def _plainly(row: Row, values: dict[str, str], key: str) -> Row:
    try:
        arrived, decided = (_time(values.pop(name, "")) for name in ("date", "decided"))
    except ValueError:
        return Row(row.place, row.done, wrong="date: This is no date, such as 2024-05-31 or 2024-05-31T12:30:00Z.")
    state, resolution = values.pop("state", ""), values.pop("resolution", "")
    dealt_with: tuple[State, Resolution | None] | None = None
    if state == State.CLOSED and resolution in list(Resolution):
        dealt_with = State.CLOSED, Resolution(resolution)
    elif state == State.SPAM:
        dealt_with = State.SPAM, None
    return Row(row.place, row.done, key, values, arrived, dealt_with, decided)


def _table(
    first: bytes, lines: Lines, meanings: dict[str, str], needed: Sequence[str]
) -> Iterator[tuple[Row, dict[str, str]]]:
    """Each row of a table with its values by what its columns mean; one that is broken has a Row that says so."""
    header = first.decode("utf-8", "surrogateescape").removeprefix(BYTE_ORDER_MARK)
    delimiter = max(",;\t", key=header.count)
    cells = csv.reader(chain([header], lines.decoded()), delimiter=delimiter, strict=True)
    try:
        columns = [meanings.get(name.strip().strip("`").casefold(), "") for name in next(cells)]
    except (csv.Error, StopIteration):
        columns = []
    if "\0" in header or any(name not in columns for name in needed):
        raise BadSource(f"This is no table in UTF-8 whose first line names the columns {' and '.join(needed)}.")
    while True:
        start = lines.number + 1
        try:
            found, wrong = next(cells), ""
        except StopIteration:
            return
        except csv.Error as error:
            found, wrong = [], f"This is no row of a table: {error}."
        if not found and not wrong:
            continue
        place = f"line {start}" + (f" to {lines.number}" if lines.number > start else "")
        if len(found) > len(columns):
            wrong = f"This row has {len(found)} cells for {len(columns)} columns."
        elif any("\udc80" <= one <= "\udcff" for cell in found for one in cell):
            wrong = "This row is not written in UTF-8."
        values = {name: value for name, value in zip(columns, found, strict=False) if name and value}
        yield Row(place, lines.done, wrong=wrong), values


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
            named = tuple(re.findall(r"\w+", insert[1].decode("utf-8", "replace"))) if insert[1] else columns
            yield from _tuples(piece[insert.end() :], pieces, lines, named)
        found_any = found_any or bool(created)
    if not found_any:
        raise BadSource("There is no table mistape_reports in this file.")


def _tuples(buffer: bytes, pieces: Iterator[bytes], lines: Lines, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of one statement, which may go on over many lines."""
    number, at = 0, 0
    while True:
        found = _TUPLE.match(buffer, at)
        if found is None:
            rest = buffer[at:]
            more = next(pieces, b"") if len(rest) <= LONGEST_ROW else b""
            if not more:
                place = f"line {lines.number}, row {number + 1}"
                yield Row(place, lines.done, wrong="Here the statement is broken; the rest of it is left out.")
                return
            buffer, at = rest + more, 0
            continue
        number, at = number + 1, found.end()
        yield _inserted(f"line {lines.number}, row {number}", lines.done, found, columns)
        if found[3] == b";":
            return


def _inserted(place: str, done: float, found: Any, columns: Sequence[str]) -> Row:
    values = [found[1], *found.captures(2)]
    names = columns or (MISTAPE if len(values) == len(MISTAPE) else [one for one in MISTAPE if one != "blog_id"])
    if len(names) != len(values):
        return Row(place, done, wrong=f"This row has {len(values)} values for {len(names)} columns.")
    try:
        said = {name: _said(value) for name, value in zip(names, values, strict=True)}
    except UnicodeDecodeError:
        return Row(place, done, wrong="This row is not written in UTF-8.")
    return _mistaped(Row(place, done), said)


def _said(value: bytes) -> str:
    """A value of SQL as text, as MySQL writes it."""
    if value == b"NULL" or not value.endswith(b"'"):
        return "" if value == b"NULL" else value.decode()
    inside = value[value.index(b"'") + 1 : -1]
    return _ESCAPED.sub(lambda one: _MEANT.get(one[1], one[1]) if one[1] else b"'", inside).decode("utf-8")


def _mistaped(row: Row, said: dict[str, str]) -> Row:
    """A row of Mistape's table: the selection stands in a word, that in a shorter and that in a longer context."""
    if row.wrong:
        return row
    exact = said.get("selection", "")
    before = after = ""
    inside = exact
    for name in ("selection_word", "selection_replace_context", "selection_context"):
        around = said.get(name) or inside
        start = around.find(inside)
        if start < 0:
            before = after = ""
            break
        before, after = around[:start] + before, after + around[start + len(inside) :]
        inside = around
    fields = {"url": said.get("url", ""), "exact": exact, "prefix": before, "suffix": after}
    fields |= {"comment": said.get("comment", ""), "lang": said.get("language", "").replace("_", "-")}
    date = said.get("date_gmt", "")
    try:
        arrived = _time(said.get("date", "") if date.startswith("0000") else date)
    except ValueError:
        arrived = None
    names = ("ID", "blog_id", "date_gmt", "url", "selection")
    key = f"mistape:{_digest(*(said.get(name, '') for name in names))}"
    return Row(row.place, row.done, key, fields, arrived, DEALT_WITH.get(said.get("status", "")))


def _letters(path: Path, origins: Sequence[str]) -> Iterator[Row]:
    """Each letter of a mailbox is a report of the article whose address it names."""
    with path.open("rb") as file:
        if file.read(5) not in (b"From ", b""):
            raise BadSource("This is no mailbox: its first line does not begin with From.")
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), 1):
            raw = box.get_file(key).read(LARGEST_LETTER)
            yield _letter(f"mail {number}", number / len(box), raw, origins)
    finally:
        box.close()


def _letter(place: str, done: float, raw: bytes, origins: Sequence[str]) -> Row:
    try:
        message = email.message_from_bytes(raw, EmailMessage, policy=modern)
        header = {name: str(message.get(name, "")) for name in ("subject", "from", "date", "message-id")}
        by_program = str(message.get("auto-submitted", "no")).strip().lower() != "no"
        said, source = _words(message)
    except Exception as error:  # the standard library's parser raises whatever a broken mail leads it to
        return Row(place, done, wrong=f"This mail cannot be read: {type(error).__name__}.")
    if by_program:
        return Row(place, done, wrong="This mail was written by a program.")
    url = _article(source, origins)
    if not url:
        return Row(place, done, wrong="url: No address of the site stands in this mail.")
    try:
        arrived = _usual(parsedate_to_datetime(header["date"]))
    except (ValueError, TypeError, IndexError, OverflowError):
        arrived = None
    comment = _BESIDES.sub("", said).strip() or said.strip()
    fields = {
        "url": url,
        "comment": comment,
        "place": text.one_line(_ANSWER.sub("", header["subject"]), LONGEST_SUBJECT),
    }
    sender = parseaddr(header["from"])[1]
    if "@" in sender and sender.isascii():
        fields["email"] = sender
    key = header["message-id"].strip() or _digest(header["from"], header["date"], said)
    return Row(place, done, f"mbox:{key}", fields, arrived)


def _words(message: EmailMessage) -> tuple[str, str]:
    """What a letter says, and the text in which addresses are looked for."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return "", ""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        source = content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        source = content.decode("utf-8", "replace")
    source = source.replace("\r\n", "\n")
    if part.get_content_type() == "text/html":
        return visible_text(source.encode("utf-8", "replace"), "text/html; charset=utf-8"), source.replace("&amp;", "&")
    return source, source


def _article(said: str, origins: Sequence[str]) -> str:
    """The first address in a text that is one of the site's; its front page only where there is no other."""
    found = [one.rstrip(".,;:!?)") for one in _ADDRESS.findall(said)]
    own = [one for one in found if urls.belongs_to(one, origins)]
    return next((one for one in own if urls.parse(one).path != "/"), own[0] if own else "")


def _unguarded(value: str) -> str:
    """What a cell of our own export said before it was kept from being a formula."""
    return value[1:] if value.startswith("'") and FORMULA.match(value[1:]) else value


def _time(said: str) -> datetime | None:
    """A moment, in UTC where nothing else is said; none where there is none. Raises ValueError."""
    said = said.strip()
    if not said or said.startswith("0000"):
        return None
    try:
        return _usual(datetime.fromisoformat(said))
    except ValueError:
        return _usual(parsedate_to_datetime(said))


def _usual(at: datetime) -> datetime | None:
    """The moment, unless it lies before the web or in the future."""
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at if datetime(1990, 1, 1, tzinfo=UTC) < at <= datetime.now(UTC) else None


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


FORMS: dict[str, Callable[[Path, Sequence[str]], Iterator[Row]]] = {
    "mistape": _mistape,
    "csv": _plain,
    "mbox": _letters,
}
