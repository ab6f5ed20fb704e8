"""A room of a chat gets one message of a burst, which says how many; programs get each event by itself (H2, D2)."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import select, update

from corrections_service.rules.webhooks import WebhookKind
from corrections_service.rules.workflow import NoticeClass, NoticeState
from corrections_service.services import calls, entries, reports
from corrections_service.services.reports import Arrival, Fields
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Call, Case, Correction, Site, Webhook, now
from corrections_service.work.means import Work
from corrections_service.work.webhooks import call_webhook
from tests.services.newsroom import Newsroom
from tests.work.canaries import Canary
from tests.work.test_chats import ADDRESSES
from tests.work.test_webhooks import add, let_time_pass, say, states

CHATS = [kind for kind in WebhookKind if kind is not WebhookKind.PLAIN]


@pytest.fixture
def newsroom(db: Database, site: Site) -> Newsroom:
    return Newsroom(db, site)


def burst(newsroom: Newsroom, count: int) -> None:
    """So many reports of errors of their own, in one article."""
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        words = [f"passage number {number} of them" for number in range(count)]
        fields = [
            Fields(str(uuid.uuid4()), "https://news.example/bridge", exact=each, suggestion=f"{each}s")
            for each in words
        ]
        reports.submit_all(session, [Arrival(site, each) for each in fields], secret="secret")
        session.execute(update(Article).values(headline="The @channel bridge"))


def listening(work: Work, canary: Canary, kind: WebhookKind) -> int:
    canary.answer = say(200, "ok")
    return add(work, canary.origin + ADDRESSES.get(kind, "/in"), kind)[0]


def a_while_later(work: Work) -> None:
    let_time_pass(work)
    with work.database.write() as session:
        session.execute(update(Call).where(Call.sent_at.is_not(None)).values(sent_at=now() - 2 * calls.A_WHILE))


@pytest.mark.parametrize("kind", CHATS)
def test_of_a_burst_a_room_gets_one_message_that_says_how_many(
    work: Work, newsroom: Newsroom, canary: Canary, kind: WebhookKind
) -> None:
    hook = listening(work, canary, kind)
    burst(newsroom, 300)
    call_webhook(work, hook)
    assert len(canary.bodies) == 1
    body = canary.bodies[0].decode()
    assert "300 new cases" in body
    assert "bridge (300)" in body
    assert "http://corrections.example/" in body
    assert states(work) == ["sent"] * 300


def test_what_comes_one_after_another_is_told_so_until_it_is_a_burst(
    work: Work, newsroom: Newsroom, canary: Canary
) -> None:
    hook = listening(work, canary, WebhookKind.SLACK)
    for number in range(12):
        newsroom.send(url=f"https://news.example/{number}")
        call_webhook(work, hook)
    assert len(canary.bodies) == calls.MESSAGES
    with work.database.read() as session:
        assert session.get_one(Webhook, hook).next_at > now(), "the rest waits"
    a_while_later(work)
    call_webhook(work, hook)
    assert [titles(canary)[-1], len(canary.bodies)] == ["7 new cases", calls.MESSAGES + 1]
    assert states(work) == ["sent"] * 12


def titles(canary: Canary) -> list[str]:
    return [json.loads(body)["text"] for body in canary.bodies]


def test_of_many_notices_a_room_is_told_of_which_articles_they_are(
    work: Work, newsroom: Newsroom, canary: Canary
) -> None:
    """Kind: a call of a notice names no case, so that its article was left out."""
    hook = listening(work, canary, WebhookKind.SLACK)
    burst(newsroom, 1)
    call_webhook(work, hook)
    with work.database.write() as session:
        case = session.scalars(select(Case)).one()
        facts = {"site_id": case.site_id, "article_id": case.article_id, "case": case, "state": NoticeState.PUBLIC}
        for _ in range(7):
            notice = Correction(**facts, notice_class=NoticeClass.CORRECTION, text="It is 1978.", published_at=now())
            session.add(notice)
            session.flush()
            entries.enter(session, notice)
    call_webhook(work, hook)
    body = canary.bodies[-1].decode()
    assert "7 notices published" in body
    assert "bridge (1)" in body, "they are of one case"


def test_what_a_room_was_told_lately_is_asked_of_what_is_recent(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    """Kind: each claim read all calls of a month, in the transaction for which reports wait."""
    hook = listening(work, canary, WebhookKind.SLACK)
    asked: list[tuple[str, Any]] = []
    sqlalchemy.event.listen(work.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    newsroom.send()
    call_webhook(work, hook)
    with work.database.read() as session:
        if not work.database.is_sqlite:  # so few rows are read whole unless that is forbidden
            session.execute(sqlalchemy.text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if work.database.is_sqlite else "EXPLAIN"
        queries = [one for one in asked if "SELECT DISTINCT call.sent_at" in one[0]]
        assert queries
        for statement, values in queries:
            plan = str(session.connection().exec_driver_sql(f"{explain} {statement}", values).all())
            assert "ix_call_due" in plan


def test_a_burst_that_a_room_does_not_take_is_told_whole_later(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    hook = listening(work, canary, WebhookKind.SLACK)
    canary.answer = say(503)
    burst(newsroom, 30)
    call_webhook(work, hook)
    assert states(work) == ["owed"] * 30
    with work.database.read() as session:
        assert session.get_one(Webhook, hook).failures == 1, "one request failed"
    canary.answer = say(200, "ok")
    let_time_pass(work)
    call_webhook(work, hook)
    assert titles(canary) == ["30 new cases"] * 2
    assert states(work) == ["sent"] * 30


def test_the_same_events_go_by_the_same_id_so_that_a_room_of_matrix_takes_them_once(
    work: Work, newsroom: Newsroom, canary: Canary
) -> None:
    hook = listening(work, canary, WebhookKind.MATRIX)
    canary.answer = say(503)
    burst(newsroom, 30)
    for _ in range(2):
        let_time_pass(work)
        call_webhook(work, hook)
    assert len(canary.hits) == 2
    assert len(set(canary.hits)) == 1


def test_a_program_gets_each_event_by_itself(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    hook = listening(work, canary, WebhookKind.PLAIN)
    burst(newsroom, 30)
    call_webhook(work, hook)
    bodies: list[dict[str, Any]] = [json.loads(body) for body in canary.bodies]
    assert [body["type"] for body in bodies] == ["case.new"] * 30
    with work.database.read() as session:
        assert len(set(session.scalars(select(Call.key)))) == 30
