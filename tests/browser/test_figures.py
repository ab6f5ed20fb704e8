"""The figures in a real browser: four charts for any period, with what they say, the tables behind them and the files (C22)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

PHONE: Any = {"width": 360, "height": 740}


def test_an_editor_reads_the_figures_of_a_period_and_takes_them_along(demo: dict[str, str], browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False, viewport=PHONE, accept_downloads=True) as context:
        page = context.new_page()
        page.goto(demo["dashboard"])
        page.get_by_role("button").click()
        page.get_by_role("link", name="Figures").click()
        expect(page.locator(".finding")).to_have_count(4)
        expect(page.locator(".finding").first).to_contain_text(re.compile(r"\d+ reports came in"))
        for name in ("Reports by day", "Time to the first answer", "Accepted cases of those decided"):
            expect(page.get_by_role("img", name=name)).to_be_visible()
        expect(page.get_by_role("heading", name="Authors")).to_be_visible()
        assert page.locator(".chart rect").first.bounding_box()
        expect(page.locator("body")).not_to_contain_text(re.compile(r"no_change|not_an_error|undecided"))
        page.get_by_label("From", exact=True).fill("2020-01-01")
        page.get_by_label("To", exact=True).fill("2020-01-31")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".finding").first).to_have_text("No report came in.")
        page.get_by_role("link", name="90 days").click()
        page.get_by_text("Reports, day by day").click()
        expect(page.get_by_role("columnheader", name="Not decided yet")).to_be_visible()
        with page.expect_download() as download:
            page.locator("details[open]").get_by_role("link", name="Download as CSV").click()
        assert Path(download.value.path()).read_text("utf-8-sig").startswith("Day,Accepted,")
