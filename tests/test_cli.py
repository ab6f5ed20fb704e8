"""The console as people and scripts meet it: statuses, one line on stderr, each command."""

from __future__ import annotations

import http.client
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
import structlog
from click.testing import CliRunner

from corrections_service import cli
from corrections_service.cli import commands
from corrections_service.demo.mailbox import Mailbox
from corrections_service.rules.workflow import Role
from corrections_service.services import accounts, editors, sites
from corrections_service.settings import Settings
from corrections_service.store.database import head_revision, open_database
from tests.measures import wait_for
from tests.running import ANSWER, Service, running_service

HEAVY = ("sqlalchemy", "flask", "dbos", "pydantic", "granian", "alembic", "rich", "psycopg", "jinja2")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """An installation that nobody has set up."""
    with running_service(tmp_path / "data") as service:
        yield service


def run(service: Service, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command, whatever becomes of it, as a process would that had loaded all before; a setting of "" is not set."""
    environment = service.environment | {f"CORRECTIONS_{name.upper()}": value for name, value in settings.items()}
    unset: dict[str, str | None] = {name: None for name in os.environ if name.startswith("CORRECTIONS_")}
    known = {name: value for name, value in environment.items() if value or not name.startswith("CORRECTIONS_")}
    written = structlog.get_config()
    with (
        CliRunner().isolation(env=unset | known) as (out, err, _),
        pytest.MonkeyPatch.context() as patch,
        pytest.raises(SystemExit) as ended,
    ):
        patch.setattr(sys, "argv", ["corrections", *arguments])
        cli.main()
    structlog.configure(**written)  # a server that is refused wrote its log to where nobody reads any more
    status = ended.value.code
    assert isinstance(status, int)
    return subprocess.CompletedProcess(arguments, status, out.getvalue().decode(), err.getvalue().decode())


def refused(done: subprocess.CompletedProcess[str], status: int) -> str:
    """The one line on stderr that says why."""
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    line, *more = done.stderr.splitlines()
    assert more == []
    return line


def every(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from every(command, *path, name)


@pytest.mark.parametrize("path", list(every(commands)), ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(commands, [*path, "--help"])
    assert told.exit_code == 0
    assert "Usage:" in told.output
    assert len(told.output.splitlines()) > 4


def test_nothing_heavy_is_imported_for_nothing() -> None:
    probe = (
        "import sys, corrections_service, corrections_service.cli\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not heavy, heavy\n"
        "corrections_service.cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", probe, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("corrections, version ")


def test_each_file_of_a_subject_has_the_commands_that_are_listed_for_it() -> None:
    files = {path.stem for path in Path(cli.__file__).parent.glob("*.py")} - {"__init__"}
    has = {name: set(import_module(f"corrections_service.cli.{name}").commands.commands) for name in files}
    assert has == {subject: set(names.split()) for subject, names in cli.SUBJECTS.items()}


def test_a_command_imports_the_file_of_its_own_subject_alone() -> None:
    probe = (
        "import sys\n"
        "from corrections_service import cli\n"
        "loaded = lambda: [name for name in cli.SUBJECTS if f'corrections_service.cli.{name}' in sys.modules]\n"
        "assert not loaded()\n"
        "cli.commands.commands['serve']\n"
        "assert loaded() == ['running'], loaded()\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_wrong_usage_is_status_2(service: Service) -> None:
    for arguments in (["nonsense"], ["serve", "--port", "x"], ["init", "--yes"], ["export"], ["restore", "missing"]):
        done = run(service, *arguments)
        assert done.returncode == 2, arguments
        assert done.stdout == ""


def test_the_first_run_makes_what_serve_needs(service: Service) -> None:
    service.first_run()
    key = service.directory / "secret-key"
    assert stat.S_IMODE(service.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) >= 32
    assert service.sign_in.startswith(f"{service.base_url}/sign-in/")
    service.start()


def test_the_first_run_asks_what_it_is_not_told(service: Service) -> None:
    command = [sys.executable, "-m", "corrections_service", "init"]
    answers = "ed@news.example\nNews\nhttps://news.example\ndesk@news.example\n"
    done = subprocess.run(command, env=service.environment, input=answers, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "site-key: " in done.stdout
    assert "sign-in: " in done.stdout


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"secret_key": "dev"}, "SECRET_KEY"),
        ({"secret_key": "x" * 64}, "SECRET_KEY"),
        ({"secret_key": "too short by one letter, 31 ch."}, "SECRET_KEY"),
        ({"secret_key_fallbacks": "dev"}, "SECRET_KEY_FALLBACKS"),
        ({"base_url": ""}, "BASE_URL"),
        ({"base_url": "corrections.example"}, "BASE_URL"),
        ({"trusted_proxies": '["0.0.0.0/0"]'}, "TRUSTED_PROXIES"),
        ({"trusted_proxies": '["::/0"]'}, "TRUSTED_PROXIES"),
        ({"trusted_proxies": '["proxy"]'}, "TRUSTED_PROXIES"),
        ({"trusted_proxies": '["10.0.0.0/8"'}, "TRUSTED_PROXIES"),
        ({"fetch_allow": '["0.0.0.0/0"]'}, "FETCH_ALLOW"),
        ({"mail_port": "0"}, "MAIL_PORT"),
        ({"mail_tls": "maybe"}, "MAIL_TLS"),
        ({"limit_reports": "many"}, "LIMIT_REPORTS"),
        ({"limit_sign_in": "5"}, "LIMIT_SIGN_IN"),
        ({"retention_mail_days": "13"}, "RETENTION_MAIL_DAYS"),
        ({"shadow_root": "ajar"}, "SHADOW_ROOT"),
        ({"database_url": "mysql://canary@localhost/x"}, "DATABASE_URL"),
        ({"database_url": "nonsense"}, "DATABASE_URL"),
        ({"database_url": "postgresql+psycopg://u:canary@localhost:port/x"}, "DATABASE_URL"),
        ({"config": "/nowhere.toml"}, "CONFIG"),
        ({"secret_kye": "a misspelt name"}, "SECRET_KYE"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_an_unsafe_or_wrong_setting_stops_the_start_and_is_named(
    service: Service, command: str, settings: dict[str, str], named: str
) -> None:
    service.directory.mkdir()
    good = {"secret_key": "a secret of forty-two letters for the tests"}
    line = refused(run(service, command, **{**good, **settings}), 78)
    assert line.startswith("corrections: ")
    assert f"CORRECTIONS_{named}" in line
    assert "canary" not in line


def test_serve_before_init_says_what_to_do(service: Service) -> None:
    for command in ("serve", "worker"):
        assert "CORRECTIONS_SECRET_KEY is not set; run `corrections init`" in refused(run(service, command), 78)
    known = {"secret_key": "a secret of forty-two letters for the tests"}
    assert "CORRECTIONS_DATA_DIR" in refused(run(service, "serve", **known), 78)
    for arguments in (["stats"], ["site", "list"], ["purge"], ["outbox", "list"]):
        assert "corrections init" in refused(run(service, *arguments), 78)
    service.directory.mkdir()
    assert "corrections migrate" in refused(run(service, "stats"), 78)


def test_a_file_of_settings_is_read_and_the_environment_wins(service: Service, tmp_path: Path) -> None:
    service.init()
    file = tmp_path / "corrections.toml"
    file.write_text('base_url = "https://corrections.example"\nmail_server = "mail.example"\n')
    shown = run(service, "site", "show", "News", config=str(file), base_url="")
    assert "https://corrections.example/embed/" in shown.stdout
    shown = run(service, "site", "show", "News", config=str(file), base_url="https://other.example")
    assert "https://other.example/embed/" in shown.stdout
    for wrong in ("base_url = ", 'base_ulr = "x"', "recheck_minutes = 0"):
        file.write_text(wrong)
        refused(run(service, "stats", config=str(file), base_url=""), 78)


def test_a_second_server_is_refused_and_short_commands_work_beside_the_first(tmp_path: Path) -> None:
    with Mailbox(directory=tmp_path / "mails") as mailbox, running_service(tmp_path / "data", mailbox) as service:
        service.init()
        first = service.start()
        assert service.post()[0] == 201
        wait_for(lambda: service.stats()["mails_owed"] == 0, "the desk is told")
        for command in ("serve", "worker", "restore"):
            file = tmp_path / "some"
            file.touch()
            line = refused(run(service, command, *([str(file)] if command == "restore" else [])), 78)
            assert "already running on this database" in line
        assert first.poll() is None
        assert "invitation: " in service.console(
            "editor", "add", "eve@news.example", "--site", "News", "--role", "editor"
        )
        added = service.console(
            "site", "add", "Other", "--origin", "https://*.example", "--desk", "desk@other.example", "--lang", "uk"
        )
        assert added.startswith("site-key: ")
        assert "note: https://*.example is an address of News, too" in added
        assert service.console("site", "list").count("\n") == 2
        assert service.console("outbox", "release") == "0 released\n"
        assert service.console("outbox", "retry") == "0 will be tried again\n"
        service.console("outbox", "list")
        assert service.console("count-anew").splitlines()[-1].endswith(" is counted anew")
        assert json.loads(service.console("purge"))["reports"] == 0
        assert service.console("erase", "--email", "nobody@example.org") == "0 reports erased\n"
        assert service.stats()["accepted"] == 1
        assert service.post()[0] == 201


def test_a_program_is_let_in_by_a_token_of_the_console_until_it_is_revoked(service: Service) -> None:
    service.init()
    service.start()
    said = service.console("token", "add", "the CMS", "--site", "News", "--scope", "cases:read")
    secret = said.removeprefix("token: ").strip()
    assert service.console("token", "list") == "the CMS\tnews\tcases:read\n"

    def status() -> int:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=ANSWER)
        connection.request("GET", "/api/v1/cases", headers={"Authorization": f"Bearer {secret}"})
        answer = connection.getresponse().status
        connection.close()
        return answer

    assert status() == 200
    assert "name" in refused(run(service, "token", "add", "the CMS", "--site", "News", "--scope", "cases:read"), 1)
    assert run(service, "token", "add", "x", "--site", "News", "--scope", "cases:all").returncode == 2
    assert service.console("token", "revoke", "the CMS") == "revoked\n"
    assert (status(), service.console("token", "list")) == (401, "")
    assert refused(run(service, "token", "revoke", "the CMS"), 1) == "corrections: There is no token of this name."


def test_a_person_is_let_in_by_another_account_of_the_provider_that_is_named(service: Service) -> None:
    service.init()
    known = {"oidc_issuer": "https://a.example", "oidc_client_id": "c", "oidc_client_secret": "s"}
    forget = ("editor", "forget-account", "ed@news.example")
    assert "Nobody came by an account" in refused(run(service, *forget, **known), 1)
    db = open_database(Settings(data_dir=service.directory))
    with db.write() as session:
        assert accounts.come(session, "ed@news.example", issuer="https://a.example", subject="1") is not None
    db.close()
    said = refused(run(service, *forget, "--issuer", "https://b.example", **known), 1)
    assert said == "corrections: No provider has this issuer; set up: https://a.example."
    told = run(service, *forget, "--issuer", "https://a.example/", **known).stdout
    assert told.startswith("The next account of https://a.example whose verified address is ed@news.example is taken")
    told = run(service, *forget, **known).stdout
    assert told.startswith("The next account, of whichever provider, whose verified address")
    assert "Nobody came by an account" in refused(run(service, *forget, **known), 1)


def test_a_leaver_is_taken_off_every_publication(service: Service) -> None:
    service.init()
    alone = refused(run(service, "editor", "remove", "ed@news.example"), 1)
    assert alone == "corrections: Nobody else administers News: give somebody there that role first."
    db = open_database(Settings(data_dir=service.directory))
    with db.write() as session:
        editors.add(session, "mia@news.example", site=sites.by_name(session, "News"), role=Role.EDITOR)
    db.close()
    assert service.console("editor", "remove", "MIA@news.example") == "removed from: News\n"
    again = refused(run(service, "editor", "remove", "mia@news.example"), 1)
    assert again == "corrections: Nobody signs in as mia@news.example."


def test_what_cannot_be_done_is_status_1_with_the_reason(service: Service, tmp_path: Path) -> None:
    service.init()
    (tmp_path / "there").touch()
    assert (
        refused(run(service, "site", "show", "Nobody"), 1)
        == "corrections: No publication is called Nobody; `corrections site list` shows those there are."
    )
    assert "is there already" in refused(run(service, "backup", str(tmp_path / "there")), 1)
    assert "There is no directory" in refused(run(service, "backup", str(tmp_path / "no" / "place")), 1)
    assert "backup" in refused(run(service, "restore", str(tmp_path / "there")), 1)
    wrong = ["site", "add", "X", "--origin", "javascript:alert(1)", "--desk", "desk@x.example"]
    assert refused(run(service, *wrong), 1).startswith("corrections: origins: ")


def test_a_backup_is_private_and_comes_back_with_its_mail_held(tmp_path: Path) -> None:
    with Mailbox(directory=tmp_path / "mails") as mailbox, running_service(tmp_path / "data", mailbox) as service:
        service.init()
        service.start()
        for number in range(5):
            assert service.post(url=f"https://news.example/{number}")[0] == 201
        wait_for(lambda: service.stats()["mails_owed"] == 0, "the desk is told")
        service.stop()
        service.start("serve", "--port", str(service.port))
        kept = tmp_path / "backup"
        assert service.console("backup", str(kept)) == "5 reports in 5 cases\n"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert service.post(url="https://news.example/later")[0] == 201
        service.stop()
        assert run(service, "restore", str(kept)).returncode == 1, "nothing is replaced without a yes"
        assert service.console("restore", str(kept), "--yes").startswith("5 reports in 5 cases")
        told = len(mailbox.messages())
        service.start()
        assert service.stats()["accepted"] == 5
        assert service.post(url="https://news.example/again")[0] == 201
        wait_for(lambda: len(mailbox.messages()) > told, "work goes on after a restore")


def test_a_restore_that_cannot_know_who_was_erased_is_refused_until_it_is_told_how(
    service: Service, tmp_path: Path
) -> None:
    """K07: into a new directory, from a backup whose own erasure log is not there either."""
    service.init()
    kept, log = tmp_path / "backup", tmp_path / "erasures.log"
    service.console("backup", str(kept))
    (service.directory / "erasures.log").unlink(missing_ok=True)
    (tmp_path / "new").mkdir()
    fresh = Service(tmp_path / "new")
    line = refused(run(fresh, "restore", str(kept), "--yes"), 1)
    assert "not known who was erased" in line
    assert "--erasures" in line
    assert "--without-erasures" in line
    log.touch()
    assert fresh.console("restore", str(kept), "--yes", "--erasures", str(log)).startswith("0 reports")
    assert fresh.console("restore", str(kept), "--yes", "--without-erasures").startswith("0 reports")


def test_the_schema_goes_back_under_no_process_that_has_the_database_open(
    service: Service, postgresql_settings: Settings
) -> None:
    """A web replica that does no background work has no lock file, and no beat of a worker."""
    url = postgresql_settings.database_url
    service.environment["CORRECTIONS_DATABASE_URL"] = url
    service.init()
    replica = service.start("serve", "--port", str(service.port), "--web-only")
    line = refused(run(service, "migrate", "--to", "0020", "--yes"), 1)
    assert line.endswith("1 more of this service's processes have this database open; stop them first."), line
    replica.send_signal(signal.SIGTERM)
    replica.wait(ANSWER)
    assert run(service, "migrate", "--to", "0020", "--yes").stdout == "schema: 0020\n"


def test_the_schema_goes_back_for_an_earlier_version_once_nothing_runs_on_it(service: Service) -> None:
    service.init()
    assert "knows no schema '0099', only 0001, 0002" in refused(run(service, "migrate", "--to", "0099"), 78)
    assert service.console("migrate") == f"schema: {head_revision()}\n"
    process = service.start()
    assert "already running on this database" in refused(run(service, "migrate", "--to", "0020", "--yes"), 78)
    process.send_signal(signal.SIGTERM)
    process.wait(ANSWER)
    unanswered = run(service, "migrate", "--to", "0020")
    assert (unanswered.returncode, unanswered.stdout) == (1, "")
    assert service.console("migrate") == f"schema: {head_revision()}\n"
    assert service.console("migrate", "--to", "0020", "--yes") == "schema: 0020\n"
    assert "an older version's; run `corrections migrate`" in refused(run(service, "stats"), 78)
    assert service.console("migrate", "--to", "0021") == "schema: 0021\n"
    assert service.console("migrate") == f"schema: {head_revision()}\n"
    assert service.stats()["accepted"] == 0


def test_everything_is_exported(service: Service) -> None:
    service.init()
    service.start()
    assert service.post(comment="=HYPERLINK(1)")[0] == 201
    lines = [json.loads(line) for line in service.console("export", "--site", "News").splitlines()]
    assert list(dict.fromkeys(line["type"] for line in lines)) == ["site", "article", "case", "report", "event"]
    table = service.console("export", "--site", "news", "--format", "csv")
    assert table.startswith("\ufeffreference,")
    assert "'=HYPERLINK(1)" in table


def test_a_database_is_filled_for_load_tests(service: Service) -> None:
    service.init()
    service.console("seed", "--reports", "200")
    assert service.stats()["accepted"] == 200


def test_a_server_that_is_told_to_stop_ends_well(service: Service) -> None:
    service.init()
    running = service.start()
    running.send_signal(signal.SIGTERM)
    assert running.wait(30) == 0
