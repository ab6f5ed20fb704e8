"""What a publication has leaves the service whole, and no spreadsheet runs any of it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest

from corrections_service.rules.workflow import Resolution
from corrections_service.services import exchange, sites
from tests.services.newsroom import FERRY, Newsroom

FORMULAS = [
    "=1+1", "+1", "-5 %", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", ";=1", '"=1', "\0=1", " =1",
    "=HYPERLINK(\"http://evil.example\")", "=IMPORTXML(A1)", "=cmd|' /C calc'!A0", "\u202e=1",
]  # fmt: skip


def test_every_thing_of_the_site_is_one_line_and_of_other_sites_none(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        other = sites.create(session, name="Other", origins=["https://news.example"], desk="desk@other.example")
    Newsroom(newsroom.db, other).send(comment="canary")
    newsroom.send(email="ann@example.org")
    newsroom.send()
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.decide(ferry, newsroom.hire(), Resolution.CORRECTED, wrong="nine", right="ten", notice="It leaves at ten.")
    with newsroom.db.read() as session:
        lines = [json.loads(line) for line in exchange.json_lines(session, newsroom.site)]
    counts = Counter(line["type"] for line in lines)
    assert counts == {"site": 1, "article": 1, "case": 2, "report": 3, "event": 4, "correction": 1}
    assert "canary" not in str(lines)
    assert [line["email"] for line in lines if line["type"] == "report"] == ["ann@example.org", None, None]
    assert not any(secret in line for line in lines for secret in exchange.SECRETS)


def test_a_table_holds_each_report_and_no_formula(newsroom: Newsroom) -> None:
    for number, formula in enumerate(FORMULAS):
        newsroom.send(url=f"https://news.example/{number}", comment=formula.replace("\0", ""), title='a "b", c\nd')
    with newsroom.db.read() as session:
        written = "".join(exchange.csv_lines(session, newsroom.site))
    assert written.startswith("\ufeffreference,number,case,sent,")
    assert written.count("\r\n") >= len(FORMULAS) + 1
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert len(rows) == len(FORMULAS)
    assert {row["headline"] for row in rows} == {'a "b", c\nd'}
    assert [row["comment"] for row in rows if not row["comment"].startswith("'")] == []
    assert not any(value[:1] in "=+-@\t\r" for row in rows for value in row.values() if value)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_text_in_a_cell(formula: str) -> None:
    assert exchange.cell(formula).startswith("'")


def test_plain_words_are_left_as_they_are() -> None:
    for plain in ("opened in 1978", "a=b", "5-6", "Ünïcode ✓", "(+1)", ""):
        assert exchange.cell(plain) == plain
    assert exchange.cell(None) == ""
    assert exchange.cell(7) == "7"
