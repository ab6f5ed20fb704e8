"""The demo: a newspaper, the service and a mailbox on one machine, with cases waiting."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from corrections_service.demo import changes
from corrections_service.demo.mailbox import Mailbox, create_mailbox_app
from corrections_service.demo.newspaper import ERRORS, LEFT, ORDER, create_newspaper, edit, prose, read_story
from corrections_service.demo.receiver import PATH, add_receiver
from corrections_service.errors import ConfigurationError, NotFound
from corrections_service.rules import sentences
from corrections_service.rules.catalogue import best, catalogue_in
from corrections_service.rules.changes import Kind
from corrections_service.rules.quotes import quote_at
from corrections_service.rules.webhooks import EVENTS, WebhookKind
from corrections_service.rules.workflow import Decision, Resolution, Role
from corrections_service.services import (
    cases,
    editors,
    entries,
    looks,
    notices,
    proposals,
    reports,
    sites,
    tokens,
    webhooks,
)
from corrections_service.services.reports import Fields
from corrections_service.settings import Settings, make_data_dir, read_settings
from corrections_service.store.database import open_database
from corrections_service.store.models import Case, Editor, EventKind, FixState, Place, Purpose, Scope, Site, now
from corrections_service.work import inbound

NAME = "The Harbour Gazette"
DESK, EDITOR, COLLEAGUE = "desk@gazette.example", "mara@gazette.example", "jonas@gazette.example"
ARRIVED = {
    Place.CASE: "It has arrived: look at its case.",
    Place.ASIDE: "It has arrived, and waits under Settings, Incoming mail: it answers no mail that can be answered.",
    Place.PROGRAM: "It has arrived, and is taken for a program’s.",
    Place.DONE: "It had arrived before.",
}
"""What becomes of an answer, as the mailbox page says it."""

START_SECONDS = 180
HOURS_APART = 5.5


def run(*, port: int, data_dir: Path | None, open_browser: bool) -> None:
    """Run the demo until it is interrupted; prints where everything is, then `ready`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.ExitStack() as stack:
        directory = data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="corrections-demo-")))
        ports = [port, port + 1, port + 2] if port else _free_ports(3)
        service, newspaper, mail_page = (f"http://127.0.0.1:{number}" for number in ports)
        mailbox = stack.enter_context(Mailbox(directory=directory / "mails"))
        settings = _settings(directory, service, mailbox.port)
        site_key, slug, sign_in, token, secret = prepare(settings, newspaper, directory / "newspaper")
        paper = create_newspaper(
            directory=directory / "newspaper",
            embed_url=f"{service}/embed/{site_key}.js",
            report_url=f"{service}/report/{site_key}",
            log_url=f"{service}/log/{slug}",
            published=_publisher(service, token),
            name=NAME,
        )
        add_receiver(paper, secret)
        stack.enter_context(_served(paper, ports[1]))
        stack.enter_context(_served(create_mailbox_app(mailbox, service_url=service, post=_post(settings)), ports[2]))
        running = stack.enter_context(_service(settings, ports[0]))
        _wait_for(f"{service}/readyz", running)
        article = f"{newspaper}{_first_article()}"
        print(f"article: {article}\ndashboard: {service}/sign-in/{sign_in}\nmailbox: {mail_page}\nready", flush=True)
        if open_browser:
            webbrowser.open(article)
        with contextlib.suppress(KeyboardInterrupt):
            sys.exit(running.wait())


def _settings(directory: Path, base_url: str, mail_port: int) -> Settings:
    make_data_dir(directory)
    return read_settings(
        data_dir=directory,
        base_url=base_url,
        mail_server="127.0.0.1",
        mail_port=mail_port,
        mail_tls="none",
        mail_from="corrections@gazette.example",
        reply_address="corrections@gazette.example",
        fetch_allow=["127.0.0.0/8"],
        fetch_pace_seconds=0.5,
        shadow_root="open",
        limit_desk_mails=60,
    )


def prepare(settings: Settings, newspaper: str, edits: Path) -> tuple[str, str, str, str, str]:
    """The site's key and slug, a fresh sign-in link, the newspaper's token and its webhook's secret.

    At first also the site and its history.
    """
    database = open_database(settings)
    database.migrate()
    try:
        with database.write() as session:
            editor = editors.by_email(session, EDITOR)
            if editor is None:
                site = sites.create(session, name=NAME, origins=[newspaper], desk=DESK)
                editor = editors.add(session, EDITOR, site=site, role=Role.ADMIN, name="Mara Lindqvist")
                changes.choose(site)
                _fill(session, settings, site, editor, newspaper, edits)
            site = editor.memberships[0].site
            site.origins = [newspaper]
            with contextlib.suppress(NotFound):
                tokens.revoke(session, NAME)
            token = tokens.add(session, NAME, site=site, scopes=[Scope.ARTICLES_CHANGED])
            secret = _call_newspaper(session, settings, site, newspaper)
            return site.key, site.slug, editors.link(session, editor, Purpose.SIGN_IN, hours=24), token, secret
    finally:
        database.close()


def _call_newspaper(session: Session, settings: Settings, site: Site, newspaper: str) -> str:
    """Have the newspaper's own program told of all that happens, where it is at this start; the webhook's secret."""
    keys, address = settings.secret_keys, f"{newspaper}{PATH}"
    for webhook in webhooks.of_site(session, site):
        values = webhooks.opened(webhook, keys)
        if values["url"] == address:
            return webhooks.valid_secrets(values)[0]
        if values["url"].endswith(PATH):
            webhooks.remove(session, webhook)
    return webhooks.add(session, site, WebhookKind.PLAIN, address, list(EVENTS), keys=keys, own_networks=True)[1]


def _fill(session: Session, settings: Settings, site: Site, editor: Editor, newspaper: str, edits: Path) -> None:
    """Let readers report errors that really stand in the articles; correct two of them, also in the articles."""
    for number, (slug, wrong, right, kind) in enumerate(error for error in ERRORS if error not in LEFT):
        for _ in range(2 if number % 4 == 0 else 1):
            fields = _seen_by_reader(newspaper, edits, slug, wrong, right, kind)
            reports.submit(session, site=site, fields=fields, secret=settings.secret_key)
    waiting = session.scalars(select(Case).order_by(Case.id)).all()
    facts = [case for case in waiting if case.kind is not Kind.SPELLING][:2]
    for case in facts:
        catalogue = catalogue_in(best(case.article.language, case.site.language))
        notice = catalogue("public.draft", wrong=case.exact, right=case.suggestion)
        _look(session, case, edits)  # as was seen when it was reported
        if case is facts[0]:
            changes.take_back(session, case, editor)
        cases.decide(session, case, Decision(Resolution.CORRECTED, case.exact, case.suggestion, notice), actor=editor)
        edit(edits, case.article.url.rpartition("/")[2], case.exact, case.suggestion)
        _see_fixed(session, case, edits)
    later = [case for case in waiting if case.kind is not Kind.SPELLING][2:4]
    for number, case in enumerate(reversed(waiting)):
        _let_pass(case, HOURS_APART * (number + 1))
    session.flush()
    changes.enter_anew(session)
    changes.replace(session, facts[0], editor)
    changes.spread(session, facts[0], editor)
    changes.thank(session, facts[1], editor)
    entries.sign_due(session, settings.secret_key)
    _wait(session, site, editor, later)


def _wait(session: Session, site: Site, editor: Editor, cases_of_desk: Sequence[Case]) -> None:
    """Leave one notice to be approved by the demo's editor, and one that waits for its time and its fix."""
    colleague = editors.add(session, COLLEAGUE, site=site, role=Role.EDITOR, name="Jonas Eide")
    for case, resolution in zip(cases_of_desk, (Resolution.CLARIFIED, Resolution.CORRECTED), strict=False):
        decision = Decision(resolution, case.exact, case.suggestion, notices.draft(case))
        if resolution is Resolution.CLARIFIED:
            proposals.propose(session, case, decision, actor=colleague)
        else:
            cases.decide(session, case, decision, actor=editor, publish_at=now() + timedelta(days=1))


def _look(session: Session, case: Case, edits: Path) -> None:
    """Let the service have seen the wrong words in the article."""
    text = prose(read_story(edits, case.article.url.rpartition("/")[2]).text)
    at = text.index(case.exact)
    looks.see_fix(session, case, FixState.PRESENT, before=sentences.at(text, (at, at + len(case.exact))))


def _see_fixed(session: Session, case: Case, edits: Path) -> None:
    """Let the service have seen the right words in the article, and the notice be public."""
    text = prose(read_story(edits, case.article.url.rpartition("/")[2]).text)
    at = text.index(case.suggestion)
    looks.see_fix(session, case, FixState.APPLIED, after=sentences.at(text, (at, at + len(case.suggestion))))
    for notice in case.corrections:
        notice.publish_at = now()
    session.flush()
    notices.publish_due(session)


def _let_pass(case: Case, hours: float) -> None:
    """Move what became of a case into the past, so that its notice is public and the queue has ages."""
    case.created_at -= timedelta(hours=hours)
    for report in case.reports:
        report.created_at = case.created_at
    for event in case.events:
        event.at -= timedelta(hours=hours if event.kind == EventKind.REPORTED else hours / 2)
    for correction in case.corrections:
        case.decided_at = case.fix_checked_at = case.fixed_at = correction.created_at = correction.published_at = (
            case.created_at + timedelta(hours=hours / 2)
        )


def _seen_by_reader(newspaper: str, edits: Path, slug: str, wrong: str, right: str, kind: str) -> Fields:
    """The report of a reader who marks the wrong words in the article."""
    story = read_story(edits, slug)
    text = prose(story.text)
    at = text.index(wrong)
    quote = quote_at(text, at, at + len(wrong))
    return Fields(
        client_id=str(uuid.uuid4()),
        url=f"{newspaper}/articles/{slug}",
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
        suggestion=right,
        kind=Kind(kind),
        language=story.lang,
        title=story.headline,
        exact_length=len(wrong),
    )


def _publisher(service: str, token: str) -> Callable[[str], None]:
    """Tells the service of an article that was changed, as a newsroom's CMS does."""

    def tell(address: str) -> None:
        request = urllib.request.Request(  # noqa: S310
            f"{service}/api/v1/articles/changed",
            data=urlencode({"url": address}).encode(),
            headers={"Authorization": f"Bearer {token}"},
        )
        with contextlib.suppress(OSError):  # then the article is read again a little later
            urllib.request.urlopen(request, timeout=5).close()  # noqa: S310

    return tell


def _post(settings: Settings) -> Callable[[bytes], str]:
    """Takes in an answer from the mailbox page, as mail is taken in that comes to a server."""

    def take(raw: bytes) -> str:
        database = open_database(settings)
        try:
            return ARRIVED[inbound.take(database, settings, raw) or Place.DONE]
        finally:
            database.close()

    return take


def _first_article() -> str:
    return f"/articles/{ORDER[0]}"


@contextlib.contextmanager
def _served(app: Flask, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


class _QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """The demo's terminal shows its addresses, not each request."""


@contextlib.contextmanager
def _service(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The real server, as a newsroom runs it, in processes of its own."""
    setting_names = (
        "data_dir",
        "base_url",
        "mail_server",
        "mail_port",
        "mail_tls",
        "mail_from",
        "reply_address",
        "fetch_pace_seconds",
        "shadow_root",
        "limit_desk_mails",
    )
    environment = {f"CORRECTIONS_{name.upper()}": str(getattr(settings, name)) for name in setting_names}
    environment["CORRECTIONS_FETCH_ALLOW"] = '["127.0.0.0/8"]'
    command = [sys.executable, "-m", "corrections_service", "serve", "--port", str(port)]
    running = subprocess.Popen(command, env={**os.environ, **environment})  # noqa: S603
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()


def _wait_for(url: str, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if running.poll() is not None:
            raise ConfigurationError("The service did not start; its own message is above.")
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise ConfigurationError(f"The service did not answer at {url} within {START_SECONDS} seconds.")


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        ports = []
        for _ in range(count):
            probe = stack.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            ports.append(int(probe.getsockname()[1]))
        return ports
