"""Pages that call their own things by browsers' names, and tags as optimisers leave them: the dialog comes, or the plain page."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.firefox import Firefox
from tests.browser.pages import Pages, Stored, dialog_of, path_of
from tests.running import Service

WORDS = "The queen opend the harbour in 1911"
BODY = f"<h1 style='margin-top: 9em'>The harbour is open</h1><p>It was cold. <span id=said>{WORDS}</span>, and left.</p><p><a id=door data-corrections-report href=REPORT>Write to us</a></p>"
# Kinds: a name of the page's own, a built-in replaced by something else. True where the dialog itself must come.
SCRIPTS = {
    "a variable called URL": ("var URL = 'https://example.org/story/1';", True),
    "a function getSelection": ("function getSelection() { return String(document.getSelection()) }", True),
    "a variable called getSelection": ("var getSelection = 'none';", True),
    "a document with another getSelection": (
        "document.getSelection = () => { throw Error('theirs') };",
        True,
    ),
    "constants of their own": ("const SITE = 1, page = 2, once = 3, words = 4, root = 5; let URL = 6;", True),
    "another Event": ("window.Event = window.CustomEvent = class { constructor() { throw Error('theirs') } };", True),
    "another Promise, Map and Set": ("window.Promise = window.Map = window.Set = class {};", True),
    "another JSON": (
        "window.JSON = { parse() { throw Error('theirs') }, stringify() { throw Error('theirs') } };",
        True,
    ),
    "another fetch": ("window.fetch = () => { throw Error('theirs') };", True),
    "another Blob": ("window.Blob = undefined;", True),
    "another URLSearchParams": ("window.URLSearchParams = class { constructor() { throw Error('theirs') } };", False),
    "no URLSearchParams": ("window.URLSearchParams = undefined;", False),
    "another FormData": ("window.FormData = function () { throw Error('theirs') };", True),
    "no style sheets": ("window.CSSStyleSheet = undefined;", False),
}
IN_FIREFOX = ["a variable called URL", "a function getSelection", "another Promise, Map and Set", "no URLSearchParams"]
# As optimisers leave the tag; SRC is its address, COPY that of a copy of what it loads, among others' code or alone.
TAGS = {
    "without type=module": "<script src=SRC></script>",
    "deferred without type=module": "<script defer src=SRC></script>",
    "async without type=module": "<script async src=SRC></script>",
    "with a data attribute": "<script type=module async src=SRC data-cfasync=false data-no-optimize=1></script>",
    "twice, as both": "<script src=SRC></script><script type=module async src=SRC></script><script src=SRC></script>",
    "as a local copy": "<script src=/copy.js></script>",
    "as a local module": "<script type=module src=/copy.js></script>",
    "bundled with others' code": "<script defer src=/bundle.js></script>",
    "bundled in a module": "<script type=module src=/bundle.js></script>",
    "loaded late by another script": "<script>addEventListener('load', () => { const one = document.createElement('script');"
    " one.src = 'SRC'; document.body.append(one) })</script>",
}


@pytest.fixture
def put(pages: Pages, service: Service, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Puts a page with this script and this tag on the newspaper's server; its address."""
    loader = f"{service.base_url}/embed/{service.key}.js"
    with urllib.request.urlopen(loader) as answer:
        copy = answer.read()
    pages.pages["/copy.js"] = Stored(copy, "text/javascript")
    others = b"var site = 'theirs', SITE = 1;\n%s\nvar after = (function () { return SITE })();"
    pages.pages["/bundle.js"] = Stored(others % copy, "text/javascript")

    def put(script: str = "", tag: str = "<script type=module async src=SRC></script>") -> str:
        report = f"{service.base_url}/report/{service.key}"
        html = f"<!doctype html><html lang=en><head><title>A</title><script>{script}</script>TAG</head><body>{BODY}"
        path = path_of(request.node)
        pages.pages[path] = Stored(html.replace("TAG", tag).replace("SRC", loader).replace("REPORT", report).encode())
        return f"{pages.origin}{path}"

    return put


def _pressed(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(error.message))
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(address, wait_until="networkidle")
    page.locator("#said").select_text()
    page.keyboard.press("Control+Enter")
    return page, said


def _pressed_in_firefox(firefox: Firefox, address: str) -> None:
    firefox.open(address)
    firefox.wait_for("window[Symbol.for('corrections')]")
    firefox.run("document.getSelection().selectAllChildren(document.querySelector('#said'))")
    firefox.press("\ue009", "\ue007")


SUGGESTED = (
    "document.querySelector('corrections-dialog')?.shadowRoot.querySelector('dialog[open] [name=suggestion]')?.value"
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_key_works_or_the_plain_page_opens_whatever_a_page_calls_its_own(
    context: BrowserContext, put: Callable[..., str], service: Service, name: str
) -> None:
    script, is_dialog = SCRIPTS[name]
    page, _ = _pressed(context, put(script))
    if is_dialog:
        expect(dialog_of(page).locator("[name=suggestion]")).to_have_value(WORDS)
    else:
        page.wait_for_url(f"{service.base_url}/report/**")
        expect(page.locator("[name=exact]")).to_have_value(WORDS)


@pytest.mark.parametrize("name", [name for name, (_, is_dialog) in SCRIPTS.items() if is_dialog])
def test_which_part_is_asked_whatever_a_page_calls_its_own(
    context: BrowserContext, put: Callable[..., str], name: str
) -> None:
    page = context.new_page()
    page.goto(put(SCRIPTS[name][0]), wait_until="networkidle")
    page.click("#door")
    expect(dialog_of(page).get_by_label("Which part?")).to_be_focused()


@pytest.mark.parametrize("name", ["a variable called URL", "another Event", "another Promise, Map and Set"])
def test_the_shield_of_pointing_never_stays_whatever_a_page_calls_its_own(
    context: BrowserContext, put: Callable[..., str], name: str
) -> None:
    page = context.new_page()
    page.goto(put(SCRIPTS[name][0]), wait_until="networkidle")
    page.click("#door")
    dialog_of(page).locator("button[value=pick]").click()
    page.get_by_role("button", name="The harbour is open").click()
    expect(page.locator("corrections-dialog .shield")).to_have_count(0)
    expect(dialog_of(page).get_by_label("Which part?")).to_have_value("Headline: The harbour is open")


@pytest.mark.parametrize("name", TAGS)
def test_the_tag_works_as_optimisers_leave_it(context: BrowserContext, put: Callable[..., str], name: str) -> None:
    page, said = _pressed(context, put(tag=TAGS[name]))
    expect(dialog_of(page).locator("[name=suggestion]")).to_have_value(WORDS)
    expect(dialog_of(page)).to_have_count(1)
    assert [line for line in said if "favicon" not in line and "404" not in line] == []


@pytest.mark.parametrize("name", IN_FIREFOX)
def test_in_firefox_the_key_works_or_the_plain_page_opens(
    firefox: Firefox, put: Callable[..., str], service: Service, name: str
) -> None:
    script, is_dialog = SCRIPTS[name]
    _pressed_in_firefox(firefox, put(script))
    if is_dialog:
        assert firefox.wait_for(SUGGESTED) == WORDS
    else:
        firefox.wait_for(f"location.href.startsWith('{service.base_url}/report/') && document.readyState == 'complete'")
        assert firefox.run("return document.querySelector('[name=exact]').value") == WORDS


@pytest.mark.parametrize("name", ["without type=module", "twice, as both", "bundled with others' code"])
def test_in_firefox_the_tag_works_as_optimisers_leave_it(firefox: Firefox, put: Callable[..., str], name: str) -> None:
    _pressed_in_firefox(firefox, put(tag=TAGS[name]))
    assert firefox.wait_for(SUGGESTED) == WORDS
