"""A backup holds one moment of all there is; restoring it mails nobody and revives nobody who was erased."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from corrections_service import errors
from corrections_service.rules.workflow import Resolution
from corrections_service.services import backup, forgetting, joining, outbox, reports, sites
from corrections_service.settings import Settings
from corrections_service.store import queue
from corrections_service.store.database import Database, head_revision, open_database
from corrections_service.store.models import Base, Report, Salt
from tests.services.newsroom import FERRY, Newsroom


@pytest.fixture
def busy(newsroom: Newsroom) -> Newsroom:
    """A newsroom where much has happened."""
    editor = newsroom.hire()
    first = newsroom.case_of(newsroom.send(email="ann@example.org", comment="Ünïcode ✓ \u202e\n"))
    ferry = newsroom.case_of(newsroom.send(email="bob@example.org", **FERRY))
    last = newsroom.case_of(newsroom.send(url="https://news.example/x"))
    newsroom.act(joining.merge, first, editor, last)
    newsroom.decide(ferry, editor, Resolution.CORRECTED, wrong="nine", right="ten", notice="It leaves at ten.")
    newsroom.change(Report, spam_reasons=["a reason"])
    with newsroom.db.write() as session:
        session.add(Salt(day="2026-01-01", value="canary"))
    return newsroom


def contents(db: Database) -> dict[str, list[Any]]:
    """All rows that a backup keeps."""
    with db.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name not in backup.LEFT_OUT
        }


def save(db: Database, path: Path) -> dict[str, int]:
    """As the console does."""
    with db.read(unhurried=True) as session, path.open("wb") as file:
        return backup.write(session, file, revision=head_revision())


def restore(db: Database, path: Path, revision: str = "") -> None:
    with db.write() as session:
        backup.restore(session, path, revision=revision or head_revision())


class Interrupted(io.BytesIO):
    """A file into which something happens, once, when the reports are about to be written."""

    def __init__(self, happening: Callable[[], object]) -> None:
        super().__init__()
        self.happening: Callable[[], object] | None = happening

    def write(self, data: Any) -> int:
        """Write, after what happens."""
        if b"report.ndjson" in bytes(data):
            happening, self.happening = self.happening, None
            if happening is not None:
                happening()
        return super().write(data)


@pytest.mark.parametrize("unhurried", [False, True])
def test_a_backup_is_of_one_moment_though_readers_report_meanwhile(
    busy: Newsroom, tmp_path: Path, unhurried: bool
) -> None:
    file = Interrupted(lambda: busy.send(url="https://news.example/meanwhile"))
    with busy.db.read(unhurried=unhurried) as session:
        rows = backup.write(session, file, revision=head_revision())
    assert file.happening is None
    assert (rows["case"], rows["report"]) == (3, 3)
    (tmp_path / "all").write_bytes(file.getvalue())
    restore(busy.db, tmp_path / "all")


@pytest.mark.parametrize("other", ["sqlite_settings", "postgresql_settings"])
def test_a_backup_restores_on_either_database(
    request: pytest.FixtureRequest, busy: Newsroom, tmp_path: Path, other: str
) -> None:
    before = contents(busy.db)
    rows = save(busy.db, tmp_path / "all")
    assert rows["report"] == 3
    with zipfile.ZipFile(tmp_path / "all") as packed:
        assert b"canary" not in b"".join(packed.read(name) for name in packed.namelist())
    settings: Settings = request.getfixturevalue(other)
    there = open_database(settings)
    try:
        restore(there, tmp_path / "all")
        with there.write() as session:
            assert outbox.claim(session, "worker") == []
            outbox.release(session)
        after = contents(there)
        for name in before:
            if name != "delivery":
                assert after[name] == before[name], name
        assert len(after["delivery"]) == len(before["delivery"]) > 0
        with there.write() as session:
            queue.fold_counts(session)
            site = sites.by_key(session, busy.site.key)
            assert queue.counts(session, [site.id])["fixing"] == 1
        again = Newsroom(there, site)
        assert again.send(url="https://news.example/new").readers == 1
        again.assert_readers_add_up()
    finally:
        there.close()


def test_who_was_erased_since_the_backup_stays_erased(busy: Newsroom, tmp_path: Path) -> None:
    sent = busy.send(comment="canary", email="canary@example.org")
    save(busy.db, tmp_path / "all")
    with busy.db.write() as session:
        forgetting.erase(session, reports.by_token(session, sent.token))
    restore(busy.db, tmp_path / "all")
    assert "canary" not in str(contents(busy.db))
    busy.assert_readers_add_up()


def test_a_restore_takes_the_place_of_what_is_there(busy: Newsroom, tmp_path: Path) -> None:
    save(busy.db, tmp_path / "all")
    busy.send(url="https://news.example/later")
    restore(busy.db, tmp_path / "all")
    assert busy.count(Report) == 3


def test_a_backup_is_one_moment_of_a_busy_service(newsroom: Newsroom, tmp_path: Path) -> None:
    done = threading.Event()

    def send() -> None:
        while not done.is_set():
            newsroom.send()

    known = [newsroom.send().reference for _ in range(5)]
    sending = threading.Thread(target=send)
    sending.start()
    try:
        rows = save(newsroom.db, tmp_path / "all")
    finally:
        done.set()
        sending.join()
    assert rows["report"] >= len(known)
    assert rows["report"] == rows["event"]
    restore(newsroom.db, tmp_path / "all")
    newsroom.assert_readers_add_up()


def test_what_is_no_whole_backup_of_this_version_changes_nothing(busy: Newsroom, tmp_path: Path) -> None:
    save(busy.db, tmp_path / "good")
    before = contents(busy.db)
    (tmp_path / "text").write_text("no backup")
    with zipfile.ZipFile(tmp_path / "empty", "w") as packed:
        packed.writestr("x", "y")
    whole = (tmp_path / "good").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    middle = len(whole) // 3
    (tmp_path / "bent").write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    fewer = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "good") as source, zipfile.ZipFile(fewer, "w") as target:
        for name in source.namelist():
            lines = source.read(name)
            target.writestr(name, b"" if name == "delivery.ndjson" else lines)
    (tmp_path / "fewer").write_bytes(fewer.getvalue())
    for name in ("text", "empty", "cut", "bent", "fewer", "missing"):
        with pytest.raises(errors.BadBackup):
            restore(busy.db, tmp_path / name)
    with pytest.raises(errors.BadBackup):
        restore(busy.db, tmp_path / "good", revision="9999")
    assert contents(busy.db) == before
    assert json.loads(zipfile.ZipFile(tmp_path / "good").read(backup.MANIFEST))["rows"]["report"] == 3
