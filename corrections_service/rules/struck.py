"""Struck out: words that stand on a page for all to see and are taken back; invisible marks say so in its text."""

from __future__ import annotations

import re

OPEN, CLOSE = "\u206a", "\u206b"  # no text has them: Unicode deprecates both, and nobody sees them
_STRUCK = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
_MOST = 0.5  # of a text: of more, it is the style of the page or a tag that nobody closed


def mark(text: str) -> str:
    """Return a text as struck out, without the white space round it."""
    core = text.strip()
    return text.replace(core, f"{OPEN}{core}{CLOSE}", 1) if core else text


def without_vain_marks(text: str) -> str:
    """Return a text as it is, or without marks where most of it would be struck out."""
    if OPEN not in text or sum(len(found[0]) for found in _STRUCK.finditer(text)) <= len(text) * _MOST:
        return text
    return without_marks(text)


def without_marks(text: str) -> str:
    """Return a text with all its words, and with no marks."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def hidden(text: str) -> str:
    """Return a text of the same length in which nothing of what is struck out can be seen."""
    return _STRUCK.sub(lambda found: OPEN * len(found[0]), text) if OPEN in text else text


def shown(text: str) -> str:
    """Return a text without what is struck out in it."""
    return without_marks(_STRUCK.sub("", text))


def is_struck(text: str, start: int, end: int) -> bool:
    """Tell whether all of a stretch is struck out."""
    return end > start and not hidden(text)[start:end].replace(OPEN, "").strip()
