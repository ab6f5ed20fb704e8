"""Bounces: what a message says that tells of a mail which did not arrive (RFC 3464), or was only read (RFC 8098)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corrections_service.rules import text
from corrections_service.rules.lexicon import mails, robots
from corrections_service.rules.mime import STATUS_KINDS, Mime, is_address, readable

IDS = re.compile(r"<[^<>\s]{3,250}>")
_ID_LINE = re.compile(r"^[> \t]{0,8}message-id:\s{0,4}(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_CODE = re.compile(r"(?<![\d.])[45]\d\d(?=[ -])")
_MAILBOX = re.compile(r"[^\s<>()\[\]:;,\"']{1,64}@[^\s<>()\[\]:;,\"']{1,190}")
_POSTMEN = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mdaemon", "double-bounce", "bounce")
_READ_IN = 20_000


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that a mail did not reach; `for_good`: it will not be tried again."""

    address: str
    reason: str
    for_good: bool


def failures(mime: Mime) -> list[Failure]:
    """To whom a mail was not delivered, by a report about it; nothing for a message that is no such report."""
    reported = [failure for failure in map(_reported, mime.status) if failure is not None]
    if reported or any("action" in fields for fields in mime.status):  # a report that names what was done says it all
        return reported
    if not is_from_postman(mime) or not _is_bounce(mime):
        return []
    return list(_told_to_people(mime))


def is_report(mime: Mime) -> bool:
    """Whether a message tells of the delivery of another, whatever became of that one."""
    return bool(mime.status) or bool(mime.kinds & {*STATUS_KINDS}) or (is_from_postman(mime) and _is_bounce(mime))


def is_from_postman(mime: Mime) -> bool:
    """Whether a mail server wrote the message: by its return path, or by its own name."""
    if mime.headers.get("return-path", "").strip() == "<>" or "x-failed-recipients" in mime.headers:
        return True
    names = [address.partition("@")[0].casefold() for _, address in mime.addresses("from", "return-path", "sender")]
    raw = mime.headers.get("from", "").casefold()
    return any(name.startswith(_POSTMEN) for name in names) or any(
        name in raw for name in ("mailer-daemon", "mail delivery")
    )


def about(mime: Mime) -> tuple[str, ...]:
    """The Message-IDs of the mails that a message answers, or tells of; the likeliest first."""
    names = ("message-id", "in-reply-to", "references")
    headers = [mime.returned.get("message-id", ""), *(mime.headers.get(name, "") for name in names[1:])]
    ids = [id for value in headers for id in reversed(IDS.findall(value[-8000:]))]
    body = mime.plain[:100_000] or mime.html[:100_000]
    if is_from_postman(mime):
        ids += _ID_LINE.findall(body.replace("&lt;", "<").replace("&gt;", ">"))
    return tuple(dict.fromkeys(ids))[:50]


def _reported(fields: dict[str, str]) -> Failure | None:
    action = fields.get("action", "").strip().casefold()
    if not action.startswith(("failed", "delayed")):
        return None
    address = next(
        filter(None, map(_address, (fields.get("original-recipient", ""), fields.get("final-recipient", "")))), ""
    )
    reason = readable(fields.get("diagnostic-code", "")).partition(";")[2].strip() or readable(fields.get("status", ""))
    return Failure(address, text.one_line(reason, 300), action.startswith("failed"))


def _address(field: str) -> str:
    address = field.rpartition(";")[2].strip().strip("<>")
    return address if is_address(address) else ""


def _is_bounce(mime: Mime) -> bool:
    subject = mails.folded(mime.value("subject"))
    if "x-failed-recipients" in mime.headers or subject.startswith(tuple(robots.BOUNCED_SUBJECTS)):
        return True
    if any(words in subject for words in robots.BOUNCED_SUBJECTS):
        return True
    body = mails.folded(mime.plain[:_READ_IN])
    return any(words in body for words in robots.BOUNCED_WORDS)


def _told_to_people(mime: Mime) -> Iterator[Failure]:
    """What a report says that has no fields: its addresses, and why."""
    body = mime.plain[:_READ_IN] or re.sub(r"<[^<>]{0,500}>", " ", mime.html[:_READ_IN])
    own_part = re.split(
        r"(?i)\n-{3,}[^\n]{0,80}(?:copy|original|returned|below)|\n(?:Received|Return-Path|From|Message-ID): ", body
    )[0]
    failed_addresses = [address.strip() for address in mime.headers.get("x-failed-recipients", "").split(",")]
    own_addresses = {address for _, address in mime.addresses("from", "to", "return-path")}
    told_addresses = [address.rstrip(".>") for address in _MAILBOX.findall(own_part)]
    addresses = [address for address in failed_addresses if is_address(address)] or [
        address
        for address in dict.fromkeys(told_addresses)
        if is_address(address) and address not in own_addresses and not address.casefold().startswith(_POSTMEN)
    ]
    status, code = _STATUS.search(own_part), _CODE.search(own_part)
    folded = mails.folded(f"{mime.value('subject')} {own_part}")
    is_delay = any(words in folded for words in robots.DELAYED_WORDS) and not (status and status[0][0] == "5")
    is_final = not is_delay and not (status and status[0][0] == "4" and "giving up" not in folded)
    line = next(
        (line for line in own_part.split("\n") if (status and status[0] in line) or (code and code[0] in line)), ""
    )
    reason = text.one_line(line.strip() or mime.value("subject"), 300)
    return (Failure(address, reason, is_final) for address in addresses[:20] or [""])
