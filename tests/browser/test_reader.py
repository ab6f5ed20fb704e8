"""The reader's dialog as PRODUCT.md tells it, in a real browser, sent to a real service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.axe import violations
from tests.browser.pages import (
    ARTICLE,
    EVENTS,
    PHONE,
    REFERENCE,
    WORDS,
    Pages,
    dialog_of,
    heard,
    highlight,
    opened,
    send_by_key,
    shut_off,
)
from tests.measures import wait_in
from tests.running import Service


@pytest.fixture(params=[{}, PHONE], ids=["desktop", "phone"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A reader's browser, on a desk and in a hand."""
    context = shut_off(browser, **request.param)
    context.add_init_script(EVENTS)
    yield context
    context.close()


@pytest.mark.parametrize("keys", ["Control+Enter", "Meta+Enter"])
def test_the_keys_open_the_dialog_on_the_words_in_their_sentence(article: Page, keys: str) -> None:
    """A1, A2, A9."""
    highlight(article)
    article.keyboard.press(keys)
    dialog = dialog_of(article)
    expect(dialog.locator("mark")).to_have_text(WORDS)
    expect(dialog.locator("blockquote")).to_have_text(f"{WORDS}, who stayed for lunch.")
    expect(dialog.locator("[name=suggestion]")).to_be_focused()
    assert heard(article) == [["open", {}]]


@pytest.mark.parametrize("where", ["#name", "#free", "#own button"])
def test_the_keys_are_left_to_inputs_editors_and_the_page_s_own_dialogs(article: Page, where: str) -> None:
    """A3."""
    highlight(article)
    article.evaluate("document.querySelector('#own').show()")
    article.focus(where)
    article.keyboard.press("Control+Enter")
    article.keyboard.press("Meta+Enter")
    assert heard(article) == []
    article.evaluate("document.activeElement.blur()")
    opened(article)


def test_repeated_made_and_taken_keys_open_nothing(article: Page) -> None:
    """A1, A3."""
    highlight(article)
    article.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }))")
    article.evaluate("document.body.addEventListener('keydown', event => window.taken && event.preventDefault())")
    article.evaluate("window.taken = true")
    article.keyboard.press("Control+Enter")
    wait_in(article, "performance.getEntriesByType('resource').some(one => one.name.includes('dialog.js'))")
    assert heard(article) == []
    article.evaluate("window.taken = false")
    article.keyboard.down("Control")
    article.keyboard.down("Enter")
    article.keyboard.down("Enter")
    article.keyboard.up("Enter")
    article.keyboard.up("Control")
    expect(dialog_of(article)).to_have_count(1)
    expect(dialog_of(article).locator("button[value=send]")).to_be_visible()


def test_nothing_opens_on_a_selection_alone(article: Page) -> None:
    """A8."""
    highlight(article)
    wait_in(article, "performance.getEntriesByType('resource').some(one => one.name.includes('dialog.js'))")
    expect(dialog_of(article)).to_have_count(0)


def test_without_a_selection_it_asks_which_part(article: Page) -> None:
    """A5."""
    article.keyboard.press("Control+Enter")
    dialog = dialog_of(article)
    expect(dialog.get_by_label("Which part?")).to_be_focused()
    dialog.locator("button[value=send]").click()
    expect(dialog.locator("[role=status]")).to_contain_text("say what is")
    dialog.locator("[name=place]").fill("the photo at the top")
    article.keyboard.press("Control+Enter")
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)


def test_the_link_opens_the_same_dialog_in_the_page(article: Page) -> None:
    """A5."""
    article.click("#door")
    expect(dialog_of(article).locator("[name=place]")).to_be_visible()
    assert article.url.endswith(article.url.rpartition("/")[2])
    assert "/report/" not in article.url


def test_the_kind_is_guessed_the_difference_shown_and_the_source_asked_only_when_it_is_no_spelling(
    article: Page,
) -> None:
    """A10, A11, A12."""
    dialog = opened(article)
    kind, source, difference = (
        dialog.locator("[name=kind]"),
        dialog.locator("[name=source_url]"),
        dialog.locator(".diff"),
    )
    expect(kind).to_have_value("spelling")
    expect(source).to_be_hidden()
    dialog.locator("[name=suggestion]").fill(WORDS.replace("opend", "opened"))
    expect(kind).to_have_value("spelling")
    expect(difference.locator("del")).to_have_text("opend")
    expect(difference.locator("ins")).to_have_text("opened")
    dialog.locator("[name=suggestion]").fill(WORDS.replace("1987", "1978"))
    expect(kind).to_have_value("fact")
    expect(source).to_be_visible()
    kind.select_option("media")
    dialog.locator("[name=suggestion]").fill(WORDS.replace("opend", "opened"))
    expect(kind).to_have_value("media")


def test_only_a_kind_that_the_reader_chose_is_sent_and_kept_for_the_next_report(article: Page) -> None:
    """A11, A24."""
    dialog = opened(article)
    dialog.locator("[name=suggestion]").fill(WORDS.replace("1987", "1978"))
    with article.expect_request("**/api/v1/reports") as sent:
        dialog.locator("button[value=send]").click()
    assert parse_qs(sent.value.post_data or "").get("kind") is None
    dialog.locator("button[value=another]").click()
    dialog.locator("[name=kind]").select_option("context")
    dialog.locator("[name=place]").fill("the photo")
    with article.expect_request("**/api/v1/reports") as sent:
        dialog.locator("button[value=send]").click()
    assert parse_qs(sent.value.post_data or "")["kind"] == ["context"]
    dialog.locator("button[value=another]").click()
    expect(dialog.locator("[name=kind]")).to_have_value("context")


def test_the_address_is_asked_when_an_answer_is_wanted_and_the_comment_is_counted_from_800(article: Page) -> None:
    """A13."""
    dialog = opened(article)
    email = dialog.locator("[name=email]")
    expect(email).to_be_hidden()
    dialog.locator("[name=wants_reply]").check()
    expect(email).to_be_visible()
    expect(dialog.get_by_text("Erased 30 days")).to_be_visible()
    dialog.locator("button[value=send]").click()
    expect(email).to_be_focused()
    comment = dialog.locator("[name=comment]")
    comment.fill("x" * 799)
    expect(dialog.get_by_text("/ 1000")).to_be_hidden()
    comment.fill("x" * 800)
    expect(dialog.get_by_text("800 / 1000")).to_be_visible()


def test_the_reference_is_the_answer_s_and_the_next_reader_is_told_of_the_first(
    article: Page, visit: Callable[..., Page]
) -> None:
    """A15, A17."""
    dialog = opened(article, "second")
    with article.expect_response("**/api/v1/reports") as answered:
        send_by_key(article)
    answer = answered.value.json()
    status = dialog.locator("[role=status]")
    expect(status).to_have_text(f"Stored, no. {answer['reference']}.")
    expect(status).to_be_focused()
    expect(dialog.locator("a")).to_have_attribute("href", answer["status_url"])
    assert heard(article)[-1] == ["stored", {"reference": answer["reference"]}]
    dialog.locator("button[value=another]").click()
    expect(dialog_of(article).locator("[name=place]")).to_be_visible()

    other = visit()
    dialog = opened(other, "second")
    dialog.locator("[name=wants_reply]").check()  # by the address another one, at the same network
    dialog.locator("[name=email]").fill("ann@readers.example")
    send_by_key(other)
    expect(dialog.locator("[role=status]")).to_contain_text("One reader told us already; you are counted.")


def test_escape_asks_only_if_something_was_typed(article: Page) -> None:
    """A17, A20."""
    opened(article)
    article.keyboard.press("Escape")
    expect(dialog_of(article)).to_have_count(0)
    assert article.evaluate("getSelection().toString()") == WORDS
    dialog = opened(article)
    dialog.locator("[name=comment]").fill("No.")
    article.keyboard.press("Escape")
    expect(dialog.locator("[role=status]")).to_contain_text("Press Escape again")
    article.mouse.click(3, 3)
    expect(dialog).to_be_visible()
    article.keyboard.press("Escape")
    expect(dialog_of(article)).to_have_count(0)


def test_what_was_typed_is_there_again_after_closing_and_after_loading_the_page_anew(article: Page) -> None:
    """A14."""
    dialog = opened(article)
    dialog.locator("[name=comment]").fill("I counted them myself.")
    dialog.locator("[name=kind]").select_option("context")
    dialog.locator("button[value=cancel]").click()
    expect(dialog_of(article)).to_have_count(0)
    expect(opened(article).locator("[name=comment]")).to_have_value("I counted them myself.")
    article.reload()
    wait_in(article, "window[Symbol.for('corrections')]")
    dialog = opened(article)
    expect(dialog.locator("[name=comment]")).to_have_value("I counted them myself.")
    expect(dialog.locator("[name=kind]")).to_have_value("context")
    dialog.locator("[name=suggestion]").fill(WORDS.replace("1987", "1978"))
    expect(dialog.locator("[name=kind]")).to_have_value("context")


PROBLEM = "application/problem+json"
FAILURES = {
    "busy": (503, PROBLEM, '{"status":503,"detail":"The server is busy."}', "The server is busy."),
    "many": (429, PROBLEM, '{"status":429,"detail":"Too many reports."}', "Too many reports."),
    "refused": (403, PROBLEM, '{"status":403,"detail":"Not from this page."}', "Not from this page."),
    "proxy": (503, "text/html", "<h1>Bad Gateway</h1>", "did not answer as it should"),
    "portal": (200, "text/html", "<h1>Welcome to the hotel</h1>", "did not answer as it should"),
    "no-json": (201, "application/json", '{"id":"someone else\'s"}', "did not answer as it should"),
    "field": (
        *(422, "application/problem+json"),
        '{"status":422,"errors":[{"field":"source_url","detail":"This is no address."}]}',
        "This is no address.",
    ),
}


@pytest.mark.parametrize("how", FAILURES)
def test_a_failure_is_told_with_its_reason_the_text_is_kept_and_the_next_try_is_sent(article: Page, how: str) -> None:
    """A14, A15."""
    status_code, kind, body, reason = FAILURES[how]
    dialog = opened(article)
    dialog.locator("[name=comment]").fill("Mind the gap.")

    def answer(route: Route) -> None:
        route.fulfill(status=status_code, content_type=kind, body=body, headers={"Access-Control-Allow-Origin": "*"})

    article.route("**/api/v1/reports", answer)
    article.keyboard.press("Control+Enter")
    status = dialog.locator("[role=status]")
    expect(status).to_contain_text("Not sent: ")
    expect(status).to_contain_text(reason)
    expect(dialog.locator("[name=comment]")).to_have_value("Mind the gap.")
    expect(dialog.get_by_role("link", name="Write to us")).to_be_visible()
    assert heard(article)[-1][0] == "failed"
    article.unroute("**/api/v1/reports")
    dialog.locator("button[value=send]").click()
    expect(status).to_contain_text(REFERENCE)
    assert article.evaluate("localStorage.getItem('corrections:unsent')") is None


def test_offline_it_is_kept_and_sent_once_when_the_reader_is_back(
    article: Page, context: BrowserContext, service: Service
) -> None:
    """A14."""
    dialog = opened(article)
    before = service.stats()["accepted"]
    context.set_offline(True)
    send_by_key(article)
    expect(dialog.locator("[role=status]")).to_contain_text("You are offline")
    dialog.locator("button[value=cancel]").click()
    with article.expect_response("**/api/v1/reports") as answered:
        context.set_offline(False)
    assert answered.value.status == 201
    wait_in(article, "localStorage.getItem('corrections:unsent') === null")
    assert service.stats()["accepted"] == before + 1


def test_what_a_dead_service_could_not_take_is_sent_from_the_next_page(
    article: Page, visit: Callable[..., Page]
) -> None:
    """A14."""
    dialog = opened(article)
    article.route("**/api/v1/reports", lambda route: route.abort())
    send_by_key(article)
    expect(dialog.locator("[role=status]")).to_contain_text("Not sent: ")
    article.close()
    next_page = visit()
    wait_in(next_page, "localStorage.getItem('corrections:unsent') === null")


@pytest.mark.parametrize("size", [(320, 480), (360, 740), (1280, 800)])
def test_send_and_cancel_are_on_the_screen_whatever_its_size(article: Page, size: tuple[int, int]) -> None:
    article.set_viewport_size({"width": size[0], "height": size[1]})
    dialog = opened(article)
    dialog.locator("[name=wants_reply]").check()
    dialog.locator("[name=suggestion]").fill("much longer " * 60)
    for value in ("send", "cancel"):
        expect(dialog.locator(f"button[value={value}]")).to_be_in_viewport(ratio=1)


def test_a_page_that_hides_everything_hides_no_dialog(visit: Callable[..., Page]) -> None:
    """A18."""
    hostile = "<style>*{all:unset!important;display:none!important;transform:rotate(3deg)!important}</style></head>"
    page = visit(ARTICLE.replace("</head>", hostile))
    page.keyboard.press("Control+Enter")
    dialog = dialog_of(page)
    expect(dialog.locator("[name=place]")).to_be_visible()
    expect(dialog.locator("button[value=send]")).to_be_in_viewport(ratio=1)


def test_a_strict_policy_and_trusted_types_are_never_violated(
    visit: Callable[..., Page], service: Service, pages: Pages
) -> None:
    """A18."""
    policy = (
        f"default-src 'none'; script-src {service.base_url}; connect-src {service.base_url}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page = visit(Content_Security_Policy=policy)
    dialog = opened(page)
    dialog.locator("[name=comment]").fill("Mind the gap.")
    page.keyboard.press("Control+Enter")
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    assert [what for what, _ in heard(page)] == ["open", "stored"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_dialog_in_any_of_its_states(visit: Callable[..., Page], scheme: str) -> None:
    """A17."""
    ground = "<style>body{background:#111;color:#eee}a{color:#9cf}</style></head>" if scheme == "dark" else "</head>"
    page = visit(ARTICLE.replace("</head>", ground))
    dialog = opened(page)
    dialog.locator("[name=wants_reply]").check()
    dialog.locator("[name=suggestion]").fill(WORDS.replace("1987", "1978"))
    assert _violations(page) == []
    page.route("**/api/v1/reports", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    dialog.locator("[name=email]").fill("ann@readers.example")
    page.keyboard.press("Control+Enter")
    expect(dialog.locator("[role=status]")).to_contain_text("Not sent: ")
    assert _violations(page) == []
    page.unroute("**/api/v1/reports")
    page.keyboard.press("Control+Enter")
    expect(dialog.locator("[role=status]")).to_contain_text(REFERENCE)
    assert _violations(page) == []


@pytest.mark.parametrize(("language", "title"), [("ar", "الإبلاغ عن خطأ"), ("uk", None), ("de", None)])
def test_the_dialog_speaks_the_page_s_language(visit: Callable[..., Page], language: str, title: str | None) -> None:
    """A19."""
    page = visit(ARTICLE.replace('lang="en"', f'lang="{language}"'))
    dialog = opened(page)
    assert dialog.get_attribute("lang") == language
    assert dialog.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    heading = dialog.locator("h2")
    expect(heading).not_to_have_text("Report an error")
    if title:
        expect(heading).to_have_text(title)


def test_without_script_the_form_asks_the_same_and_keeps_what_was_typed(
    browser: Browser, service: Service, pages: Pages
) -> None:
    """A6."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    address = f"{service.base_url}/report/{service.key}?url={quote(pages.origin + '/a')}&exact={quote(WORDS)}"
    page.goto(address)
    expect(page.get_by_label("The words that are wrong")).to_have_value(WORDS)
    page.get_by_label("It should say").fill("something else")
    page.get_by_label("Where can we check?").fill("https://")
    page.locator("[name=source_url]").evaluate("node => node.type = 'text'")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Not sent yet")
    expect(page.get_by_label("It should say")).to_have_value("something else")
    page.get_by_label("Where can we check?").fill("https://archive.example/1987")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[role=status]")).to_contain_text(REFERENCE)
    assert page.url.startswith(f"{service.base_url}/r/")
    assert _violations(page, scripted=browser) == []
    context.close()


def _violations(page: Page, scripted: Browser | None = None) -> list[tuple[str, list[str]]]:
    if scripted:  # axe needs scripts: the same page in a browser that runs them
        context = scripted.new_context(bypass_csp=True)
        other = context.new_page()
        other.goto(page.url)
        found = _violations(other)
        context.close()
        return found
    return violations(page, "corrections-dialog" if dialog_of(page).count() else "")
