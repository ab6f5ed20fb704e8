"""Facts about an article: which headline wins, whose dates count, and how dates and zones are written."""

from datetime import UTC, date, datetime, time

import pytest

from corrections_service.rules.dates import read_moment
from corrections_service.rules.pages import article_facts

URL = "https://news.example/2026/bridge"
NAMED = '<script type="application/ld+json">{"@type": "Article", "name": "news-site-cms"}</script>'


@pytest.mark.parametrize(
    ("page", "headline"),
    [
        (NAMED + '<meta property="og:title" content="Bridge"><h1>Post</h1>', "Bridge"),
        (NAMED + "<article><h1>Bridge</h1></article>", "Bridge"),
        (NAMED + "<main><h1>Bridge</h1></main>", "Bridge"),
        (NAMED + '<h2 itemprop="headline">Bridge</h2>', "Bridge"),
        (NAMED.replace("news-site-cms", "Bridge") + "<header><h1>The Post</h1></header>", "Bridge"),
        (
            '<h1>The Post</h1><meta property="og:title" content="Bridge"><article><h1>The bridge</h1></article>',
            "Bridge",
        ),
        ("<h1>The Post</h1><article><h1>Bridge</h1></article>", "Bridge"),
        (
            NAMED.replace('"name"', '"headline": "Bridge", "name"') + '<meta property="og:title" content="Other">',
            "Bridge",
        ),
        ("<h1>Bridge</h1><title>Bridge | The Post</title>", "Bridge"),
    ],
)
def test_the_headline_is_the_article_s_before_a_name_that_the_publishing_system_gave(page, headline):
    assert article_facts(page.encode(), URL).headline == headline


@pytest.mark.parametrize("kind", ["WebPage", "ClaimReview", "MedicalWebPage", "Recipe", "https://schema.org/WebPage"])
def test_dates_are_also_those_of_pages_that_are_no_articles(kind):
    page = f"""<script type="application/ld+json">{{"@graph": [{{"@type": "WebSite", "datePublished": "1999-01-01"}},
    {{"@type": ["{kind}"], "datePublished": "2026-03-01T09:14:00+02:00", "dateModified": "2026-03-02"}}]}}</script>"""
    facts = article_facts(page.encode(), URL)
    assert facts.published == datetime(2026, 3, 1, 7, 14, tzinfo=UTC)
    assert facts.modified == datetime(2026, 3, 2)  # noqa: DTZ001 - by the clock of who wrote the page


def test_an_article_s_own_date_wins_over_its_page_s():
    page = """<script type="application/ld+json">[{"@type": "WebPage", "datePublished": "2020-01-01"},
    {"@type": "NewsArticle", "datePublished": "2026-03-01"}]</script>"""
    assert article_facts(page.encode(), URL).published == datetime(2026, 3, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-01T14:14:00Z",
        "March 1, 2026 9:14 AM EST",
        "Mar 1, 2026, 9:14 a.m. ET",
        "Mar. 1, 2026 at 9:14 am EST",
        "Sunday, March 1, 2026 9:14 AM EST",
        "Sunday, March 1st, 2026 - 9:14 AM EST",
        "March 1, 2026 | 2:14 PM UTC",
        "March 1, 2026 6:14 AM PST",
        "1 March 2026 15:14 CET",
        "1 Mar 2026 14:14 GMT",
        "Sun, 01 Mar 2026 09:14:00 EST",
        "Sun, 01 Mar 2026 09:14:00 -0500",
        "Sun Mar 01 2026 16:14:00 GMT+0200 (Eastern European Standard Time)",
        "2026-03-01T15:14:00+01:00[Europe/Berlin]",
        "2026-03-01 16:14 Europe/Kyiv",
        "2026-03-01 09:14:00 America/New_York",
        "2026-03-01 16:14:00 EET",
        "2026-03-01 17:14 MSK",
        "2026-03-01 23:14 JST",
        "3/1/2026 9:14 AM EST",
    ],
)
def test_a_moment_is_read_as_it_is_written_in_america_and_with_zones_by_name(written):
    page = f'<html lang="en-US"><meta property="article:published_time" content="{written}">'
    assert article_facts(page.encode(), URL).published == datetime(2026, 3, 1, 14, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["03/01/2026 14:14", "3/1/2026, 2:14:00 PM", "2026-03-01T14:14", "1 March 2026 14:14"]
)
def test_a_moment_without_a_zone_is_one_by_the_clock_of_who_wrote_it(written):
    page = f'<html lang="en-US"><meta property="article:published_time" content="{written}">'
    assert article_facts(page.encode(), URL).published == datetime(2026, 3, 1, 14, 14)  # noqa: DTZ001


def test_a_zone_by_the_name_of_a_place_has_its_summer_time():
    assert read_moment("July 1, 2026 9:14 AM ET") == datetime(2026, 7, 1, 13, 14, tzinfo=UTC)
    assert read_moment("2026-07-01 16:14 Europe/Kyiv") == datetime(2026, 7, 1, 13, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "language", "day"),
    [
        ("3/1/2026", "en-US", (2026, 3, 1)),
        ("3/1/2026", "en", (2026, 3, 1)),
        ("3/1/2026", "en-GB", (2026, 1, 3)),
        ("03/01/2026", "fr", (2026, 1, 3)),
        ("13/01/2026", "", (2026, 1, 13)),
        ("13/01/2026", "en-US", (2026, 1, 13)),
        ("01/13/2026", "fr", (2026, 1, 13)),
        ("September 3, 2026", "", (2026, 9, 3)),
        ("Sept. 3, 2026", "", (2026, 9, 3)),
        ("3 September 2026", "", (2026, 9, 3)),
    ],
)
def test_the_month_comes_first_in_american_english_only(written, language, day):
    assert read_moment(written, language) == datetime.combine(date(*day), time(), UTC)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "Marchember 1, 2026", "13/13/2026", "March 32, 2026", "2026-03-01 25:00", "March 1, 2026 13:00 PM",
     "March 1, 2026 9", "2026-03-01 09:14 IST", "2026-03-01 09:14 Nowhere/Land", "2026-03-01 09:14 ../../etc/passwd", "0001-01-01"],
)  # fmt: skip
def test_what_is_no_date_or_not_clear_is_none(written):
    assert read_moment(written, "en-US") is None
