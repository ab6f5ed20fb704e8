"""Twins: whether two pages that were read show one article, as one of them says by naming the other's address its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

import regex

from corrections_service.rules.dates import in_utc
from corrections_service.rules.doubts import prose_lines
from corrections_service.rules.facts import ArticleFacts
from corrections_service.rules.quotes import Sighting, Standing, check_fixes
from corrections_service.rules.text import fold

Reading = tuple[str, ArticleFacts]
"""The text of a page, and what it says about its article."""

_PIECE = 16  # folded characters of text that is looked for
_MOST = 60_000  # folded characters of a page that are compared
_NEARLY_ALL, _HALF = 0.9, 0.5  # of the page's own text that stands on the other; of that one's, which may have more
_ANOTHER_DAY = timedelta(days=1)
_READ_AS_REPORTED = (Standing.PRESENT, Standing.APPLIED)
_TITLE_END = regex.compile(r"\s+[|·•–—-]\s+|\s*\|\s*")


def show_one_article(page: Reading, other_page: Reading, passages: Sequence[Sighting]) -> bool:
    """Whether a page and the one it names show one article: headline, day and words, and all that was reported.

    A canonical address may be mistaken, left over or hostile, and what a server sends may be the empty shell of an app:
    so each reported passage must be seen on both pages, as it was reported or as was wished, and stand there alike.
    """
    (text, facts), (other_text, other_facts) = page, other_page
    if not passages or not _same_headline(facts.headline, other_facts.headline):
        return False
    days = [in_utc(day, UTC) for day in (facts.published, other_facts.published) if day is not None]
    if days and max(days) - min(days) > _ANOTHER_DAY:
        return False
    if not _share_text(text, other_text):
        return False
    outcomes = zip(check_fixes(passages, text), check_fixes(passages, other_text), strict=True)
    return all(outcome.state is other_outcome.state in _READ_AS_REPORTED for outcome, other_outcome in outcomes)


def _same_headline(headline: str | None, other_headline: str | None) -> bool:
    """Whether two headlines are one, where a page's may have the publication's name behind it."""
    wholes = {fold(headline or "").text, fold(other_headline or "").text}
    return len(wholes) == 1 or any(
        fold(_TITLE_END.split(title or "")[0]).text in wholes - {fold(title or "").text}
        for title in (headline, other_headline)
    )


def _share_text(text: str, other_text: str) -> bool:
    pieces, other_pieces = _pieces(text), _pieces(other_text)
    shared = len(pieces & other_pieces)
    return shared >= _NEARLY_ALL * len(pieces) > 0 and shared >= _HALF * len(other_pieces)


def _pieces(text: str) -> set[str]:
    """The text's sentences, or all of it where it has none, in overlapping pieces."""
    folded = fold("\n".join(prose_lines(text)) or text).text[:_MOST]
    return {folded[at : at + _PIECE] for at in range(max(len(folded) - _PIECE + 1, min(len(folded), 1)))}
