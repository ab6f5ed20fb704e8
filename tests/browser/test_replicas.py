"""Two web replicas and two workers on one PostgreSQL tell the same story, although a worker is killed in mid-job."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from corrections_service.demo.mailbox import Mail, Mailbox
from corrections_service.settings import Settings
from tests.browser.test_story import _decide_corrected, _report, _until
from tests.measures import PATIENCE, wait_for
from tests.running import free_port, running_service

WRONG, RIGHT = "opened in 1978", "opened in 1987"
TYPED = "I was there and counted them myself, zebra."
TAKEN_OVER_WITHIN = 90 + 2 * 10
"""Seconds of silence, and two beats of the worker that listens."""


class Newspaper:
    """One article on loopback that can be edited; until it is `opened`, the article reader gets no answer."""

    def __init__(self) -> None:
        self.words = f"The old bridge over the river was {WRONG}, after nine years of work by three hundred people."
        self.tag = ""
        self.opened = threading.Event()
        newspaper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if "corrections-service" in self.headers.get("User-Agent", ""):
                    newspaper.opened.wait(15)
                body = newspaper.page().encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def page(self) -> str:
        """The article as it stands."""
        filler = "People crossed it every day to work and came back at night. " * 5
        return (
            f"<!doctype html><html lang=en><title>The bridge</title>{self.tag}<article><h1>The bridge</h1>"
            f"<p>{filler}</p><p>{self.words}</p><p>{filler}</p></article></html>"
        )

    @contextmanager
    def serving(self) -> Iterator[Newspaper]:
        """Serve until the end of the block."""
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self.opened.set()
            self.server.shutdown()
            thread.join()
            self.server.server_close()


@pytest.mark.timeout(420)
def test_two_replicas_and_two_workers_tell_the_story_although_one_worker_is_killed(
    postgresql_settings: Settings, browser: Browser, tmp_path: Path
) -> None:
    engine = sa.create_engine(postgresql_settings.database_url, poolclass=sa.NullPool)
    with (
        Mailbox(directory=tmp_path / "mails") as mailbox,
        Newspaper().serving() as newspaper,
        running_service(tmp_path / "news", mailbox, database_url=postgresql_settings.database_url) as service,
    ):
        service.init(newspaper.origin)
        newspaper.tag = f'<script type="module" async src="{service.base_url}/embed/{service.key}.js"></script>'
        other = free_port()
        other_url = f"http://127.0.0.1:{other}"
        for port in (service.port, other):
            service.start("serve", "--port", str(port), "--web-only", port=port)
        workers = {service.start("worker").pid for _ in range(2)}

        reader, editor = browser.new_context().new_page(), browser.new_context().new_page()
        reference = _report(reader, f"{newspaper.origin}/bridge", WRONG, RIGHT, TYPED)
        _kill_the_one_at_work(engine, workers)
        newspaper.opened.set()
        case_url = f"{other_url}/cases/{_case_told(mailbox)}"

        editor.goto(service.sign_in.replace(service.base_url, other_url))
        editor.get_by_role("button").first.click()
        expect(editor).to_have_url(re.compile("/queue"))
        editor.goto(case_url)
        expect(editor.locator("main")).to_have_attribute("data-state", "new")
        _decide_corrected(editor, WRONG, RIGHT)
        wait_for(lambda: _unfinished(engine) == 0, "the dead worker's jobs are done by the other", TAKEN_OVER_WITHIN)

        newspaper.words = newspaper.words.replace(WRONG, RIGHT)
        editor.goto(case_url)
        editor.get_by_role("button", name=re.compile("look now", re.I)).click()
        _until(editor, case_url, "Fixed as suggested")
        expect(editor.locator("main")).to_have_attribute("data-resolution", "corrected")

        mailbox.wait_for(lambda mails: bool(_answers(mails, reference)), timeout=PATIENCE)
        _until(reader, f"{service.base_url}/log/news", RIGHT)
        wait_for(lambda: service.stats()["mails_owed"] == 0, "nothing is owed any more")
        mails = mailbox.messages()
        assert len({str(mail.message["Message-ID"]) for mail in mails}) == len(mails), "nothing came twice"
        (answer,) = _answers(mails, reference)
        assert WRONG in answer
        assert RIGHT in answer
        assert "zebra" not in answer
        assert service.stats()["accepted"] == 1
    engine.dispose()


def _kill_the_one_at_work(engine: sa.Engine, workers: set[int]) -> None:
    """Kill the worker that is reading the article."""
    at_work: list[str] = []

    def look() -> bool:
        query = "SELECT executor_id FROM dbos.workflow_status WHERE status = 'PENDING' AND name = 'recheck'"
        with engine.connect() as connection:
            at_work[:] = connection.scalars(sa.text(query)).all()
        return bool(at_work)

    wait_for(look, "a worker is at work")
    process = int(at_work[0].partition("-")[0])
    assert process in workers
    os.kill(process, signal.SIGKILL)


def _unfinished(engine: sa.Engine) -> int:
    query = "SELECT count(*) FROM dbos.workflow_status WHERE name = 'recheck' AND status != 'SUCCESS'"
    with engine.connect() as connection:
        return int(connection.scalar(sa.text(query)) or 0)


def _case_told(mailbox: Mailbox) -> int:
    """The case that the desk was told of."""

    def found(mails: list[Mail]) -> list[str]:
        return [number for mail in mails for number in re.findall(r"/cases/(\d+)", mail.part("plain"))]

    return int(found(mailbox.wait_for(lambda mails: bool(found(mails)), timeout=TAKEN_OVER_WITHIN))[0])


def _answers(mails: list[Mail], reference: str) -> list[str]:
    texts = [f"{mail.message['Subject']}\n{mail.part('plain')}" for mail in mails if "ann@" in mail.rcpt_tos[0]]
    return [text for text in texts if "What became of your report" in text and reference in text]
