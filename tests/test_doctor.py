"""The doctor on the console: what is wrong with an installation, by the name of the setting, and never a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from corrections_service import __version__
from corrections_service.demo.mailbox import Mailbox
from corrections_service.doctor import NEEDED
from tests.accounts_server import accounts_server
from tests.running import Service, running_service
from tests.test_cli import refused, run
from tests.web.test_several_accounts import broken_provider


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


def test_the_doctor_asks_the_accounts_server_as_sign_in_does(service: Service) -> None:
    service.init()

    def line(issuer: str) -> str:
        accounts = {"oidc_issuer": issuer, "oidc_client_id": "c", "oidc_client_secret": "s"}
        said = run(service, "doctor", **accounts).stdout
        (told,) = (line for line in said.splitlines() if "OIDC_ISSUER" in line)
        return told

    with accounts_server() as address:
        assert line(address) == "ok  OIDC_ISSUER"
        assert line(f"{address}/").startswith("ok  ")
        more = {"oidc__partner__issuer": address, "oidc__partner__client_id": "c", "oidc__partner__client_secret": "s"}
        assert "ok  OIDC__PARTNER__ISSUER\n" in run(service, "doctor", **more).stdout
        elsewhere = f"{address}/realms/news"
        assert line(elsewhere) == (
            f"WRONG  OIDC_ISSUER: {elsewhere}/.well-known/openid-configuration answers 404; "
            "the issuer is the part of that address before /.well-known."
        )
    told = dict.fromkeys(NEEDED, "https://elsewhere.example")
    with broken_provider(json.dumps(told)) as (address, _):
        assert line(address).endswith("/.well-known/openid-configuration answers 503.")
        assert "it calls itself https://elsewhere.example, so nobody could sign in" in line(address)
    with broken_provider("<html>") as (address, _):
        line(address)
        assert "no OpenID Connect provider answers there" in line(address)
    assert line(address).endswith(f"{address.removeprefix('http://')} cannot be reached: Connection refused")
    assert "no-such-host.invalid cannot be reached: " in line("https://no-such-host.invalid")


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
