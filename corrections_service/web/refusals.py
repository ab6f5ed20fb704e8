"""Refused reports, counted in memory: many cost the database one write a second, and who sends them soon has to wait."""

from __future__ import annotations

import threading
import time
from collections import Counter

from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.services import figures, origins
from corrections_service.settings import parse_limit
from corrections_service.store.database import Database

SECONDS = 1.0
"""Between two writes of what was counted; what was not is lost with the process, and none of it is a report."""

MOST_BLOCKS = 10_000
"""Address blocks that are counted at a time; beyond them the oldest counts are forgotten."""

MOST_ORIGINS = 100
"""Origins that are counted between two writes; of more nothing is kept."""


class Refusals:
    """What one process refused, and why."""

    def __init__(self, database: Database, rule: str) -> None:
        self._database, self._limit = database, parse_limit(rule)
        self._guard = threading.Lock()
        self._reasons: Counter[str] = Counter()
        self._origins: Counter[tuple[int, str]] = Counter()
        self._blocks: Counter[str] = Counter()
        self._window = 0
        self._timer: threading.Timer | None = None

    def count(self, reason: str, block: str) -> None:
        """Count one, to be written soon."""
        with self._guard:
            self._reasons[reason] += 1
            if self._limit is not None:
                self._begin_window(self._limit[1])
                self._blocks[block] += 1
                if len(self._blocks) > MOST_BLOCKS:
                    del self._blocks[next(iter(self._blocks))]
            self._wake()

    def count_origin(self, site_id: int, origin: str) -> None:
        """Count one that a site refused for its origin, beside its reason, to be written with it."""
        with self._guard:
            if (site_id, origin) in self._origins or len(self._origins) < MOST_ORIGINS:
                self._origins[site_id, origin] += 1

    def judge(self, block: str) -> None:
        """Raises TooManyReports where as many reports from this address block were refused as may be sent."""
        if self._limit is None:
            return
        most, seconds = self._limit
        with self._guard:
            self._begin_window(seconds)
            if self._blocks[block] >= most:
                wait = (self._window + 1) * seconds - int(time.time())
                raise errors.TooManyReports(retry_after=max(wait, 1))

    def write(self) -> None:
        """Write what was counted; what the storage does not take now is written the next time."""
        with self._guard:
            reasons, self._reasons, self._timer = self._reasons, Counter(), None
            refused, self._origins = self._origins, Counter()
        if not reasons or self._database.is_closed:
            return
        try:
            self._database.intake(_keep, reasons=reasons, refused=refused)
        except errors.StorageBusy:
            with self._guard:
                self._reasons += reasons
                self._origins += refused
                self._wake()

    def _begin_window(self, seconds: int) -> None:
        window = int(time.time()) // seconds
        if window != self._window:
            self._window = window
            self._blocks.clear()

    def _wake(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(SECONDS, self.write)
            self._timer.daemon = True
            self._timer.start()


def _keep(session: Session, *, reasons: Counter[str], refused: Counter[tuple[int, str]]) -> None:
    figures.count_refusals(session, reasons=reasons)
    origins.count(session, refused=refused)
