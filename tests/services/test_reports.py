"""What a reader sent is stored once, put under its case, and tells who has to know."""

from __future__ import annotations

import contextlib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice

import pytest
from sqlalchemy import select, text

from corrections_service import errors
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import joining, parting, privacy, reports, sites
from corrections_service.services.reports import Submitted
from corrections_service.store import search
from corrections_service.store.models import Article, Case, Delivery, Event, Report
from tests.databases import SECRET
from tests.measures import takes_at_most
from tests.services.newsroom import BRIDGE, FERRY, Newsroom

EMAIL = "ann@example.org"


def test_a_report_opens_a_case_and_tells_the_desk_once(newsroom: Newsroom) -> None:
    sent = newsroom.send()
    assert (sent.readers, sent.replayed) == (1, False)
    case = newsroom.look(newsroom.case_of(sent))
    assert (case.state, case.kind.value, case.readers, case.exact) == (State.NEW, "spelling", 1, BRIDGE["exact"])
    assert newsroom.history(case.id) == ["reported"]
    assert newsroom.owed("case_new") == [("desk@news.example", "owed")]


def test_the_same_again_is_the_same_report(newsroom: Newsroom) -> None:
    client_id = str(uuid.uuid4())
    first = newsroom.send(client_id=client_id, elapsed_ms=5000)
    again = newsroom.send(client_id=client_id, elapsed_ms=9000)
    assert (again.reference, again.token, again.readers, again.replayed) == (first.reference, first.token, 1, True)
    assert newsroom.count(Report) == newsroom.count(Event) == newsroom.count(Delivery) == 1


def test_an_id_used_for_other_words_is_refused_and_the_first_stays(newsroom: Newsroom) -> None:
    client_id = str(uuid.uuid4())
    sent = newsroom.send(client_id=client_id)
    with pytest.raises(errors.IdReused):
        newsroom.send(client_id=client_id, comment="something else")
    with newsroom.db.read() as session:
        assert reports.by_token(session, sent.token).comment == ""


def test_one_id_on_two_sites_is_two_reports(newsroom: Newsroom) -> None:
    client_id = str(uuid.uuid4())
    with newsroom.db.write() as session:
        other = sites.create(session, name="Other", origins=["https://news.example"], desk="desk@other.example")
    newsroom.send(client_id=client_id)
    Newsroom(newsroom.db, other).send(client_id=client_id)
    assert newsroom.count(Report) == newsroom.count(Case) == newsroom.count(Article) == 2


def test_one_id_fifty_times_at_once_is_one_report(newsroom: Newsroom) -> None:
    client_id = str(uuid.uuid4())
    together = threading.Barrier(10)

    def send(number: int) -> str:
        if number < 10:
            together.wait()
        while True:  # as the reader's browser does: a busy answer is tried again
            try:
                return newsroom.send(client_id=client_id, email=EMAIL).reference
            except errors.StorageBusy:
                continue

    with ThreadPoolExecutor(10) as pool:
        references = set(pool.map(send, range(50)))
    assert len(references) == 1
    assert newsroom.count(Report) == newsroom.count(Event) == newsroom.count(Case) == 1
    assert newsroom.owed("case_new") == [("desk@news.example", "owed")]
    assert newsroom.owed("receipt") == [(EMAIL, "owed")]
    newsroom.assert_readers_add_up()


def test_many_readers_of_one_error_at_once_are_one_case_and_all_counted(newsroom: Newsroom) -> None:
    def send(_number: int) -> int:
        while True:
            try:
                return newsroom.send().readers
            except errors.StorageBusy:
                continue

    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(send, range(40)))
    assert told == list(range(1, 41))
    assert newsroom.count(Case) == 1
    newsroom.assert_readers_add_up()


def test_an_overlapping_selection_of_the_same_error_joins(newsroom: Newsroom) -> None:
    newsroom.send()
    wider = newsroom.send(
        exact="the harbour was opend in 1987",
        prefix="The bridge across ",
        suggestion="the harbour was opened in 1987",
    )
    assert wider.readers == 2
    assert newsroom.count(Case) == 1


def test_the_same_words_at_another_place_are_another_case(newsroom: Newsroom) -> None:
    newsroom.send()
    other = newsroom.send(prefix="The theatre on the hill is older: it ", suffix=" with a play about bees.")
    assert other.readers == 1
    assert newsroom.count(Case) == 2


def test_the_same_error_in_another_article_is_another_case(newsroom: Newsroom) -> None:
    newsroom.send()
    assert newsroom.send(url="https://news.example/other").readers == 1


def test_an_unsure_grouping_is_suggested_and_not_done(newsroom: Newsroom) -> None:
    shifted = {"exact": "opend in 1987 by the", "prefix": BRIDGE["prefix"] + "was ", "suffix": " king, who stayed for"}
    first = newsroom.case_of(newsroom.send(suggestion=""))
    second = newsroom.case_of(newsroom.send(suggestion="", **shifted))
    assert first != second
    with newsroom.db.read() as session:
        hint = session.scalars(select(Event).where(Event.kind == "suggested")).one()
    assert (hint.case_id, hint.data["case"]) == (second, first)
    assert hint.data["reason"]


def test_a_report_without_a_quote_groups_with_its_repetition(newsroom: Newsroom) -> None:
    said = {
        "exact": "",
        "prefix": "",
        "suffix": "",
        "suggestion": "",
        "place": "The chart",
        "comment": "Two years are swapped.",
    }
    newsroom.send(**said)
    assert newsroom.send(**said).readers == 2
    assert newsroom.send(**{**said, "comment": "The colours are wrong."}).readers == 1


def test_spam_waits_in_its_own_view_and_mails_nobody(newsroom: Newsroom) -> None:
    sent = newsroom.send(website="http://pills.example")
    case = newsroom.look(newsroom.case_of(sent))
    assert (case.state, case.readers) == (State.SPAM, 1)
    assert newsroom.owed("case_new") == []
    assert newsroom.send(website="http://pills.example").readers == 2


def test_spam_never_swallows_a_genuine_report_of_the_same_words(newsroom: Newsroom) -> None:
    for _ in range(5):
        newsroom.send(website="http://pills.example")
    genuine = newsroom.send()
    assert genuine.readers == 1
    assert newsroom.look(newsroom.case_of(genuine)).state is State.NEW
    assert newsroom.owed("case_new") == [("desk@news.example", "owed")]


def test_a_report_after_the_end_of_its_case_opens_a_new_one(newsroom: Newsroom) -> None:
    first = newsroom.case_of(newsroom.send())
    newsroom.decide(first, newsroom.hire(), Resolution.NOT_AN_ERROR)
    second = newsroom.send()
    assert newsroom.case_of(second) != first
    assert second.readers == 1


def test_no_report_ends_under_a_case_that_was_merged_at_the_same_moment(newsroom: Newsroom) -> None:
    target = newsroom.case_of(newsroom.send(**FERRY))
    editor = newsroom.hire()
    for number in range(6):
        where = f"https://news.example/{number}"
        source = newsroom.case_of(newsroom.send(url=where))
        together = threading.Barrier(5)

        def send(_: int, together: threading.Barrier = together, where: str = where) -> None:
            together.wait()
            while True:
                try:
                    newsroom.send(url=where)
                    return
                except errors.StorageBusy:
                    continue

        with ThreadPoolExecutor(4) as pool:
            sending = pool.map(send, range(4))
            together.wait()
            with contextlib.suppress(errors.StorageBusy, errors.ChangedMeanwhile):
                newsroom.act(joining.merge, source, editor, target)
            list(sending)
        newsroom.assert_readers_add_up()
        with newsroom.db.read() as session:
            hidden = select(Report.id).join(Report.case).where(Case.state == State.MERGED)
            assert session.scalars(hidden).all() == []


def test_a_sentence_that_stands_twice_in_an_article_makes_two_cases(newsroom: Newsroom) -> None:
    """E05."""
    refrain = "and so the gate of the old harbour was "
    verses = ("The first of the songs is about the sea ", "Another one, of much later, tells of the land ")
    sung = [
        newsroom.send(exact="opend", prefix=verse + refrain, suffix=" at nine.", suggestion="opened")
        for verse in verses
    ]
    assert len({newsroom.case_of(sent) for sent in sung}) == 2


def test_a_flood_of_nearly_equal_reports_costs_little_and_hides_none(newsroom: Newsroom) -> None:
    """E02, E03: one more costs little more than a first one; each is counted and can be parted from the rest."""
    case, number, sent = newsroom.case_of(newsroom.send()), count(), list[Submitted]()

    def flood(reports: int = 20) -> None:
        for nth in islice(number, reports):
            sent.append(newsroom.send(suggestion=f"was opened in {1000 + nth}", comment=f"Junk {nth}."))

    def ordinary() -> None:
        for nth in islice(number, 20):
            newsroom.send(url=f"https://news.example/{nth}")

    flood(180)
    takes_at_most(3, flood, ordinary)
    assert {newsroom.case_of(one) for one in sent} == {case}
    with newsroom.db.read() as session:
        assert session.get_one(Case, case).comment == ""
        report = reports.by_token(session, sent[7].token).id
    own = newsroom.act(parting.split, case, newsroom.hire(), report).id
    assert newsroom.case_of(sent[7]) == own
    newsroom.assert_readers_add_up()


def test_the_receipt_goes_to_one_address_once_a_day(newsroom: Newsroom) -> None:
    newsroom.send(email=EMAIL)
    newsroom.send(email=EMAIL, **FERRY)
    newsroom.send(email="Ann@Example.org", url="https://news.example/third")
    assert newsroom.owed("receipt") == [(EMAIL, "owed")]


def test_a_desk_that_wants_no_mail_gets_none(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        site = sites.by_key(session, newsroom.site.key)
        site.policy = {"desk_mail_off": True}
    newsroom.site = site
    newsroom.send()
    assert newsroom.owed("case_new") == []


def test_a_status_link_finds_its_report_with_any_of_the_keys(newsroom: Newsroom) -> None:
    sent = newsroom.send()
    with newsroom.db.read() as session:
        report = reports.by_token(session, sent.token)
        assert reports.token_for(report, ["a new key of the service", SECRET]) == sent.token
        assert reports.by_reference(session, newsroom.site, sent.reference.lower()) is report
        for wrong in (lambda: reports.by_token(session, sent.token[:-1]), lambda: reports.token_for(report, ["other"])):
            with pytest.raises(errors.NotFound):
                wrong()
        with pytest.raises(errors.NotFound):
            reports.by_reference(session, newsroom.site, "nonsense")


def test_numbers_beyond_32_bits_are_stored_found_and_taken_apart(newsroom: Newsroom) -> None:
    """Kind: what a large newsroom has most of, reports, events and mails, does not run out of numbers on PostgreSQL."""
    newsroom.send()
    if not newsroom.db.is_sqlite:  # which counts on by itself, with 63 bits
        with newsroom.db.write() as session:
            for table in ("report", "event", "delivery"):
                session.execute(text(f"SELECT setval('{table}_id_seq', {2**40})"))
    sent = newsroom.send(email=EMAIL, suggestion="", comment="It was opened twice.")
    case = newsroom.case_of(sent)
    with newsroom.db.read() as session:
        report = reports.by_reference(session, newsroom.site, sent.reference)
        assert report.client_id == sent.client_id
        assert session.scalars(search.matching(session, sent.reference)).all() == [case]
    newsroom.act(parting.split, case, newsroom.hire(), report.id)
    assert newsroom.owed("receipt") == [(EMAIL, "owed")]
    with newsroom.db.write() as session:
        assert privacy.erase_reader(session, EMAIL) == 1
    newsroom.assert_readers_add_up()
