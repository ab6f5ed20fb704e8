"""What goes wrong with a database, in our words: for who waits, and for who set it up."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Collection, Iterator

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from corrections_service.errors import (
    ConfigurationError,
    CorrectionsError,
    StorageBusy,
    StorageFull,
    StorageUnreachable,
)
from corrections_service.rules import text

SETTING = "CORRECTIONS_DATABASE_URL"

_REFUSED = re.compile(r"FATAL: +(.*)")
_UNREACHED = re.compile(
    r'(?:server (?:at|on socket) "[^"]*"(?:, port \d+)? failed|failed to resolve host \'[^\']*\'): (.*)'
)
_NOTHING = "Nothing was stored; try again later."
_READ_ONLY = f"The database can be read but not written. {_NOTHING}"
_LOST = "The database does not answer at the moment. Try again; what was stored is not stored twice."
_SQLITE = {
    **dict.fromkeys(("BUSY", "LOCKED", "PROTOCOL"), ""),
    "READONLY": _READ_ONLY,
    "CANTOPEN": f"The database’s file cannot be opened. {_NOTHING}",
    "IOERR": f"The database’s disk cannot be read or written. {_NOTHING}",
    "NOMEM": f"This machine is short of memory. {_NOTHING}",
    **dict.fromkeys(("CORRUPT", "NOTADB"), f"The database’s file is damaged. {_NOTHING}"),
}
_POSTGRESQL = {
    "25006": _READ_ONLY,
    "53200": f"The database is short of memory. {_NOTHING}",
    "53300": f"The database takes no more connections. {_NOTHING}",
    **dict.fromkeys(("55P03", "57014"), ""),
}
"""What is told of the drivers' codes that are no mere wait; all are worth another try later."""

_PASSWORD = re.compile("password|authentication", re.IGNORECASE)


def cannot_open(url: URL, error: DBAPIError) -> CorrectionsError:
    """The true cause for which PostgreSQL let nobody in, and what to do; never the password.

    A ConfigurationError where the setting is wrong, StorageUnreachable where nobody answers there (libpq has no codes
    for either, so its own words decide; words that are not known are repeated).
    """
    message = str(error.orig)
    server = f"{url.host or url.query.get('host') or 'this machine'}:{url.port or 5432}"
    if refused := _REFUSED.search(message):
        reason = refused[1].strip()
        if "does not exist" in reason and "database" in reason:
            return ConfigurationError(
                f"{SETTING}: there is no database {url.database} on {server}; make it with `createdb {url.database}`."
            )
        if _PASSWORD.search(reason) or "does not exist" in reason:
            return ConfigurationError(f"{SETTING}: {server} does not let {url.username} in: {reason}.")
        return StorageUnreachable(f"{SETTING}: the database on {server} refuses: {reason}.")
    if "no password supplied" in message:
        return ConfigurationError(f"{SETTING}: {server} asks for the password of {url.username}; none is given.")
    unreached = _UNREACHED.search(message)
    reason = text.reason(unreached[1] if unreached else message.splitlines()[0])
    return StorageUnreachable(f"{SETTING}: cannot reach {server}: {reason}.")


def cannot_use(url: URL, error: DBAPIError) -> ConfigurationError:
    """SQLite cannot open the file; and what to do where it is damaged, for then nothing else helps."""
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    is_damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    cure = (
        "; move it and what begins with its name elsewhere, then `corrections restore` a backup" if is_damaged else ""
    )
    return ConfigurationError(f"The database {url.database} cannot be opened: {error.orig}{cure}.")


def another_version(revision: str | None, is_older: bool, needed: str) -> ConfigurationError:
    """The schema is not the one that this version of the service needs."""
    if revision is None:
        return ConfigurationError("The database is empty; run `corrections init`, or `corrections migrate`.")
    if is_older:
        return ConfigurationError("The database's schema is an older version's; run `corrections migrate`.")
    return ConfigurationError(
        f"The database's schema ({revision}) is a newer version's: start that version, or have it go back by "
        f"`corrections migrate --to {needed}`, or restore a backup of before."
    )


def unknown_revision(revision: str, revisions: Collection[str]) -> ConfigurationError:
    """There is no such schema to go to."""
    return ConfigurationError(f"This version knows no schema {revision!r}, only {', '.join(sorted(revisions))}.")


def cannot_go_back(revision: str, error: DBAPIError) -> CorrectionsError:
    """What is stored does not fit into the earlier schema."""
    reason = str(error.orig).strip().partition("\n")[0].rstrip(".")
    return CorrectionsError(
        f"The schema stays as it is, for {revision} cannot hold what is stored ({reason}); the way back is a backup of before."
    )


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Say StorageBusy and StorageFull instead of what the drivers say."""
    try:
        yield
    except (DBAPIError, sa.exc.TimeoutError) as error:
        failure = in_plain_words(error)
        if failure is error:
            raise
        raise failure from error


def in_plain_words(error: BaseException) -> BaseException:
    """StorageFull or StorageBusy when the storage is the cause; any other error as it is."""
    if isinstance(error, sa.exc.TimeoutError):
        return StorageBusy()
    if not isinstance(error, DBAPIError):
        return error
    cause = error.orig
    if isinstance(cause, sqlite3.DatabaseError):
        if "no such savepoint" in str(cause) and error.__context__ is not None:
            return in_plain_words(error.__context__)  # SQLite gave up the transaction; what made it do so comes first
        return _sqlite_in_plain_words(error, cause)
    code = getattr(cause, "sqlstate", None) or ""
    if code == "53100":
        return StorageFull()
    if code in _POSTGRESQL:
        return StorageBusy(_POSTGRESQL[code])
    if is_transient(error):
        return StorageBusy("" if code.startswith("40") else _LOST)
    return error


def _sqlite_in_plain_words(error: DBAPIError, cause: sqlite3.DatabaseError) -> BaseException:
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StorageFull()
    if code == sqlite3.SQLITE_IOERR and shutil.disk_usage(os.curdir).free < 2**20:
        return StorageFull()
    reason = next((reason for name, reason in _SQLITE.items() if code == getattr(sqlite3, f"SQLITE_{name}")), None)
    return error if reason is None else StorageBusy(reason)


def is_locked(cause: BaseException | None) -> bool:
    """Whether another connection holds the SQLite file."""
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def worth_another_try(error: BaseException) -> bool:
    """Whether another look at the data can succeed: a race was lost, or the connection (client ids settle doubt)."""
    return isinstance(error, StorageBusy) or (isinstance(error, DBAPIError) and is_transient(error))


def is_transient(error: DBAPIError) -> bool:
    """Whether PostgreSQL lost the connection or settled a race against this transaction."""
    code = getattr(error.orig, "sqlstate", None)
    lost = error.connection_invalidated or (code is None and isinstance(error, sa.exc.OperationalError))
    return lost or code in ("40001", "40P01", "57P01", "57P02", "57P03", "08000", "08003", "08006")
