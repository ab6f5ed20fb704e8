"""Passages: where in a text a remembered passage stands now, and what stands between its brackets.

Everything here is folded text (`rules/text.fold`). Pieces of it are sown once, by which brackets that stand
unchanged are looked up; only where that settles nothing is the passage aligned with what shares its pieces.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice

from rapidfuzz.distance import Indel

ENOUGH = 16  # characters of context, about 20 with their spaces: with less nothing is concluded
NEAR = 40  # characters beside the words: the sentence rather than the page
SHORTEST_RUN = 4  # shorter agreements are chance

_LONGEST = 4_000  # characters of a passage that is aligned; longer ones are only looked up
_BRACKET = 20  # characters beside the words that are looked up
_REACH = 300  # how far two pieces of one passage may have moved apart
_STRETCHES = 3  # of the text that are compared closely
_FEWER = 4  # times fewer seeds than the best stretch has are chance
_OFTEN = 20  # occurrences that are looked at; what stands more often than that tells nothing
_MOST = 50_000  # seeds of one text
_RARE = 5  # times that a seed may stand in the text to tell something
_HITS = 2_000  # seeds of one passage that are looked at
_SHORT = 20_000  # characters of a text in which many brackets are found sooner than its seeds are sown


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
class Candidate:
    """Where a passage may stand now: what is between its brackets there, and what vouches for it.

    The gaps count remembered characters beside the words that are lost. `near` and `far` weigh what is left
    of each side's context, close by and in all; `remembered` is what both sides of near could be.
    """

    start: int
    end: int
    left_gap: int
    right_gap: int
    near: tuple[int, int]
    far: tuple[int, int]
    remembered: int

    @property
    def closed(self) -> bool:
        """Both brackets stand next to what is between them."""
        return not self.left_gap and not self.right_gap

    @property
    def vouched(self) -> bool:
        """Half of the context close by is still there."""
        return sum(self.near) >= max(ENOUGH, self.remembered / 2)

    @property
    def rank(self) -> tuple[bool, int]:
        """What tells the likelier of two: the sentence first, then the page, then what is lost."""
        lost = min(self.left_gap + self.right_gap, NEAR)
        return self.vouched, 2 * sum(self.near) + sum(self.far) - lost


_IDEOGRAPHS = re.compile("[\u2e80-\U0010ffff]+")


def weight(text: str) -> int:
    """How much evidence a text is, in letters of an alphabet: an ideograph or a kana counts twice."""
    return len(text) + (0 if text.isascii() else sum(map(len, _IDEOGRAPHS.findall(text))))


def find_candidates(passages: Sequence[Passage], text: str) -> list[list[Candidate]]:
    """The candidates for each passage in the text, the likeliest first.

    One reading of the text serves all; the work for each passage is bounded whatever the text repeats.
    """
    by_passage = [_unchanged(passage, text) or _bracketed(passage, text) for passage in passages]
    for seeds in (_coarse, _fine):
        for passage, candidates in zip(passages, by_passage, strict=True):
            if not _is_settled(passage, candidates):
                for start, end in _stretches(passage.whole, seeds(text)):
                    candidates += _compared(passage, text, start, end)
    return [sorted(set(candidates), key=lambda candidate: candidate.rank, reverse=True) for candidates in by_passage]


def _is_settled(passage: Passage, candidates: Sequence[Candidate]) -> bool:
    """Whether looking further is vain: one candidate has most of the context; or the passage is too long."""
    if len(passage.words) > _LONGEST:
        return True
    second, best = sorted([0, 0, *(sum(candidate.far) for candidate in candidates)])[-2:]
    whole = weight(passage.left) + weight(passage.right)
    return 0 < whole == best or (3 * best >= 2 * whole and 2 * second <= best)


def _unchanged(passage: Passage, text: str) -> list[Candidate]:
    """The first candidate where nothing changed at all, context included; of such, none is better."""
    near = weight(passage.left[-NEAR:]), weight(passage.right[:NEAR])
    far = weight(passage.left), weight(passage.right)
    starts = [at + len(passage.left) for at in _every(passage.whole, text)[:1]]
    return [Candidate(start, start + len(passage.words), 0, 0, near, far, sum(near)) for start in starts]


def _bracketed(passage: Passage, text: str) -> list[Candidate]:
    """The candidates between whose unchanged brackets little enough stands, wherever they moved."""
    left, right = passage.left, passage.right
    if weight(left[-_BRACKET:]) + weight(right[:_BRACKET]) < ENOUGH:
        return []
    whole = list(_between(passage, text, left, right)) if left and right else []
    if whole:
        return whole  # where all of the context stands on both sides, no other candidate is better
    length = max(_BRACKET, _coarse(text).shortest)
    candidates = list(_between(passage, text, left[-length:], right[:_BRACKET]))
    if not _is_settled(passage, candidates):
        candidates += _between(passage, text, left[-_BRACKET:], right[:length])
    return list(dict.fromkeys(candidates))


def _between(passage: Passage, text: str, left: str, right: str) -> Iterator[Candidate]:
    """The candidates between two brackets: the heavier one is looked up, the other within its reach."""
    if weight(right) >= weight(left):
        for end in _every(right, text):
            first = max(0, end - passage.reach)
            start = text.rfind(left, max(0, first - len(left)), end) + len(left) if left else first
            if start >= len(left):
                yield _at(passage, text, start, end)
    else:
        for start in (at + len(left) for at in _every(left, text)):
            last = min(len(text), start + passage.reach)
            end = text.find(right, start, last + len(right)) if right else last
            if end >= 0:
                yield _at(passage, text, start, end)


def _every(needle: str, text: str) -> Sequence[int]:
    """Where a needle stands first; in a long text by its seeds, where the needle is long enough."""
    seeds, starts, count = _coarse(text), list[int](), 0
    if len(text) > _SHORT and len(needle) >= seeds.shortest:
        for offset in range(seeds.stride):
            if hits := seeds.starts.get(needle[offset : offset + seeds.length]):
                count += len(hits)
                if count > _HITS:
                    break
                starts += [at - offset for at in hits if at >= offset and text.startswith(needle, at - offset)]
        else:
            return sorted(starts)[:_OFTEN]
    return list(islice(_search(needle, text), _OFTEN))


def _search(needle: str, text: str) -> Iterator[int]:
    at = text.find(needle) if needle else -1
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)


def _at(passage: Passage, text: str, start: int, end: int) -> Candidate:
    """The candidate between these brackets, with the context that agrees there."""
    before = text[max(0, start - len(passage.left) - NEAR) : start]
    behind = text[end : end + len(passage.right) + NEAR]
    left = passage.left[len(passage.left) - _shared_end(passage.left, before) :]
    right = passage.right[: _shared_start(passage.right, behind)]
    far = (
        weight(left) if left == passage.left else sum(weight(run) for run in _shared(passage.left, before)),
        weight(right) if right == passage.right else sum(weight(run) for run in _shared(passage.right, behind)),
    )
    return Candidate(start, end, 0, 0, (weight(left[-NEAR:]), weight(right[:NEAR])), far, passage.near)


def _shared(text: str, other: str) -> Iterator[str]:
    return (text[low:high] for low, high, _ in _runs(text, other))


def _shared_start(text: str, other: str) -> int:
    if not text or not other or text[0] != other[0]:
        return 0
    if other.startswith(text):
        return len(text)
    low, high = 0, min(len(text), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def _shared_end(text: str, other: str) -> int:
    if not text or not other or text[-1] != other[-1]:
        return 0
    return _shared_start(text[::-1], other[: -len(text) - 1 : -1])


@dataclass(frozen=True)
class _Seeds:
    """Where pieces of a text stand that begin at every so many characters."""

    text: str
    length: int
    stride: int

    @cached_property
    def starts(self) -> dict[str, list[int]]:
        """Where each piece stands: sown when it is first asked for, which of most short texts nobody does."""
        starts: dict[str, list[int]] = {}
        for at in range(0, len(self.text) - self.length + 1, self.stride):
            starts.setdefault(self.text[at : at + self.length], []).append(at)
        return starts

    @property
    def shortest(self) -> int:
        """How long a needle must be for one of its pieces to be a seed wherever it stands."""
        return self.stride + self.length - 1


@lru_cache(maxsize=2)
def _coarse(text: str) -> _Seeds:
    return _Seeds(text, 12, max(min(48, 1 + len(text) // 4_000), len(text) // _MOST))


@lru_cache(maxsize=2)
def _fine(text: str) -> _Seeds:
    return _Seeds(text, 6, max(min(6, 1 + len(text) // 20_000), len(text) // _MOST))


def _stretches(whole: str, seeds: _Seeds) -> Iterator[tuple[int, int]]:
    """The stretches of text that share most seeds with a passage and agree on where it would start."""
    hits: list[int] = []
    for offset in range(len(whole) - seeds.length + 1):
        starts = seeds.starts.get(whole[offset : offset + seeds.length])
        if starts and len(starts) <= _RARE:
            hits += [at - offset for at in starts]
    shifts = sorted(hits[:_HITS])
    last = [bisect_left(shifts, shift + _REACH) for shift in shifts]
    likeliest = sorted(range(len(shifts)), key=lambda at: at - last[at])
    stretches: list[tuple[int, int]] = []
    for first in likeliest:
        low, high = shifts[first], shifts[last[first] - 1]
        if _FEWER * (last[first] - first) < last[likeliest[0]] - likeliest[0] or len(stretches) == _STRETCHES:
            return
        if all(high < start or low > end for start, end in stretches):
            stretches.append((low, high))
            yield max(0, low - NEAR), min(len(seeds.text), high + len(whole) + NEAR)


def _compared(passage: Passage, text: str, start: int, end: int) -> list[Candidate]:
    """The candidates in a stretch of text: between brackets that stand unchanged, or as an alignment says."""
    left, right = passage.left[-_BRACKET:], passage.right[:_BRACKET]
    if weight(left) + weight(right) >= ENOUGH:
        at = text.rfind(left, start, end)
        behind = text.find(right, at + len(left), min(end, at + len(left) + passage.reach + len(right)))
        if at >= 0 and behind >= 0 and left and right:
            return [_at(passage, text, at + len(left), behind)]
    return [_aligned(passage, text, start, end)]


def _aligned(passage: Passage, text: str, start: int, end: int) -> Candidate:
    """Align the passage with a stretch of text, and see where its brackets stand now."""
    whole, stretch = passage.whole, text[start:end]
    border, after = len(passage.left), len(passage.left) + len(passage.words)
    runs = _runs(whole, stretch)
    lefts = [(low, min(high, border), at) for low, high, at in runs if low < border]
    rights = [(max(low, after), high, at + max(low, after) - low) for low, high, at in runs if high > after]
    left_end, left_at = (lefts[-1][1], lefts[-1][2] + lefts[-1][1] - lefts[-1][0]) if lefts else (0, 0)
    right_start, right_at = (rights[0][0], rights[0][2]) if rights else (len(whole), len(stretch))
    if lefts and rights and left_end == border and right_start == after:
        left_at, right_at = _nearest(
            stretch, whole[lefts[-1][0] : border], left_at, right_at, whole[after : rights[0][1]]
        )
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
    candidate = Candidate(
        start=start + min(left_at, right_at),
        end=start + right_at,
        left_gap=border - left_end,
        right_gap=right_start - after,
        near=(sum(near_left), sum(near_right)),
        far=(
            sum(weight(whole[low:high]) for low, high, _ in lefts),
            sum(weight(whole[low:high]) for low, high, _ in rights),
        ),
        remembered=passage.near,
    )
    return _snapped(passage, text, candidate)


def _nearest(stretch: str, left: str, start: int, end: int, right: str) -> tuple[int, int]:
    """The brackets' borders, the lighter one drawn to where its very words stand nearest to the heavier."""
    if weight(left) >= weight(right) >= 2 * SHORTEST_RUN:
        return start, stretch.find(right, start, end + len(right))
    if weight(right) >= weight(left) >= 2 * SHORTEST_RUN:
        return stretch.rfind(left, start - len(left), end) + len(left), end
    return start, end


def _snapped(passage: Passage, text: str, candidate: Candidate) -> Candidate:
    """Close one open bracket where its very words stand within reach of the other, closed one.

    Alignment alone is content with words of the same letters further away.
    """
    for length in (16, 12, 8, 5):
        if candidate.left_gap and not candidate.right_gap:
            left = passage.left[-length:]
            at = text.rfind(left, max(0, candidate.end - passage.reach), candidate.end)
            if at >= 0:
                near = max(candidate.near[0], weight(left)), candidate.near[1]
                return replace(candidate, start=at + len(left), left_gap=0, near=near)
        if candidate.right_gap and not candidate.left_gap:
            right = passage.right[:length]
            at = text.find(right, candidate.start, candidate.start + passage.reach)
            if at >= 0:
                return replace(
                    candidate, end=at, right_gap=0, near=(candidate.near[0], max(candidate.near[1], weight(right)))
                )
    return candidate


def _runs(text: str, other: str) -> list[tuple[int, int, int]]:
    """What two texts share in order, as (start, end, start in the other), each run at its longest."""
    runs: list[tuple[int, int, int]] = []
    for step in Indel.opcodes(text, other):
        low, high, at = step.src_start, step.src_end, step.dest_start
        if step.tag == "equal" and weight(text[low:high]) >= SHORTEST_RUN:
            first = runs[-1][1] if runs else 0
            back = _shared_end(text[first:low], other[max(0, at - low + first) : at])
            ahead = _shared_start(text[high:], other[at + high - low :])
            runs.append((low - back, high + ahead, at - back))
    return runs
