"""Mails to people who work at a desk, in a real browser: whose they are, acting from one, the way back, choosing fewer.

The test walks the whole way of D1, D4 and D9 in docs/features.md, as an editor does.
"""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
import uuid

from playwright.sync_api import Browser, Page, expect

from tests.measures import wait_for


def report(page: Page, demo: dict[str, str], **fields: str) -> None:
    """Let a reader report something in the demo's first article."""
    service = demo["dashboard"].partition("/sign-in/")[0]
    page.goto(demo["article"])
    tag = str(page.locator("script[src*='/embed/']").get_attribute("src"))
    key = tag.removesuffix(".js").partition("/embed/")[2]
    sent = {"site": key, "url": demo["article"], "id": str(uuid.uuid4()), **fields}
    origin = {"Origin": demo["article"].partition("/articles/")[0]}
    asked = urllib.request.Request(f"{service}/api/v1/reports", urllib.parse.urlencode(sent).encode(), origin)
    with urllib.request.urlopen(asked) as answer:
        assert json.load(answer)["reference"]


def mail(page: Page, demo: dict[str, str], words: str) -> str:
    """The text of the newest mail with these words."""

    found: list[str] = []

    def has_come() -> bool:
        page.goto(demo["mailbox"])
        found.extend(text for text in page.locator("article").all_inner_texts() if words in text)
        return bool(found)

    wait_for(has_come, f"a mail with {words}")
    return found[0]


def test_a_new_case_is_mailed_to_whose_matter_it_is_who_acts_from_the_mail_and_chooses_fewer(
    demo: dict[str, str], browser: Browser
) -> None:
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        page.goto(demo["dashboard"])
        page.get_by_role("button").click()
        page.get_by_role("link", name="Settings", exact=True).click()
        page.get_by_role("group").first.get_by_role("link", name="Whose matter").click()
        page.get_by_label("Owner").select_option(label="Mara Lindqvist")
        page.get_by_role("button", name="Add the rule").click()
        expect(page.get_by_text("All others", exact=True)).to_be_visible()
        report(page, demo, exact="zebras crosed", suggestion="zebras crossed", kind="spelling")
        text = mail(page, demo, "zebras [-crosed-]{+crossed+}")
        assert "/unsubscribe/mine/" in text

        stranger = browser.new_page()  # whoever has the mail needs not sign in
        link = re.search(r"Tomorrow: (\S+/act/\S+)", text)
        assert link is not None
        stranger.goto(link[1])
        stranger.get_by_role("button", name="Put aside").click()
        expect(stranger.get_by_role("heading", level=1)).to_contain_text("Done")
        stranger.get_by_role("button", name="Undo").click()
        expect(stranger.get_by_role("heading", name="Taken back")).to_be_visible()
        stranger.goto(link[1])
        expect(stranger.get_by_role("heading", level=1)).to_contain_text("changed meanwhile")
        expect(stranger.get_by_role("button")).to_have_count(0)

        fewer = re.search(r"No more such mails to you: (\S+)", text)
        assert fewer is not None
        stranger.goto(fewer[1])
        stranger.get_by_role("button", name="Stop them").click()
        expect(stranger.get_by_role("button", name="Stop them")).to_have_count(0)
        page.goto(demo["dashboard"].partition("/sign-in/")[0] + "/account")
        row = page.get_by_role("row", name="A new case that is your matter")
        expect(row.get_by_role("radio", name="never")).to_be_checked()
        row.get_by_role("radio", name="daily").check()
        page.get_by_role("button", name=re.compile("^Save for")).click()
        expect(row.get_by_role("radio", name="daily")).to_be_checked()
