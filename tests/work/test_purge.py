"""What need not be kept any longer is forgotten within the hour, however much of it there is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from corrections_service import errors
from corrections_service.rules.workflow import Resolution
from corrections_service.services import privacy
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Reader, Report, Site, now
from corrections_service.work import jobs
from corrections_service.work.mail import Mailer
from corrections_service.work.means import Work
from tests.applications import application
from tests.services.newsroom import Newsroom


@pytest.fixture
def newsroom(db: Database, site: Site) -> Newsroom:
    """A newsroom."""
    return Newsroom(db, site)


def close(newsroom: Newsroom, many: int) -> None:
    """So many reports, three of a case, that were closed long ago, each with its reader's address."""
    editor = newsroom.hire()
    sent = [
        newsroom.send(url=f"https://news.example/{number // 3}", email=f"reader{number}@example.org")
        for number in range(many)
    ]
    for case in sorted(set(map(newsroom.case_of, sent))):
        newsroom.decide(case, editor, Resolution.OPINION)
    newsroom.change(Case, updated_at=now() - timedelta(days=400))


def forgotten(newsroom: Newsroom) -> tuple[int, int]:
    """How many reports are forgotten, and how many addresses are left."""
    with newsroom.db.read() as session:
        erased = session.scalars(sa.select(Report.id).where(Report.erased_at.is_not(None))).all()
    return len(erased), newsroom.count(Reader)


@pytest.fixture
def work(newsroom: Newsroom, database_settings: Settings) -> Work:
    """What jobs work with."""
    return Work(newsroom.db, database_settings, Mailer(application(database_settings, newsroom.db), database_settings))


def test_one_purge_forgets_all_that_is_due_some_in_each_transaction(
    newsroom: Newsroom, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kind: work that takes some at a time goes on until none is left; what comes in faster would never be done."""
    monkeypatch.setattr(privacy, "BATCH", 4)
    monkeypatch.setattr(privacy, "PART", 2)
    close(newsroom, 7)
    commits: list[object] = []
    event.listen(newsroom.db.engine, "commit", commits.append)
    jobs.purge(work)
    assert forgotten(newsroom) == (7, 0)
    assert len(commits) >= 8, "two reports in one, or two addresses"
    jobs.purge(work)
    assert forgotten(newsroom) == (7, 0)


def test_a_purge_of_suspiciously_much_stops_before_it_forgets_any(
    newsroom: Newsroom, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P-22: how much it is, is judged of all that is due, not of each part."""
    monkeypatch.setattr(privacy, "BATCH", 2)
    close(newsroom, 30)
    for _ in range(80):
        newsroom.send()
    with pytest.raises(errors.TooMuchToPurge):
        jobs.purge(work)
    assert forgotten(newsroom) == (0, 30)
