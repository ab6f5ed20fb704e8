"""Each chat is sent what it understands, and no word of a reader's makes a mention, a link or markup there (H2)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.webhooks import WebhookKind
from corrections_service.services import cases
from corrections_service.store.database import Database
from corrections_service.store.models import Site
from corrections_service.work import chats
from corrections_service.work.means import Work
from corrections_service.work.webhooks import call_webhook
from tests.services.newsroom import Newsroom
from tests.work.canaries import Canary
from tests.work.test_webhooks import add, say, states

HOSTILE = (
    "@channel @all @room <!channel> <!here> <@U123> <#C1|general> @someone:matrix.example <at>Ann</at> "
    "[click](https://evil.example) <https://evil.example|click> https://evil.example www.evil.example evil.example "
    "**bold** *bold* _it_ ~no~ `code` ``` ```` ~~~ # head > quote | a | b | &lt;!channel&gt; &amp; :smile: "
    "![picture](https://evil.example/p.png) <b>b</b> <script>alert(1)</script> </code></pre><a href=x>x</a> "
    "/command #tag {{at}} ${x} 👩‍👩‍👧 \u202egnp.exe"
)
TITLE, LINK = "New case 1", "http://corrections.example/cases/1"
ADDRESSES = {
    WebhookKind.TELEGRAM: "/bot12:ab/sendMessage?chat_id=-1001",
    WebhookKind.MATRIX: "/_matrix/client/v3/rooms/!a%3Ab.example/send/m.room.message?access_token=syt_1",
}


@pytest.fixture
def newsroom(db: Database, site: Site) -> Newsroom:
    return Newsroom(db, site)


def told(work: Work, newsroom: Newsroom, canary: Canary, kind: WebhookKind, **report: Any) -> Any:
    """What a room of this chat gets of a report of hostile words."""
    canary.answer = say(200, "ok")
    hook, _ = add(work, canary.origin + ADDRESSES.get(kind, "/in"), kind)
    case = newsroom.case_of(newsroom.send(**{"title": HOSTILE, "suggestion": HOSTILE, **report}))
    newsroom.act(cases.not_spam, case, newsroom.hire())  # else nobody is told of what is so full of links
    call_webhook(work, hook)
    assert states(work) == ["sent"]
    return json.loads(canary.bodies[-1])


def harmless(words: str) -> None:
    """The words came whole, on lines of the service's own making, and turn nothing round."""
    assert "@channel" in words
    assert "evil.example" in words
    assert "\u202e" not in words
    assert len(words.split("\n")) == 3


def test_slack_gets_rich_text_whose_text_is_nothing_but_text(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    """H2."""
    body = told(work, newsroom, canary, WebhookKind.SLACK)
    assert body["text"] == TITLE
    assert (body["unfurl_links"], body["unfurl_media"]) == (False, False)
    (block,) = body["blocks"]
    title, words = block["elements"]
    assert [block["type"], title["type"], words["type"]] == ["rich_text", "rich_text_section", "rich_text_preformatted"]
    assert title["elements"] == [{"type": "link", "url": LINK, "text": TITLE, "style": {"bold": True}}]
    assert [element["type"] for element in words["elements"]] == ["text"]
    harmless(words["elements"][0]["text"])


def test_teams_gets_a_card_whose_words_are_text_runs(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    """H2."""
    (attachment,) = told(work, newsroom, canary, WebhookKind.TEAMS)["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    title, *rest = card["body"]
    assert (title["type"], title["text"]) == ("TextBlock", TITLE)
    assert {block["type"] for block in rest} == {"RichTextBlock"}
    assert {run["type"] for block in rest for run in block["inlines"]} == {"TextRun"}
    harmless("\n".join(run["text"] for block in rest for run in block["inlines"]))
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open", "url": LINK}]
    assert "msteams" not in card


def test_telegram_gets_words_in_one_preformatted_entity_and_no_mode_of_parsing(
    work: Work, newsroom: Newsroom, canary: Canary
) -> None:
    """H2: offsets count in UTF-16."""
    body = told(work, newsroom, canary, WebhookKind.TELEGRAM, exact="👩‍👩‍👧 opend")
    assert canary.hits[-1] == "/bot12:ab/sendMessage"
    assert body["chat_id"] == "-1001"
    assert "parse_mode" not in body
    assert body["link_preview_options"] == {"is_disabled": True}
    units = body["text"].encode("utf-16-le")
    parts = {
        one["type"]: units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
        for one in body["entities"]
    }
    assert list(parts) == ["text_link", "pre"]
    assert parts["text_link"] == TITLE
    assert body["text"] == f"{TITLE}\n{parts['pre']}"
    harmless(parts["pre"])


def test_matrix_gets_a_message_that_mentions_nobody_once_by_its_id(
    work: Work, newsroom: Newsroom, canary: Canary
) -> None:
    """H2."""
    body = told(work, newsroom, canary, WebhookKind.MATRIX)
    assert canary.methods[-1] == "PUT"
    assert re.fullmatch(r"/_matrix/client/v3/rooms/!a%3Ab\.example/send/m\.room\.message/msg_\w+", canary.hits[-1])
    assert canary.headers[-1]["Authorization"] == "Bearer syt_1"
    assert body["m.mentions"] == {}
    assert body["body"] == f"{TITLE}: {LINK}"
    page = LexborHTMLParser(body["formatted_body"])
    assert page.body is not None
    assert [node.tag for node in page.body.css("body *")] == ["p", "a", "pre", "code"]
    (link,) = page.css("a")
    assert link.attributes == {"href": LINK}
    (code,) = page.css("code")
    harmless(code.text())


def test_mattermost_gets_words_within_a_fence_that_they_cannot_end(
    work: Work, newsroom: Newsroom, canary: Canary
) -> None:
    """H2."""
    title, fence, *words, last = told(work, newsroom, canary, WebhookKind.MATTERMOST)["text"].split("\n")
    assert title == f"[{TITLE}]({LINK})"
    assert fence == last
    assert set(fence) == {"`"}
    assert not any(fence in line for line in words)
    assert not any(re.search(r"<[!@#h]", line) for line in words)
    harmless("\n".join(words))


def test_no_chat_is_signed_and_none_gets_a_reader_s_address(work: Work, newsroom: Newsroom, canary: Canary) -> None:
    told(
        *(work, newsroom, canary, WebhookKind.SLACK),
        exact="",
        suggestion="",
        comment="@channel evil.example ann@readers.example +380 44 123 45 67",
    )
    assert "webhook-signature" not in canary.headers[-1]
    assert b"readers.example" not in canary.bodies[-1]
    assert b"123 45 67" not in canary.bodies[-1]


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("closed", "Case 7 is closed: not an error"),
        ("spam", "Case 7 is set aside as spam"),
        ("merged", "Case 7 is merged into case 3"),
        ("open", "Case 7 was closed, and is open again"),
    ],
)
def test_a_case_is_called_closed_only_while_it_is(state: str, title: str) -> None:
    article = {"headline": "Bridge", "url": "https://news.example/bridge"}
    error = {"quote": {"exact": ""}, "suggestion": "", "remove": False, "place": "", "comment": ""}
    case = {"number": 7, "state": state, "resolution": "not_an_error", "merged_into": 3, "article": article, **error}
    payload = {"type": "case.resolved", "data": {"site": {"name": "News"}, "case": {**case, "page": LINK}}}
    assert chats.message_of(payload, "http://corrections.example").title == title


@pytest.mark.parametrize(
    ("event", "state", "fix_state", "title"),
    [
        ("case.reopened", "open", None, "Case 7 is open again"),
        ("case.reopened", "fixing", None, "Case 7 is open again"),
        ("case.reopened", "closed", None, "Case 7 was open again, and is done with"),
        ("case.reopened", "merged", None, "Case 7 was open again, and is done with"),
        ("fix.seen", "closed", "applied", "Case 7: the article reads otherwise"),
        ("fix.seen", "open", "present", "Case 7: the article was seen to read otherwise"),
        ("fix.seen", "open", "unclear", "Case 7: the article was seen to read otherwise"),
    ],
)
def test_what_is_told_late_is_told_as_it_is_then(event: str, state: str, fix_state: str | None, title: str) -> None:
    """Kind: a room whose chat had been away read that a case “is open again” which was closed by then, and that an article
    reads otherwise in which the wrong words were back."""
    article = {"headline": "Bridge", "url": "https://news.example/bridge"}
    error = {"quote": {"exact": ""}, "suggestion": "", "remove": False, "place": "", "comment": "", "resolution": None}
    case = {"number": 7, "state": state, "fix_state": fix_state, "merged_into": 3, "article": article, **error}
    payload = {"type": event, "data": {"site": {"name": "News"}, "case": {**case, "page": LINK}}}
    assert chats.message_of(payload, "http://corrections.example").title == title
