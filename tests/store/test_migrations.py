"""The schema that the migrations make is the one that the models ask for, whoever migrates, on both databases."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from corrections_service.errors import ConfigurationError, CorrectionsError
from corrections_service.rules.workflow import Resolution
from corrections_service.services import history, log, sites
from corrections_service.settings import Settings
from corrections_service.store import search
from corrections_service.store.database import MIGRATIONS, Database, head_revision, open_database
from corrections_service.store.models import Base, Case, Correction, Report, UtcTime, now
from tests.databases import settings_for
from tests.measures import PATIENCE
from tests.services.newsroom import FERRY, PRINTED, Newsroom, public

OF_BEFORE = "0027"
"""The schema of the version before: what runs on it goes on beside the newest until it is replaced (docs/upgrading.md)."""

MIGRATE = (
    "import sys; from pathlib import Path; from tests.databases import settings_for\n"
    "from corrections_service.store.database import open_database\n"
    "database = open_database(settings_for(Path(sys.argv[1]), sys.argv[2])); database.migrate()\n"
    "database.check_current(); database.close()"
)


BESIDE = (
    "import sys; from pathlib import Path; from tests.databases import settings_for\n"
    "from corrections_service.store.database import open_database\n"
    "database = open_database(settings_for(Path(sys.argv[1]))); database.migrate(); database.check_current()\n"
    "sys.exit('alembic' in sys.modules)"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a database that nobody has migrated."""
    if request.param == "sqlite":
        yield settings_for(tmp_path)
        return
    server: sa.Engine = request.getfixturevalue("postgresql_server")
    name = f"empty_{uuid4().hex}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield settings_for(tmp_path, server.url.set(database=name).render_as_string(hide_password=False))
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def alembic(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database"] = database
    return config


def differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        options = {"include_name": search.is_compared, "compare_type": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def test_the_head_migration_equals_the_models(db: Database) -> None:
    assert differences(db) == []


def test_a_new_database_is_not_current_until_it_is_migrated(empty_settings: Settings) -> None:
    database = open_database(empty_settings)
    with pytest.raises(ConfigurationError):
        database.check_current()
    database.migrate()
    database.check_current()
    database.close()


def test_down_and_up_again_is_the_same(empty_settings: Settings) -> None:
    database = open_database(empty_settings)
    database.migrate()
    command.downgrade(alembic(database), "base")
    with pytest.raises(ConfigurationError):
        database.check_current()
    database.migrate()
    assert differences(database) == []
    database.close()


def newsroom_of_today(settings: Settings) -> Newsroom:
    """A publication on a database of this version's schema."""
    database = open_database(settings)
    database.migrate()
    with database.write() as session:
        site = sites.create(session, name="News", origins=["https://news.example"], desk="desk@news.example")
    return Newsroom(database, site)


def test_what_was_stored_is_there_after_the_way_back_and_forth(empty_settings: Settings) -> None:
    """Some steps at a time, as versions follow each other, and all the way up at once."""
    newsroom = newsroom_of_today(empty_settings)
    database = newsroom.db
    editor = newsroom.hire()
    case = newsroom.case_of(newsroom.send(email="ann@readers.example", comment="I was there."))
    newsroom.send(**FERRY)
    newsroom.decide(case, editor, Resolution.CORRECTED, **PRINTED)
    assert public(newsroom) == [PRINTED["notice"]]
    stored = kept(database)
    revisions = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))
    for revision in (*revisions[::-6], "0001", "0020", head_revision()):
        database.migrate(revision)
        assert (database.revision(), kept(database)) == (revision, stored)
    assert differences(database) == []
    assert public(newsroom) == [PRINTED["notice"]]
    assert newsroom.send(**FERRY).readers == 2
    database.close()


def test_what_runs_on_the_schema_of_before_goes_on_beside_the_newest(empty_settings: Settings) -> None:
    """Replicas are replaced one after the other, so migrations leave all that the version before reads and writes."""
    database = open_database(empty_settings)
    database.migrate(OF_BEFORE)
    before = shape(database)
    database.migrate()
    assert in_the_way(before, shape(database)) == []
    database.close()


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ("DROP TABLE saved_view", "saved_view is gone"),
        ("ALTER TABLE site RENAME COLUMN desk TO mail", "site.desk is gone"),
        ("ALTER TABLE editor ALTER COLUMN name TYPE varchar(9)", "editor.name was "),
        ("ALTER TABLE reader ALTER COLUMN email SET NOT NULL", "reader.email is asked for"),
        ("ALTER TABLE report ADD COLUMN mood integer NOT NULL", "report.mood is asked for"),
        ("CREATE UNIQUE INDEX one_name ON site (name)", "site takes each ('name',) once"),
        ("ALTER TABLE site ADD CONSTRAINT short CHECK (length(name) < 9)", "site checks short"),
        ('CREATE TABLE mood (case_id integer REFERENCES "case")', "mood keeps rows of case"),
    ],
    ids=lambda words: words.split()[-1],
)
def test_a_change_that_a_running_version_trips_over_is_noticed(
    postgresql_db: Database, change: str, trouble: str
) -> None:
    with postgresql_db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE reader ALTER COLUMN email DROP NOT NULL")
    before = shape(postgresql_db)
    with postgresql_db.engine.begin() as connection:
        connection.exec_driver_sql(change)
    assert [line for line in in_the_way(before, shape(postgresql_db)) if line.startswith(trouble)] != []


def shape(database: Database) -> sa.MetaData:
    """The tables as they are in the database."""
    tables = sa.MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # indexes of expressions, which SQLite does not tell
        tables.reflect(database.engine, only=lambda name, _: not name.startswith("case_search"))
    return tables


def in_the_way(before: sa.MetaData, after: sa.MetaData) -> list[str]:
    """What a program of the schema before would trip over."""
    troubles = [f"{name} is gone" for name in before.tables if name not in after.tables]
    for name, table in after.tables.items():
        earlier = before.tables.get(name)
        if earlier is None:
            keys = [key for key in table.foreign_keys if key.column.table.name in before.tables]
            troubles += [f"{name} keeps rows of {key.column.table.name}" for key in keys if not key.ondelete]
            continue
        troubles += [f"{name}.{column} is gone" for column in earlier.columns.keys() if column not in table.c]  # noqa: SIM118
        for column in table.c:
            was = earlier.c.get(column.name)
            if was is not None and str(was.type) != str(column.type):
                troubles.append(f"{name}.{column.name} was {was.type}")
            if not column.nullable and (column.server_default is None if was is None else was.nullable):
                troubles.append(f"{name}.{column.name} is asked for")
        troubles += [f"{name} takes each {columns} once" for columns in unique(table) - unique(earlier)]
        troubles += [f"{name} checks {words}" for words in checks(table) - checks(earlier)]
    return troubles


def unique(table: sa.Table) -> set[tuple[str, ...]]:
    """The columns, together, of which a table takes each value once."""
    constraints = [rule.columns for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)]
    indexes = [index.columns for index in table.indexes if index.unique]
    return {tuple(column.name for column in columns) for columns in (*constraints, *indexes)}


def checks(table: sa.Table) -> set[str]:
    """The names of what a table checks of each row."""
    return {str(one.name) for one in table.constraints if isinstance(one, sa.CheckConstraint)}


def kept(database: Database) -> list[object]:
    """What people have typed and what became of it, which every schema holds."""
    with database.read() as session:
        return [
            session.execute(sa.text(f"SELECT {columns} ORDER BY id")).all()
            for columns in (
                "exact, suggestion, comment, case_id FROM report",
                'state, resolution, readers FROM "case"',
                "kind, case_id, report_id FROM event",
                "template, recipient, state FROM delivery",
                'notice_class, wrong, "right", text FROM correction',
                "email FROM editor",
                "report_id AS id, email FROM reader",
            )
        ]


def test_what_an_earlier_schema_cannot_hold_keeps_the_schema_as_it_is(empty_settings: Settings) -> None:
    if empty_settings.is_sqlite:
        pytest.skip("every number of SQLite's has 64 bits")
    database = open_database(empty_settings)
    database.migrate()
    with database.engine.begin() as connection:
        connection.execute(sa.text("SELECT setval('report_id_seq', 3000000000)"))
    with pytest.raises(CorrectionsError, match=r"^The schema stays as it is, for 0013 cannot hold .* \(.*3000000000"):
        database.migrate("0013")
    database.check_current()
    assert differences(database) == []
    database.close()


def test_reports_of_before_there_were_marks_of_senders_each_get_one(empty_settings: Settings) -> None:
    newsroom = newsroom_of_today(empty_settings)
    database = newsroom.db
    case = newsroom.case_of(newsroom.send(email="ann@readers.example"))
    newsroom.send(email="ann@readers.example", comment="again")
    newsroom.send()
    command.downgrade(alembic(database), "0007")
    database.migrate()
    assert differences(database) == []
    with database.write() as session:
        assert session.scalars(sa.select(Report.sender).order_by(Report.id)).all() == ["r1", "r2", "r3"]
        assert history.readers_of(session, session.get_one(Case, case)) == 3
    database.close()


def test_notices_of_before_they_had_a_life_stay_public_or_wait_for_their_fix(empty_settings: Settings) -> None:
    """What was public stays so, what was taken back too; what would have been public in a moment waits for the fix."""
    newsroom = newsroom_of_today(empty_settings)
    database = newsroom.db
    case = newsroom.case_of(newsroom.send())
    command.downgrade(alembic(database), "0018")
    hour = timedelta(hours=1)
    times = [(now() - hour, None), (now() + hour, None), (now() - 2 * hour, now() - hour), (now(), now() - hour)]
    with database.engine.begin() as connection:
        for number, (published, retracted) in enumerate(times, 1):
            connection.execute(
                sa.text(
                    'INSERT INTO correction (id, site_id, article_id, case_id, notice_class, wrong, "right", text,'
                    " published_at, retracted_at) SELECT :id, site_id, article_id, id, 'correction', '', '', 'x', :p, :r"
                    ' FROM "case" WHERE id = :case'
                ).bindparams(sa.bindparam("p", published, UtcTime()), sa.bindparam("r", retracted, UtcTime())),
                {"id": number, "case": case},
            )
    database.migrate()
    assert differences(database) == []
    with database.read() as session:
        notices = session.scalars(sa.select(Correction).order_by(Correction.id)).all()
        shown = [(one.state.value, one.published_at is not None, one.retracted_at is not None) for one in notices]
        listed = [one.id for one in log.page(session, newsroom.site)[0] if one.retracted_at is None]
    assert shown == [
        ("public", True, False),
        ("approved", False, False),
        ("public", True, True),
        ("approved", False, True),
    ]
    assert listed == [1]
    database.close()


def test_a_notice_of_before_is_found_by_no_words_that_it_does_not_show(empty_settings: Settings) -> None:
    """Kind: a search of the public log for a reader's wish, which no page shows, found the notice that was written then."""
    newsroom = newsroom_of_today(empty_settings)
    database = newsroom.db
    editor = newsroom.hire()
    for sent in (newsroom.send(), newsroom.send(**FERRY)):
        newsroom.decide(newsroom.case_of(sent), editor, Resolution.CORRECTED, **PRINTED)
    public(newsroom)
    command.downgrade(alembic(database), "0044")
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE correction SET words = 'hidden ' || words"))
        connection.execute(sa.text("UPDATE correction SET notice_class = 'update', text = 'Straße news' WHERE id = 1"))
    database.migrate()

    def numbers(words: str) -> list[int]:
        with database.read() as session:
            return [one.id for one in log.page(session, newsroom.site, log.Search(words=words))[0]]

    assert [numbers(words) for words in ("hidden", "STRASSE", "1987")] == [[2], [1], [2]]
    database.close()


def test_two_that_migrate_at_once_are_both_served(empty_settings: Settings) -> None:
    arguments = [str(empty_settings.data_dir), empty_settings.database_url]
    starting = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, *arguments], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    complaints = [process.communicate(timeout=PATIENCE)[1] for process in starting]
    assert [process.returncode for process in starting] == [0, 0], complaints
    database = open_database(empty_settings)
    assert differences(database) == []
    database.close()


def test_a_migration_that_is_killed_is_done_by_the_next(empty_settings: Settings) -> None:
    if not empty_settings.is_sqlite:
        pytest.skip("PostgreSQL's own transactions are what this would test")
    arguments = [str(empty_settings.data_dir), empty_settings.database_url]
    killed = MIGRATE.replace(
        "database.migrate()",
        "import os, signal; from sqlalchemy import event\n"
        "seen = []\n"
        "def die(*rest):\n"
        "    seen.append(rest)\n"
        "    if len(seen) == 40: os.kill(os.getpid(), signal.SIGKILL)\n"
        "event.listen(database.engine, 'before_cursor_execute', die)\n"
        "database.migrate()",
    )
    ended = subprocess.run([sys.executable, "-c", killed, *arguments], check=False)
    assert ended.returncode == -9
    database = open_database(empty_settings)
    database.migrate()
    assert differences(database) == []
    database.close()


def test_the_newest_migration_is_known_by_its_file_s_name() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_heads() == [head_revision()]
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_who_finds_the_schema_as_it_should_be_does_not_load_what_migrates(sqlite_db: Database) -> None:
    """It would take a quarter of a second of each start, and nine megabytes for as long as the service runs."""
    directory = str(Path(str(sqlite_db.url.database)).parent)
    assert subprocess.run([sys.executable, "-c", BESIDE, directory], check=False).returncode == 0
