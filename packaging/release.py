"""Build a release from the commit that is checked out, and sign it.

    python packaging/release.py key ~/releases.pem     makes a key, and packaging/release.pub beside this file
    python packaging/release.py build                  into dist/: the same bytes from the same commit
    python packaging/release.py sign                   dist/SHA256SUMS, with the key in the file that RELEASE_KEY names

docs/releasing.md says the same in steps, and how anybody checks a release.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import minisign
from bill import bill
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HERE = Path(__file__).resolve().parent
EXAMPLE = "https://corrections.example"
SUMS = "SHA256SUMS"


class Refused(Exception):
    """What is wrong, and what to do."""


def build(root: Path, target: Path) -> None:
    """Build all that a release has into an empty directory, from the last commit alone. Raises Refused."""
    if target.exists() and any(target.iterdir()):
        raise Refused(f"{target} is not empty: a release holds nothing that was there before. Remove it.")
    seconds = _git(root, "log", "-1", "--format=%ct")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory) / "source"
        _unpack(root, source)
        project: dict[str, Any] = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["project"]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": seconds}
        command = [sys.executable, "-m", "hatchling", "build", "-d", str(target)]
        subprocess.run(command, cwd=source, env=environment, check=True, stdout=subprocess.DEVNULL)
        name = f"{project['name'].replace('-', '_')}-{project['version']}"
        lock = (source / "requirements.lock").read_text("utf-8")
        (target / f"{name}.requirements.lock").write_text(lock, "utf-8")
        parts = json.dumps(bill(project, lock, int(seconds)), indent=2, ensure_ascii=False)
        (target / f"{name}.cdx.json").write_text(f"{parts}\n", "utf-8")
        (target / f"{name}.script.txt").write_text(_script_hashes(target / f"{name}-py3-none-any.whl"), "utf-8")
        _pack(source / "integrations/wordpress", target / f"{name}.wordpress.zip")
    write_sums(target)


def write_sums(target: Path) -> None:
    """Write down what `sha256sum --check` reads: each file of the release."""
    files = sorted(path for path in target.iterdir() if not path.name.startswith(SUMS))
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (target / SUMS).write_text("".join(lines), "utf-8")


def sign(root: Path, target: Path, key_file: str) -> None:
    """Sign the sums with the key whose public half stands in packaging/release.pub. Raises Refused."""
    if not key_file:
        raise Refused("RELEASE_KEY names no file: who releases signs. `make dist` builds without.")
    key = _key(Path(key_file).expanduser())
    public = root / "packaging/release.pub"
    if not public.exists() or public.read_text("utf-8") != minisign.public_text(key.public_key()):
        raise Refused(f"The key of {key_file} is not that of {public}: nobody could check what it signs.")
    wheels = [path.name for path in target.glob("*.whl")]
    if len(wheels) != 1 or not (target / SUMS).exists():
        raise Refused(f"There is no release in {target}: build it first.")
    comment = f"{wheels[0].removesuffix('-py3-none-any.whl')} of commit {_git(root, 'rev-parse', 'HEAD')}"
    text = minisign.signature_text((target / SUMS).read_bytes(), key, comment)
    (target / f"{SUMS}.minisig").write_text(text, "utf-8")


def make_key(root: Path, file: Path) -> None:
    """Make a key in a file that was not there, readable by its owner alone, and write its public half down."""
    password = os.environ.get("RELEASE_KEY_PASSWORD", "")
    locked = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(text)
    (root / "packaging/release.pub").write_text(minisign.public_text(key.public_key()), "utf-8")


def _key(file: Path) -> Ed25519PrivateKey:
    password = os.environ.get("RELEASE_KEY_PASSWORD")
    text = file.read_bytes()
    if password is None and b"ENCRYPTED" in text:
        password = getpass.getpass(f"Password of {file}: ")
    try:
        key = serialization.load_pem_private_key(text, password.encode() if password else None)
    except (ValueError, TypeError) as error:
        raise Refused(f"{file} cannot be read as a key: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(f"{file} holds no Ed25519 key.")
    return key


def _unpack(root: Path, source: Path) -> None:
    """The files of the last commit, and no other: what lies about in a checkout is in no release."""
    with tempfile.TemporaryFile() as packed:
        subprocess.run(["git", "-c", "tar.umask=0022", "archive", "HEAD"], cwd=root, check=True, stdout=packed)
        packed.seek(0)
        with tarfile.open(fileobj=packed) as archive:
            archive.extractall(source, filter="data")


def _pack(folder: Path, archive: Path) -> None:
    """The files of a folder as they are, not compressed: the same bytes whatever packs them."""
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix())
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as on Unix, wherever it is built
            packed.writestr(entry, file.read_bytes())


def _script_hashes(wheel: Path) -> str:
    """What the wheel's own code serves at the example's address."""
    with tempfile.TemporaryDirectory() as directory:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(directory)
        shutil.copy(HERE / "script_hashes.py", directory)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CORRECTIONS_")}
        environment = {**kept, "PYTHONPATH": directory, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "script_hashes.py", EXAMPLE]
        done = subprocess.run(command, cwd=directory, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def _git(root: Path, *command: str) -> str:
    return subprocess.run(["git", *command], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    """Run one of the three commands."""
    parser = argparse.ArgumentParser(description="Build a release, and sign it.")
    parser.add_argument("command", choices=("key", "build", "sign"))
    parser.add_argument("file", nargs="?", help="where the new key is written")
    parser.add_argument("--root", type=Path, default=HERE.parent, help="the checkout")
    parser.add_argument("--target", type=Path, default=None, help="the directory of the release; dist/ of the checkout")
    chosen = parser.parse_args()
    target = chosen.target or chosen.root / "dist"
    try:
        if chosen.command == "build":
            build(chosen.root, target)
        elif chosen.command == "sign":
            sign(chosen.root, target, os.environ.get("RELEASE_KEY", ""))
        elif not chosen.file:
            parser.error("key needs the file that it is to write")
        else:
            make_key(chosen.root, Path(chosen.file).expanduser())
    except (Refused, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"release: {error}")


if __name__ == "__main__":
    main()
