"""What an edit changes: its pieces, its kind, and why it may be more than a typo."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, islice, takewhile

import regex
from rapidfuzz.distance import OSA, Indel

from corrections_service.rules import lexicon
from corrections_service.rules.text import fold, words

LONGEST = 12_000
"""Code points of either side that are compared word by word; what is longer is one replacement."""

_REACH = 80  # code points of unchanged text beside a change that may belong to the same word
_ALIKE = 0.6  # as alike, two words are two spellings of one
_AROUND = 300  # code points of unchanged text that are looked at on either side
_FEW = 40  # words or changes: beyond them nobody looks for misspellings
_SMALL = 2  # words put in or taken out; more is a statement

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’ʼ][\p{L}\p{M}]+)*")
_SIGN = regex.compile(r"[\p{Sc}%‰٪％℃℉]|°\s?[CFС]\b")
_LINK = regex.compile(r"(?i)\b(?:https?://|www\.)\S*+")
_DIGITS = regex.compile(r"(?:(?<![\p{L}\p{N}])[-−+±])?\p{Nd}++(?:[.,:/'’\u00a0\u202f ]\p{Nd}++)*+|[\p{No}\p{Nl}]")
_LONG_GRAPHEME = regex.compile(r"(?s)(?=.[\p{M}\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}])\X")
_GROUPED_NUMBER = regex.compile(r"(?<![\p{L}\p{N}.,])\p{Nd}{1,3}(?:[ \u00a0\u202f]\p{Nd}{3})+(?!\p{Nd})")
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
    r"|гр|пр|просп|о|проф|акад|см|\p{Lu})\.\s*$"
)
_BARE_PREPOSITION = regex.compile(r"\b(?:[Ii]n|[Nn]ach|[Aa]us|[Vv]on|[Bb]ei|[Gg]egen|Herrn?|Frau)\s+$")
_CAPITAL_BEFORE = regex.compile(r"(?:^|[\s(])\p{Lu}[\p{L}\p{M}.'’]*\s+$")
_CAPITAL_AFTER = regex.compile(r"^\s+\p{Lu}")
_BEFORE_NOUN = regex.compile(
    r"(?:^|\s)(?!(?:sagte|erklärte|betonte|forderte|kritisierte|meinte|warnte|wollte|konnte|musste|hatte|haben|wurde|wie"
    r"|oder|wenn|dagegen)\s)(?:das|\p{Ll}?ein|unser|euer|ihr|zum|zur|i[mn]s?|a[mn]s?|vom|beim|viel|\d+|\p{Ll}+(?:e|e[nrsm]))\s+$"
)
_SPEAKS = regex.compile(
    r"\s(?:sagt|erklärt|betont|fordert|kritisiert|meint|warnt|tra[tf]|ist|hat|will|kann|wird|soll|muss)"
)
_NO_CAPITALS = regex.compile(r"^\s*[\p{Arabic}\p{Hebrew}\p{Hangul}\p{Han}\p{Katakana}]+\s*$")
_DEFINITE = regex.compile(r"^\s*(?:ال|ה)")
_ENDING = regex.compile(r"(?<=\p{L}{2})['’ʼ][a-zçğıöşü]{1,4}$")
_VOWEL_ENDING = regex.compile(r"[аеєиіїоуюяыэ][йїхмв]?\p{L}?")
_MIXED_SCRIPTS = regex.compile(r"\p{Latin}\p{Cyrillic}|\p{Cyrillic}\p{Latin}")


class Kind(StrEnum):
    """What a reader says is wrong."""

    SPELLING = "spelling"
    FACT = "fact"
    CONTEXT = "context"
    NAME = "name"
    MEDIA = "media"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a change: `op` is equal, delete, insert or replace."""

    op: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """An edit in pieces, its guessed kind, and the reasons why it is no mere typo."""

    kind: Kind
    guard: tuple[str, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """One place that changes, in whole words, and the unchanged text around it."""

    before: str
    after: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class _Name:
    """A word with a capital; it is certain where only names have one."""

    word: str
    certain: bool


def describe_change(before: str, after: str, *, prefix: str = "", suffix: str = "") -> Change:
    """Describe an edit: the difference word by word, the likeliest kind, and the reasons to look twice.

    Joining either side of the pieces gives that text back. `prefix` and `suffix` are the text around it,
    which tell a name from the start of a sentence and words from a quotation. Reasons, in this order: number,
    name, date, unit, negation, quotation. Never raises; linear but for the diff, which is bounded by LONGEST.
    """
    pieces = diff(before, after)
    if len(pieces) <= 2 * _FEW:
        edits = list(_edits(pieces, prefix, suffix))
    else:  # another text rather than an edit
        edits = [_Edit(before, after, prefix[-_AROUND:], suffix[:_AROUND])]
    worded = [edit for edit in edits if _LINK.sub("", edit.before) != _LINK.sub("", edit.after)]
    speaking = lexicon.language(set(_WORD.findall(lexicon.plain(f"{prefix} {before} {suffix}"))))
    found = set[str]().union(*(_facts(edit, speaking) for edit in worded))
    if _titled(pieces, prefix, suffix) or any(_changes_name(edit, pieces, german=speaking == "de") for edit in worded):
        found.add("name")
    if _quotations(prefix + before + suffix) != _quotations(prefix + after + suffix):
        found.add("quotation")
    guard = tuple(reason for reason in ("number", "name", "date", "unit", "negation", "quotation") if reason in found)
    return Change(_guess(worded, guard), guard, pieces)


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return how two texts differ, word by word; joining either side of the pieces gives that text back.

    Changes with next to nothing between them are one. Longer texts than LONGEST are one replacement.
    """
    if max(len(before), len(after)) > LONGEST:
        changes = [("equal" if before == after else "replace", before, after)]
    else:
        old, new = _uncut_words(before), _uncut_words(after)
        changes = [
            (op.tag, "".join(old[op.src_start : op.src_end]), "".join(new[op.dest_start : op.dest_end]))
            for op in Indel.opcodes(old, new)
        ]
    merged: list[tuple[str, str]] = []  # equal and changed stretches in turn, the first one equal
    merged.append(("", ""))
    for tag, old_words, new_words in changes:
        if (tag == "equal") == (len(merged) % 2 == 1):
            merged[-1] = merged[-1][0] + old_words, merged[-1][1] + new_words
        else:
            merged.append((old_words, new_words))
        if tag != "equal":
            _join_across_chance(merged)
    return tuple(_piece(at % 2 == 0, *sides) for at, sides in enumerate(merged) if any(sides))


def _uncut_words(value: str) -> list[str]:
    """Return the words, with a number that is grouped by spaces as one, and no grapheme cut (Unicode Annex 29)."""
    uncut = [found.span() for found in _GROUPED_NUMBER.finditer(value)]
    if not value.isascii():
        uncut += [found.span() for found in _LONG_GRAPHEME.finditer(value)]
    if not uncut:
        return words(value)
    within = {at for start, end in uncut for at in range(start + 1, end)}
    joined: list[str] = []
    at = 0
    for word in words(value):
        if at in within:
            joined[-1] += word
        else:
            joined.append(word)
        at += len(word)
    return joined


def _join_across_chance(merged: list[tuple[str, str]]) -> None:
    """Make one change of the last two if only a mark, a space or little is between them."""
    while len(merged) >= 4:
        (first, between, last) = merged[-3:]
        little = min(max(map(len, first)), max(map(len, last))) / 2
        lone = len(between[0]) == 1 and lexicon.is_unspaced(between[0])
        if _WORD.search(between[0]) and len(between[0].strip()) > little and not lone:
            return
        merged[-3:] = [(first[0] + between[0] + last[0], first[1] + between[1] + last[1])]


def _piece(equal: bool, before: str, after: str) -> Piece:
    return Piece("equal" if equal else "insert" if not before else "delete" if not after else "replace", before, after)


def _edits(pieces: Sequence[Piece], prefix: str, suffix: str) -> Iterator[_Edit]:
    """Yield each change with the rest of the words it cuts through; changes within one word are one."""
    parts = [Piece("equal", prefix, prefix), *_joined_within_words(pieces), Piece("equal", suffix, suffix)]
    for at, piece in enumerate(parts):
        if piece.op == "equal":
            continue
        left, right = parts[at - 1].before[-_AROUND:], parts[at + 1].before[:_AROUND]
        if at == 2:
            left = (prefix + left)[-_AROUND:]
        if at == len(parts) - 3:
            right = (right + suffix)[:_AROUND]
        start, end = len(left) - _run(reversed(left)), _run(right)
        word_start, word_end = left[start:], right[:end]
        yield _Edit(
            word_start + piece.before + word_end,
            word_start + piece.after + word_end,
            left[:start],
            right[end:],
        )


def _joined_within_words(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        within = len(joined) > 1 and joined[-1].op == "equal" and _run(joined[-1].before) == len(joined[-1].before)
        if piece.op != "equal" and within:
            between, first = joined.pop(), joined.pop()
            before = first.before + between.before + piece.before
            joined.append(Piece("replace", before, first.after + between.after + piece.after))
        else:
            joined.append(piece)
    return joined


def _run(letters: Iterable[str]) -> int:
    """Return how many characters there are before the first space, at most _REACH."""
    return sum(1 for _ in takewhile(lambda letter: not letter.isspace(), islice(letters, _REACH)))


def _facts(edit: _Edit, speaking: str) -> set[str]:
    """Return which of number, name (of a place), date, unit and negation the words of an edit touch."""
    before, after = _LINK.sub("", edit.before), _LINK.sub("", edit.after)
    found: set[str] = set()
    digits = _digits(before), _digits(after)
    romans = _romans(edit, edit.before), _romans(edit, edit.after)
    if fold(before).text == fold(after).text:
        return {"number"} if digits[0] != digits[1] else found
    last, following = _WORD.findall(edit.left)[-1:], _WORD.findall(edit.right)[:1]
    old, new = (_words([*last, *_WORD.findall(side), *following], speaking) for side in (before, after))
    values = [
        Counter([*written, *filter(None, map(lexicon.number, side))])
        for written, side in zip(digits, (old, new), strict=True)
    ]
    if digits[0] != digits[1]:
        changed = values[0] != values[1] or len(digits[0]) == len(digits[1])  # else only written otherwise
    else:
        changed = _differ(old, new, lexicon.number)
    if changed or (all(romans) and romans[0] != romans[1]):
        found.add("number")
    if (
        _differ(old, new, lexicon.date)
        or ("number" in found and _is_in_date(edit))
        or (_differ(old, new, lexicon.relative_time) and _is_beside_time(edit))
        or len({_half_day(edit.left + side) for side in (edit.before, edit.after)}) > 1
    ):
        found.add("date")
    if _changes_unit(edit, before, after, old, new):
        found.add("unit")
    if (
        _differ(old, new, lexicon.denies)
        or lexicon.says_no_longer(before) != lexicon.says_no_longer(after)
        or (len(old) <= _FEW and any(lexicon.denies_by_form(*pair) for pair in zip(old, new, strict=False)))
    ):
        found.add("negation")
    if _differ(old, new, lexicon.place):
        found.add("name")
    return found


def _words(written: Iterable[str], speaking: str) -> list[str]:
    """Return the words that can state a fact; one that is doubled by mistake is one."""
    return [
        word for word, _ in groupby(lexicon.plain(word) for word in written if lexicon.may_state_fact(word, speaking))
    ]


def _changes_unit(edit: _Edit, before: str, after: str, old: Sequence[str], new: Sequence[str]) -> bool:
    left, right = (_WORD.findall(lexicon.plain(side)) for side in (edit.left, edit.right))
    beside = [*left[-1:], *right[:1]]
    numbered = any(map(str.isnumeric, "".join([before, after, *beside]))) or any(map(lexicon.number, [*old, *beside]))

    def unit(word: str) -> str | None:
        return lexicon.unit(word, beside_number=numbered)

    signs = [[unit(sign.lower()) or sign for sign in _SIGN.findall(side)] for side in (before, after)]
    had, has = (
        Counter(filter(None, [*map(unit, side), *marked])) for side, marked in zip((old, new), signs, strict=True)
    )
    return had != has and (signs[0] != signs[1] or _differ(old, new, unit))


def _romans(edit: _Edit, side: str) -> list[str]:
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


def _is_in_date(edit: _Edit) -> bool:
    """Tell whether a number that changes is a day or a year: of a month beside it, or by its form."""
    left, *sides, right = (
        _WORD.findall(lexicon.plain(text)) for text in (edit.left[-25:], edit.before, edit.after, edit.right[:25])
    )
    beside = [*left[-2:], *sides[0], *sides[1], *right[:2]]
    if any(
        lexicon.date(word) in lexicon.MONTHS or lexicon.unit(word, beside_number=True) == "century" for word in beside
    ):
        return True
    return any(shape.search(side) for side in (edit.before, edit.after) for shape in (_YEAR, _NUMERIC_DATE))


def _half_day(value: str) -> str | None:
    found = _HALF_DAY.search(value)
    return None if found is None else found[1].lower()


def _is_beside_time(edit: _Edit) -> bool:
    around = lexicon.plain(f"{edit.left[-25:]}|{edit.before}|{edit.after}|{edit.right[:25]}")
    return any(
        lexicon.date(word) is not None or lexicon.unit(word, beside_number=True) in lexicon.SPANS_OF_TIME
        for word in _WORD.findall(around)
    )


def _differ(old: Sequence[str], new: Sequence[str], meaning: Callable[[str], str | None]) -> bool:
    """Tell whether words with such a meaning come, go or change; one that was misspelled does not."""
    had = [(value, word) for word in old if (value := meaning(word)) is not None]
    has = [(value, word) for word in new if (value := meaning(word)) is not None]
    if [value for value, _ in had] == [value for value, _ in has]:
        return False
    if len(had) == len(has) or max(len(old), len(new)) > _FEW:
        return True
    fewer, others, known = (had, old, has) if len(had) < len(has) else (has, new, had)
    strange = set(others) - (set(old) & set(new))
    extra = Counter(value for value, _ in known) - Counter(value for value, _ in fewer)
    return any(
        value in extra and not any(_is_misspelt(other, word) for other in strange if meaning(other) is None)
        for value, word in known
    )


def _is_misspelt(word: str, meant: str) -> bool:
    """Tell whether a word is another with a slip or two, and no word that is known."""
    if lexicon.is_function_word(word) or lexicon.is_unspaced(word):
        return False
    letters, meant_letters = (unicodedata.normalize("NFD", value[:60]) for value in (word, meant))
    slips = 1 + len(meant_letters) // 6
    return OSA.distance(letters, meant_letters, score_cutoff=slips) <= slips


def _alike(one: str, other: str) -> bool:
    return Indel.normalized_similarity(one[:64], other[:64]) >= _ALIKE


def _titled(pieces: Sequence[Piece], prefix: str, suffix: str) -> bool:
    """Tell whether a word beside a title changes, which in scripts without capitals is a name."""
    parts = [Piece("equal", prefix, prefix), *pieces, Piece("equal", suffix, suffix)]
    for last, piece, following in islice(zip(parts, parts[1:], parts[2:], strict=False), 2 * _FEW):
        sides = [side for side in (piece.before, piece.after) if side]
        if piece.op == "equal" or not all(map(_NO_CAPITALS.search, sides)):
            continue
        if len(sides) < 2 and not lexicon.is_unspaced(sides[0]):
            continue
        if lexicon.is_beside_title(last.before[-30:], following.before[:10]) and not any(
            lexicon.is_function_word(side) or _DEFINITE.match(side) for side in sides
        ):
            return fold(piece.before).text != fold(piece.after).text
    return False


def _changes_name(edit: _Edit, pieces: Sequence[Piece], *, german: bool) -> bool:
    """Tell whether a name comes, goes or changes; to write the same letters otherwise is no change."""
    if _letters(edit.before) == _letters(edit.after):
        return False
    old, new = ({_ENDING.sub("", word) for word in _WORD.findall(side.lower())} for side in (edit.before, edit.after))
    gone = list(islice(_names(edit, edit.before, new, german=german), _FEW))
    come = list(islice(_names(edit, edit.after, old, german=german), _FEW))
    if not gone or not come:
        return any(name.certain for name in gone + come)
    one, other = gone[0].word, come[0].word
    if _MIXED_SCRIPTS.search(one):
        return False
    alike = _alike(one.lower(), other.lower())
    if alike and any(
        piece.op == "equal" and regex.search(rf"(?i)\b{regex.escape(other)}\b", piece.before) for piece in pieces
    ):
        return False  # the text itself knows how it is spelled
    if OSA.distance(one.lower(), other.lower(), score_cutoff=1) <= 1 and lexicon.is_abstract(other.lower()):
        return False  # one slip in a capitalised term
    if not _CAPITAL_BEFORE.search(edit.left) and any(
        lexicon.is_known(lexicon.plain(meant)) and _is_misspelt(word.lower(), meant.lower())
        for word, meant in ((one, other), (other, one))
    ):
        return False  # a weekday or the like
    if gone[0].certain and come[0].certain:
        return True
    forms = [lexicon.may_be_name(lexicon.plain(word)) for word in (one, other)]
    if not alike:
        return any(forms)
    return all(forms) and not german and not _has_other_ending(one, other)


def _letters(value: str) -> str:
    return str(_OUTSIDE_WORDS.sub("", fold(value).text))


def _has_other_ending(one: str, other: str) -> bool:
    """Tell whether two Cyrillic words differ in the vowels that they end with, as cases and genders do."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return shared > 2 and all(map(_VOWEL_ENDING.fullmatch, (one[shared:], other[shared:])))


def _names(edit: _Edit, side: str, known: set[str], *, german: bool) -> Iterator[_Name]:
    """Yield the words of one side that may be names, but those that the other side has."""
    whole = edit.left + side + edit.right
    for found in _WORD.finditer(whole, len(edit.left), len(edit.left) + len(side)):
        word = _ENDING.sub("", _ELISION.sub("", found[0]))
        before, after = whole[max(0, found.start() - 60) : found.start()], whole[found.end() : found.end() + 20]
        if word.lower() in known or not any(letter.isupper() for letter in word):
            continue
        if len(word) < 2:
            if after.startswith(".") and not before.endswith("."):
                yield _Name(word, _CAPITAL_AFTER.match(after[1:]) is not None)
            continue
        acronym = word.isupper() and not before.isupper()
        if lexicon.is_function_word(lexicon.plain(word)) and not acronym:
            continue
        certain = any(letter.isupper() for letter in word[1:])
        if word[0].isupper() and not certain:
            starts = _SENTENCE_START.search(before) is not None and not _ABBREVIATED.search(before)
            certain = bool(_CAPITAL_AFTER.search(after)) or (
                _is_certain_in_german(word, before, after, starts=starts) if german else not starts
            )
        yield _Name(word, certain)


def _is_certain_in_german(word: str, before: str, after: str, *, starts: bool) -> bool:
    """Tell whether a word with a capital is a name: no article or adjective, but a name is before, or it speaks."""
    if _BARE_PREPOSITION.search(before) or (_CAPITAL_BEFORE.search(before) and not _plain_before(before)):
        return True
    if not lexicon.may_be_name(word.lower()):
        return False
    if starts:
        return _SPEAKS.match(after) is not None
    return _BEFORE_NOUN.search(before) is None and not any(map(lexicon.number, _last_word(before)))


def _plain_before(before: str) -> bool:
    return any(map(lexicon.is_function_word, _last_word(before)))


def _last_word(before: str) -> list[str]:
    return [lexicon.plain(word) for word in _WORD.findall(before)[-1:]]


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


def _guess(edits: Sequence[_Edit], guard: Sequence[str]) -> Kind:
    if not edits:
        return Kind.OTHER  # nothing changes, or a link
    if any(reason in guard for reason in ("number", "date", "unit", "negation")):
        return Kind.FACT
    if "name" in guard:
        return Kind.NAME
    return Kind.SPELLING if all(map(_is_spelling, edits)) else Kind.CONTEXT


def _is_spelling(edit: _Edit) -> bool:
    """Tell whether an edit is of letters, marks, forms, and words that hold a sentence together."""
    if fold(edit.before).text == fold(edit.after).text:
        return True
    old, new = (
        [word for found in _WORD.findall(side) if not lexicon.is_function_word(word := lexicon.plain(found))]
        for side in (edit.before, edit.after)
    )
    gone, come = (
        list((Counter(old) - Counter(new)).elements()),
        list((Counter(new) - Counter(old)).elements()),
    )
    if max(len(gone), len(come)) > _FEW:
        return False
    if not gone or not come:
        return len(gone + come) <= _SMALL
    if _alike("".join(gone), "".join(come)):
        return True
    fewer, more = sorted((gone, come), key=len)
    alone = [word for word in more if not any(_alike(word, other) or _is_misspelt(word, other) for other in fewer)]
    return len(alone) <= len(more) - len(fewer) and len(alone) < _SMALL
