"""Words that a reader wants gone: the look sees them gone, still there, or written anew."""

from __future__ import annotations

import pytest

from corrections_service.rules.workflow import State
from corrections_service.store.models import Case, FixState
from corrections_service.work.means import Work
from tests.work.conftest import Send
from tests.work.newspaper import Newspaper, decide, look, seen


@pytest.mark.parametrize(
    ("now", "state"),
    [("opened", FixState.APPLIED), ("was opened", FixState.PRESENT), ("once opened", FixState.CHANGED)],
)
def test_a_doubled_word_that_is_gone_is_what_was_wished(
    work: Work, send: Send, newspaper: Newspaper, now: str, state: FixState
) -> None:
    """The article says that the bridge was was opened; the reader marked the second of the two."""
    newspaper.words = "was opened"
    number = send("was", suggestion="", suffix=" opened in 1987 by the king, who stayed for lunch")
    with work.database.write() as session:
        session.get_one(Case, number).remove = True
    look(work)
    assert seen(work, number) == (FixState.PRESENT, State.NEW)
    decide(work, number)
    newspaper.words = now
    look(work)
    assert seen(work, number)[0] is state
