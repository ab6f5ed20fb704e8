"""Practice as an editor sees it: offered in the empty queue, marked all the way, decided by key, gone with one click (G4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import violations
from tests.browser.paper import Paper, running_paper

PHONE = 360


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Paper]:
    """A newspaper that nobody has reported anything to yet."""
    with running_paper(tmp_path_factory.mktemp("practice"), browser) as paper:
        yield paper


def test_an_editor_practises_and_takes_it_away_again(paper: Paper, browser: Browser) -> None:
    with browser.new_context(storage_state=paper.states["eva"], viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{paper.service.base_url}/queue")
        page.get_by_role("button", name="Practise on five cases").click()
        expect(page.locator("tr[data-case]")).to_have_count(5)
        expect(page.locator("tr .practice")).to_have_count(5)
        assert violations(page) == []
        page.locator("tr[data-case] a.row").filter(has_text="opened").click()
        expect(page.locator("p.practice")).to_contain_text("this case is made up")
        assert violations(page) == []
        page.set_viewport_size({"width": PHONE, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{paper.service.base_url}/queue")
        page.set_viewport_size({"width": PHONE, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        page.get_by_role("button", name="Remove the practice").click()
        expect(page.get_by_role("button", name="Practise on five cases")).to_be_visible()
        expect(page.locator("tr[data-case]")).to_have_count(0)
        assert paper.mailbox.messages() == []
