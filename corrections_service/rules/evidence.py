"""Evidence: a fix is a difference between two looks; what was never seen as reported cannot be seen as fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from corrections_service.rules.doubts import only_time_passed
from corrections_service.rules.quotes import Standing

CHANGES = (Standing.APPLIED, Standing.CHANGED, Standing.GONE)

_RUNNING = regex.compile(r"\p{Nd}+")


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a passage saw: the state, and the words between its brackets (None where it was not found)."""

    state: Standing
    stands: str | None = None


def shows_change(earlier: Sequence[Look], now: Look) -> bool:
    """Whether a look shows that a passage was changed since it was reported; the earlier looks come in order.

    It does where an earlier look saw the reported words, or other words than now. What was there once already, and
    was otherwise since, alternates: only the reader's own suggestion counts again, after the reported words.
    """
    if now.state not in CHANGES:
        return False
    before = [look for look in earlier if look.state in (*CHANGES, Standing.PRESENT)]
    while before and _is_same(before[-1], now):
        before.pop()
    words_stood = any(look.state is Standing.PRESENT for look in before)
    if any(_is_same(look, now) for look in before):
        return words_stood and now.state is Standing.APPLIED
    if words_stood:
        return True
    first = next((look for look in before if look.stands is not None), None)
    return first is not None and _differs(first, now)


def _is_same(look: Look, now: Look) -> bool:
    return look.state is now.state and look.stands is not None and look.stands == now.stands


def _differs(first: Look, now: Look) -> bool:
    """Whether other words stand; figures alone may be a clock's or a counter's, unless they are the suggestion."""
    old_words, new_words = (" ".join((look.stands or "").split()) for look in (first, now))
    if now.state is Standing.APPLIED:
        return old_words != new_words
    return not only_time_passed(old_words, new_words) and bool(
        _RUNNING.sub("0", old_words) != _RUNNING.sub("0", new_words)
    )
