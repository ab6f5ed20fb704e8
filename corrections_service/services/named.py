"""Named words: a case whose reader only said which part is meant gets its quote where the article holds those words once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from corrections_service.rules import grouping
from corrections_service.rules.named import find_spans
from corrections_service.rules.quotes import Quote, quote_at
from corrections_service.rules.text import fold
from corrections_service.rules.workflow import LIVE
from corrections_service.services import history, joining, looks, wishes
from corrections_service.store.models import Case, EventKind, FixState

ALIKE = "the words that the reader names are those of that case"
_REASONS = {0: looks.NOWHERE, 1: looks.ONE_LEFT, 2: looks.SEVERAL}


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of named words: in how many places they stand (None: not looked up; 2: several), and the only one."""

    words: str
    places: int | None = None
    quote: Quote | None = None


def named_words(watched: Iterable[Case]) -> dict[int, str]:
    """The words that readers named, by case, where the case has no quote yet."""
    return {case.id: wishes.words(case) for case in watched if not case.exact and case.state in LIVE}


def look_up(words_by_case: Mapping[int, str], text: str) -> dict[int, Finding]:
    """Where the words stand in the article's text."""
    page = fold(text) if words_by_case else None
    findings: dict[int, Finding] = {}
    for case_id, words in words_by_case.items():
        spans = find_spans(words, page) if page is not None else []
        quote = quote_at(text, *spans[0]) if len(spans) == 1 else None
        findings[case_id] = Finding(words, len(spans), quote)
    return findings


def settle(session: Session, case: Case, finding: Finding) -> bool:
    """Take the named words for the case's quote if they stand in one place, else say on the case why not; whether it did.

    Words that stood in several places, of which one is left, need not be those that the reader meant. Equal cases are
    suggested, as for a new report.
    """
    if case.exact or wishes.words(case) != finding.words:
        return False  # it was changed while the article was being read
    last = looks.last_look(session, case)
    were_several = last is not None and last.data.get("reason") in (looks.SEVERAL, looks.ONE_LEFT)
    if finding.quote is None or were_several:
        reason = "" if finding.places is None else _REASONS[finding.places]
        looks.see_fix(session, case, FixState.UNCLEAR, reason=reason)
        return False
    quote = finding.quote
    history.set_quietly(session, case, {**asdict(quote), "fingerprint": grouping.fingerprint(quote)})
    history.record(session, case, EventKind.LOCATED)
    same, hint = joining.same_error(session, case.article_id, wishes.sighting(case), but=case.id)
    if same is not None:
        hint = {"case": same, "reason": ALIKE}
    if hint:
        history.record(session, case, EventKind.SUGGESTED, case=hint["case"], reason=hint["reason"])
    return True
