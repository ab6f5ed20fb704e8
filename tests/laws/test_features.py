"""Each feature has its row in docs/features.md, and a test that shows it or "not yet"; those of the reader's side are
shown in a real browser: some test there says that it proves it."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from tests.laws.rows import ID, NOT_YET, ROOT, TEST, features, is_test

HOW_MANY = {"A": 25, "B": 14, "C": 22, "D": 11, "E": 11, "F": 11, "G": 7, "H": 6, "I": 11, "J": 7}
ALL = [f"{group}{number}" for group, many in HOW_MANY.items() for number in range(1, many + 1)]
READERS = [feature for feature in ALL if feature.startswith("A")]


@cache
def proven(file: str) -> set[str]:
    """The features that the tests of a file name in their docstrings."""
    said = ""
    for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            said += f" {ast.get_docstring(node) or ''}"
    return set(ID.findall(said))


def test_each_feature_has_one_row_in_order() -> None:
    assert len(ALL) == 125
    assert list(features()) == ALL


@pytest.mark.parametrize("feature", ALL)
def test_a_row_says_what_it_is_and_names_a_test_that_there_is_or_says_not_yet(feature: str) -> None:
    what, shown = features()[feature]
    assert len(what) > 10
    named = [*([] if shown == NOT_YET else [shown]), *TEST.findall(what)]
    assert [name for name in named if not is_test(name)] == [], "did the test move? name its file in the row"


@pytest.mark.parametrize("feature", READERS)
def test_a_test_in_the_browser_proves_the_feature(feature: str) -> None:
    what, shown = features()[feature]
    assert shown.startswith("tests/browser/"), what
    assert feature in proven(shown), what
