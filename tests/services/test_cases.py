"""What editors do with a case: alone, and by their role."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import Decision, Resolution, Role, State
from corrections_service.services import answers, cases, looks, sites
from corrections_service.store.models import Article, Case, Event, FixState, Site, now
from tests.services.newsroom import ALONE, FERRY, NOTICE, PRINTED, SILENT, Newsroom, public, see


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
    newsroom.change(Site, policy=ALONE)
    people = {role: newsroom.hire(role) for role in (Role.EDITOR, Role.STANDARDS, Role.ADMIN)}
    for role, person in people.items():
        if not role.covers(least):
            with pytest.raises(errors.NeedsApproval):
                newsroom.decide(case, person, resolution, **NOTICE)
    newsroom.decide(case, people[least], resolution, **PRINTED)
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
        assert answers.decided_reason(session, session.get_one(Case, case)) == "Thank you."


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
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == [NOTICE["notice"]]
    newsroom.act(cases.reopen, case, editor, "The date is in doubt.")
    assert (newsroom.look(case).state, newsroom.look(case).resolution) == (State.OPEN, None)
    assert public(newsroom) == [NOTICE["notice"]]  # until it is decided anew


def test_a_second_decision_replaces_the_notice_of_the_first(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    newsroom.decide(case, editor, Resolution.CORRECTED, **{**PRINTED, "notice": "It was opened in 1979."})
    assert public(newsroom) == ["It was opened in 1979."]


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
