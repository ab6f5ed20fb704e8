"""Sightings: the highlighted words with the text around them, what is wished for, and what stands there now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CONTEXT = 300  # code points kept on each side of the words


class Standing(StrEnum):
    """What stands now where the reported words stood."""

    PRESENT = "present"
    APPLIED = "applied"
    CHANGED = "changed"
    GONE = "gone"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Quote:
    """The highlighted words and the text around them (W3C Web Annotation's TextQuoteSelector)."""

    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One reader's view of an error: the quote, and what it should say, or that the words should go."""

    quote: Quote
    suggestion: str = ""
    remove: bool = False


@dataclass(frozen=True, slots=True)
class FixCheck:
    """What became of reported words: the state, where in the text they or their successors stand, and why."""

    state: Standing
    span: tuple[int, int] | None
    reason: str
