"""The dialog's controls as a reader reaches them, and the states it can be in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.pages import REFERENCE, WORDS, dialog_of, opened, send_by_key

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


STATES: dict[str, list[Callable[[Page], object]]] = {
    "asking": [filled],
    "asking for the part": [lambda page: page.keyboard.press("Control+Enter")],
    "not sent": [filled, tell_failure],
    "stored": [filled, tell_success],
}


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
