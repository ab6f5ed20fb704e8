"""No page of the desk looks through all cases, reports or events: each of its questions has an index (SQLite says which)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from corrections_service.rules.workflow import Role
from corrections_service.services import sites
from corrections_service.store import queue, search
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Membership, now
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in

PUBLICATIONS = 20
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
