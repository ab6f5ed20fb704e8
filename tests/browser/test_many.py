"""Many cases at once in a real browser: ticked by key, decided in the background, all taken back (C9)."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect


def test_cases_are_ticked_by_key_decided_at_once_and_all_taken_back(demo: dict[str, str], browser: Browser) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(demo["dashboard"])
        page.get_by_role("button").click()
        expect(page).to_have_url(re.compile("/queue"))
        page.wait_for_load_state()  # until then no key is heard
        rows = page.locator("[data-rows] [data-case]")
        before = rows.evaluate_all("rows => rows.slice(0, 3).map(row => row.dataset.case)")
        expect(page.locator("#many")).to_be_hidden()
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator(".picked")).to_contain_text("1 case ·")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("Shift+X")
        expect(page.locator(".pick input:checked")).to_have_count(3)
        expect(page.locator(".picked")).to_contain_text(re.compile(r"3 cases · (\d+ mails?|no mail)"))
        page.keyboard.press("b")
        expect(page.get_by_role("heading", level=1)).to_have_text("3 cases at once")
        page.wait_for_load_state()
        page.keyboard.press("3")
        expect(page.get_by_label("Not an error")).to_be_checked()
        page.get_by_label("To the readers who asked").fill("It is right as it stands.")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("3 done"))
        page.wait_for_load_state()
        page.keyboard.press("z")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("3 taken back"))
        page.get_by_role("link", name="← Queue").click()
        expect(page).to_have_url(re.compile("/queue"))
        page.wait_for_load_state()
        expect(rows.first).to_be_visible()
        assert rows.evaluate_all("rows => rows.slice(0, 3).map(row => row.dataset.case)") == before
