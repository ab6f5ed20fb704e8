"""What a reader typed, and where it is: in the dialog, in the browser, stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.pages import REFERENCE, WORDS, dialog_of, heard, highlight, opened
from tests.measures import wait_in
from tests.running import Service

REPORTS = "**/api/v1/reports"


ANYONE = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}


PROBLEM = "application/problem+json"


TYPED = {
    "suggestion": "The bridge was opened in 1978 – “by & for” the queen + 100 % of her court\nand 👩‍👩‍👧 all",
    "comment": "I was there;\nsee = below.",
    "source_url": "https://archive.example/1978?a=1&b=2",
    "email": "ann@readers.example",
}


# Everything that the reader is told, also what is replaced at once.
LISTEN = """dialog => {
    window.told = [];
    new MutationObserver(() => told.push(dialog.querySelector("[role=status]").textContent))
        .observe(dialog, { subtree: true, childList: true, characterData: true });
}"""


def written(page: Page, words: str = WORDS) -> Locator:
    """The dialog on these words, with every field filled in."""
    dialog = opened(page, words)
    dialog.evaluate(LISTEN)
    dialog.locator("[name=suggestion]").fill(TYPED["suggestion"])
    dialog.locator("[name=comment]").fill(TYPED["comment"])
    dialog.locator("[name=kind]").select_option("context")
    dialog.locator("[name=source_url]").fill(TYPED["source_url"])
    dialog.locator("[name=wants_reply]").check()
    dialog.locator("[name=email]").fill(TYPED["email"])
    return dialog


def assert_is_there(dialog: Locator) -> None:
    """What was typed stands in the dialog."""
    for name, value in TYPED.items():
        expect(dialog.locator(f"[name={name}]")).to_have_value(value)
    expect(dialog.locator("[name=kind]")).to_have_value("context")
    expect(dialog.locator("[name=wants_reply]")).to_be_checked()


def said(dialog: Locator) -> Locator:
    """What the reader is told."""
    return dialog.locator("[role=status]")


def assert_not_called_stored(page: Page) -> None:
    """Neither the reader nor the page was told that the report is stored."""
    assert [text for text in page.evaluate("window.told") if "Stored" in text or REFERENCE.search(text)] == []
    assert "stored" not in [what for what, _ in heard(page)]


def again(page: Page, words: str = WORDS) -> Locator:
    """The dialog on these words once more, with whatever it kept."""
    if dialog_of(page).count():
        dialog_of(page).locator("button[value=cancel]").click()
        expect(dialog_of(page)).to_have_count(0)
    highlight(page, words)
    page.keyboard.press("Control+Enter")
    expect(dialog_of(page)).to_be_visible()
    return dialog_of(page)


def reloaded(page: Page) -> Locator:
    """The dialog on the same words after the page was loaded anew."""
    page.reload()
    wait_in(page, "window[Symbol.for('corrections')]")
    return again(page)


def stored(service: Service, url: str) -> list[dict[str, str]]:
    """The reports on a page that the service has stored, as the reader typed them."""
    with closing(sqlite3.connect(service.directory / "corrections.sqlite")) as database:
        database.row_factory = sqlite3.Row
        question = """select exact, suggestion, comment, kind, source_url, email
            from report left join reader on reader.report_id = report.id where report.url = ? order by report.id"""
        return [dict(row) for row in database.execute(question, [url])]


def assert_stored_once(service: Service, page: Page, words: str = WORDS) -> None:
    """The one report on this page is stored as it was typed, and nothing of it stays in the browser."""
    [report] = stored(service, page.url)
    assert report["exact"] == words
    assert report.pop("kind").lower() == "context"
    assert {name: report[name].replace("\r\n", "\n") for name in TYPED} == TYPED
    assert kept(page) == []


def kept(page: Page) -> list[str]:
    """The names under which something is kept in the reader's browser."""
    names: list[str] = page.evaluate("Object.keys(localStorage)")
    return names


def assert_silent_from_now_on(page: Page, service: Service) -> None:
    """Neither the next page nor the way back to the network sends anything once more."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.reload()
    page.context.set_offline(True)
    page.context.set_offline(False)
    again(page)
    assert "POST" not in sent
    assert len(stored(service, page.url)) == 1


@contextmanager
def offline(context: BrowserContext) -> Iterator[None]:
    """No network within the block."""
    context.set_offline(True)
    yield
    context.set_offline(False)
