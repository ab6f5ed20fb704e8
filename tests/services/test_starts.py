"""How far a new site has come: what was seen in a page, the first load, the first report, each kept once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from corrections_service.rules.embedding import POINTS, Point
from corrections_service.services import sites, starts
from corrections_service.services.starts import Start
from corrections_service.store.database import Database
from corrections_service.store.models import Report, Site
from tests.services.newsroom import FERRY, Newsroom


@pytest.fixture
def neighbour(db: Database) -> Newsroom:
    """Another publication at the same service."""
    with db.write() as session:
        other = sites.create(session, name="Gazette", origins=["https://gazette.example"], desk="desk@gazette.example")
    return Newsroom(db, other)


ALL_RIGHT = [Point(name) for name in POINTS]


def start_of(newsroom: Newsroom) -> Start:
    with newsroom.db.read() as session:
        return starts.of_site(session, session.get_one(Site, newsroom.site.id))


def keep(newsroom: Newsroom, points: list[Point]) -> None:
    with newsroom.db.write() as session:
        starts.keep_check(session.get_one(Site, newsroom.site.id), "https://news.example/bridge", points)


def load(db: Database, site_id: int) -> None:
    with db.write() as session:
        starts.note_load(session, site_id)


def test_a_new_site_has_come_nowhere(newsroom: Newsroom) -> None:
    assert start_of(newsroom) == Start(None, None, "", None, [])
    assert not start_of(newsroom).has_tag
    assert not start_of(newsroom).is_right


def test_the_last_check_counts_whatever_was_seen_before(newsroom: Newsroom) -> None:
    keep(newsroom, [Point("page"), Point("tag", "missing")])
    assert not start_of(newsroom).has_tag
    keep(newsroom, ALL_RIGHT)
    start = start_of(newsroom)
    assert start.points == ALL_RIGHT
    assert start.address == "https://news.example/bridge"
    assert start.checked_at is not None
    assert start.is_right
    assert start.has_tag
    assert not start.is_done
    keep(newsroom, [*ALL_RIGHT[:-1], Point("policy", "script", "script-src")])
    assert start_of(newsroom).has_tag
    assert not start_of(newsroom).is_right


def test_the_first_load_is_kept_and_no_later_one(newsroom: Newsroom, neighbour: Newsroom) -> None:
    load(newsroom.db, newsroom.site.id)
    first = start_of(newsroom).first_load_at
    assert first is not None
    load(newsroom.db, newsroom.site.id)
    assert start_of(newsroom).first_load_at == first
    assert start_of(newsroom).has_tag
    assert start_of(neighbour).first_load_at is None


def test_the_first_report_leads_to_its_case_and_what_was_brought_along_is_none(
    newsroom: Newsroom, neighbour: Newsroom
) -> None:
    newsroom.send()
    with newsroom.db.write() as session:  # as an import stores it, with the day on which it was sent elsewhere
        session.execute(update(Report).values(created_at=newsroom.site.created_at - timedelta(days=1)))
    assert start_of(newsroom).first_report is None
    case = newsroom.case_of(newsroom.send(**FERRY))
    newsroom.send(url="https://news.example/other")
    report = start_of(newsroom).first_report
    assert report is not None
    assert report[0] == case
    assert start_of(neighbour).first_report is None
    keep(newsroom, ALL_RIGHT)
    load(newsroom.db, newsroom.site.id)
    assert start_of(newsroom).is_done


def test_sites_without_a_case_are_told_from_those_that_had_one(newsroom: Newsroom, neighbour: Newsroom) -> None:
    newsroom.send()
    with newsroom.db.read() as session:
        found = starts.without_cases(session, [newsroom.site.id, neighbour.site.id])
        assert [site.id for site in found] == [neighbour.site.id]
        assert starts.without_cases(session, []) == []


def test_only_pages_of_the_site_s_own_origins_are_its_own(site: Site) -> None:
    assert starts.is_own_page(site, site.origins[0])
    for other in ("", "null", "https://corrections.example", "https://evil.example", f"{site.origins[0]}.evil.example"):
        assert not starts.is_own_page(site, other)
