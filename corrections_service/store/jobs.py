"""Jobs as rows of DBOS's tables: enqueued in a transaction, counted, given up and asked for again; and who works at them."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Engine as SqlEngine
from sqlalchemy.orm import Session

from corrections_service.errors import NotFound
from corrections_service.store.database import PROCESS, Database
from corrections_service.store.models import Worker, now

if TYPE_CHECKING:
    from dbos import DBOSClient

APPLICATION, QUEUE, SCHEDULED, CALLS, SCHEMA = "corrections", "jobs", "scheduled", "calls", "dbos"
VERSION = "1"
"""Which jobs understand each other; DBOS's own default is a hash of the code, which strands jobs at each upgrade."""

CONCURRENCY, POLL = 8, 0.25
"""Jobs at once in one process, and seconds between looks: so at most 32 short jobs a second and process."""

SCHEDULED_CONCURRENCY, SCHEDULED_POLL = 4, 0.5
"""The same for scheduled jobs, which never wait behind the others: they send what those could not."""

CALLS_CONCURRENCY, CALLS_POLL = 8, 1.0
"""The same for calls of other programs, which keep nobody waiting but each other when they hang."""

THREADS = CONCURRENCY + SCHEDULED_CONCURRENCY + CALLS_CONCURRENCY + 4

QUEUES = (
    (QUEUE, CONCURRENCY, POLL),
    (SCHEDULED, SCHEDULED_CONCURRENCY, SCHEDULED_POLL),
    (CALLS, CALLS_CONCURRENCY, CALLS_POLL),
)

STARTS = 3
"""How often a job may take its worker down with it, before it is a dead letter."""

DEAD_AFTER = 90.0
"""Seconds of silence after which a worker's jobs are taken over."""

TICK, WAKE = "tick:", "wake:"
"""How the keys of runs of schedules begin, and of those that come sooner."""

_under_way: set[str] = set()
"""The runs of this process that are under way and may have taken rows."""

FAILED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


@dataclass(frozen=True)
class Schedule:
    """A job that is due again and again, every so many seconds."""

    job: str
    seconds: float

    def slot(self, at: float) -> int:
        """The last time it was due, in seconds since 1970."""
        return int(at // self.seconds * self.seconds)


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


def enqueue(
    session: Session, job: str, key: str, *args: int | str, delay: float = 0, alone: str = "", queue: str = QUEUE
) -> bool:
    """Have a job run once for this key, `delay` seconds from now, if and only if the session's transaction commits.

    False where it was there already. `alone`: not while another of that name waits in the queue or is under way. It adds
    the two rows that DBOS's own enqueue adds (a test compares them), for a third of its time: that one builds and compiles
    its statements anew each time, and importing it takes web processes a second.
    """
    at = int(time.time() * 1000)
    insert_run, insert_inputs = _INSERTS[session.get_bind().dialect.name]
    values = {
        "id": key,
        "job": job,
        "status": "DELAYED" if delay > 0 else "ENQUEUED",
        "at": at,
        "due": at + int(delay * 1000) if delay > 0 else None,
        "alone": alone or None,
        "queue": queue,
    }
    connection = session.connection()
    if not connection.execute(insert_run, values).rowcount:
        return False
    inputs = json.dumps({"namedArgs": {}, "positionalArgs": args}, separators=(",", ":"))
    connection.execute(insert_inputs, {"id": key, "inputs": inputs})
    return True


def wake(session: Session, job: str, delay: float = 0) -> None:
    """Have a scheduled job run within a second after `delay` seconds, and not when its schedule says; only a hint.

    The rows say what is owed, so losing it loses nothing. Who asks within one second shares one run at its end, by which
    they have all been stored.
    """
    at = time.time()
    end = int(at + delay) + 1
    woken: dict[str, int] = session.info.get("woken", {})
    if woken.get(job) != end and not enqueue(session, job, f"{WAKE}{job}:{end}", delay=end - at):
        woken[job] = end


def hasten(session: Session, job: str) -> bool:
    """Have a scheduled job run at once; only a hint. False where a run of it waits already, or is under way."""
    tick = f"{TICK}{job}"
    return enqueue(session, job, f"{tick}:{time.time()}", alone=tick, queue=SCHEDULED)


def put_back(session: Session, worker: str, ids: Collection[str] | None = None) -> None:
    """Give the jobs that a dead worker had under way to those that live, each with its count of starts; or these alone.

    As DBOS gives a restarted worker its own (a test compares them); of another worker's death it does not know.
    """
    runs = _runs(session.get_bind().dialect.name)
    back = {"status": "ENQUEUED", "owner_xid": None, "started_at_epoch_ms": None, "updated_at": int(time.time() * 1000)}
    condition = sa.and_(runs.c.status == "PENDING", runs.c.executor_id == worker)
    if ids is not None:
        condition = sa.and_(condition, runs.c.workflow_uuid.in_(ids))
    session.execute(sa.update(runs).where(condition).values(**back))


def _inserts(schema: str) -> tuple[sa.TextClause, sa.TextClause]:
    run = f"""INSERT INTO {schema}workflow_status (workflow_uuid, name, status, created_at, updated_at,
        delay_until_epoch_ms, deduplication_id, queue_name, application_name, application_version, serialization,
        priority, recovery_attempts, creator_xid)
        VALUES (:id, :job, :status, :at, :at, :due, :alone, :queue, '{APPLICATION}', '{VERSION}', 'portable_json',
        0, 0, :id) ON CONFLICT DO NOTHING"""  # noqa: S608 - names of ours
    inputs = f"INSERT INTO {schema}workflow_input (workflow_uuid, inputs) VALUES (:id, :inputs) ON CONFLICT DO NOTHING"  # noqa: S608
    return sa.text(run), sa.text(inputs)


_INSERTS = {"sqlite": _inserts(""), "postgresql": _inserts(f"{SCHEMA}.")}


def worker_id() -> str:
    """The name of this process among the workers, another one after each start."""
    return _worker_id(os.getpid())


def living_workers(session: Session) -> list[str]:
    """The workers that were heard of lately."""
    return list(session.scalars(sa.select(Worker.id).where(Worker.beat_at > now() - timedelta(seconds=DEAD_AFTER))))


def other_processes(session: Session) -> int:
    """How many processes of this service besides this one have connections to its PostgreSQL database, web replicas too."""
    query = """
        SELECT count(DISTINCT (client_addr, application_name)) FROM pg_stat_activity
        WHERE datname = current_database() AND starts_with(application_name, :name)
        AND application_name <> current_setting('application_name')
    """
    return int(session.scalar(sa.text(query), {"name": f"{PROCESS} "}) or 0)


@contextlib.contextmanager
def run() -> Iterator[str]:
    """A name for one run of a job, to take rows with: as long as it runs, `at_work` says so."""
    name = f"{worker_id()}/{secrets.token_hex(4)}"
    _under_way.add(name)
    try:
        yield name
    finally:
        _under_way.discard(name)


def at_work(session: Session) -> list[str]:
    """How the names of all runs begin that may be under way: other workers that live, and those of this process that run."""
    return [*(worker for worker in living_workers(session) if worker != worker_id()), *_under_way]


def create_tables(database: Database) -> None:
    """Bring the tables of background work to what this version of DBOS needs."""
    with _own_engine(database) as engine:
        client = _new_client(engine)
        # DBOS.migrate, which is public, would make them for LISTEN and NOTIFY, and that may never change afterwards.
        client._sys_db.run_migrations()
        for queue, concurrency, poll in QUEUES:
            client.register_queue(queue, worker_concurrency=concurrency, polling_interval_sec=poll)


def overview(database: Database) -> Overview:
    """What waits, runs, and was given up and why; runs of schedules are counted only when they fail."""
    runs = runs_of(database)
    is_job = sa.and_(runs.c.queue_name == QUEUE, runs.c.workflow_uuid.not_like(f"{TICK}%"))
    counts = sa.select(runs.c.status, sa.func.count(), sa.func.min(runs.c.created_at)).where(is_job)
    active = counts.where(runs.c.status.in_(("ENQUEUED", "PENDING", "DELAYED"))).group_by(runs.c.status)
    with database.read() as session:
        by_status = {status: (int(count), first) for status, count, first in session.execute(active)}
    nothing = (0, None)
    waiting, first = by_status.get("ENQUEUED", nothing)
    return Overview(
        waiting=waiting,
        running=by_status.get("PENDING", nothing)[0],
        later=by_status.get("DELAYED", nothing)[0],
        failed=_failed(database),
        oldest=max(0.0, time.time() - first / 1000) if first is not None else 0.0,
    )


def retry(database: Database, id: str) -> None:
    """Run a dead letter once more, from the beginning. Raises NotFound."""
    if not id.isprintable():  # PostgreSQL takes no NUL, and no job is called so
        raise NotFound()
    client = client_of(database.engine)
    runs = client.list_workflows(workflow_ids=[id], status=list(FAILED), load_output=False)
    if not runs:
        raise NotFound()
    args = tuple((runs[0].input or {"args": ()})["args"])
    with database.write() as session:
        enqueue(session, runs[0].name, f"{key_of(id)[0]}~again-{secrets.token_hex(4)}", *args)
    client.delete_workflow(id)


def _failed(database: Database) -> list[Failed]:
    client = client_of(database.engine)
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


def key_of(id: str) -> tuple[str, int]:
    """The key of a job and which try this run of it is, from 1."""
    key, mark, tried = id.rpartition("~")
    return (key, int(tried)) if mark and tried.isdigit() else (id, 1)


@contextlib.contextmanager
def _own_engine(database: Database) -> Iterator[SqlEngine]:
    engine = database.own_engine(pool_size=2, unhurried=True)
    try:
        yield engine
    finally:
        engine.dispose()


@functools.lru_cache(maxsize=4)
def client_of(engine: SqlEngine) -> DBOSClient:
    return _new_client(engine)


def _new_client(engine: SqlEngine) -> DBOSClient:
    """DBOS's way to enqueue and list without running anything; it opens no connection of its own."""
    from dbos import DBOSClient, DBOSPortableJSONSerializer

    return DBOSClient(
        system_database_engine=engine,
        dbos_system_schema=SCHEMA,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        lazy=True,
        use_listen_notify=False,
        retry_connection_errors=False,
    )


def runs_of(database: Database) -> sa.TableClause:
    """DBOS's table of jobs, where its own functions have no question as cheap as ours."""
    return _runs(database.url.get_backend_name())


def _runs(dialect: str) -> sa.TableClause:
    columns = ("workflow_uuid", "status", "executor_id", "queue_name", "created_at")
    dispatched = ("updated_at", "owner_xid", "started_at_epoch_ms")
    schema = None if dialect == "sqlite" else SCHEMA
    return sa.table("workflow_status", *map(sa.column, (*columns, *dispatched)), schema=schema)


@functools.cache
def _worker_id(process: int) -> str:
    return f"{process}-{secrets.token_hex(8)}"
