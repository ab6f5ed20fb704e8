"""What is installed is what was written: the wheel and the source archive carry templates and scripts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from corrections_service import __version__, shipped

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the wheel and the source archive."""
    directory = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(directory)], cwd=ROOT, check=True, capture_output=True
    )
    return directory


def shipped_files() -> set[str]:
    """The templates and scripts of the checkout."""
    folders = (shipped("templates"), shipped("static"))
    return {str(one.relative_to(ROOT)) for folder in folders for one in folder.rglob("*") if one.is_file()}


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it; what the wheel needs comes from this one, as an index would take minutes."""
    directory = tmp_path_factory.mktemp("installed")
    venv.create(directory / "venv")
    python = directory / "venv/bin/python"
    own = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", own], check=True, capture_output=True, text=True).stdout.strip())
    (packages / "needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    pip = ["uv", "pip"] if shutil.which("uv") else [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    chosen = ["--python", str(python)]
    install = [*pip, "install", *chosen] if pip[0] == "uv" else [*pip, *chosen, "install"]
    wheel = next(built.glob("*.whl"))
    subprocess.run([*install, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True, cwd=directory)
    return directory


def run(installed: Path, *command: str, **settings: str) -> str:
    """Run a program of the environment where no checkout is; what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CORRECTIONS_", "PYTHON"))}
    arguments = [str(installed / "venv/bin" / command[0]), *command[1:]]
    done = subprocess.run(
        arguments, cwd=installed, env={**kept, **settings}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = {str(path.relative_to(ROOT)) for path in (ROOT / "corrections_service").rglob("*") if path.is_file()}
    package = {name for name in package if "__pycache__" not in name}
    assert names == package | {f"corrections_service/{name}" for name in shipped_files()}
    parts = ("translations/desk/", "store/migrations/versions/", "templates/mail/", "static/reader/", "demo/articles/")
    assert [part for part in parts if not any(f"corrections_service/{part}" in name for name in names)] == []


def test_the_wheel_alone_makes_a_first_run_and_serves_pages(installed: Path) -> None:
    assert run(installed, "corrections", "--version") == f"corrections, version {__version__}\n"
    settings = {"CORRECTIONS_DATA_DIR": "data", "CORRECTIONS_BASE_URL": "https://corrections.example"}
    answers = ["--admin", "ed@news.example", "--site", "News", "--origin", "https://news.example"]
    printed = run(installed, "corrections", "init", "--yes", *answers, "--desk", "desk@news.example", **settings)
    assert "sign-in: https://corrections.example/" in printed
    key = next(line for line in printed.splitlines() if line.startswith("site-key: ")).removeprefix("site-key: ")
    program = (
        "import corrections_service as c; from corrections_service.settings import read_settings;"
        "client = c.create_app(read_settings()).test_client(); there = 'https://corrections.example';"
        f"assert [client.get(p, base_url=there).status_code for p in ('/login', '/embed/{key}.js')] == [200, 200];"
        "print(c.shipped('static'))"
    )
    static = Path(run(installed, "python", "-c", program, **settings).strip())
    assert static.parts[-3:] == ("site-packages", "corrections_service", "static")
    assert static.is_relative_to(installed)


def test_the_source_archive_has_all_that_the_tests_need(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert shipped_files() <= names
    assert {
        "Makefile",
        "requirements.lock",
        "requirements-test.lock",
        "LICENSE",
        "tests/conftest.py",
        "packaging/release.py",
        "integrations/wordpress/corrections-service/corrections-service.php",
    } <= names
