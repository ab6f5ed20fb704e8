"""A page whose origin is refused leads its reader to the newsroom's own form, with all that was typed (A02)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.pages import ARTICLE, WORDS, Pages, dialog_of, heard, opened, publishing, served
from tests.measures import wait_for, wait_in
from tests.running import Service

TYPED = {
    "suggestion": "The bridge was opened in 1978 – “by & for” the queen + 100 % of her court\nand 👩‍👩‍👧 all",
    "comment": "I was there;\nsee = below. #1",
    "source_url": "https://archive.example/1978?a=1&b=2",
    "email": "ann@readers.example",
}


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    """A newspaper of its own, as what it refuses is counted."""
    with served() as server:
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[Service]:
    """The service of the newspaper whose pages these are."""
    with publishing(tmp_path_factory.mktemp("service"), pages) as service:
        yield service


def test_from_a_page_that_is_refused_the_form_is_one_click_away_and_everything_comes_along(
    context: BrowserContext, service: Service, pages: Pages
) -> None:
    """As www against the bare host: the same article at an origin that the site does not list, here another port."""
    with served() as twin:
        twin.tag = pages.tag
        page = context.new_page()
        page.goto(twin.put("/ferry", ARTICLE))
        wait_in(page, "window[Symbol.for('corrections')]")
        dialog = opened(page)
        for name in ("suggestion", "comment"):
            dialog.locator(f"[name={name}]").fill(TYPED[name])
        dialog.locator("[name=kind]").select_option("context")
        dialog.locator("[name=source_url]").fill(TYPED["source_url"])
        dialog.locator("[name=wants_reply]").check()
        dialog.locator("[name=email]").fill(TYPED["email"])
        dialog.locator("button[value=send]").click()
        expect(dialog.locator("[role=status]")).to_contain_text("this page could not send it")
        assert [what for what, _ in heard(page)] == ["open", "failed"]
        link = dialog.get_by_role("link", name="Write to us")
        expect(link).to_be_focused()
        with context.expect_page() as opening:
            link.click()
        form = opening.value
        expect(form.locator("[name=comment]")).to_have_value(TYPED["comment"])
        for name, value in {**TYPED, "exact": WORDS, "kind": "context"}.items():
            expect(form.locator(f"[name={name}]")).to_have_value(value)
        expect(form.locator("[name=wants_reply]")).to_be_checked()
        assert "#" not in form.url
        form.locator("button[value=send]").click()
        form.wait_for_url("**/r/*")
        expect(dialog_of(page)).to_be_visible()  # behind it, with the text
        with closing(sqlite3.connect(service.directory / "corrections.sqlite")) as database:
            database.row_factory = sqlite3.Row
            [report] = database.execute(
                "select report.*, email from report join reader on reader.report_id = report.id where comment like 'I was%'"
            )
        assert {name: report[name].replace("\r\n", "\n") for name in TYPED} == TYPED
        assert report["exact"] == WORDS
        assert report["prefix"].endswith("all night. ")
        assert report["suffix"].startswith(", who stayed")
        assert (report["url"], report["page_url"]) == (f"{pages.origin}/with/ferry", f"{twin.origin}/with/ferry")

        wait_for(lambda: _refused(service) == {twin.origin: 1}, "the refusal is written")


def _refused(service: Service) -> dict[str, int]:
    with closing(sqlite3.connect(service.directory / "corrections.sqlite")) as database:
        return dict(database.execute("select origin, count from refused_origin"))
