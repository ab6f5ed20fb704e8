"""Cases merged side by side in a real browser, asked about where passages differ, and taken apart again (C10)."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.browser.test_desk import report


def test_cases_are_merged_side_by_side_after_a_question_and_parted_again(
    demo: dict[str, str], browser: Browser
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(demo["dashboard"])
        page.get_by_role("button").click()
        expect(page).to_have_url(re.compile("/queue"))
        service = page.url.partition("/queue")[0]
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
        page.get_by_label("Open it again: why?").fill("It is another passage.")
        page.get_by_role("button", name="Open again").click()
        expect(page.locator("main[data-state=open]")).to_be_visible()
