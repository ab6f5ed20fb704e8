"""The dialog, the keys and the link on hostile pages: seen and used, and in nobody's way (THREATS 2.L)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from playwright.sync_api import Route, expect

from tests.browser.hostile.page import SENTENCE, WORDS, Hostile, scripted
from tests.browser.hostile.pages import LEFT_ALONE, STYLES, TAGS
from tests.browser.hostile.visits import (
    CONTRAST,
    REFERENCE,
    WATCH,
    Visit,
    check_stored,
    opened,
    selected,
    send_and_check,
    stored,
    worst_contrast,
)
from tests.browser.pages import dialog_of, send_by_key
from tests.conftest import CHROMIUM_FLAGS, chromium
from tests.measures import wait_in


@pytest.mark.parametrize("name", STYLES)
def test_the_dialog_can_be_read_and_used_by_keyboard_whatever_the_page_s_styles(visit: Visit, name: str) -> None:
    page = visit.open(STYLES[name])
    selected(page, STYLES[name])
    dialog = opened(page, STYLES[name])
    expect(dialog.locator("[name=suggestion]")).to_be_focused()
    assert worst_contrast(visit, dialog) >= CONTRAST
    page.bring_to_front()
    reached = []
    while "cancel" not in reached:
        page.keyboard.press("Tab")
        at = page.locator("corrections-dialog dialog :focus")
        reached.append(at.get_attribute("value") or at.get_attribute("name") or "")
        assert len(reached) < 12, reached
    assert {"comment", "kind", "wants_reply", "send"} <= set(reached)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    visit.check()


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_the_keys_are_left_to_those_who_use_them_and_the_link_always_works(visit: Visit, name: str) -> None:
    body, script = LEFT_ALONE[name]
    page = visit.open(Hostile(body=f"{body}{SENTENCE}<script>{script}</script>TAG"))
    here = page.locator("#here")
    here.focus()
    here.select_text()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Meta+Enter")
    if "sends" in name:
        expect(here).to_have_value("sent")
    assert visit.heard() == []
    page.click("#door")
    expect(dialog_of(page).locator("[name=comment]")).to_be_visible()
    assert visit.heard() == ["open"]
    visit.check()


def test_held_keys_other_keys_and_text_being_composed_open_nothing_and_one_press_opens_one(visit: Visit) -> None:
    page = visit.open(Hostile(body=f"{SENTENCE}<p id=editor contenteditable>Write</p>"))
    page.locator("#said").select_text()
    for keys in (
        "Control+Alt+Enter",
        "Control+Shift+Enter",
        "Meta+Alt+Enter",
        "Enter",
        "Control+Space",
        "AltGraph+Enter",
    ):
        page.keyboard.press(keys)
    page.focus("#editor")
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition", {"text": "\u306f", "selectionStart": 1, "selectionEnd": 1}
    )
    page.keyboard.press("Control+Enter")
    assert visit.heard() == []
    page.evaluate("document.activeElement.blur()")
    page.locator("#said").select_text()
    page.keyboard.down("Control")
    page.keyboard.down("Enter")
    for _ in range(20):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.keyboard.up("Control")
    expect(dialog_of(page)).to_have_count(1)
    expect(dialog_of(page).locator("[name=suggestion]")).to_have_value(WORDS)
    assert visit.heard() == ["open"]
    visit.check()


def test_a_page_that_comes_back_as_it_was_left_sends_once_and_keeps_its_dialog(visiting: Callable[..., Visit]) -> None:
    hostile = Hostile(
        head="<script>addEventListener('pageshow', event => console.debug(`shown ${event.persisted}`))</script>"
    )
    executable = chromium("chromium", "google-chrome")  # the one without a window keeps no page
    visit = visiting()
    kind = visit.context.browser.browser_type if visit.context.browser else None
    assert kind
    browser = kind.launch(
        executable_path=executable, args=CHROMIUM_FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    context = browser.new_context()
    context.add_init_script(WATCH)
    visit = replace(visit, context=context)
    page = visit.open(hostile)
    selected(page, hostile)
    dialog = opened(page, hostile)
    dialog.locator("[name=comment]").fill("kept while away")
    other = visit.pages.put("/other", "<title>Other</title><p>Other")
    page.goto(other)
    page.evaluate("history.back()")
    expect(dialog.locator("[name=comment]")).to_have_value("kept while away")
    assert "shown true" in visit.seen.said
    send_by_key(page)
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    page.evaluate("history.forward()")
    expect(page).to_have_title("Other")
    page.evaluate("history.back()")
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    assert [row["comment"] for row in stored(visit.service)].count("kept while away") == 1
    assert visit.seen.errors == []
    browser.close()


def test_the_page_gets_no_unload_handler_no_interval_and_no_timer_while_nothing_happens(visit: Visit) -> None:
    page = visit.open(
        scripted(
            """window.added = []; const listen = EventTarget.prototype.addEventListener;
            EventTarget.prototype.addEventListener = function (what, ...rest) { added.push(what); return listen.call(this, what, ...rest) };
            window.addEventListener = EventTarget.prototype.addEventListener.bind(window);
            for (const name of ["setTimeout", "setInterval", "requestAnimationFrame", "requestIdleCallback"]) {
              const real = window[name]; window[name] = (...all) => { added.push(name); return real(...all) } }"""
        )
    )
    added = page.evaluate("added")
    assert "keydown" in added
    assert not {"unload", "beforeunload", "setTimeout", "setInterval", "requestAnimationFrame"} & set(added)
    visit.check()


@pytest.mark.parametrize("how", ["AMP", "no script", "a reader mode"])
def test_the_link_leads_to_a_form_that_works_where_no_script_of_ours_runs(
    visiting: Callable[..., Visit], how: str
) -> None:
    visit = visiting(java_script_enabled=how == "AMP")
    if how == "AMP":
        hostile = Hostile(root="amp lang=en", door=f"REPORT?url={quote(visit.address)}&exact={quote(WORDS)}")
    else:
        hostile = Hostile(body=f"<article>{SENTENCE}</article>" if how == "a reader mode" else SENTENCE)
    page = visit.open(hostile, tag="")
    page.click("#door")
    if how == "AMP":
        expect(page.locator("[name=exact]")).to_have_value(WORDS)
    else:
        page.locator("[name=url]").fill(visit.address)
        page.get_by_label("Which part?").fill("the first sentence")
    page.get_by_label("It should say").fill(how)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[role=status]")).to_contain_text(REFERENCE)
    [report] = [row for row in stored(visit.service) if row["suggestion"] == how]
    assert report["exact"] or report["place"] == "the first sentence"
    assert report["url"] == visit.address
    visit.check()


def test_in_print_the_link_stays_and_no_dialog_or_button_of_ours_is_printed(visit: Visit) -> None:
    hostile = Hostile()
    page = visit.open(hostile)
    selected(page, hostile)
    opened(page, hostile)
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    expect(page.locator("#door")).to_be_visible()
    box = page.locator("corrections-dialog").bounding_box()
    assert not box or box["height"] == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_the_dialog_can_be_read_and_used(visiting: Callable[..., Visit], scheme: str) -> None:
    visit = visiting(forced_colors="active", color_scheme=scheme)
    hostile = Hostile()
    page = visit.open(hostile)
    selected(page, hostile)
    dialog = opened(page, hostile)
    assert worst_contrast(visit, dialog) >= CONTRAST
    send_and_check(visit, page, hostile)


def test_on_a_phone_a_button_below_the_selection_opens_the_dialog(visiting: Callable[..., Visit]) -> None:
    visit = visiting(viewport={"width": 320, "height": 480}, has_touch=True, is_mobile=True)
    hostile = Hostile(head="<meta name=viewport content='width=device-width'>")
    page = visit.open(hostile)
    selected(page, hostile)
    page.get_by_role("button", name="Report an error").tap()
    dialog = dialog_of(page)
    expect(dialog.locator("[name=suggestion]")).to_have_value(WORDS)
    dialog.locator("[name=wants_reply]").check()
    for value in ("send", "cancel"):
        expect(dialog.locator(f"button[value={value}]")).to_be_in_viewport(ratio=1)
    dialog.locator("[name=wants_reply]").uncheck()
    dialog.locator("button[value=send]").tap()
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    check_stored(visit, hostile, dialog.locator("[role=status]"))
    visit.check()


@pytest.mark.parametrize("how", TAGS)
def test_there_is_one_dialog_however_often_and_late_the_tag_came(visit: Visit, how: str) -> None:
    hostile = Hostile(head=TAGS[how])
    page = visit.open(hostile)
    wait_in(page, "window[Symbol.for('corrections')]")
    page.wait_for_load_state("networkidle")
    selected(page, hostile)
    opened(page, hostile)
    expect(page.locator("corrections-dialog")).to_have_count(1)
    expect(dialog_of(page)).to_have_count(1)
    send_and_check(visit, page, hostile)
    assert visit.heard() == ["open", "stored"]


@pytest.mark.parametrize("answer", ["an error", "garbage", "never"])
@pytest.mark.parametrize("part", ["loader", "dialog"])
def test_a_script_that_does_not_come_leaves_the_page_alone_and_the_link_plain(
    visit: Visit, part: str, answer: str
) -> None:
    def broken(route: Route) -> None:
        if answer == "an error":
            route.fulfill(status=500, body="<h1>Error</h1>", content_type="text/html")
        elif answer == "garbage":
            headers = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(body="]]\0 <html>", content_type="text/javascript", headers=headers)

    visit.context.route(re.compile(r"/embed/\w+\.js" if part == "loader" else r"/embed/.+/dialog\.js"), broken)
    page = visit.open(Hostile(body=f"{SENTENCE}<script>document.body.dataset.own = 'ran'</script>"), wait="commit")
    expect(page.locator("body[data-own=ran]")).to_be_attached()
    page.locator("#said").select_text()
    page.keyboard.press("Control+Enter")
    expect(dialog_of(page)).to_have_count(0)
    page.click("#door", no_wait_after=True)
    expect(page.get_by_label("It should say")).to_be_visible()
    # What is no script is an error of the page for the browser; there is nobody of ours to catch it.
    assert visit.seen.errors == [] or (part, answer) == ("loader", "garbage")
