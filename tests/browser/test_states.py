"""The desk's states that no page opens with, as axe sees them in light and in dark, at a desk and on a phone (4.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.at_demo import service_of
from tests.browser.axe import violations

SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
}


def press(selector: str) -> Callable[[Page], None]:
    """What is pressed in the case, by a key or a finger."""
    return lambda page: page.locator(selector).click()


def refuse(page: Page) -> None:
    """A decision that says too little."""
    page.locator("[data-exit=decline]").click()
    page.locator("#decide [value=opinion]").check()
    page.locator("#decide [name=reason]").fill("x" * 20_000)
    page.locator("#decide button.primary").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()


def call_palette(page: Page) -> None:
    """All that can be done, found by a word."""
    page.keyboard.press("Control+k")
    page.keyboard.type("fix")
    expect(page.locator("#commands [role=option]").first).to_be_visible()


def freeze(page: Page) -> None:
    """What keeps a case inside, refused as no reason is given."""
    page.locator("#freeze summary").click()
    page.locator("#freeze button").click()
    expect(page.locator("#freeze [aria-invalid=true]").first).to_be_visible()


OF_CASE: dict[str, Callable[[Page], None]] = {
    "accepting": press("[data-exit=accept]"),
    "declining": press("[data-exit=decline]"),
    "merging": press("[data-exit=same]"),
    "putting aside": press("[data-exit=later]"),
    "palette": call_palette,
    "refused decision": refuse,
    "freezing without a reason": freeze,
}

OF_LIST = {
    "nothing here": "view=back",
    "no such filter": "q=foo:bar",
    "nothing found": "q=nobodywrotethis",
    "one author": "q=kind:spelling",
}


@pytest.mark.parametrize("size", SCREENS)
def test_axe_finds_nothing_in_what_is_opened(demo: dict[str, str], desk: Page, browser: Browser, size: str) -> None:
    state: Any = desk.context.storage_state()
    with browser.new_context(storage_state=state, **SCREENS[size]) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{service_of(demo)}/queue?view=inbox&q=kind:fact")
        address = f"{service_of(demo)}{page.locator('[data-rows] .row').first.get_attribute('href')}"
        places: list[tuple[str, str, Callable[[Page], None] | None]] = [
            *((name, address, open_it) for name, open_it in OF_CASE.items()),
            *((name, f"{service_of(demo)}/queue?{query}", None) for name, query in OF_LIST.items()),
        ]
        for name, place, open_it in places:
            page.goto(place)
            page.wait_for_load_state()
            if open_it:
                open_it(page)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                assert violations(page) == [], (name, scheme)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
