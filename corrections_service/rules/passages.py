"""Passages: where in a text a remembered passage stands now, and what stands between its brackets.

Everything here is folded text (`rules/text.fold`). Brackets that stand unchanged are looked up; only where
that settles nothing is the passage searched by short seeds and aligned.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

ENOUGH = 16  # characters of context, about 20 with their spaces: with less nothing is concluded
NEAR = 40  # characters beside the words: the sentence rather than the page
SHORTEST_RUN = 4  # shorter agreements are chance

_LONGEST = 4_000  # characters of a passage that is aligned; longer ones are only looked up
_BRACKET = 20  # characters beside the words that are looked up
_SEED = 6
_REACH = 300  # how far two pieces of one passage may have moved apart
_STRETCHES = 3  # of the text that are compared closely
_FEWER = 4  # times fewer seeds than the best stretch has are chance
_OFTEN = 20  # places that are looked at; what stands more often than that tells nothing
_HITS = 2_000  # seeds of one passage that are looked at


@dataclass(frozen=True, slots=True)
class Passage:
    """The remembered words with the context on each side of them."""

    left: str
    words: str
    right: str

    @property
    def whole(self) -> str:
        """The words within their context."""
        return self.left + self.words + self.right

    @property
    def near(self) -> int:
        """The weight of the context close by."""
        return weight(self.left[-NEAR:]) + weight(self.right[:NEAR])

    @property
    def reach(self) -> int:
        """How much may stand between the brackets."""
        return 2 * len(self.words) + 2 * NEAR


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage may stand: what is between its brackets there, and what vouches for it.

    The gaps count remembered characters beside the words that are lost. `near` and `far` weigh what is left
    of each side's context, close by and in all; `known` is what both sides of near could be.
    """

    start: int
    end: int
    left_gap: int
    right_gap: int
    near: tuple[int, int]
    far: tuple[int, int]
    known: int

    @property
    def closed(self) -> bool:
        """Both brackets stand next to what is between them."""
        return not self.left_gap and not self.right_gap

    @property
    def vouched(self) -> bool:
        """Half of the context close by is still there."""
        return sum(self.near) >= max(ENOUGH, self.known / 2)

    @property
    def rank(self) -> tuple[bool, int]:
        """What tells the likelier of two places: the sentence first, then the page, then what is lost."""
        lost = min(self.left_gap + self.right_gap, NEAR)
        return self.vouched, 2 * sum(self.near) + sum(self.far) - lost


_IDEOGRAPHS = re.compile("[\u2e80-\U0010ffff]+")


def weight(text: str) -> int:
    """Return how much evidence a text is, in letters of an alphabet: an ideograph or a kana counts twice."""
    return len(text) + (0 if text.isascii() else sum(map(len, _IDEOGRAPHS.findall(text))))


def places(passages: Sequence[Passage], text: str) -> list[list[Place]]:
    """Return for each passage the places in the text that may be its own, the likeliest first.

    One reading of the text serves all; the work for each passage is bounded whatever the text repeats.
    """
    found = [_unchanged(passage, text) or _bracketed(passage, text) for passage in passages]
    open_ones = [number for number, known in enumerate(found) if not _is_settled(passages[number], known)]
    stretches = _stretches([passages[number].whole for number in open_ones], text)
    for number, bounds in zip(open_ones, stretches, strict=True):
        found[number] += [_aligned(passages[number], text, start, end) for start, end in bounds]
    return [sorted(set(known), key=lambda place: place.rank, reverse=True) for known in found]


def _is_settled(passage: Passage, found: Sequence[Place]) -> bool:
    """Tell whether looking further is vain: the only place, with most of its context; or too long a passage."""
    if len(passage.words) > _LONGEST:
        return True
    every = weight(passage.left) + weight(passage.right)
    return (len(found) == 1 and 3 * sum(found[0].far) >= 2 * every) or any(sum(place.far) == every for place in found)


def _unchanged(passage: Passage, text: str) -> list[Place]:
    """Return the places where nothing changed at all, context included."""
    starts = (at + len(passage.left) for at in _every(passage.whole, text))
    return [_at(passage, text, start, start + len(passage.words)) for start in starts]


def _bracketed(passage: Passage, text: str) -> list[Place]:
    """Return the places between whose unchanged brackets little enough stands, wherever they moved."""
    left, right = passage.left[-_BRACKET:], passage.right[:_BRACKET]
    if weight(left) + weight(right) < ENOUGH:
        return []
    found = []
    if weight(right) >= weight(left):
        for end in _every(right, text):
            at = text.rfind(left, max(0, end - passage.reach), end) if left else max(0, end - passage.reach)
            found += [_at(passage, text, at + len(left), end)] if at >= 0 else []
    else:
        for start in (at + len(left) for at in _every(left, text)):
            end = text.find(right, start, start + passage.reach) if right else min(len(text), start + passage.reach)
            found += [_at(passage, text, start, end)] if end >= 0 else []
    return found


def _every(needle: str, text: str) -> Iterator[int]:
    at = text.find(needle) if needle else -1
    for _ in range(_OFTEN):
        if at < 0:
            return
        yield at
        at = text.find(needle, at + 1)


def _at(passage: Passage, text: str, start: int, end: int) -> Place:
    """Return a place whose brackets are known, with the context that agrees there."""
    before = text[max(0, start - len(passage.left) - NEAR) : start]
    behind = text[end : end + len(passage.right) + NEAR]
    left = passage.left[len(passage.left) - _shared_end(passage.left, before) :]
    right = passage.right[: _shared_start(passage.right, behind)]
    far = (
        weight(left) if left == passage.left else sum(weight(run) for run in _shared(passage.left, before)),
        weight(right) if right == passage.right else sum(weight(run) for run in _shared(passage.right, behind)),
    )
    return Place(start, end, 0, 0, (weight(left[-NEAR:]), weight(right[:NEAR])), far, passage.near)


def _shared(one: str, other: str) -> Iterator[str]:
    return (one[low:high] for low, high, _ in _runs(one, other))


def _shared_start(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def _shared_end(one: str, other: str) -> int:
    return _shared_start(one[::-1], other[: -len(one) - 1 : -1])


def _stretches(wholes: Sequence[str], text: str) -> list[list[tuple[int, int]]]:
    """Return for each passage the stretches of the text that share most with it, found by short seeds."""
    wanted: dict[str, dict[int, int]] = {}
    for number, whole in enumerate(wholes):
        for at in range(len(whole) - _SEED + 1):
            wanted.setdefault(whole[at : at + _SEED], {}).setdefault(number, at)
    hits: list[list[int]] = [[] for _ in wholes]
    # In a long text every sixth character starts a seed: what agrees over 11 characters is always met.
    for at in range(0, len(text) - _SEED + 1 if wanted else 0, min(_SEED, 1 + len(text) // 20_000)):
        for number, offset in wanted.get(text[at : at + _SEED], {}).items():
            if len(hits[number]) < _HITS:
                hits[number].append(at - offset)
    return [list(_densest(sorted(found), len(whole), len(text))) for found, whole in zip(hits, wholes, strict=True)]


def _densest(shifts: list[int], length: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of text where most seeds agree on where the passage would start."""
    most = 0
    for _ in range(_STRETCHES):
        last = [bisect_left(shifts, shift + _REACH) for shift in shifts]
        first = max(range(len(shifts)), key=lambda at: last[at] - at, default=0)
        if not shifts or _FEWER * (last[first] - first) < most:
            return
        most = max(most, last[first] - first)
        low, high = shifts[first], shifts[last[first] - 1]
        yield max(0, low - NEAR), min(end, high + length + NEAR)
        shifts = shifts[:first] + shifts[last[first] :]


def _aligned(passage: Passage, text: str, start: int, end: int) -> Place:
    """Align the passage with a stretch of text, and see where its brackets stand now."""
    whole, stretch = passage.whole, text[start:end]
    border, after = len(passage.left), len(passage.left) + len(passage.words)
    runs = _runs(whole, stretch)
    lefts = [(low, min(high, border), at) for low, high, at in runs if low < border]
    rights = [(max(low, after), high, at + max(low, after) - low) for low, high, at in runs if high > after]
    left_end, left_at = (lefts[-1][1], lefts[-1][2] + lefts[-1][1] - lefts[-1][0]) if lefts else (0, 0)
    right_start, right_at = (rights[0][0], rights[0][2]) if rights else (len(whole), len(stretch))
    # Context that has drifted away from the words is context of the page, no longer of the sentence.
    near_left = [
        weight(whole[max(low, border - NEAR) : high])
        for low, high, at in lefts
        if high > border - NEAR and (left_at - at) - (left_end - low) < NEAR / 2
    ]
    near_right = [
        weight(whole[low : min(high, after + NEAR)])
        for low, high, at in rights
        if low < after + NEAR and (at - right_at) - (low - right_start) < NEAR / 2
    ]
    place = Place(
        start=start + min(left_at, right_at),
        end=start + right_at,
        left_gap=border - left_end,
        right_gap=right_start - after,
        near=(sum(near_left), sum(near_right)),
        far=(
            sum(weight(whole[low:high]) for low, high, _ in lefts),
            sum(weight(whole[low:high]) for low, high, _ in rights),
        ),
        known=passage.near,
    )
    return _snapped(passage, text, place)


def _snapped(passage: Passage, text: str, place: Place) -> Place:
    """Close one open bracket where its very words stand within reach of the other, closed one.

    Alignment alone is content with words of the same letters further away.
    """
    for length in (16, 12, 8, 5):
        if place.left_gap and not place.right_gap:
            left = passage.left[-length:]
            at = text.rfind(left, max(0, place.end - passage.reach), place.end)
            if at >= 0:
                near = max(place.near[0], weight(left)), place.near[1]
                return replace(place, start=at + len(left), left_gap=0, near=near)
        if place.right_gap and not place.left_gap:
            right = passage.right[:length]
            at = text.find(right, place.start, place.start + passage.reach)
            if at >= 0:
                return replace(place, end=at, right_gap=0, near=(place.near[0], max(place.near[1], weight(right))))
    return place


def _runs(one: str, other: str) -> list[tuple[int, int, int]]:
    """Return what two texts share in order, as (start, end, start in the other), each run at its longest."""
    runs: list[tuple[int, int, int]] = []
    for step in Indel.opcodes(one, other):
        low, high, at = step.src_start, step.src_end, step.dest_start
        if step.tag == "equal" and weight(one[low:high]) >= SHORTEST_RUN:
            back = _shared_end(one[runs[-1][1] if runs else 0 : low], other[:at])
            ahead = _shared_start(one[high:], other[at + high - low :])
            runs.append((low - back, high + ahead, at - back))
    return runs
