"""The difference of two texts, in pieces for people and in whole words for rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

import regex
from rapidfuzz.distance import Indel

from corrections_service.rules.lexicon import forms
from corrections_service.rules.text import tokens

LONGEST = 12_000
"""Code points of either side that are compared word by word; what is longer is one replacement."""

AROUND = 300
"""Code points of unchanged text that are looked at on either side of a change."""

WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’ʼ][\p{L}\p{M}]+)*")
OUTSIDE_WORDS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_REACH = 80  # code points of unchanged text beside a change that may belong to the same word
_LONG_GRAPHEME = regex.compile(
    r"""
    (?=.[\p{M}\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}])    # e and an accent of its own
    \X
    """,
    regex.DOTALL | regex.VERBOSE,
)
_GROUPED_NUMBER = regex.compile(
    r"""
    (?<![\p{L}\p{N}.,])
    \p{Nd}{1,3}(?:[ \u00a0\u202f]\p{Nd}{3})+(?!\p{Nd})          # 10 000
    """,
    regex.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a change: `op` is equal, delete, insert or replace."""

    op: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One change, in whole words, and the unchanged text around it."""

    before: str
    after: str
    left: str
    right: str


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """How two texts differ, word by word; joining either side of the pieces gives that text back.

    Changes with next to nothing between them are one. Longer texts than LONGEST are one replacement.
    """
    if max(len(before), len(after)) > LONGEST:
        changes = [("equal" if before == after else "replace", before, after)]
    else:
        old, new = _uncut_tokens(before), _uncut_tokens(after)
        changes = [
            (op.tag, "".join(old[op.src_start : op.src_end]), "".join(new[op.dest_start : op.dest_end]))
            for op in Indel.opcodes(old, new)
        ]
    stretches: list[tuple[str, str]] = []  # equal and changed stretches in turn, the first one equal
    stretches.append(("", ""))
    for tag, old_text, new_text in changes:
        if (tag == "equal") == (len(stretches) % 2 == 1):
            stretches[-1] = stretches[-1][0] + old_text, stretches[-1][1] + new_text
        else:
            stretches.append((old_text, new_text))
        if tag != "equal":
            _join_across_chance(stretches)
    return tuple(_piece(at % 2 == 0, *sides) for at, sides in enumerate(stretches) if any(sides))


def edits(pieces: Sequence[Piece], prefix: str, suffix: str) -> Iterator[Edit]:
    """Each change with the rest of the words it cuts through; changes within one word are one."""
    parts = [Piece("equal", prefix, prefix), *_joined_within_words(pieces), Piece("equal", suffix, suffix)]
    for at, piece in enumerate(parts):
        if piece.op == "equal":
            continue
        left, right = parts[at - 1].before[-AROUND:], parts[at + 1].before[:AROUND]
        if at == 2:
            left = (prefix + left)[-AROUND:]
        if at == len(parts) - 3:
            right = (right + suffix)[:AROUND]
        start, end = len(left) - _run(reversed(left)), _run(right)
        word_start, word_end = left[start:], right[:end]
        yield Edit(
            word_start + piece.before + word_end,
            word_start + piece.after + word_end,
            left[:start],
            right[end:],
        )


def _uncut_tokens(value: str) -> list[str]:
    """The words, with a number that is grouped by spaces as one, and no grapheme cut (Unicode Annex 29)."""
    spans = [match.span() for match in _GROUPED_NUMBER.finditer(value)]
    if not value.isascii():
        spans += [match.span() for match in _LONG_GRAPHEME.finditer(value)]
    if not spans:
        return tokens(value)
    within = {at for start, end in spans for at in range(start + 1, end)}
    uncut: list[str] = []
    at = 0
    for token in tokens(value):
        if at in within:
            uncut[-1] += token
        else:
            uncut.append(token)
        at += len(token)
    return uncut


def _join_across_chance(stretches: list[tuple[str, str]]) -> None:
    """Make one change of the last two if only a mark, a space or little is between them."""
    while len(stretches) >= 4:
        (first, between, last) = stretches[-3:]
        little = min(max(map(len, first)), max(map(len, last))) / 2
        lone = len(between[0]) == 1 and forms.is_unspaced(between[0])
        if WORD.search(between[0]) and len(between[0].strip()) > little and not lone:
            return
        stretches[-3:] = [(first[0] + between[0] + last[0], first[1] + between[1] + last[1])]


def _piece(equal: bool, before: str, after: str) -> Piece:
    return Piece("equal" if equal else "insert" if not before else "delete" if not after else "replace", before, after)


def _joined_within_words(pieces: Sequence[Piece]) -> list[Piece]:
    parts: list[Piece] = []
    for piece in pieces:
        within = len(parts) > 1 and parts[-1].op == "equal" and _run(parts[-1].before) == len(parts[-1].before)
        if piece.op != "equal" and within:
            between, first = parts.pop(), parts.pop()
            before = first.before + between.before + piece.before
            parts.append(Piece("replace", before, first.after + between.after + piece.after))
        else:
            parts.append(piece)
    return parts


def _run(letters: Iterable[str]) -> int:
    """How many characters there are before the first space, at most _REACH."""
    return sum(1 for _ in takewhile(lambda letter: not letter.isspace(), islice(letters, _REACH)))
