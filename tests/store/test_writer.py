"""What is acknowledged is stored; what fails fails alone; what waits too long is refused and not stored."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from corrections_service.errors import ConfigurationError, IdReused, StorageBusy, StorageFull
from corrections_service.settings import Settings
from corrections_service.store import turns, writer
from corrections_service.store.database import Database, hold_lock, open_database
from corrections_service.store.models import Site
from tests.databases import settings_for
from tests.measures import PATIENCE, lasting, let_pass, wait_for


def add_site(session: Session, name: str) -> str:
    session.add(Site(name=name, slug=name, key=name, origins=[], desk="desk@example.org"))
    session.flush()
    return name


def stored(db: Database) -> set[str]:
    with db.read() as session:
        return set(session.scalars(sa.select(Site.name)))


@contextmanager
def callers(number: int) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(number) as pool:
        yield pool


def queued(db: Database) -> int:
    assert db._writer is not None
    return db._writer._queue.qsize()


@contextmanager
def another_process_writes(settings: Settings) -> Iterator[None]:
    """The write lock as another process holds it: SQLite's locks know no threads, so a bare connection will do."""
    other = sqlite3.connect(settings.data_dir / "corrections.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_write_is_stored_whole(db: Database) -> None:
    with db.write() as session:
        add_site(session, "one")
        add_site(session, "two")
    assert stored(db) == {"one", "two"}


def test_a_write_that_fails_leaves_nothing(db: Database) -> None:
    with pytest.raises(IdReused), db.write() as session:
        add_site(session, "one")
        raise IdReused()
    assert stored(db) == set()


def test_a_read_session_changes_nothing(db: Database) -> None:
    with pytest.raises(StorageBusy), db.read() as session:
        add_site(session, "one")
    assert stored(db) == set()


def test_intake_returns_what_the_function_returns_once_it_is_stored(db: Database) -> None:
    assert db.intake(add_site, name="one") == "one"
    assert stored(db) == {"one"}


def test_intake_passes_on_what_the_function_raises_and_stores_nothing_of_it(db: Database) -> None:
    def refuse(session: Session) -> None:
        add_site(session, "one")
        raise IdReused()

    with pytest.raises(IdReused):
        db.intake(refuse)
    assert stored(db) == set()


def test_many_callers_at_once_are_all_stored(db: Database) -> None:
    names = {f"site {number}" for number in range(60)}
    with callers(12) as pool:
        assert set(pool.map(lambda name: db.intake(add_site, name=name), names)) == names
    assert stored(db) == names


def test_what_queues_up_goes_into_one_commit(sqlite_db: Database) -> None:
    commits: list[object] = []
    sqlite_db.intake(add_site, name="first")
    event.listen(sqlite_db.engine, "commit", commits.append)
    with callers(20) as pool:
        with sqlite_db.write() as other:
            other.connection()
            done = [pool.submit(sqlite_db.intake, add_site, name=f"site {number}") for number in range(20)]
            wait_for(lambda: queued(sqlite_db) >= 19)
        assert len({future.result() for future in done}) == 20
    assert len(commits) <= 3


def test_a_failing_write_does_not_fail_its_neighbours(sqlite_db: Database) -> None:
    with callers(20) as pool:
        with sqlite_db.write() as other:
            other.connection()
            done = [pool.submit(sqlite_db.intake, add_site, name=f"site {number % 10}") for number in range(20)]
            wait_for(lambda: queued(sqlite_db) >= 19)
        failures = [future.exception() for future in done if future.exception()]
    assert len(failures) == 10
    assert all(isinstance(failure, IntegrityError) for failure in failures)
    assert stored(sqlite_db) == {f"site {number}" for number in range(10)}


def test_a_full_queue_refuses_at_once(sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "QUEUE_LENGTH", 2)
    db = open_database(sqlite_settings)
    with callers(6) as pool:
        with db.write() as other:
            other.connection()
            done: list[Future[Any]] = [pool.submit(db.intake, add_site, name=f"{number}") for number in range(6)]
            wait_for(lambda: sum(future.done() for future in done) >= 3)
        outcomes = [future.exception() for future in done]
    refused = [outcome for outcome in outcomes if isinstance(outcome, StorageBusy)]
    assert len(refused) >= 3
    assert len(stored(db)) == 6 - len(refused)
    db.close()


def test_a_write_whose_caller_has_gone_is_not_stored_but_its_neighbours_are(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(session: Session) -> None:
        add_site(session, "slow")
        gone.wait()

    gone = threading.Event()
    with callers(2) as pool:
        with sqlite_db.write() as other:
            other.connection()
            monkeypatch.setattr(writer, "PATIENCE", 0.3)
            impatient = pool.submit(sqlite_db.intake, slow)
            wait_for(lambda: queued(sqlite_db) + (sqlite_db._writer is not None) >= 1)
            let_pass(0.05)
            monkeypatch.setattr(writer, "PATIENCE", 5.0)
            neighbour = pool.submit(sqlite_db.intake, add_site, name="neighbour")
            wait_for(lambda: queued(sqlite_db) >= 1)
        assert isinstance(impatient.exception(), StorageBusy)
        gone.set()
        assert neighbour.result() == "neighbour"
    assert stored(sqlite_db) == {"neighbour"}


def test_a_locked_database_is_waited_for_and_then_busy_with_nothing_stored(
    sqlite_settings: Settings, sqlite_db: Database
) -> None:
    told = pytest.raises(StorageBusy)
    with another_process_writes(sqlite_settings), lasting(turns.PATIENCE, at_least=4), told:
        sqlite_db.intake(add_site, name="one")
    sqlite_db.intake(add_site, name="two")
    assert stored(sqlite_db) == {"two"}


def test_a_lock_that_is_soon_gone_delays_only(sqlite_settings: Settings, sqlite_db: Database) -> None:
    with callers(1) as pool:
        with another_process_writes(sqlite_settings):
            waiting = pool.submit(sqlite_db.intake, add_site, name="one")
            let_pass(0.5)
            assert not waiting.done()
        assert waiting.result(timeout=PATIENCE) == "one"


def test_a_full_disk_is_said_and_left_behind_when_there_is_room_again(sqlite_db: Database) -> None:
    room = [1]

    @event.listens_for(sqlite_db.engine, "checkout")
    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={room[0]}")

    def add_much(session: Session) -> None:
        session.add(Site(name="x" * 100_000, slug="a", key="a", origins=[], desk="desk@example.org"))
        session.flush()

    with pytest.raises(StorageFull) as told:
        sqlite_db.intake(add_much)
    assert told.value.retry_after
    with pytest.raises(StorageFull), sqlite_db.write() as session:
        add_much(session)
    assert stored(sqlite_db) == set()
    room[0] = 1_000_000
    assert sqlite_db.intake(add_site, name="one") == "one"


def test_another_process_can_write_while_intake_runs(sqlite_settings: Settings, sqlite_db: Database) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.databases import settings_for\n"
        "from tests.store.test_database import add_site, stored\n"
        "from corrections_service.store.database import open_database\n"
        "db = open_database(settings_for(Path(sys.argv[1]))); most = 0\n"
        "for number in range(20):\n"
        "    before = len(stored(db))\n"
        "    with db.write() as session:\n"
        "        session.connection(); most = max(most, len(stored(db)) - before)\n"
        "        add_site(session, f'other {number}')\n"
        "print(most)"
    )
    stop = threading.Event()

    def keep_busy(caller: int) -> int:
        number = 0
        while not stop.is_set():
            number += 1
            sqlite_db.intake(add_site, name=f"{caller}-{number}")
        return number

    with callers(8) as pool:
        busy = [pool.submit(keep_busy, caller) for caller in range(8)]
        command = [sys.executable, "-c", script, str(sqlite_settings.data_dir)]
        other = subprocess.run(command, capture_output=True, text=True, check=False)
        stop.set()
        written = sum(future.result() for future in busy)
    assert other.returncode == 0, other.stderr
    assert int(other.stdout) < written / 4, "it waits for its turn, not for the end"
    assert len(stored(sqlite_db)) == written + 20


def test_intake_leaves_turns_for_other_writers_of_its_process(sqlite_db: Database) -> None:
    stop, overtaken, commits = threading.Event(), [], list[object]()
    event.listen(sqlite_db.engine, "commit", commits.append)

    def keep_busy(caller: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            sqlite_db.intake(add_site, name=f"{caller}-{number}")

    with callers(8) as pool:
        busy = [pool.submit(keep_busy, caller) for caller in range(8)]
        for number in range(30):
            before = len(commits)
            with sqlite_db.write() as session:
                session.connection()
                overtaken.append(len(commits) - before)
                add_site(session, f"other {number}")
        stop.set()
        for future in busy:
            future.result()
    assert max(overtaken) <= 3


def test_every_connection_keeps_the_promise(sqlite_db: Database) -> None:
    own = sqlite_db.own_engine(pool_size=1)
    for engine in (sqlite_db.engine, sqlite_db._reader, own):
        with engine.connect() as connection:
            found = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert found == ["wal", 2, 1]
    own.dispose()


def test_a_database_without_a_directory_is_refused(tmp_path: Any) -> None:
    with pytest.raises(ConfigurationError, match="corrections init"):
        open_database(settings_for(tmp_path / "nowhere"))


def test_another_kind_of_database_is_refused(tmp_path: Any) -> None:
    with pytest.raises(ConfigurationError, match="postgresql"):
        open_database(settings_for(tmp_path, "mysql://localhost/x"))


def test_a_second_server_on_one_file_is_told_who_runs(sqlite_settings: Settings) -> None:
    lock = hold_lock(sqlite_settings)
    assert lock is not None
    with pytest.raises(ConfigurationError, match=rf"already running on this database \(process {os.getpid()}\)"):
        hold_lock(sqlite_settings)
    lock.close()
    again = hold_lock(sqlite_settings)
    assert again is not None
    again.close()


def test_the_lock_of_a_killed_process_is_free(sqlite_settings: Settings) -> None:
    script = (
        "import signal, sys; from pathlib import Path; from tests.databases import settings_for\n"
        "from corrections_service.store.database import hold_lock\n"
        "lock = hold_lock(settings_for(Path(sys.argv[1]))); print('held', flush=True); signal.pause()"
    )
    command = [sys.executable, "-c", script, str(sqlite_settings.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(ConfigurationError, match=f"process {other.pid}"):
            hold_lock(sqlite_settings)
        other.send_signal(signal.SIGKILL)
    lock = hold_lock(sqlite_settings, patience=5)
    assert lock is not None
    lock.close()


def test_postgresql_needs_no_lock(postgresql_settings: Settings) -> None:
    assert hold_lock(postgresql_settings) is None


def test_a_lost_connection_is_tried_again(postgresql_db: Database) -> None:
    tries = []

    def unlucky(session: Session) -> str:
        tries.append(1)
        add_site(session, "one")
        if len(tries) == 1:
            session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return "stored"

    assert postgresql_db.intake(unlucky) == "stored"
    assert stored(postgresql_db) == {"one"}
    assert len(tries) == 2


def test_a_deadlock_is_tried_again(postgresql_db: Database) -> None:
    for name in ("a", "b"):
        postgresql_db.intake(add_site, name=name)
    met = threading.Barrier(2, timeout=5)

    def cross(session: Session, order: str) -> None:
        for name in order:
            session.execute(sa.update(Site).where(Site.name == name).values(language=order[0]))
            if not met.broken and name == order[0]:
                try:
                    met.wait()
                except threading.BrokenBarrierError:
                    continue
                finally:
                    met.abort() if met.n_waiting == 0 and started.is_set() else started.set()

    started = threading.Event()
    with callers(2) as pool:
        done = [pool.submit(postgresql_db.intake, cross, order=order) for order in ("ab", "ba")]
        for future in done:
            future.result(timeout=PATIENCE)


def test_a_row_that_stays_locked_is_busy_with_nothing_stored(postgresql_db: Database) -> None:
    postgresql_db.intake(add_site, name="one")
    with postgresql_db.write() as session:
        session.execute(sa.update(Site).values(language="de"))
        with lasting(turns.PATIENCE, at_least=4), pytest.raises(StorageBusy):
            postgresql_db.intake(lambda other: other.execute(sa.update(Site).values(language="fr")))


def test_a_server_that_is_away_is_busy(tmp_path: Any) -> None:
    away = open_database(settings_for(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:9/none"), reach=False)
    with pytest.raises(StorageBusy):
        away.intake(add_site, name="one")
    with pytest.raises(StorageBusy), away.read() as session:
        session.execute(sa.text("SELECT 1"))
    away.close()
