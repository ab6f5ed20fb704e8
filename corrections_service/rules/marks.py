"""Marks in the text of a page, which nobody sees: what is struck out, and what may stand there for screen readers alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Marks:
    """A pair of characters round each stretch of one sort; no text has them, as Unicode deprecates them all."""

    opening: str
    closing: str

    @cached_property
    def _marked(self) -> re.Pattern[str]:
        return re.compile(f"{self.opening}[^{self.opening}{self.closing}]*{self.closing}")

    def mark(self, text: str) -> str:
        """A text marked, without the white space round it."""
        core = text.strip()
        return text.replace(core, f"{self.opening}{core}{self.closing}", 1) if core else text

    def are_in(self, text: str) -> bool:
        """Whether anything is marked."""
        return self.opening in text

    def share(self, text: str) -> float:
        """How much of a text is marked, from 0 to 1."""
        return sum(len(match[0]) for match in self._marked.finditer(text)) / max(len(text), 1)

    def hidden(self, text: str) -> str:
        """A text of the same length in which nothing of what is marked can be seen."""
        return self._marked.sub(lambda match: self.opening * len(match[0]), text) if self.opening in text else text

    def shown(self, text: str) -> str:
        """A text without what is marked in it, and with no marks."""
        return without_marks(self._marked.sub("", text))

    def cover(self, text: str, start: int, end: int) -> bool:
        """Whether all of a stretch is marked."""
        return end > start and not without_marks(self.hidden(text)[start:end]).strip()


STRUCK = Marks("\u206a", "\u206b")
"""Words that stand on a page for all to see and are taken back."""
ASIDE = Marks("\u206c", "\u206d")
"""Words that may be out of readers' sight, or that cannot be selected (`rules/asides`)."""
ALL = (STRUCK.opening, STRUCK.closing, ASIDE.opening, ASIDE.closing)
_NONE = str.maketrans(dict.fromkeys(ALL, ""))
_MOST = 0.5  # of a text: of more, it is the style of the page or a tag that nobody closed


def without_marks(text: str) -> str:
    """A text with all its words, and with no marks."""
    return text.translate(_NONE) if any(mark in text for mark in ALL) else text


def without_vain_marks(text: str) -> str:
    """A text as it is, or without marks where most of it would be struck out."""
    return text if STRUCK.share(text) <= _MOST else without_marks(text)
