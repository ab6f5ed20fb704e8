"""Whose matter what is, who is away, how one is called, and giving a case to a colleague, at the desk's pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from corrections_service import errors
from corrections_service.rules.workflow import Role
from corrections_service.services import accounts, cases, editors, people, routing, sites
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Editor, Purpose, Site, now
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in

PATH = "/settings/sites/news/owners"


@pytest.fixture
def admin(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    return signed_in(app, db, newsroom.hire(Role.ADMIN))


def owners(newsroom: Newsroom) -> list[tuple[str, str, int]]:
    with newsroom.db.read() as session:
        rules = routing.owners_of(session.get_one(Site, newsroom.site.id))
        return [(rule["section"], rule["kind"], rule["owner"]) for rule in rules]


def marks(admin: Visitor) -> list[str]:
    """What the page knows each rule by, in their order."""
    page = LexborHTMLParser(admin.get(PATH).get_data(as_text=True))
    return [str(field.attributes["value"]) for field in page.css("[name=rule]")]


def test_an_administrator_says_whose_matter_which_cases_are(newsroom: Newsroom, admin: Visitor) -> None:
    mia, ben = (newsroom.hire(email=f"{name}@news.example") for name in ("mia", "ben"))
    assert admin.post(PATH, action="add", section=" Sport ", owner=str(mia), deputy=str(ben)).status_code == 303
    admin.post(PATH, action="add", kind="spelling", owner=str(ben))
    assert owners(newsroom) == [("Sport", "", mia), ("", "spelling", ben)]
    page = admin.get(PATH).get_data(as_text=True)
    assert "Sport" in page
    assert "mia@news.example" in page
    sport, spelling = marks(admin)
    admin.post(PATH, action="up", rule=spelling)
    assert owners(newsroom) == [("", "spelling", ben), ("Sport", "", mia)]
    assert marks(admin) == [spelling, sport]
    admin.post(PATH, action="remove", rule=spelling)
    assert owners(newsroom) == [("Sport", "", mia)]
    again = admin.post(PATH, action="remove", rule=spelling)
    assert again.status_code == 422, "a page that is old, or a second click, removes no other rule"
    assert "That rule is not there any more." in again.get_data(as_text=True)
    assert owners(newsroom) == [("Sport", "", mia)]


def test_the_sections_and_authors_that_there_are_are_offered(newsroom: Newsroom, admin: Visitor) -> None:
    newsroom.send()
    newsroom.send(url="https://news.example/harbour")
    newsroom.change(Article, section="Sport & <Games>", author="Ann Lee")
    page = LexborHTMLParser(admin.get(PATH).get_data(as_text=True))
    for field, values in {"section": ["Sport & <Games>"], "author": ["Ann Lee"]}.items():
        (control,) = page.css(f"input[name={field}]")
        options = page.css(f"datalist#{control.attributes['list']} option")
        assert [option.text() for option in options] == values


@pytest.mark.parametrize("wrong", [{"owner": ""}, {"owner": "99999"}, {"section": "x" * 201}, {"deputy": "99999"}])
def test_a_rule_that_cannot_be_is_refused(newsroom: Newsroom, admin: Visitor, wrong: dict[str, str]) -> None:
    mia = newsroom.hire(email="mia@news.example")
    answer = admin.post(PATH, **{"action": "add", "section": "Sport", "owner": str(mia), **wrong})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert owners(newsroom) == []


def test_who_works_here_no_more_keeps_no_case_and_is_told_so_at_the_door(
    app: Flask, db: Database, newsroom: Newsroom, admin: Visitor
) -> None:
    """Kind: a leaver's cases stood in everybody's way, and who has no role was let in to a page that may not be seen."""
    mia, case = newsroom.hire(email="mia@news.example"), newsroom.case_of(newsroom.send())
    newsroom.act(cases.claim, case, mia)
    leaver = signed_in(app, db, mia)
    with db.write() as session:
        secret = editors.link(session, session.get_one(Editor, mia), Purpose.SIGN_IN, hours=1)
    assert "Changed." in admin.post("/settings/sites/news/editors", editor=str(mia), role="none").get_data(as_text=True)
    assert newsroom.look(case).assignee_id is None
    assert "gave the case back" in admin.get(f"/cases/{case}").get_data(as_text=True)
    assert leaver.get("/queue").status_code == 302
    visitor = Visitor(app)
    visitor.get(f"/sign-in/{secret}")
    answer = visitor.post(f"/sign-in/{secret}")
    assert (answer.status_code, "Nobody signs in here as mia@news.example." in answer.get_data(as_text=True)) == (
        403,
        True,
    )


def test_who_leaves_the_house_is_taken_off_every_publication_but_not_where_nobody_else_administers(
    db: Database, newsroom: Newsroom, admin: Visitor
) -> None:
    """Kind: a leaver had to be found and taken away at each publication, and none must be left without an administrator."""
    mia, case = newsroom.hire(Role.ADMIN, email="mia@news.example"), newsroom.case_of(newsroom.send())
    newsroom.act(cases.claim, case, mia)
    with db.write() as session:
        other = sites.create(session, name="Other", origins=["https://other.example"], desk="desk@other.example")
        editors.set_role(session, session.get_one(Editor, mia), other, Role.ADMIN)
        third = sites.create(session, name="Third", origins=["https://third.example"], desk="desk@third.example")
        offer = editors.invite(session, "mia@news.example", site=third, role=Role.ADMIN, base_url="https://a.example")
    with pytest.raises(errors.NotPermitted, match="Nobody else administers Other"), db.write() as session:
        people.leave(session, session.get_one(Editor, mia))
    with db.write() as session:
        editors.add(session, "ben@news.example", site=session.get_one(Site, other.id), role=Role.ADMIN)
        person = session.get_one(Editor, mia)
        assert [site.name for site in people.leave(session, person)] == ["News", "Other"]
        assert person.memberships == []
    assert newsroom.look(case).assignee_id is None
    with pytest.raises(errors.NotFound), db.write() as session:
        editors.accept(session, offer.rpartition("/")[2])
    assert "gave the case back" in admin.get(f"/cases/{case}").get_data(as_text=True)


def test_of_two_administrators_one_stays_whoever_takes_the_others_role_away(db: Database, newsroom: Newsroom) -> None:
    """Kind: each takes the other's role away at the same moment, and nobody is left who could give one."""
    first, second = (newsroom.hire(Role.ADMIN, email=f"{name}@news.example") for name in ("a", "b"))
    barrier = Barrier(2)

    def take_away(number: int) -> None:
        with db.write() as session:
            person, site = session.get_one(Editor, number), session.get_one(Site, newsroom.site.id)
            assert person.role_on(site.id) in (Role.ADMIN, None)
            if not db.is_sqlite:
                barrier.wait(timeout=60)
            accounts.check_administered(session, person, site)
            editors.set_role(session, person, site, None)

    with ThreadPoolExecutor(2) as threads:
        tries = [threads.submit(take_away, number) for number in (first, second)]
        outcomes = [one.exception() for one in tries]
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "NotPermitted"]


def test_somebody_says_when_they_are_away_and_who_stands_in(
    app: Flask, db: Database, newsroom: Newsroom, admin: Visitor
) -> None:
    mia = newsroom.hire(email="mia@news.example")
    person = signed_in(app, db, mia)
    until = (now() + timedelta(days=3)).date().isoformat()
    boss = next(one for one in _people(db) if one.email == "admin@news.example").id
    person.post("/account", action="save", name="Mia", away_from="2026-01-01", away_until=until, deputy=str(boss))
    stored = next(one for one in _people(db) if one.id == mia)
    assert (stored.name, str(stored.away_until), stored.deputy_id) == ("Mia", until, boss)
    assert f'value="{until}"' in person.get("/account").get_data(as_text=True)
    for wrong in ({"away_from": "x"}, {"away_from": "2026-02-02", "away_until": "2026-02-01"}):
        assert person.post("/account", action="save", name="Mia", **wrong).status_code == 422


def test_a_colleague_is_offered_and_a_case_given_and_taken_over(app: Flask, db: Database, newsroom: Newsroom) -> None:
    case, mia = newsroom.case_of(newsroom.send()), newsroom.hire(email="mia@news.example")
    newsroom.hire(Role.AUTHOR)
    person = signed_in(app, db, newsroom.hire())
    page = person.get(f"/cases/{case}").get_data(as_text=True)
    offered = [one.text().strip() for one in LexborHTMLParser(page).css("#to option")]
    assert offered == ["mia@news.example"], "who may not decide is not offered"
    assert person.post(f"/cases/{case}/assign", to=str(mia)).status_code == 302
    page = person.get(f"/cases/{case}").get_data(as_text=True)
    assert "gave the case to mia@news.example." in page
    assert "Take over" in page
    assert person.post(f"/cases/{case}/assign", to="99999").status_code == 422
    assert person.post(f"/cases/{case}/take_over").status_code == 302
    assert "took the case over from mia@news.example." in person.get(f"/cases/{case}").get_data(as_text=True)
    author = signed_in(app, db, newsroom.hire(Role.AUTHOR, "second@news.example"))
    page = author.get(f"/cases/{case}").get_data(as_text=True)
    assert "Take over" not in page
    assert "Give to a colleague" not in page


def _people(db: Database) -> list[Editor]:
    with db.read() as session:
        return list(session.scalars(select(Editor)))


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060"])
def test_nobody_takes_their_name_away_and_who_has_none_changes_the_rest(
    app: Flask, db: Database, newsroom: Newsroom, name: str
) -> None:
    number = newsroom.hire(Role.EDITOR)
    me = signed_in(app, db, number)
    for earlier in ("Eve", ""):
        with db.write() as session:
            session.get_one(Editor, number).name = earlier
        me.get("/account")
        answer = me.post("/account", name=name, language="de")
        assert answer.status_code == (422 if earlier else 302)
        assert ("Give the name by which colleagues see you." in answer.get_data(as_text=True)) is bool(earlier)
        with db.read() as session:
            person = session.get_one(Editor, number)
            assert person.name.strip() == (earlier or name.strip())
            assert person.choices.get("language", "") == ("" if earlier else "de")


def test_the_page_of_people_says_what_each_role_may_do_and_decides_by_the_rules_in_force(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    me = signed_in(app, db, newsroom.hire(Role.ADMIN))

    def told() -> dict[str, str]:
        page = LexborHTMLParser(me.get("/settings/sites/news/editors").get_data(as_text=True))
        names, texts = page.css("dl.roles dt"), page.css("dl.roles dd")
        return {name.text().strip(): text.text() for name, text in zip(names, texts, strict=True)}

    assert list(told()) == ["viewer", "author", "editor", "standards", "admin"]
    assert "Decides here: Clarification, Editor’s note." in told()["standards"]
    assert "Decides" not in told()["viewer"]
    with db.write() as session:
        site = session.scalars(select(Site)).one()
        site.policy = {**site.policy, "approvers": {"corrected": "standards"}}
    assert "Decides here: Correction, Clarification, Editor’s note." in told()["standards"]
    assert "Correction" not in told()["editor"]
