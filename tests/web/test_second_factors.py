"""Who has a second factor comes in with it alone, by whatever way; who has to have one sets it up first (THREATS I; P-16)."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask_security import hash_password

from corrections_service.rules.workflow import Role
from corrections_service.services import editors, second_factors
from corrections_service.settings import SecondFactor, Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Purpose, now
from corrections_service.web import sessions
from tests.applications import application
from tests.services.authenticator import code_of
from tests.services.newsroom import Newsroom
from tests.web.test_account import WORDS, hire, log_in
from tests.web.visitors import OWN, Visitor, dump, signed_in

PAGE, STEP = "/account/second-factor", "/second-factor"


def set_up(visitor: Visitor) -> tuple[str, list[str]]:
    """Set up an app by the page: its secret, and the recovery codes that are shown."""
    page = visitor.get(PAGE).get_data(as_text=True)
    found = re.search(r'class="factor-key" dir="ltr">([A-Z2-7 ]+)<', page)
    offered = re.search(r'name="offered" value="([^"]+)"', page)
    assert found
    assert offered
    answer = visitor.post(PAGE, action="on", offered=html.unescape(offered[1]), code=code_of(found[1]))
    assert answer.status_code == 200
    codes = re.findall(r"<li><code>([^<]+)</code>", answer.get_data(as_text=True))
    assert len(codes) == second_factors.CODES
    return found[1], codes


def following(secret: str) -> str:
    """The code that the app shows next, which is taken already."""
    return code_of(secret, now() + timedelta(seconds=second_factors.STEP))


def is_in(visitor: Visitor) -> bool:
    return bool(visitor.get("/queue").status_code == 200)


def service(settings: Settings, db: Database, **changes: object) -> Flask:
    """The same service with other settings."""
    app = application(settings.model_copy(update=changes), db)
    app.config["SERVER_NAME"] = settings.host
    return app


def test_a_password_alone_lets_nobody_in_who_has_a_second_factor(app: Flask, db: Database, newsroom: Newsroom) -> None:
    number = hire(app, newsroom)
    secret, codes = set_up(signed_in(app, db, number))
    visitor = Visitor(app)
    visitor.get("/login?next=/settings/")
    answer = visitor.post("/login", email="ed@news.example", password=WORDS, next="/settings/")
    assert (answer.status_code, answer.location) == (302, STEP)
    assert not is_in(visitor)
    assert visitor.get(STEP).status_code == 200
    before = dump(db)
    for wrong in ("000000", "", "x" * 41):
        assert visitor.post(STEP, code=wrong).status_code == 422
        assert not is_in(visitor)
    assert dump(db) == before
    answer = visitor.post(STEP, code=following(secret))
    assert (answer.status_code, answer.location) == (302, "/settings/")
    assert is_in(visitor)
    another = Visitor(app)
    assert log_in(another, "ed@news.example") == 302
    another.get(STEP)
    assert another.post(STEP, code=codes[0]).status_code == 302
    assert is_in(another)


def test_a_link_by_mail_alone_lets_nobody_in_either(app: Flask, db: Database, newsroom: Newsroom) -> None:
    number = hire(app, newsroom)
    secret, _ = set_up(signed_in(app, db, number))
    with db.write() as session:
        link = editors.link(session, session.get_one(Editor, number), Purpose.SIGN_IN, hours=1)
    visitor = Visitor(app)
    visitor.get(f"/sign-in/{link}")
    assert visitor.post(f"/sign-in/{link}").location == STEP
    assert not is_in(visitor)
    visitor.get(STEP)
    assert visitor.post(STEP, code=following(secret)).location == "/queue"
    assert is_in(visitor)


def test_an_invitation_alone_lets_nobody_in_either(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """Also where it brings the first password of who came by links so far."""
    number = newsroom.hire(email="ed@news.example")
    secret, _ = set_up(signed_in(app, db, number))
    with db.write() as session:
        link = editors.invite(session, "ed@news.example", site=newsroom.site, role=Role.ADMIN, base_url=OWN)
    visitor, path = Visitor(app), link.removeprefix(OWN)
    visitor.get(path)
    assert visitor.post(path, name="Ed", password=WORDS).location == STEP
    assert not is_in(visitor)
    visitor.get(STEP)
    assert visitor.post(STEP, code=following(secret)).location == "/queue"


@pytest.mark.parametrize("change", ["nothing", "time", "password", "closed", "foreign form"])
def test_who_has_shown_one_factor_is_forgotten_when_it_counts_no_more(
    app: Flask, db: Database, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    number = hire(app, newsroom)
    secret, _ = set_up(signed_in(app, db, number))
    visitor = Visitor(app)
    log_in(visitor, "ed@news.example")
    visitor.get(STEP)
    with db.write() as session:
        editor = session.get_one(Editor, number)
        if change == "password":
            with app.app_context():
                editors.set_password(session, editor, str(hash_password("another one that is long")))
        if change == "closed":
            editors.deactivate(session, editor)
    if change == "time":
        monkeypatch.setattr(sessions, "FRESH_SECONDS", 0)
    headers = {"Origin": "https://evil.test"} if change == "foreign form" else None
    visitor.post(STEP, headers, code=following(secret))
    monkeypatch.undo()
    assert is_in(visitor) is (change == "nothing")


def test_guesses_are_braked_and_a_browser_that_is_known_is_let_through(
    database_settings: Settings, db: Database, newsroom: Newsroom
) -> None:
    app = service(database_settings, db, limit_sign_in="off", limit_sign_in_account="3/hour")
    known = signed_in(app, db, hire(app, newsroom))
    secret, _ = set_up(known)
    stranger = Visitor(app)
    log_in(stranger, "ed@news.example")
    stranger.get(STEP)
    statuses = [stranger.post(STEP, code="000000").status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 429, 429]
    assert log_in(known, "ed@news.example") == 302
    known.get(STEP)
    assert known.post(STEP, code=following(secret)).location == "/queue"


def test_it_is_switched_off_and_codes_are_made_anew_with_a_code_only(
    app: Flask, db: Database, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hire(app, newsroom)
    visitor = signed_in(app, db, number)
    _, codes = set_up(visitor)
    visitor.get(PAGE)
    for action in ("off", "codes", "on", ""):
        assert visitor.post(PAGE, action=action, code="000000").status_code == 422
    monkeypatch.setattr(sessions, "FRESH_SECONDS", 0)
    assert visitor.post(PAGE, action="off", code=codes[0]).status_code == 422, "not fresh, and no password"
    fresh = visitor.post(PAGE, action="codes", code=codes[0], old_password=WORDS).get_data(as_text=True)
    again = re.findall(r"<li><code>([^<]+)</code>", fresh)
    assert len(again) == second_factors.CODES
    assert visitor.post(PAGE, action="off", code=codes[1], old_password=WORDS).status_code == 422
    assert visitor.post(PAGE, action="off", code=again[1], old_password=WORDS).location == PAGE
    with db.read() as session:
        assert session.get_one(Editor, number).second_factor == ""
    assert log_in(Visitor(app), "ed@news.example") == 302


def test_a_page_of_before_that_switches_it_on_does_not_switch_it_off(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """The code of the app that is there is a good one; what was pressed says something else."""
    number = hire(app, newsroom)
    visitor = signed_in(app, db, number)
    _, codes = set_up(visitor)
    visitor.get(PAGE)
    for action, status in (("on", 422), ("", 400), ("other", 400)):
        assert visitor.post(PAGE, action=action, code=codes[0]).status_code == status
        with db.read() as session:
            editor = session.get_one(Editor, number)
            assert (editor.second_factor != "", len(editor.recovery_codes)) == (True, second_factors.CODES)


def test_who_has_no_password_and_came_long_ago_is_told_how_to_come_anew(
    app: Flask, db: Database, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = signed_in(app, db, newsroom.hire(email="ed@news.example"))
    visitor.get(PAGE)
    monkeypatch.setattr(sessions, "FRESH_SECONDS", 0)
    answer = visitor.post(PAGE, action="on", code="000000")
    assert (answer.status_code, "have a link mailed to you" in answer.get_data(as_text=True)) == (422, True)


def test_whoever_is_signed_in_elsewhere_without_a_code_is_signed_out(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    number = hire(app, newsroom)
    visitor, elsewhere = signed_in(app, db, number), signed_in(app, db, number)
    set_up(visitor)
    assert is_in(visitor)
    assert not is_in(elsewhere)


def test_looking_at_the_page_changes_nothing_and_each_look_offers_another_secret(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    visitor = signed_in(app, db, hire(app, newsroom))
    before = dump(db)
    pages = {visitor.get(PAGE).get_data(as_text=True) for _ in range(2)}
    assert len(pages) == 2
    assert dump(db) == before


@pytest.mark.parametrize(
    ("policy", "role", "is_asked"),
    [
        (SecondFactor.NOBODY, Role.ADMIN, False),
        (SecondFactor.ADMINS, Role.EDITOR, False),
        (SecondFactor.ADMINS, Role.ADMIN, True),
        (SecondFactor.EVERYBODY, Role.VIEWER, True),
    ],
)
def test_who_has_to_have_one_is_led_there_and_does_nothing_before(
    database_settings: Settings, db: Database, newsroom: Newsroom, policy: SecondFactor, role: Role, is_asked: bool
) -> None:
    app = service(database_settings, db, second_factor=policy)
    visitor = signed_in(app, db, hire(app, newsroom, role))
    answer = visitor.get("/queue")
    assert (answer.status_code, answer.location) == ((302, PAGE) if is_asked else (200, None))
    case = newsroom.case_of(newsroom.send())
    before = dump(db)
    if is_asked:
        visitor.get("/account")
        assert visitor.post(f"/cases/{case}/claim").status_code == 403
        assert dump(db) == before
    set_up(visitor)
    assert is_in(visitor)
