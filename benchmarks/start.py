"""How long from the start of the process to the first report stored, against the smallest route; and the console's."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.load import bodies, in_turn, post
from benchmarks.servers import CONSOLE, free_port, installation, process, wait_until_ready


def run(rounds: int = 5) -> dict[str, object]:
    """Ours and hello in turn, then `corrections --version` against `import flask`; seconds and ratios."""
    with installation() as (port, key, _, environment), tempfile.TemporaryDirectory() as directory:
        payload = bodies(key, rounds)
        place = {"BARE_DATABASE": f"sqlite:///{Path(directory) / 'bare.sqlite'}"}

        def ours() -> float:
            began = time.perf_counter()
            with process([*CONSOLE, "serve", "--port", str(port)], port, environment):
                wait_until_ready(port)
                assert post(port, "/api/v1/reports", [payload.pop()], connections=1).statuses == {201: 1}
                return time.perf_counter() - began

        def hello() -> float:
            began, where = time.perf_counter(), free_port()
            with process([sys.executable, "-m", "benchmarks.bare", str(where), "1"], where, place):
                assert post(where, "/hello", [b"x"], connections=1).statuses == {201: 1}
                return time.perf_counter() - began

        figures: dict[str, object] = dict(in_turn(ours, hello, rounds))
    console = in_turn(
        lambda: _seconds("-m", "corrections_service", "--version"), lambda: _seconds("-c", "import flask"), rounds
    )
    return {
        **figures,
        "version_s": console["ours"],
        "import_flask_s": console["yardstick"],
        "version_ratio": console["ratio"],
    }


def _seconds(*arguments: str) -> float:
    """The median of three runs of Python with these arguments."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=os.environ)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
