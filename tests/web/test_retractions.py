"""The toast of a note takes the note back, and nothing else (C8)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.workflow import Decision, Resolution, Role
from corrections_service.services import editors, freezes, proposals
from corrections_service.store.database import Database
from corrections_service.store.models import Editor
from tests.services.newsroom import PRINTED, Newsroom
from tests.web.test_desk import Hire, reported
from tests.web.test_desk import hire as hire
from tests.web.visitors import signed_in


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


@pytest.mark.parametrize("action", ["approve", "send_back", "freeze"])
def test_what_standards_do_with_a_proposal_is_taken_back_by_its_toast(
    app: Flask, db: Database, newsroom: Newsroom, action: str
) -> None:
    case, editor, standards = reported(newsroom, 1), newsroom.hire(), newsroom.hire(Role.STANDARDS)
    newsroom.act(proposals.propose, case, editor, Decision(Resolution.CLARIFIED, **PRINTED))
    before = newsroom.look(case)
    visitor = signed_in(app, db, standards)
    visitor.get(f"/cases/{case}")
    done = visitor.post(f"/cases/{case}/{action}", why="Say what is meant.", version=str(before.version))
    assert done.status_code == 302
    assert newsroom.look(case).version > before.version
    page: Any = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True))
    fields = {str(one.attributes["name"]): str(one.attributes["value"]) for one in page.css(".toast form input")}
    assert fields, "the way back stands where it is said that it is done"
    assert visitor.post(f"/cases/{case}/undo", **fields).status_code == 302
    now = newsroom.look(case)
    assert (now.state, now.resolution, now.frozen_until) == (before.state, before.resolution, before.frozen_until)
    page = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True))
    assert page.css_first(f"form[action^='/cases/{case}/approve']") is not None, "it waits to be approved again"


def test_a_lift_is_taken_back_by_its_toast(app: Flask, db: Database, newsroom: Newsroom) -> None:
    case, standards = reported(newsroom, 1), newsroom.hire(Role.STANDARDS)
    newsroom.act(freezes.freeze, case, standards, "The court has it.")
    visitor, before = signed_in(app, db, standards), newsroom.look(case)
    visitor.get(f"/cases/{case}")
    visitor.post(f"/cases/{case}/lift", why="It is over.", version=str(before.version))
    assert newsroom.look(case).frozen_until is None
    page: Any = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True))
    fields = {str(one.attributes["name"]): str(one.attributes["value"]) for one in page.css(".toast form input")}
    assert visitor.post(f"/cases/{case}/undo", **fields).status_code == 302
    assert newsroom.look(case).frozen_until == before.frozen_until


def test_the_toast_of_a_note_says_for_whom_it_is_and_which_names_are_nobodys(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """Kind: an editor who names a colleague by a name that nobody has waits for an answer in vain."""
    case, editor, mia = reported(newsroom, 1), newsroom.hire(), newsroom.hire(email="mia@news.example")
    with db.write() as session:
        editors.rename(session, session.get_one(Editor, mia), "Mia & Co")
    visitor = signed_in(app, db, editor)
    for text, told in (
        ("Plain.", "Noted."),
        ("@mia look", "Noted for Mia & Co."),
        ("@mia @mi look", "Noted for Mia & Co. @mi: nobody"),
        ("@mi look", "Noted. @mi: nobody"),
    ):
        visitor.post(f"/cases/{case}/note", text=text)
        page: Any = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True))
        assert told in page.css_first(".toast span").text(), text
