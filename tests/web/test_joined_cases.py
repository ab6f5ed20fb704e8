"""What editors see of cases that the service merged as their articles are one, and how they take it back."""

from __future__ import annotations

from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.workflow import Role, State
from corrections_service.services import moves
from corrections_service.store.models import Case
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in

BUTTON = "Not the same: take it back"


def main_text(visitor: Visitor, case: int) -> str:
    """What stands on a case's page."""
    node = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True)).css_first("main")
    return " ".join(node.text().split()) if node else ""


def test_any_editor_takes_back_what_the_service_merged_and_reads_why_it_did(newsroom: Newsroom, app: Flask) -> None:
    kept = newsroom.case_of(newsroom.send())
    joined = newsroom.case_of(newsroom.send(url="https://news.example/amp/bridge"))
    with newsroom.db.write() as session:
        moves.join(session, session.get_one(Case, joined).article, "https://news.example/bridge")
    newsroom.assert_readers_add_up()
    viewer, editor = (signed_in(app, newsroom.db, newsroom.hire(role)) for role in (Role.VIEWER, Role.EDITOR))
    assert BUTTON not in main_text(viewer, joined)
    page = main_text(editor, joined)
    assert BUTTON in page
    assert "This is no fix" not in page
    assert f"Its article is that of case {kept}, which is about the same words" in page
    assert f"Case {joined} is about the same words, and its article is this one" in main_text(editor, kept)
    assert editor.post(f"/cases/{joined}/undo").status_code == 302
    assert [newsroom.look(one).state for one in (kept, joined)] == [State.NEW, State.NEW]
    assert BUTTON not in main_text(editor, joined)
    newsroom.assert_readers_add_up()
