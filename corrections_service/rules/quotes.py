"""Quotes: the highlighted words, where they stand in a page now, and whether the error was fixed.

The bracket rule decides: what stands now between the remembered prefix and suffix? The words themselves count
only where enough of their context is still around them; a bare best match never counts.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote as percent_encode

import regex
from rapidfuzz.distance import Indel

from corrections_service.rules.text import Folded, fold

CONTEXT = 300  # code points kept on each side of the words
_ENOUGH = 16  # folded characters of context, about 20 with their spaces: with less nothing is concluded
_NEAR = 40  # folded characters beside the words: the sentence rather than the page
_SHORTEST_RUN = 4  # shorter agreements are chance
_SEED = 6
_REACH = 300  # how far two pieces of one passage may have moved apart
_PASSAGES = 3  # that are compared closely

_WHITE_SPACE = regex.compile(r"\s+")
_INVISIBLE = regex.compile(r"(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}")
_SENTENCE_END = regex.compile(r"[.!?…]['\"’”»)\]]*\s+|[。！？]['\"’”»」』）]*|\n")
_JOINED_SCRIPTS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


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
class FixCheck:
    """What became of reported words: the state, where in the text they or their successors stand, and why."""

    state: Standing
    span: tuple[int, int] | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Window:
    """A quote folded: its words with up to 300 characters of context on each side."""

    left: str
    words: str
    right: str

    @property
    def whole(self) -> str:
        return self.left + self.words + self.right


@dataclass(frozen=True, slots=True)
class _Place:
    """A passage like the remembered one: what stands between the brackets, and how much context vouches for it.

    Offsets are in the folded text; the gaps count remembered characters beside the words that are lost.
    """

    start: int
    end: int
    left_gap: int
    right_gap: int
    near_left: int
    near_right: int
    far: int

    @property
    def near(self) -> int:
        return self.near_left + self.near_right

    @property
    def rank(self) -> tuple[bool, int]:
        return self.near >= _ENOUGH, 2 * self.near + self.far - min(self.left_gap + self.right_gap, _NEAR)


def check_fix(quote: Quote, text: str | Folded, suggestion: str = "") -> FixCheck:
    """Say what stands now in the text where the quote stood; spans are offsets in the text.

    `text` may be folded already, to be shared by many checks. The answer is "unclear" rather than wrong.
    """
    return check_fixes([(quote, suggestion)], text)[0]


def check_fixes(asked: Sequence[tuple[Quote, str]], text: str | Folded) -> list[FixCheck]:
    """Check many quotes, each with its suggestion, against one text, which is read only once."""
    page = text if isinstance(text, Folded) else fold(text)
    windows = [_window(quote) for quote, _ in asked]
    places = _places(windows, page.text)
    return [
        _conclude(_Case(quote, suggestion, window, page), found)
        for (quote, suggestion), window, found in zip(asked, windows, places, strict=True)
    ]


def locate(quote: Quote, text: str | Folded) -> tuple[int, int] | None:
    """Return where the quote's words stand in the text, or None when that is not certain."""
    found = check_fix(quote, text)
    return found.span if found.state is Standing.PRESENT else None


def _window(quote: Quote) -> _Window:
    left, words, right = (fold(part).text for part in (quote.prefix, quote.exact, quote.suffix))
    return _Window(left[-CONTEXT:], words, right[:CONTEXT])


def _places(windows: Sequence[_Window], text: str) -> list[list[_Place]]:
    """Return for each window the passages of the text that may be its own, the likeliest first."""
    places = [_unchanged(window, text) for window in windows]
    missing = [number for number, found in enumerate(places) if not found]
    passages = _passages([windows[number].whole for number in missing], text)
    for number, starts in zip(missing, passages, strict=True):
        found = [_compare(windows[number], text, start, end) for start, end in starts]
        found += _beside_unchanged_words(windows[number], text)
        places[number] = sorted(set(found), key=lambda place: place.rank, reverse=True)
    return places


def _unchanged(window: _Window, text: str) -> list[_Place]:
    """Return the passages where nothing changed at all, context included."""
    left, right = len(window.left), len(window.right)
    return [
        _Place(
            at + left,
            at + left + len(window.words),
            0,
            0,
            _weight(window.left[-_NEAR:]),
            _weight(window.right[:_NEAR]),
            left + right,
        )
        for at in _every(window.whole, text)
    ]


def _beside_unchanged_words(window: _Window, text: str) -> list[_Place]:
    """Return the passages where the words and the context next to them are unchanged, wherever they moved."""
    left, right = window.left[-_NEAR // 2 :], window.right[: _NEAR // 2]
    if _weight(left) + _weight(right) < _ENOUGH:
        return []
    starts = (at + len(left) for at in _every(left + window.words + right, text))
    return [_at(window, text, start, start + len(window.words)) for start in starts]


def _at(window: _Window, text: str, start: int, end: int) -> _Place:
    """Return a place whose brackets are known, with the context that agrees without a break."""
    left = _common(reversed(window.left), reversed(text[max(0, start - len(window.left)) : start]))
    right = _common(iter(window.right), iter(text[end : end + len(window.right)]))
    near_left = _weight(window.left[len(window.left) - min(left, _NEAR) :])
    return _Place(start, end, 0, 0, near_left, _weight(window.right[: min(right, _NEAR)]), left + right)


def _every(needle: str, text: str, most: int = 20) -> Iterator[int]:
    at = text.find(needle) if needle else -1
    while at >= 0 and most > 0:
        yield at
        most -= 1
        at = text.find(needle, at + 1)


def _common(one: Iterator[str], other: Iterator[str]) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


def _weight(text: str) -> int:
    """Return how much evidence a text is, in letters of an alphabet: an ideograph or a kana counts twice."""
    return len(text) + (0 if text.isascii() else sum(char > "\u2e7f" for char in text))


def _passages(wholes: Sequence[str], text: str) -> list[list[tuple[int, int]]]:
    """Return for each window the stretches of the text that share most with it, found by short seeds."""
    wanted: dict[str, list[tuple[int, int]]] = {}
    for number, whole in enumerate(wholes):
        for at in range(len(whole) - _SEED + 1):
            wanted.setdefault(whole[at : at + _SEED], []).append((number, at))
    hits: list[list[int]] = [[] for _ in wholes]
    # In a long text every sixth character starts a seed: what agrees over 11 characters is always met.
    for at in range(0, len(text) - _SEED + 1 if wanted else 0, min(_SEED, 1 + len(text) // 20_000)):
        for number, offset in wanted.get(text[at : at + _SEED], ()):
            hits[number].append(at - offset)
    return [
        list(_densest(sorted(found), len(whole), len(text)))
        for found, whole in zip(hits, wholes, strict=True)
    ]


def _densest(shifts: list[int], length: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of text where most seeds agree on where the window would start."""
    for _ in range(_PASSAGES):
        if not shifts:
            return
        last = [bisect_left(shifts, shift + _REACH) for shift in shifts]
        first = max(range(len(shifts)), key=lambda at: last[at] - at)
        low, high = shifts[first], shifts[last[first] - 1]
        yield max(0, low - _NEAR), min(end, high + length + _NEAR)
        shifts = shifts[:first] + shifts[last[first] :]


def _compare(window: _Window, text: str, start: int, end: int) -> _Place:
    """Align the window with a stretch of text, and see where its brackets stand now."""
    whole, stretch = window.whole, text[start:end]
    border, after = len(window.left), len(window.left) + len(window.words)
    runs = [run for run in _runs(whole, stretch) if _weight(whole[run[0] : run[1]]) >= _SHORTEST_RUN]
    lefts = [(low, min(high, border), at) for low, high, at in runs if low < border]
    rights = [(max(low, after), high, at + max(low, after) - low) for low, high, at in runs if high > after]
    left_end, left_at = (lefts[-1][1], lefts[-1][2] + lefts[-1][1] - lefts[-1][0]) if lefts else (0, 0)
    right_start, right_at = (rights[0][0], rights[0][2]) if rights else (len(whole), len(stretch))
    return _Place(
        start=start + min(left_at, right_at),
        end=start + right_at,
        left_gap=border - left_end,
        right_gap=right_start - after,
        near_left=sum(
            _weight(whole[max(low, border - _NEAR) : high]) for low, high, _ in lefts if high > border - _NEAR
        ),
        near_right=sum(
            _weight(whole[low : min(high, after + _NEAR)]) for low, high, _ in rights if low < after + _NEAR
        ),
        far=sum(high - low for low, high, _ in lefts + rights),
    )


def _runs(one: str, other: str) -> list[tuple[int, int, int]]:
    """Return what two texts share in order, as (start, end, start in the other), each run as long as it can be."""
    runs: list[tuple[int, int, int]] = []
    for step in Indel.opcodes(one, other):
        if step.tag != "equal" or _weight(one[step.src_start : step.src_end]) < _SHORTEST_RUN:
            continue
        low, high, at = step.src_start, step.src_end, step.dest_start
        floor = runs[-1][1] if runs else 0
        back = _common(reversed(one[floor:low]), reversed(other[:at]))
        ahead = _common(iter(one[high:]), iter(other[at + high - low :]))
        runs.append((low - back, high + ahead, at - back))
    return runs


@dataclass(frozen=True, slots=True)
class _Case:
    """What one check is about."""

    quote: Quote
    suggestion: str
    window: _Window
    page: Folded


def _conclude(case: _Case, places: list[_Place]) -> FixCheck:
    """Judge the likeliest place; of places that are equally likely, the one where the words stand counts."""
    if not places:
        return FixCheck(Standing.UNCLEAR, None, "passage not found")
    best = places[0].rank
    checks = [_judge(case, place) for place in places if place.rank == best]
    order = list(Standing)
    return min(checks, key=lambda check: order.index(check.state))


def _judge(case: _Case, place: _Place) -> FixCheck:
    window, span = case.window, case.page.span(place.start, place.end)
    now = case.page.text[place.start : place.end]
    if not place.left_gap and not place.right_gap:
        if (
            now == window.words
            and place.near + _weight(now) < _ENOUGH
            or now != window.words
            and place.near < _ENOUGH
        ):
            return FixCheck(Standing.UNCLEAR, None, "too little context")
        return _between(case, place, span)
    if place.near < _ENOUGH:
        closed = place.near_left + place.near_right + place.far >= 2 * _NEAR
        return (
            FixCheck(Standing.GONE, None, "passage gone")
            if closed and place.far
            else FixCheck(Standing.UNCLEAR, None, "passage not found")
        )
    return _between(case, place, span)


def _between(case: _Case, place: _Place, span: tuple[int, int]) -> FixCheck:
    """Compare what stands between the brackets with the words and with the suggestion."""
    now, words, wish = case.page.text[place.start : place.end], case.window.words, fold(case.suggestion).text
    if now == words:
        return _compare_finely(case, span)
    if wish and now == wish:
        return FixCheck(Standing.APPLIED, span, "suggestion stands")
    if not now:
        return FixCheck(Standing.GONE, span, "words removed")
    return FixCheck(Standing.CHANGED, span, "other words stand")


def _compare_finely(case: _Case, span: tuple[int, int]) -> FixCheck:
    """Tell words apart that differ only in what folding hides: case, spaces, quotation marks."""
    now, words, wish = (
        _plain(part) for part in (case.page.original[slice(*span)], case.quote.exact, case.suggestion)
    )
    if now == words:
        return FixCheck(Standing.PRESENT, span, "words stand")
    if wish and now == wish:
        return FixCheck(Standing.APPLIED, span, "suggestion stands")
    return FixCheck(Standing.CHANGED, span, "other words stand")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", _WHITE_SPACE.sub(" ", _INVISIBLE.sub("", text)).strip())


def quote_at(text: str, start: int, end: int) -> Quote:
    """Return the quote of `text[start:end]` as the reader's script makes it.

    White space is single spaces; each side keeps up to 300 code points, cut between words where it can be.
    """
    exact = _WHITE_SPACE.sub(" ", text[start:end])
    before = _WHITE_SPACE.sub(" ", text[max(0, start - 4 * CONTEXT) : start])
    after = _WHITE_SPACE.sub(" ", text[end : end + 4 * CONTEXT])
    return Quote(exact, _last(before), _first(after))


def _first(text: str) -> str:
    if len(text) <= CONTEXT:
        return text
    border = text.rfind(" ", 0, CONTEXT + 1)
    return text[:border] if border > 0 else text[:CONTEXT]


def _last(text: str) -> str:
    return _first(text[::-1])[::-1]


def text_fragment(quote: Quote) -> str:
    """Return the `#:~:text=` directive that makes a browser scroll to the quote (WICG Scroll to Text Fragment).

    Long quotes are given by their first and last words; a little context tells repeated words apart.
    """
    exact = _plain(quote.exact)
    words = exact.split(" ")
    if len(exact) <= CONTEXT or len(words) < 8:
        target = _encode(exact)
    else:
        target = f"{_encode(' '.join(words[:4]))},{_encode(' '.join(words[-4:]))}"
    prefix = " ".join(_plain(quote.prefix).split(" ")[-4:])
    suffix = " ".join(_plain(quote.suffix).split(" ")[:4])
    before = f"{_encode(prefix)}-," if prefix else ""
    behind = f",-{_encode(suffix)}" if suffix else ""
    return f"#:~:text={before}{target}{behind}"


def _encode(text: str) -> str:
    # In a directive the hyphen, the comma and the ampersand are syntax.
    return percent_encode(text, safe="").replace("-", "%2D")


def sentence_around(quote: Quote) -> tuple[str, str, str]:
    """Return the quote within its sentence, for a preview: what is before it, the words, what is after."""
    starts = [found.end() for found in _SENTENCE_END.finditer(quote.prefix)]
    ending = _SENTENCE_END.search(quote.suffix)
    before = quote.prefix[starts[-1] if starts else 0 :]
    return before, quote.exact, quote.suffix[: ending.end()].rstrip() if ending else quote.suffix


def sentence_at(text: str, span: tuple[int, int]) -> str:
    """Return the sentence of the text that holds the span, of at most 300 characters on each side of it."""
    start, end = span
    quote = Quote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])
    return "".join(sentence_around(quote)).strip()
