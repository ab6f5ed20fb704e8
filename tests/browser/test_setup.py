"""The first hour, from an empty directory to the first test report, with nothing but `serve --setup` and a browser (G4)."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from corrections_service.demo.mailbox import Mailbox
from tests.browser.axe import violations
from tests.browser.pages import FOR_SCREENS, opened_in_article, served
from tests.browser.paper import AFTER, BEFORE
from tests.measures import wait_for
from tests.processes import console
from tests.running import running_service

WRONG, RIGHT = "The bridge was opend in 1987 by the king", "The bridge was opened in 1987 by the king"
PHONE = 360
PASSWORD = "several plain words here"


def look(page: Page) -> None:
    """Promise that the page can be used by everybody, and on a phone."""
    assert violations(page, "main") == []
    wide = page.viewport_size
    page.set_viewport_size({"width": PHONE, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.set_viewport_size(wide or {"width": 1280, "height": 900})


def press_on(page: Page, *words: str) -> None:
    """Type into one field after the other, as who uses no mouse does, and send the form."""
    for text in words:
        page.keyboard.type(text)
        page.keyboard.press("Tab" if text != words[-1] else "Enter")


def test_from_an_empty_directory_to_the_first_report(browser: Browser, tmp_path: Path) -> None:
    log = tmp_path / "terminal"
    with (
        Mailbox() as mailbox,
        served() as pages,
        running_service(tmp_path / "data", mailbox, fetch_pace_seconds="0.1") as service,
        browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="Europe/Kyiv") as context,
    ):
        start = ("serve", "--setup", "--port", str(service.port))
        running = console(*start, environment=service.environment, log=log)
        service.running.append(running)
        service.wait_until_ready(service.port, running)
        wait_for(lambda: "setup: " in log.read_text(), "the code is printed")
        line = next(line for line in log.read_text().splitlines() if line.startswith("setup: "))
        address, code = re.findall(r"http\S+|[A-Z2-7]{4}-\S+", line)
        admin = context.new_page()
        admin.goto(address)
        expect(admin.get_by_label("Time zone of the publication")).to_have_value("Europe/Kyiv")
        look(admin)
        admin.get_by_label("The code from the terminal").focus()
        press_on(admin, code, "Ada", "ada@news.example", PASSWORD, "News")
        expect(admin.get_by_role("heading", level=1)).to_have_text("Where are your articles?")
        look(admin)
        head = f'<title>The bridge</title>{FOR_SCREENS}<link rel="canonical" href="{pages.origin}/with/bridge">'
        body = f"<article><h1>The bridge</h1><p>{BEFORE} {WRONG}. {AFTER} {BEFORE} {AFTER}</p></article>"
        pages.tag = ""
        article = pages.put("/bridge", f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>')
        admin.get_by_label("Address of one of your articles").focus()
        press_on(admin, article)
        expect(admin.locator("#seen")).to_contain_text("Its headline: The bridge")
        look(admin)
        admin.get_by_role("link", name="Go on to mail").click()
        admin.get_by_role("button", name="Send a test mail to ada@news.example").press("Enter")
        expect(admin.locator("#outcome")).to_contain_text("The mail server took it")
        assert [mail.rcpt_tos for mail in mailbox.messages()] == [("ada@news.example",)]
        look(admin)
        admin.get_by_role("link", name="Go on to the line in the page").click()
        pages.tag = admin.locator("#tag").inner_text()
        admin.get_by_role("button", name="Check again").click()
        expect(admin.locator("#state-check")).to_have_text("✓ Done")
        with context.new_page() as reader:
            reader.goto(article)
            dialog = opened_in_article(reader, WRONG)
            dialog.locator("[name=suggestion]").fill(RIGHT)
            dialog.locator("button[value=send]").click()
            expect(admin.locator("#state-report")).to_have_text("✓ Done")
        expect(admin.locator("#next")).to_contain_text("All four steps are done")
        look(admin)
        assert log.read_text().count(code) == 1
        service.stop()
        running = console(*start, environment=service.environment, log=log)
        service.running.append(running)
        service.wait_until_ready(service.port, running)
        assert log.read_text().count(code) == 1, "it is printed while it is of use"
        admin.goto(address)
        expect(admin.get_by_role("heading", level=1)).to_have_text("Getting started with News")
