"""Sending by the key that also opens the dialog: only what a reader can have seen is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.pages import REFERENCE, Pages, dialog_of, heard, highlight, opened, press_until_taken
from tests.browser.sending import stored
from tests.running import Service

# Pressed when the dialog is there and before it is painted, as a reader does to whom nothing seems to come.
PRESS_AT_ONCE = """document.addEventListener("corrections:open", () => {
    const dialog = document.querySelector("corrections-dialog").shadowRoot.querySelector("dialog");
    for (const key of ["Control", "Enter", "Enter"])
        dialog.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true, cancelable: true }));
})"""


@pytest.mark.parametrize("door", ["key", "link"])
def test_keys_pressed_before_the_dialog_can_be_seen_send_nothing(article: Page, service: Service, door: str) -> None:
    """The kind: what was meant to open the dialog must not send it, unfilled."""
    article.evaluate(PRESS_AT_ONCE)
    highlight(article)
    if door == "key":
        article.keyboard.press("Control+Enter")
    else:
        article.evaluate(
            "document.querySelector('#door').addEventListener('mousedown', event => event.preventDefault())"
        )
        article.click("#door")
    dialog = dialog_of(article)
    dialog.locator("[name=comment]").fill("written after the second press")
    assert [what for what, _ in heard(article)] == ["open"]
    article.keyboard.press("Control+Enter")
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    report = stored(service, dialog.locator("[role=status]").inner_text())
    assert report["comment"] == "written after the second press"
    assert [what for what, _ in heard(article)] == ["open", "stored"]


def test_keys_pressed_again_while_the_dialog_is_still_loading_send_nothing(article: Page, service: Service) -> None:
    """The second press comes before the script, and the third with the dialog."""
    waiting: list[Route] = []
    article.route("**/dialog.js*", lambda route: waiting.append(route))
    highlight(article)
    with article.expect_request("**/dialog.js*"):
        article.keyboard.press("Control+Enter")
    article.keyboard.press("Control+Enter")
    article.keyboard.press("Control+Enter")
    for route in waiting:
        route.continue_()
    dialog = dialog_of(article)
    dialog.locator("[name=comment]").fill("after waiting")
    article.keyboard.press("Control+Enter")
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    assert [what for what, _ in heard(article)] == ["open", "stored"]
    assert stored(service, dialog.locator("[role=status]").inner_text())["comment"] == "after waiting"


def test_a_dialog_that_was_seen_is_sent_by_the_key_with_nothing_typed(article: Page, service: Service) -> None:
    """On a selection nothing more is needed: something is wrong here."""
    dialog = opened(article)
    press_until_taken(article)
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    assert [what for what, _ in heard(article)] == ["open", "stored"]


@pytest.mark.parametrize("name", ["email", "source_url"])
def test_enter_alone_in_a_field_neither_sends_nor_leaves_the_page(article: Page, name: str) -> None:
    """No form's own submission: there are two such fields, and no button that submits (HTML, implicit submission)."""
    dialog = opened(article)
    dialog.locator("[name=kind]").select_option("fact")
    dialog.locator("[name=wants_reply]").check()
    dialog.locator(f"[name={name}]").fill("archive.example")
    address = article.url
    dialog.locator(f"[name={name}]").press("Enter")
    dialog.locator("[name=comment]").fill("and here the reader goes on")
    assert article.url == address
    assert [what for what, _ in heard(article)] == ["open"]


def test_a_page_that_holds_frames_back_still_lets_the_button_send(visit: Callable[..., Page], pages: Pages) -> None:
    page: Any = visit()
    page.evaluate("window.requestAnimationFrame = () => 0")
    dialog = opened(page)
    dialog.locator("button[value=send]").click()
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
