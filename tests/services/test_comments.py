"""What readers wrote at articles by other programs comes in as reports: annotations of Hypothesis, comments of two others."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corrections_service.cli.reports import SOURCES
from corrections_service.errors import BadSource
from corrections_service.rules.workflow import State
from corrections_service.services import sources
from corrections_service.services.tables import Row, moment

ORIGINS = ["https://*.news.example", "https://news.example"]
QUOTE = {"type": "TextQuoteSelector", "exact": "teh", "prefix": "They crossed ", "suffix": " bridge"}
ANNOTATION = {
    "id": "kJx1",
    "created": "2024-05-31T12:30:45.123456+00:00",
    "user": "acct:ann@hypothes.is",
    "uri": "https://news.example/bridge",
    "text": "It is *the*.",
    "tags": [],
    "document": {"title": ["The bridge"]},
    "target": [{"source": "https://news.example/bridge", "selector": [{"type": "RangeSelector"}, QUOTE]}],
    "references": [],
    "hidden": False,
}
REPORT = {
    "url": "https://news.example/bridge",
    "exact": "teh",
    "prefix": "They crossed ",
    "suffix": " bridge",
    "comment": "It is *the*.",
    "title": "The bridge",
}
COMMENT = {
    "id": "f1",
    "pid": "",
    "text": "<p>The <em>king</em> was a queen.</p>",
    "orig": "The *king* was a queen.",
    "user": {"name": "Ann", "id": "github_1"},
    "locator": {"site": "news", "url": "https://news.example/bridge"},
    "time": "2024-05-31T12:30:45.123456789+02:00",
    "title": "The bridge",
}


def read(tmp_path: Path, form: str, content: bytes, **headings: str) -> list[Row]:
    """All rows of a file with this content."""
    path = tmp_path / "source"
    path.write_bytes(content)
    return list(sources.read(path, form, ORIGINS, sources.Reading(headings)))


def packed(*lines: object) -> bytes:
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([ANNOTATION]).encode(),
        json.dumps({"total": 1, "rows": [ANNOTATION]}).encode(),
        json.dumps({"export_date": "2024-06-01", "annotations": [ANNOTATION]}, indent=2).encode(),
        json.dumps(ANNOTATION).encode(),
        packed(ANNOTATION),
    ],
    ids=["list", "api", "export", "one", "lines"],
)
def test_annotations_come_with_their_quote_however_they_were_exported(tmp_path: Path, content: bytes) -> None:
    (row,) = read(tmp_path, "hypothesis", content)
    assert (row.key, row.fields, row.wrong) == ("hypothesis:kJx1", REPORT, "")
    assert row.arrived == datetime(2024, 5, 31, 12, 30, 45, 123456, tzinfo=UTC)


def test_of_annotations_answers_and_what_is_none_are_named_and_what_was_hidden_is_spam(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "hypothesis",
        packed(
            ANNOTATION | {"id": "a", "references": ["kJx1"]},
            ANNOTATION | {"id": "b", "hidden": True},
            ANNOTATION | {"id": "c", "target": [{"source": "https://news.example/bridge"}]},
            {"uri": "https://news.example/bridge"},
            ["uri"],
            17,
            ANNOTATION | {"id": "d", "text": ["no", "text"], "created": "yesterday", "document": None},
        ),
    )
    assert [bool(row.wrong) for row in rows] == [True, False, False, True, True, True, False]
    assert rows[0].wrong == "This answers what somebody else wrote; it is no report."
    assert rows[1].dealt_with == (State.SPAM, None)
    assert "exact" not in rows[2].fields
    assert (rows[6].arrived, rows[6].fields.get("comment"), rows[6].fields.get("title")) == (None, None, None)
    assert [row.position for row in rows] == [f"annotation {number}" for number in range(1, 8)]


@pytest.mark.parametrize("content", [b"", b"\0", b"uri,text\n", b"[" * 100_000, b'{"rows": 3', b"\xff\xfe["])
def test_what_is_no_json_is_no_export_of_annotations(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadSource, match=r"annotations in JSON|file is empty|UTF-16"):
        read(tmp_path, "hypothesis", content)


def isso(path: Path, *values: tuple[object, ...]) -> bytes:
    """A database as Isso makes it, with these comments: thread, parent, created, mode, text."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256))")
        connection.execute(
            "CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER, "
            "created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR, author VARCHAR, "
            "email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL)"
        )
        connection.execute(
            "INSERT INTO threads VALUES (1, '/bridge/', 'The bridge'), (2, 'https://news.example/b', NULL)"
        )
        connection.executemany(
            "INSERT INTO comments (tid, parent, created, mode, text, email, voters) VALUES (?, ?, ?, ?, ?, 'ann@x.example', '')",
            values,
        )
    return path.read_bytes()


def test_comments_of_isso_are_of_the_sites_first_address_without_their_authors(tmp_path: Path) -> None:
    content = isso(
        tmp_path / "made",
        (1, None, 1717158645.5, 1, "It is *the*."),
        (2, None, 1717158646.5, 2, "Waits there"),
        (1, 1, 1717158647.5, 1, "Thanks"),
        (1, None, 1717158648.5, 4, ""),
        (1, None, 1e300, 1, None),
    )
    rows = read(tmp_path, "isso", content)
    assert [row.wrong.partition(" ")[2] for row in rows] == [
        "",
        "",
        "answers what somebody else wrote; it is no report.",
        "was deleted where it was written.",
        "",
    ]
    assert rows[0].fields == {"url": "https://news.example/bridge/", "comment": "It is *the*.", "title": "The bridge"}
    assert rows[0].arrived == datetime(2024, 5, 31, 12, 30, 45, 500000, tzinfo=UTC)
    assert rows[1].fields == {"url": "https://news.example/b", "comment": "Waits there"}
    assert rows[4].arrived is None
    assert len({row.key for row in rows if row.key}) == 3
    assert [row.key for row in read(tmp_path, "isso", content)] == [row.key for row in rows]


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"SQLite format 3\0" + b"x" * 4096, b"url\n"])
def test_what_is_no_database_of_isso_is_said(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadSource, match=r"no database of Isso|file is empty"):
        read(tmp_path, "isso", content)


def test_a_database_of_something_else_is_none_of_isso(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "made")) as connection, connection:
        connection.execute("CREATE TABLE notes (text)")
    with pytest.raises(BadSource, match="no such table"):
        read(tmp_path, "isso", (tmp_path / "made").read_bytes())


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_backup_of_remark42_is_read_packed_or_not(tmp_path: Path, is_packed: bool) -> None:
    others: list[Any] = [
        COMMENT | {"id": "f2", "pid": "f1"},
        COMMENT | {"id": "f3", "delete": True},
        {"id": "f4"},
        "f5",
    ]
    content = packed({"version": 1, "users": [], "posts": []}, COMMENT, *others, COMMENT | {"id": "f6", "orig": ""})
    content += b"{broken\n" + b"x" * 3_000_000 + b"\n" + packed(COMMENT | {"id": "f7"})
    rows = read(tmp_path, "remark42", gzip.compress(content) if is_packed else content)
    assert [row.key for row in rows] == ["remark42:f1", *[""] * 4, "remark42:f6", "", "", "remark42:f7"]
    assert rows[0].fields == {
        "url": "https://news.example/bridge",
        "comment": "The *king* was a queen.",
        "title": "The bridge",
    }
    assert rows[0].arrived == datetime(2024, 5, 31, 10, 30, 45, 123456, tzinfo=UTC)
    assert rows[5].fields["comment"] == "The king was a queen."
    assert all(row.wrong for row in rows if not row.key)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"\x1f\x8b\x08", gzip.compress(b'{"version": 1}\n' * 9, mtime=0)[:-12], b"[]\n"],
    ids=["empty", "no version", "cut head", "cut", "list"],
)
def test_what_is_no_backup_of_remark42_is_said(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadSource, match=r"no backup of Remark42|cannot be unpacked|file is empty"):
        read(tmp_path, "remark42", content)


def test_a_forms_questions_mean_what_is_said(tmp_path: Path) -> None:
    table = (
        'Timestamp,"Which article, please?",What is wrong?,Your shoe size\n'
        "2024/05/31 1:30:45 PM GMT+2,https://news.example/bridge,It was a queen.,43\n"
    )
    headings = {"Timestamp": "date", "Which article, please?": "url", "what is wrong? ": "comment"}
    (row,) = read(tmp_path, "csv", table.encode(), **headings)
    assert row.fields == {"url": "https://news.example/bridge", "comment": "It was a queen."}
    assert row.arrived == datetime(2024, 5, 31, 11, 30, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamp", "hour"),
    [("2024/05/31 12:30:45 AM GMT-3", 3), ("2024/05/31 1:30:45 PM GMT+5:30", 8), ("2024-05-31T08:30:45Z", 8)],
)
def test_moments_of_forms_are_read_with_their_zone(stamp: str, hour: int) -> None:
    at = moment(stamp)
    assert at is not None
    assert at.astimezone(UTC).hour == hour


def test_a_column_that_is_not_there_is_said_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(
        BadSource, match=r"^No column is called What is wrong\?; the first line names Link, Wat is wrong\?\.$"
    ):
        read(tmp_path, "csv", b"Link,Wat is wrong?\n", **{"Link": "url", "What is wrong?": "comment"})


def test_a_line_that_is_too_long_is_told_so(tmp_path: Path) -> None:
    long = json.dumps(COMMENT | {"orig": "x" * 3_000_000}).encode() + b"\n"
    (row,) = read(tmp_path, "remark42", b'{"version": 1}\n' + long)
    assert row.wrong == "This line has more than 1,000,000 bytes."


def test_the_console_offers_every_source() -> None:
    assert set(SOURCES) == set(sources.FORMS)
