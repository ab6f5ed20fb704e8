"""A browser, the demo, and where its pictures go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import browser, demo, desk, running_browser

__all__ = ["browser", "demo", "desk", "running_browser"]

PICTURES = Path(__file__).parents[2] / "docs/pictures"


@pytest.fixture
def keep() -> Callable[[Page | Locator, str], None]:
    """Keeps what is on the screen, or a part of it, under this name."""

    def keep(shown: Page | Locator, name: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        shown.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    return keep
