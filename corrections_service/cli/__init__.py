"""The console: one command, one call; a file for each subject."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn

import click

from corrections_service import __version__
from corrections_service.console import one_line
from corrections_service.errors import ConfigurationError, CorrectionsError

FAILED, WRONG_CONFIGURATION = 1, 78

SUBJECTS = {
    "running": "demo doctor init migrate serve worker",
    "newsroom": "editor link site token",
    "reports": "count-anew erase export import purge seed stats",
    "copies": "backup restore",
    "log": "verify-log",
    "outbox": "outbox",
}
"""The files of this folder, and the commands that each has."""


class _Commands(Mapping[str, click.Command]):
    """All commands by name; the file of a subject is imported when one of its commands is looked up."""

    def __init__(self) -> None:
        self._subject_of = {name: subject for subject, names in SUBJECTS.items() for name in names.split()}

    def __getitem__(self, name: str) -> click.Command:
        subject: click.Group = import_module(f"{__name__}.{self._subject_of[name]}").commands
        return subject.commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._subject_of)

    def __len__(self) -> int:
        return len(self._subject_of)


@click.group(commands=_Commands(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="corrections")
def commands() -> None:
    """Readers report errors in articles; editors fix them; readers hear back."""


def main() -> NoReturn:
    """Run the command line: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration; one line says why."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # None, where it was closed before the start
            stream.reconfigure(errors="backslashreplace")  # a name that this terminal has no letters for stops nothing
    try:
        commands(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("corrections: Stopped before it was done.", err=True)
        sys.exit(FAILED)
    except ConfigurationError as error:
        click.echo(f"corrections: {one_line(error.detail)}", err=True)
        sys.exit(WRONG_CONFIGURATION)
    except CorrectionsError as error:
        click.echo(f"corrections: {one_line(error.detail)}", err=True)
        sys.exit(FAILED)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"corrections: {one_line(place + (error.strerror or str(error)))}", err=True)
        sys.exit(FAILED)
    sys.exit(0)
