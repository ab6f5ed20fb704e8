"""Real articles in a real browser: what a reader highlights is found again in the page, and the page is left alone."""

from __future__ import annotations

import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, JSHandle, Page, expect

from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import Quote, Standing, check_fix
from corrections_service.rules.references import number_of
from corrections_service.rules.text import fold
from tests.browser.pages import DATA, SENTENCES, Pages, dialog_of, real_pages, served, shut_off, tag_of
from tests.running import Service, running_service

SEED = int(os.environ.get("REAL_PAGES_SEED", "1"))
EACH = int(os.environ.get("REAL_PAGES_EACH", "3"))  # sentences a page: in one text node, across elements, near the end
SHARE = 0.98

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real pages are not beside this checkout")


@dataclass(frozen=True)
class Sent:
    """A sentence that was highlighted and sent: where, how, what the reader saw, and the reference or the trouble."""

    page: str
    how: str
    said: str
    reference: str = ""
    trouble: str = ""


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    """All real pages on one server."""
    with served() as server:
        server.pages = {f"/{name}": stored for name, stored in real_pages().items()}
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[Service]:
    """The service of the newspaper whose pages these are."""
    with running_service(tmp_path_factory.mktemp("service")) as service:
        service.init(pages.origin)
        service.start()
        pages.tag = tag_of(service)
        yield service


@pytest.mark.timeout(900)
def test_what_is_highlighted_on_real_pages_is_found_again_and_no_page_breaks(
    browser: Browser, service: Service, pages: Pages
) -> None:
    sent: list[Sent] = []
    broken = {}
    context = shut_off(browser, viewport={"width": 1280, "height": 900})
    for path in pages.pages:
        before = _errors_of(context, f"{pages.origin}{path}")
        errors, here = _report_sentences(context, pages, path)
        sent += here
        if new := Counter(errors) - Counter(before):
            broken[path] = dict(new)
    context.close()

    stored = _stored(service)
    wrong = [
        (one, trouble)
        for one in sent
        if (trouble := one.trouble or _not_found(one, stored.get(number_of(one.reference) or 0), pages))
    ]
    share = 1 - len(wrong) / len(sent)
    print(f"\nfound again: {len(sent) - len(wrong)} of {len(sent)} ({share:.1%}) on {len(pages.pages)} pages")
    for one, trouble in wrong:
        print(f"  {one.page} ({one.how}) {one.said[:60]!r}: {trouble}")
    assert not broken
    assert all(sum(one.page == path for one in sent) >= min(EACH, 3) for path in pages.pages)
    assert share >= SHARE


def _errors_of(context: BrowserContext, url: str) -> list[str]:
    """The uncaught errors of a page without us."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    _load(page, url)
    page.close()
    return errors


def _load(page: Page, url: str) -> None:
    page.goto(url, wait_until="domcontentloaded")
    # One page asks again and again for a picture that is not there, and so is never loaded.
    page.evaluate(
        "new Promise(done => (addEventListener('load', done), document.readyState == 'complete' && done(), setTimeout(done, 2000)))"
    )
    page.evaluate("new Promise(done => requestIdleCallback(done, { timeout: 500 }))")


def _report_sentences(context: BrowserContext, pages: Pages, path: str) -> tuple[list[str], list[Sent]]:
    """Highlight and send sentences of a page with our tag; its uncaught errors, and what was sent."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    page.on("dialog", lambda dialog: dialog.dismiss())
    _load(page, f"{pages.origin}/with{path}")
    page.wait_for_function("window[Symbol.for('corrections')]")
    chosen = page.evaluate_handle(SENTENCES, [SEED, EACH])
    sent = []
    for at in range(page.evaluate("all => all.length", chosen)):
        how, said = page.evaluate("([all, at]) => [all[at].how, all[at].said]", [chosen, at])
        try:
            sent.append(Sent(path, how, said, reference=_send(page, chosen, at)))
        except (Error, AssertionError) as error:
            sent.append(Sent(path, how, said, trouble=f"not sent: {error}"[:300]))
            page.evaluate("document.querySelector('corrections-dialog')?.shadowRoot.querySelector('dialog')?.close()")
    page.close()
    return errors, sent


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
    dialog.locator("[name=suggestion]").wait_for(timeout=5000)
    page.keyboard.press("Control+Enter")
    status = dialog.locator("[role=status]")
    expect(dialog.locator("button[value=another]")).to_be_visible(timeout=5000)
    reference = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{2}", status.inner_text())
    dialog.locator("button[value=close]").click(timeout=3000)
    expect(dialog).to_have_count(0)
    assert reference
    return reference[0]


def _stored(service: Service) -> dict[int, Quote]:
    """Every stored quote by its report's number."""
    with sqlite3.connect(f"file:{service.directory}/corrections.sqlite?mode=ro", uri=True) as database:
        rows = database.execute("SELECT id, exact, prefix, suffix FROM report").fetchall()
    database.close()
    return {number: Quote(exact, prefix, suffix) for number, exact, prefix, suffix in rows}


def _not_found(sent: Sent, quote: Quote | None, pages: Pages) -> str:
    """Why the stored quote is not found where the reader highlighted it; nothing when it is."""
    page = pages.answer(f"/with{sent.page}")
    if quote is None or page is None:
        return "not stored"
    text = visible_text(page.body, page.content_type)
    found = check_fix(quote, text)
    if found.state is not Standing.PRESENT or found.span is None:
        return f"{found.state}: {found.reason}; {quote}"
    stands = text[slice(*found.span)]
    return "" if fold(stands).text == fold(sent.said).text else f"at a wrong place: {stands!r}"
