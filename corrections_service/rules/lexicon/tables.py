"""Tables of words with their meaning, and how a word is looked up in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from corrections_service.rules.lexicon.forms import is_unspaced

LONGEST_WORD = 40
"""Letters; nothing that is longer is looked up."""

NEVER = regex.compile(r"(?!)")

_LONGEST_ENDING = 4
_ATTACHED = regex.compile(
    r"""
      (?:[cdjlmnst]|qu|dell|all|nell|sull|dall)'        # l'an, dell'anno
    | [وفبكل]?ال|لل|[وفبكل]                             # والسبت
    | [ובלכמהש]                                         # בשבת
    """,
    regex.VERBOSE,
)
_ENDING = regex.compile(r"(?<=\p{L}{2})'[a-zçğıöşü]{1,4}$")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Words with their meaning, stems with theirs and the endings that they have, and words found within a text."""

    exact: dict[str, str]
    stems: dict[str, tuple[str, regex.Pattern[str] | None]]
    within: regex.Pattern[str]


def read_table(languages: Sequence[tuple[str, str]], *, before: str = "") -> Table:
    """Read tables; words of scripts that write no spaces count only after a match of `before`."""
    exact: dict[str, str] = {}
    stems: dict[str, tuple[str, regex.Pattern[str] | None]] = {}
    for source, endings in languages:
        ending = regex.compile(endings) if endings else None
        meaning = ""
        for word in source.split():
            if word.endswith(":"):
                meaning = word[:-1]
            elif word.endswith("*"):
                stems.setdefault(word[:-1], (meaning, ending))
            else:
                exact.setdefault(word, meaning)
    unspaced = sorted(filter(is_unspaced, exact), key=len, reverse=True)
    within = regex.compile(before + r"\L<words>", words=unspaced) if unspaced else NEVER
    return Table(exact, stems, within)


@lru_cache(maxsize=16384)
def look_up(word: str, table: Table) -> str | None:
    """What a word means by a table, as it is or without what is attached to it, or None."""
    if is_unspaced(word):
        return " ".join(meanings_within(word, table)) or None
    if len(word) > LONGEST_WORD:
        return None
    bare = word.lstrip("0123456789")
    forms = [word, bare, _ENDING.sub("", bare)]
    for _ in range(2):  # and in the
        if (prefix := _ATTACHED.match(forms[-1])) and len(forms[-1]) > len(prefix[0]) + 1:
            forms.append(forms[-1][prefix.end() :])
    return next((meaning for form in forms if (meaning := _look_up_form(form, table)) is not None), None)


def _look_up_form(word: str, table: Table) -> str | None:
    meaning = table.exact.get(word)
    length = len(word)
    while meaning is None and length > 0 and length >= len(word) - _LONGEST_ENDING:
        stem_meaning, ending = table.stems.get(word[:length], (None, None))
        if length == len(word) or ending is None or ending.fullmatch(word[length:]):
            meaning = stem_meaning
        length -= 1
    return meaning


def meanings_within(word: str, table: Table) -> list[str]:
    """The meanings of the words found within a text that has no spaces."""
    return [table.exact[part] for part in table.within.findall(word)]
