"""The page that shows the latest figures: `python -m benchmarks.report` writes docs/performance.md and its chart.

The last of each benchmark stay in docs/performance.jsonl, so that who measures one anew keeps the others.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.chart import Bar, draw
from benchmarks.goals import GOALS, Goal

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "benchmarks.jsonl"
PAGE, CHART, LAST = (ROOT / "docs" / f"performance.{kind}" for kind in ("md", "svg", "jsonl"))
SHOWN = ("benchmark", "day", "machine", "skipped")
RAW = ("ours", "yardstick", "lowest", "highest")
BEGIN, END = "<!-- figures, by make bench-report -->", "<!-- end of the figures -->"
HEAD = ("benchmark", "figure", "measured", "ours", "yardstick", "goal", "reached", "machine")

Latest = Mapping[str, Mapping[str, Any]]
"""The last figures of each benchmark, with the machine and the day."""


def keep(name: str, figures: Mapping[str, Any]) -> None:
    """Add a benchmark's figures to those that the report is made from."""
    KEPT.parent.mkdir(exist_ok=True)
    line = {"benchmark": name, "day": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine(), **figures}
    with KEPT.open("a") as file:
        file.write(json.dumps(line) + "\n")


def machine() -> str:
    """This machine, as far as figures depend on it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores {platform.machine()}, {memory:.0f} GiB, {platform.system()},"
        f" Python {platform.python_version()}"
    )


def latest(lines: Iterable[str]) -> Latest:
    """The last figures of each benchmark among the lines that were kept."""
    return {figures["benchmark"]: figures for figures in map(json.loads, lines)}


def render(page: str, figures: Latest) -> str:
    """The page with these figures in the place of those that it has."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table(figures)}\n{END}{rest.partition(END)[2]}"


def table(figures: Latest) -> str:
    """Every goal with its latest figure, a dash where it was not measured, and the machines below."""
    machines = sorted({f"{one['machine']}, {one['day']}" for one in figures.values()})
    rows: list[tuple[str, ...]] = [HEAD, ("---",) * len(HEAD)]
    for name, goals in GOALS.items():
        measured = figures.get(name, {})
        where = machines.index(f"{measured['machine']}, {measured['day']}") + 1 if measured else ""
        rows += [(name, *_cells(figure, goal, measured), f"{where}" or "–") for figure, goal in goals.items()]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines += ["", *(f"{number}. {one}" for number, one in enumerate(machines, 1))]
    return "\n".join(lines) + "\n"


def bars(figures: Latest) -> list[Bar]:
    """A bar for each goal that was measured, except those of nothing at all."""
    return [
        Bar(
            f"{name}: {goal.what}",
            value / goal.value if goal.least is not None else goal.value / max(value, 1e-9),
            f"{_number(value)}, {goal.words}",
        )
        for name, goals in GOALS.items()
        for figure, goal in goals.items()
        if goal.value and isinstance(value := figures.get(name, {}).get(figure), int | float)
    ]


def _cells(figure: str, goal: Goal, measured: Mapping[str, Any]) -> tuple[str, ...]:
    """What is measured, how far rounds differed, both raw figures, the goal, and whether it is reached."""
    begun = figure.removesuffix("ratio")
    against = f"{goal.what}, ours / {goal.against}" if goal.against else goal.what
    value = measured.get(figure)
    if not isinstance(value, int | float):
        return against, measured.get("skipped", "–") if measured else "–", "–", "–", goal.words, "–"
    shown = _number(value)
    if figure.endswith("ratio") and f"{begun}lowest" in measured:
        shown += f" ({_number(measured[f'{begun}lowest'])} to {_number(measured[f'{begun}highest'])})"
    raw = [_number(measured.get(f"{begun}{name}")) if goal.against else "–" for name in ("ours", "yardstick")]
    return against, shown, *raw, goal.words, "yes" if goal.is_reached(value) else "**no**"


def _number(value: Any) -> str:
    """A figure in as many digits as it means something."""
    if not isinstance(value, int | float):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _shown(name: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows of a benchmark's figures."""
    return {key: value for key, value in figures.items() if key in (*SHOWN, *GOALS[name]) or key.endswith(RAW)}


def main() -> None:
    """Write the page and the chart anew, from what was measured since and what was known before."""
    lines = [line for file in (LAST, KEPT) if file.exists() for line in file.read_text("utf-8").splitlines()]
    figures = latest(lines)
    known = [json.dumps(_shown(name, figures[name])) + "\n" for name in GOALS if name in figures]
    LAST.write_text("".join(known), "utf-8")
    PAGE.write_text(render(PAGE.read_text("utf-8"), figures), "utf-8")
    CHART.write_text(draw(bars(figures)), "utf-8")


if __name__ == "__main__":
    main()
