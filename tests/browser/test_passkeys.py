"""Passkeys in a real browser: made, used without an address, with a device that says who is there or does not, removed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, expect

from corrections_service.demo.mailbox import Mailbox
from tests.browser.axe import violations
from tests.browser.test_second_factor import come_by_link
from tests.running import running_service

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def device_of(page: Page) -> tuple[CDPSession, str]:
    """A device that keeps passkeys, for this page."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def test_a_passkey_is_made_lets_in_and_is_removed(browser: Browser, tmp_path: Path) -> None:
    """G3: also who was not recognised by their device, and whose passkey is not there any more."""
    with Mailbox() as mailbox, running_service(tmp_path, mailbox) as service, browser.new_context() as context:
        service.base_url = f"http://localhost:{service.port}"  # browsers bind no passkey to a number
        service.environment["CORRECTIONS_BASE_URL"] = service.base_url
        service.init()
        service.start()
        page = context.new_page()
        session, device = device_of(page)
        come_by_link(page, service)
        page.goto(f"{service.base_url}/account")
        page.get_by_role("link", name="Passkeys").click()
        expect(page.get_by_label("Name of the passkey")).to_have_value("Chrome, Linux")
        page.get_by_label("Name of the passkey").fill("Office laptop")
        assert violations(page) == []
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("listitem")).to_contain_text("Office laptop")
        (credential,) = session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
        assert (credential["isResidentCredential"], credential["rpId"]) == (True, "localhost")
        (mail,) = mailbox.wait_for(1)
        assert mail.message["Subject"] == "A passkey was added to your account"
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("alert")).to_contain_text("The passkey was not added.")
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360

        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{service.base_url}/reports")
        assert violations(page) == []
        session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("alert")).to_contain_text("Your browser gave no passkey")
        session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page).to_have_url(f"{service.base_url}/reports")
        page.goto(f"{service.base_url}/account/passkeys")
        expect(page.get_by_role("listitem")).to_contain_text("Last used just now.")
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_text("You have no passkey here.")).to_be_visible()
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("listitem")).to_contain_text("Chrome, Linux")
        assert service.console("editor", "passkeys-off", "ed@news.example").startswith("Passkeys removed: 1.")
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("alert").first).to_contain_text("This passkey lets nobody in.")
