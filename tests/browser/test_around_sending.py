"""What the dialog knows before and after sending: private details, corrections, withdrawing, the next report (FEATURES A19 to A24)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import (
    ARTICLE,
    FIGURE,
    PHONE,
    at_desk_and_in_hand,
    dialog_of,
    opened,
)
from tests.browser.sending import sent, stored
from tests.running import Service


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize(
    ("name", "place", "kind"),
    [
        ("Photo", "Photo: The king at lunch, 1987", "media"),
        ("Chart", "Chart: Visitors by year", "media"),
        ("Video", "Video: The opening", "media"),
        ("Headline", "Headline: The bridge", "other"),
    ],
)
def test_what_cannot_be_selected_is_pointed_at(
    visit: Callable[..., Page], service: Service, name: str, place: str, kind: str, direction: str
) -> None:
    """A22: with the mouse or the keys; nothing typed before is lost, and Escape goes back."""
    page = visit(ARTICLE.replace("</main>", FIGURE).replace("<body>", f'<body dir="{direction}">'))
    page.click("#door")
    dialog = dialog_of(page)
    dialog.locator("[name=comment]").fill("It shows the wrong king.")
    dialog.get_by_role("button", name="Point at it").click()
    choice = page.locator("corrections-dialog").get_by_role("button", name=re.compile(f"^{name}: "))
    expect(choice).to_be_visible()
    expect(dialog).to_be_hidden()
    page.keyboard.press("Escape")
    expect(dialog.locator("[name=place]")).to_be_focused()
    dialog.get_by_role("button", name="Point at it").click()
    choice.focus()
    page.keyboard.press("Enter")
    expect(dialog.locator("[name=place]")).to_have_value(place)
    expect(dialog.locator("[name=kind]")).to_have_value(kind)
    expect(dialog.locator("[name=comment]")).to_have_value("It shows the wrong king.")
    report = stored(service, sent(page, dialog))
    assert (report["place"], report["comment"], report["exact"]) == (place, "It shows the wrong king.", "")


@at_desk_and_in_hand
def test_withdrawn_within_ten_seconds(article: Page, service: Service) -> None:
    """PRODUCT.md, the reader's dialog: said only after the service has said so."""
    dialog = opened(article)
    report = sent(article, dialog)
    dialog.get_by_role("button", name="Withdraw").click()
    expect(dialog.locator("[role=status]")).to_have_text("Withdrawn.")
    assert stored(service, report)["withdrawn_at"]


def test_ten_seconds_later_there_is_no_withdrawing_here(article: Page) -> None:
    article.clock.install()
    dialog = opened(article)
    sent(article, dialog)
    undo = dialog.get_by_role("button", name="Withdraw")
    article.clock.run_for(9_000)
    expect(undo).to_be_visible()
    article.clock.run_for(2_000)
    expect(undo).to_have_count(0)


def test_a_withdrawal_that_fails_is_not_said_to_be_one(article: Page) -> None:
    dialog = opened(article)
    sent(article, dialog)
    article.route("**/r/*", lambda route: route.abort())
    dialog.get_by_role("button", name="Withdraw").click()
    expect(dialog.locator("[role=status]")).to_contain_text("did not answer as it should")


@at_desk_and_in_hand
def test_private_details_are_pointed_out_before_sending(article: Page) -> None:
    """Ours to say, the reader's to decide: it is sent as it was typed."""
    dialog = opened(article)
    comment, hint = dialog.locator("[name=comment]"), dialog.get_by_text("This looks like somebody")
    comment.fill("In 1987, of 12 345 people, 3.5 % said so.")
    expect(hint).to_have_count(0)
    for private in ("Ask ann@readers.example.", "Ring +44 20 7946 0958!", "DE89 3704 0044 0532 0130 00"):
        comment.fill(private)
        expect(hint).to_be_visible()
        comment.fill("It was another year.")
        expect(hint).to_have_count(0)


@pytest.mark.parametrize("held", [{}, PHONE], ids=["desktop", "phone"])
def test_what_was_corrected_already_is_shown_before_sending(
    demo: dict[str, str], browser: Browser, held: dict[str, object]
) -> None:
    """A23: the published corrections of this very article, each with its notice."""
    page = browser.new_page(**held)  # type: ignore[arg-type]
    page.goto(demo["article"])
    log = page.locator("a[href*='/log/']").first.get_attribute("href")
    for item in page.request.get(f"{log}/feed.json").json()["items"]:
        page.goto(item["external_url"])
        page.locator("[data-corrections-report]").first.click()
        known = dialog_of(page).locator("details")
        expect(known.locator("summary")).to_contain_text(re.compile(r"\([1-9]\)$"))
        known.locator("summary").click()
        expect(known).to_contain_text(item["content_text"].partition("\n")[0])
        expect(known.locator(f"a[href='{item['url']}']")).to_be_visible()
    page.close()


def test_how_many_reports_an_editor_has_taken_up_is_shown_before_sending(
    demo: dict[str, str], browser: Browser
) -> None:
    """A23: in the words of the service, which the article's language gives them."""
    page = browser.new_page()
    page.goto(demo["article"])
    log = page.locator("a[href*='/log/']").first.get_attribute("href")
    article = f"{demo['article'].partition('/articles/')[0]}/articles/al-mina-al-qadim"
    about = page.request.get(f"{log}/article.json", params={"url": article}).json()
    page.goto(article)
    page.locator("[data-corrections-report]").first.click()
    expect(dialog_of(page).get_by_text(about["taken_up"]["text"])).to_be_visible()
    page.close()


@at_desk_and_in_hand
def test_the_second_report_keeps_the_address_and_the_kind(article: Page) -> None:
    """A24: several errors in one go."""
    dialog = opened(article)
    dialog.locator("[name=wants_reply]").check()
    dialog.locator("[name=email]").fill("ann@readers.example")
    dialog.locator("[name=kind]").select_option("name")
    sent(article, dialog)
    dialog.get_by_role("button", name="Report another").click()
    again = dialog_of(article)
    expect(again.locator("[name=email]")).to_have_value("ann@readers.example")
    expect(again.locator("[name=kind]")).to_have_value("name")
    again.locator("[name=place]").fill("the caption")
    sent(article, again)
