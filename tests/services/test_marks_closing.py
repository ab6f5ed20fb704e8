"""What readers and the public are told when a case closes, and by whom it may be closed, is what was seen or vouched for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import Decision, Resolution, Role, State
from corrections_service.services import answers, cases, entries, history, proposals, readers
from corrections_service.store.models import Case, Entry, FixState, Report, Site, now
from tests.services.newsroom import ALONE, NOTICE, PRINTED, SILENT, Newsroom, public, see

WRONG, RIGHT = "The bridge was opend in 1987.", "The bridge was opened in 1987."


def entered(newsroom: Newsroom) -> list[str]:
    """What the chain of the public log says, in order."""
    with newsroom.db.read() as session:
        return [str(kind) for kind in session.scalars(select(Entry.kind).order_by(Entry.number))]


def reason(newsroom: Newsroom, case: int) -> str:
    """What readers are told why."""
    with newsroom.db.read() as session:
        return answers.decided_reason(session, session.get_one(Case, case))


def answer(newsroom: Newsroom, case: int, act: Any, *words: str) -> None:
    """Let the reader of the case's only report do this."""
    with newsroom.db.write() as session:
        act(session, session.scalars(select(Report).where(Report.case_id == case)).one(), *words)


def test_a_case_whose_wrong_words_were_seen_last_is_closed_by_hand_only_with_a_reason(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    newsroom.decide(case, editor, Resolution.FIXED, **SILENT)
    see(newsroom, case, FixState.PRESENT, before=WRONG)
    with pytest.raises(errors.InvalidFields) as refused:
        newsroom.act(cases.close, case, editor)
    assert set(refused.value.fields) == {"why"}
    newsroom.act(cases.close, case, editor, "The page is a copy; the paper reads right.")
    assert newsroom.look(case).state is State.CLOSED


@pytest.mark.parametrize("resolution", [Resolution.UPDATED, Resolution.WITHDRAWN])
def test_no_reader_is_told_that_the_article_reads_otherwise_before_that_was_seen(
    newsroom: Newsroom, case: int, resolution: Resolution
) -> None:
    newsroom.change(Site, policy=ALONE)
    see(newsroom, case, FixState.PRESENT, before=WRONG)
    newsroom.decide(case, newsroom.hire(Role.ADMIN), resolution, **PRINTED)
    assert public(newsroom) == [NOTICE["notice"]]
    assert (newsroom.look(case).state, newsroom.owed("case_resolved")) == (State.FIXING, [])
    see(newsroom, case, FixState.CHANGED, after="The bridge was opened.")
    assert (newsroom.look(case).state, len(newsroom.owed("case_resolved"))) == (State.CLOSED, 1)


def test_a_decided_case_is_neither_put_aside_nor_waits_for_an_answer(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    for act, words in ((cases.ask, "Which bridge?"), (cases.snooze, now() + timedelta(days=1))):
        with pytest.raises(errors.AlreadyClosed, match="Open it again"):
            newsroom.act(act, case, editor, words)
    assert newsroom.look(case).state is State.FIXING


def test_a_case_with_a_notice_that_was_sent_back_does_not_close_by_itself(newsroom: Newsroom, editor: int) -> None:
    newsroom.change(Site, policy={"auto_close": True})
    case, standards = newsroom.case_of(newsroom.send()), newsroom.hire(Role.STANDARDS)
    see(newsroom, case, FixState.PRESENT, before=WRONG)
    newsroom.act(proposals.propose, case, editor, Decision(Resolution.CLARIFIED, **PRINTED))
    newsroom.act(proposals.send_back, case, standards, "Shorter.")
    see(newsroom, case, FixState.APPLIED, after=RIGHT)
    assert newsroom.look(case).state is State.OPEN


def test_the_log_does_not_say_of_what_was_no_fix_that_the_article_reads_right(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    see(newsroom, case, FixState.PRESENT, before=WRONG)
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == [NOTICE["notice"]]
    see(newsroom, case, FixState.CHANGED, after="The bridge was opend.")
    newsroom.act(history.undo, case, editor)
    see(newsroom, case, FixState.CHANGED, after="The bridge was opend.")
    assert (newsroom.look(case).fixed_at, entered(newsroom)) == (None, ["published", "fixed"])
    assert entries.right_since(newsroom.look(case)) is None
    see(newsroom, case, FixState.APPLIED, after=RIGHT)
    assert (newsroom.look(case).state, entered(newsroom)) == (State.CLOSED, ["published", "fixed", "fixed"])


def test_no_reason_is_told_of_a_decision_that_stands_no_more(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.decide(case, editor, Resolution.OPINION, reason="We see it so.")
    assert reason(newsroom, case) == "We see it so."
    newsroom.act(history.undo, case, editor)
    assert reason(newsroom, case) == ""
    newsroom.decide(case, editor, Resolution.OPINION, reason="We still do.")
    answer(newsroom, case, readers.appeal, "I do not.")
    assert reason(newsroom, case) == ""
    newsroom.decide(case, newsroom.hire(Role.ADMIN), Resolution.FIXED, reason="So do we.", **SILENT)
    newsroom.act(cases.release, case, editor)
    newsroom.act(history.undo, case, editor)
    assert reason(newsroom, case) == "So do we."  # what was taken back is another thing
    newsroom.act(cases.reopen, case, editor)
    assert reason(newsroom, case) == ""
    newsroom.act(history.undo, case, editor)
    assert reason(newsroom, case) == "So do we."


def test_the_log_says_of_a_notice_that_is_looked_at_again_how_that_ended(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    newsroom.decide(case, newsroom.hire(Role.ADMIN), Resolution.EDITORS_NOTE, **PRINTED)
    assert public(newsroom) == [NOTICE["notice"]]
    answer(newsroom, case, readers.appeal, "It is wrong.")
    assert entered(newsroom) == ["published", "reopened"]
    newsroom.act(cases.mark_spam, case, editor)
    newsroom.act(history.undo, case, editor)
    newsroom.act(cases.mark_spam, case, editor)
    newsroom.act(cases.not_spam, case, editor)
    assert entered(newsroom)[2:] == ["kept", "reopened", "kept", "reopened"]
    answer(newsroom, case, readers.withdraw)
    assert (newsroom.look(case).state, entered(newsroom)[6:]) == (State.CLOSED, ["kept"])
    assert public(newsroom) == [NOTICE["notice"]]
