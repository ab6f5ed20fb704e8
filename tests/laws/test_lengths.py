"""A file is read in one sitting, a page one thing a line: none of ours is longer than 400 lines, no line of a page than 120."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
OURS = ("corrections_service", "static", "templates", "tests", "benchmarks", "integrations")
KINDS = {".py", ".js", ".css", ".html", ".php"}
# A schema as it was on its day, and lists of words, are data.
DATA = ("corrections_service/store/migrations/versions/", "corrections_service/rules/lexicon/")


def files() -> list[str]:
    """Every file of ours, as seen from the project's root."""
    found = [path for folder in OURS for path in (ROOT / folder).rglob("*") if path.suffix in KINDS]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def test_there_are_files_to_look_at() -> None:
    assert len(files()) > 300


@pytest.mark.parametrize("file", [file for file in files() if not file.startswith(DATA)])
def test_a_file_is_at_most_400_lines_long(file: str) -> None:
    assert len((ROOT / file).read_text("utf-8").splitlines()) <= LONGEST, "give one of its subjects a file of its own"


ENGINE = "corrections_service/store/engine.py"


def test_the_one_file_that_knows_the_engine_is_at_most_250_lines_long() -> None:
    assert len((ROOT / ENGINE).read_text("utf-8").splitlines()) <= 250, "what the library offers is the library's to do"


LONGEST_LINE, LONGEST_RULE = 120, 100


def pages() -> list[str]:
    """Every template, those of plain mails too, and every script and style: the reader's too, whose bytes are counted."""
    templates = [path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.*")]
    return sorted([*templates, *(file for file in files() if file.startswith("static/"))])


@pytest.mark.parametrize("file", pages())
def test_no_line_of_a_page_is_over_120_characters(file: str) -> None:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > LONGEST_LINE] == [], "write one element, or one declaration, a line"


@pytest.mark.parametrize("file", [file for file in pages() if file.endswith(".css")])
def test_a_rule_of_many_declarations_has_a_line_for_each(file: str) -> None:
    rules = [line for line in (ROOT / file).read_text("utf-8").splitlines() if "{" in line]
    assert [line for line in rules if len(line) > LONGEST_RULE] == []
