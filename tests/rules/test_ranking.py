"""Neighbours are ranked as comparing each would, at a bounded cost, whoever sent them (THREATS E01, E05)."""

import random
from dataclasses import replace
from itertools import count

import pytest

from corrections_service.rules.grouping import Sighting, Verdict, fingerprint, rank, same_error
from corrections_service.rules.quotes import Quote
from tests.measures import passes_at_most, takes_at_most
from tests.rules.sightings import ARTICLE, sighting


def test_a_fingerprint_is_of_the_words_with_all_their_context():
    """THREATS E05: a sentence may stand twice in an article."""
    here = Quote("opend", "Nobody came. The gate was ", " at nine.")
    assert fingerprint(here) == fingerprint(Quote("OPEND", "nobody  came. The gate was ", " at nine."))
    assert fingerprint(here) != fingerprint(Quote("opend", "Everybody came. The gate was ", " at nine."))
    assert len(fingerprint(here)) == 32
    assert fingerprint(sighting("recieve").quote) != fingerprint(sighting("recieve", nth=1).quote)
    assert len({fingerprint(Quote("a", "b", "")), fingerprint(Quote("a", "", "b")), fingerprint(Quote("ab"))}) == 3


def test_ranking_says_what_comparing_each_says():
    places = [at for at, letter in enumerate(ARTICLE) if letter == " "]
    others = [
        Sighting(Quote(ARTICLE[at:to], ARTICLE[max(0, at - 40) : at], ARTICLE[to : to + 40]), suggestion)
        for at, to in zip(places, places[2:], strict=False)
        for suggestion in ("", "quite another")
    ]
    others += [Sighting(Quote("")), Sighting(Quote("the")), Sighting(Quote("", "before", "after"), "a caption")]
    for mine in others:
        assert rank(mine, others) == _by_verdict((index, same_error(mine, it)) for index, it in enumerate(others))


def _by_verdict(pairs):
    return sorted(pairs, key=lambda pair: [Verdict.SAME, Verdict.UNSURE, Verdict.DIFFERENT].index(pair[1].verdict))


def test_ranking_puts_the_same_first_and_looks_at_no_more_than_its_limit():
    mine = sighting("recieve", "receive")
    others = [
        sighting("build", "built"),
        sighting("to recieve", "to get"),
        sighting("recieve the", "receive a"),
    ]
    found = rank(mine, others)
    assert [index for index, _ in found] == [1, 2, 0]
    assert found[0][1].verdict is Verdict.SAME
    assert len(rank(mine, others * 100, limit=200)) == 200
    assert rank(mine, []) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Sighting(Quote("ab c" * 2_500), "ba d" * 2_500), Sighting(Quote("ab c" * 2_499), "c ba" * 2_500)),
        (Sighting(Quote("本社" * 5_000), "社本" * 5_000), Sighting(Quote("本社" * 4_990), "社的" * 5_000)),
        (Sighting(Quote("a" * 10_000), "b" * 10_000), Sighting(Quote("a" * 9_999), "c" * 10_000)),
        (
            Sighting(Quote("é" * 10_000, "a" * 300, "a" * 300)),
            Sighting(Quote("e" * 10_000, "a" * 300, "a" * 300)),
        ),
    ],
)
def test_two_quotes_of_10_000_characters_are_compared_at_once(one, other):
    written = "".join((one.quote.exact, one.suggestion, other.quote.exact, other.suggestion))
    fresh = count()
    passes_at_most(10, lambda: same_error(_unseen(one, next(fresh)), _unseen(other, next(fresh))), written)


YEARS = " ".join(f"In the year {number} somebody made mistaek {number} here." for number in range(200))
ORDINARY = [sighting(f"mistaek {number} h", f"mistake {number} h", article=YEARS) for number in range(200)]
MARKS = "".join(random.Random(1).choice("a.,;b") for _ in range(40_000))


@pytest.mark.parametrize(
    ("quote", "suggestion"),
    [
        (lambda nth: Quote("a" * (1 + nth % 7), "a" * 300, "a" * 300), "b"),
        (lambda nth: Quote("a", "b" + "a" * (100 + nth), "a" * (300 - nth) + "c"), "b"),
        (lambda nth: Quote("a\u200b" * 1_000, "a\u200b" * 150, "\u200b" * (300 - nth)), "a\u200b" * 990),
        (lambda nth: Quote("👩🏽‍🚀é̂" * 280, "e\u0301" * 150, "\u200b" * (300 - nth)), "👩🏽‍🚀é̂" * 279),
        (lambda nth: Quote("ﷺ" * 2_000, "ﷺ" * (300 - nth), "ﷺ" * 300), "ﷺ" * 1_999),
        (lambda nth: Quote(MARKS[nth * 60 :][:60], "the same words around" * 14, "and after " * 30), MARKS[::-200]),
        (lambda nth: Quote(MARKS[nth * 100 :][:2_000], "some words " * 27, "and after " * 30), MARKS[-2_000:]),
        (lambda nth: Quote("word " * (1 + nth % 9), "word " * 60, "word " * 60), "wort " * (1 + 3)),
    ],
    ids=["letters", "letters that end", "zero width", "clusters", "ligatures", "marks", "many marks", "words"],
)
def test_ranking_200_hostile_neighbours_costs_at_most_eight_times_ranking_ordinary_ones(quote, suggestion):
    """THREATS E01."""
    fresh = count()
    hostile = [Sighting(quote(nth), suggestion) for nth in range(200)]
    takes_at_most(8, lambda: _rank_unseen(hostile, next(fresh)), lambda: _rank_unseen(ORDINARY, next(fresh)))


def _rank_unseen(seen, trial):
    others = [_unseen(one, trial) for one in seen]
    assert rank(replace(others[0], suggestion=others[0].suggestion + "!"), others)


def _unseen(seen, trial):
    """The same, so that nothing of it is remembered."""
    return replace(seen, quote=replace(seen.quote, prefix=f"{seen.quote.prefix}{trial}"))


def test_ranking_looks_at_all_of_200_ordinary_neighbours_and_at_no_more_of_others_than_it_can_read():
    assert len(rank(ORDINARY[100], ORDINARY)) == 200
    long = [Sighting(Quote(f"{number} " * 700, "before it", "after it"), "said otherwise") for number in range(200)]
    assert 0 < len(rank(sighting("build", "built"), long)) < 200
    assert len(rank(long[0], [Sighting(long[0].quote, f"{number} " * 700) for number in range(200)])) < 20
