"""Sightings in one article."""

from corrections_service.rules.grouping import Sighting
from corrections_service.rules.quotes import Quote

ARTICLE = (
    "The city council met on Monday to recieve the report about the new bridge over the river. Members said"
    " that the bridge, which was build in 1987, needs repairs soon. The council will recieve a second report"
    " in May, when the cost are known, and vote on a plan"
    " that includes the old harbour and teh market square."
)


def sighting(exact, suggestion="", *, nth=0, context=300, article=ARTICLE):
    """Return what the snippet would send for the nth occurrence of these words."""
    start = -1
    for _ in range(nth + 1):
        start = article.index(exact, start + 1)
    end = start + len(exact)
    return Sighting(Quote(exact, article[max(0, start - context) : start], article[end : end + context]), suggestion)
