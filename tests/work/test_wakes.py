"""Rows say what is owed; a wake-up only makes a look at them come sooner, and losing each of them loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from corrections_service import create_app
from corrections_service.demo.mailbox import Mailbox
from corrections_service.rules.workflow import State
from corrections_service.settings import MailTls
from corrections_service.store import jobs
from corrections_service.store.database import Database
from corrections_service.store.engine import Engine
from corrections_service.store.models import FixState
from corrections_service.work.jobs import register
from corrections_service.work.mail import Mailer
from corrections_service.work.means import Work
from tests.measures import wait_for
from tests.work.newspaper import RIGHT, WRONG, Newspaper, decide, seen

LOSE_ALL = {
    "sqlite": f"""CREATE TRIGGER lose BEFORE INSERT ON workflow_status WHEN NEW.workflow_uuid LIKE '{jobs.WAKE}%'
        BEGIN SELECT RAISE(IGNORE); END""",
    "postgresql": f"""CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER lose BEFORE INSERT ON dbos.workflow_status FOR EACH ROW
        WHEN (NEW.workflow_uuid LIKE '{jobs.WAKE}%') EXECUTE FUNCTION lose()""",
}


def _woken(db: Database) -> int:
    runs = jobs.runs_of(db)
    with db.read() as session:
        count = sa.select(sa.func.count()).where(runs.c.workflow_uuid.startswith(jobs.WAKE))
        return session.scalar(count) or 0


@pytest.fixture
def mailbox(work: Work) -> Iterator[Mailbox]:
    """The mail server of all background work, which runs here as in a worker."""
    with Mailbox() as mailbox:
        means = {"mail_server": "127.0.0.1", "mail_port": mailbox.port, "mail_tls": MailTls.NONE}
        settings = work.settings.model_copy(update=means)
        mailer = Mailer(create_app(settings, database=work.database), settings)
        engine = Engine(work.database, settings)
        register(engine, Work(work.database, settings, mailer))
        engine.start()
        yield mailbox
        engine.stop()
        mailer.close()


def test_with_every_wake_up_lost_all_that_is_owed_is_done_all_the_same(
    work: Work, newspaper: Newspaper, mailbox: Mailbox, send: Callable[[str], int]
) -> None:
    """The desk and the reader are mailed, the article is read, the fix is seen, and the reader hears of it."""
    with work.database.write() as session:
        for statement in LOSE_ALL[work.database.url.get_backend_name()].split(";\n"):
            session.execute(sa.text(statement))
    case = send(WRONG)
    wait_for(lambda: len(mailbox.messages()) == 2, "the desk's mail and the receipt")
    wait_for(lambda: seen(work, case)[0] is FixState.PRESENT, "the first look")
    decide(work, case)
    newspaper.words = RIGHT
    wait_for(lambda: seen(work, case) == (FixState.APPLIED, State.CLOSED), "the look that sees the fix")
    wait_for(lambda: len(mailbox.messages()) == 3, "the reader's answer")
    assert _woken(work.database) == 0


def test_who_asks_within_one_second_shares_one_wake_up_that_comes_after_them_all(db: Database) -> None:
    for _ in range(20):
        with db.write() as session:
            jobs.wake(session, "deliver_due")
            jobs.wake(session, "deliver_due", delay=60)
    assert 2 <= _woken(db) < 20
