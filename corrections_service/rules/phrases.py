"""Saved answers: sentences with a few places that are filled in for a case."""

from __future__ import annotations

import re
from collections.abc import Mapping

from corrections_service.rules.text import stopped_once

PLACES = ("site", "headline", "date", "log", "policy")
"""The site's name, the article's headline as the service read it, today, the addresses of the public log and policy."""

UNKNOWN = "…"
"""Stands where something is not known of a case, for the editor to write."""

_PLACE = re.compile(r"\{([^{}\n]{0,40})\}")


class BadPhrase(ValueError):
    """What stands in braces in this text cannot be filled in."""


def check(phrase: str) -> None:
    """Promise that every place in it can be filled in. Raises BadPhrase with a sentence."""
    odd = [name for name in _PLACE.findall(phrase) if name not in PLACES]
    places = ", ".join(f"{{{name}}}" for name in PLACES)
    if odd:
        place = f"{{{odd[0]}}}"
        raise BadPhrase(f"{place} is not known; there are {places}.")
    if re.search(r"[{}]", _PLACE.sub("", phrase)):
        raise BadPhrase(f"A brace stands alone; there are {places}.")


def fill(phrase: str, values: Mapping[str, str]) -> str:
    """The sentences with their places filled in; never a place of a place."""
    sentences = stopped_once(phrase, values)
    return _PLACE.sub(lambda place: (values.get(place[1]) or UNKNOWN) if place[1] in PLACES else place[0], sentences)
