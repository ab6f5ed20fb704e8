"""Notices are made public each in a transaction of its own, so that none waits for another's case."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import event

from corrections_service.rules.workflow import Resolution
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Correction, Entry, Site, now
from corrections_service.work import deliveries
from corrections_service.work.mail import Mailer
from corrections_service.work.means import Work
from tests.applications import application
from tests.services.newsroom import FERRY, PRINTED, Newsroom


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
