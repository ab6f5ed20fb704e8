"""A worker process for tests: runs the engine on a database and writes what its jobs did into a file."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from corrections_service.store.database import hold_lock, open_database
from corrections_service.store.engine import Engine
from corrections_service.store.jobs import worker_id
from tests.databases import settings_for
from tests.measures import let_pass


def work(data_dir: Path, notes: Path, database_url: str, dead_after: float) -> None:
    """Run until SIGTERM, then stop cleanly."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    settings = settings_for(data_dir, database_url)
    lock = hold_lock(settings, patience=5)
    database = open_database(settings)
    engine = Engine(database, settings, dead_after=dead_after)

    def note(*words: object) -> None:
        with notes.open("a") as file:
            file.write(" ".join(map(str, words)) + "\n")

    def slow(number: int, seconds: int) -> None:
        note("begin", number, worker_id())
        let_pass(seconds)
        note("end", number, worker_id())

    def poison(number: int) -> None:
        note("poison", number)
        os.kill(os.getpid(), signal.SIGKILL)

    engine.register("quick", lambda number: note("quick", number))
    engine.register("slow", slow)
    engine.register("poison", poison)
    engine.schedule("tick", 1, lambda: note("tick", worker_id()))
    engine.start()
    note("ready", worker_id())
    stopping.wait()
    engine.stop()
    database.close()
    note("stopped", worker_id())
    if lock is not None:
        lock.close()
