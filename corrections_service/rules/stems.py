"""Stems of words in the languages that search knows: a word is candidates in all its forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from corrections_service.rules import ukrainian

ALGORITHMS = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "pl": "polish",
    "pt": "portuguese",
    "tr": "turkish",
    "ru": "russian",
}
"""Which of Snowball's stemmers a language has; Ukrainian has ours, and all others are searched by their words as they are."""

SHORTEST = 3
"""Letters of a word whose ending is left as it is."""

CYRILLIC = ("uk", "ru")
LANGUAGES = (*ALGORITHMS, "uk")

_TURKISH = str.maketrans("Iİ", "ıi")
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ـ": "", "ة": "ه", "ى": "ي", "ٱ": "ا"})
"""Letters with marks that Unicode takes for letters of their own, and what Arabic writes both ways."""

_PLURALS = {
    "es": [("(?<=[aeiouáéíóú])ces$", "z"), ("(?<=[^aeiouáéíóú])es$", "")],  # luces, ciudades
    "pt": [("(?:õe|ãe)s$", "ão"), ("(?<=[aeo])s$", "")],  # eleições, erros
}
"""Forms that Snowball gives another stem than their singular has."""

_POLISH = [
    ("ce$", "k"),
    ("dze$", "g"),
    ("cie$", "t"),
    ("rze$", "r"),
    ("e([kcrlnm])$", r"\1"),
    ("ą([^aąeęioóuy]+)$", r"ę\1"),
]
"""What the ending of a Polish word changes before it: książce książek książka, błąd błędu."""


def language_of(tag: str) -> str:
    """The language that a tag (BCP 47) begins with, in lower case; "" for none."""
    return re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]


@lru_cache(maxsize=10_000)
def fold(word: str) -> str:
    """A word as it is compared: its letters and digits alone, without case, accents and vowel marks."""
    letters = unicodedata.normalize("NFKD", word) if not word.isascii() else word
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().translate(_PLAIN)
    return "".join(letter for letter in unicodedata.normalize("NFC", plain) if letter.isalnum())


@lru_cache(maxsize=10_000)
def stems(word: str, language: str) -> tuple[str, ...]:
    """The stems that a word may have in a language, as they are compared; none in a language without a stemmer."""
    if language not in LANGUAGES or not any(map(str.isalpha, word)):
        return ()
    letters = unicodedata.normalize("NFC", word)
    letters = (letters.translate(_TURKISH) if language == "tr" else letters).lower()
    return tuple(dict.fromkeys(filter(None, map(fold, _forms(letters, language)))))


def _forms(word: str, language: str) -> list[str]:
    if language == "uk":
        return list(ukrainian.stems(word))
    for ending, other in _PLURALS.get(language, ()):
        if len(word) > SHORTEST and re.search(ending, word):
            word = re.sub(ending, other, word)
            break
    stem = _stemmer(language)
    changed = (
        [re.sub(ending, other, word) for ending, other in _POLISH] if language == "pl" and len(word) > SHORTEST else []
    )
    return [stem(word), *(stem(form) for form in changed if form != word)]


def languages_of(word: str) -> tuple[str, ...]:
    """The languages with a stemmer that a word may be of, by its letters."""
    letter = next(filter(str.isalpha, word), "")
    if "\u0400" <= letter <= "\u052f":
        return CYRILLIC
    return tuple(ALGORITHMS)[:-1] if letter and unicodedata.name(letter, "").startswith("LATIN") else ()


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer  # all its languages are read then: not before somebody searches

    stem: Callable[[str], str] = snowballstemmer.stemmer(ALGORITHMS[language]).stemWord
    return stem
