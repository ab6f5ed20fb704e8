"""A copy of all there is, and the way back from it."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import click

from corrections_service.console import current_settings, new_file, opened, reading, writing
from corrections_service.errors import CorrectionsError

commands = click.Group()


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
    if not file.absolute().parent.is_dir():
        raise CorrectionsError(f"There is no directory {file.absolute().parent} for the backup; make it first.")
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
    from corrections_service.services import figures, priorities
    from corrections_service.store import search
    from corrections_service.store.database import head_revision, hold_lock
    from corrections_service.store.jobs import living_workers

    with hold_lock(current_settings()) or nullcontext(), writing(migrate=True) as (session, settings):
        if not settings.is_sqlite and living_workers(session):
            raise CorrectionsError("Workers are running on this database; stop them first.")
        report_count = figures.accounting(session)["accepted"]
        if report_count and not yes:
            click.confirm(f"Replace the {report_count} reports that are there?", abort=True, err=True)
        candidates = (settings.erasures, backups.erasure_log_of(file))
        erasure_logs = [*logs, *(path for path in candidates if path is not None and path.exists())]
        if not erasure_logs and not report_count and not without_erasures:
            raise CorrectionsError(
                "It is not known who was erased since this backup was made. Name the erasure log of the service that "
                "made it (--erasures DATA_DIR/erasures.log), or say --without-erasures if it is lost."
            )
        rows = backups.restore(session, file, revision=head_revision(), logs=erasure_logs)
    with opened() as (database, _):
        search.catch_up(database, also=priorities.note)
    click.echo(f"{rows['report']} reports in {rows['case']} cases; mail is held until `corrections outbox release`")
