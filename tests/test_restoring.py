"""The way to an empty machine, as docs/upgrading.md describes it, line by line."""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from corrections_service.demo.mailbox import Mailbox
from tests.running import Service, running_service

PAGE = Path(__file__).resolve().parents[1] / "docs/upgrading.md"
(STEPS,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def step(machine: Service, line: str) -> str:
    """Do one line of the page on a machine; what was printed. A command of ours needs no process of its own."""
    program, *arguments = shlex.split(line)
    if program == "corrections":
        return machine.console(*arguments)
    done = subprocess.run(["sh", "-ec", line], env=machine.environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_backup_the_key_and_the_erasure_log_are_enough_on_an_empty_machine(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    with running_service(tmp_path / "old") as old:
        old.init()
        old.start()
        status = old.post(email="reader@readers.example")[0]
        assert status == 201
        printed = old.console("link", "https://news.example/bridge", "--site", "News")
        old.stop()
        old.console("backup", str(kept / "backup"))
        shutil.copy(old.directory / "secret-key", kept)
        (old.directory / "erasures.log").rename(kept / "erasures.log")
        shutil.rmtree(old.directory)
    with Mailbox() as mailbox, contextlib.chdir(tmp_path):
        new = Service(tmp_path / "machine/data", mailbox)
        said = "".join(step(new, line) for line in STEPS.splitlines())
        assert "1 reports in 1 cases" in said
        assert "WRONG" not in said
        assert new.console("link", "https://news.example/bridge", "--site", "News") == printed.replace(
            old.base_url, new.base_url
        )
        assert new.console("verify-log", "--site", "News").startswith("ok")
        new.start()
        assert new.stats()["accepted"] == 1
        new.stop()


def test_a_damaged_database_is_told_with_the_way_back_to_the_last_backup(tmp_path: Path) -> None:
    """Whoever restored over the damaged file was told only that it cannot be opened."""
    backup, damaged = str(tmp_path / "backup"), tmp_path / "damaged"
    with running_service(tmp_path / "data") as service:
        service.init()
        service.console("backup", backup)
        for file in service.directory.glob("corrections.sqlite*"):
            file.write_bytes(b"this is no database" * 1_000)
        command = [sys.executable, "-m", "corrections_service", "restore", backup, "--yes"]
        told = subprocess.run(command, env=service.environment, capture_output=True, text=True, check=False)
        assert (told.returncode, told.stderr.count("\n")) == (78, 1)
        assert "move it and what begins with its name elsewhere, then `corrections restore`" in told.stderr
        damaged.mkdir()
        for file in service.directory.glob("corrections.sqlite*"):
            file.rename(damaged / file.name)
        assert "mail is held" in service.console("restore", backup, "--yes")
