"""What the tests share: the service on a fresh database, a publication, a real browser."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright

from corrections_service.services import sites
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Site
from tests.applications import application
from tests.measures import PATIENCE

pytest_plugins = ["tests.databases"]

# Playwright's own list, which this one takes the place of, and the pages of an address bar that no test has.
UNUSED = """AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,
HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,
PreconnectToSearch,ThirdPartyStoragePartitioning,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,WebUIOmniboxPopup"""
CHROMIUM_FLAGS = [
    "--no-sandbox",
    # Painted by the processor, in one process less: a page takes a fifth less of it.
    "--disable-gpu",
    "--in-process-gpu",
    # Nothing leaves this machine: no name and no other address is found, without a look at each request from here.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={UNUSED.replace(chr(10), '')}",
]


def chromium(*names: str) -> str | None:
    """The first of the browsers of these names: without a window where it is there, which starts a page in a third of the time."""
    known = names or ("chromium-headless-shell", "chromium", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, known)), None)


class Named:
    """Names at once what failed, for who stops a long run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.config.get_terminal_writer().line(f" {report.nodeid} failed ({report.when})")


# A slow machine is no fault: no example has a deadline, wherever the tests run.
settings.register_profile("unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """What failed is named by the process that writes to the terminal."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Named(config))


@pytest.fixture
def site(db: Database) -> Site:
    """A publication at https://news.example."""
    with db.write() as session:
        return sites.create(session, name="News", origins=["https://news.example"], desk="desk@news.example")


@pytest.fixture
def app(database_settings: Settings, db: Database) -> Flask:
    """The web application, without limits."""
    return _named(database_settings.model_copy(update={"limit_reports": "off"}), db)


@pytest.fixture
def limited_client(database_settings: Settings, db: Database) -> FlaskClient:
    """A browser's place at a service that takes five reports an hour from one address block."""
    limited = database_settings.model_copy(update={"limit_reports": "5/hour"})
    return _named(limited, db).test_client(use_cookies=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the one in CHROMIUM, the system's, or playwright's own (which has no window either).

    For one module, as playwright keeps an event loop running that the engine's tests cannot have.
    """
    with launched() as browser:
        yield browser


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """Chromium, until the block ends."""
    expect.set_options(timeout=PATIENCE / 2 * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def _named(settings: Settings, database: Database) -> Flask:
    app = application(settings, database)
    app.config["SERVER_NAME"] = settings.host
    return app
