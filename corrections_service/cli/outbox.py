"""The console: one command, one call."""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import NoReturn

import click

from corrections_service import __version__
from corrections_service.console import current_settings, new_file, one_line, opened, reading, writing
from corrections_service.errors import ConfigurationError, CorrectionsError

FAILED, WRONG_CONFIGURATION = 1, 78


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="corrections")
def commands() -> None:
    """Readers report errors in articles; editors fix them; readers hear back."""


def main() -> NoReturn:
    """Run the command line: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration; one line says why."""
    try:
        commands(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(FAILED)
    except ConfigurationError as error:
        click.echo(f"corrections: {one_line(error.detail)}", err=True)
        sys.exit(WRONG_CONFIGURATION)
    except CorrectionsError as error:
        click.echo(f"corrections: {one_line(error.detail)}", err=True)
        sys.exit(FAILED)
    except OSError as error:
        click.echo(f"corrections: {one_line(str(error))}", err=True)
        sys.exit(FAILED)
    sys.exit(0)


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
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@click.option("--web-only", is_flag=True, help="Leave the background work to `corrections worker` (PostgreSQL).")
def serve(host: str, port: int, web_only: bool) -> None:
    """Run the web server, and the background work with it."""
    from corrections_service import server

    server.serve(current_settings(), host, port, web_only=web_only)


@commands.command()
def worker() -> None:
    """Run background work only; any number of them with PostgreSQL."""
    from corrections_service import server

    server.work(current_settings())


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
    given = {"admin": admin or "", "site": site or "", "origin": " ".join(origins), "desk": desk or ""}
    for name, value in given.items():
        if yes and not value:
            raise click.UsageError(f"--yes needs --{name}.")
    from corrections_service import first_run

    settings = current_settings()
    first_run.check_settings(settings)
    made = first_run.make(settings, first_run.answers(given, ask=not yes))
    click.echo(f"data: {settings.data_dir.resolve()}" if settings.is_sqlite else f"key: {settings.data_dir.resolve()}")
    click.echo(f"site-key: {made.key}")
    click.echo(f"tag: {made.tag}")
    click.echo(f"sign-in: {made.sign_in}")
    click.echo(f"note: The sign-in link opens once, within {first_run.LINK_HOURS} hours; choose a password there.")
    click.echo("next: Run `corrections doctor`, then `corrections serve`; then put the tag into the articles.")


@commands.command()
def migrate() -> None:
    """Bring the database's schema to head."""
    from corrections_service.store.database import open_database

    database = open_database(current_settings())
    database.migrate()
    database.close()


@commands.group()
def site() -> None:
    """The publications."""


@site.command("add")
@click.argument("name")
@click.option("--origin", "origins", multiple=True, required=True, help="An origin of its articles; again for more.")
@click.option("--desk", required=True, help="The address that hears of new cases.")
@click.option("--lang", default="en", show_default=True, help="The publication's language (BCP 47).")
def site_add(name: str, origins: tuple[str, ...], desk: str, lang: str) -> None:
    """Add a publication; prints its key and the embed code."""
    from corrections_service.services import sites

    with writing() as (session, config):
        sites.check_free(session, name)
        made = sites.create(session, name=name, origins=list(origins), desk=desk, language=lang)
        click.echo(f"site-key: {made.key}")
        click.echo(sites.embed_tag(made, config.base_url))


@site.command("list")
def site_list() -> None:
    """List the publications."""
    from corrections_service.services import sites

    with reading() as session:
        for one in sites.all_sites(session):
            click.echo(f"{one.slug}\t{one.key}\t{one_line(one.name)}")


@site.command("show")
@click.argument("name")
@click.option("--pinned", metavar="LANG", help="The embed code that pins the script's hash, in this language.")
def site_show(name: str, pinned: str | None) -> None:
    """Show one publication, its key and the embed code."""
    from corrections_service.services import sites
    from corrections_service.web import embed

    with reading() as session:
        one = sites.by_name(session, name)
        click.echo(f"name: {one_line(one.name)}")
        click.echo(f"site-key: {one.key}")
        click.echo(f"origins: {' '.join(one.origins)}")
        click.echo(f"desk: {one.desk}")
        config = current_settings()
        tag = sites.embed_tag(one, config.base_url)
        click.echo(embed.whole_tag(embed.build(config), one, config.base_url, pinned) if pinned else tag)


@commands.command()
@click.argument("url")
@click.option("--site", "site_name", required=True, help="The publication's name or slug.")
@click.option("--qr", type=click.Path(path_type=Path, dir_okay=False), help="Write its QR code to this new file (SVG).")
def link(url: str, site_name: str, qr: Path | None) -> None:
    """Print the short address of an article, for newsletters, apps and print."""
    from corrections_service.rules.links import qr_code
    from corrections_service.services import links, sites

    with writing() as (session, settings):
        address = links.short_address(links.add(session, sites.by_name(session, site_name), url), settings)
    if qr is not None:
        with qr.open("x", encoding="utf-8") as file:
            file.write(qr_code(address))
    click.echo(address)


@commands.group()
def editor() -> None:
    """The people who sign in."""


@editor.command("add")
@click.argument("email")
@click.option("--site", "site_name", required=True, help="The publication's name or slug.")
@click.option("--role", required=True, type=click.Choice(["viewer", "author", "editor", "standards", "admin"]))
def editor_add(email: str, site_name: str, role: str) -> None:
    """Invite a person: prints the invitation link, which also goes to them by mail."""
    from corrections_service.rules.workflow import Role
    from corrections_service.services import editors, sites

    with writing() as (session, config):
        site = sites.by_name(session, site_name)
        link = editors.invite(session, email, site=site, role=Role(role), base_url=config.base_url)
    click.echo(f"invitation: {link}")


@editor.command("link")
@click.argument("email")
def editor_link(email: str) -> None:
    """Print a link that signs a person in, once and within an hour: for who forgot the password while no mail goes out."""
    from corrections_service.errors import NotFound
    from corrections_service.services import editors
    from corrections_service.store.models import Purpose

    with writing() as (session, config):
        person = editors.by_email(session, email)
        if person is None or not person.active or not person.memberships:
            raise NotFound(f"Nobody signs in as {email}; `corrections editor add` invites people.")
        click.echo(f"sign-in: {config.base_url}/sign-in/{editors.link(session, person, Purpose.SIGN_IN, hours=1)}")


@commands.group()
def token() -> None:
    """The secrets by which programs are let in."""


@token.command("add")
@click.argument("name")
@click.option("--site", "site_name", required=True, help="The publication's name or slug; the program sees no other.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(["cases:read", "articles:changed"]),
    help="What it may do.",
)
def token_add(name: str, site_name: str, scopes: tuple[str, ...]) -> None:
    """Make a token for a program; prints its secret, which nobody can look up later."""
    from corrections_service.services import sites, tokens
    from corrections_service.store.models import Scope

    with writing() as (session, _):
        site = sites.by_name(session, site_name)
        click.echo(f"token: {tokens.add(session, name, site=site, scopes=[Scope(one) for one in scopes])}")


@token.command("list")
def token_list() -> None:
    """List the tokens: name, site, scopes."""
    from corrections_service.services import tokens

    with reading() as session:
        for one in tokens.all_tokens(session):
            click.echo(f"{one_line(one.name)}\t{one.site.slug}\t{' '.join(one.scopes)}")


@token.command("revoke")
@click.argument("name")
def token_revoke(name: str) -> None:
    """Let the program of a token in no more."""
    from corrections_service.services import tokens

    with writing() as (session, _):
        tokens.revoke(session, name)
    click.echo("revoked")


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

    settings = current_settings()
    troubles = 0
    for name, trouble in chain(examine(settings, send_test), door.examine(settings) if front_door else ()):
        click.echo(f"{'ok' if not trouble else 'WRONG'}  {name}{': ' + one_line(trouble) if trouble else ''}")
        troubles += bool(trouble)
    for said in notes(settings):
        click.echo(f"note  {one_line(said)}")
    if troubles:
        raise ConfigurationError(f"{troubles} of the checks failed.")


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def stats(as_json: bool) -> None:
    """The sums that must come out: what came in, and what became of it."""
    from corrections_service.services import figures

    with reading() as session:
        sums = figures.accounting(session)
    if as_json:
        click.echo(json.dumps(sums))
    else:
        for name, value in sums.items():
            click.echo(f"{name}: {value}")


@commands.group()
def outbox() -> None:
    """What is owed and could not be sent."""


@outbox.command("list")
def outbox_list() -> None:
    """List what could not be sent, with the reason."""
    from corrections_service.services import outbox as owed
    from corrections_service.services import sites

    with reading() as session:
        for one in owed.unsent(session, [site.id for site in sites.all_sites(session)]):
            reason = one_line(one.last_error)
            click.echo(f"{one.id}\t{one.state.value}\t{one.template}\t{one.attempts} tries\t{reason}")


@outbox.command("retry")
@click.argument("number", type=int, required=False)
def outbox_retry(number: int | None) -> None:
    """Try what failed once more; one delivery, or all."""
    from corrections_service.services import outbox as owed

    with writing() as (session, _):
        count = owed.retry(session, number)
    if number is not None and not count:
        raise CorrectionsError(f"Delivery {number} is none that failed or waits for its next try.")
    click.echo(f"{count} will be tried again")


@outbox.command("release")
def outbox_release() -> None:
    """Let the mails go that a restore held back."""
    from corrections_service.services import outbox as owed

    with writing() as (session, _):
        click.echo(f"{owed.release(session)} released")


@commands.command()
@click.option("--force", is_flag=True, help="Also when that is more than a fifth of all reports.")
def purge(force: bool) -> None:
    """Forget what need not be kept any longer; stops where that is suspiciously much."""
    from corrections_service.services import privacy

    with writing() as (session, settings):
        click.echo(json.dumps(privacy.purge(session, settings, force=force)))


@commands.command()
@click.option("--email", required=True, help="The reader's e-mail address.")
def erase(email: str) -> None:
    """Erase what a reader sent, and their address."""
    from corrections_service.services import privacy
    from corrections_service.store import search

    with opened() as (database, _):
        with database.write() as session:
            count = privacy.erase_reader(session, email)
        search.catch_up(database)
    click.echo(f"{count} reports erased")


@commands.command()
@click.option("--site", "site_name", required=True, help="The publication's name or slug.")
@click.option("--format", "form", type=click.Choice(["ndjson", "csv"]), default="ndjson", show_default=True)
def export(site_name: str, form: str) -> None:
    """Write all that a publication has to standard output; csv is one row for each report."""
    from corrections_service.services import exchange, sites

    write = exchange.csv_lines if form == "csv" else exchange.json_lines
    with reading() as session:
        for line in write(session, sites.by_name(session, site_name)):
            sys.stdout.buffer.write(line.encode())
        sys.stdout.buffer.flush()


@commands.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--site", "site_name", required=True, help="The publication's name or slug.")
@click.option("--from", "form", required=True, type=click.Choice(["mistape", "csv", "mbox"]), help="What kept them.")
def import_reports(file: Path, site_name: str, form: str) -> None:
    """Take in the reports of another program, each once, however often this runs; nobody is mailed about them."""
    from collections import Counter

    from rich.console import Console
    from rich.progress import Progress

    from corrections_service.imports import Outcome, take_in
    from corrections_service.services import sites, sources

    counts: Counter[Outcome] = Counter()
    with opened() as (database, settings):
        with database.read() as session:
            site = sites.by_name(session, site_name)
        rows = sources.read(file, form, site.origins)
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("reports", total=1.0)
            for row, outcome in take_in(database, site, rows, secret=settings.secret_key):
                counts[outcome] += 1
                progress.update(task, completed=row.done)
                if outcome is Outcome.BAD:
                    shown = f"{row.place}: {one_line(row.wrong)}"
                    progress.console.print(shown, markup=False, highlight=False, soft_wrap=True)
            progress.update(task, completed=1.0)
    figures = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome)
    click.echo(f"{counts.total()} read: {figures}")


@commands.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write all there is into a new FILE (0600), while the service goes on."""
    from corrections_service.services import backup as backups
    from corrections_service.store import erasures
    from corrections_service.store.database import head_revision

    unfinished = file.with_name(f"{file.name}.unfinished")
    if file.exists():
        raise CorrectionsError(f"{file} is there already.")
    log = current_settings().erasures
    with reading() as session, new_file(unfinished) as out:
        erasures.touch(log)
        rows = backups.write(session, out, revision=head_revision(), erasure_log=log)
        out.flush()
        os.fsync(out.fileno())
    unfinished.rename(file)
    click.echo(f"{rows['report']} reports in {rows['case']} cases")


@commands.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Ask nothing, also where that replaces reports.")
@click.option(
    "--erasures",
    "logs",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="The erasure log of the service that made the backup, where it is elsewhere; again for more.",
)
@click.option("--without-erasures", is_flag=True, help="The erasure log is lost: whoever was erased since comes back.")
def restore(file: Path, yes: bool, logs: tuple[Path, ...], without_erasures: bool) -> None:
    """Put a backup in the place of all that is there; no mail goes out until `corrections outbox release`."""
    from corrections_service.services import backup as backups
    from corrections_service.services import figures
    from corrections_service.store import search
    from corrections_service.store.database import head_revision, hold_lock
    from corrections_service.store.engine import living_workers

    with hold_lock(current_settings()) or nullcontext(), writing(migrate=True) as (session, settings):
        if not settings.is_sqlite and living_workers(session):
            raise CorrectionsError("Workers are running on this database; stop them first.")
        there = figures.accounting(session)["accepted"]
        if there and not yes:
            click.confirm(f"Replace the {there} reports that are there?", abort=True, err=True)
        named = (settings.erasures, backups.erasure_log_of(file))
        known = [*logs, *(one for one in named if one is not None and one.exists())]
        if not known and not there and not without_erasures:
            raise CorrectionsError(
                "It is not known who was erased since this backup was made. Name the erasure log of the service that "
                "made it (--erasures DATA_DIR/erasures.log), or say --without-erasures if it is lost."
            )
        rows = backups.restore(session, file, revision=head_revision(), logs=known)
    with opened() as (database, _):
        search.catch_up(database)
    click.echo(f"{rows['report']} reports in {rows['case']} cases; mail is held until `corrections outbox release`")


@commands.command()
@click.option("--reports", "wanted", required=True, type=click.IntRange(1), help="How many reports to make.")
def seed(wanted: int) -> None:
    """Fill the database for load tests: realistic English text, search index included."""
    from rich.progress import Progress

    from corrections_service.demo.seed import fill
    from corrections_service.store.database import open_database

    database = open_database(current_settings())
    with Progress() as progress:
        task = progress.add_task("reports", total=wanted)
        for done in fill(database, wanted):
            progress.update(task, completed=done)
    database.close()
