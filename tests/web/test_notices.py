"""A notice at the desk: checked while it is typed, asked to be approved, approved in the queue of who may."""

from __future__ import annotations

from flask import Flask

from corrections_service.rules.workflow import Role
from corrections_service.store.database import Database
from corrections_service.store.models import FixState
from tests.services.newsroom import NOTICE, PRINTED, Newsroom, see
from tests.web.visitors import signed_in


def test_a_notice_is_checked_while_it_is_typed_and_nothing_is_changed(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    case = newsroom.case_of(newsroom.send())
    me = signed_in(app, db, newsroom.hire())
    me.get(f"/cases/{case}")
    typed = {**NOTICE, "resolution": "corrected"}
    assert me.post(f"/cases/{case}/check", **typed).json == {}
    refused = me.post(f"/cases/{case}/check", **{**typed, "notice": "hello", "right": ""}).json
    assert refused is not None
    assert set(refused) == {"notice", "right"}
    assert "An earlier version of this article said" in refused["notice"]
    assert me.post(f"/cases/{case}/check", **{**typed, "resolution": "opinion", "notice": "hello"}).json == {}
    assert me.post("/cases/999/check", **typed).status_code == 404
    assert newsroom.history(case) == ["reported"]


def test_a_clarification_is_asked_for_by_one_and_approved_by_another_over_plain_forms(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """The reader's page says nothing of a decision before there is one."""
    client, sent = app.test_client(use_cookies=False), newsroom.send(email="ann@readers.example")
    case = newsroom.case_of(sent)
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    editor, standards = (signed_in(app, db, newsroom.hire(role)) for role in (Role.EDITOR, Role.STANDARDS))
    page = editor.get(f"/cases/{case}").get_data(as_text=True)
    assert "This has to be approved by the role standards." in page
    answer = editor.post(f"/cases/{case}/decide", **{**PRINTED, "resolution": "clarified", "stay": "1"})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    status = client.get(f"/r/{sent.token}").get_data(as_text=True)
    assert "An editor is looking into it" in status
    assert "An editor has decided" not in status
    waiting = editor.get(f"/cases/{case}").get_data(as_text=True)
    assert "It waits to be approved." in waiting
    assert "/approve" not in waiting
    assert f'data-case="{case}"' in standards.get("/queue?view=approval").get_data(as_text=True)
    assert "/approve" in standards.get(f"/cases/{case}").get_data(as_text=True)
    assert standards.post(f"/cases/{case}/approve").status_code == 302
    assert newsroom.history(case)[-1] == "decided"
    assert "An editor has decided" in client.get(f"/r/{sent.token}").get_data(as_text=True)


def test_closing_by_hand_what_was_seen_wrong_says_so_and_asks_why(app: Flask, db: Database, newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send(email="ann@readers.example"))
    editor = signed_in(app, db, newsroom.hire())
    editor.get(f"/cases/{case}")
    editor.post(f"/cases/{case}/decide", resolution="fixed", why_silent="a letter is missing", stay="1")
    page = editor.get(f"/cases/{case}").get_data(as_text=True)
    assert "The last look saw the wrong words" not in page
    assert f"/cases/{case}/ask" not in page
    assert f"/cases/{case}/snooze" not in page
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    page = editor.get(f"/cases/{case}").get_data(as_text=True)
    assert "The last look saw the wrong words" in page
    assert "Why is it closed before the fix is seen?" in page
    refused = editor.post(f"/cases/{case}/close", why="")
    assert "Say why the case is closed all the same." in refused.get_data(as_text=True)
    assert editor.post(f"/cases/{case}/close", why="The paper reads right.").status_code == 302
    assert newsroom.history(case)[-1] == "closed"
