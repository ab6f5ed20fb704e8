"""Mistakes about the database are told by their true cause, with the setting and what to do, and without the password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from corrections_service.errors import (
    ConfigurationError,
    CorrectionsError,
    StorageBusy,
    StorageFull,
    StorageUnreachable,
)
from corrections_service.store import trouble
from corrections_service.store.database import Database, head_revision, open_database
from tests.databases import settings_for
from tests.running import free_port


@pytest.fixture
def asked_for_password(postgresql_server: sa.Engine) -> Iterator[sa.URL]:
    """The address of the server for a user who is asked for a password there."""
    with postgresql_server.connect() as connection:
        file = Path(connection.exec_driver_sql("SHOW hba_file").scalar_one())
        before = file.read_text()
        connection.exec_driver_sql("CREATE ROLE keeper LOGIN PASSWORD 'canary'")
        file.write_text(f"local all keeper scram-sha-256\nhost all keeper all scram-sha-256\n{before}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    yield postgresql_server.url.set(username="keeper", password="canary-too")
    file.write_text(before)
    with postgresql_server.connect() as connection:
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        connection.exec_driver_sql("DROP ROLE keeper")


def told(tmp_path: Path, address: sa.URL | str, kind: type[CorrectionsError]) -> str:
    """What is told of a database that cannot be opened."""
    written = address if isinstance(address, str) else address.render_as_string(hide_password=False)
    with pytest.raises(kind) as caught:
        open_database(settings_for(tmp_path, written))
    assert "canary" not in caught.value.detail
    assert "\n" not in caught.value.detail
    return caught.value.detail


def test_nobody_answers_there(tmp_path: Path) -> None:
    port = free_port()
    said = told(tmp_path, f"postgresql+psycopg://u:canary@127.0.0.1:{port}/x", StorageUnreachable)
    assert said == f"CORRECTIONS_DATABASE_URL: cannot reach 127.0.0.1:{port}: Connection refused."


def test_a_host_that_there_is_not(tmp_path: Path) -> None:
    said = told(tmp_path, "postgresql://u:canary@db.invalid/x", StorageUnreachable)
    assert said.startswith("CORRECTIONS_DATABASE_URL: cannot reach db.invalid:5432: ")
    assert "known" in said or "resol" in said


def test_a_database_that_there_is_not(tmp_path: Path, postgresql_server: sa.Engine) -> None:
    said = told(tmp_path, postgresql_server.url.set(database="nowhere"), ConfigurationError)
    assert "there is no database nowhere on " in said
    assert said.endswith("make it with `createdb nowhere`.")


def test_a_user_whom_the_server_does_not_know(tmp_path: Path, postgresql_server: sa.Engine) -> None:
    said = told(tmp_path, postgresql_server.url.set(username="nobody-here"), ConfigurationError)
    assert 'does not let nobody-here in: role "nobody-here" does not exist.' in said


def test_a_wrong_password_and_none(tmp_path: Path, asked_for_password: sa.URL) -> None:
    said = told(tmp_path, asked_for_password, ConfigurationError)
    assert 'does not let keeper in: password authentication failed for user "keeper".' in said
    said = told(tmp_path, asked_for_password.set(password=""), ConfigurationError)
    assert "asks for the password of keeper; none is given." in said


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_address_may_begin_as_providers_write_it(tmp_path: Path, postgresql_server: sa.Engine, scheme: str) -> None:
    url = postgresql_server.url.set(drivername=scheme, database="template")
    database = open_database(settings_for(tmp_path, url.render_as_string(hide_password=False)))
    database.check_current()
    database.close()


def test_a_newer_schema_is_one_sentence_wherever_it_is_met(db: Database) -> None:
    with db.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for meet in (db.check_current, db.migrate):
        with pytest.raises(
            ConfigurationError,
            match=rf"^The database's schema \(9999\) .*: start that .* --to {head_revision()}`, or restore ",
        ):
            meet()


def test_an_older_schema_and_an_empty_database_say_which_command_helps(db: Database) -> None:
    with db.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(ConfigurationError, match="an older version's; run `corrections migrate`"):
        db.check_current()
    with db.write() as session:
        session.execute(sa.text("DELETE FROM alembic_version"))
    with pytest.raises(ConfigurationError, match="empty; run `corrections init`"):
        db.check_current()


def test_a_storage_that_cannot_be_used_is_not_said_to_be_busy(tmp_path: Path) -> None:
    """False causes: a file that is damaged, that is not there, that may only be read."""
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"this is no database" * 1_000)
    fine = tmp_path / "fine.sqlite"
    for place, said in (
        (f"sqlite:///{damaged}", "file is damaged"),
        (f"sqlite:///{tmp_path}/nowhere/x.sqlite", "file cannot be opened"),
        (f"sqlite:///{fine}", "can be read but not written"),
    ):
        engine = sa.create_engine(place)
        with pytest.raises(StorageBusy, match=said), trouble.plainly(), engine.connect() as connection:
            connection.execute(sa.text("PRAGMA query_only = 1"))
            connection.execute(sa.text("CREATE TABLE a (b)"))
        engine.dispose()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("25006", "but not written"),
        ("53200", "short of memory"),
        ("53300", "no more connections"),
        ("40001", "is busy"),
    ],
)
def test_what_the_server_says_by_its_code_is_told(code: str, said: str) -> None:
    """False causes: 53200 is memory, and was said to be a full disk."""
    error = psycopg.errors.lookup(code)("x")
    told = trouble.in_plain_words(sa.exc.OperationalError("SELECT 1", {}, error))
    assert isinstance(told, StorageBusy)
    assert not isinstance(told, StorageFull)
    assert said in told.detail
