"""Offers: letters to whoever runs pages that would sell or swap texts, links or places in search results (B12)."""

from __future__ import annotations

import re

from corrections_service.rules import named
from corrections_service.rules.lexicon import offers
from corrections_service.rules.lexicon.mails import folded

OFFER = "it offers texts, links or places in search results"
"""Why a letter that is one is set aside."""

_READ, _GAP = 5_000, 60
"""Characters of a letter that are read, and between the two parts of a phrase."""

_ADDRESS = re.compile(r"https?://\S+")


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    """Any of these phrases, from the start of a word on; a … in one stands for some words of its sentence."""
    parts = (re.escape(phrase).replace("…", rf"[^.!?\n]{{0,{_GAP}}}?") for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})")


_TRADED, _ASKED, _PROPOSED = map(_pattern, (offers.TRADED, offers.ASKED, offers.PROPOSED))
_OF_ARTICLE = _pattern([*offers.CORRECTED, *offers.CITED])
_CONTRAST = re.compile(rf"[,،;؛–—] ?(?:{'|'.join(map(re.escape, offers.CONTRASTED))})(?!\w)")


def is_offer(words: str) -> bool:
    """Whether a letter names what is traded and proposes a trade; who speaks of an error, or only cites, offers nothing."""
    plain = words[:_READ]
    for quotation in named.quoted_words(plain):
        plain = plain.replace(quotation, " ")
    plain = " ".join(folded(_ADDRESS.sub(" ", plain)).split())
    if _OF_ARTICLE.search(plain) or _CONTRAST.search(plain):
        return False
    return bool(_PROPOSED.search(plain) or (_TRADED.search(plain) and _ASKED.search(plain)))
