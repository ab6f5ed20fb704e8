"""What is forked from a process that has loaded the service works as what was started cold."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from corrections_service.web.embed import minified
from tests.measures import PATIENCE
from tests.processes import Forked


def test_a_forked_process_makes_scripts_in_each_of_its_threads() -> None:
    forked = Forked(_minify_in_three_threads)
    try:
        assert forked.wait(PATIENCE) == 0
    finally:
        forked.kill()


def _minify_in_three_threads() -> None:
    done = threading.Barrier(3, timeout=PATIENCE / 2)

    def minify(number: int) -> int:
        made = minified(f"const one = {number};")
        done.wait()  # none ends before all are done
        return len(made)

    with ThreadPoolExecutor(3) as threads:
        assert all(threads.map(minify, range(3)))
