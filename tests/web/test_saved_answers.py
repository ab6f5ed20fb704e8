"""Saved answers over plain forms: previewed, kept, put into the answer of a case without script."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corrections_service.store.database import Database
from corrections_service.store.models import SavedAnswer
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in

PATH = "/settings/sites/news/answers"
OPINION = {"resolution": "opinion", "language": "en", "text": "{site} <b>sees</b> it otherwise."}


@pytest.fixture
def visitor(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """An editor of the site."""
    return signed_in(app, db, newsroom.hire())


def parsed(answer: TestResponse) -> Any:
    """The page."""
    return LexborHTMLParser(answer.get_data(as_text=True))


def test_an_answer_is_previewed_kept_and_changed(newsroom: Newsroom, visitor: Visitor) -> None:
    preview = visitor.post(PATH, **OPINION, action="preview")
    assert parsed(preview).css_first("blockquote").text() == "News <b>sees</b> it otherwise."
    assert newsroom.count(SavedAnswer) == 0
    refused = visitor.post(PATH, **{**OPINION, "text": "{slug} it is"}, action="keep")
    assert refused.status_code == 422
    assert "{slug} is not known" in refused.get_data(as_text=True)
    assert parsed(refused).css_first("textarea").text().strip() == "{slug} it is"
    assert visitor.post(PATH, **OPINION, action="keep").status_code == 303
    assert parsed(visitor.get(PATH)).css_first(".answers .long").text() == OPINION["text"]
    form = parsed(visitor.get(f"{PATH}?answer=1"))
    assert form.css_first("textarea").text().strip() == OPINION["text"]
    assert visitor.post(PATH, **{**OPINION, "text": "Otherwise."}, number="1", action="keep").status_code == 303
    gone = parsed(visitor.post(PATH, number="1", action="remove"))
    assert newsroom.count(SavedAnswer) == 0
    form = gone.css_first("form:has(textarea)")
    assert form.css_first("textarea").text().strip() == "Otherwise."
    assert form.css_first("[name=number]") is None, "kept again it is a new one"
    assert visitor.post(PATH, number="1", action="remove").status_code == 404


def test_without_script_an_answer_goes_behind_what_was_typed_and_nothing_is_decided(
    newsroom: Newsroom, visitor: Visitor
) -> None:
    case = newsroom.case_of(newsroom.send(email="ann@readers.example"))
    visitor.post(PATH, **OPINION, action="keep")
    offer = parsed(visitor.get(f"/cases/{case}")).css_first("[data-answer]")
    assert offer.attributes["data-answer"] == "News <b>sees</b> it otherwise."
    assert offer.attributes["data-key"] == "3 a"
    fields = {"resolution": "not_an_error", "reason": "Dear reader,", "insert": str(offer.attributes["value"])}
    page = parsed(visitor.post(f"/cases/{case}/decide", **fields))
    assert page.css_first("#reason").text().strip() == "Dear reader,\n\nNews <b>sees</b> it otherwise."
    assert page.css_first("[name=resolution][checked]").attributes["value"] == "opinion"
    assert newsroom.look(case).state == "new"
    visitor.post(f"/cases/{case}/decide", resolution="opinion", reason="News sees it otherwise.")
    assert newsroom.look(case).resolution == "opinion"
