"""The rows of docs/features.md and docs/threats.md, by their ids."""

from __future__ import annotations

import re
from pathlib import Path

from tests.laws.documents import DOCS

ROOT = DOCS.parent
NOT_YET = "not yet"
ID = re.compile(r"(?<![\w%#&+\\-])(?:P-\d\d|[A-L](?:0[1-9]|[1-9]\d?))(?![\w-])")
"""A promise, an attack or a fault, or a feature; no byte of an address (%C3) and no part of a hash."""

TEST = re.compile(r"tests/(?:\w+/)*test_\w+\.py")


def table(page: Path) -> dict[str, list[str]]:
    """The cells of each row that begins with an id; each id stands in one row alone."""
    found: dict[str, list[str]] = {}
    for line in page.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| ") and ID.fullmatch(cells[0]):
            assert cells[0] not in found, f"{page.name} has {cells[0]} twice"
            found[cells[0]] = cells[1:]
    return found


def features() -> dict[str, list[str]]:
    """Each feature: what it is, and its test."""
    return table(DOCS / "features.md")


def threats() -> dict[str, list[str]]:
    """Each promise, attack and fault: what comes, what the service does, and its tests."""
    return table(DOCS / "threats.md")


def files_of(cell: str) -> list[str]:
    """The files that the last cell of a row names; none where it says "not yet"."""
    return [] if cell == NOT_YET else cell.split(", ")


def is_test(name: str) -> bool:
    """Whether this is the file of a test."""
    return TEST.fullmatch(name) is not None and (ROOT / name).is_file()
