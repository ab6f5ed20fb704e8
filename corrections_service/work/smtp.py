"""The mail server: one message handed to it over a connection with time limits, and what it says in our words."""

from __future__ import annotations

import email.errors
import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import policy
from email.header import Header
from email.headerregistry import Address
from email.message import MIMEPart
from email.mime.multipart import MIMEMultipart
from email.utils import formatdate
from queue import Empty, LifoQueue
from typing import Any

from flask import Flask
from flask_mail import Connection, Mail, Message

from corrections_service.rules import addresses, text
from corrections_service.settings import MailTls, Settings

CONNECT_SECONDS, COMMAND_SECONDS, DATA_SECONDS = 10, 30, 120
IDLE_SECONDS = 20
MAILS_A_CONNECTION = 100
CONNECTIONS = 6
"""So many at once at most; where a server refuses one more, those that there are."""

_SIGN_IN_FIRST = (530, 538)
"""What servers answer who want to know first who sends (RFC 4954)."""

TOO_MANY = (421, 432)
"""What servers answer to the first mail over one connection too many."""
LONGEST_NAME = 80
"""Characters of a publication's name that a mail shows; a header stays one line that servers take (RFC 5321)."""


_NO_NAME = "MAIL_SERVER is no name that a server can have"


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
        self.last_reply = ""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Connect within 10 s; each command has 30 s, the message itself 120 s; TLS never falls back to plain."""
        try:
            return self._connected()
        except UnicodeEncodeError as error:
            if error.encoding == "idna":
                raise smtplib.SMTPException(_NO_NAME) from None
            raise smtplib.SMTPException(
                "MAIL_USERNAME or MAIL_PASSWORD has letters that no mail server takes"
            ) from None
        except UnicodeError:
            raise smtplib.SMTPException(_NO_NAME) from None

    def _connected(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        where = (self.settings.mail_server, self.settings.mail_port)
        host: smtplib.SMTP
        if self.settings.mail_tls is MailTls.TLS:
            host = _HeardSafely(*where, timeout=CONNECT_SECONDS, context=ssl.create_default_context())
        else:
            host = _Heard(*where, timeout=CONNECT_SECONDS)
        try:
            _allow(host, COMMAND_SECONDS)
            if self.settings.mail_tls is MailTls.STARTTLS:
                host.starttls(context=ssl.create_default_context())
            if self.settings.mail_username:
                host.login(self.settings.mail_username, self.settings.mail_password)
            host.ehlo_or_helo_if_needed()  # else it would be seen only with a mail that the server wants no connection
            _allow(host, DATA_SECONDS)
        except BaseException:
            host.close()  # nobody else has it
            raise
        return host

    def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Hand over one message; its envelope holds bare addresses, whatever its headers call people."""
        assert self.host is not None
        assert isinstance(message, _Message)
        self.host.sendmail(message.author.addr_spec, [message.reader.addr_spec], message.as_bytes())
        self.last_reply = getattr(self.host, "last_reply", "")
        self.num_emails += 1

    def close(self) -> None:
        """Say goodbye; a server that has gone already, or does not answer that, is no trouble and holds nothing up."""
        with suppress(smtplib.SMTPException, OSError):
            if self.host is not None:
                _allow(self.host, CONNECT_SECONDS)
                self.host.quit()


class _Heard(smtplib.SMTP):
    """A conversation with a mail server whose last answer is remembered, as smtplib forgets it."""

    last_reply = ""

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer."""
        code, reply = super().getreply()
        self.last_reply = _reply_text(code, reply)
        return code, reply


class _HeardSafely(_Heard, smtplib.SMTP_SSL):
    """The same, over TLS from the beginning."""


class _Message(Message):
    """Flask-Mail's message from one person to one, in lines that every server takes.

    Addresses are objects and each value is written for the header it stands in: Flask-Mail, and the standard
    library's folding of long names, take commas, colons and quotes in a name for the syntax of the header.
    """

    def __init__(self, author: Address, reader: Address, **parts: Any) -> None:
        super().__init__(sender=author.addr_spec, recipients=[reader.addr_spec], **parts)
        self.author, self.reader = author, reader
        self._written = b""

    def as_bytes(self) -> bytes:
        """The message as it is sent: text in base64 or quoted-printable, links in headers whole (RFC 8058).

        It is written once, when this is first asked for.
        """
        if not self._written:
            self._written = self._write()
        return self._written

    def _write(self) -> bytes:
        mime = MIMEMultipart("alternative")
        for subtype, content in {"plain": self.body, **self.alts}.items():
            part = MIMEPart(policy.SMTP.clone(cte_type="7bit"))
            part.set_content(content or "", subtype=subtype)
            mime.attach(part)
        headers = {
            "Subject": _encoded(text.one_line(self.subject, 180), "Subject"),
            "From": _mailbox(self.author, "From"),
            "To": _mailbox(self.reader, "To"),
            "Date": formatdate(self.date, localtime=True),
            "Message-ID": self.msgId,
            **(self.extra_headers or {}),
        }
        for name, value in headers.items():
            mime[name] = value
        return mime.as_bytes(policy=policy.compat32.clone(linesep="\r\n", max_line_length=None))


class MailServer:
    """Sends messages for one process over a few connections that are used again."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self._idle: LifoQueue[_TimedConnection] = LifoQueue()
        self._in_use = self._connected = 0
        self._most, self._fewer_since = CONNECTIONS, 0.0
        self._changed = threading.Condition()
        if "mail" not in app.extensions:
            app.config.setdefault("MAIL_SERVER", settings.mail_server)
            Mail(app)

    def send(self, message: Message, is_wanted: Callable[[], bool] = lambda: True) -> str | None:
        """Hand one message to the mail server; what it said. Raises MailRefused with the server's own words.

        None where the message was not wanted any more when its turn came.
        """
        with _in_our_words(), self.app.app_context():
            while True:
                try:
                    with self._connection() as connection:
                        if not is_wanted():
                            return None
                        connection.send(message)
                        return text.one_line(connection.last_reply, 300)
                except smtplib.SMTPSenderRefused as error:
                    if error.smtp_code not in TOO_MANY or not self._do_with_fewer():
                        raise

    def check(self) -> None:
        """Connect and sign in to the mail server. Raises MailRefused with the server's own words."""
        with _in_our_words(), self._connection():
            pass

    def close(self, keep: int = 0) -> None:
        """Close what is open and not in use, but for so many that were used last."""
        last: list[_TimedConnection] = []
        with suppress(Empty):
            while True:
                connection = self._idle.get_nowait()
                if len(last) < keep:
                    last.append(connection)
                else:
                    connection.close()
        for connection in reversed(last):
            self._idle.put(connection)

    def letter(self, site_name: str, recipient: str, subject: str, **parts: Any) -> Message:
        """A message in a publication's name. Raises MailRefused where an address cannot stand in an envelope."""
        try:
            author = Address(text.one_line(site_name, LONGEST_NAME), addr_spec=self.settings.sender)
            reader = Address(addr_spec=addresses.mailable(recipient, public=False))
        except (ValueError, IndexError, email.errors.MessageError) as error:
            raise MailRefused(f"This mail cannot be addressed: {error}", for_good=True) from error
        with self.app.app_context():
            return _Message(author, reader, subject=subject, **parts)

    @contextmanager
    def _connection(self) -> Iterator[_TimedConnection]:
        """A connection for this thread alone."""
        try:
            connection = self._take()
            with self._changed:
                self._connected += 1
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            else:
                connection.used_at = time.monotonic()
                self._idle.put(connection)
            finally:
                with self._changed:
                    self._connected -= 1
        finally:
            self._give_back()

    def _take(self) -> _TimedConnection:
        """A place and a connection; where the server wants no further one, one of the others as soon as it is free."""
        self._take_place()
        while True:
            try:
                return self._kept() or self._fresh()
            except (smtplib.SMTPException, OSError):
                if not self._do_with_fewer():
                    raise
                self._give_back()
                self._take_place()

    def _take_place(self) -> None:
        with self._changed:
            if time.monotonic() - self._fewer_since > IDLE_SECONDS:
                self._most, self._fewer_since = min(self._most + 1, CONNECTIONS), time.monotonic()
            self._changed.wait_for(lambda: self._in_use < self._most)
            self._in_use += 1

    def _give_back(self) -> None:
        with self._changed:
            self._in_use -= 1
            self._changed.notify_all()

    def _do_with_fewer(self) -> bool:
        """Use no more connections than there are, and one more only after a while; whether there are any."""
        with self._changed:
            are_there = self._connected + self._idle.qsize()
            self._most, self._fewer_since = max(1, are_there), time.monotonic()
            return are_there > 0

    def _kept(self) -> _TimedConnection | None:
        with suppress(Empty):
            while True:
                connection = self._idle.get_nowait()
                if time.monotonic() - connection.used_at < IDLE_SECONDS and connection.num_emails < MAILS_A_CONNECTION:
                    return connection
                connection.close()
        return None

    def _fresh(self) -> _TimedConnection:
        fresh = _TimedConnection(self.app.extensions["mail"], self.settings)
        fresh.__enter__()
        return fresh


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn what smtplib raises into MailRefused: whose fault it is decides whether trying again makes sense."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        raise MailRefused(_reply_text(code, reply), for_good=code >= 500) from error
    except smtplib.SMTPDataError as error:
        reason = _reply_text(error.smtp_code, error.smtp_error)
        raise MailRefused(reason, for_good=error.smtp_code >= 500, of_content=True) from error
    except smtplib.SMTPResponseException as error:
        raise MailRefused(_reply_text(error.smtp_code, error.smtp_error), for_good=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailRefused(_why(error), for_good=False, away=True) from error


def remedy(refusal: MailRefused) -> str:
    """Which of the settings to look at: reach, tls, sign_in, sender, recipient; by what the mail server did."""
    cause = refusal.__cause__
    if isinstance(cause, smtplib.SMTPAuthenticationError):
        return "sign_in"
    if isinstance(cause, smtplib.SMTPRecipientsRefused):
        return "recipient"
    if isinstance(cause, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return "sign_in" if "AUTH" in str(cause).upper().split() else "tls"
    if isinstance(cause, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return "sign_in" if cause.smtp_code in _SIGN_IN_FIRST else "sender"
    return "reach" if refusal.away else "sender"


def _why(error: Exception) -> str:
    """Why there is no connection that could be used: each kind has another remedy."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server’s certificate is not accepted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"No safe connection to the mail server, look at MAIL_TLS and MAIL_PORT: {error}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # smtplib calls it disconnected
        return "The mail server does not answer in time."
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionResetError | BrokenPipeError):
        return f"The mail server hung up: {text.reason(error)}"
    if isinstance(error, smtplib.SMTPException):
        return f"The mail server does not do what the settings ask for: {error}"
    return f"The mail server cannot be reached: {text.reason(error)}"


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


def _reply_text(code: int, reply: bytes | str) -> str:
    return f"{code} {reply.decode('utf-8', 'replace') if isinstance(reply, bytes) else reply}"
