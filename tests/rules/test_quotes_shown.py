"""Quotes as they are made, shown and linked to."""

from urllib.parse import quote as quoted

import pytest

from corrections_service.rules import sentences
from corrections_service.rules.quotes import (
    Quote,
    locate,
    sentence_around,
    text_fragment,
)
from corrections_service.rules.sightings import CONTEXT
from tests.rules.articles import ARTICLE, quote


def test_a_quote_is_located_only_where_its_words_stand():
    assert locate(quote("build"), ARTICLE) == (ARTICLE.index("build"), ARTICLE.index("build") + 5)
    assert locate(quote("build"), ARTICLE.replace("build", "built")) is None


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
    assert sentences.at(ARTICLE, (start, start + 8)) == "The ferry company answered that it had not been asked."


@pytest.mark.parametrize(
    "sentence",
    [
        "Er weiß, dass die Tochter am 3. Mai ihr Examen bestanden hat.",
        "Er weiß, dass die Tochter am 12. Mai ihr Examen bestanden hat.",
        "He knows that Dr. Smith and J. R. Jones were there, at 7.30 p.m. or so.",
    ],
)
def test_a_sentence_does_not_end_with_a_date_or_a_short_form(sentence: str) -> None:
    """What readers are told stood there is the whole of it."""
    text = f"Home News\nIt rained. {sentence} Nobody waved.\nMore"
    start = text.index("knows") if "knows" in text else text.index("weiß")
    assert sentences.at(text, (start, start + 4)) == sentence


def test_a_long_sentence_is_cut_between_words_and_says_so() -> None:
    text = "It said " + "very " * 200 + "much"
    start = text.index("much")
    shown = sentences.at(text, (start, start + 4))
    assert shown.startswith("… very very")
    assert shown.endswith("very much")


def test_quotes_keep_at_most_300_characters_of_context_cut_between_words():
    made = quote("four million")
    assert len(made.prefix) <= CONTEXT
    assert len(made.suffix) <= CONTEXT
    assert " ".join(ARTICLE.split()).count(made.prefix + made.exact + made.suffix) == 1
