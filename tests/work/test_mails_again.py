"""Mails that go once more, or to somebody else: after they came back, by hand, when who they were for has left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corrections_service import errors
from corrections_service.demo.mailbox import Mail
from corrections_service.rules.bounces import Failure
from corrections_service.rules.mail_times import Habits
from corrections_service.services import alarms, cases, clocks, editors, mail_choices, outbox, returns, sending, sites
from corrections_service.store import jobs
from corrections_service.store.models import Case, Delivery, DeliveryState, Editor, Site, Worker, now
from corrections_service.work import deliveries
from tests.work.postroom import Desk
from tests.work.test_desk_mail import MIA, choose, give, mails_to, pass_time, sleep, states
from tests.work.test_one_bad_mail import told
from tests.work.test_turns import at_once, hire, own


def mention(desk: Desk, number: int) -> None:
    with desk.db.write() as session:
        actor = session.get_one(Editor, desk.editor.id)
        cases.note(session, session.get_one(Case, number), "@mia Look at the tables.", actor=actor)
    at_once(desk)


def remind(desk: Desk, *numbers: int) -> None:
    with desk.db.write() as session:
        session.execute(update(Case).where(Case.id.in_(numbers)).values(remind_at=now(), due_at=now()))
        clocks.remind(session)


def come_back(desk: Desk, mail: Mail) -> int:
    """Let a mail come back as one that cannot be delivered; its number."""
    failure = Failure("", "550 No such mailbox", for_good=True)
    with desk.db.write() as session:
        delivery = returns.mark(session, [failure], [str(mail.message["Message-ID"])])
        assert delivery is not None
        return delivery.id


def act(desk: Desk, number: int, action: str) -> None:
    with desk.db.write() as session:
        sending.act(session, number, action, [desk.site.id])


def leave(desk: Desk, editor: int) -> None:
    with desk.db.write() as session:
        editors.set_role(session, session.get_one(Editor, editor), session.get_one(Site, desk.site.id), None)


def test_a_mail_that_came_back_says_the_same_when_it_is_sent_once_more(desk: Desk) -> None:
    """A question to a reader, a reminder and a note that names somebody: what they tell is not in the case alone."""
    number = desk.report(email="ann@example.org")
    hire(desk, MIA)
    desk.mails()
    with desk.db.write() as session:
        cases.ask(session, session.get_one(Case, number), "Which table?", actor=desk.editor)
    mention(desk, number)
    other = desk.report(exact="at nine", suggestion="at ten", url="https://news.example/ferry")
    desk.mails()
    remind(desk, other)
    sent = desk.mails()
    asked = next(mail for mail in sent if "Which table?" in mail.part("plain"))
    named = next(mail for mail in sent if "@mia Look at the tables." in mail.part("plain"))
    for mail in (asked, named, sent[-1]):
        before = len(mails_to(desk, *mail.rcpt_tos))
        act(desk, come_back(desk, mail), "retry")
        again = mails_to(desk, *mail.rcpt_tos)[before]  # besides whoever was told in the desk's place
        assert again.part("plain").split() == mail.part("plain").split() or "/act/" in mail.part("plain")
    assert "@mia Look at the tables." in mails_to(desk, MIA)[-1].part("plain")
    with desk.db.read() as session:
        assert set(session.scalars(select(Delivery.state))) == {DeliveryState.SENT}


def test_a_mail_whose_words_were_forgotten_is_not_sent_without_them_and_says_so(desk: Desk) -> None:
    """As a version of before left them: one that failed, and one that somebody let go already."""
    first = desk.report(email="ann@example.org")
    with desk.db.write() as session:
        cases.ask(session, session.get_one(Case, first), "Which table?", actor=desk.editor)
    at_once(desk)
    remind(desk, desk.report(exact="at nine", suggestion="at ten", url="https://news.example/ferry"))
    number = come_back(desk, next(mail for mail in desk.mails() if "Which table?" in mail.part("plain")))
    with desk.db.write() as session:
        forgotten = Delivery.template.in_(("case_asked", outbox.REMINDER))
        session.execute(update(Delivery).where(forgotten).values(data={}))
        owed = Delivery.template == outbox.REMINDER
        session.execute(update(Delivery).where(owed).values(state=DeliveryState.OWED, next_at=now()))
    with pytest.raises(errors.ChangedMeanwhile, match="kept no more"):
        act(desk, number, "retry")
    third = desk.report(exact="at one", suggestion="at two", url="https://news.example/tram")
    before = len(desk.mailbox.messages())
    deliveries.deliver_due(desk.work)
    assert told(desk.mails()[before:]) == {third}
    with desk.db.write() as session:
        assert outbox.retry(session) == 0
        reasons = [one.last_error for one in outbox.unsent(session, [desk.site.id]) if one.template == outbox.REMINDER]
    assert reasons == [outbox.WORDS_LOST]


def test_what_fails_before_a_mail_is_composed_is_that_mails_trouble_alone(desk: Desk) -> None:
    """A row that no code foresaw holds up neither what is behind it nor what would go in one mail with it."""
    mia = hire(desk, MIA)
    choose(desk, mia, assigned="hourly", overdue="hourly")
    numbers = [desk.report(url=f"https://news.example/{at}") for at in range(3)]
    desk.mails()
    give(desk, mia, *numbers)
    remind(desk, numbers[1])
    with desk.db.write() as session:
        broken = session.scalars(select(Delivery).where(Delivery.template == outbox.REMINDER)).one()
        broken.data = {"cases": 5}
    pass_time(desk, now() - timedelta(hours=1))
    assert set(numbers) <= told(mails_to(desk, MIA))
    with desk.db.read() as session:
        (unsent,) = outbox.unsent(session, [desk.site.id])
    assert unsent.template == outbox.REMINDER
    assert unsent.last_error.startswith("This mail could not be made ready: ")


@pytest.mark.parametrize("is_closed", [False, True])
def test_who_left_is_mailed_of_no_case_any_more_and_what_is_not_theirs_alone_goes_to_the_desk(
    desk: Desk, is_closed: bool
) -> None:
    mia = hire(desk, MIA)
    choose(desk, mia, new="hourly", mentioned="hourly", assigned="hourly")
    own(desk, mia)
    number, second = desk.report(), desk.report(url="https://news.example/ferry")
    remind(desk, number)
    mention(desk, number)
    give(desk, desk.editor.id, second)
    give(desk, mia, second)
    with desk.db.write() as session:
        session.execute(update(Delivery).values(recipient=MIA))
    if is_closed:
        with desk.db.write() as session:
            editors.deactivate(session, session.get_one(Editor, mia))
    else:
        leave(desk, mia)
    pass_time(desk, now() - timedelta(hours=1))
    assert mails_to(desk, MIA) == []
    mails = mails_to(desk, "desk@news.example")
    assert told(mails) == {number, second}
    assert not any("names you" in mail.part("plain") or "is yours" in str(mail.message["Subject"]) for mail in mails)
    with desk.db.read() as session:
        assert DeliveryState.OWED not in set(session.scalars(select(Delivery.state)))


def test_a_desk_that_moves_takes_along_whatever_waits_for_it_and_nothing_that_is_a_persons(desk: Desk) -> None:
    mia = hire(desk, MIA)
    number = desk.report()
    desk.mails()
    remind(desk, number)
    give(desk, mia, number)
    with desk.db.write() as session:
        sites.move_desk(session, session.get_one(Site, desk.site.id), "new@news.example")
    mails = desk.mails()[-2:]
    assert {mail.rcpt_tos for mail in mails} == {("new@news.example",), (MIA,)}


def test_every_case_whose_turn_it_is_is_told_of_in_one_mail_or_the_next(desk: Desk) -> None:
    """What a digest has no room for is not marked as told; new cases, which the queue tells of, come after."""
    mia = hire(desk, MIA)
    own(desk, mia)
    choose(desk, mia, new="hourly", assigned="hourly")
    numbers = [desk.report(url=f"https://news.example/{at}") for at in range(18)]
    with desk.db.write() as session:
        session.execute(update(Delivery).values(state=DeliveryState.SENT))
        session.execute(update(Case).values(assignee_id=None))
    new = [desk.report(url=f"https://news.example/new/{at}") for at in range(3)]
    give(desk, mia, *numbers)
    pass_time(desk, now() - timedelta(hours=1))
    mails = mails_to(desk, MIA)
    assert len(mails) == 2
    assert set(numbers) <= told(mails)
    assert str(mails[0].message["Subject"]).startswith(f"{15 + len(new)} cases at News")
    assert set(states(desk)) == {DeliveryState.SENT}


def test_a_mail_that_waits_for_a_persons_night_is_no_trouble_of_the_mail_server(desk: Desk) -> None:
    """It was refused once, and waits by choice since: nobody is told that the server still refuses it."""
    mia, number = hire(desk, MIA), desk.report()
    desk.mails()
    desk.mailbox.refuse, desk.mailbox.refusal = "data", "451 4.7.1 Greylisted"
    give(desk, mia, number)
    desk.mails()
    desk.mailbox.refuse = None
    sleep(desk, mia, -60, 60)
    pass_time(desk, now() - alarms.LATE * 2)
    desk.mails()
    with desk.db.read() as session:
        assert states(desk) == [DeliveryState.OWED]
        assert alarms.oldest_late(session, [desk.site.id]) is None
        assert outbox.unsent(session, [desk.site.id]) == []


@pytest.mark.parametrize("action", ["retry", "hold and release", "fail and retry"])
@pytest.mark.parametrize("pace", ["hourly", "daily"])
def test_what_is_let_go_by_hand_goes_now_whatever_the_pace(desk: Desk, action: str, pace: str) -> None:
    mia, number = hire(desk, MIA), desk.report()
    desk.mails()
    with desk.db.write() as session:
        mail_choices.choose(session, mia, desk.site.id, Habits({"assigned": pace}))
    give(desk, mia, number)
    with desk.db.write() as session:
        waiting = session.scalars(select(Delivery).where(Delivery.recipient == MIA)).one()
        waiting.next_at, delivery_id = now() + timedelta(days=1), waiting.id
        if action.startswith("fail"):
            waiting.state, waiting.last_error = DeliveryState.FAILED, "550 no"
    for one in action.removeprefix("fail and ").split(" and "):
        act(desk, delivery_id, one)
    assert [mail.rcpt_tos for mail in desk.mails()][-1] == (MIA,)


def test_what_a_run_took_and_did_not_send_waits_for_no_lease_to_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker lives, so that its rows looked taken: for five minutes nobody sent them."""

    def be_busy(*_: object) -> None:
        raise errors.StorageBusy()

    with desk.db.write() as session:
        session.add(Worker(id=jobs.worker_id(), beat_at=now()))
    for at in range(3):
        desk.report(url=f"https://news.example/{at}")
    at_once(desk)
    with monkeypatch.context() as database, pytest.raises(errors.StorageBusy):
        database.setattr(outbox, "mark_sent", be_busy)
        desk.mails()
    (first,) = desk.mailbox.messages()
    assert desk.mails() == [first], "by a run that ended, as far as this one knows by one that is under way"
    deliveries.deliver_due(desk.work)
    again = desk.mails()
    assert told([again[-1]]) == {1, 2, 3}
    assert {mail.message["Message-ID"] for mail in again} == {first.message["Message-ID"]}
    with desk.db.read() as session:
        assert set(session.scalars(select(Delivery.state))) == {DeliveryState.SENT}
        assert set(session.scalars(select(Delivery.attempts))) == {1}


def test_a_mail_of_which_nobody_could_say_whether_it_is_wanted_did_not_go_and_is_not_at_fault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is busy as its turn comes at the mail server: the mail waits for another run, and fails at nothing."""
    desk.report()
    at_once(desk)
    turns: list[int] = []
    still_ours = outbox.still_ours

    def be_busy_at_its_turn(session: Session, ids: Sequence[int], run: str) -> bool:
        turns.append(len(ids))
        if len(turns) == 3:  # the first as it is made ready, the second as it is written
            raise errors.StorageBusy()
        return still_ours(session, ids, run)

    with monkeypatch.context() as database, pytest.raises(errors.StorageBusy):
        database.setattr(outbox, "still_ours", be_busy_at_its_turn)
        deliveries.deliver(desk.work)
    assert len(turns) == 3
    assert desk.mailbox.messages() == []
    with desk.db.read() as session:
        (delivery,) = session.scalars(select(Delivery))
        assert (delivery.state, delivery.last_error) == (DeliveryState.OWED, "")
    deliveries.deliver_due(desk.work)
    (mail,) = desk.mailbox.messages()
    assert mail.rcpt_tos == ("desk@news.example",)
    with desk.db.read() as session:
        (delivery,) = session.scalars(select(Delivery))
        assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 1)
