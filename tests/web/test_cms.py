"""The links into the CMS and into the newsroom's tracker, over plain forms (C4, H3, H6)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Role
from corrections_service.store.database import Database
from corrections_service.store.models import Site
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in

PATH = "/settings/sites/news/cms"


@pytest.fixture
def admin(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """Who administers the site."""
    return signed_in(app, db, newsroom.hire(Role.ADMIN))


def links(answer: TestResponse) -> list[str]:
    """Where the page's links lead."""
    page = LexborHTMLParser(answer.get_data(as_text=True))
    return [str(link.attributes.get("href")) for link in page.css("main a")]


def pattern(newsroom: Newsroom) -> str:
    """The pattern that is stored."""
    with newsroom.db.read() as session:
        return str(session.get_one(Site, newsroom.site.id).policy.get("editor_link", ""))


def test_a_pattern_is_seen_at_work_before_it_is_kept(newsroom: Newsroom, admin: Visitor) -> None:
    case = newsroom.case_of(newsroom.send(url="https://news.example/bridge-12345"))
    assert "https://news.example/bridge-12345" in admin.get(PATH).get_data(as_text=True)
    fields = {"pattern": "https://cms.example/edit?post={id}", "addresses": "https://news.example/bridge-12345"}
    tried = admin.post(PATH, **fields, action="try")
    assert "https://cms.example/edit?post=12345" in links(tried)
    assert pattern(newsroom) == ""
    # Another one than was tried is tried first.
    unseen = admin.post(
        PATH, **{**fields, "pattern": "https://cms.example/{id}"}, trial=fields["pattern"], action="keep"
    )
    assert "https://cms.example/12345" in links(unseen)
    assert pattern(newsroom) == ""
    assert admin.post(PATH, **fields, trial=fields["pattern"], action="keep").status_code == 303
    assert pattern(newsroom) == fields["pattern"]
    assert "https://cms.example/edit?post=12345" in links(admin.get(f"/cases/{case}"))
    assert admin.post(PATH, pattern=" ", action="try").status_code == 303
    assert pattern(newsroom) == ""


@pytest.mark.parametrize("wrong", ["javascript:alert({id})", "http://cms.example/{id}", "https://cms.example/{slug}"])
def test_a_pattern_that_leads_elsewhere_is_never_kept(newsroom: Newsroom, admin: Visitor, wrong: str) -> None:
    answer = admin.post(PATH, pattern=wrong, addresses="https://news.example/1", trial=wrong, action="keep")
    assert answer.status_code == 422
    assert pattern(newsroom) == ""
    field: Any = LexborHTMLParser(answer.get_data(as_text=True)).css_first("#pattern")
    assert field.attributes["value"] == wrong


def test_the_link_to_the_tracker_is_on_the_case_and_in_its_history(newsroom: Newsroom, admin: Visitor) -> None:
    case = newsroom.case_of(newsroom.send())
    refused = admin.post(f"/cases/{case}/track", address="javascript:alert(1)")
    assert refused.status_code == 422
    assert not [link for link in links(refused) if link.startswith("javascript")]
    assert admin.post(f"/cases/{case}/track", address="https://tracker.example/NEWS-7").status_code == 302
    page = admin.get(f"/cases/{case}")
    assert "https://tracker.example/NEWS-7" in links(page)
    assert "linked it to the newsroom’s own tracker" in page.get_data(as_text=True)
