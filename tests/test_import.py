"""What another program kept comes in whole, once, without a mail; on both databases, and from the console."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from corrections_service.demo.mailbox import Mailbox
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import exchange, figures, sites, sources
from corrections_service.services.imports import Outcome, take_in
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Delivery, Event, Reader, Report, Site
from tests.databases import SECRET
from tests.measures import wait_for
from tests.running import running_service
from tests.services.newsroom import BRIDGE, FERRY, Newsroom
from tests.services.test_sources import CREATE, FIRST, SECOND
from tests.test_cli import refused, run
from tests.web.visitors import signed_in

HOSTILE = Path(__file__).resolve().parents[1] / "../shared/data/hostile"
HEAD = "url,exact,suggestion,comment,email,date\n"
GOOD = "https://news.example/{},teh bridge,the bridge,,ann{}@example.org,2024-05-31\n"
BAD = [
    "https://other.example/a,teh,the,,,\n",
    "javascript:alert(1),teh,the,,,\n",
    ",teh,the,,,\n",
    "https://news.example/a,,the,,,\n",
    "https://news.example/a,teh,the,,nobody,\n",
    f"https://news.example/a,teh,{'x' * 2001},,,\n",
    "https://news.example/a,teh,the,,,yesterday\n",
]


@pytest.fixture
def newsroom(db: Database, site: Site) -> Newsroom:
    """The newsroom that moves in."""
    return Newsroom(db, site)


def bring(newsroom: Newsroom, path: Path, form: str = "csv") -> tuple[Counter[Outcome], list[str]]:
    """Import a file; what became of its rows, and what is wrong with those that are bad."""
    rows = sources.read(path, form, newsroom.site.origins)
    settled = list(take_in(newsroom.db, newsroom.site, rows, secret=SECRET))
    wrong = [f"{row.position}: {row.wrong}" for row, outcome in settled if outcome is Outcome.BAD]
    return Counter(outcome for _, outcome in settled), wrong


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(HEAD + "".join(rows), "utf-8")
    return path


def test_each_row_comes_in_once_and_the_bad_ones_are_named(newsroom: Newsroom, tmp_path: Path) -> None:
    good = [GOOD.format(number % 30, number) for number in range(60)]
    path = table(tmp_path, *good[:30], *BAD, *good[30:])
    counts, wrong = bring(newsroom, path)
    assert counts == {Outcome.IMPORTED: 60, Outcome.BAD: len(BAD)}
    assert [re.sub(":.*", "", one) for one in wrong] == [f"line {number}" for number in range(32, 32 + len(BAD))]
    assert [one.split(": ")[1] for one in wrong] == ["url", "url", "url", "comment", "email", "suggestion", "date"]
    assert bring(newsroom, path)[0] == {Outcome.THERE: 60, Outcome.BAD: len(BAD)}
    assert bring(newsroom, table(tmp_path, *good, good[0]))[0] == {Outcome.THERE: 60, Outcome.IMPORTED: 1}
    assert (newsroom.count(Report), newsroom.count(Case), newsroom.count(Reader)) == (61, 30, 61)
    newsroom.assert_readers_add_up()


def test_nobody_is_mailed_and_the_dates_are_kept(newsroom: Newsroom, tmp_path: Path) -> None:
    began = datetime.now(UTC)
    bring(newsroom, table(tmp_path, GOOD.format(1, 1), GOOD.format(2, 2).replace("2024-05-31", "")))
    assert newsroom.count(Delivery) == 0
    with newsroom.db.read() as session:
        for column in (Report.created_at, Case.created_at, Event.at):
            old, new = session.scalars(select(column).order_by(column)).all()
            assert old == datetime(2024, 5, 31, tzinfo=UTC)
            assert began <= new <= datetime.now(UTC)
        assert figures.accounting(session)["accepted"] == 2


def test_reports_of_before_join_the_cases_that_are_there(newsroom: Newsroom, tmp_path: Path) -> None:
    case = newsroom.case_of(
        newsroom.send(exact="teh bridge", prefix="", suffix="", suggestion="the bridge", url="https://news.example/1")
    )
    bring(newsroom, table(tmp_path, GOOD.format(1, 1)))
    assert newsroom.look(case).readers == 2


def test_what_was_dealt_with_elsewhere_does_not_fill_the_inbox(newsroom: Newsroom, tmp_path: Path) -> None:
    rows = [FIRST, SECOND, SECOND.replace("(2,", "(3,"), FIRST.replace("(1,", "(4,").replace("bridge'", "x'")]
    rows += [SECOND.replace("(2,", "(5,").replace("resolve", "trash").replace("ferry", "spam")]
    dump = tmp_path / "dump.sql"
    dump.write_text(f"{CREATE}INSERT INTO `wp_mistape_reports` VALUES {','.join(rows)};\n", "utf-8")
    assert bring(newsroom, dump, "mistape")[0] == {Outcome.IMPORTED: 5}
    assert bring(newsroom, dump, "mistape")[0] == {Outcome.THERE: 5}
    with newsroom.db.read() as session:
        found = session.execute(
            select(Case.state, Case.resolution, func.sum(Case.readers)).group_by(Case.state, Case.resolution)
        )
        assert {(row.state, row.resolution, int(row[2])) for row in found} == {
            (State.NEW, None, 2),
            (State.CLOSED, Resolution.ALREADY_FIXED, 2),
            (State.SPAM, None, 1),
        }
    newsroom.assert_readers_add_up()


def test_the_desk_sees_that_a_case_was_dealt_with_elsewhere(app: Flask, newsroom: Newsroom, tmp_path: Path) -> None:
    dump = tmp_path / "dump.sql"
    dump.write_text(f"{CREATE}INSERT INTO `wp_mistape_reports` VALUES {SECOND};\n", "utf-8")
    bring(newsroom, dump, "mistape")
    editor = signed_in(app, newsroom.db, newsroom.hire())
    with newsroom.db.read() as session:
        number = session.scalars(select(Case.id)).one()
    page = editor.get(f"/cases/{number}").get_data(as_text=True)
    assert "It was dealt with before it was imported." in page
    assert 'data-state="closed"' in page
    assert 'data-resolution="already_fixed"' in page
    assert f'data-case="{number}"' in editor.get("/queue?view=closed").get_data(as_text=True)
    assert f'data-case="{number}"' not in editor.get("/queue").get_data(as_text=True)


def test_our_own_export_comes_in_where_it_is_not_yet(newsroom: Newsroom, tmp_path: Path) -> None:
    with newsroom.db.write() as session:
        moved = sites.create(session, name="Moved", origins=["https://news.example"], desk="desk@news.example")
    neighbour = Newsroom(newsroom.db, moved)
    newsroom.send(comment="=HYPERLINK(1)", email="ann@example.org")
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.decide(ferry, newsroom.hire(), Resolution.NOT_AN_ERROR)
    path = tmp_path / "export.csv"
    with newsroom.db.read() as session:
        path.write_text("".join(exchange.csv_lines(session, newsroom.site)), "utf-8", newline="")
    assert bring(newsroom, path)[0] == {Outcome.THERE: 2}
    assert bring(neighbour, path)[0] == {Outcome.IMPORTED: 2}
    with newsroom.db.read() as session:
        first, second = session.scalars(select(Report).where(Report.site_id == neighbour.site.id).order_by(Report.id))
        assert {name: getattr(first, name) for name in BRIDGE} == BRIDGE
        assert first.comment == "=HYPERLINK(1)"
        assert (second.case.state, second.case.resolution) == (State.CLOSED, Resolution.NOT_AN_ERROR)
        assert second.case.decided_at == session.get_one(Case, ferry).decided_at


def test_hostile_words_come_in_or_are_named(newsroom: Newsroom, tmp_path: Path) -> None:
    if not HOSTILE.is_dir():
        pytest.skip("../shared/data/hostile is not here")
    said = [str(one) for one in json.loads((HOSTILE / "naughty_strings.json").read_text("utf-8"))]
    path = tmp_path / "hostile.csv"
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["url", "exact", "suggestion", "comment", "place", "title", "lang", "source_url"])
        for one in said:
            rows.writerow(["https://news.example/a", one, one[::-1], one, one[:300], one, one, ""])
            rows.writerow(["https://news.example/a", "", "", "Look here.", "", "", "", one])
    counts, wrong = bring(newsroom, path)
    assert counts.total() == 2 * len(said) > 800
    assert counts[Outcome.BAD] == len(wrong)
    assert newsroom.count(Report) == counts[Outcome.IMPORTED] > 400
    assert {one.split(": ")[1] for one in wrong} == {"comment", "source_url"}
    assert bring(newsroom, path)[0] == {Outcome.THERE: counts[Outcome.IMPORTED], Outcome.BAD: len(wrong)}


def test_a_long_comment_keeps_its_words(newsroom: Newsroom, tmp_path: Path) -> None:
    comment = "word " * 1500
    assert bring(newsroom, table(tmp_path, f"https://news.example/a,,,{comment},,\n"))[0] == {Outcome.IMPORTED: 1}
    with newsroom.db.read() as session:
        assert session.scalars(select(Report.comment)).one() == comment.strip()


def test_what_comes_in_shortened_is_named_with_its_row_and_its_lengths(newsroom: Newsroom, tmp_path: Path) -> None:
    """Of a comment and of a quote; one that just fits comes in whole, and what nobody can see is nothing."""
    address = "https://news.example/a"
    rows = [
        f"{address},,,{'w' * 12_000},,\n",
        f"{address},{'x' * 2500},y,{'w' * 10_000},,\n",
        f"{address},{'x' * 2000},y,\u200b\u200b,,\n",
        f"{address},{'x' * 2600},y,{'w' * 10_001},,\n",
    ]
    path = table(tmp_path, *rows)
    settled = list(take_in(newsroom.db, newsroom.site, sources.read(path, "csv", []), secret=SECRET))
    assert {outcome for _, outcome in settled} == {Outcome.IMPORTED}
    comment, quote = "comment: {} characters, of which 10,000 came in.", "exact: {} characters, of which 2,000 came in."
    assert [(row.position, row.cut) for row, _ in settled] == [
        ("line 2", comment.format("12,000")),
        ("line 3", quote.format("2,500")),
        ("line 4", ""),
        ("line 5", f"{comment.format('10,001')} {quote.format('2,600')}"),
    ]
    with newsroom.db.read() as session:
        assert [len(one) for one in session.scalars(select(Report.comment).order_by(Report.id))] == [
            *(10_000, 10_000, 0, 10_000)
        ]


def test_the_console_says_what_came_in_shortened_once(tmp_path: Path) -> None:
    source = table(tmp_path, GOOD.format(1, 1), f"https://news.example/a,,,{'w' * 12_000},,\n")
    with running_service(tmp_path / "data") as service:
        service.init()
        arguments = ("import", str(source), "--site", "News", "--from", "csv")
        done = run(service, *arguments)
        assert (done.returncode, done.stdout) == (
            0,
            "2 read: 2 imported, 0 there already, 0 bad; 1 imported shortened\n",
        )
        assert "line 3: comment: 12,000 characters, of which 10,000 came in." in done.stderr
        again = run(service, *arguments)
        assert again.stdout == "2 read: 0 imported, 2 there already, 0 bad\n"
        assert "line 3" not in again.stderr


def test_a_subject_that_is_too_long_comes_in_whole_with_the_letter(newsroom: Newsroom, tmp_path: Path) -> None:
    subject = "word " * 80 + "the end"
    path = tmp_path / "box"
    head = f"From a@b Fri May 31 10:30:00 2024\nMessage-ID: <1@b>\nFrom: ann@example.org\nSubject: Re: {subject}\n\n"
    path.write_text(f"{head}https://news.example/a is wrong.\n", "utf-8")
    assert bring(newsroom, path, "mbox")[0] == {Outcome.IMPORTED: 1}
    with newsroom.db.read() as session:
        report = session.scalars(select(Report)).one()
        assert report.comment == f"{subject}\n\nhttps://news.example/a is wrong."
        assert report.place == subject[: len(report.place)]


def test_a_line_of_which_the_end_is_not_read_is_named(newsroom: Newsroom, tmp_path: Path) -> None:
    cells = ",".join(["x" * 100_000] * 11)
    path = tmp_path / "table.csv"
    path.write_text(
        f"url,comment{',other' * 11}\nhttps://news.example/a,One,{cells}\nhttps://news.example/a,Two\n", "utf-8"
    )
    counts, wrong = bring(newsroom, path)
    assert counts == {Outcome.BAD: 1, Outcome.IMPORTED: 1}
    assert wrong == ["line 2: This row has a line of more than 1,000,000 bytes."]


def test_a_row_of_a_dump_that_is_too_long_is_not_called_broken_alone(newsroom: Newsroom, tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    long = SECOND.replace("'", "'" + f"{'x' * 999}\n" * 200, 1)
    path.write_text(f"{CREATE}INSERT INTO `wp_mistape_reports` VALUES {FIRST},{long};\n", "utf-8")
    counts, wrong = bring(newsroom, path, "mistape")
    assert counts == {Outcome.BAD: 1, Outcome.IMPORTED: 1}
    assert wrong[0].endswith(
        "row 2: Here is a row of more than 100,000 bytes, or the statement is broken; the rest of it is left out."
    )


@pytest.mark.parametrize("form", ["csv", "mistape", "mbox"])
def test_the_console_imports_beside_the_running_service(tmp_path: Path, form: str) -> None:
    content = {
        "csv": HEAD + GOOD.format(1, 1) + BAD[0] + GOOD.format(2, 2),
        "mistape": f"{CREATE}INSERT INTO `wp_mistape_reports` VALUES {FIRST},(2,3),{SECOND};\n",
        "mbox": "".join(
            f"From a@b Fri May 31 10:30:00 2024\nMessage-ID: <{number}@b>\nFrom: ann@example.org\n\n{said}\n\n"
            for number, said in enumerate(
                ["https://news.example/a is wrong", "no address", "https://news.example/b too"]
            )
        ),
    }[form]
    place = {"csv": "line 3: url: ", "mistape": "row 2: ", "mbox": "mail 2: url: "}[form]
    source = tmp_path / "source"
    source.write_text(content, "utf-8")
    with Mailbox(directory=tmp_path / "mails") as mailbox, running_service(tmp_path / "data", mailbox) as service:
        service.init()
        service.start()
        for became in ("2 imported, 0 there already, 1 bad", "0 imported, 2 there already, 1 bad"):
            done = run(service, "import", str(source), "--site", "News", "--from", form)
            assert (done.returncode, done.stdout) == (0, f"3 read: {became}\n"), done.stderr
            assert place in done.stderr
            assert "100%" in done.stderr
        assert service.stats()["accepted"] == 2
        assert service.stats()["mails_owed"] == 0
        lines = [json.loads(line) for line in service.console("export", "--site", "News").splitlines()]
        assert sum(line["type"] == "report" for line in lines) == 2
        assert mailbox.messages() == []


def test_halves_of_letters_come_in_as_what_can_be_kept(newsroom: Newsroom, tmp_path: Path) -> None:
    """JSON can hold what no text is."""
    lone = "te\ud800h"
    quote = {"type": "TextQuoteSelector", "exact": lone, "prefix": lone}
    annotation = {"id": lone, "uri": "https://news.example/bridge", "text": lone, "target": [{"selector": [quote]}]}
    path = tmp_path / "annotations.json"
    path.write_text(json.dumps([annotation, annotation | {"id": "b", "uri": f"https://news.example/{lone}"}]))
    counts, wrong = bring(newsroom, path, "hypothesis")
    assert (counts, len(wrong)) == ({Outcome.IMPORTED: 1, Outcome.BAD: 1}, 1)
    assert bring(newsroom, path, "hypothesis")[0] == {Outcome.THERE: 1, Outcome.BAD: 1}


def test_what_stands_in_a_file_twice_is_there_already_the_second_time_also_in_a_dry_run(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    annotation = {"id": "a", "uri": "https://news.example/bridge", "text": "It was a queen."}
    path = tmp_path / "annotations.json"
    path.write_text(json.dumps([annotation] * 30))
    for only_look in (True, False):
        rows = sources.read(path, "hypothesis", newsroom.site.origins)
        settled = take_in(newsroom.db, newsroom.site, rows, secret=SECRET, only_look=only_look)
        assert Counter(outcome for _, outcome in settled) == {Outcome.IMPORTED: 1, Outcome.THERE: 29}


def test_a_dry_run_says_what_would_become_of_each_row_and_stores_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, GOOD.format(1, 1), BAD[2], GOOD.format(2, 2))
    with running_service(tmp_path / "data") as service:
        service.init()
        arguments = ("import", str(path), "--site", "News", "--from", "csv")
        tried = run(service, *arguments, "--dry-run")
        assert tried.stdout.splitlines() == [
            "3 read: 2 to be imported, 0 there already, 1 bad",
            "Nothing was stored: this was a dry run.",
        ]
        assert "line 3: url" in tried.stderr
        assert "column url: url\n" in tried.stderr
        assert service.stats()["accepted"] == 0
        path.write_text("Timestamp,url,Why\n1/2/2024,https://news.example/bridge,Hm\n")
        named = run(service, *arguments, "--dry-run", "--column", "date=Timestamp", "--dates", "day-first")
        assert [line for line in named.stderr.splitlines() if line.startswith("column ")] == [
            "column Timestamp: date",
            "column url: url",
            "column Why: left out",
        ]
        path = table(tmp_path, GOOD.format(1, 1), BAD[2], GOOD.format(2, 2))
        assert run(service, *arguments).stdout == "3 read: 2 imported, 0 there already, 1 bad\n"
        tried = run(service, *arguments, "--dry-run")
        assert tried.stdout.startswith("3 read: 0 to be imported, 2 there already, 1 bad\n")
        assert service.stats()["accepted"] == 2


def test_a_column_that_means_nothing_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = table(tmp_path, GOOD.format(1, 1))
    with running_service(tmp_path / "data") as service:
        service.init()
        for form, column, wrong in [
            ("csv", "colour=Paint", "takes one of"),
            ("csv", "url", "takes one of"),
            ("mbox", "url=Link", "for tables"),
        ]:
            done = run(service, "import", str(path), "--site", "News", "--from", form, "--column", column)
            assert done.returncode == 2
            assert wrong in done.stderr
        assert service.stats()["accepted"] == 0


def test_hostile_files_and_wrong_names_give_one_sentence(tmp_path: Path) -> None:
    with running_service(tmp_path / "data") as service:
        service.init()
        source = tmp_path / "source"
        source.write_bytes(os.urandom(100_000) + b"\0" * 3_000_000)
        for site, form in (("News", "csv"), ("News", "mistape"), ("News", "mbox"), ("Nobody", "csv")):
            assert refused(run(service, "import", str(source), "--site", site, "--from", form), 1).endswith(".")
        assert run(service, "import", str(tmp_path / "nothing"), "--site", "News", "--from", "csv").returncode == 2


def test_an_import_that_is_killed_is_finished_by_another(tmp_path: Path) -> None:
    source = table(tmp_path, *(GOOD.format(number, number) for number in range(6000)))
    with running_service(tmp_path / "data") as service:
        service.init()
        arguments = ("import", str(source), "--site", "News", "--from", "csv")
        first = service.start(*arguments)
        wait_for(lambda: service.stats()["accepted"] > 0, "the first reports are in")
        first.kill()
        first.wait()
        there = service.stats()["accepted"]
        assert 0 < there < 6000
        assert service.console(*arguments) == f"6000 read: {6000 - there} imported, {there} there already, 0 bad\n"
        assert service.stats()["accepted"] == 6000
