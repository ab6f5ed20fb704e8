"""Proper names: whether an edit changes one of a person, a place or the like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

import regex
from rapidfuzz.distance import OSA

from corrections_service.rules.lexicon import Lexicon, forms, plain
from corrections_service.rules.pieces import OUTSIDE_WORDS, WORD, Edit, Piece
from corrections_service.rules.slips import FEW, alike, is_misspelt, slips
from corrections_service.rules.text import fold

_ELISION = regex.compile(r"(?i)^(?:[cdjlmnst]|qu)['’ʼ]")
_SENTENCE_START = regex.compile(r"(?:^|[.!?…。:•\n]|\s[-–—*])[\s\"'«»“”„‘’(\[]*$|[«“„‘\"]$")
_ABBREVIATED = regex.compile(
    r"""
    (?:^|[\s(])
    (?:
      mrs?|ms|drs?|st|prof|sen|rep|gov|gen|col|lt|sgt|jr|no|mt      # Mrs. Lee
    | hr|fr|mme|m|sra?|dña                                          # Fr. Lang
    | м|вул|ім|г|ул|им|гр|пр|просп|о|проф|акад|см                   # ул. Ленина
    | (?-i:\p{Lu})                                                  # J. Smith
    )
    \.\s*$
    """,
    regex.IGNORECASE | regex.VERBOSE,
)
_BARE_PREPOSITION = regex.compile(
    r"""
    \b(?:
      [Ii]n|[Nn]ach|[Aa]us|[Vv]on|[Bb]ei|[Gg]egen       # nach Berlin
    | Herrn?|Frau                                       # Frau Lang
    )\s+$
    """,
    regex.VERBOSE,
)
_CAPITAL_BEFORE = regex.compile(r"(?:^|[\s(])\p{Lu}[\p{L}\p{M}.'’]*\s+$")
_CAPITAL_AFTER = regex.compile(r"^\s+\p{Lu}")
_BEFORE_NOUN = regex.compile(
    r"""
    (?:^|\s)
    (?!(?:                                                                          # wurde: these end so, and are no adjectives
      sagte|erklärte|betonte|forderte|kritisierte|meinte|warnte|wollte|konnte|musste|hatte|haben|wurde
      |wie|oder|wenn|dagegen
    )\s)
    (?:
      das|\p{Ll}?ein|unser|euer|ihr|zum|zur|i[mn]s?|a[mn]s?|vom|beim|viel           # kein Haus
    | \d+                                                                           # 40 Häuser
    | \p{Ll}+(?:e|e[nrsm])                                                          # alte Häuser
    )\s+$
    """,
    regex.VERBOSE,
)
_NO_CAPITALS = regex.compile(r"^\s*[\p{Arabic}\p{Hebrew}\p{Hangul}\p{Han}\p{Katakana}]+\s*$")
_DEFINITE = regex.compile(r"^\s*(?:ال|ה)")
_ENDING = regex.compile(r"(?<=\p{L}{2})['’ʼ][a-zçğıöşü]{1,4}$")
_VOWEL_ENDING = regex.compile(r"[аеєиіїоуюяыэ][йїхмв]?\p{L}?")
_MIXED_SCRIPTS = regex.compile(r"\p{Latin}\p{Cyrillic}|\p{Cyrillic}\p{Latin}")


@dataclass(frozen=True, slots=True)
class _Name:
    """A word with a capital; it is certain where only names have one."""

    word: str
    certain: bool


def changes_titled(pieces: Sequence[Piece], prefix: str, suffix: str, lexicon: Lexicon) -> bool:
    """Whether a word beside a title changes, which in scripts without capitals is a name."""
    parts = [Piece("equal", prefix, prefix), *pieces, Piece("equal", suffix, suffix)]
    for last, piece, following in islice(zip(parts, parts[1:], parts[2:], strict=False), 2 * FEW):
        sides = [side for side in (piece.before, piece.after) if side]
        if piece.op == "equal" or not all(map(_NO_CAPITALS.search, sides)):
            continue
        if len(sides) < 2 and not forms.is_unspaced(sides[0]):
            continue
        if forms.is_beside_title(last.before[-30:], following.before[:10]) and not any(
            lexicon.is_function_word(side) or _DEFINITE.match(side) for side in sides
        ):
            return fold(piece.before).text != fold(piece.after).text
    return False


def changes_name(edit: Edit, pieces: Sequence[Piece], lexicon: Lexicon) -> bool:
    """Whether a name comes, goes or changes; to write the same letters otherwise is no change."""
    if _letters(edit.before) == _letters(edit.after):
        return False
    old, new = ({_ENDING.sub("", word) for word in WORD.findall(side.lower())} for side in (edit.before, edit.after))
    removals = list(islice(_names(edit, edit.before, new, lexicon), FEW))
    additions = list(islice(_names(edit, edit.after, old, lexicon), FEW))
    if not removals or not additions:
        return any(_is_name(name, old ^ new, lexicon) for name in removals + additions)
    old_name, new_name = removals[0].word, additions[0].word
    if _MIXED_SCRIPTS.search(old_name):
        return False
    are_alike = alike(old_name.lower(), new_name.lower()) or not slips(old_name, new_name)
    if are_alike and any(
        piece.op == "equal" and regex.search(rf"(?i)\b{regex.escape(new_name)}\b", piece.before) for piece in pieces
    ):
        return False  # the text itself knows how it is spelled
    if OSA.distance(old_name.lower(), new_name.lower(), score_cutoff=1) <= 1 and forms.is_abstract(new_name.lower()):
        return False  # one slip in a capitalised term
    if not _CAPITAL_BEFORE.search(edit.left) and any(
        lexicon.is_known(plain(other)) and is_misspelt(word.lower(), other.lower(), lexicon)
        for word, other in ((old_name, new_name), (new_name, old_name))
    ):
        return False  # a weekday or the like
    if removals[0].certain and additions[0].certain:
        return True
    by_form = [lexicon.may_be_name(plain(word)) for word in (old_name, new_name)]
    if not are_alike:
        return any(by_form)
    if lexicon.has_noun_capitals or not all(by_form) or _has_other_ending(old_name, new_name):
        return False
    # One slip where any word has a capital is of a name only if somebody speaks.
    return slips(old_name, new_name) > 1 or lexicon.speaks.match(edit.right) is not None


def _is_name(name: _Name, words: set[str], lexicon: Lexicon) -> bool:
    """Whether a word is a name, for which the other side has none.

    A certain one is, but for a weekday or the like with a slip; where a sentence begins it is if a pronoun gives way
    to it: `He`, `Eugenia`.
    """
    word = plain(name.word)
    if name.certain:
        return not any(lexicon.is_known(other) and is_misspelt(word, other, lexicon) for other in words - {word})
    return lexicon.may_be_name(word) and any(
        lexicon.is_pronoun(other) and slips(word, other) > 1 for other in map(plain, words)
    )


def _letters(value: str) -> str:
    return str(OUTSIDE_WORDS.sub("", fold(value).text))


def _has_other_ending(word: str, other: str) -> bool:
    """Whether two Cyrillic words differ in the vowels that they end with, as cases and genders do."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    return shared > 2 and all(map(_VOWEL_ENDING.fullmatch, (word[shared:], other[shared:])))


def _names(edit: Edit, side: str, others: set[str], lexicon: Lexicon) -> Iterator[_Name]:
    """The words of one side that may be names, but those that the other side has."""
    whole = edit.left + side + edit.right
    for match in WORD.finditer(whole, len(edit.left), len(edit.left) + len(side)):
        word = _ENDING.sub("", _ELISION.sub("", match[0]))
        before, after = whole[max(0, match.start() - 60) : match.start()], whole[match.end() : match.end() + 20]
        if word.lower() in others or not any(letter.isupper() for letter in word):
            continue
        if len(word) < 2:
            if after.startswith(".") and not before.endswith("."):
                yield _Name(word, _CAPITAL_AFTER.match(after[1:]) is not None)
            continue
        acronym = word.isupper() and not before.isupper()
        if lexicon.is_function_word(plain(word)) and not acronym:
            continue
        certain = any(letter.isupper() for letter in word[1:])
        if word[0].isupper() and not certain:
            starts = _SENTENCE_START.search(before) is not None and not _ABBREVIATED.search(before)
            certain = bool(_CAPITAL_AFTER.search(after)) or (
                _is_certain_in_german(word, before, after, lexicon, starts=starts)
                if lexicon.has_noun_capitals
                else not starts
            )
        yield _Name(word, certain)


def _is_certain_in_german(word: str, before: str, after: str, lexicon: Lexicon, *, starts: bool) -> bool:
    """Whether a word with a capital is a name: no article or adjective, but a name is before, or it speaks."""
    if _BARE_PREPOSITION.search(before) or (_CAPITAL_BEFORE.search(before) and not _plain_before(before, lexicon)):
        return True
    if not lexicon.may_be_name(word.lower()):
        return False
    if starts:
        return lexicon.speaks.match(after) is not None
    return _BEFORE_NOUN.search(before) is None and not any(map(lexicon.number, _last_word(before)))


def _plain_before(before: str, lexicon: Lexicon) -> bool:
    return any(map(lexicon.is_function_word, _last_word(before)))


def _last_word(before: str) -> list[str]:
    return [plain(word) for word in WORD.findall(before)[-1:]]
