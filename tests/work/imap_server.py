"""An IMAP server on loopback for tests: what RFC 9051 asks of one that is logged into, searched, read and marked."""

from __future__ import annotations

import re
import socketserver
import threading
from dataclasses import dataclass, field
from types import TracebackType

USER, PASSWORD = "corrections", 'a "secret" of ours'


@dataclass
class Kept:
    """A mail in the mailbox."""

    raw: bytes
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """One mailbox; it hangs up after so many commands where `patience` says so, as a server does that goes down."""

    def __init__(self) -> None:
        self.mails: dict[int, Kept] = {}
        self.commands: list[str] = []
        self.patience = 10**9
        self.refuses_login = False
        self.damaged: set[int] = set()
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.mailbox = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> ImapServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def put(self, *raws: bytes) -> None:
        """Let mails arrive."""
        for raw in raws:
            self.mails[len(self.mails) + 1] = Kept(raw)

    def unseen(self) -> list[int]:
        """The numbers of the mails that nobody has seen."""
        return [uid for uid, mail in self.mails.items() if "\\Seen" not in mail.flags]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    mailbox: ImapServer


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Greet, then answer one command after the other until the client says goodbye."""
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self.server.mailbox.commands.append(command.split(" ")[0].upper())
            if len(self.server.mailbox.commands) > self.server.mailbox.patience:
                return
            for answer in self._answers(command):
                self.wfile.write(answer)
            outcome = "NO [AUTHENTICATIONFAILED] no such user" if self._is_refused(command) else "OK done"
            self.wfile.write(f"{tag} {outcome}\r\n".encode())
            if command.upper() == "LOGOUT":
                return

    def _is_refused(self, command: str) -> bool:
        if match := re.match(r"UID FETCH (\d+) ", command):
            return int(match[1]) in self.server.mailbox.damaged
        if not command.upper().startswith("LOGIN"):
            return command.upper().startswith("SELECT") and '"INBOX"' not in command
        escaped = PASSWORD.replace('"', '\\"')
        return self.server.mailbox.refuses_login or f'{USER} "{escaped}"' not in command

    def _answers(self, command: str) -> list[bytes]:
        mails = self.server.mailbox.mails
        if command.upper() == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1\r\n"]
        if command.upper().startswith("SELECT"):
            return [f"* {len(mails)} EXISTS\r\n".encode(), b"* OK [UIDVALIDITY 1] valid\r\n"]
        if command.upper().startswith("UID SEARCH"):
            return [f"* SEARCH {' '.join(map(str, self.server.mailbox.unseen()))}".rstrip().encode() + b"\r\n"]
        if match := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            if int(match[1]) in self.server.mailbox.damaged:
                return []
            raw = mails[int(match[1])].raw[: int(match[2])]
            head = f"* {match[1]} FETCH (UID {match[1]} BODY[]<0> {{{len(raw)}}}\r\n".encode()
            return [head, raw, b")\r\n"]
        if match := re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \((.*)\)", command):
            mails[int(match[1])].flags.add(match[2])
        return []
