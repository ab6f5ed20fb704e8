"""Firefox, where it is installed: driven by its own protocol (Marionette), as playwright drives only its own build."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.measures import wait_for

FIREFOX = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
PATIENCE = 240.0
_PREFERENCES = {
    "marionette.port": 0,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.tabs.remote.autostart": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    # Nothing leaves this machine: what is not on it is asked of a proxy that is not there.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.proxy.allow_hijacking_localhost": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "intl.accept_languages": "en",
}


class Firefox:
    """One tab of one browser."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._asked = 0
        self._read()  # what it is
        self._ask(
            "WebDriver:NewSession",
            capabilities={"alwaysMatch": {"pageLoadStrategy": "eager", "unhandledPromptBehavior": "dismiss"}},
        )

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._ask("WebDriver:Navigate", url=url)

    def run(self, script: str, *arguments: object) -> Any:
        """What the body of a function gives in the page, or what its promise comes to."""
        asked = f"return (async function () {{ {script} }}).apply(null, arguments)"
        answer = self._ask("WebDriver:ExecuteScript", script=asked, args=list(arguments), sandbox=None)
        return answer["value"]

    def wait_for(self, expression: str) -> object:
        """Wait until an expression in the page is true; its value."""
        found: list[object] = []

        def is_true() -> bool:
            found[:] = [self.run(f"return {expression}")]
            return bool(found[0])

        wait_for(is_true, expression, PATIENCE)
        return found[0]

    def press(self, *keys: str) -> None:
        """Press keys together, as a reader does, and release them."""
        down = [{"type": "keyDown", "value": key} for key in keys]
        up = [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._ask("WebDriver:PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": down + up}])

    def click(self, selector: str) -> None:
        """Click with the mouse on the middle of an element."""
        script = "const box = document.querySelector(arguments[0]).getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]"
        x, y = (round(value) for value in self.run(script, selector))
        moves = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._ask("WebDriver:PerformActions", actions=[{"type": "pointer", "id": "mouse", "actions": moves}])

    def close(self) -> None:
        """Leave the browser."""
        with contextlib.suppress(OSError, AssertionError):
            self._ask("Marionette:Quit", flags=["eForceQuit"])
        self._socket.close()

    def _ask(self, command: str, **parameters: object) -> dict[str, object]:
        self._asked += 1
        message = json.dumps([0, self._asked, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, answer = self._read()
        assert error is None, f"{command}: {error}"
        return dict(answer or {})

    def _read(self) -> Any:
        length = b""
        while (one := self._received(1)) != b":":
            length += one
        return json.loads(self._received(int(length)))

    def _received(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            part = self._socket.recv(size - len(found))
            assert part, "Firefox has gone"
            found += part
        return found


@contextlib.contextmanager
def running_firefox(**preferences: object) -> Iterator[Firefox]:
    """A fresh Firefox without windows, that ends with the block."""
    assert FIREFOX
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        profile = Path(directory)
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in {**_PREFERENCES, **preferences}.items()
        )
        (profile / "user.js").write_text("\n".join(lines), "utf-8")
        command = [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", directory]
        environment = os.environ | {"HOME": directory}  # its caches go with the profile
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            try:
                browser = Firefox(_port(profile, running))
                yield browser
                browser.close()
            finally:
                running.terminate()


def _port(profile: Path, running: subprocess.Popen[bytes]) -> int:
    """Where it listens, which it writes into its profile when it is ready."""
    file = profile / "MarionetteActivePort"

    def is_ready() -> bool:
        assert running.poll() is None, "Firefox did not start"
        return file.is_file() and file.read_text().strip().isdigit()

    wait_for(is_ready, "Firefox is ready", PATIENCE)
    return int(file.read_text())
