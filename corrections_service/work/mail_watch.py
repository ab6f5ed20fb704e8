"""The mail watch: a connection on which the mailbox's server says at once that mail came, where it can (IDLE, RFC 2177).

What it says is a hint that makes the next look come sooner. Where there is no such connection, looks come by schedule.
"""

from __future__ import annotations

import imaplib
import os
import selectors
import ssl
import threading
import time
from contextlib import suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError

from corrections_service.errors import CorrectionsError
from corrections_service.store import jobs
from corrections_service.work.means import Work
from corrections_service.work.polling import SECONDS, has_site, open_mailbox

log = structlog.get_logger()

RENEWED = 9 * 60.0
"""Seconds after which the server is asked anew: servers hang up after 29 minutes, networks between after 10."""

SOONEST, A_WHILE, LATEST = 5.0, 60.0, 10 * 60.0
"""Seconds until the next connection after one that failed, twice as many each time, up to the last."""

STOP_WITHIN = 2.0


class MailWatch:
    """One thread of this process, which has the mailbox looked at as soon as its server says that mail came."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._bell = (-1, -1)

    def start(self) -> None:
        """Begin, if there is a mailbox."""
        if self._work.settings.imap_server:
            self._stopping.clear()
            self._bell = os.pipe()
            self._thread = threading.Thread(target=self._run, name="mail watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End at once, whatever the server does."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping.set()
            os.write(self._bell[1], b".")
            thread.join(STOP_WITHIN)
            if not thread.is_alive():
                for end in self._bell:
                    os.close(end)

    def _run(self) -> None:
        pause = SOONEST
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                pause = self._watch() if self._is_ours() else A_WHILE
            except (CorrectionsError, SQLAlchemyError):  # a look says why, where somebody sees it
                pause = SOONEST if time.monotonic() - began > A_WHILE else min(2 * pause, LATEST)
            except Exception as error:
                log.error("mail watch", error=type(error).__name__)
                pause = LATEST
            self._stopping.wait(pause)

    def _is_ours(self) -> bool:
        """Whether this process is the one that watches: a mailbox's server counts connections."""
        if not has_site(self._work):
            return False
        if self._work.database.is_sqlite:
            return True
        with self._work.database.read() as session:
            return jobs.worker_id() == min(jobs.living_workers(session), default="")

    def _watch(self) -> float:
        """Watch for as long as this is the process to do so; seconds until it should be tried again."""
        with open_mailbox(self._work.settings) as mailbox:
            if b"IDLE" not in b" ".join(filter(None, mailbox.capability()[1])).upper().split():
                return LATEST
            while not self._stopping.is_set() and self._is_ours():
                _begin(mailbox)
                self._listen(mailbox)
                if self._stopping.is_set():
                    mailbox.shutdown()  # no farewell, which a server may take long to answer
                else:
                    _end(mailbox)
        return A_WHILE

    def _listen(self, mailbox: imaplib.IMAP4) -> None:
        """Listen until it is time to ask anew; what came before is looked at first."""
        is_owed, until, tail = True, time.monotonic() + RENEWED, b""
        mailbox.sock.setblocking(False)
        with selectors.DefaultSelector() as selector:
            selector.register(mailbox.sock, selectors.EVENT_READ)
            selector.register(self._bell[0], selectors.EVENT_READ)
            while not self._stopping.is_set() and (remaining := until - time.monotonic()) > 0:
                if is_owed:
                    is_owed = not self._hint()
                if selector.select(min(1.0, remaining) if is_owed else remaining):
                    piece = tail + _words(mailbox)
                    is_owed, tail = is_owed or b"EXISTS" in piece, piece[-5:]
        mailbox.sock.settimeout(SECONDS)

    def _hint(self) -> bool:
        """Have the mailbox looked at; False where that cannot be said now, or a look is under way that may be too early."""
        with suppress(CorrectionsError, SQLAlchemyError), self._work.database.write() as session:
            return jobs.hasten(session, "poll_mail")
        return False


def _begin(mailbox: imaplib.IMAP4) -> None:
    """Ask to be told; raises imaplib's error where the server refuses."""
    mailbox.send(b"IDLE IDLE\r\n")
    while not (line := mailbox.readline()).startswith(b"+"):
        if not line or line.startswith(b"IDLE "):
            raise imaplib.IMAP4.abort(line or b"the server hung up")


def _end(mailbox: imaplib.IMAP4) -> None:
    """Ask to be told no more."""
    mailbox.send(b"DONE\r\n")
    while not (line := mailbox.readline()).startswith(b"IDLE "):
        if not line:
            raise imaplib.IMAP4.abort(b"the server hung up")


def _words(mailbox: imaplib.IMAP4) -> bytes:
    """What the server has said by now, as much as matters. Raises OSError where it hung up."""
    words = b""
    try:
        while piece := mailbox.sock.recv(4096):
            words = (words + piece)[-65536:]
    except (BlockingIOError, ssl.SSLWantReadError):
        return words
    raise ConnectionResetError("the server hung up")
