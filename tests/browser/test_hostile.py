"""What readers type is shown and never run: thousands of payloads on every page, in a real browser (THREATS C01)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from corrections_service import create_app
from corrections_service.rules import text
from corrections_service.rules.workflow import NoticeClass, NoticeState, Role
from corrections_service.services import editors, history, sites
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Correction, Delivery, Editor, EventKind, Purpose, now
from corrections_service.work.mail import Mailer
from tests.measures import wait_in
from tests.running import free_port
from tests.services.newsroom import Newsroom

PAYLOADS = Path(__file__).resolve().parents[2] / "../shared/data/hostile/xss.json"
CHUNKS = 50
WATCH = """
window.ran = [];
for (const name of ["alert", "prompt", "confirm", "print", "open"]) window[name] = () => { window.ran.push(name); };
addEventListener("securitypolicyviolation", event => window.ran.push(event.violatedDirective + event.sample), true);
"""
OURS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "style",
        "body",
        "a",
        "header",
        "nav",
        "form",
        "label",
        "input",
        "div",
    ),
    *(
        "button",
        "main",
        "p",
        "span",
        "h1",
        "h2",
        "h3",
        "bdi",
        "time",
        "section",
        "blockquote",
        "mark",
        "del",
        "ins",
        "dl",
        "dt",
    ),
    *(
        "dd",
        "ol",
        "ul",
        "li",
        "strong",
        "small",
        "br",
        "fieldset",
        "legend",
        "textarea",
        "details",
        "summary",
        "dialog",
    ),
    *(
        "select",
        "option",
        "footer",
        "article",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "pre",
        "code",
        "kbd",
        "figure",
        "figcaption",
    ),
}


class Desk:
    """A newsroom whose every text is a payload, served to a browser that watches for what runs."""

    def __init__(self, app: Flask, newsroom: Newsroom, chunks: list[str], context: BrowserContext) -> None:
        self.app, self.newsroom, self.chunks, self.context = app, newsroom, chunks, context
        self.base: str = app.extensions["settings"].base_url
        self.requested: set[str] = set()
        context.add_init_script(WATCH)
        context.on("request", lambda request: self.requested.add(urlsplit(request.url).netloc))
        self.page: Page = context.new_page()
        self.sent = [self._report(number, chunk) for number, chunk in enumerate(chunks)]

    def _report(self, number: int, chunk: str) -> tuple[int, str]:
        """One report, its case, note and published correction, all of the same words; the case's number, the token."""
        sent = self.newsroom.send(url=f"https://news.example/{number}", exact=f"passage {number}", email="a@b.example")
        with self.newsroom.db.write() as session:
            case = session.get_one(Case, self.newsroom.case_of(sent))
            case.article.headline = case.article.author = case.article.section = chunk
            for row in (case, case.reports[0]):
                row.exact = row.prefix = row.suffix = row.place = row.comment = chunk
                row.suggestion = f"{chunk}!"
            case.reports[0].source_url = f"javascript:alert(1)//{chunk[:500]}"
            case.fix_after = case.fix_before = chunk
            history.record(session, case, EventKind.NOTED, text=chunk, reason=chunk, question=chunk)
            words = {"text": chunk, "wrong": chunk, "right": chunk}
            notice = Correction(
                notice_class=NoticeClass.CORRECTION, state=NoticeState.PUBLIC, published_at=now(), case=case, **words
            )
            notice.site_id, notice.article_id = case.site_id, case.article_id
            session.add(notice)
            return case.id, sent.token

    def open(self, path: str, *expected: str) -> None:
        """Open a page: these texts stand on it letter by letter, and it holds no element that is not ours."""
        self.page.goto(f"{self.base}{path}")
        self.check(*expected)

    def check(self, *expected: str) -> None:
        """Nothing ran, nothing was refused to run, nothing was asked of others, and the words are there as words."""
        shown, names, ran, links = self.page.evaluate(
            """() => [document.documentElement.textContent, [...new Set([...document.querySelectorAll("*")]
                .map(node => node.localName))], window.ran ?? [], [...document.links].map(link => link.protocol)]"""
        )
        assert ran == []
        assert set(names) <= OURS, set(names) - OURS
        assert set(links) <= {"http:", "https:"}
        for words in expected:
            assert words in shown, words[:200]


@pytest.fixture
def chunks() -> list[str]:
    """All payloads, in a few long texts."""
    if not PAYLOADS.is_file():
        pytest.skip("../shared/data/hostile is not here")
    listed = json.loads(PAYLOADS.read_text("utf-8"))
    payloads = [
        text.clean(one if isinstance(one, str) else "\n".join(map(str, one.values()))).strip() for one in listed
    ]
    assert len(payloads) > 5000
    return ["\n".join(payloads[number::CHUNKS]) for number in range(CHUNKS)]


@pytest.fixture
def desk(sqlite_settings: Settings, sqlite_db: Database, browser: Browser, chunks: list[str]) -> Iterator[Desk]:
    """The service on loopback, with payloads everywhere."""
    port = free_port()
    app = create_app(
        sqlite_settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}", "limit_reports": "off"}),
        database=sqlite_db,
    )
    server = make_server("127.0.0.1", port, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    with sqlite_db.write() as session:
        site = sites.create(session, name="News", origins=["https://news.example"], desk="desk@news.example")
        site.name = f"News {chunks[0][:180]}"
    with browser.new_context() as context:
        yield Desk(app, Newsroom(sqlite_db, site), chunks, context)
    server.shutdown()
    serving.join()
    server.server_close()


def test_no_payload_runs_on_any_page(desk: Desk, sqlite_db: Database) -> None:
    """C01, C03, C05: the desk's pages, readers', the public log's, and errors, each with every payload in every field."""
    slug, key = desk.newsroom.site.slug, desk.newsroom.site.key
    desk.open(f"/log/{slug}", *desk.chunks)
    desk.open(f"/log/{slug}/policy")
    for number, (case, token) in enumerate(desk.sent):
        chunk = desk.chunks[number]
        desk.open(f"/r/{token}", chunk, f"{chunk}!")
        desk.open(f"/log/{slug}/corrections/{case}", chunk)
        desk.open(f"/report/{key}?exact={quote(chunk[:700])}&url={quote(chunk[700:1400])}", chunk[:700].strip())
        desk.open(f"/{quote(chunk[:1500], safe='')}")
    _sign_in(desk, sqlite_db)
    desk.open("/queue", *desk.chunks)
    for number, (case, _) in enumerate(desk.sent):
        chunk = desk.chunks[number]
        desk.open(f"/cases/{case}", chunk, f"{chunk}!", f"javascript:alert(1)//{chunk[:500]}")
    desk.open(f"/queue?q={quote(desk.chunks[0][:200])}")
    desk.open(f"/settings/sites/{slug}", f"News {desk.chunks[0][:180]}"[:200].strip())
    for path in ("/settings/", f"/settings/sites/{slug}/editors", "/settings/work", "/account"):
        desk.open(path)
    assert desk.requested == {urlsplit(desk.base).netloc}


def test_no_payload_runs_in_the_html_of_a_mail(desk: Desk, sqlite_db: Database) -> None:
    """C01, C07: shown without any policy around it, and no link in it is a reader's."""
    mailer = Mailer(desk.app, desk.app.extensions["settings"])
    with sqlite_db.read() as session:
        for delivery in session.scalars(select(Delivery).where(Delivery.template == "case_new").order_by(Delivery.id)):
            with desk.app.app_context():
                message = mailer.render([delivery])
            desk.page.set_content(message.html or "")
            desk.check()
            hosts = desk.page.evaluate("[...document.links].map(link => link.host)")
            assert set(hosts) <= {urlsplit(desk.base).netloc}
            assert len(str(message.subject).splitlines()) == 1
    assert desk.requested <= {urlsplit(desk.base).netloc}


def test_the_watch_sees_what_runs(browser: Browser) -> None:
    """C01: else the tests above would prove nothing."""
    with browser.new_context() as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        policy = {"Content-Type": "text/html", "Content-Security-Policy": "img-src data:"}
        body = '<svg onload="alert(1)"></svg><img src="http://127.0.0.1:9/">'
        page.route("**/*", lambda route: route.fulfill(body=body, headers=policy))
        page.goto("http://127.0.0.1:9/page")
        wait_in(page, "window.ran.length === 2")
        assert sorted(page.evaluate("window.ran")) == ["alert", "img-src"]


def _sign_in(desk: Desk, db: Database) -> None:
    number = desk.newsroom.hire(Role.ADMIN)
    with db.write() as session:
        editor = session.get_one(Editor, number)
        editor.name = desk.chunks[0][:90]
        secret = editors.link(session, editor, Purpose.SIGN_IN, hours=1)
    desk.open(f"/sign-in/{secret}", desk.chunks[0][:90])
    desk.page.get_by_role("button").click()
    desk.page.wait_for_url("**/queue")
