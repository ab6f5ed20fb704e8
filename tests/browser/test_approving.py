"""A notice that is asked for is approved, or sent back, by one key, and by a finger with no scrolling (C20, G7)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from corrections_service.rules.workflow import Resolution
from tests.browser.paper import Paper
from tests.browser.test_decisions import Row, decide

ROW = Row(
    Resolution.CLARIFIED,
    "the ferry leaves at nine",
    "the ferry leaves at nine on Sundays",
    notice="Clarification: the ferry leaves at nine on Sundays only.",
)


def asked(paper: Paper) -> int:
    """A clarification that an editor has asked approval for."""
    case, _ = paper.report(next(paper.paths), ROW.wrong, ROW.right)
    with paper.desk("eva", case) as page:
        decide(page, ROW)
        expect(page.locator(".toast")).to_contain_text("Asked for approval")
    return case


def say_why(page: Page) -> None:
    """Type what has to be changed, where the focus is."""
    expect(page.get_by_label("What has to be changed?")).to_be_focused()
    page.keyboard.type("Say which Sundays.")


def test_a_notice_is_approved_or_sent_back_by_a_key(paper: Paper) -> None:
    case = asked(paper)
    with paper.desk("stan", case) as page:
        page.wait_for_load_state()
        page.keyboard.press("3")
        say_why(page)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".toast")).to_contain_text("Sent back")
    with paper.desk("eva", case) as page:
        decide(page, ROW)
        expect(page.locator(".toast")).to_contain_text("Asked for approval")
    with paper.desk("stan", case) as page:
        page.wait_for_load_state()
        page.keyboard.press("1")
        expect(page.locator(".toast")).to_contain_text("Approved")
    assert paper.notices(case) == ["approved"]


def test_a_notice_is_approved_or_sent_back_by_a_finger_with_no_scrolling(paper: Paper) -> None:
    case = asked(paper)
    with paper.desk("stan", case) as page:
        page.set_viewport_size({"width": 360, "height": 740})
        for exit in (page.get_by_role("button", name="Approve"), page.locator("[data-exit=send_back]")):
            expect(exit).to_be_in_viewport(ratio=1)
        page.locator("[data-exit=send_back]").click()
        say_why(page)
        expect(page.locator("#send_back button")).to_be_in_viewport(ratio=1)
        page.locator("#send_back button").click()
        expect(page.locator(".toast")).to_contain_text("Sent back")
