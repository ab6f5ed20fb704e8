"""A mail server that is away loses nothing and does not slow the intake (P-08, P-09)."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from corrections_service.demo.mailbox import Mailbox
from corrections_service.services import outbox
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, DeliveryState, Site, now
from tests.measures import PATIENCE, takes_at_most, wait_for
from tests.running import Service, cases_told, free_port, running_service

BURST = 100
KEEP = timedelta(days=14)


def test_mails_wait_while_the_mail_server_is_away_and_are_sent_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    with running_service(tmp_path / "data", mail_port=str(port)) as service:
        service.init()
        service.start()
        _send_a_burst(service)
        wait_for(lambda: "cannot be reached" in service.console("outbox", "list"), "the reason is on screen")
        assert service.stats()["mails_owed"] == BURST
        with Mailbox(directory=tmp_path / "mails", port=port) as mailbox:
            service.console("outbox", "retry")
            wait_for(lambda: service.stats()["mails_owed"] == 0, "all are sent when the server is back")
            assert sum(cases_told(mail) for mail in mailbox.messages()) == BURST


@pytest.mark.parametrize("stage", ["connect", "rcpt", "data"])
def test_a_mail_server_that_says_not_now_is_asked_again(tmp_path: Path, stage: str) -> None:
    with Mailbox(directory=tmp_path / "mails") as mailbox, running_service(tmp_path / "data", mailbox) as service:
        mailbox.refuse = stage
        service.init()
        service.start()
        assert service.post()[0] == 201
        said = "421 4.3.2 Not now" if stage == "connect" else mailbox.refusal
        wait_for(lambda: said in service.console("outbox", "list"), "the server's own words are on screen")
        assert "owed" in service.console("outbox", "list")
        mailbox.refuse = None
        service.console("outbox", "retry")
        wait_for(lambda: service.stats()["mails_owed"] == 0, "it is sent when the server takes it")
        assert len(mailbox.messages()) == 1


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_what_a_mail_server_refuses_for_good_is_on_screen_and_holds_nothing_up(tmp_path: Path, stage: str) -> None:
    with Mailbox(directory=tmp_path / "mails") as mailbox, running_service(tmp_path / "data", mailbox) as service:
        mailbox.refuse, mailbox.refusal = stage, "550 5.1.1 Nobody here"
        service.init()
        service.start()
        assert service.post(exact="refused", suggestion="taken")[0] == 201
        wait_for(
            lambda: "550 5.1.1 Nobody here" in service.console("outbox", "list"), "the server's words are on screen"
        )
        assert "failed" in service.console("outbox", "list")
        mailbox.refuse = None
        assert service.post(exact="another", suggestion="one")[0] == 201
        mailbox.wait_for(1, timeout=PATIENCE)
        service.console("outbox", "retry")
        mailbox.wait_for(2, timeout=PATIENCE)


def test_a_mail_server_that_says_nothing_does_not_slow_the_intake(tmp_path: Path) -> None:
    """P-08: a burst takes no longer than while the mail server hangs up at once, let alone until a mail is given up."""
    silent = threading.Event()
    with _useless_server(silent) as port, running_service(tmp_path / "data", mail_port=str(port)) as service:
        service.init()
        service.start()

        def send_while(state: Callable[[], None]) -> None:
            state()
            _send_a_burst(service, BURST // 5)

        takes_at_most(5, lambda: send_while(silent.set), lambda: send_while(silent.clear), waiting=True)


def test_a_mail_is_tried_at_least_once_an_hour_for_fourteen_days(db: Database, site: Site) -> None:
    with db.write() as session:
        owed = outbox.owe(session, "receipt", "ann@readers.example", site=site, key="outage")
        mail, tries, outage = session.get_one(Delivery, owed), 0, timedelta()
        while mail.state is DeliveryState.OWED:
            assert outbox.claim(session, "worker") == [mail]
            outbox.mark_failed(session, [mail.id], "The mail server cannot be reached", for_good=False, keep=KEEP)
            tries, wait = tries + 1, mail.next_at - now()
            if mail.state is DeliveryState.OWED:
                assert wait <= timedelta(hours=1)
                outage += wait
                mail.created_at, mail.next_at = mail.created_at - wait, now()  # the wait is over
                session.flush()
        assert outage > KEEP
        assert tries > 14 * 24
        assert outbox.retry(session) == 1
        assert outbox.claim(session, "worker") == [mail]


def _send_a_burst(service: Service, many: int = BURST) -> None:
    """Send many reports one after another, each taken."""
    for number in range(many):
        assert service.post(exact=f"wrong {number}", suggestion=f"right {number}")[0] == 201


@contextlib.contextmanager
def _useless_server(silent: threading.Event) -> Iterator[int]:
    """A server that takes connections and hangs up, or, while it is `silent`, never says a word; its port."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        waiting = threading.Thread(target=_hold, args=(server, held, silent))
        waiting.start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
        waiting.join()
    for one in held:
        one.close()


def _hold(server: socket.socket, held: list[socket.socket], silent: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while True:
            held.append(server.accept()[0])
            if not silent.is_set():
                held.pop().close()
