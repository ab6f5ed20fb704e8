"""Cases merged side by side in a real browser, asked about where passages differ, and taken apart again (C10)."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.at_demo import service_of
from tests.browser.test_desk import report


def test_cases_are_merged_side_by_side_after_a_question_and_parted_again(demo: dict[str, str], desk: Page) -> None:
    page, service = desk, service_of(demo)
    report(demo, page, "closed the bridge", "shut the bridge")
    report(demo, page, "the only number he knew by heart", "the one number he knew by heart")
    page.goto(f"{service}/queue?sort=newest")
    first = str(page.locator("[data-rows] [data-case]").first.get_attribute("data-case"))
    page.goto(f"{service}/cases/{first}")
    page.keyboard.press("2")
    beside = page.locator(".beside").first
    expect(beside.get_by_label("This case")).to_contain_text("number he knew by heart")
    target = re.sub(r"\D", "", beside.get_by_role("button").inner_text())
    beside.get_by_role("button").click()
    expect(page.locator("main .summary")).to_contain_text("merge all the same?")
    page.locator("main .summary").get_by_role("button", name="Merge all the same").click()
    expect(page.locator(".toast")).to_contain_text("Merged.")
    page.goto(f"{service}/cases/{first}")
    expect(page.locator("main")).to_have_attribute("data-state", "merged")
    expect(page.locator(f"main a[href='/cases/{target}']").first).to_be_visible()
    page.locator("summary", has_text="Open again").click()
    page.get_by_label("Open it again: why?").fill("It is another passage.")
    page.get_by_role("button", name="Open again").click()
    expect(page.locator("main[data-state=open]")).to_be_visible()


def test_the_case_that_is_likely_the_same_is_merged_by_two_keys_and_another_by_arrows_or_its_number(
    demo: dict[str, str], desk: Page
) -> None:
    page, service = desk, service_of(demo)
    report(demo, page, "asked his nineteen passengers", "asked his twenty passengers")
    for words in ("asked his nineteen travellers to leave", "asked her nineteen passengers to leave"):
        report(demo, page, "asked his nineteen passengers to leave", words)
        page.goto(f"{service}/queue?sort=newest")
        newest = str(page.locator("[data-rows] [data-case]").first.get_attribute("data-case"))
        page.goto(f"{service}/cases/{newest}")
        page.keyboard.press("2")
        number, offered = page.locator("#same input[name=into]"), page.locator("#same .beside")
        first = re.sub(r"\D", "", offered.first.get_by_role("button").inner_text())
        expect(offered.first).to_contain_text("perhaps")
        expect(number).to_have_value(first)
        expect(offered.first).to_have_attribute("data-chosen", "")
        second = re.sub(r"\D", "", offered.nth(1).get_by_role("button").inner_text())
        page.keyboard.press("ArrowDown")
        expect(number).to_have_value(second)
        expect(page.locator("#same [data-chosen] button")).to_have_text(
            offered.nth(1).get_by_role("button").inner_text()
        )
        page.keyboard.type("77")
        expect(number).to_have_value("77")
        expect(page.locator("#same [data-chosen]")).to_have_count(0)
        page.keyboard.press("ArrowDown")
        expect(number).to_have_value(first)
        page.keyboard.press("Enter")
        expect(page.locator(".toast")).to_contain_text("Merged.")
        page.goto(f"{service}/cases/{newest}")
        expect(page.locator("main")).to_have_attribute("data-state", "merged")
        expect(page.locator(f"main a[href='/cases/{first}']").first).to_be_visible()
