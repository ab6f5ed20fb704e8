"""The model of docs/scaling.md: its sums come out, and what it takes for granted is what the service does."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from benchmarks import costs, scaling
from benchmarks.costs import POSTGRESQL, SQLITE, Costs
from benchmarks.scaling import ONE_MACHINE, House, Need, Outcome, on_postgresql, simulate
from corrections_service.rules.workflow import State
from corrections_service.services import intake, looks
from corrections_service.services.intake import Received
from corrections_service.services.reports import Arrival, Fields
from corrections_service.store import search
from corrections_service.store.database import SETS, Database
from corrections_service.store.jobs import CONCURRENCY
from corrections_service.store.models import Article, Base, Case, Delivery, Event, Report, Site, now
from corrections_service.store.turns import PATIENCE
from corrections_service.store.writer import BATCH
from tests.databases import SECRET
from tests.laws.documents import DOCS
from tests.services.newsroom import BRIDGE, FERRY

HOUSES = {"sqlite": ONE_MACHINE, "postgresql": on_postgresql(1), "three": on_postgresql(3)}
SHARES = (0.05, 0.2, 0.4, 0.6, 0.8)
KEPT = (Report, Event, Case, Delivery, Article)


@pytest.fixture(params=HOUSES)
def house(request: pytest.FixtureRequest) -> House:
    return HOUSES[request.param]


def run(house: House, share: float, reports: int = 1500) -> Outcome:
    return simulate(house, share * house.most, reports=reports)


@pytest.mark.parametrize("share", [0.1, 0.9, 2.0])
def test_every_report_is_stored_by_one_commit_or_refused(house: House, share: float) -> None:
    outcome = run(house, share)
    assert outcome.came == 1500 == len(outcome.taken) + outcome.refused
    assert sum(outcome.sets) == len(outcome.taken)
    assert 1 <= min(outcome.sets) <= max(outcome.sets) <= BATCH


def test_who_waits_longer_than_the_service_lets_them_is_refused_and_counted() -> None:
    slow = replace(ONE_MACHINE, costs=replace(SQLITE, alone=PATIENCE, in_set=PATIENCE))
    outcome = simulate(slow, 1.0, reports=100)
    assert outcome.refused
    assert outcome.taken
    assert len(outcome.taken) + outcome.refused == 100


def test_a_report_that_comes_alone_is_one_commit_and_takes_what_its_parts_take(house: House) -> None:
    outcome = simulate(house, 0.01, reports=50)
    asked = house.costs
    alone = (asked.web + asked.alone) / house.speed + asked.server_alone + house.waiting
    assert outcome.sets == [1] * 50
    assert outcome.taken == pytest.approx([alone] * 50)


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_what_is_computed_is_what_the_reports_and_their_sets_cost(house: House, share: float) -> None:
    outcome = run(house, share)
    storing = sum(map(house.costs.storing, outcome.sets))
    assert outcome.computed == pytest.approx(outcome.came * house.costs.web + storing)
    assert outcome.served == pytest.approx(sum(map(house.costs.serving, outcome.sets)))
    assert outcome.busy <= house.speed + 1e-9


def test_the_more_come_the_longer_each_waits_and_the_fewer_commits_each_needs(house: House) -> None:
    for less, more in pairwise([run(house, share) for share in SHARES]):
        assert less.within(0.5) < more.within(0.5)
        assert less.within(0.99) < more.within(0.99)
        assert less.busy < more.busy
        assert less.rate < more.rate
        assert len(less.sets) > len(more.sets)


def test_nothing_stores_more_than_it_can_however_many_come(house: House) -> None:
    outcome = run(house, 3.0, 5000)
    assert 0.7 * house.most < outcome.rate <= house.most


def test_more_processes_can_do_more_until_the_database_is_full() -> None:
    mosts = [on_postgresql(processes).most for processes in (1, 2, 1000, 2000)]
    assert mosts[1] == pytest.approx(2 * mosts[0])
    assert mosts[2] == mosts[3] < 1000 * mosts[0]


@pytest.mark.parametrize("asked", [SQLITE, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_what_was_measured_comes_out_again(asked: Costs) -> None:
    assert asked.storing(1) == asked.alone
    assert asked.storing(costs.SET) / costs.SET == pytest.approx(asked.in_set)
    assert asked.in_set < asked.alone


def test_a_larger_house_needs_no_less_of_anything() -> None:
    for small, large in pairwise([Need(10**power) for power in range(3, 9)]):
        assert small.peak < large.peak
        assert small.looks_a_second < large.looks_a_second
        for name in ("processes", "workers", "database_processors"):
            assert getattr(small, name) <= getattr(large, name)


def test_the_page_shows_what_the_model_prints() -> None:
    page = (DOCS / "scaling.md").read_text("utf-8")
    printed = [*scaling.loads(ONE_MACHINE), *scaling.loads(on_postgresql(1)), *scaling.needs()]
    assert [line for line in printed if line not in page.splitlines()] == [], "run `python -m benchmarks.scaling`"


def received(site: Site, number: int, **changes: str) -> Received:
    given: dict[str, Any] = {"url": "https://news.example/bridge", **BRIDGE, **changes}
    fields = Fields(client_id=str(uuid.uuid4()), **given)
    return Received(Arrival(site, fields, f"192.0.{number}.0/24"), "120/minute", SECRET)


def test_the_service_stores_a_set_of_one_by_one_commit(db: Database, site: Site) -> None:
    db.store(intake.receive, received(site, 0))
    commits: list[object] = []
    event.listen(db._writer._engine, "commit", commits.append)
    for number in range(1, 6):
        db.store(intake.receive, received(site, number))
    assert len(commits) == 5


def test_a_set_asks_the_database_as_often_as_the_model_says_whatever_its_size(db: Database, site: Site) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def store(some: Sequence[Received]) -> int:
        asked.clear()
        db.intake(lambda session: intake.receive(session, some))
        return sum("workflow_" not in statement for statement in asked)  # once a second it wakes who sends mail

    for number in range(2):  # the day's key is made, then looked up
        store([received(site, number)])
    of_some = [
        store([received(site, number, suggestion=f"{many} {number % 3}") for number in range(many)])
        for many in (4, 16, 64)
    ]
    assert of_some[0] == of_some[1] == of_some[2] <= POSTGRESQL.round_trips - costs.AROUND_A_SET


def test_a_report_leaves_as_many_rows_as_the_model_says(db: Database, site: Site) -> None:
    def rows() -> int:
        search.catch_up(db)
        words = sa.table("case_words")
        with db.read() as session:
            tables: Sequence[type[Base]] = KEPT
            of_models = [session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in tables]
            return sum(of_models) + (session.scalar(sa.select(sa.func.count()).select_from(words)) or 0)

    counted = [rows()]
    for number, changes in enumerate(({}, {}, FERRY)):
        db.store(intake.receive, received(site, number, **changes))
        counted.append(rows())
    of_first, of_known, of_new = (after - before for before, after in pairwise(counted))
    assert (of_known, of_new) == (scaling.ROWS_KNOWN, scaling.ROWS_NEW)
    assert of_first == scaling.ROWS_NEW + 1, "and its article"


def test_processes_open_no_more_connections_than_the_model_says() -> None:
    database = Database(sa.make_url("postgresql+psycopg://nobody@nowhere.invalid/none"))
    own = database.own_engine(pool_size=CONCURRENCY)
    pools = [engine.pool for engine in (database.engine, own)]
    main, jobs = (pool.size() + pool._max_overflow for pool in pools)  # type: ignore[attr-defined]
    assert database._writer._number == SETS, "each of its threads takes one"
    assert scaling.connections(1, 0) == main + SETS
    assert scaling.connections(0, 1) == main + jobs
    assert scaling.connections(3, 2) == 3 * scaling.connections(1, 0) + 2 * scaling.connections(0, 1)


def test_an_article_is_read_as_often_as_the_service_plans_it() -> None:
    minutes, waited, planned = 15, timedelta(0), 1
    while waited <= looks.LOOK_FOR:
        at = now()
        due = looks.next_look(Case(state=State.NEW, created_at=at - waited), timedelta(minutes=minutes))
        assert due is not None
        waited, planned = waited + (due - at), planned + 1
    assert scaling.looks(minutes * 60) == planned


def test_numbers_of_rows_end_where_the_model_says(postgresql_db: Database) -> None:
    """On SQLite they have 63 bits, as there those of reports, events and deliveries."""
    ends = sa.text("SELECT seqmax FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence(:table, 'id')::regclass")
    with postgresql_db.read() as session:
        last = {name: session.scalar(ends, {"table": name}) for name in ("case", "report", "event", "delivery")}
    assert last == {"case": scaling.LAST_ID, **dict.fromkeys(("report", "event", "delivery"), 2**63 - 1)}


def test_the_costs_can_be_measured_anew() -> None:
    figures = costs.measure(sets=1, known=100, total=100)
    assert figures["sqlite_bytes_of_seed"]
    assert figures["set_of_16_ours_ms"]
