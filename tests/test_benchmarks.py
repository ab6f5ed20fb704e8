"""Each benchmark still runs; what it measures is not judged here."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import SMOKES, run


@pytest.mark.parametrize("name", [name for name in SMOKES if name != "intake-vs-isso"])
def test_a_short_run_of_each_benchmark_prints_figures(name: str) -> None:
    figures = run(name, smoke=True)
    if "skipped" in figures:
        pytest.skip(str(figures["skipped"]))
    assert any(isinstance(figure, float) and figure > 0 for figure in figures.values())
