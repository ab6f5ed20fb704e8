"""Incoming mail: who wrote it, what it says, and whether a person said it at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from corrections_service.rules import bounces, mail_links, mime, quoted, text
from corrections_service.rules.bounces import Failure
from corrections_service.rules.lexicon import mails, robots
from corrections_service.rules.mime import Mime
from corrections_service.rules.quoted import Words

LONGEST_WORDS = 20_000
"""Characters of a mail's own words that are kept, and of the rest of it."""

OWN_MARK = "x-corrections-case"
_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to")
_GREETS = "the bat!"
"""The program that puts a greeting above each answer."""

_FEW = 5
_LONGEST_POINTER = 200
"""Characters of a plain text that only says that there is another."""

_DATE_LENGTH = 40
"""Characters of a date that stands within a phrase."""

_ROBOTS = ("noreply@", "no-reply@", "donotreply@", "do-not-reply@", "no_reply@", "nicht-antworten@", "ne-pas-repondre@")


class Sort(StrEnum):
    """What an incoming message is; only what a PERSON wrote can be an answer."""

    PERSON = "person"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    LOOP = "loop"
    READ = "read"
    CALENDAR = "calendar"
    LIST = "list"
    EMPTY = "empty"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that came in, read: its words are its writer's own, `rest` is all else that it says."""

    sort: Sort
    message_id: str
    sender: str
    name: str
    recipients: tuple[str, ...]
    subject: str
    at: datetime | None
    words: str
    rest: str
    attached: tuple[str, ...]
    about: tuple[str, ...]
    failures: tuple[Failure, ...]
    links: tuple[str, ...] = ()
    """The pages that its own words name."""
    other_links: tuple[str, ...] = ()
    """Those that it names in what it repeats of others."""
    list_id: str = ""
    """The list that it came over (RFC 2919), "" for none."""
    by_words: bool = False
    """Whether it is taken for a program's by what it says alone, which a person may say too."""

    @property
    def whole(self) -> str:
        """All that the mail says."""
        return f"{self.words}\n\n{self.rest}".strip()


def read(raw: bytes, *, host: str = "", sender: str = "") -> Incoming:
    """Read a message; `host` is that of our own Message-IDs, `sender` our own address. Nothing makes it fail."""
    parts = mime.read(raw)
    plain = parts.plain if text.is_visible(parts.plain) and not _only_points(parts) else quoted.plain_of(parts.html)
    words = quoted.own_words(plain)
    if parts.value("x-mailer").casefold().startswith(_GREETS):
        words = quoted.without_greeting(words)
    own_links, other_links = mail_links.of(parts, words)
    name, address = _writer(parts)
    sort = _sort(parts, words, host, sender)
    return Incoming(
        sort=sort,
        message_id=next(iter(bounces.IDS.findall(parts.headers.get("message-id", "")[:1000])), ""),
        sender=address,
        name=name,
        recipients=tuple(dict.fromkeys(address for _, address in parts.addresses(*_TO)))[:50],
        subject=text.one_line(parts.value("subject"), 300),
        at=_moment(parts.headers.get("date", "")),
        words=text.cut(words.own_text, LONGEST_WORDS),
        rest=text.cut(words.rest, LONGEST_WORDS),
        attached=tuple(parts.attached),
        about=bounces.about(parts),
        failures=tuple(bounces.failures(parts)),
        links=own_links,
        other_links=other_links,
        list_id=parts.value("list-id").rpartition("<")[2].rstrip(">").casefold(),
        by_words=sort is Sort.AUTOMATIC and not (bounces.is_report(parts) or _is_automatic(parts)),
    )


def _writer(parts: Mime) -> tuple[str, str]:
    """Name and address of who wrote a mail; a group that hands mail on in its own name says who it was."""
    is_handed_on = "list-id" in parts.headers and " via " in parts.value("from")
    handed_on = ("x-original-from", "x-original-sender", "reply-to") if is_handed_on else ()
    names = (*handed_on, "from", "reply-to", "sender")
    writers = [pair for name in names for pair in parts.addresses(name)]
    return writers[0] if writers else ("", "")


def _only_points(parts: Mime) -> bool:
    """Whether a mail's plain text is but a program's, which says that the mail is to be seen in HTML."""
    plain = " ".join(parts.plain.split()).casefold()
    return len(plain) < _LONGEST_POINTER and " html" in plain and text.is_visible(quoted.plain_of(parts.html))


def _sort(parts: Mime, words: Words, host: str, sender: str) -> Sort:
    """What a message is, by what it surely is first."""
    if (
        "broken" in parts.kinds
        or _is_sealed(parts, words)
        or not parts.headers.keys() & {"from", "sender", "return-path", "message-id", "date"}
    ):
        return Sort.BROKEN
    if _is_read_receipt(parts):
        return Sort.READ
    if bounces.is_report(parts):
        return Sort.BOUNCE if bounces.failures(parts) or not parts.status else Sort.AUTOMATIC
    if _is_own(parts, host, sender):
        return Sort.LOOP
    is_silent = not text.is_visible(words.own_text)
    is_calendars = bool(parts.kinds & {"text/calendar", "application/ics"}) or _starts(parts, robots.INVITED_SUBJECTS)
    if mime.INVITATION in parts.kinds or (is_calendars and is_silent):
        return Sort.CALENDAR
    if _is_automatic(parts) or _reads_automatic(parts, words):
        return Sort.AUTOMATIC
    if _is_list(parts):
        return Sort.LIST
    return Sort.EMPTY if is_silent else Sort.PERSON


def _is_sealed(parts: Mime, words: Words) -> bool:
    """Whether what a mail says is enciphered, or packed as a program for mail alone opens it (RFC 9580, 8551)."""
    return mime.kind_of(parts) in mime.SEALED_KINDS or words.own_text.startswith("-----BEGIN PGP MESSAGE-----")


def _is_read_receipt(parts: Mime) -> bool:
    """Whether a message only says that a mail was opened, or deleted unread (RFC 8098)."""
    if "message/disposition-notification" in parts.kinds:
        return True
    if parts.status:
        return False  # what became of a delivery is told there
    kind = parts.headers.get("content-type", "").casefold()
    if "disposition-notification" in kind or "x-mdn" in parts.headers:
        return True
    if not _starts(parts, robots.READ_SUBJECTS):
        return False
    body, is_answer = mails.folded(parts.plain[:1000]), _subject(parts, robots.READ_SUBJECTS)[0]
    is_told = _is_answer(parts) and any(words in body for words in robots.READ_WORDS)
    return "multipart/report" in parts.kinds or (is_told and not is_answer)


def _is_own(parts: Mime, host: str, sender: str) -> bool:
    """Whether this service wrote it, and it came back."""
    if OWN_MARK in parts.headers:
        return True
    message_id = parts.headers.get("message-id", "").strip().casefold()
    if host and message_id.endswith(f"@{host.casefold()}>"):
        return True
    return bool(sender) and _writer(parts)[1].casefold() == sender.casefold()


def _is_automatic(parts: Mime) -> bool:
    """Whether a program answered in somebody's name (RFC 3834), by its headers, or by a subject that says so."""
    if mime.kind_of(parts) == "multipart/report":  # of spam, of DMARC, of TLS: RFC 5965, 7489, 8460
        return True
    headers = {name: value.strip().casefold() for name, value in parts.headers.items()}
    if not headers.get("auto-submitted", "no").startswith("no"):
        return True
    if headers.get("precedence", "") in ("auto_reply", "auto-reply", "junk", "bulk") and "list-id" not in headers:
        return True
    signs = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-auto-reply", "x-vacation", "x-fc-machinegenerated")
    if any(headers.get(name, "no") not in ("no", "none", "false", "") for name in signs):
        return True
    if headers.get("x-autogenerated", "") in ("reply", "forward", "group", "letter", "redirect"):
        return True
    if headers.get("return-path", "") == "<>" or any(robot in headers.get("from", "") for robot in _ROBOTS):
        return True
    return _says_automatic(parts, robots.AUTOMATIC_SUBJECTS)


def _reads_automatic(parts: Mime, words: Words) -> bool:
    """Whether it reads as if a program answered.

    Programs that set no header answer something, and repeat nothing of it: who answers nothing, or repeats it, is a person.
    """
    if not _is_answer(parts):
        return _subject(parts, robots.AWAY_SUBJECTS)[1] in robots.AWAY_SUBJECTS
    paragraphs = re.split(r"\n\s*\n", mails.folded(words.own_text[:400]))
    beginning = ". ".join(["", *(" ".join(paragraph.split()) for paragraph in paragraphs)])
    phrases = robots.ROBOT_WORDS if words.repeats else robots.ROBOT_WORDS + robots.AWAY_WORDS
    return _says_automatic(parts, robots.AWAY_SUBJECTS) or any(_says(beginning, phrase) for phrase in phrases)


def _says(beginning: str, phrase: str) -> bool:
    """Whether a phrase stands there; a date may stand in the place of its …, and no other part of a sentence."""
    first, gap, last = phrase.partition("…")
    at = beginning.find(first)
    if not gap or at < 0:
        return at >= 0
    between, is_last, _ = beginning[at + len(first) : at + len(first) + _DATE_LENGTH + len(last)].partition(last)
    return bool(is_last) and (any(map(str.isdigit, between)) or not any(sign in between for sign in ",;:.!?"))


def _is_list(parts: Mime) -> bool:
    """Whether a message went to many (RFC 2919, 2369)."""
    if parts.headers.keys() & {"list-id", "list-unsubscribe", "feedback-id", "x-campaign-id", "x-mailchimp-id"}:
        return True
    return parts.headers.get("precedence", "").strip().casefold() in ("bulk", "list")


def _starts(parts: Mime, phrases: list[str]) -> bool:
    """Whether the subject begins so, after what programs put before it."""
    _, subject = _subject(parts, phrases)
    return any(mails.begins(subject, phrase) for phrase in phrases)


def _says_automatic(parts: Mime, phrases: list[str]) -> bool:
    """Whether the subject is one of an automatic answer: a few words, or a phrase with a stop, not the start of a sentence."""
    is_answer, subject = _subject(parts, phrases)
    phrase = max((phrase for phrase in phrases if mails.begins(subject, phrase)), key=len, default="")
    remaining = subject[len(phrase) :].strip()
    has_stop = not remaining or remaining[0] in ":-–—|(/]" or phrase.endswith((":", "]"))
    return bool(phrase) and (has_stop or (not is_answer and _is_answer(parts) and len(remaining.split()) <= _FEW))


def _is_answer(parts: Mime) -> bool:
    """Whether a message answers another, by its headers or its subject."""
    return bool(parts.headers.keys() & {"in-reply-to", "references"}) or _subject(parts, [])[0]


def _subject(parts: Mime, phrases: list[str]) -> tuple[bool, str]:
    """Whether the subject is that of an answer, and what it says then."""
    subject, is_answer = mails.folded(parts.value("subject")).strip(), False
    for _ in range(5):
        head, colon, tail = subject.partition(":")
        if colon and head.strip() in mails.AGAIN and not any(mails.begins(subject, phrase) for phrase in phrases):
            subject, is_answer = tail.strip(), True
    return is_answer, subject


def _moment(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value.strip()[:100])
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if 1990 <= at.year <= 2200 else None
