"""What the benchmarks measure, each in a process of its own: the service, the yardstick, and what they stand on."""

from __future__ import annotations

import atexit
import contextlib
import functools
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from sqlalchemy import select

from benchmarks.load import ORIGIN
from corrections_service.settings import Settings
from corrections_service.store.database import open_database
from corrections_service.store.models import Site

CONSOLE = [sys.executable, "-m", "corrections_service"]

MAIL = {"mail_server": "127.0.0.1", "limit_desk_mails": "1000000", "limit_receipts": "off"}
"""Settings with which all mail that is owed is sent at once, to this machine."""

kept = contextlib.ExitStack()
"""What is made once a run, for several benchmarks; it is taken away at the end."""
atexit.register(kept.close)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def process(
    command: Sequence[str], port: int | None, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own until the end of the block; one with a port, from when it answers there."""
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=said, stderr=said)
        try:
            deadline = time.monotonic() + 60
            while port is not None:
                if running.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command} did not start: {_end(said)}")
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                    break
                time.sleep(0.02)
            yield running
            if running.poll() is not None:
                raise RuntimeError(f"{command} ended by itself: {_end(said)}")
        finally:
            running.terminate()
            try:
                running.wait(30)
            except subprocess.TimeoutExpired:
                running.kill()


def _end(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read()[-500:].decode(errors="replace")


@contextlib.contextmanager
def service(origin: str = ORIGIN, **settings: str) -> Iterator[tuple[int, str, Path]]:
    """The service as a newsroom runs it, on an empty database: port, site key, data directory."""
    with installation(origin, **settings) as (port, key, directory, environment), serving(port, environment):
        yield port, key, directory


@contextlib.contextmanager
def serving(port: int, environment: Mapping[str, str], *arguments: str) -> Iterator[None]:
    """`corrections serve` on an installation that is there, from when it is ready."""
    with process([*CONSOLE, "serve", "--port", str(port), *arguments], port, environment):
        wait_until_ready(port)
        yield


@contextlib.contextmanager
def installation(origin: str = ORIGIN, **settings: str) -> Iterator[tuple[int, str, Path, dict[str, str]]]:
    """What `init` makes, not serving yet: port, site key, data directory, environment."""
    with tempfile.TemporaryDirectory() as directory:
        port = free_port()
        environment = {
            "CORRECTIONS_DATA_DIR": directory,
            "CORRECTIONS_BASE_URL": f"http://127.0.0.1:{port}",
            "CORRECTIONS_LIMIT_REPORTS": "off",
            "CORRECTIONS_MAIL_SERVER": "127.0.0.1",
            "CORRECTIONS_MAIL_PORT": "9",
            "CORRECTIONS_MAIL_TLS": "none",
            "CORRECTIONS_FETCH_ALLOW": '["127.0.0.0/8"]',
            **{f"CORRECTIONS_{name.upper()}": value for name, value in settings.items()},
        }
        if "database_url" in settings:
            key = _init(origin, environment)
        else:
            made, key = _made()
            shutil.copytree(made, directory, dirs_exist_ok=True)
            if origin != ORIGIN:
                _move(Path(directory), origin)
        yield port, key, Path(directory), environment


@functools.cache
def _made() -> tuple[str, str]:
    """A data directory as the first run makes it on SQLite, once for all that are copied from it; and the site's key."""
    directory = kept.enter_context(tempfile.TemporaryDirectory())
    environment = {"CORRECTIONS_DATA_DIR": directory, "CORRECTIONS_BASE_URL": "http://127.0.0.1"}
    return directory, _init(ORIGIN, environment)


def _move(directory: Path, origin: str) -> None:
    """Let the articles be at this origin."""
    database = open_database(Settings(data_dir=directory))
    with database.write() as session:
        session.scalars(select(Site)).one().origins = [origin]
    database.close()


def _init(origin: str, environment: Mapping[str, str]) -> str:
    answers = ["--admin", "a@news.example", "--site", "News", "--origin", origin, "--desk", "desk@news.example"]
    made = subprocess.run(
        [*CONSOLE, "init", "--yes", *answers],
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.split("site-key: ")[1].split()[0]


def wait_until_ready(port: int) -> None:
    """Wait until the service says that it is ready."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.05)
    raise RuntimeError("the service did not get ready")


def answering(directory: Path) -> int:
    """The process that answers on the SQLite database of this directory: it holds the lock."""
    return int((directory / "corrections.sqlite.lock").read_text())


@contextlib.contextmanager
def bare(address: str = "", processes: int = 1, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """The yardstick's server, on this database or on one of its own: its port."""
    with tempfile.TemporaryDirectory() as directory:
        port = free_port()
        place = {"BARE_DATABASE": address or f"sqlite:///{Path(directory) / 'bare.sqlite'}"}
        command = [sys.executable, "-m", "benchmarks.bare", str(port), str(processes)]
        with process(command, port, {**place, **(environment or {})}):
            yield port


@contextlib.contextmanager
def mail_server(delay_ms: float = 0) -> Iterator[int]:
    """A mail server that takes all, each of its replies so much later: its port."""
    port = free_port()
    with process([sys.executable, "-m", "benchmarks.mail_server", str(port), str(delay_ms)], port):
        yield port
