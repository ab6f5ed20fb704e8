"""Links in mails: each has one purpose, one person, one version of a case, one use and an end; looking does nothing (D4, P-14)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Route
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select, update

from corrections_service.rules.workflow import Role, State
from corrections_service.services import approvals, cases, clocks, editors, people, readers
from corrections_service.store.models import Case, Delivery, DeliveryState, Editor, Event, Report, Site, now
from corrections_service.work import acting
from corrections_service.work.acting import Act, Link
from tests.conftest import launched
from tests.web.visitors import dump
from tests.work.postroom import Desk
from tests.work.test_turns import at_once, hire, own

BASE = "http://corrections.example"
MIA = "mia@news.example"


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Whoever has a link: nobody is signed in."""
    return app.test_client(use_cookies=False)


def spelling(desk: Desk, **said: Any) -> int:
    """A report that may be accepted without a notice."""
    plain = {"exact": "recieve", "suggestion": "receive", "prefix": "They ", "suffix": " a letter.", "kind": "spelling"}
    return desk.report(**{**plain, **said})


def offers(desk: Desk, *, to: str = MIA) -> dict[str, str]:
    """The paths of what the last mail to a person offers, by what its button says there."""
    mail = [mail for mail in desk.mails() if mail.rcpt_tos == (to,)][-1]
    page = LexborHTMLParser(mail.part("html"))
    found = {link.text(): str(link.attributes["href"]) for link in page.css(".acts a")}
    assert all(address in mail.part("plain") for address in found.values()), "in the text part too"
    return {name: address.removeprefix(BASE) for name, address in found.items()}


def look(desk: Desk, number: int) -> Case:
    with desk.db.read() as session:
        return session.get_one(Case, number)


@pytest.mark.parametrize(
    ("name", "state", "event"),
    [
        ("Accept", State.FIXING, "decided"),
        ("Decline", State.CLOSED, "decided"),
        ("Tomorrow", State.WAITING, "snoozed"),
        ("Mine", State.OPEN, "claimed"),
    ],
)
def test_a_link_does_one_thing_once_by_its_button_and_takes_it_back(
    desk: Desk, stranger: FlaskClient, name: str, state: State, event: str
) -> None:
    mia = hire(desk, MIA)
    number = spelling(desk, email="ann@example.org")
    with desk.db.write() as session:
        note = "@mia Look."
        cases.note(session, session.get_one(Case, number), note, actor=session.get_one(Editor, desk.editor.id))
    at_once(desk)
    path = offers(desk)[name]
    before = dump(desk.db)
    for _ in range(10):
        assert stranger.get(path).status_code == 200
        assert stranger.head(path).status_code == 200
    assert dump(desk.db) == before
    answer = stranger.post(path)
    assert answer.status_code == 303
    assert look(desk, number).state is state
    with desk.db.read() as session:
        last = session.scalars(select(Event).where(Event.case_id == number).order_by(Event.id.desc()).limit(1)).one()
    assert (last.kind, last.actor_id) == (event, mia)
    again = stranger.post(path)
    assert again.status_code == 409, "a link works once"
    assert "changed meanwhile" in again.get_data(as_text=True)
    assert "Undo" in stranger.get(answer.location).get_data(as_text=True)
    assert stranger.post(answer.location).status_code == 200
    assert look(desk, number).state is State.NEW
    with desk.db.read() as session:
        owed = session.scalars(select(Delivery).where(Delivery.template == "case_resolved")).all()
    assert all(delivery.state is DeliveryState.CANCELLED for delivery in owed), "no reader hears of what was taken back"
    assert stranger.post(path).status_code == 409


def test_a_case_that_changed_meanwhile_is_said_to_and_nothing_is_done(desk: Desk, stranger: FlaskClient) -> None:
    own(desk, hire(desk, MIA))
    number = spelling(desk)
    path = offers(desk)["Decline"]
    with desk.db.write() as session:
        people.take_over(session, session.get_one(Case, number), actor=session.get_one(Editor, desk.editor.id))
    page = stranger.get(path).get_data(as_text=True)
    assert "changed meanwhile" in page
    assert "took the case over" in page
    assert "<button" not in page
    assert stranger.post(path).status_code == 409
    assert look(desk, number).state is not State.CLOSED


@pytest.mark.parametrize(
    ("said", "is_offered"),
    [
        ({}, True),
        ({"exact": "2.4 metres", "suggestion": "2.5 metres"}, False),
        ({"kind": "fact"}, False),
        ({"suggestion": "", "comment": "Look."}, False),
    ],
)
def test_what_needs_a_notice_or_a_reason_is_not_accepted_from_a_mail(
    desk: Desk, said: dict[str, str], is_offered: bool
) -> None:
    """The class guard holds here too: a change of a number is no typo."""
    own(desk, hire(desk, MIA))
    spelling(desk, **said)
    assert ("Accept" in offers(desk)) is is_offered


@pytest.mark.parametrize(("unused", "name"), [("fixed", "Accept"), ("not_an_error", "Decline")])
def test_a_mail_offers_no_decision_that_its_site_does_not_use_and_an_earlier_mail_s_link_says_so(
    desk: Desk, stranger: FlaskClient, unused: str, name: str
) -> None:
    own(desk, hire(desk, MIA))
    number = spelling(desk)
    path = offers(desk)[name]
    with desk.db.write() as session:
        approvals.leave_out(session.get_one(Site, desk.site.id), [unused])
    answer = stranger.post(path)
    assert answer.status_code == 422
    assert "does not use this decision" in answer.get_data(as_text=True)
    assert look(desk, number).state is State.NEW
    spelling(desk, url="https://news.example/other")
    assert name not in offers(desk)


def test_only_a_person_who_may_decide_is_offered_it_and_a_desk_s_address_never(desk: Desk) -> None:
    number = spelling(desk)
    (mail,) = desk.mails()
    assert "/act/" not in mail.part("plain") + mail.part("html")
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        editors.add(session, MIA, site=site, role=Role.AUTHOR, name="Mia")
        note = "@mia Look."
        cases.note(session, session.get_one(Case, number), note, actor=session.get_one(Editor, desk.editor.id))
    at_once(desk)
    assert offers(desk) == {}


def test_a_link_of_who_works_here_no_more_or_that_has_ended_or_is_forged_does_nothing(
    desk: Desk, stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = hire(desk, MIA)
    own(desk, mia)
    number = spelling(desk)
    path = offers(desk)["Decline"]
    settings = desk.work.settings
    with desk.db.read() as session:
        seal = acting.seal_of(session.get_one(Editor, mia))
    others = [
        f"{path[:-3]}xyz",
        f"/act/{acting.token(Link(Act.DECLINE, mia, 99_999, 1, seal), settings)}",
        f"/act/{acting.token(Link(Act.DECLINE, 99_999, number, 1, seal), settings)}",
        "/act/x.y.z",
    ]
    for wrong in others:
        assert stranger.get(wrong).status_code == stranger.post(wrong).status_code == 404
    with monkeypatch.context() as clock:
        clock.setattr("itsdangerous.timed.time.time", lambda: 1_700_000_000.0)
        ended = f"/act/{acting.token(Link(Act.DECLINE, mia, number, look(desk, number).version, seal), settings)}"
    assert stranger.post(ended).status_code == 404
    with desk.db.write() as session:
        editors.set_role(session, session.get_one(Editor, mia), session.get_one(Site, desk.site.id), None)
    assert stranger.post(path).status_code == 404
    assert look(desk, number).state is State.NEW


def test_a_new_password_ends_the_links_of_mails_that_went_before(desk: Desk, stranger: FlaskClient) -> None:
    """Who reads somebody's mail acts as they do no longer than they are signed in: those to undo end, too."""
    mia = hire(desk, MIA)
    own(desk, mia)
    first, second = spelling(desk), spelling(desk, url="https://news.example/ferry", title="The ferry")
    desk.mails()
    with desk.db.read() as session:
        person, settings = session.get_one(Editor, mia), desk.work.settings
        found = [
            dict(acting.addresses(session, session.get_one(Case, one), person, settings)) for one in (first, second)
        ]
    paths = [offered["decline"].removeprefix(BASE) for offered in found]
    undo = stranger.post(paths[0]).location
    with desk.db.write() as session:
        editors.set_password(session, session.get_one(Editor, mia), "a new hash")
    for path in (undo, paths[1]):
        assert stranger.get(path).status_code == stranger.post(path).status_code == 404
    assert [look(desk, number).state for number in (first, second)] == [State.CLOSED, State.NEW]


def every_mail(desk: Desk) -> set[str]:
    """Have a mail of every kind sent; all of our own addresses in them."""
    mia = hire(desk, MIA)
    own(desk, mia)
    number = spelling(desk, email="ann@example.org", comment="So it is.")
    decided = desk.report(email="bob@example.org")
    desk.mails()
    desk.decide(decided)
    with desk.db.write() as session:
        site, ed = session.get_one(Site, desk.site.id), session.get_one(Editor, desk.editor.id)
        case = session.get_one(Case, number)
        cases.note(session, case, "@mia Look.", actor=ed)
        cases.ask(session, case, "Where?", actor=ed)
        readers.answer(session, session.scalars(select(Report).where(Report.case_id == number)).one(), "Here.")
        editors.invite(session, "new@news.example", site=site, role=Role.EDITOR, base_url=BASE)
        editors.mail_link(session, MIA, base_url=BASE)
    with desk.db.write() as session:
        session.execute(update(Case).values(remind_at=now()))
        clocks.remind(session)
    at_once(desk)
    addresses: set[str] = set()
    for mail in desk.mails():
        text = mail.part("plain") + mail.part("html") + str(mail.message["List-Unsubscribe"] or "")
        addresses |= {address.replace("&amp;", "&") for address in re.findall(rf"{BASE}/[^\s\"<>]+", text)}
    return addresses


def test_every_link_of_every_mail_is_inert_for_programs_and_for_a_browser_with_script(desk: Desk, app: Flask) -> None:
    """P-14: fetched ten times by GET and HEAD, and opened in Chromium; a full dump of the database is unchanged."""
    addresses = every_mail(desk)
    sorts = {re.split("[/#?]", address.removeprefix(BASE))[1] for address in addresses}
    assert {"act", "cases", "r", "unsubscribe", "sign-in", "invitation", "account", "queue"} <= sorts
    before = dump(desk.db)
    client = app.test_client()
    for address in addresses:
        for _ in range(10):
            client.get(address)
            client.head(address)

    def serve(route: Route) -> None:
        request = route.request
        answer = client.open(request.url, method=request.method, data=request.post_data, follow_redirects=True)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.get_data())
        answer.close()

    # Its event loop runs only now: the engine, by which all was mailed, cannot have one.
    with launched() as browser, browser.new_context() as context:
        context.route("**/*", serve)
        page = context.new_page()
        for address in sorted(addresses):
            page.goto(address)
            page.mouse.move(100, 100)
    assert dump(desk.db) == before
