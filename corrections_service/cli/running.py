"""What runs the service: the demo, the first run, the server, the checks."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corrections_service import __version__
from corrections_service.console import current_settings, one_line, serving_settings
from corrections_service.errors import ConfigurationError, CorrectionsError

if TYPE_CHECKING:
    from corrections_service.store.database import Database

commands = click.Group()


@commands.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65533),
    default=0,
    help="The service's port; the newspaper and the mailbox take the next two. 0: free ones.",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to keep the demo's data; else it is thrown away.",
)
@click.option("--no-open", is_flag=True, help="Do not open the article in a browser.")
def demo(port: int, data_dir: Path | None, no_open: bool) -> None:
    """Try it: a newspaper, the service and a mailbox on this machine; no account or mail server needed."""
    from corrections_service.demo.story import run

    run(port=port, data_dir=data_dir, open_browser=not no_open)


@commands.command()
@click.option("--yes", is_flag=True, help="Ask nothing; take the answers from the options.")
@click.option("--admin", help="The first administrator's e-mail address.")
@click.option("--site", help="The publication's name.")
@click.option(
    "--origin", "origins", multiple=True, help="An origin of its articles, https://news.example; again for more."
)
@click.option("--desk", help="The address that hears of new cases.")
def init(yes: bool, admin: str | None, site: str | None, origins: tuple[str, ...], desk: str | None) -> None:
    """First run: data directory, secret key, schema, first administrator and site."""
    options = {"admin": admin or "", "site": site or "", "origin": " ".join(origins), "desk": desk or ""}
    for name, value in options.items():
        if yes and not value:
            raise click.UsageError(f"--yes needs --{name}.")
    from corrections_service import first_run

    settings = current_settings()
    first_run.check_settings(settings)
    installation = first_run.make(settings, first_run.answers(options, ask=not yes))
    click.echo(f"data: {settings.data_dir.resolve()}" if settings.is_sqlite else f"key: {settings.data_dir.resolve()}")
    click.echo(f"site-key: {installation.key}")
    click.echo(f"tag: {installation.tag}")
    click.echo(f"guide: {installation.guide}")
    click.echo(f"sign-in: {installation.sign_in}")
    click.echo(f"note: The sign-in link opens once, within {first_run.LINK_HOURS} hours; choose a password there.")
    click.echo(
        "next: Run `corrections doctor`, then `corrections serve`; then put the tag into the articles; the guide sees it work."
    )


@commands.command()
@click.option(
    "--to", "revision", default="", metavar="REVISION", help="Another schema than head, such as an earlier version's."
)
@click.option("--yes", is_flag=True, help="Ask nothing before going back.")
def migrate(revision: str, yes: bool) -> None:
    """Bring the database's schema to head; or back to an earlier version's, which says its number when it is started."""
    from corrections_service.store.database import head_revision, hold_lock, open_database

    settings = current_settings()
    with contextlib.closing(open_database(settings)) as database:
        if not database.goes_back(revision or head_revision()):
            database.migrate(revision)
        else:
            with hold_lock(settings) or contextlib.nullcontext():
                _check_idle(database)
                if not yes:
                    click.confirm(f"Remove what only versions after {revision} keep?", abort=True, err=True)
                database.migrate(revision)
        click.echo(f"schema: {database.revision()}")


def _check_idle(database: Database) -> None:
    """Raises CorrectionsError while a process has a PostgreSQL database open; on SQLite the lock file says so."""
    from corrections_service.store.jobs import living_workers, other_processes

    if database.is_sqlite:
        return
    with database.read() as session:
        if others := other_processes(session):
            raise CorrectionsError(
                f"{others} more of this service's processes have this database open; stop them first."
            )
        if living_workers(session):
            raise CorrectionsError(
                "Workers were running on this database a moment ago; stop them, and wait two minutes."
            )


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@click.option("--web-only", is_flag=True, help="Leave the background work to `corrections worker` (PostgreSQL).")
@click.option(
    "--setup", is_flag=True, help="Instead of `corrections init`: begin with nothing, and go on in the browser."
)
def serve(host: str, port: int, web_only: bool, setup: bool) -> None:
    """Run the web server, and the background work with it; while nobody signs in yet, it prints how to set it up."""
    settings = current_settings()
    if setup and not settings.secret_key:
        from corrections_service import first_run

        first_run.begin(settings)
    settings = serving_settings()
    from corrections_service import server

    server.serve(settings, host, port, web_only=web_only)


@commands.command()
def worker() -> None:
    """Run background work only; any number of them with PostgreSQL."""
    settings = serving_settings()
    from corrections_service import server

    server.work(settings)


@commands.command()
@click.option("--send-test", metavar="EMAIL", help="Send a test mail to this address.")
@click.option(
    "--url", "front_door", is_flag=True, help="Also ask BASE_URL as a browser would; names what a proxy does wrong."
)
def doctor(send_test: str | None, front_door: bool) -> None:
    """Check the configuration, the database and the mail server; names the setting that is wrong."""
    from itertools import chain

    from corrections_service import front_door as door
    from corrections_service.doctor import examine, notes

    click.echo(f"corrections-service {__version__}")
    settings = current_settings()
    troubles = 0
    for name, trouble in chain(examine(settings, send_test), door.examine(settings) if front_door else ()):
        click.echo(f"{'ok' if not trouble else 'WRONG'}  {name}{': ' + one_line(trouble) if trouble else ''}")
        troubles += bool(trouble)
    for note in notes(settings):
        click.echo(f"note  {one_line(note)}")
    if troubles:
        raise ConfigurationError(f"{troubles} of the checks failed.")
