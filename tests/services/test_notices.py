"""The life of a notice: kept with the decision, public with the seen fix or an editor's reason, never before; never gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import Decision, NoticeState, Resolution, Role, State
from corrections_service.services import cases, corrections, editors, freezes, history, joining, log, notices
from corrections_service.store.models import Article, Case, Correction, Editor, FixState, Site, now
from tests.services.newsroom import ALONE, FERRY, NOTICE, PRINTED, Newsroom, public, see

WRONG, RIGHT = "The bridge was opend in 1987.", "The bridge was opened in 1978."
NOTICES_OF = {
    Resolution.CORRECTED: Role.EDITOR,
    Resolution.CLARIFIED: Role.STANDARDS,
    Resolution.EDITORS_NOTE: Role.STANDARDS,
    Resolution.UPDATED: Role.EDITOR,
    Resolution.WITHDRAWN: Role.ADMIN,
}


def states(newsroom: Newsroom) -> list[tuple[NoticeState, bool]]:
    """How far each notice has come, and whether it stands."""
    with newsroom.db.read() as session:
        rows = session.scalars(select(Correction).order_by(Correction.id))
        return [(one.state, one.retracted_at is None) for one in rows]


@pytest.fixture
def seen(newsroom: Newsroom, case: int) -> int:
    """A case whose wrong words were seen in the article."""
    see(newsroom, case, FixState.PRESENT, before=WRONG)
    return case


@pytest.mark.parametrize("resolution", NOTICES_OF)
def test_no_notice_is_public_while_the_article_says_the_wrong_thing(
    newsroom: Newsroom, seen: int, resolution: Resolution
) -> None:
    newsroom.change(Site, policy=ALONE)
    newsroom.decide(seen, newsroom.hire(NOTICES_OF[resolution]), resolution, **NOTICE)
    for state in (FixState.PRESENT, FixState.UNREACHABLE, FixState.UNCLEAR, FixState.PRESENT):
        see(newsroom, seen, state, before=WRONG if state is FixState.PRESENT else "")
    assert public(newsroom) == []
    assert (newsroom.look(seen).state, states(newsroom)) == (State.FIXING, [(NoticeState.APPROVED, True)])
    assert newsroom.owed("case_resolved") == []
    see(newsroom, seen, FixState.APPLIED, after=RIGHT)
    assert public(newsroom) == [NOTICE["notice"]]
    assert newsroom.look(seen).state is State.CLOSED
    assert newsroom.owed("case_resolved") == [("ann@example.org", "owed")]
    assert newsroom.history(seen)[-2:] == ["fix_seen", "published"]


@pytest.mark.parametrize("resolution", NOTICES_OF)
def test_a_notice_is_public_before_the_fix_where_an_editor_says_why(
    newsroom: Newsroom, case: int, resolution: Resolution
) -> None:
    newsroom.change(Site, policy=ALONE)
    newsroom.decide(case, newsroom.hire(NOTICES_OF[resolution]), resolution, **PRINTED)
    assert states(newsroom) == [(NoticeState.READY, True)]
    with newsroom.db.read() as session:
        assert log.page(session, newsroom.site)[0] == []  # not within the time for undoing
    assert public(newsroom) == [NOTICE["notice"]]
    is_all = resolution is Resolution.EDITORS_NOTE  # the others say that the article reads otherwise
    assert newsroom.look(case).state is (State.CLOSED if is_all else State.FIXING)


def test_a_notice_whose_time_has_not_come_waits_and_the_case_and_its_readers_with_it(
    newsroom: Newsroom, seen: int, editor: int
) -> None:
    decision = Decision(Resolution.CORRECTED, **NOTICE)
    newsroom.act(cases.decide, seen, editor, decision, publish_at=now() + timedelta(days=1))
    see(newsroom, seen, FixState.APPLIED, after=RIGHT)
    assert public(newsroom) == []
    assert (newsroom.look(seen).state, newsroom.owed("case_resolved")) == (State.FIXING, [])
    newsroom.change(Correction, publish_at=now())
    assert public(newsroom) == [NOTICE["notice"]]
    see(newsroom, seen, FixState.APPLIED, after=RIGHT)
    assert (newsroom.look(seen).state, newsroom.owed("case_resolved")) == (
        State.CLOSED,
        [("ann@example.org", "owed")],
    )


def test_words_that_come_back_before_the_time_keep_the_notice_inside(
    newsroom: Newsroom, seen: int, editor: int
) -> None:
    decision = Decision(Resolution.CORRECTED, **NOTICE)
    newsroom.act(cases.decide, seen, editor, decision, publish_at=now() + timedelta(days=1))
    see(newsroom, seen, FixState.APPLIED, after=RIGHT)
    see(newsroom, seen, FixState.PRESENT, before=WRONG)
    newsroom.change(Correction, publish_at=now())
    assert public(newsroom) == []


def test_a_case_that_is_closed_by_hand_says_why_its_notice_may_be_public(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    with pytest.raises(errors.InvalidFields) as refused:
        newsroom.act(cases.close, case, editor)
    assert "until the fix is seen" in refused.value.fields["why"]
    newsroom.act(cases.close, case, editor, "The page is behind a paywall; I have looked myself.")
    assert newsroom.look(case).state is State.CLOSED
    newsroom.act(history.undo, case, editor)
    assert public(newsroom) == []
    newsroom.act(cases.close, case, editor, "The page is behind a paywall; I have looked myself.")
    assert public(newsroom) == [NOTICE["notice"]]


def test_a_fix_that_was_none_takes_the_notice_back_in_sight_until_there_is_one(newsroom: Newsroom, editor: int) -> None:
    case = newsroom.case_of(newsroom.send())  # whose reader asked for no answer
    see(newsroom, case, FixState.PRESENT, before=WRONG)
    newsroom.decide(case, editor, Resolution.CORRECTED, **NOTICE)
    see(newsroom, case, FixState.CHANGED, after="The bridge was opend.")
    assert public(newsroom) == [NOTICE["notice"]]
    newsroom.act(history.undo, case, editor)
    assert public(newsroom) == []
    with newsroom.db.read() as session:
        first = session.scalars(select(Correction).order_by(Correction.id)).first()
        assert first is not None
        assert corrections.get(session, newsroom.site, first.id).retraction.startswith("It was published before")
    see(newsroom, case, FixState.CHANGED, after="The bridge was opend.")
    assert public(newsroom) == []
    see(newsroom, case, FixState.APPLIED, after=RIGHT)
    assert public(newsroom) == [NOTICE["notice"]]


def test_what_is_public_is_taken_back_only_with_a_reason_and_stays_at_its_address(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == [NOTICE["notice"]]
    newsroom.act(cases.reopen, case, editor, "The archive says otherwise.")
    with pytest.raises(errors.InvalidFields) as refused:
        newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    assert set(refused.value.fields) == {"retraction"}
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR, retraction="The first date was right.")
    assert public(newsroom) == []
    with newsroom.db.read() as session:
        notice = session.scalars(select(Correction)).one()
        assert corrections.get(session, newsroom.site, notice.id).retraction == "The first date was right."
    assert "retracted" in newsroom.history(case)


def test_a_new_notice_takes_the_place_of_the_public_one_only_when_it_is_public_itself(
    newsroom: Newsroom, seen: int, editor: int
) -> None:
    newsroom.decide(seen, editor, Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == [NOTICE["notice"]]
    newsroom.act(cases.reopen, seen, editor)
    again = {**NOTICE, "notice": "It was opened in 1979.", "retraction": "The year was wrong once more."}
    newsroom.decide(seen, editor, Resolution.CORRECTED, **again)
    assert public(newsroom) == [NOTICE["notice"]]
    see(newsroom, seen, FixState.APPLIED, after=RIGHT)
    assert public(newsroom) == ["It was opened in 1979."]
    with newsroom.db.read() as session:
        reasons = list(session.scalars(select(Correction.retraction).order_by(Correction.id)))
    assert reasons == ["The year was wrong once more.", ""]


def test_a_notice_of_what_became_spam_or_was_reopened_is_never_published(newsroom: Newsroom, editor: int) -> None:
    for way in (cases.mark_spam, cases.reopen):
        case = newsroom.case_of(newsroom.send(url=f"https://news.example/{way.__name__}"))
        newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
        newsroom.act(way, case, editor)
    assert public(newsroom) == []


def test_of_two_merged_cases_no_reader_is_told_of_a_notice_that_is_not_public(newsroom: Newsroom, editor: int) -> None:
    case, other = newsroom.case_of(newsroom.send()), newsroom.case_of(newsroom.send(**FERRY))
    newsroom.decide(other, editor, Resolution.CORRECTED, **NOTICE)
    newsroom.act(joining.merge, other, editor, case)
    newsroom.decide(case, editor, Resolution.OPINION)
    assert public(newsroom) == []
    assert states(newsroom) == [(NoticeState.APPROVED, False)]


def test_nothing_is_published_or_fixed_in_silence_while_the_case_is_frozen(
    newsroom: Newsroom, seen: int, editor: int
) -> None:
    """An embargo or a legal hold, with its reason and who may lift it."""
    with pytest.raises(errors.InvalidFields):
        newsroom.act(freezes.freeze, seen, editor, " ")
    with pytest.raises(errors.InvalidFields):
        newsroom.act(freezes.freeze, seen, editor, "Embargo.", until=now() - timedelta(days=1))
    newsroom.act(freezes.freeze, seen, editor, "The court has it.")
    with pytest.raises(errors.Frozen):
        newsroom.decide(seen, editor, Resolution.FIXED, why_silent="A letter.")
    newsroom.decide(seen, editor, Resolution.CORRECTED, **NOTICE)
    see(newsroom, seen, FixState.APPLIED, after=RIGHT)
    assert (public(newsroom), newsroom.look(seen).state, newsroom.owed("case_resolved")) == ([], State.FIXING, [])
    with pytest.raises(errors.Frozen):
        newsroom.act(cases.close, seen, editor, "I have seen it.")
    with pytest.raises(errors.NotPermitted):
        newsroom.act(freezes.lift, seen, editor, "It is over.")
    newsroom.act(freezes.lift, seen, newsroom.hire(Role.STANDARDS), "It is over.")
    see(newsroom, seen, FixState.APPLIED, after=RIGHT)
    assert public(newsroom) == [NOTICE["notice"]]
    assert newsroom.look(seen).state is State.CLOSED


def test_an_embargo_ends_by_itself(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.act(freezes.freeze, case, editor, "Until the report is out.", until=now() + timedelta(days=1))
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == []
    newsroom.change(Case, frozen_until=now())
    assert public(newsroom) == [NOTICE["notice"]]


def test_the_service_refuses_a_notice_that_says_nothing_or_blames_a_person(newsroom: Newsroom, editor: int) -> None:
    """The byline of the article and the people of the site are named in no notice; “hello” is none."""
    case = newsroom.case_of(newsroom.send())
    newsroom.change(Article, author="Ann Lee", published_at=now() - timedelta(days=40))
    newsroom.change(Editor, name="Mara Lindqvist")
    with newsroom.db.write() as session:
        editors.rename(session, session.get_one(Editor, editor), "Somebody")
    for text in ("hello", "Ann Lee wrote that it was opened in 1987.", "Mara Lindqvist let 1987 stand, not 1978."):
        with pytest.raises(errors.InvalidFields) as refused:
            newsroom.decide(case, editor, Resolution.CORRECTED, **{**PRINTED, "notice": text})
        assert set(refused.value.fields) == {"notice", "late"}
    with pytest.raises(errors.InvalidFields) as refused:
        newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    assert set(refused.value.fields) == {"late"}
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED, late="A reader wrote to us this week.")
    assert public(newsroom) == [f"{NOTICE['notice']}\n\nA reader wrote to us this week."]


def test_a_site_that_does_not_repeat_the_wrong_words_keeps_them_out_of_the_log(newsroom: Newsroom, editor: int) -> None:
    newsroom.change(Site, policy={"wrong_unsaid": True})
    case = newsroom.case_of(newsroom.send())
    with newsroom.db.read() as session:
        draft = notices.draft(session.get_one(Case, case))
    assert draft == "An earlier version of this article was wrong in one place, which should say “was opened in 1987”."
    newsroom.decide(case, editor, Resolution.CORRECTED, **{**PRINTED, "notice": "It was opened in 1978."})
    assert public(newsroom) == ["It was opened in 1978."]
    with newsroom.db.read() as session:
        assert session.scalars(select(Correction.wrong)).one() == ""
