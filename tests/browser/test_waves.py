"""A wave's row in a real browser: how large it is, the headline and the publication stand there whole, however narrow the list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from corrections_service.rules.workflow import Role
from corrections_service.services import sites
from corrections_service.store.models import Article, Case, Editor, Membership, Site, now
from tests.browser.paper import Paper

NAME, HEADLINE = "The Harbour Chronicle on Sunday", "The bridge"
CUT = "element => element.scrollWidth > element.clientWidth || element.getBoundingClientRect().width === 0"
OUTSIDE = """(element, row) => {
    const [own, all] = [element.getBoundingClientRect(), element.closest(row).getBoundingClientRect()];
    return own.left < all.left || own.right > all.right || own.top >= all.bottom;
}"""


@pytest.fixture(scope="module")
def wave(paper: Paper) -> int:
    """A wave on an article of one of an editor's two publications; its sample."""
    with paper.db.write() as session:
        editor = session.scalars(select(Editor).where(Editor.email == "eva@news.example")).one()
        site = sites.create(session, name=NAME, origins=["https://sunday.example"], desk="d@sunday.example")
        session.add(Membership(editor_id=editor.id, site=site, role=Role.EDITOR))
        article = Article(site=site, url="https://sunday.example/bridge", headline=HEADLINE)
        cases = [
            Case(
                site=site,
                article=article,
                fingerprint="",
                exact=f"words of reader {number}, who read the whole of it",
                readers=1,
                created_at=now() - timedelta(seconds=number),
            )
            for number in reversed(range(30))
        ]
        session.add_all(cases)
        session.flush()
        assert session.get_one(Site, 1).id != site.id
        return min(case.id for case in cases)


@pytest.mark.parametrize("width", [320, 400, 720, 1280])
def test_the_row_of_a_wave_loses_neither_headline_nor_publication(paper: Paper, wave: int, width: int) -> None:
    viewport = {"width": width, "height": 800}
    with paper.browser.new_context(storage_state=paper.states["eva"], viewport=viewport) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{paper.service.base_url}/queue")
        row = page.locator(f"[data-case='{wave}']")
        expect(row.locator(".wave")).to_contain_text("30")
        parts = [row.locator(".headline"), row.get_by_text(NAME, exact=True), row.locator(".wave")]
        assert [part.inner_text() for part in parts[:2]] == [HEADLINE, NAME]
        for part in parts:
            assert not part.evaluate(CUT), part
            assert not part.evaluate(OUTSIDE, ".row"), part
            assert not part.evaluate(OUTSIDE, ".facts, .where"), part
