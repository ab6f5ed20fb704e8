"""A mailbox for trying things out: a real SMTP server in the process, and a page that shows every mail it got."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from types import TracebackType
from typing import Any

import regex
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask, Response, abort, render_template, request
from markupsafe import Markup, escape

from corrections_service import shipped
from corrections_service.web import display

MAILS_SHOWN = 200


@dataclass(frozen=True)
class Mail:
    """One message as the server got it, with the addresses of its envelope."""

    number: int
    raw: bytes
    rcpt_tos: tuple[str, ...]
    mail_from: str = ""
    """Not kept in the directory."""

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def part(self, kind: str) -> str:
        """The text or HTML part, or nothing."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""

    @property
    def sent_at(self) -> datetime | None:
        """What the Date header says."""
        with contextlib.suppress(AttributeError, TypeError, ValueError):
            return self.message["Date"].datetime  # type: ignore[no-any-return]
        return None


class Mailbox:
    """An SMTP server on loopback that keeps what it gets, in memory and in a directory.

    `refuse` makes it misbehave: "connect", "rcpt" or "data", with the answer in `refusal`; `refuse_words` makes it
    refuse a text part that holds these words; `delay` is in seconds.
    """

    def __init__(self, directory: Path | None = None, port: int = 0) -> None:
        self.refuse: str | None = None
        self.refusal = "451 4.3.0 Try again later"
        self.refuse_words = ""
        self.delay = 0.0
        self._directory = directory
        self._mails: list[Mail] = []
        self._changed = threading.Condition()
        self._controller = _Controller(self, port)

    def __enter__(self) -> Mailbox:
        if self._directory is not None:
            self._directory.mkdir(parents=True, exist_ok=True)
            for path in sorted(self._directory.glob("*.eml")):
                head, _, raw = path.read_bytes().partition(b"\n")
                self._mails.append(Mail(len(self._mails) + 1, raw, tuple(head.decode().split("\t"))))
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._controller.port)

    def messages(self) -> list[Mail]:
        """All mails, the newest first."""
        with self._changed:
            return self._mails[::-1]

    def wait_for(self, condition: int | Callable[[list[Mail]], bool], timeout: float = 120.0) -> list[Mail]:
        """Wait until there are so many mails, or until a condition on them holds. Raises TimeoutError."""
        enough = condition if callable(condition) else lambda mails: len(mails) >= condition
        with self._changed:
            if not self._changed.wait_for(lambda: enough(self._mails[::-1]), timeout):
                raise TimeoutError(f"{len(self._mails)} mails came within {timeout:.0f} s")
            return self._mails[::-1]

    def keep(self, raw: bytes, recipients: tuple[str, ...], sender: str = "") -> None:
        """Keep one message."""
        with self._changed:
            mail = Mail(len(self._mails) + 1, raw, recipients, sender)
            if self._directory is not None:
                path = self._directory / f"{mail.number:06d}.eml"
                path.write_bytes("\t".join(recipients).encode() + b"\n" + raw)
            self._mails.append(mail)
            self._changed.notify_all()


class _Controller(Controller):
    def __init__(self, mailbox: Mailbox, port: int) -> None:
        super().__init__(_Handler(mailbox), hostname="127.0.0.1", port=port or _free_port())
        self.mailbox = mailbox

    def factory(self) -> SMTP:
        """A session; one that is refused says so in its first line and hangs up."""
        session: SMTP = (
            _Refusing(self.handler) if self.mailbox.refuse == "connect" else SMTP(self.handler, enable_SMTPUTF8=True)
        )
        return session


class _Refusing(SMTP):
    def connection_made(self, transport: Any) -> None:
        """Hang up."""
        transport.write(b"421 4.3.2 Not now\r\n")
        transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Nothing was begun."""


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if self.mailbox.refuse == "rcpt":
            return self.mailbox.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take or refuse a message."""
        if self.mailbox.delay:
            await asyncio.sleep(self.mailbox.delay)
        content = envelope.original_content
        assert content is not None
        phrase = self.mailbox.refuse_words
        if self.mailbox.refuse == "data" or (phrase and phrase in Mail(0, content, ()).part("plain")):
            return self.mailbox.refusal
        self.mailbox.keep(
            content, tuple(str(recipient) for recipient in envelope.rcpt_tos), str(envelope.mail_from or "")
        )
        return "250 OK"


def create_mailbox_app(mailbox: Mailbox, *, service_url: str, post: Callable[[bytes], str] | None = None) -> Flask:
    """The page that shows the mails; only links to the service can be clicked.

    `post` takes an answer in, as a mailbox that the service reads would, and says what became of it.
    """
    app = Flask(__name__, template_folder=str(shipped("templates")), static_folder=str(shipped("static")))
    app.jinja_options = display.JINJA
    links = regex.compile(regex.escape(service_url) + r"/[^\s<>\"]*")

    @app.template_filter("linked")
    def linked(text: str) -> Markup:
        """The text with its links to the service made clickable; everything else is only text."""
        pieces, at = [], 0
        for match in links.finditer(text):
            address = escape(match.group())
            pieces += [escape(text[at : match.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
            at = match.end()
        return Markup("").join([*pieces, escape(text[at:])])

    @app.get("/")
    def show() -> Response:
        mails = mailbox.messages()[:MAILS_SHOWN]
        answer = Response(render_template("demo/mailbox.html", mails=mails, can_answer=post is not None))
        answer.set_etag(hashlib.sha256(f"{len(mails)}".encode()).hexdigest()[:16])
        return answer.make_conditional(request)  # type: ignore[return-value]

    @app.post("/mails/<int:number>/answer")
    def answer_mail(number: int) -> Response:
        if post is None or request.headers.get("Origin", "null") != request.host_url.rstrip("/"):
            abort(403)
        outcome = post(_answer(_mail(number), request.form.get("words", "")))
        return Response(outcome, mimetype="text/plain")

    def _mail(number: int) -> Mail:
        mail = next((candidate for candidate in mailbox.messages() if candidate.number == number), None)
        if mail is None:
            abort(404)
        return mail

    @app.get("/mails/<int:number>/html")
    def show_html(number: int) -> Response:
        mail = _mail(number)
        answer = Response(mail.part("html"), mimetype="text/html")
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return answer

    @app.after_request
    def protect(answer: Response) -> Response:
        answer.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'",
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    return app


def _answer(mail: Mail, words: str) -> bytes:
    """What a mail program sends when its person answers this mail: below it, all that it says."""
    got, answer = mail.message, EmailMessage()
    answer["From"], answer["To"] = mail.rcpt_tos[0], str(got["Reply-To"] or got["From"])
    subject = str(got["Subject"])
    answer["Subject"] = subject if subject.startswith("Re:") else f"Re: {subject}"
    answer["Date"], answer["Message-ID"] = formatdate(localtime=True), make_msgid(domain="readers.example")
    answer["In-Reply-To"] = answer["References"] = str(got["Message-ID"])
    lines = "\n".join(f"> {line}" for line in mail.part("plain").splitlines())
    answer.set_content(f"{words}\n\nOn {got['Date']}, {got['From']} wrote:\n{lines}\n")
    return answer.as_bytes(policy=policy.SMTP)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
