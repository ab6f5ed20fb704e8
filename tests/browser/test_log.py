"""The public log as a reader walks through it, in the demo: found, printed, checked, and shown in the article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def log(browser: Browser, demo: dict[str, str]) -> Iterator[Page]:
    """The demo's log, in a page that runs no script but its own, as narrow as a phone is."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(demo["article"])
    page.goto(str(page.locator("a[href*='/log/']").first.get_attribute("href")))
    yield page
    page.close()


def test_a_notice_is_found_with_what_was_wrong_and_where_it_ran_and_its_fate_is_seen(log: Page) -> None:
    """F1, F3, F8: by words, by section, at its own address, with the wordings side by side; what went stays."""
    assert log.evaluate("document.documentElement.scrollWidth") == 320
    expect(log.locator("article.gone")).to_have_count(2)
    log.get_by_label("Search").fill("Morag librarian")
    log.get_by_role("button", name="Show").click()
    notice = log.locator("article.notice")
    expect(notice).to_have_count(1)
    for said in ("It said", "It should say", "First reported", "Reads right since", "web and newsletter"):
        expect(notice).to_contain_text(said)
    notice.get_by_role("link").first.click()
    sides = log.locator(".sides > div")
    expect(sides).to_have_count(4)
    expect(sides.nth(2)).to_contain_text("An earlier version")
    expect(sides.nth(3)).to_contain_text("The name of the librarian")
    log.get_by_role("link", name="All corrections of this article").click()
    expect(log.locator("article.gone .fate")).to_contain_text(["replaced by another one", "taken back"])


def test_a_downloaded_log_is_checked_in_the_browser_and_one_changed_byte_names_its_entry(
    log: Page, tmp_path: Path
) -> None:
    """F8: without asking anybody."""
    content = log.request.get(f"{log.url}/log.ndjson").body()
    log.get_by_role("link", name="Check the log").click()
    asked: list[str] = []
    log.on("request", lambda request: asked.append(request.url))
    lines = content.splitlines(keepends=True)
    second = lines[0].startswith(b'{"entry"') + sum(map(len, lines[:1])) + 40
    changed = content[:second] + bytes([content[second] ^ 1]) + content[second + 1 :]
    for name, body, said in (
        ("good", content, "The hashes fit."),
        ("bad", changed, "The first wrong place is at entry 2."),
        ("short", b"".join(lines[:-1]), "This is not the log as it was written."),
    ):
        file = tmp_path / f"{name}.ndjson"
        file.write_bytes(body)
        log.locator("#log").set_input_files(file)
        expect(log.locator("#outcome")).to_contain_text(said)
        expect(log.locator("#outcome")).to_have_attribute("data-checked", file.name)
    assert asked == []


def test_the_article_shows_its_notices_where_their_gravity_puts_them(log: Page) -> None:
    """F4: material ones at the top alone, as the script and as the piece of HTML that a server includes."""
    feed = log.request.get(f"{log.url}/feed.json").json()
    standing = next(item for item in feed["items"] if item["_correction"]["retracted"] is None)
    piece = log.request.get(f"{log.url}/article.html", params={"url": standing["external_url"], "place": "top"}).text()
    assert standing["_correction"]["text"].partition("“")[0] in piece
    assert (
        log.request.get(f"{log.url}/article.html", params={"url": standing["external_url"], "place": "bottom"})
        .text()
        .strip()
        == ""
    )

    log.goto(standing["external_url"])
    expect(log.locator("[data-corrections-log]")).to_contain_text(standing["_correction"]["text"])
    log.evaluate(
        """document.querySelector("[data-corrections-log]").insertAdjacentHTML("afterend",
        '<div data-corrections-log="top">older words</div><div data-corrections-log="bottom" id="bottom"></div>');
        dispatchEvent(new Event("load"))"""
    )
    expect(log.locator("[data-corrections-log=top]")).to_contain_text(standing["_correction"]["text"])
    expect(log.locator("[data-corrections-log=top]")).to_contain_text(standing["_correction"]["date"])
    expect(log.locator("#bottom")).to_have_attribute("aria-busy", "false")
    expect(log.locator("#bottom")).to_be_empty()
    expect(log.locator("[data-corrections-log=top]")).not_to_contain_text("older words")


def test_what_the_page_s_server_put_there_stays_where_no_answer_comes(log: Page) -> None:
    """F4: a page that was put together at the server tells its notices all the same."""
    feed = log.request.get(f"{log.url}/feed.json").json()
    log.route("**/article.json*", lambda route: route.abort())
    log.goto(feed["items"][0]["external_url"])
    expect(log.locator("[data-corrections-log]")).to_have_attribute("aria-busy", "false")
    log.evaluate(
        """document.querySelector("[data-corrections-log]").insertAdjacentHTML("afterend",
        '<div data-corrections-log id="told">as it was told</div>'); dispatchEvent(new Event("load"))"""
    )
    expect(log.locator("#told")).to_have_attribute("aria-busy", "false")
    expect(log.locator("#told")).to_have_text("as it was told")
