"""The article is read again: what stands there decides, and what cannot be seen decides nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import column, func, select, table

from corrections_service import create_app
from corrections_service.rules.workflow import Decision, Resolution, Role, State
from corrections_service.services import cases, editors, reports, sites
from corrections_service.services.reports import Fields
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Delivery, Editor, FixState
from corrections_service.work import jobs
from corrections_service.work.jobs import Work
from corrections_service.work.mail import Mailer

REST = "".join(f"<p>Sentence {number} of the article says nothing that anybody doubts.</p>" for number in range(20))
BEFORE = "The harbour has had this crossing for longer than anybody remembers, and the bridge was "
AFTER = " in 1987 by the king, who stayed for lunch and left on the evening train."
WRONG, RIGHT = "opend", "opened"


class Newspaper:
    """One article on loopback that can be edited, and how often it was asked for."""

    def __init__(self) -> None:
        self.words, self.status, self.asked = WRONG, 200, 0
        newspaper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                newspaper.asked += 1
                body = newspaper.page().encode()
                self.send_response(newspaper.status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self) -> str:
        """The article as it stands."""
        return (
            f"<html lang=en><title>The bridge</title><article><p>{BEFORE}{self.words}{AFTER}</p>{REST}</article></html>"
        )


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    """A newspaper with one article, in which a word is wrong."""
    made = Newspaper()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def work(database_settings: Settings, db: Database) -> Iterator[Work]:
    """What jobs work with; the article reader may reach loopback, there is no mail server."""
    settings = database_settings.model_copy(update={"fetch_allow": ["127.0.0.0/8"], "mail_port": 9})
    made = Work(db, settings, Mailer(create_app(settings, database=db), settings))
    yield made
    made.mailer.close()


@pytest.fixture
def send(newspaper: Newspaper, work: Work) -> Callable[[str], int]:
    """Sends a report of the wrong word, with a suggestion; returns the case's number."""
    with work.database.write() as session:
        site = sites.create(session, name="News", origins=[newspaper.origin], desk="desk@news.example")
        editors.add(session, "ed@news.example", site=site, role=Role.STANDARDS)

    def submit(exact: str) -> int:
        fields = Fields(
            client_id=f"7f2c1a52-8a55-4d1e-9c62-{abs(hash(exact)) % 10**12:012d}",
            url=f"{newspaper.origin}/bridge",
            exact=exact,
            prefix=BEFORE[-64:],
            suffix=AFTER[:64],
            suggestion=RIGHT,
            email="ann@example.org",
        )
        with work.database.write() as session:
            reports.submit(session, site=site, fields=fields, secret=work.settings.secret_key)
            return session.scalars(select(func.max(Case.id))).one()

    return submit


def look(work: Work) -> None:
    """Read the article again."""
    with work.database.read() as session:
        article = session.scalars(select(Article.id)).one()
    jobs.recheck(work, article)


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


def owed(work: Work, template: str) -> int:
    """How many messages of a kind are stored."""
    with work.database.read() as session:
        return session.scalar(select(func.count()).select_from(Delivery).where(Delivery.template == template)) or 0


def test_a_fix_is_seen_closes_the_case_and_tells_the_reader_once(
    work: Work, newspaper: Newspaper, send: Callable[[str], int]
) -> None:
    case = send(WRONG)
    look(work)
    assert seen(work, case) == (FixState.PRESENT, State.NEW)
    decide(work, case)
    look(work)
    assert seen(work, case) == (FixState.PRESENT, State.FIXING)
    newspaper.words = RIGHT
    look(work)
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)
    assert owed(work, "case_resolved") == 1


def test_other_words_in_their_place_are_a_change(work: Work, newspaper: Newspaper, send: Callable[[str], int]) -> None:
    case = send(WRONG)
    decide(work, case)
    newspaper.words = "inaugurated"
    look(work)
    assert seen(work, case) == (FixState.CHANGED, State.CLOSED)


def test_a_case_opens_again_when_the_wrong_words_come_back(
    work: Work, newspaper: Newspaper, send: Callable[[str], int]
) -> None:
    case = send(WRONG)
    decide(work, case)
    newspaper.words = RIGHT
    look(work)
    newspaper.words = WRONG
    look(work)
    assert seen(work, case) == (FixState.PRESENT, State.OPEN)


def test_nothing_is_concluded_where_most_of_the_article_is_missing(
    work: Work, newspaper: Newspaper, send: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = send(WRONG)
    decide(work, case)
    look(work)
    monkeypatch.setattr(newspaper, "page", lambda: f"<p>{BEFORE[:40]}… Subscribe to read on.</p>")
    look(work)
    assert seen(work, case) == (FixState.UNCLEAR, State.FIXING)
    monkeypatch.undo()
    newspaper.words = RIGHT
    look(work)
    assert seen(work, case) == (FixState.APPLIED, State.CLOSED)


def test_nothing_is_concluded_from_a_page_that_cannot_be_read(
    work: Work, newspaper: Newspaper, send: Callable[[str], int]
) -> None:
    case = send(WRONG)
    decide(work, case)
    newspaper.status = 503
    look(work)
    assert seen(work, case) == (FixState.UNREACHABLE, State.FIXING)


def test_a_burst_of_new_cases_is_one_look_at_their_article(
    work: Work, newspaper: Newspaper, send: Callable[[str], int]
) -> None:
    numbers = [send(f"{WRONG}{AFTER[: 3 + 7 * number]}") for number in range(8)]
    jobs.recheck_due(work)
    jobs.recheck_due(work)
    assert len(enqueued(work, "recheck")) == 1
    look(work)
    assert None not in {seen(work, case)[0] for case in numbers}
    jobs.recheck_due(work)
    assert (len(enqueued(work, "recheck")), newspaper.asked) == (1, 1)


def test_a_burst_of_new_cases_wakes_the_mail_once(work: Work, send: Callable[[str], int]) -> None:
    for number in range(8):
        send(f"{WRONG}{AFTER[: 3 + 7 * number]}")
    assert owed(work, "case_new") == 8
    assert 1 <= len(enqueued(work, "deliver_due")) <= 3


def enqueued(work: Work, job: str) -> list[str]:
    """What waits of a job."""
    runs = table("workflow_status", column("name"), column("workflow_uuid"), schema=engine_schema(work))
    with work.database.read() as session:
        return list(session.scalars(select(runs.c.workflow_uuid).where(runs.c.name == job)))


def engine_schema(work: Work) -> str | None:
    """Where the engine's tables are."""
    return None if work.database.is_sqlite else "dbos"
