"""Overlaps: two quotes of one article that overlap, with their context, fix each other's position without any offset."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from rapidfuzz.distance import Postfix, Prefix

from corrections_service.rules.sightings import CONTEXT, Quote
from corrections_service.rules.text import fold

LONGEST = 12_000
"""Code points of the quoted words and of the suggestion that are looked at."""

ENOUGH = 16
"""Folded characters in common that fix a position."""

_SEED = 12  # folded characters that are looked up
_TRIES = 6  # occurrences of one seed
_MOST_READ = 150_000  # characters of all others: 200 times the context and 150 that are highlighted

Stretch = tuple[int, int]
"""Where characters of a text begin and end."""


@dataclass(frozen=True, slots=True)
class FoldedQuote:
    """A quote folded: its words in the text around them, where they stand in it, and what finds them."""

    whole: str
    exact: Stretch
    offsets: tuple[int, ...]  # of the beginning, the words, and what is beside them
    seeds: tuple[str, ...]  # the characters there


@lru_cache(maxsize=1024)
def fold_quote(quote: Quote) -> FoldedQuote:
    """Fold a quote, and take what finds it in another's text."""
    prefix, exact = fold(quote.prefix[-CONTEXT:]).text, fold(quote.exact[:LONGEST]).text
    whole, start, end = prefix + exact + fold(quote.suffix[:CONTEXT]).text, len(prefix), len(prefix + exact)
    last = max(0, len(whole) - _SEED)
    offsets = tuple({min(max(0, at), last) for at in (0, start - _SEED, start, end)})
    return FoldedQuote(whole, (start, end), offsets, tuple(whole[at : at + _SEED] for at in offsets))


def fold_quotes(quotes: Sequence[Quote]) -> list[FoldedQuote]:
    """Fold the quotes until it is too much to read."""
    folded: list[FoldedQuote] = []
    length = 0
    for quote in quotes:
        folded_quote = fold_quote(quote)
        # Folding drops the invisible, and makes up to 18 characters of one.
        length += max(len(folded_quote.whole), len(quote.prefix) + len(quote.exact) + len(quote.suffix))
        if length > _MOST_READ:
            break
        folded.append(folded_quote)
    return folded


def has_words(quote: FoldedQuote) -> bool:
    """Whether any words are quoted."""
    return quote.exact[0] < quote.exact[1]


def shifts(a: FoldedQuote, b: FoldedQuote) -> tuple[list[int], int]:
    """How far b's text may have to move to lie on a's, and how many characters agree then."""
    if not _may_meet(a, b) and not _may_meet(b, a):
        return [], 0
    candidates = sorted(_shifts_in(b, a) | {-shift for shift in _shifts_in(a, b)})
    counts = [_agreement(a, b, shift) for shift in candidates]
    most = max(counts, default=0)
    return [shift for shift, count in zip(candidates, counts, strict=True) if count == most > 0], most


def _may_meet(quote: FoldedQuote, other: FoldedQuote) -> bool:
    """Whether a seed of one stands in the other."""
    return any(seed in other.whole for seed in quote.seeds)


def indexes_near(quote: FoldedQuote, others: Sequence[FoldedQuote]) -> set[int]:
    """The indexes of the others that may meet one, looked up in all at once, and of those without words."""
    everything = "\n".join([other.whole for other in others])  # a line end is in no folded text
    starts = [0, *accumulate([len(other.whole) + 1 for other in others])]
    indexes: set[int] = set()
    for seed in quote.seeds:
        at = everything.find(seed)
        while at >= 0:
            index = bisect_right(starts, at) - 1
            indexes.add(index)
            at = everything.find(seed, starts[index + 1])
    whole = quote.whole
    pieces = {whole[at : at + _SEED] for at in range(len(whole) - _SEED + 1)}
    for index, other in enumerate(others):
        if (
            not pieces.isdisjoint(other.seeds)
            or not has_words(other)
            or (len(other.whole) < _SEED and other.whole in whole)
        ):
            indexes.add(index)
    return indexes


def _shifts_in(quote: FoldedQuote, other: FoldedQuote) -> set[int]:
    """Where a sighting may lie in another's text: where a seed of it stands there."""
    shifts: set[int] = set()
    whole = other.whole
    for near, seed in zip(quote.offsets, quote.seeds, strict=True):
        at = -1
        for _ in range(_TRIES):
            at = whole.find(seed, at + 1)
            if at < 0:
                break
            shifts.add(at - near)
    return shifts


def _agreement(a: FoldedQuote, b: FoldedQuote, shift: int) -> int:
    """How many characters agree with b moved by so much; 0 if too few do.

    What both hold must agree as far as both go, or for long enough on both sides of the words of one.
    """
    start, end = max(0, shift), min(len(a.whole), len(b.whole) + shift)
    if start >= end:
        return 0
    text, other_text = a.whole[start:end], b.whole[start - shift : end - shift]
    if text == other_text:
        return end - start
    most = 0
    for first, last in {a.exact, (b.exact[0] + shift, b.exact[1] + shift)}:
        middle, after = (min(max(at, start), end) - start for at in (first, last))
        beside = slice(max(0, middle - _SEED), after + _SEED)
        if text[beside] != other_text[beside]:
            continue
        left = Postfix.similarity(text[:middle], other_text[:middle])
        right = Prefix.similarity(text[after:], other_text[after:])
        count = left + after - middle + right
        if count >= 2 * ENOUGH and min(left, right) >= _SEED:
            most = max(most, count)
    return most
