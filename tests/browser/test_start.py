"""The guide for a new site, walked on real parts: from an article without the tag to the first report (G4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.pages import FOR_SCREENS, opened_in_article
from tests.browser.paper import AFTER, BEFORE, Paper, running_paper

WRONG, RIGHT = "The bridge was opend in 1987 by the king", "The bridge was opened in 1987 by the king"
PHONE = 360


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Paper]:
    """A newspaper that has just got the service, with no tag in its pages yet."""
    with running_paper(tmp_path_factory.mktemp("start"), browser) as paper:
        paper.pages.tag = ""
        yield paper


def put_article(paper: Paper) -> str:
    """An article of the paper as its CMS writes it; its address."""
    path = next(paper.paths)
    head = f'<title>The bridge</title>{FOR_SCREENS}<link rel="canonical" href="{paper.pages.origin}/with{path}">'
    body = f"<article><h1>The bridge</h1><p>{BEFORE} {WRONG}. {AFTER} {BEFORE} {AFTER}</p></article>"
    return paper.pages.put(path, f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>')


def stand(page: Page) -> list[str]:
    """How the four steps stand."""
    return [text.strip("✓○ ") for text in page.locator(".step-state").all_inner_texts()]


def test_the_guide_leads_from_an_article_without_the_tag_to_the_first_report(paper: Paper, browser: Browser) -> None:
    """Each step turns green by itself, while the page stays open; without script a reload shows the same."""
    article, tag = put_article(paper), f"/embed/{paper.service.key}.js"
    with browser.new_context(storage_state=paper.states["ada"], viewport={"width": 1280, "height": 900}) as context:
        admin = context.new_page()
        admin.goto(f"{paper.service.base_url}/queue")
        admin.get_by_role("link", name="See how far it is set up").click()
        expect(admin.get_by_role("heading", level=1)).to_have_text("Getting started with News")
        assert stand(admin) == ["Open"] * 4
        admin.get_by_label("Address of one of your articles").fill(article)
        admin.get_by_role("button", name="Check this page").click()
        expect(admin.locator("[data-fault=missing]")).to_contain_text("The tag is not there. Paste the line of step 1")
        assert stand(admin) == ["Open"] * 4
        line = admin.locator("#tag").inner_text()
        assert tag in line
        paper.pages.tag = line
        admin.get_by_role("button", name="Check again").click()
        expect(admin.locator("#state-check")).to_have_text("✓ Done")
        expect(admin.locator("#outcome .is-wrong")).to_have_count(0)
        assert stand(admin) == ["Done", "Done", "Open", "Open"]
        with paper.reader(article) as reader:
            expect(admin.locator("#state-load")).to_have_text("✓ Done")
            dialog = opened_in_article(reader, WRONG)
            dialog.locator("[name=suggestion]").fill(RIGHT)
            dialog.locator("button[value=send]").click()
            expect(admin.locator("#state-report")).to_have_text("✓ Done")
        expect(admin.locator("#next")).to_contain_text("All four steps are done")
        assert violations(admin, "main") == []
        admin.set_viewport_size({"width": PHONE, "height": 740})
        assert admin.evaluate("document.documentElement.scrollWidth") <= PHONE
        with browser.new_context(storage_state=paper.states["ada"], java_script_enabled=False) as plain:
            page = plain.new_page()
            page.goto(admin.url)
            assert stand(page) == ["Done"] * 4
            expect(page.locator("[data-copy]").first).to_be_hidden()
        admin.locator("#report").get_by_role("link").click()
        expect(admin).to_have_url(re.compile(r"/cases/\d+$"))
        expect(admin.locator("main")).to_contain_text("opend")
