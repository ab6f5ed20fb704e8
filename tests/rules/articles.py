"""An article and quotes of it."""

from corrections_service.rules.quotes import (
    quote_at,
)

ARTICLE = (
    "Ferries to the island\nThe harbour master told the council on Monday that the old bridge was build in 1987 and"
    " will be closed for repairs in May. Robin Hansen, who leads the island's only school, said that the children"
    " would have to take the early ferry.\nThe ferry company answered that it had not been asked. Its boats are full"
    " on weekdays, and a second boat costs four million euros a year.\nRobin Olsen of the town hall promised a plan"
    " before the summer. Until then the bridge stays open for bicycles, as it was when the storm took the railings."
)


def quote(exact, *, nth=0, article=ARTICLE):
    """Return what the reader's script sends for the nth occurrence of these words."""
    start = -1
    for _ in range(nth + 1):
        start = article.index(exact, start + 1)
    return quote_at(article, start, start + len(exact))


def stands(found, text):
    return found.state, text[slice(*found.span)] if found.span else None
