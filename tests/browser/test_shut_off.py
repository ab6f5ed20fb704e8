"""The tests' browser reaches nobody but this machine: what a page asks of others is not found."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.pages import served, shut_off

ASK = "address => fetch(address, { mode: 'no-cors' }).then(() => 'came', () => 'not found')"


def test_a_page_gets_what_is_here_and_nothing_from_any_other_name_or_address(browser: Browser) -> None:
    with served() as here, served("127.0.0.2") as beside:  # it listens: only the browser keeps from it
        page = shut_off(browser).new_page()
        page.goto(here.put("/", "<!doctype html><title>A</title>"))
        beside.put("/", "<!doctype html><title>B</title>")
        assert page.evaluate(ASK, f"{here.origin}/") == "came"
        for address in (f"{beside.origin}/", "http://news.example/", "https://198.51.100.7/", "http://[2001:db8::1]/"):
            assert page.evaluate(ASK, address) == "not found", address
