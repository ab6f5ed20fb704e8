"""A mail server that is away loses nothing and does not slow the intake (P-06, P-08, P-09)."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

from corrections_service.demo.mailbox import Mailbox
from tests.running import running_service, wait_for


def test_mails_wait_while_the_mail_server_is_away_and_are_sent_when_it_is_back(tmp_path: Path) -> None:
    with Mailbox(directory=tmp_path / "mails") as mailbox, running_service(tmp_path / "data", mailbox) as service:
        mailbox.refuse = "connect"
        service.init()
        service.start()
        taken = []
        for number in range(100):
            began = time.perf_counter()
            status, _ = service.post(exact=f"wrong {number}", suggestion=f"right {number}")
            taken.append(time.perf_counter() - began)
            assert status == 201
        assert sorted(taken)[98] < 0.25
        assert mailbox.messages() == []
        wait_for(lambda: "cannot be reached" in service.console("outbox", "list"), "the reason is on screen")
        mailbox.refuse = None
        service.console("outbox", "retry")
        wait_for(lambda: service.stats()["mails_owed"] == 0, "all are sent when the server is back", 90)
        assert len(mailbox.messages()) >= 1


def test_a_mail_server_that_says_nothing_does_not_slow_the_intake(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        held: list[socket.socket] = []
        threading.Thread(target=_hold, args=(silent, held), daemon=True).start()
        port = str(silent.getsockname()[1])
        with running_service(tmp_path / "data", mail_port=port) as service:
            service.init()
            service.start()
            taken = []
            for number in range(100):
                began = time.perf_counter()
                assert service.post(exact=f"wrong {number}", suggestion=f"right {number}")[0] == 201
                taken.append(time.perf_counter() - began)
            assert sorted(taken)[98] < 0.25
        for one in held:
            one.close()


def _hold(server: socket.socket, held: list[socket.socket]) -> None:
    try:
        while True:
            held.append(server.accept()[0])
    except OSError:
        return
