"""When readers see that an article was changed: at once, within the minutes that a cache keeps it, or in print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corrections_service.rules.catalogue import Catalogue

AT_ONCE, CACHE, PRINT = "now", "cache", "print"
WAYS = (AT_ONCE, CACHE, PRINT)

MOST_MINUTES = 24 * 60
"""How long a cache keeps an article at most."""


@dataclass(frozen=True)
class Showing:
    """When a change shows: within so many minutes (0 at once), or in the printed edition of a day."""

    minutes: int = 0
    edition: date | None = None

    def sentence(self, words: Catalogue) -> str:
        """What readers are told of it; "" where there is nothing to wait for."""
        if self.edition is not None:
            return words("pages.shows_print", date=words.day(self.edition))
        return words("pages.shows_cache", time=words.minutes(self.minutes)) if self.minutes else ""


def written(way: str, *, minutes: int = 0, edition: str = "") -> str:
    """What was chosen, as it is kept: "now", "cache 15" or "print 2026-11-03"."""
    if way == PRINT and edition:
        return f"{PRINT} {date.fromisoformat(edition):%Y-%m-%d}"
    return f"{CACHE} {minutes}" if way == CACHE and minutes else AT_ONCE


def showing(choice: str) -> Showing:
    """What was chosen, as `written` wrote it."""
    way, _, value = choice.partition(" ")
    if way == PRINT and value:
        return Showing(edition=date.fromisoformat(value))
    return Showing(minutes=int(value)) if way == CACHE and value else Showing()
