"""Each benchmark still runs; of what it measures, only the quality of judgements on fixed data is judged here."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest

from benchmarks import report, servers
from benchmarks.__main__ import SMOKES, run
from benchmarks.chart import Bar, draw
from benchmarks.goals import GOALS, WHATEVER_THE_MACHINE

FROM_AN_INDEX = ("intake-vs-isso", "install")
"""Benchmarks that install packages from an index, which tests do not."""

IN_PART = ("group", "snippet-size", "snippet-load", "snippet-open")
"""Benchmarks of which a short run leaves parts out."""


@pytest.fixture(scope="module", autouse=True)
def made_once() -> Iterator[None]:
    """What several of them share is taken away after the last."""
    yield
    servers.kept.close()


@pytest.mark.parametrize("name", [name for name in SMOKES if name not in FROM_AN_INDEX])
def test_a_short_run_of_each_benchmark_prints_figures(name: str) -> None:
    figures = run(name, smoke=True)
    if "skipped" in figures:
        pytest.skip(str(figures["skipped"]))
    assert any(isinstance(figure, float) and figure > 0 for figure in figures.values())
    goals = GOALS[name]
    assert name in IN_PART or goals.keys() <= figures.keys()
    if name in WHATEVER_THE_MACHINE:
        assert {figure: figures[figure] for figure, goal in goals.items() if not goal.is_reached(figures[figure])} == {}


def test_every_benchmark_has_goals_and_no_goal_is_of_another() -> None:
    assert GOALS.keys() == SMOKES.keys()


def test_the_report_shows_the_last_figures_with_their_yardstick_goal_and_machine() -> None:
    lines = [
        '{"benchmark": "intake-sqlite", "machine": "2 cores", "day": "2026-11-28", "ours": 1, "yardstick": 1, "ratio": 1.0}',
        '{"benchmark": "intake-sqlite", "machine": "2 cores", "day": "2026-11-29", "ours": 900.4, "yardstick": 500,'
        ' "ratio": 1.8, "lowest": 1.71, "highest": 2.0}',
        '{"benchmark": "memory", "machine": "4 cores", "day": "2026-11-29", "at_rest_mib": 151.0}',
        '{"benchmark": "intake-slowdisk", "machine": "4 cores", "day": "2026-11-29", "skipped": "no compiler"}',
    ]
    page = report.render(f"# P\n{report.BEGIN}\nold\n{report.END}\nmore\n", report.latest(lines))
    assert page.startswith("# P\n")
    assert page.endswith("\nmore\n")
    assert "old" not in page
    rows = [line.split(" | ") for line in page.splitlines()]
    (intake,) = (row for row in rows if row[0] == "| intake-sqlite")
    assert intake[2:] == ["1.8 (1.71 to 2)", "900", "500", "at least 1.6", "yes", "1 |"]
    (memory,) = (row for row in rows if row[0] == "| memory")
    assert memory[2:] == ["151", "–", "–", "at most 150", "**no**", "2 |"]
    (skipped,) = (row for row in rows if row[0] == "| intake-slowdisk")
    assert skipped[2] == "no compiler"
    assert "\n1. 2 cores, 2026-11-29\n2. 4 cores, 2026-11-29\n" in page


def test_the_report_has_a_row_for_every_goal_measured_or_not() -> None:
    rows = report.table({}).splitlines()[2:]
    assert len(rows) - rows.count("") == sum(map(len, GOALS.values()))


def test_the_page_has_the_goals_of_today() -> None:
    page = report.PAGE.read_text("utf-8")
    rows = {tuple(line.split(" | ")[number] for number in (0, 1, 5)) for line in page.splitlines() if " | " in line}
    wanted = {
        tuple(line.split(" | ")[number] for number in (0, 1, 5)) for line in report.table({}).splitlines() if line
    }
    assert rows == wanted, "run `make bench-report`"


def test_a_bar_goes_to_the_better_side_as_far_as_the_chart_reaches() -> None:
    names = ["<worse>", "better", "far better"]
    drawn = draw([Bar(name, times, "1") for name, times in zip(names, (0.5, 4, 1e9), strict=True)])
    bars = [one for one in ET.fromstring(drawn) if one.tag.endswith("rect")]
    assert [one.get("class") for one in bars] == ["worse", "better", "better"]
    ends = [(float(one.get("x", 0)), float(one.get("x", 0)) + float(one.get("width", 0))) for one in bars]
    assert ends[0][1] == pytest.approx(ends[1][0], abs=0.2), "all begin at the line"
    assert all(a < b for a, b in itertools.pairwise(one[1] for one in ends))


def test_figures_of_a_benchmark_are_kept_beside_the_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "KEPT", tmp_path_factory.mktemp("build") / "build" / "benchmarks.jsonl")
        for ratio in (1, 2):
            report.keep("start", {"ratio": ratio})
        (figures,) = report.latest(report.KEPT.read_text().splitlines()).values()
    assert figures["ratio"] == 2
    assert "cores" in figures["machine"]
