"""One picture of each kind of mail, as a program shows it that shows HTML."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page

from corrections_service.settings import Settings
from corrections_service.store.models import Delivery
from tests.work.conftest import desk, work
from tests.work.postroom import Desk
from tests.work.test_mail_language import mails, rendered

__all__ = ["desk", "mails", "work"]

Keep = Callable[[Page | Locator, str], None]
DESK = {
    "case new": "case",
    "digest": "digest",
    "turn came_back": "came-back",
    "turn appealed": "appealed",
    "due two": "due",
    "wave known": "wave",
    "late": "late",
    "hook failing": "webhook",
    "office handed_on": "office",
}
"""What is mailed to desks, by its name among those that are rendered in each language, and its picture's."""


@pytest.fixture
def database_settings(sqlite_settings: Settings) -> Settings:
    """One database will do."""
    return sqlite_settings


@pytest.fixture
def pages(browser: Browser) -> Callable[..., Page]:
    """Shows the HTML part of a mail."""

    def show(html: str, width: int = 640, scheme: str = "light") -> Page:
        page = browser.new_context(viewport={"width": width, "height": 400}, color_scheme=scheme).new_page()  # type: ignore[arg-type]
        page.set_content(html)
        page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
        return page

    return show


def test_mails_to_desks(desk: Desk, mails: dict[str, list[Delivery]], pages: Callable[..., Page], keep: Keep) -> None:
    for name, picture in DESK.items():
        keep(pages(str(rendered(desk, "en", mails[name]).html)), f"mail-{picture}")
    html = str(rendered(desk, "ar", mails["case new"]).html)
    keep(pages(html, 360, "dark"), "mail-case-arabic")


def test_mails_to_readers(desk: Desk, pages: Callable[..., Page], keep: Keep) -> None:
    number = desk.report(email="ann@example.org")
    desk.mails()
    desk.decide(number, reason="You were right, thank you.")
    to_reader = [mail for mail in desk.mails() if mail.rcpt_tos == ("ann@example.org",)]
    for mail, picture in zip(to_reader, ("receipt", "answer"), strict=True):
        keep(pages(mail.part("html")), f"mail-{picture}")
    keep(pages(to_reader[-1].part("html"), 360, "dark"), "mail-answer-phone")
