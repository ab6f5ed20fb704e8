"""What editors do with a case: alone, by their role, on the version they saw, and with a way back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import Decision, Resolution, Role, State
from corrections_service.services import cases, corrections, history, joining, looks, outbox, reports, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Correction, Editor, Event, FixState, Report, now
from tests.services.newsroom import BRIDGE, FERRY, Newsroom

SILENT = {"why_silent": "a letter is missing; the year stays"}
NOTICE = {"wrong": "opend in 1987", "right": "opened in 1978", "notice": "The bridge was opened in 1978, not in 1987."}


@pytest.fixture
def editor(newsroom: Newsroom) -> int:
    """An editor of the site."""
    return newsroom.hire()


@pytest.fixture
def case(newsroom: Newsroom) -> int:
    """A new case with one reader, who asked for an answer."""
    return newsroom.case_of(newsroom.send(email="ann@example.org"))


def see(newsroom: Newsroom, case: int, state: FixState, before: str = "", after: str = "") -> None:
    with newsroom.db.write() as session:
        looks.see_fix(session, session.get_one(Case, case), state, before, after)


def public(newsroom: Newsroom) -> list[str]:
    """The texts in the public log, once the time for undoing is over."""
    with newsroom.db.write() as session:
        for one in session.scalars(select(Correction)):
            assert one.published_at is not None
            one.published_at -= corrections.UNDO + timedelta(seconds=1)
    with newsroom.db.read() as session:
        return [one.text for one in corrections.log(session, newsroom.site)[0]]


def test_a_case_is_taken_and_given_back(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.act(cases.claim, case, editor)
    newsroom.act(cases.claim, case, editor)
    assert (newsroom.look(case).state, newsroom.look(case).assignee_id) == (State.OPEN, editor)
    newsroom.act(cases.release, case, editor)
    newsroom.act(cases.release, case, editor)
    assert newsroom.look(case).assignee_id is None
    assert newsroom.history(case) == ["reported", "claimed", "released"]


def test_of_two_who_take_a_case_at_once_one_is_told_who_has_it(newsroom: Newsroom, case: int) -> None:
    two = [newsroom.hire(email=f"{name}@news.example") for name in ("ada", "bob")]
    for _round in range(5):
        version, together = newsroom.look(case).version, threading.Barrier(2)

        def claim(editor: int, version: int = version, together: threading.Barrier = together) -> str:
            together.wait()
            try:
                newsroom.act(cases.claim, case, editor, version=version)
            except errors.AlreadyTaken as error:
                return error.detail
            return "mine"

        with ThreadPoolExecutor(2) as pool:
            told = dict(zip(two, pool.map(claim, two), strict=True))
        winner = newsroom.look(case).assignee_id
        assert winner is not None
        names = {two[0]: "ada@news.example", two[1]: "bob@news.example"}
        assert told[winner] == "mine"
        assert [said for editor, said in told.items() if editor != winner] == [f"{names[winner]} has taken this case."]
        newsroom.act(cases.release, case, winner)


def test_what_was_changed_meanwhile_is_not_written_over(newsroom: Newsroom, case: int, editor: int) -> None:
    seen = newsroom.look(case).version
    newsroom.act(cases.claim, case, editor)
    decision = Decision(Resolution.OPINION)
    acts: list[tuple[Any, tuple[Any, ...]]] = [
        (cases.release, ()),
        (cases.ask, ("Where?",)),
        (cases.snooze, (now() + timedelta(days=1),)),
        (cases.decide, (decision,)),
        (cases.close, ()),
        (cases.reopen, ("",)),
        (cases.mark_spam, ()),
        (cases.not_spam, ()),
        (joining.merge, (case,)),
    ]
    for act, values in acts:
        with pytest.raises(errors.ChangedMeanwhile):
            newsroom.act(act, case, editor, *values, version=seen)
    assert newsroom.history(case) == ["reported", "claimed"]


def test_two_decisions_at_once_are_one_decision(newsroom: Newsroom, case: int, editor: int) -> None:
    version, together = newsroom.look(case).version, threading.Barrier(3)

    def decide(resolution: Resolution) -> bool:
        together.wait()
        try:
            newsroom.act(cases.decide, case, editor, Decision(resolution), version=version)
        except (errors.ChangedMeanwhile, errors.StorageBusy):
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(decide, (Resolution.OPINION, Resolution.NOT_AN_ERROR, Resolution.WONT_CHANGE)))
    assert sum(done) == 1
    assert newsroom.owed("case_resolved") == [("ann@example.org", "owed")]


def test_people_of_other_sites_find_nothing(newsroom: Newsroom, case: int) -> None:
    with newsroom.db.write() as session:
        other = sites.create(session, name="Other", origins=["https://other.example"], desk="desk@other.example")
    stranger = Newsroom(newsroom.db, other).hire(Role.ADMIN)
    with pytest.raises(errors.NotFound):
        newsroom.act(cases.claim, case, stranger)
    with pytest.raises(errors.NotFound), newsroom.db.write() as session:
        cases.claim(session, session.get_one(Case, case), actor=session.get_one(Editor, stranger))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR])
def test_who_is_no_editor_changes_nothing(newsroom: Newsroom, case: int, role: Role) -> None:
    person = newsroom.hire(role)
    decision = Decision(Resolution.OPINION)
    for act, values in ((cases.claim, ()), (cases.decide, (decision,)), (joining.split, (1,)), (history.undo, ())):
        with pytest.raises(errors.NotPermitted):
            newsroom.act(act, case, person, *values)
    assert newsroom.history(case) == ["reported"]


def test_authors_note_and_have_the_article_read_again(newsroom: Newsroom, case: int) -> None:
    author = newsroom.hire(Role.AUTHOR)
    newsroom.act(cases.note, case, author, " I asked the harbour master. ")
    newsroom.act(cases.ask_for_look, case, author)
    with pytest.raises(errors.InvalidFields):
        newsroom.act(cases.note, case, author, " ")
    with newsroom.db.read() as session:
        noted = session.scalars(select(Event).where(Event.kind == "noted")).one()
    assert (noted.data, noted.actor_id) == ({"text": "I asked the harbour master."}, author)


def test_no_decision_closes_the_case_and_answers_once(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.send(email="bob@example.org")
    newsroom.send(email="ann@example.org")
    newsroom.send()
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR, reason=" The sign says so. ")
    closed = newsroom.look(case)
    assert (closed.state, closed.resolution, closed.live_key) == (State.CLOSED, Resolution.NOT_AN_ERROR, None)
    assert closed.decided_at is not None
    assert sorted(newsroom.owed("case_resolved")) == [("ann@example.org", "owed"), ("bob@example.org", "owed")]
    with pytest.raises(errors.AlreadyClosed):
        newsroom.decide(case, editor, Resolution.OPINION)


def test_a_change_of_a_fact_is_no_typo_without_a_reason(newsroom: Newsroom, editor: int) -> None:
    number = newsroom.case_of(newsroom.send(suggestion="was opened in 1978"))
    with pytest.raises(errors.GuardedChange) as refused:
        newsroom.decide(number, editor, Resolution.FIXED)
    assert "number" in refused.value.reasons
    newsroom.decide(number, editor, Resolution.FIXED, why_silent="The caption had it right.")
    assert newsroom.look(number).state is State.FIXING


@pytest.mark.parametrize(
    ("resolution", "least"),
    [
        (Resolution.CORRECTED, Role.EDITOR),
        (Resolution.UPDATED, Role.EDITOR),
        (Resolution.CLARIFIED, Role.STANDARDS),
        (Resolution.EDITORS_NOTE, Role.STANDARDS),
        (Resolution.WITHDRAWN, Role.ADMIN),
    ],
)
def test_a_notice_needs_the_role_that_the_rules_name(
    newsroom: Newsroom, case: int, resolution: Resolution, least: Role
) -> None:
    people = {role: newsroom.hire(role) for role in (Role.EDITOR, Role.STANDARDS, Role.ADMIN)}
    for role, person in people.items():
        if not role.covers(least):
            with pytest.raises(errors.NeedsApproval):
                newsroom.decide(case, person, resolution, **NOTICE)
    newsroom.decide(case, people[least], resolution, **NOTICE)
    assert newsroom.look(case).resolution is resolution
    assert public(newsroom) == [NOTICE["notice"]]


def test_a_site_may_ask_for_another_role(newsroom: Newsroom, case: int, editor: int) -> None:
    with newsroom.db.write() as session:
        sites.by_key(session, newsroom.site.key).policy = {"approvers": {"corrected": "admin", "clarified": "editor"}}
    with pytest.raises(errors.NeedsApproval):
        newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.decide(case, editor, Resolution.CLARIFIED, **NOTICE)


def test_a_correction_called_by_a_soft_word_is_refused(newsroom: Newsroom, case: int, editor: int) -> None:
    with pytest.raises(errors.InvalidFields):
        newsroom.decide(case, editor, Resolution.CORRECTED, **{**NOTICE, "notice": "The article was updated."})
    with pytest.raises(errors.InvalidFields):
        newsroom.decide(case, editor, Resolution.CORRECTED, **{**NOTICE, "right": " "})
    assert newsroom.history(case) == ["reported"]


def test_readers_hear_when_the_page_has_changed_and_only_then(newsroom: Newsroom, case: int, editor: int) -> None:
    see(newsroom, case, FixState.PRESENT, before="The bridge was opend in 1987.")
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    assert newsroom.owed("case_resolved") == []
    see(newsroom, case, FixState.PRESENT, before="The bridge was opend in 1987.")
    see(newsroom, case, FixState.UNREACHABLE)
    see(newsroom, case, FixState.APPLIED, after="The bridge was opened in 1987.")
    see(newsroom, case, FixState.APPLIED, after="The bridge was opened in 1987.")
    closed = newsroom.look(case)
    assert (closed.state, closed.fix_before) == (State.CLOSED, "The bridge was opend in 1987.")
    assert closed.fix_after == "The bridge was opened in 1987."
    assert newsroom.owed("case_resolved") == [("ann@example.org", "owed")]
    assert newsroom.history(case) == ["reported", "rechecked", "decided", "rechecked", "fix_seen"]


def test_a_look_does_not_make_an_open_form_stale(newsroom: Newsroom, case: int, editor: int) -> None:
    seen = newsroom.look(case).version
    see(newsroom, case, FixState.PRESENT, before="The bridge was opend in 1987.")
    newsroom.act(cases.claim, case, editor, version=seen)


def test_wrong_words_that_come_back_open_the_case_again(newsroom: Newsroom, case: int, editor: int) -> None:
    see(newsroom, case, FixState.PRESENT, before="The bridge was opend in 1987.")
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    see(newsroom, case, FixState.GONE)
    see(newsroom, case, FixState.PRESENT)
    assert (newsroom.look(case).state, newsroom.look(case).resolution) == (State.OPEN, None)
    assert newsroom.send().readers == 2


def test_a_decided_case_can_be_closed_by_hand(newsroom: Newsroom, case: int, editor: int) -> None:
    with pytest.raises(errors.InvalidFields):
        newsroom.act(cases.close, case, editor)
    newsroom.decide(case, editor, Resolution.FIXED, reason="Thank you.", **SILENT)
    newsroom.act(cases.close, case, editor)
    assert newsroom.look(case).state is State.CLOSED
    assert newsroom.owed("case_resolved") == [("ann@example.org", "owed")]
    with newsroom.db.read() as session:
        assert cases.decided_reason(session, session.get_one(Case, case)) == "Thank you."


def test_a_question_goes_to_readers_who_can_be_reached(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.act(cases.snooze, case, editor, now() + timedelta(days=1))
    newsroom.act(cases.ask, case, editor, "Which bridge?")
    assert (newsroom.look(case).state, newsroom.look(case).snoozed_until) == (State.WAITING, None)
    assert newsroom.owed("case_asked") == [("ann@example.org", "owed")]
    silent = newsroom.case_of(newsroom.send(**FERRY))
    for number, question in ((silent, "Which ferry?"), (case, " ")):
        with pytest.raises(errors.InvalidFields):
            newsroom.act(cases.ask, number, editor, question)


def test_a_case_put_aside_comes_back_in_time(newsroom: Newsroom, case: int, editor: int) -> None:
    with pytest.raises(errors.InvalidFields):
        newsroom.act(cases.snooze, case, editor, now() - timedelta(seconds=1))
    newsroom.act(cases.snooze, case, editor, now() + timedelta(hours=1))
    with newsroom.db.write() as session:
        assert cases.wake(session) == 0
    newsroom.change(Case, snoozed_until=now() - timedelta(seconds=1))
    with newsroom.db.write() as session:
        assert cases.wake(session) == 1
    assert (newsroom.look(case).state, newsroom.look(case).snoozed_until) == (State.OPEN, None)
    assert newsroom.history(case)[-1] == "woken"


def test_spam_goes_to_its_view_and_comes_back(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.act(cases.mark_spam, case, editor)
    assert newsroom.look(case).state is State.SPAM
    with pytest.raises(errors.AlreadyClosed):
        newsroom.act(cases.snooze, case, editor, now() + timedelta(days=1))
    newsroom.act(cases.not_spam, case, editor)
    newsroom.act(cases.not_spam, case, editor)
    assert newsroom.look(case).state is State.NEW


def test_a_closed_case_is_not_hidden_as_spam(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.OPINION)
    with pytest.raises(errors.AlreadyClosed):
        newsroom.act(cases.mark_spam, case, editor)


def test_a_closed_case_can_be_taken_up_again(newsroom: Newsroom, case: int, editor: int) -> None:
    with pytest.raises(errors.NotClosed):
        newsroom.act(cases.reopen, case, editor)
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    assert public(newsroom) == [NOTICE["notice"]]
    newsroom.act(cases.reopen, case, editor, "The date is in doubt.")
    assert (newsroom.look(case).state, newsroom.look(case).resolution) == (State.OPEN, None)
    assert public(newsroom) == []


def test_a_second_decision_replaces_the_notice_of_the_first(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.decide(case, editor, Resolution.CORRECTED, **{**NOTICE, "notice": "It was opened in 1979."})
    assert public(newsroom) == ["It was opened in 1979."]


def test_merged_cases_count_their_readers_together(newsroom: Newsroom, case: int, editor: int) -> None:
    gone = newsroom.send()
    with newsroom.db.write() as session:
        reports.withdraw(session, reports.by_token(session, gone.token))
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
        reports.withdraw(session, reports.by_token(session, leaving.token))
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
    own = newsroom.act(joining.split, case, editor, report).id
    assert newsroom.case_of(second) == own
    assert (newsroom.look(own).readers, newsroom.look(own).comment) == (1, "The year is wrong too.")
    assert newsroom.history(own) == ["split_off"]
    newsroom.assert_readers_add_up()
    newsroom.decide(own, editor, Resolution.OPINION)
    assert newsroom.owed("case_resolved") == [("bob@example.org", "owed")]
    with pytest.raises(errors.InvalidFields):
        newsroom.act(joining.split, case, editor, 1)
    with pytest.raises(errors.NotFound):
        newsroom.act(joining.split, case, editor, report)


def test_a_withdrawn_report_that_is_split_off_counts_nobody(newsroom: Newsroom, case: int, editor: int) -> None:
    gone = newsroom.send()
    with newsroom.db.write() as session:
        report = reports.by_token(session, gone.token)
        reports.withdraw(session, report)
        number = report.id
    newsroom.act(joining.split, case, editor, number)
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
    own = newsroom.act(joining.split, case, editor, report).id
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
    own = newsroom.act(joining.split, case, editor, first).id
    assert newsroom.case_of(newsroom.send()) == own
    assert newsroom.case_of(newsroom.send(**other)) == case
    newsroom.assert_readers_add_up()


UNDONE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "claimed": (cases.claim, ()),
    "asked": (cases.ask, ("Which bridge?",)),
    "snoozed": (cases.snooze, (now() + timedelta(days=1),)),
    "decided": (cases.decide, (Decision(Resolution.CORRECTED, **NOTICE),)),
    "refused": (cases.decide, (Decision(Resolution.OPINION),)),
    "spam": (cases.mark_spam, ()),
}


@pytest.mark.parametrize("kind", UNDONE)
def test_each_change_is_undone_with_what_it_owed(newsroom: Newsroom, case: int, editor: int, kind: str) -> None:
    columns = [column.name for column in Case.__table__.c if column.name not in ("version", "updated_at")]
    before = newsroom.look(case)
    act, values = UNDONE[kind]
    newsroom.act(act, case, editor, *values)
    newsroom.act(history.undo, case, editor)
    after = newsroom.look(case)
    assert {name: getattr(after, name) for name in columns} == {name: getattr(before, name) for name in columns}
    assert [state for _, state in newsroom.owed("case_resolved") + newsroom.owed("case_asked")] in ([], ["cancelled"])
    assert public(newsroom) == []
    assert newsroom.send().readers == 2
    with pytest.raises(errors.NothingToUndo):
        newsroom.act(history.undo, case, editor)


@pytest.mark.parametrize("act", [cases.release, cases.not_spam, cases.close])
def test_the_ways_back_are_undone_too(newsroom: Newsroom, case: int, editor: int, act: Any) -> None:
    first: dict[Any, tuple[Any, tuple[Any, ...]]] = {
        cases.release: (cases.claim, ()),
        cases.not_spam: (cases.mark_spam, ()),
        cases.close: (cases.decide, (Decision(Resolution.CORRECTED, **NOTICE),)),
    }
    way, values = first[act]
    newsroom.act(way, case, editor, *values)
    before = newsroom.look(case)
    newsroom.act(act, case, editor)
    newsroom.act(history.undo, case, editor)
    after = newsroom.look(case)
    assert (after.state, after.assignee_id, after.resolution) == (before.state, before.assignee_id, before.resolution)


def test_undoing_a_reopening_puts_the_notice_back(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.act(cases.reopen, case, editor)
    newsroom.act(history.undo, case, editor)
    assert newsroom.look(case).resolution is Resolution.CORRECTED
    assert public(newsroom) == [NOTICE["notice"]]


def test_undoing_a_second_decision_puts_the_first_notice_back(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.decide(case, editor, Resolution.CORRECTED, **{**NOTICE, "notice": "It was opened in 1979."})
    newsroom.act(history.undo, case, editor)
    assert public(newsroom) == [NOTICE["notice"]]


def test_undoing_a_close_leaves_a_new_case_of_the_same_error_alone(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.OPINION)
    newer = newsroom.case_of(newsroom.send())
    newsroom.act(history.undo, case, editor)
    assert newsroom.look(case).state is State.NEW
    assert newsroom.case_of(newsroom.send()) in (case, newer)
    newsroom.assert_readers_add_up()


def test_a_decision_that_readers_were_told_of_is_not_undone(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.OPINION)
    with newsroom.db.write() as session:
        told = [one.id for one in outbox.of_case(session, case, 100) if one.template == "case_resolved"]
        outbox.mark_sent(session, told)
    with pytest.raises(errors.NothingToUndo):
        newsroom.act(history.undo, case, editor)
    assert newsroom.look(case).state is State.CLOSED


def test_only_ones_own_last_and_recent_change_is_undone(newsroom: Newsroom, case: int, editor: int) -> None:
    other = newsroom.hire(email="bob@news.example")
    with pytest.raises(errors.NothingToUndo):
        newsroom.act(history.undo, case, editor)
    newsroom.act(cases.claim, case, editor)
    with pytest.raises(errors.NothingToUndo):
        newsroom.act(history.undo, case, other)
    newsroom.change(Event, at=now() - history.UNDO_FOR - timedelta(seconds=1))
    with pytest.raises(errors.NothingToUndo):
        newsroom.act(history.undo, case, editor)


def test_history_is_only_ever_added_to(newsroom: Newsroom, case: int, editor: int) -> None:
    def events() -> list[tuple[Any, ...]]:
        with newsroom.db.read() as session:
            found = session.scalars(select(Event).order_by(Event.id))
            return [(one.id, one.kind, one.actor_id, one.data, one.at) for one in found]

    target = newsroom.case_of(newsroom.send(**FERRY))
    steps: list[tuple[Any, tuple[Any, ...]]] = [
        (cases.claim, ()),
        (cases.note, ("Hm.",)),
        (cases.ask, ("Where?",)),
        (cases.decide, (Decision(Resolution.OPINION),)),
        (history.undo, ()),
        (cases.mark_spam, ()),
        (cases.not_spam, ()),
        (joining.merge, (target,)),
        (cases.reopen, ()),
    ]
    known = events()
    for act, values in steps:
        newsroom.act(act, case, editor, *values)
        assert events()[: len(known)] == known
        assert len(events()) > len(known)
        known = events()


def test_a_look_at_an_article_asks_of_live_cases_and_of_fixed_ones(newsroom: Newsroom, case: int, editor: int) -> None:
    refused = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.decide(refused, editor, Resolution.OPINION)
    fixed = newsroom.case_of(newsroom.send(exact="The lunch", prefix="stayed for long. ", suffix=" was cold."))
    newsroom.decide(fixed, editor, Resolution.FIXED, **SILENT)
    see(newsroom, fixed, FixState.PRESENT)
    see(newsroom, fixed, FixState.CHANGED)
    placed = {"exact": "", "prefix": "", "suffix": "", "suggestion": "", "place": "the photo", "comment": "upside down"}
    newsroom.send(**placed, kind=Kind.MEDIA)
    named = newsroom.case_of(newsroom.send(**{**placed, "place": "the king"}))
    with newsroom.db.read() as session:
        article = session.scalars(select(Article)).one()
        assert [one.id for one in looks.of_article(session, article)] == [named, case, fixed]


def test_a_read_session_can_look_at_a_case(newsroom: Newsroom, db: Database, case: int, editor: int) -> None:
    with db.read() as session:
        found = history.get(session, case, session.get_one(Editor, editor))
        assert history.readers_of(session, found) == 1
        assert [one.case_id for one in cases.reports_to_answer(session, found)] == [case]
