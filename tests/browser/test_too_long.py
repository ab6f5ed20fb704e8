"""Nothing that a reader types is ever cut: what is too long is said with the count at its field, and stays there."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from corrections_service.rules.catalogue import catalogue_in
from corrections_service.rules.fields import LIMITS
from tests.browser.pages import ARTICLE, FIGURE, REFERENCE, WORDS, Pages, dialog_of, heard, opened, shut_off
from tests.browser.typed import again, reloaded, said, stored
from tests.running import Service

MORE = 27
IN_ARABIC = catalogue_in("ar")


def pasted(field: Locator, text: str) -> None:
    """Put a text in the place of what stands in a field, as a paste does."""
    field.focus()
    field.press("ControlOrMeta+a")
    field.page.keyboard.insert_text(text)


def asked(page: Page, name: str) -> tuple[Locator, Locator]:
    """The dialog with this field, and the field; a place is asked for where nothing is selected."""
    if name == "place":
        page.click("#door")
    else:
        opened(page)
    return dialog_of(page), dialog_of(page).locator(f"[name={name}]")


@pytest.mark.parametrize("name", ["place", "suggestion", "comment"])
def test_a_paste_that_is_too_long_stays_whole_in_the_dialog_and_says_how_many_are_too_many(
    article: Page, service: Service, name: str
) -> None:
    most = LIMITS[name]
    text = "word " * (most // 5) + "w" * MORE
    dialog, field = asked(article, name)
    pasted(field, text)
    told = f"{most + MORE} / {most}. Too many characters: {MORE}"
    expect(dialog.get_by_text(told)).to_be_visible()
    assert field.input_value() == text
    expect(field).to_have_accessible_description(
        f"{'The words that are wrong, or “the chart” ' * (name == 'place')}{told}"
    )
    dialog.locator("button[value=send]").click()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.input_value() == text
    assert stored(service, article.url) == []
    pasted(field, text[:most])
    expect(dialog.get_by_text("Too many")).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    dialog.locator("button[value=send]").click()
    expect(said(dialog)).to_contain_text(REFERENCE)


def test_a_paste_of_more_than_a_request_holds_is_not_called_the_newsrooms_fault(article: Page) -> None:
    """A browser sends no such report when its page may be left meanwhile, and says only that it failed."""
    dialog, field = asked(article, "comment")
    text = "слово " * 30_000
    pasted(field, text)
    expect(dialog.get_by_text("Too many characters: 178999")).to_be_visible()
    dialog.locator("button[value=send]").click()
    expect(field).to_be_focused()
    assert "failed" not in [what for what, _ in heard(article)]
    assert field.input_value() == text
    article.keyboard.press("Escape")
    article.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    dialog = again(article)
    assert dialog.locator("[name=comment]").input_value() == text


def test_what_was_too_long_before_the_page_was_loaded_anew_is_said_to_be_so_again(article: Page) -> None:
    dialog, field = asked(article, "comment")
    pasted(field, "x" * (LIMITS["comment"] + MORE))
    expect(dialog.get_by_text(f"Too many characters: {MORE}")).to_be_visible()
    dialog = reloaded(article)
    expect(dialog.get_by_text(f"Too many characters: {MORE}")).to_be_visible()
    assert len(dialog.locator("[name=comment]").input_value()) == LIMITS["comment"] + MORE


def test_the_count_is_the_services_of_whole_characters_without_the_spaces_around_them(
    article: Page, service: Service
) -> None:
    """Faces of two halves, line ends and decomposed letters count once; a text that just fits is taken."""
    dialog, field = asked(article, "comment")
    text = "  " + "😀e\u0301\n" * (LIMITS["comment"] // 3) + "x \n\n"
    pasted(field, text)
    expect(dialog.get_by_text("1000 / 1000")).to_be_visible()
    dialog.locator("button[value=send]").click()
    expect(said(dialog)).to_contain_text(REFERENCE)
    [report] = stored(service, article.url)
    assert len(report["comment"]) == LIMITS["comment"]


def test_a_quote_that_grows_when_it_is_composed_is_never_too_long_to_be_left_as_it_is(
    visit: Callable[..., Page], service: Service
) -> None:
    """Hindi's letters with a dot below become two characters each."""
    page = visit(ARTICLE.replace("</main>", f"<p id='long'>{'क़लम ' * 480}</p></main>"))
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#long'))")
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    dialog.locator("[name=comment]").fill("All of this.")
    dialog.locator("button[value=send]").click()
    expect(said(dialog)).to_contain_text(REFERENCE)
    assert len(stored(service, page.url)) == 1


def test_pointing_at_something_cuts_nothing_that_was_typed_before(visit: Callable[..., Page]) -> None:
    page = visit(ARTICLE.replace("</main>", FIGURE.replace("The king at lunch, 1987", "The king at lunch. " * 40)))
    dialog, field = asked(page, "place")
    typed = "word " * 55 + "the end"
    pasted(field, typed)
    dialog.get_by_role("button", name="Point at it").click()
    page.locator("corrections-dialog .choice[aria-label^=Photo]").click()
    expect(field).to_be_focused()
    assert field.input_value().startswith(f"{typed} – Photo: The king at lunch. ")
    assert field.input_value().endswith("…")
    expect(dialog.get_by_text("Too many characters: ")).to_be_visible()


@pytest.mark.parametrize("name", ["place", "suggestion", "comment"])
def test_a_paste_that_is_too_long_stays_whole_in_the_plain_form_and_says_how_many_are_too_many(
    browser: Browser, service: Service, pages: Pages, name: str
) -> None:
    most = LIMITS[name]
    text = "word " * (most // 5) + "w" * MORE
    context = shut_off(browser, viewport={"width": 360, "height": 640})
    page = context.new_page()
    marked = "" if name == "place" else f"&exact={quote(WORDS)}"
    page.goto(f"{service.base_url}/report/{service.key}?url={quote(pages.origin + '/plain')}{marked}")
    field = page.locator(f"#{name}")
    pasted(field, text)
    expect(page.locator(f"#{name}-count")).to_have_text(f"{most + MORE:,} / {most:,}. Too many characters: {MORE}")
    assert field.input_value() == text
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Not sent yet")
    expect(page.locator(f"#{name}-error")).to_have_text(
        f"At most {most:,} characters, please. ({most + MORE:,} / {most:,})"
    )
    assert field.input_value() == text
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_the_plain_form_counts_in_the_readers_language(browser: Browser, service: Service, pages: Pages) -> None:
    context = shut_off(browser)
    page = context.new_page()
    page.goto(f"{service.base_url}/report/{service.key}?lang=ar&url={quote(pages.origin + '/plain')}")
    pasted(page.locator("#comment"), "x" * (LIMITS["comment"] + MORE))
    count = page.locator("#comment-count")
    expect(count).to_contain_text(IN_ARABIC("dialog.tooLong", "").strip("\u2068\u2069 "))
    pasted(page.locator("#comment"), "x" * 20_000)
    assert page.locator("#comment").evaluate("field => field.validationMessage") == IN_ARABIC("pages.error_too_large")
    context.close()
