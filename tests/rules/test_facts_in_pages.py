"""What a page says about its article: JSON-LD, then meta elements, then microdata."""

from datetime import UTC, datetime

import pytest

from corrections_service.rules.dates import in_utc
from corrections_service.rules.pages import ArticleFacts, article_facts
from tests.rules.page import URL


def test_json_ld_says_most_about_an_article():
    page = """<html lang="en-GB"><title>Other</title><script type="application/ld+json">
    {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Post"}, {"@type": ["NewsArticle"],
     "headline": "The   bridge", "author": [{"name": "Ann Writer"}, {"name": "Bob Writer"}], "articleSection": ["City"],
     "datePublished": "2026-03-01T09:14:00+02:00", "dateModified": "2026-03-02"}]}</script>"""
    assert article_facts(page.encode(), URL) == ArticleFacts(
        canonical_url=URL,
        headline="The bridge",
        author="Ann Writer, Bob Writer",
        section="City",
        language="en-GB",
        published=datetime(2026, 3, 1, 7, 14, tzinfo=UTC),
        modified=datetime(2026, 3, 2),  # noqa: DTZ001 - by the clock of who wrote the page
    )


@pytest.mark.parametrize(
    "script",
    ['<!-- {"@type": "Article", "headline": "Bridge"} -->', '\ufeff/* by hand */ {"@type": "Article", // ours\n "headline": "Bridge"}',
     '{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Bridge&quot;}', '{"@type": "Article", "headline": "<b>Bridge</b>"}',
     '{"@type": "WebPage", "mainEntity": {"@type": ["Thing", "ReportageNewsArticle"], "headline": ["Bridge"]}}',
     '[{"@type": "JobPosting", "headline": "Typist"}, {"@type": "BlogPosting", "headline": "Bridge"}]',
     '[{"@type": "ItemList", "list": [{"@type": "Article", "headline": "Other"}]}, {"@type": "Article", "headline": "Bridge"}]', '//<![CDATA[\n{"@type": "Article", "headline": "Bridge",}\n//]]>',
     '{"@type": "Article", "headline": "Bridge"};', '[{"@type": "http://schema.org/Article", "headline": "Bridge"}]'],
)  # fmt: skip
def test_json_ld_of_careless_templates_is_read(script):
    page = f'<script type="application/ld+json">{script}</script>'
    assert article_facts(page.encode(), URL).headline == "Bridge"


def test_meta_elements_and_microdata_speak_where_json_ld_is_silent():
    page = """<meta property="og:title" content="Bridge"><meta name="author" content="Ann Writer">
    <meta property="article:published_time" content="Sun, 01 Mar 2026 09:14:00 GMT"><meta property="og:locale" content="uk_UA">
    <span itemprop="articleSection">City</span>"""
    facts = article_facts(page.encode(), URL)
    assert (facts.headline, facts.author, facts.section, facts.language) == ("Bridge", "Ann Writer", "City", "uk-UA")
    assert facts.published == datetime(2026, 3, 1, 9, 14, tzinfo=UTC)


def test_of_many_articles_the_page_is_the_one_with_its_address():
    page = """<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "Other", "url": "https://news.example/other"},
    {"@type": "NewsArticle", "headline": "Bridge", "mainEntityOfPage": {"@id": "http://NEWS.example/2026/bridge#main"}}]</script>"""
    assert article_facts(page.encode(), URL).headline == "Bridge"


def test_authors_are_named_where_the_article_points_to_them():
    page = """<script type="application/ld+json">{"@graph": [{"@type": "Article", "author": [{"@id": "#ann"}]},
    {"@type": "Person", "@id": "#ann", "name": "Ann Writer"}]}</script>"""
    assert article_facts(page.encode(), URL).author == "Ann Writer"
    named = '<script type="application/ld+json">{"@type": "Article", "author": ["Ann &amp; Sons", {"name": "Bob"}]}</script>'
    assert article_facts(named.encode(), URL).author == "Ann & Sons, Bob"
    nested = '<p itemprop="author" itemscope>By <b itemprop="name">Ann Writer</b>, our reporter</p>'
    assert article_facts(nested.encode(), URL).author == "Ann Writer"
    assert article_facts(b'<meta property="article:author" content="https://social.example/ann">', URL).author is None


def test_an_empty_meta_element_leaves_the_word_to_the_next():
    page = '<meta name="author" content=""><meta name="author" content="Ann Writer"><meta property="x" name="og:title" content="Bridge">'
    facts = article_facts(page.encode(), URL)
    assert (facts.author, facts.headline) == ("Ann Writer", "Bridge")


@pytest.mark.parametrize(
    ("page", "language"),
    [
        ("<html lang=uk>", "uk"),
        ("<html lang='' xml:lang=de-CH>", "de-CH"),
        ("<html lang='not a language'><meta property=og:locale content=pl_PL>", "pl-PL"),
        ("<meta http-equiv=content-language content='fr, en'>", "fr"),
        ("<p lang=es>", None),
    ],
)
def test_a_language_is_that_of_the_whole_page(page, language):
    assert article_facts(page.encode(), URL).language == language


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("", URL),
        ('<link rel="canonical" href="https://news.example/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href="/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href="//news.example/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href=" \n/bri\ndge ">', "https://news.example/bridge"),
        ('<link rel="CANONICAL" href="http://www.news.example/bridge">', "https://www.news.example/bridge"),
        ('<link rel="canonical" href="https://NEWS.example.:443/bridge#top">', "https://news.example/bridge"),
        ('<link rel="canonical" href="https://news.example:8443/bridge">', "https://news.example:8443/bridge"),
        ('<link rel="canonical" href="/bridge?utm_medium=x&amp;id=7&amp;a=1">', "https://news.example/bridge?a=1&id=7"),
        ('<link rel="canonical" href="https://agency.example/bridge">', URL),
        ('<link rel="canonical" href="https://news.example.evil.example/bridge">', URL),
        ('<link rel="canonical" href="https://news.example/">', URL),
        ('<link rel="canonical" href="https://news.example">', URL),
        ('<link rel="canonical" href="/2026/">', URL),
        ('<link rel="canonical" href="javascript:alert(1)">', URL),
        ('<link rel="canonical" href="">', URL),
        ('<link rel="canonical">', URL),
        ('<link rel="canonical" href="https://[broken">', URL),
        ('<link rel="canonical" href="https://user@news.example/bridge">', URL),
        ('<link rel="alternate" href="/bridge">', URL),
        ('<link rel="canonical" href="/"><link rel="canonical" href="/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href="/bridge"><link rel="canonical" href="/2/bridge">', "https://news.example/bridge"),
        ('<meta property="og:url" content="https://news.example/bridge?utm_source=x">', "https://news.example/bridge"),
        (
            '<meta property="og:url" content="/other"><link rel="canonical" href="/bridge">',
            "https://news.example/bridge",
        ),
        ('<meta property="og:url" content="/bridge"><link rel="canonical" href="/">', "https://news.example/bridge"),
        ('<base href="https://agency.example/"><link rel="canonical" href="bridge">', URL),
        ('<base href="/old/"><link rel="canonical" href="bridge">', "https://news.example/old/bridge"),
    ],
)
def test_the_canonical_address_stays_on_the_site(head, found):
    assert article_facts(head.encode(), URL + "?utm_source=mail#part").canonical_url == found


@pytest.mark.parametrize(
    ("page", "link", "found"),
    [
        ("http://news.example/bridge", "https://news.example/bridge", "https://news.example/bridge"),
        ("https://amp.news.example/bridge-1", "https://www.news.example/bridge-1", "https://www.news.example/bridge-1"),
        ("https://news.example/bridge-1/amp", "/bridge-1", "https://news.example/bridge-1"),
        ("https://news.example/bridge-1/page/2/", "/bridge-1/", "https://news.example/bridge-1/"),
        ("https://news.example/bridge-1/seite-3", "/bridge-1", "https://news.example/bridge-1"),
        ("https://news.example/bridge-1/index.html", "/bridge-1/", "https://news.example/bridge-1/"),
        ("https://news.example/bridge-1?print=1", "/bridge-1", "https://news.example/bridge-1"),
        ("https://news.example/?p=123", "/", "https://news.example/?p=123"),
        ("https://news.example/?p=123", "/2026/bridge-1", "https://news.example/2026/bridge-1"),
        (
            "https://news.example/view.html?idx=123&page=1",
            "/view.html",
            "https://news.example/view.html?idx=123&page=1",
        ),
        (
            "https://news.example/view.html?idx=123&page=1",
            "/view.html?idx=123",
            "https://news.example/view.html?idx=123",
        ),
        ("https://news.example/sport/cup/final-won", "/sport/", "https://news.example/sport/cup/final-won"),
        ("https://news.example/2026/final-won", "/sport", "https://news.example/2026/final-won"),
        ("https://news.example/node/123", "/city/bridge-opens", "https://news.example/city/bridge-opens"),
        ("https://news.example/", "https://news.example/", "https://news.example/"),
        ("https://news.example/sport/", "/sport/", "https://news.example/sport/"),
        ("no address", "/bridge", ""),
        ("https://news.example/read?id=2", "?id=1", "https://news.example/read?id=2"),
        ("https://news.example/read?id=2", "/story?id=1", "https://news.example/read?id=2"),
        ("https://news.example/read?story=the-king", "/read", "https://news.example/read?story=the-king"),
        ("https://news.example/read?id=2&page=2", "?id=2&page=1", "https://news.example/read?id=2&page=1"),
        ("https://news.example/app#/a/2", "/app", "https://news.example/app#/a/2"),
        ("https://news.example/app#/a/2", "/bridge-1", "https://news.example/app#/a/2"),
    ],
)
def test_a_front_is_no_article_and_a_view_of_an_article_is_that_article(page, link, found):
    assert article_facts(f'<link rel="canonical" href="{link}">'.encode(), page).canonical_url == found


@pytest.mark.parametrize(
    "date",
    ["2026-03-01T09:14:00+02:00", "2026-03-01T07:14:00Z", "2026-03-01 09:14:00 +0200", "2026-03-01T07:14:00.123456789Z",
     "2026/3/1 7:14", "2026.03.01 07:14", "2026-03-01 07:14 UTC", "20260301T071400Z", "2026-03-01T09:14+02", "1772349240",
     "1772349240000", "Sun, 01 Mar 2026 02:14:00 EST", "1 March 2026 07:14:00", "Sun, 01 Mar 2026 09:14:00 +0200 (EET)"],
)  # fmt: skip
def test_dates_are_read_as_sites_write_them(date):
    for page in (
        f'<meta property="article:published_time" content="{date}">',
        f'<p itemprop="datePublished" content="{date}">yesterday</p>',
        f"<article><time datetime='{date}'>yesterday</time></article>",
        f'<script type="application/ld+json">{{"@type": "Article", "datePublished": {{"@value": "{date}"}}}}</script>',
    ):
        when = article_facts(page.encode(), URL).published
        assert when is not None
        assert in_utc(when, UTC).replace(microsecond=0) == datetime(2026, 3, 1, 7, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "date",
    ["yesterday", "0000-00-00", "2026-13-45", "9" * 400, "Mon, 99 Foo 2026 99:99:99 GMT", "", "0001-01-01T00:00:00",
     "1970-01-01T00:00:00Z", "01/03/2026", "Mar 1, 2026 19:14 pm", "9999-12-31T23:59:59-10:00", "2026", "10:30"],
)  # fmt: skip
def test_a_date_that_is_none_is_none(date):
    page = f'<meta property="article:published_time" content="{date}">'
    assert article_facts(page.encode(), URL).published is None
