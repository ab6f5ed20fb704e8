"""Personal details are shown to an editor who asks, for a while, and the history says to whom (I4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import personal
from corrections_service.store.models import Case, Event, EventKind, now
from tests.services.newsroom import Newsroom


def is_shown(newsroom: Newsroom, case: int, editor: int) -> bool:
    """Whether this editor sees the details now."""
    with newsroom.db.read() as session:
        return personal.is_shown(session, session.get_one(Case, case), editor)


def test_who_asks_sees_them_for_a_while_and_the_history_says_who(newsroom: Newsroom, case: int, editor: int) -> None:
    colleague = newsroom.hire(email="colleague@news.example")
    version = newsroom.look(case).version
    newsroom.act(personal.show, case, editor)
    newsroom.act(personal.show, case, editor)
    assert is_shown(newsroom, case, editor)
    assert not is_shown(newsroom, case, colleague)
    assert newsroom.history(case).count(EventKind.SHOWN) == 1
    assert newsroom.look(case).version == version
    newsroom.change(Event, at=now() - personal.SHOWN_FOR - timedelta(seconds=1))
    assert not is_shown(newsroom, case, editor)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR])
def test_who_does_not_decide_is_shown_nothing(newsroom: Newsroom, case: int, role: Role) -> None:
    person = newsroom.hire(role, f"{role}@news.example")
    with pytest.raises(errors.NotPermitted):
        newsroom.act(personal.show, case, person)
    assert not is_shown(newsroom, case, person)
