"""A newspaper on WordPress, and the service beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.measures import PATIENCE
from tests.running import Service, running_service
from tests.wordpress.blog import Blog, running_blog
from tests.wordpress.desk import sign_in


@pytest.fixture
def blog(tmp_path: Path) -> Iterator[Blog]:
    """A WordPress with the plug-in, not activated."""
    with running_blog(tmp_path) as blog:
        yield blog


@pytest.fixture
def service(tmp_path: Path, blog: Blog) -> Iterator[Service]:
    """The service of the newspaper whose pages these are."""
    with running_service(tmp_path / "data", fetch_pace_seconds="0.1") as service:
        service.init(blog.base_url)
        service.start()
        yield service


@pytest.fixture
def desk(service: Service, browser: Browser) -> Iterator[Page]:
    """The service's desk, signed in."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(service.sign_in)
        page.get_by_role("button").click()
        expect(page).to_have_url(re.compile("/queue|/start|/setup"))
        yield page


@pytest.fixture
def admin(blog: Blog, browser: Browser) -> Iterator[Page]:
    """WordPress's own desk, signed in, with the plug-in activated from its list."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.set_default_navigation_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.goto(f"{blog.base_url}/wp-login.php")
        sign_in(page)
        expect(page).to_have_url(re.compile("/wp-admin/"))
        page.goto(f"{blog.base_url}/wp-admin/plugins.php")
        page.locator("#activate-corrections-service").click()
        page.locator("tr[data-slug=corrections-service]").get_by_role("link", name="Settings").click()
        expect(page.get_by_role("heading", name="Corrections", exact=True)).to_be_visible()
        yield page
