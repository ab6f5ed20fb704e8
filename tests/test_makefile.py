"""What `make test` promises: every part runs, then it says which failed, in the runners' own words."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RUNNER = """#!/bin/sh
echo "$(basename "$0") $*" >>ran
if echo "$*" | grep -qE -e "$FAILING"; then echo "1 failed, 2 passed in 3.00s"; exit 1; fi
echo "3 passed in 3.00s"
"""
"""Stands for the tools: they are not what is tested here."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A place where everything is installed, in which each tool says only that it was called."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "requirements-test.lock", "pyproject.toml", "package.json"):
        (tmp_path / name).touch()
    for name in ("node", "chromium-headless-shell", ".venv/bin/python", ".venv/bin/ruff"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(RUNNER)
        (tmp_path / name).chmod(0o700)
    (tmp_path / ".venv/test").touch()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/.installed").touch()
    return tmp_path


def make(repository: Path, target: str, failing: str) -> tuple[int, list[str], list[str]]:
    """Make it; the exit status, what was called, and what was said."""
    environment = {"PATH": f"{repository}:{os.environ['PATH']}", "FAILING": failing}
    done = subprocess.run(
        ["make", target], cwd=repository, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, (repository / "ran").read_text().splitlines(), done.stdout.splitlines()


def test_a_part_that_fails_holds_no_other_up_and_is_named_at_the_end(repository: Path) -> None:
    status, ran, said = make(repository, "test", "--ignore=tests/faults|mypy")
    assert status != 0
    assert [line for line in said[-7:] if "FAILED" in line] == [
        "types FAILED: 1 failed, 2 passed in 3.00s",
        "suite FAILED: 1 failed, 2 passed in 3.00s",
    ]
    assert "faults passed: 3 passed in 3.00s" in said
    assert len(said[-7:]) == 7
    called = [line for line in ran if not line.startswith("chromium")]
    assert len(called) == 8, "each part one tool, and the scripts two"


def test_when_all_parts_pass_it_says_so_and_succeeds(repository: Path) -> None:
    make(repository, "test", "mypy")
    status, _, said = make(repository, "test", "nothing")
    assert status == 0
    assert all(" passed: " in line for line in said[-7:])


def test_the_quick_one_asks_for_no_server_and_no_browser(repository: Path) -> None:
    status, ran, _ = make(repository, "quick", "nothing")
    assert status == 0
    assert ran[-1] == "python -m pytest -q -n 2 tests/rules tests/services -k not postgresql"
