"""Nobody is phoned home to, and no code comes from elsewhere: few files may open a connection, and few hosts are named."""

from __future__ import annotations

import re
from pathlib import Path

from tests.laws.test_layers import imports

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "corrections_service"

CLIENTS = re.compile(
    r"(?:socket|asyncio|smtplib|imaplib|poplib|ftplib|http\.client|urllib\.request|urllib3|requests|authlib)\b"
)
OPENING = {
    "server.py": "listens",
    "whole_requests.py": "answers",
    "web/arrivals.py": "answers; it waits on the same loop",
    "store/database.py": "the database of the settings; it waits on the loop of who answers",
    "front_door.py": "`doctor --url`: the service's own address",
    "doctor.py": "`doctor`: the mail server of the settings",
    "work/networks.py": "connects for the next, where the address may be asked",
    "work/fetch.py": "reads a site's own articles, and sends webhooks that an administrator made",
    "work/smtp.py": "the mail server of the settings",
    "web/accounts.py": "the newsroom's own accounts, where the settings name them",
    "work/polling.py": "the mailbox of the settings",
    "work/mail_watch.py": "the same, by the same door",
    "demo/mailbox.py": "the demo's own mail server",
    "demo/story.py": "the demo's own addresses",
}
"""The files that may import what opens connections, and for what."""

HOST = re.compile(r"https?://([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
NAMED = {
    "www.w3.org": "names of SVG, XHTML and Atom",
    "schema.org": "names of linked data",
    "jsonfeed.org": "the name of a feed's format",
    "adaptivecards.io": "the name of a message's format",
    "api.telegram.org": "asked only where an administrator made a webhook to a room there",
    "127.0.0.1": "this machine",
    "practice.invalid": "no host at all (RFC 2606), where the articles are that editors practise on",
}
SOURCES = ("*.py", "*.js", "*.css", "*.html", "*.txt", "*.svg")


def hosts(path: Path) -> set[str]:
    """The hosts that a file names, without those that are examples (RFC 2606)."""
    return {host for host in HOST.findall(path.read_text("utf-8")) if not host.endswith(".example")}


def test_only_the_files_that_are_named_open_connections() -> None:
    files = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    assert {name for name, path in files.items() if any(map(CLIENTS.match, imports(path)))} == set(OPENING)


def test_no_address_stands_in_code_scripts_styles_or_templates_but_those_that_are_named() -> None:
    folders = (PACKAGE, ROOT / "static", ROOT / "templates")
    paths = [path for folder in folders for kind in SOURCES for path in folder.rglob(kind)]
    assert set().union(*map(hosts, paths)) == set(NAMED)
