"""A webhook and a chat's room from the settings to what arrives there, in a real browser, at a real receiver."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.at_demo import send_report, settings_of
from tests.measures import wait_for
from tests.work.canaries import Canary, listening

REFUSED = b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 19\r\nConnection: close\r\n\r\nback in <i>1 s</i>!"
TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A program that is called."""
    with listening(Canary()) as made:
        made.says(TAKEN)
        yield made


def test_a_program_is_added_with_a_secret_tried_out_and_told_what_happens_until_it_takes_it(
    demo: dict[str, str], desk: Page, canary: Canary
) -> None:
    """H1."""
    settings_of(desk, "Webhooks")
    desk.get_by_label("Its address").fill(f"{canary.origin}/in")
    desk.get_by_role("button", name="Add it").click()
    secret = desk.locator("#secret").inner_text()
    desk.get_by_role("button", name="Send a test").click()
    expect(desk.get_by_role("status").filter(has_text="took the test")).to_contain_text("200")
    expect(desk.locator("#secret")).to_have_count(0)
    page = desk.url
    canary.says(REFUSED)
    send_report(demo, desk, "The bridge", suggestion="@channel")
    wait_for(lambda: len(canary.hits) > 1)
    call = desk.locator("[data-call]").filter(has_text="case.new")

    def is_kept() -> bool:
        desk.goto(page)
        return "503" in call.inner_text()

    wait_for(is_kept, "the answer is kept, which is after it came")
    expect(call).not_to_contain_text("back in")
    canary.says(TAKEN)
    call.get_by_role("button", name="Send it now").click()
    wait_for(lambda: b'"case.new"' in canary.bodies[-1] and len(canary.hits) > 2)
    headers, body = canary.headers[-1], canary.bodies[-1]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), content, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
    assert headers["webhook-id"] == canary.headers[1]["webhook-id"]
    assert json.loads(body)["data"]["case"]["quote"]["exact"] == "The bridge"
    wait_for(lambda: "Taken" in ((desk.goto(page) and call.inner_text()) or ""))
    desk.get_by_role("button", name="Remove this webhook").click()
    expect(desk.locator("[data-webhook]")).to_have_count(1)
    desk.goto(demo["article"].partition("/articles/")[0] + "/newsroom/calls")  # whose own webhook was there already
    genuine = desk.locator("article").filter(has_text="The bridge")
    expect(genuine).to_contain_text("Genuine: its signature is right")
    desk.goto(demo["dashboard"].partition("/sign-in/")[0])


def test_a_room_of_a_chat_is_told_of_a_case_in_words_that_are_nothing_but_words(
    demo: dict[str, str], desk: Page, canary: Canary
) -> None:
    """H2."""
    settings_of(desk, "Webhooks")
    desk.get_by_label("Who is told").select_option("Slack")
    desk.get_by_label("Its address").fill(f"{canary.origin}/services/T0/B0")
    desk.get_by_role("button", name="Add it").click()
    expect(desk.locator("#secret")).to_have_count(0)
    desk.get_by_role("button", name="Send a test").click()
    expect(desk.get_by_role("status").filter(has_text="took the test")).to_be_visible()
    send_report(demo, desk, "opened in", suggestion="@channel")
    wait_for(lambda: len(canary.hits) > 1)
    (block,) = json.loads(canary.bodies[-1])["blocks"]
    title, words = block["elements"]
    assert title["elements"][0]["text"].startswith("New case ")
    assert [element["type"] for element in words["elements"]] == ["text"]
    assert "@channel" in words["elements"][0]["text"]
