"""What is not for the corrections desk: from the decision to the office's mailbox and the reader's own page, in a browser."""

from __future__ import annotations

from playwright.sync_api import expect

from corrections_service.demo.mailbox import Mail
from tests.browser.axe import violations
from tests.browser.paper import Paper

OFFICE = "abo@news.example"


def of_office(mails: list[Mail]) -> list[str]:
    """What the office got."""
    return [mail.part("plain") for mail in mails if mail.rcpt_tos == (OFFICE,)]


def test_words_go_to_the_office_by_the_decision_and_the_address_by_the_readers_button(paper: Paper) -> None:
    with paper.desk("ada", 1) as page:
        page.goto(f"{paper.service.base_url}/settings/sites/news/telling")
        page.get_by_label("Where what is not for this desk").fill(f"Subscriptions {OFFICE}")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label("Where what is not for this desk")).to_have_value(f"Subscriptions {OFFICE}")
        assert violations(page) == []
    case, status = paper.report(
        next(paper.paths), "The paper comes at six", "My paper did not come", "cy@readers.example"
    )
    with paper.desk("eva", case) as page:
        choice = page.get_by_label("Hand on to")
        expect(choice).to_be_hidden()
        page.locator("#decide [name=resolution][value=out_of_scope]").check()
        choice.select_option("Subscriptions")
        assert violations(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        choice.scroll_into_view_if_needed()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        with page.expect_response(lambda answer: answer.request.method == "POST" and "/decide" in answer.url):
            page.locator("#decide button.primary").click()
        page.goto(f"{paper.service.base_url}/cases/{case}")
        expect(page.locator(".history")).to_contain_text("Handed on to Subscriptions.")
    assert "We pass your words on to Subscriptions, without your address." in paper.read(status)
    paper.pass_time(case)
    paper.mailbox.wait_for(lambda mails: any("My paper did not come" in words for words in of_office(mails)))
    assert "cy@readers.example" not in "".join(of_office(paper.mailbox.messages()))
    with paper.reader(status) as page:
        expect(page.locator("main")).to_contain_text(
            "Your words were passed on to Subscriptions, without your address."
        )
        assert violations(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.get_by_role("button", name="Pass my address on too").click()
        expect(page.get_by_role("status")).to_contain_text("We pass your address on to Subscriptions too")
    paper.mailbox.wait_for(lambda mails: any("cy@readers.example" in words for words in of_office(mails)))
