"""A release is built alike from the same commit, says all that it holds, and is signed so that anybody can check it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from corrections_service.settings import Settings
from corrections_service.web import embed

ROOT = Path(__file__).resolve().parents[1]
PARTS = (
    "corrections_service",
    "templates",
    "static",
    "packaging",
    "integrations",
    "pyproject.toml",
    "requirements.lock",
)
CHECKS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/releasing.md").read_text("utf-8"), re.DOTALL)
"""The ways to check a signature that the page shows; the first checks the files, too."""

GIT = ["git", "-c", "user.name=Editor", "-c", "user.email=ed@news.example", "-c", "commit.gpgsign=false"]

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="a release is built from a commit, which needs git")


def release(root: Path, *command: str, key: Path | None = None, umask: int = -1) -> tuple[int, str]:
    """What who releases runs; its exit status, and what it said when it failed."""
    environment = {**os.environ, "RELEASE_KEY": str(key or ""), "RELEASE_KEY_PASSWORD": "opend or opened"}
    arguments = [sys.executable, str(ROOT / "packaging/release.py"), *command, "--root", str(root)]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False, umask=umask)
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of what a release is built from, as it is now, with one commit."""
    root = tmp_path_factory.mktemp("checkout")
    for name in (*PARTS, "README.md", "LICENSE", ".gitignore"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, root / name)
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Release"]):
        subprocess.run([*GIT, *command], cwd=root, check=True)
    return root


@pytest.fixture(scope="module")
def key(checkout: Path) -> Path:
    """The key of who releases."""
    file = checkout.parent / "key.pem"
    assert release(checkout, "key", str(file)) == (0, "")
    return file


@pytest.fixture(scope="module")
def built(checkout: Path, key: Path) -> Path:
    """A signed release."""
    target = checkout / "dist"
    assert release(checkout, "build")[0] == 0
    assert release(checkout, "sign", key=key) == (0, "")
    return target


@pytest.fixture
def downloaded(checkout: Path, built: Path, tmp_path: Path) -> Path:
    """The release as somebody has it who checks it, with the public key beside it."""
    shutil.copytree(built, tmp_path / "release")
    shutil.copy(checkout / "packaging/release.pub", tmp_path / "release")
    return tmp_path / "release"


def is_accepted(check: str, directory: Path) -> bool:
    """Whether the lines of the page accept what is there."""
    done = subprocess.run(["sh", "-ec", check], cwd=directory, capture_output=True, text=True, check=False)
    return done.returncode == 0


def flip(file: Path) -> None:
    """Change one bit of the file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_the_same_commit_gives_the_same_bytes(checkout: Path, built: Path, tmp_path: Path) -> None:
    """Whatever lies about in the checkout, and whoever may read the files that are written."""
    (checkout / "corrections_service/stray.py").touch()
    assert release(checkout, "build", "--target", str(tmp_path / "again"), umask=0o077)[0] == 0
    assert (tmp_path / "again/SHA256SUMS").read_text() == (built / "SHA256SUMS").read_text()
    names = {path.name for path in built.iterdir()} - {"SHA256SUMS", "SHA256SUMS.minisig"}
    assert {line.split("  ")[1] for line in (built / "SHA256SUMS").read_text().splitlines()} == names
    assert len(names) == 6


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: re.findall(r"^\w+", check, re.MULTILINE)[-1])
def test_the_tools_that_the_page_names_accept_a_release_and_refuse_a_changed_one(check: str, downloaded: Path) -> None:
    tool = next(word for word in ("minisign", "signify-openbsd", "openssl") if re.search(f"^{word} ", check, re.M))
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    assert is_accepted(check, downloaded)
    flip(downloaded / "SHA256SUMS")
    assert not is_accepted(check.splitlines()[0] if "sha256sum" in check else check, downloaded)


def test_a_file_with_one_bit_changed_is_refused_by_the_sums(downloaded: Path) -> None:
    check = CHECKS[0].splitlines()[1]
    assert is_accepted(check, downloaded)
    flip(next(downloaded.glob("*.whl")))
    assert not is_accepted(check, downloaded)


def test_what_is_signed_names_version_and_commit_and_only_the_public_key_fits(checkout: Path, downloaded: Path) -> None:
    """By the primitive alone, as minisign's page describes the file: signature, comment, and both signed together."""
    _, public_line = (downloaded / "release.pub").read_text().splitlines()
    _, line, comment, over_both = (downloaded / "SHA256SUMS.minisig").read_text().splitlines()
    public, signature = base64.b64decode(public_line), base64.b64decode(line)
    assert public[:10] == signature[:10], "the algorithm, and which key it was"
    key = Ed25519PublicKey.from_public_bytes(public[10:])
    key.verify(signature[10:], (downloaded / "SHA256SUMS").read_bytes())
    commit = subprocess.run(
        [*GIT, "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True
    ).stdout
    assert comment == f"trusted comment: corrections_service-0.1.0 of commit {commit.strip()}"
    trusted = comment.removeprefix("trusted comment: ").encode()
    key.verify(base64.b64decode(over_both), signature[10:] + trusted)
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(over_both), signature[10:] + trusted.replace(b"0.1.0", b"0.1.1"))


def test_the_bill_of_materials_holds_what_the_lock_holds(built: Path) -> None:
    bill = json.loads(next(built.glob("*.cdx.json")).read_text("utf-8"))
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", bill["serialNumber"])
    assert [f"{part['name']}=={part['version']}" for part in bill["components"]] == re.findall(
        r"^[\w.-]+==[^\s;]+", lock, re.MULTILINE
    )
    hashes = [entry["content"] for part in bill["components"] for entry in part["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))
    assert all(part["type"] == "library" and part["purl"] == part["bom-ref"] for part in bill["components"])
    (direct,) = bill["dependencies"]
    assert direct["ref"] == bill["metadata"]["component"]["bom-ref"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert len(direct["dependsOn"]) == len(project["dependencies"])


def test_the_plug_in_is_packed_as_wordpress_takes_it(built: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.wordpress.zip"))) as archive:
        archive.extractall(tmp_path)
    plugin = ROOT / "integrations/wordpress"
    files = {path.relative_to(plugin): path.read_bytes() for path in plugin.rglob("*") if path.is_file()}
    assert {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files


def test_the_hashes_of_the_script_are_those_of_what_is_served(built: Path) -> None:
    hashes = dict(line.split("  ")[::-1] for line in next(built.glob("*.script.txt")).read_text().splitlines())
    address = "https://corrections.example"
    script = embed.build(
        Settings(base_url=address, data_dir=Path(), secret_key="words that nobody would guess in a year")
    )
    integrity = base64.b64encode(hashlib.sha384(script.whole("uk", {}).body).digest()).decode()
    assert hashes[f"{address}/embed/{script.version}/uk.js"] == f"sha384-{integrity}"


def test_nothing_is_signed_that_nobody_could_check(checkout: Path, built: Path, key: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout / "packaging", tmp_path / "other/packaging")
    assert release(tmp_path / "other", "key", str(tmp_path / "other.pem")) == (0, "")
    status, words = release(checkout, "sign", key=tmp_path / "other.pem")
    assert status == 1
    assert "is not that of" in words
    assert release(checkout, "sign")[1].startswith("release: RELEASE_KEY names no file")
    assert "is not empty" in release(checkout, "build")[1]
    assert "exists" in release(checkout, "key", str(key))[1], "no key is overwritten"
    assert key.stat().st_mode & 0o777 == 0o600
    assert "needs the file" in release(checkout, "key", "")[1]
