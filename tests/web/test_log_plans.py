"""A page of a long log asks few questions, each of them in an index; it is not written for who has it, nor a file before it is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from corrections_service.rules.workflow import NoticeClass, NoticeState
from corrections_service.services import entries
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Correction, Site, now
from tests.services.newsroom import Newsroom

MOST = 30
"""Notices of the long log, over as many months."""

WHOLE = re.compile(
    r"SCAN (?:correction|article|entry|case|report|event)(?!\S)(?!.*USING)|USE TEMP B-TREE FOR (?:DISTINCT|GROUP)"
)
LIST, FEED, ARTICLE = 6, 4, 7
"""Questions of a list, of a feed, and of what one article shows: its own address among them."""

URL = "https://news.example/bridge"
PAGES = {
    "/log/news": LIST,
    "/log/news?month=2025-03": LIST,
    "/log/news?section=City": LIST,
    "/log/news?author=Ann&q=opened": LIST,
    "/log/news?class=correction&q=no+such+words": LIST,
    f"/log/news?article={URL}": LIST + 1,
    "/log/news/feed.atom": FEED,
    "/log/news/feed.rss": FEED,
    "/log/news/feed.json": FEED,
    f"/log/news/article.json?url={URL}": ARTICLE,
    f"/log/news/article.html?url={URL}": ARTICLE,
}


@pytest.fixture
def client(app: Flask, newsroom: Newsroom) -> FlaskClient:
    """Anybody, where the log has some notices."""
    case = newsroom.case_of(newsroom.send())
    with newsroom.db.write() as session:
        of = session.get_one(Case, case)
        of.article.section, of.article.author = "City", "Ann"
        for number in range(MOST):
            notice = Correction(
                site_id=of.site_id,
                article_id=of.article_id,
                case=of,
                notice_class=NoticeClass.CORRECTION,
                text=f"The bridge was opened in 1978, not in {number}.",
                state=NoticeState.PUBLIC,
                published_at=now() - timedelta(days=31 * number),
            )
            session.add(notice)
            session.flush()
            entries.enter(session, notice)
    return app.test_client(use_cookies=False)


@pytest.fixture
def asked(db: Database) -> Iterator[list[tuple[str, Any]]]:
    """What was asked of the database, with its values."""
    asked = list[tuple[str, Any]]()

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked.append((statement, values))

    sa.event.listen(db._reader, "before_cursor_execute", note)
    yield asked
    sa.event.remove(db._reader, "before_cursor_execute", note)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_few_questions_of_a_long_log_as_of_a_short_one(
    client: FlaskClient, asked: list[tuple[str, Any]], path: str
) -> None:
    assert client.get(path).status_code == 200
    assert len(asked) <= PAGES[path], [statement for statement, _ in asked]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_looks_through_no_table_for_what_it_tells(
    client: FlaskClient, db: Database, asked: list[tuple[str, Any]], path: str
) -> None:
    if not db.is_sqlite:
        pytest.skip("PostgreSQL reads a small table whole, whatever indexes it has")
    client.get(path)
    with db.read() as session:
        connection = session.connection()
        plans = {
            statement: [line.detail for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in list(asked)
        }
    assert {statement: plan for statement, plan in plans.items() if any(map(WHOLE.search, plan))} == {}


@pytest.mark.parametrize("path", [path for path in PAGES if "article." not in path])
def test_a_page_that_somebody_has_is_not_even_written(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    tag = client.get(path).headers["ETag"]
    written = list[str]()
    monkeypatch.setattr("corrections_service.web.notices.Notice.title", property(lambda _: written.append("title")))
    monkeypatch.setattr("corrections_service.web.notices.Notice.label", property(lambda _: written.append("label")))
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data(), written) == (304, b"", [])


@pytest.mark.parametrize(
    "changes",
    [
        (Article, {"headline": "The other bridge"}),
        (Article, {"section": "Ships"}),
        (Article, {"author": "Bo"}),
        (Correction, {"gravity": "serious"}),
        (Correction, {"ran": "push"}),
        (Case, {"created_at": now() - timedelta(days=900)}),
        (Site, {"name": "The Other News"}),
        (Site, {"language": "de"}),
    ],
    ids=["headline", "section", "author", "gravity", "ran", "case", "name", "language"],
)
def test_whatever_a_page_tells_of_makes_it_another(newsroom: Newsroom, client: FlaskClient, changes: Any) -> None:
    paths = ("/log/news", "/log/news/feed.atom", "/log/news/feed.json")
    tags = {path: client.get(path).headers["ETag"] for path in paths}
    newsroom.change(changes[0], **changes[1])
    for path in paths:
        assert client.get(path, headers={"If-None-Match": tags[path]}).status_code == 200, path


@pytest.mark.parametrize("name", ["log.csv", "log.ndjson"])
def test_a_file_is_written_while_it_is_sent_and_not_for_who_has_it(
    client: FlaskClient, asked: list[tuple[str, Any]], name: str
) -> None:
    """Kind: its length was counted, for which all of it was written before the first byte went, or for nothing."""
    answer = client.get(f"/log/news/{name}")
    assert answer.get_data(as_text=True).count("\n") == MOST + 1
    assert answer.headers.get("Content-Length") is None
    asked.clear()
    again = client.get(f"/log/news/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert not any("correction.text" in statement or "entry.content" in statement for statement, _ in asked)
