"""Whether two reports are about the same error: by what is changed, and where; not by what is highlighted.

Two quotes of one article that overlap, with their context, fix each other's place without any offset. Then
the changed words are compared as stretches of that common text.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter

from rapidfuzz.distance import Postfix, Prefix

from corrections_service.rules import changes
from corrections_service.rules.quotes import CONTEXT, Quote, Sighting, sentence_around
from corrections_service.rules.text import fold, words

LONGEST = 12_000
"""Code points of the quoted words and of the suggestion that are looked at."""

_SEED = 12  # folded characters that are looked up
_MOST_PIECES = 64
_TRIES = 6  # places where one seed occurs
_ENOUGH = 16  # folded characters in common that fix a place
_APART = 6  # folded characters unchanged between two changes of one report that make them two
_A_WORD = 12  # folded characters
_FEW_WORDS = 30  # folded characters of a highlight that can hold little more than one error
_NEARLY_ALL = 0.8  # of two highlights together, to be the same passage
_RECAST, _A_TENTH = 3, 10  # words changed, and their share of the sentence: no longer a slip that is put right
_MOST_READ = 150_000  # characters of all others: 200 times the context and 150 that are highlighted
_MOST_COMPARED = 2 * LONGEST  # highlighted and suggested characters of those others that are near
_MARKS = " .!?…。！？'\"’”»)]」』）"

Stretch = tuple[int, int]

__all__ = [
    "LONGEST",
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """A quote folded: its words in the text around them, where they stand in it, and what finds them."""

    whole: str
    quote: Stretch
    offsets: tuple[int, ...]  # of the beginning, the words, and what is beside them
    seeds: tuple[str, ...]  # the characters there


@dataclass(frozen=True, slots=True)
class _Marked:
    """What a reader highlights and changes, as stretches of the text that two sightings have in common."""

    sighting: Sighting
    shift: int  # from its own text to the common one
    quote: Stretch
    changed: tuple[Stretch, ...]  # in order; none without a suggestion


_ELSEWHERE = Match(Verdict.DIFFERENT, "another place in the article")


def same_error(one: Sighting, other: Sighting) -> Match:
    """Say whether two sightings in one article are the same error; case, spacing and marks play no part.

    The same change with other words highlighted is the same; another change in overlapping highlights is
    different, and so are the same words at another place. "unsure" where the changes only touch, one reader
    recasts the sentence of the other's change, the context is too short to fix the place, or nobody said what
    should change. Linear, but for a bounded diff.
    """
    a, b = _see(one.quote), _see(other.quote)
    alike = a == b and same_wish(one, other)
    if not _has_words(a) or not _has_words(b):
        if alike and (a.whole or fold(one.suggestion[:LONGEST]).text):
            return Match(Verdict.SAME, "the same report")
        return Match(Verdict.UNSURE, "no words are quoted")
    if alike and len(a.whole) >= _ENOUGH:
        return Match(Verdict.SAME, "the same change of the same words at the same place")
    shifts, common = _shifts(a, b)
    if not shifts:
        return _ELSEWHERE
    mine = _mark(one, 0)
    found = [_compare(mine, _mark(other, shift)) for shift in shifts]
    if len({match.verdict for match in found}) > 1:
        return Match(Verdict.UNSURE, "the text around the words repeats itself")
    if common < _ENOUGH and found[0].verdict is Verdict.SAME:
        return Match(Verdict.UNSURE, "the same words, but too little context to tell the place")
    return found[0]


def same_wish(one: Sighting, other: Sighting) -> bool:
    """Whether two readers want the same words there, or the words gone; case, spacing and marks play no part."""
    asked = [(wish.remove, fold(wish.suggestion[:LONGEST]).text) for wish in (one, other)]
    return asked[0] == asked[1]


def stands_doubled(quote: Quote) -> bool:
    """Whether the words stand a second time right beside themselves."""
    end = len(fold(quote.exact[:LONGEST]).text)
    return _doubled(quote, 0, end, changes.Piece("delete", quote.exact[:LONGEST], "")) != (0, end)


def rank(sighting: Sighting, others: Sequence[Sighting], limit: int = 200) -> list[tuple[int, Match]]:
    """Compare with at most `limit` others: their indexes and matches, the same first, then the unsure.

    Many others that are long are not all compared: no more than 150,000 characters are read, and of those at
    the same place no more than 24,000 compared word by word.
    """
    mine = _see(sighting.quote)
    seen = _read([other.quote for other in others[:limit]])
    near = _near(mine, seen) if _has_words(mine) else set(range(len(seen)))
    found: dict[Verdict, list[tuple[int, Match]]] = {Verdict.SAME: [], Verdict.UNSURE: [], Verdict.DIFFERENT: []}
    compared = 0
    for index in sorted(near):
        other = others[index]
        compared += len(other.quote.exact[:LONGEST]) + len(other.suggestion[:LONGEST])
        if compared <= _MOST_COMPARED:
            match = same_error(sighting, other)
            found[match.verdict].append((index, match))
    elsewhere = [(index, _ELSEWHERE) for index in range(len(seen)) if index not in near]
    different = sorted(found[Verdict.DIFFERENT] + elsewhere, key=itemgetter(0))
    return found[Verdict.SAME] + found[Verdict.UNSURE] + different


def fingerprint(quote: Quote) -> str:
    """A key that is equal for reports of exactly the same passage, up to folding; 32 hexadecimal digits.

    The passage is the quoted words with all their context: a sentence may stand twice in an article.
    """
    passage = (fold(part).text for part in (quote.prefix, quote.exact, quote.suffix))
    return hashlib.sha256("\n".join(passage).encode("utf-8", "replace")).hexdigest()[:32]


@lru_cache(maxsize=1024)
def _see(quote: Quote) -> _Seen:
    left, exact = fold(quote.prefix[-CONTEXT:]).text, fold(quote.exact[:LONGEST]).text
    whole, start, end = left + exact + fold(quote.suffix[:CONTEXT]).text, len(left), len(left + exact)
    last = max(0, len(whole) - _SEED)
    offsets = tuple({min(max(0, at), last) for at in (0, start - _SEED, start, end)})
    return _Seen(whole, (start, end), offsets, tuple(whole[at : at + _SEED] for at in offsets))


def _read(quotes: Sequence[Quote]) -> list[_Seen]:
    """Fold the quotes until it is too much to read."""
    seen: list[_Seen] = []
    read = 0
    for quote in quotes:
        one = _see(quote)
        # Folding drops the invisible, and makes up to 18 characters of one.
        read += max(len(one.whole), len(quote.prefix) + len(quote.exact) + len(quote.suffix))
        if read > _MOST_READ:
            break
        seen.append(one)
    return seen


def _mark(sighting: Sighting, shift: int) -> _Marked:
    """Mark what is highlighted and what is changed, moved by so much."""
    start, end = (at + shift for at in _see(sighting.quote).quote)
    return _Marked(sighting, shift, (start, end), tuple((start + at, start + to) for at, to in _changed(sighting)))


@lru_cache(maxsize=1024)
def _pieces(sighting: Sighting) -> tuple[changes.Piece, ...]:
    exact, suggestion = (
        " ".join(unicodedata.normalize("NFC", side[:LONGEST]).split())
        for side in (sighting.quote.exact, sighting.suggestion)
    )
    return changes.diff(exact, suggestion) if suggestion or sighting.remove else ()


@lru_cache(maxsize=1024)
def _changed(sighting: Sighting) -> list[Stretch]:
    """Return the stretches of the folded words that a suggestion changes; an insertion is an empty one."""
    stretches: list[Stretch] = []
    at = 0
    pieces = _pieces(sighting)
    if len(pieces) > _MOST_PIECES:  # another text rather than an edit
        return [(0, len(fold(sighting.quote.exact[:LONGEST]).text))]
    for piece in pieces:
        end = at + len(fold(piece.before).text)
        if piece.op != "equal":
            first, last = _doubled(sighting.quote, at, end, piece)
            if stretches and first - stretches[-1][1] < _APART:
                stretches[-1] = min(first, stretches[-1][0]), last
            else:
                stretches.append((first, last))
        at = end
    return stretches


def _doubled(quote: Quote, start: int, end: int, piece: changes.Piece) -> Stretch:
    """Return the stretch of a change: words to take out that stand twice are both, as either of them may go."""
    if piece.op != "delete" or not piece.before.strip():
        return start, end
    exact = fold(quote.exact[:LONGEST])
    left, right = exact.span(start, start)[0], exact.span(end, end)[0]
    gone = _spoken(piece.before)
    length = sum(map(len, gone))
    before = _spoken(quote.prefix[-CONTEXT:] + exact.original[:left])
    after = _spoken(exact.original[right:] + quote.suffix[:CONTEXT])
    while before[-len(gone) :] == gone:
        del before[-len(gone) :]
        start -= length
    while after[: len(gone)] == gone:
        del after[: len(gone)]
        end += length
    return start, end


def _spoken(value: str) -> list[str]:
    """Return the folded words and marks of a text."""
    return [folded for word in words(value) if (folded := fold(word).text)]


@lru_cache(maxsize=1024)
def _recast(sighting: Sighting) -> Stretch:
    """Return the sentence that a reader writes anew, or an empty stretch: a tenth of its words, and three, change."""
    changed = [piece for piece in _pieces(sighting) if piece.op != "equal"]
    count = max(_words(" ".join(piece.before for piece in changed)), _words(" ".join(piece.after for piece in changed)))
    if count < _RECAST:
        return 0, 0
    quote = sighting.quote
    exact = quote.exact[:LONGEST]
    middle = exact.rstrip(_MARKS)  # a full stop that is highlighted ends the sentence all the same
    suffix = exact[len(middle) :] + quote.suffix[:CONTEXT]
    left, _, right = sentence_around(Quote(middle, quote.prefix[-CONTEXT:], suffix))
    if count * _A_TENTH < _words(left + middle + right):
        return 0, 0
    start, _ = _see(quote).quote
    return start - len(fold(left).text), start + len(fold(middle + right).text)


def _words(value: str) -> int:
    return sum(word[0].isalnum() for word in words(value))


def _has_words(seen: _Seen) -> bool:
    return seen.quote[0] < seen.quote[1]


def _shifts(a: _Seen, b: _Seen) -> tuple[list[int], int]:
    """Return how far b's text may have to move to lie on a's, and how many characters agree then."""
    if not _may_meet(a, b) and not _may_meet(b, a):
        return [], 0
    places = sorted(_places(b, a) | {-shift for shift in _places(a, b)})
    agreed = [_agreed(a, b, shift) for shift in places]
    most = max(agreed, default=0)
    return [shift for shift, count in zip(places, agreed, strict=True) if count == most > 0], most


def _may_meet(seen: _Seen, other: _Seen) -> bool:
    """Tell whether a seed of one stands in the other."""
    return any(seed in other.whole for seed in seen.seeds)


def _near(mine: _Seen, others: Sequence[_Seen]) -> set[int]:
    """Return the indexes of the others that may meet one, looked up in all at once, and of those without words."""
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
        if not pieces.isdisjoint(its.seeds) or not _has_words(its) or (len(its.whole) < _SEED and its.whole in whole):
            found.add(index)
    return found


def _places(seen: _Seen, other: _Seen) -> set[int]:
    """Return where a sighting may lie in another's text: where a seed of it stands there."""
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


def _agreed(a: _Seen, b: _Seen, shift: int) -> int:
    """Return how many characters agree with b moved by so much; 0 if too few do.

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
        if agreed >= 2 * _ENOUGH and min(left, right) >= _SEED:
            most = max(most, agreed)
    return most


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
        if _recasts(a, b) or _recasts(b, a):
            return Match(Verdict.UNSURE, "one of the two recasts the sentence of the other's change")
        return Match(Verdict.DIFFERENT, "other words are changed")
    alone = [
        stretch
        for stretch in (*a.changed, *b.changed)
        if not any(stretch in pair and meeting == "overlap" for pair, meeting in met.items())
    ]
    if alone:
        return Match(Verdict.UNSURE, "one of the two changes more than the other")
    return Match(Verdict.SAME, "the same words are changed")


def _recasts(one: _Marked, other: _Marked) -> bool:
    """Tell whether one writes a sentence anew in which the other changes something."""
    start, end = (at + one.shift for at in _recast(one.sighting))
    return any(start <= first and last <= end and start < end for first, last in other.changed)


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
