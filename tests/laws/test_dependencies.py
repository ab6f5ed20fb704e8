"""What is imported is declared: a package that another one happens to bring along can go with its next release."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.laws.test_layers import imports

ROOT = Path(__file__).resolve().parents[2]
OURS = {"corrections_service", "tests", "benchmarks"}


def name(requirement: str) -> str:
    """The name of a package as all write it, without its version and extras."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ]", requirement)[0]).lower()


DRAWING = "corrections_service/work/decoding.py"
"""The one file that imports what only an extra brings, and runs as a program of its own."""


def declared(*, tests: bool) -> set[str]:
    """The packages that pyproject.toml asks for, to run the service or also to test it, which takes its extras too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    more = [*project["dependency-groups"]["test"], *extras()]
    return set(map(name, [*project["project"]["dependencies"], *(more if tests else [])]))


def extras() -> list[str]:
    """What the extras ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [one for extra in project["optional-dependencies"].values() for one in extra]


def undeclared(folder: str, known: set[str]) -> dict[str, set[str]]:
    """The files of a folder that import what no known package holds, each with what that is."""
    holds = packages_distributions()
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        others = {one.partition(".")[0] for one in imports(path)} - sys.stdlib_module_names - OURS
        unknown = {one for one in others if not known & set(map(name, holds.get(one, [])))}
        if unknown:
            found[path.relative_to(ROOT).as_posix()] = unknown
    return found


def test_the_service_imports_only_what_it_asks_to_be_installed() -> None:
    assert set(undeclared("corrections_service", declared(tests=False))) == {DRAWING}
    assert undeclared("corrections_service", declared(tests=False) | set(map(name, extras()))) == {}


def test_tests_and_benchmarks_import_only_what_they_ask_for_too() -> None:
    assert undeclared("tests", declared(tests=True)) | undeclared("benchmarks", declared(tests=True)) == {}


def test_what_nothing_declares_is_found() -> None:
    assert {"flask"} <= set().union(*undeclared("corrections_service", {"sqlalchemy"}).values())
