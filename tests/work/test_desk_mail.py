"""Each person is mailed what they chose, when they chose, once, and who stands in for them meanwhile (D1, D2, D9)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from corrections_service.demo.mailbox import Mail
from corrections_service.rules import mail_times
from corrections_service.rules.mail_times import Habits, Sort
from corrections_service.rules.workflow import Decision, Resolution, Role, State
from corrections_service.services import cases, editors, mail_choices, people, proposals, routing, wave_mail
from corrections_service.store.models import Case, Delivery, DeliveryState, Editor, Site, now
from corrections_service.web.mail_choices import SORTS
from corrections_service.work.letters import TURNS
from tests.work.postroom import Desk
from tests.work.test_turns import ask_and_answer, at_once, hire, own

MIA = "mia@news.example"


def choose(desk: Desk, editor: int, **paces: str) -> None:
    """Let a person choose how often they are mailed of what."""
    with desk.db.write() as session:
        mail_choices.choose(session, editor, desk.site.id, Habits(paces))


def give(desk: Desk, editor: int, *numbers: int) -> None:
    """Give these cases to somebody, and let the time for undoing be over."""
    with desk.db.write() as session:
        actor = session.get_one(Editor, desk.editor.id)
        for number in numbers:
            people.assign(session, session.get_one(Case, number), editor, actor=actor)
    at_once(desk)


def sleep(desk: Desk, editor: int, since: int, until: int) -> None:
    """Let a person's quiet hours be from and until so many minutes from now."""
    begin, end = (f"{now() + timedelta(minutes=minutes):%H:%M}" for minutes in (since, until))
    with desk.db.write() as session:
        mail_choices.choose(session, editor, desk.site.id, Habits(quiet_from=begin, quiet_until=end))


def mails_to(desk: Desk, address: str) -> list[Mail]:
    return [mail for mail in desk.mails() if mail.rcpt_tos == (address,)]


def states(desk: Desk, address: str = MIA) -> list[DeliveryState]:
    with desk.db.read() as session:
        found = select(Delivery.state).where(Delivery.recipient == address).order_by(Delivery.id)
        return list(session.scalars(found))


def pass_time(desk: Desk, since: datetime) -> None:
    """Let what is owed be owed since then, and its hour or day be over."""
    with desk.db.write() as session:
        is_owed = Delivery.state == DeliveryState.OWED
        session.execute(update(Delivery).where(is_owed).values(created_at=since, next_at=now()))


def test_every_turn_that_a_mail_tells_of_is_a_sort_that_can_be_chosen() -> None:
    assert set(TURNS) - set(mail_times.TURNS) <= set(Sort)
    assert set(mail_times.TURNS) <= set(TURNS)
    assert {mail_times.sort_of_turn(turn) for turn in TURNS} | {Sort.NEW, Sort.OVERDUE, Sort.WAVE} == set(Sort)
    assert set(SORTS) == set(Sort)
    assert mail_times.sort_of_turn("of a later version") is Sort.ASSIGNED, "and stops no mail"


def test_a_new_case_is_mailed_at_once_to_its_owner_with_all_that_is_needed(desk: Desk) -> None:
    """D1."""
    mia = hire(desk, MIA)
    own(desk, mia)
    number = desk.report(comment="I measured it.", source_url="https://example.org/tables")
    (mail,) = desk.mails()
    assert mail.rcpt_tos == (MIA,)
    assert mail.message["Subject"] == f"Case {number}: The bridge – “2.4 kilometres”"
    assert "2.4 [-kilometres-]{+metres+}" in mail.part("plain")
    assert "/unsubscribe/mine/" in mail.message["List-Unsubscribe"]


def test_who_is_desk_and_owner_gets_one_mail(desk: Desk) -> None:
    own(desk, hire(desk, "desk@news.example"))
    desk.report()
    assert [mail.rcpt_tos for mail in desk.mails()] == [("desk@news.example",)]


def test_an_hour_s_mails_are_one_that_can_be_triaged_from(desk: Desk) -> None:
    """D2: passage with the difference, comment, source, kind, readers, guard and links of each case, and why it is there."""
    mia = hire(desk, MIA)
    own(desk, mia)
    choose(desk, mia, new="hourly", answered="hourly")
    bridge = desk.report(comment="I measured it.", source_url="https://example.org/tables", email="ann@example.org")
    ferry = desk.report(url="https://news.example/ferry", title="The ferry", exact="at nine", suggestion="at ten")
    pass_time(desk, now() + timedelta(minutes=30))
    assert mails_to(desk, MIA) == [], "the hour is not over"
    with desk.db.write() as session:
        session.get_one(Case, bridge).assignee_id = mia
    ask_and_answer_as(desk, bridge, mia)
    pass_time(desk, now() - timedelta(hours=1))
    (digest,) = mails_to(desk, MIA)
    assert digest.message["Subject"] == "2 cases at News: The bridge and others"
    words, page = digest.part("plain"), digest.part("html")
    for text in ("It flows at [2.4 kilometres] a second.", "{+metres+}", "I measured it.", "Kind: fact", "One reader"):
        assert text in words
    for text in ("At the bridge.", "this change touches a", "tables", "A reader answered:", "nine"):
        assert text in words.replace("\u2060", ""), text
        assert text in page.replace("\u2060", ""), text
    for number in (bridge, ferry):
        assert f"http://corrections.example/cases/{number}" in words
        assert f"http://corrections.example/cases/{number}" in page
    assert set(states(desk)) == {DeliveryState.SENT}


def ask_and_answer_as(desk: Desk, number: int, editor: int) -> None:
    ask_and_answer(desk, number, "At the bridge.")
    with desk.db.write() as session:
        session.execute(update(Delivery).where(Delivery.template == people.TEMPLATE).values(recipient=MIA))
        session.get_one(Case, number).assignee_id = editor


def test_in_quiet_hours_nothing_comes_and_after_them_one_mail(desk: Desk) -> None:
    mia = hire(desk, MIA)
    sleep(desk, mia, -60, 60)
    numbers = [desk.report(url=f"https://news.example/{at}", title=f"Article {at}") for at in range(3)]
    before = len(desk.mails())
    give(desk, mia, *numbers)
    assert len(desk.mails()) == before, "it is night"
    with desk.db.read() as session:
        until = session.scalars(select(Delivery.next_at).where(Delivery.recipient == MIA)).all()
    assert all(moment > now() + timedelta(minutes=30) for moment in until)
    sleep(desk, mia, -180, -120)
    pass_time(desk, now() - timedelta(minutes=150))
    (digest,) = mails_to(desk, MIA)
    assert digest.message["Subject"] == "3 cases at News: Article 0 and others"


def test_what_a_person_wants_none_of_never_goes_and_all_else_does(desk: Desk) -> None:
    """D9."""
    mia = hire(desk, MIA)
    choose(desk, mia, assigned="never")
    number = desk.report()
    desk.mails()
    give(desk, mia, number)
    assert mails_to(desk, MIA) == []
    assert states(desk) == [DeliveryState.CANCELLED]
    with desk.db.write() as session:
        cases.note(session, session.get_one(Case, number), "@mia Look.", actor=session.get_one(Editor, desk.editor.id))
    at_once(desk)
    assert len(mails_to(desk, MIA)) == 1


def test_a_person_gets_so_many_mails_an_hour_and_the_last_holds_all_that_waits(desk: Desk) -> None:
    """P-11 holds for each person too."""
    desk.work.settings.__dict__["limit_desk_mails"] = 3
    mia = hire(desk, MIA)
    numbers = [desk.report(url=f"https://news.example/{at}") for at in range(8)]
    desk.mails()
    give(desk, mia, *numbers)
    first, second, digest = mails_to(desk, MIA)
    assert ["is yours now" in str(mail.message["Subject"]) for mail in (first, second)] == [True, True]
    assert str(digest.message["Subject"]).startswith("6 cases at News")
    assert all(f"/cases/{number}" in "".join(m.part("plain") for m in (first, second, digest)) for number in numbers)
    late = desk.report(url="https://news.example/late")
    give(desk, mia, late)
    assert len(mails_to(desk, MIA)) == 3, "the hour is full"
    assert states(desk)[-1] is DeliveryState.OWED


@pytest.mark.parametrize("is_named", [False, True])
def test_what_waits_for_somebody_who_is_away_goes_to_who_stands_in_once(desk: Desk, is_named: bool) -> None:
    mia, ben = hire(desk, MIA), hire(desk, "ben@news.example")
    number = desk.report()
    desk.mails()
    with desk.db.write() as session:
        note = "@mia and @ben, look." if is_named else "@mia Look."
        cases.note(session, session.get_one(Case, number), note, actor=session.get_one(Editor, desk.editor.id))
    give(desk, mia, number)
    with desk.db.write() as session:
        person = session.get_one(Editor, mia)
        person.away_until, person.deputy_id = now().date() + timedelta(days=2), ben
    assert mails_to(desk, MIA) == []
    subjects = [str(mail.message["Subject"]) for mail in mails_to(desk, "ben@news.example")]
    named = f"Case {number} names you: The bridge" if is_named else f"Case {number} names Mia: The bridge"
    assert sorted(subjects) == sorted([f"Case {number} is Mia’s now: The bridge", named])


def test_a_new_case_that_was_decided_before_its_hour_is_told_to_nobody(desk: Desk) -> None:
    mia = hire(desk, MIA)
    own(desk, mia)
    choose(desk, mia, new="daily")
    desk.report()
    number = desk.report(url="https://news.example/ferry", title="The ferry")
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.decide(session, case, Decision(Resolution.NOT_AN_ERROR), actor=actor)
    pass_time(desk, now() - timedelta(days=2))
    (mail,) = mails_to(desk, MIA)
    assert "ferry" not in mail.part("plain")


def test_a_fix_is_told_to_who_asked_for_that_alone(desk: Desk) -> None:
    first, second = (desk.report(url=f"https://news.example/{at}") for at in range(2))
    desk.decide(first)
    choose(desk, desk.editor.id, fix_seen="at_once")
    desk.decide(second)
    at_once(desk)
    subjects = [str(mail.message["Subject"]) for mail in mails_to(desk, "ed@news.example")]
    assert subjects == [f"Case {second} is settled: The bridge that waited"]


def test_a_wave_is_told_once_a_day_to_who_asked_for_it(desk: Desk) -> None:
    hire(desk, MIA)
    for at in range(wave_mail.LEAST):
        desk.report(url="https://news.example/bridge", exact=f"wrong {at}")
    desk.mails()
    with desk.db.write() as session:
        session.execute(update(Case).values(state=State.SPAM))
    for chosen in (False, True, True):
        if chosen:
            choose(desk, desk.editor.id, wave="at_once")
        with desk.db.write() as session:
            wave_mail.tell(session)
    (mail,) = mails_to(desk, "ed@news.example")
    assert mail.message["Subject"] == "A wave of reports at News"
    assert f"{wave_mail.LEAST} reports were set aside" in mail.part("plain")
    assert mails_to(desk, MIA) == []


def test_owners_without_a_choice_of_their_own_read_as_they_always_did(desk: Desk) -> None:
    """A row of choices that is not there means the same as the desk's address: at once, and never in a digest of its own."""
    mia = hire(desk, MIA)
    with desk.db.write() as session:
        routing.choose(session.get_one(Site, desk.site.id), [])
    numbers = [desk.report(url=f"https://news.example/{at}") for at in range(2)]
    desk.mails()
    give(desk, mia, *numbers)
    assert len(mails_to(desk, MIA)) == 2


def test_who_may_approve_is_asked_when_they_wish_and_not_of_what_was_approved_meanwhile(desk: Desk) -> None:
    ben = hire(desk, "ben@news.example")
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        mia = editors.add(session, MIA, site=site, role=Role.STANDARDS, name="Mia").id
    choose(desk, mia, approval="hourly")
    numbers = [desk.report(url=f"https://news.example/{at}") for at in range(2)]
    decision = Decision(Resolution.CLARIFIED, "2.4 kilometres", "2.4 metres", "It could be misread. Metres are meant.")
    with desk.db.write() as session:
        for number in numbers:
            proposals.propose(session, session.get_one(Case, number), decision, actor=session.get_one(Editor, ben))
    with desk.db.write() as session:
        case = session.get_one(Case, numbers[0])
        proposals.approve(session, case, actor=session.get_one(Editor, desk.editor.id))
    pass_time(desk, now() - timedelta(hours=2))
    (mail,) = mails_to(desk, MIA)
    assert mail.message["Subject"] == f"Case {numbers[1]} waits for your approval: The bridge"
    assert "Clarification: It could be misread. Metres are meant." in mail.part("plain")
