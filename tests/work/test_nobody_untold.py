"""What a desk must hear of reaches somebody: whoever has a case may want none, be away, have left or lost the right (D1, D9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corrections_service.rules.bounces import Failure
from corrections_service.rules.mail_times import Sort
from corrections_service.rules.workflow import Decision, Resolution, Role
from corrections_service.services import (
    alarms,
    cases,
    clocks,
    editors,
    looks,
    mail_choices,
    people,
    proposals,
    readers,
    returns,
    sites,
)
from corrections_service.store.models import Case, Delivery, Editor, FixState, Membership, Report, Site, now
from tests.work.postroom import Desk
from tests.work.test_turns import at_once, hire, own

MIA, DESK, ADMIN = "mia@news.example", "desk@news.example", "ed@news.example"


def wants_none(session: Session, person: Editor, site: Site) -> None:
    mail_choices.silence(session, person.id, site.id, list(Sort))


def is_away(session: Session, person: Editor, site: Site) -> None:
    person.away_until = now().date() + timedelta(days=2)


def has_a_deputy_who_wants_none(session: Session, person: Editor, site: Site) -> None:
    is_away(session, person, site)
    deputy = editors.add(session, "ben@news.example", site=site, role=Role.EDITOR, name="Ben")
    person.deputy_id = deputy.id
    wants_none(session, deputy, site)


def has_left(session: Session, person: Editor, site: Site) -> None:
    editors.set_role(session, person, site, None)


def is_locked_out(session: Session, person: Editor, site: Site) -> None:
    editors.deactivate(session, person)


def only_reads(session: Session, person: Editor, site: Site) -> None:
    editors.set_role(session, person, site, Role.VIEWER)


OUT_OF_REACH = (wants_none, is_away, has_a_deputy_who_wants_none, has_left, is_locked_out, only_reads)
Happens = Callable[[Session, Editor, Site], None]


def befall(desk: Desk, number: int, happens: Happens) -> None:
    with desk.db.write() as session:
        happens(session, session.get_one(Editor, number), session.get_one(Site, desk.site.id))


def came_back(session: Session, case: Case, report: Report, actor: Editor) -> None:
    cases.decide(session, case, Decision(Resolution.ALREADY_FIXED), actor=actor)
    looks.see_fix(session, case, FixState.PRESENT, before="It flows at 2.4 kilometres.", passage="2.4 kilometres")


def answered(session: Session, case: Case, report: Report, actor: Editor) -> None:
    cases.ask(session, case, "Where?", actor=actor)
    readers.answer(session, report, "At the bridge.")


def appealed(session: Session, case: Case, report: Report, actor: Editor) -> None:
    cases.decide(session, case, Decision(Resolution.NOT_AN_ERROR), actor=actor)
    readers.appeal(session, report, "It is metres.")


def overdue(session: Session, case: Case, report: Report, actor: Editor) -> None:
    case.remind_at = case.due_at = now()
    session.flush()
    clocks.remind(session)


NEWS = (came_back, answered, appealed, overdue)


def let_happen(desk: Desk, number: int, news: Callable[[Session, Case, Report, Editor], None], owner: int) -> None:
    """Let something happen to a case that is this editor's."""
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        case.assignee_id = owner
        report = session.scalars(select(Report).where(Report.case_id == number)).one()
        news(session, case, report, actor)
        case.assignee_id = owner


def told(desk: Desk, before: int) -> list[str]:
    """To whom mails went since, but for readers."""
    at_once(desk)
    desk.mails()
    return sorted(mail.rcpt_tos[0] for mail in desk.mails()[before:] if mail.rcpt_tos != ("ann@example.org",))


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("news", NEWS)
@pytest.mark.parametrize("happens", OUT_OF_REACH)
def test_what_happens_to_the_case_of_somebody_out_of_reach_is_told_to_the_desk(
    desk: Desk, happens: Happens, news: Callable[[Session, Case, Report, Editor], None], is_late: bool
) -> None:
    """Whether that was so when it happened, or only when the mail was to go."""
    number, mia = desk.report(email="ann@example.org"), hire(desk, MIA)
    before = len(desk.mails())
    if not is_late:
        befall(desk, mia, happens)
    let_happen(desk, number, news, mia)
    if is_late:
        befall(desk, mia, happens)
    assert told(desk, before) == [DESK]


@pytest.mark.parametrize("happens", OUT_OF_REACH)
def test_a_new_case_that_is_given_to_somebody_out_of_reach_is_told_to_the_desk(desk: Desk, happens: Happens) -> None:
    mia = hire(desk, MIA)
    own(desk, mia)
    befall(desk, mia, happens)
    desk.report()
    assert told(desk, 0) == [DESK]


def test_a_new_case_is_told_to_its_owner_where_the_desk_itself_wants_no_mail(desk: Desk) -> None:
    mia = hire(desk, MIA)
    with desk.db.write() as session:
        sites.mail_desk(session, session.get_one(Site, desk.site.id), is_wished=False)
    own(desk, mia)
    desk.report()
    assert told(desk, 0) == [MIA]
    befall(desk, mia, wants_none)
    desk.report(url="https://news.example/ferry")
    assert told(desk, 1) == [], "the administrators want nobody to be mailed of new cases"


@pytest.mark.parametrize("news", NEWS)
def test_where_neither_the_owner_nor_the_desk_is_mailed_the_administrators_are(
    desk: Desk, news: Callable[[Session, Case, Report, Editor], None]
) -> None:
    """Those who are there, and want it; all of them."""
    number = desk.report(email="ann@example.org")
    mia, noor, eve = (hire(desk, f"{one}@news.example") for one in ("mia", "noor", "eve"))
    before = len(desk.mails())
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        for one in (noor, eve):
            editors.set_role(session, session.get_one(Editor, one), site, Role.ADMIN)
        sites.mail_desk(session, site, is_wished=False)
    befall(desk, mia, wants_none)
    befall(desk, eve, is_away)
    let_happen(desk, number, news, mia)
    assert told(desk, before) == [ADMIN, "noor@news.example"]


@pytest.mark.parametrize("happens", OUT_OF_REACH)
def test_a_notice_that_nobody_who_may_approve_it_hears_of_is_told_to_the_desk(desk: Desk, happens: Happens) -> None:
    number, mia, noor = desk.report(), hire(desk, MIA), hire(desk, "noor@news.example")
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        editors.set_role(session, session.get_one(Editor, noor), site, Role.STANDARDS)
        session.execute(update(Membership).where(Membership.editor_id == desk.editor.id).values(role=Role.EDITOR))
    before = len(desk.mails())
    decision = Decision(Resolution.CLARIFIED, "2.4 kilometres", "2.4 metres", "It could be misread. Metres are meant.")
    with desk.db.write() as session:
        proposals.propose(session, session.get_one(Case, number), decision, actor=session.get_one(Editor, mia))
    befall(desk, noor, happens)
    is_asked = happens in (is_away, has_a_deputy_who_wants_none)
    assert told(desk, before) == (["noor@news.example"] if is_asked else [DESK]), "no deputy may approve"


def test_what_is_for_one_person_alone_goes_to_nobody_in_their_place(desk: Desk) -> None:
    number, mia = desk.report(), hire(desk, MIA)
    before = len(desk.mails())
    befall(desk, mia, wants_none)
    with desk.db.write() as session:
        case, actor = session.get_one(Case, number), session.get_one(Editor, desk.editor.id)
        cases.note(session, case, "@mia Look.", actor=actor)
        people.assign(session, case, mia, actor=actor)
    assert told(desk, before) == []


def test_alarms_reach_the_desk_where_nobody_runs_a_publication(desk: Desk) -> None:
    befall(desk, desk.editor.id, is_locked_out)
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        assert sites.in_charge(session, site) == [DESK]
    desk.report(email="ann@example.org")
    with desk.db.write() as session:
        session.execute(update(Delivery).values(created_at=now() - 2 * alarms.LATE, next_at=now() - 2 * alarms.LATE))
    with desk.db.write() as session:
        alarms.tell(session)
    with desk.db.read() as session:
        recipients = session.scalars(select(Delivery.recipient).where(Delivery.template == alarms.TEMPLATE)).all()
        assert recipients == [DESK]


def test_what_cannot_be_sent_to_its_owner_or_to_the_desk_for_good_is_told_to_the_next_ones(desk: Desk) -> None:
    """P-12: an address that no mail can go to; what is on screen alone may be seen by nobody for days."""
    number, mia = desk.report(email="ann@example.org"), hire(desk, MIA)
    before = len(desk.mails())
    with desk.db.write() as session:
        session.get_one(Editor, mia).email = "mía@news.example"
    let_happen(desk, number, answered, mia)
    assert told(desk, before) == [DESK]
    with desk.db.write() as session:
        session.get_one(Site, desk.site.id).desk = "rédaction@news.example"
    let_happen(desk, number, overdue, mia)
    desk.report(url="https://news.example/ferry")
    assert told(desk, before) == [DESK, ADMIN], "new cases are in the queue, and what failed is on screen"


def test_what_comes_back_from_its_owner_is_told_to_the_desk(desk: Desk) -> None:
    number, mia = desk.report(email="ann@example.org"), hire(desk, MIA)
    before = len(desk.mails())
    let_happen(desk, number, answered, mia)
    assert told(desk, before) == [MIA]
    mail = next(mail for mail in desk.mails() if mail.rcpt_tos == (MIA,))
    for _ in range(2):
        with desk.db.write() as session:
            returns.mark(session, [Failure(MIA, "no such user", for_good=True)], [str(mail.message["Message-ID"])])
    assert told(desk, before) == [DESK, MIA]
