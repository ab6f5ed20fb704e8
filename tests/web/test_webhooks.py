"""Webhooks over plain forms: added with a secret that is shown once, tried out, and sent again (H1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from werkzeug.test import TestResponse

from corrections_service.rules.webhooks import EVENTS
from corrections_service.rules.workflow import Role
from corrections_service.services import calls, webhooks
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Call, Webhook
from tests.applications import application
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in
from tests.work.canaries import LOOPBACK, Canary, listening

PATH = "/settings/sites/news/webhooks"


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A program that is called."""
    with listening(Canary()) as made:
        yield made


@pytest.fixture
def admin(database_settings: Settings, db: Database, newsroom: Newsroom) -> Visitor:
    """An administrator of the site, at a service that may call loopback."""
    app = application(database_settings.model_copy(update={"fetch_allow": LOOPBACK}), db)
    app.config["SERVER_NAME"] = database_settings.host
    return signed_in(app, db, newsroom.hire(Role.ADMIN))


def main(answer: TestResponse) -> Any:
    """The page's main element."""
    return LexborHTMLParser(answer.get_data(as_text=True)).css_first("main")


def add(admin: Visitor, address: str, kind: str = "plain") -> TestResponse:
    return admin.post(PATH, kind=kind, address=address, events=list(EVENTS))


def test_the_secret_is_shown_once_and_the_address_never_again(admin: Visitor) -> None:
    answer = add(admin, "https://hooks.example/in/hidden-part")
    secret = main(answer).css_first("#secret").text()
    assert re.fullmatch(r"whsec_[\w+/=]{44}", secret)
    for path in (PATH, f"{PATH}/1"):
        page = admin.get(path).get_data(as_text=True)
        assert "hooks.example" in page
        assert "hidden-part" not in page
        assert secret not in page
    another = main(admin.post(f"{PATH}/1", action="rotate")).css_first("#secret").text()
    assert another not in (secret, admin.get(f"{PATH}/1").get_data(as_text=True))


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(admin: Visitor, newsroom: Newsroom, app: Flask) -> None:
    answer = admin.post(PATH, kind="telegram", address="https://api.telegram.org/bot1:a/getMe", events=["case.new"])
    assert answer.status_code == 422
    page = main(answer)
    assert page.css_first("[name=address]").attributes["value"] == "https://api.telegram.org/bot1:a/getMe"
    assert "chat_id" in page.css_first(".summary").text()
    assert page.css_first("option[selected]").attributes["value"] == "telegram"
    assert main(admin.post(PATH, kind="plain", address="https://hooks.example/")).css_first("#events-wrong")
    closed = signed_in(app, newsroom.db, newsroom.hire(Role.ADMIN, "chief@news.example"))
    assert "https://" in main(add(closed, "http://hooks.example/")).css_first(".summary").text()
    assert newsroom.count(Webhook) == 0


def test_a_test_shows_what_the_other_side_answered_and_no_word_of_one_s_own_networks(
    admin: Visitor, canary: Canary
) -> None:
    def refuse(handler: BaseHTTPRequestHandler) -> None:
        Canary.article(handler, b"")
        handler.close_connection = True

    canary.says(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 17\r\n\r\nnot <b>today</b>!")
    add(admin, f"{canary.origin}/in")
    page = admin.post(f"{PATH}/1", action="test").get_data(as_text=True)
    assert "did not take the test" in page
    assert "403" in page
    assert "today" not in page
    canary.answer = refuse
    assert "The other side took the test" in admin.post(f"{PATH}/1", action="test").get_data(as_text=True)
    assert b'"type":"test"' in canary.bodies[-1]
    assert canary.headers[-1]["webhook-signature"].startswith("v1,")


def test_a_webhook_is_changed_switched_off_and_on_and_removed(admin: Visitor, newsroom: Newsroom) -> None:
    add(admin, "https://hooks.example/in", "slack")
    assert admin.post(f"{PATH}/1", action="choose", events=["fix.seen"]).status_code == 303
    assert admin.post(f"{PATH}/1", action="choose").status_code == 422
    ticked = main(admin.get(f"{PATH}/1")).css("[name=events][checked]")
    assert [box.attributes["value"] for box in ticked] == ["fix.seen"]
    assert admin.post(f"{PATH}/1", action="off").status_code == 303
    assert "switched off" in main(admin.get(f"{PATH}/1")).text()
    assert admin.post(f"{PATH}/1", action="on").status_code == 303
    assert "switched off." not in main(admin.get(f"{PATH}/1")).text()
    assert admin.post(f"{PATH}/1", action="nothing").status_code == 400
    assert admin.post(f"{PATH}/1", action="remove").headers["Location"] == PATH
    assert newsroom.count(Webhook) == 0
    assert admin.get(f"{PATH}/1").status_code == 404


def test_the_log_shows_each_try_in_the_other_side_s_words_and_sends_again(
    admin: Visitor, newsroom: Newsroom, db: Database
) -> None:
    add(admin, "https://hooks.example/in")
    newsroom.send()
    with db.write() as session:
        ((number,),) = calls.claim(session, session.get_one(Webhook, 1), "worker")
        outcome = webhooks.Outcome(500, "<i>broken</i>", 1.25)
        webhooks.keep(session, [number], "worker", outcome, keep_trying=webhooks.PATIENCE)
        webhooks.switch_off(session, session.get_one(Webhook, 1))
    row = main(admin.get(f"{PATH}/1")).css_first("[data-call]")
    assert "case.new" in row.text()
    assert "500 <i>broken</i>" in " ".join(row.text().split())
    assert "Given up" in row.text()
    assert admin.post(f"{PATH}/1", action="replay", call="1").status_code == 303
    assert admin.post(f"{PATH}/1", action="replay", call="7").status_code == 404
    with db.read() as session:
        assert session.scalars(select(Call.state)).one().value == "owed"


def test_another_site_s_administrator_finds_nothing(
    app: Flask, db: Database, admin: Visitor, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    """P-15."""
    add(admin, "https://hooks.example/in")
    stranger = signed_in(app, db, neighbour.hire(Role.ADMIN, "chief@gazette.example"))
    for path in (PATH, f"{PATH}/1", "/settings/sites/gazette/webhooks/1"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, action="test").status_code == 404
    assert newsroom.count(Webhook) == 1
