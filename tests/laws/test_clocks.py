"""A test speaks of time only in the ways of `tests/measures.py`, which hold on a machine five times slower.

The ways: `passes_at_most` and `takes_at_most` (a ratio to work done in the same test), `grows_at_most` (twice the size),
`lasting` (a limit of the product's own, with room), `moment` (not too early), `wait_for`, `wait_in`, `let_pass`. Where what
is meant can be counted (rows, commits, tries), it is counted. Seconds are for the benchmarks, which nothing fails by.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
HOME = TESTS / "measures.py"

CLOCKS = set("perf_counter process_time thread_time monotonic total_seconds sleep".split())
"""Readings of a clock, and pauses that must be long enough for something, whatever object they are asked of."""
CLOCKS |= {"wait_for_timeout", "wait_for_function"}
"""The browser's pauses; the second is one on pages whose policy lets no string run: only its first look counts there."""

IN_SCRIPTS = re.compile(rf"\b(?:time\.time|{'|'.join(sorted(CLOCKS))})\(|\bperformance\.now\(\)|\bDate\.now\(\)")
"""The same in programs and pages that a test writes."""


def readings(source: str) -> Iterator[str]:
    """Where a test reads a clock of its own or sleeps, as line and words."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and {"time", "timeit"} & {one.name for one in node.names}:
            yield f"{node.lineno}: import time"
        elif isinstance(node, ast.ImportFrom) and node.module in ("time", "timeit"):
            yield f"{node.lineno}: from {node.module} import"
        elif isinstance(node, ast.Attribute) and node.attr.removesuffix("_ns") in CLOCKS:
            yield f"{node.lineno}: {node.attr}"
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and (found := IN_SCRIPTS.search(node.value))
        ):
            yield f"{node.lineno}: {found[0]}"


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_reads_a_clock_of_its_own(path: Path) -> None:
    if path not in (HOME, Path(__file__)):
        assert list(readings(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "import os, time as clock",
        "from time import monotonic as now",
        "import timeit",
        "began = clock.perf_counter_ns()",
        "assert (now() - began).total_seconds() < 1",
        "await asyncio.sleep(1)",
        "page.wait_for_timeout(200)",
        "page.wait_for_function('window.ready')",
        "script = 'import time; print(time.time())'",
        "script = f'began = time.process_time(); {what}'",
        "page.evaluate('performance.now() - began')",
    ],
)
def test_a_clock_is_seen_wherever_a_test_may_read_one(source: str) -> None:
    assert list(readings(source))


@pytest.mark.parametrize(
    "source",
    [
        "with lasting(fetch.TOTAL_SECONDS): read()",
        "passes_at_most(40, do, text)",
        "later = now() + timedelta(days=1)",
        "waiting.wait(PATIENCE)",
        "page.add_init_script('performance.now = () => 0')",
    ],
)
def test_the_allowed_ways_are_no_clocks(source: str) -> None:
    assert not list(readings(source))
