"""Real articles in a real browser: what a reader highlights is found again in the page, and the page is left alone."""

from __future__ import annotations

import functools
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, JSHandle, Page, expect

from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import Quote, Standing, check_fix
from corrections_service.rules.references import number_of
from corrections_service.rules.text import fold
from tests.browser.pages import (
    DATA,
    ROOT,
    SENTENCES,
    Pages,
    Stored,
    dialog_of,
    publishing,
    real_pages,
    send_by_key,
    served,
    shut_off,
)
from tests.measures import wait_in
from tests.running import Service

SEED = int(os.environ.get("REAL_PAGES_SEED", "1"))
EACH = int(os.environ.get("REAL_PAGES_EACH", "12"))
"""Selections a page: in one text node, across elements, near the end, whole paragraphs, repeated words, any sentence."""

SENT = 3  # of these are sent through the dialog; of the others the quote alone is taken
SHARE = 0.995

QUOTE = "/quote.js"
QUOTES = f"""async ([all, first]) => {{
    const {{ quoteAt }} = await import("{QUOTE}");
    return all.slice(first).map(({{ range }}) => {{
        const {{ exact, prefix, suffix }} = quoteAt(range) || {{}};
        return exact && {{ exact, prefix, suffix }};
    }});
}}"""

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real pages are not beside this checkout")


@dataclass(frozen=True)
class Taken:
    """What was highlighted: where, how, what the reader saw there and beside it; the quote, or the trouble."""

    page: str
    how: str
    said: str
    before: str
    after: str
    quote: Quote | None = None
    reference: str = ""
    trouble: str = ""


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    """All real pages on one server."""
    with served() as server:
        server.pages = {f"/{name}": stored for name, stored in real_pages().items()}
        server.pages[QUOTE] = Stored((ROOT / "static/reader/quote.js").read_bytes(), "text/javascript")
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[Service]:
    """The service of the newspaper whose pages these are."""
    with publishing(tmp_path_factory.mktemp("service"), pages) as service:
        yield service


@pytest.mark.timeout(900)
def test_what_is_highlighted_on_real_pages_is_found_again_and_no_page_breaks(
    browser: Browser, service: Service, pages: Pages
) -> None:
    """A1, A16, A18."""
    taken: list[Taken] = []
    broken = {}
    context = shut_off(browser, viewport={"width": 1280, "height": 900}, bypass_csp=True)
    for path in [path for path in pages.pages if path != QUOTE]:
        errors, here = _take(context, pages, path)
        taken += here
        # A page that had no error with our tag has no new one; the others are looked at without it.
        if errors and (new := Counter(errors) - Counter(_errors_of(context, pages, path))):
            broken[path] = dict(new)
    context.close()

    stored = _stored(service)
    taken = [replace(one, quote=stored.get(number_of(one.reference) or 0)) if one.reference else one for one in taken]
    text_of = functools.cache(functools.partial(_text, pages))
    wrong = [(one, trouble) for one in taken if (trouble := one.trouble or _not_found(one, text_of(one.page)))]
    share = 1 - len(wrong) / len(taken)
    kinds = Counter(one.how for one in taken)
    print(
        f"\nfound again: {len(taken) - len(wrong)} of {len(taken)} ({share:.2%}) on {len(pages.pages) - 1} pages; {dict(kinds)}"
    )
    for one, trouble in wrong:
        print(f"  {one.page} ({one.how}) {one.said[:60]!r}: {trouble}")
    assert not broken
    few = {path: many for path, many in Counter(one.page for one in taken).items() if many < min(EACH, 10)}
    assert few == {}
    assert share >= SHARE


def _errors_of(context: BrowserContext, pages: Pages, path: str) -> list[str]:
    """The uncaught errors of a page without us."""
    page, errors = _new_page(context, pages)
    _load(page, f"{pages.origin}{path}")
    page.close()
    return errors


def _new_page(context: BrowserContext, pages: Pages) -> tuple[Page, list[str]]:
    """A place for a page that nobody has been to, and the uncaught errors in it."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    session = context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": pages.origin, "storageTypes": "all"})
    session.detach()
    return page, errors


def _load(page: Page, url: str) -> None:
    page.goto(url, wait_until="domcontentloaded")
    # One page asks again and again for a picture that is not there, and so is never loaded.
    page.evaluate(
        "new Promise(done => (addEventListener('load', done), document.readyState == 'complete' && done(), setTimeout(done, 2000)))"
    )
    page.evaluate("new Promise(done => requestIdleCallback(done, { timeout: 500 }))")


def _take(context: BrowserContext, pages: Pages, path: str) -> tuple[list[str], list[Taken]]:
    """Highlight on a page with our tag; its uncaught errors, and what was taken."""
    page, errors = _new_page(context, pages)
    page.on("dialog", lambda dialog: dialog.dismiss())
    _load(page, f"{pages.origin}/with{path}")
    wait_in(page, "window[Symbol.for('corrections')]")
    chosen = page.evaluate_handle(SENTENCES, [SEED, EACH])
    found = page.evaluate("all => all.map(({ how, said, before, after }) => ({ how, said, before, after }))", chosen)
    quotes = page.evaluate(QUOTES, [chosen, SENT])
    taken = []
    for one, quote in zip(found[SENT:], quotes, strict=True):
        taken.append(Taken(path, **one, quote=Quote(**quote) if quote else None))
    for at, one in enumerate(found[:SENT]):
        here = Taken(path, **one)
        try:
            taken.append(replace(here, reference=_send(page, chosen, at)))
        except (Error, AssertionError) as error:
            taken.append(replace(here, trouble=f"not sent: {error}"[:300]))
            page.evaluate("document.querySelector('corrections-dialog')?.shadowRoot.querySelector('dialog')?.close()")
    page.close()
    return errors, taken


def _send(page: Page, chosen: JSHandle, at: int) -> str:
    """Highlight one sentence, press the keys, send; the reference."""
    page.evaluate(
        """([all, at]) => {
            document.activeElement?.blur();
            getSelection().removeAllRanges();
            getSelection().addRange(all[at].range);
        }""",
        [chosen, at],
    )
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    dialog.locator("[name=suggestion]").wait_for()
    send_by_key(page)
    status = dialog.locator("[role=status]")
    expect(dialog.locator("button[value=another]")).to_be_visible()
    reference = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{2}", status.inner_text())
    dialog.locator("button[value=close]").click()
    expect(dialog).to_have_count(0)
    assert reference
    return reference[0]


def _stored(service: Service) -> dict[int, Quote]:
    """Every stored quote by its report's number."""
    with sqlite3.connect(f"file:{service.directory}/corrections.sqlite?mode=ro", uri=True) as database:
        rows = database.execute("SELECT id, exact, prefix, suffix FROM report").fetchall()
    database.close()
    return {number: Quote(exact, prefix, suffix) for number, exact, prefix, suffix in rows}


def _text(pages: Pages, path: str) -> str:
    """What can be read on a page."""
    page = pages.answer(f"/with{path}")
    assert page
    return visible_text(page.body, page.content_type)


def _not_found(taken: Taken, text: str) -> str:
    """Why the quote is not found where the reader highlighted it; nothing when it is."""
    if taken.quote is None:
        return "no quote"
    found = check_fix(taken.quote, text)
    if found.state is not Standing.PRESENT or found.span is None:
        return f"{found.state}: {found.reason}; {taken.quote}"
    start, end = found.span
    if _plain(text[start:end]) != _plain(taken.said):
        return f"at a wrong place: {text[start:end]!r}"
    before, after = _plain(text[max(0, start - 300) : start]), _plain(text[end : end + 300])
    if before.endswith(_plain(taken.before)) and after.startswith(_plain(taken.after)):
        return ""
    return f"at another place of the same words: {before[-60:]!r} {after[:60]!r}, not {taken.before!r} {taken.after!r}"


def _plain(words: str) -> str:
    """The words without what differs between a browser's text nodes and the page as it is read."""
    return "".join(fold(words).text.split())
