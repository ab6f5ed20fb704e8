"""The desk in other languages, in a real browser: triaged by keyboard, aligned, and with no English left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from corrections_service.rules.catalogue import LANGUAGES, desk_in, direction

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
NARROW, TABLET = {"width": 1100, "height": 800}, {"width": 800, "height": 1000}

OWN_WORDS = """() => {
    const ours = [];
    const foreign = "[dir=auto], bdi, kbd, script, style, .who, .here, strong, [lang]:not(html), del, ins, mark";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest(foreign)) ours.push(walker.currentNode.nodeValue);
    }
    for (const one of document.querySelectorAll("[aria-label], [placeholder], [data-name]")) {
        if (one.closest("[dir=auto]") && !one.matches("textarea, input")) continue;
        ours.push(one.getAttribute("aria-label"), one.getAttribute("placeholder"), one.getAttribute("data-name"));
    }
    return ours.filter(Boolean);
}"""
"""What a page says itself: not what readers, articles and people are called or wrote."""

NO_WORDS = {
    "UTC",
    "CMS",
    "CSV",
    "Ctrl",
    "Enter",
    "Demo",
    "is",
    "section",
    "by",
    "Europe",
    "spam",
    "en",
    "uk",
    "de",
    "ar",
}
"""What is written in Latin letters in every language: keys, codes, filters as they are typed."""

PEOPLE = ("The Harbour Gazette", "Jonas Eide")
"""What the demo's publication and its people are called."""


@pytest.fixture(scope="module")
def signed_in(demo: dict[str, str], browser: Browser) -> Any:
    """What a browser keeps of an editor who came by the demo's link."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(demo["dashboard"])
        page.get_by_role("button").click()
        expect(page).to_have_url(re.compile("/queue$"))
        return context.storage_state()


@pytest.fixture
def visit(demo: dict[str, str], browser: Browser, signed_in: Any) -> Iterator[Callable[..., Page]]:
    """Opens the desk in a browser of its own, in a language that is chosen on the account's page."""
    opened: list[BrowserContext] = []
    desk = "/".join(demo["dashboard"].split("/")[:3])

    def visit(language: str, **options: Any) -> Page:
        context = browser.new_context(storage_state=signed_in, **options)
        opened.append(context)
        page = context.new_page()
        page.goto(f"{desk}/account")
        page.locator("#language").select_option(language)
        page.locator("button[value=save]").click()
        page.goto(f"{desk}/queue")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("dir", direction(language))
        return page

    yield visit
    for context in opened:
        context.close()


def english(page: Page) -> set[str]:
    """The words in Latin letters that a page says itself."""
    shown = re.sub(r"\S*@\S+", "", " ".join(page.evaluate(OWN_WORDS)))
    for name in PEOPLE:
        shown = shown.replace(name, "")
    return set(re.findall(r"[A-Za-z]{2,}", shown)) - NO_WORDS


@pytest.mark.parametrize("language", ["uk", "ar"])
def test_a_case_is_triaged_by_keyboard_and_no_english_is_left(visit: Callable[..., Page], language: str) -> None:
    page, say = visit(language, viewport=DESKTOP), desk_in(language)
    expect(page.locator("#list-title")).to_have_text(say("desk.views.inbox"))
    assert english(page) == set()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("main[data-case]")).to_be_visible()
    expect(page.locator("#decide h2")).to_have_text(say("desk.case.decide"))
    assert english(page) == set()
    page.keyboard.press("?")
    expect(page.locator("#commands [role=option]").first).to_contain_text(say("desk.script.move"))
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.keyboard.press("1")
    expect(page.locator(".toast")).to_contain_text(
        say("desk.done.decide", name=say("desk.decisions.name_not_an_error"))
    )
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text(say("desk.done.undo"))
    assert english(page) == set()


KEYS_IN_ORDER = """() => [...document.querySelectorAll("#commands kbd")].flatMap(one => {
    const range = document.createRange(), text = one.firstChild;
    const left = (at) => (range.setStart(text, at), range.setEnd(text, at + 1), range.getBoundingClientRect().left);
    return text.length == 3 ? [left(0) < left(2)] : [];
})"""
"""Of each two keys that are pressed one after the other, whether the first stands first."""


def test_keys_that_are_pressed_in_turn_stand_in_their_order_right_to_left_too(visit: Callable[..., Page]) -> None:
    """Kind: what is pressed as 3 and then 1 was shown as 1 and then 3, while letters stood in their order."""
    page = visit("ar", viewport=DESKTOP)
    page.locator("[data-rows] [data-case] a").first.click()
    expect(page.locator("#decide")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator("#commands kbd").first).to_be_visible()
    in_order = page.evaluate(KEYS_IN_ORDER)
    assert len(in_order) > 12
    assert all(in_order)
    bidi = page.locator("#decide .choice").first.evaluate("one => getComputedStyle(one, '::after').unicodeBidi")
    assert bidi == "plaintext"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_rows_that_read_from_the_right_are_aligned_and_fit(visit: Callable[..., Page], viewport: Any) -> None:
    page = visit("ar", viewport=viewport)
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("[data-rows] .row .words")].map(one => one.getBoundingClientRect().right)"""
    )
    assert len(boxes) > 2
    assert max(boxes) - min(boxes) < 2
    aligned = page.evaluate(
        """() => [...document.querySelectorAll("[data-rows] .row .words")].map(one => getComputedStyle(one).textAlign)"""
    )
    assert set(aligned) == {"right"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


REASONS = """() => [...document.querySelectorAll("[data-rows] .where")].map(where => {
    const box = where.getBoundingClientRect();
    return [...where.querySelectorAll(".why")].flatMap(one => {
        const {top, left, right} = one.getBoundingClientRect();
        return top > box.bottom - 2 ? [] : [one.scrollWidth <= one.clientWidth && left >= box.left - 1 && right <= box.right + 1];
    });
})"""
"""Of each row, whether each reason that is seen for its place in the list is seen whole."""


@pytest.mark.parametrize("language", ["en", "de", "uk", "ar"])
@pytest.mark.parametrize("width", [360, 1100, 1440])
def test_what_speaks_for_a_case_is_seen_whole_in_its_row_or_not_at_all(
    visit: Callable[..., Page], width: int, language: str
) -> None:
    """Kind: a reason of which a letter and three dots are left says nothing, and takes the headline's room."""
    page = visit(language, viewport={"width": width, "height": 800})
    rows = page.evaluate(REASONS)
    assert sum(map(bool, rows)) > 1
    assert all(is_whole for row in rows for is_whole in row)
    heights = page.evaluate("[...document.querySelectorAll('[data-rows] .where')].map(one => one.offsetHeight)")
    assert max(heights) < 30, "one line each"


def test_a_reason_stands_right_behind_a_headline_that_leaves_it_room(visit: Callable[..., Page]) -> None:
    page = visit("en", viewport={"width": 1440, "height": 800})
    roomy = page.evaluate("""() => [...document.querySelectorAll("[data-rows] .headline")]
        .filter(one => one.scrollWidth <= one.clientWidth)
        .map(one => { const r = document.createRange(); r.selectNodeContents(one);
            return one.getBoundingClientRect().right - r.getBoundingClientRect().right; })""")
    assert roomy
    assert max(roomy) < 2


def test_names_among_the_figures_that_are_cut_keep_their_beginning(visit: Callable[..., Page]) -> None:
    page = visit("ar", viewport={"width": 360, "height": 740})
    page.goto(page.url.partition("/queue")[0] + "/reports")
    names = page.locator(".ranking .name")
    english = names.filter(has_text="A library for the island").first
    assert english.evaluate("one => [getComputedStyle(one).direction, getComputedStyle(one).textAlign]") == [
        "ltr",
        "right",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exits_stand_on_one_line_and_nothing_of_the_frame_is_cut(visit: Callable[..., Page], language: str) -> None:
    page = visit(language, viewport=DESKTOP)
    page.locator("[data-rows] [data-case] a").first.click()
    for viewport in (DESKTOP, NARROW, TABLET, PHONE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        expect(page.locator("main[data-case] .exits")).to_be_visible()
        exits = "[...document.querySelectorAll('.exits .exit')].map(exit => exit.getBoundingClientRect().top)"
        tops = page.evaluate(exits)
        assert len(tops) > 3
        assert max(tops) - min(tops) < 2, viewport
        assert page.evaluate("(bar => bar.scrollWidth <= bar.clientWidth)(document.querySelector('.exits'))"), viewport
        expect(page.locator(".me button")).to_be_in_viewport(ratio=1)
        title = page.locator("#list-title")
        assert viewport == PHONE or title.evaluate("one => one.offsetWidth && one.scrollWidth <= one.clientWidth")


LINES_OF_FACTS = """() => {
    const facts = [...document.querySelectorAll(".facts-line li")];
    const list = facts[0].parentElement;
    const begins = (one) => getComputedStyle(list).direction == "rtl"
        ? list.getBoundingClientRect().right - one.getBoundingClientRect().right
        : one.getBoundingClientRect().left - list.getBoundingClientRect().left;
    return {
        lines: new Set(facts.map(one => one.offsetTop)).size,
        ends: facts.map(one => getComputedStyle(one, "::after").content).filter(content => content != "none"),
        firsts: facts.filter((one, at) => one.offsetTop != facts[at - 1]?.offsetTop).map(begins),
        cut: getComputedStyle(list).overflowX,
    };
}"""
"""How the facts of a case stand in lines: what stands behind them, where the first of each line begins."""


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_line_of_facts_begins_or_ends_with_what_stands_between_two(
    visit: Callable[..., Page], viewport: Any, language: str
) -> None:
    page = visit(language, viewport=viewport)
    page.locator("[data-rows] [data-case] a").first.click()
    expect(page.locator("main[data-case]")).to_be_visible()
    seen = page.evaluate(LINES_OF_FACTS)
    assert seen["lines"] > 1
    assert (seen["ends"], seen["cut"]) == ([], "clip")
    assert max(seen["firsts"]) < 4
    assert page.locator(".crumbs .state").evaluate("one => one.getClientRects().length") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_above_a_small_screen_is_low_and_all_there(visit: Callable[..., Page], language: str) -> None:
    page, say = visit(language, viewport=PHONE), desk_in(language)
    assert page.locator(".bar").evaluate("bar => bar.offsetHeight") < 100
    for key in ("queue", "figures", "settings", "account"):
        name = say(f"desk.frame.{key}")
        expect(page.locator(".bar").get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
    expect(page.locator(".bar button")).to_be_in_viewport(ratio=1)
    expect(page.locator("#q")).to_be_in_viewport(ratio=1)
    assert page.locator("#q").evaluate("field => field.offsetWidth") > 90


def test_dates_and_counts_are_of_the_language(visit: Callable[..., Page]) -> None:
    page = visit("uk", viewport=DESKTOP)
    expect(page.locator("time").first).to_have_attribute(
        "title", re.compile(r"\d+\s[а-яіїє]+\.?\s\d{4}\sр\., \d\d:\d\d UTC")
    )
    page.locator("[data-rows] .pick input").first.check()
    expect(page.locator(".picked")).to_contain_text(re.compile("^1 справа · "))
