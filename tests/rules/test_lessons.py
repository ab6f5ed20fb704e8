"""What a site's editors called spam tells what is like it, by words that are named (I6)."""

from __future__ import annotations

from collections import Counter

import pytest

from corrections_service.rules.lessons import LEAST, LONGEST, MOST_WORDS, REASON, Counts, likeness, words_of

SPAM = [
    "Buy cheap pills online now, best casino bonus",
    "Best casino bonus today, cheap loans and pills",
    "Cheap loans online, casino bonus without deposit",
    "Casino bonus: deposit now, best pills cheap",
    "Online casino, cheap bonus, deposit and loans",
    "Pills, loans, casino, bonus: best deposit",
]
FINE = [
    "The bridge was opened in the year before, by the king",
    "This name is misspelled, it should be Kowalski",
    "The minister said that in March, not in May",
    "There is a word missing in this sentence",
    "The casino in the photo is in another town",
    "The price of bread is wrong, see the first table",
]


def taught(spam: list[str], fine: list[str]) -> tuple[dict[str, Counts], Counts]:
    """The counts after these were judged."""
    one = Counter(word for text in spam for word in words_of([text]))
    other = Counter(word for text in fine for word in words_of([text]))
    return {word: (one[word], other[word]) for word in one | other}, (len(spam), len(fine))


def test_what_is_like_spam_gets_points_and_the_words_that_decided() -> None:
    score = likeness(words_of(["Best casino bonus, cheap pills, no deposit"]), *taught(SPAM, FINE))
    assert score.points >= 70
    (reason,) = score.reasons
    assert reason.startswith(REASON)
    assert {"casino", "bonus", "cheap"} <= set(reason.removeprefix(REASON).split(", "))


@pytest.mark.parametrize("text", [*FINE, "The casino has another name", "A bonus is paid in May", "", "1987", "Київ"])
def test_what_is_like_honest_reports_gets_none(text: str) -> None:
    """One word of spam is in many an honest text."""
    assert likeness(words_of([text]), *taught(SPAM, FINE)).points == 0


@pytest.mark.parametrize(("spam", "fine"), [(LEAST - 1, 6), (6, LEAST - 1), (0, 0), (6, 0), (0, 6)])
def test_a_site_that_has_judged_little_is_not_influenced(spam: int, fine: int) -> None:
    assert likeness(words_of(SPAM), *taught(SPAM[:spam], FINE[:fine])).points == 0


def test_a_word_that_was_seen_once_says_nothing() -> None:
    counts = dict.fromkeys(("alpha", "beta", "gamma", "delta"), (1, 0))
    assert likeness(list(counts), counts, (50, 50)).points == 0


def test_words_are_folded_each_once_without_figures_links_details_and_the_articles_own() -> None:
    text = "CASINO Casino cásino! 1987 of ann@example.org https://www.Spam.example/a?b=c bridge"
    assert words_of([text], "The bridge") == ["spam.example", "casino", "cásino"]
    assert words_of(["免费赌场"]) == ["免费", "费赌", "赌场"]
    assert words_of(["казино-бонус ДЕПОЗИТ"]) == ["казино", "бонус", "депозит"]
    assert words_of(["a" * (LONGEST + 1), "b" * LONGEST]) == ["b" * LONGEST]
    assert len(words_of([" ".join(f"word{number}" for number in range(200))])) == MOST_WORDS
