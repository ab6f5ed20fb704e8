"""Reports stored a second against comments stored by Isso, the peer (its guard off, as its documentation runs it)."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.load import ORIGIN, Outcome, bodies, free_port, in_turn, post, process, service, show

NAME = "intake-vs-isso"


def run(rounds: int = 5, each: int = 2000, at_isso: int = 300) -> dict[str, object]:
    """POST at Isso and at ours in turn, 16 connections."""
    with service() as (port, key, _), isso() as isso_port:
        ours: list[float] = []
        theirs: list[float] = []
        parts = count()

        def measure(taken: list[float], where: int, path: str, payloads: list[bytes], kind: str) -> float:
            outcome = post(where, path, payloads, kind=kind)
            taken.extend(outcome.taken)
            return outcome.rate

        def measure_ours() -> float:
            payloads = bodies(key, each, next(parts) * each)
            return measure(ours, port, "/api/v1/reports", payloads, "application/x-www-form-urlencoded")

        def measure_isso() -> float:
            text = json.dumps({"text": "The bridge was opened in 1987, not in 1978.", "author": "Ann"}).encode()
            return measure(theirs, isso_port, "/new?uri=%2Farticles%2F1%2F", [text] * at_isso, "application/json")

        figures: dict[str, object] = dict(in_turn(measure_ours, measure_isso, rounds))
    p99, isso_p99 = Outcome(taken=ours).percentile(0.99), Outcome(taken=theirs).percentile(0.99)
    return {**figures, "p99_ms": p99, "isso_p99_ms": isso_p99, "p99_ratio": p99 / isso_p99}


@contextlib.contextmanager
def isso() -> Iterator[int]:
    """Isso in an environment of its own, made for this run."""
    with tempfile.TemporaryDirectory() as name:
        directory, port = Path(name), free_port()
        python = install(directory / "venv")
        (directory / "isso.cfg").write_text(
            f"[general]\ndbpath = {directory}/comments.db\nhost = {ORIGIN}\nlog-file =\n"
            f"[server]\nlisten = http://127.0.0.1:{port}\n[guard]\nenabled = false\n"
        )
        with process([str(python.parent / "isso"), "-c", str(directory / "isso.cfg"), "run"], port):
            yield port


def install(place: Path) -> Path:
    """Install Isso from the package index; its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    python = place / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", "isso", "setuptools<81"], check=True)
    return python


def main() -> None:
    """Print the figures."""
    show(NAME, run())


if __name__ == "__main__":
    main()
