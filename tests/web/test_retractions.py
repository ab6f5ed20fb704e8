"""The toast of a note takes the note back, and nothing else (C8)."""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser

from tests.services.newsroom import Newsroom
from tests.web.test_desk import Hire, reported
from tests.web.test_desk import hire as hire


def test_a_note_is_taken_back_by_its_toast_and_not_what_was_done_before_it(newsroom: Newsroom, hire: Hire) -> None:
    case, visitor = reported(newsroom, 1), hire()
    visitor.get(f"/cases/{case}")
    visitor.post(f"/cases/{case}/claim")
    visitor.post(f"/cases/{case}/note", text="The wrong case!")
    page: Any = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True))
    (toast,) = [one for one in page.css(".toast form") if one.css_first("[name=event]")]
    fields = {str(one.attributes["name"]): str(one.attributes["value"]) for one in toast.css("input")}
    visitor.post(f"/cases/{case}/undo", **fields)
    page = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True))
    assert "The wrong case!" not in page.css_first("main").text()
    assert newsroom.look(case).assignee_id is not None
