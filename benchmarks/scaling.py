"""A model of reports that come in, wait for a set and are committed, and of what a house needs: `python -m benchmarks.scaling`.

It reads no clock. What things cost is in `benchmarks/costs.py`, limits are the service's own; the same seed gives the
same figures, which docs/scaling.md shows and explains.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count

from benchmarks.costs import POSTGRESQL, SQLITE, Costs
from benchmarks.load import NEW_SHARE
from corrections_service.demo.seed import CASES_AN_ARTICLE
from corrections_service.server import SWITCH_SECONDS
from corrections_service.store.database import SETS
from corrections_service.store.jobs import CONCURRENCY, POLL
from corrections_service.store.precedence import SHARE
from corrections_service.store.turns import PATIENCE
from corrections_service.store.writer import BATCH, QUEUE_LENGTH
from corrections_service.whole_requests import THREADS

DAY, GIGABYTE = 86_400, 1e9

ROWS_KNOWN, ROWS_NEW = 2, 5
"""Rows that a report leaves for good: itself and its event; with a new case that, its words in the search, the desk's mail."""

EVENTS_LATER = 5
"""Events that a case has besides its reports': decided, seen fixed, closed … No measurement: as the demo's cases have."""

PEAK = 5
"""The busiest minute against the mean of the day. No measurement: a house looks at its own."""

ROOM = 0.6
"""Of what a house can do at most, in its busiest minute: waits stay short."""

LOOK_SECONDS = 0.5
"""What a look takes, most of it waiting for the page. No measurement: the newspaper's server decides."""

LAST_ID = 2**31 - 1
"""Of a column of whole numbers in PostgreSQL; those of reports, events and deliveries have 64 bits."""

MAIN_POOL, MAIN_OVERFLOW = 5, 10
"""Connections of a process for pages and jobs: those it keeps, and those it may open besides."""


@dataclass(frozen=True)
class House:
    """What runs: processes that answer, each on a processor of its own, and the database's processors."""

    costs: Costs
    processes: int = 1
    sets: int = 1
    """Sets that one process stores at a time."""
    speed: float = 1.0
    """Of a processor, what intake has of it beside background work."""
    database_processors: int = 0
    """0 where the database is in the process."""

    @property
    def most(self) -> float:
        """Reports a second that it can store at most: in full sets, with what is scarcest never idle."""
        ours, server = self.costs.storing(BATCH) / BATCH, self.costs.serving(BATCH) / BATCH
        computing = self.processes * self.speed / (self.costs.web + ours)
        a_set = self.costs.storing(BATCH) / self.speed + self.waiting + self.costs.serving(BATCH)
        writing = self.processes * self.sets * BATCH / a_set
        serving = self.database_processors / server if server else math.inf
        return min(computing, writing, serving)

    @property
    def waiting(self) -> float:
        """Seconds that a set waits for the network and the disk."""
        return self.costs.round_trips * self.costs.network + self.costs.commit


ONE_MACHINE = House(SQLITE, speed=1 - SHARE)
"""SQLite: one process with the background work in it, which takes its share while reports queue up."""


def on_postgresql(processes: int, database_processors: int = 4) -> House:
    """So many processes of `serve --web-only`, with the work in others."""
    return House(POSTGRESQL, processes, SETS, database_processors=database_processors)


@dataclass
class Outcome:
    """What became of the reports of one run, from the first that came to the last answer."""

    house: House
    came: int = 0
    refused: int = 0
    taken: list[float] = field(default_factory=list)
    """Seconds from when each that is stored came to its answer."""
    sets: list[int] = field(default_factory=list)
    """How many were stored by each commit."""
    computed: float = 0.0
    """Seconds of our processes."""
    served: float = 0.0
    """Seconds of the database server."""
    seconds: float = 0.0

    def within(self, share: float) -> float:
        """Seconds within which this share was answered."""
        return sorted(self.taken)[math.ceil(len(self.taken) * share) - 1]

    @property
    def busy(self) -> float:
        """Which share of our processes' time reports took."""
        return self.computed / self.seconds / self.house.processes

    @property
    def rate(self) -> float:
        """Reports stored a second."""
        return len(self.taken) / self.seconds


class Clock:
    """What happens when."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something so much later; what is due at once is done in the order of asking."""
        heappush(self._events, (self.now + seconds, next(self._number), do))

    def run(self) -> None:
        """Go on until nothing is left to do."""
        while self._events:
            self.now, _, do = heappop(self._events)
            do()


class Processors:
    """Processors that give all who want to compute a slice in turn, as the interpreter does its threads."""

    def __init__(self, clock: Clock, number: int, speed: float = 1.0) -> None:
        self.computed = 0.0
        self._clock, self._free, self._speed = clock, number, speed
        self._ready: deque[tuple[float, Callable[[], None]]] = deque()

    def compute(self, seconds: float, then: Callable[[], None]) -> None:
        """Compute for so long, then go on."""
        self.computed += seconds
        self._ready.append((seconds, then))
        self._go()

    def _go(self) -> None:
        while self._free and self._ready:
            self._free -= 1
            seconds, then = self._ready.popleft()
            now = min(seconds, SWITCH_SECONDS)
            self._clock.after(now / self._speed, partial(self._end, seconds - now, then))

    def _end(self, left: float, then: Callable[[], None]) -> None:
        self._free += 1
        if left > 0:
            self._ready.append((left, then))
        else:
            then()
        self._go()


class Process:
    """One process that answers: a thread for each request, an interpreter that they share, and writers."""

    def __init__(self, clock: Clock, database: Processors, outcome: Outcome) -> None:
        self._clock, self._database, self._outcome = clock, database, outcome
        self._costs, self._idle, self._threads = outcome.house.costs, outcome.house.sets, THREADS
        self.interpreter = Processors(clock, 1, outcome.house.speed)
        self._line: deque[float] = deque()
        self._queue: deque[tuple[float, float]] = deque()

    def arrive(self) -> None:
        """Take in a report, as soon as a thread is free."""
        self._line.append(self._clock.now)
        self._begin()

    def _begin(self) -> None:
        while self._threads and self._line:
            self._threads -= 1
            self.interpreter.compute(self._costs.web, partial(self._hand_over, self._line.popleft()))

    def _hand_over(self, came: float) -> None:
        if len(self._queue) == QUEUE_LENGTH:
            self._refuse()
        else:
            self._queue.append((came, self._clock.now))
            self._write()

    def _write(self) -> None:
        """Let each writer that is idle take what waits as one set."""
        while self._queue and self._queue[0][1] < self._clock.now - PATIENCE:
            self._queue.popleft()
            self._refuse()
        if self._idle and self._queue:
            self._idle -= 1
            came = [self._queue.popleft()[0] for _ in range(min(BATCH, len(self._queue)))]
            self._ask(came, max(self._costs.round_trips, 1))

    def _ask(self, came: Sequence[float], left: int) -> None:
        """Compute up to the next question to the database, and let it answer; after the last comes the commit."""
        if not left:
            self._clock.after(self._costs.commit, partial(self._stored, came))
            return
        parts = max(self._costs.round_trips, 1)
        go_on = partial(self._clock.after, self._costs.network, partial(self._ask, came, left - 1))
        serve = partial(self._database.compute, self._costs.serving(len(came)) / parts, go_on)
        self.interpreter.compute(self._costs.storing(len(came)) / parts, serve)

    def _stored(self, came: Sequence[float]) -> None:
        self._outcome.sets.append(len(came))
        self._outcome.taken += [self._clock.now - at for at in came]
        self._idle += 1
        self._threads += len(came)
        self._begin()
        self._write()

    def _refuse(self) -> None:
        self._outcome.refused += 1
        self._threads += 1
        self._begin()


def simulate(house: House, a_second: float, *, reports: int = 5_000, seed: int = 12) -> Outcome:
    """Let reports come by chance, so many a second on average, each to any of the processes."""
    chance, clock, outcome = random.Random(seed), Clock(), Outcome(house)
    database = Processors(clock, max(house.database_processors, 1))
    processes = [Process(clock, database, outcome) for _ in range(house.processes)]
    at = 0.0
    for _ in range(reports):
        at += chance.expovariate(1.0) / a_second
        clock.after(at, processes[chance.randrange(house.processes)].arrive)
    clock.run()
    outcome.came, outcome.seconds, outcome.served = reports, clock.now, database.computed
    outcome.computed = sum(process.interpreter.computed for process in processes)
    return outcome


def rows(reports: float) -> float:
    """Rows that so many reports leave for good."""
    return reports * (ROWS_KNOWN + NEW_SHARE * (ROWS_NEW - ROWS_KNOWN))


def connections(answering: int, workers: int) -> int:
    """Connections to PostgreSQL that processes of `serve --web-only` and of `worker` open at most."""
    return answering * (MAIN_POOL + MAIN_OVERFLOW + SETS) + workers * (MAIN_POOL + MAIN_OVERFLOW + CONCURRENCY)


def looks(first: float, slowest: float = 7 * DAY, ends: float = 90 * DAY) -> int:
    """How often an article with an undecided case is read: at once, after `first` seconds, then ever more rarely."""
    waited, number = 0.0, 1
    while waited <= ends:
        waited += min(max(first, waited / 2), slowest)
        number += 1
    return number


@dataclass(frozen=True)
class Need:
    """What a house with so many reports a day runs on PostgreSQL, and what piles up there."""

    a_day: int

    @property
    def peak(self) -> float:
        """Reports in a second of the busiest minute."""
        return self.a_day / DAY * PEAK

    @property
    def processes(self) -> int:
        """Processes that answer; one more than are needed, that one may end."""
        return 1 + math.ceil(self.peak / ROOM / on_postgresql(1, 1000).most)

    @property
    def database_processors(self) -> int:
        """Processors of the database for intake in the busiest minute; as many again are for pages and work."""
        return max(2, math.ceil(2 * self.peak * POSTGRESQL.serving(BATCH) / BATCH / ROOM))

    @property
    def looks_a_second(self) -> float:
        """Articles that are read, on the mean of the day."""
        return self.a_day * NEW_SHARE / CASES_AN_ARTICLE * looks(15 * 60) / DAY

    @property
    def workers(self) -> int:
        """Workers that look at so many articles; one more than are needed, that one may die."""
        at_most = CONCURRENCY / max(POLL, LOOK_SECONDS)
        return 1 + math.ceil(self.looks_a_second / at_most / ROOM)


def loads(house: House, shares: Sequence[float] = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9)) -> Iterator[str]:
    """A table: what a house does under loads that are shares of the most it can do."""
    yield "| reports/s | share of the most | p50 ms | p99 ms | CPU of ours | of the database | commits/s | in a set | rows a day | GB a day |"
    yield "|---" * 10 + "|"
    for share in shares:
        outcome = simulate(house, share * house.most)
        database = outcome.served / outcome.seconds / max(house.database_processors, 1)
        stored = outcome.rate * DAY
        yield (
            f"| {share * house.most:,.0f} | {share:.0%} | {outcome.within(0.5) * 1000:,.1f}"
            f" | {outcome.within(0.99) * 1000:,.1f} | {outcome.busy:.0%} | {database:.0%}"
            f" | {len(outcome.sets) / outcome.seconds:,.0f} | {len(outcome.taken) / len(outcome.sets):,.1f}"
            f" | {rows(stored):,.0f} | {stored * house.costs.bytes / GIGABYTE:,.1f} |"
        )


def needs(days: Sequence[int] = (10_000, 100_000, 1_000_000, 10_000_000)) -> Iterator[str]:
    """A table: what houses of some sizes run and keep."""
    yield (
        "| reports a day | reports/s at the peak | processes that answer | workers | connections | processors of the database"
        " | rows a year | GB a year | log, GB a day | case numbers last, days |"
    )
    yield "|---" * 10 + "|"
    for a_day in days:
        need = Need(a_day)
        yield (
            f"| {a_day:,} | {need.peak:,.1f} | {need.processes} | {need.workers}"
            f" | {connections(need.processes, need.workers)} | {need.database_processors}"
            f" | {rows(a_day * 365):,.0f} | {a_day * 365 * POSTGRESQL.bytes / GIGABYTE:,.0f}"
            f" | {a_day * POSTGRESQL.log_bytes / GIGABYTE:,.1f} | {LAST_ID / (a_day * NEW_SHARE):,.0f} |"
        )


def main() -> None:
    """Print the tables."""
    for title, lines in (
        (f"One machine, SQLite: at most {ONE_MACHINE.most:,.0f} reports a second", loads(ONE_MACHINE)),
        (f"PostgreSQL, one process that answers: at most {on_postgresql(1).most:,.0f}", loads(on_postgresql(1))),
        ("Houses of some sizes, on PostgreSQL", needs()),
    ):
        print(f"\n{title}\n", *lines, sep="\n")


if __name__ == "__main__":
    main()
