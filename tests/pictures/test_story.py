"""The demo from the reader's dialog to the public log, on a wide screen, on a phone, in the dark, from right to left."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.measures import wait_in

Keep = Callable[[Page | Locator, str], None]
WIDE: ViewportSize = {"width": 1280, "height": 800}
MIDDLE: ViewportSize = {"width": 1000, "height": 720}
PHONE: ViewportSize = {"width": 360, "height": 740}

SELECT = """([part, words]) => {
    const walker = document.createTreeWalker(document.querySelector(part), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const at = walker.currentNode.data.indexOf(words);
        if (at < 0) continue;
        getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
        walker.currentNode.parentElement.scrollIntoView({ block: "center" });
        return;
    }
}"""


def opened(browser: Browser, address: str, words: str, size: ViewportSize, scheme: str) -> Page:
    """The dialog over an article, opened by the key."""
    page = browser.new_context(viewport=size, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    page.goto(address)
    wait_in(page, "window[Symbol.for('corrections')]")
    page.evaluate(SELECT, ["article", words])
    page.keyboard.press("Control+Enter")
    expect(page.locator("corrections-dialog textarea").first).to_be_visible()
    return page


def test_the_dialog(browser: Browser, demo: dict[str, str], keep: Keep) -> None:
    paper = demo["article"].partition("/articles/")[0]
    for name, slug, words, right, size, scheme in (
        ("dialog", "the-bridge-that-waited", "opend", "opened", MIDDLE, "light"),
        ("dialog-phone", "mist-na-richtsi", "в в документах", "в документах", PHONE, "dark"),
        ("dialog-arabic", "al-mina-al-qadim", "سبعة كيلومترات", "سبعة أمتار", PHONE, "light"),
    ):
        page = opened(browser, f"{paper}/articles/{slug}", words, size, scheme)
        page.locator("corrections-dialog textarea").first.fill(right)
        keep(page, name)
        page.context.close()


def wave(demo: dict[str, str], page: Page) -> None:
    """Let many readers report the same article within minutes."""
    page.goto(demo["article"])
    tag = str(page.locator("script[src*='/embed/']").get_attribute("src"))
    service, _, key = tag.removesuffix(".js").partition("/embed/")
    origin = demo["article"].partition("/articles/")[0]
    text = page.locator("article").inner_text()
    for words in dict.fromkeys(re.findall(r"\w{9,}", text.partition("Seven sentences")[2])[:24]):
        fields = {
            "site": key,
            "url": demo["article"],
            "id": str(uuid.uuid4()),
            "exact": words,
            "comment": "Is this so?",
        }
        request = urllib.request.Request(
            f"{service}/api/v1/reports", urllib.parse.urlencode(fields).encode(), {"Origin": origin}
        )
        assert urllib.request.urlopen(request).status == 201


def test_the_desk(demo: dict[str, str], desk: Page, keep: Keep) -> None:
    service = demo["dashboard"].partition("/sign-in/")[0]
    queue = desk.url
    desk.set_viewport_size(WIDE)
    desk.locator("[data-case]").nth(1).click()
    expect(desk.locator(".passage").first).to_be_visible()
    keep(desk, "desk")
    desk.emulate_media(color_scheme="dark")
    keep(desk, "desk-dark")
    case = desk.url
    desk.set_viewport_size(PHONE)
    desk.goto(queue)
    keep(desk, "queue-phone")
    desk.goto(case)
    keep(desk, "case-phone")
    desk.emulate_media(color_scheme="light")
    desk.set_viewport_size(WIDE)
    desk.goto(f"{service}/reports")
    keep(desk, "figures")
    log = site_of(desk, demo)
    desk.goto(f"{service}/settings/sites/{log.rpartition('/')[2]}/start")
    keep(desk, "getting-started")
    choose_language(desk, service, "ar")
    desk.goto(case)
    keep(desk, "desk-arabic")
    choose_language(desk, service, "en")
    wave(demo, desk)
    desk.goto(queue)
    expect(desk.locator(".wave").first).to_be_visible()
    keep(desk, "wave")


def choose_language(page: Page, service: str, language: str) -> None:
    """Have the desk speak it."""
    page.goto(f"{service}/account")
    page.locator("select[name=language]").select_option(language)
    page.locator("form:has(select[name=language]) button").first.click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def site_of(page: Page, demo: dict[str, str]) -> str:
    """The address of the demo's public log."""
    page.goto(demo["article"])
    return str(page.locator(".corrections a[href*='/log/']").first.get_attribute("href"))


def test_the_log(browser: Browser, demo: dict[str, str], desk: Page, keep: Keep) -> None:
    page = browser.new_context(viewport={"width": 1000, "height": 800}).new_page()
    log = site_of(page, demo)
    page.goto(log)
    keep(page, "log")
    page.emulate_media(media="print")
    keep(page, "log-print")
    page.emulate_media(media="screen")
    page.goto(f"{log}/policy")
    keep(page, "policy")
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto(log)
    keep(page, "log-phone")
    for language in ("ar", "uk"):
        desk.goto(f"{demo['dashboard'].partition('/sign-in/')[0]}/settings/sites/{log.rpartition('/')[2]}/name")
        desk.locator("select[name=language]").select_option(language)
        desk.locator(
            "form:has(select[name=language]) button[type=submit], form:has(select[name=language]) button"
        ).last.click()
        page.goto(log)
        expect(page.locator("html")).to_have_attribute("lang", language)
        keep(page, f"log-{language}")
