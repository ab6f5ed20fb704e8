"""The class guard: why a change may be more than a typo (a number, name, date, unit, negation or quotation)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, takewhile

import regex
from rapidfuzz.distance import OSA, Indel

from corrections_service.rules import lexicon
from corrections_service.rules.lexicon import Lexicon
from corrections_service.rules.pieces import WORD, Edit, Piece
from corrections_service.rules.text import fold

FEW = 40
"""Words or changes: beyond them nobody looks for misspellings."""

_LONG = 5  # letters; as long words may be put together of others
_ALIKE = 0.6  # as alike, two words are two spellings of one
_SIGN = regex.compile(r"[\p{Sc}%‰٪％℃℉]|°\s?[CFС]\b")
_LINK = regex.compile(r"(?i)\b(?:https?://|www\.)\S*+")
_DIGITS = regex.compile(r"(?:(?<![\p{L}\p{N}])[-−+±])?\p{Nd}++(?:[.,:/'’\u00a0\u202f ]\p{Nd}++)*+|[\p{No}\p{Nl}]")
_GROUPED = regex.compile(r"(?<=\d)[ '’\u00a0\u202f](?=\d{3}(?!\d))")
_ENGLISH_GROUPS = regex.compile(r"[-+]?\d{1,3}(?:,\d{3})+")
_YEAR = regex.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_NUMERIC_DATE = regex.compile(
    r"(?<!\d)(?:\d{1,4}[./-](?:\d{1,2}|\p{L}{3,9})[./-]\d{1,4}(?!\d)|\d{1,2}\.\d{1,2}\.(?!\d)|\d{1,4}\s?[年月日号號년월])"
)
_ROMAN = regex.compile(
    r"(?<![\p{L}\p{N}])(?:[IVXLІХ]{2,}|(?<=\p{Lu}\p{L}+\s)[IVXІХ])(?=(?:e|er|ème|º)?(?![\p{L}\p{N}'’]))"
)
_HALF_DAY = regex.compile(r"\d ?([AaPp])\.? ?[Mm]\b")
_QUOTE_MARK = regex.compile(r"[\"“”„‟«»‹›「」『』《》״＂]")
_OPENING_MARKS, _PLAIN_MARKS = "“„‟«‹「『《", '"״＂'
_SINGLE_QUOTED = regex.compile(r"(?<![\p{L}\p{N}])(?:‘[^‘’]*+’|‚[^‚‘’]*+[‘’]|'[^'\n]{1,300}+')(?![\p{L}\p{N}])")
_OUTSIDE_WORDS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_ELISION = regex.compile(r"(?i)^(?:[cdjlmnst]|qu)['’ʼ]")
_SENTENCE_START = regex.compile(r"(?:^|[.!?…。:•\n]|\s[-–—*])[\s\"'«»“”„‘’(\[]*$|[«“„‘\"]$")
_ABBREVIATED = regex.compile(
    r"(?i)(?:^|[\s(])(?:mrs?|ms|drs?|st|prof|sen|rep|gov|gen|col|lt|sgt|jr|no|mt|hr|fr|mme|m|sra?|dña|м|вул|ім|г|ул|им"
    r"|гр|пр|просп|о|проф|акад|см|(?-i:\p{Lu}))\.\s*$"
)
_BARE_PREPOSITION = regex.compile(r"\b(?:[Ii]n|[Nn]ach|[Aa]us|[Vv]on|[Bb]ei|[Gg]egen|Herrn?|Frau)\s+$")
_CAPITAL_BEFORE = regex.compile(r"(?:^|[\s(])\p{Lu}[\p{L}\p{M}.'’]*\s+$")
_CAPITAL_AFTER = regex.compile(r"^\s+\p{Lu}")
_BEFORE_NOUN = regex.compile(
    r"(?:^|\s)(?!(?:sagte|erklärte|betonte|forderte|kritisierte|meinte|warnte|wollte|konnte|musste|hatte|haben|wurde|wie"
    r"|oder|wenn|dagegen)\s)(?:das|\p{Ll}?ein|unser|euer|ihr|zum|zur|i[mn]s?|a[mn]s?|vom|beim|viel|\d+|\p{Ll}+(?:e|e[nrsm]))\s+$"
)
_NO_CAPITALS = regex.compile(r"^\s*[\p{Arabic}\p{Hebrew}\p{Hangul}\p{Han}\p{Katakana}]+\s*$")
_DEFINITE = regex.compile(r"^\s*(?:ال|ה)")
_ENDING = regex.compile(r"(?<=\p{L}{2})['’ʼ][a-zçğıöşü]{1,4}$")
_MARKS = regex.compile(r"\p{M}")
_DOUBLED = regex.compile(r"(.{1,2}?)\1+")
_VOWEL_ENDING = regex.compile(r"[аеєиіїоуюяыэ][йїхмв]?\p{L}?")
_MIXED_SCRIPTS = regex.compile(r"\p{Latin}\p{Cyrillic}|\p{Cyrillic}\p{Latin}")


@dataclass(frozen=True, slots=True)
class _Name:
    """A word with a capital; it is certain where only names have one."""

    word: str
    certain: bool


def reasons(
    edits: Sequence[Edit], pieces: Sequence[Piece], prefix: str, suffix: str, known: Lexicon
) -> tuple[str, ...]:
    """Return why edits are more than a typo: number, name, date, unit, negation, quotation, in this order.

    `prefix` and `suffix` are the text around them all, `known` the words of their language: only its rules act.
    """
    found = set[str]().union(*(_facts(edit, known) for edit in edits))
    if _titled(pieces, prefix, suffix, known) or any(_changes_name(edit, pieces, known) for edit in edits):
        found.add("name")
    before, after = ("".join(getattr(piece, side) for piece in pieces) for side in ("before", "after"))
    if _quotations(prefix + before + suffix) != _quotations(prefix + after + suffix):
        found.add("quotation")
    return tuple(reason for reason in ("number", "name", "date", "unit", "negation", "quotation") if reason in found)


def language_of(pieces: Sequence[Piece], prefix: str, suffix: str) -> Lexicon:
    """Return the lexicon for a change: of the language that both its sides and the text around it are in."""
    sides = (side for piece in pieces for side in {piece.before, piece.after})
    return lexicon.speaking(set(WORD.findall(lexicon.plain(" ".join([prefix, *sides, suffix])))))


def without_links(value: str) -> str:
    """Return a text without the addresses in it, whose words and figures say nothing."""
    return str(_LINK.sub("", value))


def _facts(edit: Edit, known: Lexicon) -> set[str]:
    """Return which of number, name (of a place), date, unit and negation the words of an edit touch."""
    before, after = without_links(edit.before), without_links(edit.after)
    found: set[str] = set()
    digits = _digits(before), _digits(after)
    romans = _romans(edit, edit.before), _romans(edit, edit.after)
    if fold(before).text == fold(after).text:
        return {"number"} if digits[0] != digits[1] else found
    last, following = WORD.findall(edit.left)[-1:], WORD.findall(edit.right)[:1]
    old, new = (_words([*last, *WORD.findall(side), *following], known) for side in (before, after))
    values = [
        Counter([*written, *filter(None, map(known.number, side))])
        for written, side in zip(digits, (old, new), strict=True)
    ]
    if digits[0] != digits[1]:
        changed = values[0] != values[1] or len(digits[0]) == len(digits[1])  # else only written otherwise
    else:
        changed = _differ(old, new, known.number, known)
    if changed or (all(romans) and romans[0] != romans[1]):
        found.add("number")
    if (
        _differ(old, new, known.date, known)
        or ("number" in found and _is_in_date(edit, known))
        or (_differ(old, new, known.relative_time, known) and _is_beside_time(edit, known))
        or len({_half_day(edit.left + side) for side in (edit.before, edit.after)}) > 1
    ):
        found.add("date")
    if _changes_unit(edit, before, after, old, new, known):
        found.add("unit")
    if (
        _differ(old, new, known.denies, known)
        or (known.language in ("fr", "") and lexicon.says_no_longer(before) != lexicon.says_no_longer(after))
        or (len(old) <= FEW and any(known.denies_by_form(*pair) for pair in zip(old, new, strict=False)))
        or known.turns_round((Counter(old) - Counter(new)).keys(), (Counter(new) - Counter(old)).keys())
    ):
        found.add("negation")
    if _differ(old, new, known.place, known):
        found.add("name")
    return found


def _words(written: Iterable[str], known: Lexicon) -> list[str]:
    """Return the words that can state a fact; one that is doubled by mistake is one."""
    return [word for word, _ in groupby(lexicon.plain(word) for word in written if known.may_state_fact(word))]


def _changes_unit(edit: Edit, before: str, after: str, old: Sequence[str], new: Sequence[str], known: Lexicon) -> bool:
    left, right = (WORD.findall(lexicon.plain(side)) for side in (edit.left, edit.right))
    beside = [*left[-1:], *right[:1]]
    numbered = any(map(str.isnumeric, "".join([before, after, *beside]))) or any(map(known.number, [*old, *beside]))

    def unit(word: str) -> str | None:
        return known.unit(word, beside_number=numbered)

    signs = [[unit(sign.lower()) or sign for sign in _SIGN.findall(side)] for side in (before, after)]
    had, has = (
        Counter(filter(None, [*map(unit, side), *marked])) for side, marked in zip((old, new), signs, strict=True)
    )
    return had != has and (signs[0] != signs[1] or _differ(old, new, unit, known))


def _romans(edit: Edit, side: str) -> list[str]:
    whole = edit.left + side
    return [found[0].replace("І", "I").replace("Х", "X") for found in _ROMAN.finditer(whole, len(edit.left))]


def _digits(side: str) -> list[str]:
    """Return the numbers written in digits, of whatever script, without what only groups their digits."""
    values = []
    for written in _DIGITS.findall(side):
        value = "".join(_digit(letter) for letter in written)
        value = _GROUPED.sub("", value)
        values += (value.replace(",", "") if _ENGLISH_GROUPS.fullmatch(value) else value).split()
    return values


def _digit(letter: str) -> str:
    if letter in "−-–":
        return "-"
    value = unicodedata.numeric(letter, None)
    return letter if value is None else f"{value:g}"


def _is_in_date(edit: Edit, known: Lexicon) -> bool:
    """Tell whether a number that changes is a day or a year: of a month beside it, or by its form."""
    left, *sides, right = (
        WORD.findall(lexicon.plain(text)) for text in (edit.left[-25:], edit.before, edit.after, edit.right[:25])
    )
    beside = [*left[-2:], *sides[0], *sides[1], *right[:2]]
    if any(known.date(word) in lexicon.MONTHS or known.unit(word, beside_number=True) == "century" for word in beside):
        return True
    return any(shape.search(side) for side in (edit.before, edit.after) for shape in (_YEAR, _NUMERIC_DATE))


def _half_day(value: str) -> str | None:
    found = _HALF_DAY.search(value)
    return None if found is None else found[1].lower()


def _is_beside_time(edit: Edit, known: Lexicon) -> bool:
    around = lexicon.plain(f"{edit.left[-25:]}|{edit.before}|{edit.after}|{edit.right[:25]}")
    return any(
        known.date(word) is not None or known.unit(word, beside_number=True) in lexicon.SPANS_OF_TIME
        for word in WORD.findall(around)
    )


def _differ(old: Sequence[str], new: Sequence[str], meaning: Callable[[str], str | None], known: Lexicon) -> bool:
    """Tell whether words with such a meaning come, go or change; one that was misspelled does not."""
    had = [(value, word) for word in old if (value := meaning(word)) is not None]
    has = [(value, word) for word in new if (value := meaning(word)) is not None]
    if [value for value, _ in had] == [value for value, _ in has]:
        return False
    if len(had) == len(has):
        return any(one[0] != other[0] and not _is_put_together(one, other) for one, other in zip(had, has, strict=True))
    if max(len(old), len(new)) > FEW:
        return True
    fewer, others, more = (had, old, has) if len(had) < len(has) else (has, new, had)
    strange = set(others) - (set(old) & set(new))
    extra = Counter(value for value, _ in more) - Counter(value for value, _ in fewer)
    return any(
        value in extra and not any(is_misspelt(other, word, known) for other in strange if meaning(other) is None)
        for value, word in more
    )


def _is_put_together(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two words are one number, of which one was put together with a slip: `sechszehn`."""
    return any(value == word and len(word) > _LONG for value, word in (one, other)) and slips(one[1], other[1]) <= 1


def is_misspelt(word: str, meant: str, known: Lexicon) -> bool:
    """Tell whether a word is another with a slip or two, and no word that is known."""
    if lexicon.is_unspaced(word):
        return False
    if _bare(word) == _bare(meant):
        return True
    return not known.is_function_word(word) and slips(word, meant) <= 1 + len(meant[:60]) // 6


def slips(one: str, other: str) -> int:
    """Return how many letters are put in, left out, exchanged or changed; capitals, marks and doubling do not count."""
    sides = [(value[:60].lower(), _bare(value)) for value in (one, other)]
    return min(OSA.distance(*pair) for pair in zip(*sides, strict=True))


def _bare(word: str) -> str:
    """Return a word in lower case without marks on its letters, none of which, nor a pair of them, is doubled."""
    letters = _MARKS.sub("", unicodedata.normalize("NFD", word[:60].lower()))
    return str(_DOUBLED.sub(r"\1", letters))


def alike(one: str, other: str) -> bool:
    """Tell whether two words look like two spellings of one."""
    return Indel.normalized_similarity(one[:64], other[:64]) >= _ALIKE


def _titled(pieces: Sequence[Piece], prefix: str, suffix: str, known: Lexicon) -> bool:
    """Tell whether a word beside a title changes, which in scripts without capitals is a name."""
    parts = [Piece("equal", prefix, prefix), *pieces, Piece("equal", suffix, suffix)]
    for last, piece, following in islice(zip(parts, parts[1:], parts[2:], strict=False), 2 * FEW):
        sides = [side for side in (piece.before, piece.after) if side]
        if piece.op == "equal" or not all(map(_NO_CAPITALS.search, sides)):
            continue
        if len(sides) < 2 and not lexicon.is_unspaced(sides[0]):
            continue
        if lexicon.is_beside_title(last.before[-30:], following.before[:10]) and not any(
            known.is_function_word(side) or _DEFINITE.match(side) for side in sides
        ):
            return fold(piece.before).text != fold(piece.after).text
    return False


def _changes_name(edit: Edit, pieces: Sequence[Piece], known: Lexicon) -> bool:
    """Tell whether a name comes, goes or changes; to write the same letters otherwise is no change."""
    if _letters(edit.before) == _letters(edit.after):
        return False
    old, new = ({_ENDING.sub("", word) for word in WORD.findall(side.lower())} for side in (edit.before, edit.after))
    gone = list(islice(_names(edit, edit.before, new, known), FEW))
    come = list(islice(_names(edit, edit.after, old, known), FEW))
    if not gone or not come:
        return any(_is_name(name, old ^ new, known) for name in gone + come)
    one, other = gone[0].word, come[0].word
    if _MIXED_SCRIPTS.search(one):
        return False
    are_alike = alike(one.lower(), other.lower()) or not slips(one, other)
    if are_alike and any(
        piece.op == "equal" and regex.search(rf"(?i)\b{regex.escape(other)}\b", piece.before) for piece in pieces
    ):
        return False  # the text itself knows how it is spelled
    if OSA.distance(one.lower(), other.lower(), score_cutoff=1) <= 1 and lexicon.is_abstract(other.lower()):
        return False  # one slip in a capitalised term
    if not _CAPITAL_BEFORE.search(edit.left) and any(
        known.is_known(lexicon.plain(meant)) and is_misspelt(word.lower(), meant.lower(), known)
        for word, meant in ((one, other), (other, one))
    ):
        return False  # a weekday or the like
    if gone[0].certain and come[0].certain:
        return True
    forms = [known.may_be_name(lexicon.plain(word)) for word in (one, other)]
    if not are_alike:
        return any(forms)
    if known.has_noun_capitals or not all(forms) or _has_other_ending(one, other):
        return False
    # One slip where any word has a capital is of a name only if somebody speaks.
    return slips(one, other) > 1 or known.speaks.match(edit.right) is not None


def _is_name(name: _Name, changed: set[str], known: Lexicon) -> bool:
    """Tell whether a word is a name, for which the other side has none.

    A certain one is, but for a weekday or the like with a slip; where a sentence begins it is if a pronoun gives way
    to it: `He`, `Eugenia`.
    """
    word = lexicon.plain(name.word)
    if name.certain:
        return not any(known.is_known(other) and is_misspelt(word, other, known) for other in changed - {word})
    return known.may_be_name(word) and any(
        known.is_pronoun(other) and slips(word, other) > 1 for other in map(lexicon.plain, changed)
    )


def _letters(value: str) -> str:
    return str(_OUTSIDE_WORDS.sub("", fold(value).text))


def _has_other_ending(one: str, other: str) -> bool:
    """Tell whether two Cyrillic words differ in the vowels that they end with, as cases and genders do."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return shared > 2 and all(map(_VOWEL_ENDING.fullmatch, (one[shared:], other[shared:])))


def _names(edit: Edit, side: str, others: set[str], known: Lexicon) -> Iterator[_Name]:
    """Yield the words of one side that may be names, but those that the other side has."""
    whole = edit.left + side + edit.right
    for found in WORD.finditer(whole, len(edit.left), len(edit.left) + len(side)):
        word = _ENDING.sub("", _ELISION.sub("", found[0]))
        before, after = whole[max(0, found.start() - 60) : found.start()], whole[found.end() : found.end() + 20]
        if word.lower() in others or not any(letter.isupper() for letter in word):
            continue
        if len(word) < 2:
            if after.startswith(".") and not before.endswith("."):
                yield _Name(word, _CAPITAL_AFTER.match(after[1:]) is not None)
            continue
        acronym = word.isupper() and not before.isupper()
        if known.is_function_word(lexicon.plain(word)) and not acronym:
            continue
        certain = any(letter.isupper() for letter in word[1:])
        if word[0].isupper() and not certain:
            starts = _SENTENCE_START.search(before) is not None and not _ABBREVIATED.search(before)
            certain = bool(_CAPITAL_AFTER.search(after)) or (
                _is_certain_in_german(word, before, after, known, starts=starts)
                if known.has_noun_capitals
                else not starts
            )
        yield _Name(word, certain)


def _is_certain_in_german(word: str, before: str, after: str, known: Lexicon, *, starts: bool) -> bool:
    """Tell whether a word with a capital is a name: no article or adjective, but a name is before, or it speaks."""
    if _BARE_PREPOSITION.search(before) or (_CAPITAL_BEFORE.search(before) and not _plain_before(before, known)):
        return True
    if not known.may_be_name(word.lower()):
        return False
    if starts:
        return known.speaks.match(after) is not None
    return _BEFORE_NOUN.search(before) is None and not any(map(known.number, _last_word(before)))


def _plain_before(before: str, known: Lexicon) -> bool:
    return any(map(known.is_function_word, _last_word(before)))


def _last_word(before: str) -> list[str]:
    return [lexicon.plain(word) for word in WORD.findall(before)[-1:]]


def _quotations(value: str) -> list[str]:
    """Return the words inside quotation marks, without marks and capitals.

    What is open at the end is quoted up to there, and what is only closed, from the start: the rest may be
    outside what is compared.
    """
    quoted: list[str] = []
    opened: list[str] = []
    first = 0
    for mark in _QUOTE_MARK.finditer(value):
        before, after = value[max(0, mark.start() - 1) : mark.start()], value[mark.end() : mark.end() + 1]
        if _opens(mark[0], before, after, opened):
            if not opened:
                first = mark.end()
            opened.append(mark[0])
        elif opened:
            opened.pop()
            if not opened:
                quoted.append(value[first : mark.start()])
        elif not (quoted or before.isdigit()):  # after a digit it is of inches
            quoted.append(value[: mark.start()])
    if opened:
        quoted.append(value[first:])
    quoted += _SINGLE_QUOTED.findall(value)
    return [_OUTSIDE_WORDS.sub(" ", fold(found).text).strip() for found in quoted]


def _opens(mark: str, before: str, after: str, opened: Sequence[str]) -> bool:
    """Tell whether a quotation mark opens, by the spaces beside it, else by its form, else by what is open."""
    spaced_before = not before or before.isspace() or before in "([{-–—=:/"
    spaced_after = not after or after.isspace() or after in ")]}.,;:!?…"
    if mark in "“”" and opened and opened[-1] in "„‟" and not spaced_before:
        return False
    if spaced_before != spaced_after:
        return spaced_before
    return not opened if mark in _PLAIN_MARKS else mark in _OPENING_MARKS
