"""The SQLite writer: what many readers send at once is stored in one transaction, each acknowledged when it is stored."""

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
    stored: Future[Any]
    result: Any = None


class Writer:
    """The one thread that stores reports in SQLite: what has queued up meanwhile goes into one transaction.

    Group commit; measured in benchmarks/queue.py's neighbour intake: one fsync serves all who wait.
    """

    def __init__(self, engine: Engine, turns: Turns, precedence: Precedence, info: Mapping[Any, Any]) -> None:
        self._engine = engine.execution_options(**{IN_TURN: True})
        self._turns = turns
        self._precedence = precedence
        self._info = info
        self._queue: queue.Queue[Write | None] = queue.Queue(QUEUE_LENGTH)
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ending = False

    def run(self, store: Store, value: Any) -> Any:
        """Hand a write to the writer and wait until it is stored. Raises StorageBusy, StorageFull."""
        self._start()
        stored: Future[Any] = Future()
        try:
            self._queue.put_nowait(Write(store, value, stored))
        except queue.Full:
            raise StorageBusy() from None
        try:
            return stored.result(PATIENCE)
        except TimeoutError:
            with self._guard:
                has_gone = stored.cancel()  # which is refused once it is being committed
        if has_gone:
            raise StorageBusy()
        return stored.result()

    def stop(self) -> None:
        """Store what waits, then end."""
        if self._thread is not None:
            self._ending = True
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _start(self) -> None:
        """Start at the first write, so that the thread lives in the process that writes, not in one it was forked from."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._guard:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="intake writer", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while not (self._ending and self._queue.empty()):
            first = self._queue.get()
            waiting = [] if first is None else [first]
            while waiting := [write for write in waiting if not write.stored.cancelled()]:
                waiting = self._store(waiting)

    def _store(self, writes: list[Write]) -> list[Write]:
        """Store these and what has queued up when it is their turn, in one transaction.

        Returns what is left to do, which is all but one whose caller has gone meanwhile.
        """
        try:
            # Ahead of all others, for many readers wait for it; it yields, for when it gives its turn it does not wait.
            with (
                self._engine.connect() as connection,
                self._turns.taken(ahead=True),
                connection.begin() as transaction,
            ):
                writes.extend(self._queued(BATCH - len(writes)))
                if len(writes) > 1:
                    self._precedence.reports_queued()
                sets = [list(alike) for _, alike in itertools.groupby(writes, attrgetter("store"))]
                kept = [write for alike in sets for write in self._run(alike, connection)]
                if not self._are_awaited(kept):
                    transaction.rollback()
                    return kept
        except Exception as error:
            told = trouble.in_plain_words(error)
            if told is not error:
                told.__cause__ = error
            for write in writes:
                self._fail(write, told)
            return []
        for write in kept:
            write.stored.set_result(write.result)
        return []

    def _run(self, alike: Sequence[Write], connection: Connection) -> list[Write]:
        """Run writes of one function in a savepoint, each alone if that fails; those that wait for the commit."""
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
                return [kept for write in alike for kept in self._run([write], connection)]
            outcomes = [trouble.in_plain_words(error)]
        session.close()
        kept = []
        for write, outcome in zip(alike, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                self._fail(write, outcome)
            else:
                write.result = outcome
                kept.append(write)
        return kept

    def _are_awaited(self, writes: Sequence[Write]) -> bool:
        """Whether every caller still waits; if so, none of them goes any more until the commit is done."""
        with self._guard:
            if any(write.stored.cancelled() for write in writes):
                return False
            return all(write.stored.set_running_or_notify_cancel() for write in writes)

    def _fail(self, write: Write, error: BaseException) -> None:
        """Let the caller go on with an error, unless it has gone or was told one."""
        with self._guard:
            if not write.stored.done():
                write.stored.set_exception(error)

    def _queued(self, most: int) -> list[Write]:
        found: list[Write] = []
        with contextlib.suppress(queue.Empty):
            while len(found) < most:
                write = self._queue.get_nowait()
                if write is not None and not write.stored.cancelled():
                    found.append(write)
        return found
