"""Twins: whether two pages that were read show one article, as one of them says by naming the other's address its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import regex

from corrections_service.rules.doubts import prose_lines
from corrections_service.rules.facts import ArticleFacts
from corrections_service.rules.quotes import Sighting, Standing, check_fixes
from corrections_service.rules.text import fold

Read = tuple[str, ArticleFacts]
"""The words of a page, and what it says about its article."""

_PIECE = 16  # folded characters of text that is looked for
_MOST = 60_000  # folded characters of a page that are compared
_NEARLY_ALL, _HALF = 0.9, 0.5  # of the page's own text that stands on the other; of that one's, which may have more
_ANOTHER_DAY = timedelta(days=1)
_READ_AS_REPORTED = (Standing.PRESENT, Standing.APPLIED)
_TITLE_END = regex.compile(r"\s+[|·•–—-]\s+|\s*\|\s*")


def show_one_article(page: Read, named: Read, passages: Sequence[Sighting]) -> bool:
    """Whether a page and the one it names show one article: headline, day and words, and all that was reported.

    A canonical address may be mistaken, left over or hostile, and what a server sends may be the empty shell of an app:
    so each reported passage must be seen on both pages, as it was reported or as was wished, and stand there alike.
    """
    (words, facts), (its_words, its_facts) = page, named
    if not passages or not _same_headline(facts.headline, its_facts.headline):
        return False
    if facts.published and its_facts.published and abs(facts.published - its_facts.published) > _ANOTHER_DAY:
        return False
    if not _share_text(words, its_words):
        return False
    seen = zip(check_fixes(passages, words), check_fixes(passages, its_words), strict=True)
    return all(one.state is other.state in _READ_AS_REPORTED for one, other in seen)


def _same_headline(one: str | None, other: str | None) -> bool:
    """Whether two headlines are one, where a page's may have the publication's name behind it."""
    wholes = {fold(one or "").text, fold(other or "").text}
    return len(wholes) == 1 or any(
        fold(_TITLE_END.split(title or "")[0]).text in wholes - {fold(title or "").text} for title in (one, other)
    )


def _share_text(words: str, its: str) -> bool:
    mine, other = _pieces(words), _pieces(its)
    both = len(mine & other)
    return both >= _NEARLY_ALL * len(mine) > 0 and both >= _HALF * len(other)


def _pieces(words: str) -> set[str]:
    """The text's sentences, or all of it where it has none, in overlapping pieces."""
    text = fold("\n".join(prose_lines(words)) or words).text[:_MOST]
    return {text[at : at + _PIECE] for at in range(max(len(text) - _PIECE + 1, min(len(text), 1)))}
