"""Quotes: the highlighted words, where they stand in a page now, and whether the error was fixed.

The bracket rule decides: what stands now between the remembered prefix and suffix? The words themselves count
only where enough of their context is still around them; a bare best match never counts.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
    """A passage like the remembered one: what stands between the brackets, and what vouches for it.

    Offsets are in the folded text. The gaps count remembered characters beside the words that are lost;
    `near` and `far` weigh what is left of each side's context, close by and in all; `known` is what near
    could be.
    """

    start: int
    end: int
    left_gap: int
    right_gap: int
    near: tuple[int, int]
    far: tuple[int, int]
    known: int

    @property
    def vouched(self) -> bool:
        """Half of the context close by is still there."""
        return sum(self.near) >= max(_ENOUGH, self.known / 2)

    @property
    def rank(self) -> tuple[bool, int]:
        lost = min(self.left_gap + self.right_gap, _NEAR)
        return self.vouched, 2 * sum(self.near) + sum(self.far) - lost


def check_fix(quote: Quote, text: str | Folded, suggestion: str = "") -> FixCheck:
    """Say what stands now in the text where the quote stood; spans are offsets in the text.

    `text` may be folded already, to be shared by many checks. The answer is "unclear" rather than wrong.
    """
    return check_fixes([(quote, suggestion)], text)[0]


def check_fixes(asked: Sequence[tuple[Quote, str]], text: str | Folded) -> list[FixCheck]:
    """Check many quotes, each with its suggestion, against one text, which is read only once."""
    page = text if isinstance(text, Folded) else fold(text)
    checks = [_Check(quote, wish, _window(quote), fold(wish).text, page) for quote, wish in asked]
    places = _places([check.window for check in checks], page.text)
    return [_conclude(check, found) for check, found in zip(checks, places, strict=True)]


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
        found += _bracketed(windows[number], text)
        places[number] = sorted(set(found), key=lambda place: place.rank, reverse=True)
    return places


def _unchanged(window: _Window, text: str) -> list[_Place]:
    """Return the passages where nothing changed at all, context included."""
    starts = (at + len(window.left) for at in _every(window.whole, text))
    return [_at(window, text, start, start + len(window.words)) for start in starts]


def _bracketed(window: _Window, text: str) -> list[_Place]:
    """Return the passages between whose unchanged brackets little enough stands, wherever they moved."""
    left, right = window.left[-_NEAR // 2 :], window.right[: _NEAR // 2]
    if _weight(left) + _weight(right) < _ENOUGH:
        return []
    reach = 2 * len(window.words) + 2 * _NEAR
    places = []
    if _weight(right) >= _weight(left):
        for end in _every(right, text):
            at = text.rfind(left, max(0, end - reach), end) if left else max(0, end - reach)
            places += [_at(window, text, at + len(left), end)] if at >= 0 else []
    else:
        for start in (at + len(left) for at in _every(left, text)):
            end = text.find(right, start, start + reach) if right else min(len(text), start + reach)
            places += [_at(window, text, start, end)] if end >= 0 else []
    return places


def _at(window: _Window, text: str, start: int, end: int) -> _Place:
    """Return a place whose brackets are known, with the context that agrees without a break."""
    left = window.left[len(window.left) - _shared_end(window.left, text[:start]) :]
    right = window.right[: _shared_start(window.right, text[end : end + CONTEXT])]
    near = _weight(left[-_NEAR:]), _weight(right[:_NEAR])
    return _Place(start, end, 0, 0, near, (_weight(left), _weight(right)), _known(window))


def _known(window: _Window) -> int:
    return _weight(window.left[-_NEAR:]) + _weight(window.right[:_NEAR])


def _every(needle: str, text: str, most: int = 20) -> Iterator[int]:
    at = text.find(needle) if needle else -1
    while at >= 0 and most > 0:
        yield at
        most -= 1
        at = text.find(needle, at + 1)


def _shared_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _shared_end(one: str, other: str) -> int:
    return _shared_start(one[::-1], other[: -len(one) - 1 : -1])


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
    return [list(_densest(sorted(found), len(whole), len(text))) for found, whole in zip(hits, wholes, strict=True)]


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
    runs = _runs(whole, stretch)
    lefts = [(low, min(high, border), at) for low, high, at in runs if low < border]
    rights = [(max(low, after), high, at + max(low, after) - low) for low, high, at in runs if high > after]
    left_end, left_at = (lefts[-1][1], lefts[-1][2] + lefts[-1][1] - lefts[-1][0]) if lefts else (0, 0)
    right_start, right_at = (rights[0][0], rights[0][2]) if rights else (len(whole), len(stretch))
    # Context that has drifted away from the words is context of the page, no longer of the sentence.
    near_left = [
        _weight(whole[max(low, border - _NEAR) : high])
        for low, high, at in lefts
        if high > border - _NEAR and (left_at - at) - (left_end - low) < _NEAR / 2
    ]
    near_right = [
        _weight(whole[low : min(high, after + _NEAR)])
        for low, high, at in rights
        if low < after + _NEAR and (at - right_at) - (low - right_start) < _NEAR / 2
    ]
    place = _Place(
        start=start + min(left_at, right_at),
        end=start + right_at,
        left_gap=border - left_end,
        right_gap=right_start - after,
        near=(sum(near_left), sum(near_right)),
        far=(
            sum(_weight(whole[low:high]) for low, high, _ in lefts),
            sum(_weight(whole[low:high]) for low, high, _ in rights),
        ),
        known=_known(window),
    )
    return _snap(window, text, place)


def _snap(window: _Window, text: str, place: _Place) -> _Place:
    """Close one open bracket where its very words stand within reach of the other, closed one.

    Alignment alone is content with words of the same letters further away.
    """
    reach = 2 * len(window.words) + 2 * _NEAR
    for length in (16, 12, 8, 5):
        if place.left_gap and not place.right_gap:
            left = window.left[-length:]
            at = text.rfind(left, max(0, place.end - reach), place.end)
            if at >= 0:
                near = max(place.near[0], _weight(left)), place.near[1]
                return replace(place, start=at + len(left), left_gap=0, near=near)
        if place.right_gap and not place.left_gap:
            right = window.right[:length]
            at = text.find(right, place.start, place.start + reach)
            if at >= 0:
                return replace(place, end=at, right_gap=0, near=(place.near[0], max(place.near[1], _weight(right))))
    return place


def _runs(one: str, other: str) -> list[tuple[int, int, int]]:
    """Return what two texts share in order, as (start, end, start in the other), each run at its longest."""
    runs: list[tuple[int, int, int]] = []
    for step in Indel.opcodes(one, other):
        low, high, at = step.src_start, step.src_end, step.dest_start
        if step.tag == "equal" and _weight(one[low:high]) >= _SHORTEST_RUN:
            back = _shared_end(one[runs[-1][1] if runs else 0 : low], other[:at])
            ahead = _shared_start(one[high:], other[at + high - low :])
            runs.append((low - back, high + ahead, at - back))
    return runs


@dataclass(frozen=True, slots=True)
class _Check:
    """What one check is about: the quote and the wish as they are and folded, and the page."""

    quote: Quote
    suggestion: str
    window: _Window
    wish: str
    page: Folded


def _conclude(check: _Check, places: list[_Place]) -> FixCheck:
    """Judge the likeliest place; of places that are equally likely, the one where the words stand counts."""
    if not places or not check.quote.exact:
        return FixCheck(Standing.UNCLEAR, None, "passage not found")
    best = places[0].rank
    judged = [_judge(check, _bounded(check, place)) for place in places if place.rank == best]
    return min(judged, key=lambda found: list(Standing).index(found.state))


def _bounded(check: _Check, place: _Place) -> _Place:
    """Close a side without context: with the words, the suggestion, or the end of the line."""
    page, window = check.page, check.window
    if window.left and window.right:
        return place
    for part in sorted(filter(None, (window.words, check.wish)), key=len, reverse=True):
        if not window.right and page.text.startswith(part, place.start):
            return replace(place, end=place.start + len(part))
        if not window.left and page.text.endswith(part, 0, place.end):
            return replace(place, start=place.end - len(part))
    start, end = page.span(place.start, place.end)
    if not window.right and (line_end := page.original.find("\n", start, end)) >= 0:
        return replace(place, end=page.offset(line_end))
    if not window.left and (line_start := page.original.rfind("\n", start, end)) >= 0:
        return replace(place, start=page.offset(line_start))
    return place


def _judge(check: _Check, place: _Place) -> FixCheck:
    """Say what a place tells, if enough of the context is left to tell anything."""
    words, near = check.window.words, sum(place.near)
    if place.left_gap or place.right_gap:
        lost = len(words) + place.left_gap + place.right_gap
        if place.vouched and near >= 1.5 * _ENOUGH and place.end - place.start <= 2 * lost + _ENOUGH:
            return _between(check, place)
        if min(place.far) >= _NEAR and not place.vouched:
            return FixCheck(Standing.GONE, None, "passage gone")
        return FixCheck(Standing.UNCLEAR, None, "passage not found")
    stands = check.page.text[place.start : place.end] == words
    if near + (_weight(words) if stands else 0) < _ENOUGH:
        return FixCheck(Standing.UNCLEAR, None, "too little context")
    return _between(check, place)


def _between(check: _Check, place: _Place) -> FixCheck:
    """Compare what stands between the brackets with the words and with the suggestion."""
    page, words, wish = check.page, check.window.words, check.wish
    now = page.text[place.start : place.end]
    if not now:
        return _emptied(check, place)
    if now in (words, wish):
        return _compare_finely(check, page.span(place.start, place.end))
    for part in sorted(filter(None, (words, wish)), key=len, reverse=True):
        # Closed brackets say that more than the words stands there now; only a wish can say they still do.
        at = _alone(page, place, part)
        if at is not None and (part == wish or wish or place.left_gap or place.right_gap):
            return _compare_finely(check, page.span(at, at + len(part)))
    return FixCheck(Standing.CHANGED, page.span(place.start, place.end), "other words stand")


def _alone(page: Folded, place: _Place, part: str) -> int | None:
    """Return where a part stands between the brackets as whole words; a short one only beside a bracket."""
    at = page.text.find(part, place.start, place.end)
    if at < 0:
        return None
    beside = (at == place.start and not place.left_gap) or (at + len(part) == place.end and not place.right_gap)
    if _weight(part) < _SHORTEST_RUN and not beside:
        return None
    start, end = page.span(at, at + len(part))
    borders = page.original[max(0, start - 1) : start + 1], page.original[end - 1 : end + 1]
    split = any(len(pair) == 2 and pair.isalnum() and not _JOINED_SCRIPTS.search(pair) for pair in borders)
    return None if split else at


def _emptied(check: _Check, place: _Place) -> FixCheck:
    """Say what nothing between the brackets means: removed, or the suggestion is what stands beside them."""
    page, window, wish = check.page, check.window, check.wish
    gap = page.span(place.start - 1, place.start)[1] if place.start else 0, page.span(place.end, place.end)[0]
    if not window.words and page.original[slice(*gap)]:
        return FixCheck(Standing.PRESENT, gap, "words stand")
    if wish and window.right.startswith(wish):
        return FixCheck(Standing.APPLIED, page.span(place.end, place.end + len(wish)), "suggestion stands")
    if wish and window.left.endswith(wish):
        return FixCheck(Standing.APPLIED, page.span(place.start - len(wish), place.start), "suggestion stands")
    return FixCheck(Standing.GONE, (gap[1], gap[1]), "words removed")


def _compare_finely(check: _Check, span: tuple[int, int]) -> FixCheck:
    """Tell words apart that differ only in what folding hides: case, spaces, quotation marks, dashes."""
    raw = check.page.original[slice(*span)]
    now, words, wish = _plain(raw), _plain(check.quote.exact), _plain(check.suggestion)
    same = fold(now).text == check.window.words
    if wish and now != words and (now == wish or not same):
        return FixCheck(Standing.APPLIED, span, "suggestion stands")
    if now == words or _only_rendered_otherwise(check, raw, span):
        return FixCheck(Standing.PRESENT, span, "words stand")
    return FixCheck(Standing.CHANGED, span, "other words stand")


def _only_rendered_otherwise(check: _Check, raw: str, span: tuple[int, int]) -> bool:
    """Tell whether a difference that folding hides comes from how the page is shown, not from an editor."""
    exact, context = check.quote.exact, check.quote.prefix[-_NEAR:] + check.quote.suffix[:_NEAR]
    if "\n" in raw.strip() + exact.strip() and "".join(raw.split()) == "".join(exact.split()):
        return True  # the border of two elements, which browsers and parsers space differently
    if exact.isupper() and context.isupper():
        return True  # capitals by style sheet
    around = check.page.original[max(0, span[0] - CONTEXT) : span[1] + CONTEXT]
    return any(mark in exact and mark in context and mark not in around for mark in "'\"-")


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
    """Return the `#:~:text=` directive that makes a browser scroll to the quote (Scroll to Text Fragment).

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
