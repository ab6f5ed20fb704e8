"""Every promise, attack, fault and feature that is cited anywhere has its row; docs/threats.md names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.laws.rows import ID, ROOT, features, files_of, is_test, threats

FOLDERS = ("benchmarks", "corrections_service", "docs", "static", "templates", "tests")
KINDS = (".py", ".md", ".js", ".css", ".html", ".toml")
TEXTS = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in KINDS]
TEXTS += [path for path in ROOT.iterdir() if path.suffix in KINDS or path.name == "Makefile"]
SHORT = re.compile(r"^\| ([A-L]\d\d[^|]*)\|[^|]*\|([^|]*)\|$", re.MULTILINE)
"""A row of docs/security.md: ids, the promise in short, and its tests."""


def is_proof(path: Path) -> bool:
    """Whether a test's file may say what it proves; the laws name ids to ask for them."""
    return is_test(str(path.relative_to(ROOT))) and path.parent.name != "laws"


def test_every_id_that_is_cited_has_a_row() -> None:
    known = {*features(), *threats()}
    lost = {
        f"{id} in {path.relative_to(ROOT)}"
        for path in TEXTS
        for id in ID.findall(path.read_text("utf-8"))
        if id not in known
    }
    assert lost == set()


@pytest.mark.parametrize("id", threats())
def test_a_row_says_what_comes_and_what_happens_and_names_tests_that_there_are(id: str) -> None:
    comes, happens, tests = threats()[id]
    assert comes
    assert happens
    assert [name for name in files_of(tests) if not is_test(name)] == [], "did the test move? name its file in the row"


def test_where_tests_say_that_they_prove_something_its_row_names_one_of_them() -> None:
    tests = {str(path.relative_to(ROOT)): set(ID.findall(path.read_text("utf-8"))) for path in TEXTS if is_proof(path)}
    rows = {id: files_of(row[-1]) for id, row in threats().items()}
    assert [
        (id, proofs)
        for id, named in rows.items()
        if (proofs := {file for file, ids in tests.items() if id in ids}) and not proofs & set(named)
    ] == []


def test_what_is_promised_in_short_is_known_with_its_test() -> None:
    for ids, files in SHORT.findall((ROOT / "docs/security.md").read_text("utf-8")):
        cited = ID.findall(ids)
        assert cited
        named = set().union(*(files_of(threats()[id][-1]) for id in cited))
        assert set(re.findall(r"`(tests/[^`]+)`", files)) <= named, ids
