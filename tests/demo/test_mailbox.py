"""The mailbox gets real mail, shows it harmlessly, and can misbehave on demand."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest

from corrections_service.demo.mailbox import Mailbox, create_mailbox_app

SERVICE = "http://127.0.0.1:8000"


def mail(
    text: str = "Look: http://127.0.0.1:8000/cases/1 and http://evil.test/x", subject: str = "Case 1"
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@news.example", "desk@news.example", subject
    made.set_content(text)
    made.add_alternative("<p>HTML</p>", subtype="html")
    return made


def send(mailbox: Mailbox, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=5) as server:
        server.send_message(message)


def test_a_mail_is_kept_with_its_envelope_and_survives_a_restart(tmp_path: Path) -> None:
    with Mailbox(directory=tmp_path) as mailbox:
        send(mailbox, mail())
        assert mailbox.wait_for(1)[0].rcpt_tos == ("desk@news.example",)
    with Mailbox(directory=tmp_path) as again:
        assert "Look:" in again.messages()[0].part("plain")


def test_the_page_shows_the_text_and_links_only_to_the_service(tmp_path: Path) -> None:
    with Mailbox() as mailbox:
        send(mailbox, mail("<script>alert(1)</script> http://127.0.0.1:8000/r/x http://evil.test/", "<b>hello</b>"))
        page = create_mailbox_app(mailbox, service_url=SERVICE).test_client().get("/").text
    assert "<script>alert" not in page
    assert "<b>hello" not in page
    assert '<a href="http://127.0.0.1:8000/r/x">' in page
    assert 'href="http://evil' not in page


def test_the_html_part_is_shown_in_a_sandbox() -> None:
    with Mailbox() as mailbox:
        send(mailbox, mail())
        answer = create_mailbox_app(mailbox, service_url=SERVICE).test_client().get("/mails/1/html")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("how", ["connect", "rcpt", "data"])
def test_it_refuses_on_demand(how: str) -> None:
    with Mailbox() as mailbox:
        mailbox.refuse = how
        with pytest.raises(smtplib.SMTPException):
            send(mailbox, mail())
        assert mailbox.messages() == []
        mailbox.refuse = None
        send(mailbox, mail())
        assert len(mailbox.messages()) == 1
