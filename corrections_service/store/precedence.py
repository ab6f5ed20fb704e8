"""Precedence: in a process that does both, background work gives way to the reports that readers wait for."""

from __future__ import annotations

import threading
import time

SHARE = 0.2
"""Of one processor, for all background work together while reports queue up."""

LATELY = 0.25
"""Seconds after which reports that queued up are no news any more."""

LONGEST = 1.0
"""Seconds that a piece of background work waits at most."""


class Precedence:
    """Lets background work go as fast as it can, and while reports queue up in a share of the time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._thread = threading.local()
        self._busy_until = self._free_at = 0.0

    def reports_queued(self) -> None:
        """Note that reports had to wait for one another."""
        self._busy_until = time.monotonic() + LATELY

    def give_way(self) -> float:
        """Wait between two pieces of background work, as long as what this thread has computed since asks for.

        The seconds that it waited, 0.0 while no reports queue up.
        """
        computed = time.thread_time() - getattr(self._thread, "since", time.thread_time())
        began = time.monotonic()
        with self._guard:
            self._free_at = until = min(max(self._free_at, began) + computed / SHARE, began + LONGEST)
        while (wait := min(until, self._busy_until) - time.monotonic()) > 0:
            time.sleep(wait)
        self._thread.since = time.thread_time()
        return time.monotonic() - began
