"""A reader's browser for hostile pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.hostile.visits import (
    WATCH,
    Seen,
    Visit,
)
from tests.browser.pages import Pages, path_of, shut_off
from tests.running import Service


@pytest.fixture
def visiting(
    browser: Browser, pages: Pages, service: Service, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visit]]:
    """Readers' browsers, with options of their own."""
    contexts = []

    def visiting(**options: object) -> Visit:
        context = shut_off(browser, **options)
        contexts.append(context)
        context.add_init_script(WATCH)
        seen = Seen()
        context.on("request", lambda request: seen.hosts.add(urlsplit(request.url)[:2]))
        return Visit(context, pages, service, path_of(request.node), seen)

    yield visiting
    for context in contexts:
        context.close()


@pytest.fixture
def visit(visiting: Callable[..., Visit]) -> Visit:
    """A reader's browser."""
    return visiting()
