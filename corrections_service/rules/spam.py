"""How much a report looks like spam: points with reasons, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass

import regex

_LINK = regex.compile(r"(?i)https?://|www\.")


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 0 to 100, and the reasons for them."""

    points: int
    reasons: tuple[str, ...]


def score(
    *, comment: str = "", suggestion: str = "", exact: str = "", elapsed_ms: int | None = None, website: str = ""
) -> Score:
    """Score a report; what is missing never counts against it."""
    reasons = []
    points = 0
    if website.strip():
        points, reasons = points + 80, [*reasons, "a field that people do not see was filled"]
    if elapsed_ms is not None and elapsed_ms < 1000:
        points, reasons = points + 40, [*reasons, "sent within a second"]
    links = len(_LINK.findall(comment)) + len(_LINK.findall(suggestion)) - len(_LINK.findall(exact))
    if links > 1:
        points, reasons = points + 30, [*reasons, "several links"]
    return Score(min(points, 100), tuple(reasons))
