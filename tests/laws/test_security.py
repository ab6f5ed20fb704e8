"""Every promise of docs/security.md is named by a test, and every threat that has to have a test has one."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ID = re.compile(r"\b[A-L]\d\d\b")
OWED = {
    *(f"A{number:02}" for number in range(1, 17)),
    *(f"B{number:02}" for number in range(1, 14)),
    *("C01", "C02", "C03", "C08"),
    *(f"D{number:02}" for number in range(1, 8)),
    *("G01", "G02", "G03", "G04", "H01"),
}


def promises() -> list[tuple[set[str], list[str]]]:
    """The ids of each row of the table, and the files that prove them."""
    rows = re.findall(
        r"^\| ([A-L]\d\d[^|]*)\|[^|]*\|([^|]*)\|$", (ROOT / "docs/security.md").read_text("utf-8"), re.MULTILINE
    )
    return [(set(ID.findall(ids)), re.findall(r"`(tests/[^`]+)`", files)) for ids, files in rows]


def test_every_promise_is_named_by_the_tests_that_prove_it() -> None:
    for ids, files in promises():
        assert files, ids
        for file in files:
            named = set(ID.findall((ROOT / file).read_text("utf-8")))
            assert ids & named, (ids, file)
        assert ids <= set().union(*(ID.findall((ROOT / file).read_text("utf-8")) for file in files)), ids


def test_every_threat_at_the_gate_has_a_row() -> None:
    assert set().union(*(ids for ids, _ in promises())) >= OWED
