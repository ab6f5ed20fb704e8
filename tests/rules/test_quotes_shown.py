"""Where a quote stands now and what became of its words: the bracket rule, on plain and on hostile texts."""

import gzip
import re
import unicodedata
from collections import Counter
from pathlib import Path
from urllib.parse import quote as quoted

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import fix_quality
from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import (
    Quote,
    Sighting,
    Standing,
    check_fix,
    check_fixes,
    locate,
    quote_at,
    sentence_around,
    sentence_at,
    text_fragment,
)
from corrections_service.rules.sightings import CONTEXT
from corrections_service.rules.text import fold
from tests.measures import passes_at_most

PAGES = Path(__file__).resolve().parents[2] / "../shared/data/pages"
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


def test_words_that_stand_are_present():
    assert stands(check_fix(quote("build"), ARTICLE, "built"), ARTICLE) == (Standing.PRESENT, "build")


def test_the_suggestion_in_the_words_place_is_applied():
    now = ARTICLE.replace("was build in", "was built in")
    assert stands(check_fix(quote("build"), now, "built"), now) == (Standing.APPLIED, "built")


def test_the_suggestion_is_applied_also_where_its_surroundings_were_edited():
    now = ARTICLE.replace("the old bridge was build in 1987 and will", "the old bridge, which was built in 1987, will")
    assert stands(check_fix(quote("build"), now, "built"), now) == (Standing.APPLIED, "built")


def test_other_words_in_the_place_are_a_change():
    now = ARTICLE.replace("was build in", "was constructed in")
    assert stands(check_fix(quote("build"), now, "built"), now) == (Standing.CHANGED, "constructed")


def test_words_that_were_taken_out_are_gone_and_the_span_says_where():
    now = ARTICLE.replace(" on Monday", "")
    found = check_fix(quote("on Monday"), now)
    assert found.state is Standing.GONE
    assert found.span is not None
    assert now[: found.span[0]].endswith("council ")


def test_words_that_were_taken_out_are_the_suggestion_only_where_it_stands_as_words():
    text = "On the quay of the old town they sold the the apples of the island to the sailors of the north fleet."
    now = text.replace("the the apples", "the apples")
    assert check_fix(quote("the the", article=text), now, "the").state is Standing.APPLIED
    now = text.replace("the the apples", "apples")
    assert check_fix(quote("the the", article=text), now, "a").state is Standing.GONE


def test_a_passage_that_is_gone_is_gone():
    first, second, _, fourth = ARTICLE.split("\n")
    now = "\n".join((first, second, fourth, "Nothing has been said about boats."))
    found = check_fix(quote("four million"), now, "five million")
    assert found.state in (Standing.GONE, Standing.UNCLEAR)
    assert found.span is None


def test_another_text_is_unclear():
    other = "Rain is expected in the mountains until Thursday, and snow above two thousand metres at night. " * 20
    assert check_fix(quote("build"), other, "built").state is Standing.UNCLEAR
    assert check_fix(quote("build"), "", "built").state is Standing.UNCLEAR


def test_most_of_the_text_missing_never_makes_words_gone_from_what_is_left():
    teaser = ARTICLE[:60] + "… Subscribe to read on."
    assert check_fix(quote("four million"), teaser, "five million").state is Standing.UNCLEAR


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


LIVE = (
    "18:05 The count has begun in the town hall.\n18:20 The first box gives the bridge 120 votes and the ferry 98.\n"
    "18:40 The second box gives the bridge 77 votes and the ferry 102.\n18:55 A pause; the hall is full.\n"
    "19:10 The third box gives the bridge 77 votes and the ferry 130.\n19:30 The clerk reads the result aloud."
)
LIST = (
    "Needed for the soup:\n1 onion\n2 carrots\n1 leek\n2 potatoes\n1 bay leaf\n"
    "Needed for the bread:\n1 onion\n2 carrots\n1 leek\n2 eggs"
)
TOWER = (
    "The tower was finished in the spring. Its bells came by ship from the south and were hung in May. Then the money"
    " ran out, and the roof stayed open for two winters."
)
SECOND = LIVE.replace("third box gives the bridge 77", "third box gives the bridge [[77]]")
SECOND_FIXED = SECOND.replace("[[77]]", "[[79]]")
BREAD = LIST.replace("2 carrots\n1 leek\n2 eggs", "[[2 carrots]]\n1 leek\n2 eggs")
MAY = TOWER.replace("May", "[[May]]")
SENTENCE = " Its bells came by ship from the south and were hung in [[May]]."
THEN = TOWER.replace("Then", "[[Then]]")
END = TOWER.replace("two winters.", "[[two winters.]]")
SOUTH = TOWER.replace("by ship from the south", "[[by ship from the south]]")
COMMA = TOWER.replace(",", "[[,]]")
PRIVACY = "We value your privacy\nWe and our 812 partners store cookies.\nAccept all\nReject all"
RETOLD = (
    "A stone tower stands on the hill. People from the coast built it and lifted four bells to the top before summer."
    " Later no one could pay, so rain fell into it for years."
)
WEATHER = "Rain is expected on the coast until Thursday, and snow above two thousand metres at night. " * 20


def marked(text):
    """Return a text without the marks round the words that count, and where those words are."""
    start, end = text.find("[["), text.find("]]")
    return text.replace("[[", "").replace("]]", ""), (start, end - 2) if start >= 0 else None


@pytest.mark.parametrize(
    ("before", "suggestion", "now", "state"),
    [
        pytest.param(SECOND, "79", f"20:00 Good night.\n{SECOND_FIXED}", "applied", id="new entries above a live blog's"),
        pytest.param(SECOND, "79", "\n".join(SECOND_FIXED.split("\n")[::-1]), "applied", id="a live blog turned round"),
        pytest.param(
            LIVE.replace("bridge 77", "bridge [[77]]", 1),
            "79",
            LIVE.replace("bridge 77", "bridge [[77]]", 1).replace("bridge 77", "bridge 79"),
            "present",
            id="the live blog's other entry was fixed",
        ),
        pytest.param(BREAD, "3 carrots", BREAD.replace("[[2", "[[3"), "applied", id="of two like lists the second fixed"),
        pytest.param(BREAD, "3 carrots", BREAD.replace("onion\n2", "onion\n3", 1), "present", id="of two like lists the first"),
        pytest.param(
            MAY, "June", f"{LIVE}\n{SENTENCE.replace('May', 'June')}\n{LIST}", "applied", id="only its sentence is left"
        ),
        pytest.param(
            MAY,
            "June",
            f"{LIVE}\n{SENTENCE.strip().replace('May', 'June')} {MAY.replace(SENTENCE, '')}",
            "applied",
            id="the sentence moved to another paragraph",
        ),
        pytest.param(
            MAY,
            "June",
            MAY.replace("Its bells came by ship from the south", "Four bells, bought with the last of the gold,").replace(
                "May", "June"
            ),
            "applied",
            id="the context before was rewritten",
        ),
        pytest.param(
            MAY,
            "June",
            MAY.split("May")[0] + "June]]. Nobody paid for a roof until a baker left the parish all that he had.",
            "applied",
            id="the context behind was rewritten",
        ),
        pytest.param(
            MAY,
            "June",
            MAY.split("May")[0] + "May]]. Nobody paid for a roof until a baker left the parish all that he had.",
            "present",
            id="the context behind was rewritten, the words stand",
        ),
        pytest.param(
            MAY,
            "June",
            MAY.replace("in [[May]]. Then", ", people say, in [[June]]. Soon"),
            "applied",
            id="edits on both sides",
        ),
        pytest.param(
            SOUTH,
            "by cart from the north",
            SOUTH.replace("by ship", "by cart"),
            "changed",
            id="the suggestion in part",
        ),
        pytest.param(
            SOUTH, "from the south by ship", SOUTH.replace("by ship from the south", "from the south by ship"), "applied",
            id="the words turned round",
        ),
        pytest.param(SOUTH, "", SOUTH.replace("by ship from the south]] ", "]]"), "gone", id="words deleted"),
        pytest.param(THEN, "Later", THEN.replace("May. [[Then", "May.\n\n[[Later"), "applied", id="a paragraph split before"),
        pytest.param(THEN, "Later", THEN.replace("May. ", "May.\n\n"), "present", id="a paragraph split, the words stand"),
        pytest.param(
            END, "three winters.", END.replace("two", "three") + "\nShare this\nMore towers", "applied", id="lines behind"
        ),
        pytest.param(LIVE.replace("A pause", "[[A pause]]"), "A break", LIVE.replace("A pause", "[[A break]]").replace("\n", " "),
            "applied", id="paragraphs joined"),
        pytest.param(f"[[The tower]]{TOWER[9:]}", "The church", f"[[The church]]{TOWER[9:]}", "applied", id="at the very start"),
        pytest.param(f"[[The tower]]{TOWER[9:]}", "", f"[[The tower]]{TOWER[9:]}", "present", id="at the very start, unchanged"),
        pytest.param(END, "three winters.", END.replace("two", "three"), "applied", id="at the very end"),
        pytest.param(END, "three winters.", END, "present", id="at the very end, unchanged"),
        pytest.param(COMMA, ";", COMMA.replace(",", ";"), "applied", id="a comma"),
        pytest.param(COMMA, ";", COMMA, "present", id="a comma that stands"),
        pytest.param(f"18:[[0]]5{LIVE[5:]}", "1", f"18:[[1]]5{LIVE[5:]}", "applied", id="a digit"),
        pytest.param("[[A]] tower, a bell" + TOWER, "The", "[[The]] tower, a bell" + TOWER, "applied", id="a letter"),
        pytest.param(MAY, "May", MAY, "present", id="the words are the suggestion"),
        pytest.param(MAY, "May", MAY.replace("May", "June"), "changed", id="the words were the suggestion"),
        pytest.param(f"{MAY}\n{LIVE}", "June", LIVE, "unclear", id="the paragraph deleted"),
        pytest.param(MAY, "June", RETOLD, "unclear", id="the page rewritten"),
        pytest.param(f"{TOWER}\n{SECOND}", "79", f"{TOWER}\nSubscribe to read on.", "unclear", id="a paywall"),
        pytest.param(f"{TOWER}\n{SECOND}", "79", f"{TOWER}\n{LIVE[:230]}…\nSubscribe.", "unclear", id="a paywall nearby"),
        pytest.param(MAY, "June", PRIVACY, "unclear", id="a consent wall"),
        pytest.param(MAY, "June", "", "unclear", id="an empty page"),
        pytest.param(MAY, "June", WEATHER, "unclear", id="another page"),
    ],
)  # fmt: skip
def test_what_became_of_words_and_where(before, suggestion, now, state):
    text, place = marked(before)
    page, span = marked(now)
    found = check_fix(quote_at(text, *place), page, suggestion)
    assert (found.state.value, found.span) == (state, span)


@pytest.mark.parametrize(
    ("shown", "remembered"),
    [
        ("The ﬁrst ﬂag", "The first flag"),
        ("Ｔｈｅ　ｆｉｒｓｔ flag", "The first flag"),
        ("The first\u2003flag", "The first flag"),
        ("the well‑known “flag”", 'the well-known "flag"'),
        ("the ﬂag‐bearer’s", "the flag-bearer's"),
        ("½ flag №3", "½ flag №3"),
        ("THE FIRST FLAG", "The first flag"),
        ("fla\u00adg\u200bs", "flags"),
    ],
)
def test_what_folding_makes_the_same_is_found_with_the_exact_span(shown, remembered):
    around = "Nobody in the old town knew who had made {} that hung over the gate for so many years."
    start = around.index("{")
    made = quote_at(around.format(remembered), start, start + len(remembered))
    found = check_fix(made, around.format(shown), "Something else")
    assert found.span == (start, start + len(shown))


@pytest.mark.parametrize(
    ("before", "suggestion", "now", "state"),
    [
        ("[[昨日]]の夜、港の古い橋が高い波で流された。市長は新しい橋を作ると話した。", "今日", "[[今日]]の夜、港の古い橋が高い波で流された。市長は新しい橋を作ると話した。", "applied"),
        ("昨日の夜、港の古い橋が高い波で流された。市長は新しい[[橋]]を作ると話した。", "船", "昨日の夜、港の古い橋が高い波で流された。市長は新しい[[船]]を作ると話した。", "applied"),
        ("昨日の夜、港の古い[[橋]]が高い波で流された。市長は新しい橋を作ると話した。", "船", "昨夜、港の古い[[船]]が高い波で流された。市長は新しい橋を作ると話した。", "applied"),
        ("เมื่อวานนี้สะพานเก่าที่ท่าเรือ[[พัง]]ลงเพราะคลื่นสูง นายกเทศมนตรีบอกว่าจะสร้างใหม่", "จม", "เมื่อวานนี้สะพานเก่าที่ท่าเรือ[[จม]]ลงเพราะคลื่นสูง นายกเทศมนตรีบอกว่าจะสร้างใหม่", "applied"),
        ("انهار الجسر القديم في [[الميناء]] ليلة أمس بسبب الأمواج العالية كما قال رئيس البلدية.", "", "انهار الجسر القديم في [[المرفأ]] ليلة أمس بسبب الأمواج العالية كما قال رئيس البلدية.", "changed"),
        ("הגשר הישן בנמל קרס [[אתמול]] בלילה בגלל הגלים הגבוהים, כך אמר ראש העיר.", "שלשום", "הגשר הישן בנמל קרס [[שלשום]] בלילה בגלל הגלים הגבוהים, כך אמר ראש העיר.", "applied"),
    ],
)  # fmt: skip
def test_places_are_exact_in_scripts_of_every_kind(before, suggestion, now, state):
    test_what_became_of_words_and_where(before, suggestion, now, state)


@pytest.mark.parametrize("where", ["above", "below", "both"])
def test_what_links_and_comments_repeat_is_not_what_the_article_says(where):
    echo = "Most read\nIts bells came by ship from the south and were hung in May. Then…\nRain until Friday\n"
    above, below = (echo if where in (side, "both") else "" for side in ("above", "below"))
    article, place = marked(f"{LIVE}\n{MAY}\n{LIST}")
    now, span = marked(f"{above}{LIVE}\n{MAY.replace('May', 'June')}\n{LIST}\nComments\n{below}")
    found = check_fix(quote_at(article, *place), now, "June")
    assert (found.state, found.span) == (Standing.APPLIED, span)


def test_a_headline_that_a_link_above_repeats_is_judged_where_it_stands():
    quoted = quote_at("The Harbour Post\nThe tower will be open by May\n" + LIVE, 17, 46)
    now = "The Harbour Post\nThe tower will be open by May\nRain until Friday\nThe tower will be open by June\n" + LIVE
    found = check_fix(quoted, now, "The tower will be open by June")
    assert stands(found, now) == (Standing.APPLIED, "The tower will be open by June")


def test_of_places_with_the_same_little_context_the_one_with_the_suggestion_counts():
    rows = (
        "Goals at home 3 in the first half\nGoals at home 5 in the first half\nGoals at home [[2]] in the first half\n"
    )
    before, place = marked(rows)
    now, span = marked(rows.replace("2", "4"))
    made = Quote("2", "Goals at home ", " in the first half")
    assert check_fix(made, before).span == place
    assert (check_fix(made, now, "4").state, check_fix(made, now, "4").span) == (Standing.APPLIED, span)


def test_a_bracket_on_another_line_says_nothing_alone():
    before, place = marked(f"{TOWER}\n[[The]] ferry company and others were asked.\n{LIVE}")
    now = f"{TOWER}\nStation hours\nFrom nine to five.\n{LIST}"
    assert check_fix(quote_at(before, *place), now).state is Standing.UNCLEAR


def test_of_repeated_passages_the_one_with_the_context_counts():
    refrain = "The tide comes in at six and the boats go out at seven."
    text = f"First verse of the song. {refrain} A gull cries. {refrain} A bell rings. {refrain} The song ends here."
    now = text.replace(f"A gull cries. {refrain}", f"A gull cries. {refrain.replace('six', 'five')}")
    found = [check_fix(quote("six", nth=nth, article=text), now, "five").state for nth in range(3)]
    assert found == [Standing.PRESENT, Standing.APPLIED, Standing.PRESENT]


def test_a_passage_that_moved_is_found():
    first, second, third, fourth = ARTICLE.split("\n")
    now = "\n".join((first, fourth, third, second))
    assert stands(check_fix(quote("build"), now, "built"), now) == (Standing.PRESENT, "build")
    now = now.replace("build", "built")
    assert stands(check_fix(quote("build"), now, "built"), now) == (Standing.APPLIED, "built")


def test_lines_of_their_own_between_words_and_context_change_nothing():
    now = ARTICLE.replace("railings.", "railings.\nRead more: all about ferries").replace("\nRobin", "\nADVERT\nRobin")
    found = check_fix(quote("a second boat costs four million euros a year."), now)
    assert found.state is Standing.PRESENT


def test_longer_words_in_the_place_are_a_change_unless_a_suggestion_is_still_open():
    now = ARTICLE.replace("Robin Hansen", "Robin Berg Hansen")
    assert check_fix(quote("Robin"), now).state is Standing.CHANGED
    assert check_fix(quote("Robin"), now, "Robyn").state is Standing.PRESENT


def test_little_context_gives_no_verdict():
    assert check_fix(Quote("Robin", "by ", " at"), ARTICLE).state is Standing.UNCLEAR
    assert check_fix(Quote("", "", ""), ARTICLE).state is Standing.UNCLEAR
    assert check_fix(Quote("ferry"), ARTICLE).state is Standing.UNCLEAR


def test_one_bracket_says_little_about_much_text():
    short = Quote("built", "that the old bridge was ")
    assert check_fix(short, "They knew that the old bridge was " + "very " * 30).state is Standing.UNCLEAR


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_unicode_forms_are_the_same_text(form):
    text = "Die Brücke über den Fluß wurde im Jahr ① gebaut, sagte José Ångström im Café, und ﬁel ein Jahr später um."
    found = check_fix(quote("José", article=text), unicodedata.normalize(form, text))
    assert found.state is Standing.PRESENT


@pytest.mark.parametrize(
    ("shown", "remembered"),
    [
        ("har\u00adbour mas\u00adter", "harbour master"),
        ("harbour\u00a0master", "harbour master"),
        ("harbour\u200b \ufeffmaster\u2060", "harbour master"),
        ("harbour\n   master", "harbour master"),
        ("harbour \U000e0061master", "harbour master"),
    ],
)
def test_what_nobody_sees_plays_no_part_and_spans_are_exact(shown, remembered):
    now = ARTICLE.replace("harbour master", shown)
    assert shown in now
    found = check_fix(quote(remembered), now)
    assert found.state is Standing.PRESENT
    assert found.span is not None
    assert fold(now[slice(*found.span)]).text == fold(remembered).text


def test_quotation_marks_and_dashes_are_one_kind_unless_they_are_what_changed():
    text = 'The mayor said: "We will not wait", and left the well-known room. Nobody in the old harbour answered her.'
    curly = text.replace('"We', "“We").replace('wait"', "wait”").replace("well-known", "well‑known")
    assert check_fix(quote("not wait", article=text), curly).state is Standing.PRESENT
    assert check_fix(quote('"We will not wait"', article=text), curly, "“We will not wait”").state is Standing.APPLIED


def test_case_alone_is_a_fix():
    now = ARTICLE.replace("harbour master told", "Harbour master told")
    assert stands(check_fix(quote("harbour"), now, "Harbour"), now) == (Standing.APPLIED, "Harbour")
    assert check_fix(quote("harbour"), ARTICLE, "Harbour").state is Standing.PRESENT


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("港の古い橋は一九八七年に建てられた。市長は月曜日に、修理のために五月から閉鎖されると発表した。", "五月", "六月"),
        ("ท่าเรือเก่าของเมืองสร้างขึ้นเมื่อปีพันเก้าร้อยแปดสิบเจ็ดและจะปิดซ่อมในเดือนพฤษภาคมนี้ตามที่นายกเทศมนตรีบอก", "พฤษภาคม", "มิถุนายน"),
        ("قال رئيس البلدية يوم الاثنين إن الجسر القديم بني عام 1987 وسيغلق للإصلاح في شهر أيار هذا العام.", "1987", "1978"),
        ("ראש העיר אמר ביום שני שהגשר הישן נבנה בשנת 1987 וייסגר לתיקונים בחודש מאי השנה, כך נמסר.", "1987", "1978"),
        ("Міський голова сказав у понеділок, що старий міст збудували 1987 року і закриють на ремонт у травні.", "травні", "червні"),
    ],
)  # fmt: skip
def test_scripts_of_every_kind_are_judged_alike(text, wrong, right):
    made = quote(wrong, article=text)
    assert stands(check_fix(made, text, right), text) == (Standing.PRESENT, wrong)
    now = text.replace(wrong, right)
    assert stands(check_fix(made, now, right), now) == (Standing.APPLIED, right)
    assert stands(check_fix(made, now), now) == (Standing.CHANGED, right)


def test_many_checks_of_one_text_are_the_checks_one_by_one():
    now = ARTICLE.replace("build", "built").replace("Robin Hansen", "Elisa Hansen")
    wished = [("build", "built", 0), ("Robin", "", 0), ("Robin", "Robyn", 1), ("May", "June", 0)]
    asked = [Sighting(quote(wrong, nth=nth), wish) for wrong, wish, nth in wished]
    assert check_fixes(asked, now) == [check_fix(one.quote, now, one.suggestion) for one in asked]
    assert check_fixes(asked, fold(now)) == check_fixes(asked, now)


def test_a_quote_is_located_only_where_its_words_stand():
    assert locate(quote("build"), ARTICLE) == (ARTICLE.index("build"), ARTICLE.index("build") + 5)
    assert locate(quote("build"), ARTICLE.replace("build", "built")) is None


@settings(deadline=None)
@given(st.data())
def test_whatever_is_quoted_is_found_again_where_it_was(data):
    start = data.draw(st.integers(0, len(ARTICLE) - 2))
    end = data.draw(st.integers(start + 1, min(len(ARTICLE), start + 200)))
    made = quote_at(ARTICLE, start, end)
    found = check_fix(made, ARTICLE)
    if ARTICLE[start:end].strip():
        assert found.state is Standing.PRESENT
        assert found.span is not None
        assert ARTICLE[slice(*found.span)].split() == ARTICLE[start:end].split()


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_gets_an_answer_with_a_span_within_it(text, exact, prefix, suffix, suggestion):
    found = check_fix(Quote(exact, prefix, suffix), text, suggestion)
    if found.span is not None:
        assert 0 <= found.span[0] <= found.span[1] <= len(text)
    assert (found.span is None) == (found.state in (Standing.UNCLEAR,) or found.reason == "passage gone")


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda word: fold(word).text))
def test_a_suggestion_put_in_by_hand_is_never_called_present(suggestion):
    now = ARTICLE.replace("was build in", f"was {suggestion} in")
    found = check_fix(quote("build"), now, suggestion)
    if fold(suggestion).text != fold("build").text:
        assert found.state is not Standing.PRESENT or "build" in fold(suggestion).text


@pytest.mark.parametrize(
    ("words", "around", "text"),
    [
        ("a" * 9, "a" * 300, "a" * 200_000),
        ("a" * 2000, "b" * 300, "a" * 200_000),
        ("ab" * 1000, "ba" * 150, "ab" * 100_000),
        ("the cat sat", "dog the cat " * 25, "the cat the dog sat " * 10_000),
        ("a" + "\u0301" * 1999, "e\u0301" * 150, "a" + "\u0301" * 200_000),
        ("ﷺ" * 2000, "ﷺ" * 300, "ﷺ" * 100_000),
        ("\u00ad" * 2000, "\u200b" * 300, "\u00ad" * 200_000),
        ("x y z " * 60_000, "q " * 60_000, "x y z " * 60_000 + "!"),
    ],
    ids=["one letter", "a long run", "two letters", "three words", "Zalgo", "ligatures", "invisible", "a huge quote"],
)
def test_hostile_quotes_on_hostile_texts_take_bounded_time(words, around, text):
    asked = [Sighting(Quote(words, around, around + "!"), "b")] * 50
    passes_at_most(300, lambda: check_fixes(asked, text), text)


OWN = "".join(
    f"Boat {number} of the old harbour came back with {number * 7 % 90} boxes of fish. " for number in range(90)
)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "The old ferry left the harbour at six and came back at nine. " * 3_300,
        OWN[1_000:1_700] * 1_000,
        OWN.replace(" ", "") * 35,
        OWN * 35,
        OWN.replace("of", "from the fleet of") * 30,
        "".join(f"{number} boats of the harbour sold {number * 13 % 997} boxes. " for number in range(110_000)),
    ],
    ids=["one letter", "one sentence", "one passage", "no spaces", "itself", "itself, edited", "5 MB"],
)
@pytest.mark.parametrize("words", ["Boat", "aaaa"])
def test_fifty_cases_are_checked_at_once_against_whatever_text(words, text):
    if words == "aaaa":
        asked = [
            Sighting(Quote("a" * (number % 9 + 1) + "b" * (number % 2), "a" * 300, "a" * 300), "b")
            for number in range(50)
        ]
    else:
        asked = [Sighting(quote_at(OWN, at, at + 4), "Ship") for at in range(350, 2_850, 50)]
    page = fold(text)
    passes_at_most(45 if len(text) < 1_000_000 else 6, lambda: check_fixes(asked, page), text)


def test_a_text_fragment_names_the_words_and_a_little_context():
    assert text_fragment(quote("build")) == "#:~:text=the%20old%20bridge%20was-,build,-in%201987%20and%20will"
    assert text_fragment(Quote("a-b, c & d")) == "#:~:text=a%2Db%2C%20c%20%26%20d"
    long = text_fragment(quote(ARTICLE[22:400]))
    assert ",island%27s" not in long
    assert long.count(",") == 3
    assert len(long) < 300


def test_a_text_fragment_over_several_blocks_has_the_form_of_a_range():
    across = Quote("left at six. Nobody waved, and the", "It rained. The ferry ", " rain went on. It was cold.")
    assert (
        text_fragment(across)
        == "#:~:text=The%20ferry-,left%20at%20six.,Nobody%20waved%2C%20and%20the,-rain%20went%20on."
    )
    assert text_fragment(Quote("one line\nanother line")) == "#:~:text=one%20line,another%20line"
    assert text_fragment(Quote("雨が降った。誰も来ない")) == "#:~:text=" + ",".join(
        map(quoted, ["雨が降った。", "誰も来ない"])
    )


def test_the_context_of_a_text_fragment_crosses_no_block():
    made = text_fragment(Quote("ferry", "Harbour news. The ", " left. Nobody waved."))
    assert made == "#:~:text=The-,ferry,-left."


def test_a_quote_is_shown_within_its_sentence():
    before, words, after = sentence_around(quote("early"))
    assert before.startswith("Robin Hansen, who leads")
    assert (words, after) == ("early", " ferry.")
    start = ARTICLE.index("not been")
    assert sentence_at(ARTICLE, (start, start + 8)) == "The ferry company answered that it had not been asked."


def test_quotes_keep_at_most_300_characters_of_context_cut_between_words():
    made = quote("four million")
    assert len(made.prefix) <= CONTEXT
    assert len(made.suffix) <= CONTEXT
    assert " ".join(ARTICLE.split()).count(made.prefix + made.exact + made.suffix) == 1


def test_real_documents_before_and_after_a_fix_are_judged_rightly():
    if not (fix_quality.DATA / "drift.jsonl.gz").exists():
        pytest.skip("the documents before and after a fix are not beside this repository")
    for context in fix_quality.CONTEXTS:
        answers: Counter[tuple[str, Standing]] = Counter()
        for trial in fix_quality.trials(context):
            answers[trial.known, fix_quality.answer(trial)] += 1
        figures = fix_quality.figures(answers)
        assert figures["clear"] >= 0.995
        assert figures["said_fixed_of_present"] <= 0.001
        if context == "echoed":
            continue  # an echo of a passage that the article has lost since may outweigh what is left of it
        assert figures["said_present_of_fixed"] <= 0.001
        assert figures["rewritten_and_fixed"] >= 0.8
        assert figures["rewritten_said_present"] == 0
        assert figures["gone_said_present"] == 0


def test_sentences_of_real_pages_are_found_where_they_stand():
    if not PAGES.exists():
        pytest.skip("the real pages are not beside this repository")
    asked = found = 0
    for source in sorted(PAGES.glob("*/source.html.gz")):
        text = visible_text(gzip.decompress(source.read_bytes()))
        page = fold(text)
        for start in range(0, max(0, len(text) - 200), max(200, len(text) // 20)):
            end = start + 60
            if text[start:end].strip():
                asked += 1
                check = check_fix(quote_at(text, start, end), page)
                found += check.state is Standing.PRESENT
    assert asked >= 700
    assert found / asked >= 0.995
