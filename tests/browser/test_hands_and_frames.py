"""The button comes when a finger selects, on whatever screen and in whatever frame of the site; what the dialog shows of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import ARTICLE, PHONE, REFERENCE, SELECT, WORDS, dialog_of, highlight
from tests.browser.sending import stored
from tests.running import Service

BOTH = {"viewport": {"width": 1200, "height": 800}, "has_touch": True}
FRAME = ARTICLE.replace(
    "</main>",
    "<iframe width=300 height=300 srcdoc='<p id=said>The frame was opend in 1990 too, they say.</p>'></iframe></main>",
)


@pytest.mark.parametrize("context", [BOTH], ids=["mouse and touch"], indirect=True)
def test_on_a_screen_with_mouse_and_touch_the_button_comes_when_the_finger_selects(visit: Callable[..., Page]) -> None:
    """And not when the mouse does: what counts is what was pressed last."""
    page = visit()
    offer = page.locator("corrections-dialog .offer")
    page.locator("#first").tap()
    highlight(page)
    expect(offer).to_be_visible()
    page.locator("h1").click()
    page.evaluate("getSelection().removeAllRanges()")
    expect(offer).to_have_count(0)
    # The service's own answer, as the button would be asked for now.
    page.locator("h1").click()
    highlight(page)
    page.evaluate(
        "new Promise(done => setTimeout(() => requestAnimationFrame(done), 700))"
    )  # later than the button's turn
    expect(offer).to_have_count(0)


@pytest.mark.parametrize("context", [PHONE, BOTH], ids=["phone", "mouse and touch"], indirect=True)
def test_the_button_comes_for_words_in_a_frame_of_the_site(visit: Callable[..., Page], service: Service) -> None:
    """Below the words, where the frame shows them; and the dialog has them."""
    page = visit(FRAME)
    frame = page.frames[1]
    frame.locator("#said").tap()
    frame.evaluate(SELECT, ["#said", "was opend"])
    offer = page.locator("corrections-dialog .offer")
    expect(offer).to_be_visible()
    words, box = frame.locator("#said").bounding_box(), offer.bounding_box()
    assert words
    assert box
    assert box["y"] > words["y"]
    offer.tap()
    dialog = dialog_of(page)
    expect(dialog.locator("mark")).to_have_text("was opend")
    dialog.locator("button[value=send]").tap()
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    assert stored(service, dialog.locator("[role=status]").inner_text())["exact"] == "was opend"


CHANGES = {
    "Chinese": ("zh", "昨天下午，国王在大雨中为新桥揭幕，随后返回首都。", "国王", "国主", ["王"], ["主"]),
    "two in Chinese": ("zh", "昨天下午，国王在大雨中为新桥揭幕，随后返回首都。", "为新桥揭幕", "为旧桥开幕", ["新", "揭"], ["旧", "开"]),
    "Japanese": ("ja", "橋は1987年に開通した。", "橋は1987年に開通した", "橋は1978年に開通した", ["1987"], ["1978"]),
    "Thai": ("th", "กษัตริย์ทรงเปิดสะพานในวันจันทร์", "สะพาน", "สะพาย", ["น"], ["ย"]),
    "English": ("en", "The bridge was opend in 1987 by the king.", "was opend in 1987 by", "was opened in 1978 by", ["opend", "1987"], ["opened", "1978"]),
    "Korean": ("ko", "왕이 다리를 열었다 그리고 떠났다.", "다리를 열었다", "다리를 닫았다", ["열었다"], ["닫았다"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_the_difference_is_shown_by_character_where_words_have_no_spaces(visit: Callable[..., Page], name: str) -> None:
    """As at the desk; by words everywhere else."""
    language, said, before, after, struck, written = CHANGES[name]
    page = visit(f'<!doctype html><html lang="{language}"><title>T</title><p id=first>{said}</p></html>')
    highlight(page, before)
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    dialog.locator("[name=suggestion]").fill(after)
    expect(dialog.locator(".diff del")).to_have_text(struck)
    expect(dialog.locator(".diff ins")).to_have_text(written)
    dialog.locator("[name=suggestion]").fill(before)
    expect(dialog.locator(".diff")).to_be_hidden()


COLOURS = {
    "oklch(.97 0 0)": "dark",
    "oklch(.2 .05 250)": "light",
    "lab(95% 0 0)": "dark",
    "lch(15% 10 90)": "light",
    "oklab(.9 .01 .01)": "dark",
    "color(srgb .95 .95 .9)": "dark",
    "color(display-p3 .1 .1 .1)": "light",
    "color(xyz-d65 .8 .85 .9)": "dark",
    "color-mix(in oklch, white 90%, black)": "dark",
    "hsl(0 0% 95%)": "dark",
    "rgb(20 20 20 / 90%)": "light",
}


@pytest.mark.parametrize("colour", COLOURS)
def test_a_dark_page_has_the_dark_dialog_however_it_writes_its_colours(visit: Callable[..., Page], colour: str) -> None:
    """What its words look like decides."""
    page = visit(ARTICLE.replace("</head>", f"<style>body {{ color: {colour} }}</style></head>"))
    highlight(page, WORDS)
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    expect(dialog.locator("h2")).to_be_visible()
    assert dialog.evaluate("dialog => dialog.style.colorScheme") == COLOURS[colour]
