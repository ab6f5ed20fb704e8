"""Somebody is reminded of a decided case for as long as its article was not seen corrected, less and less often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from corrections_service.rules.workflow import Decision, Resolution, Role, State
from corrections_service.services import cases, clocks, freezes, history, mending, outbox, proposals
from corrections_service.store.models import Case, Delivery, FixState, Site, now
from tests.services.newsroom import NOTICE, PRINTED, Newsroom, public, see
from tests.services.test_approvals import turns
from tests.services.test_priorities import weigh

DAY = timedelta(days=1)
EDITOR, DESK = ("editor@news.example", mending.TURN), ("desk@news.example", mending.TURN)


def pass_days(newsroom: Newsroom, days: int) -> None:
    """Let so many days have passed since what was decided, and the background do what it does."""
    weigh(newsroom)
    newsroom.settle(now() - days * DAY - timedelta(minutes=1))
    newsroom.change(Case, remind_at=now() - timedelta(minutes=1))
    with newsroom.db.write() as session:
        clocks.remind(session)
    weigh(newsroom)


@pytest.fixture
def corrected(newsroom: Newsroom, case: int, editor: int) -> int:
    """A case that is decided with a notice, whose article still reads wrong."""
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    return case


def test_an_article_that_is_never_mended_is_told_after_1_day_and_then_after_twice_as_long_each_time(
    newsroom: Newsroom, corrected: int
) -> None:
    weigh(newsroom)
    decided = newsroom.look(corrected).decided_at
    assert decided is not None
    assert newsroom.look(corrected).remind_at == decided + DAY
    with newsroom.db.write() as session:
        assert clocks.remind(session) == 0
    for days, following in ((1, 3), (3, 7), (7, 15), (20, 31)):
        pass_days(newsroom, days)
        case = newsroom.look(corrected)
        assert case.decided_at is not None
        assert case.remind_at == case.decided_at + following * DAY
    assert newsroom.history(corrected).count("reminded") == 4
    assert turns(newsroom) == [*[DESK] * 3, *[EDITOR] * 4], "the desk hears from the second time on"
    assert (public(newsroom), newsroom.look(corrected).state) == ([], State.FIXING)


def test_a_desk_that_wants_no_mail_is_not_reminded(newsroom: Newsroom, corrected: int) -> None:
    newsroom.change(Site, policy={"desk_mail_off": True})
    for days in (1, 3):
        pass_days(newsroom, days)
    assert turns(newsroom) == [EDITOR, EDITOR]


@pytest.mark.parametrize("way", ["fixed", "closed", "reopened", "undone", "frozen", "asked", "timed"])
def test_nobody_is_reminded_of_what_does_not_wait_for_its_article(
    newsroom: Newsroom, corrected: int, editor: int, way: str
) -> None:
    if way == "fixed":
        see(newsroom, corrected, FixState.APPLIED, after="was opened in 1978")
    elif way == "closed":
        newsroom.act(cases.close, corrected, editor, "It stood in print.")
    elif way == "frozen":
        newsroom.act(freezes.freeze, corrected, editor, "The court has it.")
    elif way == "undone":
        newsroom.act(history.undo, corrected, editor)
    else:
        newsroom.act(cases.reopen, corrected, editor)
    if way == "asked":
        newsroom.hire(Role.STANDARDS)
        newsroom.act(proposals.propose, corrected, editor, Decision(Resolution.CLARIFIED, **NOTICE))
    if way == "timed":
        note = Decision(Resolution.EDITORS_NOTE, **PRINTED)
        newsroom.act(cases.decide, corrected, newsroom.hire(Role.STANDARDS), note, publish_at=now() + DAY)
        assert newsroom.look(corrected).state is State.FIXING
    pass_days(newsroom, 5)
    assert "reminded" not in newsroom.history(corrected)


def test_a_fix_that_an_editor_calls_none_is_waited_for_again(newsroom: Newsroom, corrected: int, editor: int) -> None:
    see(newsroom, corrected, FixState.APPLIED, after="was opened in 1978")
    newsroom.act(history.undo, corrected, editor)
    pass_days(newsroom, 1)
    assert turns(newsroom) == [EDITOR]


def test_what_was_decided_anew_is_waited_for_from_then_on(newsroom: Newsroom, corrected: int, editor: int) -> None:
    pass_days(newsroom, 3)
    newsroom.act(cases.reopen, corrected, editor)
    newsroom.decide(corrected, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.change(Case, remind_at=now() - timedelta(minutes=1))
    with newsroom.db.write() as session:
        clocks.remind(session)
    weigh(newsroom)
    assert turns(newsroom) == [EDITOR], "of the first decision alone"
    again = newsroom.look(corrected)
    assert again.decided_at is not None
    assert again.remind_at == again.decided_at + DAY


@pytest.mark.parametrize("way", ["seen", "reopened", "lost"])
def test_a_reminder_that_waited_goes_only_where_the_fix_was_not_seen(
    newsroom: Newsroom, corrected: int, editor: int, way: str
) -> None:
    pass_days(newsroom, 1)
    if way == "reopened":
        newsroom.act(cases.reopen, corrected, editor)
    else:
        newsroom.change(Case, fixed_at=now(), fix_state=FixState.APPLIED if way == "seen" else FixState.PRESENT)
    with newsroom.db.write() as session:
        owed = session.scalars(select(Delivery).where(Delivery.template == outbox.TURN)).one()
        assert outbox.is_overtaken(session, owed) is (way != "lost")
