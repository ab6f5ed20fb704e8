"""Processes of their own, forked from one that has loaded the service: loading takes longer than most tests."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

LOADED = [
    "corrections_service.cli.running",
    "corrections_service.server",
    "corrections_service.web.wiring",
    "corrections_service.whole_requests",
    "corrections_service.store.engine",
    "corrections_service.work.jobs",
    "granian",
    "dbos",
    "tests.processes",
    "tests.store.worker",
]

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(LOADED)


class Forked:
    """A function that runs in a process of its own; what a caller of `subprocess.Popen` asks of it."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._process = _forks.Process(target=function, args=arguments)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Its status once it has ended; -9 and the like where a signal ended it."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its status when it has ended. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def console(*arguments: str, environment: Mapping[str, str], log: Path) -> Forked:
    """One command line that runs; what it prints goes into the log."""
    log.touch()
    return Forked(_run, arguments, dict(environment), str(log))


def _run(arguments: tuple[str, ...], environment: dict[str, str], log: str) -> None:
    from corrections_service import cli

    os.environ.clear()
    os.environ.update(environment)
    with open(log, "ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    multiprocessing.set_start_method(multiprocessing.get_all_start_methods()[0], force=True)  # as where none is chosen
    sys.argv[:] = ["corrections", *arguments]
    cli.main()
