"""The article is read again: what stands there decides, and what cannot be seen decides nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corrections_service.rules.workflow import State
from corrections_service.store.models import FixState
from corrections_service.work import rechecks
from corrections_service.work.means import Work
from tests.work.newspaper import AFTER, BEFORE, RIGHT, WRONG, Newspaper, decide, enqueued, look, owed, seen


def test_a_fix_is_seen_closes_the_case_and_tells_the_reader_once(
    work: Work, newspaper: Newspaper, send: Callable[[str], int]
) -> None:
    case = send(WRONG)
    look(work)
    assert seen(work, case) == (FixState.PRESENT, State.NEW)
    decide(work, case)
    look(work)
    assert seen(work, case) == (FixState.PRESENT, State.FIXING)
    newspaper.words = RIGHT
    look(work)
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)
    assert owed(work, "case_resolved") == 1


def test_other_words_in_their_place_are_a_change(work: Work, newspaper: Newspaper, send: Callable[[str], int]) -> None:
    case = send(WRONG)
    look(work)
    decide(work, case)
    newspaper.words = "inaugurated"
    look(work)
    assert seen(work, case) == (FixState.CHANGED, State.CLOSED)


def test_a_case_opens_again_when_the_wrong_words_come_back(
    work: Work, newspaper: Newspaper, send: Callable[[str], int]
) -> None:
    case = send(WRONG)
    look(work)
    decide(work, case)
    newspaper.words = RIGHT
    look(work)
    newspaper.words = WRONG
    look(work)
    assert seen(work, case) == (FixState.PRESENT, State.OPEN)


def test_nothing_is_concluded_where_most_of_the_article_is_missing(
    work: Work, newspaper: Newspaper, send: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = send(WRONG)
    decide(work, case)
    look(work)
    monkeypatch.setattr(newspaper, "page", lambda: f"<p>{BEFORE[:40]}… Subscribe to read on.</p>")
    look(work)
    assert seen(work, case) == (FixState.UNCLEAR, State.FIXING)
    monkeypatch.undo()
    newspaper.words = RIGHT
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)


def test_nothing_is_concluded_from_a_page_that_cannot_be_read(
    work: Work, newspaper: Newspaper, send: Callable[[str], int]
) -> None:
    case = send(WRONG)
    decide(work, case)
    newspaper.status = 503
    look(work)
    assert seen(work, case) == (FixState.UNREACHABLE, State.FIXING)


def test_a_burst_of_new_cases_is_one_look_at_their_article(
    work: Work, newspaper: Newspaper, send: Callable[[str], int]
) -> None:
    numbers = [send(f"{WRONG}{AFTER[: 3 + 7 * number]}") for number in range(8)]
    rechecks.recheck_due(work)
    rechecks.recheck_due(work)
    assert len(enqueued(work, "recheck")) == 1
    look(work)
    assert None not in {seen(work, case)[0] for case in numbers}
    rechecks.recheck_due(work)
    assert (len(enqueued(work, "recheck")), newspaper.looks) == (1, 1)


def test_a_burst_of_new_cases_wakes_the_mail_once(work: Work, send: Callable[[str], int]) -> None:
    for number in range(8):
        send(f"{WRONG}{AFTER[: 3 + 7 * number]}")
    assert owed(work, "case_new") == 8
    assert 1 <= len(enqueued(work, "deliver_due")) <= 3
