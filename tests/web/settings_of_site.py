"""Pages of a site's own settings, one after another in each state that says more, to be read in several languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from werkzeug.test import TestResponse

from corrections_service.rules.embedding import POINTS, Point
from corrections_service.rules.webhooks import EVENTS
from corrections_service.services import calls, hosts, origins, starts, webhooks
from corrections_service.services.backup import AFTER_RESTORE
from corrections_service.store.models import Call, DeliveryState, Site, Webhook, now
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor

PATH = "/settings/sites/news"


def site(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """Refused addresses, many and allowed ones; another matrix before it is kept; each refusal; mail again."""
    hosts = [f"https://h{number}.news.example" for number in range(25)]
    newsroom.db.intake(origins.count, refused={(newsroom.site.id, host): 2 for host in hosts})
    yield admin.get(PATH)
    right = {"origins": "https://news.example", "desk": "desk@news.example", "ways_in": "key", "soft_words": ""}
    rules = {"approver_corrected": "standards", "second_person_updated": "yes", "author_alone_updated": "yes"}
    yield admin.post(PATH, **right, **rules, action="preview")
    yield admin.post(PATH, **right, action="preview")
    wrong = {"origins": ("https://ann@news.example", ""), "desk": ("nobody",), "ways_in": ("",), "soft_words": ("–",)}
    yield from (admin.post(PATH, **{**right, name: value}) for name, values in wrong.items() for value in values)
    for host, action in zip(hosts, ("allow", "keep_out"), strict=False):
        admin.post(f"{PATH}/origins", origin=host, action=action, next=PATH)
        yield admin.get(PATH)
    admin.post(f"{PATH}/desk-mail")
    yield admin.get(PATH)


def telling(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """As it is, kept, and each refusal."""
    path = f"{PATH}/telling"
    yield admin.get(path)
    admin.post(path, cache_minutes="15", thanks="on", offices="")
    yield admin.get(path)
    many = "\n".join(f"{number} {number}@news.example" for number in range(11))
    for typed in (many, "1 a@news.example\n1 b@news.example", "1", f"{'1' * 61} a@news.example", "1 é@news.example"):
        yield admin.post(path, cache_minutes="1441", offices=typed)


def list_of_webhooks(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """None, each refusal, and one that is on, off, and that fails."""
    path = f"{PATH}/webhooks"
    yield admin.get(path)
    right: Mapping[str, Any] = {"kind": "plain", "address": "https://127.0.0.1:9/in", "events": list(EVENTS)}
    telegram = {"kind": "telegram", "address": "https://api.telegram.org/getMe"}
    for wrong in ({"kind": ""}, {"address": "http://127.0.0.1/"}, {"address": ""}, telegram):
        yield admin.post(path, **{**right, **wrong})
    yield admin.post(path, **{**right, "events": []})
    for number in range(1, 4):
        yield admin.post(path, **right)
        with newsroom.db.write() as session:
            webhook = session.scalars(select(Webhook).order_by(Webhook.id.desc())).first()
            assert webhook is not None
            webhook.active, webhook.failing_since = number > 1, now() if number > 2 else None
    yield admin.get(path)
    newsroom.change(Webhook, active=True)
    with newsroom.db.write() as session:
        for webhook in session.scalars(select(Webhook)):
            webhooks.remove(session, webhook)


def one_webhook(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """Its secret, a test that reaches nothing, each thing done with it, its tries, and why it is switched off."""
    admin.post(f"{PATH}/webhooks", kind="plain", address="https://127.0.0.1:9/in", events=list(EVENTS))
    with newsroom.db.read() as session:
        (number,) = session.scalars(select(Webhook.id))
    path = f"{PATH}/webhooks/{number}"
    yield admin.get(path)
    yield admin.post(path, action="rotate")
    yield admin.post(path, action="test")
    yield admin.post(path, action="choose")
    newsroom.send(exact=uuid4().hex)
    tries = ("The server does not answer in time; it is asked again later.", webhooks.SEAL_LOST, "", "", "")
    with newsroom.db.write() as session:
        (part,) = calls.claim(session, session.get_one(Webhook, number), "worker")
        for words in tries:
            outcome = webhooks.Outcome(None if words else 500, words, 1.25)
            webhooks.keep(session, part, "worker", outcome, keep_trying=webhooks.PATIENCE)
    yield admin.get(path)
    for action in ("off", "on", "replay_failed"):
        admin.post(path, action=action)
        yield admin.get(path)
    with newsroom.db.write() as session:
        webhook = session.get_one(Webhook, number)
        webhook.failing_since = now() - 2 * webhooks.PATIENCE
        call = session.scalars(select(Call).where(Call.webhook_id == number)).one()
        outcome = webhooks.Outcome(503, "", 1.25)
        webhooks.keep(session, [call.id], "worker", outcome, keep_trying=webhooks.PATIENCE)
        assert webhook.off_reason
    yield admin.get(path)
    for state in DeliveryState:
        newsroom.change(Call, state=state)
        yield admin.get(path)
    for reason in ("It answered that it is gone for good (410).", AFTER_RESTORE):
        newsroom.change(Webhook, off_reason=reason)
        yield admin.get(path)
    admin.post(path, action="remove")
    yield admin.get(f"{PATH}/webhooks")


def start(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """The guide: nothing done, each step, every fault that a page can have with its cure, all right, and each refusal."""
    path, url = f"{PATH}/start", "https://news.example/1"
    yield admin.get(path)
    details = {"canonical": url, "text": "12", "policy": "script-src", "tag": "42", "key": "42"}
    faults = [Point(name, fault, details.get(name, "")) for name, fault in FAULTS]
    right = [Point(name, "", details.get(name, "")) for name in POINTS]
    unread = ("The server’s certificate has expired; renew it.", "The site’s robots.txt cannot be read. 12")
    for points in (faults, *([Point("page", "unreachable", words)] for words in unread), right):
        with newsroom.db.write() as session:
            starts.keep_check(session.get_one(Site, newsroom.site.id), url, points)
        yield admin.get(path)
    newsroom.change(Site, first_load_at=now())
    yield admin.get(path)
    newsroom.send(exact=uuid4().hex)
    yield admin.get(path)
    for address in ("https://ann@news.example/", "https://evil.example/", ""):
        yield admin.post(path, address=address)
    with newsroom.db.write() as session:
        assert hosts.claim(session, url)
    yield admin.post(path, address=url)
    with newsroom.db.write() as session:
        hosts.free(session, url, timedelta())
    newsroom.change(Site, first_load_at=None, page_check=None)


FAULTS = (
    *(("tag", fault) for fault in ("missing", "elsewhere", "inert", "stale")),
    *(("canonical", fault) for fault in ("missing", "foreign", "front")),
    *(("policy", fault) for fault in ("script", "connect", "nonce")),
    ("key", "other"),
    ("text", "missing"),
)
"""What can be wrong with a page that was read."""

PAGES = [site, telling, list_of_webhooks, one_webhook, start]
