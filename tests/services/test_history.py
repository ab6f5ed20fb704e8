"""Who may change a case, on the version they saw, and how a change is taken back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.quotes import Quote
from corrections_service.rules.workflow import Decision, Resolution, Role, State
from corrections_service.services import answers, cases, history, joining, outbox, parting, readers, reports, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Editor, Event, FixState, now
from tests.services.newsroom import BRIDGE, FERRY, NOTICE, PRINTED, Newsroom, public, see


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


@pytest.mark.parametrize("way", ["closed", "spam", "withdrawn"])
def test_who_reported_since_is_put_away_with_no_undo(newsroom: Newsroom, editor: int, way: str) -> None:
    """Kind: the reader of a report that came meanwhile read that it was taken back, or was decided, and heard nothing."""
    sent = newsroom.send(email="ann@example.org")
    case = newsroom.case_of(sent)
    if way == "withdrawn":
        with newsroom.db.write() as session:
            readers.withdraw(session, reports.by_token(session, sent.token))
    elif way == "closed":
        newsroom.decide(case, editor, Resolution.OPINION)
    else:
        newsroom.act(cases.mark_spam, case, editor)
    newsroom.act(cases.not_spam if way == "spam" else cases.reopen, case, editor)
    newsroom.act(history.undo, case, editor)
    newsroom.act(cases.not_spam if way == "spam" else cases.reopen, case, editor)
    later = newsroom.send(email="bob@example.org")
    with newsroom.db.write() as session:
        reports.by_token(session, later.token).case_id = case  # as it does where the passage's key is free
    with pytest.raises(errors.NothingToUndo):
        newsroom.act(history.undo, case, editor)
    assert newsroom.look(case).state in (State.OPEN, State.NEW)


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
    for act, values in ((cases.claim, ()), (cases.decide, (decision,)), (parting.split, (1,)), (history.undo, ())):
        with pytest.raises(errors.NotPermitted):
            newsroom.act(act, case, person, *values)
    assert newsroom.history(case) == ["reported"]


def test_a_look_does_not_make_an_open_form_stale(newsroom: Newsroom, case: int, editor: int) -> None:
    seen = newsroom.look(case).version
    see(newsroom, case, FixState.PRESENT, before="The bridge was opend in 1987.")
    newsroom.act(cases.claim, case, editor, version=seen)


UNDONE: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "claimed": (cases.claim, ()),
    "asked": (cases.ask, ("Which bridge?",)),
    "snoozed": (cases.snooze, (now() + timedelta(days=1),)),
    "decided": (cases.decide, (Decision(Resolution.CORRECTED, **PRINTED),)),
    "refused": (cases.decide, (Decision(Resolution.OPINION),)),
    "spam": (cases.mark_spam, ()),
}


SINCE = ("version", "updated_at", "rank_at")
"""What says that something happened, also that it was taken back."""


@pytest.mark.parametrize("kind", UNDONE)
def test_each_change_is_undone_with_what_it_owed(newsroom: Newsroom, case: int, editor: int, kind: str) -> None:
    columns = [column.name for column in Case.__table__.c if column.name not in SINCE]
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
        cases.close: (cases.decide, (Decision(Resolution.CORRECTED, **PRINTED),)),
    }
    way, values = first[act]
    newsroom.act(way, case, editor, *values)
    before = newsroom.look(case)
    newsroom.act(act, case, editor)
    newsroom.act(history.undo, case, editor)
    after = newsroom.look(case)
    assert (after.state, after.assignee_id, after.resolution) == (before.state, before.assignee_id, before.resolution)


def test_undoing_a_reopening_puts_the_notice_back(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    newsroom.act(cases.reopen, case, editor)
    newsroom.act(history.undo, case, editor)
    assert newsroom.look(case).resolution is Resolution.CORRECTED
    assert public(newsroom) == [NOTICE["notice"]]


def test_undoing_a_second_decision_puts_the_first_notice_back(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    newsroom.decide(case, editor, Resolution.CORRECTED, **{**PRINTED, "notice": "It was opened in 1979."})
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


def test_a_read_session_can_look_at_a_case(newsroom: Newsroom, db: Database, case: int, editor: int) -> None:
    with db.read() as session:
        found = history.get(session, case, session.get_one(Editor, editor))
        assert history.readers_of(session, found) == 1
        assert [one.case_id for one in answers.reports_to_answer(session, found)] == [case]


def test_a_quote_is_what_its_columns_say_however_they_were_set(newsroom: Newsroom, case: int) -> None:
    """Kind: an attribute that is made of columns does not outlive them."""
    said = Quote("was opened in 1987", "The bridge ", " by the king.")
    with newsroom.db.write() as session:
        found = session.get_one(Case, case)
        assert found.quote == Quote(BRIDGE["exact"], BRIDGE["prefix"], BRIDGE["suffix"]) == found.reports[0].quote
        history.set_quietly(session, found, asdict(said))
        assert found.quote == said
        found.quote = Quote("opened")
    assert (newsroom.look(case).exact, newsroom.look(case).prefix) == ("opened", "")
    assert newsroom.look(case).quote == Quote("opened")
