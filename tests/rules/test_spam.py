"""Scores: the main use scores nothing, machines score high, and what is missing never counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections_service.rules.spam import Score, score
from tests.measures import passes_at_most

SUSPECT = 70


@pytest.mark.parametrize(
    "report",
    [
        {"comment": "Kyiv"},
        {"exact": "ab"},
        {"exact": "the goverment", "comment": ""},
        {"exact": "the goverment", "suggestion": "the government", "elapsed_ms": 1_800},
        {"comment": "See https://example.org/report for the right figure."},
        {},
    ],
)
def test_what_most_readers_send_scores_nothing(report):
    assert score(**report) == Score(0, ())


def test_a_filled_honeypot_scores_high_and_says_why():
    found = score(comment="Nice site", website="https://spam.example")
    assert found.points >= SUSPECT
    assert found.reasons == ("a field that people do not see was filled",)


def test_less_than_a_second_in_the_dialog_is_a_sign_but_not_enough_alone():
    assert score(exact="word", elapsed_ms=300) == Score(40, ("sent within a second",))
    assert score(exact="word", elapsed_ms=0).points < SUSPECT
    assert score(exact="word", elapsed_ms=300, comment="[url=https://a.example]cheap[/url]").points >= SUSPECT


def test_a_missing_time_or_honeypot_never_counts():
    assert score(exact="word", elapsed_ms=None, website="").points == 0
    assert score(exact="word", elapsed_ms=-1, website="  ").points == 0


def test_links_count_only_beyond_those_in_the_article():
    links = "https://a.example/1 https://b.example/2 https://c.example/3"
    assert score(exact=links, suggestion=links).points == 0
    assert "several links" in score(comment=links).reasons


def test_another_script_and_repetition_are_signs_but_not_enough_alone():
    other = score(exact="The government said on Monday that", comment="Лучшие цены на всё, заходите к нам на сайт")
    assert 0 < other.points < SUSPECT
    again = score(comment="buy " * 40)
    assert 0 < again.points < SUSPECT


def test_a_short_correction_in_another_script_scores_nothing():
    assert score(exact="The mayor of Kiev said on Monday", comment="Київ").points == 0


@given(
    st.fixed_dictionaries(
        {
            "comment": st.text(),
            "suggestion": st.text(),
            "exact": st.text(),
            "elapsed_ms": st.none() | st.integers(),
            "website": st.text(),
        }
    )
)
def test_any_report_gets_points_from_0_to_100_and_as_many_reasons_as_it_needs(report):
    found = score(**report)
    assert 0 <= found.points <= 100
    assert bool(found.points) == bool(found.reasons)


@pytest.mark.parametrize("text", ["a" * 65_536 + "!", "a " * 32_768, "http://" * 9_000, "[url" * 16_000])
def test_a_64_kib_text_is_scored_at_once(text):
    passes_at_most(20, lambda: score(comment=text, suggestion=text, exact=text[::-1]), text)
