"""MIME: what the bytes of a mail hold, read within bounds, however they are nested, packed or broken (RFC 2045, 5322)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses
from itertools import takewhile

from corrections_service.rules import text
from corrections_service.rules.encoding import decode

LARGEST = 64 * 1024 * 1024
"""Bytes of a mail that are looked at at all."""

_LONGEST_SECTION, _SHORTEST_SECTION, _MOST_SECTIONS, _ROOM = 256 * 1024, 1024, 1000, 1024 * 1024
"""Bytes of one part, those of it that are read in any case, how many parts, and bytes of them all: the rest is attached."""

_SIGNS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
"""Of base64 (RFC 4648)."""

_LONGEST_VALUE, _LONGEST_NAME, _MOST_NAMES, _DEEPEST = 4000, 120, 20, 40

_BLANKS = re.compile(rb"(?:\r?\n){50,}+")
_OF_FILES = re.compile(r"(?:\A|(?<=\n\n))>(?=From [^\n]*(?:\n[^>]|\Z))")
"""The mark that a mailbox puts before a From at a line's beginning, for in its file that begins a mail (RFC 4155)."""
_TYPED = "\0"
"""Before a > that was typed; what is stored has none of it."""
_SPACES = re.compile(r"\s+")
_SEALS = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
"""Signatures of programs: nothing that a person attached."""

STATUS_KINDS = ("message/delivery-status", "message/global-delivery-status")
"""Reports about a delivery (RFC 3464, 6533)."""

SEALED_KINDS = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
"""Mails whose words are within something that is opened by a key, or by a program for mail alone."""

_RETURNED_KINDS = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
INVITATION = "an invitation"
"""Among the kinds of a mail: an appointment that a calendar sent, not one that somebody attached."""

_WESTERN = ("", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "iso-8859-15")


@dataclass(slots=True)
class Mime:
    """What a mail holds: its headers as they came, what can be read in it, the names of the rest."""

    headers: Mapping[str, str]
    kinds: set[str] = field(default_factory=set)
    plain: str = ""
    html: str = ""
    attached: list[str] = field(default_factory=list)
    status: list[dict[str, str]] = field(default_factory=list)
    """The fields of a delivery report, first those of the message (RFC 3464)."""
    returned: Mapping[str, str] = field(default_factory=dict)
    """The headers of the message that a report is about."""

    def value(self, name: str) -> str:
        """A header in one line of readable text, "" where there is none."""
        return readable(self.headers.get(name, ""))

    def addresses(self, *names: str) -> list[tuple[str, str]]:
        """The names and addresses in these headers."""
        return [pair for name in names for pair in addresses_in(self.headers.get(name, ""))]


def read(raw: bytes) -> Mime:
    """Read a mail; no bytes make it fail, and none take longer than some seconds."""
    raw = _shortened(raw[:LARGEST])
    try:
        message = message_from_bytes(raw)
        mime = Mime(_headers(message))
        mime.plain, mime.html = _collect(message, mime, 0)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, MessageError):
        head, _, body = raw.partition(b"\n\n")
        mime = Mime(_headers_alone(head), kinds={"broken"})
        mime.plain = text.clean(decode(body[:_LONGEST_SECTION], ""))
    return mime


def kind_of(mime: Mime) -> str:
    """What a mail is as a whole, by its header."""
    return mime.headers.get("content-type", "").partition(";")[0].strip().casefold()


def readable(value: str) -> str:
    """A header's value with its encoded words decoded, in one line (RFC 2047)."""
    with suppress(ValueError, LookupError, MessageError, binascii.Error):
        pieces = decode_header(_in_characters(value[:_LONGEST_VALUE]))
        value = "".join(
            decode(piece, f"charset={charset or 'utf-8'}") if isinstance(piece, bytes) else piece
            for piece, charset in pieces
        )
    return text.one_line(_SPACES.sub(" ", _in_characters(value)), 998).strip()


def addresses_in(value: str) -> list[tuple[str, str]]:
    """The names and addresses in a header's value; what is no address is left out."""
    try:
        pairs = getaddresses([_in_characters(value[:_LONGEST_VALUE])])
    except (RecursionError, ValueError, IndexError, TypeError):
        return []
    found_pairs = [(text.one_line(readable(name), 100), address.strip()) for name, address in pairs]
    return [(name, address) for name, address in found_pairs if is_address(address)]


def is_address(value: str) -> bool:
    """Whether something has the shape of a mail address."""
    local, at, domain = value.rpartition("@")
    return bool(at and local and domain) and len(value) <= 254 and value.isprintable() and not set(value) & set(" <>,")


def _shortened(raw: bytes) -> bytes:
    """The mail with its large parts cut, so that reading takes no longer for a film than for a letter."""
    sections, room = raw.split(b"\n--", _MOST_SECTIONS), _ROOM
    for number, section in enumerate(sections):
        room = room if number < _MOST_SECTIONS else 0
        most = max(min(_LONGEST_SECTION, room), _SHORTEST_SECTION)
        sections[number] = _BLANKS.sub(b"\n\n\n", section[:most])
        room -= len(sections[number])
    return b"\n--".join(sections)


def _headers(message: Message) -> dict[str, str]:
    """The first header of each name, as it came, without its folding."""
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), str(value).replace("\r", "").replace("\n", ""))
    return headers


def _headers_alone(head: bytes) -> dict[str, str]:
    with suppress(RecursionError, ValueError, LookupError, TypeError, MessageError):
        return _headers(message_from_bytes(head + b"\n\n"))
    return {}


def _in_characters(value: str) -> str:
    """Bytes that stood in a header as they were, read as UTF-8 where they are that."""
    if value.isascii():
        return value
    return decode(value.encode("utf-8", "surrogateescape"), "") if not _has_only_characters(value) else value


def _has_only_characters(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _collect(part: Message, mime: Mime, depth: int) -> tuple[str, str]:
    """The plain text and the HTML under a part; names and reports are noted in `mime`."""
    kind = part.get_content_type()
    mime.kinds.add(kind)
    if depth > _DEEPEST:
        return "", ""
    if kind == "text/calendar" and (part.get_param("method") or not _is_attached(part, depth)):
        mime.kinds.add(INVITATION)
    if kind in STATUS_KINDS:
        mime.status += _fields(part)
    elif kind in _RETURNED_KINDS and "multipart/report" in mime.kinds:
        mime.returned = mime.returned or _returned(part)
    elif kind == "multipart/alternative":
        choices = [_collect(child, mime, depth + 1) for child in _children(part)]
        plain = next((choice[0] for choice in choices if text.is_visible(choice[0])), "")
        return plain, next((choice[1] for choice in choices if choice[1]), "")
    elif part.is_multipart() and kind.startswith("multipart/"):
        texts = [_collect(child, mime, depth + 1) for child in _children(part)]
        return _joined(plain for plain, _ in texts), _joined(html for _, html in texts)
    elif kind in ("text/plain", "text/html") and not _is_attached(part, depth):
        content = _text(part)
        return (content, "") if kind == "text/plain" else ("", content)
    elif name := _name(part):
        mime.attached += [name] * (len(mime.attached) < _MOST_NAMES)
    return "", ""


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _joined(pieces: Iterator[str]) -> str:
    return "\n".join(piece for piece in pieces if piece)


def _is_attached(part: Message, depth: int) -> bool:
    """Whether a part is attached; what is the whole mail is not, though it has a name."""
    is_named = bool(part.get_filename() or part.get_param("name"))
    return part.get_content_disposition() == "attachment" or (is_named and depth > 0)


def _name(part: Message) -> str:
    """What an attachment is called, "" for what nobody attached."""
    kind = part.get_content_type()
    if kind in _SEALS or (kind in ("message/disposition-notification", "text/rfc822-headers")):
        return ""
    name = part.get_filename() or part.get_param("name") or ""
    name = readable(collapse_rfc2231_value(name) if isinstance(name, tuple) else str(name))
    inner = _children(part)
    if not name and kind == "message/rfc822" and inner:
        name = readable(_headers(inner[0]).get("subject", "")) or "a mail"
    if not name and part.get_content_disposition() == "inline" and kind.startswith("image/"):
        return ""
    return text.one_line(name or kind, _LONGEST_NAME)


def _text(part: Message) -> str:
    content = _content(part)
    charset = str(part.get_param("charset") or "").lower()
    if charset == "utf-7":  # which no page has, and old mail programs do
        with suppress(UnicodeDecodeError):
            return _lines(content.decode("utf-7"), part)
    if charset in _WESTERN and not content.isascii():
        with suppress(UnicodeDecodeError):
            return _lines(content.decode("utf-8"), part)
    if charset in ("", "us-ascii", "ascii", "utf-8", "utf8"):  # what is no UTF-8 is read as what it most likely is
        return _lines(_guessed(content), part)
    return _lines(decode(content, f"charset={charset}"), part)


def _guessed(content: bytes) -> str:
    """The text of bytes of which nothing true is said: where most letters are no Latin ones, it is Cyrillic in one of two ways."""
    text_in_latin = decode(content, "")
    letters = [sign for sign in text_in_latin if sign.isalpha()]
    if _is_utf_8(content) or 2 * sum(not sign.isascii() for sign in letters) <= len(letters):
        return text_in_latin
    readings = (content.decode(codec, "replace") for codec in ("windows-1251", "koi8-u"))
    return max(readings, key=lambda reading: sum(map(str.islower, reading)))


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _content(part: Message) -> bytes:
    """The bytes of a part; what is said to be base64 is decoded as far as it is that, the rest stands as it came."""
    if str(part.get("content-transfer-encoding", "")).strip().casefold() != "base64":
        payload = part.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""
    raw = str(part.get_payload()).encode("ascii", "surrogateescape")
    lines = raw.splitlines()
    packed = list(takewhile(lambda line: not line.strip().translate(None, _SIGNS), lines))
    joined = b"".join(packed).translate(None, b"= \t")
    joined = joined[: len(joined) - (len(joined) % 4 == 1)]
    return binascii.a2b_base64(joined + b"===") + b"\n".join(lines[len(packed) :])


def _lines(content: str, part: Message) -> str:
    """The text with plain line ends; lines that only the mail program broke are whole again (RFC 3676)."""
    content = content.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    content = _OF_FILES.sub("", content)
    if part.get_param("format") != "flowed":
        return content
    lines: list[str] = []
    delete = str(part.get_param("delsp") or "").lower() == "yes"
    for line in content.split("\n"):
        if line.startswith(" "):  # which the program put there (4.4), so that no mark was read in what was typed
            line = f"{_TYPED if line.startswith(' >') else ''}{line[1:]}"
        if lines and lines[-1].endswith(" ") and lines[-1] != "-- " and (lines[-1][:1] == ">") == (line[:1] == ">"):
            lines[-1] = (lines[-1][:-1] if delete else lines[-1]) + line.lstrip("> " if line[:1] == ">" else "")
        else:
            lines.append(line)
    return "\n".join(lines)


def _fields(part: Message) -> list[dict[str, str]]:
    payload = part.get_payload()
    if part.get_content_type() == STATUS_KINDS[1] and isinstance(payload, list) and isinstance(payload[0], Message):
        payload = payload[0].as_string()  # which Python takes for a mail
    if isinstance(payload, list):
        return [_headers(block) for block in payload[:50] if isinstance(block, Message)]
    blocks = re.split(r"\n\s*\n", str(payload)[:_LONGEST_SECTION].replace("\r", ""))
    return [_headers_alone(block.encode("utf-8", "replace")) for block in blocks[:50]]


def _returned(part: Message) -> dict[str, str]:
    inner = _children(part)
    if inner:
        return _headers(inner[0])
    payload = part.get_payload(decode=True)
    return _headers_alone(payload if isinstance(payload, bytes) else b"")
