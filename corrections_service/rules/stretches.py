"""Stretches: what a reader highlights and changes, as stretches of the text that two sightings have in common."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from corrections_service.rules.changes import Piece, diff
from corrections_service.rules.overlaps import LONGEST, Stretch, fold_quote
from corrections_service.rules.quotes import sentence_around
from corrections_service.rules.sightings import CONTEXT, Quote, Sighting
from corrections_service.rules.text import fold, tokens

_MOST_PIECES = 64
_APART = 6  # folded characters unchanged between two changes of one report that make them two
_RECAST, _A_TENTH = 3, 10  # words changed, and their share of the sentence: no longer a slip that is put right
_MARKS = " .!?…。！？'\"’”»)]」』）"


@dataclass(frozen=True, slots=True)
class Highlight:
    """What a reader highlights and changes, as stretches of the text that two sightings have in common."""

    sighting: Sighting
    shift: int  # from its own text to the common one
    quote: Stretch
    changes: tuple[Stretch, ...]  # in order; none without a suggestion


def highlight(sighting: Sighting, shift: int) -> Highlight:
    """Mark what is highlighted and what is changed, moved by so much."""
    start, end = (at + shift for at in fold_quote(sighting.quote).exact)
    return Highlight(sighting, shift, (start, end), tuple((start + at, start + to) for at, to in _changes(sighting)))


@lru_cache(maxsize=1024)
def _pieces(sighting: Sighting) -> tuple[Piece, ...]:
    exact, suggestion = (
        " ".join(unicodedata.normalize("NFC", side[:LONGEST]).split())
        for side in (sighting.quote.exact, sighting.suggestion)
    )
    return diff(exact, suggestion) if suggestion or sighting.remove else ()


@lru_cache(maxsize=1024)
def _changes(sighting: Sighting) -> list[Stretch]:
    """The stretches of the folded words that a suggestion changes; an insertion is an empty one."""
    stretches: list[Stretch] = []
    at = 0
    pieces = _pieces(sighting)
    if len(pieces) > _MOST_PIECES:  # another text rather than an edit
        return [(0, len(fold(sighting.quote.exact[:LONGEST]).text))]
    for piece in pieces:
        end = at + len(fold(piece.before).text)
        if piece.op != "equal":
            first, last = doubled(sighting.quote, at, end, piece)
            if stretches and first - stretches[-1][1] < _APART:
                stretches[-1] = min(first, stretches[-1][0]), last
            else:
                stretches.append((first, last))
        at = end
    return stretches


def doubled(quote: Quote, start: int, end: int, piece: Piece) -> Stretch:
    """The stretch of a change: words to take out that stand twice are both, as either of them may go."""
    if piece.op != "delete" or not piece.before.strip():
        return start, end
    exact = fold(quote.exact[:LONGEST])
    left, right = exact.span(start, start)[0], exact.span(end, end)[0]
    removal = _spoken(piece.before)
    length = sum(map(len, removal))
    before = _spoken(quote.prefix[-CONTEXT:] + exact.original[:left])
    after = _spoken(exact.original[right:] + quote.suffix[:CONTEXT])
    while before[-len(removal) :] == removal:
        del before[-len(removal) :]
        start -= length
    while after[: len(removal)] == removal:
        del after[: len(removal)]
        end += length
    return start, end


def _spoken(value: str) -> list[str]:
    """The folded words and marks of a text."""
    return [folded for word in tokens(value) if (folded := fold(word).text)]


@lru_cache(maxsize=1024)
def recast(sighting: Sighting) -> Stretch:
    """The sentence that a reader writes anew, or an empty stretch: a tenth of its words, and three, change."""
    changes = [piece for piece in _pieces(sighting) if piece.op != "equal"]
    count = max(_words(" ".join(piece.before for piece in changes)), _words(" ".join(piece.after for piece in changes)))
    if count < _RECAST:
        return 0, 0
    quote = sighting.quote
    exact = quote.exact[:LONGEST]
    middle = exact.rstrip(_MARKS)  # a full stop that is highlighted ends the sentence all the same
    suffix = exact[len(middle) :] + quote.suffix[:CONTEXT]
    left, _, right = sentence_around(Quote(middle, quote.prefix[-CONTEXT:], suffix))
    if count * _A_TENTH < _words(left + middle + right):
        return 0, 0
    start, _ = fold_quote(quote).exact
    return start - len(fold(left).text), start + len(fold(middle + right).text)


def _words(value: str) -> int:
    return sum(word[0].isalnum() for word in tokens(value))


def meeting(stretch: Stretch, other: Stretch) -> str:
    """Say how two stretches lie: overlap, touch or apart. An insertion overlaps what it is within."""
    first, second = sorted((stretch, other))
    if (
        stretch == other
        or first[0] < second[0] < first[1]
        or (first[0] == second[0] and second[0] < min(first[1], second[1]))
    ):
        return "overlap"
    return "touch" if max(stretch[0], other[0]) <= min(stretch[1], other[1]) else "apart"
