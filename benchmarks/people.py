"""Editors at the dashboard, as their browsers ask for its pages."""

from __future__ import annotations

import asyncio
import html
import http.client
import re
import time
import urllib.parse
from pathlib import Path

from benchmarks.load import Outcome, answer, close, gets
from corrections_service.services import editors
from corrections_service.settings import Settings
from corrections_service.store.database import open_database
from corrections_service.store.models import Purpose

EDITOR = "a@news.example"
NEXT = re.compile(rb'<a rel="next" href="([^"]+)"')


def sign_in(port: int, directory: Path, address: str = "") -> str:
    """Sign the administrator in at the service on this directory, or on the database at this address.

    By a link as it is mailed; the cookie of the session.
    """
    database = open_database(Settings(data_dir=directory, database_url=address))
    with database.write() as session:
        person = editors.by_email(session, EDITOR)
        assert person is not None
        path = f"/sign-in/{editors.link(session, person, Purpose.SIGN_IN, hours=1)}"
    database.close()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    page = connection.getresponse()
    (token,) = re.findall(r'name="csrf_token" value="([^"]+)"', page.read().decode())[:1]
    headers = {
        "Cookie": _cookie(page),
        "Origin": f"http://127.0.0.1:{port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", path, urllib.parse.urlencode({"csrf_token": token}), headers)
    signed_in = connection.getresponse()
    assert signed_in.getheader("Location") == "/queue", signed_in.read()
    connection.close()
    return _cookie(signed_in)


async def leaf(port: int, cookie: str, until: float, pages: Outcome, seconds: float = 1) -> None:
    """Page through the queue from the newest case on, a page a second, until then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    path = "/queue"
    while (began := time.perf_counter()) < until:
        writer.write(gets(port, path, cookie, 1)[0])
        status, page = await answer(reader)
        pages.note(status, began)
        found = NEXT.search(page)
        path = html.unescape(found[1].decode()) if found else "/queue"
        await asyncio.sleep(max(began + seconds - time.perf_counter(), 0))
    await close(writer)


def _cookie(answered: http.client.HTTPResponse) -> str:
    said = answered.headers.get_all("Set-Cookie") or []
    return "; ".join(one.partition(";")[0] for one in said)
