"""The service in its container, as `packaging/Containerfile` makes it of a release: nothing of it is writable but its data.

The base that an image usually begins with is in a registry of images; here it is made of Debian's packages.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.measures import wait_for
from tests.running import free_port

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {"podman": "podman", "runc": "runc", "mmdebstrap": "mmdebstrap"}
BASE, IMAGE = "localhost/corrections-base", "localhost/corrections-service-test"
ORIGIN = "https://news.example"
LIMITS = ("--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096")
STRICT = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges", *LIMITS)
REGISTRY = (Path("/etc/pip.conf"), Path("/etc/ssl/certs"))
"""How this machine reaches the package index, where it says so itself."""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The image of a release of these sources."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    assert not missing, f"Install Debian's packages: {' '.join(missing)}"
    directory = tmp_path_factory.mktemp("image")
    done(sys.executable, "packaging/release.py", "build", "--target", str(directory / "dist"))
    packages = "--include=python3,python3-venv,python-is-python3,ca-certificates"
    done("mmdebstrap", "--variant=minbase", packages, "bookworm", str(directory / "base.tar"))
    podman("import", str(directory / "base.tar"), BASE)
    mounted = [f"--volume={path}:{path}:ro" for path in REGISTRY if path.exists()]
    where = ["--build-arg", f"BASE={BASE}", "--file", "packaging/Containerfile", "--tag", IMAGE]
    podman(
        "build", "--format=docker", "--isolation=chroot", "--network=host", *mounted, *where, str(directory / "dist")
    )
    return IMAGE


@pytest.fixture
def data() -> Iterator[str]:
    """A volume for one installation."""
    name = f"corrections-{uuid.uuid4().hex[:8]}"
    yield name
    podman("volume", "rm", "--force", name)


def test_a_report_outlives_its_container_whose_root_is_read_only(image: str, data: str) -> None:
    """From the first run to a report that is still there in the next container; stopped within its time, as nobody's user."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    settings = (f"--env=CORRECTIONS_BASE_URL={base_url}", f"--volume={data}:/var/lib/corrections", "--network=host")
    once = ("run", "--rm", "--no-healthcheck", *STRICT, *settings)
    answers = ("--yes", "--site=News", f"--origin={ORIGIN}", "--desk=desk@news.example", "--admin=ed@news.example")
    printed = dict(line.split(": ", 1) for line in podman(*once, image, "init", *answers).splitlines() if ": " in line)
    assert podman(*once, "--entrypoint=id", image, "--user").strip() == "10001"
    refused = podman(*once, "--entrypoint=touch", image, "/opt/corrections/anything", status=1)
    assert "Read-only file system" in refused

    health = json.loads(podman("image", "inspect", image))[0]["Healthcheck"]["Test"]
    for number in range(2):
        name = f"{data}-{number}"
        serve = ("serve", "--host=0.0.0.0", f"--port={port}")
        podman("run", "--detach", "--no-healthcheck", f"--name={name}", *STRICT, *settings, image, *serve)
        try:
            wait_for(lambda: is_up(base_url))
            podman("exec", name, *[part.replace(":8000", f":{port}") for part in health[1:]])
            if number == 0:
                assert report(base_url, printed["site-key"])["readers"] == 1
            assert "accepted: 1\n" in podman("exec", name, "corrections", "stats")
            podman("stop", "--time=40", name)
            assert podman("inspect", name, "--format={{.State.ExitCode}}").strip() == "0"
        finally:
            podman("rm", "--force", name)


def podman(*arguments: str, status: int = 0) -> str:
    """What podman printed, on whichever of its two streams; it has to end so."""
    return done("podman", "--runtime=runc", *arguments, status=status)


def done(*command: str, status: int = 0) -> str:
    """What a command printed; it has to end so."""
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert ended.returncode == status, ended.stdout[-3000:]
    return ended.stdout


def is_up(base_url: str) -> bool:
    """Whether the service answers."""
    try:
        with urllib.request.urlopen(f"{base_url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def report(base_url: str, key: str) -> dict[str, object]:
    """Send one, as a reader's browser does."""
    fields = {"site": key, "id": str(uuid.uuid4()), "url": f"{ORIGIN}/a", "exact": "opend", "suggestion": "opened"}
    asked = urllib.request.Request(
        f"{base_url}/api/v1/reports", urllib.parse.urlencode(fields).encode(), {"Origin": ORIGIN}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert answer.status == 201
        return dict(json.load(answer))
