"""The docs say what the code does: every setting, command, route and dependency, and no others."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from corrections_service.settings import Settings
from corrections_service.store.database import open_database
from tests.laws import documents
from tests.laws.documents import DOCS

ROOT = DOCS.parent
ANEW = "run `python -m tests.laws.documents`"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
OF_THE_CODE = [
    page
    for page in PAGES
    if page.name in ("CONTRIBUTING.md", "architecture.md", "words.md") or page.parent.name == "decisions"
]
FILE = re.compile(
    r"(?:corrections_service|templates|static|tests|benchmarks|rules|store|services|work|web|demo)/[\w/.*-]*"
)
FUNCTION = re.compile(r"([a-z_]+)\.(?!py$|json$)([A-Za-z_]+)(?:\(.*\))?")


@cache
def code() -> dict[str, str]:
    """The source of each module by its name; of several with one name, of all."""
    found: dict[str, str] = {}
    for path in (ROOT / "corrections_service").rglob("*.py"):
        found[path.stem] = found.get(path.stem, "") + path.read_text("utf-8")
    return found


def defines(source: str, name: str) -> bool:
    """Whether a module has a function, a class or a value of this name."""
    return re.search(rf"^ *(?:def|class) {name}\b|^{name}\b.* = ", source, re.MULTILINE) is not None


def headings(page: Path) -> set[str]:
    """The parts of a page that links can lead to, as GitHub names them."""
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in found}


def test_settings_are_documented() -> None:
    assert (DOCS / "settings.md").read_text("utf-8") == documents.settings(), ANEW


def test_commands_are_documented() -> None:
    assert (DOCS / "commands.md").read_text("utf-8") == documents.console(), ANEW


def test_modules_are_documented() -> None:
    assert (DOCS / "modules.md").read_text("utf-8") == documents.modules(), ANEW


def test_routes_are_documented(sqlite_settings: Settings) -> None:
    database = open_database(sqlite_settings)
    assert (DOCS / "routes.md").read_text("utf-8") == documents.routes(database, sqlite_settings), ANEW
    database.close()


def test_dependencies_are_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    direct = {re.split(r"[\[<>=~!]", one)[0] for one in asked}
    explained = set(re.findall(r"^\| ([a-z0-9-]+) \|", (DOCS / "dependencies.md").read_text("utf-8"), re.MULTILINE))
    assert explained - {"package"} == direct


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    for target, part in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", page.read_text("utf-8")):
        led = page.parent / target if target else page
        assert led.exists(), target
        assert not part or part in headings(led), part


@pytest.mark.parametrize("page", OF_THE_CODE, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_that_a_page_shows_is_ours(page: Path) -> None:
    """Examples of style that nobody follows any more teach nothing."""
    sources = [
        path.read_text("utf-8") for root in ("corrections_service", "tests") for path in (ROOT / root).rglob("*.py")
    ]
    shown = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert [one for one in shown if not any(one in source for source in sources)] == []


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    pages = [*DOCS.glob("*.md"), *DOCS.glob("*/README.md"), *ROOT.glob("C*.md")]
    assert [str(page.relative_to(ROOT)) for page in pages if f"]({page.relative_to(ROOT)})" not in readme] == []


@pytest.mark.parametrize("page", OF_THE_CODE, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_of_the_code_is_there(page: Path) -> None:
    """Files by their paths, and functions as `module.function`."""
    named = re.findall(r"`([^`\n]+)`", page.read_text("utf-8"))
    files = [one for one in named if FILE.fullmatch(one)]
    assert [
        one for one in files if not any(list(root.glob(one)) for root in (ROOT, ROOT / "corrections_service"))
    ] == []
    functions = [one for name in named if (one := FUNCTION.fullmatch(name)) and one[1] in code()]
    assert [one[0] for one in functions if not defines(code()[one[1]], one[2])] == []


def test_the_repository_names_no_machine() -> None:
    hosts = re.compile(
        r"(?:^|[^\w/.])/(?:root|work|home/\w+)/|pypi\.org|files\.pythonhosted|registry\.npmjs", re.MULTILINE
    )
    kinds = (".py", ".md", ".toml", ".lock", ".js", ".json", ".html", ".css", ".txt", ".php")
    folders = ("corrections_service", "static", "templates", "tests", "benchmarks", "docs", "integrations")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds]
    found += [path for path in ROOT.iterdir() if path.suffix in kinds or path.name == "Makefile"]
    this = Path(__file__)
    assert [
        str(path) for path in found if path != this and path.name != "uv.lock" and hosts.search(path.read_text("utf-8"))
    ] == []
