"""What need not be kept any longer is forgotten within the hour, however much of it there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from corrections_service import errors
from corrections_service.rules.workflow import Resolution
from corrections_service.services import cases, joining, privacy, readers, reports
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


@pytest.mark.parametrize("days", [31, 29])
def test_addresses_go_so_many_days_after_the_case_is_closed_whatever_happens_to_it_since(
    newsroom: Newsroom, work: Work, days: int
) -> None:
    """Kind: the days that readers are told were counted from the case's last change, such as another reader's taking back."""
    first, second = (newsroom.send(email=f"{name}@example.org") for name in ("ann", "bob"))
    newsroom.decide(newsroom.case_of(first), newsroom.hire(), Resolution.OPINION)
    newsroom.change(Report, closed_at=now() - timedelta(days=days))
    with newsroom.db.write() as session:
        readers.withdraw(session, reports.by_token(session, second.token))
    jobs.purge(work)
    assert newsroom.count(Reader) == (0 if days > 30 else 2)


def test_who_came_to_a_closed_case_later_is_forgotten_so_many_days_after_that(newsroom: Newsroom, work: Work) -> None:
    old, editor = newsroom.case_of(newsroom.send(email="ann@example.org")), newsroom.hire()
    newsroom.decide(old, editor, Resolution.OPINION)
    newsroom.change(Report, closed_at=now() - timedelta(days=400))
    late = newsroom.send(email="bob@example.org")
    assert newsroom.case_of(late) != old
    newsroom.act(joining.merge, newsroom.case_of(late), editor, old)
    jobs.purge(work)
    assert forgotten(newsroom) == (1, 1)
    with newsroom.db.read() as session:
        assert session.scalars(sa.select(Reader.email)).one() == "bob@example.org"


def test_an_open_case_keeps_its_readers_addresses_however_long_ago_it_was_closed(
    newsroom: Newsroom, work: Work
) -> None:
    case, editor = newsroom.case_of(newsroom.send(email="ann@example.org")), newsroom.hire()
    newsroom.decide(case, editor, Resolution.OPINION)
    newsroom.change(Report, closed_at=now() - timedelta(days=400))
    newsroom.act(cases.reopen, case, editor)
    jobs.purge(work)
    newsroom.decide(case, editor, Resolution.OPINION)
    jobs.purge(work)
    assert forgotten(newsroom) == (0, 1)


def test_the_address_of_who_is_with_the_spam_is_kept_no_longer_than_is_told(newsroom: Newsroom, work: Work) -> None:
    case = newsroom.case_of(newsroom.send(email="ann@example.org"))
    newsroom.act(cases.mark_spam, case, newsroom.hire())
    newsroom.change(Case, updated_at=now() - timedelta(days=31))
    work = replace(work, settings=work.settings.model_copy(update={"retention_spam_days": 90}))
    jobs.purge(work)
    assert forgotten(newsroom) == (0, 0)
