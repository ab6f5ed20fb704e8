"""Webhooks: of what programs are told, and how a request is signed (Standard Webhooks 1.0.0) and its secrets are kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import parse_qs

from corrections_service.rules import urls

NEW, RESOLVED, REOPENED, APPEALED, FIX_SEEN = "case.new", "case.resolved", "case.reopened", "case.appealed", "fix.seen"
PUBLISHED, RETRACTED = "correction.published", "correction.retracted"

EVENTS = (NEW, RESOLVED, REOPENED, APPEALED, FIX_SEEN, PUBLISHED, RETRACTED)
"""What a webhook may be told of."""

TEST = "test"
"""What is sent by hand, to see whether a webhook works."""

SEVERAL = "several"
"""What a room of a chat is told of many events at once; no program is."""

SECRET, SECRET_BYTES = "whsec_", 32
"""How secrets begin, and how long one of ours is; the specification asks for 24 bytes at least."""


class WebhookKind(StrEnum):
    """Which program is told, and so in what form."""

    PLAIN = "plain"
    SLACK = "slack"
    TEAMS = "teams"
    TELEGRAM = "telegram"
    MATRIX = "matrix"
    MATTERMOST = "mattermost"


_NEEDED = {
    WebhookKind.TELEGRAM: ("/sendMessage", "chat_id", "https://api.telegram.org/botTOKEN/sendMessage?chat_id=-100…"),
    WebhookKind.MATRIX: (
        "/send/m.room.message",
        "access_token",
        "https://HOST/_matrix/client/v3/rooms/ROOM/send/m.room.message?access_token=…",
    ),
}
"""How the path of an address ends, what its query holds that is sent apart from it, and how it is written."""


def address_of(kind: WebhookKind, address: str) -> dict[str, str]:
    """The address that is called (`url`), and what stands in it for another place (`chat_id`, `access_token`).

    Raises BadAddress with a sentence.
    """
    parsed = urls.parse(address)
    url = parsed.href.partition("#")[0]
    if kind not in _NEEDED:
        return {"url": url}
    ending, name, example = _NEEDED[kind]
    values = parse_qs(parsed.query).get(name, [])
    if not parsed.path.rstrip("/").endswith(ending) or len(values) != 1 or not re.fullmatch(r"[!-~]+", values[0]):
        raise urls.BadAddress(f"Write the address as {example}")
    return {"url": url.partition("?")[0].rstrip("/"), name: values[0]}


def as_secret(random: bytes) -> str:
    """A secret as it is shown to who has to know it."""
    return SECRET + base64.b64encode(random).decode()


def sign(id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> str:
    """The value of `webhook-signature`: one signature with each of these secrets, with spaces between."""
    content = f"{id}.{timestamp}.".encode() + body
    keys = (base64.b64decode(secret.removeprefix(SECRET)) for secret in secrets)
    signatures = (base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() for key in keys)
    return " ".join(f"v1,{signature}" for signature in signatures)
