"""The console as a process of its own, forked from one that has loaded all of it: loading takes longer than most tests."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
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
]

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(LOADED)


class Console:
    """One command line that runs; what a caller of `subprocess.Popen` asks of it."""

    def __init__(self, *arguments: str, environment: Mapping[str, str], log: Path) -> None:
        self._process = _forks.Process(target=_run, args=(arguments, dict(environment), str(log)))
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
            raise subprocess.TimeoutExpired("corrections", timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


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
