"""Where one is signed in, in two real browsers: what one ends, the other's next click finds ended."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from corrections_service.demo.mailbox import Mailbox
from tests.browser.axe import violations
from tests.browser.test_second_factor import come_by_link
from tests.running import running_service


def test_a_session_that_one_does_not_know_is_ended(browser: Browser, tmp_path: Path) -> None:
    """G3: the list on a wide and a narrow screen, ending one, and all others."""
    with (
        Mailbox() as mailbox,
        running_service(tmp_path, mailbox) as service,
        browser.new_context() as here,
        browser.new_context() as elsewhere,
        browser.new_context() as third,
    ):
        service.init()
        service.start()
        page, other, last = here.new_page(), elsewhere.new_page(), third.new_page()
        for one in (page, other, last):
            come_by_link(one, service)
        page.goto(f"{service.base_url}/account")
        page.get_by_role("link", name="Where you are signed in").click()
        expect(page.get_by_role("listitem")).to_have_count(3)
        expect(page.get_by_role("listitem").first).to_contain_text("Chrome on Linux")
        expect(page.get_by_role("listitem").first).to_contain_text("this browser")
        assert violations(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.get_by_role("button", name="End this one").first.click()
        expect(page.get_by_text("That session is ended.")).to_be_visible()
        expect(page.get_by_role("listitem")).to_have_count(2)
        last.goto(f"{service.base_url}/account")
        expect(last.get_by_role("heading", name="Sign in")).to_be_visible()
        page.get_by_role("button", name="End all others").click()
        expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
        other.goto(f"{service.base_url}/account")
        expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
