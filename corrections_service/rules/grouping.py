"""Whether two reports are about the same error: by what is changed, and where; not by what is highlighted.

Two quotes of one article that overlap fix each other's position (`overlaps`); then the changed words are compared as
stretches of that common text (`stretches`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter

from corrections_service.rules import overlaps, stretches
from corrections_service.rules.changes import Piece
from corrections_service.rules.overlaps import ENOUGH, LONGEST, Stretch, fold_quote, fold_quotes, has_words
from corrections_service.rules.sightings import Quote, Sighting
from corrections_service.rules.stretches import Highlight, doubled, highlight, recast
from corrections_service.rules.text import fold

_A_WORD = 12  # folded characters
_FEW_WORDS = 30  # folded characters of a highlight that can hold little more than one error
_NEARLY_ALL = 0.8  # of two highlights together, to be the same passage
_MOST_COMPARED = 2 * LONGEST  # highlighted and suggested characters of those others that are near

__all__ = [
    "Match",
    "Sighting",
    "Verdict",
    "fingerprint",
    "rank",
    "same_error",
    "same_wish",
    "stands_doubled",
]


class Verdict(StrEnum):
    """What comparing two sightings says."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on two sightings, and why."""

    verdict: Verdict
    reason: str


_ELSEWHERE = Match(Verdict.DIFFERENT, "another place in the article")


def same_error(sighting: Sighting, other: Sighting) -> Match:
    """Say whether two sightings in one article are the same error; case, spacing and marks play no part.

    The same change with other words highlighted is the same; another change in overlapping highlights is
    different, and so are the same words at another place. "unsure" where the changes only touch, one reader
    recasts the sentence of the other’s change, the context is too short to fix the position, or nobody said what
    should change. Linear, but for a bounded diff.
    """
    a, b = fold_quote(sighting.quote), fold_quote(other.quote)
    alike = a == b and same_wish(sighting, other)
    if not has_words(a) or not has_words(b):
        if alike and (a.whole or fold(sighting.suggestion[:LONGEST]).text):
            return Match(Verdict.SAME, "the same report")
        return Match(Verdict.UNSURE, "no words are quoted")
    if alike and len(a.whole) >= ENOUGH:
        return Match(Verdict.SAME, "the same change of the same words at the same place")
    shifts, common = overlaps.shifts(a, b)
    if not shifts:
        return _ELSEWHERE
    base = highlight(sighting, 0)
    matches = [_compare(base, highlight(other, shift)) for shift in shifts]
    if len({match.verdict for match in matches}) > 1:
        return Match(Verdict.UNSURE, "the text around the words repeats itself")
    if common < ENOUGH and matches[0].verdict is Verdict.SAME:
        return Match(Verdict.UNSURE, "the same words, but too little context to tell the place")
    return matches[0]


def same_wish(sighting: Sighting, other: Sighting) -> bool:
    """Whether two readers want the same words there, or the words gone; case, spacing and marks play no part."""
    wishes = [(side.remove, fold(side.suggestion[:LONGEST]).text) for side in (sighting, other)]
    return wishes[0] == wishes[1]


def stands_doubled(quote: Quote) -> bool:
    """Whether the words stand a second time right beside themselves."""
    end = len(fold(quote.exact[:LONGEST]).text)
    return doubled(quote, 0, end, Piece("delete", quote.exact[:LONGEST], "")) != (0, end)


def rank(sighting: Sighting, others: Sequence[Sighting], limit: int = 200) -> list[tuple[int, Match]]:
    """Compare with at most `limit` others: their indexes and matches, the same first, then the unsure.

    Many others that are long are not all compared: no more than 150,000 characters are read, and of those at
    the same place no more than 24,000 compared word by word.
    """
    quote = fold_quote(sighting.quote)
    quotes = fold_quotes([other.quote for other in others[:limit]])
    near = overlaps.indexes_near(quote, quotes) if has_words(quote) else set(range(len(quotes)))
    matches: dict[Verdict, list[tuple[int, Match]]] = {Verdict.SAME: [], Verdict.UNSURE: [], Verdict.DIFFERENT: []}
    length = 0
    for index in sorted(near):
        other = others[index]
        length += len(other.quote.exact[:LONGEST]) + len(other.suggestion[:LONGEST])
        if length <= _MOST_COMPARED:
            match = same_error(sighting, other)
            matches[match.verdict].append((index, match))
    elsewhere = [(index, _ELSEWHERE) for index in range(len(quotes)) if index not in near]
    different = sorted(matches[Verdict.DIFFERENT] + elsewhere, key=itemgetter(0))
    return matches[Verdict.SAME] + matches[Verdict.UNSURE] + different


def fingerprint(quote: Quote) -> str:
    """A key that is equal for reports of exactly the same passage, up to folding; 32 hexadecimal digits.

    The passage is the quoted words with all their context: a sentence may stand twice in an article.
    """
    passage = (fold(part).text for part in (quote.prefix, quote.exact, quote.suffix))
    return hashlib.sha256("\n".join(passage).encode("utf-8", "replace")).hexdigest()[:32]


def _compare(a: Highlight, b: Highlight) -> Match:
    """Compare what is changed in one common text."""
    if a.changes and b.changes:
        return _compare_changes(a, b)
    if not a.changes and not b.changes:
        return _compare_quotes(a.quote, b.quote)
    changing, bare = (a, b) if a.changes else (b, a)
    meeting = {stretches.meeting(stretch, bare.quote) for stretch in changing.changes}
    if meeting == {"apart"}:
        return Match(Verdict.DIFFERENT, "other words are highlighted")
    if a.quote == b.quote or (meeting == {"overlap"} and bare.quote[1] - bare.quote[0] <= _FEW_WORDS):
        return Match(Verdict.SAME, "the highlighted words are the ones that the other reader changes")
    return Match(Verdict.UNSURE, "the highlighted words hold the other reader’s change among others")


def _compare_changes(a: Highlight, b: Highlight) -> Match:
    meetings = {(first, second): stretches.meeting(first, second) for first in a.changes for second in b.changes}
    if "overlap" not in meetings.values():
        if "touch" in meetings.values():
            return Match(Verdict.UNSURE, "the changes are side by side")
        if stretches.meeting(a.quote, b.quote) == "overlap" and any(_is_beside_insertion(*pair) for pair in meetings):
            return Match(Verdict.UNSURE, "words are put in a word away from the other change")
        if _recasts(a, b) or _recasts(b, a):
            return Match(Verdict.UNSURE, "one of the two recasts the sentence of the other’s change")
        return Match(Verdict.DIFFERENT, "other words are changed")
    strays = [
        stretch
        for stretch in (*a.changes, *b.changes)
        if not any(stretch in pair and meeting == "overlap" for pair, meeting in meetings.items())
    ]
    if strays:
        return Match(Verdict.UNSURE, "one of the two changes more than the other")
    return Match(Verdict.SAME, "the same words are changed")


def _recasts(highlight: Highlight, other: Highlight) -> bool:
    """Whether one writes a sentence anew in which the other changes something."""
    start, end = (at + highlight.shift for at in recast(highlight.sighting))
    return any(start <= first and last <= end and start < end for first, last in other.changes)


def _is_beside_insertion(first: Stretch, second: Stretch) -> bool:
    """Whether one change is an insertion, which has no words of its own, a word from the other."""
    return (first[0] == first[1] or second[0] == second[1]) and max(first[0], second[0]) - min(
        first[1], second[1]
    ) <= _A_WORD


def _compare_quotes(first: Stretch, second: Stretch) -> Match:
    meeting = stretches.meeting(first, second)
    if meeting == "apart":
        return Match(Verdict.DIFFERENT, "other words are highlighted")
    shared = min(first[1], second[1]) - max(first[0], second[0])
    together = max(first[1], second[1]) - min(first[0], second[0])
    if shared >= _NEARLY_ALL * together:
        return Match(Verdict.SAME, "the same words are highlighted")
    return Match(Verdict.UNSURE, "the highlights overlap, and nobody says what should change")
