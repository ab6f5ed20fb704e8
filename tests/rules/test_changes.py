"""Edits described: the pieces, the guessed kind, and what the guard makes of whole texts and real corrections."""

import json
from collections import Counter
from itertools import accumulate
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from corrections_service.rules.changes import Kind, describe_change, diff
from tests.measures import passes_at_most
from tests.rules.edits import REASONS

DATA = Path(__file__).resolve().parents[2] / "../shared/data/corrections.jsonl"
KINDS = {  # what the data set calls a change, and what a reader would
    "spelling": {Kind.SPELLING},
    "grammar": {Kind.SPELLING},
    "punctuation": {Kind.SPELLING},
    "wording": {Kind.CONTEXT, Kind.OTHER},
    "link": {Kind.OTHER},
    "fact": {Kind.FACT, Kind.NAME},
}


@pytest.fixture(scope="module")
def corrections():
    if not DATA.exists():
        pytest.skip("the set of real corrections is not beside this repository")
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


def test_an_edit_is_told_in_whole_words():
    change = describe_change("I have recieved it.", "I have received it.")
    assert [(piece.op, piece.before, piece.after) for piece in change.pieces] == [
        ("equal", "I have ", "I have "),
        ("replace", "recieved", "received"),
        ("equal", " it.", " it."),
    ]
    assert (change.kind, change.guard) == (Kind.SPELLING, ())


def test_a_script_without_spaces_is_told_character_by_character():
    change = describe_change("东京是日本的首都", "北京是中国的首都")
    assert [piece.before for piece in change.pieces if piece.op != "equal"] != ["东京是日本的首都"]
    assert describe_change("กรุงเทพมหานค", "กรุงเทพมหานคร").pieces[0].op == "equal"


def test_a_word_put_in_is_an_insertion_and_a_word_taken_out_a_deletion():
    assert [piece.op for piece in describe_change("want create", "want to create").pieces] == [
        "equal",
        "insert",
        "equal",
    ]
    assert "delete" in [piece.op for piece in describe_change("the the list", "the list").pieces]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("1\u00a0200 осіб", "1\u00a0300 осіб", ["1\u00a0200>1\u00a0300"]),
        ("it ended 2-1 here", "it ended 1-2 here", ["2-1>1-2"]),
        ("3,5 % mehr", "3,6 % mehr", ["3,5>3,6"]),
        ("Der Wahlkampfauftakt war", "Der Wahlkampfauftackt war", ["Wahlkampfauftakt>Wahlkampfauftackt"]),
        ("Come, eat the bread", "Come eat, the bread", [",>", ">,"]),
        ("山田さんが話す", "田中さんが話す", ["山田>田中"]),
        ("他们在北京开会", "他们在南京开会", ["北>南"]),
        ("ประชุมที่เมืองเก่า", "ประชุมที่เมืองใหม่", ["เก่า>ใหม่"]),
        ("프로그램를 쓴다", "프로그램을 쓴다", ["프로그램를>프로그램을"]),
        ("قالت الحكومه اليوم", "قالت الحكومة اليوم", ["الحكومه>الحكومة"]),
        ("a cafe\u0301 here", "a cafe here", ["cafe\u0301>cafe"]),
        (
            "1\ufe0f\u20e3 of 👍🏽 by 👩\u200d💻",
            "2\ufe0f\u20e3 of 👍🏿 by 👩\u200d🎨",
            ["1\ufe0f\u20e3>2\ufe0f\u20e3", "👍🏽>👍🏿", "👩\u200d💻>👩\u200d🎨"],
        ),
        ("🇺🇦🇵🇱", "🇺🇦🇫🇷", ["🇵🇱>🇫🇷"]),
    ],
)
def test_the_difference_reads_well_in_any_script(before, after, changed):
    pieces = describe_change(before, after).pieces
    assert [f"{piece.before}>{piece.after}" for piece in pieces if piece.op != "equal"] == changed


def test_the_text_around_an_edit_tells_what_it_is_part_of():
    assert "quotation" in describe_change("will", "shall", prefix="he said “I ", suffix=" go” today").guard
    assert describe_change("Chosing", "Choosing", prefix="That is it. ", suffix=" between").guard == ()
    assert "unit" in describe_change("m", "ft", prefix="it is 5 ", suffix=" high").guard


@pytest.mark.parametrize(
    ("prefix", "before", "after", "suffix"),
    [
        ("the end of what he said: we will ", "win", "lose", " it”, he added"),
        ("he said: “we will ", "win", "lose", " it, whatever"),
        ("She called it «a ", "fair» and good", "cheap» and good", " plan"),
        ("Er sagte: „Wir ", "siegen“, dann ging er", "verlieren“, dann ging er", "."),
        ("Il dit : « Nous allons ", "gagner », puis", "perdre », puis", " il part"),
        ("« Oui », dit-il. « Je ", "viens", "pars", " »"),
        ('"Yes", he said, "we ', "go", "stay", '."'),
    ],
)
def test_a_quotation_that_lies_partly_within_the_change_is_guarded(prefix, before, after, suffix):
    assert "quotation" in describe_change(before, after, prefix=prefix, suffix=suffix).guard


@pytest.mark.parametrize(
    ("prefix", "suffix"),
    [("“Yes,” he said, and ", ", “no”"), ('"Yes," he said, and ', ', "no"'), ("„Ja“, und ", " „nein“"), ('a 5" ', "")],
)
def test_words_between_two_quotations_are_in_none(prefix, suffix):
    assert describe_change("recieved it", "received it", prefix=prefix, suffix=suffix).guard == ()


def test_a_changed_link_is_something_else():
    change = describe_change("see https://a.example/5", "see https://b.example/6")
    assert (change.kind, change.guard) == (Kind.OTHER, ())


def test_no_change_is_no_piece_to_look_at():
    assert describe_change("", "").pieces == ()
    assert [piece.op for piece in describe_change("same", "same").pieces] == ["equal"]


words = st.lists(st.sampled_from(["the", "The", "cat", "5", "not", "“", "”", " ", "\n", "東", "é", "Kyiv", "."])).map(
    "".join
)

graphemes = st.lists(
    st.sampled_from(["a", "1", "é", "ไ", "ท", "ย", "က", "ា", "한", "🇺", "👍", " "])
    | st.sampled_from(["\u0301", "\ufe0f\u20e3", "\u200d", "🏽", "\ud83d", "\udc4d", "\u1161", "\r\n"])
).map("".join)


@given(st.text() | words | graphemes, st.text() | words | graphemes)
def test_joining_either_side_of_the_pieces_gives_that_text_back(before, after):
    change = describe_change(before, after)
    assert "".join(piece.before for piece in change.pieces) == before
    assert "".join(piece.after for piece in change.pieces) == after
    assert all((piece.op == "equal") == (piece.before == piece.after) for piece in change.pieces)
    assert set(change.guard) <= set(REASONS)


@given(st.text() | graphemes, st.text() | graphemes)
def test_no_piece_begins_or_ends_within_a_grapheme(before, after):
    pieces = diff(before, after)
    for text, sides in (before, [piece.before for piece in pieces]), (after, [piece.after for piece in pieces]):
        borders = set(accumulate(map(len, regex.findall(r"\X", text)), initial=0))
        assert set(accumulate(map(len, sides), initial=0)) <= borders


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "b"),
        ("word other, ", "ward other; "),
        ("本社の", "本地的社"),
        ("“", "”«"),
        ("A b. ", "B c! "),
        ("1,", "2."),
        (".'", "'’a"),
        ("(http://", "www."),
        ("a\u0301", "\ud800"),
    ],
)
@pytest.mark.parametrize("size", [2_000, 10_000])
def test_a_long_edit_is_described_in_bounded_time(one, other, size):
    """The same bound a letter for both sizes: a comparison of each word with each other one breaks it."""
    before, after = ((unit * size)[:size] for unit in (one, other))
    passes_at_most(1_200, lambda: describe_change(before, after), before)


def test_the_guessed_kind_agrees_with_the_real_corrections(corrections):
    agreed = [
        describe_change(record["before"], record["after"]).kind in KINDS[record["kind"]] for record in corrections
    ]
    assert sum(agreed) / len(agreed) >= 0.85


def test_every_changed_fact_among_the_real_corrections_is_guarded(corrections):
    facts = [record for record in corrections if record["kind"] == "fact"]
    missed = [
        record["id"]
        for record in facts
        if record["sub"] not in describe_change(record["before"], record["after"]).guard
    ]
    assert facts
    assert missed == []


def test_few_real_misspellings_are_guarded(corrections):
    spelling = [record for record in corrections if record["kind"] == "spelling"]
    guarded = Counter(bool(describe_change(record["before"], record["after"]).guard) for record in spelling)
    assert guarded[True] / len(spelling) <= 0.05


def test_few_real_misspellings_are_guarded_with_the_text_around_them(corrections):
    spelling = [record for record in corrections if record["kind"] == "spelling"]
    guarded = [
        record["id"]
        for record in spelling
        if describe_change(record["wrong"], record["right"], prefix=record["prefix"], suffix=record["suffix"]).guard
    ]
    assert len(guarded) / len(spelling) <= 0.05
