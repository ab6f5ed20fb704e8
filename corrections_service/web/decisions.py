"""Deciding: what can be chosen, and what the form begins with."""

from __future__ import annotations

from corrections_service.rules import text
from corrections_service.rules.catalogue import best, catalogue_in
from corrections_service.rules.workflow import Resolution
from corrections_service.services import sites
from corrections_service.store.models import Case

ACCEPTED = (
    (Resolution.FIXED, "Fix silently", "A typo: no fact changes."),
    (Resolution.CORRECTED, "Correction", "A fact was wrong; published."),
    (Resolution.CLARIFIED, "Clarification", "The facts are right but could mislead; published."),
    (Resolution.UPDATED, "Update", "New facts; nothing was wrong."),
    (Resolution.EDITORS_NOTE, "Editor’s note", "Fairness, ethics or the whole story; published."),
    (Resolution.WITHDRAWN, "Withdrawn", "The story is fundamentally wrong; published."),
)
DECLINED = (
    (Resolution.NOT_AN_ERROR, "Not an error", ""),
    (Resolution.OPINION, "Opinion", ""),
    (Resolution.CANNOT_VERIFY, "Cannot verify", ""),
    (Resolution.ALREADY_FIXED, "Already fixed", ""),
    (Resolution.WONT_CHANGE, "Will not change", ""),
    (Resolution.OUT_OF_SCOPE, "Out of scope", ""),
)


def draft_of(case: Case) -> str:
    """A first draft of the public notice, for the editor to finish."""
    if not case.exact or not (case.suggestion or case.remove):
        return ""
    language = best(case.article.language, case.site.language)
    catalogue = catalogue_in(language, sites.own_sentences(case.site, language))
    if case.remove:
        return text.without_direction_controls(catalogue("public.draft_removed", wrong=case.exact))
    return text.without_direction_controls(catalogue("public.draft", wrong=case.exact, right=case.suggestion))
