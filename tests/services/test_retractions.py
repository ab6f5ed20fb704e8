"""What is said of a case without changing it has a way back too: a note, that two are apart, a case opened elsewhere (C8)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import Role, State
from corrections_service.services import cases, history, joining, people, retractions, siblings
from corrections_service.store.models import Case, Delivery, DeliveryState, EventKind, Mention, now
from tests.services.newsroom import Newsroom
from tests.services.test_siblings import OPENED, write
from tests.services.test_siblings import look as look_elsewhere


def retract(newsroom: Newsroom, case: int, editor: int, kind: EventKind) -> None:
    """Take back what was said last so, as its toast does."""
    with newsroom.db.read() as session:
        event = history.last_event(session, session.get_one(Case, case), kind)
        assert event is not None
        number = event.id
    newsroom.act(retractions.retract, case, editor, number)


def test_a_note_is_taken_back_with_the_mail_to_whom_it_names(newsroom: Newsroom, case: int, editor: int) -> None:
    for name in ("mia", "bob"):
        newsroom.hire(email=f"{name}@news.example")
    newsroom.act(cases.note, case, editor, "@bob look at this.")
    newsroom.act(cases.note, case, editor, "@mia and @bob, the wrong case!")
    retract(newsroom, case, editor, EventKind.NOTED)
    assert newsroom.owed(people.TEMPLATE) == [
        ("bob@news.example", "owed"),
        ("mia@news.example", "cancelled"),
        ("bob@news.example", "cancelled"),
    ]
    assert newsroom.count(Mention) == 1, "the first note still names Bob"
    assert newsroom.history(case)[-3:] == ["noted", "noted", "undone"]
    with pytest.raises(errors.NothingToUndo):
        retract(newsroom, case, editor, EventKind.NOTED)


def test_a_note_whose_mail_has_left_stays(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.hire(email="mia@news.example")
    newsroom.act(cases.note, case, editor, "@mia look.")
    with newsroom.db.write() as session:
        for owed in session.scalars(select(Delivery)):
            owed.state, owed.sent_at = DeliveryState.SENT, now()
    with pytest.raises(errors.NothingToUndo, match="mailed already"):
        retract(newsroom, case, editor, EventKind.NOTED)


def test_two_that_were_kept_apart_are_suggested_again(newsroom: Newsroom, case: int, editor: int) -> None:
    other = newsroom.case_of(newsroom.send(exact="king", suggestion="queen"))
    with newsroom.db.write() as session:
        history.record(session, session.get_one(Case, case), EventKind.SUGGESTED, case=other, reason="alike")
    newsroom.act(joining.keep_apart, case, editor)
    retract(newsroom, case, editor, EventKind.KEPT_APART)
    with newsroom.db.read() as session:
        alike = joining.looks_like(session, session.get_one(Case, case))
        assert alike is not None
        assert (alike[0].id, alike[1]) == (other, "alike")


def test_a_case_that_was_opened_elsewhere_is_let_go_unless_somebody_works_on_it(
    newsroom: Newsroom, editor: int
) -> None:
    case = newsroom.case_of(newsroom.send(**OPENED))
    library = write(newsroom, "library", "The library was opend in spring. It had been closed for years.")
    look_elsewhere(newsroom, case)
    number = newsroom.act(siblings.open_case, case, editor, library)
    retract(newsroom, case, editor, EventKind.SIBLING)
    assert newsroom.look(number).state is State.CLOSED
    (place,) = look_elsewhere(newsroom, case)
    assert place["case"] is None, "it is offered again"
    again = newsroom.act(siblings.open_case, case, editor, library)
    assert again not in (number, case)
    newsroom.act(cases.claim, again, editor)
    with pytest.raises(errors.NothingToUndo, match="worked on"):
        retract(newsroom, case, editor, EventKind.SIBLING)
    newsroom.assert_readers_add_up()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR, Role.EDITOR, Role.ADMIN])
def test_nobody_takes_back_what_another_said(newsroom: Newsroom, case: int, editor: int, role: Role) -> None:
    newsroom.act(cases.note, case, editor, "Mine.")
    with pytest.raises((errors.NothingToUndo, errors.NotPermitted)):
        retract(newsroom, case, newsroom.hire(role, "other@news.example"), EventKind.NOTED)


@pytest.mark.parametrize("kind", [EventKind.REPORTED, EventKind.CLAIMED])
def test_what_changed_the_case_or_came_by_itself_is_not_taken_back_so(
    newsroom: Newsroom, case: int, editor: int, kind: EventKind
) -> None:
    newsroom.act(cases.claim, case, editor)
    with pytest.raises(errors.NothingToUndo):
        retract(newsroom, case, editor, kind)
