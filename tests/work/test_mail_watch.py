"""The watch at the mailbox: one process has it, servers that cannot do it are polled, and it ends at once (D5).

That mail is seen when the server says so is shown at real servers, in tests/work/test_real_mailboxes.py.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from corrections_service.settings import MailTls
from corrections_service.store import jobs
from corrections_service.store.models import Site, Worker, now
from corrections_service.work import mail_watch
from corrections_service.work.mail_watch import MailWatch
from corrections_service.work.means import Work
from tests.measures import lasting, let_pass, wait_for
from tests.work.imap_server import PASSWORD, USER, ImapServer

ASKED = ["CAPABILITY", "LOGIN", "SELECT", "CAPABILITY", "LOGOUT"]
"""What a server is asked that cannot say when mail comes."""


@pytest.fixture
def server() -> Iterator[ImapServer]:
    """A mailbox at a server without IDLE."""
    with ImapServer() as made:
        yield made


def watching(work: Work, port: int) -> MailWatch:
    """A watch at a server."""
    more = {"imap_server": "127.0.0.1", "imap_port": port, "imap_tls": MailTls.NONE}
    more |= {"imap_username": USER, "imap_password": PASSWORD}
    return MailWatch(replace(work, settings=work.settings.model_copy(update=more)))


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "mail watch"]


@pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
def test_a_server_that_cannot_say_when_mail_comes_is_left_alone(work: Work, site: Site, server: ImapServer) -> None:
    watch = watching(work, server.port)
    watch.start()
    wait_for(lambda: server.commands == ASKED, "it is asked what it can")
    watch.stop()
    assert server.commands == ASKED
    assert threads() == []


@pytest.mark.parametrize("database_settings", ["postgresql"], indirect=True)
def test_of_many_workers_one_watches(
    work: Work, site: Site, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_watch, "A_WHILE", 0.05)
    with work.database.write() as session:
        session.add_all(Worker(id=id, beat_at=now()) for id in ("0", jobs.worker_id()))
    watch = watching(work, server.port)
    watch.start()
    let_pass(0.5)
    assert server.commands == []
    with work.database.write() as session:
        session.delete(session.get_one(Worker, "0"))
    wait_for(lambda: server.commands == ASKED, "the next one takes over")
    watch.stop()


@pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
def test_a_watch_ends_at_once_whatever_the_server_does(work: Work, site: Site) -> None:
    """A server that takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        watch = watching(work, silent.getsockname()[1])
        watch.start()
        held, _ = silent.accept()
        with lasting(mail_watch.STOP_WITHIN):
            watch.stop()
        held.close()
    wait_for(lambda: threads() == [], "its thread ends with the connection")
