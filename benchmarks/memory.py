"""The memory of one serving process at rest: web, writer and background work together."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from benchmarks.load import bodies, post, service, show

NAME = "memory"


def run(seconds: int = 20) -> dict[str, object]:
    """Resident MiB of the process that answers, when it is up and after 200 reports and `seconds` of rest."""
    with service() as (port, key, _):
        answering = _answering(port)
        fresh = _resident(answering)
        post(port, "/api/v1/reports", bodies(key, 200))
        time.sleep(seconds)
        return {"fresh_mib": fresh, "at_rest_mib": _resident(answering), "threads": _status(answering, "Threads")}


def _answering(port: int) -> int:
    """The child of the process that was told to listen on this port."""
    found = subprocess.run(["pgrep", "-f", f"serve --port {port}"], capture_output=True, text=True, check=True)
    return max((int(one) for one in found.stdout.split()), key=_resident)


def _resident(process: int) -> float:
    return _status(process, "VmRSS") / 1024


def _status(process: int, name: str) -> int:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return int(lines[name].split()[0])


def main() -> None:
    """Print the figures."""
    show(NAME, run())


if __name__ == "__main__":
    main()
