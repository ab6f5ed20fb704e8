"""The alarms and the board name figures that there are, and the page says of each alarm what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
RULES = (ROOT / "packaging/prometheus-rules.yaml").read_text("utf-8")
BOARD = (ROOT / "packaging/grafana.json").read_text("utf-8")
PAGE = (ROOT / "docs/operations.md").read_text("utf-8")
ALARMS = re.findall(r"^      - alert: (\w+)$", RULES, re.MULTILINE)


@pytest.fixture
def figures(app: Flask) -> dict[str, float]:
    """The figures that the service tells, by name."""
    text = app.test_client().get("/metrics").get_data(as_text=True)
    return {name: float(value) for name, value in re.findall(r"^(corrections_\w+) (\S+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("text", [RULES, BOARD], ids=["rules", "board"])
def test_every_figure_that_is_named_is_told(text: str, figures: dict[str, float]) -> None:
    named = set(re.findall(r"\bcorrections_\w+", text))
    assert len(named) >= 8
    assert named - figures.keys() == set()


def test_every_alarm_is_whole_and_the_page_says_what_to_do() -> None:
    assert len(ALARMS) == len(set(ALARMS)) >= 6
    for entry in RULES.split("- alert: ")[1:]:
        assert re.findall(r"^        (expr|for|labels|annotations):", entry, re.MULTILINE) == [
            "expr",
            "for",
            "labels",
            "annotations",
        ]
        assert entry.count("(") == entry.count(")")
    assert re.findall(r"^\| (Corrections\w+) \|", PAGE, re.MULTILINE) == ALARMS


def test_the_sums_of_the_alarm_for_a_lost_report_come_out(figures: dict[str, float]) -> None:
    (expression,) = re.findall(r"ReportMissing\n.*?expr: >-\n(.*?)\n        for:", RULES, re.DOTALL)
    accepted, *parts = re.findall(r"max\((corrections_\w+)\)", expression)
    assert (accepted, len(parts)) == ("corrections_accepted", 5)
    assert figures[accepted] == sum(figures[part] for part in parts)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_alarms_ring_when_they_should_and_an_import_rings_none(tmp_path: Path) -> None:
    """By Prometheus's own tool, over the hours that tests/alarms.yaml makes up."""
    (tmp_path / "prometheus-rules.yaml").write_text(RULES, "utf-8")
    (tmp_path / "alarms.yaml").write_text((ROOT / "tests/alarms.yaml").read_text("utf-8"), "utf-8")
    for command in (["check", "rules", "prometheus-rules.yaml"], ["test", "rules", "alarms.yaml"]):
        done = subprocess.run(["promtool", *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_panel_of_the_board_asks_for_something() -> None:
    panels = json.loads(BOARD)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(target["expr"] for panel in panels for target in panel["targets"])
