"""Mail: render one message, hand it to the mail server over a connection with time limits, say what became of it."""

from __future__ import annotations

import hashlib
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email import policy
from email.message import Message as Part
from email.message import MIMEPart
from queue import Empty, LifoQueue
from typing import Any

import css_inline
from flask import Flask, render_template
from flask_mail import Connection, Mail, Message
from itsdangerous import URLSafeSerializer

from corrections_service.rules import text
from corrections_service.rules.changes import Piece, diff
from corrections_service.rules.quotes import Quote, sentence_around
from corrections_service.rules.references import recipient_mark, reference_of
from corrections_service.rules.words import Words, best, words
from corrections_service.services import looks, outbox, reports, sites, wishes
from corrections_service.settings import MailTls, Settings
from corrections_service.store.models import Case, Delivery, Report

CONNECT_SECONDS, COMMAND_SECONDS, DATA_SECONDS = 10, 30, 120
IDLE_SECONDS = 20
MAILS_A_CONNECTION = 100
LONGEST_LINE = 998
"""Characters of a line that a mail server has to take (RFC 5321)."""

DIGEST_CASES, DIGEST_WORDS = 15, 100
"""Cases that a digest shows, and characters of each field: a mail stays below 100 kB (THREATS C07)."""

MOST_PIECES, DIGEST_PIECES = 60, 10
"""Pieces of a word diff, alone and in a digest; with more, the old words and the new ones are shown whole."""


class MailRefused(Exception):
    """The server does not want this message; `for_good`: trying again is pointless; `away`: it takes none at all."""

    def __init__(self, reason: str, *, for_good: bool, away: bool = False) -> None:
        self.reason, self.for_good, self.away = text.without_addresses(text.one_line(reason, 300)), for_good, away
        super().__init__(self.reason)


class _TimedConnection(Connection):
    """Flask-Mail's connection, with the time limits and the verified TLS that it leaves out."""

    def __init__(self, mail: Any, settings: Settings) -> None:
        super().__init__(mail)
        self.settings = settings
        self.used_at = 0.0

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Connect within 10 s; each command has 30 s, the message itself 120 s; TLS never falls back to plain."""
        where = (self.settings.mail_server, self.settings.mail_port)
        trusted = ssl.create_default_context()
        host: smtplib.SMTP
        if self.settings.mail_tls is MailTls.TLS:
            host = smtplib.SMTP_SSL(*where, timeout=CONNECT_SECONDS, context=trusted)
        else:
            host = smtplib.SMTP(*where, timeout=CONNECT_SECONDS)
        _allow(host, COMMAND_SECONDS)
        if self.settings.mail_tls is MailTls.STARTTLS:
            host.starttls(context=trusted)
        if self.settings.mail_username:
            host.login(self.settings.mail_username, self.settings.mail_password)
        _allow(host, DATA_SECONDS)
        return host

    def close(self) -> None:
        """Say goodbye; a server that has gone already is no trouble."""
        with suppress(smtplib.SMTPException, OSError):
            if self.host is not None:
                self.host.quit()


class _Message(Message):
    """Flask-Mail's message, in lines that every server takes: text in base64 or quoted-printable, links in headers whole."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> Part:  # type: ignore[override]
        part = MIMEPart(policy.SMTP.clone(cte_type="7bit"))
        part.set_content(text or "", subtype=subtype)
        return part

    def as_bytes(self) -> bytes:
        """The message as it is sent; a folded link in a header would be none (RFC 8058), so headers are not folded."""
        made = self._message()
        made.policy = policy.SMTP.clone(max_line_length=LONGEST_LINE)
        return made.as_bytes()


class Mailer:
    """Sends messages for one process over a few connections that are used again."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self._idle: LifoQueue[_TimedConnection] = LifoQueue()
        if "mail" not in app.extensions:
            app.config.setdefault("MAIL_SERVER", settings.mail_server)
            Mail(app)
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    def send(self, message: Message) -> None:
        """Hand one message to the mail server. Raises MailRefused with the server's own words."""
        with _in_our_words(), self.app.app_context(), self._connection() as connection:
            connection.send(message)

    def check(self) -> None:
        """Connect and sign in to the mail server. Raises MailRefused with the server's own words."""
        with _in_our_words(), self._connection():
            pass

    def close(self) -> None:
        """Close what is open."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    def render(self, deliveries: Sequence[Delivery], count: int = 1) -> Message:
        """The message for one delivery, or one digest for several of the same desk."""
        first = deliveries[0]
        template = "cases_new" if count > 1 else first.template
        with self.app.test_request_context(base_url=self.settings.base_url or None):
            values = self._values(first, deliveries, count)
            plain = render_template(f"mail/{template}.txt", **values)
            html = render_template(f"mail/{template}.html", **values)
        subject, _, body = plain.partition("\n")
        return _Message(
            subject=text.one_line(subject, 180),
            recipients=[first.recipient],
            body=body.strip() + "\n",
            html=self._inliner.inline(html),
            sender=(values["site"]["name"], self.settings.sender),
            charset="utf-8",
            extra_headers=self._headers(first),
        )

    def compose(self, deliveries: Sequence[Delivery], *, together: Sequence[int] = ()) -> Message:
        """Render, and give the message the Message-ID that is the same for every try.

        `together` numbers all deliveries of a digest; with others in it, it is another message, which no mail
        program may take for one that it has already.
        """
        with self.app.app_context():
            message = self.render(deliveries, len(together) or 1)
        message.msgId = message_id(deliveries[0], self.settings.host)
        if len(together) > 1:
            mark = hashlib.sha256(repr(sorted(together)).encode()).hexdigest()[:16]
            message.msgId = message.msgId.replace("<", f"<digest.{mark}.", 1)
        return message

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        stop = f"{self.settings.base_url}/unsubscribe/{unsubscribe_token(delivery, self.settings)}"
        headers = {
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        if delivery.case_id is not None:
            root = message_id(outbox.first_of(delivery), self.settings.host)
            headers["X-Corrections-Case"] = str(delivery.case_id)
            if root != message_id(delivery, self.settings.host):
                headers |= {"In-Reply-To": root, "References": root}
        return headers

    def _values(self, first: Delivery, deliveries: Sequence[Delivery], count: int) -> dict[str, Any]:
        secrets = [self.settings.secret_key, *self.settings.secret_key_fallbacks]
        site = {"name": text.one_line(first.site.name, 80)}
        said = words_for(first.report) if first.report is not None else words("en")
        values: dict[str, Any] = {"site": site, "base_url": self.settings.base_url, "data": first.data, "words": said}
        if first.template == outbox.DESK_TEMPLATE:
            most = DIGEST_WORDS if count > 1 else 0
            values["cases"] = [_case_values(one.case, most) for one in deliveries if one.case is not None]
            values["case"], values["count"] = values["cases"][0], count
        elif first.case is not None and first.report is not None:
            token = reports.token_for(first.report, secrets)
            values["reader"] = _reader_values(first.case, first.report.id)
            values["status_url"] = f"{self.settings.base_url}/r/{token}"
        return values

    @contextmanager
    def _connection(self) -> Iterator[_TimedConnection]:
        connection = self._take()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        connection.used_at = time.monotonic()
        self._idle.put(connection)

    def _take(self) -> _TimedConnection:
        with suppress(Empty):
            while True:
                connection = self._idle.get_nowait()
                if time.monotonic() - connection.used_at < IDLE_SECONDS and connection.num_emails < MAILS_A_CONNECTION:
                    return connection
                connection.close()
        fresh = _TimedConnection(self.app.extensions["mail"], self.settings)
        fresh.__enter__()
        return fresh


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn what smtplib raises into MailRefused: whose fault it is decides whether trying again makes sense."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise MailRefused(_said(code, said), for_good=code >= 500) from error
    except smtplib.SMTPDataError as error:
        raise MailRefused(_said(error.smtp_code, error.smtp_error), for_good=error.smtp_code >= 500) from error
    except smtplib.SMTPResponseException as error:
        raise MailRefused(_said(error.smtp_code, error.smtp_error), for_good=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailRefused(f"The mail server cannot be reached: {error}", for_good=False, away=True) from error


def message_id(delivery: Delivery, host: str) -> str:
    """`<what is told.to whom@host>`: the same for every try of one delivery."""
    _, told, mark = delivery.key.split(":")
    return f"<{told}.{mark}@{host}>"


def unsubscribe_token(delivery: Delivery, settings: Settings) -> str:
    """A signed token that stops mails of this sort to this address, and does nothing else."""
    return _signer(settings).dumps(
        [delivery.site_id, delivery.report_id or 0, recipient_mark(delivery.recipient, settings.secret_key)]
    )


def read_unsubscribe_token(token: str, settings: Settings) -> tuple[int, int, str]:
    """Site, report (0 for a desk) and recipient's mark. Raises itsdangerous.BadSignature."""
    site_id, report_id, mark = _signer(settings).loads(token)
    return int(site_id), int(report_id), str(mark)


def words_for(report: Report) -> Words:
    """The sentences for a reader: in the report's language, else the article's, else the site's."""
    site = report.case.site
    language = best(report.language, report.case.article.language, site.language)
    return words(language, sites.own_sentences(site, language))


def unlink(value: str) -> str:
    """Text that mail programs do not turn into links: a word joiner after `:` of `://` and after dots in names."""
    return re.sub(r"(?<=\w)\.(?=[^\W\d_]{2})", ".\u2060", value.replace("://", ":\u2060//"))


def _signer(settings: Settings) -> URLSafeSerializer:
    keys = [*reversed(settings.secret_key_fallbacks), settings.secret_key]
    return URLSafeSerializer(keys, salt="unsubscribe")


def _case_values(case: Case, most: int = 0) -> dict[str, Any]:
    """What a desk's mail says of a case: readers' text, harmless (templates escape it), each field of `most` characters."""

    def shown(value: str) -> str:
        plain = text.without_direction_controls(value)
        return unlink(plain if not most or len(plain) <= most else text.cut(plain, most) + "…")

    before, exact, after = sentence_around(Quote(case.exact, case.prefix, case.suffix))
    exact, suggestion = shown(exact), shown(case.suggestion)
    pieces = diff(exact, suggestion) if exact and (suggestion or case.remove) else ()
    change = wishes.change(case)
    headline = text.one_line(case.article.headline or case.article.url, 120)
    return {
        "number": case.id,
        "headline": unlink(headline),
        "words": unlink(text.one_line(case.exact or case.place or case.comment, 60)),
        "address": unlink(case.article.url),
        "several": case.several,
        "page": unlink(next((one.page_url for one in case.reports if one.page_url), "")),
        "before": shown(before[-most:] if most else before),
        "exact": exact,
        "after": shown(after),
        "suggestion": suggestion,
        "remove": case.remove,
        "pieces": pieces
        if len(pieces) <= (DIGEST_PIECES if most else MOST_PIECES)
        else (Piece("replace", exact, suggestion),),
        "guard": change.guard if change else (),
        "comment": shown(case.comment),
        "place": shown(case.place),
        "kind": case.kind.value,
        "readers": case.readers,
        "source": unlink(next((report.source_url for report in case.reports if report.source_url), "")),
        "wants_reply": sum(report.reader is not None for report in case.reports),
    }


def _reader_values(case: Case, report_id: int) -> dict[str, Any]:
    """What a reader's mail says: nothing that any reader typed, only what the service itself read in the article."""
    was_read = case.article.read_status == "read"
    seen_fixed = case.fix_state in looks.SEEN_FIXED
    return {
        "reference": reference_of(report_id),
        "resolution": case.resolution.value if case.resolution else "",
        "headline": case.article.headline if was_read else "",
        "address": case.article.canonical_url if was_read else "",
        "before": case.fix_before if seen_fixed else "",
        "after": case.fix_after if seen_fixed else "",
        "fix_state": case.fix_state.value if case.fix_state else "",
    }


def _allow(host: smtplib.SMTP, seconds: int) -> None:
    if isinstance(host.sock, socket.socket):
        host.sock.settimeout(seconds)


def _said(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
