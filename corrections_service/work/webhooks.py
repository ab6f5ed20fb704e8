"""Calls of webhooks: what is due is sent, signed, with a time limit of its own, and each answer kept.

At least once: who dies between an answer and keeping it sends the same again, by the same id.
"""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from sqlalchemy import select

from corrections_service.errors import ChangedMeanwhile, StorageBusy, Unreachable
from corrections_service.rules.webhooks import WebhookKind, sign
from corrections_service.services import calls, webhooks
from corrections_service.services.webhooks import Outcome
from corrections_service.settings import Settings
from corrections_service.store import jobs
from corrections_service.store.models import Call, Webhook, now
from corrections_service.store.turns import UNHURRIED
from corrections_service.work import chats, fetch
from corrections_service.work.means import Work

log = structlog.get_logger()

SECONDS = 15.0
"""What the specification gives a program for its answer, at least."""

READ_BYTES = 2000
"""What is read of an answer."""

A_RUN = 60.0
"""Seconds after which a run leaves the rest to the next one: well within the lease."""


def call_due(work: Work) -> None:
    """Free what was taken by who died, or ended without calling it, and have each webhook called that something is due to, by a job of its own."""
    with work.database.read() as session:
        if not calls.any_owed(session):
            return
    with work.database.write() as session:
        calls.release_claims(session, at_work=jobs.at_work(session))
        for number in calls.due(session):
            name = f"webhook:{number}"
            key = f"{jobs.TICK}{name}:{time.time()}"
            jobs.enqueue(session, "call_webhook", key, number, alone=name, queue=jobs.CALLS)


def call_webhook(work: Work, number: int) -> None:
    """Send what is due to one webhook, one after another, until it takes nothing more or a minute is over."""
    with jobs.run() as run:
        _call_all(work, number, run)


def _call_all(work: Work, number: int, run: str) -> None:
    end, is_more = time.monotonic() + A_RUN, True
    while is_more:
        with work.database.write() as session:
            webhook = session.get(Webhook, number)
            waiting = calls.claim(session, webhook, run) if webhook is not None else []
        is_more = sum(map(len, waiting)) >= calls.AT_ONCE
        while waiting and time.monotonic() < end:
            outcome = _call(work, waiting.pop(0), run)
            if outcome is None or outcome.is_away:
                break
        if waiting:
            with work.database.write() as session:
                calls.put_back(session, [number for part in waiting for number in part], run)
            is_more = False


def _call(work: Work, call_ids: Sequence[int], run: str) -> Outcome | None:
    """Send calls as one and keep the outcome; no transaction is open meanwhile. None where they are owed no more."""
    work.database.precedence.give_way()
    try:
        outcome = _outcome(work, call_ids, run)
    except StorageBusy:
        raise
    except Exception as error:  # whatever it is, it is this call's alone
        at = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(at.filename).name}, line {at.lineno}"
        outcome = Outcome(None, f"This call could not be made: {where}.", 0.0, is_ours=True)
    if outcome is None:
        return None
    if not outcome.is_taken:
        log.warning("webhook failed", call=call_ids[0], status=outcome.status)
    with work.database.write(patience=UNHURRIED) as session:  # what is not kept is called a second time
        keep_trying = timedelta(days=work.settings.retention_mail_days)
        webhooks.keep(session, call_ids, run, outcome, keep_trying=keep_trying)
    return outcome


def _outcome(work: Work, call_ids: Sequence[int], run: str) -> Outcome | None:
    """What became of calls that go as one; None where this run has one no more, or their webhook is off."""
    with work.database.write() as session:
        query = select(Call).where(Call.id.in_(call_ids), Call.claimed_by == run).order_by(Call.id)
        due_calls = session.scalars(query.with_for_update(key_share=True)).all()
        if len(due_calls) < len(call_ids) or not due_calls[0].webhook.active:
            return None
        webhook, base_url = due_calls[0].webhook, work.settings.base_url
        kind, key = webhook.kind, due_calls[0].key
        if len(due_calls) > 1:
            key = calls.key_of_all([call.key for call in due_calls])
            payload = webhooks.compose_all(session, due_calls, base_url)
        else:
            payload = webhooks.compose(session, due_calls[0], base_url)
        try:
            values = webhooks.opened(webhook, work.settings.secret_keys)
        except ChangedMeanwhile as error:
            return Outcome(None, error.detail, 0.0)
    return send(kind, values, key, payload, work.settings)


def send(
    kind: WebhookKind, values: Mapping[str, Any], key: str, payload: Mapping[str, Any], settings: Settings
) -> Outcome:
    """Send what a webhook of this kind is told, and say what became of it; whatever the server does, it is an outcome.

    Of what one's own networks answer no word is kept or shown: who may add a webhook may not read there.
    """
    url, request = _request(kind, values, key, payload, settings.base_url)
    begin = time.monotonic()
    try:
        answer = fetch.send(url, request, allowed=settings.fetch_allow)
    except Unreachable as error:
        return Outcome(None, error.detail, time.monotonic() - begin)
    words = "" if answer.is_inside else answer.body.decode("utf-8", "replace")
    return Outcome(answer.status, words, time.monotonic() - begin, answer.retry_after)


def _request(
    kind: WebhookKind, values: Mapping[str, Any], key: str, payload: Mapping[str, Any], base_url: str
) -> tuple[str, fetch.Request]:
    """Where a call goes, and what is sent there: signed to a program, in its own form to a chat."""
    url, method = str(values["url"]), "POST"
    headers = {"Content-Type": "application/json"}
    if kind is WebhookKind.PLAIN:
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        timestamp = int(now().timestamp())
        signature = sign(key, timestamp, body, webhooks.valid_secrets(dict(values)))
        headers |= {"webhook-id": key, "webhook-timestamp": str(timestamp), "webhook-signature": signature}
    else:
        body = chats.body_of(kind, chats.message_of(payload, base_url), values)
    if kind is WebhookKind.MATRIX:  # which knows a message by its id, and takes the same one once
        url, method = f"{url}/{quote(key)}", "PUT"
        headers["Authorization"] = f"Bearer {values['access_token']}"
    return url, fetch.Request(headers, method=method, body=body, enough=READ_BYTES, is_any=True, seconds=SECONDS)
