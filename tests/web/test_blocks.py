"""Blocks and personal details over plain forms: made at a case, listed and ended in the settings (I4, I9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Role
from corrections_service.store.database import Database
from corrections_service.store.models import Block, now
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in

PATH = "/settings/sites/news/blocks"
MONTH = f"{now() + timedelta(days=30):%Y-%m-%d}"
DETAILS = "Call +380 44 123 45 67 or ann@readers.example; it was in 1987."
HIDDEN = "Call ☎ ••••••• or •••@•••; it was in 1987."


@pytest.fixture
def visitor(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """An editor of the site."""
    return signed_in(app, db, newsroom.hire())


def main(answer: TestResponse) -> Any:
    """The page's main element."""
    return LexborHTMLParser(answer.get_data(as_text=True)).css_first("main")


def test_a_sender_is_blocked_at_the_case_listed_and_the_block_ended(newsroom: Newsroom, visitor: Visitor) -> None:
    case = newsroom.case_of(newsroom.send(email="troll@readers.example"))
    fields = {"report": "1", "kind": "sender", "reason": "Insults <b>us</b>.", "until": MONTH, "shadow": "on"}
    refused = visitor.post(f"/cases/{case}/block", **{**fields, "until": "soon"})
    assert refused.status_code == 422
    assert main(refused).css_first("details.block[open] [name=reason]").attributes["value"] == fields["reason"]
    assert visitor.post(f"/cases/{case}/block", **fields).status_code == 302
    assert "Insults <b>us</b>." in main(visitor.get(f"/cases/{case}")).css_first(".history").text()
    listed = main(visitor.get(PATH)).css_first("[data-block]").text()
    assert "Insults <b>us</b>." in listed
    assert "Set aside" in listed
    assert "troll" not in listed
    assert visitor.post(PATH, action="end", number="1").status_code == 303
    assert main(visitor.get(PATH)).css_first("[data-block]") is None
    with newsroom.db.read() as session:
        assert session.get_one(Block, 1).ended_by_id is not None


def test_what_was_typed_for_a_block_is_kept_with_what_is_wrong(newsroom: Newsroom, visitor: Visitor) -> None:
    answer = visitor.post(PATH, kind="host", value="localhost", reason="Spam.", until=MONTH)
    assert answer.status_code == 422
    assert main(answer).css_first("[name=value]").attributes["value"] == "localhost"
    assert newsroom.count(Block) == 0
    assert visitor.post(PATH, kind="host", value="spam.example", reason="Spam.", until=MONTH).status_code == 303
    assert "spam.example" in main(visitor.get(PATH)).css_first("[data-block]").text()


def test_details_are_hidden_in_the_list_and_the_case_and_shown_to_who_asks(
    app: Flask, db: Database, newsroom: Newsroom, visitor: Visitor
) -> None:
    case = newsroom.case_of(newsroom.send(exact="", suggestion="", comment=DETAILS))
    author = signed_in(app, db, newsroom.hire(Role.AUTHOR))
    for path in (f"/cases/{case}", "/queue"):
        page = main(visitor.get(path)).text() + visitor.get(path).get_data(as_text=True)
        assert "123 45 67" not in page
        assert "ann@readers.example" not in page
    assert HIDDEN in main(visitor.get(f"/cases/{case}")).css_first(".reports").text()
    assert author.post(f"/cases/{case}/show").status_code == 403
    assert visitor.post(f"/cases/{case}/show").status_code == 302
    page = main(visitor.get(f"/cases/{case}"))
    assert DETAILS in page.css_first(".reports").text()
    assert "personal details shown" in page.css_first(".history").text()
    assert HIDDEN in main(author.get(f"/cases/{case}")).css_first(".reports").text()
