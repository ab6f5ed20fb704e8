"""What a page has of the script, and what is wrong with it: each fault by its name."""

from __future__ import annotations

import pytest

from corrections_service.rules import embedding, pages
from corrections_service.rules.embedding import Expected, Point

BASE, KEY, VERSION = "https://corrections.example", "NewsKey1", "abc123abc123"
PAGE = "https://news.example/2026/the-bridge"
EXPECTED = Expected(KEY, BASE, VERSION, ["https://news.example"])
TAG = f'<script type="module" async src="{BASE}/embed/{KEY}.js"></script>'
WHOLE = f'<script type="module" integrity="sha384-x" src="{BASE}/embed/{VERSION}/en.js?site={KEY}"></script>'
CANONICAL = f'<link rel="canonical" href="{PAGE}">'
TEXT = "<h1>The bridge</h1>" + "<p>The bridge over the harbour was opened by the king on a rainy day.</p>" * 5


def seen(html: str, policy: str = "", page: str = PAGE) -> dict[str, Point]:
    """What is said of a page, by the name of each point."""
    text, facts, found = pages.read_embedded(html.encode(), page, "text/html; charset=utf-8", EXPECTED.origins)
    return {point.name: point for point in embedding.points(page, policy, text, facts, found, EXPECTED)}


def faults(html: str, policy: str = "") -> dict[str, str]:
    return {name: point.fault for name, point in seen(html, policy).items() if point.fault}


@pytest.mark.parametrize(
    "tag", [TAG, WHOLE, TAG.replace("module", "text/javascript"), TAG.replace(' type="module"', "")]
)
def test_a_page_that_has_all_has_no_fault(tag: str) -> None:
    points = seen(f"<head>{CANONICAL}{tag}</head>{TEXT}", f"script-src {BASE}; connect-src {BASE}")
    assert [point.fault for point in points.values()] == [""] * 6
    assert (points["canonical"].detail, points["text"].detail) == (PAGE, "The bridge")


@pytest.mark.parametrize(
    ("tag", "named"),
    [
        ("", {"tag": "missing"}),
        (f"<!-- {TAG} -->", {"tag": "missing"}),
        (f"<noscript>{TAG}</noscript>", {"tag": "missing"}),
        (f"<p>{TAG.replace('<', '&lt;')}</p>", {"tag": "missing"}),
        ('<script src="https://video.example/embed/player.js"></script>', {"tag": "missing"}),
        (TAG.replace("https:", "http:"), {"tag": "elsewhere"}),
        (TAG.replace(BASE, ""), {"tag": "elsewhere"}),
        (TAG.replace("module", "text/plain"), {"tag": "inert"}),
        (TAG.replace("module", "d41d8-module"), {"tag": "inert"}),
        (WHOLE.replace(VERSION, "000000000000"), {"tag": "stale"}),
        (TAG.replace(KEY, "Other1"), {"key": "other"}),
        (TAG.replace(KEY, "Other1") + TAG, {"key": "other"}),
        (WHOLE.replace(KEY, "Other1"), {"key": "other"}),
    ],
)
def test_what_is_wrong_with_the_tag_is_named(tag: str, named: dict[str, str]) -> None:
    assert faults(f"<head>{CANONICAL}{tag}</head>{TEXT}") == named


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("", "missing"),
        ('<link rel="canonical" href="https://other.example/2026/the-bridge">', "foreign"),
        ('<link rel="canonical" href="https://news.example/">', "front"),
        ('<link rel="canonical" href="//news.example/2026/the-bridge?utm_source=x">', ""),
        ('<base href="https://news.example/2026/"><link rel="CANONICAL" href="the-bridge">', ""),
    ],
)
def test_what_is_wrong_with_the_canonical_address_is_named(link: str, fault: str) -> None:
    assert seen(f"<head>{link}{TAG}</head>{TEXT}")["canonical"].fault == fault


def test_a_page_that_a_script_puts_together_has_no_text() -> None:
    page = f"<head>{CANONICAL}{TAG}</head><div id=app>Loading</div><script>{TEXT}</script>"
    assert faults(page) == {"text": "missing"}


@pytest.mark.parametrize(
    ("policy", "fault", "directive"),
    [
        (f"default-src 'self'; connect-src {BASE}", "script", "default-src"),
        (f"script-src {BASE}/embed/{KEY}.js", "script", "script-src"),
        (f"script-src {BASE}; connect-src 'self'", "connect", "connect-src"),
        ("script-src 'strict-dynamic' 'nonce-a'", "nonce", "script-src"),
    ],
)
def test_the_directive_that_is_missing_is_named_whether_a_header_or_the_page_says_it(
    policy: str, fault: str, directive: str
) -> None:
    page = f"<head>{CANONICAL}{TAG}</head>{TEXT}"
    said = seen(page, policy)["policy"]
    assert (said.fault, said.detail) == (fault, directive)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    assert seen(page.replace("<head>", f"<head>{meta}"))["policy"] == said
    assert seen(page.replace("<script ", '<script nonce="a" '), policy)["policy"].fault == (
        "" if fault == "nonce" else fault
    )


def test_some_pages_that_it_links_to_are_examples_and_near_hosts_are_named_once() -> None:
    links = [
        "/",
        "/2026/the-bridge#top",
        "/2026/the-ferry",
        "/2026/the-old-ferry-of-the-harbour",
        "/politics/the-mayor",
        "/a/b",
    ]
    links += ["https://en.news.example/2026/the-bridge", "https://en.news.example/", "https://shop.news.example/cups"]
    links += [
        "https://else.example/2026/the-long-way-home",
        "mailto:desk@news.example",
        "javascript:alert(1)",
        "http://[",
    ]
    links += ["/" + "x" * 300]
    html = "".join(f'<p><a href="{link}">x</a></p>' for link in links)
    text, facts, found = pages.read_embedded(html.encode(), PAGE, "", EXPECTED.origins)
    linked = [
        point
        for point in embedding.points(PAGE, "", text, facts, found, EXPECTED)
        if point.name not in embedding.POINTS
    ]
    assert [(point.name, point.detail) for point in linked] == [
        (embedding.EXAMPLE, "https://news.example/2026/the-old-ferry-of-the-harbour"),
        (embedding.EXAMPLE, "https://news.example/politics/the-mayor"),
        (embedding.EXAMPLE, "https://news.example/2026/the-ferry"),
        (embedding.NEAR, "https://en.news.example/2026/the-bridge"),
        (embedding.NEAR, "https://shop.news.example/cups"),
    ]


def test_a_hostile_page_is_cut_and_never_taken_for_more_than_words() -> None:
    many = f'<script src="{BASE}/embed/{"x" * 70}.js"></script>' * 500
    page = f"<link rel=canonical href='https://evil.example/{'a' * 9000}'>{many}<script src='/embed/&quot;><b>.js'></script>"
    text, facts, found = pages.read_embedded(page.encode(), PAGE, "", EXPECTED.origins)
    assert len(found.tags) == embedding.MOST
    for point in embedding.points(PAGE, "\u2028;,<b>", text, facts, found, EXPECTED):
        assert len(point.detail) <= 301
