"""What fifty open dashboards cost that ask every few seconds what changed: mostly nothing did."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import time
import urllib.parse
from pathlib import Path
from typing import Any

from benchmarks.databases import seeded
from benchmarks.people import sign_in
from benchmarks.servers import answering, serving

DASHBOARDS, EVERY = 50, 4
"""Open dashboards, and after how many seconds each asks again (static/dashboard/live.js)."""

A_MINUTE = 60 // EVERY
"""Once in so many questions a minute is over, and the rows are sent anew with their ages."""


def run(polls: int = 900, reports: int = 1_000_000, settled: float = 30) -> dict[str, Any]:
    """The share of one core that they take of the answering process, on SQLite.

    Its background work goes on beside them; what that takes in as long a time without any question is not theirs.
    """
    port, _, directory, environment, _ = seeded(reports)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with serving(port, environment), contextlib.closing(connection):
        cookie, process = sign_in(port, directory), answering(directory)
        path, tag = _question(connection, cookie)
        time.sleep(settled)
        began, before, statuses = time.perf_counter(), _seconds(process), list[int]()
        for number in range(polls):
            status, tag = _ask(connection, path, cookie, tag if number % A_MINUTE else "")
            statuses.append(status)
        asked = _seconds(process) - before
        before = _seconds(process)
        time.sleep(time.perf_counter() - began)
        idle = _seconds(process) - before
    assert set(statuses) <= {200, 304}
    took = max(asked - idle, 0.0)
    return {
        "core_share": took / polls * DASHBOARDS / EVERY,
        "cpu_ms_a_poll": 1000 * took / polls,
        "unchanged": statuses.count(304) / polls,
        "reports": reports,
    }


def _question(connection: http.client.HTTPConnection, cookie: str) -> tuple[str, str]:
    """What an open queue asks, by what stands on the page, and the tag of the answer."""
    connection.request("GET", "/queue", headers={"Cookie": cookie})
    page = connection.getresponse().read().decode()
    known = dict(re.findall(r'data-(newest|since)="(\d+)"', page))
    rows = ",".join(re.findall(r'<tr data-case="(\d+)"', page))
    assert rows
    path = f"/queue/changes?{urllib.parse.urlencode({**known, 'rows': rows})}"
    return path, _ask(connection, path, cookie, "")[1]


def _ask(connection: http.client.HTTPConnection, path: str, cookie: str, tag: str) -> tuple[int, str]:
    """One question; the answer's status, and the tag that it is known by."""
    headers = {"Cookie": cookie, **({"If-None-Match": tag} if tag else {})}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers["ETag"] or tag


def _seconds(pid: int) -> float:
    """The time of a processor that a process has taken, in itself and for the system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
