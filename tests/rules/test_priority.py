"""What comes first: more of what presses is never less urgent, a site's weights decide, and the reasons are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from corrections_service.rules.catalogue import desk_in
from corrections_service.rules.changes import Kind
from corrections_service.rules.priority import Factor, Urgency, in_words, prioritize, steady

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLAIN = Urgency(readers=1, kind=Kind.SPELLING, waiting=HOUR)


@pytest.mark.parametrize(
    ("more", "reasons"),
    [
        ({"readers": 4}, "4 readers"),
        ({"kind": Kind.FACT}, "a fact"),
        ({"guard": ("number", "date")}, "changes a number"),
        ({"guard": ("quotation",)}, "changes words in quotation marks"),
        ({"waiting": 2 * DAY}, "waits for 2 days"),
        ({"article_age": HOUR}, "article of today"),
        ({"article_age": 5 * DAY}, "article 5 days old"),
        ({"right": 7, "decided": 8}, "its readers were right 7 times of 8"),
        ({"overdue": True}, "overdue"),
    ],
)
def test_each_that_presses_makes_a_case_more_urgent_and_says_so(more: dict[str, Any], reasons: str) -> None:
    priority = prioritize(replace(PLAIN, **more))
    assert priority.points > prioritize(PLAIN).points == 0
    assert in_words(priority.reasons, desk_in("en")) == reasons


def test_the_reasons_that_weigh_most_come_first() -> None:
    """As the desk shows them."""
    urgency = Urgency(4, Kind.SPELLING, HOUR, article_age=2 * HOUR, guard=("number",))
    assert in_words(prioritize(urgency).reasons, desk_in("en")) == "article of today, changes a number, 4 readers"
    weights = {Factor.READERS.value: 90}
    assert (
        in_words(prioritize(urgency, weights).reasons, desk_in("en")) == "4 readers, article of today, changes a number"
    )


def test_what_is_new_or_old_beyond_all_measure_is_weighed_too() -> None:
    extremes = [Urgency(0, Kind.FACT, -DAY, -DAY), Urgency(10**9, Kind.FACT, 10**4 * DAY, 10**4 * DAY)]
    low, high = (prioritize(urgency).points for urgency in extremes)
    assert 0 <= low < high < 1000


def test_a_reader_who_was_seldom_right_comes_later_and_never_below_nothing() -> None:
    """The record sorts only: nobody is hidden by it."""
    fact = replace(PLAIN, kind=Kind.FACT)
    assert 0 < prioritize(replace(fact, right=0, decided=9)).points < prioritize(fact).points
    assert prioritize(replace(PLAIN, right=0, decided=9)).points == 0


def test_two_decided_reports_say_nothing_of_a_reader() -> None:
    assert prioritize(replace(PLAIN, right=2, decided=2)).points == 0


@pytest.mark.parametrize("factor", Factor)
def test_a_site_weighs_as_it_likes_and_what_counts_nothing_is_no_reason(factor: Factor) -> None:
    urgency = Urgency(8, Kind.FACT, 20 * DAY, HOUR, ("number",), right=9, decided=9, overdue=True)
    usual, without = prioritize(urgency), prioritize(urgency, {factor: 0})
    assert without.points < usual.points < prioritize(urgency, {factor: 100}).points
    assert factor not in dict(without.reasons)


def test_more_readers_are_never_less_urgent() -> None:
    points = [prioritize(replace(PLAIN, readers=number)).points for number in range(1, 400)]
    assert points == sorted(points)


def test_what_time_changes_no_more_is_not_weighed_again() -> None:
    assert not steady(PLAIN)
    assert not steady(replace(PLAIN, waiting=11 * DAY, article_age=6 * DAY))
    assert steady(replace(PLAIN, waiting=11 * DAY, article_age=8 * DAY))
    assert steady(replace(PLAIN, waiting=11 * DAY))
