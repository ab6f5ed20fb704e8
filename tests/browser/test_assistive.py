"""The whole report by keyboard alone, as a screen reader hears it, magnified, in forced colours, without motion, in RTL."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.pages import ARTICLE, REFERENCE, WORDS, dialog_of, highlight, opened, send_by_key
from tests.running import Service

REPORTS = "**/api/v1/reports"
TRANSLATIONS = Path(__file__).resolve().parents[2] / "corrections_service/translations"
ORDER = ["suggestion", "comment", "kind", "source_url", "wants_reply", "email", "send", "cancel"]
HINT = "Only to answer this report. Erased 30 days after the case is closed."
# The control that has the focus, by its name or value; "page" is one behind the dialog, "" none at all.
FOCUSED = """() => {
    const one = document.activeElement.shadowRoot?.activeElement;
    if (one) return one.name || one.value || one.getAttribute("role") || one.localName;
    return /^(body|html)$/.test(document.activeElement.localName) ? "" : "page";
}"""
CONTROLS = """dialog => [...dialog.querySelectorAll("input,textarea,select,button,a,summary,[tabindex='0']")]
    .filter(one => one.checkVisibility() && !one.disabled)
    .map(one => one.name || one.value || one.getAttribute("role") || one.localName)"""
DARK = "<style>body{background:#111;color:#eee}a{color:#9cf}</style></head>"


def focused(page: Page) -> str:
    """The name of the control that has the focus."""
    name: str = page.evaluate(FOCUSED)
    return name


def filled(page: Page) -> Locator:
    """The dialog with every field of its own shown."""
    dialog = opened(page)
    dialog.locator("[name=kind]").select_option("context")
    dialog.locator("[name=wants_reply]").check()
    dialog.locator("[name=email]").fill("ann@readers.example")
    dialog.locator("[name=suggestion]").fill(WORDS.replace("1987", "1978"))
    dialog.locator("[name=suggestion]").focus()
    return dialog


def said(page: Page) -> Locator:
    """What the reader is told."""
    return dialog_of(page).locator("[role=status]")


def refuse(route: Route) -> None:
    """Answer that the service is busy."""
    body = '{"status":503,"detail":"The server is busy."}'
    route.fulfill(
        status=503, content_type="application/problem+json", body=body, headers={"Access-Control-Allow-Origin": "*"}
    )


def tell_failure(page: Page) -> None:
    """Send in vain."""
    page.route(REPORTS, refuse)
    send_by_key(page)
    expect(said(page)).to_contain_text("The server is busy.")
    page.unroute(REPORTS)


def tell_success(page: Page) -> None:
    """Send."""
    send_by_key(page)
    expect(said(page)).to_contain_text(REFERENCE)


def tabbed(page: Page, until: str, most: int = 12) -> list[str]:
    """The controls that Tab leads to, up to this one."""
    passed: list[str] = []
    while until not in passed and len(passed) < most:
        page.keyboard.press("Tab")
        passed.append(focused(page))
    assert passed[-1] == until
    return passed


def test_a_whole_report_is_made_with_the_keyboard_alone(article: Page, service: Service) -> None:
    """A17."""
    highlight(article, "T")  # where the caret is, in a browser whose caret can be moved through a page
    for _ in WORDS[1:]:
        article.keyboard.press("Shift+ArrowRight")
    assert article.evaluate("getSelection().toString()") == WORDS
    article.keyboard.press("Control+Enter")
    dialog = dialog_of(article)
    expect(dialog.locator("[name=suggestion]")).to_be_focused()
    article.keyboard.press("Control+a")
    article.keyboard.type("The bridge was opened in 1978")
    assert tabbed(article, "comment") == ["comment"]
    article.keyboard.type("I was there.")
    assert tabbed(article, "kind") == ["kind"]
    expect(dialog.locator("[name=kind]")).to_have_value("fact")
    article.keyboard.press("ArrowDown")
    expect(dialog.locator("[name=kind]")).to_have_value("context")
    assert tabbed(article, "source_url") == ["source_url"]
    article.keyboard.type("archive.example/1978")
    assert tabbed(article, "wants_reply") == ["wants_reply"]
    article.keyboard.press("Space")
    assert tabbed(article, "email") == ["email"]
    article.keyboard.type("ann@readers.example")
    article.keyboard.press("Control+Enter")
    expect(said(article)).to_contain_text(REFERENCE)
    expect(said(article)).to_be_focused()
    with closing(sqlite3.connect(service.directory / "corrections.sqlite")) as database:
        question = """select exact, suggestion, comment, kind, source_url, email
            from report join reader on reader.report_id = report.id where report.url = ?"""
        [(*texts, kind, source, email)] = database.execute(question, [article.url])
    assert texts == [WORDS, "The bridge was opened in 1978", "I was there."]
    assert (kind.lower(), source, email) == ("context", "https://archive.example/1978", "ann@readers.example")
    tabbed(article, "another")
    article.keyboard.press("Enter")
    expect(dialog_of(article).locator("[name=place]")).to_be_focused()
    article.keyboard.press("Escape")
    expect(dialog_of(article)).to_have_count(0)


@pytest.mark.parametrize("end", ["Escape", "Cancel", "Close"])
def test_the_selection_is_given_back_and_tab_goes_on_from_there(article: Page, end: str) -> None:
    """A17, A20."""
    dialog = opened(article)
    if end == "Close":
        tell_success(article)
        tabbed(article, "close")
    elif end == "Cancel":
        tabbed(article, "cancel")
    article.keyboard.press("Escape" if end == "Escape" else "Enter")
    expect(dialog).to_have_count(0)
    assert article.evaluate("getSelection().toString()") == WORDS
    article.keyboard.press("Tab")
    expect(article.locator("#name")).to_be_focused()


@pytest.mark.parametrize("sends", [False, True])
def test_the_focus_is_given_back_to_the_link(article: Page, sends: bool) -> None:
    """A5, A17."""
    article.focus("#door")
    article.keyboard.press("Enter")
    expect(dialog_of(article).locator("[name=place]")).to_be_focused()
    if sends:
        article.keyboard.type("The photo at the top")
        tell_success(article)
    article.keyboard.press("Escape")
    expect(dialog_of(article)).to_have_count(0)
    expect(article.locator("#door")).to_be_focused()


def test_what_tab_passes_is_in_the_order_of_what_is_asked(article: Page) -> None:
    """A17."""
    filled(article)
    assert tabbed(article, "cancel") == ORDER[1:]
    back: list[str] = []
    while focused(article) != "suggestion" and len(back) < 12:
        article.keyboard.press("Shift+Tab")
        back.append(focused(article))
    assert back == ORDER[-2::-1]


STATES: dict[str, list[Callable[[Page], object]]] = {
    "asking": [filled],
    "asking for the part": [lambda page: page.keyboard.press("Control+Enter")],
    "not sent": [filled, tell_failure],
    "stored": [filled, tell_success],
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_the_focus_reaches_every_control_and_never_the_page_behind(article: Page, state: str, key: str) -> None:
    """A17."""
    for step in STATES[state]:
        step(article)
    expect(dialog_of(article).locator("footer button").first).to_be_visible()
    controls = dialog_of(article).evaluate(CONTROLS)
    passed = set()
    for _ in range(2 * len(controls) + 4):
        article.keyboard.press(key)
        passed.add(focused(article))
    assert "page" not in passed
    assert set(controls) <= passed


def tree(page: Page) -> list[dict[str, Any]]:
    """What a screen reader reads, in its order: role, name, description and states of all that is not ignored."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()
    found = []
    left = [next(iter(nodes))]
    while left:
        node = nodes[left.pop()]
        left += reversed([child for child in node.get("childIds", []) if child in nodes])
        if not node["ignored"]:
            texts = {part: node.get(part, {}).get("value", "") for part in ("role", "name", "description")}
            found.append({**texts, **{one["name"]: one["value"].get("value") for one in node.get("properties", [])}})
    return found


def read_aloud(nodes: list[dict[str, Any]]) -> str:
    """All words of the dialog, in their order."""
    return "".join(one["name"] for one in nodes if one["role"] == "StaticText")


def only(nodes: list[dict[str, Any]], role: str, name: str = "") -> dict[str, Any]:
    """The one of this role and name."""
    [node] = [one for one in nodes if one["role"] == role and name in ("", one["name"])]
    return node


def test_a_screen_reader_is_given_a_modal_dialog_with_named_controls_and_nothing_of_the_page(article: Page) -> None:
    """A17."""
    filled(article)
    nodes = tree(article)
    assert only(nodes, "dialog", "Report an error")["modal"] is True
    only(nodes, "heading", "Report an error")
    assert only(nodes, "textbox", "It should say")["focused"] is True
    for role, name in [
        ("textbox", "Or tell us what is wrong"),
        ("combobox", "Kind of error"),
        ("textbox", "Where can we check? (a link, optional)"),
        ("button", "Send"),
        ("button", "Cancel"),
        ("button", "Options"),
    ]:
        assert not only(nodes, role, name).get("required"), name
    assert only(nodes, "checkbox", "Tell me what you decide")["checked"] == "true"
    assert only(nodes, "mark")
    assert f"{WORDS}, who stayed for lunch." in read_aloud(nodes)
    assert "It had rained" not in read_aloud(nodes)
    assert [one for one in nodes if one["name"] in ("The bridge", "Write to us", "some words")] == [
        one for one in nodes if one["role"] == "RootWebArea"
    ]


def test_the_address_is_required_described_and_said_to_be_wrong(article: Page) -> None:
    """A13, A17."""
    dialog = filled(article)
    email = only(tree(article), "textbox", "E-mail")
    assert email["required"] is True
    assert email["description"] == HINT
    assert email["invalid"] == "false"
    dialog.locator("[name=email]").fill("no address")
    article.keyboard.press("Control+Enter")
    expect(dialog.locator("[name=email]")).to_be_focused()
    assert only(tree(article), "textbox", "E-mail")["invalid"] == "true"


def test_a_field_that_the_service_refuses_has_the_focus_and_is_marked_until_it_is_changed(article: Page) -> None:
    """A15, A17."""
    dialog = filled(article)
    email = dialog.locator("[name=email]")
    email.fill("ann@localhost")  # a browser finds nothing wrong with it
    dialog.locator("[name=suggestion]").focus()
    article.keyboard.press("Control+Enter")
    expect(said(article)).to_contain_text("This is no e-mail address that can be written to.")

    def marked() -> list[str]:
        return [one["name"] for one in tree(article) if one.get("invalid") == "true"]

    [name] = marked()
    assert name.startswith("E-mail")
    expect(email).to_be_focused()
    email.fill("ann@readers.example")
    assert marked() == []


def test_a_field_s_name_stays_the_same_while_its_words_are_counted(article: Page) -> None:
    """A17."""
    dialog = filled(article)
    dialog.locator("[name=comment]").fill("x" * 900)
    comment = only(tree(article), "textbox", "Or tell us what is wrong")
    assert "900 / 1000" in comment["description"]


def test_every_outcome_is_announced_politely(article: Page) -> None:
    """A15, A17."""
    filled(article)

    def announced() -> dict[str, Any]:
        found = tree(article)
        status = only(found, "status")
        assert (status["live"], status["atomic"]) == ("polite", True)
        return {**status, "all": read_aloud(found)}

    announced()  # a live region must be there before there is something to say
    article.keyboard.press("Escape")
    expect(said(article)).to_contain_text("Press Escape again to close.")
    assert "Press Escape again to close." in announced()["all"]
    waiting: list[Route] = []
    article.route(REPORTS, lambda route: waiting.append(route))
    article.keyboard.press("Control+Enter")
    expect(said(article)).to_have_text("Sending…")
    assert "Sending…" in announced()["all"]
    refuse(waiting[0])
    expect(said(article)).to_contain_text("Not sent: The server is busy.")
    nodes = tree(article)
    assert "Not sent: The server is busy." in announced()["all"]
    for role, name in [("button", "Copy"), ("link", "Write to us"), ("button", "Try again")]:
        only(nodes, role, name)
    article.unroute(REPORTS)
    tell_success(article)
    told = announced()
    assert told["focused"] is True
    assert re.search(r"Stored, no\. ....-..\.", told["all"])
    nodes = tree(article)
    only(nodes, "dialog", "Report an error")
    for role, name in [
        ("link", "See what becomes of it"),
        ("button", "Close"),
        ("button", "Copy"),
        ("button", "Report another on this page"),
        ("button", "Withdraw"),
    ]:
        only(nodes, role, name)


@pytest.mark.parametrize("way", ["taken", "too late"])
def test_the_button_that_goes_does_not_take_the_focus_along(
    visit: Callable[..., Page], context: BrowserContext, way: str
) -> None:
    """A17."""
    context.clock.install()
    page = visit()
    filled(page)
    tell_success(page)
    tabbed(page, "undo")
    if way == "taken":
        page.keyboard.press("Enter")
        expect(said(page)).to_have_text("Withdrawn.")
    else:
        page.clock.run_for(11_000)
    expect(dialog_of(page).locator("button[value=undo]")).to_have_count(0)
    assert focused(page) != ""


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


def violations(page: Page) -> list[str]:
    """What axe finds in the dialog."""
    report = Axe().run(page, context="corrections-dialog")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in report.response["violations"]]


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("ar", "light"), ("he", "dark"), ("de", "light")])
def test_axe_finds_nothing_in_any_state_and_language(visit: Callable[..., Page], language: str, scheme: str) -> None:
    """A17, A19."""
    html = ARTICLE.replace('lang="en"', f'lang="{language}" dir="{"rtl" if language in ("ar", "he") else "ltr"}"')
    page = visit(html.replace("</head>", DARK if scheme == "dark" else "</head>"))
    page.keyboard.press("Control+Enter")
    expect(dialog_of(page).locator("[name=place]")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog_of(page)).to_have_count(0)
    dialog = filled(page)
    dialog.locator("[name=comment]").fill("Write to bob@readers.example. " * 27)
    expect(dialog.locator(".personal")).not_to_be_empty()
    dialog.locator("button[value=options]").click()
    expect(dialog.locator("fieldset")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(said(page)).not_to_be_empty()
    assert violations(page) == []
    tell_failure(page)
    assert violations(page) == []
    tell_success(page)
    assert violations(page) == []
