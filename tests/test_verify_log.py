"""`corrections verify-log FILE` says how far a downloaded log is signed, and fails with a key where nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from corrections_service.cli.log import verify_log
from corrections_service.rules import chain
from tests.rules.test_chain import SECRET, written

KEY = chain.public_key(SECRET)


@pytest.mark.parametrize(
    ("signed", "arguments", "code", "said"),
    [
        (4, ["--key", KEY], 0, ""),
        (3, ["--key", KEY], 0, "corrections: signed up to entry 3; nobody vouches for entries 4 to 4\n"),
        (0, [], 0, "corrections: nothing is signed; nobody vouches for entries 1 to 4\n"),
        (0, ["--key", KEY], 1, "corrections: nothing is signed: "),
        (3, ["--key", "A" * 43], 1, "corrections: a checkpoint is signed with another key: "),
    ],
)
def test_a_log_that_was_written_anew_with_hashes_that_fit_is_told_by_its_signatures(
    tmp_path: Path, signed: int, arguments: list[str], code: int, said: str
) -> None:
    file = tmp_path / "log.ndjson"
    file.write_text("".join(written(signed=signed)), "utf-8")
    told = CliRunner().invoke(verify_log, [str(file), *arguments])
    assert (told.exit_code, told.stdout) == (code, "" if code else "ok 4 entries\n")
    assert told.stderr.startswith(said)
    assert bool(told.stderr) is bool(said)
