"""Scores: how much a report looks like spam, by the rules and by what its site's editors said; never a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from corrections_service.rules import spam
from corrections_service.services import lessons


def of_arrivals(session: Session, arrivals: Sequence[Any]) -> list[spam.Score]:
    """The score of each report on its way in (`reports.Arrival`); what is set aside anyway has them all."""
    return lessons.scored(session, [_text_of(arrival) for arrival in arrivals])


def _text_of(arrival: Any) -> tuple[Any, Sequence[str], str, spam.Score]:
    """What a report says in its reader's own words, with its score by the rules."""
    fields = arrival.fields
    texts = (fields.comment, fields.suggestion, fields.place, fields.source_url)
    return arrival.site, texts, fields.exact, _by_rules(arrival)


def _by_rules(arrival: Any) -> spam.Score:
    if arrival.aside:
        return spam.Score(spam.MOST, (arrival.aside,))
    fields = arrival.fields
    return spam.score(
        comment=fields.comment,
        suggestion=fields.suggestion,
        exact=fields.exact,
        elapsed_ms=fields.elapsed_ms,
        website=fields.website,
    )
