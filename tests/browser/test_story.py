"""The whole loop, as a new user walks it from the block that the demo prints."""

from __future__ import annotations

import json
import re
import urllib.request
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from corrections_service.demo.newspaper import LEFT
from tests.measures import wait_for


@pytest.fixture(scope="module")
def desk(demo: dict[str, str], browser: Browser) -> BrowserContext:
    """An editor's browser, signed in by the link that the demo prints, which is good for one use."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(demo["dashboard"])
    page.get_by_role("button").click()
    expect(page).to_have_url(re.compile("/queue"))
    return context


def test_all_that_the_demo_promises_is_there_when_it_says_ready(demo: dict[str, str], browser: Browser) -> None:
    page = browser.new_page()
    log = _log_address(page, demo["article"])
    page.goto(log)
    assert page.locator("article.notice").count() >= 2
    front = demo["article"].partition("/articles/")[0]
    page.goto(front)
    articles = page.locator("h1 a, h2 a").evaluate_all("links => links.map(link => link.href)")
    languages = set()
    for article in articles:
        assert _log_address(page, article) == log
        languages.add(page.locator("html").get_attribute("lang"))
    assert languages == {"en", "uk", "ar", "de"}


def test_a_reader_reports_an_editor_decides_the_page_is_fixed_and_the_reader_hears(
    demo: dict[str, str], browser: Browser, desk: BrowserContext
) -> None:
    """A1, A13, A15."""
    slug = demo["article"].rpartition("/")[2]
    wrong, right = next((wrong, right) for at, wrong, right, _ in LEFT if at == slug)
    reader, stranger, editor = browser.new_context().new_page(), browser.new_context().new_page(), desk.new_page()
    typed = "I was there and counted them myself, zebra."
    reference = _report(reader, demo["article"], wrong, right, typed)

    case_url = _case_of(_mail(reader, demo["mailbox"], wrong), wrong)

    stranger.goto(demo["mailbox"])
    stranger.get_by_role("link", name=case_url, exact=True).first.click()
    expect(stranger).to_have_url(re.compile("/login"))
    editor.goto(demo["mailbox"])
    editor.get_by_role("link", name=case_url, exact=True).first.click()
    expect(editor.locator("main")).to_have_attribute("data-state", "new")
    _decide_corrected(editor, wrong, right)
    editor.goto(case_url)
    expect(editor.locator("main")).to_have_attribute("data-state", "fixing")

    _edit(reader, demo["article"], slug, wrong, right)
    editor.goto(case_url)
    editor.get_by_role("button", name=re.compile("look now", re.I)).click()
    _until(editor, case_url, "Fixed as suggested")
    expect(editor.locator("main")).to_have_attribute("data-state", "closed")
    expect(editor.locator("main")).to_have_attribute("data-resolution", "corrected")

    answer = _mail(reader, demo["mailbox"], "What became of your report", reference)
    times = reader.locator("article time").evaluate_all("times => times.map(time => time.dateTime)")
    assert times == sorted(times, reverse=True)
    assert right in answer
    assert wrong in answer
    assert "zebra" not in answer

    _answer(reader, demo["mailbox"], reference, "Thank you; you were quick.")
    editor.goto(case_url)
    expect(editor.locator(".history")).to_contain_text("Thank you; you were quick.")

    log = _log_address(reader, demo["article"])
    _until(reader, log, right)
    feed = ElementTree.fromstring(_read(f"{log}/feed.atom"))
    assert any(right in (entry.text or "") for entry in feed.iter("{http://www.w3.org/2005/Atom}content"))
    items = json.loads(_read(f"{log}/feed.json"))["items"]
    assert any(right in item["content_text"] for item in items)


def test_what_was_fixed_as_suggested_and_comes_back_opens_the_case_again(
    demo: dict[str, str], browser: Browser, desk: BrowserContext
) -> None:
    """A1: the newsroom does nothing but publish, and tells of each change as a CMS does."""
    article = f"{demo['article'].rpartition('/')[0]}/der-letzte-schaffner"
    slug, wrong, right = "der-letzte-schaffner", "Schaffner weiss", "Schaffner weiß"
    reader, editor = browser.new_context().new_page(), desk.new_page()
    _report(reader, article, wrong, right, "Zebra.")
    case_url = _case_of(_mail(reader, demo["mailbox"], wrong), wrong)
    _until(editor, case_url, "Still there")
    editor.locator("[name=resolution][value=fixed]").check()
    editor.get_by_role("button", name=re.compile("^decide", re.I)).click()

    _edit(reader, article, slug, wrong, right)
    _until(editor, case_url, "Fixed as suggested")
    expect(editor.locator("main")).to_have_attribute("data-state", "closed")
    card = editor.locator(".fix")
    expect(card.locator("del")).to_have_text("weiss")
    expect(card.locator("ins")).to_have_text("weiß")
    expect(card.get_by_role("button", name="This is no fix")).to_be_visible()
    answer = _mail(reader, demo["mailbox"], "ann@readers.example", right)
    assert wrong in answer

    _edit(reader, article, slug, right, wrong)
    _until(editor, case_url, "The wrong words are back on the page")
    expect(editor.locator("main")).to_have_attribute("data-state", "open")
    expect(editor.locator(".fix")).to_contain_text("Still there")


def _report(page: Page, article: str, wrong: str, right: str, comment: str) -> str:
    page.goto(article)
    page.wait_for_load_state("networkidle")
    page.evaluate(
        """wrong => {
            const walker = document.createTreeWalker(document.querySelector("article") || document.body, NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); ) {
                const at = node.data.indexOf(wrong);
                if (at >= 0) {
                    getSelection().setBaseAndExtent(node, at, node, at + wrong.length);
                    return;
                }
            }
            throw new Error("the words are not in one text node");
        }""",
        wrong,
    )
    page.keyboard.press("Control+Enter")
    dialog = page.locator("corrections-dialog")
    dialog.locator("[name=suggestion]").fill(right)
    dialog.locator("[name=comment]").fill(comment)
    dialog.locator("[name=wants_reply]").check()
    dialog.locator("[name=email]").fill("ann@readers.example")
    dialog.locator("button[value=send]").click()
    status = dialog.locator("[role=status]")
    expect(status).to_contain_text(re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{2}"))
    return re.search(r"[0-9A-Z]{4}-[0-9A-Z]{2}", status.inner_text()).group()  # type: ignore[union-attr]


def _mail(page: Page, mailbox: str, *words: str) -> str:
    """The text of the newest mail with these words, as the mailbox page shows it."""
    found: list[str] = []

    def has_come() -> bool:
        page.goto(mailbox)
        found.extend(mail for mail in page.locator("article").all_inner_texts() if all(word in mail for word in words))
        return bool(found)

    wait_for(has_come, f"a mail with {words}")
    return found[0]


def _case_of(mail: str, wrong: str) -> str:
    """The address of the case that a mail to the desk shows with these words; the demo's own cases may stand in the same mail."""
    return re.search(r"https?://\S+/cases/\d+", mail.partition(wrong)[2]).group()  # type: ignore[union-attr]


def _answer(page: Page, mailbox: str, reference: str, words: str) -> None:
    """Answer the newest mail to the reader about their report, on the mailbox page."""
    page.goto(mailbox)
    mail = page.locator("article", has_text=reference).first
    mail.locator("details.answer summary").click()
    mail.locator("textarea").fill(words)
    mail.get_by_role("button", name="Send").click()
    expect(mail.locator("output")).to_contain_text("It has arrived: look at its case.")


def _decide_corrected(page: Page, wrong: str, right: str) -> None:
    form = page.locator("form:has([name=resolution])").first
    control = form.locator("[name=resolution]").first
    if control.evaluate("node => node.tagName") == "SELECT":
        control.select_option("corrected")
    else:
        form.locator("[name=resolution][value=corrected]").check()
    form.locator("[name=wrong]").fill(wrong)
    form.locator("[name=right]").fill(right)
    form.locator("[name=notice]").fill(f"An earlier version said “{wrong}”. It should say “{right}”.")
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/decide" in answer.url):
        form.get_by_role("button", name=re.compile("decide|accept", re.I)).first.click()


def _edit(page: Page, article: str, slug: str, wrong: str, right: str) -> None:
    page.goto(f"{article.partition('/articles/')[0]}/newsroom/{slug}")
    source = page.locator("textarea").first
    source.fill(source.input_value().replace(wrong, right))
    page.get_by_role("button", name=re.compile("save|publish", re.I)).first.click()
    page.goto(article)
    expect(page.locator("article").first).to_contain_text(right)


def _until(page: Page, url: str, words: str) -> None:
    def says_so() -> bool:
        page.goto(url)
        return words in page.locator("main").inner_text()

    wait_for(says_so, f"{url} says {words}")


def _log_address(page: Page, article: str) -> str:
    page.goto(article)
    return str(page.locator(".corrections a[href*='/log/']").first.get_attribute("href"))


def _read(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        return answer.read()  # type: ignore[no-any-return]
