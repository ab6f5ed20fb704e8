"""Invitations, sessions and passwords: nobody comes in by another's doing, and what ends has ended (THREATS I; P-16)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select

from corrections_service import create_app, errors
from corrections_service.rules.workflow import Role
from corrections_service.services import editors
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, Editor
from corrections_service.web import access, passwords, sessions
from tests.applications import application
from tests.services.newsroom import Newsroom
from tests.web.visitors import OWN, Visitor, signed_in

WORDS, OTHER_WORDS = "several plain words here", "entirely different ones there"


def people(newsroom: Newsroom) -> str:
    return f"/settings/sites/{newsroom.site.slug}/editors"


def invite(admin: Visitor, newsroom: Newsroom, email: str, role: str = "editor") -> str:
    """Invite somebody; the page that the admin sees."""
    answer = admin.post(people(newsroom), action="invite", email=email, role=role)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def mailed(db: Database, template: str = "invitation") -> list[Delivery]:
    with db.read() as session:
        return list(session.scalars(select(Delivery).where(Delivery.template == template).order_by(Delivery.id)))


def path_in(delivery: Delivery) -> str:
    return str(delivery.data["url"]).removeprefix(OWN)


def role_of(db: Database, email: str, newsroom: Newsroom) -> Role | None:
    with db.read() as session:
        person = editors.by_email(session, email)
        return person.role_on(newsroom.site.id) if person else None


def hire(app: Flask, newsroom: Newsroom, role: Role = Role.EDITOR, email: str = "ed@news.example") -> int:
    """A person who signs in with a password."""
    number = newsroom.hire(role, email)
    with app.app_context():
        hashed = passwords.hashed(WORDS)
    with newsroom.db.write() as session:
        session.get_one(Editor, number).password = hashed
    return number


def log_in(visitor: Visitor, email: str, password: str = WORDS) -> int:
    visitor.get("/login")
    return visitor.post("/login", email=email, password=password).status_code


def cookie_of(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("corrections", domain="corrections.example")
    assert found is not None
    return found.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    copied = app.test_client()
    copied.set_cookie("corrections", value, domain="corrections.example")
    return copied


def test_an_invitations_link_goes_by_mail_alone_and_is_on_no_page(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """I08, I16: who invites sees no link, for a new person or a known one, so nobody can accept for another."""
    newsroom.hire(Role.VIEWER, "known@news.example")
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    for email in ("new@news.example", "other@elsewhere.example"):
        assert "/invitation/" not in invite(admin, newsroom, email)
        assert "/invitation/" not in admin.get(people(newsroom)).get_data(as_text=True)
        assert "/invitation/" not in admin.get("/settings/work").get_data(as_text=True)
    assert [one.recipient for one in mailed(db)] == ["new@news.example", "other@elsewhere.example"]


def test_nobody_becomes_another_sites_admin_by_inviting_them_first(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    """I16, the takeover: whoever invited first has no password of theirs, and no role is there before it is accepted."""
    mine = signed_in(app, db, newsroom.hire(Role.ADMIN))
    theirs = signed_in(app, db, neighbour.hire(Role.ADMIN, "chief@gazette.example"))
    invite(mine, newsroom, "deputy@gazette.example", "viewer")
    invite(theirs, neighbour, "Deputy@Gazette.example", "admin")
    assert role_of(db, "deputy@gazette.example", newsroom) is role_of(db, "deputy@gazette.example", neighbour) is None
    first, second = mailed(db)
    assert {first.recipient, second.recipient} == {"deputy@gazette.example"}
    deputy = Visitor(app)
    deputy.get(path_in(second))
    assert deputy.post(path_in(second), name="Deputy", password=WORDS).location == "/queue"
    assert role_of(db, "deputy@gazette.example", neighbour) is Role.ADMIN
    assert role_of(db, "deputy@gazette.example", newsroom) is None
    stranger = Visitor(app)
    stranger.get(path_in(first))
    assert stranger.post(path_in(first), password=OTHER_WORDS).location == "/queue"
    assert stranger.client.get("/queue").location.startswith("/login"), "a mailbox alone lets nobody past a password"
    assert log_in(Visitor(app), "deputy@gazette.example", OTHER_WORDS) == 403
    assert log_in(Visitor(app), "deputy@gazette.example") == 302


def test_a_role_on_another_site_waits_until_it_is_accepted_and_ends_no_session(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    """I16: the person is mailed at the invitation and when they have the role; their open tabs stay signed in."""
    number = hire(app, neighbour, Role.ADMIN, "chief@gazette.example")
    tab, admin = signed_in(app, db, number), signed_in(app, db, newsroom.hire(Role.ADMIN))
    invite(admin, newsroom, "chief@gazette.example", "standards")
    assert role_of(db, "chief@gazette.example", newsroom) is None
    shown = admin.get(people(newsroom)).get_data(as_text=True)
    assert "not accepted yet" in shown
    [offer] = mailed(db)
    page = tab.get(path_in(offer)).get_data(as_text=True)
    assert newsroom.site.name in page
    assert 'type="password"' not in page
    assert tab.post(path_in(offer)).location == "/queue"
    assert tab.client.get("/queue").status_code == 200
    assert role_of(db, "chief@gazette.example", newsroom) is Role.STANDARDS
    assert role_of(db, "chief@gazette.example", neighbour) is Role.ADMIN
    assert [one.recipient for one in mailed(db, "membership")] == ["chief@gazette.example"]
    assert tab.post(path_in(offer)).status_code == 404
    assert "not accepted yet" not in admin.get(people(newsroom)).get_data(as_text=True)


def test_a_raised_role_ends_no_session_and_a_lowered_one_does(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """I04, P-16."""
    number = newsroom.hire(Role.AUTHOR)
    tab = signed_in(app, db, number)
    for role, stays in ((Role.EDITOR, True), (Role.EDITOR, True), (Role.VIEWER, False)):
        with db.write() as session:
            editors.set_role(session, session.get_one(Editor, number), newsroom.site, role)
        assert (tab.client.get("/queue").status_code == 200) is stays, role


def test_an_invitation_is_taken_back_replaced_or_made_void_with_the_membership(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    """I16: only the last offer of a site counts, only its own admins take it back, and it never lowers a role."""
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    stranger = signed_in(app, db, neighbour.hire(Role.ADMIN, "chief@gazette.example"))
    assert "Invited. The link is on its way to" in invite(admin, newsroom, "new@news.example", "admin")
    again = invite(admin, newsroom, "NEW@news.example", "viewer")
    assert "Invited again: the link that NEW@news.example had before works no more." in again
    first, second = mailed(db)
    assert Visitor(app).get(path_in(first)).status_code == 404
    with db.read() as session:
        [waiting] = editors.invitations(session, newsroom.site)
    stranger.post(people(neighbour), action="take_back", invitation=str(waiting.id))
    assert Visitor(app).get(path_in(second)).status_code == 200
    admin.post(people(newsroom), action="take_back", invitation=str(waiting.id))
    assert Visitor(app).get(path_in(second)).status_code == 404
    number = hire(app, newsroom, Role.STANDARDS, "std@news.example")
    with db.write() as session:
        editors.invite(session, "std@news.example", site=newsroom.site, role=Role.VIEWER, base_url=OWN)
    offer = mailed(db)[-1]
    person = signed_in(app, db, number)
    person.get(path_in(offer))
    person.post(path_in(offer))
    assert role_of(db, "std@news.example", newsroom) is Role.STANDARDS
    assert admin.post(people(newsroom), action="invite", email="std@news.example", role="admin").status_code == 422


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060"])
def test_nobody_accepts_without_a_name_that_colleagues_can_see(
    app: Flask, db: Database, newsroom: Newsroom, name: str
) -> None:
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    invite(admin, newsroom, "new@news.example", "editor")
    [offer] = mailed(db)
    person = Visitor(app)
    person.get(path_in(offer))
    answer = person.post(path_in(offer), name=name, password=WORDS)
    assert answer.status_code == 422
    assert "Give the name by which colleagues see you." in answer.get_data(as_text=True)
    assert role_of(db, "new@news.example", newsroom) is None
    assert person.post(path_in(offer), name=" Eve ", password=WORDS).status_code == 302
    with db.read() as session:
        person_now = editors.by_email(session, "new@news.example")
        assert person_now is not None
        assert person_now.name == "Eve"


def test_what_is_no_address_or_oneself_is_not_invited(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """I08, C09: and what was typed stands in the form again."""
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    for email in ("a@b.example\r\nBcc: x@evil.test", "a@b.example,c@evil.test", "<a@b.example>", "a b@c.example"):
        answer = admin.post(people(newsroom), action="invite", email=email, role="viewer")
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    answer = admin.post(people(newsroom), action="invite", email="admin@news.example", role="viewer")
    assert answer.status_code == 403
    assert mailed(db) == []


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """I03, P-16: the session ends on the server, for this browser alone."""
    number = newsroom.hire()
    here, elsewhere = signed_in(app, db, number), signed_in(app, db, number)
    copied = with_cookie(app, cookie_of(here))
    assert copied.get("/queue").status_code == 200
    assert here.post("/logout").location == "/login"
    assert copied.get("/queue").location.startswith("/login")
    assert here.client.get("/queue").location.startswith("/login")
    assert elsewhere.client.get("/queue").status_code == 200


def test_a_request_that_has_read_its_session_changes_nothing_once_it_has_ended(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """P-16, I03: SecureDrop's race; the session is looked at again in the transaction that changes something."""
    tab, case = signed_in(app, db, newsroom.hire()), newsroom.case_of(newsroom.send())
    with app.test_request_context("/queue", base_url=OWN, headers={"Cookie": f"corrections={cookie_of(tab)}"}):
        app.preprocess_request()
        assert access.editor_id() is not None
        tab.post("/logout")
        with pytest.raises(errors.NotPermitted), access.write():
            pass
    assert newsroom.history(case) == ["reported"]


def test_a_new_password_needs_the_old_one_ends_other_sessions_and_is_mailed(
    app: Flask, db: Database, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I03, P-16: who finds an open browser cannot take the account over."""
    number = hire(app, newsroom)
    here, elsewhere = signed_in(app, db, number), signed_in(app, db, number)
    copied = with_cookie(app, cookie_of(here))
    monkeypatch.setattr(sessions, "FRESH_SECONDS", -1)  # as after ten minutes
    here.get("/account")
    for old in ({}, {"old_password": ""}, {"old_password": OTHER_WORDS}):
        answer = here.post("/account", name="Ed", password=OTHER_WORDS, **old)
        assert answer.status_code == 422
        assert "not your present password" in answer.get_data(as_text=True)
    assert mailed(db, "password_changed") == []
    assert elsewhere.client.get("/queue").status_code == 200
    assert here.post("/account", name="Ed", password=OTHER_WORDS, old_password=WORDS).location == "/account"
    assert [one.recipient for one in mailed(db, "password_changed")] == ["ed@news.example"]
    assert here.client.get("/queue").status_code == 200
    assert elsewhere.client.get("/queue").location.startswith("/login")
    assert copied.get("/queue").location.startswith("/login")
    assert log_in(Visitor(app), "ed@news.example") == 403
    assert log_in(Visitor(app), "ed@news.example", OTHER_WORDS) == 302


def test_a_fresh_sign_in_stands_for_the_old_password_and_saving_a_name_makes_none(
    app: Flask, db: Database, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I03: a forgotten password is replaced after coming by a link; nothing but signing in is a fresh sign-in."""
    number = hire(app, newsroom)
    here = signed_in(app, db, number)
    assert here.post("/account", name="Ed", password=OTHER_WORDS).location == "/account"
    here.get("/account")
    monkeypatch.setattr(sessions, "FRESH_SECONDS", -1)
    assert here.post("/account", name="Edward").location == "/account"
    assert here.post("/account", name="Edward", password=WORDS).status_code == 422


@contextmanager
def all_turns_taken() -> Iterator[None]:
    for _ in range(passwords.AT_ONCE):
        assert passwords._turns.acquire(timeout=0)
    try:
        yield
    finally:
        for _ in range(passwords.AT_ONCE):
            passwords._turns.release()


def test_a_password_is_hashed_at_full_cost(database_settings: Settings, db: Database) -> None:
    """Argon2id with 64 MiB, three times over: other tests hash more cheaply."""
    with create_app(database_settings, database=db).app_context():
        assert passwords.hashed(WORDS).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_at_most_four_passwords_are_hashed_at_a_time(
    database_settings: Settings, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I17: a dozen sign-ins at once (or sixty-four) take the memory of four, and all are answered in the end."""
    app = create_app(database_settings, database=db)  # which hashes at full cost
    running, most, guard, inside = 0, 0, threading.Lock(), hash_password

    def watched(password: str) -> str:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        try:
            return str(inside(password))
        finally:
            with guard:
                running -= 1

    monkeypatch.setattr("corrections_service.web.passwords.hash_password", watched)
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 600)  # this test is not about giving up
    done: list[bool] = []

    def guess() -> None:
        with app.app_context():
            done.append(passwords.is_right(WORDS, None))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [False] * 12
    assert 1 <= most <= passwords.AT_ONCE == 4


def test_who_waits_too_long_for_a_turn_is_told_when_to_come_back_and_keeps_what_was_typed(
    app: Flask, db: Database, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I17: 503 with Retry-After at signing in, at a new password and at an invitation; no connection is held meanwhile."""
    assert passwords.PATIENCE_SECONDS == 5
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    number = hire(app, newsroom)
    visitor, me = Visitor(app), signed_in(app, db, number)
    visitor.get("/login")
    with db.write() as session:
        link = editors.invite(session, "new@news.example", site=newsroom.site, role=Role.EDITOR, base_url=OWN)
    invited = Visitor(app)
    invited.get(link.removeprefix(OWN))
    with all_turns_taken():
        answers = [
            visitor.post("/login", email="ed@news.example", password=WORDS),
            me.post("/account", name="Ed", password=OTHER_WORDS),
            invited.post(link.removeprefix(OWN), name="New", password=WORDS),
        ]
    assert [one.status_code for one in answers] == [503] * 3
    assert all(int(one.headers["Retry-After"]) > 0 for one in answers)
    assert 'value="ed@news.example"' in answers[0].get_data(as_text=True)
    assert invited.post(link.removeprefix(OWN), name="New", password=WORDS).location == "/queue"


@pytest.fixture
def braked(database_settings: Settings, db: Database) -> Flask:
    """A service where five guesses at one account are enough, and networks are not counted."""
    limits = {"limit_sign_in": "off", "limit_sign_in_account": "5/hour"}
    app = application(database_settings.model_copy(update=limits), db)
    app.config["SERVER_NAME"] = database_settings.host
    return app


def test_guesses_at_one_account_are_braked_from_wherever_and_lock_nobody_out(
    braked: Flask, db: Database, newsroom: Newsroom
) -> None:
    """I17: a browser that the person has signed in with goes on working; another person is not concerned."""
    hire(braked, newsroom)
    hire(braked, newsroom, email="bob@news.example")
    mine = Visitor(braked)
    assert log_in(mine, "ed@news.example") == 302
    mine.get("/account")
    mine.post("/logout")
    codes = [log_in(Visitor(braked), " ED@news.example ", f"guess number {number} of many") for number in range(7)]
    assert codes == [403] * 4 + [429] * 3, "the owner's own first sign-in counts too"
    answer = Visitor(braked)
    answer.get("/login")
    refused = answer.post("/login", email="ed@news.example", password=WORDS)
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
    assert log_in(mine, "ed@news.example") == 302
    assert log_in(Visitor(braked), "bob@news.example") == 302
    came_by_link = signed_in(braked, db, newsroom.hire(email="ed@news.example"))
    came_by_link.post("/logout")
    assert log_in(came_by_link, "ed@news.example") == 302


def test_a_known_browser_is_known_for_its_person_alone_and_guesses_there_are_braked_too(
    braked: Flask, db: Database, newsroom: Newsroom
) -> None:
    """I17: its cookie is signed, for nobody else's account, and no way past the brake for who stole it."""
    hire(braked, newsroom)
    hire(braked, newsroom, email="eve@news.example")
    eve = Visitor(braked)
    assert log_in(eve, "eve@news.example") == 302
    eve.get("/account")
    eve.post("/logout")
    codes = [log_in(eve, "ed@news.example", f"guess number {number} of many") for number in range(7)]
    assert codes == [403] * 5 + [429] * 2
    forged = Visitor(braked)
    forged.client.set_cookie("corrections-known", "WzEsIngiXQ.x.y", domain="corrections.example")
    assert log_in(forged, "ed@news.example") == 429
    codes = [log_in(eve, "eve@news.example", f"guess number {number} of many") for number in range(12)]
    assert codes == [403] * 10 + [429] * 2
