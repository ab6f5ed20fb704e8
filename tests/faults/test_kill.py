"""kill -9 of any process at any moment loses no acknowledged report and no mail (P-01, P-09, P-10)."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import uuid
from contextlib import closing
from functools import partial
from pathlib import Path

from corrections_service.demo.mailbox import Mailbox
from tests.measures import let_pass, wait_for
from tests.running import Service, cases_told, children, is_alive, running_service

KILLS = 24
ORPHAN = """import multiprocessing, os, signal, threading
from corrections_service import server

def begin() -> None:
    while os.getppid() == parent:
        threading.Event().wait(0.01)
    server._end_with_parent()
    signal.pause()

parent = os.getpid()
child = multiprocessing.get_context("fork").Process(target=begin)
child.start()
print(child.pid, flush=True)
os.kill(parent, signal.SIGKILL)
"""
"""A process whose parent was killed between beginning it and its first look at who that is."""


class Ledger:
    """What was acknowledged, kept outside the service."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.acknowledged: dict[str, str] = {}
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._send, args=(number,)) for number in range(4)]

    def _send(self, number: int) -> None:
        count = 0
        while not self.stopped.is_set():
            count += 1
            values: dict[str, str] = {
                "id": str(uuid.uuid4()),
                "exact": f"wrong word {number}x{count}",
                "suggestion": f"right word {number}x{count}",
            }
            while not self.stopped.is_set():
                with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                    status, answer = self.service.post(None, **values)
                    if status in (200, 201):
                        self.acknowledged[values["id"]] = str(answer["reference"])
                        break
                let_pass(0.02)
            let_pass(0.05)

    def has_more_than(self, before: int) -> bool:
        """Whether more were acknowledged by now."""
        return len(self.acknowledged) > before

    def __enter__(self) -> Ledger:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def _have_ended(family: list[int]) -> bool:
    return not any(is_alive(pid) for pid in family)


def test_no_report_and_no_mail_is_lost_to_kill_9_of_parent_or_child(tmp_path: Path) -> None:
    chance = random.Random(20)
    with (
        Mailbox(directory=tmp_path / "mails") as mailbox,
        running_service(tmp_path / "data", mailbox) as service,
    ):
        service.init()
        parent = service.start()
        with Ledger(service) as ledger:
            for number in range(KILLS):
                let_pass(chance.uniform(0.2, 1.2))
                family = children(parent.pid)
                victim = parent.pid if number % 2 else chance.choice(family or [parent.pid])
                before = len(ledger.acknowledged)
                os.kill(victim, signal.SIGKILL)
                if victim == parent.pid:
                    parent.wait()
                    wait_for(partial(_have_ended, family), "orphans end by themselves")
                    parent = service.start()
                wait_for(partial(ledger.has_more_than, before), "reports are taken again")
        acknowledged = dict(ledger.acknowledged)
        assert len(acknowledged) > KILLS
        while owed := _owed(service):  # however many a slow machine has to send, they go on being sent
            wait_for(partial(_owes_less, service, owed), f"fewer mails are owed than {owed}")
        stored = _stored(service)
        assert set(acknowledged) <= set(stored)
        mails = {str(mail.message["Message-ID"]): mail for mail in mailbox.messages()}  # tries look alike
        assert sum(cases_told(mail) for mail in mails.values()) >= len(set(stored.values()))
        twice = len(mailbox.messages()) - len(mails)
        assert twice <= KILLS * 8, "only mails in flight at a kill may come twice"


def _owes_less(service: Service, before: int) -> bool:
    return _owed(service) < before


def _stored(service: Service) -> dict[str, int]:
    with closing(sqlite3.connect(service.directory / "corrections.sqlite")) as connection:
        return dict(connection.execute("SELECT client_id, case_id FROM report"))


def _owed(service: Service) -> int:
    with closing(sqlite3.connect(service.directory / "corrections.sqlite", timeout=30)) as connection:
        return int(connection.execute("SELECT count(*) FROM delivery WHERE state != 'sent'").fetchone()[0])


def test_a_process_whose_parent_was_killed_before_it_looked_ends_too() -> None:
    """Else it would keep the port and the lock for ever, and nothing would answer."""
    begun = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    assert begun.stdout
    orphan = int(begun.stdout.readline())
    begun.stdout.close()
    begun.wait()
    try:
        wait_for(partial(_have_ended, [orphan]), "the orphan ends by itself")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(orphan, signal.SIGKILL)
