"""A site's own words: seen as readers read them while they are typed, tried in whole mails, kept, and given up again."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.at_demo import send_report, settings_of
from tests.browser.axe import violations


def test_words_are_previewed_kept_and_given_up(demo: dict[str, str], desk: Page) -> None:
    """G5: with a preview of each sentence, of mails that went, and a way back that keeps nothing before one saves."""
    send_report(demo, desk, "opened", email="ann@readers.example", wants_reply="on", lang="en")
    settings_of(desk, "Words")
    usual = desk.locator("#title").get_attribute("placeholder")
    assert usual
    desk.locator("[id='stored']").fill("Kept as {0}, thank you")
    expect(desk.locator("output[for='stored']")).to_have_text("Kept as 12, thank you")
    desk.locator("#title").fill("Tell the desk")
    expect(desk.locator("output[for='title']")).to_have_text("Tell the desk")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("#title")).to_have_value("Tell the desk")
    assert violations(desk) == []

    desk.get_by_role("button", name="Back to the usual words").click()
    expect(desk.locator("#title")).to_have_value("")
    expect(desk.locator("output[for='title']")).to_have_text(usual)
    expect(desk.get_by_text("nothing is kept before you save")).to_be_visible()
    desk.reload()
    settings_of(desk, "Words")
    expect(desk.locator("#title")).to_have_value("Tell the desk")
    desk.get_by_role("button", name="Back to the usual words").click()
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("#title")).to_have_value("")

    desk.locator("#section").select_option("mail")
    desk.get_by_role("button", name="Show").click()
    desk.locator("#receipt_title").fill("We have it")
    desk.get_by_role("button", name="Preview").click()
    expect(desk.locator(".sample-mail pre").first).to_contain_text("We have it")
    expect(desk.locator("#receipt_title")).to_have_value("We have it")
    assert violations(desk) == []
    desk.set_viewport_size({"width": 360, "height": 740})
    assert desk.evaluate("document.documentElement.scrollWidth") == 360
    desk.set_viewport_size({"width": 1280, "height": 800})
    settings_of(desk, "Words")
    desk.locator("#section").select_option("mail")
    desk.get_by_role("button", name="Show").click()
    expect(desk.locator("#receipt_title")).to_have_value("")
