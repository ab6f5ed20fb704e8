"""Mail that comes back: a reader's answer goes to its case, a colleague's to its reader, a bounce marks its address, and
nothing that a program wrote is taken for an answer (D5, D7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections_service.demo.mailbox import Mail, _answer
from corrections_service.rules.workflow import Role, State
from corrections_service.services import (
    cases,
    corrections,
    editors,
    forgetting,
    incoming,
    outbox,
    people,
    privacy,
    readers,
    sites,
)
from corrections_service.settings import Settings
from corrections_service.store.models import (
    Case,
    Delivery,
    DeliveryState,
    Editor,
    Event,
    Letter,
    Place,
    Report,
    Site,
    now,
)
from corrections_service.work import inbound
from tests.rules import kept_letters as kept
from tests.rules import programs_alone as alone
from tests.rules.replies import text_letter
from tests.work.postroom import Desk

BASE = "corrections@gazette.example"
ANN = "ann@readers.example"


BOTH = pytest.mark.parametrize("database_settings", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(params=["sqlite"])
def database_settings(request: pytest.FixtureRequest) -> Settings:
    """What is asked of the database is asked of both by the tests that say so."""
    settings: Settings = request.getfixturevalue(f"{request.param}_settings")
    return settings


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A newsroom whose mails can be answered."""
    settings = desk.work.settings.model_copy(update={"reply_address": BASE, "mail_from": BASE})
    desk.work.mailer.settings = settings
    return replace(desk, work=replace(desk.work, settings=settings))


def take(desk: Desk, raw: bytes) -> Place | None:
    return inbound.take(desk.db, desk.work.settings, raw)


def ask(desk: Desk, *, email: str = ANN) -> tuple[int, Mail]:
    """A case whose reader was asked, and the mail that asks."""
    number = desk.report(email=email)
    act(desk, number, cases.ask, "In which year?")
    return number, mail_to(desk, email)


def act(desk: Desk, number: int, function: Callable[..., object], *values: object) -> None:
    with desk.db.write() as session:
        function(session, session.get_one(Case, number), *values, actor=session.get_one(Editor, desk.editor.id))


def mail_to(desk: Desk, address: str) -> Mail:
    """Send all that is owed, at once; the last mail to somebody."""
    with desk.db.write() as session:
        for delivery in session.scalars(select(Delivery)):
            delivery.next_at = now() - corrections.UNDO
    return next(mail for mail in desk.mails()[::-1] if mail.rcpt_tos == (address,))


def said(desk: Desk, number: int) -> list[tuple[str, str]]:
    """The events of a case that hold words, with them."""
    with desk.db.read() as session:
        events = session.scalars(select(Event).where(Event.case_id == number).order_by(Event.id))
        return [(event.kind, event.data["text"]) for event in events if "text" in event.data]


def letter(desk: Desk) -> Letter:
    """The letter that came last."""
    with desk.db.read() as session:
        return session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()


@BOTH
def test_a_reader_s_answer_goes_to_the_case_once_and_the_case_is_taken_up_again(desk: Desk) -> None:
    number, mail = ask(desk)
    assert str(mail.message["Reply-To"]).startswith("corrections+")
    assert "You can also simply answer this mail." in mail.part("plain")
    raw = _answer(mail, "In 1978.\n\nBest regards,\nAnn")
    assert take(desk, raw) is Place.CASE
    assert take(desk, raw) is None, "the same mail again is the same answer"
    assert said(desk, number) == [("answered", "In 1978.")]
    with desk.db.read() as session:
        assert session.get_one(Case, number).state is State.OPEN
    assert "In 1978." in mail_to(desk, "desk@news.example").part("plain")


@pytest.mark.parametrize("sender", [ANN, "Ann@Readers.example", "ann+papers@readers.example"])
def test_it_is_the_signed_address_by_which_a_mail_is_known(desk: Desk, sender: str) -> None:
    number, mail = ask(desk)
    raw = _answer(mail, "In 1978.")
    assert take(desk, raw.replace(b"From: ann@readers.example", f"From: {sender}".encode())) is Place.CASE
    address = str(mail.message["Reply-To"])
    for forged in (BASE, address.replace("+", "+1"), address.replace("@", "a@"), f"x{address}"):
        other = _answer(mail, f"In 1066, says {forged}.").replace(address.encode(), forged.encode())
        other = other.replace(str(mail.message["Message-ID"]).encode(), b"<some@other.example>")
        assert take(desk, other) is Place.ASIDE
        assert letter(desk).reason == incoming.UNKNOWN
    assert [words for _, words in said(desk, number)] == ["In 1978."]


def test_a_server_that_writes_the_address_in_capitals_loses_no_answer(desk: Desk) -> None:
    number, mail = ask(desk)
    address = str(mail.message["Reply-To"])
    raw = _answer(mail, "In 1978.").replace(address.encode(), b"someone@else.example")
    assert take(desk, f"Delivered-To: {address.upper()}\r\n".encode() + raw) is Place.CASE
    assert said(desk, number) == [("answered", "In 1978.")]


def test_all_that_a_mailbox_of_its_own_takes_is_known_too(desk: Desk) -> None:
    with desk.db.write() as session:
        incoming.choose_address(session.get_one(Site, desk.site.id), "*@replies.gazette.example")
    number, mail = ask(desk)
    assert str(mail.message["Reply-To"]).endswith("@replies.gazette.example")
    assert take(desk, _answer(mail, "In 1978.")) is Place.CASE
    assert said(desk, number) == [("answered", "In 1978.")]


def test_what_is_longer_than_a_page_takes_arrives_whole_and_what_was_attached_is_named(desk: Desk) -> None:
    number, mail = ask(desk)
    words = "It was in 1978. " * 400
    raw = _answer(mail, words)
    take(desk, raw)
    assert said(desk, number) == [("answered", words.strip())]
    with desk.db.write() as session:
        report = session.scalars(select(Report)).one()
        readers.answer_by_mail(session, report, "See.", ["bridge.jpg"])
    assert "left out: bridge." in mail_to(desk, "desk@news.example").part("plain")


def test_who_answers_a_decision_is_heard_by_the_desk_though_nobody_waits(desk: Desk) -> None:
    number = desk.report(email=ANN)
    desk.decide(number)
    mail = mail_to(desk, ANN)
    assert take(desk, _answer(mail, "It is 2.5 metres, though.")) is Place.CASE
    assert said(desk, number)[-1] == ("answered", "It is 2.5 metres, though.")
    assert "metres, though." in mail_to(desk, "ed@news.example").part("plain")


def answered(desk: Desk) -> tuple[int, Mail]:
    """A case whose reader answered, and the mail of it to the editor who has the case."""
    number, mail = ask(desk)
    act(desk, number, cases.claim)
    take(desk, _answer(mail, "In 1978."))
    return number, mail_to(desk, "ed@news.example")


@BOTH
def test_an_editor_s_answer_goes_to_the_reader_as_the_desk_s(desk: Desk) -> None:
    number, mail = answered(desk)
    assert "Answer this mail from your own address to write to the reader" in mail.part("plain")
    assert take(desk, _answer(mail, "Thank you, we look it up.\n\n-- \nEd")) is Place.CASE
    assert said(desk, number)[-1] == ("replied", "Thank you, we look it up.")
    mails = [one for one in desk.mails() if one.rcpt_tos == (ANN,)]
    got = mail_to(desk, ANN)
    assert len([one for one in desk.mails() if one.rcpt_tos == (ANN,)]) == len(mails) + 1
    assert "Thank you, we look it up." in got.part("plain")
    assert "ed@news.example" not in got.raw.decode()
    assert take(desk, _answer(got, "You are welcome.")) is Place.CASE


@pytest.mark.parametrize("sender", ["mia@news.example", "ed@news.example.evil.test", ANN])
def test_nobody_writes_in_the_desk_s_name_from_another_address_than_the_editor_s(desk: Desk, sender: str) -> None:
    number, mail = answered(desk)
    before = said(desk, number)
    raw = _answer(mail, "Send us money.").replace(b"From: ed@news.example", f"From: {sender}".encode())
    assert take(desk, raw) is Place.ASIDE
    assert letter(desk).reason == incoming.NOT_THEIRS
    assert said(desk, number) == before


def test_who_may_no_more_work_on_the_site_writes_to_nobody(desk: Desk) -> None:
    number, mail = answered(desk)
    before = said(desk, number)
    with desk.db.write() as session:
        editor, site = session.get_one(Editor, desk.editor.id), session.get_one(Site, desk.site.id)
        editors.add(session, "chief@news.example", site=site, role=Role.ADMIN)
        editors.set_role(session, editor, site, Role.VIEWER)
    assert take(desk, _answer(mail, "Still here.")) is Place.ASIDE
    with desk.db.write() as session:
        editors.deactivate(session, session.get_one(Editor, desk.editor.id))
    assert take(desk, _answer(mail, "And here.")) is Place.ASIDE
    assert said(desk, number) == before


def test_a_colleague_s_answer_to_a_note_is_a_note_that_no_reader_sees(desk: Desk) -> None:
    number = desk.report(email=ANN)
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        mia = editors.add(session, "mia@news.example", site=site, role=Role.EDITOR, name="Mia")
        people.mention(session, session.get_one(Case, number), note_of(session, number, desk))
    mail = mail_to(desk, mia.email)
    assert take(desk, _answer(mail, "Yes, it is so.")) is Place.CASE
    assert said(desk, number)[-1] == ("noted", "Yes, it is so.")


def note_of(session: Session, number: int, desk: Desk) -> Event:
    """A note that names Mia."""
    case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
    cases.note(session, case, "@mia Is this so?", actor=actor)
    return session.scalars(select(Event).where(Event.kind == "noted")).one()


@pytest.mark.parametrize(
    "write", [alone.away_by_header, alone.away_by_subject, alone.away_by_words, alone.read_receipt, alone.invitation]
)
def test_nothing_that_a_program_wrote_is_an_answer_and_nothing_is_answered_to_it(desk: Desk, write) -> None:
    number, mail = ask(desk)
    before = len(desk.mails())
    raw = write("de") if "away" in write.__name__ else write()
    raw = raw.replace(
        b"corrections+4f-abcdefghijklmnopqrstuvwx@gazette.example", str(mail.message["Reply-To"]).encode()
    )
    assert take(desk, raw) in (Place.PROGRAM, Place.ASIDE)
    assert said(desk, number) == []
    assert len(desk.mails()) == before


def test_an_answer_of_what_programs_say_too_goes_to_its_case_or_waits_in_sight_with_its_button(desk: Desk) -> None:
    number, mail = ask(desk)
    to, words = str(mail.message["Reply-To"]), ("She was on sick leave, not dismissed.", "I am on leave until Monday.")
    assert take(desk, text_letter(words[0], subject="Re: A question", To=to)) is Place.CASE
    assert take(desk, text_letter(words[1], subject="Re: A question", To=to)) is Place.ASIDE
    assert letter(desk).reason == incoming.SEEMING
    with desk.db.write() as session:
        incoming.put_into_case(session, incoming.of_site(session, desk.site, letter(desk).id))
    assert said(desk, number) == [("answered", answer) for answer in words]


def test_what_answers_no_mail_of_ours_is_put_among_programs_by_its_headers_alone(desk: Desk) -> None:
    away = "I am on leave until Monday."
    assert take(desk, text_letter(away, subject="Re: The bridge", To=BASE)) is Place.ASIDE
    assert letter(desk).reason == incoming.SEEMING
    headers = {"To": BASE, "Auto-Submitted": "auto-replied"}
    assert (
        take(desk, text_letter(away, subject="Re: The bridge", message_id="<2@x.example>", **headers)) is Place.PROGRAM
    )


def test_our_own_mail_that_comes_back_is_no_answer(desk: Desk) -> None:
    number, mail = ask(desk)
    assert take(desk, mail.raw) is Place.PROGRAM
    assert said(desk, number) == []


@BOTH
@pytest.mark.parametrize("write", [alone.postfix, alone.qmail])
def test_a_bounce_marks_the_mail_that_did_not_arrive_and_is_never_shown_as_an_answer(desk: Desk, write) -> None:
    number, mail = ask(desk)
    with desk.db.read() as session:
        report_id = session.scalars(select(Report.id)).one()
    raw = write().replace(alone.ORIGINAL.encode(), str(mail.message["Message-ID"]).encode())
    assert take(desk, raw) is Place.PROGRAM
    with desk.db.read() as session:
        delivery = session.scalars(select(Delivery).where(Delivery.template == "case_asked")).one()
        assert delivery.state is DeliveryState.FAILED
        assert delivery.last_error.startswith("The mail came back: ")
        assert ANN not in delivery.last_error
        assert outbox.is_undelivered(session, report_id)
    assert said(desk, number) == []


def test_a_delay_and_a_bounce_of_what_we_never_sent_mark_nothing(desk: Desk) -> None:
    _, mail = ask(desk)
    own_id = str(mail.message["Message-ID"]).encode()
    arrived = kept.delivered("delivered").replace(alone.ORIGINAL.encode(), own_id)
    for raw in (alone.delayed().replace(alone.ORIGINAL.encode(), own_id), alone.postfix(), arrived):
        assert take(desk, raw) is Place.PROGRAM
    with desk.db.read() as session:
        states = set(session.scalars(select(Delivery.state).where(Delivery.recipient == ANN)))
    assert DeliveryState.FAILED not in states


def test_what_says_nothing_or_comes_too_late_waits_in_sight(desk: Desk) -> None:
    number, mail = ask(desk)
    assert take(desk, _answer(mail, "")) is Place.ASIDE
    with desk.db.write() as session:
        for delivery in session.scalars(select(Delivery)):
            delivery.created_at = now() - incoming.ANSWERABLE - timedelta(days=1)
    assert take(desk, _answer(mail, "In 1978.")) is Place.ASIDE
    assert letter(desk).reason == incoming.TOO_OLD
    assert said(desk, number) == []
    with desk.db.write() as session:
        incoming.put_into_case(session, incoming.of_site(session, desk.site, letter(desk).id))
    assert said(desk, number) == [("answered", "In 1978.")]


def test_no_flood_of_answers_to_one_mail_reaches_the_desk_and_none_is_lost(desk: Desk) -> None:
    number, mail = ask(desk)
    places = [take(desk, _answer(mail, f"In {year}.")) for year in range(1900, 1945)]
    assert places.count(Place.CASE) == 40
    assert places.count(Place.ASIDE) == 5
    assert len(said(desk, number)) == 40


@BOTH
def test_what_was_forgotten_of_a_reader_is_forgotten_in_their_letters_too(desk: Desk) -> None:
    number, mail = ask(desk)
    take(desk, _answer(mail, "I am Ann, and it was in 1978."))
    take(desk, _answer(mail, "").replace(b"Subject: ", b"Subject: I am Ann: "))
    with desk.db.write() as session:
        forgetting.erase(session, session.scalars(select(Report)).one())
    with desk.db.read() as session:
        assert session.scalars(select(Letter)).all() == []
    assert said(desk, number) == []
    assert take(desk, _answer(mail, "Once more.")) is Place.ASIDE
    with desk.db.write() as session:
        privacy.erase_reader(session, ANN.upper())
    with desk.db.read() as session:
        assert session.scalars(select(Letter)).all() == []


@BOTH
def test_letters_are_forgotten_when_their_time_is_over_but_not_while_they_wait(desk: Desk) -> None:
    _, mail = ask(desk)
    take(desk, _answer(mail, "In 1978."))
    take(desk, _answer(mail, ""))
    with desk.db.write() as session:
        for one in session.scalars(select(Letter)):
            one.created_at = now() - timedelta(days=31)
        incoming.forget(session, desk.work.settings)
        assert [one.place for one in session.scalars(select(Letter))] == [Place.ASIDE]


@pytest.mark.parametrize("raw", [b"", b"\xff" * 5000, b"From: x\r\n\r\n"])
def test_a_broken_mail_waits_in_sight(desk: Desk, raw: bytes) -> None:
    assert take(desk, raw) is Place.ASIDE


def test_what_a_program_wrote_for_a_reader_is_forgotten_with_them(desk: Desk) -> None:
    number, mail = ask(desk)
    to = str(mail.message["Reply-To"])
    take(desk, text_letter("I am away until Monday.", To=to, **{"Auto-Submitted": "auto-replied"}))
    with desk.db.write() as session:
        assert session.scalars(select(Letter.report_id)).all() == [number]
        forgetting.erase(session, session.scalars(select(Report)).one())
        assert session.scalars(select(Letter)).all() == []


def test_what_a_group_s_address_hands_on_is_read(desk: Desk) -> None:
    """Kind: a group says of each mail that it went to many, also of a person's answer."""
    number, mail = ask(desk)
    marked = b"List-Id: <corrections.gazette.example>\nSubject: "
    assert take(desk, _answer(mail, "In 1978.").replace(b"Subject: ", marked, 1)) is Place.CASE
    assert said(desk, number) == [("answered", "In 1978.")]
    assert take(desk, alone.newsletter()) is Place.PROGRAM
    assert letter(desk).words == "Our offers of the week"


def test_mail_to_a_publication_s_own_address_waits_there(desk: Desk) -> None:
    with desk.db.write() as session:
        other = sites.create(session, name="Tide", origins=["https://tide.example"], desk="desk@tide.example")
        incoming.choose_address(other, "corrections@tide.example")
        session.flush()
        site_id = other.id
    assert take(desk, text_letter("What is this?", To="Corrections@tide.example")) is Place.ASIDE
    assert letter(desk).site_id == site_id
    assert take(desk, text_letter("And that?", To="somebody@gazette.example")) is Place.ASIDE
    assert letter(desk).site_id != site_id
