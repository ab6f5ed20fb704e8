"""What else a public notice has to be told in, at the case and as a search of the queue, in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.paper import Paper
from tests.browser.test_decisions import TABLE, decide, press
from tests.measures import wait_for


def test_each_place_is_ticked_with_who_and_when_and_open_ones_are_found(paper: Paper) -> None:
    paper.switch_on("Each public notice has a list")
    path, row = next(paper.paths), TABLE[1]
    case, _ = paper.report(path, row.wrong, row.right)
    with paper.desk("eva", case) as page:
        decide(page, row)
        paper.publish(path, row.right)
        page.goto(f"{paper.service.base_url}/cases/{case}")
        press(page, "Look now")
        wait_for(lambda: paper.notices(case) == ["ready"], "the fix is seen")
        paper.pass_time(case)
        paper.wait_until_public(case, row.notice)
        for number in range(8):
            page.goto(f"{paper.service.base_url}/queue?view=all&q=is:unspread")
            page.locator(f"[data-rows] [data-case='{case}'] a").first.click()
            line = page.locator("[data-channel]").nth(number)
            line.get_by_role("button", name="Done or not needed").click()
            expect(page.locator("[data-channel]").nth(number)).to_contain_text("eva@news.example")
        assert violations(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.goto(f"{paper.service.base_url}/queue?view=all&q=is:unspread")
        expect(page.locator(f"[data-rows] [data-case='{case}']")).to_have_count(0)
