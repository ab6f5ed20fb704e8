"""No page of the desk looks through all cases, reports or events: each of its questions has an index (SQLite says which)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import sites
from corrections_service.store import queue, search
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Editor, Membership, Report, now
from tests.services.newsroom import SILENT, Newsroom
from tests.web.visitors import Visitor, signed_in

PUBLICATIONS = 20
BELONGING = 'SELECT "case".id \nFROM "case" \nWHERE "case".id IN '
WHOLE = re.compile(r"SCAN (?:case|report|event)(?!\S)(?!.*USING)")


@pytest.fixture
def editor(db: Database, newsroom: Newsroom) -> int:
    """Somebody who works for many publications."""
    number = newsroom.hire(Role.EDITOR)
    with db.write() as session:
        person = session.get_one(Editor, number)
        for count in range(1, PUBLICATIONS):
            site = sites.create(
                session, name=f"Paper {count}", origins=[f"https://p{count}.example"], desk="d@p.example"
            )
            session.add(Membership(editor_id=person.id, site=site, role=Role.EDITOR))
    return number


@pytest.mark.parametrize(
    "path",
    [
        *(f"/queue?view={view}" for view in queue.VIEWS),
        *(f"/queue?sort={order}" for order in queue.ORDERS),
        *(f"/queue?q=wrong&sort={order}" for order in queue.ORDERS),
        "/cases/1",
        "/reports",
    ],
)
def test_a_page_asks_nothing_that_looks_through_a_whole_table(
    app: Flask, db: Database, newsroom: Newsroom, editor: int, path: str
) -> None:
    newsroom.send(exact="wrong", suggestion="right")
    plans = plans_of(db, signed_in(app, db, editor), path)
    assert {statement: plan for statement, plan in plans.items() if any(map(WHOLE.search, plan))} == {}


def test_an_open_list_looks_its_rows_up_by_their_numbers(
    app: Flask, db: Database, newsroom: Newsroom, editor: int
) -> None:
    """Kind: rows of an open list were looked for among all cases in a state of its view, by every open page every minute."""
    numbers = [newsroom.case_of(newsroom.send(exact=f"wrong {number}")) for number in range(25)]
    rows = ",".join(map(str, numbers))
    plans = plans_of(db, signed_in(app, db, editor), f"/queue/changes?rows={rows}")
    (plan,) = (plan for statement, plan in plans.items() if statement.startswith(BELONGING))
    assert plan[0] == "SEARCH case USING INTEGER PRIMARY KEY (rowid=?)"


def test_what_readers_said_of_answers_is_read_alone(app: Flask, db: Database, newsroom: Newsroom, editor: int) -> None:
    """Kind: all reports of a year were read for those few whose readers said whether the answer helped."""
    newsroom.send(exact="wrong", suggestion="right")
    plans = plans_of(db, signed_in(app, db, editor), "/reports")
    (plan,) = (plan for statement, plan in plans.items() if "helped IS NOT NULL" in statement)
    assert "ix_report_helped" in plan[0]


def test_days_are_counted_in_the_index_of_their_sites(
    app: Flask, db: Database, newsroom: Newsroom, editor: int
) -> None:
    """Kind: all cases of a state were looked through for those of some days, where the days stand in a table of their own."""
    newsroom.decide(newsroom.case_of(newsroom.send()), editor, Resolution.FIXED, **SILENT)
    plans = plans_of(db, signed_in(app, db, editor), "/reports")
    lines = [line for statement, plan in plans.items() if "span_row" in statement for line in plan]
    searched = {line for line in lines if line.startswith(("SEARCH case", "SEARCH report", "SCAN case", "SCAN report"))}
    assert {line.partition(" INDEX ")[2].partition(" ")[0] for line in searched} <= {
        "ix_case_queue",
        "ix_report_day",
        "",
    }
    assert len([line for line in lines if line.startswith("SCAN span_row")]) >= 8
    assert not [line for line in searched if "ix_case_state" in line or line.startswith("SCAN")]


@pytest.mark.parametrize("path", ["/queue", "/reports"])
def test_a_page_asks_no_more_of_many_publications_and_days_than_of_one(
    app: Flask, db: Database, newsroom: Newsroom, editor: int, path: str
) -> None:
    """Kind: a question for each publication, or for each day that nobody has counted yet."""
    alone = signed_in(app, db, newsroom.hire(email="one@news.example"))
    newsroom.send(exact="wrong")
    of_one = questions_of(db, alone, path)
    for day in range(1, 5):
        newsroom.send(exact=f"wrong {day}", url=f"https://news.example/{day}")
        with db.write() as session:
            at = now() - timedelta(days=day)
            session.execute(sa.update(Case).where(Case.exact == f"wrong {day}").values(created_at=at))
            session.execute(sa.update(Report).where(Report.exact == f"wrong {day}").values(created_at=at))
    assert questions_of(db, signed_in(app, db, editor), path) <= of_one


@pytest.mark.parametrize("query", ["readers>0", "by:nobody readers>0 -word", "age>1h", "age>1h is:inbox"])
def test_what_very_many_cases_are_is_read_in_the_index_of_the_order(
    app: Flask, db: Database, newsroom: Newsroom, editor: int, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kind: an index that yields all of them but in another order, so that all are read and sorted for one page."""
    monkeypatch.setattr(queue, "MOST_SORTED", 1)
    newsroom.send(exact="wrong", suggestion="right")
    newsroom.settle(now() - timedelta(days=1))
    search.catch_up(db)
    path = f"/queue?{urlencode({'q': query, 'sort': 'priority'})}"
    visitor = signed_in(app, db, editor)
    assert '"/cases/1' in visitor.get(path).get_data(as_text=True)
    pages = [plan for statement, plan in plans_of(db, visitor, path).items() if "priority DESC" in statement]
    lines = [line for plan in pages for line in plan if line.startswith("SEARCH case USING")]
    assert {line for line in lines if "site_id=" in line and "ix_case_priority" not in line} == set()
    assert any("ix_case_priority (site_id=? AND state=?" in line for line in lines)


def questions_of(db: Database, visitor: Visitor, path: str) -> int:
    """How many statements a page asks of the database, once it has been asked for before."""
    assert visitor.get(path).status_code == 200
    asked = list[str]()
    note = lambda *told: asked.append(told[2])  # noqa: E731
    sa.event.listen(db._reader, "before_cursor_execute", note)
    assert visitor.get(path).status_code == 200
    sa.event.remove(db._reader, "before_cursor_execute", note)
    return len(asked)


def plans_of(db: Database, visitor: Visitor, path: str) -> dict[str, list[str]]:
    """How SQLite answers each question of a page."""
    if not db.is_sqlite:
        pytest.skip("PostgreSQL reads a small table whole, whatever indexes it has")
    asked = list[tuple[str, Any]]()
    sa.event.listen(db._reader, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    assert visitor.get(path).status_code == 200
    questions = {statement: values for statement, values in asked if statement.startswith(("SELECT", "WITH"))}
    assert questions
    with db.read() as session:
        return {
            statement: [
                line.detail for line in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
            for statement, values in questions.items()
        }
