"""`quote.js` in a browser and `rules/quotes.py` give the same answers to the same cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import Quote, check_fix, quote_at
from tests.browser.pages import Stored, served

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((ROOT / "tests/quotes.json").read_text("utf-8"))
SELECT = """async () => {
    const range = document.createRange();
    for (const [mark, place] of [["[[", "setStart"], ["]]", "setEnd"]]) {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node; (node = walker.nextNode()); ) {
            const at = node.data.indexOf(mark);
            if (at < 0) continue;
            node.deleteData(at, 2);
            range[place](node, at);
            break;
        }
    }
    const { exact, prefix, suffix } = (await import("/quote.js")).quoteAt(range);
    return { exact, prefix, suffix };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page to write the cases into, beside the script."""
    with served() as server:
        server.pages["/quote.js"] = Stored((ROOT / "static/reader/quote.js").read_bytes(), "text/javascript")
        server.pages["/"] = Stored(b"<!doctype html><title>A</title>")
        page = browser.new_page()
        page.goto(f"{server.origin}/")
        yield page
        page.close()


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_script_s_quote_is_the_service_s_and_says_what_became_of_the_words(
    case: dict[str, Any], page: Page
) -> None:
    expected = Quote(case["exact"], case["prefix"], case["suffix"])
    page.set_content(f"<!doctype html><title>A</title><body>{case['html']}")
    assert Quote(**page.evaluate(SELECT)) == expected

    marked = visible_text(case["html"].encode(), "text/html; charset=utf-8")
    start, end = marked.index("[["), marked.index("]]") - 2
    text = marked.replace("[[", "").replace("]]", "")
    assert quote_at(text, start, end) == expected
    found = check_fix(expected, text)
    assert (found.state, found.span) == ("present", (start, end))

    later = visible_text(case["later"].encode(), "text/html; charset=utf-8")
    became = check_fix(expected, later, case.get("suggestion", ""))
    stands = later[slice(*became.span)] if became.span else ""
    assert (became.state, stands) == (case["state"], case["stands"])
