"""The durable queue of background work: enqueue in a transaction, register, run, schedule; only this file knows DBOS."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Engine as SqlEngine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from corrections_service.errors import CorrectionsError, NotFound
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Worker, now

if TYPE_CHECKING:
    from dbos import DBOSClient

log = structlog.get_logger()

Job = Callable[..., None]

APPLICATION, QUEUE, SCHEDULED, SCHEMA = "corrections", "jobs", "scheduled", "dbos"
VERSION = "1"
"""Which jobs understand each other; DBOS's own default is a hash of the code, which strands jobs at each upgrade."""

CONCURRENCY, POLL = 8, 0.25
"""Jobs at once in one process, and seconds between looks: so at most 32 short jobs a second and process."""

SCHEDULED_CONCURRENCY, SCHEDULED_POLL = 4, 0.5
"""The same for scheduled jobs, which never wait behind the others: they send what those could not."""

QUEUES = ((QUEUE, CONCURRENCY, POLL), (SCHEDULED, SCHEDULED_CONCURRENCY, SCHEDULED_POLL))

RETRIES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Seconds before each further try of a job that failed; then it is a dead letter."""

STARTS = 3
"""How often a job may take its worker down with it, before it is a dead letter."""

BEAT, DEAD_AFTER = 10.0, 90.0
"""Seconds between two signs of life of a worker, and of silence after which its jobs are taken over."""

STOP_WITHIN = 20
KEEP_RUNS, KEEP_TICKS = timedelta(days=3), timedelta(minutes=10)
TICK = "tick:"
FAILED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


@dataclass(frozen=True)
class Failed:
    """A job that was given up: a dead letter."""

    id: str
    job: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Overview:
    """What background work there is; `oldest` is the age in seconds of what has waited longest, 0.0 for nothing."""

    waiting: int
    running: int
    later: int
    failed: list[Failed]
    oldest: float


@dataclass(frozen=True)
class Schedule:
    """A job that is due again and again: every so many seconds, or by a cron line (in UTC)."""

    job: str
    when: str | float

    def slot(self, at: float) -> int:
        """The last time it was due, in seconds since 1970."""
        if isinstance(self.when, str):
            from croniter import croniter

            return int(croniter(self.when, datetime.fromtimestamp(at, UTC)).get_prev(float))
        return int(at // self.when * self.when)


def enqueue(session: Session, job: str, key: str, *args: int | str, delay: float = 0) -> None:
    """Have a job run once for this key, `delay` seconds from now, if and only if the session's transaction commits."""
    _enqueue(session, job, key, args, delay=delay)


def worker_id() -> str:
    """The name of this process among the workers, another one after each start."""
    return _worker_id(os.getpid())


def living_workers(session: Session) -> list[str]:
    """The workers that were heard of lately."""
    return list(session.scalars(sa.select(Worker.id).where(Worker.beat_at > now() - timedelta(seconds=DEAD_AFTER))))


def create_tables(database: Database) -> None:
    """Bring the tables of background work to what this version of DBOS needs."""
    with _own_engine(database) as engine:
        client = _new_client(engine)
        client._sys_db.run_migrations()
        for queue, concurrency, poll in QUEUES:
            client.register_queue(queue, worker_concurrency=concurrency, polling_interval_sec=poll)


class Engine:
    """Runs jobs in this process; how many processes do so makes no difference to what is run."""

    def __init__(self, database: Database, settings: Settings, *, dead_after: float = DEAD_AFTER) -> None:
        self._database = database
        self._settings = settings
        self._dead_after = dead_after
        self._jobs: dict[str, Job] = {}
        self._schedules: list[Schedule] = []
        self._stopping = threading.Event()
        self._clock: threading.Thread | None = None
        self._own: SqlEngine | None = None
        self._heard: dict[str, tuple[object, float]] = {}

    def register(self, job: str, function: Job) -> None:
        """Say what runs when this job is enqueued: a function of ids that may be run again at any time."""
        self._jobs[job] = function

    def schedule(self, job: str, when: str | float, function: Job) -> None:
        """Run a function of nothing by a cron line or every so many seconds, once over all workers.

        While one run waits or is under way, no other is begun.
        """
        self.register(job, function)
        self._schedules.append(Schedule(job, when))

    def start(self) -> None:
        """Begin to run jobs; on SQLite with what a former process left unfinished."""
        from dbos import DBOS, DBOSConfig

        self._beat()
        self._own = self._database.own_engine(pool_size=CONCURRENCY)
        DBOS.destroy(destroy_registry=True)
        config = DBOSConfig(
            name=APPLICATION,
            system_database_engine=self._own,
            dbos_system_schema=SCHEMA,
            application_version=VERSION,
            executor_id=worker_id(),
            serializer=_json(),
            log_level="ERROR",
            max_executor_threads=CONCURRENCY + SCHEDULED_CONCURRENCY + 4,
            use_listen_notify=False,
            notification_listener_polling_interval_sec=1.0,
            scheduler_polling_interval_sec=3600.0,
            enable_otlp=False,
        )
        DBOS(config=config)
        for job, function in self._jobs.items():
            DBOS.workflow(name=job, max_recovery_attempts=STARTS)(self._wrapped(job, function))
        DBOS.launch()
        for queue, concurrency, poll in QUEUES:
            DBOS.register_queue(queue, worker_concurrency=concurrency, polling_interval_sec=poll)
        if self._database.is_sqlite:
            for worker in self._busy_workers():
                self._take_over(worker)
        self._stopping.clear()
        self._clock = threading.Thread(target=self._keep_time, name="job clock", daemon=True)
        self._clock.start()

    def stop(self) -> None:
        """Take on no more jobs and give those that run 20 seconds to finish; the rest run again elsewhere."""
        if self._clock is None:
            return
        from dbos import DBOS

        self._stopping.set()
        self._clock.join(timeout=STOP_WITHIN)
        self._clock = None
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=STOP_WITHIN)
        if self._own is not None:
            self._own.dispose()
        with contextlib.suppress(CorrectionsError), self._database.write() as session:
            session.execute(sa.delete(Worker).where(Worker.id == worker_id()))

    def overview(self) -> Overview:
        """What waits, runs, and was given up and why; runs of schedules are counted only when they fail."""
        runs = _runs(self._database)
        own = sa.and_(runs.c.queue_name == QUEUE, runs.c.workflow_uuid.not_like(f"{TICK}%"))
        counted = sa.select(runs.c.status, sa.func.count(), sa.func.min(runs.c.created_at)).where(own)
        active = counted.where(runs.c.status.in_(("ENQUEUED", "PENDING", "DELAYED"))).group_by(runs.c.status)
        with self._database.read() as session:
            found = {status: (int(count), first) for status, count, first in session.execute(active)}
        nothing = (0, None)
        waiting, first = found.get("ENQUEUED", nothing)
        return Overview(
            waiting=waiting,
            running=found.get("PENDING", nothing)[0],
            later=found.get("DELAYED", nothing)[0],
            failed=self._failed(),
            oldest=max(0.0, time.time() - first / 1000) if first is not None else 0.0,
        )

    def retry(self, id: str) -> None:
        """Run a dead letter once more, from the beginning. Raises NotFound."""
        client = _client(self._database.engine)
        found = client.list_workflows(workflow_ids=[id], status=list(FAILED), load_output=False)
        if not found:
            raise NotFound()
        args = tuple((found[0].input or {"args": ()})["args"])
        with self._database.write() as session:
            _enqueue(session, found[0].name, f"{_key(id)[0]}~again-{secrets.token_hex(4)}", args)
        client.delete_workflow(id)

    def _failed(self) -> list[Failed]:
        client = _client(self._database.engine)
        rows = client.list_workflows(status=list(FAILED), sort_desc=True, limit=100, load_input=False)
        return [
            Failed(
                id=row.workflow_id,
                job=row.name,
                reason=str(row.error) if row.error else f"it took its worker down {STARTS} times",
                at=datetime.fromtimestamp((row.updated_at or 0) / 1000, UTC),
            )
            for row in rows
        ]

    def _wrapped(self, job: str, function: Job) -> Job:
        """The job as DBOS runs it: a failure becomes a later try of its own, so that no thread waits for it."""
        from dbos import DBOS

        def run(*args: int | str) -> None:
            try:
                function(*args)
            except Exception as error:
                id = DBOS.workflow_id or ""
                key, tried = _key(id)
                log.warning("job failed", job=job, key=key, tried=tried, error=_place(error))
                if id.startswith(TICK) or tried > len(RETRIES):
                    raise
                with self._database.write() as session:
                    _enqueue(session, job, f"{key}~{tried + 1}", args, delay=RETRIES[tried - 1])

        run.__qualname__ = job
        return run

    def _keep_time(self) -> None:
        """Show signs of life, enqueue what is due, take over from the dead; whatever the database does, go on."""
        beat_at, tidy_at, done = time.monotonic() + BEAT, time.monotonic() + 60, dict[str, int]()
        while not self._stopping.wait(min(1.0, self._dead_after / 10)):
            try:
                self._tick(done)
                if time.monotonic() >= min(beat_at, beat_at - BEAT + self._dead_after / 9):
                    self._beat()
                    self._watch()
                    beat_at = time.monotonic() + BEAT
                if time.monotonic() >= tidy_at:
                    tidy_at = time.monotonic() + 60
                    self._tidy()
            except Exception as error:
                # Who was silent while nobody could be heard is not dead.
                self._heard.clear()
                if not isinstance(error, CorrectionsError | SQLAlchemyError):
                    log.error("job clock", error=_place(error))

    def _tick(self, done: dict[str, int]) -> None:
        """Enqueue the scheduled jobs whose time has come; `done` remembers the last slot of each."""
        for schedule in self._schedules:
            slot = schedule.slot(time.time())
            if done.get(schedule.job) != slot:
                with self._database.write() as session:
                    _enqueue(session, schedule.job, f"{TICK}{schedule.job}:{slot}", (), alone=True)
                done[schedule.job] = slot

    def _beat(self) -> None:
        with self._database.write() as session:
            session.merge(Worker(id=worker_id(), beat_at=now()))

    def _watch(self) -> None:
        """Take over the jobs of workers that gave no sign of life while this one was listening.

        Only what was heard here counts, by this process's own clock: after an outage all get the whole time again.
        """
        with self._database.read() as session:
            beats = {worker.id: worker.beat_at for worker in session.execute(sa.select(Worker.id, Worker.beat_at))}
        silent = set(self._busy_workers())
        self._heard = {worker: heard for worker, heard in self._heard.items() if worker in silent}
        for worker in silent:
            beat, since = self._heard.setdefault(worker, (beats.get(worker), time.monotonic()))
            if beat != beats.get(worker):
                self._heard[worker] = (beats.get(worker), time.monotonic())
            elif time.monotonic() - since > self._dead_after:
                self._take_over(worker)

    def _busy_workers(self) -> list[str]:
        """The other processes that have jobs under way, as far as the database knows."""
        runs = _runs(self._database)
        query = sa.select(runs.c.executor_id).where(runs.c.status == "PENDING").distinct()
        with self._database.read() as session:
            return [worker for worker in session.scalars(query) if worker and worker != worker_id()]

    def _take_over(self, worker: str) -> None:
        """Put the jobs of a dead worker back; each keeps its count of starts, so that a poisonous one ends."""
        from dbos import DBOS

        DBOS._recover_pending_workflows([worker])
        with self._database.write() as session:
            session.execute(sa.delete(Worker).where(Worker.id == worker))
        self._heard.pop(worker, None)
        log.info("took over", worker=worker)

    def _tidy(self) -> None:
        """Forget runs that ended well long ago, and workers that are long gone."""
        client = _client(self._database.engine)
        for prefix, keep in ((TICK, KEEP_TICKS), (None, KEEP_RUNS)):
            old = client.list_workflows(
                status="SUCCESS",
                workflow_id_prefix=prefix,
                end_time=(now() - keep).isoformat(),
                limit=1000,
                load_input=False,
                load_output=False,
            )
            if old:
                client.delete_workflows([one.workflow_id for one in old])
        with self._database.write() as session:
            session.execute(sa.delete(Worker).where(Worker.beat_at < now() - timedelta(days=1)))


def _enqueue(
    session: Session,
    job: str,
    key: str,
    args: tuple[int | str, ...],
    *,
    delay: float = 0,
    alone: bool = False,
) -> None:
    """Add the two rows that DBOS's own enqueue adds (a test compares them), for a third of its time.

    It builds and compiles its statements anew each time, and importing it takes web processes a second.
    """
    at = int(time.time() * 1000)
    run, given = _INSERTS[session.get_bind().dialect.name]
    values = {
        "id": key,
        "job": job,
        "status": "DELAYED" if delay > 0 else "ENQUEUED",
        "at": at,
        "due": at + int(delay * 1000) if delay > 0 else None,
        "alone": f"{TICK}{job}" if alone else None,
        "queue": SCHEDULED if alone else QUEUE,
    }
    connection = session.connection()
    if connection.execute(run, values).rowcount:
        inputs = json.dumps({"namedArgs": {}, "positionalArgs": args}, separators=(",", ":"))
        connection.execute(given, {"id": key, "inputs": inputs})


def _inserts(schema: str) -> tuple[sa.TextClause, sa.TextClause]:
    run = f"""INSERT INTO {schema}workflow_status (workflow_uuid, name, status, created_at, updated_at,
        delay_until_epoch_ms, deduplication_id, queue_name, application_name, application_version, serialization,
        priority, recovery_attempts, creator_xid)
        VALUES (:id, :job, :status, :at, :at, :due, :alone, :queue, '{APPLICATION}', '{VERSION}', 'portable_json',
        0, 0, :id) ON CONFLICT DO NOTHING"""  # noqa: S608 - names of ours
    given = f"INSERT INTO {schema}workflow_input (workflow_uuid, inputs) VALUES (:id, :inputs) ON CONFLICT DO NOTHING"  # noqa: S608
    return sa.text(run), sa.text(given)


_INSERTS = {"sqlite": _inserts(""), "postgresql": _inserts(f"{SCHEMA}.")}


def _place(error: Exception) -> str:
    """What failed and where; not its message, which may hold what a reader wrote (P-24)."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {where.name}:{where.lineno}"


def _key(id: str) -> tuple[str, int]:
    """The key of a job and which try this run of it is, from 1."""
    key, mark, tried = id.rpartition("~")
    return (key, int(tried)) if mark and tried.isdigit() else (id, 1)


@functools.lru_cache(maxsize=4)
def _client(engine: SqlEngine) -> DBOSClient:
    return _new_client(engine)


def _new_client(engine: SqlEngine) -> DBOSClient:
    """DBOS's way to enqueue and list without running anything; it opens no connection of its own."""
    from dbos import DBOSClient

    return DBOSClient(
        system_database_engine=engine,
        dbos_system_schema=SCHEMA,
        serializer=_json(),
        application_name=APPLICATION,
        lazy=True,
        use_listen_notify=False,
        retry_connection_errors=False,
    )


def _json() -> Any:
    from dbos._serialization import DBOSPortableJSON

    return DBOSPortableJSON


@contextlib.contextmanager
def _own_engine(database: Database) -> Iterator[SqlEngine]:
    engine = database.own_engine(pool_size=2, unhurried=True)
    try:
        yield engine
    finally:
        engine.dispose()


def _runs(database: Database) -> sa.TableClause:
    """DBOS's table of jobs, where its own functions have no question as cheap as ours."""
    columns = ("workflow_uuid", "status", "executor_id", "queue_name", "created_at")
    return sa.table("workflow_status", *map(sa.column, columns), schema=None if database.is_sqlite else SCHEMA)


@functools.cache
def _worker_id(process: int) -> str:
    return f"{process}-{secrets.token_hex(8)}"
