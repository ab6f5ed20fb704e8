"""The public log: whether it is as it was written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corrections_service.console import one_line, reading

commands = click.Group()


@commands.command("verify-log")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--site", "site_name", help="The publication's name or slug; without it all of this installation.")
@click.option(
    "--key", "keys", multiple=True, help="The public key that checkpoints must be signed with; without any it fails."
)
def verify_log(file: Path | None, site_name: str | None, keys: tuple[str, ...]) -> None:
    """Check the public log's chain, of a downloaded FILE or of the database; says how many entries, or which is wrong."""
    from corrections_service.rules import chain
    from corrections_service.services import entries, sites

    checked = []
    name = ""
    try:
        if file is not None:
            with file.open("rb") as lines:
                checked.append(chain.verify(lines))
        else:
            with reading() as session:
                every = [sites.by_name(session, site_name)] if site_name else list(sites.all_sites(session))
                for site in every:
                    name = f"{site.name}: "
                    checked.append(entries.verify(session, site))
                    name = ""
    except chain.BadChain as error:
        click.echo(f"corrections: {one_line(f'{name}{error}')}", err=True)
        sys.exit(1)
    others = {key for log in checked for key in log.keys} - set(keys)
    if keys and others:
        click.echo(f"corrections: a checkpoint is signed with another key: {', '.join(sorted(others))}", err=True)
        sys.exit(1)
    if keys and any(not log.checkpoints for log in checked if log.entries or file is not None):
        click.echo(
            "corrections: nothing is signed: whoever wrote this log anew could give it hashes that fit", err=True
        )
        sys.exit(1)
    click.echo(f"ok {sum(log.entries for log in checked)} entries")
    for log in checked:
        if file is not None and log.signed < log.entries:
            signed = f"signed up to entry {log.signed}" if log.signed else "nothing is signed"
            rest = f"nobody vouches for entries {log.signed + 1} to {log.entries}"
            click.echo(f"corrections: {signed}; {rest}", err=True)
