"""What a person sent and was, once erased, is nowhere any more (THREATS K03, K07, K10, P-20, P-24).

Canary words are looked for, byte by byte, in the log, the database's file, its write-ahead log, the search index, a
backup, and a database that a backup of before was restored into.
"""

from __future__ import annotations

import hashlib
import socket
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from aiosmtpd.controller import Controller
from structlog.testing import capture_logs

from corrections_service import create_app, errors
from corrections_service.rules.references import recipient_mark
from corrections_service.services import attachments, backup, desk_mail, forgetting, outbox, privacy, reports, sites
from corrections_service.services.attachments import Picture
from corrections_service.settings import MailTls, Settings
from corrections_service.store import erasures, search
from corrections_service.store.database import Database, head_revision, open_database
from corrections_service.store.models import Delivery, DeliveryState, FixState, Report, Site
from corrections_service.work import deliveries
from corrections_service.work.mail import Mailer
from corrections_service.work.means import Work
from tests.databases import settings_for
from tests.services.newsroom import FERRY, Newsroom, see

ADDRESS, WORD = "canary.person@birds.example", "zzyzxcanary"


class Refusing:
    """A mail server that takes nobody, and repeats whom."""

    async def handle_RCPT(self, _server: Any, _session: Any, _envelope: Any, address: str, _options: Any) -> str:
        """No such person."""
        return f"550 5.1.1 <{address}>: {address.upper()} is unknown here"


@pytest.fixture
def refusing() -> Iterator[int]:
    """Its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Refusing(), hostname="127.0.0.1", port=port)
    server.start()
    yield port
    server.stop()


@pytest.fixture
def newsroom(db: Database, site: Site) -> Newsroom:
    """A newsroom."""
    return Newsroom(db, site)


def erase(db: Database) -> None:
    with db.write() as session:
        assert privacy.erase_reader(session, ADDRESS) == 1
    search.catch_up(db)


def save(db: Database, path: Path, settings: Settings) -> Path:
    with db.read() as session, path.open("wb") as file:
        backup.write(session, file, revision=head_revision(), erasure_log=settings.erasures)
    return path


def bytes_of(directory: Path) -> bytes:
    """All that the data directory holds: database, write-ahead log, erasure log."""
    return b"".join(path.read_bytes() for path in sorted(directory.iterdir()) if path.is_file())


def traces(found: bytes) -> list[str]:
    """Which of the person's words, address, and hashes of the address are there."""
    plain = hashlib.sha256(ADDRESS.encode()).hexdigest()
    return [one for one in (WORD, ADDRESS, "canary.person", plain, plain[:16]) if one.lower().encode() in found.lower()]


def rows(db: Database) -> bytes:
    """Every row of every table, the search index's too."""
    with db.engine.connect() as connection:
        names = sa.inspect(db.engine).get_table_names()
        return b"".join(
            str(list(connection.execute(sa.select(sa.text("*")).select_from(sa.table(name))))).encode()
            for name in names
        )


def test_a_refused_readers_address_stands_in_no_log_and_in_no_reason(
    newsroom: Newsroom, database_settings: Settings, refusing: int
) -> None:
    """K03, P-24: mail servers repeat whom they refuse; what is kept of their words names nobody."""
    mail = {"mail_server": "127.0.0.1", "mail_port": refusing, "mail_tls": MailTls.NONE}
    settings = database_settings.model_copy(update=mail)
    mailer = Mailer(create_app(settings, database=newsroom.db), settings)
    newsroom.send(email=ADDRESS)
    newsroom.change(Delivery, next_at=sa.func.current_timestamp())
    structlog.reset_defaults()
    with capture_logs() as logged:
        deliveries.deliver_due(Work(newsroom.db, settings, mailer))
    mailer.close()
    with newsroom.db.read() as session:
        refused = session.scalars(sa.select(Delivery).where(Delivery.recipient == ADDRESS)).one()
        assert refused.state is DeliveryState.FAILED
        assert "unknown here" in refused.last_error
        assert traces(refused.last_error.encode()) == []
    assert logged
    assert traces(str(logged).encode()) == []


def test_what_was_erased_is_in_no_byte_of_the_data_directory(
    sqlite_db: Database, sqlite_settings: Settings, tmp_path: Path
) -> None:
    """K10: file, write-ahead log, search index and a backup made afterwards; an earlier index's pages too."""
    with sqlite_db.write() as session:
        site = sites.create(session, name="News", origins=["https://news.example"], desk="desk@news.example")
    newsroom = Newsroom(sqlite_db, site)
    for number in range(30):
        newsroom.send(url=f"https://news.example/{number}", comment=f"A plain remark of number {number}.")
    sent = newsroom.send(email=ADDRESS, comment=f"{WORD} and more", suggestion=f"{WORD} should stand there", exact="x")
    newsroom.send(comment="Another remark.", **FERRY)
    with sqlite_db.write() as session:
        sites.choose(session.get_one(Site, site.id), attachments=True)
        picture = Picture("image/webp", WORD.encode() * 50_000, 60, 40)
        attachments.add(session, reports.by_token(session, sent.token), [picture])
    search.catch_up(sqlite_db)
    with sqlite_db.write() as session:
        [owed] = session.scalars(sa.select(Delivery.id).where(Delivery.recipient == ADDRESS))
        outbox.mark_failed(session, [owed], f"550 {ADDRESS}?", for_good=True, keep=timedelta(days=14))
    assert WORD in traces(bytes_of(sqlite_settings.data_dir))
    assert WORD in traces(rows(sqlite_db))
    erase(sqlite_db)
    assert traces(rows(sqlite_db)) == []
    assert traces(bytes_of(sqlite_settings.data_dir)) == []
    with zipfile.ZipFile(save(sqlite_db, tmp_path / "after", sqlite_settings)) as packed:
        assert traces(b"".join(packed.read(name) for name in packed.namelist())) == []


def test_erased_words_are_in_no_row_on_either_database(newsroom: Newsroom) -> None:
    """K10: nor can a search find them."""
    newsroom.send(email=ADDRESS, comment=f"{WORD} and more")
    search.catch_up(newsroom.db)
    assert WORD in traces(rows(newsroom.db))
    erase(newsroom.db)
    assert traces(rows(newsroom.db)) == []


def test_a_quote_that_nobody_saw_in_the_article_is_erased_as_the_readers_own_words(newsroom: Newsroom) -> None:
    """K10: whoever sends by the API may quote what they like; what was seen on the page is the article's, and stays."""
    quote = {"exact": f"{WORD} is wrong", "prefix": f"Before {WORD} ", "suffix": f" and {WORD} behind"}
    newsroom.send(email=ADDRESS, **quote)
    search.catch_up(newsroom.db)
    assert WORD in traces(rows(newsroom.db))
    erase(newsroom.db)
    assert traces(rows(newsroom.db)) == []


@pytest.mark.parametrize("kept_by", ["a look at the article", "another reader"])
def test_a_quote_that_is_not_the_erased_readers_alone_stays(newsroom: Newsroom, kept_by: str) -> None:
    case = newsroom.case_of(newsroom.send(email=ADDRESS))
    quote = newsroom.look(case).quote
    if kept_by == "another reader":
        assert newsroom.case_of(newsroom.send(block="192.0.2.0/24")) == case
    else:
        see(newsroom, case, FixState.PRESENT, "The bridge was opend in 1987.")
    erase(newsroom.db)
    assert newsroom.look(case).quote == quote


def test_each_connection_overwrites_what_it_deletes(sqlite_db: Database) -> None:
    """K10: however SQLite was built."""
    engines = [sqlite_db.engine, sqlite_db._reader, sqlite_db.own_engine(pool_size=1)]
    for engine in engines:
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    engines[-1].dispose()


def test_a_key_names_an_address_by_a_keyed_hash_alone(newsroom: Newsroom) -> None:
    """K06: whoever has the database and guesses an address cannot tell that it was there, once it is forgotten."""
    sent = newsroom.send(email=ADDRESS)
    with newsroom.db.write() as session:
        report = reports.by_token(session, sent.token)
        forgetting.stop_mail(session, report.id)
    with newsroom.db.read() as session:
        kept = session.scalars(sa.select(Report.content_sha256)).all()
    assert [one[:2] for one in kept] == ["k:"], "the hash of all that was sent is keyed too"
    assert traces(rows(newsroom.db)) == []
    assert newsroom.send(client_id=sent.client_id, email=ADDRESS).replayed
    with pytest.raises(errors.IdReused):
        newsroom.send(
            client_id=sent.client_id, email=ADDRESS, comment="Something else, which must not pass for stored."
        )


def test_the_erasure_log_is_made_where_it_is_missing_with_its_directory(tmp_path: Path) -> None:
    """K10: with PostgreSQL, a machine may have had no data directory."""
    erasures.touch(tmp_path / "not" / "there" / "erasures.log")
    assert (tmp_path / "not" / "there").stat().st_mode & 0o777 == 0o700


def test_a_restore_into_a_new_directory_revives_nobody(
    sqlite_db: Database, sqlite_settings: Settings, sqlite_template: Path, tmp_path: Path
) -> None:
    """K07, P-20: neither who was erased after the backup, nor mail that was stopped after it, reader's or desk's."""
    with sqlite_db.write() as session:
        site = sites.create(session, name="News", origins=["https://news.example"], desk="desk@news.example")
    newsroom = Newsroom(sqlite_db, site)
    newsroom.send(email=ADDRESS, comment=WORD)
    stopped = newsroom.send(email="stopped@birds.example", **FERRY)
    kept = save(sqlite_db, tmp_path / "kept", sqlite_settings)
    erase(sqlite_db)
    with sqlite_db.write() as session:
        forgetting.stop_mail(session, reports.by_token(session, stopped.token).id)
        mark = recipient_mark("desk@news.example", sqlite_db.mark_keys[0])
        desk_mail.stop(session, site.id, mark)
    assert (sqlite_settings.erasures.stat().st_mode & 0o777) == 0o600
    assert traces(sqlite_settings.erasures.read_bytes()) == []
    assert backup.erasure_log_of(kept) == sqlite_settings.erasures.absolute()
    directory = tmp_path / "new"
    directory.mkdir()
    (directory / "corrections.sqlite").write_bytes(sqlite_template.read_bytes())
    there = open_database(settings_for(directory))
    with there.write() as session:
        backup.restore(session, kept, revision=head_revision(), logs=[sqlite_settings.erasures])
    search.catch_up(there)
    assert traces(rows(there)) == []
    assert b"stopped@" not in rows(there)
    with there.read() as session:
        assert sites.by_key(session, site.key).policy["desk_mail_off"] is True
    there.close()
    assert traces(bytes_of(directory)) == []
    written = erasures.read([directory / "erasures.log"])
    assert any(one.what == erasures.ERASED for one in written), "the next restore needs it too"


def test_a_log_that_is_cut_off_or_bent_is_told(tmp_path: Path) -> None:
    """K07: a power cut leaves half a last line; anything else that is no log is refused."""
    log = tmp_path / "erasures.log"
    log.write_text('{"at": "x", "what": "erased", "site": "k", "report": "r"}\n{"at": "x", "wh')
    assert erasures.read([log]) == [erasures.Erasure("erased", "k", "r", "x")]
    log.write_text("no log\n")
    with pytest.raises(errors.BadBackup):
        erasures.read([log])
