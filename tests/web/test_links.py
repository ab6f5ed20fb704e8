"""Links in mails are inert: whoever only looks changes nothing, whatever program looks (THREATS H01, H07, P-14)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Route
from sqlalchemy import delete, select

from corrections_service.rules.references import recipient_mark
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import cases, desk_mail, editors
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, Editor, Purpose, Report
from corrections_service.web.access import settings
from corrections_service.work.mail import Mailer
from tests.services.newsroom import FERRY, Newsroom
from tests.web.visitors import OWN, Visitor, dump, signed_in

TEMPLATES = {
    "case_new",
    "receipt",
    "case_asked",
    "case_resolved",
    "case_replied",
    "invitation",
    "membership",
    "password_changed",
    "desk_stopped",
}


def links_of_all_mails(app: Flask, db: Database, newsroom: Newsroom) -> dict[str, set[str]]:
    """Every address in every sort of mail, in text, HTML and headers, by the mail's template."""
    editor, mine = newsroom.hire(Role.ADMIN), newsroom.case_of(newsroom.send(email="ann@readers.example"))
    asked = newsroom.case_of(newsroom.send(email="bob@readers.example", **FERRY))
    newsroom.decide(mine, editor, Resolution.NOT_AN_ERROR, reason="It stands.")
    newsroom.act(cases.ask, asked, editor, "Which boat?")
    newsroom.act(
        lambda session, case, words, actor: cases.reply(session, case, case.reports[0], words, actor=actor),
        asked,
        editor,
        "Thank you.",
    )
    admin = signed_in(app, db, editor)
    people = f"/settings/sites/{newsroom.site.slug}/editors"
    assert admin.post(people, action="invite", email="new@news.example", role="editor").status_code == 200
    with db.write() as session:
        other = editors.invite(session, "ed@news.example", site=newsroom.site, role=Role.EDITOR, base_url=OWN)
        editors.set_password(session, editors.accept(session, other.rpartition("/")[2]), "hash")
        session.execute(
            delete(Delivery).where(Delivery.recipient == "ed@news.example", Delivery.template == "invitation")
        )
        desk = recipient_mark(newsroom.site.desk, db.mark_keys[0])
        desk_mail.stop(session, newsroom.site.id, desk)
    found: dict[str, set[str]] = {}
    with app.app_context(), db.read() as session:
        mailer, base = Mailer(app, settings()), settings().base_url
        for delivery in session.scalars(select(Delivery)):
            message = mailer.compose([delivery])
            whole = f"{message.body}\n{message.html}\n{message.extra_headers}"
            found.setdefault(delivery.template, set()).update(re.findall(re.escape(base) + r"(/[\w/.~%?=&-]+)", whole))
    return found


def test_looking_at_any_link_of_any_mail_changes_nothing(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """H01, P-14: GET and HEAD ten times, and OPTIONS; the whole database is as it was, and each link still works."""
    found = links_of_all_mails(app, db, newsroom)
    assert set(found) == TEMPLATES
    links = sorted(set().union(*found.values()))
    assert {link.split("/")[1] for link in links} >= {"r", "cases", "unsubscribe", "invitation"}
    with db.write() as session:
        person = session.get_one(Editor, newsroom.hire(Role.EDITOR))
        links.append(f"/sign-in/{editors.link(session, person, Purpose.SIGN_IN, hours=1)}")
    before = dump(db)
    scanner = app.test_client(use_cookies=False)
    for link in links:
        statuses = {scanner.open(link, method=method).status_code for method in ("GET", "HEAD") * 10}
        assert statuses == ({302} if link.startswith(("/cases/", "/queue", "/account")) else {200}), link
        scanner.options(link)
    assert dump(db) == before


def test_a_browser_with_script_that_opens_every_link_changes_nothing(
    app: Flask, db: Database, newsroom: Newsroom, browser: Browser
) -> None:
    """H01: a scanner that runs the pages' scripts, ten times, and clicks nothing."""
    found = links_of_all_mails(app, db, newsroom)
    before, scanner = dump(db), app.test_client(use_cookies=False)

    def answer(route: Route) -> None:
        asked = route.request
        said = scanner.open(
            asked.url, method=asked.method, data=asked.post_data_buffer, headers=asked.headers, follow_redirects=True
        )
        body = said.get_data()
        said.close()
        kept = {name: value for name, value in said.headers.items() if name not in ("Location", "Content-Length")}
        route.fulfill(status=said.status_code, headers=kept, body=body)

    with browser.new_context() as context:
        context.route("**/*", answer)
        page = context.new_page()
        for link in sorted(set().union(*found.values())):
            for _ in range(10):
                assert page.goto(f"{OWN}{link}", wait_until="load").ok  # type: ignore[union-attr]
            assert page.locator("main, form").count() > 0
    assert dump(db) == before


def test_programs_stop_mail_by_one_click(app: Flask, db: Database, newsroom: Newsroom, client: FlaskClient) -> None:
    """H07 (RFC 8058): without cookies or redirect, twice, in parts or not, also after erasing; another body is 400."""
    links = links_of_all_mails(app, db, newsroom)
    stop = next(link for link in links["receipt"] if "/unsubscribe/" in link)
    assert client.post(stop, data={"List-Unsubscribe": "Other"}).status_code == 400
    assert client.post(stop).status_code == 400
    for _ in range(2):
        answer = client.post(stop, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data")
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
    with db.read() as session:
        kept = [report.reader.email for report in session.scalars(select(Report)) if report.reader]
    assert len(kept) == 1
    status = next(link for link in links["receipt"] if link.startswith("/r/"))
    for link in sorted(one for name in ("receipt", "case_resolved") for one in links[name] if one.startswith("/r/")):
        assert client.post(link, data={"action": "erase"}).status_code == 303
    assert client.get(status).status_code == 200
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    desk = next(link for link in links["case_new"] if "/unsubscribe/" in link)
    assert client.post(desk, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_a_scanner_that_clicks_for_an_editor_gets_nowhere(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """H02: a link to a case needs a session; posting an invitation's form without its page does nothing."""
    links = links_of_all_mails(app, db, newsroom)
    before, scanner = dump(db), Visitor(app)
    for link in links["case_new"] | links["invitation"]:
        if "/unsubscribe/" not in link:
            assert scanner.client.post(link).status_code in (400, 403, 405)
    assert dump(db) == before


def test_a_reader_withdraws_and_erases_by_the_link_as_often_as_they_like(
    db: Database, newsroom: Newsroom, client: FlaskClient
) -> None:
    """H02, P-03: the second time is no trouble; a link of nothing is 404 for each."""
    sent = newsroom.send(email="ann@readers.example")
    for action in ("withdraw", "withdraw", "erase", "erase"):
        assert client.post(f"/r/{sent.token}", data={"action": action}).status_code == 303
    assert client.post(f"/r/{sent.token}", data={"action": "appeal"}).status_code in (303, 409)
    assert client.post("/r/nothing", data={"action": "erase"}).status_code == 404


def test_links_are_made_from_the_settings_alone(
    database_settings: Settings, db: Database, newsroom: Newsroom, app: Flask
) -> None:
    """H10: whatever name the request that owed the mail came under."""
    found = links_of_all_mails(app, db, newsroom)
    with app.app_context(), db.read() as session:
        for delivery in session.scalars(select(Delivery)):
            message = Mailer(app, database_settings).compose([delivery])
            hosts = set(
                re.findall(
                    r"https?://([^/\s\"<>]+)/(?:r|cases|unsubscribe|invitation)/", f"{message.body}{message.html}"
                )
            )
            assert hosts <= {"corrections.example"}
    assert found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's place at the service, with no cookies."""
    return app.test_client(use_cookies=False)
