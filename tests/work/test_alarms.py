"""Mail that waits too long rings: on every page, and by a mail that is true when it goes; a test mail says what the server says (D11)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from corrections_service.services import alarms
from corrections_service.settings import MailTls
from corrections_service.store.models import Delivery, now
from tests.applications import application
from tests.web.visitors import Visitor, signed_in
from tests.work.postroom import Desk


@pytest.fixture
def office(desk: Desk) -> Flask:
    """The service's pages, with the desk's own mail server."""
    app = application(desk.work.settings, desk.db)
    app.config["SERVER_NAME"] = desk.work.settings.host
    return app


@pytest.fixture
def admin(desk: Desk, office: Flask) -> Visitor:
    return signed_in(office, desk.db, desk.editor.id)


def let_wait(desk: Desk) -> None:
    """Have a mail tried in vain, and let that be long ago."""
    desk.mailbox.refuse, desk.mailbox.refusal = "rcpt", "451 4.3.0 The disk is full <b>"
    desk.report()
    assert desk.mails() == []
    with desk.db.write() as session:
        session.execute(update(Delivery).values(created_at=now() - alarms.LATE - timedelta(minutes=1), next_at=now()))


def ring(desk: Desk) -> None:
    with desk.db.write() as session:
        alarms.tell(session)


def test_mail_that_waits_is_said_on_every_page_and_mailed_to_administrators_in_the_server_s_words(
    desk: Desk, admin: Visitor
) -> None:
    let_wait(desk)
    for path in ("/queue", "/account", "/settings/work"):
        page = admin.get(path).get_data(as_text=True)
        assert "Mail waits since" in page
        assert "451 4.3.0 The disk is full &lt;b&gt;" in page
    ring(desk)
    desk.mailbox.refuse = ""
    with desk.db.write() as session:  # the alarm goes first
        is_alarm = Delivery.template == alarms.TEMPLATE
        session.execute(update(Delivery).where(~is_alarm).values(next_at=now() + timedelta(hours=1)))
    (alarm,) = desk.mails()
    assert alarm.rcpt_tos == ("ed@news.example",)
    assert alarm.message["Subject"] == "Mail of News waits"
    assert "The disk is full" in alarm.part("plain")


def test_an_alarm_that_is_over_before_it_can_be_mailed_rings_no_more(desk: Desk, admin: Visitor) -> None:
    let_wait(desk)
    ring(desk)
    desk.mailbox.refuse = ""
    assert [mail.rcpt_tos for mail in desk.mails()] == [("desk@news.example",)]
    assert "Mail waits since" not in admin.get("/queue").get_data(as_text=True)


def test_a_test_mail_from_the_settings_shows_the_server_s_own_words(desk: Desk, admin: Visitor) -> None:
    admin.get("/settings/work")
    page = admin.post("/settings/work/test-mail").get_data(as_text=True)
    assert "The mail server took it" in page
    assert "250 " in page
    assert [mail.rcpt_tos for mail in desk.mails()] == [("ed@news.example",)]
    desk.mailbox.refuse, desk.mailbox.refusal = "data", "554 5.7.1 Not on a <Sunday>"
    page = admin.post("/settings/work/test-mail").get_data(as_text=True)
    assert "did not take it" in page
    assert "554 5.7.1 Not on a &lt;Sunday&gt;" in page


def test_a_test_mail_says_what_is_wrong_with_the_connection(desk: Desk) -> None:
    settings = desk.work.settings.model_copy(update={"mail_tls": MailTls.STARTTLS})
    app = application(settings, desk.db)
    app.config["SERVER_NAME"] = settings.host
    visitor = signed_in(app, desk.db, desk.editor.id)
    visitor.get("/settings/work")
    assert "does not do what the settings ask for" in visitor.post("/settings/work/test-mail").get_data(as_text=True)
