"""The docs say what the code does: every setting, command, route and dependency, and no others."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from corrections_service.settings import Settings
from corrections_service.store.database import open_database
from tests.laws import documents
from tests.laws.documents import DOCS

ROOT = DOCS.parent
ANEW = "run `python -m tests.laws.documents`"


def test_settings_are_documented() -> None:
    assert (DOCS / "settings.md").read_text("utf-8") == documents.settings(), ANEW


def test_commands_are_documented() -> None:
    assert (DOCS / "commands.md").read_text("utf-8") == documents.console(), ANEW


def test_routes_are_documented(sqlite_settings: Settings) -> None:
    database = open_database(sqlite_settings)
    assert (DOCS / "routes.md").read_text("utf-8") == documents.routes(database, sqlite_settings), ANEW
    database.close()


def test_dependencies_are_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    direct = {re.split(r"[\[<>=~!]", one)[0] for one in project["dependencies"]}
    explained = set(re.findall(r"^\| ([a-z0-9-]+) \|", (DOCS / "dependencies.md").read_text("utf-8"), re.MULTILINE))
    assert explained - {"package"} == direct


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda page: page.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_repository_names_no_machine() -> None:
    hosts = re.compile(
        r"(?:^|[^\w/.])/(?:root|work|home/\w+)/|pypi\.org|files\.pythonhosted|registry\.npmjs", re.MULTILINE
    )
    kinds = (".py", ".md", ".toml", ".lock", ".js", ".json", ".html", ".css", ".txt")
    folders = ("corrections_service", "static", "templates", "tests", "benchmarks", "docs")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds]
    found += [path for path in ROOT.iterdir() if path.suffix in kinds or path.name == "Makefile"]
    this = Path(__file__)
    assert [
        str(path) for path in found if path != this and path.name != "uv.lock" and hosts.search(path.read_text("utf-8"))
    ] == []
