"""Where a quote stands now and what became of its words: the bracket rule, case by case."""

import pytest

from corrections_service.rules.quotes import (
    Quote,
    Standing,
    check_fix,
    quote_at,
)
from tests.rules.articles import ARTICLE, quote, stands


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
