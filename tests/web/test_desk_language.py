"""The desk speaks the language of who works there: as they chose, as their publication does, or as their browser asks for."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from corrections_service.rules.catalogue import LANGUAGES, desk_in, direction
from corrections_service.rules.workflow import Role
from corrections_service.services import editors
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, Editor, Site
from corrections_service.work.mail import Mailer
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in


def choose(db: Database, number: int, language: str) -> None:
    """Let a person have chosen a language."""
    with db.write() as session:
        editors.choose(session, session.get_one(Editor, number), language=language)


def language_of(page: str) -> tuple[str, str]:
    """What a page says of itself."""
    match = re.search(r'<html lang="([^"]+)" dir="([^"]+)"', page)
    assert match
    return match[1], match[2]


@pytest.fixture
def case(newsroom: Newsroom) -> int:
    """A case that nobody has looked at."""
    return newsroom.case_of(newsroom.send(exact="wrong", suggestion="right"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_queue_and_a_case_are_in_the_language_that_was_chosen(
    app: Flask, db: Database, newsroom: Newsroom, case: int, language: str
) -> None:
    number = newsroom.hire(Role.EDITOR)
    choose(db, number, language)
    visitor, said = signed_in(app, db, number), desk_in(language)
    queue = visitor.get("/queue").get_data(as_text=True)
    assert language_of(queue) == (language, direction(language))
    assert said("desk.views.snoozed") in queue
    page = visitor.get(f"/cases/{case}").get_data(as_text=True)
    assert language_of(page) == (language, direction(language))
    for key in (
        "desk.case.decide",
        "desk.case.decline",
        "desk.history.reported",
        "desk.page.title",
        "desk.forms.reason",
    ):
        assert said(key) in page


def test_who_chose_none_has_the_publications_language_and_english_where_nobody_speaks_that(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    number = newsroom.hire(Role.EDITOR)
    visitor = signed_in(app, db, number)
    for tag, language in (("uk", "uk"), ("pt-BR", "pt"), ("iw", "he"), ("nl", "en")):
        with db.write() as session:
            session.get_one(Site, newsroom.site.id).language = tag
        assert language_of(visitor.get("/queue").get_data(as_text=True))[0] == language
    choose(db, number, "de")
    assert language_of(visitor.get("/queue").get_data(as_text=True))[0] == "de"


def test_a_language_is_chosen_on_the_account_and_told_in_it(app: Flask, db: Database, newsroom: Newsroom) -> None:
    visitor = signed_in(app, db, newsroom.hire(Role.EDITOR))
    assert '<option value="uk" lang="uk">українська</option>' in re.sub(
        r">\s+|\s+<", lambda match: match[0].strip(), visitor.get("/account").get_data(as_text=True)
    )
    assert visitor.post("/account", name="Mia", language="uk").location == "/account"
    assert language_of(visitor.get("/account").get_data(as_text=True)) == ("uk", "ltr")
    visitor.post("/account", name="Mia", language="klingon")
    assert language_of(visitor.get("/account").get_data(as_text=True)) == ("en", "ltr")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("uk,en;q=0.5", "uk"),
        ("nl, ar;q=0.8, en;q=0.9", "en"),
        ("nl, ar;q=0.8", "ar"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("", "en"),
    ],
)
def test_a_stranger_is_spoken_to_as_their_browser_asks_for(app: Flask, accepted: str, language: str) -> None:
    answer = Visitor(app).get("/login", headers={"Accept-Language": accepted})
    assert language_of(answer.get_data(as_text=True)) == (language, direction(language))


def test_a_failure_is_told_in_that_language_too(app: Flask) -> None:
    answer = Visitor(app).get("/nothing-here", headers={"Accept-Language": "he"})
    assert answer.status_code == 404
    page = answer.get_data(as_text=True)
    assert language_of(page) == ("he", "rtl")
    assert desk_in("he")("pages.unchanged") in page


def test_dates_numbers_and_counts_are_written_as_the_language_does(
    app: Flask, db: Database, newsroom: Newsroom, case: int
) -> None:
    number = newsroom.hire(Role.EDITOR)
    visitor = signed_in(app, db, number)
    for language, span in (("en", " h ago"), ("de", "vor 3 Std."), ("uk", "3 год тому")):
        choose(db, number, language)
        page = visitor.get(f"/cases/{case}").get_data(as_text=True)
        assert desk_in(language)("desk.times.just_now") in page
        assert desk_in(language)("desk.times.ago", time=desk_in(language)("desk.times.hours", number=3)).endswith(span)


def test_what_readers_get_neither_loads_nor_carries_the_desks_words(app: Flask, newsroom: Newsroom) -> None:
    for path in (f"/report/{newsroom.site.key}", f"/log/{newsroom.site.slug}"):
        page = Visitor(app).get(path, headers={"Accept-Language": "uk"}).get_data(as_text=True)
        assert "data-words" not in page


@pytest.mark.parametrize(("chosen", "language"), [("uk", "uk"), ("", "de")])
def test_who_is_invited_is_written_to_and_greeted_in_the_language_that_was_chosen_for_them(
    app: Flask, db: Database, newsroom: Newsroom, chosen: str, language: str
) -> None:
    base, address = "http://corrections.example", "new@news.example"
    with db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        site.language = "de"
        url = editors.invite(session, address, site=site, role=Role.EDITOR, base_url=base, language=chosen)
    page = Visitor(app).get(url.removeprefix(base)).get_data(as_text=True)
    assert language_of(page) == (language, "ltr")
    assert desk_in(language)("desk.invitation.welcome") in page
    with db.read() as session:
        (delivery,) = session.scalars(select(Delivery).where(Delivery.template == "invitation"))
        message = Mailer(app, app.extensions["settings"]).render([delivery])
    assert message.subject == desk_in(language)("desk.mail.invitation_subject", site=newsroom.site.name)
    assert desk_in(language)("desk.mail.once_a_day") in str(message.body)
