"""Backups: one moment of the whole service in one file, which restores on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import LargeBinary, Table, delete, func, insert, select, text, tuple_, update
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.services import attachments, calls, forgetting, outbox, thanks, webhooks
from corrections_service.store import erasures
from corrections_service.store.models import (
    Attempt,
    Base,
    Host,
    Purpose,
    Report,
    Salt,
    Site,
    Token,
    UtcTime,
    Worker,
)

LEFT_OUT = (Attempt.__tablename__, Salt.__tablename__, Worker.__tablename__, Host.__tablename__)
"""What means nothing elsewhere or tomorrow: address marks, their keys, signs of life, hosts' paces (THREATS: privacy)."""

AFTER_RESTORE = "After a restore: look, and switch it on."
"""Why no webhook is called: it may have been removed since, or switched off."""

MANIFEST, FORMAT = "backup.json", 1
AT_ONCE, LARGE_AT_ONCE = 500, 10
"""Rows of a table that are held at a time, and those of one that holds pictures."""


def write(session: Session, file: IO[bytes], *, revision: str, erasure_log: Path | None = None) -> dict[str, int]:
    """Write all tables as they stand at one moment, while the service goes on; how many rows of each."""
    if session.get_bind().dialect.name == "postgresql":
        # Else each table were of a moment of its own; the session may have begun, as long as nothing was read in it.
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    counts: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in _tables():
            with archive.open(f"{table.name}.ndjson", "w", force_zip64=True) as lines:
                counts[table.name] = _write_table(session, table, lines)
        extras = {"erasure_log": str(erasure_log.absolute())} if erasure_log else {}
        archive.writestr(MANIFEST, json.dumps({"format": FORMAT, "revision": revision, "rows": counts, **extras}))
    return counts


def erasure_log_of(path: Path) -> Path | None:
    """Where the service that made this backup keeps its erasure log, if the backup says so. Raises BadBackup."""
    with _opened(path) as archive:
        try:
            log = json.loads(archive.read(MANIFEST)).get("erasure_log")
        except (KeyError, ValueError):
            return None
    return Path(log) if log else None


def restore(session: Session, path: Path, *, revision: str, logs: Sequence[Path] = ()) -> dict[str, int]:
    """Put a backup in the place of all that is there; how many rows of each table.

    All mail, and what programs are owed, is held back until it is released, and nobody is signed in. Who was erased since,
    here or by these erasure logs, stays erased; whose mail was stopped gets none, and who took their name away is thanked
    by it no more, and a picture that was taken away is gone. Each webhook is off until somebody has looked at it. Raises BadBackup.
    """
    since = erasures.read(logs)
    query = select(Report.site_id, Report.client_id).where(Report.erased_at.is_not(None))
    tombstones = [(row.site_id, row.client_id) for row in session.execute(query)]
    with _opened(path) as archive:
        manifest = _manifest(archive, revision)
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL statement_timeout = 0"))
        _clear(session)
        for table in _tables():
            with archive.open(f"{table.name}.ndjson") as lines:
                count = _read_table(session, table, io.TextIOWrapper(lines, "utf-8"))
            if count != manifest["rows"].get(table.name):
                raise errors.BadBackup(f"The backup is damaged: {count} rows of {table.name}.")
    outbox.hold(session)
    calls.hold(session)
    webhooks.switch_all_off(session, AFTER_RESTORE)
    session.execute(delete(Token).where(Token.purpose == Purpose.SESSION))
    _forget_again(session, tombstones)
    _erase_again(session, since)
    return dict(manifest["rows"])


def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def _write_table(session: Session, table: Table, lines: IO[bytes]) -> int:
    count = 0
    rows = session.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=_at_once(table)))
    for row in rows.mappings():
        values = {name: _plain(value) for name, value in row.items()}
        lines.write(json.dumps(values).encode() + b"\n")
        count += 1
    return count


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
        broken_name = archive.testzip()
    except (OSError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise errors.BadBackup(f"{path} cannot be read as a backup: {error}") from error
    if broken_name is not None:
        raise errors.BadBackup(f"The backup is damaged in {broken_name}.")
    return archive


def _manifest(archive: zipfile.ZipFile, revision: str) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError):
        raise errors.BadBackup("This file is no backup of the service.") from None
    if (manifest.get("format"), manifest.get("revision")) != (FORMAT, revision):
        raise errors.BadBackup(
            f"The backup is of schema {manifest.get('revision')}, and this version's is {revision}; "
            "restore it with the version that made it, then migrate."
        )
    return manifest


def _clear(session: Session) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        for name in _links(table):
            session.execute(update(table).values({name: None}))
        session.execute(delete(table))


def _read_table(session: Session, table: Table, lines: Iterator[str]) -> int:
    count, later_links = 0, []
    links = _links(table)
    times = [column.name for column in table.c if isinstance(column.type, UtcTime)]
    while rows := [json.loads(line) for line in islice(lines, _at_once(table))]:
        for row in rows:
            row |= {name: base64.b64decode(row[name]) for name in _pictures(table)}
            row |= {name: datetime.fromisoformat(row[name]) for name in times if row[name] is not None}
            for name in links:  # may refer to a row that comes later
                later_links += [(row["id"], {name: row[name]})] if row[name] is not None else []
                row[name] = None
        session.execute(insert(table), rows)
        count += len(rows)
    for number, link in later_links:
        session.execute(update(table).where(table.c.id == number).values(link))
    _go_on_counting(session, table)
    return count


def _pictures(table: Table) -> list[str]:
    """The columns that hold bytes, which a backup writes in base64 (RFC 4648)."""
    return [column.name for column in table.c if isinstance(column.type, LargeBinary)]


def _at_once(table: Table) -> int:
    return LARGE_AT_ONCE if _pictures(table) else AT_ONCE


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def _links(table: Table) -> list[str]:
    """The columns that refer to other rows of the same table."""
    return [column.name for column in table.c if any(key.column.table is table for key in column.foreign_keys)]


def _go_on_counting(session: Session, table: Table) -> None:
    """Let PostgreSQL's next number of the table follow the restored ones; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql" or "id" not in table.c or table.c.id.type.python_type is not int:
        return
    sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
    last = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
    session.execute(select(func.setval(sequence, last, False)))


def _forget_again(session: Session, tombstones: Sequence[tuple[int, str]]) -> None:
    for start in range(0, len(tombstones), AT_ONCE):
        chosen = tuple_(Report.site_id, Report.client_id).in_(tombstones[start : start + AT_ONCE])
        for report in session.scalars(select(Report).where(chosen)).all():
            forgetting.erase(session, report)


def _erase_again(session: Session, since: Sequence[erasures.Erasure]) -> None:
    """Do what the erasure logs say to what a backup of before has brought back."""
    sites = {site.key: site for site in session.scalars(select(Site))}
    erasures_here = [(sites[erasure.site], erasure) for erasure in since if erasure.site in sites]
    _forget_again(
        session, [(site.id, erasure.report) for site, erasure in erasures_here if erasure.what == erasures.ERASED]
    )
    for site, erasure in erasures_here:
        if erasure.what == erasures.MAIL_STOPPED:
            report = session.scalar(select(Report).where(Report.site_id == site.id, Report.client_id == erasure.report))
            if report is not None:
                forgetting.stop_mail(session, report.id)
        elif erasure.what == erasures.NAME_GONE:
            report = session.scalar(select(Report).where(Report.site_id == site.id, Report.client_id == erasure.report))
            if report is not None:
                thanks.forget_again(session, report, erasure.moment)
        elif erasure.what.startswith(erasures.ATTACHMENT_GONE):
            report = session.scalar(select(Report).where(Report.site_id == site.id, Report.client_id == erasure.report))
            if report is not None:
                attachments.remove_again(session, report, erasure.what, erasure.moment)
        elif erasure.what in (erasures.DESK_STOPPED, erasures.DESK_MAILED):
            site.policy = {**site.policy, "desk_mail_off": erasure.what == erasures.DESK_STOPPED}
