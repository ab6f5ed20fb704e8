"""A reminder is one mail that says which cases are overdue, and none once they are decided."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from corrections_service.rules.workflow import Decision, Resolution
from corrections_service.services import cases, clocks, looks, mending
from corrections_service.store.models import Case, Delivery, DeliveryState, Editor, FixState, now
from tests.work.postroom import Desk


def fall_due(desk: Desk, *numbers: int) -> None:
    """Let these cases fall due at this moment."""
    with desk.db.write() as session:
        for number in numbers:
            session.get_one(Case, number).remind_at = now()
    with desk.db.write() as session:
        clocks.remind(session)


def test_overdue_cases_are_told_in_one_mail_with_their_words_and_links(desk: Desk) -> None:
    numbers = [desk.report(), desk.report(url="https://news.example/ferry", exact="at nine", suggestion="at ten")]
    before = len(desk.mails())
    fall_due(desk, *numbers)
    mail = desk.mails()[-1]
    assert mail.message["Subject"] == "2 cases are overdue at News: The bridge"
    for kind in ("plain", "html"):
        assert all(f"http://corrections.example/cases/{number}" in mail.part(kind) for number in numbers)
        assert "nine" in mail.part(kind)
    fall_due(desk, numbers[0])
    assert desk.mails()[-1].message["Subject"] == f"Case {numbers[0]} is overdue: The bridge"
    assert len(desk.mails()) == before + 2


def test_a_reminder_of_what_was_decided_meanwhile_never_goes(desk: Desk) -> None:
    number = desk.report()
    before = len(desk.mails())
    fall_due(desk, number)
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.decide(session, case, Decision(Resolution.NOT_AN_ERROR), actor=actor)
    assert len(desk.mails()) == before
    with desk.db.read() as session:
        delivery = session.scalars(select(Delivery).where(Delivery.template == "case_due")).one()
        assert delivery.state is DeliveryState.CANCELLED


def test_a_mail_about_an_article_that_is_not_corrected_says_since_when_and_never_goes_once_it_is(desk: Desk) -> None:
    number, other = desk.report(), desk.report(url="https://news.example/ferry", exact="at nine", suggestion="at ten")
    desk.mails()
    for decided in (number, other):
        with desk.db.write() as session:
            case, actor = session.get_one(Case, decided), session.get_one(Editor, desk.editor.id)
            looks.see_fix(session, case, FixState.PRESENT, before=case.exact)
            cases.decide(session, case, Decision(Resolution.FIXED, why_silent="It is the same."), actor=actor)
            case.decided_at = now() - timedelta(days=2)
        with desk.db.write() as session:
            mending.remind(session, session.get_one(Case, decided))
    with desk.db.write() as session:
        case = session.get_one(Case, other)
        since = case.decided_at
        looks.see_fix(session, case, FixState.APPLIED, after="at ten")
    assert since is not None
    before = len(desk.mailbox.messages())
    mails = desk.mails()[before:]
    (mail,) = [mail for mail in mails if "waits for its article" in mail.message["Subject"]]
    assert f"Case {number} " in mail.message["Subject"]
    for kind in ("plain", "html"):
        assert f"It was decided on {since:%d %b %Y}, and the article was not seen corrected since." in " ".join(
            mail.part(kind).split()
        )
