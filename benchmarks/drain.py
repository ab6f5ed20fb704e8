"""Mails sent a second while reports come in at full load, and after."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.load import post, stream
from benchmarks.servers import MAIL, service
from corrections_service.demo.mailbox import Mailbox


def run(reports: int = 20_000, wait: float = 120.0) -> dict[str, object]:
    """Every fifth report asks for an answer, so that a receipt is owed; what is sent under load and after."""
    with (
        tempfile.TemporaryDirectory() as mails,
        Mailbox(directory=Path(mails)) as mailbox,
        service(mail_port=str(mailbox.port), **MAIL) as (port, key, directory),
    ):
        payloads = list(itertools.islice(stream(key, asking=5), reports))
        before = sent(directory)
        outcome = post(port, "/api/v1/reports", payloads)
        under_load = sent(directory) - before
        began, owed = time.perf_counter(), left(directory)
        while left(directory) and time.perf_counter() - began < wait:
            time.sleep(0.2)
        after = time.perf_counter() - began
        return {
            "reports_a_second": outcome.rate,
            "jobs_a_second_under_load": under_load / outcome.seconds,
            "jobs_a_second_after": (owed - left(directory)) / after,
            "owed_after_load": owed,
            "left": left(directory),
            "messages_at_the_server": len(mailbox.messages()),
        }


def sent(directory: Path) -> int:
    """How many deliveries were sent."""
    return _count(directory, "sent")


def left(directory: Path) -> int:
    """How many deliveries are still owed."""
    return _count(directory, "owed")


def _count(directory: Path, state: str) -> int:
    with closing(sqlite3.connect(directory / "corrections.sqlite", timeout=30)) as connection:
        query = "SELECT count(*) FROM delivery WHERE state = ?"
        return int(connection.execute(query, (state,)).fetchone()[0])
