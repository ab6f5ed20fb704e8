"""Reports stored a second on a disk that takes 2 ms more for each fsync, against the smallest route that stores one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.intake import EVERY_QUOTE, compare
from benchmarks.servers import bare, installation, serving

SHIM = Path(__file__).with_name("slow_disk.c")
COMMITS = 20
COMMIT = f"""import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode=WAL"), database.execute("PRAGMA synchronous=FULL")
database.execute("CREATE TABLE row (body)")
began = time.perf_counter()
for _ in range({COMMITS}): database.execute("INSERT INTO row VALUES ('x')")
print((time.perf_counter() - began) / {COMMITS} * 1000)"""
"""Prints how many ms one durable insert takes, with nothing else on the machine's disk."""


def run(rounds: int = 5, each: int = 3000, known: int = EVERY_QUOTE) -> dict[str, object]:
    """Ours and bare in turn, both with the shim, 32 connections."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return {"skipped": "the slow disk is a library that is preloaded on Linux, made by a C compiler (cc)"}
    with tempfile.TemporaryDirectory() as made:
        shim = Path(made) / "slow_disk.so"
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(shim), str(SHIM), "-ldl"], check=True)
        slowly = {"LD_PRELOAD": str(shim)}
        commit_ms = _commit_ms(Path(made) / "quick.sqlite", {})
        slow_commit_ms = _commit_ms(Path(made) / "slow.sqlite", slowly)
        if slow_commit_ms < 2:
            return {"skipped": "this Python's SQLite does not call the fsync that the shim takes the place of"}
        with (
            installation() as (port, key, directory, environment),
            serving(port, {**environment, **slowly}),
            bare(environment=slowly) as yardstick,
        ):
            database = f"sqlite:///{directory}/corrections.sqlite"
            figures = compare((port, key), database, yardstick, rounds=rounds, each=each, known=known, connections=32)
    return {**figures, "commit_ms": commit_ms, "slow_commit_ms": slow_commit_ms}


def _commit_ms(database: Path, environment: dict[str, str]) -> float:
    done = subprocess.run(
        [sys.executable, "-c", COMMIT, str(database)],
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)
