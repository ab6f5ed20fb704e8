"""Nothing is written twice: no run of eight lines stands in two places of the package or the scripts."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = 8


def test_no_run_of_lines_stands_twice() -> None:
    seen: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path in sorted([*ROOT.glob("corrections_service/**/*.py"), *ROOT.glob("static/**/*.js")]):
        if "vendor" in path.parts or "versions" in path.parts or "words" in path.parts:
            continue  # others' work; migrations, which never change; the same sentences in each language
        lines = [(number, line.strip()) for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)]
        code = [
            (number, line)
            for number, line in lines
            if len(line) > 3 and not line.startswith(("#", "//", "import ", "from "))
        ]
        for at in range(len(code) - RUN + 1):
            run = tuple(line for _, line in code[at : at + RUN])
            seen[run].append(f"{path.relative_to(ROOT)}:{code[at][0]}")
    assert [places for places in seen.values() if len(places) > 1] == []
