"""What was not sent is kept in the reader's browser, within bounds, or the page asks before it goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from tests.browser.pages import ARTICLE, WORDS, dialog_of, opened, send_by_key
from tests.browser.typed import (
    REPORTS,
    TYPED,
    again,
    assert_is_there,
    assert_not_called_stored,
    kept,
    said,
    stored,
    written,
)
from tests.measures import wait_for, wait_in
from tests.running import Service

STORAGES = {
    "throws": "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
    "null": "Object.defineProperty(window, 'localStorage', { value: null })",
    "takes nothing": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
}


def written_offline(context: BrowserContext, visit: Callable[..., Page], storage: str) -> Page:
    """A page without storage in which a report was written that cannot be sent."""
    context.add_init_script(STORAGES[storage])
    article = visit()
    dialog = written(article)
    context.set_offline(True)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("You are offline.")
    return article


@pytest.mark.parametrize("storage", STORAGES)
def test_without_storage_the_open_page_keeps_the_report_and_sends_it_when_it_can(
    context: BrowserContext, visit: Callable[..., Page], service: Service, storage: str
) -> None:
    """A14."""
    article = written_offline(context, visit, storage)
    dialog = dialog_of(article)
    assert_not_called_stored(article)
    assert_is_there(dialog)
    assert_is_there(again(article))
    with article.expect_response(REPORTS):
        context.set_offline(False)
    wait_for(lambda: stored(service, article.url), "the report is stored")
    [report] = stored(service, article.url)
    assert report["comment"].replace("\r\n", "\n") == TYPED["comment"]


@pytest.mark.parametrize("storage", STORAGES)
def test_without_storage_a_page_with_a_report_not_sent_asks_before_it_goes(
    context: BrowserContext, visit: Callable[..., Page], storage: str
) -> None:
    article = written_offline(context, visit, storage)
    with article.expect_event("dialog") as asked:
        article.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_with_storage_a_page_with_a_report_not_sent_goes_unasked(article: Page, context: BrowserContext) -> None:
    dialog = written(article)
    context.set_offline(True)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("You are offline.")
    asked: list[Dialog] = []
    article.on("dialog", lambda question: asked.append(question))
    with article.expect_event("close"):
        article.close(run_before_unload=True)
    assert asked == []


def test_a_storage_that_fills_up_while_the_reader_types_gives_back_the_last_words(
    article: Page, context: BrowserContext, service: Service
) -> None:
    """A14."""
    last_words = "The first words, and then as many more as find no place there any more"
    dialog = opened(article)
    dialog.locator("[name=comment]").fill("The first words")
    article.evaluate("""for (let size = 2 ** 22; size >= 1; ) {
        try { localStorage.setItem(`page ${Object.keys(localStorage).length}`, "x".repeat(size)); } catch { size >>= 1; }
    }""")
    dialog.locator("[name=comment]").fill(last_words)
    dialog = again(article)
    expect(dialog.locator("[name=comment]")).to_have_value(last_words)
    context.set_offline(True)
    send_by_key(article)
    expect(said(dialog)).to_contain_text("You are offline.")
    with article.expect_response(REPORTS):
        context.set_offline(False)
    wait_for(lambda: stored(service, article.url), "the report is stored")
    assert [report["comment"] for report in stored(service, article.url)] == [last_words]


def test_words_on_one_sentence_are_there_again_after_words_on_another(article: Page) -> None:
    """A14."""
    opened(article).locator("[name=comment]").fill("On the first sentence.")
    again(article, "second").locator("[name=comment]").fill("On the second bridge.")
    expect(again(article).locator("[name=comment]")).to_have_value("On the first sentence.")
    expect(again(article, "second").locator("[name=comment]")).to_have_value("On the second bridge.")


def test_an_address_that_is_not_to_be_written_to_is_not_kept(article: Page, context: BrowserContext) -> None:
    """A13."""
    dialog = written(article)
    assert "ann%40readers.example" in article.evaluate("JSON.stringify(localStorage)")
    dialog.locator("[name=wants_reply]").uncheck()
    context.set_offline(True)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("You are offline.")
    assert kept(article)
    assert "ann" not in article.evaluate("JSON.stringify(localStorage)")


def test_twenty_reports_wait_at_most_and_the_oldest_give_way(
    visit: Callable[..., Page], context: BrowserContext, service: Service
) -> None:
    """A14."""
    words = [f"word{number:02}" for number in range(22)]
    article = visit(ARTICLE.replace(WORDS, f"{WORDS} {' and '.join(words)}"))
    opened(article, words[0])
    context.set_offline(True)
    for word in words:
        dialog = again(article, word)
        dialog.locator("[name=comment]").fill(f"This is no {word}.")
        article.keyboard.press("Control+Enter")
        expect(said(dialog)).to_contain_text("You are offline.")
    context.set_offline(False)
    wait_for(lambda: len(stored(service, article.url)) >= 20, "the reports that waited are stored")
    wait_in(article, "localStorage.length == 0")
    assert [report["comment"] for report in stored(service, article.url)] == [
        f"This is no {word}." for word in words[2:]
    ]


@pytest.mark.parametrize(("days", "sent"), [(13, True), (15, False)])
def test_what_could_not_be_sent_is_forgotten_after_fourteen_days(
    article: Page, visit: Callable[..., Page], context: BrowserContext, service: Service, days: int, sent: bool
) -> None:
    dialog = written(article)
    context.set_offline(True)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("You are offline.")
    article.goto(
        "about:blank"
    )  # left before it is closed: what is closing may still hear that the network is back, and send
    article.close()
    context.set_offline(False)
    context.clock.install(time=datetime.now(UTC) + timedelta(days=days))
    later = visit()
    wait_in(later, "localStorage.getItem('corrections:unsent') === null")
    assert len(stored(service, later.url)) == sent
    dialog = again(later)
    expect(dialog.locator("[name=comment]")).to_have_value("")
    assert (kept(later) == []) == sent
