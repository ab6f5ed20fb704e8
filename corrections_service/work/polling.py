"""Polling: the mailbox that answers come to is read over IMAP; each mail is kept before it is marked as seen (RFC 9051)."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog

from corrections_service.errors import MailboxUnreadable, StorageBusy
from corrections_service.rules import text
from corrections_service.rules.mime import LARGEST
from corrections_service.services import sites
from corrections_service.settings import MailTls, Settings
from corrections_service.work import inbound
from corrections_service.work.means import Work

log = structlog.get_logger()

SECONDS = 30
"""For connecting, and for each answer of the server."""

MOST_AT_ONCE = 2000
"""Mails that one look takes; the next takes more."""


class _Refused(imaplib.IMAP4.error):
    """The server's answer to one question is no; the connection goes on."""


_FAILURES = (imaplib.IMAP4.error, OSError, ssl.SSLError, EOFError)


def poll(work: Work) -> None:
    """Take in all mail that nobody has seen; what is kept is marked as seen, and stays in the mailbox.

    A mail is taken in again where the mark is lost, and is known then. One that the server does not give holds up no other.
    Raises MailboxUnreadable, with the server's words.
    """
    if not work.settings.imap_server or not has_site(work):
        return
    with open_mailbox(work.settings) as mailbox:
        for uid in _unseen(mailbox):
            work.database.precedence.give_way()
            try:
                raw = _read(mailbox, uid)
                if raw is not None:
                    _take(work, raw)
                    _ask(mailbox, "STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
            except _Refused as error:
                log.error("the mail server does not give a mail", uid=uid, error=_why(error))


def has_site(work: Work) -> bool:
    """Whether there is a site at which mail could be kept."""
    with work.database.read() as session:
        return bool(sites.all_sites(session))


def check(settings: Settings) -> None:
    """Open the mailbox, and close it again. Raises MailboxUnreadable."""
    with open_mailbox(settings):
        pass


def _take(work: Work, raw: bytes) -> None:
    """Take one mail in; one that cannot be kept as it is stays in sight, and holds up none of the others."""
    try:
        inbound.take(work.database, work.settings, raw)
    except StorageBusy:
        raise
    except Exception as error:
        log.error("a mail could not be taken in", error=type(error).__name__)
        inbound.set_aside(work.database, work.settings, raw)


@contextmanager
def open_mailbox(settings: Settings) -> Iterator[imaplib.IMAP4]:
    """The folder, open; TLS never falls back to plain. Raises MailboxUnreadable."""
    try:
        mailbox = _connected(settings)
        try:
            mailbox.login(settings.imap_username, settings.imap_password)
            status, answer = mailbox.select(_quoted(settings.imap_folder))
            if status != "OK":
                raise imaplib.IMAP4.error(f"there is no folder {settings.imap_folder}: {answer!r}")
            yield mailbox
        finally:
            with suppress(*_FAILURES):
                mailbox.logout()
            _hang_up(mailbox)
    except _FAILURES as error:
        raise MailboxUnreadable(f"The mailbox of IMAP_SERVER cannot be read: {_why(error)}.") from None


def _connected(settings: Settings) -> imaplib.IMAP4:
    host, port, trusted = settings.imap_server, settings.imap_port, ssl.create_default_context()
    if settings.imap_tls is MailTls.TLS:
        return imaplib.IMAP4_SSL(host, port, ssl_context=trusted, timeout=SECONDS)
    mailbox = imaplib.IMAP4(host, port, timeout=SECONDS)
    if settings.imap_tls is MailTls.STARTTLS:
        try:
            mailbox.starttls(trusted)
        except _FAILURES:
            _hang_up(mailbox)
            raise
    return mailbox


def _hang_up(mailbox: imaplib.IMAP4) -> None:
    with suppress(OSError):  # it has gone already
        mailbox.shutdown()


def _unseen(mailbox: imaplib.IMAP4) -> list[str]:
    numbers = b" ".join(part for part in _ask(mailbox, "SEARCH", "UNSEEN") if isinstance(part, bytes))
    return [number.decode() for number in re.findall(rb"\d+", numbers)[:MOST_AT_ONCE]]


def _read(mailbox: imaplib.IMAP4, uid: str) -> bytes | None:
    """The mail's bytes, as many as are looked at; None where it is gone. Looking marks nothing."""
    parts = _ask(mailbox, "FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)


def _ask(mailbox: imaplib.IMAP4, command: str, *arguments: str) -> list[object]:
    status, answer = mailbox.uid(command, *arguments)
    if status != "OK":
        raise _Refused(f"{command} was answered {answer!r}")
    return list(answer)


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted ({error.verify_message})"
    reason = error.args[0] if error.args else ""
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else text.reason(error)
    return text.without_addresses(text.one_line(words or type(error).__name__, 200))
