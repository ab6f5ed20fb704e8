"""Many cases at once in a real browser: ticked by key, decided in the background, all taken back (C9)."""

from __future__ import annotations

import re
from contextlib import nullcontext

from playwright.sync_api import Page, expect

from tests.browser.at_demo import service_of
from tests.measures import wait_in


def test_cases_are_ticked_by_key_decided_at_once_and_all_taken_back(demo: dict[str, str], desk: Page) -> None:
    desk.goto(f"{service_of(demo)}/queue")
    desk.wait_for_load_state()  # until then no key is heard
    rows = desk.locator("[data-rows] [data-case]")
    before = rows.evaluate_all("rows => rows.slice(0, 3).map(row => row.dataset.case)")
    expect(desk.locator("#many")).to_be_hidden()
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.locator(".picked")).to_contain_text("1 case ·")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("Shift+X")
    expect(desk.locator(".pick input:checked")).to_have_count(3)
    expect(desk.locator(".picked")).to_contain_text(re.compile(r"3 cases · (\d+ mails?|no mail)"))
    desk.keyboard.press("b")
    expect(desk.get_by_role("heading", level=1)).to_have_text("3 cases at once")
    desk.wait_for_load_state()
    desk.keyboard.press("3")
    expect(desk.get_by_label("Not an error")).to_be_checked()
    desk.get_by_label("To the readers who asked").fill("It is right as it stands.")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(re.compile("3 done"))
    desk.wait_for_load_state()
    desk.keyboard.press("z")
    expect(desk.get_by_role("heading", level=1)).to_have_text(re.compile("3 taken back"))
    desk.get_by_role("link", name="← Queue").click()
    expect(desk).to_have_url(re.compile("/queue"))
    desk.wait_for_load_state()
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


def test_the_bar_tells_only_of_what_is_ticked_by_then(demo: dict[str, str], desk: Page) -> None:
    """Kind: what was counted for the ticks before stood beside what was counted for these."""
    desk.goto(f"{service_of(demo)}/queue")
    desk.add_init_script(SLOW)
    desk.reload()
    desk.wait_for_load_state()
    for key in ("j", "x", "j", "x"):
        with desk.expect_response("**/bulk/mails*") if key == "x" else nullcontext():
            desk.keyboard.press(key)
    wait_in(desk, "(dispatchEvent(new Event('go-on')), told == 2)")
    assert re.fullmatch("2 cases · [^·]+", desk.locator(".picked").inner_text())
