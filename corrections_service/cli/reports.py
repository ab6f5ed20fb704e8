"""What readers sent: its sums, and how it is taken in, handed out and forgotten."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from corrections_service.console import current_settings, one_line, opened, reading, writing

commands = click.Group()

SOURCES = ("mistape", "csv", "mbox", "hypothesis", "isso", "remark42")


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


@commands.command("count-anew")
@click.option("--site", "site_name", help="The publication's name or slug; without it all of this installation.")
def count_anew(site_name: str | None) -> None:
    """Count the figures of all days anew, from the reports and cases themselves; the worker does it, day by day."""
    from corrections_service.services import sites, tallies

    with writing() as (session, _):
        counted = [sites.by_name(session, site_name)] if site_name else list(sites.all_sites(session))
        for site in counted:
            tallies.count_anew(session, site)
            click.echo(f"{one_line(site.name)} is counted anew")


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
@click.option("--from", "form", required=True, type=click.Choice(SOURCES), help="What kept them.")
@click.option("--column", "columns", multiple=True, help="What a column of a table means: comment=What is wrong?")
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="What comes first in a table's dates, such as 5/6/2024.",
)
@click.option("--dry-run", is_flag=True, help="Say what would become of each row, and store nothing.")
def import_reports(
    file: Path, site_name: str, form: str, columns: tuple[str, ...], dates: str | None, dry_run: bool
) -> None:
    """Take in the reports of another program, each once, however often this runs; nobody is mailed about them."""
    from collections import Counter

    from rich.console import Console
    from rich.progress import Progress

    from corrections_service.services import sites, sources
    from corrections_service.services.imports import Outcome, take_in
    from corrections_service.services.tables import DateOrder

    if (columns or dates) and form != "csv":
        raise click.UsageError("--column and --dates are for tables (--from csv).")
    reading = sources.Reading(_headings(columns), DateOrder(dates) if dates else None)
    counts: Counter[Outcome] = Counter()
    cut = 0
    with opened() as (database, settings):
        with database.read() as session:
            site = sites.by_name(session, site_name)
        rows = sources.read(file, form, site.origins, reading)
        if form == "csv":
            for name, meaning in sources.columns(file, reading):
                click.echo(f"column {one_line(name)}: {meaning or 'left out'}", err=True)
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("reports", total=1.0)
            for row, outcome in take_in(database, site, rows, secret=settings.secret_key, only_look=dry_run):
                counts[outcome] += 1
                progress.update(task, completed=row.share)
                is_cut = outcome is Outcome.IMPORTED and bool(row.cut)
                cut += is_cut
                if outcome is Outcome.BAD or is_cut:
                    line = f"{row.position}: {one_line(row.wrong or row.cut)}"
                    progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
            progress.update(task, completed=1.0)
    imported = "to be imported" if dry_run else Outcome.IMPORTED.value
    names = {**{outcome: outcome.value for outcome in Outcome}, Outcome.IMPORTED: imported}
    figures = ", ".join(f"{counts[outcome]} {name}" for outcome, name in names.items())
    click.echo(f"{counts.total()} read: {figures}" + (f"; {cut} {imported} shortened" if cut else ""))
    if dry_run:
        click.echo("Nothing was stored: this was a dry run.")


def _headings(columns: tuple[str, ...]) -> dict[str, str]:
    """What further columns mean, by their names in the file. Raises UsageError."""
    from corrections_service.services.sources import COLUMNS

    headings = {}
    for column in columns:
        meaning, _, heading = column.partition("=")
        if meaning not in COLUMNS or not heading.strip():
            raise click.UsageError(f"--column takes one of {', '.join(COLUMNS)}, then = and the column's name.")
        headings[heading] = meaning
    return headings


@commands.command()
@click.option("--force", is_flag=True, help="Also when that is more than a fifth of all reports.")
def purge(force: bool) -> None:
    """Forget what need not be kept any longer; stops where that is suspiciously much."""
    from corrections_service.services import privacy

    with opened() as (database, settings):
        click.echo(json.dumps(privacy.purge(database, settings, force=force)))


@commands.command()
@click.option("--email", required=True, help="The reader's e-mail address.")
def erase(email: str) -> None:
    """Erase what a reader sent, and their address."""
    from corrections_service.services import priorities, privacy
    from corrections_service.store import search

    with opened() as (database, _):
        with database.write() as session:
            count = privacy.erase_reader(session, email)
        search.catch_up(database, also=priorities.note)
    click.echo(f"{count} reports erased")


@commands.command()
@click.option("--reports", "count", required=True, type=click.IntRange(1), help="How many reports to make.")
def seed(count: int) -> None:
    """Fill the database for load tests: realistic English text, search index included."""
    from rich.progress import Progress

    from corrections_service.demo.seed import fill
    from corrections_service.store.database import open_database

    database = open_database(current_settings())
    with Progress() as progress:
        task = progress.add_task("reports", total=count)
        for number in fill(database, count):
            progress.update(task, completed=number)
    database.close()
