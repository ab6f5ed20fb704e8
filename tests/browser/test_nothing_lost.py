"""Nothing that a reader typed is lost, and nothing untrue is said, whatever fails between the reader and the service."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.pages import REFERENCE, dialog_of, heard, highlight, opened, send_by_key
from tests.browser.typed import (
    ANYONE,
    PROBLEM,
    REPORTS,
    TYPED,
    again,
    assert_is_there,
    assert_not_called_stored,
    assert_silent_from_now_on,
    assert_stored_once,
    offline,
    reloaded,
    said,
    stored,
    written,
)
from tests.measures import PATIENCE, lasting, wait_for, wait_in
from tests.running import Service, answering_process


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
    expect(dialog_of(article)).to_have_count(0)
    with offline(context):
        dialog = written(article)
        article.keyboard.press("Control+Enter")
        expect(said(dialog)).to_contain_text("You are offline. Your report is kept")
        assert_is_there(dialog)
        assert_is_there(again(article))
        assert_not_called_stored(article)
        assert stored(service, article.url) == []
    wait_in(article, "localStorage.length == 0")
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
    asked: list[str] = []
    article.on("request", lambda request: asked.append(request.url))
    article.route(REPORTS, refuse)
    article.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("Not sent: ")
    expect(said(dialog)).to_contain_text(reason)
    link = dialog.get_by_role("link", name="Write to us")
    expect(link).to_have_attribute("href", re.compile("suggestion="))
    article.evaluate("fetch(location.href)")  # requests are told of in their order
    assert not [url for url in asked if "/article.json" in url], "what could be read is not taken for a wall"
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
    wait_in(article, "localStorage.length == 0")
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
    wait_in(article, "localStorage.length == 0")
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
    wait_in(next_page, "localStorage.length == 0")
    assert_stored_once(service, next_page)
    assert_silent_from_now_on(next_page, service)


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
        wait_in(page, "localStorage.length == 0")
    # What the browser tells of its requests is heard while it is asked something.
    wait_for(lambda: article.evaluate("true") and not under_way, "every request is answered")
    assert_stored_once(service, article)
