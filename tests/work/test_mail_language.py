"""Mails to desks, editors, administrators and offices are in the language of who gets them, and say the same in each."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from flask_mail import Message
from sqlalchemy import select

from corrections_service.rules.catalogue import LANGUAGES, desk_in, desk_sentences, direction
from corrections_service.rules.workflow import Role
from corrections_service.services import alarms, editors, outbox, people, sites, webhooks
from corrections_service.store.models import (
    Case,
    Delivery,
    Event,
    EventKind,
    FixState,
    Report,
    Site,
    now,
)
from corrections_service.work.letters import TURNS
from tests.work.postroom import Desk

MIA, OFFICE = "mia@news.example", "letters@news.example"
OTHERS = [language for language in LANGUAGES if language != "en"]
DATA = (
    "The bridge The ferry 2.4 kilometres metres meters I measured it. It flows at a second nine ten "
    "Look at this https example org tables news letters Letters News Mia Ed Ben corrections example "
    "bridge ferry cases queue view spam sort due settings work sites webhooks account mails unsubscribe mine act "
    "desk hooks UTC CMS webhook Connection refused nobody knows a map of it and here photo jpg no"
).split()
"""What is not ours in these mails: readers' words, names, addresses, the mail server's words."""


@pytest.fixture
def mails(desk: Desk) -> dict[str, list[Delivery]]:
    """One delivery of each kind that no reader gets, by its kind; of what goes together, several."""
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        editors.add(session, MIA, site=site, role=Role.ADMIN, name="Mia")
        editors.add(session, "ben@news.example", site=site, role=Role.EDITOR, name="Ben")
    bridge = desk.report(comment="I measured it.", source_url="https://example.org/tables", email="ann@example.org")
    desk.report(suggestion="2.4 meters")
    desk.report(url="https://news.example/bridge", exact="", prefix="", suffix="", suggestion="", place="Look at this")
    ferry = desk.report(url="https://news.example/ferry", title="The ferry", exact="at nine", suggestion="at ten")
    plain = desk.report(url="https://news.example/map", title="", exact="map of it", suggestion="", remove=True)
    with desk.db.write() as session:
        site = session.get_one(Site, desk.site.id)
        mia, ben = editors.by_email(session, MIA), editors.by_email(session, "ben@news.example")
        assert mia is not None
        assert ben is not None
        case = session.get_one(Case, bridge)
        case.article.read_status, case.article.canonical_url = "read", "https://news.example/bridge"
        case.fix_state = FixState.PRESENT
        sites.choose(site, editor_link="https://news.example/edit?url={url}")
        report = session.scalars(select(Report).where(Report.case_id == bridge)).first()
        assert report is not None
        for turn in TURNS:
            is_by_reader = turn in ("answered", "appealed", "mailed")
            event = Event(
                case_id=bridge,
                kind=EventKind.NOTED,
                actor_id=None if is_by_reader else ben.id,
                report_id=report.id if is_by_reader else None,
                data={
                    "text": "nobody knows",
                    "since": now().isoformat(),
                    "attached": ["photo.jpg"] * (turn in ("answered", "mailed")),
                },
            )
            session.add(event)
            session.flush()
            _owe(session, site, people.TEMPLATE, f"turn {turn}", MIA, event=event, case_id=bridge, data={"turn": turn})
            if turn in ("assigned", "mentioned"):
                data = {"turn": turn, "instead_of": ben.id}
                _owe(session, site, people.TEMPLATE, f"deputy {turn}", MIA, case_id=bridge, data=data)
        for name, number in (("new", bridge), ("bare", plain), ("other", ferry)):
            _owe(session, site, outbox.DESK_TEMPLATE, f"case {name}", MIA, case_id=number)
        for name, numbers in (("one", [bridge]), ("two", [bridge, ferry])):
            _owe(session, site, outbox.REMINDER, f"due {name}", MIA, case_id=bridge, data={"cases": numbers})
        for name, headline in (("known", "The bridge"), ("bare", "")):
            _owe(session, site, outbox.WAVE, f"wave {name}", MIA, data={"count": 23, "headline": headline})
        late = {"since": now().isoformat(), "why": "Connection refused"}
        _owe(session, site, alarms.TEMPLATE, "late", MIA, data=late)
        _owe(session, site, "desk_stopped", "stopped", MIA, data={"desk": "desk@news.example"})
        hook = {"host": "hooks.example", "site": site.slug, "number": 1}
        gone = {"why": "It answered that it is gone for good (410)."}
        failing = {"why": "", "since": now().isoformat(), "status": "", "last": "Connection refused"}
        silent = {**failing, "last": "The answer took longer than 15 seconds; it is asked again later."}
        answered = {**failing, "status": 503, "last": ""}
        for name, facts in (("gone", gone), ("failing", failing), ("silent", silent), ("answered", answered)):
            _owe(session, site, webhooks.OFF, f"hook {name}", MIA, data={**hook, **facts})
        for template in outbox.TO_OFFICES:
            data = {"report": report.id, "office": "Letters"}
            _owe(session, site, template, f"office {template}", OFFICE, case_id=bridge, data=data)
    with desk.db.read() as session:
        query = select(Delivery).where(Delivery.key.like("%!%")).order_by(Delivery.id)
        single = {delivery.key.partition("!")[2].rpartition("!")[0]: [delivery] for delivery in session.scalars(query)}
    together = {
        "digest": single["case new"] + single["case other"],
        "news": single["turn assigned"] + single["due two"],
    }
    return {**single, **together}


def _owe(session: Any, site: Site, template: str, name: str, to: str, **facts: Any) -> None:
    outbox.owe(session, template, to, site=site, key=f"{uuid.uuid4().hex[:6]}!{name}!", **facts)


def rendered(desk: Desk, language: str, deliveries: list[Delivery], *, is_minimal: bool = False) -> Message:
    """A mail to somebody who has not chosen a language, at a publication in this one."""
    with desk.db.write() as session:
        session.get_one(Site, desk.site.id).language = language
    with desk.db.read() as session:
        again = [session.get_one(Delivery, delivery.id) for delivery in deliveries]
        if is_minimal:
            message = desk.work.mailer.compose_minimal(again[0])
            assert message is not None
            return message
        return desk.work.mailer.render(again, len(again))


class Page(HTMLParser):
    """The tags of a mail and where its links lead, in order, and the words that it shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self._is_shown = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._is_shown = self._is_shown or tag == "body"
        self.links += [_unsigned(value) for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.words += f" {data}" if self._is_shown else ""


def _unsigned(address: str) -> str:
    """An address without its token, which the time is in."""
    return re.sub(r"(/act/|/mine/)\S+", r"\1", address)


def _pieces(said: Any) -> list[str]:
    forms = [said] if isinstance(said, str) else list(said.values() if isinstance(said, Mapping) else said)
    return [piece.strip(" .,:;–“”") for form in forms for piece in re.split(r"\{\w+\}", form)]


@cache
def english(language: str) -> tuple[str, ...]:
    """What only the English catalogue says, in pieces of two words and more."""
    own = {piece for page in desk_sentences(language).values() for said in page.values() for piece in _pieces(said)}
    pieces = {piece for page in desk_sentences("en").values() for said in page.values() for piece in _pieces(said)}
    return tuple(piece for piece in pieces - own if re.search(r"\w\W+\w\w", piece) and len(piece) > 6)


@pytest.mark.parametrize("language", OTHERS)
def test_every_mail_is_in_the_language_of_who_gets_it_and_says_the_same_as_in_english(
    desk: Desk, mails: dict[str, list[Delivery]], language: str
) -> None:
    for name, deliveries in mails.items():
        theirs, ours = rendered(desk, "en", deliveries), rendered(desk, language, deliveries)
        page = Page(str(ours.html))
        for text in (str(ours.subject), str(ours.body), page.words):
            plain = text.replace("\u2060", "")
            assert [piece for piece in english(language) if piece in plain] == [], name
            if language in ("uk", "ar", "he"):
                shown = re.sub(r"\S+(@|://)\S+|\b[0-9A-Z]{4}-[0-9A-Z]{2}\b", "", plain)
                assert set(re.findall(r"[A-Za-z]{2,}", shown)) <= set(DATA), name
        assert page.tags == Page(str(theirs.html)).tags, name
        assert page.links == Page(str(theirs.html)).links, name
        assert f'<html lang="{language}" dir="{direction(language)}"' in str(ours.html), name
        addresses = [_unsigned(found) for found in re.findall(r"https?://\S+", str(ours.body))]
        assert addresses == [_unsigned(found) for found in re.findall(r"https?://\S+", str(theirs.body))], name
        assert str(ours.body).count("\n") == str(theirs.body).count("\n"), name
        assert "{" not in re.sub(r"\{\+.*?\+\}", "", f"{ours.subject}{ours.body}{page.words}"), name


def test_who_chose_a_language_gets_it_a_desk_and_an_office_get_the_publications(
    desk: Desk, mails: dict[str, list[Delivery]]
) -> None:
    with desk.db.write() as session:
        mia = editors.by_email(session, MIA)
        assert mia is not None
        editors.choose(session, mia, language="uk")
    assert str(rendered(desk, "de", mails["case new"]).subject).startswith("Справа ")
    assert str(rendered(desk, "de", mails["late"]).subject) == "Листи News чекають"
    with desk.db.write() as session:
        session.get_one(Delivery, mails["case new"][0].id).recipient = "desk@news.example"
        session.get_one(Delivery, mails["office handed_on"][0].id).recipient = MIA
    assert str(rendered(desk, "de", mails["case new"]).subject).startswith("Fall ")
    assert str(rendered(desk, "de", mails["office handed_on"]).subject).startswith(
        "News: Worte eines Lesers für Letters"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_least_that_can_be_said_is_said_in_that_language_too(
    desk: Desk, mails: dict[str, list[Delivery]], language: str
) -> None:
    number, words = str(mails["case new"][0].case_id), desk_in(language)
    message = rendered(desk, language, mails["case new"], is_minimal=True)
    assert words("desk.letters.minimal", number=number) in str(message.body)
    assert f"http://corrections.example/cases/{number}" in str(message.body)


def test_counts_days_and_facts_are_written_as_the_language_does(desk: Desk, mails: dict[str, list[Delivery]]) -> None:
    digest = rendered(desk, "uk", mails["digest"])
    assert digest.subject == "2 нові справи, News: The bridge та інші"
    assert "Вид: факт. " in str(digest.body)
    assert "Увага: зміна зачіпає" in str(digest.body)
    day = desk_in("de").short_date(now())
    assert f"Entschieden wurde am {day}, " in str(rendered(desk, "de", mails["turn unmended"]).body)
    assert rendered(desk, "ar", mails["digest"]).subject.startswith("حالتان جديدتان في")


def test_what_an_earlier_version_owes_still_says_since_when(desk: Desk, mails: dict[str, list[Delivery]]) -> None:
    with desk.db.write() as session:
        delivery = session.get_one(Delivery, mails["late"][0].id)
        delivery.data = {"since": "24 Nov 2026, 10:00 UTC", "why": ""}
    assert "24 Nov 2026, 10:00 UTC" in str(rendered(desk, "en", mails["late"]).body)
