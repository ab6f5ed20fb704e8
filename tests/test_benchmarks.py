"""Each benchmark still runs; of what it measures, only the quality of judgements on fixed data is judged here."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import SMOKES, run

GOALS: dict[str, dict[str, tuple[float, float]]] = {
    "fix-quality": {
        f"{context}_{name}": between
        for context in ("short", "snippet")
        for name, between in {
            "clear": (0.995, 1),
            "said_fixed_of_present": (0, 0.001),
            "said_present_of_fixed": (0, 0.001),
            "rewritten_and_fixed": (0.8, 1),
            "rewritten_said_present": (0, 0),
            "gone_said_present": (0, 0),
        }.items()
    },
    "group-quality": {"precision_300": (0.995, 1), "recall_300": (0.95, 1), "ambiguous_unsure_300": (0.5, 1)},
    "kinds": {"agreement": (0.85, 1), "facts_missed_by_the_guard": (0, 0), "spelling_guarded": (0, 0.05)},
}
"""The least and the most that a figure may be, whatever the machine."""


@pytest.mark.parametrize("name", [name for name in SMOKES if name != "intake-vs-isso"])
def test_a_short_run_of_each_benchmark_prints_figures(name: str) -> None:
    figures = run(name, smoke=True)
    if "skipped" in figures:
        pytest.skip(str(figures["skipped"]))
    assert any(isinstance(figure, float) and figure > 0 for figure in figures.values())
    missed = {
        goal: figures[goal] for goal, (least, most) in GOALS.get(name, {}).items() if not least <= figures[goal] <= most
    }
    assert missed == {}
