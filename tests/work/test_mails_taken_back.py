"""Readers are mailed nothing of what they took back, and asked nothing that nobody asks any more."""

from __future__ import annotations

from corrections_service.rules.workflow import Decision, Resolution
from corrections_service.services import cases, readers
from corrections_service.store.models import Case, Delivery, Editor, Report, now
from tests.work.postroom import Desk


def test_who_took_their_report_back_is_mailed_nothing_more_of_it(desk: Desk) -> None:
    """Kind: a mail that waited for its time told a reader of what they had taken back, or asked what nobody asked any more."""
    number = desk.report(email="ann@example.org")
    desk.report(email="bob@example.org")
    with desk.db.write() as session:
        readers.withdraw(session, session.query(Report).order_by(Report.id).limit(1).one())
    desk.mails()
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.ask(session, case, "Where did you see it?", actor=actor)
        cases.decide(session, case, Decision(Resolution.OPINION), actor=actor)
        session.query(Delivery).filter(Delivery.report_id.is_not(None)).update({"next_at": now()})
    told = [(mail.rcpt_tos[0], mail.message["Subject"].partition(" ")[0]) for mail in desk.mails()]
    told = [(address, subject) for address, subject in told if address.endswith("@example.org")]
    assert sorted(told) == [("bob@example.org", "What"), ("bob@example.org", "Your")]


def test_an_answer_that_waits_is_not_sent_to_who_has_taken_the_report_back_meanwhile(desk: Desk) -> None:
    number = desk.report(email="ann@example.org")
    desk.mails()
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.decide(session, case, Decision(Resolution.OPINION), actor=actor)
        readers.withdraw(session, session.query(Report).one())
        session.query(Delivery).filter(Delivery.report_id.is_not(None)).update({"next_at": now()})
    assert [mail for mail in desk.mails() if mail.message["Subject"].startswith("What became")] == []
