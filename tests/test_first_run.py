"""The first run: asks again what was wrong, makes all or nothing, and says what comes next."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from corrections_service import first_run
from corrections_service.cli import commands
from corrections_service.errors import ConfigurationError, CorrectionsError
from corrections_service.settings import Settings, make_data_dir, read_settings
from corrections_service.store.database import open_database
from corrections_service.store.models import Site

GOOD = {"admin": "ed@news.example", "site": "News", "origin": "https://news.example", "desk": "desk@news.example"}


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the installation will be; BASE_URL is set."""
    monkeypatch.setenv("CORRECTIONS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CORRECTIONS_BASE_URL", "https://corrections.example")
    return tmp_path / "data"


def init(**values: str) -> Result:
    """Run it with these answers and no questions."""
    flags = [part for name, value in {**GOOD, **values}.items() for part in (f"--{name}", value)]
    return CliRunner().invoke(commands, ["init", "--yes", *flags])


def sites_of(directory: Path) -> list[str]:
    """The publications of an installation."""
    database = open_database(read_settings(data_dir=directory))
    with database.read() as session:
        names = [site.name for site in session.query(Site).order_by(Site.id)]
    database.close()
    return names


def test_it_prints_the_key_the_tag_the_link_what_the_link_is_and_what_comes_next(directory: Path) -> None:
    said = dict(line.split(": ", 1) for line in init().stdout.splitlines())
    assert f"/embed/{said['site-key']}.js" in said["tag"]
    assert said["sign-in"].startswith("https://corrections.example/sign-in/")
    assert "once, within 24 hours" in said["note"]
    assert "corrections doctor" in said["next"]
    assert said["data"] == str(directory.resolve())


def test_what_was_answered_wrongly_is_asked_again_with_the_reason(directory: Path) -> None:
    said = ["nobody", GOOD["admin"], " ", GOOD["site"], "news", GOOD["origin"], "desk", GOOD["desk"]]
    done = CliRunner().invoke(commands, ["init"], input="\n".join([*said, ""]))
    assert done.exit_code == 0, done.output
    assert done.output.count("Error: ") == 4
    assert sites_of(directory) == ["News"]


def test_a_wrong_option_is_asked_again_too(directory: Path) -> None:
    flags = [part for name, value in GOOD.items() for part in (f"--{name}", "news" if name == "origin" else value)]
    done = CliRunner().invoke(commands, ["init", *flags], input=f"{GOOD['origin']}\n")
    assert done.exit_code == 0, done.output
    assert "news: This is not a complete web address" in done.output


def test_the_same_name_twice_makes_no_second_site(directory: Path) -> None:
    assert init().exit_code == 0
    for name in ("News", "news", " NEWS "):
        done = init(site=name)
        assert isinstance(done.exception, CorrectionsError)
        assert "There is a publication called" in done.exception.detail
    assert sites_of(directory) == ["News"]
    assert (directory / "secret-key").exists(), "what was there before stays"


def test_without_the_services_address_nothing_is_asked_or_made(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CORRECTIONS_BASE_URL")
    done = CliRunner().invoke(commands, ["init"])
    assert isinstance(done.exception, ConfigurationError)
    assert "CORRECTIONS_BASE_URL" in done.exception.detail
    assert done.stdout == ""
    assert not directory.exists()


@pytest.mark.parametrize("was_there", [False, True], ids=["no directory", "an empty directory"])
@pytest.mark.parametrize(
    "wrong",
    [{"origin": "javascript:alert(1)"}, {"admin": "nobody"}, {"site": "\u200b"}, {"desk": "desk@"}],
    ids=lambda one: next(iter(one)),
)
def test_after_a_failure_nothing_half_made_is_left(directory: Path, wrong: dict[str, str], was_there: bool) -> None:
    if was_there:
        directory.mkdir()
    assert isinstance(init(**wrong).exception, CorrectionsError)
    assert not directory.exists() or (was_there and list(directory.iterdir()) == [])
    assert init().exit_code == 0


def test_a_database_that_cannot_be_reached_leaves_no_directory_behind(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORRECTIONS_DATABASE_URL", "postgresql://u:canary@127.0.0.1:1/x")
    done = init()
    assert isinstance(done.exception, CorrectionsError)
    assert "cannot reach 127.0.0.1:1: Connection refused" in done.exception.detail
    assert not directory.exists()


def test_a_server_with_nothing_at_all_makes_no_more_than_a_key(directory: Path) -> None:
    first_run.begin(read_settings(data_dir=directory))
    assert [path.name for path in directory.iterdir()] == ["secret-key"]
    key = (directory / "secret-key").read_text()
    assert len(key) >= 32
    first_run.begin(read_settings(data_dir=directory))
    assert (directory / "secret-key").read_text() == key


@pytest.mark.parametrize("name", ["corrections.sqlite", "erasures.log", "something"])
def test_where_a_key_was_lost_or_the_directory_is_another_one_no_new_service_begins(directory: Path, name: str) -> None:
    directory.mkdir()
    (directory / name).touch()
    done = CliRunner().invoke(commands, ["serve", "--setup"])
    assert isinstance(done.exception, ConfigurationError)
    assert "CORRECTIONS_SECRET_KEY is not set" in done.exception.detail
    assert [path.name for path in directory.iterdir()] == [name]


@pytest.fixture
def empty_postgresql(postgresql_server: sa.Engine, tmp_path: Path) -> Settings:
    """Settings of a machine that knows an empty database, and no key."""
    name = f"empty_{uuid4().hex}"
    with postgresql_server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    address = postgresql_server.url.set(database=name).render_as_string(hide_password=False)
    return Settings(data_dir=tmp_path / "one", database_url=address, base_url="https://corrections.example")


def test_on_postgresql_a_key_is_made_for_a_database_that_nothing_was_ever_kept_in(
    tmp_path: Path, empty_postgresql: Settings, postgresql_settings: Settings
) -> None:
    directory = tmp_path / "another"
    with pytest.raises(ConfigurationError, match="SECRET_KEY is not set, and the database is in use already"):
        first_run.begin(postgresql_settings.model_copy(update={"data_dir": directory, "secret_key": ""}))
    assert not directory.exists()
    first_run.begin(empty_postgresql)
    assert [path.name for path in empty_postgresql.data_dir.iterdir()] == ["secret-key"]
    first_run.begin(empty_postgresql)


def test_of_machines_that_begin_at_once_on_one_database_one_makes_the_key(
    tmp_path: Path, empty_postgresql: Settings
) -> None:
    machines = [empty_postgresql.model_copy(update={"data_dir": tmp_path / str(number)}) for number in range(3)]
    with ThreadPoolExecutor() as pool:
        outcomes = [one.exception() for one in [pool.submit(first_run.begin, machine) for machine in machines]]
    refused = [outcome for outcome in outcomes if isinstance(outcome, ConfigurationError)]
    assert (len(refused), outcomes.count(None)) == (2, 1), outcomes
    assert [machine.data_dir.exists() for machine in machines] == [outcome is None for outcome in outcomes]


def test_of_processes_that_begin_at_once_in_one_directory_all_have_the_same_key(directory: Path) -> None:
    def key(_: int) -> str:
        make_data_dir(directory)
        return read_settings(data_dir=directory).secret_key

    with ThreadPoolExecutor() as pool:
        keys = set(pool.map(key, range(16)))
    assert keys == {(directory / "secret-key").read_text()}
    assert len(keys.pop()) >= 32


def test_a_server_that_does_not_know_its_own_address_makes_nothing(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CORRECTIONS_BASE_URL")
    done = CliRunner().invoke(commands, ["serve", "--setup"])
    assert isinstance(done.exception, ConfigurationError)
    assert "CORRECTIONS_BASE_URL is not set" in done.exception.detail
    assert not directory.exists()


def test_another_wrong_setting_is_told_before_anything_is_made(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORRECTIONS_OIDC_ISSUER", "https://accounts.example")
    done = CliRunner().invoke(commands, ["serve", "--setup"])
    assert isinstance(done.exception, ConfigurationError)
    assert "CORRECTIONS_OIDC_CLIENT_ID" in done.exception.detail
    assert not directory.exists()


def test_a_directory_that_cannot_be_made_is_told_by_its_setting(
    monkeypatch: pytest.MonkeyPatch, directory: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for value in (tmp_path / "file", tmp_path / "file/data"):
        monkeypatch.setenv("CORRECTIONS_DATA_DIR", str(value))
        done = init()
        assert isinstance(done.exception, ConfigurationError), done.exception
        assert f"CORRECTIONS_DATA_DIR: {value} cannot be made" in done.exception.detail
    monkeypatch.setenv("CORRECTIONS_DATA_DIR", str(directory))
    monkeypatch.setenv("CORRECTIONS_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/c.sqlite")
    done = init()
    assert isinstance(done.exception, ConfigurationError)
    assert done.exception.detail.endswith("make it, or leave CORRECTIONS_DATABASE_URL out.")
    assert not directory.exists()


def test_the_web_server_alone_on_the_embedded_database_is_refused_with_the_reason(directory: Path) -> None:
    assert init().exit_code == 0
    done = CliRunner().invoke(commands, ["serve", "--web-only"])
    assert isinstance(done.exception, ConfigurationError)
    assert "--web-only" in done.exception.detail
    assert "PostgreSQL" in done.exception.detail


def test_who_is_locked_out_while_no_mail_goes_out_is_let_in_from_the_console(directory: Path) -> None:
    assert init().exit_code == 0
    said = CliRunner().invoke(commands, ["editor", "link", "ED@news.example"]).stdout
    assert said.startswith("sign-in: https://corrections.example/sign-in/")
    done = CliRunner().invoke(commands, ["editor", "link", "nobody@news.example"])
    assert isinstance(done.exception, CorrectionsError)
    assert "Nobody signs in as nobody@news.example" in done.exception.detail
