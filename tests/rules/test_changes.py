"""Edits described: the pieces, the guessed kind, and the class guard in six languages."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections_service.rules.changes import Kind, describe_change

DATA = Path(__file__).resolve().parents[2] / "../shared/data/corrections.jsonl"
REASONS = ("number", "name", "date", "unit", "negation", "quotation")
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
    ("before", "after", "reason"),
    [
        ("5 people died", "6 people died", "number"),
        ("five people died", "six people died", "number"),
        ("2.5 per day", "25 per day", "number"),
        ("a loss of −5 points", "a loss of 5 points", "number"),
        ("$5 million", "$5 billion", "number"),
        ("загинули п’ять людей", "загинули шість людей", "number"),
        ("погибли пять человек", "погибли семь человек", "number"),
        ("in fünfundzwanzig Fällen", "in fünfunddreißig Fällen", "number"),
        ("il y a trois mois", "il y a quatre mois", "number"),
        ("hay tres personas", "hay cuatro personas", "number"),
        ("三人が死亡", "四人が死亡", "number"),
        ("٥ أشخاص", "٦ أشخاص", "number"),
        ("on 5 March", "on 6 March", "date"),
        ("in December.", "in January.", "date"),
        ("on Monday", "on Tuesday", "date"),
        ("у березні", "у квітні", "date"),
        ("в понедельник", "во вторник", "date"),
        ("am Montag", "am Dienstag", "date"),
        ("le 3 mars", "le 3 avril", "date"),
        ("el lunes pasado", "el martes pasado", "date"),
        ("03-Nov-2020", "03-Nov-2022", "date"),
        ("said John Andersen on Monday", "said John Anderson on Monday", "name"),
        ("the minister Anna Schmidt said", "the minister Anne Schmid said", "name"),
        ("The mayor of Paris", "The mayor of Lyon", "name"),
        ("Kiev", "Kyiv", "name"),
        ("Smith said no", "Smyth said no", "name"),
        ("у місті Львів", "у місті Луцьк", "name"),
        ("президент Зеленский заявил", "президент Залужный заявил", "name"),
        ("Das Treffen mit Putin ist nicht geplant", "Das Treffen mit Biden ist nicht geplant", "name"),
        ("Bundeskanzlerin Angela Merkel sagte", "Bundeskanzlerin Angela Märkel sagte", "name"),
        ("Le président Emmanuel Macron", "Le président Emmanuel Macaron", "name"),
        ("l’Autriche", "l’Australie", "name"),
        ("El presidente Pedro Sánchez dijo", "El presidente Pablo Sánchez dijo", "name"),
        ("it is 5 km away", "it is 5 miles away", "unit"),
        ("costs $5", "costs €5", "unit"),
        ("купив 3 кг", "купив 3 г", "unit"),
        ("5% of them", "5‰ of them", "unit"),
        ("he is guilty", "he is not guilty", "negation"),
        ("able to go", "unable to go", "negation"),
        ("he is at home", "he isn’t at home", "negation"),
        ("він не прийшов", "він прийшов", "negation"),
        ("он не пришёл", "он пришёл", "negation"),
        ("er hat Zeit", "er hat keine Zeit", "negation"),
        ("il n’est pas venu", "il est venu", "negation"),
        ("nunca llegó", "siempre llegó", "negation"),
        ("行きます", "行きません", "negation"),
        ("he said “I will go” today", "he said “I shall go” today", "quotation"),
        ("він сказав: «Я піду»", "він сказав: «Я прийду»", "quotation"),
        ("er sagte: „Ich gehe“", "er sagte: „Ich bleibe“", "quotation"),
    ],
)
def test_a_change_of_a_fact_is_guarded(before, after, reason):
    assert reason in describe_change(before, after).guard
    assert reason in describe_change(after, before).guard


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Whenver possible", "Whenever possible"),
        ("in the thre cases", "in the three cases"),
        ("1,000 people", "1000 people"),
        ("He likes Javascript.", "He likes JavaScript."),
        ("the internet wasn't", "the Internet wasn't"),
        ('he said "yes" to it', "he said “yes” to it"),
        ("Das Haus und die Strase", "Das Haus und die Straße"),
        ("der Standarf ist nicht gut", "der Standard ist nicht gut"),
        ("Винесеня великої кількості", "Винесення великої кількості"),
        ("Предпологается, что", "Предполагается, что"),
        ("un texte suplémentaire", "un texte supplémentaire"),
        ("Emición de certificados", "Emisión de certificados"),
        ("an important thing", "an importent thing"),
    ],
)
def test_a_pure_misspelling_is_not_guarded(before, after):
    change = describe_change(before, after)
    assert change.guard == ()
    assert change.kind is Kind.SPELLING


def test_the_text_around_an_edit_tells_what_it_is_part_of():
    assert "quotation" in describe_change("will", "shall", prefix="he said “I ", suffix=" go” today").guard
    assert describe_change("Chosing", "Choosing", prefix="That is it. ", suffix=" between").guard == ()
    assert "unit" in describe_change("m", "ft", prefix="it is 5 ", suffix=" high").guard


def test_a_changed_link_is_something_else():
    change = describe_change("see https://a.example/5", "see https://b.example/6")
    assert (change.kind, change.guard) == (Kind.OTHER, ())


def test_no_change_is_no_piece_to_look_at():
    assert describe_change("", "").pieces == ()
    assert [piece.op for piece in describe_change("same", "same").pieces] == ["equal"]


words = st.lists(st.sampled_from(["the", "The", "cat", "5", "not", "“", "”", " ", "\n", "東", "é", "Kyiv", "."])).map(
    "".join
)


@given(st.text() | words, st.text() | words)
def test_joining_either_side_of_the_pieces_gives_that_text_back(before, after):
    change = describe_change(before, after)
    assert "".join(piece.before for piece in change.pieces) == before
    assert "".join(piece.after for piece in change.pieces) == after
    assert all((piece.op == "equal") == (piece.before == piece.after) for piece in change.pieces)
    assert set(change.guard) <= set(REASONS)


@given(st.text(), st.text(), st.text())
def test_an_unchanged_text_has_no_guard_whatever_is_around_it(text, prefix, suffix):
    assert describe_change(text, text, prefix=prefix, suffix=suffix).guard == ()


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
@pytest.mark.parametrize(("size", "limit"), [(2_000, 0.01), (10_000, 0.05)])
def test_a_long_edit_is_described_in_bounded_time(one, other, size, limit):
    before, after = ((unit * size)[:size] for unit in (one, other))
    assert min(_seconds(before, after) for _ in range(5)) < limit


def _seconds(before, after):
    start = time.process_time()
    describe_change(before, after)
    return time.process_time() - start


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
