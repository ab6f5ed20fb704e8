"""One message that cannot be sent stops no other (P-12, F18): it alone waits, says why on screen, and the rest go on at once."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from corrections_service.demo.mailbox import Mail, Mailbox
from corrections_service.rules.workflow import Decision, Resolution
from corrections_service.services import cases, outbox, sites
from corrections_service.store.models import Case, Delivery, DeliveryState, Editor, Report, Site, now
from corrections_service.work import deliveries
from corrections_service.work.mail import Mailer
from corrections_service.work.means import Work
from tests.work.postroom import Desk


def troubles(desk: Desk) -> dict[str, str]:
    """What the screens show as unsent: to whom, and why."""
    with desk.db.read() as session:
        return {one.recipient: one.last_error for one in outbox.unsent(session, [desk.site.id])}


def told(mails: list[Mail]) -> set[int]:
    """The cases that these mails tell of."""
    return {int(one) for mail in mails for one in re.findall(r"/cases/(\d+)\b", mail.part("plain"))}


def readdress(desk: Desk, former: str, address: str) -> None:
    """Put an address into what is owed that no form lets through."""
    with desk.db.write() as session:
        session.execute(update(Delivery).where(Delivery.recipient == former).values(recipient=address))


@pytest.mark.parametrize(
    "address", ["rédaction@news.example", "no address", "", "a@b@news.example", "x\ny@news.example", "a" * 254]
)
def test_an_address_that_cannot_be_written_to_stops_no_other(desk: Desk, address: str) -> None:
    for number, reader in enumerate(("ann@example.org", "bob@example.org", "eve@example.org")):
        desk.report(email=reader, exact=f"wrong {number}", suggestion=f"right {number}")
    readdress(desk, "bob@example.org", address)
    sent = [mail.rcpt_tos for mail in desk.mails()]
    assert sorted(sent) == [("ann@example.org",), ("desk@news.example",), ("eve@example.org",)]
    assert "cannot be addressed" in troubles(desk)[address]


@pytest.mark.parametrize("server", ["mail..example.org", ".example.org", f"{64 * 'm'}.example.org"])
def test_a_setting_that_no_connection_is_made_with_is_told_and_uses_no_limit_up(
    desk: Desk, app: Flask, server: str
) -> None:
    """Kind: whatever fails while connecting is told on screen, waits, and is over with the setting."""
    desk.report(email="ann@example.org")
    wrong = desk.work.settings.model_copy(update={"mail_server": server})
    for _ in range(4):
        with desk.db.write() as session:
            session.execute(update(Delivery).values(next_at=now()))
        assert deliveries.deliver(Work(desk.db, wrong, Mailer(app, wrong))) == 0
        assert "MAIL_SERVER is no name" in next(iter(troubles(desk).values()))
    with desk.db.write() as session:
        session.execute(update(Delivery).values(next_at=now()))
    assert len(desk.mails()) == 2


def test_while_the_mail_server_is_away_nothing_is_written_in_vain(desk: Desk, app: Flask) -> None:
    """The reason that is told is the server's then, and only later the mail's own."""
    desk.report(email="ann@example.org")
    readdress(desk, "ann@example.org", "nobody")
    nowhere = desk.work.settings.model_copy(update={"mail_port": 9})
    with desk.db.write() as session:
        later = update(Delivery).where(Delivery.template == "case_new").values(next_at=now() + timedelta(hours=1))
        session.execute(later)
    assert deliveries.deliver(Work(desk.db, nowhere, Mailer(app, nowhere))) == 0
    assert "cannot be reached" in next(iter(troubles(desk).values()))
    assert not any("addressed" in reason for reason in troubles(desk).values())
    with desk.db.write() as session:
        outbox.retry(session)
        session.execute(update(Delivery).values(next_at=now()))
    assert [mail.rcpt_tos for mail in desk.mails()] == [("desk@news.example",)]
    assert "cannot be addressed" in troubles(desk)["nobody"]


def test_in_an_outage_one_look_at_the_mail_server_stands_for_all_that_is_due(desk: Desk, app: Flask) -> None:
    """One says why on screen, the others wait as if nobody had taken them: what was never tried is never given up."""
    for number in range(4):
        desk.report(email=f"reader{number}@example.org", exact=f"wrong {number}", suggestion=f"right {number}")
    nowhere = desk.work.settings.model_copy(update={"mail_port": 9})
    assert deliveries.deliver(Work(desk.db, nowhere, Mailer(app, nowhere))) == 0
    with desk.db.read() as session:
        owed = session.scalars(select(Delivery)).all()
    assert all(delivery.state is DeliveryState.OWED and delivery.claimed_by is None for delivery in owed)
    assert all(delivery.next_at > now() for delivery in owed)
    assert sorted(delivery.attempts for delivery in owed) == [0] * 7 + [1]
    assert ["cannot be reached" in reason for reason in troubles(desk).values()] == [True]
    with desk.db.write() as session:
        long_ago = now() - timedelta(days=desk.work.settings.retention_mail_days + 1)
        session.execute(update(Delivery).values(next_at=now(), created_at=long_ago))
    assert deliveries.deliver(Work(desk.db, nowhere, Mailer(app, nowhere))) == 0
    with desk.db.read() as session:
        states = Counter(session.scalars(select(Delivery.state)))
    assert states == {DeliveryState.OWED: 7, DeliveryState.FAILED: 1}
    with desk.db.write() as session:
        session.execute(update(Delivery).values(next_at=now()))
    assert len(desk.mails()) == 5


def test_a_secret_key_that_was_changed_stops_only_what_was_made_with_it(desk: Desk, app: Flask) -> None:
    """What can no more be linked says so, and goes when the former key is named again."""
    desk.report(email="ann@example.org")
    fresh = desk.work.settings.model_copy(update={"secret_key": "another secret of more than forty letters for this"})
    work = Work(desk.db, fresh, Mailer(app, fresh))
    with desk.db.write() as session:
        session.execute(update(Delivery).where(Delivery.template == "receipt").values(next_at=now()))
    while deliveries.deliver(work):
        pass
    work.mailer.close()
    assert [mail.rcpt_tos for mail in desk.mailbox.messages()] == [("desk@news.example",)]
    assert "SECRET_KEY_FALLBACKS" in troubles(desk)["ann@example.org"]
    both = fresh.model_copy(update={"secret_key_fallbacks": [desk.secret]})
    with desk.db.write() as session:
        outbox.retry(session)
    work = Work(desk.db, both, Mailer(app, both))
    while deliveries.deliver(work):
        pass
    work.mailer.close()
    assert desk.mailbox.messages()[0].rcpt_tos == ("ann@example.org",)
    assert troubles(desk) == {}


def test_whatever_fails_while_composing_is_one_mails_trouble(desk: Desk) -> None:
    """A row that no code foresaw: the rest of its digest goes on at once, and its own reason holds none of its words."""
    numbers = [desk.report(exact=f"wrong {number}", suggestion=f"right {number}") for number in range(9)]
    with desk.db.write() as session:
        broken = session.scalars(select(Delivery).where(Delivery.case_id == numbers[4])).one()
        broken.template, broken.data = "case_lost", {"words": "zebra"}
    assert told(desk.mails()) == set(numbers) - {numbers[4]}
    (reason,) = troubles(desk).values()
    assert reason.startswith("This mail could not be composed: TemplateNotFound in ")
    assert "zebra" not in reason


def test_what_a_server_refuses_for_its_words_is_told_once_more_in_none_of_them(desk: Desk) -> None:
    """THREATS, SMTP 5xx at DATA: that there is news, and where; to a desk and to a reader."""
    number = desk.report(exact="wrong words", suggestion="right words", email="ann@example.org")
    desk.mailbox.refuse_words, desk.mailbox.refusal = "wrong words", "554 5.7.1 We do not take this"
    minimal, receipt = sorted(desk.mails(), key=lambda mail: mail.rcpt_tos, reverse=True)
    assert minimal.message["Subject"] == f"Case {number} at News"
    assert f"/cases/{number}" in minimal.part("plain")
    assert "words" not in minimal.part("plain")
    desk.mailbox.refuse_words = "bridge that waited"
    desk.decide(number)
    with desk.db.write() as session:
        session.execute(update(Delivery).where(Delivery.state == DeliveryState.OWED).values(next_at=now()))
    answer = desk.mails()[-1]
    assert answer.rcpt_tos == receipt.rcpt_tos == ("ann@example.org",)
    assert "/r/" in answer.part("plain")
    assert "waited" not in answer.part("plain")
    assert troubles(desk) == {}


@pytest.mark.parametrize("passing", ["451 4.7.1 Come back later", "421 4.3.2 Shutting down"])
def test_a_passing_trouble_with_the_brief_mail_gives_up_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, passing: str
) -> None:
    """What is refused for its words, and whose brief form meets another trouble, is tried again."""
    number = desk.report(exact="wrong words", suggestion="right words")
    answers = iter(["554 5.7.1 We do not take this", passing])
    with monkeypatch.context() as server:
        server.setattr(Mailbox, "refusal", property(lambda _: next(answers)), raising=False)
        desk.mailbox.refuse = "data"
        assert desk.mails() == []
    assert troubles(desk) == {"desk@news.example": passing}
    desk.mailbox.refuse, desk.mailbox.refuse_words, desk.mailbox.refusal = None, "wrong words", "554 5.7.1 Not this"
    with desk.db.write() as session:
        waiting = session.scalars(select(Delivery)).one()
        assert waiting.state is DeliveryState.OWED
        waiting.next_at = now()
    assert [mail.message["Subject"] for mail in desk.mails()] == [f"Case {number} at News"]
    assert troubles(desk) == {}


def test_a_digest_that_is_refused_for_one_case_tells_of_that_one_alone_and_briefly(desk: Desk) -> None:
    numbers = [desk.report(exact=f"wrong {number}", suggestion=f"right {number}") for number in range(14)]
    desk.mailbox.refuse_words, desk.mailbox.refusal = "wrong 5", "554 5.7.1 We do not take this"
    assert told(desk.mails()) == set(numbers)
    briefly = [mail for mail in desk.mails() if mail.message["Subject"] == f"Case {numbers[5]} at News"]
    assert len(briefly) == 1
    assert troubles(desk) == {}


@pytest.mark.parametrize("refusal", ["451 4.7.1 Greylisted, or so we say"])
def test_a_digest_that_is_refused_for_one_case_takes_no_other_down(desk: Desk, refusal: str) -> None:
    numbers = [desk.report(exact=f"wrong {number}", suggestion=f"right {number}") for number in range(14)]
    desk.mailbox.refuse_words, desk.mailbox.refusal = "wrong 5", refusal
    for _ in range(deliveries.PATIENT_TRIES):
        with desk.db.write() as session:
            session.execute(update(Delivery).where(Delivery.state == DeliveryState.OWED).values(next_at=now()))
        desk.mails()
    with desk.db.read() as session:
        left = session.scalars(select(Delivery.case_id).where(Delivery.state != DeliveryState.SENT)).all()
    assert left == [numbers[5]]
    assert troubles(desk) == {"desk@news.example": refusal}
    assert told(desk.mailbox.messages()) == set(numbers) - {numbers[5]}


def test_a_server_that_refuses_every_digest_is_not_asked_for_ever(desk: Desk) -> None:
    for number in range(40):
        desk.report(exact=f"wrong {number}", suggestion=f"right {number}")
    desk.mailbox.refuse, desk.mailbox.refusal = "data", "554 5.7.1 Nothing from you"
    assert desk.mails() == []
    assert set(troubles(desk).values()) == {"554 5.7.1 Nothing from you"}
    desk.mailbox.refuse = None
    with desk.db.write() as session:
        assert outbox.retry(session) == 40
    desk.mails()
    assert troubles(desk) == {}


def test_correcting_the_desks_address_corrects_what_is_owed(desk: Desk) -> None:
    first = desk.report(exact="wrong", suggestion="right")
    readdress(desk, "desk@news.example", "rédaction@news.example")
    with desk.db.write() as session:
        session.get_one(Site, desk.site.id).desk = "rédaction@news.example"
    assert desk.mails() == []
    second = desk.report(exact="other", suggestion="another")
    with desk.db.write() as session:
        sites.move_desk(session, session.get_one(Site, desk.site.id), "redaction@news.example")
    (mail,) = desk.mails()
    assert mail.rcpt_tos == ("redaction@news.example",)
    assert told([mail]) == {first, second}
    assert troubles(desk) == {}


def test_one_reader_who_cannot_be_answered_costs_no_other_their_answer(desk: Desk) -> None:
    number = desk.report(email="ann@example.org")
    desk.report(email="bob@example.org")
    desk.mails()
    with desk.db.write() as session:
        session.execute(update(Report).where(Report.reader.has(email="ann@example.org")).values(token_digest="0" * 64))
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.decide(session, case, Decision(Resolution.OPINION), actor=actor, reason="A matter of taste.")
        session.execute(update(Delivery).where(Delivery.template == "case_resolved").values(next_at=now()))
    assert desk.mails()[-1].rcpt_tos == ("bob@example.org",)
    assert list(troubles(desk)) == ["ann@example.org"]
