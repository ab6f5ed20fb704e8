"""A newspaper on loopback whose articles can be edited, moved and withheld, and short ways to what jobs make of it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sqlalchemy import column, func, select, table

from corrections_service.rules.workflow import Decision, Resolution, State
from corrections_service.services import cases, history
from corrections_service.store.models import Article, Case, Delivery, Editor, FixState
from corrections_service.work import rechecks
from corrections_service.work.means import Work

REST = "".join(f"<p>Sentence {number} of the article says nothing that anybody doubts.</p>" for number in range(20))
BEFORE = "The harbour has had this crossing for longer than anybody remembers, and the bridge was "
AFTER = " in 1987 by the king, who stayed for lunch and left on the evening train."
WRONG, RIGHT = "opend", "opened"


class Newspaper:
    """Every address but those that moved shows the one article; which addresses were asked for, and what was answered."""

    def __init__(self) -> None:
        self.words, self.status, self.modified = WRONG, 200, ""
        self.headline = "The bridge"
        self.robots: str | None = None
        self.headers: dict[str, str] = {}
        self.moved: dict[str, tuple[int, str]] = {}
        self.meanwhile: Callable[[], None] = lambda: None  # what happens while the article is being read
        self.asked: list[str] = []
        self.answered: list[int] = []
        newspaper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                newspaper.asked.append(self.path)
                status, headers, body = newspaper.answer(self.path, self.headers.get("If-None-Match", ""))
                newspaper.answered.append(status)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, path: str, known: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for one request."""
        if path == "/robots.txt":
            return (404 if self.robots is None else 200), {}, (self.robots or "").encode()
        if path in self.moved:
            status, place = self.moved[path]
            return status, {"Location": place}, b""
        body = self.page().encode()
        self.meanwhile()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"Content-Type": "text/html; charset=utf-8", "ETag": etag, **self.headers}
        return (304, headers, b"") if self.status == 200 and known == etag else (self.status, headers, body)

    def page(self) -> str:
        """The article as it stands."""
        modified = f'<meta property="article:modified_time" content="{self.modified}">' if self.modified else ""
        return (
            f"<html lang=en><head><title>{self.headline}</title>{modified}</head>"
            f"<article><p>{BEFORE}{self.words}{AFTER}</p>{REST}</article></html>"
        )

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def looks(self) -> int:
        """How often an article was asked for."""
        return sum(path != "/robots.txt" for path in self.asked)


def look(work: Work) -> None:
    """Read the article again, where it stands now."""
    with work.database.read() as session:
        article = session.scalars(select(Article.id).where(Article.moved_to_id.is_(None))).one()
    rechecks.recheck(work, article)


def seen(work: Work, case_id: int) -> tuple[FixState | None, State]:
    """What the last look said, and the case's state."""
    with work.database.read() as session:
        case = session.get_one(Case, case_id)
        return case.fix_state, case.state


def decide(work: Work, case_id: int) -> None:
    """Decide that the page must be fixed."""
    with work.database.write() as session:
        editor = session.scalars(select(Editor)).one()
        case = session.get_one(Case, case_id)
        cases.decide(session, case, Decision(Resolution.FIXED, WRONG, RIGHT), actor=editor)


def undo(work: Work, case_id: int) -> None:
    """Take the last change of a case back."""
    with work.database.write() as session:
        history.undo(session, session.get_one(Case, case_id), actor=session.scalars(select(Editor)).one())


def owed(work: Work, template: str) -> int:
    """How many messages of a kind are stored."""
    with work.database.read() as session:
        return session.scalar(select(func.count()).select_from(Delivery).where(Delivery.template == template)) or 0


def enqueued(work: Work, job: str) -> list[str]:
    """What waits of a job."""
    schema = None if work.database.is_sqlite else "dbos"
    runs = table("workflow_status", column("name"), column("workflow_uuid"), schema=schema)
    with work.database.read() as session:
        return list(session.scalars(select(runs.c.workflow_uuid).where(runs.c.name == job)))
