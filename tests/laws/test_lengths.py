"""A file is read in one sitting: none of ours is longer than 400 lines."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
OURS = ("corrections_service", "static", "templates", "tests", "benchmarks")
KINDS = {".py", ".js", ".css", ".html"}
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
