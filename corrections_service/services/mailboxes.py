"""Letters to the desk: what readers wrote by mail before there was this service."""

from __future__ import annotations

import email
import mailbox
import re
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from corrections_service.errors import BadSource
from corrections_service.rules import text, urls
from corrections_service.rules.fields import LIMITS
from corrections_service.rules.pages import visible_text
from corrections_service.services.tables import Row, digest, usual

LARGEST_LETTER = 10_000_000
"""Bytes of a letter that are read; what it says stands before what is attached to it."""

_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]{1,2048}", re.IGNORECASE)
_ANSWER = re.compile(r"\A(?:\s*(?:re|aw|sv|fwd?|wg|tr)\s*:)+\s*", re.IGNORECASE)

_BESIDES = re.compile(r"^(?:>.*|-- $[\s\S]*)\n?", re.MULTILINE)
"""What a letter repeats of others, and its signature (RFC 3676)."""


def read(path: Path, origins: Sequence[str]) -> Iterator[Row]:
    """Each letter of a mailbox is a report of the article whose address it names."""
    with path.open("rb") as file:
        if file.read(5) not in (b"From ", b""):
            raise BadSource("This is no mailbox: its first line does not begin with From.")
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), 1):
            raw = box.get_file(key).read(LARGEST_LETTER)
            yield _letter(f"mail {number}", number / len(box), raw, origins)
    finally:
        box.close()


def _letter(position: str, share: float, raw: bytes, origins: Sequence[str]) -> Row:
    try:
        message = email.message_from_bytes(raw, EmailMessage, policy=modern)
        header = {name: str(message.get(name, "")) for name in ("subject", "from", "date", "message-id")}
        by_program = str(message.get("auto-submitted", "no")).strip().lower() != "no"
        body, source = _body(message)
    except Exception as error:  # the standard library's parser raises whatever a broken mail leads it to
        return Row(position, share, wrong=f"This mail cannot be read: {type(error).__name__}.")
    if by_program:
        return Row(position, share, wrong="This mail was written by a program.")
    url = _article(source, origins)
    if not url:
        return Row(position, share, wrong="url: No address of the site stands in this mail.")
    try:
        arrived = usual(parsedate_to_datetime(header["date"]))
    except (ValueError, TypeError, IndexError, OverflowError):
        arrived = None
    comment = _BESIDES.sub("", body).strip() or body.strip()
    fields = report_fields(url, header["subject"], comment, parseaddr(header["from"])[1])
    key = header["message-id"].strip() or digest(header["from"], header["date"], body)
    return Row(position, share, f"mbox:{key}", fields, arrived)


def report_fields(url: str, subject: str, comment: str, sender: str) -> dict[str, str]:
    """A letter to the desk as a report: its words are the comment, its subject says which part is meant."""
    subject = without_answer(subject)
    if len(subject) > LIMITS["place"]:  # the end of it would be lost
        comment = f"{subject}\n\n{comment}"
    fields = {"url": url, "comment": comment, "place": text.one_line(subject, LIMITS["place"])}
    if "@" in sender and sender.isascii():
        fields["email"] = sender
    return fields


def without_answer(subject: str) -> str:
    """A subject without what programs put before it in an answer."""
    return _ANSWER.sub("", subject)


def article_among(addresses: Sequence[str], origins: Sequence[str]) -> str:
    """The first of these addresses that is one of the site's; its front page only where there is no other."""
    of_site = [address for address in addresses if urls.belongs_to(address, origins)]
    return next((address for address in of_site if urls.parse(address).path != "/"), of_site[0] if of_site else "")


def only_article_among(addresses: Sequence[str], origins: Sequence[str]) -> str:
    """The one page of the site that these addresses name beside its front page; "" where they name several."""
    of_site = {urls.canonical(address): address for address in addresses if urls.belongs_to(address, origins)}
    inner = [address for address in of_site.values() if urls.parse(address).path != "/"]
    return inner[0] if len(inner) == 1 else ""


def _body(message: EmailMessage) -> tuple[str, str]:
    """What a letter says, and the text in which addresses are looked for."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return "", ""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        source = content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        source = content.decode("utf-8", "replace")
    source = source.replace("\r\n", "\n")
    if part.get_content_type() == "text/html":
        return visible_text(source.encode("utf-8", "replace"), "text/html; charset=utf-8"), source.replace("&amp;", "&")
    return source, source


def _article(source: str, origins: Sequence[str]) -> str:
    return article_among([address.rstrip(".,;:!?)") for address in _ADDRESS.findall(source)], origins)
