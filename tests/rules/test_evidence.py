"""A fix is a difference between two looks: which looks show a change, and which only what was always there."""

import pytest

from corrections_service.rules.evidence import Look, shows_change
from corrections_service.rules.quotes import Standing

THERE = Look(Standing.PRESENT)
NOTHING = Look(Standing.UNCLEAR)


def other(words):
    return Look(Standing.CHANGED, words)


def applied(words="opened"):
    return Look(Standing.APPLIED, words)


REMOVED, LOST = Look(Standing.GONE, ""), Look(Standing.GONE)


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        pytest.param([THERE], applied(), id="the words stood, the suggestion stands"),
        pytest.param([THERE], other("bought"), id="the words stood, others stand"),
        pytest.param([THERE], REMOVED, id="the words stood, nothing stands"),
        pytest.param([THERE], LOST, id="the words stood, the passage is gone"),
        pytest.param([THERE, NOTHING], other("bought"), id="an outage between"),
        pytest.param([THERE, other("bought")], other("bought"), id="seen before it was decided"),
        pytest.param([THERE, applied(), THERE], applied(), id="fixed, put back, and fixed again"),
        pytest.param([other(r"\(E=mc\)")], other(r"\(E=mcc\)"), id="a formula's source was edited"),
        pytest.param([other("1988")], applied("1987"), id="a figure was edited as suggested"),
        pytest.param([other("opend up")], applied(), id="the suggestion instead of what stood at first"),
        pytest.param([other("opend")], REMOVED, id="what stood at first was taken out"),
    ],
)
def test_what_stands_otherwise_than_at_an_earlier_look_is_a_change(earlier, now):
    assert shows_change(earlier, now)


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        pytest.param([], applied(), id="the first look sees the suggestion"),
        pytest.param([], other("{{ headline }}"), id="the first look sees a page made by script"),
        pytest.param([], REMOVED, id="the first look sees nothing"),
        pytest.param([other("a"), other("a")], other("a"), id="it always read so"),
        pytest.param([NOTHING, NOTHING], applied(), id="the page could not be read before"),
        pytest.param([LOST], other("a"), id="there was no place to compare with"),
        pytest.param([other("12 readers now")], other("13 readers now"), id="a counter counts"),
        pytest.param([other("6 minutes ago")], other("21 minutes ago"), id="a clock runs"),
        pytest.param([other("6 minutes ago")], other("2 hours ago"), id="a clock runs on to hours"),
        pytest.param([other("vor 6 Minuten")], other("vor 2 Stunden"), id="a clock runs on in German"),
        pytest.param([other("只 6 分钟前")], other("只 2 小时前"), id="a clock runs on in Chinese"),
        pytest.param([other("A"), other("B")], other("A"), id="headlines in turn, the first again"),
        pytest.param([other("A"), other("B"), other("A")], other("B"), id="headlines in turn, the second again"),
        pytest.param([THERE, other("B"), THERE], other("B"), id="headlines in turn, one as reported"),
        pytest.param([THERE], THERE, id="the words stand"),
        pytest.param([THERE], NOTHING, id="it cannot be told"),
    ],
)
def test_what_never_was_seen_as_reported_or_alternates_is_no_change(earlier, now):
    assert not shows_change(earlier, now)
