"""The way to an empty machine, as docs/upgrading.md describes it, line by line."""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import subprocess
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
