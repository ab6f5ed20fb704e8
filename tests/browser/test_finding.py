"""An editor finds cases by one box, completed while typing, and keeps what was asked for as a view."""

from __future__ import annotations

import csv
import re

from playwright.sync_api import Browser, Page, expect

from tests.measures import wait_for


def listed(page: Page) -> list[str]:
    page.wait_for_load_state()
    rows = page.locator("[data-rows] [data-case]")
    return [str(number) for number in rows.evaluate_all("rows => rows.map(row => row.dataset.case)")]


def test_cases_are_found_by_one_box_and_the_query_is_kept_as_a_view(demo: dict[str, str], browser: Browser) -> None:
    """C2, C21."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(demo["dashboard"])
        page.get_by_role("button").click()
        expect(page.locator("[data-rows] [data-case]").first).to_be_visible()
        service = page.url.partition("/queue")[0]
        wait_for(lambda: page.goto(f"{service}/queue?view=all&q=section:місто") and listed(page), "the index")
        page.goto(f"{service}/queue")
        numbers = page.locator(".views [data-count]").evaluate_all(
            "all => Object.fromEntries(all.map(one => [one.dataset.count, Number(one.textContent)]))"
        )
        apart = ("inbox", "snoozed", "waiting", "fixing", "corrected", "declined")
        assert sum(numbers[view] for view in apart) == numbers["all"]

        page.keyboard.press("/")
        page.keyboard.type("sec")
        option = page.get_by_role("option")
        expect(option).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        box = page.get_by_role("combobox", name="Search cases")
        expect(box).to_have_value("section:")
        page.keyboard.type("місто")
        expect(option).to_have_text(["section:Місто"])
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(box).to_have_value("section:Місто ")
        page.keyboard.press("Enter")
        expect(page.locator(".terms a")).to_contain_text("section:Місто")
        by_section = listed(page)
        assert by_section

        page.locator(".terms a").click()
        expect(page.locator(".terms")).to_have_count(0)
        page.locator(".facets a", has_text=re.compile("^spelling$")).click()
        expect(page.locator(".terms a")).to_contain_text("kind:spelling")
        assert set(by_section) & set(listed(page))
        box.fill("дерево kind:spelling readers>many")
        box.press("Enter")
        expect(page.locator(".error")).to_contain_text("“many” is no number of readers")
        box.fill("сумніватися kind:spelling")
        box.press("Enter")
        expect(page.locator(".terms a")).to_contain_text("kind:spelling")
        doubts = listed(page)
        assert set(doubts) < set(by_section)

        page.get_by_text("Save as a view").click()
        page.get_by_label("Name").fill("Doubts")
        page.get_by_role("button", name="Save", exact=True).click()
        view = page.get_by_role("link", name=re.compile("^Doubts"))
        expect(view).to_have_attribute("aria-current", "page")
        expect(page.locator("#list-title")).to_have_text("Doubts")
        expect(view.locator(".count")).to_have_text(str(len(doubts)))
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        with open(download.value.path(), encoding="utf-8-sig") as file:
            assert [row["case"] for row in csv.DictReader(file)] == doubts
        page.get_by_text("Change this view").click()
        page.get_by_role("button", name="Delete").click()
        expect(view).to_have_count(0)
