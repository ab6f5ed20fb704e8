"""Mail: render one message, hand it to the mail server over a connection with time limits, say what became of it."""

from __future__ import annotations

import email.errors
import hashlib
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email import policy
from email.header import Header
from email.headerregistry import Address
from email.message import MIMEPart
from email.mime.multipart import MIMEMultipart
from email.utils import formatdate
from queue import Empty, LifoQueue
from typing import Any

import css_inline
from flask import Flask, render_template
from flask_mail import Connection, Mail, Message
from itsdangerous import URLSafeSerializer
from sqlalchemy.orm import object_session

from corrections_service import errors
from corrections_service.rules import addresses, text
from corrections_service.rules.changes import Piece, diff
from corrections_service.rules.quotes import Quote, sentence_around
from corrections_service.rules.references import recipient_mark, reference_of
from corrections_service.rules.words import Words, best, words
from corrections_service.services import looks, outbox, reports, sites, wishes
from corrections_service.services.wishes import Wish
from corrections_service.settings import MailTls, Settings
from corrections_service.store.models import Case, Delivery, Report

CONNECT_SECONDS, COMMAND_SECONDS, DATA_SECONDS = 10, 30, 120
IDLE_SECONDS = 20
MAILS_A_CONNECTION = 100
LONGEST_NAME = 80
"""Characters of a publication's name that a mail shows; a header stays one line that servers take (RFC 5321)."""

KEY_LOST = (
    "The reader's link was made with a secret key that this service no longer knows: "
    "name it in SECRET_KEY_FALLBACKS, then try again."
)

DIGEST_CASES, DIGEST_WORDS = 15, 100
"""Cases that a digest shows, and characters of each field: a mail stays below 100 kB (THREATS C07)."""

MOST_WISHES, DIGEST_WISHES, WISH_WORDS = 5, 1, 40
"""Wishes of other readers that a mail shows, alone and in a digest, and characters of either side; the case shows all."""

MOST_PIECES, DIGEST_PIECES = 60, 10
"""Pieces of a word diff, alone and in a digest; with more, the old words and the new ones are shown whole."""


class MailRefused(Exception):
    """This message was not sent; `for_good`: trying again is pointless; `away`: the server takes none at all.

    `of_content`: it is for what the message says, so that another to the same address may be sent.
    """

    def __init__(self, reason: str, *, for_good: bool, away: bool = False, of_content: bool = False) -> None:
        self.reason, self.for_good, self.away = text.without_addresses(text.one_line(reason, 300)), for_good, away
        self.of_content = of_content
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

    def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Hand over one message; its envelope holds bare addresses, whatever its headers call people."""
        assert self.host is not None
        assert isinstance(message, _Message)
        self.host.sendmail(message.author.addr_spec, [message.reader.addr_spec], message.as_bytes())
        self.num_emails += 1

    def close(self) -> None:
        """Say goodbye; a server that has gone already is no trouble."""
        with suppress(smtplib.SMTPException, OSError):
            if self.host is not None:
                self.host.quit()


class _Message(Message):
    """Flask-Mail's message from one person to one, in lines that every server takes.

    Addresses are objects and each value is written for the header it stands in: Flask-Mail, and the standard
    library's folding of long names, take commas, colons and quotes in a name for the syntax of the header.
    """

    def __init__(self, author: Address, reader: Address, **parts: Any) -> None:
        super().__init__(sender=author.addr_spec, recipients=[reader.addr_spec], **parts)
        self.author, self.reader = author, reader

    def as_bytes(self) -> bytes:
        """The message as it is sent: text in base64 or quoted-printable, links in headers whole (RFC 8058)."""
        made = MIMEMultipart("alternative")
        for subtype, content in {"plain": self.body, **self.alts}.items():
            part = MIMEPart(policy.SMTP.clone(cte_type="7bit"))
            part.set_content(content or "", subtype=subtype)
            made.attach(part)
        headers = {
            "Subject": _encoded(text.one_line(self.subject, 180), "Subject"),
            "From": _mailbox(self.author, "From"),
            "To": _mailbox(self.reader, "To"),
            "Date": formatdate(self.date, localtime=True),
            "Message-ID": self.msgId,
            **(self.extra_headers or {}),
        }
        for name, value in headers.items():
            made[name] = value
        return made.as_bytes(policy=policy.compat32.clone(linesep="\r\n", max_line_length=None))


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
        several = "cases_new" if first.template == outbox.DESK_TEMPLATE else "answers"
        template = several if count > 1 else first.template
        with self.app.test_request_context(base_url=self.settings.base_url or None):
            values = self._values(first, deliveries, count)
            plain = render_template(f"mail/{template}.txt", **values)
            html = render_template(f"mail/{template}.html", **values)
        subject, _, body = plain.partition("\n")
        return self.letter(
            values["site"]["name"],
            first.recipient,
            subject,
            body=body.strip() + "\n",
            html=self._inliner.inline(html),
            extra_headers=self._headers(first, count),
        )

    def letter(self, site_name: str, recipient: str, subject: str, **parts: Any) -> Message:
        """A message in a publication's name. Raises MailRefused where an address cannot stand in an envelope."""
        try:
            author = Address(text.one_line(site_name, LONGEST_NAME), addr_spec=self.settings.sender)
            reader = Address(addr_spec=addresses.mailable(recipient, public=False))
        except (ValueError, IndexError, email.errors.MessageError) as error:
            raise MailRefused(f"This mail cannot be addressed: {error}", for_good=True) from error
        with self.app.app_context():
            return _Message(author, reader, subject=subject, **parts)

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

    def _headers(self, delivery: Delivery, count: int) -> dict[str, str]:
        token = unsubscribe_token(delivery, self.settings, all_reports=count > 1)
        headers = {
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{self.settings.base_url}/unsubscribe/{token}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        if delivery.case_id is not None:
            root = message_id(outbox.first_of(delivery), self.settings.host)
            headers["X-Corrections-Case"] = str(delivery.case_id)
            if root != message_id(delivery, self.settings.host):
                headers |= {"In-Reply-To": root, "References": root}
        return headers

    def _values(self, first: Delivery, deliveries: Sequence[Delivery], count: int) -> dict[str, Any]:
        site = {"name": text.one_line(first.site.name, LONGEST_NAME)}
        said = words_for(first.report) if first.report is not None else words("en")
        values: dict[str, Any] = {"site": site, "base_url": self.settings.base_url, "data": first.data, "words": said}
        if first.template == outbox.DESK_TEMPLATE:
            most = DIGEST_WORDS if count > 1 else 0
            cases = [one.case for one in deliveries[:DIGEST_CASES] if one.case is not None]
            session = object_session(first)
            wished = wishes.others(session, cases) if session else {}
            values["cases"] = [_case_values(one, most, wished.get(one.id, ())) for one in cases]
            values["case"], values["count"] = values["cases"][0], count
        elif first.report is not None:
            values["answers"] = [self._answer_values(one) for one in deliveries]
            values |= values["answers"][0]
        return values

    def _answer_values(self, delivery: Delivery) -> dict[str, Any]:
        """What a mail says to one reader about one report. Raises MailRefused where its link is lost."""
        assert delivery.case is not None
        assert delivery.report is not None
        secrets = [self.settings.secret_key, *self.settings.secret_key_fallbacks]
        try:
            token = reports.token_for(delivery.report, secrets)
        except errors.NotFound:
            raise MailRefused(KEY_LOST, for_good=True, of_content=True) from None
        return {
            "reader": _reader_values(delivery.case, delivery.report.id),
            "status_url": f"{self.settings.base_url}/r/{token}",
            "data": delivery.data,
            "words": words_for(delivery.report),
        }

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
        reason = _said(error.smtp_code, error.smtp_error)
        raise MailRefused(reason, for_good=error.smtp_code >= 500, of_content=True) from error
    except smtplib.SMTPResponseException as error:
        raise MailRefused(_said(error.smtp_code, error.smtp_error), for_good=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailRefused(_why(error), for_good=False, away=True) from error


def _why(error: Exception) -> str:
    """Why there is no connection that could be used: each kind has another remedy."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server’s certificate is not accepted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"No safe connection to the mail server, look at MAIL_TLS and MAIL_PORT: {error}"
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionResetError | BrokenPipeError):
        return f"The mail server hung up: {error}"
    if isinstance(error, smtplib.SMTPException):
        return f"The mail server does not do what the settings ask for: {error}"
    if isinstance(error, TimeoutError):
        return f"The mail server does not answer in time: {error}"
    return f"The mail server cannot be reached: {error}"


def message_id(delivery: Delivery, host: str) -> str:
    """`<what is told.to whom@host>`: the same for every try of one delivery."""
    _, told, mark = delivery.key.split(":")
    return f"<{told}.{mark}@{host}>"


def unsubscribe_token(delivery: Delivery, settings: Settings, *, all_reports: bool = False) -> str:
    """A signed token that stops mails of this sort to this address, and does nothing else; those about accounts don't stop.

    `all_reports`: the mail is about several reports of one reader; a negative number says so.
    """
    report_id = delivery.report_id or 0
    is_desks = delivery.template == outbox.DESK_TEMPLATE
    mark = recipient_mark(delivery.recipient, settings.secret_key) if is_desks else ""
    return _signer(settings).dumps([delivery.site_id, -report_id if all_reports else report_id, mark])


def read_unsubscribe_token(token: str, settings: Settings) -> tuple[int, int, str]:
    """Site, report (0 for a desk, negative for all that its reader sent), a desk's mark. Raises BadSignature."""
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


def _case_values(case: Case, most: int = 0, wished: Sequence[Wish] = ()) -> dict[str, Any]:
    """What a desk's mail says of a case: readers' text, harmless (templates escape it), each field of `most` characters.

    `wished` is what other readers want there.
    """

    def shown(value: str) -> str:
        return _harmless(value, most)

    before, exact, after = sentence_around(Quote(case.exact, case.prefix, case.suffix))
    exact, suggestion = shown(exact), shown(case.suggestion)
    most_wishes = DIGEST_WISHES if most else MOST_WISHES
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
        "others": [_wish_values(one) for one in wished[:most_wishes]],
        "more_wishes": len(wished) > most_wishes,
        "pieces": pieces
        if len(pieces) <= (DIGEST_PIECES if most else MOST_PIECES)
        else (Piece("replace", exact, suggestion),),
        "guard": change.guard if change else (),
        "comment": shown(case.comment),
        "place": shown(case.place),
        "kind": case.kind.value,
        "readers": case.readers,
        "source": unlink(next((report.source_url for report in case.reports if report.source_url), "")),
        "wants_reply": len({report.sender for report in case.reports if report.reader is not None}),
    }


def _harmless(value: str, most: int) -> str:
    """A reader's text of at most so many characters (0: all), no part of which turns others round or is a link."""
    plain = text.without_direction_controls(value)
    return unlink(plain if not most or len(plain) <= most else text.cut(plain, most) + "…")


def _wish_values(wish: Wish) -> dict[str, Any]:
    """What other readers want: which words become which, harmless, and how many readers that are."""
    sides = ([piece.before for piece in wish.changed], [piece.after for piece in wish.changed])
    parts = (" … ".join(filter(None, map(str.strip, side))) for side in sides)
    before, after = (_harmless(part, WISH_WORDS) for part in parts)
    becomes = after or ("these words should go" if before else "other spaces")
    return {"before": before, "after": after, "becomes": becomes, "readers": wish.readers}


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


def _mailbox(address: Address, header: str) -> str:
    """An address with its name, for a header (RFC 5322)."""
    name = address.display_name
    if not name:
        return address.addr_spec
    if name.isascii() and name.isprintable() and "=?" not in name:
        quoted = re.sub(r'(["\\])', r"\\\1", name)
        return f'"{quoted}" <{address.addr_spec}>'
    return f"{_words(name, header)} <{address.addr_spec}>"


def _encoded(value: str, header: str) -> str:
    """A text for a header: as it is, or where it is not plain, in encoded words (RFC 2047)."""
    return value if value.isascii() and value.isprintable() and "=?" not in value else _words(value, header)


def _words(value: str, header: str) -> str:
    return Header(value, "utf-8", maxlinelen=75, header_name=header).encode()


def _allow(host: smtplib.SMTP, seconds: int) -> None:
    if isinstance(host.sock, socket.socket):
        host.sock.settimeout(seconds)


def _said(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
