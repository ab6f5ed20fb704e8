"""The SQLite writer: what fails fails alone; what waits too long is refused and not stored; others have their turn."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from corrections_service.errors import StorageBusy, StorageFull
from corrections_service.settings import Settings
from corrections_service.store import database, turns, writer
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import Site
from tests.measures import PATIENCE, lasting, let_pass, wait_for
from tests.store.writes import add_site, callers, stored


def queued(db: Database) -> int:
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


def awaited(db: Database, function: Callable[..., Any], **values: Any) -> Any:
    """What comes of a write that is waited for on an event loop, and by itself where the set that it was in failed."""

    def store(session: Session, writes: Sequence[Any]) -> list[Any]:
        return [function(session, **write) for write in writes]

    try:
        return asyncio.run(db.store_awaited(store, values))
    except writer.TakenApart:
        return db.store_alone(store, values)


def test_a_write_that_is_awaited_is_stored_and_told_like_others(db: Database) -> None:
    assert awaited(db, add_site, name="one") == "one"
    with pytest.raises(IntegrityError):
        awaited(db, add_site, name="one")
    assert stored(db) == {"one"}


def test_a_write_that_is_awaited_in_vain_is_refused_and_not_stored(
    sqlite_settings: Settings, sqlite_db: Database
) -> None:
    told = pytest.raises(StorageBusy)
    with another_process_writes(sqlite_settings), lasting(turns.PATIENCE, at_least=4), told:
        awaited(sqlite_db, add_site, name="one")
    assert awaited(sqlite_db, add_site, name="two") == "two"
    assert stored(sqlite_db) == {"two"}


def test_a_write_that_is_being_committed_is_awaited_to_its_end(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a reader would be told that what is stored was not."""
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    event.listen(sqlite_db.engine, "commit", lambda _connection: let_pass(0.5))
    assert awaited(sqlite_db, add_site, name="slow") == "slow"
    assert stored(sqlite_db) == {"slow"}


def test_an_awaited_write_meets_a_full_queue_at_once(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUEUE_LENGTH", 1)
    db = open_database(sqlite_settings)
    with callers(2) as pool:
        with db.write() as other:
            other.connection()
            done = [pool.submit(db.intake, add_site, name="being stored")]
            wait_for(lambda: db.turns._waiting, "the writer has taken it and waits for its turn")
            done.append(pool.submit(db.intake, add_site, name="waiting"))
            wait_for(lambda: queued(db) == 1)
            with pytest.raises(StorageBusy):
                awaited(db, add_site, name="too many")
        assert [future.result() for future in done] == ["being stored", "waiting"]
    assert stored(db) == {"being stored", "waiting"}
    db.close()


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


def test_a_timeout_that_the_write_itself_met_is_told_as_it_is(sqlite_db: Database) -> None:
    """Kind: a caller that has waited in vain is one thing, an error of what it asked for another."""

    def too_slow(session: Session) -> None:
        add_site(session, "one")
        raise TimeoutError("the name server")

    with pytest.raises(TimeoutError, match="the name server"):
        sqlite_db.intake(too_slow)
    assert stored(sqlite_db) == set()


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
            wait_for(lambda: queued(sqlite_db) + 1 >= 1)
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
        "from tests.store.writes import add_site, stored\n"
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
