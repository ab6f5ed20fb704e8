"""Nobody is offered what they may not do, and a refused form says where it is wrong (THREATS I06, I18)."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from corrections_service.rules.workflow import Role
from corrections_service.store.database import Database
from corrections_service.store.models import Site
from tests.services.newsroom import Newsroom
from tests.web.visitors import signed_in

OFFERED = {
    Role.VIEWER: set(),
    Role.AUTHOR: {"look", "note"},
    Role.EDITOR: {"look", "note", "claim", "spam", "decide", "ask", "snooze", "merge", "track", "block", "freeze"},
}


@pytest.mark.parametrize("role", list(OFFERED))
def test_a_case_offers_each_role_what_it_may_do(app: Flask, db: Database, newsroom: Newsroom, role: Role) -> None:
    """I06: each form on the page is one that the service takes from this role."""
    case = newsroom.case_of(newsroom.send())
    person = signed_in(app, db, newsroom.hire(role))
    page = person.get(f"/cases/{case}").get_data(as_text=True)
    assert set(re.findall(rf'action="/cases/{case}/(\w+)"', page)) == OFFERED[role]
    assert ("Deciding takes an editor" in page) is not role.covers(Role.EDITOR)
    assert ('href="/settings/"' in person.get("/queue").get_data(as_text=True)) is role.covers(Role.EDITOR)


def test_a_notice_that_another_role_approves_says_so_and_another_decision_is_disabled_with_the_reason(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """I06: an editor sees what only standards may decide, and asks for it, or cannot choose it."""
    newsroom.change(Site, policy={"approvers": {"opinion": "standards"}})
    case = newsroom.case_of(newsroom.send())
    page = signed_in(app, db, newsroom.hire(Role.EDITOR)).get(f"/cases/{case}").get_data(as_text=True)
    assert re.search(r'value="opinion" required disabled', page)
    assert "Decided by the role standards." in page
    assert not re.search(r'value="clarified" required disabled', page)
    assert "This has to be approved by the role standards." in page
    assert not re.search(r'value="corrected" required disabled', page)
    page = signed_in(app, db, newsroom.hire(Role.ADMIN)).get(f"/cases/{case}").get_data(as_text=True)
    assert "Decided by the role" not in page


@pytest.mark.parametrize(
    ("action", "said", "field"),
    [("note", {"text": ""}, "text"), ("snooze", {"until": "x"}, "until"), ("merge", {"into": "x"}, "into")],
)
def test_a_refused_form_marks_the_field_and_names_its_message(
    app: Flask, db: Database, newsroom: Newsroom, action: str, said: dict[str, str], field: str
) -> None:
    """I06's neighbour: the wrong field is marked, described by its message, and its part of the page is open."""
    case = newsroom.case_of(newsroom.send())
    person = signed_in(app, db, newsroom.hire(Role.EDITOR))
    answer = person.post(f"/cases/{case}/{action}", **said)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true" aria-describedby="{field}-wrong"', page)
    assert f'id="{field}-wrong"' in page
