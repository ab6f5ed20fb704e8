"""Text from readers and pages: cleaned, folded with a way back, cut where a reader would cut."""

import json
import unicodedata
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from corrections_service.rules.text import (
    clean,
    cut,
    fold,
    is_visible,
    one_line,
    stopped_once,
    tokens,
    without_direction_controls,
)
from tests.measures import passes_at_most

HOSTILE = Path(__file__).resolve().parents[2] / "../shared/data/hostile"
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
TRICKY = st.text(
    st.sampled_from(list("aA ßﬁİ\u0301\u0323\u00ad\u200b\u200d\u0130ﷺ①한ᄒ\u1161\u11abｶ\uff9e“”-—\n\u00a0漢👩\ufe0f")),
    max_size=60,
)


def hostile(name):
    if not (HOSTILE / name).exists():
        pytest.skip("the hostile strings are not beside this repository")
    return json.loads((HOSTILE / name).read_text(encoding="utf-8"))


def test_controls_and_noncharacters_are_removed_but_lines_and_tabs():
    assert clean("a\x00b\x07\tc\r\nd\re\x85\ufffe\ufdd0\x1b[31m") == "ab\tc\nd\ne[31m"


def test_a_lone_surrogate_becomes_a_replacement_character_and_a_pair_its_character():
    assert clean("a\ud800b") == "a\ufffdb"
    assert clean("\ud83d\ude00") == "😀"


@given(ANY_TEXT)
def test_cleaned_text_is_clean_and_can_be_stored_anywhere(value):
    cleaned = clean(value)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


@pytest.mark.parametrize(
    "nothing", ["", " \t\n", "\u200b\u2060\ufeff", "\u00ad", "\u2800", "\u3164", "\U000e0061", "\u202e"]
)
def test_what_nobody_sees_is_not_visible(nothing):
    assert not is_visible(nothing)
    assert is_visible(nothing + "x")


@pytest.mark.parametrize("emoji", [FAMILY, "🇺🇦", "👍🏽", "e\u0301\u0323", "한국"])
def test_a_grapheme_is_never_cut_in_two(emoji):
    graphemes = regex.findall(r"\X", emoji * 3)
    whole = {"".join(graphemes[:count]) for count in range(len(graphemes) + 1)}
    for limit in range(len(graphemes[0]), len(emoji) * 3):
        short = cut(emoji * 3, limit)
        assert len(short) <= limit
        assert short in whole


def test_a_family_at_the_limit_is_kept_whole_or_left_out():
    assert cut("ab" + FAMILY, 5) == "ab"
    assert cut("ab" + FAMILY, 2 + len(FAMILY)) == "ab" + FAMILY


def test_zalgo_is_cut_at_the_limit():
    assert len(cut("a" + "\u0301" * 5_000, 2_000)) == 2_000


@given(ANY_TEXT, st.integers(0, 50))
def test_a_cut_text_is_a_beginning_within_the_limit(value, limit):
    short = cut(value, limit)
    assert len(short) <= limit or short == value
    assert value.startswith(short)


@given(ANY_TEXT)
def test_a_line_is_one_line_for_a_header(value):
    line = one_line(value)
    assert len(line) <= 200
    assert line == line.strip()
    assert not regex.search(r"[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]", line)


def test_direction_controls_are_taken_out_but_marks_stay():
    assert without_direction_controls("a\u202eb\u2066c\u2069d\u200e") == "abcd\u200e"
    assert without_direction_controls("שלום\u200f!") == "שלום\u200f!"


@given(st.one_of(ANY_TEXT, TRICKY))
def test_words_joined_are_the_text_again(value):
    assert "".join(tokens(value)) == value


def test_words_are_words_in_every_script():
    assert tokens("Don't pay 1,000.50 at 12:30!") == [
        "Don't",
        " ",
        "pay",
        " ",
        "1,000.50",
        " ",
        "at",
        " ",
        "12:30",
        "!",
    ]
    assert tokens("港の橋") == ["港", "の", "橋"]
    assert tokens("Прав’я l’été") == ["Прав’я", " ", "l’été"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("café", "cafe\u0301"),
        ("ﷺ", unicodedata.normalize("NFKC", "ﷺ")),
        ("① ﬁn", "1 fin"),
        ("STRASSE", "straße"),
        ("“well‑known” ‘it’", "\"well-known\" 'it'"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\u2060\ufeff", "zerowidth"),
        ("joined\u200dletters", "joinedletters"),
        ("tag\U000e0061\U000e007f", "tag"),
        ("variant\ufe0e", "variant"),
        ("non\u00a0breaking", "non breaking"),
        ("two\nlines", "two lines"),
        ("한국", unicodedata.normalize("NFD", "한국")),
    ],
)
def test_what_looks_the_same_folds_to_the_same(one, other):
    assert fold(one).text == fold(other).text


def test_everything_invisible_folds_to_nothing_and_nothing_else_does():
    codes = [*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE1000)]
    every = "".join(map(chr, codes))
    invisible = {*regex.findall(r"\p{Default_Ignorable_Code_Point}", every), *filter(str.isspace, every)}
    assert {one for one in every if fold(f"a{one}b").text == "ab"} == invisible


@given(st.text(st.characters(max_codepoint=127), max_size=700), st.data())
def test_plain_text_folds_as_it_does_beside_other_text(value, data):
    assert fold(value).text == fold(value + "\u00e9").text[:-1]
    if fold(value).text:
        at = data.draw(st.integers(0, len(fold(value).text) - 1))
        assert fold(value).span(at, at + 1) == fold(value + "\u00e9").span(at, at + 1)


def test_joiners_are_kept_where_they_mean_something():
    assert fold(FAMILY).text != fold(FAMILY.replace("\u200d", "")).text
    assert fold("क्\u200dष").text != fold("क्ष").text


def test_lookalikes_of_other_scripts_stay_different():
    assert fold("p\u0430ypal").text != fold("paypal").text


@settings(deadline=None)
@given(st.lists(st.one_of(TRICKY, ANY_TEXT), max_size=12), st.data())
def test_spans_lead_back_to_exactly_the_characters_they_came_from(parts, data):
    original = "".join(parts) * data.draw(st.sampled_from([1, 7]))
    folded = fold(original)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.span(start, end)
    assert 0 <= first < last <= len(original)
    assert folded.text[start:end] in fold(original[first:last]).text


@settings(deadline=None)
@given(TRICKY.filter(lambda value: bool(fold(value).text)))
def test_every_span_of_a_whole_text_is_all_of_what_is_seen_in_it(value):
    folded = fold(value)
    first, last = folded.span(0, len(folded.text))
    assert fold(value[first:last]).text == folded.text


def test_hostile_unicode_is_cleaned_folded_and_cut_without_error():
    for value in [*hostile("unicode.json"), *hostile("naughty_strings.json")]:
        cleaned = clean(str(value))
        assert "".join(tokens(cleaned)) == cleaned
        assert cut(cleaned, 10) == cleaned[: len(cut(cleaned, 10))]
        folded = fold(cleaned)
        if folded.text:
            first, last = folded.span(0, len(folded.text))
            assert fold(cleaned[first:last]).text == folded.text


def test_marks_that_are_stacked_without_end_cost_little_and_stay():
    stacked = "e" + "\u0301\u0316" * 20_000
    passes_at_most(20, lambda: clean(stacked), stacked)
    cleaned = clean(stacked)
    assert unicodedata.normalize("NFD", cleaned[:1]) == "e\u0301"
    assert sorted(unicodedata.normalize("NFD", cleaned)) == sorted(stacked)


@pytest.mark.parametrize("filling", ["2026 р.", "<time>2026 р.</time>", "\u20682026 р.\u2069"])
def test_a_word_cut_short_at_the_end_of_a_sentence_takes_its_full_stop(filling: str) -> None:
    assert stopped_once("On {day}. And {day}.", {"day": filling}) == "On {day} And {day}"


@pytest.mark.parametrize("filling", ["2026", "(2.)", "No. 2.", "…", ""])
def test_a_sentence_keeps_its_full_stop_behind_all_else(filling: str) -> None:
    assert stopped_once("On {day}. And {other}.", {"day": filling}) == "On {day}. And {other}."
