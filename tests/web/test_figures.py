"""The page of figures: any period, in words, with its tables as files; nothing of another site, whatever is asked (C22)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Resolution, Role
from corrections_service.store.database import Database
from corrections_service.store.models import Article, now
from tests.services.newsroom import SILENT, Newsroom
from tests.web.visitors import Visitor, signed_in


@pytest.fixture
def visitor(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    return signed_in(app, db, newsroom.hire(Role.VIEWER))


def findings(answer: TestResponse) -> list[str]:
    """What the page says in words, chart by chart."""
    page = LexborHTMLParser(answer.get_data(as_text=True))
    return [" ".join(node.text().split()) for node in page.css(".finding")]


def test_four_charts_say_what_they_show_and_every_one_is_described(visitor: Visitor, newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send())
    newsroom.decide(case, newsroom.hire(), Resolution.FIXED, **SILENT)
    newsroom.send(exact="by the king", suggestion="by the queen")
    newsroom.settle(now() - timedelta(days=1))
    answer = visitor.get("/reports")
    said = findings(answer)
    assert said[0].startswith("2 reports came in: 1 accepted, 1 not decided yet. The most on one day were 2, on ")
    assert said[1].startswith("Half of the cases had an editor’s decision or question within 1 minute")
    assert said[1].endswith("No fix was seen on a page yet.")
    assert said[2] == "No article had more accepted reports than “https://news.example/bridge”: 1."
    assert said[3] == "Readers were right in 100% of the decided cases: 1 of 1."
    page = LexborHTMLParser(answer.get_data(as_text=True))
    charts = page.css("svg[role=img]")
    assert len(charts) == 3
    for chart in charts:
        names = (chart.attributes["aria-labelledby"] or "").split()
        assert all(node.text().strip() for name in names for node in page.css(f"#{name}"))
        assert len(names) == 2


NO_PERIODS = {
    "from=garbage": "This is no day of the calendar, as 2026-11-29.",
    "from=2026-02-30": "This is no day of the calendar, as 2026-11-29.",
    "to=0001-01-01": "This is no day of the calendar, as 2026-11-29.",
    "to=9999-12-31": "This is no day of the calendar, as 2026-11-29.",
    "from=2026-03-02&to=2026-03-01": "The period ends before it begins.",
    "from=1991-01-01&to=2026-03-01": "A period has at most ten years.",
}


def test_what_is_no_period_is_told_and_the_last_days_are_shown(visitor: Visitor) -> None:
    for query, message in NO_PERIODS.items():
        answer = visitor.get(f"/reports?{query}")
        assert answer.status_code == 422
        assert message in answer.get_data(as_text=True)
        assert len(findings(answer)) == 4
        assert visitor.get(f"/reports.csv?{query}").status_code == 422


def test_days_are_shown_as_they_were_asked_for(visitor: Visitor) -> None:
    page = visitor.get("/reports?from=2026-03-01&to=2026-03-31").get_data(as_text=True)
    assert 'value="2026-03-01"' in page
    assert 'value="2026-03-31"' in page
    assert findings(visitor.get("/reports?from=2024-01-01&to=2026-03-31"))[0] == "No report came in."


def test_another_sites_figures_are_not_found(visitor: Visitor, neighbour: Newsroom) -> None:
    neighbour.send(url="https://gazette.example/x")
    assert findings(visitor.get("/reports"))[0] == "No report came in."
    for site in (str(neighbour.site.id), "999999", "x", "-1", "2147483648"):
        assert visitor.get(f"/reports?site={site}").status_code == 404
        assert visitor.get(f"/reports.csv?site={site}").status_code == 404


def test_each_table_comes_as_a_file_where_no_cell_is_a_formula(
    visitor: Visitor, newsroom: Newsroom, db: Database
) -> None:
    case = newsroom.case_of(newsroom.send())
    newsroom.decide(case, newsroom.hire(), Resolution.FIXED, **SILENT)
    with db.write() as session:
        for article in session.query(Article):
            article.headline = "=HYPERLINK(1)"
    for table in ("days", "times", "most", "rate", "mistakes"):
        answer = visitor.get(f"/reports.csv?table={table}")
        assert answer.mimetype == "text/csv"
        rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
        assert len({len(row) for row in rows if row}) <= 2, table
        assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert visitor.get("/reports.csv?table=secrets").status_code == 404
    days = list(csv.reader(io.StringIO(visitor.get("/reports.csv").get_data(as_text=True).removeprefix("\ufeff"))))
    assert days[0] == ["Day", "Accepted", "No change needed", "Not decided yet", "Withdrawn by readers", "Spam"]
    assert [row[1:] for row in days if row[1:] == ["1", "0", "0", "0", "0"]] == [["1", "0", "0", "0", "0"]]
    assert len(days) == 31


def test_a_day_on_which_no_reader_was_right_is_a_whole_row_of_the_table(visitor: Visitor, newsroom: Newsroom) -> None:
    newsroom.decide(newsroom.case_of(newsroom.send()), newsroom.hire(), Resolution.OPINION)
    answer = visitor.get("/reports.csv?table=rate")
    header, *days = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    assert {len(row) for row in days} == {len(header)}
    assert days[-1][1:] == ["0", "1", "0"]
