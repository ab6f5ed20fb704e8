"""The service is no cannon to fire mail at somebody with (P-13, F19): receipts and answers to one mailbox are few, and none is lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from corrections_service.demo.mailbox import Mail
from corrections_service.rules.workflow import Decision, Resolution
from corrections_service.services import cases, outbox, reader_mail
from corrections_service.store.models import Attempt, Case, Delivery, DeliveryState, Editor, Reader, Salt, now
from corrections_service.work import deliveries
from corrections_service.work.means import Work
from tests.work.postroom import Desk

SPELLINGS = [
    "ann@example.org",
    "ANN@EXAMPLE.ORG",
    "Ann@Example.org",
    *(f"ann+{number}@example.org" for number in range(20)),
]
GMAIL = ["annlee@gmail.com", "ann.lee@gmail.com", "a.n.n.l.e.e+x@googlemail.com", "Ann.Lee+y@GMAIL.com"]
IDN = ["ann@bücher.de", "ann@xn--bcher-kva.de", "ann+1@BÜCHER.de"]


def to(mails: list[Mail], address: str) -> list[Mail]:
    """The mails to one address."""
    return [mail for mail in mails if mail.rcpt_tos == (address,)]


def decide(desk: Desk, *numbers: int) -> None:
    """Decide these cases, and let the time for undoing pass."""
    with desk.db.write() as session:
        actor = session.get_one(Editor, desk.editor.id)
        for number in numbers:
            decision = Decision(Resolution.OPINION)
            cases.decide(session, session.get_one(Case, number), decision, actor=actor, reason=f"Taste no. {number}.")
        session.execute(update(Delivery).where(Delivery.state == DeliveryState.OWED).values(next_at=now()))


def next_day(desk: Desk) -> None:
    """Let the day pass: its marks mean nothing any more, and what waited for it is due."""
    with desk.db.write() as session:
        session.query(Attempt).delete()
        session.query(Salt).delete()
        session.execute(update(Delivery).where(Delivery.state == DeliveryState.OWED).values(next_at=now()))


@pytest.mark.parametrize("addresses", [SPELLINGS, GMAIL, IDN], ids=["plus and case", "dots", "IDN"])
def test_one_mailbox_gets_one_receipt_a_day_however_it_is_spelled(desk: Desk, addresses: list[str]) -> None:
    for number, address in enumerate(addresses):
        desk.report(email=address, exact=f"wrong {number}", suggestion=f"right {number}")
    receipts = [mail for mail in desk.mails() if mail.message["Subject"] == "Your report to News"]
    assert len(receipts) == 1


def test_receipts_beyond_the_publications_limit_wait_on_screen_and_go_later(desk: Desk) -> None:
    """A cap a site and hour: what is more is not lost; what was decided meanwhile is not announced any more."""
    work = Work(desk.db, desk.work.settings.model_copy(update={"limit_receipts": "3/hour"}), desk.work.mailer)
    numbers = [
        desk.report(email=f"reader{number}@example.org", exact=f"wrong {number}", suggestion=f"right {number}")
        for number in range(6)
    ]
    while deliveries.deliver(work):
        pass
    assert sum("reader" in mail.rcpt_tos[0] for mail in desk.mailbox.messages()) == 3
    with desk.db.read() as session:
        waiting = outbox.unsent(session, [desk.site.id])
        assert len(waiting) == 3
        assert all("3/hour" in one.last_error and one.state is DeliveryState.OWED for one in waiting)
        overtaken = waiting[0].case_id
    assert overtaken in numbers
    decide(desk, overtaken)
    next_day(desk)
    while deliveries.deliver(work):
        pass
    subjects = [str(mail.message["Subject"]) for mail in desk.mailbox.messages() if "reader" in mail.rcpt_tos[0]]
    assert sum(one == "Your report to News" for one in subjects) == 5
    assert sum(one.startswith("What became of") for one in subjects) == 1
    with desk.db.read() as session:
        assert outbox.unsent(session, [desk.site.id]) == []


def test_mails_that_did_not_go_leave_their_place_within_the_limit_to_those_that_wait_for_it(desk: Desk) -> None:
    """Several are on their way at once: those that are refused then were counted, while others met the limit."""
    for number in range(5):
        desk.report(email=f"reader{number}@example.org", exact=f"wrong {number}", suggestion=f"right {number}")
    rules = {outbox.RECEIPT: "3/hour"}
    with desk.db.write() as session:
        receipts = session.scalars(
            select(Delivery).where(Delivery.template == outbox.RECEIPT).order_by(Delivery.id)
        ).all()
        waits = [reader_mail.reader_pause(session, receipt, 1, rules) for receipt in receipts]
        assert [wait is None for wait in waits] == [True, True, True, False, False]
        for receipt, wait in zip(receipts, waits, strict=True):
            if wait is not None:
                outbox.put_back(session, [receipt.id], until=wait[0], reason=wait[1], by_choice=True)
        reader_mail.give_back(session, receipts[0], rules)
    with desk.db.write() as session:
        fourth, last = (session.get_one(Delivery, receipt.id) for receipt in receipts[3:])
        assert (fourth.next_at <= now(), last.next_at > now()) == (True, True)
        assert reader_mail.reader_pause(session, fourth, 1, rules) is None
        assert reader_mail.reader_pause(session, last, 1, rules) is not None


def test_answers_to_one_mailbox_beyond_three_a_day_come_in_one_mail(desk: Desk) -> None:
    """Each is told once, with its own link and reason; while they wait, the screen says for what."""
    numbers = [
        desk.report(email=f"ann+{number}@example.org", exact=f"wrong {number}", suggestion=f"right {number}")
        for number in range(3)
    ]
    numbers += [
        desk.report(email="ann@example.org", exact=f"wrong {number}", suggestion=f"right {number}")
        for number in range(3, 12)
    ]
    before = len(desk.mails())
    for number in numbers[:5]:
        decide(desk, number)
        desk.mails()
    assert len(desk.mailbox.messages()) - before == 3
    decide(desk, *numbers[5:])
    assert len(desk.mails()) - before == 3
    with desk.db.read() as session:
        reasons = {one.last_error for one in outbox.unsent(session, [desk.site.id])}
    assert reasons == {"Enough answers went to this address today; what is more goes in one mail."}
    next_day(desk)
    answers = desk.mails()[before:]
    assert len(answers) == 4
    words = "".join(mail.part("plain") for mail in answers)
    assert sorted(map(int, re.findall(r"Taste no\. (\d+)\.", words))) == sorted(numbers)
    assert len(set(re.findall(r"/r/[\w-]+", words))) == len(numbers)
    assert str(answers[-1].message["Subject"]) == "What became of your reports to News"
    assert desk.mails()[before:] == answers


def test_many_answers_at_once_are_one_mail_at_once(desk: Desk) -> None:
    numbers = [
        desk.report(email="ann@example.org", exact=f"wrong {number}", suggestion=f"right {number}")
        for number in range(10)
    ]
    before = len(desk.mails())
    decide(desk, *numbers)
    (mail,) = desk.mails()[before:]
    assert all(f"Taste no. {number}." in mail.part("plain") for number in numbers)
    assert all(f"Taste no. {number}." in mail.part("html") for number in numbers)


def test_stopping_a_mail_about_several_reports_stops_them_all(desk: Desk, app: Flask) -> None:
    numbers = [
        desk.report(email="ann@example.org", exact=f"wrong {number}", suggestion=f"right {number}")
        for number in range(5)
    ]
    desk.report(email="bob@example.org", exact="wrong", suggestion="right")
    desk.mails()
    decide(desk, *numbers)
    link = str(desk.mails()[-1].message["List-Unsubscribe"]).strip("<>").removeprefix("http://corrections.example")
    assert app.test_client().get(link).status_code == 200
    assert app.test_client().post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with desk.db.read() as session:
        assert session.scalars(select(Reader.email)).all() == ["bob@example.org"]


def test_a_mail_server_that_is_away_uses_no_limit_up(desk: Desk) -> None:
    number = desk.report(email="ann@example.org")
    desk.mails()
    decide(desk, number)
    desk.mailbox.refuse = "data"
    for _ in range(5):
        desk.mails()
        with desk.db.write() as session:
            session.execute(update(Delivery).where(Delivery.state == DeliveryState.OWED).values(next_at=now()))
    desk.mailbox.refuse = None
    assert len(to(desk.mails(), "ann@example.org")) == 2
