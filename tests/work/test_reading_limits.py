"""The process that reads a page takes no more than its share, and what becomes of it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corrections_service.errors import Unreachable
from corrections_service.rules.pages import ArticleFacts
from corrections_service.work import reading
from tests.measures import lasting
from tests.work.readers import ARTICLE, BROKE_OFF, BUSY, read


def test_the_limits_hold_in_the_process_that_reads() -> None:
    """G07: memory, computing, core dumps, files and processes; where a system knows the limit."""
    script = f"""if True:
        import json, resource
        from corrections_service.work import reading
        reading._limit()
        print(json.dumps({{name: resource.getrlimit(getattr(resource, name)) for name in {[*reading._LIMITS, "RLIMIT_CPU"]!r}}}))
        print(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    told, used = done.stdout.splitlines()
    held = {name: tuple(limit) for name, limit in json.loads(told).items()}
    if sys.platform != "linux":
        pytest.skip("which limits hold differs between systems")
    computing, killed = held.pop("RLIMIT_CPU")
    assert held == reading._LIMITS
    assert reading.COMPUTING <= computing <= float(used) + reading.COMPUTING + 1
    assert killed == computing + 1
    assert held["RLIMIT_DATA"][1] < 300 * 1024 * 1024


ANSWER = """{"canonical_url": "http://a/", "headline": null, "author": null, "section": null, "language": null,
"published": null, "modified": null}""".replace("\n", " ")
GREEDY = {
    "memory": ("kept = []\nwhile True: kept.append(bytearray(1_000_000))", "within 256 MB of memory"),
    "computing": ("while True: pass", "within 2 seconds of computing|too busy"),
    "a process": ("import os\nif os.geteuid() == 0: raise SystemExit(1)  # who is above limits\nos.fork()", "."),
    "a file": ("with open('written', 'wb') as file: file.write(bytes(20_000_000))", "more than 16 MB of text"),
    "its own death": ("import os\nos.kill(os.getpid(), 11)", BROKE_OFF),
    "death by another's hand": ("import os\nos.kill(os.getpid(), 9)", "Something on this machine ended"),
    "waiting": ("import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.1)\nsignal.pause()", BUSY),
    "a full disk": ("import errno\nraise OSError(errno.ENOSPC, 'No space')", "no room for files"),
    "another fault": ("raise KeyError('x')", BROKE_OFF),
}
"""What a process does, and the cause that is told of it: each is the one that happened."""


@pytest.mark.parametrize(("greed", "told"), [("", ""), *GREEDY.values()], ids=["nothing", *GREEDY])
def test_what_the_process_takes_too_much_of_ends_it_and_is_told(
    impostor: Path, tmp_path: Path, greed: str, told: str
) -> None:
    """G07, and false causes: as a fault in the parser would."""
    python = getattr(sys, "_base_executable", "python3")
    script = tmp_path / "greedy.py"
    inside = "\n".join(f"    {line}" for line in (greed or "pass").splitlines())
    script.write_text(
        "from corrections_service.work import reading\nreading._limit()\n"
        f"with reading._ending_as_it_happened():\n{inside}\nprint({ANSWER!r})\n"
    )
    impostor.write_text(f"#!/bin/sh\ncd {tmp_path}\nexec {python} {script}\n")
    with lasting(reading.SECONDS):
        if greed:
            with pytest.raises(Unreachable, match=told):
                read(ARTICLE)
        else:
            assert read(ARTICLE) == ("", ArticleFacts(canonical_url="http://a/"))
    assert not list(tmp_path.glob("core*"))


NONSENSE = {
    "nothing": "",
    "no JSON": "echo nonsense; echo words",
    "no text": """printf '{"canonical_url": "http://a/"}'""",
    "a list": "echo '[]'; echo words",
    "a number": "echo 1; echo words",
    "other facts": "echo '{}'; echo words",
    "numbers for facts": """echo '{"canonical_url": 1, "headline": 2, "author": [], "section": {}, "language": null,
        "published": null, "modified": null}'""",
    "no dates": """printf '{"canonical_url": "", "headline": null, "author": null, "section": null, "language": null,'
        echo '"published": "yesterday", "modified": null}'""",
    "no characters": """printf '{"canonical_url": "", "headline": null, "author": null, "section": null,'
        printf '"language": null, "published": null, "modified": null}\\n\\377\\n'""",
    "depths": "head -c 900000 /dev/zero | tr '\\0' '['",
    "a failure after all": "echo '{}'; exit 1",
    "a text without end": "exec yes",
    "silence": "exec sleep 60",
    "a silent listener": "cat >/dev/null; exec sleep 60",
    "hanging up": "exec <&- >&- ; exec sleep 60",
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_process_that_answers_nonsense_is_given_up(
    impostor: Path, monkeypatch: pytest.MonkeyPatch, nonsense: str
) -> None:
    hurry(monkeypatch, 1.0)
    impostor.write_text(f"#!/bin/sh\n{nonsense}\n")
    with lasting(reading.SECONDS), pytest.raises(Unreachable, match=f"{BROKE_OFF}|{BUSY}"):
        read(b"a" * 1_000_000)


def hurry(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Wait less long for a process."""
    monkeypatch.setattr(reading, "STARTING", 0.0)
    monkeypatch.setattr(reading, "SECONDS", seconds)


@pytest.mark.parametrize("slow", ["sleep 1.5", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"])
def test_a_slow_start_is_not_the_pages_time(impostor: Path, monkeypatch: pytest.MonkeyPatch, slow: str) -> None:
    """False causes: a tiny page on a busy machine was told to be larger or more tangled than an article."""
    python = getattr(sys, "_base_executable", "python3")
    impostor.write_text(f'#!/bin/sh\n{slow}\nexec {python} "$@"\n')
    assert read(ARTICLE)[0].startswith("The bridge opens")
    hurry(monkeypatch, 0.2)
    with pytest.raises(Unreachable, match=BUSY):
        read(ARTICLE)


def test_a_machine_that_cannot_start_the_reader_is_told_of(
    impostor: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """False causes: not the page's, and not an accident of the job's."""
    impostor.chmod(0o600)
    with pytest.raises(Unreachable, match="this machine cannot start the reader: Permission denied"):
        read(ARTICLE)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(Unreachable, match="this machine cannot start the reader: No such file"):
        read(ARTICLE)


def test_no_process_and_no_descriptor_is_left_over(impostor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch, 0.2)
    opened = len(os.listdir("/dev/fd"))
    for nonsense in ("exit 1", "exec sleep 60", "exec yes", "sleep 1"):
        impostor.write_text(f"#!/bin/sh\n{nonsense}\n")
        for _ in range(5):
            with pytest.raises(Unreachable):
                read(b"a" * 1_000_000)
    assert len(os.listdir("/dev/fd")) <= opened  # those of earlier tests may be closed meanwhile
