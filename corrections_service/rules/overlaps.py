"""Overlaps: two quotes of one article that overlap, with their context, fix each other's place without any offset."""

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
"""Folded characters in common that fix a place."""

_SEED = 12  # folded characters that are looked up
_TRIES = 6  # places where one seed occurs
_MOST_READ = 150_000  # characters of all others: 200 times the context and 150 that are highlighted

Stretch = tuple[int, int]
"""Where characters of a text begin and end."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A quote folded: its words in the text around them, where they stand in it, and what finds them."""

    whole: str
    quote: Stretch
    offsets: tuple[int, ...]  # of the beginning, the words, and what is beside them
    seeds: tuple[str, ...]  # the characters there


@lru_cache(maxsize=1024)
def see(quote: Quote) -> Seen:
    """Fold a quote, and take what finds it in another's text."""
    left, exact = fold(quote.prefix[-CONTEXT:]).text, fold(quote.exact[:LONGEST]).text
    whole, start, end = left + exact + fold(quote.suffix[:CONTEXT]).text, len(left), len(left + exact)
    last = max(0, len(whole) - _SEED)
    offsets = tuple({min(max(0, at), last) for at in (0, start - _SEED, start, end)})
    return Seen(whole, (start, end), offsets, tuple(whole[at : at + _SEED] for at in offsets))


def see_all(quotes: Sequence[Quote]) -> list[Seen]:
    """Fold the quotes until it is too much to read."""
    seen: list[Seen] = []
    read = 0
    for quote in quotes:
        one = see(quote)
        # Folding drops the invisible, and makes up to 18 characters of one.
        read += max(len(one.whole), len(quote.prefix) + len(quote.exact) + len(quote.suffix))
        if read > _MOST_READ:
            break
        seen.append(one)
    return seen


def has_words(seen: Seen) -> bool:
    """Whether any words are quoted."""
    return seen.quote[0] < seen.quote[1]


def shifts(a: Seen, b: Seen) -> tuple[list[int], int]:
    """How far b's text may have to move to lie on a's, and how many characters agree then."""
    if not _may_meet(a, b) and not _may_meet(b, a):
        return [], 0
    places = sorted(_places(b, a) | {-shift for shift in _places(a, b)})
    agreed = [_agreed(a, b, shift) for shift in places]
    most = max(agreed, default=0)
    return [shift for shift, count in zip(places, agreed, strict=True) if count == most > 0], most


def _may_meet(seen: Seen, other: Seen) -> bool:
    """Whether a seed of one stands in the other."""
    return any(seed in other.whole for seed in seen.seeds)


def those_near(mine: Seen, others: Sequence[Seen]) -> set[int]:
    """The indexes of the others that may meet one, looked up in all at once, and of those without words."""
    everything = "\n".join([its.whole for its in others])  # a line end is in no folded text
    starts = [0, *accumulate([len(its.whole) + 1 for its in others])]
    found: set[int] = set()
    for seed in mine.seeds:
        at = everything.find(seed)
        while at >= 0:
            index = bisect_right(starts, at) - 1
            found.add(index)
            at = everything.find(seed, starts[index + 1])
    whole = mine.whole
    pieces = {whole[at : at + _SEED] for at in range(len(whole) - _SEED + 1)}
    for index, its in enumerate(others):
        if not pieces.isdisjoint(its.seeds) or not has_words(its) or (len(its.whole) < _SEED and its.whole in whole):
            found.add(index)
    return found


def _places(seen: Seen, other: Seen) -> set[int]:
    """Where a sighting may lie in another's text: where a seed of it stands there."""
    found: set[int] = set()
    whole = other.whole
    for near, seed in zip(seen.offsets, seen.seeds, strict=True):
        at = -1
        for _ in range(_TRIES):
            at = whole.find(seed, at + 1)
            if at < 0:
                break
            found.add(at - near)
    return found


def _agreed(a: Seen, b: Seen, shift: int) -> int:
    """How many characters agree with b moved by so much; 0 if too few do.

    What both hold must agree as far as both go, or for long enough on both sides of the words of one.
    """
    start, end = max(0, shift), min(len(a.whole), len(b.whole) + shift)
    if start >= end:
        return 0
    mine, its = a.whole[start:end], b.whole[start - shift : end - shift]
    if mine == its:
        return end - start
    most = 0
    for first, last in {a.quote, (b.quote[0] + shift, b.quote[1] + shift)}:
        middle, after = (min(max(at, start), end) - start for at in (first, last))
        beside = slice(max(0, middle - _SEED), after + _SEED)
        if mine[beside] != its[beside]:
            continue
        left = Postfix.similarity(mine[:middle], its[:middle])
        right = Prefix.similarity(mine[after:], its[after:])
        agreed = left + after - middle + right
        if agreed >= 2 * ENOUGH and min(left, right) >= _SEED:
            most = max(most, agreed)
    return most
