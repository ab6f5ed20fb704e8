"""Mail to a reader's signed address from somebody who need not be that reader is at the case, and settles nothing (D5)."""

from __future__ import annotations

from sqlalchemy import select

from corrections_service.demo.mailbox import _answer
from corrections_service.rules.workflow import State
from corrections_service.services import answers, cases, forgetting, incoming
from corrections_service.store.models import Case, Event, Place, Report
from tests.work.postroom import Desk
from tests.work.test_inbound import BOTH, act, answered, ask, letter, mail_to, said, take
from tests.work.test_inbound import database_settings as database_settings
from tests.work.test_inbound import desk as desk


@BOTH
def test_what_somebody_else_answers_stands_at_the_case_and_settles_nothing_until_an_editor_takes_it(desk: Desk) -> None:
    """Kind: who was in copy, or to whom our mail was passed on; most often it is the reader's other address."""
    number, mail = ask(desk)
    act(desk, number, cases.claim)
    before = state_of(desk, number)

    def elsewhere(words: str) -> bytes:
        return _answer(mail, words).replace(b"From: ann@readers.example", b"From: Bob <bob@other.example>")

    assert take(desk, elsewhere("She means 1978.")) is Place.ASIDE
    assert letter(desk).reason == incoming.NOT_READERS
    assert said(desk, number) == [("mailed", "She means 1978.")]
    assert state_of(desk, number) == before, "the reader is still asked"
    with desk.db.read() as session:
        report = session.scalars(select(Report)).one()
        assert [question.answers for question in answers.questions(session, report)] == [[]]
    told = mail_to(desk, "ed@news.example")
    assert told.message["Subject"].startswith(f"Case {number}: a mail from another address")
    assert "b•••@other" in told.part("plain")
    assert "bob@" not in told.raw.decode()
    assert "She means 1978." in told.part("plain")
    with desk.db.write() as session:
        incoming.put_into_case(session, incoming.of_site(session, desk.site, letter(desk).id))
    assert said(desk, number)[1:] == [("answered", "She means 1978.")]
    assert state_of(desk, number) is State.OPEN
    assert take(desk, elsewhere("And not 1979.")) is Place.CASE, "whom an editor took for the reader is known"
    assert said(desk, number)[2:] == [("answered", "And not 1979.")]


def test_what_somebody_else_answered_is_forgotten_with_the_report(desk: Desk) -> None:
    _, mail = ask(desk)
    take(desk, _answer(mail, "She means 1978.").replace(b"From: ann@readers.example", b"From: bob@other.example"))
    with desk.db.write() as session:
        forgetting.forget(session, session.scalars(select(Report)).one())
    with desk.db.read() as session:
        events = session.scalars(select(Event).where(Event.kind == "mailed")).all()
        assert [event.data for event in events] == [{}]


def test_what_a_colleague_answered_a_reader_by_mail_makes_nobody_the_reader(desk: Desk) -> None:
    """Kind: a letter of the colleague's stands at the reader's report too, and their address was taken for the reader's."""
    number, mail = answered(desk)
    assert take(desk, _answer(mail, "We write 1978.")) is Place.CASE
    to_reader = mail_to(desk, "ann@readers.example")
    passed_on = _answer(to_reader, "I keep this.").replace(b"From: ann@readers.example", b"From: ed@news.example")
    assert take(desk, passed_on) is Place.ASIDE
    assert said(desk, number)[-1] == ("mailed", "I keep this.")


def state_of(desk: Desk, number: int) -> State:
    with desk.db.read() as session:
        return session.get_one(Case, number).state
