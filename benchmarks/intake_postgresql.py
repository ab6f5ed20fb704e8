"""Reports stored a second on PostgreSQL by as many web processes as there are cores, against the smallest such route.

A newsroom's way: `corrections serve --web-only` answers, `corrections worker` works beside it. Both, and the route with
as many processes, are on the same PostgreSQL server, as durable as it comes.
"""

from __future__ import annotations

import os

import sqlalchemy as sa

from benchmarks.bare import TABLE
from benchmarks.databases import new_address
from benchmarks.intake import EVERY_QUOTE, compare
from benchmarks.servers import CONSOLE, bare, installation, process, serving


def run(rounds: int = 5, each: int = 3000, known: int = EVERY_QUOTE) -> dict[str, object]:
    """Ours and bare in turn, 16 connections; none may be refused."""
    ours, theirs, processes = new_address(), new_address(), os.cpu_count() or 1
    TABLE.metadata.create_all(sa.create_engine(theirs, poolclass=sa.NullPool))  # before its processes do so at once
    with (
        installation(database_url=ours) as (port, key, _, environment),
        serving(port, environment, "--web-only"),
        process([*CONSOLE, "worker"], None, environment),
        bare(theirs, processes) as yardstick,
    ):
        figures = compare((port, key), ours, yardstick, rounds=rounds, each=each, known=known)
    return {**figures, "web_processes": processes}
