"""Pages that are hard on a script in them: the report arrives as meant, and the page is left as it was (THREATS 2.L)."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hostile.page import SENTENCE, Hostile, scripted
from tests.browser.hostile.pages import HOSTILE
from tests.browser.hostile.scripts import SHIMS
from tests.browser.hostile.visits import (
    FOCUSED,
    GLOBALS,
    REFERENCE,
    Visit,
    check_stored,
    opened,
    selected,
    send_and_check,
    stored,
)
from tests.browser.pages import Stored, dialog_of, send_by_key
from tests.measures import wait_for, wait_in


@pytest.mark.parametrize("name", HOSTILE)
def test_a_report_from_a_hostile_page_arrives_as_the_reader_meant_it(visit: Visit, name: str) -> None:
    hostile = HOSTILE[name]
    page = visit.open(hostile, tag="")
    before = set(page.evaluate(GLOBALS).split("\n"))
    visit.put(hostile)
    page.goto(visit.address)
    said = selected(page, hostile)
    focused = page.evaluate(FOCUSED)

    dialog = opened(page, hostile)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.evaluate("getSelection().toString()") == said
    assert page.evaluate(FOCUSED) == focused

    dialog = opened(page, hostile)
    for value in ("send", "cancel"):
        expect(dialog.locator(f"button[value={value}]")).to_be_in_viewport(ratio=1)
    dialog.locator("[name=comment]").fill(name)
    dialog.locator("button[value=send]").click()
    status = dialog.locator("[role=status]")
    if hostile.reason:
        expect(status).to_contain_text(hostile.reason)
        expect(dialog.locator("[name=comment]")).to_have_value(name)
        expect(dialog.get_by_role("link", name="Write to us")).to_have_attribute("href", re.compile(visit.report_page))
        assert name not in [row["comment"] for row in stored(visit.service)]
        assert visit.heard() == ["open", "open", "failed"]
    else:
        expect(status).to_contain_text(REFERENCE)
        check_stored(visit, hostile, status, comment=name)
        assert visit.heard() == ["open", "open", "stored"]
    assert set(page.evaluate(GLOBALS).split("\n")) - before <= {"Symbol(corrections)"}
    assert urlsplit(page.url).path == visit.path
    visit.check(violated=hostile.violated)


@pytest.mark.parametrize("method", ["querySelector", "addEventListener", "createElement"])
def test_a_page_that_hides_a_method_of_the_document_sees_no_error_and_its_link_works(visit: Visit, method: str) -> None:
    page = visit.open(Hostile(body=f"<img name={method}>{SENTENCE}"))
    page.click("#door")
    expect(page.locator("[name=comment]")).to_be_visible()
    visit.check()


@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-forms"])
@pytest.mark.parametrize("send", ["key", "button"])
def test_nothing_is_claimed_as_stored_from_a_sandboxed_frame(visit: Visit, sandbox: str, send: str) -> None:
    article = visit.open(Hostile())
    article.close()
    page = visit.context.new_page()
    frame_page = Hostile(body=f'<iframe sandbox="{sandbox}" src="{visit.path}" width=900 height=600></iframe>')
    visit.pages.put(f"{visit.path}-around", frame_page.html(""))
    page.goto(f"{visit.pages.origin}{visit.path}-around")
    frame = page.frame_locator("iframe")
    frame.locator("#said").click()
    frame.locator("#said").select_text()
    page.keyboard.press("Control+Enter")
    dialog = frame.locator("corrections-dialog dialog")
    dialog.locator("[name=comment]").fill("from a sandbox")
    if send == "key":
        page.keyboard.press("Control+Enter")
    else:
        dialog.locator("button[value=send]").click()
    expect(dialog.locator("[role=status]")).to_contain_text("Not sent")
    expect(dialog.get_by_role("link", name="Write to us")).to_have_attribute("href", re.compile(visit.report_page))
    expect(dialog.locator("[name=comment]")).to_have_value("from a sandbox")
    assert "from a sandbox" not in [row["comment"] for row in stored(visit.service)]
    visit.check()


def test_a_page_in_a_sandbox_of_its_own_policy_is_told_the_same(visit: Visit) -> None:
    hostile = Hostile(headers={"Content_Security_Policy": "sandbox allow-scripts"}, reason="Not sent")
    page = visit.open(hostile)
    selected(page, hostile)
    dialog = opened(page, hostile)
    send_by_key(page)
    expect(dialog.locator("[role=status]")).to_contain_text("Not sent")
    expect(dialog.get_by_role("link", name="Write to us")).to_be_visible()
    assert visit.heard() == ["open", "failed"]
    visit.check()


@pytest.mark.parametrize("name", SHIMS)
def test_where_a_page_broke_what_sending_needs_the_reader_is_told_or_it_is_stored(visit: Visit, name: str) -> None:
    page = visit.open(scripted(SHIMS[name]))
    selected(page, Hostile())
    dialog = opened(page, Hostile())
    dialog.locator("[name=comment]").fill(name)
    dialog.locator("button[value=send]").click()
    status = dialog.locator("[role=status]")
    expect(status).to_contain_text(re.compile(f"{REFERENCE.pattern}|Not sent"))
    if REFERENCE.search(status.inner_text()):
        check_stored(visit, Hostile(), status, comment=name)
    else:
        expect(dialog.locator("[name=comment]")).to_have_value(name)
        assert name not in [row["comment"] for row in stored(visit.service)]
    visit.check()


def test_an_address_that_is_too_long_is_told(visit: Visit) -> None:
    page = visit.open(Hostile())
    page.goto(f"{visit.address}?from={'x' * 5000}")
    selected(page, Hostile())
    dialog = opened(page, Hostile())
    dialog.locator("button[value=send]").click()
    status = dialog.locator("[role=status]")
    expect(status).to_contain_text(re.compile(f"{REFERENCE.pattern}|longer than 2,048 characters"))
    visit.check()


def test_a_policy_that_lets_only_the_loader_in_leaves_the_link_as_it_is(visit: Visit) -> None:
    policy = f"script-src {visit.service.base_url}/embed/{visit.service.key}.js"
    page = visit.open(Hostile(headers={"Content_Security_Policy": policy}))
    page.click("#door")
    expect(page.get_by_label("It should say")).to_be_visible()
    assert page.url == visit.report_page
    visit.check(violated=("script-src-elem",))


def test_the_watch_sees_errors_violations_and_requests_to_others(visit: Visit) -> None:
    """Else the tests here would prove nothing."""
    page = visit.open(
        Hostile(
            body="<img src='http://elsewhere.example/a.png'><script>throw Error('theirs')</script>",
            headers={"Content_Security_Policy": "object-src 'none'"},
        )
    )
    with page.expect_console_message(lambda message: message.text == "violation object-src"):
        page.evaluate("document.body.append(Object.assign(document.createElement('object'), { data: '/a' }))")
    wait_in(page, "document.querySelector('img').complete")
    assert visit.seen.errors == ["theirs"]
    assert "violation object-src" in visit.seen.said
    assert ("http", "elsewhere.example") in visit.seen.hosts


def test_what_is_waited_for_in_a_page_may_come_late_under_any_policy(visit: Visit) -> None:
    """Else a test holds on a fast machine only."""
    page = visit.open(Hostile(headers={"Content_Security_Policy": "script-src 'self'"}))
    page.evaluate("window.looks = 0")
    wait_in(page, "++window.looks > 3")


def test_a_page_that_replaces_its_whole_body_and_head_is_still_served(visit: Visit) -> None:
    hostile = Hostile()
    page = visit.open(hostile)
    page.evaluate(
        "html => { document.head.innerHTML = '<title>The bridge</title>'; document.body.outerHTML = html }", SENTENCE
    )
    selected(page, hostile)
    opened(page, hostile)
    page.evaluate("document.querySelector('corrections-dialog').remove()")
    send_and_check(visit, page, hostile)


def test_the_answer_of_a_page_s_own_worker_is_not_taken_for_the_service_s(visit: Visit) -> None:
    worker = """oninstall = () => skipWaiting(); onactivate = event => event.waitUntil(clients.claim());
    onfetch = event => {
      if (event.request.url.includes("/api/")) event.respondWith(new Response("<h1>You are offline</h1>")) };"""
    visit.pages.pages["/worker.js"] = Stored(worker.encode(), "text/javascript")
    hostile = Hostile()
    page = visit.open(hostile)
    page.evaluate("navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)")
    wait_in(page, "navigator.serviceWorker.controller")
    selected(page, hostile)
    dialog = opened(page, hostile)
    dialog.locator("[name=comment]").fill("to a worker")
    page.keyboard.press("Control+Enter")
    expect(dialog.locator("[role=status]")).to_contain_text("Not sent")
    assert visit.heard() == ["open", "failed"]
    assert "to a worker" not in [row["comment"] for row in stored(visit.service)]
    page.evaluate("navigator.serviceWorker.ready.then(worker => worker.unregister())")


def test_a_report_is_stored_although_its_page_is_closed_at_once(visit: Visit, browser: Browser) -> None:
    with browser.new_context() as context:  # what is on its way through a route would end with the page
        page = replace(visit, context=context).open(Hostile())
        selected(page, Hostile())
        dialog = opened(page, Hostile())
        dialog.locator("[name=comment]").fill("closed at once")
        dialog.locator("button[value=send]").click(no_wait_after=True)
        page.close()
        wait_for(lambda: "closed at once" in [row["comment"] for row in stored(visit.service)], "the report")


def test_made_keys_messages_and_events_open_and_send_nothing(visit: Visit) -> None:
    page = visit.open(Hostile())
    page.locator("#said").select_text()
    before = len(stored(visit.service))
    page.evaluate("""async () => {
      for (let at = 0; at < 500; at++) for (const where of [window, document, document.body])
        where.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }));
      const words = [null, 1, "corrections:open", { type: "corrections:open" }, { corrections: { open: true, url: "https://evil.example/" } },
        [{ action: "send", exact: "evil" }], new Map([["open", 1]]), new Error("open"), new ArrayBuffer(9)];
      for (const one of words) { postMessage(one, "*"); dispatchEvent(new MessageEvent("message", { data: one, origin: location.origin })) }
      const channel = new MessageChannel();
      postMessage({ type: "corrections", open: true }, "*", [channel.port1]);
      for (const what of ["open", "send", "resend"]) document.dispatchEvent(new CustomEvent(`corrections-${what}`, { detail: { exact: "evil" } }));
      for (const what of ["online", "focus", "storage", "pageshow", "load"]) dispatchEvent(new Event(what));
      await new Promise(done => setTimeout(done));
    }""")
    expect(dialog_of(page)).to_have_count(0)
    assert visit.heard() == []
    assert len(stored(visit.service)) == before
    opened(page, Hostile())
    visit.check()
