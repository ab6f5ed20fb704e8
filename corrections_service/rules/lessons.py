"""What a site's editors called spam, as counts of words: how much a new text is like it, and by which of its words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import regex

from corrections_service.rules import personal, urls
from corrections_service.rules.spam import Score
from corrections_service.rules.text import fold

LEAST = 5
"""Reports of either sort that a site must have judged before anything follows from them."""

MOST_WORDS, LONGEST = 60, 40
"""Different words of one text that count, and characters of the longest."""

REASON = "words of what was called spam here: "
"""How the reason begins that names them."""

_WORD = regex.compile(
    r"""
      [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]{2,}+    # without spaces between words
    | [\p{L}\p{M}\p{N}]{3,}+
    """,
    regex.VERBOSE,
)
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_LINK = regex.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"']++")
_DECIDING = 8  # words that say most; more of the others say nothing
_NEEDED = 3  # words that point at spam, as one or two are in many an honest text
_GRADES = ((0.995, 70), (0.97, 50), (0.9, 30))
"""How likely it must be spam for so many points; from 70 on it is looked at apart from the others."""

Counts = tuple[int, int]
"""In how many reports called spam a word stood, and in how many others."""


def words_of(texts: Iterable[str], article: str = "") -> list[str]:
    """The words by which texts are compared: folded, each once, without the article's own and any personal detail."""
    there = set(_words(article))
    words = dict.fromkeys(word for text in texts for word in _words(personal.mask(text)) if word not in there)
    return list(islice(words, MOST_WORDS))


def likeness(words: Sequence[str], counts: Mapping[str, Counts], totals: Counts) -> Score:
    """Points for words like those of spam, with the words that decided; none where a site has judged little.

    Each word by itself says how much likelier it is in spam (Graham, A Plan for Spam, 2002; naive Bayes with Laplace's
    one more); the few that say most are put together. What honest reports say counts against it.
    """
    spam, others = totals
    if min(spam, others) < LEAST:
        return Score(0, ())
    signs = {
        word: math.log((counts[word][0] + 0.5) / (spam + 1)) - math.log((counts[word][1] + 0.5) / (others + 1))
        for word in words
        if sum(counts.get(word, (0, 0))) > 1
    }
    deciding = sorted(signs, key=lambda word: (-abs(signs[word]), word))[:_DECIDING]
    likely = 1 / (1 + math.exp(-min(max(sum(signs[word] for word in deciding), -50), 50)))
    pointing = [word for word in deciding if signs[word] > 1]
    points = next((points for least, points in _GRADES if likely >= least), 0)
    if not points or len(pointing) < _NEEDED:
        return Score(0, ())
    return Score(points, (f"{REASON}{', '.join(pointing)}",))


def _words(text: str) -> Iterable[str]:
    hosts = [host for link in _LINK.findall(text) if (host := _host(link))]
    yield from (host for host in hosts if len(host) <= LONGEST)
    for word in (fold(match).text for match in _WORD.findall(_LINK.sub(" ", text))):
        if _UNSPACED.match(word):
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) <= LONGEST and not word.isdigit():
            yield word


def _host(link: str) -> str:
    try:
        return urls.parse(link if "://" in link else f"https://{link}").host.removeprefix("www.")
    except urls.BadAddress:
        return ""
