"""A notice at the desk: checked while it is typed, asked to be approved, approved in the queue of who may."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.workflow import Role
from corrections_service.services import corrections
from corrections_service.store.database import Database
from corrections_service.store.models import FixState, now
from tests.services.newsroom import FERRY, NOTICE, PRINTED, Newsroom, see
from tests.web.visitors import Visitor, signed_in


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
    assert "Close by hand" not in waiting
    assert "The last look saw" not in waiting
    refused = editor.post(f"/cases/{case}/close", why="It stood in print.").get_data(as_text=True)
    assert "The notice waits to be approved first." in refused
    assert "seen?</a>" not in refused
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
    assert "1 reader who asked will be told all the same that it was changed." in page
    refused = editor.post(f"/cases/{case}/close", why="")
    assert "Say why the case is closed all the same." in refused.get_data(as_text=True)
    summary = LexborHTMLParser(refused.get_data(as_text=True)).css_first("main .summary")
    assert summary is not None
    assert "Why is it closed before the fix is seen?" in summary.text()
    assert "Why may it be public" not in summary.text()
    assert editor.post(f"/cases/{case}/close", why="The paper reads right.").status_code == 302
    assert newsroom.history(case)[-1] == "closed"


def test_nobody_is_said_to_be_told_of_a_closing_where_no_reader_asked(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    case = newsroom.case_of(newsroom.send())
    editor = signed_in(app, db, newsroom.hire())
    editor.get(f"/cases/{case}")
    editor.post(f"/cases/{case}/decide", resolution="fixed", why_silent="a letter is missing", stay="1")
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    page = editor.get(f"/cases/{case}").get_data(as_text=True)
    assert "The last look saw the wrong words in the article." in page
    assert "told all the same" not in page


def test_an_undone_decision_stands_in_the_form_with_all_that_was_typed(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """Until the case is decided again."""
    case = newsroom.case_of(newsroom.send(email="ann@readers.example"))
    me = signed_in(app, db, newsroom.hire())
    me.get(f"/cases/{case}")
    edition = f"{now() + timedelta(days=2):%Y-%m-%d}"
    later = f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    typed = {
        **PRINTED,
        "resolution": "corrected",
        "reason": "You were right <twice>.",
        "gravity": "serious",
        "ran": "print",
        "print_on": "2026-01-05",
        "shows": "print",
        "shows_on": edition,
        "publish_at": later,
    }
    answer = me.post(f"/cases/{case}/decide", **typed, stay="1")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert me.post(f"/cases/{case}/undo").status_code == 302
    assert in_form(me, case) == typed
    assert me.post(f"/cases/{case}/decide", resolution="opinion", reason="A view.", stay="1").status_code == 302
    assert me.post(f"/cases/{case}/undo").status_code == 302
    again = in_form(me, case)
    assert (again["resolution"], again["reason"]) == ("opinion", "A view.")
    assert me.post(f"/cases/{case}/decide", resolution="not_an_error", reason="It is.", stay="1").status_code == 302
    assert me.post(f"/cases/{case}/reopen", why="It was one.").status_code == 302
    afresh = in_form(me, case)
    assert (afresh.get("resolution"), afresh["reason"]) == (None, "")


def test_a_proposal_that_is_sent_back_stands_in_the_form(app: Flask, db: Database, newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send())
    me, other = (signed_in(app, db, newsroom.hire(role)) for role in (Role.EDITOR, Role.STANDARDS))
    me.get(f"/cases/{case}")
    other.get(f"/cases/{case}")
    assert me.post(f"/cases/{case}/decide", **PRINTED, resolution="clarified", stay="1").status_code == 302
    assert me.post(f"/cases/{case}/undo").status_code == 302
    undone = in_form(me, case)
    assert undone | PRINTED | {"resolution": "clarified"} == undone
    assert me.post(f"/cases/{case}/decide", **PRINTED, resolution="clarified", stay="1").status_code == 302
    assert other.post(f"/cases/{case}/send_back", why="Shorter.").status_code == 302
    sent_back = in_form(me, case)
    assert sent_back | PRINTED == sent_back


def in_form(visitor: Visitor, case: int) -> dict[str, str]:
    """What the form of a decision holds."""
    form = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True)).css_first("#decide")
    assert form is not None
    fields = {str(node.attributes["name"]): node.text().removeprefix("\n") for node in form.css("textarea")}
    for node in form.css("input:not([type=hidden])"):
        name, value = str(node.attributes["name"]), str(node.attributes["value"] or "")
        if node.attributes.get("type") not in ("radio", "checkbox") or "checked" in node.attributes:
            fields[name] = value
    return fields


def test_the_way_back_is_offered_for_as_long_as_no_reader_is_told(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """What owes nobody a mail can be undone without such a limit."""
    asked, silent = newsroom.send(email="ann@readers.example"), newsroom.send(**FERRY)
    me = signed_in(app, db, newsroom.hire())
    left = []
    for sent in (asked, silent):
        case = newsroom.case_of(sent)
        me.get(f"/cases/{case}")
        assert me.post(f"/cases/{case}/decide", resolution="opinion", stay="1").status_code == 302
        form = LexborHTMLParser(me.get(f"/cases/{case}").get_data(as_text=True)).css_first(".toast form")
        assert form is not None
        left.append(form.attributes.get("data-left"))
    assert timedelta(0) < timedelta(seconds=int(str(left[0]))) <= corrections.UNDO
    assert left[1] is None
