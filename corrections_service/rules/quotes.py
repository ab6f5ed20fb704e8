"""Quotes: the highlighted words, where they stand in a page now, and whether the error was fixed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from urllib.parse import quote as percent_encode

import regex

from corrections_service.rules.brackets import WHITE_SPACE, Check, conclude, plain
from corrections_service.rules.marks import ASIDE, STRUCK, without_marks
from corrections_service.rules.passages import Passage, find_candidates
from corrections_service.rules.sightings import CONTEXT, FixCheck, Quote, Sighting, Standing
from corrections_service.rules.text import Folded, fold

__all__ = [
    "FixCheck",
    "Quote",
    "Sighting",
    "Standing",
    "check_fix",
    "check_fixes",
    "locate",
    "quote_at",
    "sentence_around",
    "text_fragment",
]
_SENTENCE_END = regex.compile(r"[.!?…]['\"’”»)\]]*\s+|[。！？]['\"’”»」』）]*|\n")


def check_fix(quote: Quote, text: str | Folded, suggestion: str = "", *, remove: bool = False) -> FixCheck:
    """Say what stands now in the text where the quote stood; spans are offsets in the text.

    `text` may be folded already, to be shared by many checks; the last two texts are remembered folded. The
    answer is "unclear" rather than wrong. `remove` says that the words should go: then "applied" is that they
    are gone and their neighbours stand.
    """
    return check_fixes([Sighting(quote, suggestion, remove)], text)[0]


def check_fixes(sightings: Sequence[Sighting], text: str | Folded) -> list[FixCheck]:
    """Check many quotes, each with what is wished for, against one text, which is read only once."""
    if isinstance(text, Folded):
        return _checked(sightings, text)
    outcomes = _minding_struck(sightings, text)
    if ASIDE.are_in(text):
        # What readers cannot select is in none of their quotes; where their page is styled otherwise, it may be.
        numbers = [number for number, outcome in enumerate(outcomes) if outcome.state is not Standing.PRESENT]
        without_asides = _minding_struck([sightings[number] for number in numbers], ASIDE.hidden(text))
        for number, outcome in zip(numbers, without_asides, strict=True):
            is_applied = outcome.state is Standing.APPLIED and not sightings[number].remove
            if outcome.state is Standing.PRESENT or is_applied:
                outcomes[number] = outcome
    return outcomes


def _minding_struck(sightings: Sequence[Sighting], text: str) -> list[FixCheck]:
    if not STRUCK.are_in(text):
        return _checked(sightings, _read(text))
    outcomes = _checked(sightings, _read(STRUCK.hidden(text)))
    settled = (Standing.PRESENT, Standing.APPLIED)
    numbers = [number for number, outcome in enumerate(outcomes) if outcome.state not in settled]
    with_struck = _checked([Sighting(sightings[number].quote) for number in numbers], _read(text))
    for number, whole_outcome in zip(numbers, with_struck, strict=True):
        outcomes[number] = _struck_out(sightings[number], outcomes[number], whole_outcome, text)
    return outcomes


def _checked(sightings: Sequence[Sighting], page: Folded) -> list[FixCheck]:
    checks = [
        Check(sighting, _remembered(sighting.quote), fold(sighting.suggestion).text, page) for sighting in sightings
    ]
    by_check = find_candidates([check.passage for check in checks], page.text)
    return [conclude(check, candidates) for check, candidates in zip(checks, by_check, strict=True)]


def _struck_out(sighting: Sighting, outcome: FixCheck, whole_outcome: FixCheck, text: str) -> FixCheck:
    """Join what is said of a text without what is struck out in it, and with that: words that are struck out are gone."""
    if whole_outcome.state is not Standing.PRESENT or whole_outcome.span is None:
        return outcome
    start, end = whole_outcome.span
    if not STRUCK.cover(text, start, end):
        return whole_outcome if STRUCK.shown(text[start:end]) == without_marks(text[start:end]) else outcome
    if outcome.state is Standing.CHANGED:
        return outcome
    return FixCheck(Standing.APPLIED if sighting.remove else Standing.GONE, (start, start), "words struck out")


def locate(quote: Quote, text: str | Folded) -> tuple[int, int] | None:
    """Where the quote's words stand in the text, or None when that is not certain."""
    outcome = check_fix(quote, text)
    return outcome.span if outcome.state is Standing.PRESENT else None


_read = lru_cache(maxsize=4)(fold)


def _remembered(quote: Quote) -> Passage:
    left, words, right = (fold(part).text for part in (quote.prefix, quote.exact, quote.suffix))
    return Passage(left[-CONTEXT:], words, right[:CONTEXT])


def quote_at(text: str, start: int, end: int) -> Quote:
    """The quote of `text[start:end]` as the reader's script makes it.

    White space is single spaces; each side keeps up to 300 code points, cut between words where it can be.
    """
    exact = WHITE_SPACE.sub(" ", text[start:end])
    before = WHITE_SPACE.sub(" ", text[max(0, start - 4 * CONTEXT) : start])
    after = WHITE_SPACE.sub(" ", text[end : end + 4 * CONTEXT])
    return Quote(exact, _last(before), _first(after))


def _first(text: str) -> str:
    if len(text) <= CONTEXT:
        return text
    border = text.rfind(" ", 0, CONTEXT + 1)
    return text[:border] if border > 0 else text[:CONTEXT]


def _last(text: str) -> str:
    return _first(text[::-1])[::-1]


def text_fragment(quote: Quote) -> str:
    """The `#:~:text=` directive that makes a browser scroll to the quote (Scroll to Text Fragment).

    Long quotes, and those of several sentences, which may be of several blocks, are given by their first and last
    words: a browser finds no text that crosses a block's border. A little context tells repeated words apart.
    """
    first, last = _ends(quote.exact)
    exact = plain(quote.exact)
    if first == last and (len(exact) <= CONTEXT or len(exact.split(" ")) < 8):
        target = _encode(exact)
    else:
        target = f"{_encode(' '.join(first.split(' ')[:4]))},{_encode(' '.join(last.split(' ')[-4:]))}"
    prefix = " ".join(_ends(quote.prefix)[1].split(" ")[-4:])
    suffix = " ".join(_ends(quote.suffix)[0].split(" ")[:4])
    before = f"{_encode(prefix)}-," if prefix else ""
    behind = f",-{_encode(suffix)}" if suffix else ""
    return f"#:~:text={before}{target}{behind}"


def _ends(text: str) -> tuple[str, str]:
    """The first and the last sentence of a text, each of which is within one block."""
    borders = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    sentences = [sentence for start, end in pairwise(borders) if (sentence := text[start:end]).strip()]
    first, last = (next(filter(None, map(plain, parts)), "") for parts in (sentences, reversed(sentences)))
    return first, last


def _encode(text: str) -> str:
    # In a directive the hyphen, the comma and the ampersand are syntax.
    return percent_encode(text, safe="").replace("-", "%2D")


def sentence_around(quote: Quote) -> tuple[str, str, str]:
    """The quote within its sentence, for a preview: what is before it, the words, what is after."""
    starts = [match.end() for match in _SENTENCE_END.finditer(quote.prefix)]
    ending = _SENTENCE_END.search(quote.suffix)
    before = quote.prefix[starts[-1] if starts else 0 :]
    return before, quote.exact, quote.suffix[: ending.end()].rstrip() if ending else quote.suffix
