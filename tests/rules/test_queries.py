"""What an editor types is words and filters; whatever it is, it is a query or a clear sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrections_service.rules import queries
from corrections_service.rules.queries import KEYS, Term, last_part, parse, with_term, without_term

PIECES = st.one_of(
    st.sampled_from(
        [*KEYS, ":", "<", ">", "=", "-", '"', " ", "new", "3d", "2", "https://news.example/a", "Ж", "שלום", "//"]
    ),
    st.text(max_size=6),
)
TYPED = st.lists(PIECES, max_size=12).map("".join)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("is:new", [Term("is", "new")]),
        ("IS:New", [Term("is", "New")]),
        ("-is:spam", [Term("is", "spam", is_not=True)]),
        ('section:"World news" kind:name', [Term("section", "World news"), Term("kind", "name")]),
        ('-author:"Ann Smith"', [Term("author", "Ann Smith", is_not=True)]),
        ("readers>2", [Term("readers", "2", ">")]),
        ("readers>=2 readers<10", [Term("readers", "2", ">="), Term("readers", "10", "<")]),
        ("readers:5", [Term("readers", "5")]),
        ("readers:>5", [Term("readers", "5", ">")]),
        ("readers=5", [Term("readers", "5", "=")]),
        ("age<3d", [Term("age", "3d", "<")]),
        ("-age>2w", [Term("age", "2w", ">", is_not=True)]),
        ("lang:pt-BR", [Term("lang", "pt-BR")]),
        ("https://news.example/a?b=c:d", [Term("article", "https://news.example/a?b=c:d")]),
        ("article:https://news.example/a", [Term("article", "https://news.example/a")]),
        ("by:me -by:nobody", [Term("by", "me"), Term("by", "nobody", is_not=True)]),
        ("author:Пилип", [Term("author", "Пилип")]),
    ],
)
def test_a_filter_is_read(typed: str, terms: list[Term]) -> None:
    query = parse(typed)
    assert (list(query.terms), query.words, query.without, query.errors) == (terms, "", (), ())


@pytest.mark.parametrize(
    ("typed", "words", "without"),
    [
        ("two words", "two words", ()),
        ("ferry -bridge", "ferry", ("bridge",)),
        ('-"old bridge"', "", ("old bridge",)),
        ('"is:new"', "is:new", ()),
        ("at 12:30", "at 12:30", ()),
        ("a<b x=y", "a<b x=y", ()),
        ("Kyiv: explosion", "Kyiv: explosion", ()),
        ("well-known", "well-known", ()),
        ("-", "-", ()),
        ("%", "%", ()),
        ("4F2K-7Q #12", "4F2K-7Q #12", ()),
        ('"open', "open", ()),
        ("", "", ()),
    ],
)
def test_all_else_is_words(typed: str, words: str, without: tuple[str, ...]) -> None:
    query = parse(typed)
    assert (query.terms, query.words, query.without, query.errors) == ((), words, without, ())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("desk:sport", "There is no filter “desk:”"),
        ("is:lost", "Nothing is “lost”. There are inbox, mine,"),
        ("kind:typo", "There is no kind “typo”. There are spelling,"),
        ("readers>many", "“many” is no number of readers"),
        ("readers>-1", "“-1” is no number of readers"),
        ("readers>99999999999999999999", "is no number of readers"),
        ("readers>²", "is no number of readers"),
        ("age<soon", "“soon” is no age"),
        ("age:3d", "older or younger"),
        ("lang:Ukrainian!", "no language’s code"),
        ("section:", "Say after “section:” what you look for"),
        ('author:""', "Say after “author:”"),
        ("kind:name kind:fact", "Ask for one kind at a time"),
        ("kind>name", "Write “kind:” with a colon."),
    ],
)
def test_what_is_no_filter_is_said_in_a_sentence(typed: str, told: str) -> None:
    query = parse(f"ferry {typed}")
    (error,) = query.errors
    assert told in error
    assert query.words == "ferry"


@settings(deadline=None)
@given(TYPED)
def test_whatever_is_typed_is_a_query_or_a_sentence(typed: str) -> None:
    query = parse(typed)
    assert all(error.endswith(".") for error in query.errors)
    for term in query.terms:
        assert '"' in term.value or parse(str(term)).terms == (term,)
        if term.key == "age":
            assert queries.age_of(term) >= timedelta(0)
        if term.key == "readers":
            assert len(queries.range_of(term)) == 2
    before, last = last_part(typed)
    assert before + last == typed


@settings(deadline=None)
@given(TYPED)
def test_a_filter_that_is_added_can_be_taken_away_again(typed: str) -> None:
    term = Term("section", "World news")
    longer = with_term(typed, term)
    assert term in parse(longer).terms
    assert term not in parse(without_term(longer, term)).terms


def test_a_filter_takes_the_place_of_another_by_its_key() -> None:
    assert with_term("ferry section:sport -section:art", Term("section", "news")) == "ferry -section:art section:news"
    assert with_term("readers<9 readers>2", Term("readers", "5", ">")) == "readers<9 readers>5"


@pytest.mark.parametrize(
    ("typed", "last"),
    [("is:ne", "is:ne"), ("ferry is:", "is:"), ("ferry ", ""), ('section:"World ne', 'section:"World ne'), ("", "")],
)
def test_what_is_being_typed_is_the_last_part(typed: str, last: str) -> None:
    assert last_part(typed)[1] == last
