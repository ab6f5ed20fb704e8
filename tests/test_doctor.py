"""The doctor on the console: what is wrong with an installation, by the name of the setting, and never a traceback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from corrections_service import __version__
from corrections_service.demo.mailbox import Mailbox
from tests.running import Service, running_service
from tests.test_cli import refused, run


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """An installation of which nothing is there yet."""
    with running_service(tmp_path / "data") as service:
        yield service


def test_the_doctor_names_what_is_wrong(service: Service) -> None:
    service.init()
    with Mailbox() as mailbox:
        well = {"mail_port": str(mailbox.port)}
        done = run(service, "doctor", "--send-test", "ed@news.example", **well)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert [mail.rcpt_tos for mail in mailbox.messages()] == [("ed@news.example",)]
        assert done.stdout.splitlines()[0] == f"corrections-service {__version__}"
    done = run(service, "doctor")
    assert done.returncode == 78
    assert re.search(r"^WRONG  MAIL_SERVER, MAIL_PORT.*: 127\.0\.0\.1:\d+: .*; is the server there", done.stdout, re.M)
    files = {"erasure_log": "/nowhere/erasures.log", "attachment_scan": "/nowhere/clamdscan -"}
    said = run(service, "doctor", **files).stdout
    assert "WRONG  ERASURE_LOG: /nowhere is no directory" in said
    assert "WRONG  ATTACHMENT_SCAN: it cannot be run, so every file would be refused: No such file" in said
    files = {"erasure_log": str(service.directory / "elsewhere.log"), "attachment_scan": "cat"}
    said = run(service, "doctor", **files).stdout
    assert "ok  ERASURE_LOG\n" in said
    assert "ok  ATTACHMENT_SCAN\n" in said
    assert "it ends with 1 for a harmless file" in run(service, "doctor", attachment_scan="false").stdout
    accounts = {"oidc_issuer": "https://accounts.example", "oidc_client_id": "c", "oidc_client_secret": "s"}
    done = run(service, "doctor", **accounts, oidc_roles="admins=admin@news, editors=editor@gazette")
    assert "WRONG  OIDC_ROLES: no publication has the slug gazette" in done.stdout
    for name, wrong in (("oidc_roles", "admins=chief@news"), ("oidc_issuer", "http://accounts.example")):
        done = run(service, "serve", **{**accounts, name: wrong})
        assert (done.returncode, len(done.stderr.splitlines())) == (78, 1), done.stderr
        assert name.upper() in done.stderr
    done = run(service, "doctor", mail_port=well["mail_port"], secret_key="dev")
    assert done.returncode == 78
    assert "WRONG  SECRET_KEY" in done.stdout


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_doctor_says_that_a_database_is_empty(request: pytest.FixtureRequest, service: Service, kind: str) -> None:
    service.directory.mkdir()
    settings = {"secret_key": "a secret of forty-two letters for the tests", "oidc_roles": "editors=editor@news"}
    accounts = {"oidc_issuer": "https://accounts.example", "oidc_client_id": "c", "oidc_client_secret": "s"}
    if kind == "postgresql":
        server: sa.Engine = request.getfixturevalue("postgresql_server")
        name = f"empty_{uuid4().hex}"
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        settings["database_url"] = server.url.set(database=name).render_as_string(hide_password=False)
    done = run(service, "doctor", **settings, **accounts)
    assert done.returncode == 78
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "WRONG  DATABASE_URL, DATA_DIR: The database is empty; run `corrections init`" in done.stdout


def test_a_backup_into_no_directory_says_so(service: Service, tmp_path: Path) -> None:
    service.init()
    line = refused(run(service, "backup", str(tmp_path / "nowhere/backup")), 1)
    assert line == f"corrections: There is no directory {tmp_path}/nowhere for the backup; make it first."
