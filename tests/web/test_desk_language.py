"""The desk speaks the language of who works there: as they chose, as their publication does, or as their browser asks for."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.catalogue import LANGUAGES, desk_in, direction
from corrections_service.rules.queries import STATES
from corrections_service.rules.workflow import Role, State
from corrections_service.services import batches, editors, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Delivery, Editor, Site
from corrections_service.web.language import title, translate
from corrections_service.work.mail import Mailer
from tests.services.newsroom import FERRY, Newsroom
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


def test_of_several_publications_the_first_whose_language_is_known_counts_and_none_is_asked_for_alone(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """A page asks the database as often where somebody works for many."""
    number = newsroom.hire(Role.EDITOR)
    visitor, asked = signed_in(app, db, number), list[str]()

    def works_for(tag: str) -> int:
        """The questions that the queue asks once there is one more publication."""
        with db.write() as session:
            site = sites.create(
                session, name=f"In {tag}", origins=[f"https://{tag}.example"], desk="desk@news.example", language=tag
            )
            editors.set_role(session, editors.get(session, number), site, Role.EDITOR)
        visitor.get("/queue")
        asked.clear()
        visitor.get("/queue")
        return len(asked)

    def note(*values: Any) -> None:
        asked.append(str(values[2]))

    with db.write() as session:
        session.get_one(Site, newsroom.site.id).language = "nl"
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        counts = [works_for(tag) for tag in ("sv", "de", "uk", "pl")]
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert language_of(visitor.get("/queue").get_data(as_text=True))[0] == "de"
    assert len(set(counts)) == 1, counts


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


@pytest.mark.parametrize("language", ["de", "uk", "ar"])
def test_why_some_of_many_cases_were_left_alone_is_said_in_that_language(
    app: Flask, db: Database, newsroom: Newsroom, language: str
) -> None:
    number = newsroom.hire(Role.EDITOR)
    choose(db, number, language)
    visitor, said = signed_in(app, db, number), desk_in(language)
    guarded = newsroom.case_of(newsroom.send(exact="in 1978", suggestion="in 1987"))
    closed = newsroom.case_of(newsroom.send(**FERRY))
    marks = {guarded: 1, closed: 1}
    with db.write() as session:
        me = session.get_one(Editor, number)
        batch = batches.start(
            session, marks, "decide", {"resolution": "fixed", "why_silent": "", "reason": ""}, actor=me
        )
        batch_id = batch.id
    with db.write() as session:
        session.get_one(Case, closed).state = State.CLOSED
    for case in marks:
        try:
            with db.write() as session:
                batches.act(session, batch_id, case)
        except errors.CorrectionsError as error:
            with db.write() as session:
                batches.refuse(session, batch_id, case, error)
    with db.write() as session:
        batches.finish(session, batch_id)
    page = visitor.get(f"/bulk/{batch_id}").get_data(as_text=True)
    assert (
        escape(said("desk.errors.guarded", what=said.join([said("desk.guard.a_number"), said("desk.guard.a_date")])))
        in page
    )
    assert said("desk.errors.changed_meanwhile") in page
    for word in ("This change", "touches", "Somebody changed", "this case"):
        assert word not in page


@pytest.mark.parametrize("language", ["de", "uk", "he"])
def test_what_forms_and_searches_refuse_is_said_in_that_language(
    app: Flask, db: Database, newsroom: Newsroom, case: int, language: str
) -> None:
    number = newsroom.hire(Role.STANDARDS)
    choose(db, number, language)
    visitor, said = signed_in(app, db, number), desk_in(language)
    page = visitor.get("/queue?q=is:nonsense age:3d colour:red").get_data(as_text=True)
    no_state = said("desk.stored.no_state", value="nonsense", values=said.join(list(STATES)))
    older = said("desk.stored.older_younger", older="age>2w", younger="age<3d")
    for sentence in (no_state, older, said("desk.stored.no_filter", key="colour")):
        assert escape(sentence) in page
    late = visitor.get("/reports?from=2026-03-31&to=2024-01-01").get_data(as_text=True)
    assert said("desk.stored.period_order") in late
    fields = {"resolution": "corrected", "wrong": "wrong", "right": "", "notice": "We updated it."}
    checked = visitor.post(f"/cases/{case}/check", **fields).json
    assert checked is not None
    assert checked["right"] == said("desk.stored.right_missing")
    soft = said("desk.stored.notice_soft", word="updated")
    assert checked["notice"].replace("\u2068", "").startswith(soft.replace("\u2068", "")[:20])
    refused = visitor.post(f"/cases/{case}/decide", version="1", **fields)
    assert refused.status_code == 422
    assert said("desk.stored.right_plain") in refused.get_data(as_text=True)


def test_a_number_and_a_day_in_a_refusal_are_written_as_the_language_does(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert translate("At most 1,000 cases at once; these are 1,200.") == (
            "Höchstens 1.000 Fälle auf einmal; dies sind 1.200."
        )
        late = (
            "The article was published on 04 Oct 2026, more than 30 days ago. Say in a sentence for readers why it is "
        )
        assert "am 4. Okt. 2026, vor mehr als 30 Tagen" in translate(f"{late}corrected only now.")
        assert translate("The server has a fault (502); it is asked again later.") == (
            "Der Server hat einen Fehler (502); er wird später wieder gefragt."
        )
        assert translate("Case 1234 is done with; open it again first.").startswith("Fall 1234 ist abgeschlossen")
        assert translate("Somebody typed\ntwo lines.") == "Somebody typed\ntwo lines."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_that_the_desk_shows_has_a_heading_in_that_language(app: Flask, language: str) -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    by_command = {"configuration", "too-much-to-purge", "bad-backup"}
    for kind in kinds:
        assert issubclass(kind, errors.CorrectionsError)
        failure = kind(()) if kind is errors.GuardedChange else kind({}) if kind is errors.InvalidFields else kind("x")
        if kind.code in by_command:
            continue
        with app.test_request_context(headers={"Accept-Language": language}):
            is_ours = title(failure) != failure.title
        assert is_ours is (language != "en") or kind is errors.TokenNeeded, kind


@pytest.mark.parametrize("language", ["uk", "ar"])
def test_the_settings_of_people_and_words_are_in_that_language_and_say_so(
    app: Flask, db: Database, newsroom: Newsroom, language: str
) -> None:
    number = newsroom.hire(Role.ADMIN)
    choose(db, number, language)
    visitor, said = signed_in(app, db, number), desk_in(language)
    path = f"/settings/sites/{newsroom.site.slug}"
    shown = {
        "/settings/": ("desk.settings.owners", "desk.settings.work"),
        f"{path}/editors": ("desk.people.own_role", "desk.people.invite_hint"),
        f"{path}/words?section=mail": ("desk.own_words.read", "desk.own_words.section_mail", "mail.receipt_why"),
    }
    for address, keys in shown.items():
        page = visitor.get(address).get_data(as_text=True)
        assert '<main id="main" class="sheet" tabindex="-1">' in page
        for key in keys:
            assert said(key) in page, key
    invited = visitor.post(
        f"{path}/editors", action="invite", email="new@news.example", role="editor", language=language
    )
    assert said("desk.people.sent", address="new@news.example") in invited.get_data(as_text=True)
    again = visitor.post(f"{path}/editors", action="invite", email="no address", role="editor", language=language)
    assert said("desk.stored.mail_wrong") in again.get_data(as_text=True)
    worded = visitor.post(f"{path}/words", section="mail", lang="de", receipt="Danke.").get_data(as_text=True)
    assert "{reference}" in worded
    assert "Keep" not in worded
