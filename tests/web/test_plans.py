"""No page of the desk looks through all cases, reports or events: each of its questions has an index (SQLite says which)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from corrections_service.rules.workflow import Role
from corrections_service.services import sites
from corrections_service.store import queue
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Membership
from tests.services.newsroom import Newsroom
from tests.web.visitors import signed_in

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
    if not db.is_sqlite:
        pytest.skip("PostgreSQL reads a small table whole, whatever indexes it has")
    newsroom.send(exact="wrong", suggestion="right")
    visitor, asked = signed_in(app, db, editor), list[tuple[str, Any]]()
    sa.event.listen(db._reader, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    assert visitor.get(path).status_code == 200
    questions = {statement: values for statement, values in asked if statement.startswith(("SELECT", "WITH"))}
    assert questions
    with db.read() as session:
        plans = {
            statement: [
                line.detail for line in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
            for statement, values in questions.items()
        }
    assert {statement: plan for statement, plan in plans.items() if any(map(WHOLE.search, plan))} == {}
