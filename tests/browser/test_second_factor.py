"""A second factor from setting it up to losing the telephone, in a real browser and a real mailbox."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from corrections_service.demo.mailbox import Mailbox
from tests.browser.axe import violations
from tests.running import Service, running_service
from tests.services.authenticator import code_of

ADMIN = "ed@news.example"


def come_by_link(page: Page, service: Service) -> None:
    """Use a link that signs in, as the console prints one."""
    page.goto(service.console("editor", "link", ADMIN).strip().removeprefix("sign-in: "))
    page.get_by_role("button", name="Sign in").click()


def test_a_second_factor_is_set_up_used_and_lost(browser: Browser, tmp_path: Path) -> None:
    """G3: the picture and the key, the recovery codes, the second step, and whoever runs the service."""
    with Mailbox() as mailbox, running_service(tmp_path, mailbox) as service, browser.new_context() as context:
        service.init()
        service.start()
        page = context.new_page()
        page.goto(service.sign_in)
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{service.base_url}/account")
        page.get_by_role("link", name="Second factor").click()
        key = page.locator(".factor-key").inner_text()
        assert page.locator(".scanned").evaluate("image => image.complete && image.naturalWidth > 0")
        assert violations(page) == []
        page.get_by_label("Code from the app").fill("000000")
        page.get_by_role("button", name="Switch it on").click()
        expect(page.get_by_role("alert").first).to_contain_text("This code is not right")
        assert page.locator(".factor-key").inner_text() == key, "what was scanned stays good"
        page.get_by_label("Code from the app").fill(code_of(key))
        page.get_by_role("button", name="Switch it on").click()
        codes = page.locator(".recovery-codes code").all_inner_texts()
        expect(page.locator("main [role=status]")).to_contain_text("10 recovery codes are left.")
        assert violations(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        (mail,) = mailbox.wait_for(1)
        assert mail.message["Subject"] == "The second factor of your account was switched on"
        assert codes[0] not in mail.raw.decode()

        # Whoever has a link alone stays outside.
        with browser.new_context() as elsewhere:
            other = elsewhere.new_page()
            come_by_link(other, service)
            expect(other.get_by_role("heading", name="Second factor")).to_be_visible()
            assert violations(other) == []
            other.goto(f"{service.base_url}/queue")
            expect(other).to_have_url(f"{service.base_url}/login?next=%2Fqueue")
            other.goto(f"{service.base_url}/second-factor")
            other.get_by_label("Code from the app, or a recovery code").fill(codes[0])
            other.get_by_role("button", name="Sign in").click()
            expect(other).to_have_url(f"{service.base_url}/queue")
        service.console("editor", "second-factor-off", ADMIN)
        mailbox.wait_for(2)
        with browser.new_context() as afterwards:
            last = afterwards.new_page()
            come_by_link(last, service)
            expect(last).to_have_url(f"{service.base_url}/queue")
