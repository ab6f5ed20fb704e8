"""Writers: what many readers send at once is stored in one transaction, each acknowledged when it is stored."""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from corrections_service.errors import StorageBusy
from corrections_service.store import trouble
from corrections_service.store.precedence import Precedence
from corrections_service.store.turns import IN_TURN, PATIENCE, Turns

Store = Callable[[Session, Sequence[Any]], Sequence[Any]]
"""Stores values at once; what it says of each, or why that one is refused."""

QUEUE_LENGTH, BATCH = 1000, 100
"""Writes that may wait for the writer, and that go into one transaction."""


@dataclass(eq=False)
class Write:
    """One write that waits for the writer: cancelled when its caller has gone, running while it is committed."""

    store: Store
    value: Any
    future: Future[Any]
    outcome: Any = None


class TakenApart(Exception):
    """A set of writes failed as a whole, and nothing of it is stored: each is tried alone."""


class Writer:
    """Stores what requests hand over, in threads of its own: what has queued up meanwhile goes into one transaction.

    Group commit: one wait for the disk serves all who wait (docs/decisions/0002).
    """

    def __init__(self, engine: Engine, precedence: Precedence, info: Mapping[Any, Any], *, threads: int = 1) -> None:
        self._engine = engine
        self._precedence = precedence
        self._info = info
        self._queue: queue.Queue[Write | None] = queue.Queue(QUEUE_LENGTH)
        self._guard = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._number = threads
        self._ending = False

    def run(self, store: Store, value: Any) -> Any:
        """Hand a write over and wait until it is stored. Raises StorageBusy, StorageFull, TakenApart."""
        future = self.hand_over(store, value)
        try:
            return future.result(PATIENCE)
        except TimeoutError:
            self.take_back(future)
        return future.result()

    def hand_over(self, store: Store, value: Any) -> Future[Any]:
        """Hand a write over; what comes of it will be in the future. Raises StorageBusy where too many wait."""
        self._start()
        future: Future[Any] = Future()
        try:
            self._queue.put_nowait(Write(store, value, future))
        except queue.Full:
            raise StorageBusy() from None
        return future

    def take_back(self, future: Future[Any]) -> None:
        """Wait no longer for what has waited too long, unless it is being committed. Raises StorageBusy: it is not stored."""
        with self._guard:
            has_gone = future.cancel()
        if has_gone:
            raise StorageBusy()

    def stop(self) -> None:
        """Store what waits, then end."""
        if not self._threads:
            return
        self._ending = True
        self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _start(self) -> None:
        """Start at the first write, so that the threads live in the process that writes, not in one it was forked from."""
        if self._are_there():
            return
        with self._guard:
            if not self._are_there():
                self._threads = [
                    threading.Thread(target=self._work, name="intake writer", daemon=True) for _ in range(self._number)
                ]
                for thread in self._threads:
                    thread.start()

    def _are_there(self) -> bool:
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while not (self._ending and self._queue.empty()):
            first = self._queue.get()
            waiting = [] if first is None else [first]
            while waiting := [write for write in waiting if not write.future.cancelled()]:
                waiting = self._store(waiting)
        self._queue.put(None)  # for the next, which waits as this one did

    def _store(self, writes: list[Write]) -> list[Write]:
        """Store these and what has queued up when it is their turn, in one transaction, and tell what became of each.

        Nobody is told before it is stored: also who is refused is so only because of what others stored. Returns what is
        left to do, which is all where a caller has gone meanwhile.
        """
        raise NotImplementedError

    def _gather(self, writes: list[Write]) -> None:
        """Add what has queued up meanwhile."""
        writes.extend(self._queued(BATCH - len(writes)))
        if len(writes) > 1:
            self._precedence.reports_queued()

    def _tell(self, writes: Sequence[Write]) -> None:
        """Let the callers go on, with what was stored or why it was not."""
        for write in writes:
            if isinstance(write.outcome, BaseException):
                self._fail(write, write.outcome)
            else:
                write.future.set_result(write.outcome)

    def _are_awaited(self, writes: Sequence[Write]) -> bool:
        """Whether every caller still waits; if so, none of them goes any more until the commit is done."""
        with self._guard:
            if any(write.future.cancelled() for write in writes):
                return False
            return all(write.future.set_running_or_notify_cancel() for write in writes)

    def _fail(self, write: Write, error: BaseException) -> None:
        """Let the caller go on with an error, unless it has gone or was told one."""
        with self._guard:
            if not write.future.done():
                write.future.set_exception(error)

    def _queued(self, most: int) -> list[Write]:
        writes: list[Write] = []
        with contextlib.suppress(queue.Empty):
            while len(writes) < most:
                write = self._queue.get_nowait()
                if write is not None and not write.future.cancelled():
                    writes.append(write)
        return writes


class SqliteWriter(Writer):
    """The one thread that stores reports in SQLite, in turn with the other writers of the process and ahead of them."""

    def __init__(self, engine: Engine, turns: Turns, precedence: Precedence, info: Mapping[Any, Any]) -> None:
        super().__init__(engine.execution_options(**{IN_TURN: True}), precedence, info)
        self._turns = turns

    def _store(self, writes: list[Write]) -> list[Write]:
        try:
            # Ahead of all others, for many readers wait for it; it yields, for when it gives its turn it does not wait.
            with (
                self._engine.connect() as connection,
                self._turns.taken(ahead=True),
                connection.begin() as transaction,
            ):
                self._gather(writes)
                for _, alike in itertools.groupby(writes, attrgetter("store")):
                    self._run(list(alike), connection)
                if not self._are_awaited(writes):
                    transaction.rollback()
                    return writes
        except Exception as error:
            failure = trouble.in_plain_words(error)
            if failure is not error:
                failure.__cause__ = error
            for write in writes:
                self._fail(write, failure)
            return []
        self._tell(writes)
        return []

    def _run(self, alike: Sequence[Write], connection: Connection) -> None:
        """Run writes of one function in a savepoint, each alone if that fails."""
        driver: Any = connection.connection.dbapi_connection
        info = dict(self._info)
        session = Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False, info=info)
        try:
            outcomes = alike[0].store(session, [write.value for write in alike])
            session.commit()
        except Exception as error:
            if not driver.in_transaction:  # SQLite itself has given up the whole transaction, disk full for one
                raise
            session.close()
            if len(alike) > 1:
                for write in alike:
                    self._run([write], connection)
                return
            outcomes = [trouble.in_plain_words(error)]
        session.close()
        for write, outcome in zip(alike, outcomes, strict=True):
            write.outcome = outcome


class PostgresqlWriter(Writer):
    """Stores reports in PostgreSQL, of each function those that wait as one set; where that fails, each caller stores its own.

    Its connections wait for no lock that others hold for long: a case that is held up then holds up its own reports alone.
    """

    def stop(self) -> None:
        """Store what waits, then end, and let go of its connections."""
        super().stop()
        self._engine.dispose()

    def _store(self, writes: list[Write]) -> list[Write]:
        self._gather(writes)
        rest: list[Write] = []
        for _, alike in itertools.groupby(writes, attrgetter("store")):
            rest += self._store_set(list(alike))
        return rest

    def _store_set(self, alike: list[Write]) -> list[Write]:
        """Store writes of one function; those that are left to do, as one of their callers has gone meanwhile."""
        try:
            info = dict(self._info)
            with Session(self._engine, expire_on_commit=False, info=info) as session, session.begin() as transaction:
                outcomes = alike[0].store(session, [write.value for write in alike])
                for write, outcome in zip(alike, outcomes, strict=True):
                    write.outcome = outcome
                if not self._are_awaited(alike):
                    transaction.rollback()
                    return alike
        except Exception as error:
            for write in alike:
                self._fail(write, TakenApart(type(error).__name__))
            return []
        self._tell(alike)
        return []
