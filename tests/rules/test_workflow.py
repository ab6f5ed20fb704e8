"""Who may close a case, how, and what its public notice must say."""

import pytest

from corrections_service import errors
from corrections_service.rules.workflow import (
    APPROVERS,
    CHANGES_PAGE,
    LIVE,
    NOTICES,
    Decision,
    NoticeClass,
    Resolution,
    Role,
    State,
    approver,
    check_decision,
    check_notice,
)

PUBLISHED = {
    resolution: Decision(resolution, wrong="1987", right="1978", notice="We gave a wrong year. It was 1978.")
    for resolution in NOTICES
}


@pytest.mark.parametrize("state", [state for state in State if state not in LIVE])
def test_only_a_live_case_is_decided(state):
    with pytest.raises(errors.AlreadyClosed):
        check_decision(state, Decision(Resolution.NOT_AN_ERROR), Role.ADMIN)


@pytest.mark.parametrize("state", LIVE)
@pytest.mark.parametrize("resolution", [one for one in Resolution if one not in NOTICES])
def test_an_editor_closes_a_live_case_without_notice(state, resolution):
    check_decision(state, Decision(resolution), Role.EDITOR)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR])
@pytest.mark.parametrize("resolution", Resolution)
def test_viewers_and_authors_decide_nothing_whatever_the_policy_says(role, resolution):
    decision = PUBLISHED.get(resolution, Decision(resolution))
    with pytest.raises(errors.NotPermitted):
        check_decision(State.NEW, decision, role, policy={resolution.value: role.value})


@pytest.mark.parametrize("role", [Role.EDITOR, Role.STANDARDS, Role.ADMIN])
@pytest.mark.parametrize("resolution", NOTICES)
def test_a_notice_is_approved_by_the_role_of_its_class_or_a_higher_one(role, resolution):
    needed = APPROVERS.get(resolution, Role.EDITOR)
    if role.covers(needed):
        check_decision(State.OPEN, PUBLISHED[resolution], role)
    else:
        with pytest.raises(errors.NeedsApproval, match=needed.value):
            check_decision(State.OPEN, PUBLISHED[resolution], role)


def test_a_site_sets_its_own_approvers():
    policy = {"corrected": "standards", "clarified": "editor"}
    assert approver(Resolution.CORRECTED, policy) is Role.STANDARDS
    assert approver(Resolution.CLARIFIED, policy) is Role.EDITOR
    assert approver(Resolution.WITHDRAWN, policy) is Role.ADMIN
    check_decision(State.OPEN, PUBLISHED[Resolution.CLARIFIED], Role.EDITOR, policy=policy)
    with pytest.raises(errors.NeedsApproval):
        check_decision(State.OPEN, PUBLISHED[Resolution.CORRECTED], Role.EDITOR, policy=policy)


def test_a_silent_fix_of_more_than_a_typo_says_why():
    with pytest.raises(errors.GuardedChange) as raised:
        check_decision(State.NEW, Decision(Resolution.FIXED), Role.ADMIN, guard=["number", "name"])
    assert raised.value.reasons == ("number", "name")
    with pytest.raises(errors.GuardedChange):
        check_decision(State.NEW, Decision(Resolution.FIXED, why_silent=" \n"), Role.ADMIN, guard=["number"])
    check_decision(State.NEW, Decision(Resolution.FIXED, why_silent="A page number."), Role.EDITOR, guard=["number"])
    check_decision(State.NEW, Decision(Resolution.NOT_AN_ERROR), Role.EDITOR, guard=["number"])


@pytest.mark.parametrize("resolution", NOTICES)
def test_a_notice_has_words(resolution):
    with pytest.raises(errors.InvalidFields) as raised:
        check_decision(State.OPEN, Decision(resolution, right="1978", notice="  "), Role.ADMIN)
    assert "notice" in raised.value.fields


def test_a_correction_says_what_is_right():
    with pytest.raises(errors.InvalidFields) as raised:
        check_notice(NoticeClass.CORRECTION, Decision(Resolution.CORRECTED, notice="The year was wrong."))
    assert set(raised.value.fields) == {"right"}


@pytest.mark.parametrize(
    "soft", ["We UPDATED the year.", "The text was tweaked.", "Amended for clarity.", "Refreshed."]
)
def test_a_correction_hides_behind_no_soft_word_but_an_update_may_use_it(soft):
    with pytest.raises(errors.InvalidFields) as raised:
        check_notice(NoticeClass.CORRECTION, Decision(Resolution.CORRECTED, right="1978", notice=soft))
    assert "correction" in raised.value.fields["notice"]
    check_notice(NoticeClass.UPDATE, Decision(Resolution.UPDATED, notice=soft))


def test_every_published_resolution_has_its_class_and_changes_the_page():
    assert set(NOTICES.values()) == set(NoticeClass)
    assert set(CHANGES_PAGE) == {Resolution.FIXED, *NOTICES}


def test_roles_include_those_before_them():
    roles = list(Role)
    assert [role.rank for role in roles] == [0, 1, 2, 3, 4]
    assert all(one.covers(other) == (one.rank >= other.rank) for one in roles for other in roles)
