"""What an edit changes: its pieces, its kind, and why it may be more than a typo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

import regex

from corrections_service.rules import text

LONGEST = 10_000
"""Code points of either side that are compared word by word; what is longer is one replacement."""


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


def describe_change(before: str, after: str) -> Change:
    """Describe what an edit changes, word by word; joining the pieces' sides gives both texts back."""
    pieces = _pieces(before, after)
    guard = _guard(pieces)
    return Change(_kind(pieces, guard), guard, pieces)


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    if before == after:
        return (Piece("equal", before, after),) if before else ()
    if max(len(before), len(after)) > LONGEST:
        return (Piece("replace", before, after),)
    a, b = text.words(before), text.words(after)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return tuple(
        Piece(op, "".join(a[i:j]), "".join(b[k:m])) for op, i, j, k, m in matcher.get_opcodes()
    )


_NUMBER = regex.compile(r"\p{N}")
_UNIT = regex.compile(r"(?i)^(km|m|cm|mm|kg|g|t|l|ml|mph|kwh|mw|gw|°[cf]|%|per ?cent|percent|miles?|metres?|million|billion|[€$£¥₴])$")
_NEGATION = regex.compile(r"(?i)^(not|no|never|none|n[o']t|nicht|kein\w*|nie|не|ні|нет|ne|pas|jamais|sin|nunca)$")


def _guard(pieces: Sequence[Piece]) -> tuple[str, ...]:
    reasons: dict[str, None] = {}
    for piece in pieces:
        if piece.op == "equal":
            continue
        sides = piece.before, piece.after
        words = [one for side in sides for one in text.words(side) if one.strip()]
        if any(_NUMBER.search(side) for side in sides):
            reasons["number"] = None
        if any(_UNIT.match(one) for one in words):
            reasons["unit"] = None
        if any(_NEGATION.match(one) for one in words):
            reasons["negation"] = None
        if all(any(one[:1].isupper() for one in text.words(side)) for side in sides):
            reasons["name"] = None
    return tuple(reasons)


def _kind(pieces: Sequence[Piece], guard: tuple[str, ...]) -> Kind:
    if "name" in guard:
        return Kind.NAME
    if guard:
        return Kind.FACT
    return Kind.SPELLING if pieces else Kind.OTHER
