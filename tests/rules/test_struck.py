"""An open correction by strike-through is a fix: what is struck out can be read, and no longer stands."""

import pytest

from corrections_service.rules import sentences
from corrections_service.rules.marks import STRUCK, without_marks
from corrections_service.rules.pages import visible_text
from corrections_service.rules.quotes import Standing, check_fix, quote_at

BEFORE = "The harbour has had this crossing for longer than anybody remembers, and it was always free."
WRONG = "The bridge was opend in 1987 by the king."
AFTER = "He stayed for lunch and left on the evening train, which was two hours late, as the paper wrote."
REST = "".join(f"<p>Sentence {number} of the article says nothing that anybody doubts.</p>" for number in range(9))
STRIKES = [
    "<s>{}</s>",
    "<del>{}</del>",
    "<strike>{}</strike>",
    '<span style="text-decoration: line-through">{}</span>',
    '<span style="color: red; TEXT-DECORATION-LINE:line-through ;">{}</span>',
    '<span role="deletion">{}</span>',
    "<del><b>{}</b></del>",
    '<del datetime="2026-01-02" cite="/why">{}</del>',
    "<b><s>{}</s></b>",
]


def page(said, *, around="<p>{} {} {}</p>"):
    return visible_text(f"<article>{around.format(BEFORE, said, AFTER)}{REST}</article>".encode())


def quoted(words):
    text = page(WRONG)
    return quote_at(text, text.index(words), text.index(words) + len(words))


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("words", [WRONG, "opend", "opend in 1987"])
@pytest.mark.parametrize("wish", ["", "opened"])
def test_a_sentence_that_is_struck_out_with_nothing_in_its_place_is_gone(strike, words, wish):
    now = page(strike.format(WRONG))
    found = check_fix(quoted(words), now, wish)
    assert found.state is Standing.GONE
    assert found.span is not None
    assert check_fix(quoted(words), now, remove=True).state is Standing.APPLIED
    assert "opend" not in sentences.at(now, found.span)


@pytest.mark.parametrize("strike", STRIKES)
@pytest.mark.parametrize("instead", [" <ins>opened</ins>", "<ins>opened</ins>", " opened", " <b>opened</b>"])
def test_a_word_that_is_struck_out_with_the_suggestion_behind_it_is_fixed_as_suggested(strike, instead):
    now = page(WRONG.replace("opend", strike.format("opend") + instead))
    found = check_fix(quoted("opend"), now, "opened")
    assert found.state is Standing.APPLIED
    assert found.span is not None
    assert STRUCK.shown(now[slice(*found.span)]) == "opened"
    assert check_fix(quoted("opend"), now).state is Standing.CHANGED


def test_a_long_paragraph_that_is_struck_out_whole_is_gone_though_none_of_its_context_stands():
    long = " ".join(f"Part {number} of this paragraph tells of another day at sea." for number in range(20))
    html = f"<article><p>{BEFORE}</p><p>{{}}</p>{REST * 4}</article>"
    text = visible_text(html.format(long).encode())
    start = text.index("Part 10")
    now = visible_text(html.format(f"<del>{long}</del>").encode())
    assert check_fix(quote_at(text, start, start + 7), now).state is Standing.GONE


@pytest.mark.parametrize("strike", STRIKES)
def test_words_beside_what_is_struck_out_still_stand(strike):
    now = page(f"{strike.format('The day was fine.')} {WRONG}")
    assert check_fix(quoted("opend"), now).state is Standing.PRESENT
    text = page(f"{strike.format('The old')} {WRONG}")
    start = text.index("bridge")
    assert check_fix(quote_at(without_marks(text), start - 2, start + 4), text).state is Standing.PRESENT


@pytest.mark.parametrize(
    "shown",
    [
        '<s style="text-decoration: none">{}</s>',
        '<del style="text-decoration:underline">{}</del>',
        '<span style="text-decoration: underline">{}</span>',
        "<u>{}</u>",
        "<ins>{}</ins>",
        '<span role="insertion">{}</span>',
        "<small>{}</small>",
    ],
)
def test_what_is_only_underlined_or_inserted_stands(shown):
    assert check_fix(quoted("opend"), page(shown.format(WRONG))).state is Standing.PRESENT


def test_a_tag_that_nobody_closed_strikes_no_article_out():
    html = f"<body><del><article><p>{BEFORE} {WRONG} {AFTER}</p>{REST}</article></body>"
    assert check_fix(quoted("opend"), visible_text(html.encode())).state is Standing.PRESENT


def test_what_is_struck_out_can_be_read_and_the_marks_of_a_page_itself_count_for_nothing():
    text = page(f"<s>{WRONG}</s>")
    assert without_marks(text) == page(WRONG)
    assert STRUCK.opening not in visible_text(f"<p>{STRUCK.opening}{WRONG}{STRUCK.closing}</p>".encode())
