"""What is said of a case once it is decided stays true when the case is merged, opened again, or a step is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from corrections_service.rules.workflow import Decision, NoticeState, Resolution, Role, State
from corrections_service.services import cases, corrections, history, joining, proposals, readers
from corrections_service.store.models import Case, Correction, Entry, FixState, Report, now
from tests.services.newsroom import FERRY, NOTICE, PRINTED, Newsroom, public, see

WRONG, RIGHT = "The bridge was opend in 1987.", "The bridge was opened in 1978."
OTHER = {**PRINTED, "notice": "It was opened in 1979."}


def entered(newsroom: Newsroom) -> list[str]:
    """What the chain of the public log says, in order."""
    with newsroom.db.read() as session:
        return [str(kind) for kind in session.scalars(select(Entry.kind).order_by(Entry.number))]


def waiting(newsroom: Newsroom) -> list[tuple[NoticeState, str]]:
    """The notices that nobody has seen yet and that are to be: how far they are, and why before the fix."""
    with newsroom.db.read() as session:
        rows = session.scalars(
            select(Correction)
            .where(Correction.published_at.is_(None), Correction.retracted_at.is_(None))
            .order_by(Correction.id)
        )
        return [(row.state, row.early) for row in rows]


@pytest.fixture
def told(newsroom: Newsroom, case: int, editor: int) -> int:
    """A case whose correction is public."""
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == [NOTICE["notice"]]
    return case


def test_a_merged_case_keeps_its_public_notice_where_the_other_has_none(
    newsroom: Newsroom, told: int, editor: int
) -> None:
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, told, editor, ferry)
    assert (public(newsroom), entered(newsroom)) == ([NOTICE["notice"]], ["published"])


def test_of_two_public_notices_of_merged_cases_the_others_takes_the_place_in_sight(
    newsroom: Newsroom, told: int, editor: int
) -> None:
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.decide(ferry, editor, Resolution.CORRECTED, **OTHER)
    assert len(public(newsroom)) == 2
    newsroom.act(joining.merge, told, editor, ferry)
    assert (public(newsroom), entered(newsroom)[2:]) == ([OTHER["notice"]], ["replaced"])
    newsroom.act(history.undo, told, editor)
    assert (len(public(newsroom)), entered(newsroom)[3:]) == (2, ["restored"])


def appeal(newsroom: Newsroom, case: int) -> None:
    with newsroom.db.write() as session:
        readers.appeal(session, session.scalars(select(Report).where(Report.case_id == case)).one(), "No.")


def come_back(newsroom: Newsroom, case: int) -> None:
    see(newsroom, case, FixState.PRESENT, before=WRONG)


@pytest.mark.parametrize("way", ["reopened", "disagreed with", "come back"])
def test_no_reader_is_mailed_how_a_case_was_closed_once_it_is_open_again(
    newsroom: Newsroom, case: int, editor: int, way: str
) -> None:
    see(newsroom, case, FixState.PRESENT, before=WRONG)
    newsroom.decide(case, editor, Resolution.ALREADY_FIXED, reason="It reads right.")
    see(newsroom, case, FixState.APPLIED, after=RIGHT)
    assert newsroom.owed("case_resolved") == [("ann@example.org", "owed")]
    if way == "reopened":
        newsroom.act(cases.reopen, case, editor)
    else:
        (appeal if way == "disagreed with" else come_back)(newsroom, case)
    assert newsroom.look(case).state is State.OPEN
    assert newsroom.owed("case_resolved") == [("ann@example.org", "cancelled")]
    if way == "reopened":
        newsroom.act(history.undo, case, editor)
        assert newsroom.owed("case_resolved") == [("ann@example.org", "owed")]


def test_a_scheduled_notice_goes_with_the_fix_that_was_none(newsroom: Newsroom, editor: int) -> None:
    case = newsroom.case_of(newsroom.send())
    see(newsroom, case, FixState.PRESENT, before=WRONG)
    newsroom.act(
        cases.decide, case, editor, Decision(Resolution.CORRECTED, **NOTICE), publish_at=now() + timedelta(days=1)
    )
    see(newsroom, case, FixState.CHANGED, after="The bridge was opend.")
    newsroom.change(Correction, publish_at=now())
    assert public(newsroom) == [NOTICE["notice"]]
    see(newsroom, case, FixState.CHANGED, after="The bridge was opend.")
    assert newsroom.look(case).state is State.CLOSED
    newsroom.act(history.undo, case, editor)
    assert (public(newsroom), waiting(newsroom)) == ([], [(NoticeState.APPROVED, "")])


def test_a_notice_that_was_public_before_for_a_reason_stays_when_the_fix_was_none(
    newsroom: Newsroom, editor: int
) -> None:
    case = newsroom.case_of(newsroom.send())
    see(newsroom, case, FixState.PRESENT, before=WRONG)
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    see(newsroom, case, FixState.CHANGED, after="The bridge was opend.")
    newsroom.act(history.undo, case, editor)
    assert waiting(newsroom) == [(NoticeState.READY, PRINTED["early"])]
    assert public(newsroom) == [NOTICE["notice"]]


@pytest.mark.parametrize("is_public", [True, False])
def test_an_approval_that_is_taken_back_leaves_no_notice_public(
    newsroom: Newsroom, editor: int, is_public: bool
) -> None:
    case, standards = newsroom.case_of(newsroom.send()), newsroom.hire(Role.STANDARDS)
    newsroom.act(proposals.propose, case, editor, Decision(Resolution.CLARIFIED, **PRINTED))
    newsroom.act(proposals.approve, case, standards)
    if is_public:
        assert public(newsroom) == [NOTICE["notice"]]
    newsroom.act(history.undo, case, standards)
    assert (public(newsroom), waiting(newsroom)) == ([], [(NoticeState.ASKED, PRINTED["early"])])
    newsroom.act(proposals.approve, case, standards)
    assert public(newsroom) == [NOTICE["notice"]]


def test_a_notice_that_was_sent_back_in_error_waits_to_be_approved_again(newsroom: Newsroom, editor: int) -> None:
    case, standards = newsroom.case_of(newsroom.send()), newsroom.hire(Role.STANDARDS)
    newsroom.act(proposals.propose, case, editor, Decision(Resolution.CLARIFIED, **PRINTED))
    newsroom.act(proposals.send_back, case, standards, "Shorter.")
    newsroom.act(history.undo, case, standards)
    newsroom.act(proposals.approve, case, standards)
    assert public(newsroom) == [NOTICE["notice"]]


def test_a_replaced_notice_stays_so_whatever_else_is_taken_back(newsroom: Newsroom, told: int, editor: int) -> None:
    newsroom.act(cases.reopen, told, editor)
    newsroom.decide(told, editor, Resolution.CORRECTED, **{**OTHER, "retraction": "The year."})
    newsroom.act(cases.release, told, editor)
    assert public(newsroom) == [OTHER["notice"]]
    newsroom.act(history.undo, told, editor)
    assert public(newsroom) == [OTHER["notice"]]
    with newsroom.db.read() as session:
        assert len(corrections.standing(session, session.get_one(Case, told))) == 1
