"""Words that carry facts (numbers, dates, units, denials, opposites, places), and words that do not, a file a language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex
from rapidfuzz.distance import OSA

from corrections_service.rules.lexicon import ar, common, de, east, en, es, fr, he, it, ko, nl, pl, pt, ru, sv, tr, uk
from corrections_service.rules.lexicon.forms import NAMELESS_ENDING, is_unspaced
from corrections_service.rules.lexicon.tables import LONGEST_WORD, NEVER, Table, look_up, meanings_within, read_table

MONTHS = frozenset("january february march april may june july august september october november december".split())
SPANS_OF_TIME = frozenset(["day", "week", "month", "year", "century"])
"""What `date` and `unit` call them."""

_SHORT_UNIT = 3  # letters; as short, it is a unit only beside a number
_ENOUGH = 2  # words that speak for a language, more than for any other

# Which of these a text is in must be found out; the others have a script of their own, and so always count.
_TOLD_BY_WORDS = {
    "en": en.WORDS, "uk": uk.WORDS, "ru": ru.WORDS, "de": de.WORDS, "fr": fr.WORDS, "es": es.WORDS, "pt": pt.WORDS,
    "it": it.WORDS, "pl": pl.WORDS, "tr": tr.WORDS, "sv": sv.WORDS, "nl": nl.WORDS,
}  # fmt: skip
_TOLD_BY_SCRIPT = (common.WORDS, ar.WORDS, he.WORDS, ko.WORDS, east.WORDS)
_TELLING = {name: frozenset(words.function.split()) for name, words in _TOLD_BY_WORDS.items()}
_TELLING_LETTERS = {name: frozenset(words.letters) for name, words in _TOLD_BY_WORDS.items() if words.letters}
_DOUBTFUL = frozenset("due on once sei bin otto uno nove".split())
"""Numbers in one language that are common words of others: none where the language is not known."""

_ONLY_WITH_A_CAPITAL = frozenset(["may", "march", "august", "sat", "sun", "wed"])
_CJK_NUMBER = regex.compile(
    r"""
      [〇零一二三四五六七八九十百千]{2,}          # 二十
    | [〇零二三四五六七八九十百千]                # 三; 一 alone is in many words
    | (?<=[数數几幾\p{N}])[万萬億亿]              # 5万
    | [两兩]                                      # 两
    | 半                                          # 半: a half
    """,
    regex.VERBOSE,
)
_SAME_NUMBER = str.maketrans("萬億两兩", "万亿二二")
_AFTER_NUMBER = r"(?<=[\p{N}〇零一二三四五六七八九十百千万萬億亿兆数數几幾两兩半])"
_HARMONY = str.maketrans("aıuüd", "eiiit")
"""Sounds of a Turkish word that those beside them change."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The words of one language, or of all where it is not known, and of what every language writes."""

    language: str
    """Its code, or "" where it is not known."""
    function: frozenset[str]
    pronouns: frozenset[str]
    has_noun_capitals: bool
    """Whether all nouns have a capital in what is likeliest spoken, so that one tells no name."""
    speaks: regex.Pattern[str]
    """What stands after a name, before what that person does."""
    numbers: Table
    dates: Table
    times: Table
    units: Table
    denials: Table
    places: Table
    opposites: Table
    counted: regex.Pattern[str]
    number_parts: regex.Pattern[str]
    denying_prefix: regex.Pattern[str]
    denying_suffix: regex.Pattern[str]
    denying_middle: regex.Pattern[str]

    def may_state_fact(self, word: str) -> bool:
        """Whether a word, as it is written, can carry a fact in this language: `may` has none, `May` has."""
        return word not in _ONLY_WITH_A_CAPITAL and bool(self.language or plain(word) not in _DOUBTFUL)

    def number(self, word: str) -> str | None:
        """The value that a number word has, as digits, or None."""
        return _number(word, self)

    def date(self, word: str) -> str | None:
        """The month, weekday, day, season or time of day that a word names, in English, or None."""
        return look_up(word, self.dates)

    def relative_time(self, word: str) -> str | None:
        """What a word such as last, next or early says of the time beside it, in English, or None."""
        return look_up(word, self.times)

    def unit(self, word: str, *, beside_number: bool) -> str | None:
        """The unit of measure, money or scale that a word or sign means, or None; short words need a number."""
        if not is_unspaced(word):
            beside_number |= word[0].isdigit()
            bare = word.lstrip("0123456789")
            if not bare or (len(bare) <= _SHORT_UNIT and bare[0].isalpha() and not beside_number):
                return None
        meaning = look_up(word, self.units)
        if meaning is None and not is_unspaced(word):
            scale = look_up(word, self.numbers)
            return scale if scale is not None and len(scale) > len("100") else None
        return meaning

    def denies(self, word: str) -> str | None:
        """The meaning "no" of a word that makes a statement its opposite, once for each denial within it, or None."""
        return "no" if word.endswith("n't") else look_up(word, self.denials)

    def denies_by_form(self, word: str, other: str) -> bool:
        """Whether one of two words denies the other, as in able and unable, harmful and harmless."""
        if max(len(word), len(other)) > LONGEST_WORD:
            return False
        longer, shorter = (word, other) if len(word) > len(other) else (other, word)
        prefix = self.denying_prefix.match(longer)
        if prefix is not None and longer[prefix.end() :] == shorter:
            return True
        less = [self.denying_suffix.fullmatch(side) for side in (longer, shorter)]
        stem = next((match[1] for match in less if match), None)
        if stem is not None and not all(less) and longer.startswith(stem) and shorter.startswith(stem):
            return OSA.distance(longer, shorter) > 1
        without = [longer[: cut.start()] + longer[cut.end() :] for cut in self.denying_middle.finditer(longer)]
        return shorter.translate(_HARMONY) in [word.translate(_HARMONY) for word in without]

    def turns_round(self, removals: Iterable[str], additions: Iterable[str]) -> bool:
        """Whether words give way to what cannot be true at once, as refused to agreed, and all to most."""
        old_sides, new_sides = (
            [side.partition("/")[::2] for word in words for side in _sides(look_up(word, self.opposites))]
            for words in (removals, additions)
        )
        return any(
            group == new_group and side != new_side for group, side in old_sides for new_group, new_side in new_sides
        )

    def place(self, word: str) -> str | None:
        """The country or city, in English, that a word of a script without capitals names, or None."""
        return look_up(word, self.places)

    def is_function_word(self, word: str) -> bool:
        """Whether a word only holds a sentence together: an article, a pronoun, a preposition, an auxiliary."""
        return word in self.function

    def is_pronoun(self, word: str) -> bool:
        """Whether a word stands for a person or thing that has a name."""
        return word in self.pronouns

    def is_known(self, word: str) -> bool:
        """Whether a word is in a table of words that may have a capital and are no names."""
        return (
            self.is_function_word(word)
            or self.unit(word, beside_number=False) is not None
            or any(meaning(word) is not None for meaning in (self.number, self.date, self.denies))
        )

    def may_be_name(self, word: str) -> bool:
        """Whether a word may be a name by its form, which is all there is to go by where a sentence begins."""
        return not self.is_function_word(word) and NAMELESS_ENDING.search(word) is None


def plain(value: str) -> str:
    """Words as the tables have them: lower case, a straight apostrophe, no soft hyphens."""
    if value.isascii():
        return value.lower()
    return value.lower().replace("’", "'").replace("ʼ", "'").replace("\u00ad", "")


def speaking(words: set[str]) -> Lexicon:
    """The lexicon of the language that these plain words are of; where that is not clear, of all languages.

    It is clear where two words more speak for one language than for any other.
    """
    counts = {name: len(words & telling) for name, telling in _TELLING.items()}
    all_letters = set("".join(words))
    for name, letters in _TELLING_LETTERS.items():
        if not letters.isdisjoint(all_letters):
            counts[name] += sum(not letters.isdisjoint(word) for word in words)
    second, first = sorted(counts.values())[-2:]
    likeliest = max(counts, key=lambda name: counts[name])
    return _lexicon(
        likeliest if first >= second + _ENOUGH else "",
        has_noun_capitals=bool(first) and _TOLD_BY_WORDS[likeliest].has_noun_capitals,
    )


def listed(language: str) -> dict[str, str]:
    """The tables of one language for the reader's script, which guesses the kind of an edit as `changes` does."""
    scripts = {"ar": ar.WORDS, "he": he.WORDS}
    words = _TOLD_BY_WORDS.get(language) or scripts[language]
    facts = "\n".join([words.numbers, words.dates, words.denials])
    tables = {"facts": facts, "opposites": _opposites([words.opposites]), "endings": words.number_endings}
    return {name: " ".join(table.split()) for name, table in tables.items()}


@lru_cache(maxsize=len(_TOLD_BY_WORDS) + 2)
def _lexicon(language: str, *, has_noun_capitals: bool) -> Lexicon:
    languages = [_TOLD_BY_WORDS[language]] if language else list(_TOLD_BY_WORDS.values())
    every = [*languages, *_TOLD_BY_SCRIPT]

    def merged(name: str) -> frozenset[str]:
        return frozenset(" ".join(getattr(words, name) for words in every).split())

    def pattern(name: str, form: str) -> regex.Pattern[str]:
        alternatives = " ".join(getattr(words, name) for words in every).split()
        return regex.compile(form % "|".join(alternatives)) if alternatives else NEVER

    return Lexicon(
        language=language,
        has_noun_capitals=has_noun_capitals,
        function=merged("function"),
        pronouns=merged("pronouns"),
        speaks=pattern("speaks", r"\s(?:%s)(?!\p{L})"),
        numbers=read_table([(words.numbers, words.number_endings) for words in every]),
        dates=read_table([(words.dates, "") for words in every]),
        times=read_table([(words.relative, "") for words in every]),
        units=read_table([(words.units, "") for words in every], before=_AFTER_NUMBER),
        denials=read_table([(words.denials, "") for words in every]),
        places=read_table([(words.places, "") for words in every]),
        opposites=read_table([(_opposites([words.opposites for words in every]), "")]),
        counted=pattern("counted", r"(?P<number>\p{L}{2,20}?)(?:%s)\p{L}{0,5}"),
        number_parts=pattern("number_parts", r"(?:%s)"),
        denying_prefix=pattern("denying_prefix", r"(?:%s)"),
        denying_suffix=pattern("denying_suffix", r"(\p{L}{3,30})(?:%s)"),
        denying_middle=pattern("denying_middle", r"(?:%s)"),
    )


def _opposites(languages: Sequence[str]) -> str:
    """Groups of opposites as a table: a word means all sides it is on, as `3/1+7/0`."""
    sides: dict[str, list[str]] = {}
    for group, line in enumerate("\n".join(languages).splitlines()):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                sides.setdefault(word, []).append(f"{group}/{side}")
    return "\n".join(f"{'+'.join(on)}: {word}" for word, on in sides.items())


def _sides(meaning: str | None) -> list[str]:
    return (meaning or "").replace("+", " ").split()


@lru_cache(maxsize=8192)
def _number(word: str, lexicon: Lexicon) -> str | None:
    if is_unspaced(word):
        return (
            " ".join(_CJK_NUMBER.findall(word) + meanings_within(word, lexicon.numbers)).translate(_SAME_NUMBER) or None
        )
    if len(word) > LONGEST_WORD or lexicon.date(word) is not None:
        return None
    match = lexicon.counted.fullmatch(word)
    return (
        look_up(word, lexicon.numbers)
        or (match and _number(match["number"], lexicon))
        or (word if lexicon.number_parts.fullmatch(word) else None)
    )
