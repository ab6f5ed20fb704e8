"""What keeps a desk in order, in a real browser: ways into other tools, saved answers, hidden details, spam, blocks.

Each test walks the whole way of its rows in docs/features.md, as an editor does.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.at_demo import send_report, service_of, settings_of

Report = Callable[..., str]


@pytest.fixture
def report(demo: dict[str, str], desk: Page) -> Report:
    """Lets a reader report something in the demo's first article, and opens its case."""

    def report(exact: str, view: str = "all", **fields: str) -> str:
        service, reference = service_of(demo), send_report(demo, desk, exact, **fields)
        desk.goto(f"{service}/queue?view={view}&q={reference}")
        desk.goto(f"{service}/cases/{desk.locator('[data-rows] [data-case]').get_attribute('data-case')}")
        return reference

    return report


def test_a_case_leads_into_the_cms_by_a_pattern_that_was_seen_at_work_and_to_the_tracker(
    desk: Page, report: Report
) -> None:
    """C4, H6."""
    settings_of(desk, "CMS")
    desk.get_by_label("Pattern").fill("javascript:{id}")
    desk.get_by_role("button", name="Try it").click()
    expect(desk.get_by_role("alert").first).to_contain_text("https://")
    desk.get_by_label("Pattern").fill("https://cms.example/edit?at={path}")
    desk.get_by_role("button", name="Try it").click()
    expect(desk.locator(".trials a").first).to_have_attribute("href", re.compile(r"^https://cms\.example/edit\?at=/"))
    desk.get_by_role("button", name="Keep it").click()
    report("The bridge", suggestion="A bridge")
    link = desk.get_by_role("link", name="Edit it in the CMS")
    expect(link).to_have_attribute("href", re.compile(r"^https://cms\.example/edit\?at=/articles/"))
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    desk.keyboard.press("t")
    desk.get_by_label("Its address in your tracker").fill("https://tracker.example/NEWS-7")
    desk.get_by_role("button", name="Keep the link").click()
    expect(desk.get_by_role("link", name="In your tracker")).to_have_attribute("href", "https://tracker.example/NEWS-7")
    expect(desk.locator(".history")).to_contain_text("linked it to the newsroom’s own tracker")


def test_a_saved_answer_goes_behind_what_was_typed_by_one_key(desk: Page, report: Report) -> None:
    settings_of(desk, "Saved answers")
    desk.get_by_label("Decision").select_option("opinion")
    desk.get_by_label("What is written to the readers").fill("{site} sees this otherwise.")
    desk.get_by_role("button", name="Preview").click()
    preview = desk.locator("blockquote")
    expect(preview).to_contain_text("sees this otherwise.")
    answer = preview.inner_text()
    assert "{" not in answer
    desk.get_by_role("button", name="Keep it").click()
    report("that waited", comment="I do not like it.", email="ann@readers.example")
    field = desk.locator("#reason")
    field.fill("Dear Ann,")
    field.press("Escape")
    desk.keyboard.press("3")
    desk.keyboard.press("a")
    expect(field).to_have_value(f"Dear Ann,\n\n{answer}")
    expect(field).to_be_focused()
    expect(desk.locator("[name=resolution][value=opinion]")).to_be_checked()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".toasts")).to_contain_text("Decided: Opinion.")


def test_personal_details_are_hidden_until_an_editor_asks_which_the_history_tells(desk: Page, report: Report) -> None:
    """I4."""
    report("waited", comment="Call me: +380 44 123 45 67 or ann@readers.example. It was in 1987.")
    said = desk.locator(".reports")
    expect(said).to_contain_text("Call me: ☎ ••••••• or •••@•••. It was in 1987.")
    expect(desk.locator("main")).not_to_contain_text("123 45 67")
    desk.get_by_role("button", name="Show them").click()
    expect(said).to_contain_text("Call me: +380 44 123 45 67 or ann@readers.example. It was in 1987.")
    expect(desk.locator(".history")).to_contain_text("had the reader’s personal details shown")


def test_a_sender_is_blocked_with_a_reason_and_an_end_and_what_they_send_is_set_aside(
    desk: Page, report: Report
) -> None:
    """I9, and what is set aside is brought back by one key (I6)."""
    report("The harbour", comment="Nonsense!", email="troll@readers.example")
    desk.get_by_text("Block…").click()
    desk.get_by_label("Why, for colleagues").fill("Insults the staff.")
    desk.get_by_label("Take its reports all the same").check()
    desk.get_by_role("button", name="Block", exact=True).click()
    expect(desk.locator(".history")).to_contain_text("Insults the staff.")
    report("The river", "spam", comment="More nonsense!", email="troll@readers.example")
    expect(desk.locator("main")).to_have_attribute("data-state", "spam")
    expect(desk.locator(".reports")).to_contain_text("its sender or source is blocked here")
    desk.keyboard.press("!")
    expect(desk.locator("main")).to_have_attribute("data-state", "new")
    settings_of(desk, "Blocks")
    expect(desk.locator("[data-block]")).to_contain_text("Insults the staff.")
    desk.get_by_role("button", name="End it now").click()
    expect(desk.locator("main")).to_contain_text("Nobody is blocked.")
