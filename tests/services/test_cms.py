"""From a case into the CMS and into the newsroom's own tracker (C4, H3, H6)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from corrections_service import errors
from corrections_service.services import cases, cms, history, sites
from corrections_service.store.models import Article, Case, Event, EventKind
from tests.services.newsroom import Newsroom

PATTERN = "https://cms.example/edit?at={path}"


def tracker(newsroom: Newsroom, case: int) -> str:
    """Where the tracker has the case."""
    with newsroom.db.read() as session:
        return cases.tracker_of(session, session.get_one(Case, case))


def test_a_pattern_is_kept_for_one_site_and_leads_to_each_article(newsroom: Newsroom, case: int) -> None:
    with newsroom.db.write() as session:
        cms.keep(session, sites.by_slug(session, newsroom.site.slug), f" {PATTERN} ")
    with newsroom.db.read() as session:
        article = session.scalars(select(Article)).one()
        assert cms.edit_address(article) == "https://cms.example/edit?at=/bridge"
    with newsroom.db.write() as session:
        cms.keep(session, sites.by_slug(session, newsroom.site.slug), "")
    with newsroom.db.read() as session:
        article = session.scalars(select(Article)).one()
        assert cms.edit_address(article) == ""
        assert "editor_link" not in article.site.policy


def test_a_pattern_is_tried_with_three_of_the_sites_own_addresses(newsroom: Newsroom) -> None:
    for number in range(5):
        newsroom.send(url=f"https://news.example/story-{number}-{number}{number}{number}")
    with newsroom.db.read() as session:
        newest = cms.newest_addresses(session, newsroom.site)
    assert newest == [f"https://news.example/story-{number}-{number}{number}{number}" for number in (4, 3, 2)]
    trials = cms.tried_on(newsroom.site, "https://cms.example/{id}", [newest[0], "https://evil.example/9", "nothing"])
    assert [trial.address for trial in trials] == ["https://cms.example/444", "", ""]
    assert "no address of News" in trials[1].why_not
    with pytest.raises(errors.InvalidFields, match="does not hold"):
        cms.tried_on(newsroom.site, "https://cms.example/{id}", ["https://news.example/about"])
    with pytest.raises(errors.InvalidFields, match="addresses"):
        cms.tried_on(newsroom.site, "https://cms.example/{id}", ["", " "])


def test_a_link_to_the_tracker_is_kept_changed_and_taken_away_in_the_history(
    newsroom: Newsroom, case: int, editor: int
) -> None:
    """H6: nobody's open form grows stale by it, and another's undo is not in its way."""
    version = newsroom.look(case).version
    newsroom.act(cases.track, case, editor, " https://Tracker.example/browse/NEWS-7 ")
    newsroom.act(cases.track, case, editor, "https://tracker.example/browse/NEWS-7")
    assert tracker(newsroom, case) == "https://tracker.example/browse/NEWS-7"
    newsroom.act(cases.track, case, editor, "http://tracker.intern/8")
    newsroom.act(cases.track, case, editor, "")
    newsroom.act(cases.track, case, editor, " ")
    assert tracker(newsroom, case) == ""
    assert newsroom.history(case)[1:] == [EventKind.TRACKED, EventKind.TRACKED, EventKind.UNTRACKED]
    assert newsroom.look(case).version == version
    newsroom.act(cases.mark_spam, case, editor)
    newsroom.act(cases.track, case, editor, "https://tracker.example/9")
    newsroom.act(history.undo, case, editor)
    assert newsroom.look(case).state == "new"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVa\tScript:alert(1)",
        "data:text/html,x",
        "//tracker.example",
        "NEWS-7",
        "ftp://a.example/",
        "https://me:secret@tracker.example/",
        "https://tracker.example/" + "a" * 2048,
    ],
)
def test_what_is_no_web_address_is_no_link_to_a_tracker(
    newsroom: Newsroom, case: int, editor: int, address: str
) -> None:
    with pytest.raises(errors.InvalidFields, match="address"):
        newsroom.act(cases.track, case, editor, address)
    with newsroom.db.read() as session:
        assert not session.scalars(select(Event).where(Event.kind == EventKind.TRACKED)).all()
