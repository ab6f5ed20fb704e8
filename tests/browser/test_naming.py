"""A colleague is named in a note: offered after an @, by keyboard and by mouse, and nothing moves for it (C12)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.at_demo import service_of
from tests.browser.axe import violations

WHERE = "() => JSON.stringify([...document.querySelectorAll('#names ~ *, .pane *:not(#names, #names *)')].map(one => one.offsetTop))"


@pytest.fixture
def note(demo: dict[str, str], desk: Page) -> Page:
    """A case with its note open."""
    desk.goto(f"{service_of(demo)}/queue")
    desk.locator("[data-rows] .row").first.click()
    expect(desk.locator("main[data-case]")).to_be_visible()
    desk.keyboard.press("n")
    expect(desk.get_by_label("Note", exact=True)).to_be_focused()
    return desk


def test_a_name_is_completed_by_keys_and_its_owner_finds_the_case(note: Page) -> None:
    field, names = note.get_by_label("Note", exact=True), note.locator("#names")
    before = note.evaluate(WHERE)
    note.keyboard.type("Write to mara@gazette.example and ask @")
    expect(names).to_be_visible()
    expect(names.get_by_role("option")).to_have_text([re.compile(r"Jonas Eide\s+@Jonas")])
    assert note.evaluate(WHERE) == before, "nothing moves"
    expect(field).to_have_attribute("aria-activedescendant", re.compile("^name-"))
    assert violations(note) == []
    note.keyboard.type("nobody")
    expect(names).to_be_hidden()
    for _ in "nobody":
        note.keyboard.press("Backspace")
    expect(names).to_be_visible()
    note.keyboard.press("Escape")
    expect(names).to_be_hidden()
    expect(field).to_be_focused()
    note.keyboard.type("éid")
    expect(names).to_be_visible()
    note.keyboard.press("Enter")
    expect(names).to_be_hidden()
    note.keyboard.type("please.")
    expect(field).to_have_value("Write to mara@gazette.example and ask @Jonas please.")
    note.keyboard.press("Control+Enter")
    expect(note.locator(".toast")).to_contain_text("Jonas Eide")


def test_a_name_is_chosen_by_mouse_where_the_caret_is(note: Page) -> None:
    field = note.get_by_label("Note", exact=True)
    field.fill(" and more")
    field.press("Home")
    note.keyboard.type("For @jo")
    note.locator("#names").get_by_role("option", name="Jonas").click()
    expect(field).to_have_value("For @Jonas  and more")
    expect(field).to_be_focused()
    field.fill("")
