"""Every form refuses an address that no mail can go to, at its field, and stores nothing; mails about accounts stop at nothing."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from corrections_service.rules.workflow import Role
from corrections_service.services import outbox
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, Report, Site, Token
from corrections_service.web.access import settings
from corrections_service.work.mail import Mailer
from tests.services.newsroom import Newsroom
from tests.web.senders import fields, named, send
from tests.web.visitors import signed_in

UNMAILABLE = (
    "rédaction@news.example",
    "nobody",
    "@news.example",
    "ann@",
    "ann@bob@news.example",
    "ann @news.example",
    "ann@news example",
    "ann@news..example",
    "ann@-news.example",
    ".ann@news.example",
    "Ann <ann@news.example>",
    "ann@news.example, bob@news.example",
    "ann@news.example\r\nBcc: bob@news.example",
    "ann@[192.0.2.1]",
    f"{'a' * 65}@news.example",
    f"ann@{'a' * 64}.example",
    f"ann@{'.'.join(['a' * 60] * 5)}.example",
)


def test_no_form_of_readers_or_of_the_desk_takes_an_address_that_cannot_be_mailed_to(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """P-12: the API, the plain page, the desk's address in Settings, an invitation."""
    admin, reader = signed_in(app, db, newsroom.hire(Role.ADMIN)), app.test_client(use_cookies=False)
    path, form = f"/settings/sites/{newsroom.site.slug}", f"/report/{newsroom.site.key}"
    page = reader.get(form).get_data(as_text=True)
    token = page.partition('name="token" value="')[2].partition('"')[0]
    owed = newsroom.count(Delivery)
    invited = newsroom.count(Token)
    for address in UNMAILABLE:
        answer = send(reader, fields(newsroom.site, email=address))
        assert (answer.status_code, named(answer)) == (422, ["email"]), address
        sent = fields(newsroom.site, email=address) | {"token": token, "wants_reply": "1"}
        answer = reader.post(form, data=sent)
        assert answer.status_code == 422, address
        assert 'id="email-error"' in answer.get_data(as_text=True)
        answer = admin.post(path, origins="https://news.example", desk=address, desk_mail="on", ways_in=["key"])
        assert answer.status_code == 422, address
        assert 'id="desk-wrong"' in answer.get_data(as_text=True)
        answer = admin.post(f"{path}/editors", action="invite", email=address, role="editor")
        assert answer.status_code == 422, address
    with db.read() as session:
        assert session.get_one(Site, newsroom.site.id).desk == "desk@news.example"
    assert (newsroom.count(Report), newsroom.count(Delivery), newsroom.count(Token)) == (0, owed, invited)


def test_a_mail_about_an_account_says_that_there_is_nothing_to_stop_and_stops_nothing(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """H07: also where the account's address is the desk's."""
    templates = ("sign_in", "invitation", "membership", "password_changed", "desk_stopped")
    with db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        for template in templates:
            data = {"url": "http://corrections.example/x", "role": "editor", "desk": site.desk}
            outbox.owe(session, template, site.desk, site=site, data=data, key=template)
    newsroom.send(email="bob@readers.example")
    client = app.test_client(use_cookies=False)
    with app.app_context(), db.read() as session:
        mailer = Mailer(app, settings())
        headers = {
            one.template: dict(mailer.compose([one]).extra_headers or {}) for one in session.scalars(select(Delivery))
        }
    links = {name: found["List-Unsubscribe"].strip("<>").rpartition("/")[2] for name, found in headers.items()}
    assert links.keys() == {*templates, "case_new", "receipt"}
    for template in templates:
        link = f"/unsubscribe/{links[template]}"
        for answer in (client.get(link), client.post(link, data={"List-Unsubscribe": "One-Click"})):
            assert answer.status_code == 200
            assert "there is nothing to stop" in answer.get_data(as_text=True)
    with db.read() as session:
        assert not session.get_one(Site, newsroom.site.id).policy.get("desk_mail_off")
    for template in ("case_new", "receipt"):
        page = client.get(f"/unsubscribe/{links[template]}")
        assert "<button" in page.get_data(as_text=True)
