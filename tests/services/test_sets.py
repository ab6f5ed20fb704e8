"""Reports that come in at once are stored as one set: what each becomes is what it becomes one after the other."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.errors import TooManyReports
from corrections_service.services import intake, reports, sites
from corrections_service.services.intake import Received
from corrections_service.services.reports import Arrival, Fields, Submitted
from corrections_service.store import writer
from corrections_service.store.models import Article, Case, Delivery, Event, Report, Site
from tests.databases import SECRET
from tests.measures import PATIENCE, wait_for
from tests.services.newsroom import BRIDGE, FERRY, Newsroom
from tests.store.writes import callers

KINDS: list[dict[str, Any]] = [
    BRIDGE,
    FERRY,
    {**BRIDGE, "suggestion": "was opened in 1978"},
    {**BRIDGE, "suggestion": ""},
    {**BRIDGE, "exact": "opend", "prefix": f"{BRIDGE['prefix']}was ", "suffix": f" in 1987{BRIDGE['suffix']}"},
    {**FERRY, "suggestion": "", "remove": True},
    {"exact": "", "place": "the photo at the top", "comment": "This is another bridge."},
    {"exact": "", "comment": "Buy now cheap pills http://a.example http://b.example http://c.example"},
]


def fields(kind: dict[str, Any], **changes: object) -> Fields:
    return Fields(**{"client_id": str(uuid.uuid4()), "url": "https://news.example/bridge", **kind, **changes})


def some(seed: int, many: int = 40) -> list[Fields]:
    """Reports of few errors in three articles by few readers, some of them sent again, some with other words."""
    chance = random.Random(seed)
    sent: list[Fields] = []
    for _ in range(many):
        email = chance.choice(["", "", "ann@example.org", "Ann@Example.org", "bob@example.org"])
        url = f"https://news.example/{chance.choice(['bridge', 'ferry', 'king'])}"
        one = fields(chance.choice(KINDS), url=url, email=email, title=chance.choice(["", "The bridge"]))
        if sent and chance.random() < 0.25:
            again = chance.choice(sent)
            one = again if chance.random() < 0.6 else fields(vars(again), comment="something else")
        sent.append(one)
    return sent


def outcome(told: Submitted | errors.CorrectionsError, numbers: dict[str, int]) -> object:
    """What one was told, with references counted in the order in which they were given."""
    if isinstance(told, errors.CorrectionsError):
        return type(told)
    number = numbers.setdefault(told.reference, len(numbers))
    return (number, "again") if told.replayed else (number, told.readers)  # who asks again hears of all of its set


def state(newsroom: Newsroom, site: Site) -> list[object]:
    """All that is stored about a site's cases, without its numbers."""
    kept: list[object] = []
    with newsroom.db.read() as session:
        cases = session.scalars(select(Case).where(Case.site_id == site.id).order_by(Case.id)).all()
        first = {case.id: index for index, case in enumerate(cases)}
        for case in cases:
            events = session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.id)).all()
            hints = [first[one.data["case"]] for one in events if "case" in one.data]
            mails = session.scalars(select(Delivery).where(Delivery.case_id == case.id).order_by(Delivery.id)).all()
            article = session.get_one(Article, case.article_id)
            kept.append((case.exact, case.suggestion, case.kind, case.state, case.readers, case.comment, hints))
            kept.append(([one.kind for one in events], article.url, article.headline))
            kept.append([one.recipient for one in mails if one.template == "case_new"])
            kept.append(sorted(report.comment for report in case.reports))
    return kept


@pytest.mark.parametrize("seed", range(6))
def test_a_set_becomes_what_its_reports_become_one_after_the_other(newsroom: Newsroom, seed: int) -> None:
    with newsroom.db.write() as session:
        other = sites.create(session, name="Other", origins=["https://news.example"], desk="desk@news.example")
    sent = some(seed)
    alone, together = dict[str, int](), dict[str, int]()
    one_by_one = []
    for one in sent:
        try:
            stored = newsroom.db.intake(
                reports.submit, site=newsroom.site, fields=one, secret=SECRET, block="192.0.2.0/24"
            )
        except errors.IdReused as error:
            one_by_one.append(outcome(error, alone))
        else:
            one_by_one.append(outcome(stored, alone))
    arrivals = [Arrival(other, one, "192.0.2.0/24") for one in sent]
    at_once = newsroom.db.intake(lambda session: reports.submit_all(session, arrivals, secret=SECRET))
    assert [outcome(told, together) for told in at_once] == one_by_one
    assert state(newsroom, other) == state(newsroom, newsroom.site)
    newsroom.assert_readers_add_up()


def test_two_readers_of_one_error_in_one_set_are_one_case_and_each_is_told_how_many(newsroom: Newsroom) -> None:
    arrivals = [Arrival(newsroom.site, fields(BRIDGE), f"192.0.{number}.0/24") for number in range(5)]
    told = newsroom.db.intake(lambda session: reports.submit_all(session, arrivals, secret=SECRET))
    assert [one.readers for one in told if isinstance(one, Submitted)] == [1, 2, 3, 4, 5]
    assert newsroom.count(Case) == len(newsroom.owed("case_new")) == 1
    assert newsroom.history(newsroom.case_of(told[0])) == ["reported"] * 5  # type: ignore[arg-type]


def test_one_mailbox_gets_one_receipt_of_a_set_however_it_is_written(newsroom: Newsroom) -> None:
    written = ("ann@example.org", "Ann@Example.org", "ann+news@example.org", "bob@example.org")
    arrivals = [Arrival(newsroom.site, fields(BRIDGE, email=email)) for email in written]
    newsroom.db.intake(lambda session: reports.submit_all(session, arrivals, secret=SECRET))
    assert [recipient for recipient, _ in newsroom.owed("receipt")] == ["ann@example.org", "bob@example.org"]


def test_of_a_set_just_those_over_their_networks_limit_are_refused(newsroom: Newsroom) -> None:
    def receive(blocks: Sequence[str]) -> list[bool]:
        received = [Received(Arrival(newsroom.site, fields(BRIDGE), block), "3/hour", SECRET) for block in blocks]
        outcomes = newsroom.db.intake(lambda session: intake.receive(session, received))
        return [isinstance(one, TooManyReports) for one in outcomes]

    assert receive(["a", "a", "b", "a", "a", "a"]) == [False, False, False, False, True, True]
    assert receive(["a", "b", "b", "b"]) == [True, False, False, True]
    assert newsroom.count(Report) == 6


def test_an_id_that_is_used_again_with_other_words_counts_against_no_limit(newsroom: Newsroom) -> None:
    """Kind: what is refused is not counted, whatever it is refused for."""
    first = fields(BRIDGE)

    def receive(one: Fields) -> object:
        received = [Received(Arrival(newsroom.site, one, "192.0.2.0/24"), "3/hour", SECRET)]
        (answer,) = newsroom.db.intake(lambda session: intake.receive(session, received))
        return type(answer)

    assert receive(first) is Submitted
    for number in range(5):
        assert receive(fields(vars(first), comment=f"other {number}")) is errors.IdReused
    assert [receive(fields(FERRY)) for _ in range(3)] == [Submitted, Submitted, TooManyReports]


@contextmanager
def all_waiting(newsroom: Newsroom, number: int) -> Iterator[None]:
    """The writer is busy until so many wait for it, which the block hands over."""
    busy_writers, all_wait = threading.Semaphore(0), threading.Event()

    def busy(_session: object, _values: object) -> Sequence[None]:
        busy_writers.release()
        all_wait.wait(PATIENCE)
        return [None]

    threads = newsroom.db._writer._number
    with callers(threads) as pool:
        for each in range(threads):  # a function of its own for each, or they would be one set
            pool.submit(newsroom.db.store, partial(busy), each)
            assert busy_writers.acquire(timeout=PATIENCE)
        yield
        wait_for(lambda: newsroom.db._writer._queue.qsize() >= number, "all of them wait")
        all_wait.set()


def received_by(site: Site, number: int, **changes: object) -> Received:
    return Received(Arrival(site, fields(BRIDGE, **changes), f"192.0.{number}.0/24"), "off", SECRET)


def test_what_waits_is_stored_by_few_commits_and_each_is_told_of_those_before(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PATIENCE", PATIENCE)
    commits: list[object] = []
    event.listen(newsroom.db._writer._engine, "commit", commits.append)
    newsroom.send(**BRIDGE)
    before = len(commits)
    with callers(64) as pool, all_waiting(newsroom, 64):
        done = [pool.submit(newsroom.db.store, intake.receive, received_by(newsroom.site, each)) for each in range(64)]
    assert sorted(future.result().readers for future in done) == list(range(2, 66))
    assert newsroom.count(Case) == 1
    assert len(commits) - before <= 2 * newsroom.db._writer._number + 2


@pytest.mark.parametrize("database_settings", ["postgresql"], indirect=True)
def test_a_case_that_is_held_holds_up_its_own_reports_alone(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite whoever holds a case holds all; there nobody does so for longer than one transaction."""
    monkeypatch.setattr(writer, "PATIENCE", PATIENCE)
    held = newsroom.case_of(newsroom.send(block="192.0.1.0/24"))  # which makes the key of the day too
    with callers(3) as pool, newsroom.db.write() as session:
        session.execute(select(Case).where(Case.id == held).with_for_update())
        with all_waiting(newsroom, 3):
            sent = [
                Received(Arrival(newsroom.site, fields(kind), "192.0.2.0/24"), "off", SECRET)
                for kind in (BRIDGE, FERRY, {**FERRY, "suggestion": "", "remove": True})
            ]
            done = [pool.submit(newsroom.db.store, intake.receive, one) for one in sent]
        assert [future.result(PATIENCE).readers for future in done[1:]] == [1, 1]
        assert not done[0].done()
        session.rollback()
        assert done[0].result(PATIENCE).readers == 2


def test_a_report_that_cannot_be_stored_harms_none_of_those_it_came_with(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kind: whatever is wrong with one, the rest are stored, and their callers hear so."""
    monkeypatch.setattr(writer, "PATIENCE", PATIENCE)
    nowhere = Site(id=newsroom.site.id + 1000, policy={}, desk="", key="nowhere")
    commits: list[object] = []
    received = [received_by(nowhere if number == 7 else newsroom.site, number) for number in range(64)]
    event.listen(newsroom.db.engine, "commit", commits.append)
    with callers(64) as pool, all_waiting(newsroom, 64):
        done = [pool.submit(newsroom.db.store, intake.receive, one) for one in received]
    failures = {number: future.exception() for number, future in enumerate(done) if future.exception()}
    assert list(failures) == [7]
    assert isinstance(failures[7], IntegrityError)
    assert newsroom.count(Report) == 63
    assert sorted(future.result().readers for number, future in enumerate(done) if number != 7) == list(range(1, 64))
    if newsroom.db.is_sqlite:
        assert len(commits) <= 4


def test_who_is_refused_hears_so_when_what_refuses_them_is_stored(newsroom: Newsroom) -> None:
    """Kind: nothing is told of a set that is not stored; here who sent the first has gone, so that all are tried again."""
    first = fields(BRIDGE)
    gone, same_id, same_network = (
        writer.Write(intake.receive, Received(Arrival(newsroom.site, sent, block), limit, SECRET), Future())
        for sent, block, limit in (
            (first, "192.0.2.0/24", "1/hour"),
            (fields(vars(first), comment="other words"), "192.0.3.0/24", "9/hour"),
            (fields(FERRY), "192.0.2.0/24", "1/hour"),
        )
    )

    def store(session: Session, values: Sequence[Any]) -> Sequence[Any]:
        outcomes = intake.receive(session, values)
        gone.future.cancel()
        return outcomes

    for write in (gone, same_id, same_network):
        write.store = store
    rest = newsroom.db._writer._store([gone, same_id, same_network])
    assert not same_id.future.done()
    assert not same_network.future.done()
    assert newsroom.count(Report) == 0
    assert newsroom.db._writer._store([write for write in rest if write is not gone]) == []
    assert same_id.future.result().readers == same_network.future.result().readers == 1
    assert newsroom.count(Report) == 2


def test_what_is_stored_already_is_refused_by_no_limit(newsroom: Newsroom) -> None:
    """Kind: whoever lost the answer sends again, and is told of what is there, however much was sent meanwhile."""
    first = received_by(newsroom.site, 2)
    first = Received(first.arrival, "1/hour", SECRET)
    told = newsroom.db.store(intake.receive, first)
    again = newsroom.db.store(intake.receive, first)
    assert (again.reference, again.replayed) == (told.reference, True)
    other = Received(Arrival(newsroom.site, fields(FERRY), first.arrival.block), "1/hour", SECRET)
    with pytest.raises(TooManyReports):
        newsroom.db.store(intake.receive, other)
    with newsroom.db.write() as session:
        both = intake.receive(session, [first, other])
    assert [type(answer) for answer in both] == [Submitted, TooManyReports]
