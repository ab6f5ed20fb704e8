"""What the tests do at the demo's desk: let a reader report something, and open the settings of its first site."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
import uuid

from playwright.sync_api import Page


def service_of(demo: dict[str, str]) -> str:
    """Where the demo's service answers."""
    return demo["dashboard"].partition("/sign-in/")[0]


def send_report(demo: dict[str, str], desk: Page, exact: str, **fields: str) -> str:
    """Let a reader report something in the demo's first article; the reference."""
    page = desk.context.new_page()
    page.goto(demo["article"])
    tag = str(page.locator("script[src*='/embed/']").get_attribute("src"))
    page.close()
    key = tag.removesuffix(".js").partition("/embed/")[2]
    sent = {"site": key, "url": demo["article"], "id": str(uuid.uuid4()), "exact": exact, **fields}
    origin = {"Origin": demo["article"].partition("/articles/")[0]}
    body = urllib.parse.urlencode(sent).encode()
    asked = urllib.request.Request(f"{service_of(demo)}/api/v1/reports", body, origin)
    with urllib.request.urlopen(asked) as answer:
        return str(json.load(answer)["reference"])


def settings_of(desk: Page, name: str) -> None:
    """Open one of the site's settings."""
    desk.get_by_role("link", name="Settings", exact=True).click()
    desk.get_by_role("group").first.get_by_role("link", name=name, exact=True).click()
