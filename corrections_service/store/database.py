"""Engines, read and write sessions, and which schema is there."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from corrections_service.errors import ConfigurationError, CorrectionsError, StorageBusy
from corrections_service.settings import Settings
from corrections_service.store import erasures, trouble
from corrections_service.store.precedence import Precedence
from corrections_service.store.turns import (
    PATIENCE,
    PATIENCE_OPTION,
    Turns,
    take_turns_at_begin,
    take_turns_at_first_change,
)
from corrections_service.store.writer import PostgresqlWriter, SqliteWriter, TakenApart, Writer

Result = TypeVar("Result")

SETS = 2
"""Sets of reports that one process stores in PostgreSQL at a time, each over a connection of its own."""

TRIES = 4
"""A first try and three more where PostgreSQL asks for another."""

PROCESS = "corrections"
"""How the name begins that a process of this service goes by at a PostgreSQL server."""

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK, FIRST_RUN_LOCK = 0x636F7272, 0x636F7273


class Database:
    """One database: where to read, where to write, and how a report gets in."""

    def __init__(self, url: URL, *, mark_keys: Sequence[str] = ("",), erasure_log: Path | None = None) -> None:
        self.url, self.mark_keys = url, mark_keys
        self.info: dict[Any, Any] = {"mark_keys": mark_keys, "erasure_log": erasure_log, "salts": {}, "woken": {}}
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.turns, self.precedence = Turns(), Precedence()
        self.engine = self._sqlite_engine() if self.is_sqlite else _postgresql_engine(url)
        self._reader = (
            self._sqlite_engine(read_only=True)
            if self.is_sqlite
            else self.engine.execution_options(postgresql_readonly=True)
        )
        self._writer: Writer = (
            SqliteWriter(self.engine, self.turns, self.precedence, self.info)
            if self.is_sqlite
            else PostgresqlWriter(
                _postgresql_engine(url, hurried=True, pool_size=SETS), self.precedence, self.info, threads=SETS
            )
        )
        self.is_closed = False

    @contextlib.contextmanager
    def read(self, *, unhurried: bool = False) -> Iterator[Session]:
        """A session that sees one state of the database and cannot change it; `unhurried` may look through all of it."""
        with trouble.plainly(), self._session(self._reader, autoflush=False) as session:
            if unhurried and not self.is_sqlite:
                session.execute(sa.text("SET LOCAL statement_timeout = 0"))
            yield session

    @contextlib.contextmanager
    def write(self, *, patience: float = PATIENCE) -> Iterator[Session]:
        """A session whose changes are stored at the end, all or, on an error, none.

        Raises StorageBusy where it could not begin within `patience` seconds, and StorageFull.
        """
        engine = self.engine.execution_options(**{PATIENCE_OPTION: patience})
        with trouble.plainly(), self._session(engine, expire_on_commit=False) as session, session.begin():
            if patience != PATIENCE and not self.is_sqlite:
                session.execute(sa.text(f"SET LOCAL lock_timeout = {int(patience * 1000)}"))
            yield session
            erasures.keep(session)

    def intake(self, function: Callable[..., Result], /, **values: Any) -> Result:
        """Run function(session, **values) and store what it did durably before returning its result.

        `function` may run more than once. Raises StorageBusy and StorageFull, with nothing stored, and what it raises.
        """
        if self.is_sqlite:
            return self.store(lambda session, _: [function(session, **values)], None)
        return self.store_alone(lambda session, _: [function(session, **values)], None)

    def store(
        self, function: Callable[[Session, Sequence[Any]], Sequence[Result | CorrectionsError]], value: Any
    ) -> Result:
        """Store one of the values that function(session, values) stores together, durably; what it returns for this one.

        What waits for the same function is handed to it at once; an error that it returns is raised for that one alone, one
        that it raises comes from trying each alone. Raises StorageBusy and StorageFull, with nothing stored.
        """
        try:
            result: Result = self._writer.run(function, value)
            return result
        except TakenApart:
            return self.store_alone(function, value)

    async def store_awaited(
        self, function: Callable[[Session, Sequence[Any]], Sequence[Result | CorrectionsError]], value: Any
    ) -> Result:
        """`store` for who waits on an event loop. Raises TakenApart where a thread has to `store_alone`."""
        result: Result = await self._until_stored(self._writer.hand_over(function, value))
        return result

    async def _until_stored(self, future: Future[Any]) -> Any:
        loop = asyncio.get_running_loop()
        news = loop.create_future()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(news.set_result, None))
        await asyncio.wait([news], timeout=PATIENCE)
        if not news.done():
            self._writer.take_back(future)
            await news
        return future.result()

    def store_alone(
        self, function: Callable[[Session, Sequence[Any]], Sequence[Result | CorrectionsError]], value: Any
    ) -> Result:
        """Store one value in a transaction of its own, up to four times where PostgreSQL asks for another try."""
        for tries_left in reversed(range(TRIES)):
            try:
                with self._session(self.engine, expire_on_commit=False) as session, session.begin():
                    (outcome,) = function(session, [value])
                if isinstance(outcome, CorrectionsError):
                    raise outcome
                return outcome
            except (StorageBusy, DBAPIError, sa.exc.TimeoutError) as error:
                if tries_left and trouble.worth_another_try(error):
                    continue
                raise trouble.in_plain_words(error) from error
        raise StorageBusy()

    def truncate_log(self) -> bool:
        """Leave nothing in SQLite's write-ahead log of what was there before; False while somebody still reads it."""
        if not self.is_sqlite:
            return True
        with contextlib.closing(sqlite3.connect(str(self.url.database), timeout=1)) as connection:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def _session(self, bind: Engine, **options: Any) -> Session:
        return Session(bind, info=dict(self.info), **options)

    def own_engine(self, *, pool_size: int, unhurried: bool = False) -> Engine:
        """Another engine on the same database with connections of its own, for the engine of background work."""
        if not self.is_sqlite:
            pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": 30}
            return _postgresql_engine(self.url, unhurried=unhurried, **pool)
        engine = sa.create_engine(self.url, pool_size=pool_size, max_overflow=0, pool_timeout=30, hide_parameters=True)
        event.listen(engine, "connect", _on_connect(isolation="IMMEDIATE", busy_ms=30_000))
        take_turns_at_first_change(engine, self.turns)
        return engine

    def is_empty(self) -> bool:
        """Whether no version of the service has used it yet."""
        return self.revision() is None

    def check_current(self) -> None:
        """Raises ConfigurationError, with what to do, when the schema is another version's."""
        revision = self.revision()
        if revision != head_revision():
            raise trouble.another_version(revision, revision in _revisions(), head_revision())

    def goes_back(self, goal: str) -> bool:
        """Whether this schema is an earlier one than the present one.

        Raises ConfigurationError where this version does not know one of them.
        """
        revision, revisions = self.revision(), _revisions()
        if goal not in revisions:
            raise trouble.unknown_revision(goal, revisions)
        if revision is not None and revision not in revisions:
            raise trouble.another_version(revision, False, head_revision())
        return revision is not None and goal < revision

    def migrate(self, to: str = "") -> None:
        """Bring the schema to head, or to the revision `to`; however many do so at once, one does it and the others wait.

        Raises ConfigurationError where this version does not know one of them; CorrectionsError, with nothing changed, where
        an earlier one cannot hold what is stored, or the storage has no room.
        """
        goal = to or head_revision()
        goes_back = self.goes_back(goal)
        if self.revision() == goal:
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["database"] = self
        with trouble.plainly(), self.alone(MIGRATION_LOCK):
            if not goes_back:
                command.upgrade(config, goal)
                return
            try:
                command.downgrade(config, goal)
            except (sa.exc.DataError, sa.exc.IntegrityError) as error:
                raise trouble.cannot_go_back(goal, error) from error

    @contextlib.contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction for all migrations, which may take as long as it takes."""
        with self.engine.begin() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            yield connection

    def close(self) -> None:
        """Finish what is being written and let go of all connections."""
        self.is_closed = True
        self._writer.stop()
        if self.is_sqlite:
            self._reader.dispose()
        self.engine.dispose()

    def revision(self) -> str | None:
        """The schema that is there, by the number of its newest migration; None before the first."""
        with trouble.plainly(), self._reader.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return revision

    @contextlib.contextmanager
    def alone(self, lock: int) -> Iterator[None]:
        """Hold off whoever asks for the same lock on this database, on all machines; on SQLite there is one for all."""
        if self.is_sqlite:
            with open(f"{self.url.database}.migration", "w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
            return
        engine = sa.create_engine(self.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            # Waiting inside the server would hold up CREATE INDEX CONCURRENTLY, which waits for all that runs.
            while not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(lock))):
                time.sleep(0.2)
            yield

    def _sqlite_engine(self, *, read_only: bool = False) -> Engine:
        engine = sa.create_engine(self.url, pool_size=8, max_overflow=24, pool_timeout=PATIENCE, hide_parameters=True)
        if read_only:
            event.listen(engine, "connect", _on_connect(busy_ms=int(PATIENCE * 1000), read_only=True))
            event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
            return engine
        event.listen(engine, "connect", _on_connect(busy_ms=20))
        take_turns_at_begin(engine, self.turns)
        return engine


def head_revision() -> str:
    """The schema that this version of the service needs."""
    return max(_revisions())


def _revisions() -> set[str]:
    """The schemas that this version of the service knows: each migration is a file that begins with its number.

    Alembic, which reads them all, is loaded where there is something to migrate alone.
    """
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")}


def open_database(settings: Settings, *, reach: bool = True) -> Database:
    """Open the database that the settings name, and unless told otherwise see that it answers.

    Raises ConfigurationError when it cannot be used safely, StorageUnreachable when nobody answers there.
    """
    try:
        url = make_url(settings.sqlalchemy_url)
    except (sa.exc.ArgumentError, ValueError):
        raise ConfigurationError("CORRECTIONS_DATABASE_URL is no address of a database.") from None
    options: dict[str, Any] = {"mark_keys": tuple(settings.secret_keys), "erasure_log": settings.erasures}
    backend = url.drivername.partition("+")[0]
    if backend not in ("sqlite", "postgresql", "postgres"):
        raise ConfigurationError("CORRECTIONS_DATABASE_URL must begin with postgresql:// or be left out.")
    if backend != "sqlite":
        database = Database(url.set(drivername="postgresql+psycopg"), **options)
        if reach:
            _reach(database)
        return database
    if url.database in (None, "", ":memory:") or not Path(url.database or "").absolute().parent.is_dir():
        cure = "make it, or leave CORRECTIONS_DATABASE_URL out" if settings.database_url else "run `corrections init`"
        raise ConfigurationError(f"There is no directory for the database {url.database}; {cure}.")
    database = Database(url, **options)
    try:
        _check_durable(database.engine)
    except DBAPIError as error:
        database.close()
        raise trouble.cannot_use(url, error) from error
    return database


def _reach(database: Database) -> None:
    try:
        database.engine.connect().close()
    except DBAPIError as error:
        database.close()
        raise trouble.cannot_open(database.url, error) from None


def hold_lock(settings: Settings, *, patience: float = 0) -> IO[str] | None:
    """Be the one process that serves or works on this SQLite database, until the file is closed or the process ends.

    None on PostgreSQL, where any number may. A child made by exec does not inherit the lock; one made by fork does.
    Raises ConfigurationError after `patience` seconds.
    """
    if not settings.is_sqlite:
        return None
    try:
        path = f"{make_url(settings.sqlalchemy_url).database}.lock"
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+")
    except OSError as error:
        raise ConfigurationError(f"CORRECTIONS_DATA_DIR cannot be used: {error}; run `corrections init`.") from None
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            file.seek(0)
            holder = file.read().strip()
            file.close()
            raise ConfigurationError(
                f"another serve or worker is already running on this database (process {holder})"
            ) from None
    # Always as wide and in one write: whoever looks meanwhile reads one number or the other, never half of one or none.
    os.pwrite(file.fileno(), f"{os.getpid():<10}".encode(), 0)
    return file


def _on_connect(
    *, busy_ms: int, isolation: str | None = None, read_only: bool = False
) -> Callable[[sqlite3.Connection, object], None]:
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = isolation  # type: ignore[assignment]
        connection.execute(f"PRAGMA busy_timeout={max(busy_ms, 5000)}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten, however SQLite was built
        connection.execute(f"PRAGMA busy_timeout={busy_ms}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    return prepare


def _postgresql_engine(url: URL, *, unhurried: bool = False, hurried: bool = False, **pool: Any) -> Engine:
    # Custom plans: one plan for rare and common words alike, or for small and large sites, is a bad one.
    # UTC: what is stored says no zone where the schema has a time of its own.
    limits = "-c plan_cache_mode=force_custom_plan -c timezone=UTC"
    if not unhurried:
        limits += f" -c statement_timeout=10000 -c lock_timeout={1000 if hurried else 5000}"
        limits += " -c idle_in_transaction_session_timeout=60000"
    pool = {"pool_size": 5, "max_overflow": 10, "pool_timeout": PATIENCE} | pool
    arguments = {"connect_timeout": int(PATIENCE), "options": limits, "application_name": f"{PROCESS} {os.getpid()}"}
    arguments["tcp_user_timeout"] = 20_000  # milliseconds: a server that is cut off holds nobody for long
    return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=arguments, **pool)


def _check_durable(engine: Engine) -> None:
    """Raises ConfigurationError unless a power cut loses nothing (WAL and synchronous=FULL hold)."""
    with engine.connect() as connection:
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    if (journal, synchronous) != ("wal", 2):
        raise ConfigurationError(
            f"The database cannot keep its promise here: {journal} with synchronous={synchronous}."
        )
