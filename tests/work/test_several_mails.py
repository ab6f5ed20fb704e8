"""Several mails to readers are handed over at once, over no more connections than the server takes, and in each one's order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import select

from corrections_service.demo.mailbox import Mailbox, _Handler
from corrections_service.services import outbox
from corrections_service.store.models import Delivery, DeliveryState
from corrections_service.work import deliveries
from corrections_service.work.mail import message_id
from corrections_service.work.smtp import CONNECTIONS
from tests.running import free_port
from tests.work.postroom import Desk

READERS = 8


class CountingServer(Controller):
    """A real mail server that knows how many talk to it at once.

    It takes no mail to a reader before `together` of them are there, or it turned one away: a connection more than
    `most`, when that comes, or, where it says so `late`, when it brings a mail.
    """

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.together, self.most, self.late = 1, 100, False
        self.connections = self.turned_away = self.at_data = 0
        self.is_gathered = asyncio.Event()
        super().__init__(_CountingHandler(self), hostname="127.0.0.1", port=free_port())

    def factory(self) -> SMTP:
        """One conversation."""
        return _CountingSession(self)

    def turn_away(self) -> None:
        """Take the mails that wait, as another could not come."""
        self.turned_away += 1
        self.is_gathered.set()


class _CountingSession(SMTP):
    def __init__(self, whole: CountingServer) -> None:
        super().__init__(whole.handler)
        self.whole = whole

    async def _handle_client(self) -> None:
        self.whole.connections += 1
        try:
            if self.whole.connections > self.whole.most and not self.whole.late:
                self.whole.turn_away()
                await self.push("421 4.7.0 Too many connections")
                assert self.transport is not None
                self.transport.close()
            else:
                await super()._handle_client()
        finally:
            self.whole.connections -= 1

    async def smtp_MAIL(self, argument: str) -> None:
        """The beginning of a mail."""
        if self.whole.connections > self.whole.most:
            self.whole.turn_away()
            await self.push("432 4.3.2 Concurrent connections limit exceeded")
        else:
            await super().smtp_MAIL(argument)


class _CountingHandler(_Handler):
    def __init__(self, whole: CountingServer) -> None:
        super().__init__(whole.mailbox)
        self.whole = whole

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        """Take a message once enough are there."""
        if envelope.rcpt_tos != ["desk@news.example"]:
            self.whole.at_data += 1
            if self.whole.at_data >= self.whole.together:
                self.whole.is_gathered.set()
            await self.whole.is_gathered.wait()
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def server() -> Iterator[CountingServer]:
    """A mail server that counts."""
    with Mailbox() as mailbox:
        made = CountingServer(mailbox)
        made.start()
        yield made
        made.stop()


@pytest.fixture
def desk(desk: Desk, server: CountingServer) -> Iterator[Desk]:
    """A newsroom that sends by this server, and owes a mail to each of its readers."""
    desk.work.mailer.settings = desk.work.settings.model_copy(update={"mail_port": server.port})
    for number in range(READERS):
        desk.report(email=f"ann{number}@readers.example")
    yield replace(desk, work=replace(desk.work, settings=desk.work.mailer.settings))
    desk.work.mailer.close()


def send_all(desk: Desk) -> None:
    while deliveries.deliver(desk.work):
        pass


def read(server: CountingServer) -> list[str]:
    """Who got a mail, in the alphabet's order."""
    return sorted(address for mail in server.mailbox.messages() for address in mail.rcpt_tos)


EVERYBODY = [*(f"ann{number}@readers.example" for number in range(READERS)), "desk@news.example"]


def test_a_server_that_is_slow_to_answer_has_several_at_once(desk: Desk, server: CountingServer) -> None:
    server.together = CONNECTIONS
    send_all(desk)
    assert read(server) == EVERYBODY
    assert server.connections <= CONNECTIONS


@pytest.mark.parametrize("most", [1, 2])
def test_a_server_that_takes_fewer_connections_gets_all_over_those(
    desk: Desk, server: CountingServer, most: int
) -> None:
    server.most, server.together = most, READERS
    send_all(desk)
    assert read(server) == EVERYBODY
    assert server.turned_away
    with desk.db.read() as session:
        assert set(session.execute(select(Delivery.state, Delivery.last_error))) == {(DeliveryState.SENT, "")}


def test_where_it_says_so_only_to_a_mail_those_it_refuses_come_again(desk: Desk, server: CountingServer) -> None:
    server.most, server.together, server.late = 1, READERS, True
    for _ in range(READERS):
        send_all(desk)
        with desk.db.write() as session:
            outbox.retry(session)
            for delivery in session.scalars(select(Delivery).where(Delivery.state == DeliveryState.OWED)):
                delivery.next_at = delivery.created_at
    assert read(server) == EVERYBODY
    assert 0 < server.turned_away <= CONNECTIONS


def test_one_reader_gets_mails_one_after_the_other(desk: Desk, server: CountingServer) -> None:
    with desk.db.write() as session:
        for delivery in session.scalars(select(Delivery).where(Delivery.report_id.is_not(None))):
            delivery.recipient = "ann@readers.example"
    send_all(desk)
    assert read(server) == ["ann@readers.example"] * READERS + ["desk@news.example"]
    with desk.db.read() as session:
        query = select(Delivery).where(Delivery.report_id.is_not(None)).order_by(Delivery.id)
        owed = [message_id(delivery, desk.work.settings.host) for delivery in session.scalars(query)]
    got = [str(mail.message["Message-ID"]) for mail in server.mailbox.messages()[::-1]]
    assert [name for name in got if name in owed] == owed
