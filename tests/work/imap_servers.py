"""Real IMAP servers on loopback, each with one mailbox: pymap, which the tests bring, and dovecot where it is installed.

The service reaches them over a wire of ours, which can be cut.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import grp
import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

from tests.measures import wait_for
from tests.running import free_port

USER, PASSWORD = "corrections", 'a "secret" of ours'
DOVECOT = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
NEVER = 1 << 60


class Account:
    """The mailbox at a server: mails are put there and looked at with a client of the test's own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._client = imaplib.IMAP4("127.0.0.1", port)
        self._client.login(USER, PASSWORD)
        self._client.select()

    def put(self, *raws: bytes) -> None:
        """Let mails arrive."""
        for raw in raws:
            status, answer = self._client.append("INBOX", "", "", raw)
            assert status == "OK", answer

    def unseen(self) -> int:
        """How many mails nobody has seen."""
        self._client.noop()
        return len(self._client.search(None, "UNSEEN")[1][0].split())

    def empty(self) -> None:
        """Throw all mails away."""
        self._client.noop()
        if self._client.search(None, "ALL")[1][0]:
            self._client.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
            self._client.expunge()

    def close(self) -> None:
        """Say goodbye."""
        self._client.logout()


class Wire:
    """What lies between the service and its mailbox: cut once so many bytes came over a connection, or by hand.

    With `tls` it speaks that to the service, as a server does at its port for it.
    """

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.port = free_port()
        self.cut_after = NEVER
        self.carried: list[int] = []
        """Bytes that came over each connection, the first one first."""
        self._to, self._tls = port, tls
        self._open: dict[int, asyncio.StreamWriter] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Wire:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Cut all connections now, without a word."""
        self._do(self._abort(list(self._open.values())))

    @property
    def connections(self) -> list[int]:
        """Those that are open, by their number."""
        return sorted(self._open)

    def _do(self, task: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(task, self._loop).result()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port, ssl=self._tls)

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _abort(self, writers: list[asyncio.StreamWriter]) -> None:
        for writer in writers:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(self.carried)
        self.carried.append(0)
        self._open[number] = writer
        other: asyncio.StreamWriter | None = None
        try:
            answers, other = await asyncio.open_connection("127.0.0.1", self._to)
            ways = [self._pump(reader, other), self._pump(answers, writer, number, self.cut_after)]
            done, rest = await asyncio.wait(map(asyncio.ensure_future, ways), return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            await asyncio.gather(*done, *rest, return_exceptions=True)
        finally:
            del self._open[number]
            for end in filter(None, (writer, other)):
                end.transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int = -1, most: int = NEVER
    ) -> None:
        while most > 0 and (piece := await reader.read(min(65536, most))):
            most -= len(piece)
            writer.write(piece)
            await writer.drain()
            if number >= 0:
                self.carried[number] += len(piece)


@contextlib.contextmanager
def pymap(directory: Path, certificate: Path) -> Iterator[int]:
    """The mailbox in pymap's memory; its port, which knows STARTTLS."""
    port = free_port()
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--cert", str(certificate), "--key", str(certificate)]
    arguments += ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    program = [sys.executable, "-c", "from pymap.main import main; main()"]
    with _running([*program, *arguments], directory / "pymap.log", port):
        yield port


@contextlib.contextmanager
def dovecot(directory: Path, certificate: Path) -> Iterator[int]:
    """The mailbox in a Maildir of dovecot's, as whoever runs the tests; its port, which knows STARTTLS."""
    assert DOVECOT is not None
    port, home = free_port(), directory / "home"
    home.mkdir()
    (directory / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    is_root = os.getuid() == 0
    if is_root:  # it reads no mail as root
        directory.chmod(0o755)
        shutil.chown(home, "nobody")
    (directory / "dovecot.conf").write_text(
        _DOVECOT.format(
            directory=directory,
            certificate=certificate,
            port=port,
            uid="nobody" if is_root else os.getuid(),
            gid="nogroup" if is_root else os.getgid(),
            own="" if is_root else _OWN.format(user=getpass.getuser(), group=grp.getgrgid(os.getgid()).gr_name),
        )
    )
    with _running([DOVECOT, "-F", "-c", str(directory / "dovecot.conf")], directory / "dovecot.log", port):
        yield port


_DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/dovecot.log
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = no
auth_failure_delay = 0
first_valid_uid = 1
default_client_limit = 100
default_process_limit = 20
mail_location = maildir:{directory}/home/Maildir
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {directory}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={directory}/home
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{own}
"""

_OWN = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
service stats {{
  chroot =
}}
"""

SERVERS: dict[str, Callable[[Path, Path], contextlib.AbstractContextManager[int]]] = {
    "pymap": pymap,
    "dovecot": dovecot,
}


@contextlib.contextmanager
def _running(command: list[str], log: Path, port: int) -> Iterator[None]:
    with log.open("ab") as file, subprocess.Popen(command, stdout=file, stderr=file) as server:
        try:
            wait_for(lambda: _listens(server, log, port), "the IMAP server listens")
            yield
        finally:
            server.terminate()


def _listens(server: subprocess.Popen[bytes], log: Path, port: int) -> bool:
    assert server.poll() is None, log.read_text()
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False
