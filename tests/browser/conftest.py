"""The demo, as a new user starts it, for the tests that walk through it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The demo, running; the addresses that it printed."""
    directory = tmp_path_factory.mktemp("demo") / "data"
    command = [sys.executable, "-m", "corrections_service", "demo", "--no-open", "--data-dir", str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        printed = {}
        for line in running.stdout:
            if line.strip() == "ready":
                break
            name, _, address = line.strip().partition(": ")
            printed[name] = address
        assert {"article", "dashboard", "mailbox"} <= set(printed)
        yield printed
        running.terminate()
        assert running.wait(30) in (0, -15)
