"""Slips: how far two words are from being one that is written wrong."""

from __future__ import annotations

import unicodedata

import regex
from rapidfuzz.distance import OSA, Indel

from corrections_service.rules.lexicon import Lexicon, forms

FEW = 40
"""Words or changes: beyond them nobody looks for misspellings."""

_ALIKE = 0.6  # as alike, two words are two spellings of one
_MARKS = regex.compile(r"\p{M}")
_DOUBLED = regex.compile(r"(.{1,2}?)\1+")


def is_misspelt(word: str, other: str, lexicon: Lexicon) -> bool:
    """Whether a word is another with a slip or two, and no word that is known."""
    if forms.is_unspaced(word):
        return False
    if _bare(word) == _bare(other):
        return True
    return not lexicon.is_function_word(word) and slips(word, other) <= 1 + len(other[:60]) // 6


def slips(word: str, other: str) -> int:
    """How many letters are put in, left out, exchanged or changed; capitals, marks and doubling do not count."""
    sides = [(value[:60].lower(), _bare(value)) for value in (word, other)]
    return min(OSA.distance(*pair) for pair in zip(*sides, strict=True))


def _bare(word: str) -> str:
    """A word in lower case without marks on its letters, none of which, nor a pair of them, is doubled."""
    letters = _MARKS.sub("", unicodedata.normalize("NFD", word[:60].lower()))
    return str(_DOUBLED.sub(r"\1", letters))


def alike(word: str, other: str) -> bool:
    """Whether two words look like two spellings of one."""
    return Indel.normalized_similarity(word[:64], other[:64]) >= _ALIKE
