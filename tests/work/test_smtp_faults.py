"""Whatever a mail server does at whatever stage: no mail is lost, none comes twice, and the cause that is told is the true
one ([P-09](docs/threats.md), D6)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from sqlalchemy import select

from corrections_service.demo.mailbox import Mailbox, _Handler
from corrections_service.services import outbox
from corrections_service.settings import MailTls, Settings
from corrections_service.store.models import Delivery, DeliveryState
from corrections_service.work import deliveries, smtp
from tests.measures import lasting
from tests.running import free_port
from tests.work.certificates import Authority
from tests.work.postroom import Desk

STAGES = ("banner", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "body", "end", "QUIT")
"""A conversation with a mail server, one after the other; `body` is within the message, `end` after its last dot."""

FAULTS = {
    "4xx": "451 4.3.0 Not now, said at {stage}",
    "5xx": "554 5.7.0 Never, said at {stage}",
    "hang": "The mail server does not answer in time",
    "drop": "The mail server hung up",
}
"""What goes wrong, and what is told of it."""

SENT, OWED, FAILED = DeliveryState.SENT, DeliveryState.OWED, DeliveryState.FAILED


class FaultyServer(Controller):
    """A real mail server, with TLS and passwords, that fails at one stage as it is told to."""

    def __init__(self, authority: Authority, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.stage, self.fault = "", ""
        self._tls = authority.server("127.0.0.1")
        super().__init__(_FaultyHandler(self), hostname="127.0.0.1", port=free_port())

    def factory(self) -> SMTP:
        """One conversation."""
        return _FaultySession(self, self._tls)

    async def fails(self, stage: str, session: SMTP) -> str:
        """Whether, at this stage, it is to fail, and by what answer; for "drop" and "hang" there is none."""
        if self.stage != stage:
            return ""
        transport: Any = session.transport
        if self.fault == "hang":
            try:
                await asyncio.Event().wait()  # until the client hangs up
            finally:
                transport.abort()
        if self.fault == "drop":
            transport.abort()
        return FAULTS[self.fault].format(stage=stage)


def _stage(name: str) -> Callable[[Any, str], Awaitable[None]]:
    """A command of SMTP that may fail."""

    async def run(self: _FaultySession, argument: str) -> None:
        answer = await self.whole.fails(name, self)
        if name == "DATA" and await self.fails_within():
            return
        await (self.push(answer) if answer else getattr(SMTP, f"smtp_{name}")(self, argument))

    return run


class _FaultySession(SMTP):
    def __init__(self, whole: FaultyServer, tls: Any) -> None:
        self.whole = whole
        allowed = lambda *_: AuthResult(success=True)  # noqa: E731
        super().__init__(whole.handler, tls_context=tls, authenticator=allowed)

    smtp_EHLO, smtp_STARTTLS, smtp_AUTH = _stage("EHLO"), _stage("STARTTLS"), _stage("AUTH")
    smtp_MAIL, smtp_RCPT, smtp_DATA, smtp_QUIT = _stage("MAIL"), _stage("RCPT"), _stage("DATA"), _stage("QUIT")

    async def smtp_HELO(self, hostname: str) -> None:
        """As EHLO."""
        await self.smtp_EHLO(hostname)

    async def fails_within(self) -> bool:
        """Take a part of a message, and no more."""
        if self.whole.stage != "body":
            return False
        await self.push("354 Go on")
        await self._reader.readuntil()
        await self.whole.fails("body", self)
        return True

    async def _handle_client(self) -> None:
        if answer := await self.whole.fails("banner", self):
            await self.push(answer)
            if self.transport is not None:
                self.transport.close()
        else:
            await super()._handle_client()


class _FaultyHandler(_Handler):
    def __init__(self, whole: FaultyServer) -> None:
        super().__init__(whole.mailbox)
        self.whole = whole

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        """Take a message, if nothing fails."""
        return await self.whole.fails("end", server) or await super().handle_DATA(server, session, envelope)


@pytest.fixture
def database_settings(sqlite_settings: Settings) -> Settings:
    """What is told is the same on both databases."""
    return sqlite_settings


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyServer]:
    """A mail server that may fail."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    with Mailbox() as mailbox:
        made = FaultyServer(authority, mailbox)
        made.start()
        yield made
        made.stop()


@pytest.fixture
def desk(desk: Desk, server: FaultyServer) -> Desk:
    """A newsroom that sends by this server."""
    more = {"mail_port": server.port, "mail_tls": MailTls.STARTTLS, "mail_username": "u", "mail_password": "p"}
    desk.work.mailer.settings = desk.work.settings.model_copy(update=more)
    return replace(desk, work=replace(desk.work, settings=desk.work.mailer.settings))


def deliver_all(desk: Desk) -> None:
    while deliveries.deliver(desk.work):
        pass


def outcomes(desk: Desk, since: int) -> list[tuple[DeliveryState, str]]:
    """What became of each mail that is owed since this one."""
    with desk.db.read() as session:
        query = select(Delivery.state, Delivery.last_error).where(Delivery.id > since).order_by(Delivery.id)
        return [(state, reason) for state, reason in session.execute(query)]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_at_any_stage_loses_or_doubles_a_mail_and_its_true_cause_is_told(
    desk: Desk, server: FaultyServer, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each stage with 4xx, 5xx, silence and an end of the connection: two mails are owed, to the desk and to a reader."""
    stages = [stage for stage in STAGES if stage != "body" or fault in ("hang", "drop")]
    for number, stage in enumerate(stages):
        with desk.db.read() as session:
            since = max(session.scalars(select(Delivery.id)), default=0)
        desk.report(email=f"ann{number}@readers.example", exact=f"wrong {number}", suggestion=f"right {number}")
        server.stage, server.fault = stage, fault
        with monkeypatch.context() as hurried:
            if fault == "hang":
                for name in ("CONNECT_SECONDS", "COMMAND_SECONDS", "DATA_SECONDS"):
                    hurried.setattr(smtp, name, 0.7)
            deliver_all(desk)
            with lasting(smtp.CONNECT_SECONDS):
                desk.work.mailer.close()
        _check(stage, fault, outcomes(desk, since))
        server.stage = ""
        with desk.db.write() as session:
            outbox.retry(session)
            for delivery in session.scalars(select(Delivery).where(Delivery.state == OWED)):
                delivery.next_at = delivery.created_at
        deliver_all(desk)
        desk.work.mailer.close()
        assert [state for state, _ in outcomes(desk, since)] == [SENT, SENT], stage
    ids = Counter(str(mail.message["Message-ID"]) for mail in server.mailbox.messages())
    assert sorted(ids.values()) == [1] * 2 * len(stages)


def _check(stage: str, fault: str, found: list[tuple[DeliveryState, str]]) -> None:
    """What became of two mails by a fault: the settings' is tried again, an address's and a mail's own is on screen."""
    states, reasons = {state for state, _ in found}, {reason for _, reason in found if reason}
    if stage == "QUIT":
        assert (len(found), states, reasons) == (2, {SENT}, set())
    else:
        is_for_good = fault == "5xx" and stage in ("RCPT", "DATA", "end")
        assert (len(found), states) == (2, {FAILED} if is_for_good else {OWED}), stage
        assert reasons, stage
        told = FAULTS[fault].format(stage=stage)
        assert all(reason.startswith(told) for reason in reasons), (stage, reasons)
