"""A public notice has a list of where else it has to be told, which says who saw to what, and open lines are found."""

from __future__ import annotations

import pytest
from flask import Flask

from corrections_service import errors
from corrections_service.rules.placing import CHANNELS
from corrections_service.rules.queries import parse
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import cases, corrections, finding, history, spreading
from corrections_service.store import queue
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Editor, Site
from tests.services.newsroom import FERRY, PRINTED, Newsroom, public
from tests.web.visitors import signed_in


def unspread(newsroom: Newsroom, editor: int, typed: str = "is:unspread") -> list[int]:
    """The cases that the query finds."""
    with newsroom.db.read() as session:
        person, site = session.get_one(Editor, editor), session.get_one(Site, newsroom.site.id)
        chosen = finding.criteria(finding.Place(session, person, [site]), parse(typed))
        return [case.id for case in queue.cases_page(session, [site.id], view="all", criteria=chosen).cases]


def channels(newsroom: Newsroom, case: int) -> dict[str, int | None]:
    """Who saw to which channel."""
    with newsroom.db.read() as session:
        lines = spreading.of_case(session, session.get_one(Case, case))
        return {line.channel: line.editor_id if line.done_at else None for line in lines}


def test_nothing_is_to_spread_before_a_notice_is_public_nor_where_the_site_wants_no_list(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    public(newsroom)
    assert channels(newsroom, case) == {}
    newsroom.change(Site, policy={"spread": True})
    ferry = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.decide(ferry, editor, Resolution.CORRECTED, **PRINTED)
    assert channels(newsroom, ferry) == {}
    public(newsroom)
    assert channels(newsroom, ferry) == dict.fromkeys(CHANNELS)
    assert unspread(newsroom, editor) == [ferry]
    assert unspread(newsroom, editor, "-is:unspread") == [case]


def test_each_line_says_who_saw_to_it_and_can_be_opened_again(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.change(Site, policy={"spread": True})
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    public(newsroom)
    other = newsroom.hire(Role.EDITOR, "other@news.example")
    for channel in CHANNELS:
        newsroom.act(spreading.tick, case, editor if channel != "print" else other, channel, is_done=True)
    newsroom.act(spreading.tick, case, other, "teaser", is_done=True)
    assert channels(newsroom, case) == {**dict.fromkeys(CHANNELS, editor), "print": other}
    assert unspread(newsroom, editor) == []
    newsroom.act(spreading.tick, case, editor, "print", is_done=False)
    assert channels(newsroom, case)["print"] is None
    assert unspread(newsroom, editor) == [case]
    with pytest.raises(errors.NotPermitted):
        newsroom.act(spreading.tick, case, newsroom.hire(Role.AUTHOR), "print", is_done=True)
    with pytest.raises(errors.ChangedMeanwhile):
        newsroom.act(spreading.tick, case, editor, "moon", is_done=True)


def test_a_later_notice_is_told_everywhere_anew(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.change(Site, policy={"spread": True})
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    public(newsroom)
    newsroom.act(spreading.tick, case, editor, "push", is_done=True)
    with newsroom.db.write() as session:
        corrections.question(session, session.get_one(Case, case))
    newsroom.change(Case, state="open", resolution=None)
    newsroom.decide(case, editor, Resolution.UPDATED, **{**PRINTED, "notice": "Update: it was opened again on Monday."})
    public(newsroom)
    assert channels(newsroom, case) == dict.fromkeys(CHANNELS)


def test_the_list_goes_with_the_notice_and_comes_back_with_it(newsroom: Newsroom, case: int, editor: int) -> None:
    newsroom.change(Site, policy={"spread": True})
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    public(newsroom)
    newsroom.act(spreading.tick, case, editor, "push", is_done=True)
    newsroom.act(cases.reopen, case, editor)
    assert unspread(newsroom, editor) == [case]
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR, retraction="The first year was right.")
    assert (unspread(newsroom, editor), channels(newsroom, case)) == ([], {})
    with pytest.raises(errors.ChangedMeanwhile):
        newsroom.act(spreading.tick, case, editor, "print", is_done=True)
    newsroom.act(history.undo, case, editor)
    assert unspread(newsroom, editor) == [case]
    assert channels(newsroom, case)["push"] == editor


def test_the_case_page_shows_the_list_over_plain_forms(app: Flask, db: Database, newsroom: Newsroom) -> None:
    newsroom.change(Site, policy={"spread": True})
    editor = newsroom.hire()
    case = newsroom.case_of(newsroom.send())
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    me = signed_in(app, db, editor)
    assert "data-channel" not in me.get(f"/cases/{case}").get_data(as_text=True)
    public(newsroom)
    page = me.get(f"/cases/{case}").get_data(as_text=True)
    assert page.count("data-channel") == len(CHANNELS)
    assert me.post(f"/cases/{case}/spread", channel="print", is_done="1").status_code == 302
    assert channels(newsroom, case)["print"] == editor
    assert me.post(f"/cases/{case}/spread", channel="print", is_done="").status_code == 302
    assert channels(newsroom, case)["print"] is None
    assert me.post(f"/cases/{case}/spread", channel="moon", is_done="1").status_code == 422
