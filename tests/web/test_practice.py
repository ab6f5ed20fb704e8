"""Practice at the desk: one click puts five marked cases into one's own queue, one takes them away; no page tells others."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from corrections_service.rules.catalogue import LANGUAGES, desk_sentences
from corrections_service.rules.workflow import NoticeState, Role
from corrections_service.services import editors
from corrections_service.store.database import Database
from corrections_service.store.models import Call, Case, Correction, Delivery, Editor, Site
from corrections_service.web.cases import ACTIONS
from tests.services.newsroom import Newsroom, make_public
from tests.services.test_practice import BOATS
from tests.web.test_access import ROWS, SAID
from tests.web.visitors import Visitor, signed_in


@pytest.fixture
def editor(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """An editor who practises."""
    visitor = signed_in(app, db, newsroom.hire())
    visitor.get("/queue")
    assert visitor.post("/practice", action="begin").location == "/queue"
    return visitor


def of_practice(db: Database) -> tuple[Site, list[int]]:
    """Where somebody practises, and the cases there."""
    with db.read() as session:
        site = session.scalars(select(Site).where(Site.trainee_id.is_not(None))).one()
        return site, list(session.scalars(select(Case.id).where(Case.site_id == site.id).order_by(Case.id)))


def test_the_cases_are_marked_in_the_queue_and_on_their_pages(editor: Visitor, db: Database) -> None:
    page = editor.get("/queue").get_data(as_text=True)
    assert page.count('class="practice">Practice</span>') == 5
    assert "no mail of them goes out" in page
    for number in of_practice(db)[1]:
        assert "this case is made up" in editor.get(f"/cases/{number}").get_data(as_text=True)


def test_a_colleague_and_an_administrator_see_nothing_of_it(
    app: Flask, db: Database, newsroom: Newsroom, editor: Visitor
) -> None:
    colleague = signed_in(app, db, newsroom.hire(Role.ADMIN))
    site, numbers = of_practice(db)
    assert "Practice" not in colleague.get("/queue?view=all").get_data(as_text=True)
    assert site.slug not in colleague.get("/settings/").get_data(as_text=True)
    for number in numbers:
        assert colleague.get(f"/cases/{number}").status_code == 404


def test_no_public_address_knows_it(app: Flask, db: Database, editor: Visitor) -> None:
    site, numbers = of_practice(db)
    anybody = Visitor(app)
    places = {"<slug>": site.slug, "<key>": site.key, "<int:number>": str(numbers[0])}
    paths = [
        rule for method, rule in ROWS if method == "GET" and rule.startswith(("/log/", "/embed/<key>", "/report/"))
    ]
    assert len(paths) > 10
    for path in paths:
        for name in (site.slug, site.key):
            address = path
            for place, value in {**places, "<slug>": name}.items():
                address = address.replace(place, value)
            answer = anybody.get(f"{address}?url=https://practice.invalid/bridge")
            assert answer.status_code in (403, 404), address
            assert "practice" not in answer.get_data(as_text=True).lower()
    sent = {"site": site.key, "url": "https://practice.invalid/bridge", "id": "5f0f3b7e-6d0c-4b5e-9d5c-0d7f1b2a3c4d"}
    assert app.test_client().post("/api/v1/reports", data=sent, headers={"Origin": site.origins[0]}).status_code == 403


def test_nothing_that_can_be_done_with_a_case_tells_anybody(editor: Visitor, db: Database, newsroom: Newsroom) -> None:
    before = newsroom.count(Delivery), newsroom.count(Call)
    decisions = {"resolution": "corrected", **BOATS}
    said = {**SAID, "decide": decisions, "undo": {}}
    for number in of_practice(db)[1]:
        for action in ("decide", *ACTIONS):
            with db.read() as session:
                version = session.get_one(Case, number).version
            answer = editor.post(f"/cases/{number}/{action}", version=str(version), **said.get(action, {}))
            assert answer.status_code < 500, action
    make_public(newsroom)
    with db.read() as session:
        states = set(session.scalars(select(Correction.state)))
    assert NoticeState.PUBLIC in states, "decided like real ones"
    assert (newsroom.count(Delivery), newsroom.count(Call)) == before


def test_one_click_takes_it_away(editor: Visitor, db: Database, newsroom: Newsroom) -> None:
    numbers = of_practice(db)[1]
    assert editor.post("/practice", action="end").location == "/queue"
    page = editor.get("/queue?view=all").get_data(as_text=True)
    assert "data-case=" not in page
    assert editor.get(f"/cases/{numbers[0]}").status_code == 404
    assert "Practise on five cases" in editor.get("/queue").get_data(as_text=True)


def test_figures_settings_and_mails_leave_it_out(editor: Visitor, db: Database) -> None:
    site = of_practice(db)[0]
    for path in ("/reports", "/settings/", "/account"):
        assert "Practice" not in editor.get(path).get_data(as_text=True), path
    assert editor.get(f"/reports?site={site.id}").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_offered_in_the_language_of_the_desk(app: Flask, db: Database, newsroom: Newsroom, language: str) -> None:
    number = newsroom.hire()
    with db.write() as session:
        editors.choose(session, session.get_one(Editor, number), language=language)
    visitor = signed_in(app, db, number)
    words = desk_sentences(language)["practice"]
    assert words["begin"] in visitor.get("/queue").get_data(as_text=True)
    visitor.post("/practice", action="begin")
    page = visitor.get("/queue").get_data(as_text=True)
    assert words["name"] in page
    assert words["bridge_headline"] in page


def test_a_viewer_is_not_offered_it(app: Flask, db: Database, newsroom: Newsroom) -> None:
    assert "Practise" not in signed_in(app, db, newsroom.hire(Role.VIEWER)).get("/queue").get_data(as_text=True)
