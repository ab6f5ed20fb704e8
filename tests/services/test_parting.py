"""What is merged is asked for where passages differ; reports move between cases; splits and moves are undone (C10)."""

from __future__ import annotations

import pytest

from corrections_service import errors
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import cases, history, joining, parting, reports
from corrections_service.store.models import Case, Delivery, DeliveryState, Editor
from tests.services.newsroom import FERRY, Newsroom


def number_of(newsroom: Newsroom, token: str) -> int:
    with newsroom.db.read() as session:
        return reports.by_token(session, token).id


def check(newsroom: Newsroom, case: int, editor: int, into: int) -> None:
    newsroom.act(parting.check_same, case, editor, into)


def test_cases_of_different_passages_are_asked_about_and_those_of_one_are_not(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    elsewhere = newsroom.case_of(newsroom.send(url="https://news.example/other"))
    with pytest.raises(errors.DifferentPassages, match="Different passages"):
        check(newsroom, ferry, editor, case)
    with pytest.raises(errors.DifferentPassages, match="another article"):
        check(newsroom, elsewhere, editor, case)
    report = number_of(newsroom, newsroom.send().token)
    with newsroom.db.write() as session:
        actor = session.get_one(Editor, editor)
        twin = parting.split(session, history.get(session, case, actor), report, actor=actor).id
    check(newsroom, twin, editor, case)


def test_another_sites_case_is_not_found_for_a_merge_or_a_move(newsroom: Newsroom, case: int, editor: int) -> None:
    with pytest.raises(errors.NotFound):
        check(newsroom, case, editor, 999_999)
    report = number_of(newsroom, newsroom.send().token)
    with pytest.raises(errors.NotFound):
        newsroom.act(parting.move, case, editor, report, 999_999)


def test_the_articles_other_cases_are_offered_and_the_likely_ones_first(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.send(url="https://news.example/other")
    report = number_of(newsroom, newsroom.send().token)
    with newsroom.db.write() as session:
        actor = session.get_one(Editor, editor)
        twin = parting.split(session, history.get(session, case, actor), report, actor=actor).id
    with newsroom.db.read() as session:
        offered = parting.candidates(session, session.get_one(Case, case), 5)
    assert [(other.id, bool(reason)) for other, reason in offered] == [(twin, True), (ferry, False)]


def test_a_report_moves_to_another_case_and_back_with_its_reader(newsroom: Newsroom, case: int, editor: int) -> None:
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    sent = newsroom.send(email="bob@example.org")
    assert newsroom.case_of(sent) == case
    report = number_of(newsroom, sent.token)
    newsroom.act(parting.move, case, editor, report, ferry)
    assert newsroom.case_of(sent) == ferry
    assert (newsroom.look(case).readers, newsroom.look(ferry).readers) == (1, 2)
    assert newsroom.history(ferry)[-1] == "taken_over"
    newsroom.act(history.undo, case, editor)
    assert newsroom.case_of(sent) == case
    newsroom.assert_readers_add_up()
    newsroom.act(parting.move, case, editor, report, ferry)
    newsroom.decide(ferry, editor, Resolution.OPINION)
    assert ("bob@example.org", "owed") in newsroom.owed("case_resolved"), "who moved hears of the case they are in"
    with pytest.raises(errors.NothingToUndo):
        newsroom.act(history.undo, case, editor)


@pytest.mark.parametrize("told", [False, True])
def test_who_is_parted_again_is_not_told_of_the_case_they_were_merged_into(
    newsroom: Newsroom, case: int, editor: int, told: bool
) -> None:
    ferry = newsroom.case_of(newsroom.send(**FERRY, email="bob@example.org"))
    newsroom.act(joining.merge, case, editor, ferry)
    newsroom.decide(ferry, editor, Resolution.OPINION)
    if told:
        newsroom.change(Delivery, state=DeliveryState.SENT)
        with pytest.raises(errors.NothingToUndo, match="told already"):
            newsroom.act(history.undo, case, editor)
        return
    newsroom.act(history.undo, case, editor)
    assert newsroom.owed("case_resolved") == [("ann@example.org", "cancelled"), ("bob@example.org", "owed")]


def test_whose_report_is_moved_is_not_asked_what_the_former_case_asks(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    ferry, sent = newsroom.case_of(newsroom.send(**FERRY)), newsroom.send(email="bob@example.org")
    newsroom.act(cases.ask, case, editor, "Which bridge?")
    newsroom.act(parting.move, case, editor, number_of(newsroom, sent.token), ferry)
    assert newsroom.owed("case_asked") == [("ann@example.org", "owed"), ("bob@example.org", "cancelled")]
    newsroom.act(cases.ask, ferry, editor, "Which ferry?")
    newsroom.change(Delivery, state=DeliveryState.SENT)
    with pytest.raises(errors.NothingToUndo, match="told already"):
        newsroom.act(history.undo, case, editor)


def test_whose_report_is_split_off_is_not_asked_what_the_former_case_asks(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    sent = newsroom.send(email="bob@example.org")
    newsroom.act(cases.ask, case, editor, "Which bridge?")
    newsroom.act(parting.split, case, editor, number_of(newsroom, sent.token))
    assert newsroom.owed("case_asked") == [("ann@example.org", "owed"), ("bob@example.org", "cancelled")]


def test_a_move_that_is_undone_takes_the_key_back_and_is_not_undone_once_the_report_went_on(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    ferry, sent = newsroom.case_of(newsroom.send(**FERRY)), newsroom.send()
    other = newsroom.case_of(newsroom.send(url="https://news.example/other"))
    report = number_of(newsroom, sent.token)
    key = newsroom.look(case).live_key
    with newsroom.db.write() as session:
        session.get_one(Case, case).live_key = session.get_one(Case, ferry).live_key = None
    newsroom.act(parting.move, case, editor, report, ferry)
    assert newsroom.look(ferry).live_key == key
    newsroom.act(history.undo, case, editor)
    assert newsroom.look(ferry).live_key is None
    newsroom.act(parting.move, case, editor, report, ferry)
    newsroom.act(parting.move, ferry, editor, report, other)
    with pytest.raises(errors.NothingToUndo, match="moved on"):
        newsroom.act(history.undo, case, editor)
    assert newsroom.case_of(sent) == other


def test_the_only_report_does_not_move_nor_into_what_is_done_with(newsroom: Newsroom, case: int, editor: int) -> None:
    first = newsroom.send(**FERRY)
    ferry, only = newsroom.case_of(first), number_of(newsroom, first.token)
    with pytest.raises(errors.InvalidFields, match="merge the cases instead"):
        newsroom.act(parting.move, ferry, editor, only, case)
    with pytest.raises(errors.NotFound):
        newsroom.act(parting.move, case, editor, only, ferry)
    report = number_of(newsroom, newsroom.send().token)
    with pytest.raises(errors.ChangedMeanwhile):
        newsroom.act(parting.move, case, editor, report, ferry, version=99)
    newsroom.decide(ferry, editor, Resolution.OPINION)
    with pytest.raises(errors.InvalidFields, match="not done with"):
        newsroom.act(parting.move, case, editor, report, ferry)
    newsroom.assert_readers_add_up()


def test_a_split_is_undone_and_later_reports_come_to_the_first_case_again(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    sent = newsroom.send()
    with newsroom.db.write() as session:
        actor = session.get_one(Editor, editor)
        report = reports.by_token(session, sent.token).id
        own = parting.split(session, history.get(session, case, actor), report, actor=actor).id
    assert newsroom.case_of(sent) == own
    newsroom.act(history.undo, case, editor)
    assert newsroom.case_of(sent) == case
    assert (newsroom.look(own).state, newsroom.look(own).merged_into_id) == (State.MERGED, case)
    assert newsroom.case_of(newsroom.send()) == case
    newsroom.assert_readers_add_up()


def test_a_split_stays_where_somebody_worked_on_the_new_case(newsroom: Newsroom, case: int, editor: int) -> None:
    sent = newsroom.send()
    with newsroom.db.write() as session:
        actor = session.get_one(Editor, editor)
        report = reports.by_token(session, sent.token).id
        own = parting.split(session, history.get(session, case, actor), report, actor=actor).id
    newsroom.act(cases.note, own, editor, "I am asking the king.")
    with pytest.raises(errors.NothingToUndo, match="worked on meanwhile"):
        newsroom.act(history.undo, case, editor)
    assert newsroom.case_of(sent) == own
