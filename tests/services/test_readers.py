"""What readers do with their reports: take them back, disagree, answer, have them and their address forgotten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import cases, forgetting, outbox, readers, reports
from corrections_service.store.models import Case, Delivery, Event, Reader, Report
from tests.services.newsroom import BRIDGE, NOTICE, PRINTED, Newsroom, public

EMAIL = "ann@example.org"


def do(newsroom: Newsroom, sent: reports.Submitted, function: Callable[..., None], *values: object) -> None:
    with newsroom.db.write() as session:
        function(session, reports.by_token(session, sent.token), *values)


def test_a_case_closes_when_its_last_reader_withdraws(newsroom: Newsroom) -> None:
    one, two = newsroom.send(), newsroom.send()
    number = newsroom.case_of(one)
    do(newsroom, one, readers.withdraw)
    do(newsroom, one, readers.withdraw)
    assert (newsroom.look(number).state, newsroom.look(number).readers) == (State.NEW, 1)
    do(newsroom, two, readers.withdraw)
    case = newsroom.look(number)
    assert (case.state, case.resolution, case.readers) == (State.CLOSED, Resolution.READER_WITHDREW, 0)
    assert newsroom.send().readers == 1
    newsroom.assert_readers_add_up()


def test_a_reader_who_withdraws_does_not_undo_what_editors_decided(newsroom: Newsroom) -> None:
    sent = newsroom.send()
    number = newsroom.case_of(sent)
    newsroom.decide(number, newsroom.hire(), Resolution.FIXED, why_silent="a year stays the same")
    do(newsroom, sent, readers.withdraw)
    assert (newsroom.look(number).state, newsroom.look(number).resolution) == (State.FIXING, Resolution.FIXED)


def test_no_count_is_lost_when_readers_come_and_go_at_once(newsroom: Newsroom) -> None:
    there = [newsroom.send() for _ in range(12)]

    def busy(number: int) -> None:
        while True:
            try:
                newsroom.send() if number % 2 else do(newsroom, there[number // 2], readers.withdraw)
                return
            except (errors.StorageBusy, errors.ChangedMeanwhile):
                continue

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(busy, range(24)))
    newsroom.assert_readers_add_up()


def test_a_reader_may_disagree_once_with_a_decision(newsroom: Newsroom) -> None:
    sent = newsroom.send(email=EMAIL)
    number = newsroom.case_of(sent)
    with pytest.raises(errors.NotClosed):
        do(newsroom, sent, readers.appeal, "You did not even look.")
    newsroom.decide(number, newsroom.hire(), Resolution.NOT_AN_ERROR)
    do(newsroom, sent, readers.appeal, "Look at the photo.")
    case = newsroom.look(number)
    assert (case.state, case.resolution, case.assignee_id) == (State.OPEN, None, None)
    with pytest.raises(errors.ChangedMeanwhile):
        do(newsroom, sent, readers.appeal, "And again.")


def test_an_answer_takes_a_waiting_case_up_again(newsroom: Newsroom) -> None:
    sent = newsroom.send(email=EMAIL)
    number = newsroom.case_of(sent)
    newsroom.act(cases.ask, number, newsroom.hire(), "Which bridge do you mean?")
    assert newsroom.look(number).state is State.WAITING
    with pytest.raises(errors.InvalidFields):
        do(newsroom, sent, readers.answer, "\u200b")
    do(newsroom, sent, readers.answer, "The old one.")
    do(newsroom, sent, readers.answer, "The stone one, I mean.")
    assert newsroom.look(number).state is State.OPEN
    assert newsroom.history(number).count("answered") == 2


def test_only_an_answer_that_is_waited_for_mails_the_desk_and_every_one_is_kept(newsroom: Newsroom) -> None:
    sent = newsroom.send(email=EMAIL)
    number, editor = newsroom.case_of(sent), newsroom.hire()
    for state in (cases.mark_spam, cases.not_spam):
        newsroom.act(state, number, editor)
        do(newsroom, sent, readers.answer, "Read this advertisement.")
    assert newsroom.owed("case_turn") == []
    newsroom.act(cases.ask, number, editor, "Which bridge do you mean?")
    for _ in range(3):
        do(newsroom, sent, readers.answer, "The old one.")
    assert len(newsroom.owed("case_turn")) == 1
    assert newsroom.history(number).count("answered") == 5


def test_erasing_leaves_no_word_and_no_address_anywhere(newsroom: Newsroom) -> None:
    said = {"suggestion": "canary suggestion", "comment": "canary comment", "source_url": "https://canary.example/"}
    sent = newsroom.send(email="canary@example.org", title="canary title", **said)
    number = newsroom.case_of(sent)
    newsroom.act(cases.ask, number, newsroom.hire(), "Where?")
    do(newsroom, sent, readers.answer, "canary answer")
    newsroom.decide(number, 1, Resolution.OPINION)
    do(newsroom, sent, readers.appeal, "canary appeal")
    do(newsroom, sent, forgetting.erase)
    do(newsroom, sent, forgetting.erase)
    with newsroom.db.read() as session:
        rows = [
            [str(getattr(row, column.name)) for column in model.__table__.c]
            for model in (Report, Reader, Case, Event, Delivery)
            for row in session.scalars(select(model))
        ]
        assert "canary" not in str(rows)
        assert session.scalars(select(Report.erased_at)).one() is not None
    assert newsroom.count(Reader) == 0
    assert {state for _, state in newsroom.owed("receipt") + newsroom.owed("case_asked")} == {"cancelled"}
    newsroom.assert_readers_add_up()


def test_a_case_goes_on_in_the_words_of_the_readers_who_stay(newsroom: Newsroom) -> None:
    first = newsroom.send(comment="A canary.")
    newsroom.send(comment="It misses a letter.")
    do(newsroom, first, forgetting.erase)
    case = newsroom.look(newsroom.case_of(first))
    assert (case.comment, case.suggestion, case.readers) == ("It misses a letter.", BRIDGE["suggestion"], 1)


def test_no_mail_goes_to_a_reader_who_unsubscribed(newsroom: Newsroom) -> None:
    sent = newsroom.send(email=EMAIL)
    number = newsroom.case_of(sent)
    with newsroom.db.write() as session:
        report = reports.by_token(session, sent.token)
        forgetting.stop_mail(session, report.id)
        forgetting.stop_mail(session, report.id)
    newsroom.decide(number, newsroom.hire(), Resolution.OPINION)
    assert newsroom.owed("case_resolved") == []
    with newsroom.db.write() as session:
        assert [one.template for one in outbox.claim(session, "worker")] == ["case_new"]


def test_nothing_is_published_of_a_decision_that_a_reader_disagrees_with(newsroom: Newsroom) -> None:
    """Kind: a notice that waited for its moment became public while the case was open again, and said nothing of that."""
    sent = newsroom.send()
    case, editor = newsroom.case_of(sent), newsroom.hire()
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.act(cases.close, case, editor, "It stood in print.")
    do(newsroom, sent, lambda session, report: readers.appeal(session, report, "It was 1979."))
    assert newsroom.look(case).state is State.OPEN
    assert public(newsroom) == []
    newsroom.decide(case, newsroom.hire(email="bob@news.example"), Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == [PRINTED["notice"]]
