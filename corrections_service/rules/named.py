"""Named words: where in a text the words stand that a reader typed in answer to "Which part?"."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from corrections_service.rules.text import Folded, fold

MOST_TRIED = 5_000
"""Spans that are looked at: of letters that stand more often, nobody can tell which are meant."""

_JOINED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{_JOINED}]]"
_GAP = regex.compile(rf"(?V1)(?<={_LETTER})\s+(?={_LETTER})")
_CUT_WORD = regex.compile(rf"(?V1){_LETTER}{{2}}")
_EDGES = regex.compile(r"^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$")
_QUOTED = regex.compile(
    r"""
      [“„«"]([^“”„«»"]+)[”“»"]              # „so“
    | [‘‚]([^‘‚]+)[’‘](?!\p{L})             # ‘so’, but no apostrophe
    | 「([^「」]+)」                        # 「そう」
    | 『([^『』]+)』
    """,
    regex.VERBOSE,
)
_LABEL = regex.compile(r"^[^:：]{1,60}[:：]\s*(?=\S)")
_GAP_MARK = "\0"  # stands in no text that anybody sends


def find_spans(place: str, text: str | Folded) -> list[tuple[int, int]]:
    """Where the words that a reader named stand in the text as whole words, as spans of it; at most two.

    Case, white space at line ends, the sorts of quotation marks and what is invisible play no part. Where all that
    was typed stands nowhere, it is looked for without the marks around it, then what it has in quotation marks, then
    what follows a colon ("Headline: ...").
    """
    page = text if isinstance(text, Folded) else fold(text)
    return next(filter(None, (_standing(words, page) for words in _readings(place))), [])


def quoted_words(value: str) -> list[str]:
    """What stands in quotation marks in a text, in order."""
    return ["".join(filter(None, groups)) for groups in _QUOTED.findall(value)]


def _readings(place: str) -> Iterator[str]:
    """The words that may be meant, the likeliest first."""
    yield place
    yield _EDGES.sub("", place)
    quotations = quoted_words(place)
    if len(quotations) == 1:
        yield quotations[0]
    yield _EDGES.sub("", _LABEL.sub("", place, count=1))


def _standing(words: str, page: Folded) -> list[tuple[int, int]]:
    needle, spaced = fold(words).text, _spaced(words)
    spans: list[tuple[int, int]] = []
    at, count = page.text.find(needle) if any(map(str.isalnum, needle)) else -1, 0
    while at >= 0 and len(spans) < 2:
        span = page.span(at, at + len(needle))
        if count >= MOST_TRIED:
            return [span, span]
        if not _is_within_word(page.original, span) and _spaced(page.original[slice(*span)]) == spaced:
            spans.append(span)
        at, count = page.text.find(needle, at + 1), count + 1
    return spans


def _is_within_word(text: str, span: tuple[int, int]) -> bool:
    """Whether a stretch begins or ends in the middle of a word; scripts that write no spaces do not say."""
    start, end = span
    return any(_CUT_WORD.fullmatch(text, max(0, at - 1), at + 1) for at in (start, end))


def _spaced(words: str) -> str:
    """Words folded, with a mark where white space parts two of them: "there in" is not "therein"."""
    return fold(_GAP.sub(_GAP_MARK, words.strip())).text
