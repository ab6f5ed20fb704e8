"""What readers wrote at an article by other means: annotations of Hypothesis, comments of Isso and of Remark42."""

from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from corrections_service.errors import BadSource
from corrections_service.rules.pages import visible_text
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services.tables import LONGEST_LINE, Lines, Row, digest, moment, usual

LARGEST = 50_000_000
"""Bytes of a file that is read at once, as JSON has to be; it takes several times as much memory."""

ANSWER = "This answers what somebody else wrote; it is no report."
DELETED = "This was deleted where it was written."
TOO_LONG = f"This line has more than {LONGEST_LINE:,} bytes."
SPAM: tuple[State, Resolution | None] = (State.SPAM, None)

_ISSO_DELETED = 4
_ISSO = """
    SELECT comments.id, comments.parent, comments.created, comments.mode, comments.text, threads.uri, threads.title
    FROM comments JOIN threads ON threads.id = comments.tid
    ORDER BY comments.id
"""


def read_hypothesis(path: Path, _origins: Sequence[str]) -> Iterator[Row]:
    """Annotations as Hypothesis exports them, as its API lists them (`rows`), or one a line.

    The quote is their TextQuoteSelector (W3C Web Annotation). Raises BadSource.
    """
    if path.stat().st_size > LARGEST:
        raise BadSource(f"This file has more than {LARGEST:,} bytes; export it in parts.")
    annotations = _annotations(path)
    for number, annotation in enumerate(annotations, 1):
        yield _annotated(Row(f"annotation {number}", number / len(annotations)), annotation)


def _annotations(path: Path) -> list[Any]:
    """Raises BadSource."""
    plain = path.read_bytes()
    with contextlib.suppress(ValueError, RecursionError):
        whole = json.loads(plain)
        if isinstance(whole, dict) and "uri" not in whole:
            whole = whole.get("rows", whole.get("annotations"))
        if whole is not None:
            return whole if isinstance(whole, list) else [whole]
    with contextlib.suppress(ValueError, RecursionError):
        if lines := [json.loads(line) for line in plain.splitlines() if line.strip()]:
            return lines
    raise BadSource("These are no annotations in JSON, such as Hypothesis exports them.")


def _annotated(row: Row, annotation: Any) -> Row:
    try:
        selectors = [selector for target in annotation.get("target", []) for selector in target.get("selector", [])]
        quote: dict[str, Any] = next(
            (selector for selector in selectors if selector.get("type") == "TextQuoteSelector"), {}
        )
        fields = {name: quote.get(name, "") for name in ("exact", "prefix", "suffix")}
        fields |= {"url": annotation["uri"], "comment": annotation.get("text", "")}
        title = (annotation.get("document") or {}).get("title") or ""
        fields["title"] = title[0] if isinstance(title, list) else title
        key, is_answer = annotation["id"], bool(annotation.get("references"))
        arrived, is_hidden = _moment(annotation.get("created")), annotation.get("hidden") is True
    except (AttributeError, KeyError, TypeError):
        return replace(row, wrong="This is no annotation with an id and a uri.")
    return _made(row, f"hypothesis:{key}", fields, arrived, ANSWER if is_answer else "", SPAM if is_hidden else None)


def read_isso(path: Path, origins: Sequence[str]) -> Iterator[Row]:
    """Isso's database (`comments.db`): the paths in it are those of the site's first address."""
    with path.open("rb") as file:
        if file.read(16) != b"SQLite format 3\0":
            raise BadSource("This is no database of Isso: a file such as comments.db.")
    base = next((origin for origin in origins if "*" not in origin), "")
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.text_factory = lambda value: value.decode("utf-8", "replace")
        try:
            (count,) = connection.execute("SELECT count(*) FROM comments").fetchone()
            for number, values in enumerate(connection.execute(_ISSO), 1):
                yield _of_isso(number / max(count, 1), values, base)
        except sqlite3.DatabaseError as error:
            raise BadSource(f"This is no database of Isso, or it is broken: {error}.") from error


def _of_isso(share: float, values: Sequence[Any], base: str) -> Row:
    number, parent, created, mode, words, uri, title = values
    row, address = Row(f"comment {number}", share), str(uri or "")
    fields = {"url": base + address if address.startswith("/") else address, "comment": words, "title": title}
    arrived = None
    with contextlib.suppress(ValueError, TypeError, OverflowError, OSError):
        arrived = usual(datetime.fromtimestamp(created, UTC))
    wrong = DELETED if mode == _ISSO_DELETED else ANSWER if parent else ""
    return _made(row, f"isso:{digest(str(number), str(uri), str(created))}", fields, arrived, wrong)


def read_remark42(path: Path, _origins: Sequence[str]) -> Iterator[Row]:
    """A backup of Remark42, packed (`backup-….gz`) or not: a line that says so, then each comment in a line.

    Raises BadSource.
    """
    size = max(path.stat().st_size, 1)
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        unpacked = cast(IO[bytes], gzip.GzipFile(fileobj=file)) if is_packed else file
        lines = Lines(unpacked, size)
        plain = lines.decoded()
        try:
            head = _said(next(plain, ""))
            if not isinstance(head, dict) or "version" not in head:
                raise BadSource("This is no backup of Remark42: its first line tells no version.")
            for line in plain:
                row = Row(f"line {lines.number}", min(file.tell() / size, 1.0))
                is_cut = lines.cut == lines.number
                yield replace(row, wrong=TOO_LONG) if is_cut else _of_remark42(row, _said(line))
        except (OSError, EOFError, zlib.error) as error:
            raise BadSource(f"This file cannot be unpacked: {error}.") from error


def _said(line: str) -> Any:
    """What a line of JSON says; none where it is no JSON."""
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(line)
    return None


def _of_remark42(row: Row, comment: Any) -> Row:
    try:
        words = comment.get("orig") or visible_text(
            f"<p>{comment.get('text', '')}</p>".encode("utf-8", "replace"), "text/html; charset=utf-8"
        )
        fields = {"url": comment["locator"]["url"], "comment": words, "title": comment.get("title", "")}
        key, arrived = comment["id"], _moment(comment.get("time"))
        wrong = DELETED if comment.get("delete") else ANSWER if comment.get("pid") else ""
    except (AttributeError, KeyError, TypeError):
        return replace(row, wrong="This line is no comment with an id and the address of its article.")
    return _made(row, f"remark42:{key}", fields, arrived, wrong)


def _made(
    row: Row,
    key: str,
    fields: dict[str, Any],
    arrived: datetime | None,
    wrong: str,
    dealt_with: tuple[State, Resolution | None] | None = None,
) -> Row:
    if wrong:
        return replace(row, wrong=wrong)
    texts = {name: value for name, value in fields.items() if isinstance(value, str) and value}
    return Row(row.position, row.share, key, texts, arrived, dealt_with)


def _moment(stamp: Any) -> datetime | None:
    """A moment as it stands there; none where it is none."""
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        return moment(stamp) if isinstance(stamp, str) else None
    return None
