"""What one report costs: the constants of the model in `benchmarks/scaling.py`, and `python -m benchmarks.costs` to measure
them anew, on SQLite or with `--database postgresql://…/empty` on a server of this machine."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.load import ARTICLES, ORIGIN, QUOTES, report, show
from corrections_service.demo import seed
from corrections_service.services import intake, sites
from corrections_service.services.intake import Received
from corrections_service.services.reports import Arrival
from corrections_service.settings import Settings
from corrections_service.store import search
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import Site

SET, EVERY_QUOTE = 16, ARTICLES * QUOTES

WORDS_AROUND = 40
"""More on each side of a quote, which has about 300 characters there then, as a browser sends them."""


@dataclass(frozen=True)
class Costs:
    """Seconds of one processor, seconds of waiting, and bytes, on one database."""

    web: float
    """The web part of a report: taken in, judged, answered."""
    alone: float
    """Storing one by itself, in our process."""
    in_set: float
    """Storing one of 16 that are stored together, in our process."""
    commit: float
    """Waiting for the disk at a commit."""
    bytes: float
    """On disk, for good: rows and indexes."""
    index: float
    """Taking a report into the search index, later."""
    round_trips: int = 0
    """Questions to the database server that a set waits for, one after the other."""
    network: float = 0.0
    """On the way to the database server and back."""
    server_alone: float = 0.0
    """Storing one by itself, in the database server."""
    server_in_set: float = 0.0
    """Storing one of 16 that are stored together, in the database server."""
    log_bytes: float = 0.0
    """Of write-ahead log, which replicas and archives carry."""

    def storing(self, number: int) -> float:
        """Seconds of our process for so many reports that are stored together."""
        return _line(self.alone, self.in_set, number)

    def serving(self, number: int) -> float:
        """Seconds of the database server for the same."""
        return _line(self.server_alone, self.server_in_set, number)


AROUND_A_SET = 3
"""Questions besides its statements: is the connection alive, begin, commit."""

# All on one machine with two cores. Web: the web part alone, in the process. Alone, in_set: computing in the process, with
# 10,000 known errors and three new ones in ten. Commit: the bare durable route stores 509 a second, so at most this.
# Bytes, index, round trips, log, and how much the server computes beside ours: by this file.
SQLITE = Costs(web=0.0005, alone=0.007, in_set=0.0015, commit=0.002, bytes=2000, index=0.0002)

POSTGRESQL = Costs(
    web=0.0005,
    alone=0.007,
    in_set=0.0015,
    commit=0.002,
    bytes=2200,
    index=0.0003,
    round_trips=17 + AROUND_A_SET,
    network=0.0005,  # no measurement: two machines in one building
    server_alone=0.003,
    server_in_set=0.0007,
    log_bytes=8400,
)


def measure(address: str = "", *, sets: int = 100, known: int = EVERY_QUOTE, total: int = 20_000) -> dict[str, object]:
    """The costs of storing on this database, alone and in sets of several sizes; it must be empty."""
    with _database(address) as (database, site):
        waiting = _received(site, known)
        for _ in range(known // 100):
            _store(database, [next(waiting) for _ in range(100)])
        search.catch_up(database, 100)
        figures: dict[str, object] = {}
        size, log, stored = _size(database), _log(database), 0
        for number in (1, SET, 4 * SET):
            taken = [_store(database, [next(waiting) for _ in range(number)]) for _ in range(sets)]
            stored += sets * number
            for name in ("ours", "server", "commit"):
                figures[f"set_of_{number}_{name}_ms"] = median(one[name] for one in taken) * 1000
            figures[f"set_of_{number}_statements"] = median(one["statements"] for one in taken)
        began = time.process_time()
        search.catch_up(database, 100)
        figures["index_ms"] = (time.process_time() - began) / stored * 1000
        figures["log_bytes"] = (_log(database) - log) / stored
        figures["bytes_of_intake"] = (_size(database) - size) / stored
    with _database("") as (database, _):
        size = _size(database)
        for _ in seed.fill(database, total):
            pass
        figures["sqlite_bytes_of_seed"] = (_size(database) - size) / total
    return figures


def _line(alone: float, in_set: float, number: int) -> float:
    """What so many cost, where what one costs by itself and in a set of 16 are two points of a line."""
    each = (SET * in_set - alone) / (SET - 1)
    return alone + each * (number - 1)


@contextmanager
def _database(address: str) -> Iterator[tuple[Database, Site]]:
    """An empty database, with a publication."""
    with tempfile.TemporaryDirectory() as directory:
        config = Settings(data_dir=Path(directory), database_url=address, secret_key="s" * 32)
        database = open_database(config)
        database.migrate()
        with database.write() as session:
            site = sites.create(session, name="News", origins=[ORIGIN], desk="desk@news.example")
        yield database, site
        database.close()


def _received(site: Site, known: int) -> Iterator[Received]:
    """Reports as they come in: first so many of known errors, then three new ones in ten."""
    number = 0
    while True:
        values = report(site.key, number, known=number < known)
        around = seed.sentence(random.Random(values["exact"]), WORDS_AROUND)
        values |= {"prefix": f"{around} {values['prefix']}", "suffix": f"{values['suffix']} {around}"}
        block = f"10.{number // 250 % 250}.{number % 250}.0/24"
        yield Received(Arrival(site, intake.checked(values, site), block), "120/minute", "s" * 32)
        number += 1


def _store(database: Database, received: Sequence[Received]) -> dict[str, float]:
    """Store a set as the writers do; what that took: ours, the server's, the wait for the commit, statements."""
    statements: list[object] = []

    def note(_connection: object, _cursor: object, statement: object, *_rest: object) -> None:
        statements.append(statement)

    with Session(database.engine, info=dict(database.info)) as session:
        serving = _serving(session)
        sa.event.listen(session.connection(), "before_cursor_execute", note)
        began, server = time.thread_time(), serving()
        intake.receive(session, received)
        computed, committing = time.thread_time(), time.perf_counter()
        session.commit()
        waited = time.perf_counter() - committing - (time.thread_time() - computed)
        ours = time.thread_time() - began
        return {"ours": ours, "server": serving() - server, "commit": waited, "statements": len(statements)}


def _serving(session: Session) -> Callable[[], float]:
    """Tells how long this connection's process of the database server has computed; nothing on SQLite."""
    if session.get_bind().dialect.name == "sqlite":
        return lambda: 0.0
    schedule = Path(f"/proc/{session.scalar(sa.func.pg_backend_pid().select())}/schedstat")
    return lambda: int(schedule.read_text().split()[0]) / 1e9


def _size(database: Database) -> int:
    """Bytes on disk, without the log."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def _log(database: Database) -> int:
    """Bytes of write-ahead log since the server was made."""
    if database.is_sqlite:
        return 0
    with database.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").scalar_one())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="the address of an empty PostgreSQL database; else SQLite")
    show("costs", measure(parser.parse_args().database))


if __name__ == "__main__":
    main()
