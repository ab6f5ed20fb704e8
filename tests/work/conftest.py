"""A server that counts who comes, a newspaper that is read again, and what jobs work with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from corrections_service.demo.mailbox import Mailbox
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, reports, sites
from corrections_service.services.reports import Fields
from corrections_service.settings import MailTls, Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Report, Site
from corrections_service.work.mail import Mailer
from corrections_service.work.means import Work
from tests.applications import application
from tests.work.canaries import Canary, listening
from tests.work.newspaper import AFTER, BEFORE, RIGHT, Newspaper
from tests.work.postroom import Desk
from tests.work.readers import our_processes

Send = Callable[..., int]


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A web server on loopback that counts who comes."""
    with listening(Canary()) as made:
        yield made


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    """A newspaper with one article, in which a word is wrong."""
    made = Newspaper()
    yield made
    made.close()


@pytest.fixture
def work(database_settings: Settings, db: Database) -> Iterator[Work]:
    """What jobs work with; the article reader may reach loopback, there is no mail server."""
    settings = database_settings.model_copy(update={"fetch_allow": ["127.0.0.0/8"], "mail_port": 9})
    made = Work(db, settings, Mailer(application(settings, db), settings))
    yield made
    made.mailer.close()


@pytest.fixture
def send(newspaper: Newspaper, work: Work) -> Send:
    """Sends a report of words of the article, with a suggestion; returns the case's number."""
    with work.database.write() as session:
        site = sites.create(session, name="News", origins=[newspaper.origin], desk="desk@news.example")
        editors.add(session, "ed@news.example", site=site, role=Role.STANDARDS)

    def submit(exact: str, path: str = "/bridge", suggestion: str = RIGHT, suffix: str = AFTER, **where: object) -> int:
        with work.database.write() as session:
            sent = session.scalar(select(func.count()).select_from(Report)) or 0
            quote = {"exact": exact, "prefix": BEFORE[-64:], "suffix": suffix[:64], "suggestion": suggestion}
            fields = Fields(
                client_id=f"7f2c1a52-8a55-4d1e-9c62-{sent:012d}",
                url=f"{newspaper.origin}{path}",
                email="ann@example.org",
                **{**quote, **where},  # type: ignore[arg-type]
            )
            stored = reports.submit(session, site=site, fields=fields, secret=work.settings.secret_key)
            return session.scalars(select(Report.case_id).where(Report.client_id == stored.client_id)).one()

    return submit


@pytest.fixture
def desk(db: Database, site: Site, app: Flask, database_settings: Settings) -> Iterator[Desk]:
    """A newsroom with a real mail server."""
    with Mailbox() as mailbox:
        mail = {
            "mail_server": "127.0.0.1",
            "mail_port": mailbox.port,
            "mail_tls": MailTls.NONE,
            "limit_desk_mails": 100,
        }
        settings = database_settings.model_copy(update=mail)
        mailer = Mailer(app, settings)
        with db.write() as session:
            own = session.get_one(Site, site.id)
            editor = editors.add(session, "ed@news.example", site=own, role=Role.ADMIN, name="Ed")
        yield Desk(db, site, Work(db, settings, mailer), mailbox, editor)
        mailer.close()


@pytest.fixture
def impostor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A program that is started instead of Python, for what no page can be made to do."""
    program = tmp_path / "impostor"
    program.touch(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    before = our_processes()
    yield program
    assert our_processes() == before
