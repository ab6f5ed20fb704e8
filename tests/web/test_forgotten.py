"""Who has no password, or forgot it: a link by mail, the same answer for every address, and the first one asked to choose."""

from __future__ import annotations

import pytest
from flask import Flask

from corrections_service.rules.workflow import Role
from corrections_service.services import editors
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Purpose, Site
from tests.services.newsroom import Newsroom
from tests.web.test_account import hire, mailed, path_in
from tests.web.visitors import Visitor


def ask(visitor: Visitor, email: str) -> str:
    """Ask for a link; what the page says."""
    visitor.get("/login")
    answer = visitor.post("/login/link", email=email)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_who_forgot_the_password_is_mailed_a_link_that_lets_in_once(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    hire(app, newsroom)
    visitor = Visitor(app)
    said = ask(visitor, " Ed@News.Example ")
    assert "Look into your mailbox" in said
    [mail] = mailed(db, "sign_in")
    assert mail.recipient == "ed@news.example"
    assert path_in(mail) not in said
    assert visitor.get(path_in(mail)).status_code == 200
    assert visitor.post(path_in(mail)).headers["Location"] == "/queue"
    assert visitor.get("/queue").status_code == 200
    assert visitor.get(path_in(mail)).status_code == 404


def test_nobody_learns_who_signs_in_here_and_nobody_else_is_mailed(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    known = hire(app, newsroom)
    gone = hire(app, newsroom, email="gone@news.example")
    with db.write() as session:
        editors.deactivate(session, session.get_one(Editor, gone))
        editors.set_role(session, session.get_one(Editor, known), session.get_one(Site, newsroom.site.id), None)
    with db.write() as session:
        editors.add(session, "here@news.example", site=session.get_one(Site, newsroom.site.id), role=Role.EDITOR)
    pages = {
        email: ask(Visitor(app), email).replace(email, "ADDRESS")
        for email in ("here@news.example", "nobody@news.example", "gone@news.example", "ed@news.example")
    }
    assert len(set(pages.values())) == 1
    assert [mail.recipient for mail in mailed(db, "sign_in")] == ["here@news.example"]


def test_asking_again_and_again_mails_once_and_is_braked(app: Flask, db: Database, newsroom: Newsroom) -> None:
    hire(app, newsroom)
    visitor = Visitor(app)
    visitor.get("/login")
    answers = [visitor.post("/login/link", email="ed@news.example").status_code for _ in range(12)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert len(mailed(db, "sign_in")) <= 2, "one in five minutes, and the clock may strike between"


@pytest.mark.parametrize("name", ["", "Mara"])
def test_who_came_by_a_link_alone_is_asked_to_choose_a_password_until_known(
    app: Flask, db: Database, newsroom: Newsroom, name: str
) -> None:
    with db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        editor = editors.add(session, "first@news.example", site=site, role=Role.ADMIN, name=name)
        link = editors.link(session, editor, Purpose.SIGN_IN, hours=24)
    visitor = Visitor(app)
    visitor.get(f"/sign-in/{link}")
    assert visitor.post(f"/sign-in/{link}").headers["Location"] == "/queue"
    for page in ("/queue", "/account", "/settings/"):
        assert ("Choose a name and a password" in visitor.get(page).get_data(as_text=True)) is (not name)
    assert visitor.post("/account", name="Ann", password="several plain words here").status_code == 302
    assert "Choose a name and a password" not in visitor.get("/queue").get_data(as_text=True)
