"""What is acknowledged is stored, and what fails leaves nothing; one process serves a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from corrections_service.errors import ConfigurationError, IdReused, StorageBusy
from corrections_service.settings import Settings
from corrections_service.store import turns
from corrections_service.store.database import Database, hold_lock, open_database
from corrections_service.store.models import Site
from tests.databases import settings_for
from tests.measures import PATIENCE, lasting, let_pass
from tests.store.writes import add_site, callers, stored


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


def test_a_write_waits_for_another_one_as_long_as_it_is_told(db: Database) -> None:
    """And no longer: who has told a mail server something has to store that, and who is asked has to answer."""
    begun, done = threading.Event(), threading.Event()

    def rename(name: str, patience: float) -> None:
        with db.write(patience=patience) as session:
            begun.set()
            session.execute(sa.update(Site).values(name=name))
            assert name != "first" or done.wait(PATIENCE)

    with db.write() as session:
        add_site(session, "one")
    first = threading.Thread(target=rename, args=("first", 1))
    first.start()
    assert begun.wait(PATIENCE)
    with pytest.raises(StorageBusy):
        rename("hurried", 0.2)
    patient = threading.Thread(target=rename, args=("patient", PATIENCE))
    patient.start()
    let_pass(turns.PATIENCE + 1)
    done.set()
    first.join()
    patient.join()
    with db.read() as session:
        assert set(session.scalars(sa.select(Site.name))) == {"patient"}


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


def test_the_lock_always_names_a_process(sqlite_settings: Settings) -> None:
    """Whoever looks while the next process takes it over reads a number, not an empty file between two."""
    path = Path(f"{sqlite_settings.data_dir}/corrections.sqlite.lock")
    ended = threading.Event()
    read: set[str] = set()

    def look() -> None:
        while not ended.is_set():
            read.add(path.read_text().strip())

    first = hold_lock(sqlite_settings)
    assert first is not None
    first.close()
    looking = threading.Thread(target=look)
    looking.start()
    for _ in range(500):
        lock = hold_lock(sqlite_settings)
        assert lock is not None
        lock.close()
    ended.set()
    looking.join()
    assert read == {str(os.getpid())}


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


def test_times_without_a_zone_are_utc_whatever_the_database_s_own_zone(postgresql_db: Database) -> None:
    name = sa.quoted_name(str(postgresql_db.url.database), True)
    with postgresql_db.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE \"{name}\" SET timezone TO 'Asia/Tokyo'")
    another = Database(postgresql_db.url)
    try:
        with another.read() as session:
            assert session.scalar(sa.text("SHOW timezone")) == "UTC"
    finally:
        another.close()
        with postgresql_db.engine.begin() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" RESET timezone')


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
