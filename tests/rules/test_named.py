"""Words that a reader named as "Which part?" are found as whole words, in whatever form they were typed."""

from __future__ import annotations

import pytest

from corrections_service.rules.named import MOST_TRIED, find_spans

TEXT = """The bridge that waited
The Queen’s Bridge was opend in 1871, the year the railway came, and it was built for horses. It opened
to carts later. Its piers stand therein, and in in the river. “Without further delay”, the report says, and
nobody asked. It cost 180\u00a0000 pounds. Ein Groß­betrieb. Die Straße ist lang.
它矗立在河上。桥于1871年开放。Le pont « Neuf » est là.
"""


def found(named: str, text: str = TEXT) -> list[str]:
    """The words that stand where the named ones were found."""
    return [text[start:end] for start, end in find_spans(named, text)]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("was opend in 1871", ["was opend in 1871"]),
        ("  WAS   Opend\nin 1871 ", ["was opend in 1871"]),
        ("queen's bridge", ["Queen’s Bridge"]),
        ("“was opend in 1871”", ["was opend in 1871"]),
        ("'was opend in 1871'.", ["was opend in 1871"]),
        ("… was opend in 1871 …", ["was opend in 1871"]),
        ("was opend in 1871.", ["was opend in 1871"]),
        ("Headline: The bridge that waited", ["The bridge that waited"]),
        ("third paragraph: “opend”", ["opend"]),
        ("where it says “opend” in the third paragraph", ["opend"]),
        ("where it says „opend“ further down", ["opend"]),
        ("It opened to carts", ["It opened\nto carts"]),
        ("in in the", ["in in the"]),
        ("there in", []),
        ("therein", ["therein"]),
        ("pen", []),
        ("opene", []),
        ("the", ["The", "The"]),
        ("180 000 pounds", ["180\u00a0000 pounds"]),
        ("1871", ["1871", "1871"]),
        ("Grossbetrieb", ["Groß­betrieb"]),
        ("Strasse", ["Straße"]),
        ("“Without further delay”", ["“Without further delay”"]),
        ("立在", ["立在"]),
        ("桥于 1871", ["桥于1871"]),
        ("1871年开放", ["1871年开放"]),
        ("pont « Neuf »", ["pont « Neuf »"]),
        ("the second paragraph from below", []),
        ("", []),
        ("…", []),
        ("“”", []),
    ],
)
def test_named_words_are_found_where_they_stand(named: str, expected: list[str]) -> None:
    """At most two places: one is the place that is meant, two are more than one."""
    assert found(named) == expected


def test_what_stands_a_thousand_times_is_several_and_looked_for_no_longer() -> None:
    assert len(find_spans("a", "banana " * MOST_TRIED)) == 2
    assert find_spans("a", "banana") == []
