"""The mailbox of answers over IMAP: all that came is kept before it is marked, once, and nothing holds up the rest (D5, D7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from corrections_service.demo.mailbox import _answer
from corrections_service.errors import MailboxUnreadable
from corrections_service.services import incoming
from corrections_service.settings import MailTls, Settings
from corrections_service.store.models import Base, Letter, Place
from corrections_service.work.polling import poll
from tests.rules import programs_alone as alone
from tests.rules.replies import PROGRAMS, SAID, text_letter
from tests.rules.test_incoming import BROKEN
from tests.work.imap_server import PASSWORD, USER, ImapServer
from tests.work.postroom import Desk
from tests.work.test_inbound import BASE, ask, said


@pytest.fixture
def database_settings(sqlite_settings: Settings) -> Settings:
    """What is read is the same on both databases."""
    return sqlite_settings


@pytest.fixture
def server() -> Iterator[ImapServer]:
    """A mailbox that answers come to."""
    with ImapServer() as made:
        yield made


@pytest.fixture
def desk(desk: Desk, server: ImapServer) -> Desk:
    """A newsroom whose mails can be answered, and that reads the answers."""
    more = {"reply_address": BASE, "mail_from": BASE, "imap_server": "127.0.0.1", "imap_port": server.port}
    more |= {"imap_username": USER, "imap_password": PASSWORD, "imap_tls": MailTls.NONE}
    settings = desk.work.settings.model_copy(update=more)
    desk.work.mailer.settings = settings
    return replace(desk, work=replace(desk.work, settings=settings))


def places(desk: Desk) -> dict[Place, int]:
    """How many letters went where."""
    with desk.db.read() as session:
        rows = session.execute(select(Letter.place, func.count()).group_by(Letter.place))
        return {place: count for place, count in rows}  # noqa: C416


def test_a_reader_s_answer_comes_from_the_mailbox_to_its_case_and_is_marked_as_seen(
    desk: Desk, server: ImapServer
) -> None:
    """The whole way of a question: by SMTP to the reader, by IMAP back."""
    number, mail = ask(desk)
    server.put(_answer(mail, "In 1978.\n\n-- \nAnn"), alone.away_by_header("de"), text_letter("What is this?"))
    poll(desk.work)
    assert said(desk, number) == [("answered", "In 1978.")]
    assert places(desk) == {Place.CASE: 1, Place.PROGRAM: 1, Place.ASIDE: 1}
    assert server.unseen() == []
    poll(desk.work)
    assert sum(places(desk).values()) == 3
    assert server.commands.count("LOGOUT") == 2


def test_a_mail_is_kept_before_it_is_marked_and_once_though_the_mark_is_lost(desk: Desk, server: ImapServer) -> None:
    number, mail = ask(desk)
    server.put(_answer(mail, "In 1978."), _answer(mail, "I am sure."))
    server.patience = (
        5  # the server goes down where the first is to be marked: capability, login, select, search, fetch
    )
    with pytest.raises(MailboxUnreadable):
        poll(desk.work)
    assert said(desk, number) == [("answered", "In 1978.")]
    assert server.unseen() == [1, 2]
    server.patience = 10**9
    poll(desk.work)
    assert [words for _, words in said(desk, number)] == ["In 1978.", "I am sure."]
    assert server.unseen() == []


def test_a_broken_mail_and_one_of_25_mib_hold_up_none_of_the_others(desk: Desk, server: ImapServer) -> None:
    number, mail = ask(desk)
    large = b"Content-Type: multipart/mixed; boundary=b\r\nFrom: a@b.example\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n"
    large += b"Content-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * (25 * 1024 * 256)
    server.put(*BROKEN.values(), large, _answer(mail, "In 1978."))
    poll(desk.work)
    assert said(desk, number) == [("answered", "In 1978.")]
    assert server.unseen() == []
    assert places(desk)[Place.CASE] == 1


def fail_at_first_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one mail fail in a way that nobody foresaw."""
    place = incoming._place

    def fail_first(*about: Any) -> incoming.Placed:
        if about[1].words == "a first one":
            raise ZeroDivisionError
        return place(*about)

    monkeypatch.setattr(incoming, "_place", fail_first)


def test_what_cannot_be_kept_as_it_is_stays_in_sight(
    desk: Desk, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, mail = ask(desk)
    server.put(text_letter("a first one"), _answer(mail, "In 1978."))
    fail_at_first_one(monkeypatch)
    poll(desk.work)
    assert said(desk, number) == [("answered", "In 1978.")]
    assert places(desk) == {Place.CASE: 1, Place.ASIDE: 1}
    assert server.unseen() == []


def test_a_mail_that_the_server_does_not_give_holds_up_none_of_the_others(desk: Desk, server: ImapServer) -> None:
    number, mail = ask(desk)
    server.put(text_letter("a damaged one"), _answer(mail, "In 1978."))
    server.damaged = {1}
    poll(desk.work)
    assert said(desk, number) == [("answered", "In 1978.")]
    assert server.unseen() == [1]


def test_what_was_set_aside_and_not_marked_is_known_the_next_time(
    desk: Desk, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, mail = ask(desk)
    server.put(text_letter("a first one"), _answer(mail, "In 1978."))
    fail_at_first_one(monkeypatch)
    poll(desk.work)
    server.mails[1].flags.clear()
    poll(desk.work)
    assert said(desk, number) == [("answered", "In 1978.")]
    assert places(desk) == {Place.CASE: 1, Place.ASIDE: 1}
    assert server.unseen() == []


def test_no_mailbox_is_opened_before_there_is_a_site(desk: Desk, server: ImapServer) -> None:
    server.put(text_letter("What is this?"))
    with desk.db.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
    poll(desk.work)
    assert server.commands == []
    assert server.unseen() == [1]


def test_a_mailbox_that_cannot_be_read_says_why_in_the_server_s_words(desk: Desk, server: ImapServer) -> None:
    server.refuses_login = True
    with pytest.raises(MailboxUnreadable, match="no such user"):
        poll(desk.work)
    server.refuses_login = False
    wrong: list[dict[str, Any]] = [{"imap_folder": "Nowhere"}, {"imap_tls": MailTls.STARTTLS}]
    for change in wrong:
        settings = desk.work.settings.model_copy(update=change)
        with pytest.raises(MailboxUnreadable):
            poll(replace(desk.work, settings=settings))
    poll(replace(desk.work, settings=desk.work.settings.model_copy(update={"imap_server": ""})))


def test_many_mails_are_read_with_two_commands_for_each(desk: Desk, server: ImapServer) -> None:
    languages = list(SAID)
    server.put(*[PROGRAMS["gmail"](languages[n % 11]).replace(b".1@", f".{n}@".encode()) for n in range(60)])
    poll(desk.work)
    assert places(desk) == {Place.ASIDE: 60}
    assert len(server.commands) == 4 + 2 * 60 + 1, "one to read each, one to mark it"
