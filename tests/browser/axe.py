"""What axe finds wrong on a page, and no more of its findings than that: they are longer than the page."""

from __future__ import annotations

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FOUND = """(async () => {
    const { violations } = await axe.run(%s, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
})()"""


def violations(page: Page, within: str = "") -> list[tuple[str, list[str]]]:
    """Each rule that a page breaks, or the part of it of this name, and the elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return [(rule, nodes) for rule, nodes in page.evaluate(FOUND % (json.dumps(within) if within else "document"))]
