"""What the commands share: the settings, the open database, lines and files as they leave them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from corrections_service.settings import Settings
    from corrections_service.store.database import Database


def current_settings() -> Settings:
    """The settings of this machine. Raises ConfigurationError."""
    from corrections_service.settings import read_settings

    return read_settings()


def serving_settings() -> Settings:
    """The settings of this machine, safe to serve with; told before all of the service is imported, which takes longer.

    Raises ConfigurationError.
    """
    from corrections_service.settings import check_serving

    settings = current_settings()
    check_serving(settings)
    return settings


@contextmanager
def opened(*, migrate: bool = False) -> Iterator[tuple[Database, Settings]]:
    """The database and the settings. Raises ConfigurationError where the schema is another version's."""
    from corrections_service.store.database import open_database

    settings = current_settings()
    database = open_database(settings)
    try:
        if migrate:
            database.migrate()
        database.check_current()
        yield database, settings
    finally:
        database.close()


@contextmanager
def reading() -> Iterator[Session]:
    """A session that reads."""
    with opened() as (database, _), database.read(unhurried=True) as session:
        yield session


@contextmanager
def writing(*, migrate: bool = False) -> Iterator[tuple[Session, Settings]]:
    """A session whose changes are stored at the end, and the settings."""
    with opened(migrate=migrate) as (database, settings), database.write() as session:
        yield session, settings


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner reads; removed when it could not be written whole."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        try:
            yield file
        except BaseException:
            path.unlink()
            raise


def one_line(value: str) -> str:
    """The words on one line that is safe on a terminal."""
    from corrections_service.rules import text

    return text.one_line(value, 500)
