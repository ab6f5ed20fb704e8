"""Calls come in the order in which things happened, by ids that are given once, and only to webhooks that are on (H1)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import backup, calls, cases, webhooks
from corrections_service.services.webhooks import Outcome
from corrections_service.store.models import Call, DeliveryState, Site, Webhook, now
from tests.services.newsroom import ALONE, FERRY, PRINTED, Newsroom, make_public
from tests.services.test_webhooks import TAKEN, add, answer, let_time_pass, owed, take


@pytest.fixture
def hook(newsroom: Newsroom) -> int:
    """A webhook that listens for all."""
    return add(newsroom)


def test_after_a_restore_programs_are_told_nothing_until_it_is_released(
    newsroom: Newsroom, hook: int, tmp_path: Path
) -> None:
    newsroom.send()
    saved = tmp_path / "backup.zip"
    with newsroom.db.read() as session, saved.open("wb") as file:
        backup.write(session, file, revision="0")
    with newsroom.db.write() as session:
        backup.restore(session, saved, revision="0")
    assert take(newsroom, hook) == []
    with newsroom.db.write() as session:
        webhook = session.get_one(Webhook, hook)
        assert (webhook.active, webhook.off_reason) == (False, "After a restore: look, and switch it on.")
        assert calls.release(session) == 0
        webhooks.switch_on(session, webhook)
        assert calls.release(session) == 1
    assert len(take(newsroom, hook)) == 1


def test_what_happens_after_a_restore_has_other_ids_than_what_happened_before(
    newsroom: Newsroom, hook: int, tmp_path: Path
) -> None:
    newsroom.change(Site, policy=ALONE)
    editor = newsroom.hire(Role.STANDARDS)
    saved = tmp_path / "backup.zip"
    with newsroom.db.read() as session, saved.open("wb") as file:
        backup.write(session, file, revision="0")
    rounds = []
    for report in ({}, FERRY):
        case = newsroom.case_of(newsroom.send(**report))
        newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
        make_public(newsroom)
        newsroom.act(cases.close, case, editor, "It stood in print.")
        with newsroom.db.write() as session:
            rounds.append({(call.event, call.case_id): call.key for call in session.scalars(select(Call))})
            backup.restore(session, saved, revision="0")
            webhooks.switch_on(session, session.get_one(Webhook, hook))
    before, after = rounds
    assert before.keys() == after.keys()
    assert len({*before.values(), *after.values()}) == 2 * len(before) == 6


def test_who_was_never_told_of_a_case_is_told_that_it_is_new_and_all_others_that_it_is_open_again(
    newsroom: Newsroom, editor: int, hook: int
) -> None:
    case = newsroom.case_of(newsroom.send())
    newsroom.act(cases.mark_spam, case, editor)
    let_time_pass(newsroom)
    take(newsroom, hook)
    answer(newsroom, TAKEN)
    late = add(newsroom)
    newsroom.change(Webhook, created_at=now() - timedelta(days=1))
    newsroom.act(cases.not_spam, case, editor)
    let_time_pass(newsroom)
    assert [payload["type"] for payload in take(newsroom, hook)] == ["case.reopened"]
    assert [payload["type"] for payload in take(newsroom, late)] == ["case.new"]


def test_closed_never_comes_after_open_again(newsroom: Newsroom, editor: int, hook: int) -> None:
    case = newsroom.case_of(newsroom.send())
    take(newsroom, hook)
    answer(newsroom, TAKEN)
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    let_time_pass(newsroom)
    take(newsroom, hook)
    answer(newsroom, Outcome(400, "no", 0.1))
    newsroom.act(cases.reopen, case, editor)
    assert owed(newsroom) == ["case.reopened"], "which may have come in spite of its answer"
    newsroom.act(cases.mark_spam, case, editor)
    newsroom.change(Call, next_at=now() - timedelta(seconds=1))
    with newsroom.db.write() as session:
        session.scalars(select(Call).order_by(Call.id.desc()).limit(1)).one().next_at -= timedelta(hours=1)
    assert [payload["type"] for payload in take(newsroom, hook)] == ["case.reopened", "case.resolved"]


def test_what_a_restore_held_back_and_nobody_was_told_is_taken_back_when_the_case_opens_again(
    newsroom: Newsroom, editor: int, hook: int
) -> None:
    case = newsroom.case_of(newsroom.send())
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    with newsroom.db.write() as session:
        calls.hold(session)
    newsroom.act(cases.reopen, case, editor)
    assert owed(newsroom, DeliveryState.HELD) == ["case.new"]
    assert owed(newsroom) == []


def test_what_is_owed_to_a_webhook_that_is_off_wakes_nobody_and_fails_when_it_is_switched_on(
    newsroom: Newsroom, hook: int
) -> None:
    newsroom.send()
    newsroom.change(Webhook, active=False)
    with newsroom.db.write() as session:
        assert not calls.any_owed(session)
        webhooks.switch_on(session, session.get_one(Webhook, hook))
    assert (owed(newsroom), owed(newsroom, DeliveryState.FAILED)) == ([], ["case.new"])
