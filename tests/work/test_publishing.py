"""Notices are made public each in a transaction of its own, so that none waits for another's case."""

from __future__ import annotations

from itertools import groupby

import pytest
import sqlalchemy as sa
from sqlalchemy import event, select

from corrections_service.rules.workflow import Resolution
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import NEVER, Case, Correction, Delivery, Entry, Site, now
from corrections_service.work import deliveries
from corrections_service.work.mail import Mailer
from corrections_service.work.means import Work
from tests.applications import application
from tests.services.newsroom import FERRY, PRINTED, Newsroom
from tests.work.postroom import Desk


def test_each_notice_that_is_due_is_published_in_a_transaction_of_its_own(
    db: Database, site: Site, database_settings: Settings
) -> None:
    """One for all would hold the site's chain and wait for a case whose holder waits for the chain."""
    newsroom = Newsroom(db, site)
    editor = newsroom.hire()
    for exact in ("was opend in 1987", FERRY["exact"]):
        newsroom.decide(newsroom.case_of(newsroom.send(exact=exact)), editor, Resolution.CORRECTED, **PRINTED)
    newsroom.change(Correction, publish_at=now())
    work = Work(db, database_settings, Mailer(application(database_settings, db), database_settings))
    steps: list[str] = []

    def enter(*_: object) -> None:
        steps.append("entry")

    def commit(_: object) -> None:
        steps.append("commit")

    event.listen(Entry, "after_insert", enter)
    event.listen(db.engine, "commit", commit)
    try:
        deliveries.publish_due(work)
    finally:
        event.remove(Entry, "after_insert", enter)
        event.remove(db.engine, "commit", commit)
    assert [step for step, _ in groupby(steps)] == ["entry", "commit"] * 2
    assert steps.count("entry") == 2


@pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)  # whose trigger breaks it
def test_a_notice_that_cannot_be_published_holds_up_no_other_and_no_mail(desk: Desk) -> None:
    broken = desk.report(exact="was opend in 1987", suggestion="was opened in 1978")
    number = desk.report(email="ann@readers.example")
    desk.decide(broken)
    desk.decide(number)
    with desk.db.write() as session:
        (first,) = session.get_one(Case, broken).corrections
        session.execute(
            sa.text(
                f"CREATE TRIGGER broken BEFORE INSERT ON entry WHEN NEW.correction_id = {first.id}"
                " BEGIN SELECT RAISE(ABORT, 'broken'); END"
            )
        )
    mails = desk.mails()
    with desk.db.read() as session:
        notices = session.scalars(select(Correction).order_by(Correction.id)).all()
        assert [one.published_at is not None for one in notices] == [False, True]
    assert [mail.rcpt_tos for mail in mails if mail.rcpt_tos == ("ann@readers.example",)]


def test_no_reader_is_told_that_a_notice_is_published_before_it_is(desk: Desk) -> None:
    """Kind: it was frozen, or could not be published, in the moment between the case's closing and the mail."""
    number = desk.report(email="ann@readers.example")
    desk.decide(number)
    with desk.db.write() as session:
        session.get_one(Case, number).frozen_until = NEVER
    assert to_ann(desk) == 0
    with desk.db.read() as session:
        (owed,) = session.scalars(select(Delivery).where(Delivery.template == "case_resolved"))
        assert owed.last_error == "The notice is not public yet."
        assert owed.attempts == 0
    with desk.db.write() as session:
        session.get_one(Case, number).frozen_until = None
        session.get_one(Delivery, owed.id).next_at = now()
    assert to_ann(desk) == 1


def to_ann(desk: Desk) -> int:
    """How many decisions were mailed to the reader."""
    return sum("published" in mail.part("plain") for mail in desk.mails() if mail.rcpt_tos == ("ann@readers.example",))
