"""What an admin chooses in the settings is what readers find in the pages and on paper, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from corrections_service.rules.catalogue import direction, sentences
from tests.browser.pages import (
    ARTICLE,
    PHONE,
    REFERENCE,
    Pages,
    dialog_of,
    heard,
    highlight,
    publishing,
    served,
    shut_off,
)
from tests.browser.sending import sent, stored
from tests.running import Service

CAPTION = ARTICLE.replace("</main>", '<p class="mistape_caption">An error? Highlight it, <b>Ctrl+Enter</b>.</p></main>')
TITLE = """Tell "The News's" desk: </script> \\ `${1 + 1}` <b>now</b>"""


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    """A newspaper of its own, as its settings are changed."""
    with served() as server:
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[Service]:
    """The service of the newspaper whose pages these are."""
    with publishing(tmp_path_factory.mktemp("service"), pages) as service:
        yield service


@pytest.fixture(scope="module")
def admin(browser: Browser, service: Service) -> Iterator[Page]:
    """The browser of the first admin, who came by the link that the first run printed."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(service.sign_in)
        page.locator("main button").click()
        expect(page).to_have_url(f"{service.base_url}/queue")
        yield page


@pytest.fixture(scope="module")
def chosen(admin: Page, service: Service) -> None:
    """No key, Mistape's caption, and a title in the site's own words for English."""
    admin.goto(f"{service.base_url}/settings/sites/news")
    admin.get_by_label("Ctrl+Enter on selected words").uncheck()
    admin.get_by_label("Mistape’s caption opens our dialog").check()
    with admin.expect_navigation():
        admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_label("Ctrl+Enter on selected words")).not_to_be_checked()
    expect(admin.get_by_label("Mistape’s caption opens our dialog")).to_be_checked()
    admin.get_by_role("link", name="your own words").click()
    admin.get_by_label("Language").select_option("en")
    admin.get_by_role("button", name="Show").click()
    admin.get_by_placeholder(sentences("en", "dialog")["title"], exact=True).fill(TITLE)
    with admin.expect_navigation():
        admin.get_by_role("button", name="Save").click()
    expect(admin.locator("#title")).to_have_value(TITLE)


@pytest.mark.usefixtures("chosen")
def test_the_key_is_the_page_s_and_the_caption_opens_the_dialog_in_the_site_s_own_words(
    visit: Callable[..., Page], service: Service
) -> None:
    """A7, A19."""
    page = visit(CAPTION)
    page.evaluate("addEventListener('keydown', event => window.taken = event.defaultPrevented)")
    highlight(page)
    page.keyboard.press("Control+Enter")
    assert page.evaluate("taken") is False
    page.get_by_text("Ctrl+Enter").click()
    dialog = dialog_of(page)
    expect(dialog.locator("h2")).to_have_text(TITLE)
    expect(dialog).to_have_attribute("aria-label", TITLE)
    assert heard(page) == [["open", {}]]
    dialog.get_by_role("button", name="Options").click()
    expect(dialog.locator("fieldset label")).to_have_text(["Show the button at selected words"])
    dialog.locator("[name=place]").fill("the photo at the top")
    assert stored(service, sent(page, dialog))["place"] == "the photo at the top"


@pytest.mark.usefixtures("chosen")
def test_in_another_language_the_dialog_says_what_it_always_says(visit: Callable[..., Page]) -> None:
    """A19: the admin chose words for English alone."""
    page = visit(CAPTION.replace('lang="en"', 'lang="de"'))
    page.get_by_text("Ctrl+Enter").click()
    expect(dialog_of(page).locator("h2")).to_have_text(sentences("de", "dialog")["title"])


@pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("de-AT", "de"), ("ar-EG", "ar")])
@pytest.mark.usefixtures("chosen")
def test_a_short_link_on_a_phone_without_script_leads_to_the_form_for_that_article_in_the_reader_s_language(
    admin: Page, browser: Browser, pages: Pages, service: Service, locale: str, language: str
) -> None:
    """A6, A19, A25."""
    article, words = f"{pages.origin}/printed-{language}", sentences(language, "dialog")
    admin.goto(f"{service.base_url}/settings/sites/news/links")
    admin.get_by_label("Address of the article").fill(article)
    admin.get_by_role("button", name="Make the short link").click()
    address = admin.locator("#address").inner_text()
    with shut_off(browser, **PHONE, locale=locale, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("dir", direction(language))
        expect(page.locator("h1")).to_have_text(TITLE if language == "en" else words["title"])
        expect(page.locator("main")).to_contain_text(article)
        page.get_by_label(words["part"]).fill("the caption on page three")
        page.get_by_label(words["tell"]).fill("It names the wrong king.")
        page.get_by_role("button", name=words["send"]).tap()
        status = page.locator("[role=status]")
        expect(status).to_contain_text(REFERENCE)
        report = stored(service, status.inner_text())
    assert (report["url"], report["place"]) == (article, "the caption on page three")
    assert (report["comment"], report["language"]) == ("It names the wrong king.", language)


def test_what_a_change_of_who_decides_changes_is_shown_before_it_is_kept(admin: Page, service: Service) -> None:
    admin.goto(f"{service.base_url}/settings/sites/news")
    shown = admin.locator("#differences")
    expect(shown).to_be_empty()
    admin.get_by_label("Correction", exact=True).select_option("admin")
    expect(shown.locator(".differences").locator("del, ins")).to_have_text(
        ["editor or above, not the author alone", "admin or above, not the author alone"]
    )
    expect(shown.locator("ul[lang] li")).to_have_text(["Correction: editor", "Correction: admin"])
    admin.get_by_label("Words that hide an error").fill("!")
    admin.get_by_label("Update", exact=True).select_option("admin")
    expect(shown).to_be_empty()  # what is refused changes nothing
    admin.reload()
    expect(admin.get_by_label("Correction", exact=True)).to_have_value("")
