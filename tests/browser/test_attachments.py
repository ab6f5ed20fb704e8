"""A picture from a reader's own page to the desk: added, seen, told in a mail, taken away, erased; with no script in the way."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from corrections_service.services.attachments import MOST_BYTES
from tests import drawings
from tests.browser.axe import violations
from tests.browser.paper import Paper


def choose(page: Page, content: bytes, name: str = "canary-name.png") -> None:
    """Choose a file and send the form."""
    file: FilePayload = {"name": name, "mimeType": "image/png", "buffer": content}
    if not page.get_by_label("File", exact=True).is_visible():
        page.get_by_text("Add a picture or a PDF").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Add this file").click()


def fits(page: Page) -> bool:
    """Whether a page needs no scrolling sideways on a telephone."""
    page.set_viewport_size({"width": 360, "height": 740})
    return bool(page.evaluate("document.documentElement.scrollWidth") == 360)


def test_a_reader_adds_pictures_an_editor_sees_them_and_they_go_with_the_report(paper: Paper) -> None:
    """B14."""
    case, status = paper.report(next(paper.paths), "The bridge is of 1878", "The bridge is of 1978")
    with paper.reader(status) as page:
        assert "Add a picture" not in page.locator("main").inner_text(), "it is off unless it is wished for"
    with paper.desk("ada", case) as page:
        page.goto(f"{paper.service.base_url}/settings/sites/news/telling")
        page.get_by_label("Readers may add up to three pictures or PDFs").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label("Readers may add up to three pictures or PDFs")).to_be_checked()
        assert "pip install" not in page.locator("main").inner_text()
        assert violations(page) == []
    with paper.reader(status) as page:
        choose(page, b"<svg onload='alert(1)'>")
        expect(page.get_by_role("alert")).to_contain_text("This is no picture")
        choose(page, bytes(2 * MOST_BYTES))
        expect(page.get_by_role("alert")).to_contain_text("This file is larger than 5 MB.")
        assert violations(page) == []
        choose(page, drawings.image("PNG", (900, 600)))
        expect(page.get_by_role("status")).to_contain_text("Your file was added.")
        choose(page, drawings.pdf(2), "page.pdf")
        expect(page.get_by_role("button", name="Remove file 2")).to_be_visible()
        assert "canary-name" not in page.content()
        assert violations(page) == []
        assert fits(page)
    with paper.desk("eva", case) as page:
        drawn = page.locator(".pictures img")
        expect(drawn).to_have_count(3)
        drawn.first.scroll_into_view_if_needed()
        expect(drawn.first).to_have_js_property("complete", True)
        assert drawn.first.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [900, 600]
        expect(page.locator(".history")).to_contain_text("A reader added a file.")
        assert violations(page) == []
        with page.expect_popup() as opened:
            page.locator(".pictures a").first.click()
        opened.value.wait_for_load_state()
        assert opened.value.evaluate("document.images[0].naturalWidth") == 900
        assert fits(page)
    with paper.reader(status) as page:
        page.get_by_role("button", name="Remove file 1").click()
        expect(page.get_by_role("button", name="Remove file 1")).to_have_count(0)
        page.get_by_text("Erase what I sent").click()
        page.get_by_role("button", name="Erase", exact=True).click()
        expect(page.locator("h1")).to_contain_text("has been erased")
    with paper.desk("eva", case) as page:
        expect(page.locator(".pictures img")).to_have_count(0)
        expect(page.locator(".history")).to_contain_text("A reader took a file away.")


def test_a_mail_to_the_editor_says_how_many_there_are(paper: Paper) -> None:
    case, status = paper.report(
        next(paper.paths), "The tower has six bels", "The tower has six bells", "bo@readers.example"
    )
    with paper.desk("eva", case) as page:
        page.locator("summary", has_text="Ask the reader").first.click()
        page.get_by_label("Question").first.fill("Have you a picture of it?")
        page.get_by_role("button", name="Ask", exact=True).first.click()
        expect(page.locator(".history")).to_contain_text("Have you a picture of it?")
    with paper.reader(status) as page:
        choose(page, drawings.image())
        expect(page.get_by_role("status")).to_contain_text("Your file was added.")
        page.get_by_label("Your answer").fill("Yes, it is there now.")
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_role("status").first).to_contain_text("Your answer is stored.")
    told = "1 picture from readers is with the case."
    paper.mailbox.wait_for(
        lambda mails: any(told in mail.part("plain") and told in mail.part("html") for mail in mails)
    )
