"""Many cases at once in a real browser: ticked by key, decided in the background, all taken back (C9)."""

from __future__ import annotations

import re
from contextlib import nullcontext

from playwright.sync_api import Browser, expect

from tests.measures import wait_in


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


SLOW = """
const json = Response.prototype.json;
window.told = 0;
Response.prototype.json = async function () {
  const isCount = this.url.includes("/bulk/mails");
  if (isCount) await new Promise(done => addEventListener("go-on", done, { once: true }));
  const answer = await json.call(this);
  if (isCount) setTimeout(() => window.told++);
  return answer;
};
"""
"""Lets the answers to how many mails go come all at once, as over a line that was interrupted."""


def test_the_bar_tells_only_of_what_is_ticked_by_then(demo: dict[str, str], browser: Browser) -> None:
    """Kind: what was counted for the ticks before stood beside what was counted for these."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(demo["dashboard"])
        page.get_by_role("button").click()
        expect(page).to_have_url(re.compile("/queue"))
        page.add_init_script(SLOW)
        page.reload()
        page.wait_for_load_state()
        for key in ("j", "x", "j", "x"):
            with page.expect_response("**/bulk/mails*") if key == "x" else nullcontext():
                page.keyboard.press(key)
        wait_in(page, "(dispatchEvent(new Event('go-on')), told == 2)")
        assert re.fullmatch("2 cases · [^·]+", page.locator(".picked").inner_text())
