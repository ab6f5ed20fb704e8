"""Answers by mail at real IMAP servers: every sort of mail over TLS, a wire that is cut anywhere, a password that is wrong
(D5, D7)."""

from __future__ import annotations

import re
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from corrections_service.demo.mailbox import _answer
from corrections_service.doctor import examine
from corrections_service.errors import MailboxUnreadable
from corrections_service.services import cases
from corrections_service.settings import MailTls, Settings
from corrections_service.store.engine import Engine
from corrections_service.store.models import Delivery, DeliveryState, Place
from corrections_service.work import mail_watch
from corrections_service.work.jobs import poll_mail
from corrections_service.work.mail_watch import MailWatch
from corrections_service.work.polling import poll
from tests.measures import lasting, wait_for
from tests.rules import programs_alone as alone
from tests.rules.replies import text_letter
from tests.rules.test_incoming import BROKEN
from tests.running import running_service
from tests.work.certificates import Authority
from tests.work.imap_servers import DOVECOT, NEVER, PASSWORD, SERVERS, USER, Account, Wire
from tests.work.postroom import Desk
from tests.work.test_inbound import BASE, act, ask, mail_to, said
from tests.work.test_polling import places

FILM = (
    b"From: Ann <ann@readers.example>\r\nSubject: A film\r\nMessage-ID: <film@readers.example>\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee.\r\n--b\r\n'
    b"Content-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + (b"QUJD" * 19 + b"\r\n") * 336_000
    + b"--b--\r\n"
)
TAKEN = ("noise", "no end of a part", "a wrong encoding", "a wrong encoded word", "a NUL", "300 parts deep")
"""Of broken mails some that servers keep, and that cost a server in Python no time."""


@pytest.fixture
def database_settings(sqlite_settings: Settings) -> Settings:
    """What is read is the same on both databases."""
    return sqlite_settings


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    """The one authority that this machine trusts."""
    with tempfile.TemporaryDirectory(prefix="authority-") as directory:
        yield Authority(Path(directory))


@pytest.fixture(scope="module", params=SERVERS)
def account(request: pytest.FixtureRequest, authority: Authority) -> Iterator[Account]:
    """A mailbox at a server that people run."""
    if request.param == "dovecot" and not DOVECOT:
        pytest.skip("dovecot is not installed (Debian's dovecot-imapd); pymap stands for it")
    certificate = authority.certificate("127.0.0.1")
    with (
        tempfile.TemporaryDirectory(prefix="imap-") as directory,
        SERVERS[request.param](Path(directory), certificate) as port,
        closing(Account(port)) as made,
    ):
        yield made


@pytest.fixture
def wire(account: Account, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """The way to the server, whose mailbox is empty."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(authority.directory / "none"))
    account.empty()
    with Wire(account.port) as made:
        yield made


@pytest.fixture
def desk(desk: Desk, wire: Wire) -> Desk:
    """A newsroom whose mails can be answered, and that reads the answers."""
    more = {"reply_address": BASE, "mail_from": BASE, "imap_server": "127.0.0.1", "imap_port": wire.port}
    more |= {"imap_username": USER, "imap_password": PASSWORD, "imap_tls": MailTls.STARTTLS}
    return with_settings(desk, **more)


def with_settings(desk: Desk, **more: object) -> Desk:
    """The newsroom with other settings."""
    settings = desk.work.settings.model_copy(update=more)
    desk.work.mailer.settings = settings
    return replace(desk, work=replace(desk.work, settings=settings))


def test_every_sort_of_mail_comes_from_a_real_server_and_ends_where_it_should(desk: Desk, account: Account) -> None:
    number, mail = ask(desk)
    act(desk, number, cases.claim)
    to = str(mail.message["Reply-To"])
    bounce = alone.postfix().replace(alone.ORIGINAL.encode(), str(mail.message["Message-ID"]).encode())
    in_another_encoding = _answer(mail, "Greetings from K?ln.").replace(b"K?ln", "Köln".encode("latin-1"))
    account.put(
        *[BROKEN[kind] for kind in TAKEN],
        text_letter("I am away.", To=to, **{"Auto-Submitted": "auto-replied"}),
        FILM,
        _answer(mail, "In 1978.\n\n-- \nAnn"),
        in_another_encoding,
        bounce,
    )
    poll(desk.work)
    assert account.unseen() == 0
    assert said(desk, number) == [("answered", "In 1978."), ("answered", "Greetings from Köln.")]
    with desk.db.read() as session:
        asked = session.scalars(select(Delivery).where(Delivery.template == "case_asked")).one()
        assert asked.state is DeliveryState.FAILED
    reply = _answer(mail_to(desk, "ed@news.example"), "Thank you, we look it up.")
    account.put(reply, reply)
    poll(desk.work)
    assert said(desk, number)[-1] == ("replied", "Thank you, we look it up.")
    assert "Thank you, we look it up." in mail_to(desk, "ann@readers.example").part("plain")
    poll(desk.work)
    assert places(desk)[Place.PROGRAM] == 1
    assert [kind for kind, _ in said(desk, number)].count("replied") == 1


def test_a_wire_that_is_cut_anywhere_loses_no_answer_and_doubles_none(
    desk: Desk, account: Account, wire: Wire, authority: Authority
) -> None:
    """In the greeting, in TLS, in the password's answer, in a mail, in its mark, in the farewell."""
    number, mail = ask(desk)
    account.put(_answer(mail, "The first one."), _answer(mail, "The second one."))
    poll(desk.work)
    whole, words, cuts = wire.carried[-1], [], 0
    for share in range(12):
        words += [f"In {share}.", f"I am sure, {share}."]
        account.put(_answer(mail, words[-2]), _answer(mail, words[-1]))
        wire.cut_after = whole * share // 12
        try:
            poll(desk.work)
        except MailboxUnreadable:
            cuts += 1
        wire.cut_after = NEVER
        poll(desk.work)
        assert account.unseen() == 0
    assert cuts >= 10
    assert [one for _, one in said(desk, number)][2:] == words
    wait_for(lambda: wire.connections == [], "nothing holds a connection")


@pytest.mark.parametrize("way", ["tls", "starttls"])
def test_a_mailbox_is_read_over_tls_alone_and_its_certificate_is_checked(
    desk: Desk, account: Account, wire: Wire, authority: Authority, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K04: a server that nobody known vouches for hears no password, and there is no falling back to plain."""
    number, mail = ask(desk)
    account.put(_answer(mail, "In 1978."))
    with Wire(account.port, authority.server("127.0.0.1") if way == "tls" else None) as secured:
        desk = with_settings(desk, imap_port=secured.port, imap_tls=MailTls(way))
        with tempfile.TemporaryDirectory() as directory:
            monkeypatch.setenv("SSL_CERT_FILE", str(Authority(Path(directory)).file))
            with pytest.raises(MailboxUnreadable, match="its certificate is not accepted"):
                poll(desk.work)
        assert account.unseen() == 1
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        poll(desk.work)
    assert said(desk, number) == [("answered", "In 1978.")]
    with pytest.raises(MailboxUnreadable, match=r"(?i)wrong.version.number"):
        poll(with_settings(desk, imap_port=wire.port, imap_tls=MailTls.TLS).work)


def test_why_a_mailbox_cannot_be_read_is_told_truly_once_and_without_the_password(
    desk: Desk, account: Account, wire: Wire
) -> None:
    """A password that changed, a folder that is gone, a server that is away: the sentence names the cause."""
    number, mail = ask(desk)
    account.put(_answer(mail, "In 1978."))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"imap_password": "not theirs"}, "(?i)authentication"),
        ({"imap_folder": "Nowhere"}, "(?i)no folder Nowhere.*exist"),
        ({"imap_port": 9}, "(?i)refused"),
    ]
    for change, reason in wrong:
        with pytest.raises(MailboxUnreadable, match=reason) as caught:
            poll(with_settings(desk, **change).work)
        assert "not theirs" not in caught.value.detail
        told = dict(examine(with_settings(desk, **change).work.settings))
        assert re.search(reason, told["IMAP_SERVER, IMAP_PORT, IMAP_TLS, IMAP_USERNAME, IMAP_FOLDER"])
    assert account.unseen() == 1
    poll(with_settings(desk).work)
    assert said(desk, number) == [("answered", "In 1978.")]


@contextmanager
def watched(desk: Desk) -> Iterator[MailWatch]:
    """Have mail come in by what the server says alone: no schedule has the mailbox looked at."""
    engine, watch = Engine(desk.db, desk.work.settings), MailWatch(desk.work)
    engine.register("poll_mail", lambda: poll_mail(desk.work))
    engine.start()
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()
        engine.stop()


def answers(desk: Desk, number: int) -> list[str]:
    return [words for _, words in said(desk, number)]


def test_a_mail_is_seen_when_the_server_says_so_and_not_only_at_the_next_look(
    desk: Desk, account: Account, wire: Wire
) -> None:
    """IDLE (RFC 2177), from what was there before on."""
    number, mail = ask(desk)
    account.put(_answer(mail, "Before."))
    with watched(desk):
        wait_for(lambda: answers(desk, number) == ["Before."], "what came before is seen")
        account.put(_answer(mail, "At once."))
        wait_for(lambda: answers(desk, number) == ["Before.", "At once."], "what comes is seen")
        wait_for(lambda: wire.connections == [0], "the looks are over, and the watch goes on")
        account.put(*(_answer(mail, f"Number {one}.") for one in range(8)))
        wait_for(lambda: len(answers(desk, number)) == 10, "a burst is seen to its end")
        assert account.unseen() == 0
    wait_for(lambda: wire.connections == [], "nothing holds a connection")
    assert "mail watch" not in {thread.name for thread in threading.enumerate()}


def test_a_watch_is_renewed_over_the_same_connection(
    desk: Desk, account: Account, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_watch, "RENEWED", 0.5)
    number, mail = ask(desk)
    with watched(desk):
        wait_for(lambda: wire.carried, "the watch has begun")
        for turn in range(3):
            came = wire.carried[0]
            wait_for(lambda: wire.carried[0] > came, "it is renewed")  # noqa: B023
            account.put(_answer(mail, f"Number {turn}."))
            wait_for(lambda: len(answers(desk, number)) == turn + 1, "what comes is seen")  # noqa: B023
        assert 0 in wire.connections


def test_a_watch_whose_connection_dies_is_taken_up_again(
    desk: Desk, account: Account, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_watch, "SOONEST", 0.05)
    number, mail = ask(desk)
    with watched(desk):
        for turn in range(3):
            wait_for(lambda: len(wire.connections) == 1, "the server is watched")
            wire.cut()
            account.put(_answer(mail, f"Number {turn}."))
            wait_for(lambda: len(answers(desk, number)) == turn + 1, "what came meanwhile is seen")  # noqa: B023
    poll(desk.work)
    assert answers(desk, number) == ["Number 0.", "Number 1.", "Number 2."]


def test_a_process_that_watches_takes_mail_in_and_ends_at_once_when_it_is_told_to(
    account: Account, wire: Wire, tmp_path: Path
) -> None:
    imap = {"imap_server": "127.0.0.1", "imap_port": str(wire.port), "imap_tls": "starttls"}
    imap |= {"imap_username": USER, "imap_password": PASSWORD}
    with running_service(tmp_path / "data", None, **imap) as service:
        service.init()
        service.start()
        wait_for(lambda: wire.connections, "the server is watched")
        account.put(text_letter("What is this?"))
        wait_for(lambda: account.unseen() == 0, "it is taken in")
        wait_for(lambda: len(wire.connections) == 1, "the looks are over")
        with lasting(mail_watch.STOP_WITHIN):
            service.running[0].send_signal(signal.SIGTERM)
            service.running[0].wait()
        wait_for(lambda: wire.connections == [], "nothing holds the connection")
