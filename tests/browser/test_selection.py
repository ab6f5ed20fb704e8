"""The quote is what the browser selects, white space aside, in Chromium and in Firefox, and the service finds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from corrections_service.rules.marks import ASIDE
from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import Quote, Standing, check_fix
from tests.browser.firefox import Firefox
from tests.browser.pages import Pages, Stored, served

SCRIPT = (Path(__file__).resolve().parents[2] / "static/reader/quote.js").read_bytes()
FIRST = "<p>Nobody in the town had ever seen so much rain in one night, and the mayor said so.</p>"
LAST = "<p>In the evening everybody went home by the old road, as the ferry had left already.</p>"
OFFSCREEN = "position: absolute; width: 1px; height: 1px; overflow: hidden"
# Kinds of pages: what is marked in them, and what the quote is.
KINDS = {
    "an initial that floats": (
        "<style>.big { float: left; font-size: 3em }</style><p id=said><span class=big>T</span>he queen came by boat.</p>",
        "The queen came by boat.",
    ),
    "an initial that is a block": (
        "<style>.big { float: left }</style><div id=said><div class=big>T</div>he queen came by boat.</div>",
        "The queen came by boat.",
    ),
    "a mark that is placed": (
        "<p id=said>The queen<span style='position: absolute; top: 0'>7</span> came by boat.</p>",
        "The queen7 came by boat.",
    ),
    "words that cannot be selected": (
        "<p id=said>The queen came <span style='user-select: none'>Adver<b>tisement</b></span> by boat.</p>",
        "The queen came by boat.",
    ),
    "words that cannot be selected by a style sheet": (
        "<style>.ad { -webkit-user-select: none; user-select: none }</style>"
        "<p id=said>The queen came <span class=ad>Advertisement</span> by boat.</p>",
        "The queen came by boat.",
    ),
    "words that cannot be selected in blocks of their own": (
        "<div id=said><p>The queen came by boat.</p><aside style='user-select: none'><div><p>Advertisement</p></div></aside><p>Nobody saw.</p></div>",
        "The queen came by boat. Nobody saw.",
    ),
    "words for screen readers in blocks of their own": (
        f"<div id=said><p>The queen came by boat.</p><div style='{OFFSCREEN}'><div><p>(opens a window)</p></div></div><p>Nobody saw.</p></div>",
        "The queen came by boat. Nobody saw.",
    ),
    "words in a box of one pixel that they leave": (
        "<div style='height: 1px'><p id=said>The queen came by boat.</p></div><p>&nbsp;</p>",
        "The queen came by boat.",
    ),
    "words for screen readers by a usual name": (
        f"<p id=said>The queen read <a href=#a>the report<span class=visually-hidden style='{OFFSCREEN}'>(opens a window)</span></a> twice.</p>",
        "The queen read the report twice.",
    ),
    "words for screen readers by a style sheet": (
        f"<style>.q7x {{ {OFFSCREEN}; clip: rect(0, 0, 0, 0) }}</style>"
        "<p id=said>The queen read <a href=#a>the report<span class=q7x>(opens a window)</span></a> twice.</p>",
        "The queen read the report twice.",
    ),
    "words for screen readers far to the left": (
        "<p id=said>The queen read the report<span style='position: absolute; left: -9999px'>(opens a window)</span> twice.</p>",
        "The queen read the report twice.",
    ),
    "words hidden by visibility": (
        "<p id=said>The queen came <span style='visibility: hidden'>not</span> by boat.</p>",
        "The queen came by boat.",
    ),
    "a line break": ("<p id=said>The queen came<br>by boat.</p>", "The queen came by boat."),
    "lines and indentation of code": (
        "<pre id=said>def f(x):\n    if x:\n        retrun 1\n</pre>",
        "def f(x):\n    if x:\n        retrun 1",
    ),
    "lines of a poem": (
        "<style>#said { white-space: pre-wrap }</style><p id=said>The queen came\n  by boat.</p>",
        "The queen came\n  by boat.",
    ),
    "code in lines of their own elements": (
        "<pre id=said><code><div>if x:</div><div>    retrun 1</div></code></pre>",
        "if x:\n    retrun 1",
    ),
}
# What is for screen readers alone is in what browsers give to be copied, but nobody who marks words sees it.
UNSEEN = "(opens a window)"
QUOTE = """const range = document.createRange();
range.selectNodeContents(document.querySelector("#said"));
getSelection().removeAllRanges();
getSelection().addRange(range);
const { quoteAt } = await import("/quote.js");
const { exact, prefix, suffix } = quoteAt(range);
return [String(getSelection()), exact, prefix, suffix];"""
SEVERAL = """const [one, other] = document.querySelectorAll("b");
getSelection().removeAllRanges();
const ranges = [one, other].map((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().addRange(range);
    return range;
});
const { quoteAt } = await import("/quote.js");
const { exact, prefix, suffix } = quoteAt(ranges[0], ranges);
return [String(getSelection()), exact, prefix, suffix];"""


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    """A server of small pages."""
    with served() as server:
        server.pages["/quote.js"] = Stored(SCRIPT, "text/javascript")
        yield server


def _check(found: list[str], exact: str, stored: Stored) -> None:
    said, *parts = found
    assert parts[0] == exact
    assert _bare(parts[0]) == _bare(said.replace(UNSEEN, ""))
    text = visible_text(stored.body, stored.content_type)
    check = check_fix(Quote(*parts), text)
    assert check.state is Standing.PRESENT, (check, text)
    assert check.span
    assert _bare(ASIDE.shown(text[slice(*check.span)])) == _bare(exact)


def _bare(text: str) -> str:
    return "".join(text.split())


def _put(pages: Pages, body: str) -> tuple[str, Stored]:
    html = f"<!doctype html><html lang=en><title>A</title><body>{FIRST}{body}{LAST}"
    pages.pages["/page"] = Stored(html.encode())
    return f"{pages.origin}/page", pages.pages["/page"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_quote_is_what_chromium_selects_and_the_service_finds_it(browser: Browser, pages: Pages, kind: str) -> None:
    address, stored = _put(pages, KINDS[kind][0])
    page = browser.new_page()
    page.goto(address)
    found = page.evaluate(f"async () => {{ {QUOTE} }}")
    page.close()
    _check(found, KINDS[kind][1], stored)


@pytest.mark.parametrize("kind", KINDS)
def test_the_quote_is_what_firefox_selects_and_the_service_finds_it(firefox: Firefox, pages: Pages, kind: str) -> None:
    address, stored = _put(pages, KINDS[kind][0])
    firefox.open(address)
    _check(firefox.run(QUOTE), KINDS[kind][1], stored)


def test_several_ranges_as_firefox_makes_them_are_one_quote(firefox: Firefox, pages: Pages) -> None:
    address, _ = _put(pages, "<p>The <b>queen</b> came by <b>boat</b> alone.</p>")
    firefox.open(address)
    found: list[str] = firefox.run(SEVERAL)
    said, exact, prefix, suffix = found
    assert _bare(exact) == _bare(said) == "queenboat"
    assert prefix.endswith("said so. The ")
    assert suffix.startswith(" alone. In the evening")


def test_in_xhtml_a_line_break_is_one_too(browser: Browser, firefox: Firefox, pages: Pages) -> None:
    page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>A</title></head><body><p id="said">Roses grow<br/>on walls</p></body></html>'
    pages.pages["/page"] = Stored(page.encode(), "application/xhtml+xml")
    address = f"{pages.origin}/page"
    firefox.open(address)
    assert firefox.run(QUOTE)[1] == "Roses grow on walls"
    opened = browser.new_page()
    opened.goto(address)
    assert opened.evaluate(f"async () => {{ {QUOTE} }}")[1] == "Roses grow on walls"
    opened.close()


def test_a_page_that_forbids_copying_is_read_all_the_same() -> None:
    body = f"<style>.story {{ user-select: none }}</style><div class=story>{FIRST}{FIRST}{LAST}</div>"
    assert "the ferry had left already" in visible_text(body.encode())
