"""Deleting can be said in the dialog: a reader empties "It should say" for words that should go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.pages import WORDS, at_desk_and_in_hand, dialog_of, highlight, opened
from tests.browser.sending import sent, stored
from tests.running import Service

DOUBLED = Path(__file__).parents[2] / "../shared/data/cases/doubled_word.html"
GONE = "These words should go"


def emptied(page: Page, words: str, where: str) -> None:
    """Open the dialog on these words, and empty what it should say."""
    page.evaluate("where => getSelection().selectAllChildren(document.querySelector(where))", where)
    page.keyboard.press("Control+Enter")
    suggestion = dialog_of(page).locator("[name=suggestion]")
    expect(suggestion).to_have_value(words)
    suggestion.fill("")


@at_desk_and_in_hand
def test_an_emptied_field_on_a_doubled_word_says_that_it_should_go(
    visit: Callable[..., Page], service: Service
) -> None:
    """The page `doubled_word`: the second "the" is marked and the field emptied."""
    html = (
        DOUBLED.read_text()
        if DOUBLED.exists()
        else "<!doctype html><html lang=en><head><title>T</title></head><body>"
        "<p>The fox jumps over the <span id=said>the</span> lazy dog.</p></body></html>"
    )
    page = visit(html=html.replace("TAG", ""))
    emptied(page, "the", "#said")
    dialog = dialog_of(page)
    expect(dialog.locator(".diff del")).to_have_text("the")
    expect(dialog.locator(".diff")).to_contain_text(GONE)
    report = stored(service, sent(page, dialog))
    assert (report["remove"], report["suggestion"], report["exact"]) == (1, "", "the")


def test_a_field_of_which_only_spaces_are_left_is_empty_and_one_that_is_filled_again_is_not(
    visit: Callable[..., Page], service: Service
) -> None:
    page = visit()
    dialog = opened(page)
    suggestion = dialog.locator("[name=suggestion]")
    suggestion.fill(" \n ")
    expect(dialog.locator(".diff")).to_contain_text(GONE)
    suggestion.fill("The bridge was opened")
    expect(dialog.locator(".diff")).not_to_contain_text(GONE)
    report = stored(service, sent(page, dialog))
    assert (report["remove"], report["suggestion"]) == (0, "The bridge was opened")


def test_a_field_that_was_left_as_it_was_says_nothing(visit: Callable[..., Page], service: Service) -> None:
    page = visit()
    report = stored(service, sent(page, opened(page)))
    assert (report["remove"], report["suggestion"]) == (0, "")


def test_an_empty_field_without_marked_words_says_nothing(visit: Callable[..., Page], service: Service) -> None:
    page = visit()
    page.locator("#door").click()
    dialog = dialog_of(page)
    dialog.locator("[name=place]").fill("the last line")
    dialog.locator("[name=suggestion]").fill("x")
    dialog.locator("[name=suggestion]").fill("")
    expect(dialog.locator(".diff")).to_be_hidden()
    report = stored(service, sent(page, dialog))
    assert (report["remove"], report["suggestion"], report["place"]) == (0, "", "the last line")


def test_the_draft_that_is_kept_in_the_browser_has_the_wish(visit: Callable[..., Page], service: Service) -> None:
    page = visit()
    dialog = opened(page)
    dialog.locator("[name=suggestion]").fill("")
    expect(dialog.locator(".diff")).to_contain_text(GONE)
    page.reload()
    page.evaluate("document.querySelector('#first').scrollIntoView()")

    highlight(page)
    page.keyboard.press("Control+Enter")
    expect(dialog_of(page).locator("[name=suggestion]")).to_have_value("")
    expect(dialog_of(page).locator(".diff")).to_contain_text(GONE)
    report = stored(service, sent(page, dialog_of(page)))
    assert (report["remove"], report["exact"]) == (1, WORDS)
