"""What is shipped for who runs it fits the service: units, container, example settings, completions of the shell."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from corrections_service.cli import commands
from corrections_service.settings import Settings, read_settings

PACKAGING = Path(__file__).resolve().parents[1] / "packaging"
UNITS = sorted((PACKAGING / "systemd").glob("*.service"))
FILES = [path for path in sorted(PACKAGING.rglob("*")) if path.is_file() and path.suffix not in (".py", ".pyc", ".pub")]
INSTALLED = "/opt/corrections/bin/corrections"

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")


@pytest.fixture
def units(tmp_path: Path) -> list[str]:
    """The units with a program in them that is there, as the one that is installed is on its machine."""
    for unit in UNITS:
        assert f"ExecStart={INSTALLED} " in unit.read_text("utf-8")
        (tmp_path / unit.name).write_text(unit.read_text("utf-8").replace(INSTALLED, sys.executable), "utf-8")
    return [str(tmp_path / unit.name) for unit in UNITS]


def command_lines(path: Path) -> list[list[str]]:
    """The arguments with which a file runs `corrections`."""
    text = path.read_text("utf-8").replace(" $SERVE_OPTIONS", " --web-only")
    lines = [shlex.split(line) for line in re.findall(f"^ExecStart={INSTALLED} (.*)$", text, re.MULTILINE)]
    listed = re.findall(r'^(?:CMD|    command:) \[("(?:serve|worker)".*)\]$', text, re.MULTILINE)
    return lines + [re.findall(r'"([^"]+)"', entry) for entry in listed]


@needs_systemd
def test_systemd_takes_the_units_and_finds_little_exposed(units: list[str]) -> None:
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "corrections" in line]
    assert (done.returncode, ours) == (0, [])
    for unit in units:
        judge = ["systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=20", unit]
        judged = subprocess.run(judge, capture_output=True, text=True, check=False)
        assert judged.returncode == 0, judged.stdout


def test_every_file_runs_commands_that_there_are() -> None:
    lines = [line for path in FILES for line in command_lines(path)]
    assert sorted(line[0] for line in lines) == ["serve", "serve", "serve", "worker", "worker"]
    for line in lines:
        done = CliRunner().invoke(commands, [*line, "--help"])
        assert done.exit_code == 0, (line, done.output)


def test_every_file_names_settings_that_there_are() -> None:
    named = {name for path in FILES for name in re.findall(r"\bCORRECTIONS_([A-Z_]+)\b", path.read_text("utf-8"))}
    assert {name.lower() for name in named} - {"config"} <= set(Settings.model_fields)
    assert {"DATABASE_URL", "SECRET_KEY", "BASE_URL", "CONFIG"} <= named


@pytest.mark.parametrize("whole", [False, True], ids=["as it comes", "with all that is commented out"])
def test_the_example_of_the_settings_is_taken(whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (PACKAGING / "corrections.toml").read_text("utf-8")
    text = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE) if whole else text
    (tmp_path / "corrections.toml").write_text(text, "utf-8")
    for name in [name for name in os.environ if name.startswith("CORRECTIONS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CORRECTIONS_CONFIG", str(tmp_path / "corrections.toml"))
    settings = read_settings()
    assert settings.base_url == "https://corrections.example"
    assert settings.is_sqlite is not whole


def test_the_container_installs_what_the_lock_holds_and_runs_as_nobody_in_particular() -> None:
    """Not run here: no program for containers is installed where the tests run."""
    container, compose = ((PACKAGING / name).read_text("utf-8") for name in ("Containerfile", "compose.yaml"))
    installs = re.findall(r"pip install (.*?)(?: \\)?$", container, re.MULTILINE)
    assert [("--require-hashes" in line) or ("--no-deps --no-index" in line) for line in installs] == [True, True]
    assert re.findall(r"^USER (\d+):", container, re.MULTILINE) == ["10001"]
    assert "HEALTHCHECK" in container
    assert {"read_only: true", "cap_drop: [ALL]"} <= {line.strip() for line in compose.splitlines()}


def test_the_shell_completes_commands_and_options() -> None:
    asked = {"_CORRECTIONS_COMPLETE": "bash_complete", "COMP_WORDS": "corrections re", "COMP_CWORD": "1"}
    call = "import sys; sys.argv[0] = 'corrections'; from corrections_service.cli import main; main()"
    program = [sys.executable, "-c", call]
    done = subprocess.run(program, env={**os.environ, **asked}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["plain,restore"]
    for shell in ("bash", "zsh"):
        script = {"_CORRECTIONS_COMPLETE": f"{shell}_source"}
        done = subprocess.run(program, env={**os.environ, **script}, capture_output=True, text=True, check=True)
        assert f"_CORRECTIONS_COMPLETE={shell}_complete" in done.stdout
