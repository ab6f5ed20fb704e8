"""The desk's mail can be stopped by one click, and no newsroom goes without it unawares (THREATS H07, H02)."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from corrections_service.rules.references import recipient_mark
from corrections_service.rules.workflow import Role
from corrections_service.services import desk_mail, editors, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, Editor, Site
from corrections_service.web.access import settings
from corrections_service.work.mail import unsubscribe_token
from tests.services.newsroom import FERRY, Newsroom
from tests.web.visitors import signed_in

SAID = "gets no mail about new cases"


def stop(app: Flask, newsroom: Newsroom) -> None:
    """A scanner's one-click POST, twice."""
    with app.app_context(), newsroom.db.read() as session:
        delivery = session.scalars(select(Delivery).where(Delivery.template == "case_new")).first()
        assert delivery is not None
        path = f"/unsubscribe/{unsubscribe_token(delivery, settings())}"
    for _ in range(2):
        answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200


def as_stored(newsroom: Newsroom) -> Site:
    """The site as each request reads it."""
    with newsroom.db.read() as session:
        return sites.by_key(session, newsroom.site.key)


def test_every_administrator_is_told_at_once_and_one_click_turns_it_on_again(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    """H07, H02: by one mail each and by a banner, which nobody else sees; afterwards the desk hears of cases again."""
    admins = [newsroom.hire(Role.ADMIN), newsroom.hire(Role.ADMIN, "second@news.example")]
    editor, stranger = newsroom.hire(Role.EDITOR), neighbour.hire(Role.ADMIN, "chief@gazette.example")
    gone = newsroom.hire(Role.ADMIN, "gone@news.example")
    with db.write() as session:
        editors.deactivate(session, session.get_one(Editor, gone))
    newsroom.send()
    first = signed_in(app, db, admins[0])
    assert SAID not in first.get("/queue").get_data(as_text=True)
    stop(app, newsroom)
    told = [("admin@news.example", "owed"), ("second@news.example", "owed")]
    assert newsroom.owed("desk_stopped") == told
    newsroom.site = as_stored(newsroom)
    newsroom.send(**FERRY)
    assert len(newsroom.owed("case_new")) == 1
    for number, sees in ((admins[1], True), (editor, False), (stranger, False)):
        assert (SAID in signed_in(app, db, number).get("/queue").get_data(as_text=True)) is sees
    assert SAID in first.get("/queue").get_data(as_text=True)
    assert first.post(f"/settings/sites/{newsroom.site.slug}/desk-mail").location == "/queue"
    assert SAID not in first.get("/account").get_data(as_text=True)
    newsroom.site = as_stored(newsroom)
    newsroom.send(url="https://news.example/another")
    assert len(newsroom.owed("case_new")) == 2
    assert newsroom.owed("desk_stopped") == told


def test_an_administrators_own_choice_needs_no_banner(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """H07: nor is anybody mailed about it; a link for another address stops nothing."""
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    with db.write() as session:
        site = sites.by_key(session, newsroom.site.key)
        desk_mail.stop(session, site.id, recipient_mark("other@news.example", db.mark_keys[0]))
        assert not site.policy.get("desk_mail_off")
        sites.mail_desk(session, site, is_wished=False)
        assert site.policy["desk_mail_off"]
    assert SAID not in admin.get("/queue").get_data(as_text=True)
    assert newsroom.owed("desk_stopped") == []
