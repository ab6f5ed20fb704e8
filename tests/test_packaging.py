"""What is installed is what was written: the wheel and the source archive carry templates and scripts."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from corrections_service import shipped

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


def test_the_wheel_serves_pages_where_the_checkout_is_not(built: Path, tmp_path: Path) -> None:
    wheel = next(built.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        assert {f"corrections_service/{name}" for name in shipped_files()} <= set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    program = (
        "import corrections_service as c; from pathlib import Path;"
        "from corrections_service.settings import Settings; from corrections_service.store.database import open_database;"
        "s = Settings(data_dir=Path('.'), base_url='http://localhost', secret_key='words that nobody would guess in a year');"
        "d = open_database(s); d.migrate(); client = c.create_app(s, database=d).test_client();"
        "assert client.get('/login').status_code == 200; d.close(); print(c.shipped('static'))"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == tmp_path / "installed/corrections_service/static"


def test_the_source_archive_has_all_that_the_tests_need(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert shipped_files() <= names
    assert {"Makefile", "requirements.lock", "requirements-test.lock", "LICENSE", "tests/conftest.py"} <= names
