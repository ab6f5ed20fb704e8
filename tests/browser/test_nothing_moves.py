"""What colleagues do at a case is told where it moves nothing that is read or pressed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.paper import Paper

PLACES = "[...document.querySelectorAll('.sheets *')].map(one => Math.round(one.getBoundingClientRect().top)).join()"


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, {"width": 360, "height": 740}])
def test_a_colleague_who_looks_and_decides_moves_nothing(paper: Paper, viewport: dict[str, int]) -> None:
    case, _ = paper.report(next(paper.paths), "The fery sank", "The ferry sank")
    with paper.desk("eva", case) as mine:
        mine.set_viewport_size(viewport)  # type: ignore[arg-type]
        mine.wait_for_load_state()
        before = mine.evaluate(PLACES)
        with paper.desk("omar", case) as page:
            told = mine.locator("#meanwhile")
            expect(told.locator(".here")).to_contain_text("is looking", timeout=30_000)
            assert mine.evaluate(PLACES) == before
            page.get_by_role("button", name="Take it").click()
            expect(told.locator(".changed")).to_be_in_viewport(ratio=1, timeout=30_000)
            assert mine.evaluate(PLACES) == before
            for exit in mine.locator(".exits .exit").all():
                expect(exit).to_be_in_viewport(ratio=1)
