"""What CONTRACT.md promises to outside checks and no other test covers, on a real process."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ORIGIN, Service, running_service


@pytest.mark.parametrize("where", ["a port in use", "a host that is none", "a port that is none"])
def test_a_server_that_cannot_listen_says_why_in_one_line(tmp_path: Path, where: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, running_service(tmp_path) as service:
        service.init()
        taken = str(other.getsockname()[1])
        arguments, status = {
            "a port in use": (["--port", taken], 1),
            "a host that is none": (["--host", "256.1.1.1"], 1),
            "a port that is none": (["--port", "65536"], 2),
        }[where]
        done = _run(service, "serve", *arguments)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert status == 2 or (done.stderr.startswith("corrections: Cannot listen on ") and done.stderr.count("\n") == 1)


def test_a_server_listens_on_a_host_by_its_name(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        service.init()
        service.start("serve", "--host", "localhost", "--port", str(service.port))
        assert service.post()[0] == 201


def test_a_command_that_names_what_there_is_not_says_so(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        service.init()
        for command in (["site", "show", "Nowhere"], ["export", "--site", "Nowhere"], ["outbox", "retry", "4711"]):
            done = _run(service, *command)
            assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
            assert command[-1] in done.stderr


def test_a_command_that_cannot_be_done_ends_with_one_plain_line(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        service.init()
        article = f"{ORIGIN}/article"
        for status, command, words in (
            (2, ["outbox", "retry", "9" * 20], "is not in the range"),
            (1, ["init"], "corrections: Stopped before it was done."),
            (
                1,
                ["link", article, "--site", "News", "--qr", "/nowhere/code.svg"],
                "corrections: /nowhere/code.svg: No such",
            ),
        ):
            done = _run(service, *command)
            assert done.returncode == status, done.stderr
            assert words in done.stderr
            assert "Traceback" not in done.stderr


def test_a_name_that_the_terminal_has_no_letters_for_stops_no_command(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        service.init()
        service.environment["PYTHONIOENCODING"] = "latin-1"
        added = _run(
            service, "site", "add", "Газета", "--origin", "https://gazeta.example", "--desk", "desk@gazeta.example"
        )
        shown = _run(service, "site", "list")
        assert (added.returncode, shown.returncode) == (0, 0), added.stderr + shown.stderr
        assert "gazeta\t" in shown.stdout


def test_addresses_for_programs_say_what_failed_to_programs(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        service.init()
        service.start()
        for path, status in (("/log/news/article.json?url=none", 422), ("/log/none/feed.json", 404)):
            said, headers = service.exchange("GET", path)
            assert (said, headers["Content-Type"]) == (status, "application/problem+json")


def _run(service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "corrections_service", *arguments]
    return subprocess.run(
        command, env=service.environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
