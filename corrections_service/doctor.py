"""What is wrong with an installation, by the name of the setting."""

from __future__ import annotations

import functools
import os
import smtplib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from email import message_from_bytes, policy
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_mail import Message
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections_service.accounts_settings import DISCOVERY, LONGEST_ISSUER, PATIENCE
from corrections_service.errors import CorrectionsError
from corrections_service.rules import text
from corrections_service.services import accounts, origins, sites
from corrections_service.settings import Settings, check_serving
from corrections_service.store.database import open_database
from corrections_service.store.models import now
from corrections_service.work import attachments, polling
from corrections_service.work.mail import Mailer
from corrections_service.work.smtp import MailRefused, remedy

_MAIL_CURES = {
    "reach": "; is the server there, under this name and port, and does a firewall let this machine reach it?",
    "tls": "; MAIL_TLS starttls usually goes with MAIL_PORT 587, tls with 465, none with a server on this machine alone.",
    "sign_in": "; the server wants to know who sends: look at MAIL_USERNAME and MAIL_PASSWORD.",
    "sender": "; look at MAIL_FROM.",
    "recipient": "",
}
"""What is to be done, by the setting that is to be looked at."""

CLOCK_SKEW = timedelta(minutes=2)
MOST_NOTES = 10

NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
"""What a provider has to say of itself, for people to sign in there."""


def examine(settings: Settings, send_test: str | None = None) -> Iterator[tuple[str, str]]:
    """Check one thing after the other: its name, and what is wrong with it ("" for nothing)."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("SECRET_KEY and BASE_URL", lambda: _serving(settings)),
        ("BASE_URL", lambda: _base_url(settings)),
        ("DATABASE_URL, DATA_DIR", lambda: _database(settings)),
        ("clock", lambda: _clock(settings)),
        ("MAIL_SERVER, MAIL_PORT, MAIL_TLS, MAIL_USERNAME, MAIL_FROM", lambda: _mail(settings, send_test)),
    ]
    if settings.erasure_log:
        checks.append(("ERASURE_LOG", lambda: _erasure_log(settings.erasures)))
    if settings.attachment_scan:
        checks.append(("ATTACHMENT_SCAN", lambda: attachments.trouble_of_scanner(settings.attachment_scan)))
    if any(provider.grants for provider in settings.accounts.values()):
        checks.append(("OIDC_ROLES", lambda: _roles(settings)))
    checks += [
        (f"OIDC__{key.upper()}__ISSUER" if key else "OIDC_ISSUER", functools.partial(_issuer, provider.issuer))
        for key, provider in settings.accounts.items()
    ]
    if settings.imap_server:
        checks.append(("IMAP_SERVER, IMAP_PORT, IMAP_TLS, IMAP_USERNAME, IMAP_FOLDER", lambda: _mailbox(settings)))
    for name, check in checks:
        try:
            yield name, check()
        except CorrectionsError as error:
            yield name, error.detail


def notes(settings: Settings) -> Iterator[str]:
    """What an administrator should know and decide, though nothing is wrong with the installation by it."""
    with suppress(CorrectionsError):
        with _reading(settings) as session:
            rows = origins.refused(session, [site.id for site in sites.all_sites(session)])
            entries = [(row.site.name, row.origin, row.count) for row in rows[:MOST_NOTES]]
        for name, origin, count in entries:
            often = "once" if count == 1 else f"{count} times"
            yield f"reports from {origin} to {name} were refused, {often}; allow it in Settings, if its pages are yours."
        if len(rows) > len(entries):
            yield f"{len(rows) - len(entries)} more such addresses; see Settings."


@contextmanager
def _reading(settings: Settings) -> Iterator[Session]:
    """A session that reads tables of this version's schema. Raises CorrectionsError where there are none such."""
    with closing(open_database(settings)) as database:
        database.check_current()
        with database.read() as session:
            yield session


def _serving(settings: Settings) -> str:
    check_serving(settings)
    return ""


def _base_url(settings: Settings) -> str:
    if urlsplit(settings.base_url).scheme != "https" and settings.host not in ("localhost", "127.0.0.1"):
        return "readers' browsers refuse a script that does not come over https."
    return ""


def _database(settings: Settings) -> str:
    database = open_database(settings)
    try:
        database.check_current()
    finally:
        database.close()
    return ""


def _erasure_log(path: Path) -> str:
    place = path if path.exists() else path.parent
    if place.is_dir() == path.exists():
        return f"{place} is no {'file' if path.exists() else 'directory'}, so nobody could be erased."
    return "" if os.access(place, os.W_OK) else f"{place} cannot be written to by this user, so nobody could be erased."


def _clock(settings: Settings) -> str:
    if settings.is_sqlite:
        return ""
    database = open_database(settings)
    try:
        with database.read() as session:
            database_time = session.scalar(select(func.now()))
    finally:
        database.close()
    apart = abs(database_time - now()) if database_time else timedelta(0)
    return f"this machine and the database are {apart} apart." if apart > CLOCK_SKEW else ""


def _mail(settings: Settings, send_test: str | None) -> str:
    mailer = Mailer(Flask("corrections_service"), settings)
    try:
        letters = [_letter(mailer, name, send_test or desk) for name, desk in _sites(settings)]
        if send_test:
            for letter in letters:
                mailer.send(letter)
        else:
            mailer.check()
    except MailRefused as error:
        return f"{settings.mail_server}:{settings.mail_port}: {error}{_MAIL_CURES[remedy(error)]}"
    except smtplib.SMTPException as error:
        return str(error)
    finally:
        mailer.close()
    return ""


def _roles(settings: Settings) -> str:
    slugs = [grant.site for provider in settings.accounts.values() for grant in provider.grants or ()]
    with _reading(settings) as session:
        unknown = accounts.unknown_sites(session, slugs)
    return f"no publication has the slug {unknown[0]}; `corrections site list` shows them." if unknown else ""


def _issuer(issuer: str) -> str:
    """Whether accounts answer there as what they are asked as (OpenID Connect Discovery 1.0, 4)."""
    import requests  # as sign-in asks them; most newsrooms have none

    address = f"{issuer}/{DISCOVERY}"
    try:
        answer = requests.get(address, timeout=PATIENCE)
        metadata = answer.json() if answer.ok else None
    except requests.exceptions.SSLError as error:
        return f"its certificate is not trusted: {_innermost(error)}"
    except requests.exceptions.JSONDecodeError:
        metadata = None
    except requests.RequestException as error:
        return f"{urlsplit(address).netloc} cannot be reached: {_innermost(error)}"
    if not answer.ok:
        hint = (
            "; the issuer is the part of that address before /.well-known"
            if answer.status_code == HTTPStatus.NOT_FOUND
            else ""
        )
        return f"{address} answers {answer.status_code}{hint}."
    if not isinstance(metadata, dict) or not all(isinstance(metadata.get(name), str) for name in NEEDED):
        return f"{address} does not say where people sign in: no OpenID Connect provider answers there."
    if metadata["issuer"].rstrip("/") != issuer:
        issuer_there = text.one_line(metadata["issuer"], LONGEST_ISSUER)
        return f"it calls itself {issuer_there}, so nobody could sign in: write it so here."
    return ""


def _innermost(error: BaseException) -> str:
    """What the libraries' errors, one in another, are about."""
    while isinstance(inner := error.__cause__ or error.__context__, BaseException):
        error = inner
    return text.reason(error)


def _mailbox(settings: Settings) -> str:
    polling.check(settings)
    return "" if settings.reply_address else "mail is read there, and no mail says so: REPLY_ADDRESS is empty."


def _letter(mailer: Mailer, site: str, recipient: str) -> Message:
    """A real message in the publication's name, which reads back as it was meant. Raises MailRefused."""
    try:
        letter = mailer.letter(site, recipient, f"Test mail of {site}", body="Mail works.\n")
    except MailRefused as error:
        raise MailRefused(f"{site}, {recipient}: {error.reason}", for_good=True) from None
    addresses = message_from_bytes(letter.as_bytes(), policy=policy.default)["From"].addresses
    if [address.addr_spec for address in addresses] != [mailer.settings.sender]:
        raise MailRefused(f"A mail in the name of {site} would not say whom it is from; see MAIL_FROM.", for_good=True)
    return letter


def _sites(settings: Settings) -> list[tuple[str, str]]:
    """The publications' names and their desks' addresses; one of ours where the database has none to tell."""
    with suppress(CorrectionsError):
        with _reading(settings) as session:
            desks = [(site.name, site.desk) for site in sites.all_sites(session)]
        if desks:
            return desks
    return [("Corrections", settings.sender)]
