"""Mails handed to a mail server a second, over the connections that the service keeps, against one connection a mail.

The messages are the service's own, composed before the clock starts, and handed over as a worker does: over a few
connections at once. `delivered_a_second` is all that it does for each of them: claiming, composing, sending, marking.
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from benchmarks.load import ORIGIN, in_turn
from benchmarks.servers import MAIL, installation, mail_server
from corrections_service import create_app
from corrections_service.services import reports
from corrections_service.services.reports import Arrival, Fields
from corrections_service.settings import read_settings
from corrections_service.store.database import Database, open_database
from corrections_service.store.models import Delivery, DeliveryState, Site
from corrections_service.work.deliveries import deliver_due
from corrections_service.work.mail import Mailer
from corrections_service.work.means import Work
from corrections_service.work.smtp import CONNECTIONS


def run(mails: int = 400, rounds: int = 5, delays: tuple[int, ...] = (0, 5)) -> dict[str, object]:
    """Ours and one connection a mail in turn, with each of these delays, in ms, before each reply of the server."""
    figures: dict[str, object] = {}
    for delay in delays:
        with mail_server(delay) as port, installation() as (_, _, directory, _):
            settings = read_settings(data_dir=directory, base_url=ORIGIN, mail_port=port, mail_tls="none", **MAIL)
            database = open_database(settings)
            mailer = Mailer(create_app(settings, database=database), settings)
            work = Work(database, settings, mailer)
            figures |= {f"{delay}ms_{name}": value for name, value in _measure(work, mails, rounds).items()}
            mailer.close()
            database.close()
    return figures


def _measure(work: Work, mails: int, rounds: int) -> dict[str, float]:
    _owe(work.database, mails, work.settings.secret_key)
    with work.database.read() as session:
        owed = session.scalars(select(Delivery).where(Delivery.report_id.is_not(None))).all()
        messages = [work.mailer.compose([delivery]) for delivery in owed]
    figures = in_turn(
        lambda: _rate(work.mailer.send, messages, at_once=CONNECTIONS),
        lambda: _rate(lambda message: _send_alone(work.settings.mail_port, message), messages, at_once=1),
        rounds,
    )
    began = time.perf_counter()
    deliver_due(work)
    seconds = time.perf_counter() - began
    with work.database.read() as session:
        sent = session.scalar(select(func.count()).where(Delivery.state == DeliveryState.SENT)) or 0
    return {**figures, "delivered_a_second": sent / seconds}


def _owe(database: Database, mails: int, secret: str) -> None:
    """Owe a receipt to each of so many readers of one error, and one mail to the desk."""
    words = {"exact": "teh bridge", "suggestion": "the bridge", "prefix": "They came to ", "suffix": " at noon."}
    with database.write() as session:
        site = session.scalars(select(Site)).one()
        arrivals = [
            Arrival(
                site,
                Fields(
                    client_id=f"7f2c1a52-8a55-4d1e-9c62-{number:012d}",
                    url=f"{ORIGIN}/a",
                    email=f"reader{number}@readers.example",
                    **words,  # type: ignore[arg-type]
                ),
            )
            for number in range(mails)
        ]
        reports.submit_all(session, arrivals, secret=secret)


def _rate(send: Callable[[Any], object], messages: Sequence[Any], *, at_once: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as lines:
        list(lines.map(send, messages))
    return len(messages) / (time.perf_counter() - began)


def _send_alone(port: int, message: Any) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.sendmail(message.author.addr_spec, [message.reader.addr_spec], message.as_bytes())
