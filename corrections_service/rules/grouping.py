"""Whether two reports are about the same error: by what is changed, and where; not by what is highlighted.

Two quotes of one article that overlap, with their context, fix each other's place without any offset. Then
the changed words are compared as stretches of that common text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corrections_service.rules import changes
from corrections_service.rules.quotes import CONTEXT, Quote
from corrections_service.rules.text import fold

LONGEST = 12_000
"""Code points of the quoted words and of the suggestion that are looked at."""

_FINGERPRINT_CONTEXT = 24  # folded characters on either side
_SEED = 12  # folded characters that are looked up
_MOST_PIECES = 64
_TRIES = 24  # places where seeds occur
_ENOUGH = 16  # folded characters in common that fix a place
_APART = 6  # folded characters unchanged between two changes of one report that make them two
_A_WORD = 12  # folded characters
_FEW_WORDS = 30  # folded characters of a highlight that can hold little more than one error
_NEARLY_ALL = 0.8  # of two highlights together, to be the same passage

Stretch = tuple[int, int]


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


@dataclass(frozen=True, slots=True)
class _Seen:
    """A quote folded: its words in the text around them, where they stand in it, and what finds them."""

    whole: str
    quote: Stretch
    seeds: tuple[tuple[int, str], ...]  # the beginning, the words, and what is beside them, each with its offset


@dataclass(frozen=True, slots=True)
class _Marked:
    """What a reader highlights and changes, as stretches of the text that two sightings have in common."""

    quote: Stretch
    changed: tuple[Stretch, ...]  # in order; none without a suggestion


def same_error(one: Sighting, other: Sighting) -> Match:
    """Say whether two sightings in one article are the same error; case, spacing and marks play no part.

    The same change with other words highlighted is the same; another change in overlapping highlights is
    different, and so are the same words at another place. "unsure" where the changes only touch, the context
    is too short to fix the place, or nobody said what should change. Linear, but for a bounded diff.
    """
    a, b = _see(one.quote), _see(other.quote)
    alike = a == b and fold(one.suggestion[:LONGEST]).text == fold(other.suggestion[:LONGEST]).text
    if not _has_words(a) or not _has_words(b):
        if alike and (a.whole or fold(one.suggestion[:LONGEST]).text):
            return Match(Verdict.SAME, "the same report")
        return Match(Verdict.UNSURE, "no words are quoted")
    if alike and len(a.whole) >= _ENOUGH:
        return Match(Verdict.SAME, "the same change of the same words at the same place")
    shifts, common = _shifts(a, b)
    if not shifts:
        return Match(Verdict.DIFFERENT, "another place in the article")
    mine = _mark(one, 0)
    found = [_compare(mine, _mark(other, shift)) for shift in shifts]
    if len({match.verdict for match in found}) > 1:
        return Match(Verdict.UNSURE, "the text around the words repeats itself")
    if common < _ENOUGH and found[0].verdict is Verdict.SAME:
        return Match(Verdict.UNSURE, "the same words, but too little context to tell the place")
    return found[0]


def rank(sighting: Sighting, others: Sequence[Sighting], limit: int = 200) -> list[tuple[int, Match]]:
    """Compare with at most `limit` others: their indexes and matches, the same first, then the unsure."""
    order = [Verdict.SAME, Verdict.UNSURE, Verdict.DIFFERENT]
    found = [(index, same_error(sighting, other)) for index, other in enumerate(others[:limit])]
    return sorted(found, key=lambda pair: order.index(pair[1].verdict))


def fingerprint(quote: Quote) -> str:
    """A key that is equal for reports of exactly the same passage, up to folding; 32 hexadecimal digits.

    The passage is the quoted words with the nearest 24 folded characters on either side.
    """
    left, words, right = (fold(part).text for part in (quote.prefix, quote.exact, quote.suffix))
    passage = left[-_FINGERPRINT_CONTEXT:], words, right[:_FINGERPRINT_CONTEXT]
    return hashlib.sha256("\n".join(passage).encode("utf-8", "replace")).hexdigest()[:32]


@lru_cache(maxsize=1024)
def _see(quote: Quote) -> _Seen:
    left, words = fold(quote.prefix[-CONTEXT:]).text, fold(quote.exact[:LONGEST]).text
    whole, start, end = left + words + fold(quote.suffix[:CONTEXT]).text, len(left), len(left + words)
    offsets = dict.fromkeys((0, max(0, start - _SEED), start, end))
    return _Seen(whole, (start, end), tuple((at, whole[at : at + _SEED]) for at in offsets if at < len(whole)))


def _mark(sighting: Sighting, shift: int) -> _Marked:
    """Mark what is highlighted and what is changed, moved by so much."""
    start, end = (at + shift for at in _see(sighting.quote).quote)
    stretches = _changed(sighting.quote.exact[:LONGEST], sighting.suggestion[:LONGEST])
    return _Marked((start, end), tuple((start + at, start + to) for at, to in stretches))


@lru_cache(maxsize=1024)
def _changed(exact: str, suggestion: str) -> list[Stretch]:
    """Return the stretches of the folded words that a suggestion changes; an insertion is an empty one."""
    stretches: list[Stretch] = []
    at = 0
    pieces = changes.diff(" ".join(exact.split()), " ".join(suggestion.split())) if suggestion.strip() else ()
    if len(pieces) > _MOST_PIECES:  # another text rather than an edit
        return [(0, len(fold(exact).text))]
    for piece in pieces:
        end = at + len(fold(piece.before).text)
        if piece.op != "equal":
            if stretches and at - stretches[-1][1] < _APART:
                stretches[-1] = stretches[-1][0], end
            else:
                stretches.append((at, end))
        at = end
    return stretches


def _has_words(seen: _Seen) -> bool:
    return seen.quote[0] < seen.quote[1]


def _shifts(a: _Seen, b: _Seen) -> tuple[list[int], int]:
    """Return how far b's text may have to move to lie on a's, and how many characters agree then."""
    if not _may_meet(a, b) and not _may_meet(b, a):
        return [], 0
    tries = {shift: _agreed(a, b, shift) for shift in _places(b, a)}
    for shift in _places(a, b):
        tries[-shift] = max(tries.get(-shift, 0), _agreed(b, a, shift))
    most = max(tries.values(), default=0)
    return [shift for shift, agreed in tries.items() if agreed == most > 0], most


def _may_meet(seen: _Seen, other: _Seen) -> bool:
    """Tell whether a seed of one stands in the other; asked of every case of an article, mostly in vain."""
    whole = other.whole
    for _, seed in seen.seeds:  # noqa: SIM110 - twice as fast as any()
        if seed in whole:
            return True
    return False


def _places(seen: _Seen, other: _Seen) -> set[int]:
    """Return where a sighting may lie in another's text: where a seed of it stands there."""
    found: set[int] = set()
    whole = other.whole
    for near, seed in seen.seeds:
        at = whole.find(seed)
        while at >= 0 and len(found) < _TRIES:
            found.add(at - near)
            at = whole.find(seed, at + 1)
    return found


def _agreed(a: _Seen, b: _Seen, shift: int) -> int:
    """Return how many characters agree around b's words, with b moved by so much; 0 if too few do.

    What both hold must agree as far as both go, or for long enough on both sides of the words.
    """
    start, end = max(0, shift), min(len(a.whole), len(b.whole) + shift)
    if start >= end:
        return 0
    mine, its = a.whole[start:end], b.whole[start - shift : end - shift]
    if mine == its:
        return end - start
    middle = min(max(b.quote[0] + shift, start), end) - start
    after = min(max(b.quote[1] + shift, start), end) - start
    if mine[middle:after] != its[middle:after]:
        return 0
    left = _length_in_common(mine[:middle][::-1], its[:middle][::-1])
    right = _length_in_common(mine[after:], its[after:])
    agreed = left + after - middle + right
    return agreed if agreed >= 2 * _ENOUGH and min(left, right) >= _SEED else 0


def _length_in_common(one: str, other: str) -> int:
    return next((at for at, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))


def _compare(a: _Marked, b: _Marked) -> Match:
    """Compare what is changed in one common text."""
    if a.changed and b.changed:
        return _compare_changes(a, b)
    if not a.changed and not b.changed:
        return _compare_quotes(a.quote, b.quote)
    changed, bare = (a, b) if a.changed else (b, a)
    meeting = {_meeting(stretch, bare.quote) for stretch in changed.changed}
    if meeting == {"apart"}:
        return Match(Verdict.DIFFERENT, "other words are highlighted")
    if a.quote == b.quote or (meeting == {"overlap"} and bare.quote[1] - bare.quote[0] <= _FEW_WORDS):
        return Match(Verdict.SAME, "the highlighted words are the ones that the other reader changes")
    return Match(Verdict.UNSURE, "the highlighted words hold the other reader's change among others")


def _compare_changes(a: _Marked, b: _Marked) -> Match:
    met = {(one, other): _meeting(one, other) for one in a.changed for other in b.changed}
    if "overlap" not in met.values():
        if "touch" in met.values():
            return Match(Verdict.UNSURE, "the changes are side by side")
        if _meeting(a.quote, b.quote) == "overlap" and any(_is_beside_insertion(*pair) for pair in met):
            return Match(Verdict.UNSURE, "words are put in a word away from the other change")
        return Match(Verdict.DIFFERENT, "other words are changed")
    alone = [
        stretch
        for stretch in (*a.changed, *b.changed)
        if not any(stretch in pair and meeting == "overlap" for pair, meeting in met.items())
    ]
    if alone:
        return Match(Verdict.UNSURE, "one of the two changes more than the other")
    return Match(Verdict.SAME, "the same words are changed")


def _is_beside_insertion(one: Stretch, other: Stretch) -> bool:
    """Tell whether one change is an insertion, which has no words of its own, a word from the other."""
    return (one[0] == one[1] or other[0] == other[1]) and max(one[0], other[0]) - min(one[1], other[1]) <= _A_WORD


def _compare_quotes(one: Stretch, other: Stretch) -> Match:
    meeting = _meeting(one, other)
    if meeting == "apart":
        return Match(Verdict.DIFFERENT, "other words are highlighted")
    shared = min(one[1], other[1]) - max(one[0], other[0])
    together = max(one[1], other[1]) - min(one[0], other[0])
    if shared >= _NEARLY_ALL * together:
        return Match(Verdict.SAME, "the same words are highlighted")
    return Match(Verdict.UNSURE, "the highlights overlap, and nobody says what should change")


def _meeting(one: Stretch, other: Stretch) -> str:
    """Say how two stretches lie: overlap, touch or apart. An insertion overlaps what it is within."""
    first, second = sorted((one, other))
    if (
        one == other
        or first[0] < second[0] < first[1]
        or (first[0] == second[0] and second[0] < min(first[1], second[1]))
    ):
        return "overlap"
    return "touch" if max(one[0], other[0]) <= min(one[1], other[1]) else "apart"
