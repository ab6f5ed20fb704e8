"""A database that is locked, full or read-only is said so, loses nothing, and is used again when it can be (P-02, P-23)."""

from __future__ import annotations

import http.client
import resource
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from corrections_service.store.database import Database
from corrections_service.store.models import Site
from tests.measures import wait_for
from tests.running import Service, answering_process, running_service

LOCKED_SECONDS = 30.0


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The service, serving."""
    with running_service(tmp_path / "data") as service:
        service.init()
        service.start()
        yield service


def test_a_database_locked_for_half_a_minute_answers_busy_and_then_takes_reports_again(service: Service) -> None:
    statuses: list[int] = []
    with _locked(service) as released:
        while not released.is_set():
            status, answer = service.post()
            statuses.append(status)
            assert (status, answer["type"]) == (503, "urn:corrections:storage-busy")
            assert _status(service, "/readyz") == 503
    assert len(statuses) >= 2

    def taken() -> bool:
        statuses.append(service.post()[0])
        return statuses[-1] == 201

    wait_for(taken, "reports are taken again")
    assert _status(service, "/readyz") == 200
    assert _stored(service) == 1
    assert service.stats()["attempts"] == len(statuses), "what a busy storage refused is counted, too (P-05)"


def test_a_refusal_says_when_to_come_again(service: Service) -> None:
    with _locked(service):
        status, headers = _post(service)
    assert status == 503
    assert int(headers["Retry-After"]) > 0
    assert headers["Content-Type"] == "application/problem+json"


def test_a_full_disk_answers_busy_loses_nothing_and_takes_reports_again(service: Service) -> None:
    process, before = answering_process(service), 0
    unlimited = resource.prlimit(process, resource.RLIMIT_FSIZE)
    assert service.post(exact="first")[0] == 201
    size = (service.directory / "corrections.sqlite-wal").stat().st_size
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size + 64 * 1024, unlimited[1]))
    taken, refused = 1, 0
    while refused < 5:
        before += 1
        status, _ = service.post(exact=f"wrong {before}", comment="long words " * 80)
        assert status in (201, 503)
        taken += status == 201
        refused += status == 503
        assert before < 500
    status, headers = _post(service)
    assert status == 503
    assert int(headers["Retry-After"]) > 0
    resource.prlimit(process, resource.RLIMIT_FSIZE, unlimited)
    wait_for(lambda: service.post(exact="last")[0] == 201, "reports are taken again")
    assert _stored(service) == taken + 1
    assert _status(service, "/readyz") == 200


@pytest.mark.parametrize("command", ["init", "migrate", "demo"])
def test_a_schema_that_finds_no_room_is_told_in_one_line(tmp_path: Path, command: str) -> None:
    """Where the disk was full from the beginning, people had a traceback of the driver."""
    arguments = {
        "init": [
            *"--yes --admin ada@news.example --site News --origin https://news.example --desk".split(),
            "desk@news.example",
        ],
        "demo": ["--no-open", "--port", "0", "--data-dir", str(tmp_path / "demo")],
    }.get(command, [])
    with running_service(tmp_path / "data") as service:
        service.directory.mkdir()
        size = 64 * 1024
        done = subprocess.run(
            [sys.executable, "-m", "corrections_service", command, *arguments],
            env=service.environment,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert done.stderr.startswith("corrections: ")
    assert "Nothing was stored" in done.stderr


def test_a_database_that_cannot_be_written_is_not_ready_and_takes_no_report(
    app: Flask, db: Database, site: Site
) -> None:
    client = app.test_client(use_cookies=False)
    assert client.get("/readyz").status_code == 200
    _make_read_only(db)
    assert client.get("/readyz").status_code == 503
    report = {"site": site.key, "url": "https://news.example/a", "id": str(uuid.uuid4()), "exact": "teh"}
    answer = client.post("/api/v1/reports", data=report, headers={"Origin": "https://news.example"})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/healthz").status_code == 200


def _make_read_only(db: Database) -> None:
    said = "PRAGMA query_only=ON" if db.is_sqlite else "SET TRANSACTION READ ONLY"
    for engine in [db.engine] if db.is_sqlite else [db.engine, db._writer._engine]:
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(said))


@contextmanager
def _locked(service: Service) -> Iterator[threading.Event]:
    """Another program holds the write lock for half a minute, or until the block ends."""
    released = threading.Event()
    with closing(sqlite3.connect(service.directory / "corrections.sqlite", isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(LOCKED_SECONDS, released.set)
        timer.start()
        try:
            yield released
        finally:
            timer.cancel()
            other.execute("ROLLBACK")


def _post(service: Service) -> tuple[int, http.client.HTTPMessage]:
    return service.exchange("POST", "/api/v1/reports", **service.report())


def _status(service: Service, path: str) -> int:
    return service.exchange("GET", path)[0]


def _stored(service: Service) -> int:
    with closing(sqlite3.connect(service.directory / "corrections.sqlite", timeout=30)) as connection:
        return int(connection.execute("SELECT count(*) FROM report").fetchone()[0])
