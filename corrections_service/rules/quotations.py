"""Quotations: what stands inside quotation marks."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from corrections_service.rules.pieces import OUTSIDE_WORDS
from corrections_service.rules.text import fold

_QUOTE_MARK = regex.compile(r"[\"“”„‟«»‹›「」『』《》״＂]")
_OPENING_MARKS, _PLAIN_MARKS = "“„‟«‹「『《", '"״＂'
_SINGLE_QUOTED = regex.compile(
    r"""
    (?<![\p{L}\p{N}])
    (?:
      ‘[^‘’]*+’                 # ‘so’
    | ‚[^‚‘’]*+[‘’]             # ‚so‘
    | '[^'\n]{1,300}+'          # 'so'
    )
    (?![\p{L}\p{N}])            # rock 'n' roll is one, the children's is none
    """,
    regex.VERBOSE,
)


def quotations(value: str) -> list[str]:
    """The words inside quotation marks, without marks and capitals.

    What is open at the end is quoted up to there, and what is only closed, from the start: the rest may be
    outside what is compared.
    """
    quoted: list[str] = []
    open_marks: list[str] = []
    first = 0
    for mark in _QUOTE_MARK.finditer(value):
        before, after = value[max(0, mark.start() - 1) : mark.start()], value[mark.end() : mark.end() + 1]
        if _opens(mark[0], before, after, open_marks):
            if not open_marks:
                first = mark.end()
            open_marks.append(mark[0])
        elif open_marks:
            open_marks.pop()
            if not open_marks:
                quoted.append(value[first : mark.start()])
        elif not (quoted or before.isdigit()):  # after a digit it is of inches
            quoted.append(value[: mark.start()])
    if open_marks:
        quoted.append(value[first:])
    quoted += _SINGLE_QUOTED.findall(value)
    return [OUTSIDE_WORDS.sub(" ", fold(quotation).text).strip() for quotation in quoted]


def _opens(mark: str, before: str, after: str, open_marks: Sequence[str]) -> bool:
    """Whether a quotation mark opens, by the spaces beside it, else by its form, else by what is open."""
    spaced_before = not before or before.isspace() or before in "([{-–—=:/"
    spaced_after = not after or after.isspace() or after in ")]}.,;:!?…"
    if mark in "“”" and open_marks and open_marks[-1] in "„‟" and not spaced_before:
        return False
    if spaced_before != spaced_after:
        return spaced_before
    return not open_marks if mark in _PLAIN_MARKS else mark in _OPENING_MARKS
