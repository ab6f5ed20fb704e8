"""Trials: a mail that somebody sends to their own address, at once, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from corrections_service.web import access
from corrections_service.web.access import settings
from corrections_service.work.smtp import MailRefused, MailServer, remedy


@dataclass(frozen=True)
class Outcome:
    """What became of a test mail: to whom, what the server said, and if it said no, what may help."""

    to: str
    is_sent: bool
    words: str
    remedy: str = ""


def send(name: str, address: str, subject: str, body: str, html: str = "") -> Outcome:
    """Send a mail in a publication's name at once; what became of it, in the mail server's own words."""
    access.end_reading()
    server = MailServer(current_app._get_current_object(), settings())  # type: ignore[attr-defined]
    try:
        letter = server.letter(name, address, subject, body=body, **({"html": html} if html else {}))
        return Outcome(address, is_sent=True, words=server.send(letter) or "")
    except MailRefused as refusal:
        return Outcome(address, is_sent=False, words=refusal.reason, remedy=remedy(refusal))
    finally:
        server.close()
