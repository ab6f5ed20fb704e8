"""The service as a newsroom runs it: real processes, a real mail server, on SQLite or PostgreSQL."""

from __future__ import annotations

import atexit
import contextlib
import functools
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.parse
import uuid
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from corrections_service.cli import commands
from corrections_service.demo.mailbox import Mail, Mailbox
from tests.measures import wait_for
from tests.processes import Forked, console

ORIGIN = "https://news.example"

ANSWER = 30.0
"""Seconds after which an answer that has not come will not come; what is stored late is refused after five."""


class Service:
    """One installation: its data, its settings, and the processes that run on it."""

    def __init__(self, directory: Path, mailbox: Mailbox | None = None, **settings: str) -> None:
        self.directory, self.port = directory, free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        mail = {"mail_server": "127.0.0.1", "mail_port": str(mailbox.port if mailbox else 9), "mail_tls": "none"}
        chosen = {
            "data_dir": str(directory),
            "base_url": self.base_url,
            "fetch_allow": '["127.0.0.0/8"]',
            "shadow_root": "open",
            "limit_reports": "off",
            "limit_desk_mails": "100000",
            "limit_receipts": "off",
            **mail,
            **settings,
        }
        self.environment = os.environ | {f"CORRECTIONS_{name.upper()}": value for name, value in chosen.items()}
        self.running: list[Forked] = []
        self.key = self.sign_in = ""

    def init(self, *origins: str, name: str = "News") -> None:
        """Be what the first run makes: on SQLite the copy of one that was made before."""
        if "CORRECTIONS_DATABASE_URL" in self.environment:
            self.first_run(*origins, name=name)
            return
        made = _made(origins, name)
        shutil.copytree(made.directory, self.directory, dirs_exist_ok=True)
        self.key = made.key
        self.sign_in = made.sign_in.replace(made.base_url, self.environment["CORRECTIONS_BASE_URL"])

    def first_run(self, *origins: str, name: str = "News") -> None:
        """First run, as the README says."""
        chosen = [part for origin in origins or (ORIGIN,) for part in ("--origin", origin)]
        said = self.console(
            "init", "--yes", "--admin", "ed@news.example", "--site", name, *chosen, "--desk", "desk@news.example"
        )
        lines = dict(line.split(": ", 1) for line in said.splitlines())
        self.key, self.sign_in = lines["site-key"], lines["sign-in"]

    def console(self, *arguments: str) -> str:
        """Run one command, here: a process of its own takes longer to start than to do it; what it printed."""
        done = CliRunner().invoke(commands, arguments, env=self.environment, catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str, port: int | None = None) -> Forked:
        """Start `serve` (or what the arguments say) and wait until it is ready."""
        port = port or self.port
        chosen = arguments or ("serve", "--port", str(port))
        running = console(*chosen, environment=self.environment, log=self.directory / "service.log")
        self.running.append(running)
        if "serve" in chosen:
            self.wait_until_ready(port, running)
        return running

    def wait_until_ready(self, port: int, running: Forked) -> None:
        """Wait until `/readyz` says so."""

        def is_ready() -> bool:
            assert running.poll() is None, (self.directory / "service.log").read_text()[-3000:]
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER)
            with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
            return False

        wait_for(is_ready, "the service gets ready")

    def post(self, port: int | None = None, **values: str) -> tuple[int, dict[str, object]]:
        """Send one report; the answer's status and body. Raises OSError or HTTPException when there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=ANSWER)
        headers = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", "/api/v1/reports", urllib.parse.urlencode(self.report(**values)), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def exchange(self, method: str, path: str, **values: str) -> tuple[int, http.client.HTTPMessage]:
        """One request; the answer's status and headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER)
        headers = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urllib.parse.urlencode(values) or None, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers
        finally:
            connection.close()

    def report(self, **values: str) -> dict[str, str]:
        """The fields of a good report."""
        good = {
            "site": self.key,
            "url": f"{ORIGIN}/a",
            "id": str(uuid.uuid4()),
            "exact": "teh bridge",
            "suggestion": "the bridge",
        }
        return {**good, **values}

    def stats(self) -> dict[str, int]:
        """The sums of P-05."""
        return json.loads(self.console("stats", "--json"))  # type: ignore[no-any-return]

    def stop(self) -> None:
        """End all processes, gently first."""
        for running in self.running:
            if running.poll() is None:
                running.send_signal(signal.SIGTERM)
        for running in self.running:
            try:
                running.wait(30)
            except subprocess.TimeoutExpired:
                running.kill()
        self.running = []


@functools.cache
def _made(origins: tuple[str, ...], name: str) -> Service:
    """An installation as the first run made it, which nothing runs on; one a process for each publication."""
    directory = Path(tempfile.mkdtemp(prefix="first-run-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    service = Service(directory / "data")
    service.first_run(*origins, name=name)
    return service


def answering_process(service: Service) -> int:
    """The process that answers and holds the lock on the SQLite file; it is a child of the one that was started."""
    return int((service.directory / "corrections.sqlite.lock").read_text())


def cases_told(mail: Mail) -> int:
    """Of how many new cases a desk's mail tells; a digest says how many there are."""
    count = re.match(r"(\d+) new cases", str(mail.message["Subject"]))
    return int(count[1]) if count else 1


def children(pid: int) -> list[int]:
    """The processes that a process started, and theirs."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    return [number for one in found for number in (int(one), *children(int(one)))]


def is_alive(pid: int) -> bool:
    """Whether this process still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def running_service(directory: Path, mailbox: Mailbox | None = None, **settings: str) -> Iterator[Service]:
    """An installation that is ended with the block."""
    service = Service(directory, mailbox, **settings)
    try:
        yield service
    finally:
        service.stop()
