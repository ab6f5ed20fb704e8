"""Header values go through a parser: what a publication, an article or a reader is called never becomes syntax (P-12, C08)."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from flask import Flask

from corrections_service.demo.mailbox import Mail
from corrections_service.rules.text import one_line
from corrections_service.settings import Settings
from corrections_service.store.models import Delivery, Site
from corrections_service.work.mail import Mailer
from corrections_service.work.smtp import LONGEST_NAME
from tests.work.postroom import Desk

NAMES = [
    *("The Times, Inc.", "Київ @ ніч", "a;b", '"q"', "x: y", "<b>", "(c)", "a\\b", "[a]", "@x", "a.b", "News"),
    *("ann@example.org", "Ann <ann@example.org>", "a, b@example.org", "Group: a@example.org;", "=?utf-8?q?x?=", "=?"),
    *(
        "=?utf-8?b?QmNjOiB4QGV2aWwudGVzdA==?=",
        "O'Neil & Sons — “Daily”",
        "עיתון הארץ: חדשות",
        "صحيفة؛ اليوم",
        "😀 News, 😀",
    ),
    *("long name, with commas " * 9, "1,2 3,4 " * 20, 'x"y, ' * 30, "я" * 200, "名前" * 100, "ﷺ" * 200, "X" * 200),
    *("a\r\nBcc: x@evil.test", "a\u2028b, c", "a\x0bBcc: x@evil.test", "\u202eevil, right to left", "a\x00b;"),
]
"""Publications' names that are the syntax of a header, or look like it."""


def names_and_addresses(mail: Mail, header: str) -> set[tuple[str, str]]:
    """Who stands in a header, as the modern parser and the old one read it.

    The modern one puts a space between two encoded words, which RFC 2047 forbids, so spaces are left out.
    """
    found = [(one.display_name, one.addr_spec) for one in mail.message[header].addresses]
    old = getaddresses([message_from_bytes(mail.raw)[header]])
    found += [(str(make_header(decode_header(name))), address) for name, address in old]
    return {(name.replace(" ", ""), address) for name, address in found}


@pytest.mark.parametrize("name", NAMES)
def test_a_publication_may_be_called_anything(desk: Desk, name: str) -> None:
    """The envelope is bare, and From reads back as the name and the one address."""
    with desk.db.write() as session:
        session.get_one(Site, desk.site.id).name = name[:200].replace("\0", "")
    desk.report(email="ann@example.org")
    shown = one_line(name[:200].replace("\0", ""), LONGEST_NAME)
    told, receipt = desk.mails()
    assert [told.rcpt_tos, receipt.rcpt_tos] == [("desk@news.example",), ("ann@example.org",)]
    for mail in (told, receipt):
        assert mail.mail_from == "corrections@corrections.example"
        if "=?" not in name:
            assert names_and_addresses(mail, "From") == {(shown.replace(" ", ""), "corrections@corrections.example")}
        assert {address for _, address in names_and_addresses(mail, "From")} == {"corrections@corrections.example"}
        assert names_and_addresses(mail, "To") == {("", mail.rcpt_tos[0])}
        assert str(mail.message["List-Unsubscribe"]).startswith("<http://corrections.example/unsubscribe/")
        head = mail.raw.partition(b"\r\n\r\n")[0]
        assert b"\nbcc" not in head.lower()
        assert max(map(len, re.findall(rb"=\?[^?\s]*\?[bq]\?[^?\s]*\?=", head, re.IGNORECASE)), default=0) <= 75
        assert max(map(len, head.split(b"\r\n"))) <= 998
    assert one_line(str(receipt.message["Subject"])) == one_line(f"Your report to {shown}", 180) or "=?" in name


@pytest.mark.parametrize("headline", [one for one in NAMES if "\0" not in one])
def test_an_article_may_be_called_anything(desk: Desk, headline: str) -> None:
    """Subject reads back as what was written, to the letter, in the parsers that mail programs are made of."""
    number = desk.report(title=headline[:300])
    (mail,) = desk.mails()
    subject = str(make_header(decode_header(message_from_bytes(mail.raw)["Subject"])))
    shown = one_line(headline[:300], 120).replace("://", ":\u2060//")
    assert subject.replace("\u2060", "").startswith(
        one_line(f"Case {number}: {shown}", 180).replace("\u2060", "")[:150]
    )


@pytest.mark.parametrize("stored", ["desk@bücher.de", "DESK@News.Example"])
def test_an_address_that_is_there_already_is_written_as_the_envelope_takes_it(desk: Desk, stored: str) -> None:
    with desk.db.write() as session:
        session.get_one(Site, desk.site.id).desk = stored
    desk.report()
    (mail,) = desk.mails()
    assert mail.rcpt_tos == ({"desk@bücher.de": "desk@xn--bcher-kva.de"}.get(stored, "DESK@news.example"),)


@pytest.mark.parametrize(
    ("base_url", "sender"),
    [
        ("https://корекції.example", "corrections@xn--e1ajbok2b8gi.example"),
        ("http://[::1]:8000", "corrections@[IPv6:::1]"),
        ("http://127.0.0.1:8000", "corrections@127.0.0.1"),
    ],
)
def test_the_sender_is_an_address_whatever_the_service_is_called(
    desk: Desk, app: Flask, base_url: str, sender: str
) -> None:
    desk.report()
    mailer = Mailer(app, desk.work.settings.model_copy(update={"base_url": base_url}))
    with desk.db.read() as session:
        message = mailer.compose([session.query(Delivery).one()])
    mailer.send(message)
    mailer.close()
    (mail,) = desk.mailbox.messages()
    assert mail.mail_from == sender
    assert mail.raw.isascii()


@pytest.mark.parametrize(
    "given", ["News <news@news.example>", "rédaction@news.example", "a@b@news.example", "a b@c.org"]
)
def test_a_sender_that_is_no_bare_address_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ValueError, match="bare address"):
        Settings(mail_from=given)
