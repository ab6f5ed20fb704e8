"""The facts in docs/ as the code has them; `python -m tests.laws.documents` writes them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from corrections_service import create_app
from corrections_service.cli import commands
from corrections_service.rules.workflow import Role
from corrections_service.settings import PREFIX, Settings, ShadowRoot
from corrections_service.store.database import Database

ROOT = Path(__file__).resolve().parents[2]
DOCS, PACKAGE = ROOT / "docs", ROOT / "corrections_service"

FOLDERS = ("", "rules", "rules/lexicon", "store", "store/models", "services", "work", "web", "cli", "demo")
"""The floors, from the ground up, and what stands beside them."""


def settings() -> str:
    """docs/settings.md: each setting with its default and its help."""
    lines = [
        "# Settings",
        "",
        f"Environment variables, or the same names in lower case and without `{PREFIX}` in a TOML file that",
        f"`{PREFIX}CONFIG` names; the environment wins. `corrections doctor` says which one is wrong.",
        "",
        "| variable | default | what it is |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default: Any = field.default.value if hasattr(field.default, "value") else field.default
        shown = f"`{default}`" if default not in ("", [], {}) else "–"
        more = "__…" if default == {} else ""
        lines.append(f"| `{PREFIX}{name.upper()}{more}` | {shown} | {field.description} |")
    return "\n".join([*lines, ""])


def console() -> str:
    """docs/commands.md: each command with its help and its options."""
    lines = [
        "# Commands",
        "",
        "Exit status: 0 done, 1 it failed (one line on stderr says why), 2 wrong usage, 78 unsafe or wrong configuration.",
    ]
    for path, command in _commands(commands, "corrections"):
        words = [f"{path}"]
        words += [
            f"[{one.human_readable_name}]" if not one.required else one.human_readable_name
            for one in _arguments(command)
        ]
        lines += ["", f"## `{' '.join(words)}`", "", command.help or ""]
        if options := _options(command):
            lines += ["", *(f"- `{option.opts[-1]}`: {option.help or 'required.'}" for option in options)]
    return "\n".join([*lines, ""])


def routes(database: Database, config: Settings) -> str:
    """docs/routes.md: each address with its methods, who may use it, and what it does."""
    app = create_app(config, database=database)
    lines = [
        "# Addresses",
        "",
        "Who: *anybody*; *reader*, with the secret link; an editor with at least this role on a site; or a program whose",
        "token (`corrections token add`) has this scope.",
        "",
        "| address | methods | who | what |",
        "|---|---|---|---|",
    ]
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        if rule.endpoint == "static":
            continue
        view = app.view_functions[rule.endpoint]
        mark = getattr(view, "access", "")
        who = mark.value if isinstance(mark, Role) else {"public": "anybody"}.get(mark, mark)
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})) or "OPTIONS"
        what = " ".join((view.__doc__ or "").split("\n\n")[0].split())
        lines.append(f"| `{rule.rule}` | {methods} | {who} | {what} |")
    return "\n".join([*lines, ""])


def modules() -> str:
    """docs/modules.md: each file of the package with what it is, floor by floor."""
    lines = [
        "# Where it is",
        "",
        "Each file of `corrections_service/` with what it says of itself, floor by floor; [architecture.md](architecture.md)",
        "says how they work together. Tests have the same names: those of `services/cases.py` are in",
        "`tests/services/test_cases.py`.",
    ]
    for folder in FOLDERS:
        heading = f"`{folder}/`: {_first_words(PACKAGE / folder / '__init__.py')}" if folder else "Beside the floors"
        lines += ["", f"## {heading.removesuffix('.')}", "", "| file | what it is |", "|---|---|"]
        files = sorted(path for path in (PACKAGE / folder).glob("*.py") if path.name != "__init__.py")
        lines += [f"| `{path.name}` | {_first_words(path)} |" for path in files]
    return "\n".join([*lines, ""])


def _first_words(path: Path) -> str:
    """The first paragraph of what a file says of itself."""
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(said.split("\n\n")[0].split()).replace("|", "\\|")


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _arguments(command: click.Command) -> list[click.Argument]:
    return [one for one in command.params if isinstance(one, click.Argument)]


def _options(command: click.Command) -> list[click.Option]:
    return [one for one in command.params if isinstance(one, click.Option)]


def write(directory: Path) -> None:
    """Write all four anew."""
    import tempfile

    from corrections_service.store.database import open_database

    with tempfile.TemporaryDirectory() as data:
        secret = "w" * 8 + "ords that nobody would guess"
        config = Settings(
            data_dir=Path(data), base_url="http://localhost", secret_key=secret, shadow_root=ShadowRoot.OPEN
        )
        database = open_database(config)
        database.migrate()
        (directory / "settings.md").write_text(settings(), "utf-8")
        (directory / "commands.md").write_text(console(), "utf-8")
        (directory / "modules.md").write_text(modules(), "utf-8")
        (directory / "routes.md").write_text(routes(database, config), "utf-8")
        database.close()


if __name__ == "__main__":
    write(DOCS)
