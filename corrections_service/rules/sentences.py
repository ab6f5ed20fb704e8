"""The sentence round some words, as an editor reads it: never begun or ended within a word, with a sign where it is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corrections_service.rules.marks import STRUCK, without_marks
from corrections_service.rules.quotes import Quote
from corrections_service.rules.text import tokens

LONGEST = 240
"""Characters of a sentence shown on each side of the words."""

KNOWN = 24
"""Characters before the words by which their place in a text is told."""

NEAR = 4 * LONGEST
"""Characters of a paragraph looked at on each side of the words: more than is shown."""

MOST_PLACES = 2000
"""Places looked at: words that stand in a text more often, behind the same word, tell no place in it."""

LEAST = 4
"""Tokens that remain when the first or the last one, which may be half a word, is left out."""

CUT = "…"

_END = re.compile(r"[.!?…؟]+[\"'”’»)\]]*(?=\s)|[。！？]+[”」』）]*")
_SHORT = re.compile(
    r"""
    (?: ^ | [\s(«“"] )                                  # a word of its own
    (?: \w                                             # J. Smith
      | Mr | Mrs | Ms | Dr | Prof | St | No | Nr | vs   # Dr. Who
      | z\.\s?B | d\.\s?h | bzw | ca | etc             # z. B. in
      | т | г | ул | им | см                            # ул. Ленина
      | Sr | Sra | Dra                                  # Sra. Gil
      | \d\d                                           # am 12. Mai
    ) $
    """,
    re.VERBOSE,
)


def around(quote: Quote, text: str = "") -> tuple[str, str]:
    """What stands before and after the quote in its sentence.

    `text` is the article's, a line for each paragraph: where the quote stands there once, its paragraph is the limit,
    so that no menu or headline is shown; else what the reader's page gave.
    """
    paragraph = _paragraph(quote, text)
    before, after = paragraph if paragraph is not None else (quote.prefix[-NEAR:], quote.suffix[:NEAR])
    return _before(before, is_whole=paragraph is not None), _after(after, is_whole=paragraph is not None)


def at(text: str, span: tuple[int, int]) -> str:
    """The sentence of an article's text that holds the span, without what is struck out there."""
    start, end = span
    visible = STRUCK.hidden(text)
    before = visible[max(0, start - NEAR) : start].rpartition("\n")[2]
    after = visible[end : end + NEAR].partition("\n")[0]
    sentence = (_before(before, is_whole=True), visible[start:end], _after(after, is_whole=True))
    return "".join(map(without_marks, sentence)).strip()


def stands_once(quote: Quote, text: str) -> bool:
    """Whether the quote stands in an article's text, and at one place alone."""
    return _paragraph(quote, text) is not None


def near(quote: Quote, most: int) -> tuple[str, str]:
    """At most so many characters of the sentence on each side of the quote, as the reader's page gave them."""
    before, after = quote.prefix[-NEAR:], quote.suffix[:NEAR]
    return _before(before, is_whole=False, most=most), _after(after, is_whole=False, most=most)


def is_ended(text: str) -> bool:
    """Whether a sentence ends where the text does."""
    return any(end == len(text.rstrip()) for end in _ends(f"{text} "))


def _paragraph(quote: Quote, text: str) -> tuple[str, str] | None:
    """The rest of the quote's paragraph on both sides; None where it cannot be told which one that is."""
    if not quote.exact:
        return None
    near_words, first = _spaced(quote.prefix)[-KNOWN:], None
    behind = r"\s" if near_words.endswith(" ") else re.escape(near_words.rpartition(" ")[2])
    places = re.finditer(f"(?<={behind}){re.escape(quote.exact)}", text)
    for number, (start, end) in enumerate(match.span() for match in places):
        if number == MOST_PLACES:
            return None
        if not _spaced(text[max(0, start - 4 * KNOWN) : start]).endswith(near_words):
            continue
        place = text[max(0, start - NEAR) : start].rpartition("\n")[2], text[end : end + NEAR].partition("\n")[0]
        if first not in (None, place):
            return None
        first = place
    return first


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _ends(text: str) -> Iterator[int]:
    """Where sentences end: not after an initial or a short form, nor where the text goes on in small letters."""
    for match in _END.finditer(text):
        rest = text[match.end() :].lstrip()
        is_short = match.group().startswith(".") and _SHORT.search(text, 0, match.start())
        if not is_short and not rest[:1].islower():
            yield match.end()


def _before(text: str, *, is_whole: bool, most: int = LONGEST) -> str:
    ends = list(_ends(text))
    start = ends[-1] if ends else 0
    sentence = text[start:].lstrip() if ends else text
    parts = tokens(sentence)
    is_begun = bool(ends) or is_whole or not sentence.strip()
    fitting = _fitting(parts[::-1], most, is_complete=is_begun)[::-1]
    part = "".join(fitting)
    return part if is_begun and len(fitting) == len(parts) else f"{CUT} {part.lstrip()}"


def _after(text: str, *, is_whole: bool, most: int = LONGEST) -> str:
    end = next(_ends(f"{text} "), None)
    sentence = text[:end] if end is not None else text
    parts = tokens(sentence)
    is_ended = end is not None or is_whole or not sentence.strip()
    fitting = _fitting(parts, most, is_complete=is_ended)
    part = "".join(fitting)
    return part if is_ended and len(fitting) == len(parts) else f"{part.rstrip()} {CUT}"


def _fitting(parts: Sequence[str], most: int, *, is_complete: bool) -> list[str]:
    """The tokens that fit, from the words outwards; the last one is left out where it may be half a word."""
    fitting: list[str] = []
    length = 0
    for part in parts:
        length += len(part)
        if length > most:
            return fitting
        fitting.append(part)
    return fitting if is_complete or len(fitting) <= LEAST else fitting[:-1]
