"""Programs are called, signed, until they take it; what they answer is kept; nothing that hangs holds up others (H1)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from sqlalchemy import select, update

from corrections_service.rules.webhooks import EVENTS, WebhookKind
from corrections_service.services import calls, webhooks
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.engine import Engine
from corrections_service.store.models import Call, DeliveryState, Site, Try, Webhook, now
from corrections_service.work import fetch, jobs
from corrections_service.work import webhooks as sending
from corrections_service.work.means import Work
from corrections_service.work.webhooks import call_webhook
from tests.databases import SECRET
from tests.laws.documents import DOCS
from tests.measures import PATIENCE, wait_for
from tests.services.newsroom import FERRY, Newsroom
from tests.work.canaries import LOOPBACK, Canary, listening
from tests.work.postroom import Desk


@pytest.fixture
def newsroom(db: Database, site: Site) -> Newsroom:
    return Newsroom(db, site)


def say(status: int, words: str = "", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer with a status and words."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(words.encode()))}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(words.encode())

    return answer


def add(work: Work, url: str, kind: WebhookKind = WebhookKind.PLAIN) -> tuple[int, str]:
    """A webhook that listens for all, and its secret."""
    with work.database.write() as session:
        site = session.scalars(select(Site)).one()
        keys = work.settings.secret_keys
        webhook, secret = webhooks.add(session, site, kind, url, list(EVENTS), keys=keys, own_networks=True)
        return webhook.id, secret


def read(canary: Canary) -> bytes:
    """What is read of an answer to a call."""
    request = fetch.Request({}, method="POST", body=b"{}", enough=sending.READ_BYTES, is_any=True)
    answer = fetch.send(canary.origin, request, allowed=LOOPBACK)
    assert answer.is_inside
    return answer.body


def let_time_pass(work: Work) -> None:
    with work.database.write() as session:
        session.execute(update(Call).where(Call.claimed_by.is_(None)).values(next_at=now() - timedelta(seconds=1)))
        session.execute(update(Webhook).values(next_at=now() - timedelta(seconds=1)))


def states(work: Work) -> list[str]:
    with work.database.read() as session:
        return [state.value for state in session.scalars(select(Call.state).order_by(Call.id))]


def tries(work: Work) -> list[tuple[int | None, str]]:
    with work.database.read() as session:
        return [(one.status, one.words) for one in session.scalars(select(Try).order_by(Try.id))]


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """What a receiver does: the recipe of docs/webhooks.md, by hand."""
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    signatures = headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(f"v1,{expected}", signature) for signature in signatures)


def test_a_call_is_signed_and_kept_with_its_answer(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    """H1: a receiver that knows the secret can tell that it is ours, and that it is fresh."""
    canary.answer = say(202, "taken")
    hook, secret = add(work, f"{canary.origin}/in?team=2")
    newsroom.send(email="ann@readers.example")
    call_webhook(work, hook)
    ((headers, body),) = zip(canary.headers, canary.bodies, strict=True)
    assert (canary.methods, canary.hits) == (["POST"], ["/in?team=2"])
    assert verified(secret, headers, body)
    assert not verified(secret, headers, body + b" ")
    assert abs(int(headers["webhook-timestamp"]) - now().timestamp()) < PATIENCE
    assert headers["Content-Type"] == "application/json"
    assert "." not in headers["webhook-id"]
    assert json.loads(body)["type"] == "case.new"
    assert b"readers.example" not in body
    assert (states(work), tries(work)) == (["sent"], [(202, "")]), "no word of one's own networks"


def test_the_recipe_for_receivers_tells_ours_from_others(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    """H1: the example of docs/webhooks.md, as it stands there."""
    (recipe,) = re.findall(r"```python\n(.*?)```", (DOCS / "webhooks.md").read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(recipe, names)
    canary.answer = say(200)
    hook, secret = add(work, canary.origin)
    newsroom.send()
    call_webhook(work, hook)
    headers, body = canary.headers[0], canary.bodies[0]
    assert names["is_genuine"](secret, headers, body)
    assert not names["is_genuine"](secret, headers, body + b" ")
    assert not names["is_genuine"](secret, {**headers, "webhook-id": "msg_1"}, body)
    old = int(headers["webhook-timestamp"]) - 301
    assert not names["is_genuine"](secret, {**headers, "webhook-timestamp": str(old)}, body)


def test_both_secrets_sign_while_one_is_changed_for_another(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    canary.answer = say(200)
    hook, first = add(work, canary.origin)
    with work.database.write() as session:
        second = webhooks.rotate(session.get_one(Webhook, hook), keys=work.settings.secret_keys)
    newsroom.send()
    call_webhook(work, hook)
    assert [verified(secret, canary.headers[0], canary.bodies[0]) for secret in (first, second)] == [True, True]


def test_what_is_not_taken_is_sent_again_with_the_same_id_and_another_time(
    work: Work, newsroom: Newsroom, canary: Canary
) -> None:
    canary.answer = say(500, "<b>Out of\r\norder</b>")
    hook, secret = add(work, canary.origin)
    newsroom.send()
    newsroom.send(**FERRY)
    call_webhook(work, hook)
    assert len(canary.hits) == 1  # the other is not tried in vain
    call_webhook(work, hook)
    assert len(canary.hits) == 1
    canary.answer = say(204)
    let_time_pass(work)
    call_webhook(work, hook)
    first = canary.headers[0]["webhook-id"]
    again = [at for at, headers in enumerate(canary.headers) if headers["webhook-id"] == first]
    assert len(again) == 2
    assert canary.bodies[again[0]] == canary.bodies[again[1]]
    assert all(verified(secret, canary.headers[at], canary.bodies[at]) for at in again)
    assert states(work) == ["sent", "sent"]
    assert sorted(tries(work), key=str) == [(204, ""), (204, ""), (500, "")]


def test_one_that_is_refused_holds_up_no_other(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    def judge(handler: BaseHTTPRequestHandler) -> None:
        say(400 if b"was opend" in canary.bodies[-1] else 200)(handler)

    canary.answer = judge
    hook, _ = add(work, canary.origin)
    newsroom.send()
    newsroom.send(**FERRY)
    call_webhook(work, hook)
    assert states(work) == ["owed", "sent"]


def test_who_dies_between_the_answer_and_keeping_it_sends_the_same_again(
    work: Work, newsroom: Newsroom, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H1: at least once, by the same id."""
    canary.answer = say(200)
    hook, _ = add(work, canary.origin)
    newsroom.send()

    class Killed(BaseException):
        """As kill -9 ends it: nothing runs after it."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(webhooks, "keep", die)
        call_webhook(work, hook)
    call_webhook(work, hook)
    assert len(canary.hits) == 1  # it is another run's, as far as anybody knows
    with work.database.write() as session:
        calls.release_claims(session, at_work=[])
    call_webhook(work, hook)
    assert len(canary.hits) == 2
    assert canary.headers[0]["webhook-id"] == canary.headers[1]["webhook-id"]
    assert canary.bodies[0] == canary.bodies[1]
    assert states(work) == ["sent"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://2130706433:{port}/",
        "https://10.0.0.1/",
    ],
)
def test_no_address_of_this_machine_or_network_is_called(
    work: Work, newsroom: Newsroom, canary: Canary, address: str
) -> None:
    """G12: the same transport and rules as the article reader's."""
    closed = Work(work.database, work.settings.model_copy(update={"fetch_allow": []}), work.mailer)
    hook, _ = add(closed, address.format(port=canary.port))
    newsroom.send()
    call_webhook(closed, hook)
    assert canary.hits == []
    ((status, words),) = tries(work)
    assert status is None
    assert "network" in words


def test_a_redirect_is_a_failure_that_is_not_followed(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    """G12."""
    with listening(Canary()) as inner:
        canary.redirect(f"{inner.origin}/secret", 307)
        hook, _ = add(work, canary.origin)
        newsroom.send()
        call_webhook(work, hook)
        assert inner.hits == []
    assert [status for status, _ in tries(work)] == [307]
    assert states(work) == ["owed"]


def test_what_is_not_encrypted_goes_to_no_public_address(work: Work, newsroom: Newsroom) -> None:
    hook, _ = add(work, "http://1.1.1.1/")
    newsroom.send()
    call_webhook(work, hook)
    ((status, words),) = tries(work)
    assert status is None
    assert "not encrypted" in words


def test_an_answer_without_end_is_read_as_far_as_it_is_kept(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"more " * 10_000)
        except OSError:
            return

    canary.answer = endless
    hook, _ = add(work, canary.origin)
    newsroom.send()
    call_webhook(work, hook)
    ((status, words),) = tries(work)
    assert (status, words) == (200, "")
    assert len(read(canary)) <= sending.READ_BYTES
    assert states(work) == ["sent"]


def test_an_answer_that_is_a_packed_bomb_is_read_no_further_either(
    work: Work, newsroom: Newsroom, canary: Canary
) -> None:
    bomb = gzip.compress(b"more " * 10_000_000)
    canary.answer = lambda handler: Canary.article(handler, bomb, Content_Encoding="gzip")
    hook, _ = add(work, canary.origin)
    newsroom.send()
    call_webhook(work, hook)
    ((status, words),) = tries(work)
    assert (status, words) == (200, "")
    assert read(canary).startswith(b"more more")
    assert len(read(canary)) <= sending.READ_BYTES


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff" * 100, b"HTTP/1.1 999999 What\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent"]
)
def test_an_answer_that_is_none_is_a_failed_try(work: Work, newsroom: Newsroom, canary: Canary, raw: bytes) -> None:
    canary.says(raw)
    hook, _ = add(work, canary.origin)
    newsroom.send()
    call_webhook(work, hook)
    assert len(tries(work)) == 1
    assert DeliveryState.OWED.value in states(work) or raw.startswith(b"HTTP/1.1 200")


def test_a_program_that_hangs_holds_up_neither_others_nor_itself_for_long(
    work: Work, newsroom: Newsroom, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H1: with the engine at work, what hangs is cut off, and others are called meanwhile."""
    monkeypatch.setattr(sending, "SECONDS", 3.0)
    let_go = threading.Event()

    def hang(_: BaseHTTPRequestHandler) -> None:
        let_go.wait(PATIENCE)

    with listening(Canary()) as hanging:
        hanging.answer = hang
        canary.answer = say(200)
        slow, _ = add(work, hanging.origin)
        quick, _ = add(work, canary.origin)
        running = Engine(work.database, work.settings)
        jobs.register(running, work)
        running.start()
        try:
            newsroom.send()
            wait_for(lambda: len(canary.hits) == 1)
            wait_for(lambda: any(status is None for status, _ in tries(work)))
        finally:
            let_go.set()
            running.stop()
    assert (slow, quick) == (1, 2)
    assert sorted(states(work)) == ["owed", "sent"]


def test_one_that_cannot_be_put_together_holds_up_no_other_and_says_so(
    work: Work, newsroom: Newsroom, canary: Canary
) -> None:
    canary.answer = say(200)
    hook, _ = add(work, canary.origin, WebhookKind.SLACK)
    newsroom.send()
    newsroom.send(**FERRY)
    with work.database.write() as session:
        first = session.scalars(select(Call).order_by(Call.id)).first()
        assert first is not None
        first.payload = {"type": "case.new", "secret": "words of a reader"}
    call_webhook(work, hook)
    assert states(work) == ["owed", "sent"]
    ((_, words), _) = tries(work)
    assert "KeyError" in words
    assert "reader" not in words


def test_administrators_are_mailed_of_a_webhook_that_is_switched_off_in_no_word_of_the_other_side(
    desk: Desk, canary: Canary
) -> None:
    """H1."""
    canary.answer = say(410, "https://evil.example gone")
    work = Work(desk.db, desk.work.settings.model_copy(update={"fetch_allow": LOOPBACK}), desk.work.mailer)
    hook, _ = add(work, canary.origin)
    newsroom = Newsroom(desk.db, desk.site)
    newsroom.send()
    call_webhook(work, hook)
    (mail,) = [mail for mail in desk.mails() if "webhook" in mail.message["Subject"]]
    assert mail.rcpt_tos == ("ed@news.example",)
    assert mail.message["Subject"] == "The webhook to 127.0.0.1 of News is switched off"
    for part in ("plain", "html"):
        assert f"http://corrections.example/settings/sites/news/webhooks/{hook}" in mail.part(part)
        assert "evil" not in mail.part(part)


def test_a_secret_key_that_is_lost_is_said(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    hook, _ = add(work, canary.origin)
    newsroom.send()
    settings: Settings = work.settings.model_copy(update={"secret_key": "quite another of at least forty-two letters"})
    call_webhook(Work(work.database, settings, work.mailer), hook)
    assert canary.hits == []
    assert "SECRET_KEY_FALLBACKS" in tries(work)[0][1]
    fallback = settings.model_copy(update={"secret_key_fallbacks": [SECRET]})
    let_time_pass(work)
    canary.answer = say(200)
    call_webhook(Work(work.database, fallback, work.mailer), hook)
    assert states(work) == ["sent"]
