"""Signing in by the newsroom's own accounts, in a real browser by a real provider's page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from corrections_service.demo.mailbox import Mailbox
from tests.accounts_server import accounts_server, enrol
from tests.browser.axe import violations
from tests.running import running_service


def test_an_editor_comes_in_by_the_newsrooms_own_account(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G3: by the button, the provider's page and back; who does not work here is told so.

    A second provider, which is away, is named and keeps nobody out; who is in a group with a role works here at once.
    """
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with accounts_server() as address, Mailbox() as mailbox, running_service(tmp_path, mailbox) as service:
        service.environment |= {
            "CORRECTIONS_OIDC_ISSUER": address,
            "CORRECTIONS_OIDC_CLIENT_ID": "corrections",
            "CORRECTIONS_OIDC_CLIENT_SECRET": "secret",
            "CORRECTIONS_OIDC_NAME": "News ID",
            "CORRECTIONS_OIDC_ROLES": "reporters=author@news",
            "CORRECTIONS_OIDC__PARTNER__ISSUER": "http://localhost:9",
            "CORRECTIONS_OIDC__PARTNER__CLIENT_ID": "corrections",
            "CORRECTIONS_OIDC__PARTNER__CLIENT_SECRET": "secret",
            "CORRECTIONS_OIDC__PARTNER__NAME": "Partner ID",
        }
        enrol(address, "ed", email="ed@news.example", email_verified=True)
        enrol(address, "eve", email="eve@news.example", email_verified=True)
        enrol(address, "ada", email="ada@news.example", email_verified=True, name="Ada", groups=["reporters"])
        service.init()
        service.start()
        with browser.new_context() as context:
            context.route("https://**", lambda route: route.abort())  # the provider's page is styled from elsewhere
            page = context.new_page()
            page.goto(f"{service.base_url}/queue?view=all")
            assert violations(page) == []
            page.get_by_role("link", name="Sign in with Partner ID").click()
            expect(page.get_by_role("alert").first).to_contain_text("Partner ID did not succeed: it cannot be reached")
            expect(page.get_by_text("Partner ID could not be reached a moment ago.")).to_be_visible()
            assert violations(page) == []
            for subject in ("eve", "ada", "ed"):
                page.get_by_role("link", name="Sign in with News ID").click()
                page.locator("input[name=sub]").fill(subject)
                page.get_by_role("button", name="Authorize").click()
                if subject == "eve":
                    expect(page.get_by_role("alert").first).to_contain_text("Nobody signs in here as eve@news.example")
                elif subject == "ada":
                    expect(page).to_have_url(f"{service.base_url}/queue")
                    page.get_by_role("button", name="Sign out").click()
            expect(page).to_have_url(f"{service.base_url}/queue")
            page.goto(f"{service.base_url}/settings/sites/news/editors")
            expect(page.get_by_role("row", name="Ada")).to_contain_text("given by News ID")
            assert violations(page) == []
