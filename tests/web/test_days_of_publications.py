"""The day on which an article was published is told as its newsroom's clock showed it, in notices and in their drafts."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest
from flask import Flask

from corrections_service.rules.pages import article_facts
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import articles, notices
from corrections_service.store.models import Article, Case, FixState, Site
from tests.services.newsroom import NOTICE, Newsroom, make_public, see

URL = "https://news.example/bridge"


def read_page(newsroom: Newsroom, published: str, zone: str) -> int:
    """A case of an article whose page says that it was published then, at a publication of this zone."""
    case = newsroom.case_of(newsroom.send())
    page = f'<meta property="article:published_time" content="{escape(published)}"><h1>The bridge</h1>'
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        policy: Any = {"clock": {"zone": zone}}
        site.policy = policy
        (article,) = session.query(Article)
        articles.record_reading(session, article, article_facts(page.encode(), URL), "It was opend in 1987.")
    return case


@pytest.mark.parametrize(
    ("published", "zone", "moment"),
    [
        ("2026-03-01", "America/St_Johns", datetime(2026, 3, 1, 3, 30, tzinfo=UTC)),
        ("2026-03-01", "Pacific/Apia", datetime(2026, 2, 28, 11, tzinfo=UTC)),
        ("2026-03-01T00:30", "Asia/Kathmandu", datetime(2026, 2, 28, 18, 45, tzinfo=UTC)),
        ("1 March 2026", "America/New_York", datetime(2026, 3, 1, 5, tzinfo=UTC)),
        ("2026-03-01T00:30:00+02:00", "Europe/Kyiv", datetime(2026, 2, 28, 22, 30, tzinfo=UTC)),
        ("2026-03-02T03:30:00Z", "America/Los_Angeles", datetime(2026, 3, 2, 3, 30, tzinfo=UTC)),
        ("2026-03-01T02:30", "America/Los_Angeles", datetime(2026, 3, 1, 10, 30, tzinfo=UTC)),
    ],
)
def test_an_article_is_said_to_be_of_the_day_that_it_says(
    app: Flask, newsroom: Newsroom, published: str, zone: str, moment: datetime
) -> None:
    """Kind: a page that wrote “1 March” was of 28 February by the log of a newsroom west of Greenwich; a draft told the
    day in UTC, which is another one for what was published at night."""
    case = read_page(newsroom, published, zone)
    with newsroom.db.read() as session:
        stored = session.get_one(Case, case)
        assert stored.article.published_at == moment
        assert "published on 1 March 2026, said" in notices.draft(stored)
    newsroom.refresh()
    see(newsroom, case, FixState.PRESENT, before="was opend in 1987")
    late = "We were told only now."
    newsroom.decide(case, newsroom.hire(Role.ADMIN), Resolution.CORRECTED, **NOTICE, late=late)
    see(newsroom, case, FixState.APPLIED, after="was opened in 1987")
    make_public(newsroom)
    page = app.test_client(use_cookies=False).get("/log/news/corrections/1").text
    assert "The article was published on 1 March 2026." in page
