"""What is not for the corrections desk is handed on: the reader's words by a decision, their address only as they agree."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.demo.mailbox import Mail
from corrections_service.rules.bounces import Failure
from corrections_service.rules.references import reference_of
from corrections_service.rules.workflow import Decision, Resolution, Role
from corrections_service.services import (
    cases,
    editors,
    forgetting,
    history,
    joining,
    offices,
    outbox,
    readers,
    reports,
    returns,
)
from corrections_service.store.models import Case, Delivery, DeliveryState, Editor, Event, Report, Site, now
from corrections_service.work import deliveries
from tests.work.postroom import Desk

OFFICE = {"name": "Subscriptions", "address": "abo@news.example"}
WRITTEN = {"comment": "My paper did not come; call +380 44 123 4567.", "email": "ann@example.org"}
OUT = Decision(Resolution.OUT_OF_SCOPE, office="Subscriptions")


@pytest.fixture
def case(desk: Desk) -> int:
    """A case at a site with an office, whose reader wants an answer, and who has the receipt."""
    with desk.db.write() as session:
        offices.choose(session.get_one(Site, desk.site.id), [OFFICE])  # type: ignore[list-item]
    number = desk.report(**WRITTEN)
    desk.mails()
    return number


def decide(desk: Desk, number: int, decision: Decision = OUT) -> None:
    """Decide the case so."""
    with desk.db.write() as session:
        cases.decide(session, session.get_one(Case, number), decision, actor=session.get_one(Editor, desk.editor.id))


def later(desk: Desk) -> list[Mail]:
    """What was mailed once the time for undoing is over."""
    before = len(desk.mailbox.messages())
    with desk.db.write() as session:
        session.execute(update(Delivery).where(Delivery.state == DeliveryState.OWED).values(next_at=now()))
    return desk.mails()[before:]


def to(mails: list[Mail], address: str) -> list[Mail]:
    """Those that went to an address."""
    return [mail for mail in mails if mail.rcpt_tos == (address,)]


def of_reader(desk: Desk, act: Callable[[Session, Report], object]) -> None:
    """Let the reader of the only report do this."""
    with desk.db.write() as session:
        act(session, session.scalars(select(Report)).one())


def page(app: Flask, desk: Desk) -> str:
    """What the reader's own page says."""
    with desk.db.read() as session:
        token = reports.token_for(session.scalars(select(Report)).one(), [desk.secret])
    return app.test_client().get(f"/r/{token}").get_data(as_text=True)


def test_words_go_to_the_office_without_the_readers_address_and_the_reader_is_told(
    app: Flask, desk: Desk, case: int
) -> None:
    decide(desk, case)
    assert desk.mails()[-1].rcpt_tos != ("abo@news.example",), "the decision can still be undone"
    assert "We pass your words on to Subscriptions, without your address." in page(app, desk)
    mails = later(desk)
    (mail,) = to(mails, "abo@news.example")
    assert mail.message["Reply-To"] == "desk@news.example"
    assert mail.message["List-Unsubscribe"] is None
    for part in (mail.part("plain"), mail.part("html")):
        assert "My paper did not come" in part
        assert "2.4 kilometres" in part
        assert "ann@example.org" not in part
        assert "123 4567" not in part
        assert "/r/" not in part
    (answer,) = to(mails, "ann@example.org")
    for part in (answer.part("plain"), answer.part("html")):
        assert "We pass your words on to Subscriptions, without your address." in part
    seen = page(app, desk)
    assert "Your words were passed on to Subscriptions, without your address." in seen
    assert "Pass my address on too" in seen


def test_the_address_goes_once_at_the_readers_wish_alone(app: Flask, desk: Desk, case: int) -> None:
    decide(desk, case)
    with pytest.raises(errors.NotClosed):
        of_reader(desk, offices.pass_address)  # nobody has the words yet
    later(desk)
    for _ in range(2):
        of_reader(desk, offices.pass_address)
    (mail,) = later(desk)
    assert mail.rcpt_tos == ("abo@news.example",)
    assert "ann@example.org" in mail.part("plain")
    assert "ann@example.org" in mail.part("html")
    seen = page(app, desk)
    assert "We pass your address on to Subscriptions too, as you wished." in seen
    assert "without your address" not in seen.partition("<footer")[0]
    assert "Pass my address on too" not in seen


def test_undone_in_time_nothing_goes_to_the_office_and_reopened_neither(app: Flask, desk: Desk, case: int) -> None:
    for act in (history.undo, cases.reopen):
        decide(desk, case)
        with desk.db.write() as session:
            act(session, session.get_one(Case, case), actor=session.get_one(Editor, desk.editor.id))
        assert "Subscriptions" not in page(app, desk)
        assert to(later(desk), "abo@news.example") == []


@pytest.mark.parametrize(
    "way", [forgetting.erase, readers.withdraw, lambda session, report: forgetting.stop_mail(session, report.id)]
)
def test_what_was_erased_or_taken_back_meanwhile_does_not_go(
    desk: Desk, case: int, way: Callable[[Session, Report], object]
) -> None:
    decide(desk, case)
    is_address_alone = way not in (forgetting.erase, readers.withdraw)
    if is_address_alone:
        later(desk)
        of_reader(desk, offices.pass_address)
    of_reader(desk, way)
    assert to(later(desk), "abo@news.example") == []
    with desk.db.read() as session:
        states = session.scalars(
            select(Delivery.state).where(Delivery.recipient == "abo@news.example").order_by(Delivery.id)
        ).all()
    assert states[-1] is DeliveryState.CANCELLED


def test_who_has_it_erased_later_has_the_office_asked_to_delete_it(app: Flask, desk: Desk, case: int) -> None:
    decide(desk, case)
    later(desk)
    asked = "Subscriptions is asked by mail to delete what was passed on."
    assert asked in page(app, desk)
    of_reader(desk, forgetting.erase)
    (mail,) = later(desk)
    assert mail.rcpt_tos == ("abo@news.example",)
    assert "Please delete the mails about report" in mail.part("plain")
    assert "Please delete the mails about report" in mail.part("html")
    assert "My paper" not in mail.part("plain")


def test_who_wrote_while_told_that_nobody_else_gets_their_words_keeps_that_promise(desk: Desk, case: int) -> None:
    with desk.db.write() as session:
        offices.choose(session.get_one(Site, desk.site.id), [])
        offices.choose(session.get_one(Site, desk.site.id), [OFFICE])  # type: ignore[list-item]
    with pytest.raises(errors.InvalidFields):
        decide(desk, case)


@pytest.mark.parametrize(
    "decision",
    [
        Decision(Resolution.OUT_OF_SCOPE, office="Delivery"),
        Decision(Resolution.NOT_AN_ERROR, office="Subscriptions"),
        Decision(Resolution.FIXED, office="Subscriptions", why_silent="A letter."),
    ],
)
def test_only_what_is_not_for_the_desk_goes_and_only_to_an_office_of_the_site(
    desk: Desk, case: int, decision: Decision
) -> None:
    with pytest.raises(errors.InvalidFields) as refused:
        decide(desk, case, decision)
    assert set(refused.value.fields) == {"office"}


def test_a_hostile_name_and_hostile_words_stand_in_no_header_and_no_markup(desk: Desk, case: int) -> None:
    name = "Abo\r\nBcc: all@evil.example <b>"
    with desk.db.write() as session:
        offices.choose(session.get_one(Site, desk.site.id), [{"name": name, "address": "abo@news.example"}])
    with desk.db.write() as session:
        session.execute(
            update(Report).values(comment="</p><script>alert(1)</script>\r\nBcc: x@evil.example https://evil.example/")
        )
    decide(desk, case, Decision(Resolution.OPINION, office=name))
    mails = to(later(desk), "abo@news.example")
    (mail,) = mails
    assert mail.message["Bcc"] is None
    assert "<script" not in mail.part("html")
    assert "<b>" not in mail.part("html")
    assert "https://evil" not in mail.part("plain")


def test_each_readers_words_go_by_themselves_and_the_history_names_the_office(desk: Desk, case: int) -> None:
    assert desk.report(comment="Mine neither.") == case
    decide(desk, case)
    mails = to(later(desk), "abo@news.example")
    assert ["Mine neither." in mail.part("plain") for mail in mails] == [False, True]
    with desk.db.read() as session:
        data = session.scalars(select(Event.data).where(Event.kind == "decided")).one()
    assert (data["office"], len(data["handed"])) == ("Subscriptions", 2)
    deliveries.deliver_due(desk.work)
    assert to(later(desk), "abo@news.example") == []


def reopen(desk: Desk, number: int) -> None:
    with desk.db.write() as session:
        cases.reopen(session, session.get_one(Case, number), actor=session.get_one(Editor, desk.editor.id))


def test_of_two_offices_each_is_asked_to_delete_and_the_address_is_only_theirs_who_were_meant(
    app: Flask, desk: Desk, case: int
) -> None:
    """The reader agreed that the first has their address, and nothing of the second."""
    letters = {"name": "Letters", "address": "letters@news.example"}
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        site.policy = {**site.policy, "offices": [OFFICE, letters]}  # type: ignore[assignment]
    decide(desk, case)
    later(desk)
    of_reader(desk, offices.pass_address)
    later(desk)
    reopen(desk, case)
    decide(desk, case, Decision(Resolution.OUT_OF_SCOPE, office="Letters"))
    assert len(to(later(desk), "letters@news.example")) == 1
    with desk.db.read() as session:
        handed = offices.told(session, session.scalars(select(Report)).one())
    assert handed == offices.Handed("Letters", is_sent=True, may_agree=True, agreed=False)
    of_reader(desk, forgetting.erase)
    mails = later(desk)
    assert [len(to(mails, address)) for address in ("abo@news.example", "letters@news.example")] == [1, 1]


def test_what_was_handed_on_is_known_and_asked_back_from_another_case_too(desk: Desk, case: int) -> None:
    decide(desk, case)
    later(desk)
    reopen(desk, case)
    other = desk.report(url="https://news.example/bridge", exact="another passage", suggestion="this one")
    with desk.db.write() as session:
        actor = session.get_one(Editor, desk.editor.id)
        joining.merge(session, session.get_one(Case, case), other, actor=actor)
    with desk.db.read() as session:
        report = session.scalars(select(Report).order_by(Report.id)).first()
        assert report
        handed = offices.told(session, report)
        assert report.case_id == other
    assert handed
    assert handed.name == "Subscriptions"
    with desk.db.write() as session:
        forgetting.erase(session, session.get_one(Report, report.id))
    assert len(to(later(desk), "abo@news.example")) == 1


def test_an_office_that_gets_them_at_this_moment_is_asked_too(desk: Desk, case: int) -> None:
    decide(desk, case)
    with desk.db.write() as session:
        handed_on = Delivery.template == outbox.HANDED_ON
        session.execute(update(Delivery).where(handed_on).values(claimed_by="another worker"))
    of_reader(desk, forgetting.erase)
    with desk.db.read() as session:
        asked = session.scalars(select(Delivery).where(Delivery.template == outbox.ASKED_BACK)).all()
    assert [delivery.recipient for delivery in asked] == ["abo@news.example"]


def test_a_mail_to_an_office_that_came_back_is_seen_and_no_more_said_to_have_arrived(desk: Desk, case: int) -> None:
    decide(desk, case)
    (mail,) = to(later(desk), "abo@news.example")
    failure = Failure("", "550 No such mailbox", for_good=True)
    with desk.db.write() as session:
        assert returns.mark(session, [failure], [str(mail.message["Message-ID"])])
    with desk.db.read() as session:
        assert offices.told(session, session.scalars(select(Report)).one()) is None
    with desk.db.write() as session:
        assert outbox.retry(session) == 1
    assert len(to(later(desk), "abo@news.example")) == 1


def test_of_more_than_a_mail_each_can_carry_all_go_in_parts_that_say_how_many_there_are(desk: Desk, case: int) -> None:
    for number in range(offices.MOST + 4):
        assert desk.report(comment=f"Nor did number {number:02}.") == case
    with desk.db.write() as session:
        last, gone = session.scalars(select(Report).order_by(Report.id.desc()).limit(2)).all()
        last_number = last.id
    decide(desk, case)
    with desk.db.write() as session:
        forgetting.erase(session, session.get_one(Report, gone.id))
    mails = to(later(desk), "abo@news.example")
    words = "\n".join(mail.part("plain") for mail in mails)
    assert len(mails) == 2
    assert [number for number in range(offices.MOST + 4) if f"number {number:02}." not in words] == [offices.MOST + 2]
    assert words.count("My paper did not come") == 1
    counts = [count_of(mail) for mail in mails]
    assert (sum(part for part, _ in counts), {total for _, total in counts}) == (24, {25})
    for mail in mails:
        assert f"Reports in all: 25; in this mail: {count_of(mail)[0]}." in mail.part("html")
        assert "(" + " of ".join(map(str, count_of(mail))) + ")" in str(mail.message["Subject"])
    with desk.db.read() as session:
        handed = offices.told(session, session.get_one(Report, last_number))
    assert handed
    assert handed.is_sent
    with desk.db.write() as session:
        forgetting.erase(session, session.get_one(Report, last_number))
    (asked,) = to(later(desk), "abo@news.example")
    assert reference_of(last_number) in asked.part("plain")


def count_of(mail: Mail) -> tuple[int, int]:
    """Of how many reports a mail to an office gives the words, and of how many in all."""
    total, part = re.findall(r"Reports in all: (\d+); in this mail: (\d+)\.", mail.part("plain"))[0]
    return int(part), int(total)


def test_the_receipt_says_that_words_may_go_to_an_office_only_where_they_may(app: Flask, desk: Desk) -> None:
    said = "may be passed on within the newsroom, without your address"
    desk.report(**WRITTEN, exact="another passage")
    (before,) = to(desk.mails(), "ann@example.org")
    with desk.db.write() as session:
        offices.choose(session.get_one(Site, desk.site.id), [OFFICE])  # type: ignore[list-item]
    assert said not in page(app, desk)
    assert "to nobody else" in page(app, desk)
    desk.report(comment="Late.", email="bob@example.org")
    (after,) = to(desk.mails(), "bob@example.org")
    for kind in ("plain", "html"):
        assert said not in before.part(kind)
        assert said in after.part(kind)


def test_the_mail_of_a_later_decision_does_not_hand_words_on_again(app: Flask, desk: Desk, case: int) -> None:
    """Kind: who objected and was right after all read once more that their words are passed on."""
    decide(desk, case)
    later(desk)
    of_reader(desk, lambda session, report: readers.appeal(session, report, "It is wrong."))
    with desk.db.write() as session:
        another = editors.add(session, "zoe@news.example", site=session.get_one(Site, desk.site.id), role=Role.EDITOR)
        cases.decide(session, session.get_one(Case, case), Decision(Resolution.ALREADY_FIXED), actor=another)
    (answer,) = to(later(desk), "ann@example.org")
    for part in (answer.part("plain"), answer.part("html")):
        assert "Subscriptions" not in part
    assert "Your words were passed on to Subscriptions" in page(app, desk)


def test_an_office_that_is_none_any_more_gets_no_readers_address(app: Flask, desk: Desk, case: int) -> None:
    decide(desk, case)
    later(desk)
    assert "Pass my address on too" in page(app, desk)
    with desk.db.write() as session:
        offices.choose(session.get_one(Site, desk.site.id), [{"name": "Subscriptions", "address": "new@news.example"}])
    assert "Pass my address on too" not in page(app, desk)
    with pytest.raises(errors.NotClosed):
        of_reader(desk, offices.pass_address)


@pytest.mark.parametrize("is_there", [True, False])
def test_nothing_goes_to_an_office_that_is_gone_or_to_an_address_that_was_its(
    app: Flask, desk: Desk, case: int, is_there: bool
) -> None:
    """Kind: what was owed when it was decided went, though the office was taken off the list before."""
    decide(desk, case)
    with desk.db.write() as session:
        now_there = [{**OFFICE, "address": "new@news.example"}] if is_there else []
        offices.choose(session.get_one(Site, desk.site.id), now_there)  # type: ignore[arg-type]
    mails = later(desk)
    assert to(mails, "abo@news.example") == []
    assert len(to(mails, "new@news.example")) == is_there
    (answer,) = to(mails, "ann@example.org")
    for told in (answer.part("plain"), page(app, desk)):
        assert ("Subscriptions" in told) == is_there


def test_an_address_that_the_reader_passes_goes_to_no_office_that_is_gone(desk: Desk, case: int) -> None:
    decide(desk, case)
    later(desk)
    of_reader(desk, offices.pass_address)
    with desk.db.write() as session:
        offices.choose(session.get_one(Site, desk.site.id), [])
    assert later(desk) == []
