"""What other programs are owed: with what it tells of, each once, taken back with it, forgotten with its reader (H1)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from corrections_service.errors import InvalidFields, NotFound
from corrections_service.rules.webhooks import EVENTS, WebhookKind
from corrections_service.rules.workflow import Decision, Resolution, Role
from corrections_service.services import (
    calls,
    cases,
    forgetting,
    history,
    joining,
    readers,
    reports,
    sites,
    webhooks,
)
from corrections_service.services.webhooks import Outcome
from corrections_service.store.models import Call, Case, DeliveryState, Editor, FixState, Site, Try, Webhook, now
from tests.databases import SECRET
from tests.services.newsroom import ALONE, FERRY, PRINTED, Newsroom, make_public, see

KEYS = [SECRET]
ADDRESS = "https://hooks.example/in/secret-part"
TAKEN, DOWN, GONE = Outcome(200, "ok", 0.1), Outcome(503, "busy", 0.1), Outcome(410, "gone", 0.1)


def add(newsroom: Newsroom, *events: str, kind: WebhookKind = WebhookKind.PLAIN) -> int:
    """A webhook that listens for these events, or for all."""
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        return webhooks.add(session, site, kind, ADDRESS, events or list(EVENTS), keys=KEYS)[0].id


@pytest.fixture
def neighbour(newsroom: Newsroom) -> Newsroom:
    """Another publication at the same service."""
    with newsroom.db.write() as session:
        other = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="desk@gazette.example")
    return Newsroom(newsroom.db, other)


@pytest.fixture
def hook(newsroom: Newsroom) -> int:
    return add(newsroom)


def owed(newsroom: Newsroom, state: DeliveryState = DeliveryState.OWED) -> list[str]:
    """The events of the calls in a state, in order."""
    with newsroom.db.read() as session:
        return list(session.scalars(select(Call.event).where(Call.state == state).order_by(Call.id)))


def let_time_pass(newsroom: Newsroom) -> None:
    """Let all that is owed be due."""
    newsroom.change(Call, next_at=now() - timedelta(seconds=1))
    newsroom.change(Webhook, next_at=now() - timedelta(seconds=1))


def take(newsroom: Newsroom, hook: int) -> list[dict[str, Any]]:
    """What is said by all that is due, claimed as a worker does."""
    with newsroom.db.write() as session:
        claimed = calls.claim(session, session.get_one(Webhook, hook), "worker")
        owed = [session.get_one(Call, number) for part in claimed for number in part]
        return [webhooks.compose(session, call, "http://corrections.example") for call in owed]


def answer(newsroom: Newsroom, outcome: Outcome) -> None:
    """Let all that is claimed have come out so."""
    with newsroom.db.write() as session:
        for number in session.scalars(select(Call.id).where(Call.claimed_by == "worker")).all():
            webhooks.keep(session, [number], "worker", outcome, keep_trying=timedelta(days=14))


def test_a_new_case_is_owed_once_with_no_reader_s_address(newsroom: Newsroom, hook: int) -> None:
    """H1."""
    detail = "Write to bob@readers.example."
    newsroom.send(email="ann@readers.example", comment=detail)
    newsroom.send(email="eve@readers.example")
    (payload,) = take(newsroom, hook)
    assert payload["type"] == "case.new"
    case = payload["data"]["case"]
    assert (case["number"], case["readers"]) == (1, 2)
    assert case["page"] == "http://corrections.example/cases/1"
    assert case["quote"]["exact"] == "was opend in 1987"
    assert "readers.example" not in json.dumps(payload)
    assert payload["data"]["site"] == {"slug": "news", "name": "News"}


def test_only_what_was_chosen_is_owed_and_nothing_to_another_site_s_webhook(
    newsroom: Newsroom, editor: int, neighbour: Newsroom
) -> None:
    add(newsroom, "case.resolved")
    add(neighbour)
    newsroom.decide(newsroom.case_of(newsroom.send()), editor, Resolution.NOT_AN_ERROR)
    assert owed(newsroom) == ["case.resolved"]


def test_what_is_undone_in_time_is_told_to_nobody(newsroom: Newsroom, editor: int, hook: int) -> None:
    case = newsroom.case_of(newsroom.send())
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    assert [payload["type"] for payload in take(newsroom, hook)] == ["case.new"]
    answer(newsroom, TAKEN)
    newsroom.act(history.undo, case, editor)
    assert (owed(newsroom), owed(newsroom, DeliveryState.CANCELLED)) == ([], ["case.resolved"])
    with newsroom.db.write() as session:
        assert calls.replay(session, session.get_one(Webhook, hook), 2) == 0


def test_who_was_told_that_a_case_is_closed_is_told_that_it_is_open_again(
    newsroom: Newsroom, editor: int, hook: int
) -> None:
    case = newsroom.case_of(newsroom.send())
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR)
    let_time_pass(newsroom)
    _, closed = take(newsroom, hook)
    assert (closed["type"], closed["data"]["case"]["resolution"]) == ("case.resolved", "not_an_error")
    answer(newsroom, TAKEN)
    newsroom.act(cases.reopen, case, editor)
    newsroom.act(cases.mark_spam, case, editor)
    newsroom.act(cases.not_spam, case, editor)
    assert owed(newsroom) == ["case.reopened"]
    let_time_pass(newsroom)
    take(newsroom, hook)
    answer(newsroom, TAKEN)
    newsroom.decide(case, editor, Resolution.OPINION)
    with newsroom.db.write() as session:
        case_row = session.get_one(Case, case)
        readers.appeal(session, case_row.reports[0], "No.")
    assert owed(newsroom) == ["case.appealed"]


def test_a_case_that_ends_in_another_or_as_spam_is_told_with_its_state(
    newsroom: Newsroom, editor: int, hook: int
) -> None:
    case, other = newsroom.case_of(newsroom.send()), newsroom.case_of(newsroom.send(**FERRY))
    newsroom.act(joining.merge, case, editor, other)
    let_time_pass(newsroom)
    ended = [payload for payload in take(newsroom, hook) if payload["type"] == "case.resolved"]
    assert [(end["data"]["case"]["state"], end["data"]["case"]["merged_into"]) for end in ended] == [("merged", other)]


def test_a_fix_that_is_seen_and_a_notice_that_is_published_and_taken_back_are_told(
    newsroom: Newsroom, hook: int
) -> None:
    newsroom.change(Site, policy=ALONE)
    editor = newsroom.hire(Role.STANDARDS)
    case = newsroom.case_of(newsroom.send())
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    make_public(newsroom)
    see(newsroom, case, FixState.PRESENT, "was opend in 1987")
    see(newsroom, case, FixState.APPLIED, after="was opened in 1987")
    let_time_pass(newsroom)
    told = {payload["type"]: payload["data"] for payload in take(newsroom, hook)}
    assert list(told) == ["case.new", "correction.published", "case.resolved", "fix.seen"]
    notice = told["correction.published"]["correction"]
    assert (notice["number"], notice["class"], notice["text"]) == (1, "correction", PRINTED["notice"])
    assert notice["page"] == "http://corrections.example/log/news/corrections/1"
    assert notice["article"]["url"] == "https://news.example/bridge"
    answer(newsroom, TAKEN)
    newsroom.act(cases.reopen, case, editor)
    newsroom.act(cases.decide, case, editor, Decision(Resolution.NOT_AN_ERROR, retraction="We were right."))
    let_time_pass(newsroom)
    told = {payload["type"]: payload["data"] for payload in take(newsroom, hook)}
    assert told["correction.retracted"]["correction"]["reason"] == "We were right."


def test_what_was_before_a_webhook_is_not_told_to_it(newsroom: Newsroom, editor: int) -> None:
    newsroom.send()
    hook = add(newsroom)
    newsroom.change(Webhook, created_at=now() + timedelta(hours=1))
    newsroom.send(**FERRY)
    assert take(newsroom, hook) == []


def test_a_call_says_the_same_at_each_try_by_the_same_id(newsroom: Newsroom, editor: int, hook: int) -> None:
    case = newsroom.case_of(newsroom.send())
    first = take(newsroom, hook)
    answer(newsroom, DOWN)
    newsroom.act(cases.claim, case, editor)
    with newsroom.db.read() as session:
        key = session.scalars(select(Call.key)).one()
    let_time_pass(newsroom)
    assert take(newsroom, hook) == first
    answer(newsroom, TAKEN)
    with newsroom.db.read() as session:
        call = session.scalars(select(Call)).one()
        assert (call.key, call.state, call.attempts) == (key, DeliveryState.SENT, 2)
        assert [(one.status, one.words) for one in call.tries] == [(503, "busy"), (200, "ok")]


def test_who_takes_nothing_is_left_alone_for_longer_each_time(newsroom: Newsroom, hook: int) -> None:
    waits = []
    newsroom.send()
    for _ in range(3):
        let_time_pass(newsroom)
        take(newsroom, hook)
        answer(newsroom, DOWN)
        with newsroom.db.read() as session:
            assert calls.due(session) == []
            last = session.scalars(select(Try).order_by(Try.id.desc()).limit(1)).one()
            waits.append((session.get_one(Webhook, hook).next_at - last.at) // timedelta(seconds=30))
    assert waits == [1, 2, 4]
    let_time_pass(newsroom)
    take(newsroom, hook)
    answer(newsroom, Outcome(429, "slowly", 0.1, retry_after=7200))
    with newsroom.db.read() as session:
        assert session.get_one(Webhook, hook).next_at > now() + timedelta(hours=1, minutes=59)


def test_a_webhook_that_fails_for_days_is_switched_off_with_a_mail_to_the_administrators(
    newsroom: Newsroom, hook: int
) -> None:
    """H1."""
    newsroom.hire(Role.ADMIN, "chief@news.example")
    newsroom.hire(Role.EDITOR, "ed@news.example")
    newsroom.send()
    take(newsroom, hook)
    answer(newsroom, DOWN)
    newsroom.change(Webhook, failing_since=now() - webhooks.PATIENCE - timedelta(minutes=1))
    let_time_pass(newsroom)
    take(newsroom, hook)
    answer(newsroom, DOWN)
    with newsroom.db.read() as session:
        webhook = session.get_one(Webhook, hook)
        assert not webhook.active
        assert "503" in webhook.off_reason
    assert newsroom.owed("webhook_off") == [("chief@news.example", "owed")]
    newsroom.send(**FERRY)
    assert (owed(newsroom), owed(newsroom, DeliveryState.FAILED)) == ([], ["case.new"])
    with newsroom.db.write() as session:
        webhook = session.get_one(Webhook, hook)
        webhooks.switch_on(session, webhook)
        assert calls.replay(session, webhook) == 1
    assert [payload["type"] for payload in take(newsroom, hook)] == ["case.new"]


def test_one_that_is_refused_for_what_it_says_switches_nothing_off_while_others_are_taken(
    newsroom: Newsroom, hook: int
) -> None:
    newsroom.send()
    take(newsroom, hook)
    answer(newsroom, Outcome(400, "no", 0.1))
    newsroom.send(**FERRY)
    assert len(take(newsroom, hook)) == 1
    answer(newsroom, TAKEN)
    with newsroom.db.read() as session:
        assert session.get_one(Webhook, hook).failing_since is None
    assert owed(newsroom) == ["case.new"]


def test_gone_for_good_is_switched_off_at_once(newsroom: Newsroom, hook: int) -> None:
    newsroom.hire(Role.ADMIN, "chief@news.example")
    newsroom.send()
    take(newsroom, hook)
    answer(newsroom, GONE)
    with newsroom.db.read() as session:
        assert not session.get_one(Webhook, hook).active
    assert len(newsroom.owed("webhook_off")) == 1


def test_what_failed_for_as_long_as_mail_is_tried_is_given_up_and_replayed_by_hand(
    newsroom: Newsroom, hook: int, neighbour: Newsroom
) -> None:
    newsroom.send()
    newsroom.change(Call, owed_since=now() - timedelta(days=15))
    take(newsroom, hook)
    answer(newsroom, Outcome(400, "no", 0.1))
    assert owed(newsroom, DeliveryState.FAILED) == ["case.new"]
    foreign = add(neighbour)
    with newsroom.db.write() as session:
        with pytest.raises(NotFound):
            calls.replay(session, session.get_one(Webhook, foreign), 1)
        assert calls.replay(session, session.get_one(Webhook, hook), 1) == 1
    assert len(take(newsroom, hook)) == 1


def test_what_a_dead_worker_had_taken_is_free_again(newsroom: Newsroom, hook: int) -> None:
    newsroom.send()
    assert len(take(newsroom, hook)) == 1
    assert take(newsroom, hook) == []
    with newsroom.db.write() as session:
        calls.release_claims(session, at_work=["another"])
    assert len(take(newsroom, hook)) == 1


def test_words_that_are_erased_stand_in_no_payload_and_no_answer_and_are_not_sent_again(
    newsroom: Newsroom, hook: int
) -> None:
    """H1."""
    sent = newsroom.send(suggestion="opened by my neighbour", comment="Ask my neighbour.")
    take(newsroom, hook)
    answer(newsroom, Outcome(200, "thanks for: Ask my neighbour.", 0.1))
    with newsroom.db.write() as session:
        forgetting.erase(session, reports.by_token(session, sent.token))
    with newsroom.db.read() as session:
        kept = [json.dumps(call.payload) for call in session.scalars(select(Call))]
        kept += session.scalars(select(Try.words)).all()
    assert not any("neighbour" in words for words in kept)
    let_time_pass(newsroom)
    with newsroom.db.write() as session:
        calls.replay(session, session.get_one(Webhook, hook), 1)
    payloads = take(newsroom, hook)
    assert {payload["type"] for payload in payloads} == {"case.new", "case.resolved"}
    assert "neighbour" not in json.dumps(payloads)


def test_calls_that_are_done_with_are_forgotten_after_a_month(newsroom: Newsroom, hook: int) -> None:
    newsroom.send()
    take(newsroom, hook)
    answer(newsroom, TAKEN)
    newsroom.change(Call, owed_since=now() - calls.KEPT - timedelta(hours=1))
    newsroom.send(**FERRY)
    with newsroom.db.write() as session:
        calls.forget(session)
    assert (newsroom.count(Call), newsroom.count(Try)) == (1, 0)


def test_a_former_secret_signs_for_a_day(newsroom: Newsroom, hook: int) -> None:
    with newsroom.db.write() as session:
        webhook = session.get_one(Webhook, hook)
        (first,) = webhooks.valid_secrets(webhooks.opened(webhook, KEYS))
        second = webhooks.rotate(webhook, keys=KEYS)
        values = webhooks.opened(webhook, KEYS)
        assert webhooks.valid_secrets(values) == [second, first]
        third = webhooks.rotate(webhook, keys=KEYS)
        values = webhooks.opened(webhook, KEYS)
        assert webhooks.valid_secrets(values) == [third, second]
        values["secrets"][1][1] = (now() - timedelta(seconds=1)).isoformat()
        assert webhooks.valid_secrets(values) == [third]
        assert all(secret.startswith("whsec_") for secret in (first, second, third))


def test_neither_the_address_nor_the_secret_can_be_read_from_the_database_alone(newsroom: Newsroom, hook: int) -> None:
    with newsroom.db.read() as session:
        webhook = session.get_one(Webhook, hook)
        row = repr({column.name: getattr(webhook, column.name) for column in Webhook.__table__.c})
    assert "secret-part" not in row
    assert "whsec_" not in row
    assert webhook.host == "hooks.example"


def test_what_cannot_be_called_or_listens_for_nothing_is_refused(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        for address, events, field in (
            ("nowhere", ["case.new"], "address"),
            ("http://hooks.example/", ["case.new"], "address"),
            (ADDRESS, ["other"], "events"),
        ):
            with pytest.raises(InvalidFields) as refusal:
                webhooks.add(session, site, WebhookKind.PLAIN, address, events, keys=KEYS)
            assert field in dict(refusal.value.fields)


def test_a_webhook_is_removed_with_all_that_it_was_told(newsroom: Newsroom, hook: int) -> None:
    newsroom.send()
    take(newsroom, hook)
    answer(newsroom, DOWN)
    with newsroom.db.write() as session:
        webhooks.remove(session, session.get_one(Webhook, hook))
    assert (newsroom.count(Webhook), newsroom.count(Call), newsroom.count(Try)) == (0, 0, 0)


def test_what_is_rolled_back_owes_nothing(newsroom: Newsroom, hook: int, editor: int) -> None:
    case = newsroom.case_of(newsroom.send())

    class Stop(Exception):
        """Nothing of this was."""

    with pytest.raises(Stop), newsroom.db.write() as session:
        actor = session.get_one(Editor, editor)
        cases.mark_spam(session, history.get(session, case, actor), actor=actor)
        raise Stop
    assert owed(newsroom) == ["case.new"]
