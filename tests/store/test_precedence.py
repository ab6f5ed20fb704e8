"""Background work goes as fast as it can, and gives way while reports queue up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from corrections_service.store.database import Database
from corrections_service.store.precedence import SHARE, Precedence
from tests.measures import PATIENCE, computed, moment, wait_for
from tests.store.writes import add_site


def work(precedence: Precedence, until: threading.Event) -> tuple[float, float]:
    """Piece after piece of work; the seconds that it gave way for, and those that it computed."""
    waited, began = precedence.give_way(), computed()
    while not until.is_set():
        sum(range(20_000))
        waited += precedence.give_way()
    return waited, computed() - began


def test_while_reports_queue_up_all_background_work_together_takes_a_share_of_the_time() -> None:
    precedence, until = Precedence(), threading.Event()
    precedence.reports_queued()
    began = moment()
    with ThreadPoolExecutor(3) as pool:
        workers = [pool.submit(work, precedence, until) for _ in range(3)]
        while moment() - began < 2:
            precedence.reports_queued()
            until.wait(0.01)
        until.set()
        spent = [worker.result(PATIENCE) for worker in workers]
    assert all(waited > 0 for waited, _ in spent)
    assert sum(seconds for _, seconds in spent) < 2 * SHARE * (moment() - began)


def test_without_a_queue_nothing_waits() -> None:
    precedence, turns = Precedence(), 0
    began = computed()
    while computed() - began < 1:
        precedence.give_way()
        turns += 1
    assert turns > 1000, "each waits for nothing but the interpreter"


def test_reports_that_queue_up_have_precedence_and_one_alone_holds_nothing_up(sqlite_db: Database) -> None:
    db = sqlite_db
    db.intake(add_site, name="alone")
    assert db.precedence._busy_until == 0
    with ThreadPoolExecutor(4) as pool:
        with db.write() as session:
            session.connection()
            waiting = [pool.submit(db.intake, add_site, name=f"site {number}") for number in range(4)]
            wait_for(lambda: db._writer._queue.qsize() == 3, "they queue up")
        assert [one.result(PATIENCE) for one in waiting] == [f"site {number}" for number in range(4)]
    assert db.precedence._busy_until > 0
