"""Nothing that a reader typed is lost, and nothing untrue is said, whatever fails between the reader and the service."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, Route, expect

from tests.browser.pages import ARTICLE, REFERENCE, WORDS, dialog_of, heard, highlight, opened, send_by_key
from tests.measures import PATIENCE, lasting, wait_for
from tests.running import Service, answering_process

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
    page.wait_for_function("window[Symbol.for('corrections')]")
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


def test_offline_before_the_first_use_nothing_breaks_and_the_key_works_when_the_network_is_back(
    article: Page, context: BrowserContext, service: Service
) -> None:
    with offline(context):
        highlight(article)
        with article.expect_event("requestfailed"):
            article.keyboard.press("Control+Enter")
    assert heard(article) == []
    written(article)
    article.keyboard.press("Control+Enter")
    expect(said(dialog_of(article))).to_contain_text(REFERENCE)
    assert_stored_once(service, article)


def test_offline_before_opening_the_report_is_kept_and_sent_when_the_network_is_back(
    article: Page, context: BrowserContext, service: Service
) -> None:
    """A14, A15."""
    opened(article)
    dialog_of(article).locator("button[value=cancel]").click()
    with offline(context):
        dialog = written(article)
        article.keyboard.press("Control+Enter")
        expect(said(dialog)).to_contain_text("You are offline. Your report is kept")
        assert_is_there(dialog)
        assert_is_there(again(article))
        assert_not_called_stored(article)
        assert stored(service, article.url) == []
    article.wait_for_function("localStorage.length == 0")
    assert_stored_once(service, article)
    assert_silent_from_now_on(article, service)


def test_an_answer_that_is_lost_on_its_way_is_asked_for_again_with_the_same_id(article: Page, service: Service) -> None:
    """A14, A15."""
    dialog = written(article)
    answers: list[int] = []

    def lose(route: Route) -> None:
        answers.append(route.fetch().status)
        route.abort("internetdisconnected")

    article.route(REPORTS, lose)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("Not sent: ")
    assert answers == [201]
    assert_not_called_stored(article)
    assert_is_there(dialog)
    assert_is_there(reloaded(article))
    article.unroute(REPORTS)
    with article.expect_response(REPORTS) as answered:
        send_by_key(article)
    assert answered.value.headers["idempotency-replayed"] == "true"
    expect(said(dialog_of(article))).to_contain_text(REFERENCE)
    assert_stored_once(service, article)
    assert_silent_from_now_on(article, service)


def test_going_offline_after_the_answer_changes_nothing(
    article: Page, context: BrowserContext, service: Service
) -> None:
    """A15."""
    dialog = written(article)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text(REFERENCE)
    with offline(context):
        expect(said(dialog)).to_contain_text("Stored, no. ")
    assert_stored_once(service, article)
    assert_silent_from_now_on(article, service)


FAILURES = {
    "403": (403, PROBLEM, '{"status":403,"detail":"Not from this page."}', "Not from this page."),
    "413": (413, PROBLEM, '{"status":413,"detail":"This is too much."}', "This is too much."),
    "413 of a proxy": (413, "text/html", "<h1>Request Entity Too Large</h1>", "did not answer as it should"),
    "422": (
        *(422, PROBLEM),
        '{"status":422,"errors":[{"field":"comment","detail":"Say it otherwise."}]}',
        "Say it otherwise.",
    ),
    "500": (500, "text/html", "<h1>Internal Server Error</h1>", "did not answer as it should"),
    "503": (503, PROBLEM, '{"status":503,"detail":"The server is busy."}', "The server is busy."),
    "portal": (200, "text/html", "<h1>Welcome to the hotel</h1>", "did not answer as it should"),
    "portal with json": (200, "application/json", '{"status": "sign in"}', "did not answer as it should"),
    "another's answer": (201, "application/json", '{"reference": "4F2K-7Q", "id": "x"}', "did not answer as it should"),
    "null": (200, "application/json", "null", "did not answer as it should"),
    "nothing": (204, "", "", "did not answer as it should"),
}


@pytest.mark.parametrize("how", FAILURES)
def test_a_refused_report_stays_in_the_dialog_comes_back_after_a_reload_and_is_stored_once_in_the_end(
    article: Page, service: Service, how: str
) -> None:
    """A14, A15."""
    status, content_type, body, reason = FAILURES[how]

    def refuse(route: Route) -> None:
        route.fulfill(status=status, content_type=content_type, body=body, headers=ANYONE)

    dialog = written(article)
    article.route(REPORTS, refuse)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("Not sent: ")
    expect(said(dialog)).to_contain_text(reason)
    expect(dialog.get_by_role("link", name="Write to us")).to_be_visible()
    assert_not_called_stored(article)
    assert heard(article)[-1][0] == "failed"
    assert_is_there(dialog)
    assert_is_there(again(article))
    assert_is_there(reloaded(article))
    assert stored(service, article.url) == []
    article.unroute(REPORTS)
    send_by_key(article)
    expect(said(dialog_of(article))).to_contain_text(REFERENCE)
    assert_stored_once(service, article)
    assert_silent_from_now_on(article, service)


@pytest.mark.parametrize("error", ["namenotresolved", "connectionreset", "blockedbyclient"])
def test_without_an_answer_the_report_waits_for_the_next_page_of_the_site(
    article: Page, service: Service, error: str
) -> None:
    """A14, A15."""
    dialog = written(article)
    article.route(REPORTS, lambda route: route.abort(error))
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("Not sent: ")
    assert_not_called_stored(article)
    assert_is_there(dialog)
    assert_is_there(reloaded(article))
    article.unroute(REPORTS)
    article.reload()
    article.wait_for_function("localStorage.length == 0")
    assert_stored_once(service, article)


def test_a_portal_that_leads_to_its_login_page_is_no_success(article: Page, service: Service) -> None:
    """A15."""
    dialog = written(article)

    def lead(route: Route) -> None:
        route.continue_(url=f"{service.base_url}/", method="GET")  # answers 302, and its login page 200

    article.route(REPORTS, lead)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("Not sent: ")
    assert_not_called_stored(article)
    assert_is_there(dialog)
    article.unroute(REPORTS)
    article.reload()  # the next page of the site sends what is kept
    article.wait_for_function("localStorage.length == 0")
    assert_stored_once(service, article)
    assert_silent_from_now_on(article, service)


def test_what_the_service_refuses_can_be_corrected_and_sent(article: Page, service: Service) -> None:
    """A14, A15."""
    dialog = written(article)
    dialog.locator("[name=source_url]").fill("http://")
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("Not sent: This is not a complete web address.")
    assert_not_called_stored(article)
    dialog.locator("[name=source_url]").fill(TYPED["source_url"])
    assert_is_there(dialog)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text(REFERENCE)
    assert_stored_once(service, article)


def test_when_there_are_too_many_the_reader_is_told_when_it_is_sent_and_it_is_sent_then(
    context: BrowserContext, visit: Callable[..., Page], service: Service
) -> None:
    """A14, A15."""
    context.clock.install()
    article = visit()
    dialog = written(article)
    tries: list[Route] = []

    def limit(route: Route) -> None:
        tries.append(route)
        body = '{"status":429,"detail":"Too many reports."}'
        route.fulfill(status=429, content_type=PROBLEM, body=body, headers={**ANYONE, "Retry-After": "60"})

    article.route(REPORTS, limit)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("Your report is kept and sent by itself in 60 s.")
    assert_not_called_stored(article)
    assert_is_there(dialog)
    article.clock.run_for(59_000)
    assert len(tries) == 1
    with article.expect_response(REPORTS) as second:
        article.clock.run_for(2_000)
    assert second.value.status == 429
    expect(said(dialog)).to_contain_text("sent by itself in 60 s.")
    article.unroute(REPORTS)
    with article.expect_response(REPORTS) as third:
        article.clock.run_for(61_000)
    assert third.value.status == 201
    expect(said(dialog)).to_contain_text(REFERENCE)
    assert_stored_once(service, article)


def test_a_service_that_never_answers_is_given_twenty_seconds(article: Page, service: Service) -> None:
    """A14, A15."""
    dialog = written(article)
    answering = answering_process(service)
    os.kill(answering, signal.SIGSTOP)
    try:
        with lasting(20, at_least=18):
            article.keyboard.press("Control+Enter")
            expect(said(dialog)).to_have_text("Sending…")
            expect(said(dialog)).to_contain_text("Not sent: ", timeout=PATIENCE * 1000)
        assert_not_called_stored(article)
        assert_is_there(dialog)
        assert_is_there(again(article))
    finally:
        os.kill(answering, signal.SIGCONT)
    send_by_key(article)
    expect(said(dialog_of(article))).to_contain_text(REFERENCE)
    assert_stored_once(service, article)
    assert_silent_from_now_on(article, service)


@pytest.mark.parametrize("network", ["there", "gone"])
def test_a_tab_closed_right_after_send_loses_nothing_and_the_next_one_stores_it_once(
    article: Page, visit: Callable[..., Page], context: BrowserContext, service: Service, network: str
) -> None:
    """A14."""
    written(article)
    context.set_offline(network == "gone")
    with article.expect_request(REPORTS):
        article.keyboard.press("Control+Enter")
    article.close()
    context.set_offline(False)
    next_page = visit()
    next_page.wait_for_function("localStorage.length == 0")
    assert_stored_once(service, next_page)
    assert_silent_from_now_on(next_page, service)


STORAGES = {
    "throws": "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
    "null": "Object.defineProperty(window, 'localStorage', { value: null })",
    "takes nothing": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
}


@pytest.mark.parametrize("storage", STORAGES)
def test_without_storage_the_open_page_keeps_the_report_and_sends_it_when_it_can(
    context: BrowserContext, visit: Callable[..., Page], service: Service, storage: str
) -> None:
    """A14."""
    context.add_init_script(STORAGES[storage])
    article = visit()
    dialog = written(article)
    context.set_offline(True)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("You are offline.")
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
    context.add_init_script(STORAGES[storage])
    article = visit()
    dialog = written(article)
    context.set_offline(True)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("You are offline.")
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
    article.wait_for_function("localStorage.length == 0")
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
    article.close()
    context.set_offline(False)
    context.clock.install(time=datetime.now(UTC) + timedelta(days=days))
    later = visit()
    later.wait_for_function("localStorage.getItem('corrections:unsent') === null")
    assert len(stored(service, later.url)) == sent
    dialog = again(later)
    expect(dialog.locator("[name=comment]")).to_have_value("")
    assert (kept(later) == []) == sent


def test_of_two_open_tabs_that_come_back_to_the_network_together_one_report_is_stored(
    article: Page, visit: Callable[..., Page], context: BrowserContext, service: Service
) -> None:
    other = visit()
    opened(other)
    under_way: set[object] = set()
    context.on("request", lambda request: under_way.add(request))
    context.on("requestfinished", lambda request: under_way.discard(request))
    context.on("requestfailed", lambda request: under_way.discard(request))
    dialog = written(article)
    context.set_offline(True)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("You are offline.")
    context.set_offline(False)
    for page in (article, other):
        page.wait_for_function("localStorage.length == 0")
    # What the browser tells of its requests is heard while it is asked something.
    wait_for(lambda: article.evaluate("true") and not under_way, "every request is answered")
    assert_stored_once(service, article)
