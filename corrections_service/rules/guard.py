"""The class guard: why a change may be more than a typo (a number, name, date, unit, negation or quotation)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

import regex

from corrections_service.rules.lexicon import MONTHS, SPANS_OF_TIME, Lexicon, forms, plain, speaking
from corrections_service.rules.pieces import WORD, Edit, Piece
from corrections_service.rules.proper_names import changes_name, changes_titled
from corrections_service.rules.quotations import quotations
from corrections_service.rules.slips import FEW, is_misspelt, slips
from corrections_service.rules.text import fold

_LONG = 5  # letters; as long words may be put together of others
_SIGN = regex.compile(r"[\p{Sc}%‰٪％℃℉]|°\s?[CFС]\b")
_LINK = regex.compile(r"(?i)\b(?:https?://|www\.)\S*+")
_DIGITS = regex.compile(
    r"""
      (?:(?<![\p{L}\p{N}])[-−+±])?                   # -5, but the 5 of G-5
      \p{Nd}++                                       # 1987, ١٩٨٧
      (?:[.,:/'’\u00a0\u202f ]\p{Nd}++)*+            # 1,000.50
    | [\p{No}\p{Nl}]                                 # ½
    """,
    regex.VERBOSE,
)
_GROUPED = regex.compile(r"(?<=\d)[ '’\u00a0\u202f](?=\d{3}(?!\d))")
_ENGLISH_GROUPS = regex.compile(r"[-+]?\d{1,3}(?:,\d{3})+")
_YEAR = regex.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_NUMERIC_DATE = regex.compile(
    r"""
    (?<!\d)(?:
      \d{1,4}[./-](?:\d{1,2}|\p{L}{3,9})[./-]\d{1,4}(?!\d)    # 1/5/2026, 1-May-26
    | \d{1,2}\.\d{1,2}\.(?!\d)                                # 1.5.
    | \d{1,4}\s?[年月日号號년월]                              # 5月
    )
    """,
    regex.VERBOSE,
)
_ROMAN = regex.compile(
    r"""
    (?<![\p{L}\p{N}])
    (?:
      [IVXLІХ]{2,}                                   # XIV, also with Cyrillic letters
    | (?<=\p{Lu}\p{L}+\s)[IVXІХ]                     # Charles V
    )
    (?=(?:e|er|ème|º)?(?![\p{L}\p{N}'’]))            # XIXe
    """,
    regex.VERBOSE,
)
_HALF_DAY = regex.compile(r"\d ?([AaPp])\.? ?[Mm]\b")


def reasons(
    edits: Sequence[Edit], pieces: Sequence[Piece], prefix: str, suffix: str, lexicon: Lexicon
) -> tuple[str, ...]:
    """Why edits are more than a typo: number, name, date, unit, negation, quotation, in this order.

    `prefix` and `suffix` are the text around them all, `lexicon` that of their language: only its rules act.
    """
    subjects = set[str]().union(*(_facts(edit, lexicon) for edit in edits))
    if changes_titled(pieces, prefix, suffix, lexicon) or any(changes_name(edit, pieces, lexicon) for edit in edits):
        subjects.add("name")
    before, after = ("".join(getattr(piece, side) for piece in pieces) for side in ("before", "after"))
    if quotations(prefix + before + suffix) != quotations(prefix + after + suffix):
        subjects.add("quotation")
    return tuple(reason for reason in ("number", "name", "date", "unit", "negation", "quotation") if reason in subjects)


def language_of(pieces: Sequence[Piece], prefix: str, suffix: str) -> Lexicon:
    """The lexicon for a change: of the language that both its sides and the text around it are in."""
    sides = (side for piece in pieces for side in {piece.before, piece.after})
    return speaking(set(WORD.findall(plain(" ".join([prefix, *sides, suffix])))))


def without_links(value: str) -> str:
    """A text without the addresses in it, whose words and figures say nothing."""
    return str(_LINK.sub("", value))


def _facts(edit: Edit, lexicon: Lexicon) -> set[str]:
    """Which of number, name (of a place), date, unit and negation the words of an edit touch."""
    before, after = without_links(edit.before), without_links(edit.after)
    subjects: set[str] = set()
    digits = _digits(before), _digits(after)
    romans = _romans(edit, edit.before), _romans(edit, edit.after)
    if fold(before).text == fold(after).text:
        return {"number"} if digits[0] != digits[1] else subjects
    last, following = WORD.findall(edit.left)[-1:], WORD.findall(edit.right)[:1]
    old, new = (_words([*last, *WORD.findall(side), *following], lexicon) for side in (before, after))
    values = [
        Counter([*figures, *filter(None, map(lexicon.number, side))])
        for figures, side in zip(digits, (old, new), strict=True)
    ]
    if digits[0] != digits[1]:
        changes_number = values[0] != values[1] or len(digits[0]) == len(digits[1])  # else only written otherwise
    else:
        changes_number = _differ(old, new, lexicon.number, lexicon)
    if changes_number or (all(romans) and romans[0] != romans[1]):
        subjects.add("number")
    if (
        _differ(old, new, lexicon.date, lexicon)
        or ("number" in subjects and _is_in_date(edit, lexicon))
        or (_differ(old, new, lexicon.relative_time, lexicon) and _is_beside_time(edit, lexicon))
        or len({_half_day(edit.left + side) for side in (edit.before, edit.after)}) > 1
    ):
        subjects.add("date")
    if _changes_unit(edit, before, after, old, new, lexicon):
        subjects.add("unit")
    if (
        _differ(old, new, lexicon.denies, lexicon)
        or (lexicon.language in ("fr", "") and forms.says_no_longer(before) != forms.says_no_longer(after))
        or (len(old) <= FEW and any(lexicon.denies_by_form(*pair) for pair in zip(old, new, strict=False)))
        or lexicon.turns_round((Counter(old) - Counter(new)).keys(), (Counter(new) - Counter(old)).keys())
    ):
        subjects.add("negation")
    if _differ(old, new, lexicon.place, lexicon):
        subjects.add("name")
    return subjects


def _words(spellings: Iterable[str], lexicon: Lexicon) -> list[str]:
    """The words that can state a fact; one that is doubled by mistake is one."""
    return [word for word, _ in groupby(plain(word) for word in spellings if lexicon.may_state_fact(word))]


def _changes_unit(
    edit: Edit, before: str, after: str, old: Sequence[str], new: Sequence[str], lexicon: Lexicon
) -> bool:
    left, right = (WORD.findall(plain(side)) for side in (edit.left, edit.right))
    beside = [*left[-1:], *right[:1]]
    has_number = any(map(str.isnumeric, "".join([before, after, *beside]))) or any(map(lexicon.number, [*old, *beside]))

    def unit(word: str) -> str | None:
        return lexicon.unit(word, beside_number=has_number)

    signs = [[unit(sign.lower()) or sign for sign in _SIGN.findall(side)] for side in (before, after)]
    old_units, new_units = (
        Counter(filter(None, [*map(unit, side), *sign_units]))
        for side, sign_units in zip((old, new), signs, strict=True)
    )
    return old_units != new_units and (signs[0] != signs[1] or _differ(old, new, unit, lexicon))


def _romans(edit: Edit, side: str) -> list[str]:
    whole = edit.left + side
    return [match[0].replace("І", "I").replace("Х", "X") for match in _ROMAN.finditer(whole, len(edit.left))]


def _digits(side: str) -> list[str]:
    """The numbers written in digits, of whatever script, without what only groups their digits."""
    values = []
    for figure in _DIGITS.findall(side):
        value = "".join(_digit(letter) for letter in figure)
        value = _GROUPED.sub("", value)
        values += (value.replace(",", "") if _ENGLISH_GROUPS.fullmatch(value) else value).split()
    return values


def _digit(letter: str) -> str:
    if letter in "−-–":
        return "-"
    value = unicodedata.numeric(letter, None)
    return letter if value is None else f"{value:g}"


def _is_in_date(edit: Edit, lexicon: Lexicon) -> bool:
    """Whether a number that changes is a day or a year: of a month beside it, or by its form."""
    left, *sides, right = (
        WORD.findall(plain(text)) for text in (edit.left[-25:], edit.before, edit.after, edit.right[:25])
    )
    beside = [*left[-2:], *sides[0], *sides[1], *right[:2]]
    if any(lexicon.date(word) in MONTHS or lexicon.unit(word, beside_number=True) == "century" for word in beside):
        return True
    return any(shape.search(side) for side in (edit.before, edit.after) for shape in (_YEAR, _NUMERIC_DATE))


def _half_day(value: str) -> str | None:
    match = _HALF_DAY.search(value)
    return None if match is None else match[1].lower()


def _is_beside_time(edit: Edit, lexicon: Lexicon) -> bool:
    around = plain(f"{edit.left[-25:]}|{edit.before}|{edit.after}|{edit.right[:25]}")
    return any(
        lexicon.date(word) is not None or lexicon.unit(word, beside_number=True) in SPANS_OF_TIME
        for word in WORD.findall(around)
    )


def _differ(old: Sequence[str], new: Sequence[str], meaning: Callable[[str], str | None], lexicon: Lexicon) -> bool:
    """Whether words with such a meaning come, go or change; one that was misspelled does not."""
    old_meanings = [(value, word) for word in old if (value := meaning(word)) is not None]
    new_meanings = [(value, word) for word in new if (value := meaning(word)) is not None]
    if [value for value, _ in old_meanings] == [value for value, _ in new_meanings]:
        return False
    if len(old_meanings) == len(new_meanings):
        return any(
            before[0] != after[0] and not _is_put_together(before, after)
            for before, after in zip(old_meanings, new_meanings, strict=True)
        )
    if max(len(old), len(new)) > FEW:
        return True
    fewer, others, more = (
        (old_meanings, old, new_meanings)
        if len(old_meanings) < len(new_meanings)
        else (new_meanings, new, old_meanings)
    )
    strangers = set(others) - (set(old) & set(new))
    extra = Counter(value for value, _ in more) - Counter(value for value, _ in fewer)
    return any(
        value in extra and not any(is_misspelt(other, word, lexicon) for other in strangers if meaning(other) is None)
        for value, word in more
    )


def _is_put_together(before: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether two words are one number, of which one was put together with a slip: `sechszehn`."""
    return (
        any(value == word and len(word) > _LONG for value, word in (before, after)) and slips(before[1], after[1]) <= 1
    )
