"""The whole report by keyboard alone, as a screen reader hears it, magnified, in forced colours, without motion, in RTL."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.controls import (
    CONTROLS,
    HINT,
    ORDER,
    REPORTS,
    STATES,
    filled,
    focused,
    only,
    read_aloud,
    refuse,
    said,
    tabbed,
    tell_success,
    tree,
)
from tests.browser.pages import REFERENCE, WORDS, dialog_of, highlight, opened
from tests.running import Service


def test_a_whole_report_is_made_with_the_keyboard_alone(article: Page, service: Service) -> None:
    """A17."""
    highlight(article, "T")  # where the caret is, in a browser whose caret can be moved through a page
    for _ in WORDS[1:]:
        article.keyboard.press("Shift+ArrowRight")
    assert article.evaluate("getSelection().toString()") == WORDS
    article.keyboard.press("Control+Enter")
    dialog = dialog_of(article)
    expect(dialog.locator("[name=suggestion]")).to_be_focused()
    article.keyboard.press("Control+a")
    article.keyboard.type("The bridge was opened in 1978")
    assert tabbed(article, "comment") == ["comment"]
    article.keyboard.type("I was there.")
    assert tabbed(article, "kind") == ["kind"]
    expect(dialog.locator("[name=kind]")).to_have_value("fact")
    article.keyboard.press("ArrowDown")
    expect(dialog.locator("[name=kind]")).to_have_value("context")
    assert tabbed(article, "source_url") == ["source_url"]
    article.keyboard.type("archive.example/1978")
    assert tabbed(article, "wants_reply") == ["wants_reply"]
    article.keyboard.press("Space")
    assert tabbed(article, "email") == ["email"]
    article.keyboard.type("ann@readers.example")
    article.keyboard.press("Control+Enter")
    expect(said(article)).to_contain_text(REFERENCE)
    expect(said(article)).to_be_focused()
    with closing(sqlite3.connect(service.directory / "corrections.sqlite")) as database:
        question = """select exact, suggestion, comment, kind, source_url, email
            from report join reader on reader.report_id = report.id where report.url = ?"""
        [(*texts, kind, source, email)] = database.execute(question, [article.url])
    assert texts == [WORDS, "The bridge was opened in 1978", "I was there."]
    assert (kind.lower(), source, email) == ("context", "https://archive.example/1978", "ann@readers.example")
    tabbed(article, "another")
    article.keyboard.press("Enter")
    expect(dialog_of(article).locator("[name=place]")).to_be_focused()
    article.keyboard.press("Escape")
    expect(dialog_of(article)).to_have_count(0)


@pytest.mark.parametrize("end", ["Escape", "Cancel", "Close"])
def test_the_selection_is_given_back_and_tab_goes_on_from_there(article: Page, end: str) -> None:
    """A17, A20."""
    dialog = opened(article)
    if end == "Close":
        tell_success(article)
        tabbed(article, "close")
    elif end == "Cancel":
        tabbed(article, "cancel")
    article.keyboard.press("Escape" if end == "Escape" else "Enter")
    expect(dialog).to_have_count(0)
    assert article.evaluate("getSelection().toString()") == WORDS
    article.keyboard.press("Tab")
    expect(article.locator("#name")).to_be_focused()


@pytest.mark.parametrize("sends", [False, True])
def test_the_focus_is_given_back_to_the_link(article: Page, sends: bool) -> None:
    """A5, A17."""
    article.focus("#door")
    article.keyboard.press("Enter")
    expect(dialog_of(article).locator("[name=place]")).to_be_focused()
    if sends:
        article.keyboard.type("The photo at the top")
        tell_success(article)
    article.keyboard.press("Escape")
    expect(dialog_of(article)).to_have_count(0)
    expect(article.locator("#door")).to_be_focused()


def test_what_tab_passes_is_in_the_order_of_what_is_asked(article: Page) -> None:
    """A17."""
    filled(article)
    assert tabbed(article, "cancel") == ORDER[1:]
    back: list[str] = []
    while focused(article) != "suggestion" and len(back) < 12:
        article.keyboard.press("Shift+Tab")
        back.append(focused(article))
    assert back == ORDER[-2::-1]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_the_focus_reaches_every_control_and_never_the_page_behind(article: Page, state: str, key: str) -> None:
    """A17."""
    for step in STATES[state]:
        step(article)
    expect(dialog_of(article).locator("footer button").first).to_be_visible()
    controls = dialog_of(article).evaluate(CONTROLS)
    passed = set()
    for _ in range(2 * len(controls) + 4):
        article.keyboard.press(key)
        passed.add(focused(article))
    assert "page" not in passed
    assert set(controls) <= passed


def test_a_screen_reader_is_given_a_modal_dialog_with_named_controls_and_nothing_of_the_page(article: Page) -> None:
    """A17."""
    filled(article)
    nodes = tree(article)
    assert only(nodes, "dialog", "Report an error")["modal"] is True
    only(nodes, "heading", "Report an error")
    assert only(nodes, "textbox", "It should say")["focused"] is True
    for role, name in [
        ("textbox", "Or tell us what is wrong"),
        ("combobox", "Kind of error"),
        ("textbox", "Where can we check? (a link, optional)"),
        ("button", "Send"),
        ("button", "Cancel"),
        ("button", "Options"),
    ]:
        assert not only(nodes, role, name).get("required"), name
    assert only(nodes, "checkbox", "Tell me what you decide")["checked"] == "true"
    assert only(nodes, "mark")
    assert f"{WORDS}, who stayed for lunch." in read_aloud(nodes)
    assert "It had rained" not in read_aloud(nodes)
    assert [one for one in nodes if one["name"] in ("The bridge", "Write to us", "some words")] == [
        one for one in nodes if one["role"] == "RootWebArea"
    ]


def test_the_address_is_required_described_and_said_to_be_wrong(article: Page) -> None:
    """A13, A17."""
    dialog = filled(article)
    email = only(tree(article), "textbox", "E-mail")
    assert email["required"] is True
    assert email["description"] == HINT
    assert email["invalid"] == "false"
    dialog.locator("[name=email]").fill("no address")
    article.keyboard.press("Control+Enter")
    expect(dialog.locator("[name=email]")).to_be_focused()
    assert only(tree(article), "textbox", "E-mail")["invalid"] == "true"


def test_a_field_that_the_service_refuses_has_the_focus_and_is_marked_until_it_is_changed(article: Page) -> None:
    """A15, A17."""
    dialog = filled(article)
    email = dialog.locator("[name=email]")
    email.fill("ann@localhost")  # a browser finds nothing wrong with it
    dialog.locator("[name=suggestion]").focus()
    article.keyboard.press("Control+Enter")
    expect(said(article)).to_contain_text("This is no e-mail address that can be written to.")

    def marked() -> list[str]:
        return [one["name"] for one in tree(article) if one.get("invalid") == "true"]

    [name] = marked()
    assert name.startswith("E-mail")
    expect(email).to_be_focused()
    email.fill("ann@readers.example")
    assert marked() == []


def test_a_field_s_name_stays_the_same_while_its_words_are_counted(article: Page) -> None:
    """A17."""
    dialog = filled(article)
    dialog.locator("[name=comment]").fill("x" * 900)
    expect(dialog.get_by_text("900 / 1000")).to_be_visible()
    comment = only(tree(article), "textbox", "Or tell us what is wrong")
    assert "900 / 1000" in comment["description"]


def test_every_outcome_is_announced_politely(article: Page) -> None:
    """A15, A17."""
    filled(article)

    def announced() -> dict[str, Any]:
        found = tree(article)
        status = only(found, "status")
        assert (status["live"], status["atomic"]) == ("polite", True)
        return {**status, "all": read_aloud(found)}

    announced()  # a live region must be there before there is something to say
    article.keyboard.press("Escape")
    expect(said(article)).to_contain_text("Press Escape again to close.")
    assert "Press Escape again to close." in announced()["all"]
    waiting: list[Route] = []
    article.route(REPORTS, lambda route: waiting.append(route))
    article.keyboard.press("Control+Enter")
    expect(said(article)).to_have_text("Sending…")
    assert "Sending…" in announced()["all"]
    refuse(waiting[0])
    expect(said(article)).to_contain_text("Not sent: The server is busy.")
    nodes = tree(article)
    assert "Not sent: The server is busy." in announced()["all"]
    for role, name in [("button", "Copy"), ("link", "Write to us"), ("button", "Try again")]:
        only(nodes, role, name)
    article.unroute(REPORTS)
    tell_success(article)
    told = announced()
    assert told["focused"] is True
    assert re.search(r"Stored, no\. ....-..\.", told["all"])
    nodes = tree(article)
    only(nodes, "dialog", "Report an error")
    for role, name in [
        ("link", "See what becomes of it"),
        ("button", "Close"),
        ("button", "Copy"),
        ("button", "Report another on this page"),
        ("button", "Withdraw"),
    ]:
        only(nodes, role, name)


@pytest.mark.parametrize("way", ["taken", "too late"])
def test_the_button_that_goes_does_not_take_the_focus_along(
    visit: Callable[..., Page], context: BrowserContext, way: str
) -> None:
    """A17."""
    context.clock.install()
    page = visit()
    filled(page)
    tell_success(page)
    tabbed(page, "undo")
    if way == "taken":
        page.keyboard.press("Enter")
        expect(said(page)).to_have_text("Withdrawn.")
    else:
        page.clock.run_for(11_000)
    expect(dialog_of(page).locator("button[value=undo]")).to_have_count(0)
    assert focused(page) != ""
