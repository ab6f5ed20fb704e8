"""Turns: who may write to the SQLite file next. SQLite itself lets waiting writers poll, and a busy one starves others."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from corrections_service.errors import StorageBusy
from corrections_service.store import trouble

PATIENCE = 5.0
"""Seconds that a write waits for the database before it is refused."""

UNHURRIED = 30.0
"""Seconds that background work waits for its turn."""

IN_TURN = "in_turn"
"""The option of connections whose turn is taken and given by who uses them."""

PATIENCE_OPTION = "patience"
"""The option of connections that wait longer, or shorter, for their turn than others do."""


class Turns:
    """Who may write to the SQLite file next, in the order of asking."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False
        self.until = 0.0
        """Until when the one whose turn it is waits for other processes, by the monotonic clock."""

    def take(self, patience: float = PATIENCE, *, ahead: bool = False) -> None:
        """Wait for the turn, `ahead` of all who wait. Raises StorageBusy after `patience` seconds."""
        until = time.monotonic() + patience
        self._wait(patience, ahead=ahead)
        self.until = until

    def give(self) -> None:
        """Hand the turn to who has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    @contextlib.contextmanager
    def taken(self, *, ahead: bool = False) -> Iterator[None]:
        """Have the turn, and give it in the end, whatever happens. Raises StorageBusy."""
        self.take(ahead=ahead)
        try:
            yield
        finally:
            self.give()

    def _wait(self, patience: float, *, ahead: bool) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            lock = threading.Lock()
            lock.acquire()
            (self._waiting.appendleft if ahead else self._waiting.append)(lock)
        if lock.acquire(timeout=patience):
            return
        with self._guard:
            if lock in self._waiting:
                self._waiting.remove(lock)
                raise StorageBusy()


def take_turns_at_begin(engine: Engine, turns: Turns) -> None:
    """Let each transaction wait for its turn, then for other processes, and hold the write lock from its beginning."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(IN_TURN):
            turns.take(options.get(PATIENCE_OPTION, PATIENCE))
            connection.info["turn"] = True
        while True:  # short waits in a row: SQLite's own grow to 100 ms and miss the gaps of a busy writer
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except DBAPIError as error:
                if not trouble.is_locked(error.orig) or time.monotonic() > turns.until:
                    raise

    _give_turn_at_end(engine, turns)


def take_turns_at_first_change(engine: Engine, turns: Turns) -> None:
    """Let each transaction wait for its turn when it first changes something, which is when the driver begins it."""

    @event.listens_for(engine, "before_cursor_execute")
    def before(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        is_change = statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE")
        if is_change and not connection.info.get("turn"):
            turns.take(UNHURRIED)
            connection.info["turn"] = True

    _give_turn_at_end(engine, turns)


def _give_turn_at_end(engine: Engine, turns: Turns) -> None:
    def give(info: dict[Any, Any]) -> None:
        if info.pop("turn", False):
            turns.give()

    event.listen(engine.pool, "checkin", lambda _connection, record: give(record.info))
