"""The demo, as a new user starts it, for the tests that walk through it; and a newspaper of small pages.

Browser and newspaper are started once, as that takes longer than most tests. What a test does is in a context of its own
and on pages of its own; a module that changes the site, or counts what is refused, has a newspaper of its own.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.firefox import FIREFOX, Firefox, running_firefox
from tests.browser.pages import ARTICLE, EVENTS, Pages, path_of, publishing, served, shut_off
from tests.browser.paper import Paper, running_paper
from tests.conftest import launched
from tests.measures import PATIENCE, wait_for, wait_in
from tests.processes import console
from tests.running import Service


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The demo, running; the addresses that it printed."""
    directory = tmp_path_factory.mktemp("demo")
    log = directory / "demo.log"
    running = console("demo", "--no-open", "--data-dir", str(directory / "data"), environment=os.environ, log=log)

    def is_ready() -> bool:
        assert running.poll() is None, log.read_text()
        return "ready" in log.read_text().split()

    try:
        wait_for(is_ready, "the demo is ready")
        printed = dict(line.strip().split(": ", 1) for line in log.read_text().splitlines() if ": " in line)
        assert {"article", "dashboard", "mailbox"} <= set(printed)
        yield printed
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) in (0, -15)
    finally:
        running.kill()


@pytest.fixture(scope="module")
def desk(demo: dict[str, str], browser: Browser) -> Iterator[Page]:
    """The demo's desk, signed in, on a wide screen."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(demo["dashboard"])
        page.get_by_role("button").click()
        expect(page.locator("[data-case]").first).to_be_visible()
        yield page


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Paper]:
    """A newspaper with people of every role, and time that a test lets pass."""
    with running_paper(tmp_path_factory.mktemp("paper"), browser) as paper:
        yield paper


@pytest.fixture(scope="package")
def running_browser() -> Iterator[Browser]:
    """Chromium, for all modules here: those of the engine are elsewhere."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def browser(running_browser: Browser) -> Iterator[Browser]:
    """A browser in which nobody has left anything open."""
    yield running_browser
    for context in running_browser.contexts:
        context.close()


@pytest.fixture(scope="package")
def firefox() -> Iterator[Firefox]:
    """Firefox, if there is one."""
    if not FIREFOX:
        pytest.skip("Firefox is not installed (Debian's firefox-esr, or name one with FIREFOX)")
    with running_firefox() as browser:
        yield browser


@pytest.fixture(scope="package")
def pages() -> Iterator[Pages]:
    """A server for small pages."""
    with served() as server:
        yield server


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[Service]:
    """The service of the newspaper whose pages these are."""
    with publishing(tmp_path_factory.mktemp("service"), pages) as service:
        yield service


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A reader's browser, at a desk unless a test says otherwise."""
    context = shut_off(browser, **getattr(request, "param", {}))
    context.add_init_script(EVENTS)
    yield context
    context.close()


@pytest.fixture
def visit(
    context: BrowserContext, pages: Pages, service: Service, request: pytest.FixtureRequest
) -> Callable[..., Page]:
    """Opens a page of the newspaper, each test's at an address of its own."""

    def visit(html: str = ARTICLE, **headers: str) -> Page:
        page = context.new_page()
        html = html.replace("REPORT", f"{service.base_url}/report/{service.key}")
        page.goto(pages.put(path_of(request.node), html, **headers))
        wait_in(page, "window[Symbol.for('corrections')]")
        return page

    return visit


@pytest.fixture
def article(visit: Callable[..., Page]) -> Page:
    """The article, open."""
    return visit()
