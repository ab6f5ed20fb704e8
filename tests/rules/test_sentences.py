"""A passage is shown as whole sentences: never cut within a word or a character, without menus, with a sign where it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrections_service.rules.quotes import Quote
from corrections_service.rules.sentences import CUT, KNOWN, LONGEST, around, near
from corrections_service.rules.text import tokens
from tests.measures import passes_at_most

TEXT = "Home News Sport\nThe bridge that waited\nBy Ann Lee\nIt rained. The bridge was opend in 1987. All came.\nMore"


@pytest.mark.parametrize(
    ("prefix", "suffix", "shown"),
    [
        ("ned all day. The bridge was ", " in 1987. The king ca", ("The bridge was ", " in 1987.")),
        (
            "the mayor, J. B. Smith, who was ",
            " by Dr. Who in May! Then",
            ("… mayor, J. B. Smith, who was ", " by Dr. Who in May!"),
        ),
        ("It was 2.4 km. It is ", " and stays so", ("It is ", " and stays …")),
        ("“Stop!” he said. They ", " there… and went. No", ("They ", " there… and went.")),
        ("昨日は雨だった。橋は", "年に開通した。王が来", ("橋は", "年に開通した。")),
        ("هل سقط المطر؟ الجسر ", " في المدينة. جاء", ("الجسر ", " في المدينة.")),
        ("", "", ("", "")),
        ("Er sagte, z. B. in ", " usw. und so fort. Dann", ("… sagte, z. B. in ", " usw. und so fort.")),
    ],
)
def test_the_sentence_round_the_words_is_shown(prefix: str, suffix: str, shown: tuple[str, str]) -> None:
    assert around(Quote("opend", prefix, suffix)) == shown


def test_no_menu_or_headline_is_shown_where_the_article_was_read() -> None:
    quote = Quote(
        "The bridge was opend",
        "Home News Sport The bridge that waited By Ann Lee It rained. ",
        " in 1987. All came. Mo",
    )
    assert around(quote, TEXT) == ("", " in 1987.")
    first = Quote("It rained", "Home News Sport The bridge that waited By Ann Lee ", ". The bridge was opend")
    assert around(first, TEXT) == ("", ".")
    assert around(first)[0] == "… News Sport The bridge that waited By Ann Lee "


def test_of_two_places_the_readers_own_page_decides() -> None:
    twice = "One said so. It was bad.\nOther said so. It was bad."
    assert around(Quote("bad", "so. It was ", ". Next"), twice) == ("It was ", ".")


@pytest.mark.parametrize(
    ("exact", "prefix"),
    [("e", ""), ("e", "e" * KNOWN), ("e", "z" + "e" * (KNOWN - 1)), ("e", " "), (".", "."), ("\n", "")],
)
@pytest.mark.parametrize("unit", ["e", "e ", "e.", "e. ", "e\n", "the e "])
def test_words_that_stand_in_a_long_text_again_and_again_are_told_at_once(unit: str, exact: str, prefix: str) -> None:
    """Kind: a text of 500,000 characters that was kept, and a letter of it that a reader marked."""
    text = (unit * 500_000)[:500_000]
    passes_at_most(40, lambda: around(Quote(exact, prefix, ""), text), text)


def test_a_paragraph_of_a_whole_book_is_shown_no_slower_and_no_otherwise() -> None:
    text = "It rained. " * 40_000 + "The bridge was opend in 1987. " + "All came. " * 4_000
    quote = Quote("opend", "It rained. The bridge was ", "")
    assert around(quote, text) == ("The bridge was ", " in 1987.")
    passes_at_most(40, lambda: around(quote, text), text)


@settings(deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_nothing_is_cut_within_a_word_or_a_character(prefix: str, suffix: str) -> None:
    before, after = around(Quote("words", prefix, suffix))
    kept = before.removeprefix(f"{CUT} ")
    assert len(kept) <= LONGEST
    assert prefix.endswith((kept, kept.lstrip()))
    parts, rest = tokens(prefix), kept.lstrip()
    ends = {"".join(parts[index:]).lstrip() for index in range(len(parts) + 1)}
    assert rest in ends or "." in prefix or not before.startswith(CUT)
    assert suffix.startswith(after.removesuffix(f" {CUT}").rstrip())


def test_compared_passages_are_short_and_cut_between_words_with_a_sign() -> None:
    quote = Quote(
        "leaves at nine", "for anyone who misses the boat must wait until the next ", ", the harbour master said"
    )
    assert near(quote, 30) == ("… boat must wait until the next ", ", the harbour master …")
    assert near(Quote("opend", "It rained. It was ", " in 1987. All"), 30) == ("It was ", " in 1987.")
    assert near(Quote("opend", "", ""), 30) == ("", "")
