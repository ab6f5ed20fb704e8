"""Which case a report is under: what editors merge and split, and what then stays together or apart."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import Resolution, State
from corrections_service.services import cases, history, joining, parting, readers, reports, sites
from corrections_service.store.models import Case, Report
from tests.services.newsroom import BRIDGE, FERRY, Newsroom


def test_merged_cases_count_their_readers_together(newsroom: Newsroom, case: int, editor: int) -> None:
    gone = newsroom.send()
    with newsroom.db.write() as session:
        readers.withdraw(session, reports.by_token(session, gone.token))
    target = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, case, editor, target)
    merged = newsroom.look(case)
    assert (merged.state, merged.merged_into_id, merged.readers) == (State.MERGED, target, 0)
    assert newsroom.look(target).readers == 2
    newsroom.assert_readers_add_up()
    newsroom.decide(target, editor, Resolution.OPINION)
    assert newsroom.owed("case_resolved") == [("ann@example.org", "owed")]
    assert newsroom.send().readers == 1


def test_cases_merge_only_with_others_of_the_site(newsroom: Newsroom, case: int, editor: int) -> None:
    target = newsroom.case_of(newsroom.send(**FERRY))
    with newsroom.db.write() as session:
        other = sites.create(session, name="Other", origins=["https://news.example"], desk="desk@other.example")
    both = Newsroom(newsroom.db, other)
    both.hire(email="editor@news.example")
    foreign = both.case_of(both.send())
    newsroom.act(joining.merge, newsroom.case_of(newsroom.send(url="https://news.example/x")), editor, target)
    merged = newsroom.case_of(newsroom.send()) + 2
    for into in (case, foreign):
        with pytest.raises(errors.InvalidFields):
            newsroom.act(joining.merge, case, editor, into)
    with pytest.raises(errors.NotFound):
        newsroom.act(joining.merge, case, editor, merged + 1000)


def test_two_that_are_merged_into_each_other_at_once_leave_one(newsroom: Newsroom, case: int, editor: int) -> None:
    other = newsroom.case_of(newsroom.send(**FERRY))
    together = threading.Barrier(2)

    def merge(pair: tuple[int, int]) -> bool:
        together.wait()
        try:
            newsroom.act(joining.merge, pair[0], editor, pair[1])
        except errors.CorrectionsError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(merge, ((case, other), (other, case)))) == [False, True]
    newsroom.assert_readers_add_up()


def test_a_merge_is_undone_with_every_reader_back_in_place(newsroom: Newsroom, case: int, editor: int) -> None:
    target = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, case, editor, target)
    late = newsroom.send(**FERRY)
    with newsroom.db.write() as session:
        mine = session.scalars(select(Report).order_by(Report.id)).first()
        assert mine is not None
    newsroom.act(history.undo, case, editor)
    assert (newsroom.look(case).state, newsroom.look(case).readers) == (State.NEW, 1)
    assert newsroom.case_of(late) == target
    assert newsroom.look(target).readers == 2
    newsroom.assert_readers_add_up()
    assert newsroom.send().readers == 2


def test_a_reader_who_withdrew_after_a_merge_stays_withdrawn_after_its_undo(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    leaving = newsroom.send()
    target = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, case, editor, target)
    with newsroom.db.write() as session:
        readers.withdraw(session, reports.by_token(session, leaving.token))
    newsroom.act(history.undo, case, editor)
    assert newsroom.look(case).readers == 1
    newsroom.assert_readers_add_up()


def test_a_merged_case_that_is_reopened_has_its_reports_again(newsroom: Newsroom, case: int, editor: int) -> None:
    target = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, case, editor, target)
    newsroom.act(cases.reopen, case, editor)
    assert (newsroom.look(case).state, newsroom.look(case).readers, newsroom.look(target).readers) == (State.OPEN, 1, 1)
    with pytest.raises(errors.NothingToUndo):
        newsroom.act(history.undo, case, editor)
    newsroom.assert_readers_add_up()


def test_a_case_whose_target_was_merged_in_turn_waits_for_that(newsroom: Newsroom, case: int, editor: int) -> None:
    middle = newsroom.case_of(newsroom.send(**FERRY))
    last = newsroom.case_of(newsroom.send(url="https://news.example/x"))
    newsroom.act(joining.merge, case, editor, middle)
    newsroom.act(joining.merge, middle, editor, last)
    for act in (history.undo, cases.reopen):
        with pytest.raises(errors.NothingToUndo):
            newsroom.act(act, case, editor)
    newsroom.act(cases.reopen, middle, editor)
    newsroom.act(cases.reopen, case, editor)
    newsroom.assert_readers_add_up()


def test_a_report_can_be_given_a_case_of_its_own(newsroom: Newsroom, case: int, editor: int) -> None:
    second = newsroom.send(comment="The year is wrong too.", email="bob@example.org")
    with newsroom.db.read() as session:
        report = reports.by_token(session, second.token).id
    own = newsroom.act(parting.split, case, editor, report).id
    assert newsroom.case_of(second) == own
    assert (newsroom.look(own).readers, newsroom.look(own).comment) == (1, "The year is wrong too.")
    assert newsroom.history(own) == ["split_off"]
    newsroom.assert_readers_add_up()
    newsroom.decide(own, editor, Resolution.OPINION)
    assert newsroom.owed("case_resolved") == [("bob@example.org", "owed")]
    with pytest.raises(errors.InvalidFields):
        newsroom.act(parting.split, case, editor, 1)
    with pytest.raises(errors.NotFound):
        newsroom.act(parting.split, case, editor, report)


def test_a_withdrawn_report_that_is_split_off_counts_nobody(newsroom: Newsroom, case: int, editor: int) -> None:
    gone = newsroom.send()
    with newsroom.db.write() as session:
        report = reports.by_token(session, gone.token)
        readers.withdraw(session, report)
        number = report.id
    newsroom.act(parting.split, case, editor, number)
    newsroom.assert_readers_add_up()


def test_what_editors_joined_stays_joined_for_those_who_report_it_later(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    target = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, case, editor, target)
    assert newsroom.case_of(newsroom.send()) == target
    otherwise = {"exact": "opend in 1987", "prefix": f"{BRIDGE['prefix']}was ", "suggestion": "opened in 1987"}
    assert newsroom.case_of(newsroom.send(**otherwise)) == target
    last = newsroom.case_of(newsroom.send(url="https://news.example/x"))
    newsroom.act(joining.merge, target, editor, last)
    assert newsroom.case_of(newsroom.send()) == last
    newsroom.act(cases.reopen, target, editor)
    newsroom.act(cases.reopen, case, editor)
    assert newsroom.case_of(newsroom.send()) == case
    newsroom.assert_readers_add_up()


def test_a_report_of_what_was_joined_opens_a_new_case_once_that_is_decided(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    target = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, case, editor, target)
    newsroom.decide(target, editor, Resolution.OPINION)
    again = newsroom.case_of(newsroom.send())
    assert again not in (case, target)
    assert newsroom.case_of(newsroom.send()) == again
    newsroom.assert_readers_add_up()


def test_what_an_editor_parted_stays_parted_for_those_who_report_it_later(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    other = {"exact": "opend in 1987", "prefix": f"{BRIDGE['prefix']}was ", "suggestion": "inaugurated in 1987"}
    second = newsroom.send(**other)
    assert newsroom.case_of(second) == case
    with newsroom.db.read() as session:
        report = reports.by_token(session, second.token).id
    own = newsroom.act(parting.split, case, editor, report).id
    assert newsroom.case_of(newsroom.send(**other)) == own
    assert newsroom.case_of(newsroom.send()) == case
    doubtful = newsroom.send(**{**BRIDGE, "suggestion": "was built in 1987"})
    assert newsroom.case_of(doubtful) not in (case, own)
    assert newsroom.history(newsroom.case_of(doubtful)) == ["suggested", "reported"]
    newsroom.assert_readers_add_up()


def test_the_first_report_that_is_split_off_takes_its_words_along(newsroom: Newsroom, case: int, editor: int) -> None:
    other = {"exact": "opend in 1987", "prefix": f"{BRIDGE['prefix']}was ", "suggestion": "opened in 1987"}
    second = newsroom.send(**other)
    assert newsroom.case_of(second) == case
    with newsroom.db.read() as session:
        first = session.get_one(Case, case).reports[0].id
    own = newsroom.act(parting.split, case, editor, first).id
    assert newsroom.case_of(newsroom.send()) == own
    assert newsroom.case_of(newsroom.send(**other)) == case
    newsroom.assert_readers_add_up()
