"""Each way into the dialog, and what it knows before and after: FEATURES A2, A4, A7, A16, A18 to A24, in a real browser."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import (
    ARTICLE,
    EVENTS,
    FIGURE,
    FOR_SCREENS,
    PHONE,
    REFERENCE,
    WORDS,
    Pages,
    at_desk_and_in_hand,
    dialog_of,
    heard,
    highlight,
    open_from_a_frame,
    opened,
    send_by_key,
    shut_off,
)
from tests.browser.sending import sent, stored
from tests.measures import wait_in
from tests.running import Service

RTL = ARTICLE.replace('<html lang="en">', '<html lang="ar" dir="rtl">')


ENDLESS = """<!doctype html><html lang="en"><head><title>The first – News</title></head><body>
<article><h2><a rel="bookmark" href="/first#top">The first</a></h2><p id="first">The bridge was opend in 1987 by the king, in the rain.</p></article>
<article><h2><a rel="bookmark" href="/second">The second</a></h2><p id="second">The ferry was late agian on Monday, and nobody said why.</p></article>
</body></html>"""


@pytest.fixture
def phone(browser: Browser, visit: Callable[..., Page], service: Service, pages: Pages) -> Callable[..., Page]:
    """Opens a page of the newspaper in a reader's hand."""

    def open_page(html: str = ARTICLE) -> Page:
        page = visit(html)
        address = page.url
        page.close()
        held = shut_off(browser, **PHONE).new_page()
        held.add_init_script(EVENTS)
        held.goto(address)
        wait_in(held, "window[Symbol.for('corrections')]")
        return held

    return open_page


@pytest.mark.parametrize(
    "html",
    [page.replace(FOR_SCREENS, fits) for page in (ARTICLE, RTL) for fits in (FOR_SCREENS, "")],
    ids=["ltr", "ltr and wide", "rtl", "rtl and wide"],
)
def test_on_a_phone_a_button_below_the_selection_opens_the_dialog(phone: Callable[..., Page], html: str) -> None:
    """A4: after a finished selection, 44 px high, clear of the handles, within what is seen of the page, and gone with it."""
    page = phone(html)
    offer = page.locator("corrections-dialog .offer")
    page.locator("#first").tap()
    highlight(page)
    expect(offer).to_be_visible()
    box, words = offer.bounding_box(), page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    assert box
    assert box["height"] >= 44
    assert box["y"] >= words["bottom"] + 24
    seen = page.evaluate("(({ offsetLeft: left, width }) => ({ left, right: left + width }))(visualViewport)")
    assert box["x"] >= seen["left"]
    assert box["x"] + box["width"] <= seen["right"]
    assert page.evaluate("document.documentElement.scrollWidth") <= seen["right"] - seen["left"]
    page.evaluate("getSelection().removeAllRanges()")
    expect(offer).to_have_count(0)
    highlight(page)
    offer.tap()
    dialog = dialog_of(page)
    expect(dialog.locator("mark")).to_have_text(WORDS)
    expect(offer).to_have_count(0)
    dialog.locator("button[value=send]").tap()
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    page.context.close()


def test_a_tap_alone_and_a_selection_at_a_desk_bring_no_button(phone: Callable[..., Page], article: Page) -> None:
    """A4, A8: the button comes with a selection, and only where there are no keys."""
    held = phone()
    held.locator("#first").tap()
    held.locator("h1").tap()
    highlight(article)
    wait_in(article, "performance.getEntriesByType('resource').some(one => one.name.includes('dialog.js'))")
    expect(article.locator("corrections-dialog .offer")).to_have_count(0)
    expect(held.locator("corrections-dialog .offer")).to_have_count(0)
    held.context.close()


def test_a_reader_switches_the_key_off_and_the_link_still_opens(article: Page) -> None:
    """A7: remembered in this browser, and undone the same way."""
    dialog = opened(article)
    dialog.get_by_role("button", name="Options").click()
    dialog.get_by_label("Open this with Ctrl + Enter").uncheck()
    article.keyboard.press("Escape")
    expect(dialog_of(article)).to_have_count(0)
    for _ in range(2):
        highlight(article)
        article.keyboard.press("Control+Enter")
        article.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        expect(dialog_of(article)).to_have_count(0)
        article.reload()
        wait_in(article, "window[Symbol.for('corrections')]")
    article.click("#door")
    dialog = dialog_of(article)
    dialog.get_by_role("button", name="Options").click()
    dialog.get_by_label("Open this with Ctrl + Enter").check()
    dialog.locator("button[value=cancel]").click()
    expect(dialog_of(article)).to_have_count(0)
    assert article.evaluate("localStorage.getItem('corrections:off')") is None
    opened(article)


def test_a_reader_switches_the_button_off(phone: Callable[..., Page]) -> None:
    """A7."""
    page = phone()
    highlight(page)
    page.locator("corrections-dialog .offer").tap()
    dialog = dialog_of(page)
    dialog.get_by_role("button", name="Options").tap()
    dialog.get_by_label("Show the button at selected words").uncheck()
    dialog.locator("button[value=cancel]").tap()
    expect(dialog_of(page)).to_have_count(0)
    page.evaluate("getSelection().removeAllRanges()")
    page.evaluate(
        "window.changes = 0; document.addEventListener('selectionchange', () => setTimeout(() => changes++, 700))"
    )
    highlight(page)
    wait_in(page, "changes > 0")
    expect(page.locator("corrections-dialog .offer")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize(("platform", "key"), [("MacIntel", "⌘ + Enter"), ("Win32", "Ctrl + Enter")])
def test_the_caption_and_the_options_show_the_reader_s_own_key(
    visit: Callable[..., Page], context: object, platform: str, key: str
) -> None:
    """A2."""
    context.add_init_script(f"Object.defineProperty(navigator, 'platform', {{ get: () => '{platform}' }})")  # type: ignore[attr-defined]
    page = visit(ARTICLE.replace("</main>", "<p>Press <kbd data-corrections-key>Ctrl + Enter</kbd></p></main>"))
    expect(page.locator("[data-corrections-key]")).to_have_text(key)
    dialog = opened(page)
    dialog.get_by_role("button", name="Options").click()
    expect(dialog.get_by_label(f"Open this with {key}")).to_be_checked()


def test_a_phone_points_with_a_finger(phone: Callable[..., Page]) -> None:
    """A22."""
    page = phone(ARTICLE.replace("</main>", FIGURE))
    page.locator("#door").tap()
    dialog = dialog_of(page)
    dialog.get_by_role("button", name="Point at it").tap()
    page.locator("corrections-dialog").get_by_role("button", name=re.compile("^Photo: ")).tap()
    expect(dialog.locator("[name=place]")).to_have_value("Photo: The king at lunch, 1987")
    page.context.close()


@at_desk_and_in_hand
def test_a_long_selection_is_cut_and_says_so(visit: Callable[..., Page], service: Service) -> None:
    """A16, D01: with its length and the hash of all of it."""
    long = " ".join(f"word{number}" for number in range(1500))
    page = visit(ARTICLE.replace("</main>", f"<p id='long'>{long}</p></main>"))
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#long'))")
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    expect(dialog.get_by_text("Only the first part")).to_be_visible()
    wait_in(page, "crypto.subtle !== undefined")
    report = stored(service, sent(page, dialog))
    assert report["exact"] == long[:2000]
    assert report["exact_length"] == len(long)
    assert report["exact_sha256"] == hashlib.sha256(long.encode()).hexdigest()


@at_desk_and_in_hand
@pytest.mark.parametrize("backward", [False, True])
def test_any_selection_is_the_words_it_marks_and_is_given_back(article: Page, backward: bool) -> None:
    """A16, A20: repeated words too: the context tells which."""
    article.evaluate(
        """backward => {
            const [node] = document.querySelector("#first").childNodes;
            const at = node.data.indexOf("the king"), ends = [at, at + 8];
            const [from, to] = backward ? ends.reverse() : ends;
            getSelection().setBaseAndExtent(node, from, node, to);
        }""",
        backward,
    )
    article.keyboard.press("Control+Enter")
    dialog = dialog_of(article)
    expect(dialog.locator("mark")).to_have_text("the king")
    article.keyboard.press("Escape")
    expect(dialog_of(article)).to_have_count(0)
    assert article.evaluate("getSelection().toString()") == "the king"


def test_what_was_selected_while_the_dialog_closed_stays_selected(article: Page) -> None:
    """A20: giving the words back comes later than closing, and overwrote what the reader had marked by then."""
    dialog = opened(article)
    article.evaluate(
        """words => {
            document.querySelector("corrections-dialog").shadowRoot?.querySelector("dialog")?.close();
            getSelection().selectAllChildren(document.querySelector("h1"));
        }"""
    )
    expect(dialog).to_have_count(0)
    assert article.evaluate("getSelection().toString()") == "The bridge"
    article.keyboard.press("Control+Enter")
    expect(dialog_of(article).locator("mark")).to_have_text("The bridge")


@at_desk_and_in_hand
@pytest.mark.parametrize(
    ("words", "where", "path", "title"),
    [("opend", "#first", "/first", "The first"), ("agian", "#second", "/second", "The second")],
)
def test_in_an_endless_page_the_report_is_about_the_article_that_holds_the_words(
    visit: Callable[..., Page], service: Service, pages: Pages, words: str, where: str, path: str, title: str
) -> None:
    """A21, L08."""
    page = visit(ENDLESS)
    highlight(page, words, where)
    page.keyboard.press("Control+Enter")
    report = stored(service, sent(page, dialog_of(page)))
    assert (report["url"], report["title"]) == (f"{pages.origin}{path}", title)


@at_desk_and_in_hand
def test_after_a_change_of_address_without_a_load_the_report_is_about_the_new_one(
    visit: Callable[..., Page], service: Service, pages: Pages
) -> None:
    """A21, L08: the canonical address of the first article is left over, and not believed."""
    page = visit(ARTICLE.replace("</head>", '<link rel="canonical" href="/canonical"></head>'))
    opened(page)
    assert stored(service, sent(page, dialog_of(page)))["url"] == f"{pages.origin}/canonical"
    page.keyboard.press("Escape")
    page.evaluate("history.pushState({}, '', '/another')")
    opened(page)
    assert stored(service, sent(page, dialog_of(page)))["url"] == f"{pages.origin}/another"


def test_words_in_a_component_and_in_a_frame_of_the_site_are_quoted(
    visit: Callable[..., Page], service: Service
) -> None:
    """A16, L06: the page itself has nothing selected then."""
    page = visit(
        ARTICLE.replace(
            "</main>",
            "<x-card></x-card><p>More.</p><iframe srcdoc='<p>The frame was opend in 1990 too.</p>'></iframe></main>",
        )
    )
    page.evaluate(
        """() => {
            const root = document.querySelector("x-card").attachShadow({ mode: "open" });
            root.append(Object.assign(document.createElement("p"), { textContent: "The card was opend in 1988, they say." }));
        }"""
    )
    page.locator("x-card p").click(click_count=3)
    page.keyboard.press("Control+Enter")
    report = stored(service, sent(page, dialog_of(page)))
    assert report["exact"] == "The card was opend in 1988, they say."
    page.keyboard.press("Escape")
    frame = page.frame_locator("iframe").locator("p")
    frame.click(click_count=3)
    open_from_a_frame(page)
    report = stored(service, sent(page, dialog_of(page)))
    assert report["exact"] == "The frame was opend in 1990 too."


def test_the_whole_script_in_one_file_is_pinned_by_its_hash(
    visit: Callable[..., Page], service: Service, pages: Pages
) -> None:
    """A18: under a strict policy, with Trusted Types; nothing else is loaded, and all parts are there."""
    tag = re.search(r"<script[^>]*integrity=.*?</script>", service.console("site", "show", "News", "--pinned", "en"))
    assert tag
    policy = (
        f"default-src 'none'; script-src {service.base_url}; connect-src {service.base_url}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    before, pages.tag = pages.tag, tag[0]
    try:
        page = visit(Content_Security_Policy=policy)
    finally:
        pages.tag = before
    page.click("#door")
    dialog = dialog_of(page)
    dialog.get_by_role("button", name="Point at it").click()
    page.keyboard.press("Escape")
    dialog.locator("[name=place]").fill("the photo")
    sent(page, dialog)
    assert [what for what, _ in heard(page)] == ["open", "stored"]
    scripts = page.evaluate(
        "performance.getEntriesByType('resource').filter(one => one.initiatorType == 'script').map(one => one.name)"
    )
    assert [one.partition("?")[2] for one in scripts] == [f"site={service.key}"]


def test_only_the_language_of_the_page_is_loaded(visit: Callable[..., Page]) -> None:
    """A19."""
    page = visit(ARTICLE.replace('lang="en"', 'lang="pt-BR"'))
    with page.expect_request("**/api/v1/reports") as request:
        highlight(page)
        page.keyboard.press("Control+Enter")
        expect(dialog_of(page).locator("h2")).to_have_text("Comunicar um erro")
        send_by_key(page)
    assert parse_qs(request.value.post_data or "")["lang"] == ["pt-BR"]
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').filter(one => one.name.includes('/embed/')).length"
    )
    assert loaded == 2
