"""The queue shows each case once, newest first, over any number of pages; its counts never drift."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import Resolution, State, Turn
from corrections_service.store import queue, views
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Editor, Site

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ODD_CURSORS = ["x", "AAAA", "=" * 40, "ÿ", "'; DROP TABLE report; --", "_" * 23, "\x00", "f" * 5000]


def fill(session: Session, cases: int = 60, sites: int = 3) -> None:
    """Cases over some sites, some of the same moment, in all states."""
    chance = random.Random(2)
    for number in range(1, sites + 1):
        session.add(Site(name=f"S{number}", slug=f"s{number}", key=f"k{number}", origins=[], desk="desk@example.org"))
    session.add(Editor(email="ed@example.org", fs_uniquifier="ed"))
    session.flush()
    for number in range(1, sites + 1):
        session.add(Article(id=number, site_id=number, url=f"https://example.org/{number}"))
    session.flush()
    for number in range(cases):
        site = chance.randint(1, sites)
        session.add(
            Case(
                site_id=site,
                article_id=site,
                fingerprint=str(number),
                state=chance.choice(list(State)),
                kind=chance.choice(list(Kind)),
                created_at=START + timedelta(seconds=number // 3, microseconds=number % 2),
                assignee_id=chance.choice([None, 1]),
                snoozed_until=chance.choice([None, START]),
                decided_at=chance.choice([None, START]),
                resolution=chance.choice([None, *Resolution]),
                turn=chance.choice([None, *Turn]),
                unseen_since=chance.choice([None, START]),
            )
        )


@pytest.fixture
def filled(db: Database) -> Database:
    with db.write() as session:
        fill(session)
    return db


def expected(
    session: Session, site_ids: list[int], states: tuple[State, ...], *more: sa.ColumnElement[bool]
) -> list[int]:
    """The numbers of these cases, those first that their editor has yet to look at."""
    query = sa.select(Case.id).where(Case.site_id.in_(site_ids), Case.state.in_(states), *more)
    is_unseen = sa.and_(Case.turn.is_not(None), Case.unseen_since.is_not(None))
    return list(session.scalars(query.order_by(is_unseen.desc(), Case.created_at.desc(), Case.id.desc())))


@pytest.mark.parametrize("view", queue.VIEWS)
@pytest.mark.parametrize("site_ids", [[1], [1, 3], [1, 2, 3]])
def test_the_pages_of_a_view_are_its_cases_newest_first(filled: Database, view: str, site_ids: list[int]) -> None:
    with filled.read() as session:
        more = {"mine": Case.assignee_id == 1, **views.CONDITIONS}.get(view, sa.true())
        wanted = expected(session, site_ids, queue.VIEWS[view], more)
        seen, cursor, pages = [], "", []
        while True:
            page = queue.cases_page(session, site_ids, view=view, editor_id=1, cursor=cursor, limit=7)
            pages.append([case.id for case in page.cases])
            seen += pages[-1]
            if not page.next_cursor:
                break
            cursor = page.next_cursor
        assert seen == wanted
        back = []
        while page.previous_cursor:
            page = queue.cases_page(session, site_ids, view=view, editor_id=1, cursor=page.previous_cursor, limit=7)
            back.append([case.id for case in page.cases])
        assert back == pages[-2::-1]


def test_many_sites_are_read_from_one_index(db: Database) -> None:
    with db.write() as session:
        fill(session, sites=20)
    with db.read() as session:
        sites = list(range(1, 21))
        page = queue.cases_page(session, sites, view="all", limit=100)
        assert [case.id for case in page.cases] == expected(session, sites, queue.VIEWS["all"])


@pytest.mark.parametrize("sites", [3, 20])
@pytest.mark.parametrize("sort", queue.ORDERS)
def test_what_came_back_is_read_from_an_index_of_its_own_in_every_order(
    filled: Database, sort: str, sites: int
) -> None:
    """Kind: a view of a few cases among many, which must not look through the inbox, nor be counted so."""
    asked: list[tuple[str, Any]] = []
    with filled.write() as session:
        session.execute(sa.update(Case).where(Case.id > 3).values(turn=None))
    with filled.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    sa.event.listen(filled._reader, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    with filled.read() as session:
        if not filled.is_sqlite:  # so few rows are read whole unless that is forbidden
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        queue.cases_page(session, range(1, sites + 1), view="back", sort=sort)
        queue.counts(session, range(1, sites + 1))
        explain = "EXPLAIN QUERY PLAN" if filled.is_sqlite else "EXPLAIN"
        for statement, values in [one for one in asked if "turn IS NOT NULL" in one[0]]:
            plan = session.connection().exec_driver_sql(f"{explain} {statement}", values).all()
            assert any("ix_case_turn" in str(line) for line in plan)
            others = ("ix_case_queue", "ix_case_state", "ix_case_priority", "ix_case_due", "Seq Scan", "SCAN case\n")
            assert not [line for line in plan if any(index in str(line) for index in others)], plan


def test_a_site_that_is_not_the_editors_shows_nothing(filled: Database) -> None:
    with filled.read() as session:
        assert queue.cases_page(session, [1], view="all", site_id=2).cases == []
        assert queue.cases_page(session, [], view="all").cases == []
        assert {case.site_id for case in queue.cases_page(session, [1, 2], view="all", site_id=2).cases} == {2}


def test_a_kind_is_picked_out(filled: Database) -> None:
    with filled.read() as session:
        page = queue.cases_page(session, [1, 2, 3], view="all", kind=Kind.FACT)
        assert [case.id for case in page.cases] == expected(
            session, [1, 2, 3], queue.VIEWS["all"], Case.kind == Kind.FACT
        )


def test_a_view_that_does_not_exist_is_the_inbox(filled: Database) -> None:
    with filled.read() as session:
        inbox = queue.cases_page(session, [1, 2, 3]).cases
        assert queue.cases_page(session, [1, 2, 3], view="'; --").cases == inbox


@pytest.mark.parametrize("cursor", ODD_CURSORS)
def test_a_cursor_that_is_none_begins_at_the_top(filled: Database, cursor: str) -> None:
    with filled.read() as session:
        page = queue.cases_page(session, [1, 2, 3], view="all", cursor=cursor, limit=5)
        assert len(page.cases) <= 5


def test_what_a_row_shows_is_loaded_with_the_page(filled: Database) -> None:
    statements: list[str] = []
    sa.event.listen(filled._reader, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with filled.read() as session:
        cases = queue.cases_page(session, [1, 2, 3], view="all").cases
        assert [case.article.url for case in cases]
        assert [case.assignee.email for case in cases if case.assignee]
    assert len([one for one in statements if one.startswith("SELECT")]) == 2


def test_counts_stay_exact_through_all_changes(filled: Database) -> None:
    chance = random.Random(3)
    for _ in range(30):
        with filled.write() as session:
            case = session.get_one(Case, chance.choice(session.scalars(sa.select(Case.id)).all()))
            change = chance.randrange(5)
            if change == 0:
                session.delete(case)
            elif change == 1:
                case.site_id = chance.randint(1, 3)
            elif change == 2:
                case.snoozed_until = chance.choice([None, START])
                case.decided_at = chance.choice([None, START])
                case.resolution = chance.choice([None, *Resolution])
                case.turn = chance.choice([None, *Turn])
            else:
                case.state = chance.choice(list(State))
            if change == 3:
                session.flush()
                queue.fold_counts(session)
    with filled.read() as session:
        for sites in ([1], [2, 3], [1, 2, 3]):
            counted = queue.counts(session, sites, editor_id=1)
            listed = {
                view: len(queue.cases_page(session, sites, view=view, editor_id=1, limit=1000).cases)
                for view in queue.VIEWS
            }
            assert counted == listed


def test_the_views_add_up_to_all(filled: Database) -> None:
    with filled.read() as session:
        counted = queue.counts(session, [1, 2, 3], editor_id=1)
        apart = ("inbox", "snoozed", "waiting", "fixing", "corrected", "declined")
        assert sum(counted[view] for view in apart) == counted["all"]
        shown = [case.id for view in apart for case in queue.cases_page(session, [1, 2, 3], view=view, limit=99).cases]
        assert sorted(shown) == sorted(
            case.id for case in queue.cases_page(session, [1, 2, 3], view="all", limit=99).cases
        )


def test_a_count_that_was_undone_did_not_happen(filled: Database) -> None:
    with filled.read() as session:
        before = queue.counts(session, [1, 2, 3])
    with pytest.raises(ZeroDivisionError), filled.write() as session:
        session.execute(sa.update(Case).values(state=State.SPAM))
        raise ZeroDivisionError
    with filled.read() as session:
        assert queue.counts(session, [1, 2, 3]) == before
