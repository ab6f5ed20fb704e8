"""What an edit changes: its pieces, its kind, and why it may be more than a typo."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, takewhile

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
_SIGN = regex.compile(r"[%‰٪$€£₴₽¥₿℃℉]|°\s?[CF]\b")
_LINK = regex.compile(r"(?i)\b(?:https?://|www\.)\S*+")
_DIGITS = regex.compile(r"(?:(?<![\p{L}\p{N}])[-−+±])?\p{Nd}++(?:[.,:/'’\u00a0\u202f ]\p{Nd}++)*+|[\p{No}\p{Nl}]")
_GROUPED = regex.compile(r"(?<=\d)[ '’\u00a0\u202f](?=\d{3}(?!\d))")
_ENGLISH_GROUPS = regex.compile(r"[-+]?\d{1,3}(?:,\d{3})+")
_YEAR = regex.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_NUMERIC_DATE = regex.compile(r"(?<!\d)\d{1,4}[./-](?:\d{1,2}|\p{L}{3,9})[./-]\d{1,4}(?!\d)")
_QUOTED = regex.compile(
    r"“[^“”]*+”|„[^„“”]*+[“”]|«[^«»]*+»|»[^«»]*+«|\"[^\"]*+\"|「[^「」]*+」|『[^『』]*+』|‹[^‹›]*+›"
    r"|(?<![\p{L}\p{N}])(?:‘[^‘’]*+’|'[^'\n]{1,300}+')(?![\p{L}\p{N}])"
)
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
    found: set[str] = set()
    for edit in worded:
        found |= _facts(edit)
    german = lexicon.is_german(set(_WORD.findall(lexicon.plain(f"{prefix} {before} {suffix}"))))
    if any(_changes_name(edit, pieces, german=german) for edit in worded):
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
        old, new = words(before), words(after)
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


def _join_across_chance(merged: list[tuple[str, str]]) -> None:
    """Make one change of the last two if only a mark, a space or little is between them."""
    while len(merged) >= 4:
        (first, between, last) = merged[-3:]
        if (
            _WORD.search(between[0])
            and not len(between[0].strip()) < min(max(map(len, first)), max(map(len, last))) / 2
        ):
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


def _facts(edit: _Edit) -> set[str]:
    """Return which of number, date, unit and negation an edit touches."""
    before, after = _LINK.sub("", edit.before), _LINK.sub("", edit.after)
    old, new = (_WORD.findall(lexicon.plain(side)) for side in (before, after))
    found = set()
    digits = _digits(before), _digits(after)
    marks = lexicon.marks_within(before), lexicon.marks_within(after)
    if digits[0] != digits[1] or marks[0][0] != marks[1][0] or _differ(old, new, lexicon.number):
        found.add("number")
    if _differ(old, new, lexicon.date) or (digits[0] != digits[1] and _is_in_date(edit)):
        found.add("date")
    numbered = bool(digits[0] or digits[1] or regex.search(r"\d\s*$", edit.left) or regex.match(r"\s*\d", edit.right))
    signs = [
        [lexicon.unit(sign.lower(), beside_number=True) for sign in _SIGN.findall(side)] for side in (before, after)
    ]
    old_units, new_units = (
        Counter(filter(None, [*(lexicon.unit(word, beside_number=numbered) for word in side), *marked]))
        for side, marked in zip((old, new), signs, strict=True)
    )
    if old_units != new_units and (
        signs[0] != signs[1] or _differ(old, new, lambda word: lexicon.unit(word, beside_number=numbered))
    ):
        found.add("unit")
    if marks[0][1] != marks[1][1] or _differ(old, new, lambda word: "no" if lexicon.denies(word) else None):
        found.add("negation")
    if len(old) <= _FEW and any(lexicon.denies_by_prefix(one, other) for one, other in zip(old, new, strict=False)):
        found.add("negation")
    return found


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
    around = f"{edit.left[-25:]}|{edit.before}|{edit.after}|{edit.right[:25]}"
    if any(map(lexicon.date, _WORD.findall(lexicon.plain(around)))):
        return True
    return any(shape.search(side) for side in (edit.before, edit.after) for shape in (_YEAR, _NUMERIC_DATE))


def _differ(old: Sequence[str], new: Sequence[str], meaning: Callable[[str], str | None]) -> bool:
    """Tell whether words with such a meaning come, go or change; one that was misspelled does not."""
    had = [(value, word) for word in old if (value := meaning(word)) is not None]
    has = [(value, word) for word in new if (value := meaning(word)) is not None]
    if [value for value, _ in had] == [value for value, _ in has]:
        return False
    if len(had) == len(has) or max(len(old), len(new)) > _FEW:
        return True
    fewer, others, known = (had, old, has) if len(had) < len(has) else (has, new, had)
    extra = Counter(value for value, _ in known) - Counter(value for value, _ in fewer)
    return any(
        value in extra
        and not any(
            meaning(other) is None and not lexicon.is_function_word(other) and _alike(word, other) for other in others
        )
        for value, word in known
    )


def _alike(one: str, other: str) -> bool:
    return Indel.normalized_similarity(one[:64], other[:64]) >= _ALIKE


def _changes_name(edit: _Edit, pieces: Sequence[Piece], *, german: bool) -> bool:
    """Tell whether a name comes, goes or changes; to write the same letters otherwise is no change."""
    if fold(edit.before).text == fold(edit.after).text:
        return False
    old, new = (set(_WORD.findall(side.lower())) for side in (edit.before, edit.after))
    gone = list(islice(_names(edit, edit.before, new, german=german), _FEW))
    come = list(islice(_names(edit, edit.after, old, german=german), _FEW))
    if not gone or not come:
        return any(name.certain for name in gone + come)
    alike = _alike(gone[0].word.lower(), come[0].word.lower())
    if _MIXED_SCRIPTS.search(gone[0].word):
        return False
    if alike and any(
        piece.op == "equal" and regex.search(rf"\b{regex.escape(come[0].word)}\b", piece.before) for piece in pieces
    ):
        return False  # the text itself knows how it is spelled
    if OSA.distance(gone[0].word.lower(), come[0].word.lower(), score_cutoff=1) <= 1 and lexicon.is_abstract(
        come[0].word.lower()
    ):
        return False  # one slip in a capitalised term
    if gone[0].certain and come[0].certain:
        return True
    forms = [lexicon.may_be_name(lexicon.plain(name.word)) for name in (gone[0], come[0])]
    return (all(forms) and not german) if alike else any(forms)


def _names(edit: _Edit, side: str, known: set[str], *, german: bool) -> Iterator[_Name]:
    """Yield the words of one side that may be names, but those that the other side has."""
    whole = edit.left + side + edit.right
    for found in _WORD.finditer(whole, len(edit.left), len(edit.left) + len(side)):
        word = _ELISION.sub("", found[0])
        if len(word) < 2 or word.islower() or found[0].lower() in known or word.lower() in known:
            continue
        if not any(letter.isupper() for letter in word) or lexicon.is_function_word(lexicon.plain(word)):
            continue
        before, after = (
            whole[max(0, found.start() - 60) : found.start()],
            whole[found.end() : found.end() + 2],
        )
        certain = any(letter.isupper() for letter in word[1:])
        if word[0].isupper() and not certain:
            starts = _SENTENCE_START.search(before) is not None and not _ABBREVIATED.search(before)
            if german:
                certain = bool(_CAPITAL_AFTER.search(after) or _BARE_PREPOSITION.search(before))
                certain = certain or bool(_CAPITAL_BEFORE.search(before) and not _plain_before(before))
            else:
                certain = not starts or _CAPITAL_AFTER.search(after) is not None
        yield _Name(word, certain)


def _plain_before(before: str) -> bool:
    last = _WORD.findall(before)[-1:]
    return bool(last) and lexicon.is_function_word(lexicon.plain(last[0]))


def _quotations(value: str) -> list[str]:
    """Return the words inside quotation marks, without marks and capitals."""
    return [_OUTSIDE_WORDS.sub(" ", fold(found).text) for found in _QUOTED.findall(value)]


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
    alone = [word for word in more if not any(_alike(word, other) for other in fewer)]
    return len(alone) <= len(more) - len(fewer) and len(alone) < _SMALL
