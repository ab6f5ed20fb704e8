"""The memory of one serving process at rest: web, writer and background work together."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.load import bodies, post
from benchmarks.servers import answering, service


def run(seconds: float = 20) -> dict[str, object]:
    """Resident MiB of the process that answers, when it is up and after 200 reports and `seconds` of rest."""
    with service() as (port, key, directory):
        process = answering(directory)
        fresh = resident(process)
        post(port, "/api/v1/reports", bodies(key, 200))
        time.sleep(seconds)
        return {"fresh_mib": fresh, "at_rest_mib": resident(process), "threads": _status(process, "Threads")}


def resident(process: int) -> float:
    """The MiB of memory that a process has."""
    return _status(process, "VmRSS") / 1024


def descriptors(process: int) -> int:
    """How many files and connections a process has open."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def _status(process: int, name: str) -> int:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return int(lines[name].split()[0])
