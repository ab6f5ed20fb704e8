"""How long the service takes to install into a fresh virtual environment, its packages at hand, against Isso."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.load import in_turn

ROOT = Path(__file__).resolve().parents[1]


def run(rounds: int = 5) -> dict[str, object]:
    """`pip install` of the wheel and of Isso in turn, in seconds; each was installed once before, so nothing is fetched.

    `needs_compiler` is 0 where it installs with nothing but Python on the path.
    """
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", name]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        (wheel,) = directory.glob("*.whl")
        environments = (directory / f"venv{number}" for number in range(2 * rounds + 3))

        def seconds(what: str, *, alone: bool = False) -> float:
            python = environment(next(environments))
            place = {**os.environ, "PATH": str(python.parent), "CC": "none", "CXX": "none"} if alone else None
            began = time.perf_counter()
            subprocess.run(
                [str(python), "-m", "pip", "install", "-q", what], check=True, capture_output=True, env=place
            )
            return time.perf_counter() - began

        try:
            seconds(str(wheel), alone=True)
            needs_compiler = 0
        except subprocess.CalledProcessError:
            needs_compiler = 1
        seconds(str(wheel)), seconds("isso")
        figures: dict[str, object] = dict(in_turn(lambda: seconds(str(wheel)), lambda: seconds("isso"), rounds))
    return {**figures, "needs_compiler": needs_compiler}


def environment(place: Path) -> Path:
    """Make a virtual environment; its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    return place / "bin" / "python"
