"""Who may decide what alone, what two people do, and that nobody closes the appeal against their own decision."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from corrections_service import errors
from corrections_service.rules.workflow import CHANGES_PAGE, Decision, NoticeState, Resolution, Role, State
from corrections_service.services import (
    approvals,
    batches,
    cases,
    corrections,
    editors,
    history,
    joining,
    parting,
    proposals,
    readers,
    reports,
    sites,
)
from corrections_service.store import queue
from corrections_service.store.models import Article, Case, Correction, Delivery, Editor, FixState, Report, Site
from tests.services.newsroom import FERRY, NOTICE, PRINTED, Newsroom, public, see

CLARIFIED = Decision(Resolution.CLARIFIED, **PRINTED)


def propose(newsroom: Newsroom, case: int, editor: int, decision: Decision = CLARIFIED, **more: Any) -> None:
    """Write a notice that another person has to approve."""
    newsroom.act(proposals.propose, case, editor, decision, **more)


def appeal(newsroom: Newsroom, case: int) -> None:
    """Let the case's reader disagree."""
    with newsroom.db.write() as session:
        readers.appeal(session, session.scalars(select(Report).where(Report.case_id == case)).one(), "It is wrong.")


def turns(newsroom: Newsroom) -> list[tuple[str, str]]:
    """Which mails to editors are owed: to whom, and what about."""
    with newsroom.db.read() as session:
        rows = session.execute(select(Delivery.recipient, Delivery.data).where(Delivery.template == "case_turn"))
        return sorted((row.recipient, row.data["turn"]) for row in rows)


def test_a_notice_that_is_asked_for_is_kept_mailed_queued_and_public_once_another_approves(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    """Asking keeps the draft, puts it into the approvers' view and mails them; approving decides."""
    standards, admin = newsroom.hire(Role.STANDARDS), newsroom.hire(Role.ADMIN)
    with pytest.raises(errors.NeedsApproval):
        newsroom.act(cases.decide, case, editor, CLARIFIED)
    propose(newsroom, case, editor, reason="Thank you.")
    assert turns(newsroom) == [("admin@news.example", "proposed"), ("standards@news.example", "proposed")]
    with newsroom.db.read() as session:
        page = queue.cases_page(session, [newsroom.site.id], view="approval")
        counted = queue.counts(session, [newsroom.site.id])
    assert ([one.id for one in page.cases], counted["approval"], counted["fixing"]) == ([case], 1, 1)
    assert public(newsroom) == []
    assert (newsroom.look(case).state, newsroom.look(case).decided_at) == (State.FIXING, None)
    with pytest.raises(errors.NeedsApproval):
        newsroom.act(proposals.approve, case, editor)
    newsroom.act(proposals.approve, case, standards)
    assert public(newsroom) == [NOTICE["notice"]]
    assert newsroom.look(case).decided_at is not None
    assert newsroom.history(case)[-3:] == ["proposed", "decided", "published"]
    assert ("editor@news.example", "approved") in turns(newsroom)
    with newsroom.db.read() as session:
        assert queue.counts(session, [newsroom.site.id])["approval"] == 0
    with pytest.raises(errors.ChangedMeanwhile):
        newsroom.act(proposals.approve, case, admin)


def test_a_fix_that_is_seen_before_the_approval_closes_nothing_and_tells_nobody(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    standards = newsroom.hire(Role.STANDARDS)
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    propose(newsroom, case, editor, Decision(Resolution.CLARIFIED, **NOTICE))
    see(newsroom, case, FixState.APPLIED, after="was opened in 1987")
    assert (newsroom.look(case).state, newsroom.owed("case_resolved"), public(newsroom)) == (State.FIXING, [], [])
    newsroom.act(proposals.approve, case, standards)
    see(newsroom, case, FixState.APPLIED, after="was opened in 1987")
    assert newsroom.look(case).state is State.CLOSED
    assert public(newsroom) == [NOTICE["notice"]]


def test_a_notice_that_is_sent_back_keeps_its_words_and_says_why(newsroom: Newsroom, case: int, editor: int) -> None:
    standards = newsroom.hire(Role.STANDARDS)
    propose(newsroom, case, editor)
    with pytest.raises(errors.InvalidFields):
        newsroom.act(proposals.send_back, case, standards, " ")
    newsroom.act(proposals.send_back, case, standards, "Say what is meant.")
    assert (newsroom.look(case).state, newsroom.look(case).assignee_id) == (State.OPEN, editor)
    assert ("editor@news.example", "sent_back") in turns(newsroom)
    with newsroom.db.read() as session:
        draft = session.scalars(select(Correction)).one()
        assert (draft.state, draft.text, draft.retracted_at) == (NoticeState.DRAFT, NOTICE["notice"], None)
    propose(newsroom, case, editor)
    newsroom.act(proposals.approve, case, standards)
    assert public(newsroom) == [NOTICE["notice"]]


def test_an_approval_that_is_taken_back_waits_to_be_approved_again(newsroom: Newsroom, case: int, editor: int) -> None:
    standards = newsroom.hire(Role.STANDARDS)
    propose(newsroom, case, editor)
    newsroom.act(proposals.approve, case, standards)
    newsroom.act(history.undo, case, standards)
    assert public(newsroom) == []
    newsroom.act(proposals.approve, case, standards)
    assert public(newsroom) == [NOTICE["notice"]]


def test_where_nobody_else_can_approve_the_refusal_says_what_to_do(newsroom: Newsroom, case: int, editor: int) -> None:
    with pytest.raises(errors.NeedsApproval, match="invite somebody"):
        propose(newsroom, case, editor)


def test_the_articles_author_does_not_approve_alone(newsroom: Newsroom, case: int, editor: int) -> None:
    other = newsroom.hire(Role.EDITOR, "other@news.example")
    with newsroom.db.write() as session:
        session.execute(update(Editor).where(Editor.id == editor).values(name="Ann Lee"))
        session.execute(update(Article).values(author="By ANN LEE and Omar Haddad"))
    decision = Decision(Resolution.CORRECTED, **PRINTED)
    with pytest.raises(errors.NeedsApproval, match="author"):
        newsroom.act(cases.decide, case, editor, decision)
    propose(newsroom, case, editor, decision)
    with pytest.raises(errors.NeedsApproval):
        newsroom.act(proposals.approve, case, editor)
    with newsroom.db.write() as session:
        editors.rename(session, session.get_one(Editor, editor), "Somebody")
    with pytest.raises(errors.NeedsApproval, match="author"):  # whatever they call themselves by now
        newsroom.act(cases.decide, case, editor, decision)
    newsroom.act(proposals.approve, case, other)
    assert public(newsroom) == [NOTICE["notice"]]


def test_two_people_withdraw_a_story_and_a_site_says_where_else_it_takes_two(newsroom: Newsroom, case: int) -> None:
    admin, standards = newsroom.hire(Role.ADMIN), newsroom.hire(Role.STANDARDS)
    withdrawn = Decision(Resolution.WITHDRAWN, **PRINTED)
    with pytest.raises(errors.NeedsApproval, match="two people"):
        newsroom.act(cases.decide, case, admin, withdrawn)
    propose(newsroom, case, standards, withdrawn)
    newsroom.act(proposals.approve, case, admin)
    assert newsroom.look(case).resolution is Resolution.WITHDRAWN
    newsroom.change(Site, policy={"second_person": {"corrected": True, "withdrawn": False}})
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    with pytest.raises(errors.NeedsApproval, match="two people"):
        newsroom.act(cases.decide, ferry, admin, Decision(Resolution.CORRECTED, **PRINTED))


@pytest.mark.parametrize("way", ["decline", "accept", "spam", "merge", "split", "move", "batch"])
def test_an_appeal_cannot_be_closed_by_who_decided(newsroom: Newsroom, case: int, editor: int, way: str) -> None:
    """PRODUCT: an appeal is decided by another person than the one who decided."""
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    appeal(newsroom, case)
    with pytest.raises(errors.OwnDecision, match="another person decides"):
        if way == "batch":
            with newsroom.db.write() as session:
                one, me = session.get_one(Case, case), session.get_one(Editor, editor)
                batches.ACTIONS["decide"](session, one, me, one.version, {"resolution": "opinion"})
        elif way in ("decline", "accept"):
            chosen = Resolution.OPINION if way == "decline" else Resolution.FIXED
            newsroom.decide(case, editor, chosen, why_silent="It is the same.")
        elif way == "spam":
            newsroom.act(cases.mark_spam, case, editor)
        elif way in ("split", "move"):
            second = newsroom.send()
            assert newsroom.case_of(second) == case
            with newsroom.db.read() as session:
                report = reports.by_token(session, second.token).id
            to = (ferry,) if way == "move" else ()
            newsroom.act(parting.move if way == "move" else parting.split, case, editor, report, *to)
        else:
            newsroom.act(joining.merge, case, editor, ferry)
    assert newsroom.look(case).state is State.OPEN
    newsroom.decide(case, newsroom.hire(Role.EDITOR, "other@news.example"), Resolution.OPINION)
    assert newsroom.look(case).state is State.CLOSED


def test_a_decision_that_was_undone_leaves_the_appeal_to_another_person(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    """Also one that was undone before the appeal bars nobody: only what stood was disagreed with."""
    other, third = newsroom.hire(Role.EDITOR, "other@news.example"), newsroom.hire(Role.EDITOR, "third@news.example")
    newsroom.decide(case, third, Resolution.OPINION)
    newsroom.act(history.undo, case, third)
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    appeal(newsroom, case)
    newsroom.decide(case, other, Resolution.OPINION)
    newsroom.act(history.undo, case, other)
    with pytest.raises(errors.OwnDecision):
        newsroom.decide(case, editor, Resolution.OPINION)
    newsroom.decide(case, third, Resolution.OPINION)


def test_who_approved_what_a_reader_disagrees_with_decides_it_no_more_than_who_proposed_it(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    standards = newsroom.hire(Role.STANDARDS)
    note = Decision(Resolution.EDITORS_NOTE, **PRINTED)
    propose(newsroom, case, editor, note)
    newsroom.act(proposals.approve, case, standards)
    assert newsroom.look(case).state is State.CLOSED
    assert public(newsroom) == [NOTICE["notice"]]
    appeal(newsroom, case)
    for person in (editor, standards):
        with pytest.raises(errors.OwnDecision):
            newsroom.decide(case, person, Resolution.OPINION, retraction="It was no error.")
    assert public(newsroom) == [NOTICE["notice"]]  # an appeal takes nothing back
    third = newsroom.hire(Role.EDITOR, "third@news.example")
    newsroom.decide(case, third, Resolution.OPINION, retraction="It was no error.")
    assert public(newsroom) == []
    newsroom.act(cases.reopen, case, editor)
    newsroom.decide(case, editor, Resolution.OPINION)  # another person has decided meanwhile


def test_a_proposal_that_became_spam_or_was_decided_by_another_leaves_nothing_behind(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    standards = newsroom.hire(Role.STANDARDS)
    propose(newsroom, case, editor)
    newsroom.decide(case, standards, Resolution.NOT_AN_ERROR)
    assert public(newsroom) == []
    with newsroom.db.read() as session:
        assert corrections.waiting(session, session.get_one(Case, case)) == []
        assert sites.by_key(session, newsroom.site.key).id == newsroom.site.id


@pytest.mark.parametrize("is_asked", [False, True])
@pytest.mark.parametrize("resolution", [Resolution.OPINION, Resolution.CLARIFIED])
def test_what_a_site_does_not_use_is_neither_decided_nor_asked_for_and_earlier_cases_stay(
    newsroom: Newsroom, case: int, resolution: Resolution, is_asked: bool
) -> None:
    admin, decision = newsroom.hire(Role.ADMIN), Decision(resolution, **PRINTED)
    earlier = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(cases.decide, earlier, admin, decision)
    with newsroom.db.write() as session:
        approvals.leave_out(session.get_one(Site, newsroom.site.id), [resolution.value])
    act = proposals.propose if is_asked else cases.decide
    with pytest.raises(errors.InvalidFields) as refused:
        newsroom.act(act, case, admin, decision)
    assert refused.value.fields == {"resolution": "News does not use this decision. Choose another one."}
    assert newsroom.look(case).state is State.NEW
    assert newsroom.look(earlier).resolution is resolution


def test_what_was_proposed_before_its_decision_was_left_out_is_approved_all_the_same(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    standards = newsroom.hire(Role.STANDARDS)
    propose(newsroom, case, editor)
    with newsroom.db.write() as session:
        approvals.leave_out(session.get_one(Site, newsroom.site.id), ["clarified"])
    newsroom.act(proposals.approve, case, standards)
    assert newsroom.look(case).resolution is Resolution.CLARIFIED


@pytest.mark.parametrize("kind", ["changes", "stays"])
def test_a_site_keeps_a_way_to_accept_and_one_to_decline(newsroom: Newsroom, kind: str) -> None:
    accepting = {resolution.value for resolution in CHANGES_PAGE}
    unused = accepting if kind == "changes" else {resolution.value for resolution in Resolution} - accepting
    with newsroom.db.write() as session, pytest.raises(errors.InvalidFields) as refused:
        approvals.leave_out(session.get_one(Site, newsroom.site.id), unused)
    assert "at least one decision that changes the article" in refused.value.fields["decisions"]
