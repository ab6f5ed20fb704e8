"""Parent and child: who holds lock and engine, how they end, and that an orphan keeps nothing (J07)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.measures import PATIENCE, let_pass, wait_for
from tests.running import ORIGIN, Service, answering_process, children, free_port, is_alive, running_service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """An installation that serves nothing yet."""
    with running_service(tmp_path / "data") as service:
        service.init()
        yield service


def test_the_child_answers_and_holds_the_lock(service: Service) -> None:
    parent = service.start()
    assert answering_process(service) in children(parent.pid)


def test_a_second_server_on_the_same_database_is_refused(service: Service) -> None:
    service.start()
    command = [sys.executable, "-m", "corrections_service", "serve", "--port", str(free_port())]
    second = subprocess.run(command, env=service.environment, capture_output=True, text=True, check=False)
    assert second.returncode == 78
    assert second.stderr.splitlines()[-1].startswith("corrections: another serve or worker is already running")


def test_an_orphan_keeps_neither_port_nor_lock(service: Service) -> None:
    parent = service.start()
    family = children(parent.pid)
    parent.kill()
    parent.wait()
    wait_for(lambda: not any(is_alive(one) for one in family), "the children end by themselves")
    service.start()
    assert service.post()[0] == 201


def test_a_killed_child_is_replaced(service: Service) -> None:
    parent = service.start()
    killed = answering_process(service)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: answering_process(service) != killed, "another child holds the lock")
    service.wait_until_ready(service.port, parent)
    assert service.post()[0] == 201


def test_a_server_whose_child_ends_again_right_after_its_start_ends_with_it_and_says_so(service: Service) -> None:
    parent = service.start()

    def has_ended() -> bool:
        for child in children(parent.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return parent.poll() is not None

    wait_for(has_ended, "the parent gives up")
    assert parent.wait(PATIENCE) == 1
    assert "the process that answers ended twice within seconds" in (service.directory / "service.log").read_text()


def test_a_server_that_is_told_to_stop_finishes_the_report_that_is_under_way(service: Service) -> None:
    parent = service.start()
    body = urllib.parse.urlencode(service.report()).encode()
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE) as late:
        head = f"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nOrigin: {ORIGIN}\r\n"
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        late.sendall((head + kind).encode() + body[:-1])
        wait_for(lambda: service.exchange("GET", "/healthz")[0] == 200, "the server has read what came so far")
        parent.send_signal(signal.SIGTERM)
        wait_for(lambda: not _is_listening(service.port), "no new connection is taken")
        late.sendall(body[-1:])
        answer = late.makefile("rb").read()
    status = int(answer[9:12]) if answer else 0
    parent.wait(PATIENCE)
    service.start()
    stored = service.stats()["accepted"]
    assert (status, stored) in ((201, 1), (503, 0))


def test_a_server_at_rest_stops_within_seconds_and_leaves_nothing_running(service: Service) -> None:
    parent = service.start()
    family = children(parent.pid)
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(PATIENCE) in (0, -signal.SIGTERM)
    wait_for(lambda: not any(is_alive(one) for one in family), "all have ended")


def test_a_server_that_is_told_to_stop_in_the_middle_of_its_work_takes_on_no_more(tmp_path: Path) -> None:
    """While Python waits for a thread at its end, it starts no other's work: jobs taken then would be nobody's."""
    with socket.create_server(("127.0.0.1", 0)) as mail_server:
        mail_server.settimeout(PATIENCE)
        port = str(mail_server.getsockname()[1])
        with running_service(tmp_path / "data", mail_port=port) as service:
            service.init()
            running = service.start()
            assert service.post()[0] == 201
            slow, _ = mail_server.accept()  # and is said nothing: somebody's work takes long
            running.send_signal(signal.SIGTERM)
            let_pass(3)
            slow.close()
            mail_server.close()
            assert running.wait(PATIENCE) in (0, -signal.SIGTERM)
            assert not _jobs_under_way(service)
            assert "ERROR" not in (service.directory / "service.log").read_text()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, json, corrections_service; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout))
    assert not loaded & {"flask", "sqlalchemy", "dbos", "granian", "alembic", "pydantic", "requests", "urllib3"}


def _is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _jobs_under_way(service: Service) -> int:
    with sqlite3.connect(service.directory / "corrections.sqlite") as database:
        return int(database.execute("SELECT COUNT(*) FROM workflow_status WHERE status = 'PENDING'").fetchone()[0])
