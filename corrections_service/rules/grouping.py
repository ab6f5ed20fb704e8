"""Whether two reports are about the same error: compares what is changed, not what is highlighted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corrections_service.rules.quotes import Quote
from corrections_service.rules.text import fold


class Verdict(StrEnum):
    """What comparing two sightings says."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One reader's view of an error: the quote, and what it should say."""

    quote: Quote
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on two sightings, and why."""

    verdict: Verdict
    reason: str


def fingerprint(quote: Quote) -> str:
    """A key that is equal for reports of exactly the same passage, up to folding; 32 hexadecimal digits."""
    parts = fold(quote.prefix).text[-24:], fold(quote.exact).text, fold(quote.suffix).text[:24]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def same_error(one: Sighting, other: Sighting) -> Match:
    """Say whether two sightings in one article are the same error."""
    if fingerprint(one.quote) == fingerprint(other.quote):
        if fold(one.suggestion).text == fold(other.suggestion).text:
            return Match(Verdict.SAME, "the same words at the same place")
        return Match(Verdict.UNSURE, "the same words, another suggestion")
    return Match(Verdict.DIFFERENT, "other words or another place")


def rank(sighting: Sighting, others: Sequence[Sighting], limit: int = 200) -> Iterator[tuple[int, Match]]:
    """Compare with the others, at most `limit`; those that may be the same first."""
    found = [(index, same_error(sighting, other)) for index, other in enumerate(others[:limit])]
    yield from sorted(found, key=lambda pair: list(Verdict).index(pair[1].verdict))
