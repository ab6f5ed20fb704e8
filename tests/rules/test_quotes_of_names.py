"""A name that is replaced is a change at its own places, with lookalikes all around."""

import re

import pytest

from corrections_service.rules.quotes import (
    Quote,
    Sighting,
    Standing,
    check_fix,
    check_fixes,
    quote_at,
)
from corrections_service.rules.sightings import CONTEXT
from tests.rules.articles import ARTICLE, quote, stands


def test_a_renamed_person_is_a_change_at_the_right_place_though_the_name_stands_elsewhere():
    now = ARTICLE.replace("Robin Hansen", "Elisa Hansen")
    found = check_fix(quote("Robin"), now)
    assert stands(found, now) == (Standing.CHANGED, "Elisa")
    assert found.span == (now.index("Elisa"), now.index("Elisa") + 5)
    assert stands(check_fix(quote("Robin", nth=1), now), now) == (Standing.PRESENT, "Robin")


def test_a_renamed_team_is_a_change_at_the_right_place_with_lookalikes_all_around():
    match = (
        "Team Alpha won the first leg by two goals. Team Alpha had rested its captain. In the second leg Team Alpha"
        " lost its way after the break, and Team Gamma scored. The cup went to Team Alpha on the last day of May."
    )
    for nth in range(4):
        start = [at for at in range(len(match)) if match.startswith("Team Alpha", at)][nth]
        now = match[:start] + "Team Beta" + match[start + len("Team Alpha") :]
        found = check_fix(quote("Team Alpha", nth=nth, article=match), now)
        assert stands(found, now)[0] is Standing.CHANGED
        assert found.span == (start, start + len("Team Beta"))


def test_everyone_renamed_is_a_change_at_each_place():
    now = ARTICLE.replace("Robin", "Elisa")
    for nth in (0, 1):
        found = check_fix(quote("Robin", nth=nth), now)
        assert stands(found, now) == (Standing.CHANGED, "Elisa")


CHAPTER = """The winter match
Robin came down to the field before the others, while a robin sang on the crossbar. The grass was white. Robin kicked\
 at it twice, and Robin was pleased to find the ground soft. A second robin answered from the hedge.
Team Alpha had not lost since October. Team Alpha trained on Mondays, Team Alpha trained on Thursdays, and on Sundays\
 Team Alpha played. The Alpha, the bus that took them to the away games, stood by the gate with its engine running.
"Robin," said the keeper, "you are early." Robin said nothing. "Robin," said the keeper again, "you are early."\
 Robin said nothing. Then both of them laughed, and the keeper threw Robin the ball.
Robin redbreasts, the old groundsman liked to say, bring luck to a side that feeds them. Robin had fed them all winter.\
 So had Robin's brother, who kept the crumbs in a tin marked Alpha, after the bakery. The tin was Robin's now.
By noon the stands were full. They sang the song with the short lines.
Robin, run!
Run for the rain and the sun.
Robin, run!
Run till the running is done.
Robin, run!
At half past two the whistle went. Robin passed to the left, got the ball back, and passed to the right. Team Alpha\
 came slowly out of its half; the visitors waited. Robin lost the ball. Robin won it again. Robin lost the ball.
14:40 Corner for Team Alpha.
14:52 Corner for Team Alpha.
15:01 Goal for Team Alpha.
15:01 Corner for the visitors.
15:09 Corner for Team Alpha.
In the second half the light went. The captain shouted for Robin, the bench shouted for Robin, and from the boat in the\
 harbour, the Elisa, a horn blew for Robin as well. Nobody had ever seen Robin so still. The ball came over; Robin\
 turned, and it was in.
The papers wrote that Team Alpha had been lucky, that Team Beta would be a harder test, and that Alpha radio would\
 carry it. Robin read none of it. Robin had a coat to mend, and Robin mended it; Robin\
 had bread to bake. Robin slept, Robin ate, and on Monday Robin went down to the field before the others,\
 while a robin sang on the crossbar. Team Alpha trained on Mondays.
Nobody waited at the gate. Robin
"""
PERSON, TEAM = r"\bRobin\b(?! redbreast)", r"\bTeam Alpha\b"


def renamed(pattern, name, *, only=None):
    """Return the chapter with a name replaced, everywhere or at one place, and where each of the places is now."""
    now, spans, at = "", [], 0
    for number, found in enumerate(re.finditer(pattern, CHAPTER)):
        now += CHAPTER[at : found.start()]
        written = name if only in (None, number) else found[0]
        spans.append((len(now), len(now) + len(written)))
        now, at = now + written, found.end()
    return now + CHAPTER[at:], spans


def named(pattern, context):
    """Return a quote of each place of a name in the chapter, with so much context."""
    made = [quote_at(CHAPTER, *found.span()) for found in re.finditer(pattern, CHAPTER)]
    return [Quote(one.exact, one.prefix[-context:], one.suffix[:context]) for one in made]


@pytest.mark.parametrize(("pattern", "name"), [(PERSON, "Elisa"), (TEAM, "Team Beta")])
@pytest.mark.parametrize("suggested", [False, True])
@pytest.mark.parametrize("context", [32, CONTEXT])
def test_a_name_replaced_in_a_whole_chapter_is_a_change_at_each_place_and_never_at_a_lookalike(
    pattern, name, suggested, context
):
    now, spans = renamed(pattern, name)
    assert len(spans) >= (30 if name == "Elisa" else 10)
    asked = [Sighting(made, name if suggested else "") for made in named(pattern, context)]
    state = Standing.APPLIED if suggested else Standing.CHANGED
    assert [(found.state, found.span) for found in check_fixes(asked, now)] == [(state, span) for span in spans]


@pytest.mark.parametrize(("pattern", "name"), [(PERSON, "Elisa"), (TEAM, "Team Beta")])
@pytest.mark.parametrize("context", [32, CONTEXT])
def test_of_a_name_that_was_replaced_once_the_other_places_still_stand(pattern, name, context):
    asked = [Sighting(made) for made in named(pattern, context)]
    for corrected in range(len(asked)):
        now, spans = renamed(pattern, name, only=corrected)
        states = [Standing.CHANGED if number == corrected else Standing.PRESENT for number in range(len(asked))]
        found = check_fixes(asked, now)
        assert [(one.state, one.span) for one in found] == list(zip(states, spans, strict=True))
