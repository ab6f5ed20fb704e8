"""What other programs kept is read whole: each report once, each broken one named, however hostile the file."""

from __future__ import annotations

import csv
import io
import mailbox
import random
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from corrections_service.errors import BadSource
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import sources
from corrections_service.services.mistape import MISTAPE
from corrections_service.services.tables import DateOrder, Row

ORIGINS = ["https://news.example"]
CREATE = """-- MySQL dump 10.13
DROP TABLE IF EXISTS `wp_mistape_reports`;
CREATE TABLE `wp_mistape_reports` (
  `ID` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `blog_id` int(11) DEFAULT '1',
  `post_id` bigint(20) unsigned DEFAULT NULL,
  `post_author` bigint(20) unsigned DEFAULT NULL,
  `reporter_user_id` bigint(20) unsigned DEFAULT NULL,
  `reporter_IP` varchar(100) NOT NULL,
  `date` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `date_gmt` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `selection` varchar(255) NOT NULL,
  `selection_word` varchar(255) DEFAULT NULL,
  `selection_replace_context` varchar(2000) DEFAULT NULL,
  `selection_context` varchar(2000) DEFAULT NULL,
  `comment` varchar(2000) DEFAULT NULL,
  `url` varchar(2083) DEFAULT NULL,
  `agent` varchar(255) DEFAULT NULL,
  `language` varchar(50) DEFAULT NULL,
  `status` varchar(20) NOT NULL DEFAULT 'pending',
  `token` char(20) DEFAULT NULL,
  PRIMARY KEY (`ID`),
  KEY `post_id` (`post_id`)
) ENGINE=InnoDB;
INSERT INTO `wp_posts` VALUES (1,'INSERT INTO `wp_mistape_reports` VALUES (9);');
"""
FIRST = (
    r"(1,1,7,2,NULL,'192.0.2.1','2021-03-04 12:00:00','2021-03-04 10:00:00','e','teh','saw teh bridge',"
    r"'We saw teh bridge; it''s \"old\" (1900), they said\n','It\'s the','https://news.example/bridge','Mozilla','en_US',"
    r"'pending',NULL)"
)
SECOND = (
    "(2,1,7,2,NULL,'192.0.2.1','0000-00-00 00:00:00','0000-00-00 00:00:00','nine',NULL,NULL,NULL,NULL,"
    "'https://news.example/ferry',NULL,NULL,'resolve',NULL)"
)


def read(tmp_path: Path, form: str, content: str | bytes) -> list[Row]:
    """All rows of a file with this content."""
    path = tmp_path / "source"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(sources.read(path, form, ORIGINS))


def refused(tmp_path: Path, form: str, content: str | bytes) -> str:
    with pytest.raises(BadSource) as caught:
        read(tmp_path, form, content)
    return caught.value.detail


@pytest.mark.parametrize("between", [",", ",\n", ";\nINSERT INTO `wp_mistape_reports` VALUES\n"])
def test_a_dump_of_mistapes_table_is_read(tmp_path: Path, between: str) -> None:
    dump = f"{CREATE}INSERT INTO `wp_mistape_reports` VALUES {FIRST}{between}{SECOND};\n-- Dump completed\n"
    first, second = read(tmp_path, "mistape", dump)
    assert first.fields == {
        "url": "https://news.example/bridge",
        "exact": "e",
        "prefix": "We saw t",
        "suffix": 'h bridge; it\'s "old" (1900), they said\n',
        "comment": "It's the",
        "lang": "en-US",
    }
    assert (first.arrived, first.dealt_with) == (datetime(2021, 3, 4, 10, tzinfo=UTC), None)
    assert (second.fields["exact"], second.fields["prefix"], second.arrived) == ("nine", "", None)
    assert second.dealt_with == (State.CLOSED, Resolution.ALREADY_FIXED)
    assert first.key != second.key


def test_a_dump_names_its_columns_or_has_those_of_an_older_version(tmp_path: Path) -> None:
    some = "INSERT INTO wp_2_mixtape_reports (`ID`, selection, url) VALUES (3, 'teh', 'https://news.example/a');"
    assert read(tmp_path, "mistape", some)[0].fields["exact"] == "teh"
    older = "INSERT INTO `wp_mistape_reports` VALUES " + FIRST.replace("(1,1,7", "(1,7", 1) + ";"
    assert read(tmp_path, "mistape", older)[0].fields["comment"] == "It's the"
    wrong = "INSERT INTO `wp_mistape_reports` VALUES (1,2,3);"
    assert read(tmp_path, "mistape", wrong)[0].wrong == "This row has 3 values for 17 columns."


def test_a_broken_statement_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    insert = "INSERT INTO `wp_mistape_reports` VALUES "
    broken = f"{CREATE}{insert}{FIRST},(2,'open);\n{'x' * 300_000}\n{insert}{SECOND};\n"
    first, bad, second = read(tmp_path, "mistape", broken)
    assert (first.wrong, second.wrong) == ("", "")
    assert bad.position.endswith("row 2")
    assert "broken" in bad.wrong
    latin = (CREATE + insert + FIRST.replace("old", "öld") + "," + SECOND + ";").encode("latin-1")
    assert [row.wrong for row in read(tmp_path, "mistape", latin)] == ["This row is not written in UTF-8.", ""]


def test_a_long_statement_on_one_line_is_read_in_pieces(tmp_path: Path) -> None:
    rows = ",".join(SECOND.replace("(2,", f"({number},").replace("nine", "nine " * 40) for number in range(9000))
    found = read(tmp_path, "mistape", f"{CREATE}INSERT INTO `wp_mistape_reports` VALUES {rows};\n")
    assert len({row.key for row in found}) == len(found) == 9000
    assert not any(row.wrong for row in found)
    assert 0 < found[0].share < found[-1].share <= 1


def test_a_table_of_mistape_is_read_too(tmp_path: Path) -> None:
    table = io.StringIO()
    writer = csv.DictWriter(table, MISTAPE, delimiter=";")
    writer.writeheader()
    writer.writerow(dict.fromkeys(MISTAPE, "NULL") | {"ID": "1", "selection": "teh", "url": "https://news.example/a"})
    assert read(tmp_path, "mistape", table.getvalue())[0].fields == {
        "url": "https://news.example/a",
        "exact": "teh",
        **dict.fromkeys(["prefix", "suffix", "comment", "lang"], ""),
    }


def test_a_plain_table_is_read_and_what_stands_there_twice_is_two_readers(tmp_path: Path) -> None:
    row = 'https://news.example/a,"teh, bridge",the bridge,"two\nlines",ann@example.org,{}\r\n'
    dates = ["2024-05-31", "2024-05-31T12:30:00+02:00", "31 May 2024 10:30:00 +0000", "", "2199-01-01", "", "soon"]
    lines = "".join(map(row.format, dates))
    rows = read(tmp_path, "csv", f"\ufeffurl,exact,suggestion,comment,email,date\r\n{lines}")
    assert rows[0].fields["comment"] == "two\nlines"
    assert [one.arrived.isoformat() if one.arrived else None for one in rows[:6]] == [
        "2024-05-31T00:00:00+00:00",
        "2024-05-31T12:30:00+02:00",
        "2024-05-31T10:30:00+00:00",
        *(None, None, None),
    ]
    assert (rows[6].position, rows[6].wrong[:5]) == ("line 14 to 15", "date:")
    assert len({one.key for one in rows[:6]}) == 6
    assert [one.key for one in rows] == [
        one.key for one in read(tmp_path, "csv", f"url,exact,suggestion,comment,email,date\r\n{lines}")
    ]


def test_broken_rows_of_a_table_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    good = b"https://news.example/a,teh\n"
    bad = [
        b"https://news.example/a,t\xe9h\n",
        b"a,b,c\n",
        b'"a"b,c\n',
        b"https://news.example/a," + b"x" * 3_000_000 + b"\n",
    ]
    rows = read(tmp_path, "csv", b"url,exact\n" + b"".join(one + b"\n" + good for one in bad))
    assert [bool(row.wrong) for row in rows] == [True, False] * 4
    assert [row.position for row in rows] == [f"line {number}" for number in (2, 4, 5, 7, 8, 10, 11, 13)]
    unfinished = read(tmp_path, "csv", b"url,exact\n" + good + b'https://news.example/a,"teh\nmore')
    assert [bool(row.wrong) for row in unfinished] == [False, True]


@pytest.mark.parametrize("form", list(sources.FORMS))
def test_what_is_nothing_of_the_kind_is_refused_in_one_sentence(tmp_path: Path, form: str) -> None:
    chance = random.Random(1)
    hostile: list[bytes] = [
        b"\x89PNG\r\n\x1a\n" + chance.randbytes(5000),
        b"\0" * 5000,
        "url,selection\n".encode("utf-16"),
        b"nothing,of,ours\n1,2,3\n",
        b"x" * 2_500_000,
        b'"url\nselection',
        b"\xff\xfe\xff",
    ]
    for content in hostile:
        said = refused(tmp_path, form, content)
        assert said.endswith(".")
        assert "\n" not in said
    assert refused(tmp_path, form, b"") == "This file is empty."


@pytest.mark.parametrize("form", list(sources.FORMS))
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 as Google packs a form's answers", "a spreadsheet or a ZIP archive: unpack it, or save"),
        ("url,comment\nhttps://news.example/a,Hm\n".encode("utf-16"), "written in UTF-16: save it as UTF-8"),
    ],
    ids=["packed", "wide"],
)
def test_what_was_done_to_a_file_is_told_with_its_cure(
    tmp_path: Path, form: str, content: bytes, sentence: str
) -> None:
    assert sentence in refused(tmp_path, form, content)


def test_a_table_of_other_columns_says_which_it_has(tmp_path: Path) -> None:
    answers = 'Timestamp,Link to the article,"What is wrong, and why?"\n'
    assert refused(tmp_path, "csv", answers) == (
        "No column is called url; the first line names Timestamp, Link to the article, What is wrong, and why?."
    )
    hostile = "a\x1b[2J," + ",".join(f"column {number} {'x' * 90}" for number in range(60)) + "\n"
    assert len(refused(tmp_path, "csv", hostile)) < 1000
    assert "\x1b" not in refused(tmp_path, "csv", hostile)


@pytest.mark.parametrize(
    ("stamp", "order", "moment"),
    [
        ("3/1/2024 12:01:02", DateOrder.MONTH_FIRST, "2024-03-01T12:01:02+00:00"),
        ("3/1/2024 1:01:02 PM", DateOrder.MONTH_FIRST, "2024-03-01T13:01:02+00:00"),
        ("03/01/2024, 12:01", DateOrder.DAY_FIRST, "2024-01-03T12:01:00+00:00"),
        ("03/01/2024", DateOrder.DAY_FIRST, "2024-01-03T00:00:00+00:00"),
        ("31.05.2024 13:30:45", None, "2024-05-31T13:30:45+00:00"),
        ("2024-05-31 13:30:45", None, "2024-05-31T13:30:45+00:00"),
    ],
)
def test_dates_are_read_as_spreadsheets_write_them(
    tmp_path: Path, stamp: str, order: DateOrder | None, moment: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(f'url,comment,date\nhttps://news.example/a,Hm,"{stamp}"\n')
    (row,) = sources.read(path, "csv", ORIGINS, sources.Reading(order=order))
    assert row.arrived is not None, row.wrong
    assert row.arrived.isoformat() == moment


def test_no_day_is_guessed_where_two_countries_read_two(tmp_path: Path) -> None:
    table = "url,comment,date\n" + "".join(f"https://news.example/a,Hm,{day}/1/2024\n" for day in (3, 13))
    rows = list(read(tmp_path, "csv", table))
    assert ["say --dates" in row.wrong for row in rows] == [True, True]
    assert not [row for row in rows if "one day" in row.wrong], "13/1/2024 is but one day"
    path = tmp_path / "source"
    one, other = sources.read(path, "csv", ORIGINS, sources.Reading(order=DateOrder.MONTH_FIRST))
    assert (one.wrong, other.wrong[:5]) == ("", "date:")


def letter(tmp_path: Path, *messages: EmailMessage | bytes) -> list[Row]:
    """The rows of a mailbox with these letters."""
    path = tmp_path / "letters"
    path.unlink(missing_ok=True)
    box = mailbox.mbox(path)
    for message in messages:
        box.add(message)
    box.close()
    return list(sources.read(path, "mbox", ORIGINS))


def mail(content: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    known = {
        "Subject": "Re: AW: the bridge",
        "From": "Ann <ann@example.org>",
        "Date": "Fri, 31 May 2024 10:30:00 +0000",
    }
    for name, value in {**known, "Message-ID": "<1@example.org>", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(content)
    return message


def test_a_letter_is_a_report_of_the_article_it_names(tmp_path: Path) -> None:
    said = "See https://other.example/x and https://news.example/ and (https://news.example/bridge).\n\nIt opened in 1978.\n"
    (row,) = letter(tmp_path, mail(f"{said}> https://news.example/quoted\n-- \nAnn\n+1 555"))
    assert row.fields == {
        "url": "https://news.example/bridge",
        "comment": said.strip(),
        "place": "the bridge",
        "email": "ann@example.org",
    }
    assert (row.position, row.share, row.arrived) == ("mail 1", 1.0, datetime(2024, 5, 31, 10, 30, tzinfo=UTC))


def test_letters_that_are_no_reports_are_named(tmp_path: Path) -> None:
    page = EmailMessage()
    page["Message-ID"] = "<2@example.org>"
    page.set_content('<p>Wrong <a href="https://news.example/a?id=1&amp;b=2">here</a>.</p>', subtype="html")
    rows = letter(
        tmp_path,
        mail("There is no address in it."),
        mail("https://news.example/a", Auto_Submitted="auto-replied"),
        page,
        b"Content-Type: text/plain; charset=klingon\n\nhttps://news.example/k \xff\xfe",
        b"Subject: =?utf-8?b?////?=\nFrom: <<<>>>@\nDate: never\nContent-Type: multipart/mixed\n\nhttps://news.example/m",
        b"\0\0\0\0",
    )
    assert [bool(row.wrong) for row in rows] == [True, True, False, False, True, True]
    assert (rows[2].fields["url"], rows[2].fields["comment"]) == ("https://news.example/a?id=1&b=2", "Wrong here.")
    assert len({row.key for row in rows if not row.wrong}) == 2
