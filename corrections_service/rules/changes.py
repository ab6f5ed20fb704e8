"""What an edit changes: its pieces, its kind, and why it may be more than a typo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corrections_service.rules import guard
from corrections_service.rules.lexicon import Lexicon, plain
from corrections_service.rules.pieces import AROUND, WORD, Edit, Piece, diff, edits
from corrections_service.rules.sightings import Quote
from corrections_service.rules.slips import FEW, alike, is_misspelt
from corrections_service.rules.text import fold

__all__ = ["Change", "Kind", "Piece", "describe_change", "describe_edit", "diff"]

KEPT = 2048
"""Edits that are described once for all who ask: the intake, what weighs the case, its row, its page, its mails."""

_SMALL = 2  # words put in or taken out; more is a statement


class Kind(StrEnum):
    """What a reader says is wrong."""

    SPELLING = "spelling"
    FACT = "fact"
    CONTEXT = "context"
    NAME = "name"
    MEDIA = "media"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """An edit in pieces, its guessed kind, and the reasons why it is no mere typo."""

    kind: Kind
    guard: tuple[str, ...]
    pieces: tuple[Piece, ...]


def describe_change(before: str, after: str, *, prefix: str = "", suffix: str = "") -> Change:
    """Describe an edit: the difference word by word, the likeliest kind, and the reasons to look twice.

    Joining either side of the pieces gives that text back. `prefix` and `suffix` are the text around it, which tell
    the language, a name from the start of a sentence, and words from a quotation. Never raises; linear but for the
    diff, which is bounded by pieces.LONGEST.
    """
    pieces = diff(before, after)
    if len(pieces) <= 2 * FEW:
        all_edits = list(edits(pieces, prefix, suffix))
    else:  # another text rather than an edit
        all_edits = [Edit(before, after, prefix[-AROUND:], suffix[:AROUND])]
    worded_edits = [edit for edit in all_edits if guard.without_links(edit.before) != guard.without_links(edit.after)]
    lexicon = guard.language_of(pieces, prefix, suffix)
    reasons = guard.reasons(worded_edits, pieces, prefix, suffix, lexicon)
    return Change(_guess(worded_edits, reasons, lexicon), reasons, pieces)


_described = lru_cache(maxsize=KEPT)(describe_change)


def describe_edit(quote: Quote, after: str, *, before: str = "") -> Change:
    """Describe an edit of a quote's words, or of those that are given as `before`, with the text around them.

    Words that do not stand there, such as an editor's own for a notice, have none around them.
    """
    if not before or before == quote.exact:
        return _described(quote.exact, after, prefix=quote.prefix, suffix=quote.suffix)
    whole = quote.prefix + quote.exact + quote.suffix
    at = whole.find(before, max(0, len(quote.prefix) - len(before) + 1))  # the first that touches the quote
    around = (whole[:at], whole[at + len(before) :]) if at >= 0 else ("", "")
    return _described(before, after, prefix=around[0], suffix=around[1])


def _guess(edits: Sequence[Edit], reasons: Sequence[str], lexicon: Lexicon) -> Kind:
    if not edits:
        return Kind.OTHER  # nothing changes, or a link
    if any(reason in reasons for reason in ("number", "date", "unit", "negation")):
        return Kind.FACT
    if "name" in reasons:
        return Kind.NAME
    return Kind.SPELLING if all(_is_spelling(edit, lexicon) for edit in edits) else Kind.CONTEXT


def _is_spelling(edit: Edit, lexicon: Lexicon) -> bool:
    """Whether an edit is of letters, marks, forms, and words that hold a sentence together."""
    if fold(edit.before).text == fold(edit.after).text:
        return True
    old, new = (
        [word for spelling in WORD.findall(side) if not lexicon.is_function_word(word := plain(spelling))]
        for side in (edit.before, edit.after)
    )
    removals, additions = (
        list((Counter(old) - Counter(new)).elements()),
        list((Counter(new) - Counter(old)).elements()),
    )
    if max(len(removals), len(additions)) > FEW:
        return False
    if not removals or not additions:
        return len(removals + additions) <= _SMALL
    if alike("".join(removals), "".join(additions)):
        return True
    fewer, more = sorted((removals, additions), key=len)
    strays = [
        word for word in more if not any(alike(word, other) or is_misspelt(word, other, lexicon) for other in fewer)
    ]
    return len(strays) <= len(more) - len(fewer) and len(strays) < _SMALL
