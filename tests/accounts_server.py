"""A newsroom's own accounts: a real OpenID Connect provider, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.measures import wait_for
from tests.running import free_port


@contextmanager
def accounts_server() -> Iterator[str]:
    """The provider's address, until the block ends; it takes any client, and lets in whoever names themselves."""
    port = free_port()
    address = f"http://localhost:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "-H", "localhost"]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "NO_COLOR": "1"}
    )

    def answers() -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{address}/.well-known/openid-configuration"):
            return True
        return False

    try:
        wait_for(answers, "the accounts' server answers")
        yield address
    finally:
        server.terminate()
        server.wait()


def enrol(address: str, subject: str, **claims: object) -> None:
    """Make an account there, or change what it says."""
    request = urllib.request.Request(
        f"{address}/users/{urllib.parse.quote(subject)}",
        json.dumps(claims).encode(),
        {"Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request).close()


def consent(url: str, subject: str) -> str:
    """Sign in at the provider's own page, as its form does; where it sends the browser then."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            """Follow nothing."""

    body = urllib.parse.urlencode({"sub": subject}).encode()
    try:
        urllib.request.build_opener(Stay).open(urllib.request.Request(url, body))
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("the provider sent the browser nowhere")
