"""The editor's desk in a real browser: by keyboard alone, without script, on a phone, in the dark, for everybody."""

from __future__ import annotations

import functools
import json
import re
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import violations

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "has_touch": True},
}
ARABIC = re.compile("[\u0600-\u06ff]")
SMALL_TARGETS = """() => [...document.querySelectorAll("button, select, summary, .row, input:not([type=hidden])")]
    .map(one => [one, (one.matches("[type=radio], [type=checkbox]") ? one.labels[0] : one).getBoundingClientRect()])
    .filter(([one, box]) => box.width && box.height < 44 && !one.matches(".plain, .toasts *"))
    .map(([one]) => one.outerHTML.slice(0, 120))"""
FOCUSED = """() => {
    const style = getComputedStyle(document.activeElement);
    return [document.activeElement.tagName, `${style.outlineStyle} ${style.outlineWidth}`];
}"""


@pytest.fixture(scope="module")
def signed_in(demo: dict[str, str], browser: Browser) -> Any:
    """What a browser keeps of an editor who came by the demo's link."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(demo["dashboard"])
        expect(page.get_by_role("button")).to_have_count(1)
        expect(page.locator("input:visible")).to_have_count(0)
        page.get_by_role("button").click()
        expect(page).to_have_url(re.compile("/queue$"))
        expect(page.locator("[data-case]").first).to_be_visible()
        return context.storage_state()


@pytest.fixture
def visit(browser: Browser, signed_in: Any) -> Iterator[Callable[..., Page]]:
    """Opens the desk in a browser of its own."""
    opened: list[BrowserContext] = []

    def visit(**options: Any) -> Page:
        context = browser.new_context(storage_state=signed_in, **options)
        opened.append(context)
        return context.new_page()

    yield visit
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def addresses(demo: dict[str, str], browser: Browser, signed_in: Any) -> dict[str, str]:
    """Every sort of page that the demo has, by name."""
    with browser.new_context(storage_state=signed_in) as context:
        return _addresses(demo, context.new_page())


@dataclass(frozen=True)
class Seen:
    """What a page is for those who see it badly, on a small screen, or press it with a finger."""

    small: list[str]
    wide: bool
    found: list[tuple[str, list[str]]]


@pytest.fixture(scope="module")
def seen(addresses: dict[str, str], browser: Browser, signed_in: Any) -> Callable[..., dict[str, Seen]]:
    """Every sort of page by name, as it is on a screen in a scheme: each is opened once a screen."""

    @functools.cache
    def look(size: str) -> dict[str, dict[str, Seen]]:
        looked: dict[str, dict[str, Seen]] = {"light": {}, "dark": {}}
        with browser.new_context(storage_state=signed_in, color_scheme="light", **SCREENS[size]) as context:
            page = context.new_page()
            for name, address in addresses.items():
                page.goto(address)
                small = page.evaluate(SMALL_TARGETS)
                page.evaluate("for (const one of document.querySelectorAll('main summary')) one.click()")
                for scheme in looked:
                    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                    looked[scheme][name] = Seen(small, wide, violations(page))
        return looked

    return lambda size, scheme="light": look(size)[scheme]


def _addresses(demo: dict[str, str], page: Page) -> dict[str, str]:
    service = demo["dashboard"].partition("/sign-in/")[0]
    paper = demo["article"].partition("/articles/")[0]
    page.goto(demo["article"])
    log = str(page.locator(".corrections a[href*='/log/']").first.get_attribute("href"))
    site = log.rpartition("/")[2]
    page.goto(f"{service}/queue?view=all")
    rows = page.locator("[data-case]").evaluate_all("rows => rows.map(row => [row.dataset.case, row.innerText])")
    page.goto(f"{service}/queue?view=closed")
    closed = page.locator("[data-case]").first.get_attribute("data-case")
    found = {
        "queue": f"{service}/queue",
        "nothing found": f"{service}/queue?q=nobodywrotethis&view=all",
        "case": f"{service}/cases/{rows[0][0]}",
        "arabic case": f"{service}/cases/{next(number for number, words in rows if ARABIC.search(words))}",
        "closed case": f"{service}/cases/{closed}",
        "figures": f"{service}/reports",
        "settings": f"{service}/settings/",
        "site": f"{service}/settings/sites/{site}",
        "people": f"{service}/settings/sites/{site}/editors",
        "words": f"{service}/settings/sites/{site}/words?lang=ar",
        "links": f"{service}/settings/sites/{site}/links",
        "work": f"{service}/settings/work",
        "account": f"{service}/account",
        "login": f"{service}/login",
        "log": log,
        "policy": f"{log}/policy",
        "error": f"{service}/cases/999999",
        "mailbox": demo["mailbox"],
        "front page": f"{paper}/",
        "newsroom": f"{paper}/newsroom",
        "article": demo["article"],
    }
    page.goto(log)
    found["correction"] = f"{service}{page.locator('.notice h2 a').first.get_attribute('href')}"
    return found


def report(demo: dict[str, str], page: Page, exact: str, suggestion: str) -> None:
    """Let a reader report an error in the demo's first article."""
    page.goto(demo["article"])
    tag = str(page.locator("script[src*='/embed/']").get_attribute("src"))
    service, _, key = tag.removesuffix(".js").partition("/embed/")
    fields = {"site": key, "url": demo["article"], "id": str(uuid.uuid4()), "exact": exact, "suggestion": suggestion}
    origin = {"Origin": demo["article"].partition("/articles/")[0]}
    asked = urllib.request.Request(f"{service}/api/v1/reports", urllib.parse.urlencode(fields).encode(), origin)
    with urllib.request.urlopen(asked) as answer:
        assert json.load(answer)["reference"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SCREENS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    seen: Callable[..., dict[str, Seen]], addresses: dict[str, str], scheme: str, size: str
) -> None:
    pages = seen(size, scheme)
    assert list(pages) == list(addresses)
    for name, page in pages.items():
        assert page.found == [], name
        assert not page.wide, name


def test_what_a_finger_presses_is_44_pixels_high(
    seen: Callable[..., dict[str, Seen]], demo: dict[str, str], addresses: dict[str, str]
) -> None:
    for name, page in seen("phone").items():
        if "/articles/" not in addresses[name] and addresses[name] != demo["mailbox"]:
            assert page.small == [], name


def test_a_case_is_decided_and_taken_back_by_keyboard_alone(
    demo: dict[str, str], addresses: dict[str, str], visit: Callable[..., Page]
) -> None:
    page = visit(viewport=DESKTOP)
    report(demo, page, "the only number he knew by heart", "the one number he knew by heart")
    page.goto(addresses["queue"])
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    number = page.evaluate("document.activeElement.closest('[data-case]').dataset.case")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/cases/{number}$"))
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile("/queue"))
    expect(page.locator(f"[data-case='{number}'] a")).to_be_focused()
    page.wait_for_load_state()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{number}")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Give back")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("n")
    page.keyboard.type("Called j, k and z on the way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".history")).to_contain_text("Called j, k and z on the way.")
    page.wait_for_load_state()
    page.keyboard.press("3")
    page.keyboard.press("1")
    expect(page.get_by_role("status")).to_contain_text(f"Case {number}: Decided: Not an error.")
    page.wait_for_load_state()
    page.keyboard.press("z")
    expect(page).to_have_url(re.compile(f"/cases/{number}$"))
    expect(page.locator("main")).to_have_attribute("data-state", "open")
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("these keys")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_one_key_commands_can_be_turned_off(addresses: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit(viewport=DESKTOP)
    page.goto(addresses["account"])
    page.get_by_label("One key for what a button does").uncheck()
    page.goto(addresses["arabic case"])
    page.keyboard.press("?")
    page.keyboard.press("u")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(addresses["arabic case"])
    page.goto(addresses["account"])
    page.get_by_label("One key for what a button does").check()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_everything_works_without_script(
    demo: dict[str, str], addresses: dict[str, str], visit: Callable[..., Page]
) -> None:
    scripted = visit()
    report(demo, scripted, "stopped in the middle of the Queen’s Bridge", "stopped in the middle of the old bridge")
    page = visit(java_script_enabled=False)
    page.goto(addresses["queue"])
    page.locator("[data-case] a").first.click()
    address = page.url
    page.get_by_role("button", name="Take it").click()
    page.goto(address)
    page.get_by_text("Note for colleagues").click()
    page.get_by_label("Note", exact=True).fill("Without script.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".history")).to_contain_text("Without script.")
    page.get_by_label("Cannot verify").check()
    page.get_by_label("To the readers who asked").fill("We could not find it.")
    page.get_by_role("button", name=re.compile("^Decide")).click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("main")).to_have_attribute("data-state", "open")
    page.get_by_label("Fix silently").check()
    page.get_by_label("To the readers who asked").fill("You were right.")
    page.get_by_role("button", name=re.compile("^Decide")).click()
    expect(page.locator("main")).to_have_attribute("data-state", "open")
    expect(page.get_by_label("To the readers who asked")).to_have_value("You were right.")
    page.get_by_label("Why may this be fixed without a notice?").fill("It is the same bridge.")
    page.get_by_role("button", name=re.compile("^Decide")).click()
    page.goto(address)
    expect(page.locator("main")).to_have_attribute("data-state", "fixing")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_is_too_long_is_counted_refused_and_kept_whole_with_the_focus_on_it(
    addresses: dict[str, str], visit: Callable[..., Page], size: Any
) -> None:
    page = visit(viewport=size)
    page.goto(addresses["queue"])
    page.locator("[data-case] a").first.click()
    page.locator("[name=resolution][value=corrected]").check()
    notice, words = page.locator("#notice"), "Said wrongly. " * 360
    notice.fill(words[:3990])
    expect(page.locator("#notice-count")).to_be_hidden()
    notice.fill(words)
    expect(page.locator("#notice-count")).to_have_text("5,039 of 5,000 characters: 39 too many")
    assert notice.input_value() == words
    page.get_by_role("button", name=re.compile("^Decide")).click()
    expect(page.locator("#notice-wrong")).to_have_text("At most 5,000 characters; these are 5,039.")
    expect(notice).to_be_focused()
    assert notice.input_value() == words
    expect(notice).to_have_accessible_description("At most 5,000 characters; these are 5,039.")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[name=resolution][value=opinion]").check()  # what is hidden again is shown where it is wrong
    expect(notice).to_be_visible()
    page.locator(".summary a").click()
    expect(notice).to_be_focused()


def test_a_change_shows_without_colour_in_its_own_direction_and_leads_to_its_place(
    addresses: dict[str, str], visit: Callable[..., Page]
) -> None:
    page = visit()
    page.goto(addresses["arabic case"])
    passage = page.locator(".passage")
    assert passage.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert "line-through" in passage.locator("del").first.evaluate("node => getComputedStyle(node).textDecorationLine")
    assert "underline" in passage.locator("ins").first.evaluate("node => getComputedStyle(node).textDecorationLine")
    place = page.get_by_role("link", name="Read it in the article")
    assert "#:~:text=" in str(place.get_attribute("href"))
    assert place.get_attribute("rel") == "noopener noreferrer"


def test_focus_can_be_seen_on_every_stop(addresses: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit(viewport=DESKTOP)
    page.goto(addresses["arabic case"])
    seen = set()
    while True:
        page.keyboard.press("Tab")
        name, style = page.evaluate(FOCUSED)
        if name == "BODY":
            break
        seen.add(name)
        assert style == "solid 3px", name
    assert seen >= {"A", "BUTTON", "INPUT", "TEXTAREA", "SUMMARY"}


def test_what_is_new_is_told_and_moves_nothing(
    demo: dict[str, str], addresses: dict[str, str], visit: Callable[..., Page]
) -> None:
    page, reader = visit(), visit()
    page.goto(addresses["queue"])
    before = page.locator("[data-case]").evaluate_all("rows => rows.map(row => row.dataset.case)")
    report(demo, reader, "felt the road sink under him", "felt the road sinking under him")
    expect(page.locator("#new")).to_have_text("1 new case, press .")
    assert page.locator("[data-case]").evaluate_all("rows => rows.map(row => row.dataset.case)") == before
    page.keyboard.press(".")
    expect(page.locator("[data-case]").first).not_to_have_attribute("data-case", before[0])


def test_own_keys_are_one_box_and_a_field_for_each(addresses: dict[str, str], visit: Callable[..., Page]) -> None:
    """A field of one letter says nothing of its length until there are too many; the buttons are for who has no script."""
    page = visit()
    page.goto(addresses["account"])
    keys = page.locator("#keys-choice")
    expect(keys.get_by_role("checkbox")).to_be_checked()
    expect(keys.get_by_role("button")).to_have_text(["Save the keys"])
    expect(keys).not_to_contain_text("characters")
    keys.get_by_label("Accept", exact=True).fill("yy")
    expect(keys).to_contain_text("2 of 1 characters: 1 too many")
