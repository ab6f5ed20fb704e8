"""On real articles the quote is what the browser itself says is selected, white space aside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import DATA, ROOT, Pages, real_pages, served, shut_off

SEED = int(os.environ.get("REAL_PAGES_SEED", "1"))
EACH = int(os.environ.get("REAL_PAGES_EACH", "12"))
SHARE = 0.995
# Their own scripts and what is elsewhere are not asked for: the page is what its HTML and its own styles make of it.
SHUT = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
QUOTE = (ROOT / "static/reader/quote.js").read_text("utf-8").replace("export ", "")
# Selections from anywhere in a text that is seen to anywhere in one of the next texts; what each is, and its quote.
TAKE = """
const style = document.createElement("style");
// Reading aids above words and what is there for screen readers alone are in no quote; a page that waits for its script is shown.
style.textContent = "rt, rtc, rp { display: none !important } .unseen-by-readers { user-select: none !important } body { visibility: visible !important }";
document.documentElement.append(style);
for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect(), { clip, overflow } = getComputedStyle(element);
    const isTiny = Math.min(box.width, box.height) <= 1 && overflow != "visible";
    if (isTiny || /^rect\\((\\S+), .*, \\1, /.test(clip) || box.right < -1000) element.classList.add("unseen-by-readers");
}
let state = seed;
const chance = () => ((state = (state * 1103515245 + 12345) % 2147483648), state / 2147483648);
const visibilityProperty = getComputedStyle(document.body).visibility == "visible";
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const texts = [];
for (let node; (node = walker.nextNode()); ) {
    const box = node.parentElement.getBoundingClientRect();
    if (node.data.trim() && box.width > 1 && box.height > 1 && node.parentElement.checkVisibility({ visibilityProperty })) texts.push(node);
}
const found = [];
for (let one = 0; texts.length && one < many; one++) {
    const at = Math.floor(chance() * texts.length);
    const start = texts[at], end = texts[Math.min(texts.length - 1, at + Math.floor(chance() ** 2 * 30))];
    const from = Math.floor(chance() * start.data.length), to = Math.ceil(chance() * end.data.length);
    const range = document.createRange();
    range.setStart(start, start == end ? Math.min(from, to) : from);
    range.setEnd(end, start == end ? Math.max(from, to) : to);
    const selection = document.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    found.push([`${selection}`, quoteAt(range)?.exact || ""]);
}
return found;"""

pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="the real pages are not beside this checkout"),
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    """All real pages on one server."""
    with served() as server:
        server.pages = {f"/{name}": replace(stored, headers=SHUT) for name, stored in real_pages().items()}
        yield server


def _bare(text: str) -> str:
    """The words; capitals by style sheet are kept as the page writes them, so that they are found again."""
    return "".join(text.replace("\ufeff", "").split()).casefold()


def test_the_quote_is_what_the_browser_says_is_selected_on_real_pages(browser: Browser, pages: Pages) -> None:
    context = shut_off(browser, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    taken = []
    for path in pages.pages:
        page.goto(f"{pages.origin}{path}", wait_until="domcontentloaded")
        pairs: list[list[str]] = page.evaluate(f"([seed, many]) => {{ {QUOTE} {TAKE} }}", [SEED, EACH])
        taken += [(path, said, exact) for said, exact in pairs]
    context.close()
    other = [(path, said, exact) for path, said, exact in taken if _bare(said) != _bare(exact)]
    share = 1 - len(other) / len(taken)
    print(f"\nas selected: {len(taken) - len(other)} of {len(taken)} ({share:.2%}) on {len(pages.pages)} pages")
    for path, *both in other:
        one, two = map(_bare, both)
        at = next((at for at, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), 0)
        print(f"  {path}: {one[at : at + 60]!r}, quoted {two[at : at + 60]!r}")
    assert share >= SHARE
