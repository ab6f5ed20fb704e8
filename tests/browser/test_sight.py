"""The dialog magnified, in forced colours, without motion, in both directions, and as axe sees it (FEATURES A17)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.controls import (
    DARK,
    ORDER,
    TRANSLATIONS,
    filled,
    focused,
    only,
    said,
    tell_failure,
    tell_success,
    tree,
)
from tests.browser.pages import ARTICLE, dialog_of

# The reader's zoom makes the page's own pixels fewer and larger: 1280 x 1024 at 200 % and 400 %; a small telephone.
SCREENS = {"200 %": (640, 512, 2), "400 %": (320, 256, 4), "telephone": (320, 480, 2)}


SHOWN = """() => {
    const one = document.querySelector("corrections-dialog").shadowRoot.activeElement;
    const [box] = one.getClientRects(); // a link may go on in the next line
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const at = y => document.querySelector("corrections-dialog").shadowRoot.elementFromPoint(box.left + box.width / 2, y);
    return bottom - top > 8 && [top + 4, bottom - 4].some(y => one == at(y) || one.contains(at(y)));
}"""


@pytest.mark.parametrize("root_size", ["100%", "200%", "300%"])
@pytest.mark.parametrize("screen", SCREENS)
def test_magnified_every_control_is_reached_send_and_cancel_stay_and_nothing_is_scrolled_sideways(
    visit: Callable[..., Page], screen: str, root_size: str
) -> None:
    page = visit(ARTICLE.replace("</head>", f"<style>html{{font-size:{root_size}}}</style></head>"))
    width, height, scale = SCREENS[screen]
    session = page.context.new_cdp_session(page)
    metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", metrics)
    for state in (filled, tell_failure):
        state(page)
        dialog = dialog_of(page)
        assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth && dialog.offsetWidth <= innerWidth")
        dialog.locator("[name=suggestion]").focus()
        hidden = []
        for name in ORDER[1:]:
            page.keyboard.press("Tab")
            if not page.evaluate(SHOWN):
                hidden.append(name)
        assert hidden == []
        for value in ("send", "cancel"):
            expect(dialog.locator(f"button[value={value}]")).to_be_in_viewport(ratio=1)
    tell_success(page)
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    for _ in range(5):
        page.keyboard.press("Tab")
        assert not focused(page) or page.evaluate(SHOWN)


RING = """() => {
    const one = document.querySelector("corrections-dialog").shadowRoot.activeElement;
    if (!one) return true;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    return outlineStyle != "none" && parseFloat(outlineWidth) >= 1 && !/, 0\\)/.test(outlineColor);
}"""


WITHOUT_BORDER = """dialog => [dialog, ...dialog.querySelectorAll("input,textarea,select,button")].filter(one => {
    const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor, appearance } = getComputedStyle(one);
    return one.checkVisibility() && one.value != "options" && one.type != "checkbox"
        && !(borderTopStyle == "solid" && parseFloat(borderTopWidth) >= 1 && borderTopColor != backgroundColor);
}).map(one => one.name || one.value || one.localName)"""


@pytest.mark.parametrize("look", ["light", "dark", "forced colours", "forced dark colours"])
def test_borders_and_the_ring_of_the_focus_are_seen(visit: Callable[..., Page], look: str) -> None:
    page = visit(ARTICLE.replace("</head>", DARK if look == "dark" else "</head>"))
    page.emulate_media(
        forced_colors="active" if "forced" in look else "none", color_scheme="dark" if "dark" in look else "light"
    )
    for state in (filled, tell_failure, tell_success):
        state(page)
        assert dialog_of(page).evaluate(WITHOUT_BORDER) == []
        without = []
        for _ in range(14):
            page.keyboard.press("Tab")
            if not page.evaluate(RING):
                without.append(focused(page))
        assert without == []
        if state is filled:
            dialog_of(page).locator("[name=suggestion]").focus()


MOVING = """dialog => [
    ...[...document.getAnimations(), ...dialog.getRootNode().getAnimations()].filter(one => one.effect.getKeyframes().length),
    ...[dialog, ...dialog.querySelectorAll("*")].filter(one => {
        const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(one);
        return parseFloat(transitionDuration) > 0.001 || animationName != "none" || scrollBehavior == "smooth";
    }),
].map(String)"""


def test_nothing_moves_for_a_reader_who_wants_less_motion(article: Page) -> None:
    article.emulate_media(reduced_motion="reduce")
    for state in (filled, tell_failure, tell_success):
        state(article)
        assert dialog_of(article).evaluate(MOVING) == []


@pytest.mark.parametrize("language", ["en", "ar", "he", "de"])
def test_the_dialog_reads_in_the_direction_of_its_language(visit: Callable[..., Page], language: str) -> None:
    """A19."""
    is_rtl = language in ("ar", "he")
    page = visit(ARTICLE.replace('lang="en"', f'lang="{language}" dir="{"rtl" if is_rtl else "ltr"}"'))
    dialog = filled(page)
    assert dialog.evaluate("dialog => getComputedStyle(dialog).direction") == ("rtl" if is_rtl else "ltr")

    def left(selector: str) -> float:
        box = dialog.locator(selector).bounding_box()
        assert box
        return box["x"]

    pairs = [("[value=send]", "[value=cancel]"), ("[name=wants_reply]", "[value=options]")]
    assert all((left(first) > left(second)) == is_rtl for first, second in pairs)
    words = json.loads((TRANSLATIONS / f"{language}.json").read_text())["dialog"]
    nodes = tree(page)
    only(nodes, "dialog", words["title"])
    only(nodes, "textbox", words["should"])
    only(nodes, "button", words["send"])


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("ar", "light"), ("he", "dark"), ("de", "light")])
def test_axe_finds_nothing_in_any_state_and_language(visit: Callable[..., Page], language: str, scheme: str) -> None:
    """A17, A19."""
    html = ARTICLE.replace('lang="en"', f'lang="{language}" dir="{"rtl" if language in ("ar", "he") else "ltr"}"')
    page = visit(html.replace("</head>", DARK if scheme == "dark" else "</head>"))
    page.keyboard.press("Control+Enter")
    expect(dialog_of(page).locator("[name=place]")).to_be_focused()
    assert violations(page, "corrections-dialog") == []
    page.keyboard.press("Escape")
    expect(dialog_of(page)).to_have_count(0)
    dialog = filled(page)
    dialog.locator("[name=comment]").fill("Write to bob@readers.example. " * 27)
    expect(dialog.locator(".personal")).not_to_be_empty()
    dialog.locator("button[value=options]").click()
    expect(dialog.locator("fieldset")).to_be_visible()
    assert violations(page, "corrections-dialog") == []
    page.keyboard.press("Escape")
    expect(said(page)).not_to_be_empty()
    assert violations(page, "corrections-dialog") == []
    tell_failure(page)
    assert violations(page, "corrections-dialog") == []
    tell_success(page)
    assert violations(page, "corrections-dialog") == []
