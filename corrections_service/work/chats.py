"""Chats: what a room of each sort of chat is sent, in which no word of a reader's becomes a mention, a link or markup.

The title and its link are the service's own words. All others, the site's and the article's too, stand where that chat
takes text for nothing but text: preformatted, or in an element that knows no markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from corrections_service.rules import text, webhooks
from corrections_service.rules.changes import diff
from corrections_service.rules.webhooks import WebhookKind
from corrections_service.rules.workflow import LIVE, State
from corrections_service.store.models import SEEN_RIGHT
from corrections_service.work.letters import LONGEST_TOLD_APART, plain_difference

LONGEST = 400
"""Characters of each line; a block of four is far from any chat's limit."""

ENDINGS = {
    "fixed": "fixed",
    "corrected": "corrected",
    "clarified": "clarified",
    "editors_note": "editor’s note",
    "updated": "updated",
    "withdrawn": "story withdrawn",
    "already_fixed": "fixed already",
    "not_an_error": "not an error",
    "opinion": "opinion",
    "cannot_verify": "cannot be verified",
    "wont_change": "will not be changed",
    "out_of_scope": "out of scope",
    "reader_withdrew": "taken back by its reader",
}
CLASSES = {
    "correction": "Correction",
    "clarification": "Clarification",
    "editors_note": "Editor’s note",
    "update": "Update",
    "withdrawn": "Withdrawal",
}


SORTS = {
    webhooks.NEW: ("{} new case", "{} new cases"),
    webhooks.REOPENED: ("{} open again", "{} open again"),
    webhooks.APPEALED: ("{} with which a reader disagrees", "{} with which readers disagree"),
    webhooks.FIX_SEEN: ("{} seen changed in the article", "{} seen changed in their articles"),
    webhooks.RESOLVED: ("{} closed", "{} closed"),
    webhooks.PUBLISHED: ("{} notice published", "{} notices published"),
    webhooks.RETRACTED: ("{} notice taken back or replaced", "{} notices taken back or replaced"),
}
"""What one message about several events says of those of one sort, of one and of many."""


@dataclass(frozen=True)
class Message:
    """A title of the service's own words, where it leads, and the words of others, a line each."""

    title: str
    link: str
    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        """The words of others, as one text."""
        return "\n".join(self.lines)


def message_of(payload: Mapping[str, Any], base_url: str) -> Message:
    """What a room is told of an event."""
    event, data = payload["type"], payload["data"]
    site = data["site"]["name"]
    if event == webhooks.SEVERAL:
        sorts = [SORTS[sort][count > 1].format(count) for sort in SORTS if (count := data["events"].get(sort, 0))]
        articles = [f"{article['headline']} ({article['count']})" for article in data["articles"]]
        return Message(", ".join(sorts), data["page"], _lines(site, *articles))
    if "correction" in data:
        notice = data["correction"]
        name = f"{CLASSES.get(notice['class'], 'Notice')} {notice['number']}"
        became = "published" if event == webhooks.PUBLISHED else "replaced" if notice["replaced_by"] else "taken back"
        return Message(f"{name} {became}", notice["page"], _lines(site, notice["article"]["headline"], notice["text"]))
    if "case" in data:
        case = data["case"]
        about = case["article"]["headline"] or case["article"]["url"]
        return Message(_title(event, case), case["page"], _lines(site, about, _error(case)))
    return Message("Test: webhooks work", base_url, _lines(site))


def _title(event: str, case: Mapping[str, Any]) -> str:
    number = int(case["number"])
    if event == webhooks.NEW:
        return f"New case {number}"
    if event == webhooks.APPEALED:
        return f"A reader disagrees: case {number}"
    if event == webhooks.REOPENED:
        is_open = case["state"] in LIVE
        return f"Case {number} is open again" if is_open else f"Case {number} was open again, and is done with"
    if event == webhooks.FIX_SEEN:
        reads_otherwise = case["fix_state"] in SEEN_RIGHT
        return f"Case {number}: the article {'reads' if reads_otherwise else 'was seen to read'} otherwise"
    if case["state"] == State.SPAM:
        return f"Case {number} is set aside as spam"
    if case["state"] == State.MERGED:
        return f"Case {number} is merged into case {int(case['merged_into'])}"
    if case["state"] != State.CLOSED:
        return f"Case {number} was closed, and is open again"
    ending = ENDINGS.get(case["resolution"] or "", "")
    return f"Case {number} is closed: {ending}" if ending else f"Case {number} is closed"


def _error(case: Mapping[str, Any]) -> str:
    """What is wrong, in one line: the difference that a reader wishes, or what they marked, named or said."""
    exact, suggestion = case["quote"]["exact"], case["suggestion"]
    if exact and (suggestion or case["remove"]) and len(exact) + len(suggestion) <= LONGEST_TOLD_APART:
        return plain_difference(diff(exact, suggestion))
    return str(exact or case["place"] or case["comment"])


def _lines(*words: str) -> tuple[str, ...]:
    return tuple(filter(None, (text.one_line(line or "", LONGEST) for line in words)))


def body_of(kind: WebhookKind, message: Message, address: Mapping[str, str]) -> bytes:
    """The body of the request to a chat."""
    match kind:
        case WebhookKind.SLACK:
            body = _slack(message)
        case WebhookKind.TEAMS:
            body = _teams(message)
        case WebhookKind.TELEGRAM:
            body = {"chat_id": address["chat_id"], **_telegram(message)}
        case WebhookKind.MATRIX:
            body = _matrix(message)
        case _:
            body = _mattermost(message)
    return json.dumps(body, ensure_ascii=False).encode()


def _slack(message: Message) -> dict[str, Any]:
    """Rich text, whose elements are taken literally; the text beside it, for notices, holds no word of others."""
    block = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": message.words}]}
    title = {"type": "link", "url": message.link, "text": message.title, "style": {"bold": True}}
    elements = [{"type": "rich_text_section", "elements": [title]}, block]
    return {
        "text": message.title,
        "blocks": [{"type": "rich_text", "elements": elements}],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _teams(message: Message) -> dict[str, Any]:
    """An adaptive card; a text run knows no markup, and only what is listed as a mention is one."""
    runs = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]} for line in message.lines]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.2",
        "body": [{"type": "TextBlock", "text": message.title, "weight": "Bolder", "wrap": True}, *runs],
        "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": message.link}],
    }
    content_type = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": content_type, "contentUrl": None, "content": card}]}


def _telegram(message: Message) -> dict[str, Any]:
    """Text without a mode of parsing; what is preformatted holds no other entity, so that nothing in it is a link."""
    begin = _units(message.title) + 1
    title = {"type": "text_link", "offset": 0, "length": begin - 1, "url": message.link}
    block = {"type": "pre", "offset": begin, "length": _units(message.words)}
    return {
        "text": f"{message.title}\n{message.words}",
        "entities": [title, block],
        "link_preview_options": {"is_disabled": True},
    }


def _units(value: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16."""
    return len(value.encode("utf-16-le")) // 2


def _matrix(message: Message) -> dict[str, Any]:
    """A message that says itself that it mentions nobody; its plain form holds no word of others."""
    title = f'<p><a href="{escape(message.link)}">{escape(message.title)}</a></p>'
    return {
        "msgtype": "m.text",
        "body": f"{message.title}: {message.link}",
        "format": "org.matrix.custom.html",
        "formatted_body": f"{title}<pre><code>{escape(message.words)}</code></pre>",
        "m.mentions": {},
    }


def _mattermost(message: Message) -> dict[str, Any]:
    """Markdown, with a block of code whose fence is longer than any in it; `<!` and `<@` of Slack's are no mention."""
    words = message.words.replace("<", "<\u2060")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", words)), default=0))
    return {"text": f"[{message.title}]({message.link})\n{fence}\n{words}\n{fence}"}
