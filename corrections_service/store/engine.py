"""Runs jobs in this process with DBOS: registered, scheduled, tried again, taken over from who died."""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from corrections_service.errors import CorrectionsError
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.jobs import (
    APPLICATION,
    CONCURRENCY,
    DEAD_AFTER,
    QUEUES,
    SCHEDULED,
    SCHEMA,
    STARTS,
    THREADS,
    TICK,
    VERSION,
    Schedule,
    client_of,
    enqueue,
    key_of,
    put_back,
    runs_of,
    worker_id,
)
from corrections_service.store.models import Worker, now
from corrections_service.store.turns import UNHURRIED

log = structlog.get_logger()

Job = Callable[..., None]

RETRIES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Seconds before each further try of a job that failed; then it is a dead letter."""

BEAT = 10.0
"""Seconds between two signs of life of a worker."""

STOP_WITHIN = 20
KEEP_RUNS, KEEP_TICKS = timedelta(days=3), timedelta(minutes=10)


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
        self._own: sa.Engine | None = None
        self._heard: dict[str, tuple[object, float]] = {}
        self._running, self._idle = set[str](), set[str]()

    def register(self, job: str, function: Job) -> None:
        """Say what runs when this job is enqueued: a function of ids that may be run again at any time."""
        self._jobs[job] = function

    def schedule(self, job: str, seconds: float, function: Job) -> None:
        """Run a function of nothing every so many seconds, once over all workers.

        While one run waits or is under way, no other is begun.
        """
        self.register(job, function)
        self._schedules.append(Schedule(job, seconds))

    def start(self) -> None:
        """Begin to run jobs; on SQLite with what a former process left unfinished."""
        from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

        self._beat()
        self._own = self._database.own_engine(pool_size=CONCURRENCY)
        DBOS.destroy(destroy_registry=True)
        config = DBOSConfig(
            name=APPLICATION,
            system_database_engine=self._own,
            dbos_system_schema=SCHEMA,
            application_version=VERSION,
            executor_id=worker_id(),
            serializer=DBOSPortableJSONSerializer(),
            log_level="ERROR",
            max_executor_threads=THREADS,
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

    def _wrapped(self, job: str, function: Job) -> Job:
        """The job as DBOS runs it: a failure becomes a later try of its own, so that no thread waits for it."""
        from dbos import DBOS

        def run(*args: int | str) -> None:
            id = DBOS.workflow_id or ""
            self._running.add(id)
            try:
                self._database.precedence.give_way()
                function(*args)
            except Exception as error:
                key, tried = key_of(id)
                log.warning("job failed", job=job, key=key, tried=tried, error=_fault(error))
                if id.startswith(TICK) or tried > len(RETRIES):
                    raise
                with self._database.write(patience=UNHURRIED) as session:
                    enqueue(session, job, f"{key}~{tried + 1}", *args, delay=RETRIES[tried - 1])
            finally:
                self._running.discard(id)

        run.__qualname__ = job
        return run

    def _keep_time(self) -> None:
        """Show signs of life, enqueue what is due, take over from the dead; whatever the database does, go on."""
        beat_at, tidy_at, slots = time.monotonic() + BEAT, time.monotonic() + 60, dict[str, int]()
        while not self._stopping.wait(min(1.0, self._dead_after / 10)):
            try:
                self._tick(slots)
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
                    log.error("job clock", error=_fault(error))

    def _tick(self, slots: dict[str, int]) -> None:
        """Enqueue the scheduled jobs whose time has come; `slots` remembers the last one of each."""
        for schedule in self._schedules:
            slot, tick = schedule.slot(time.time()), f"{TICK}{schedule.job}"
            if slots.get(schedule.job) != slot:
                with self._database.write() as session:
                    enqueue(session, schedule.job, f"{tick}:{slot}", alone=tick, queue=SCHEDULED)
                slots[schedule.job] = slot

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
        self._put_back_idle()

    def _put_back_idle(self) -> None:
        """Put back what this process took and does not run at two looks: the database went away between the two."""
        runs = runs_of(self._database)
        under_way = sa.select(runs.c.workflow_uuid).where(runs.c.status == "PENDING", runs.c.executor_id == worker_id())
        with self._database.read() as session:
            idle = set(session.scalars(under_way)) - self._running
        if again := idle & self._idle:
            with self._database.write() as session:
                put_back(session, worker_id(), again)
        self._idle = idle - again

    def _busy_workers(self) -> list[str]:
        """The other processes that have jobs under way, as far as the database knows."""
        runs = runs_of(self._database)
        query = sa.select(runs.c.executor_id).where(runs.c.status == "PENDING").distinct()
        with self._database.read() as session:
            return [worker for worker in session.scalars(query) if worker and worker != worker_id()]

    def _take_over(self, worker: str) -> None:
        """Put the jobs of a dead worker back; each keeps its count of starts, so that a poisonous one ends."""
        with self._database.write() as session:
            put_back(session, worker)
            session.execute(sa.delete(Worker).where(Worker.id == worker))
        self._heard.pop(worker, None)
        log.info("took over", worker=worker)

    def _tidy(self) -> None:
        """Forget runs that ended well long ago, and workers that are long gone."""
        client = client_of(self._database.engine)
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
                client.delete_workflows([run.workflow_id for run in old])
        with self._database.write() as session:
            session.execute(sa.delete(Worker).where(Worker.beat_at < now() - timedelta(days=1)))


def _fault(error: Exception) -> str:
    """What failed and where; not its message, which may hold what a reader wrote (P-24)."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {where.name}:{where.lineno}"
