"""The first rule that fits says whose matter a case is; a note names people by what they are called."""

from __future__ import annotations

import pytest

from corrections_service.rules.owners import Owner, first_match, handles, mentioned, unknown

PEOPLE = {
    1: ["Mia Chen", "Mia", "mia@news.example", "mia"],
    2: ["Олена Ткач", "Олена", "olena@news.example", "olena"],
    3: ["Ben Adams", "Ben", "ben.a@news.example", "ben.a"],
    4: ["Ben Brown", "Ben", "ben.b@news.example", "ben.b"],
}


def rule(number: int, section: str = "", author: str = "", kind: str = "") -> Owner:
    return Owner(section=section, author=author, kind=kind, owner=number, deputy=None)


RULES = [rule(1, "Sport", kind="fact"), rule(2, "Sport"), rule(3, author="Ann Lee"), rule(4, kind="spelling")]


@pytest.mark.parametrize(
    ("section", "author", "kind", "expected"),
    [
        ("Sport", "", "fact", 1),
        (" sport ", "", "name", 2),
        ("Sport", "Ann Lee", "spelling", 2),
        ("Politics", "Bob Roy, ANN  LEE", "fact", 3),
        ("Politics", "Ann Leeds", "fact", None),
        ("", "", "spelling", 4),
        ("", "", "fact", None),
    ],
)
def test_the_first_rule_that_fits_counts(section: str, author: str, kind: str, expected: int | None) -> None:
    match = first_match(RULES, section=section, author=author, kind=kind)
    assert (match["owner"] if match else None) == expected


def test_a_rule_without_words_fits_all() -> None:
    assert first_match([rule(9)], section="x", author="y", kind="fact") == rule(9)


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("@mia please", [1]),
        ("@Mia Chen, @ОЛЕНА: look", [1, 2]),
        ("(@mia@news.example)", [1]),
        ("@ben.a. And @ben.b!", [3, 4]),
        ("@Ben", []),  # there are two
        ("@Ben Brown", [4]),
        ("@miax @mia-lou write to x@mia", []),
        ("mia, without the sign", []),
        ("@mia @mia @mia", [1]),
        ("@" * 5000 + "mia" * 5000, []),
    ],
)
def test_a_note_names_whom_it_means(note: str, expected: list[int]) -> None:
    assert mentioned(note, PEOPLE) == expected


def test_where_nobody_has_a_name_nobody_is_named() -> None:
    assert mentioned("@ @", {1: ["", " "]}) == []


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("@mia and @bob", ["@bob"]),
        ("@Mi, @mi. Not mia@news.example, nor @mia-2", ["@mi", "@mia-2"]),
        ("@ann", ["@ann"]),
        ("@ @", []),
    ],
)
def test_what_names_nobody_or_several_is_told(note: str, expected: list[str]) -> None:
    assert unknown(note, {1: ["Mia"], 2: ["Ann"], 3: ["Ann"]}) == expected
    assert unknown("@mia", {}) == ["@mia"]


def test_each_person_is_named_by_the_first_of_their_names_that_nobody_else_has() -> None:
    people = PEOPLE | {5: ["Ben"], 6: [" ", "olena"]}
    assert handles(people) == {1: "Mia Chen", 2: "Олена Ткач", 3: "Ben Adams", 4: "Ben Brown"}
    assert all(mentioned(f"@{name}", people) == [number] for number, name in handles(people).items())
