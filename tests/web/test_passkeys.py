"""A passkey lets its owner in by both factors, in the browser that was asked, once; nothing else does (WebAuthn Level 2, 7)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Role
from corrections_service.services import editors, passkeys
from corrections_service.services.passkeys import Place, place_of
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Delivery, Editor, Passkey, Purpose, Site
from corrections_service.web import sessions
from tests.applications import application
from tests.services.newsroom import Newsroom
from tests.services.passkey_device import ATTESTED, ORIGIN, PRESENT, VERIFIED, Device, text
from tests.web.test_account import WORDS
from tests.web.test_second_factors import STEP, is_in, set_up
from tests.web.visitors import Visitor, dump

PAGE, OPTIONS = "/account/passkeys", "/account/passkeys/options"


class Browser(Visitor):
    """A browser at the one place where passkeys work without TLS."""

    def post(self, path: str, headers: Any = None, **fields: Any) -> TestResponse:
        return super().post(path, {"Origin": ORIGIN} if headers is None else headers, **fields)


@pytest.fixture
def app(database_settings: Settings, db: Database) -> Flask:
    changed = Settings(**{**database_settings.model_dump(), "base_url": ORIGIN})
    app = application(changed, db)
    app.config["SERVER_NAME"] = "localhost"
    return app


def come(app: Flask, db: Database, number: int) -> Browser:
    """Somebody who came by a sign-in link."""
    with db.write() as session:
        secret = editors.link(session, session.get_one(Editor, number), Purpose.SIGN_IN, hours=1)
    browser = Browser(app)
    browser.get(f"/sign-in/{secret}")
    assert browser.post(f"/sign-in/{secret}").location == "/queue"
    browser.get("/account")
    return browser


def asked(browser: Browser, path: str = "/login/passkey/options") -> dict[str, Any]:
    """What the browser is asked for."""
    if path.startswith("/login"):
        browser.get("/login")
    answer = browser.post(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(json.loads(answer.get_data()))


def add(browser: Browser, device: Device, name: str = "My telephone", **bent: Any) -> TestResponse:
    return browser.post(PAGE, action="add", name=name, credential=device.make(asked(browser, OPTIONS), **bent))


def enter(browser: Browser, device: Device, target: str = "", **bent: Any) -> TestResponse:
    return browser.post("/login/passkey", next=target, credential=device.answer(asked(browser), **bent))


def kept(db: Database) -> list[Passkey]:
    with db.read() as session:
        return list(session.scalars(select(Passkey).order_by(Passkey.id)))


@pytest.fixture
def ada(app: Flask, db: Database, newsroom: Newsroom) -> Browser:
    return come(app, db, newsroom.hire(Role.EDITOR, "ada@news.example"))


@pytest.fixture
def device(ada: Browser) -> Device:
    """A device with a passkey of Ada's."""
    made = Device()
    assert add(ada, made).location == PAGE
    return made


def test_a_passkey_lets_in_without_address_password_or_code(app: Flask, db: Database, ada: Browser) -> None:
    """Its owner is told of it, and their authenticator's code is not asked for besides."""
    set_up(ada)
    ada.get(PAGE)
    device, options = Device(), asked(ada, OPTIONS)
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert "ada" not in options["user"]["id"]
    assert ada.post(PAGE, action="add", name=" <b>Ada’s</b> ", credential=device.make(options)).location == PAGE
    page = ada.get(PAGE).get_data(as_text=True)
    assert "&lt;b&gt;Ada’s&lt;/b&gt;" in page
    assert "Never used." in page
    with db.read() as session:
        owed = select(Delivery.recipient).where(Delivery.template == "passkey")
        assert session.scalars(owed).all() == ["ada@news.example"]
    for target, place in (("/account", "/account"), ("//evil.test", "/queue")):
        browser = Browser(app)
        assert "allowCredentials" not in asked(browser)
        assert enter(browser, device, target).location == place
        assert is_in(browser)
    assert browser.get(STEP).location == "/login"
    assert (kept(db)[0].sign_count, kept(db)[0].used_at is not None) == (2, True)
    assert "Last used <time" in ada.get(PAGE).get_data(as_text=True)


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://evil.test"},
        {"origin": "http://localhost:81"},
        {"origin": "https://localhost"},
        {"host": "evil.test"},
        {"host": "sub.localhost"},
        {"challenge": text(b"x" * 32)},
        {"challenge": ""},
        {"kind": "webauthn.create"},
        {"kind": "payment.get"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"flags": 0},
        {"framed": True},
        {"user": ""},
        {"user": text(b"y" * 32)},
        {"credential": b"unknown"},
        {"credential": b""},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"count": 1},
        {"count": 0},
    ],
)
def test_a_bent_answer_lets_nobody_in_and_changes_nothing(
    app: Flask, db: Database, ada: Browser, device: Device, bent: dict[str, Any]
) -> None:
    """Forged, another site's, another person's, of a copy of the device: all are told the same."""
    assert enter(Browser(app), device).location == "/queue"
    before, browser = dump(db), Browser(app)
    answer = enter(browser, device, **bent)
    assert (answer.status_code, "This passkey lets nobody in." in answer.get_data(as_text=True)) == (403, True)
    assert not is_in(browser)
    assert dump(db) == before
    device.count = 1
    assert enter(browser, device).location == "/queue"


@pytest.mark.parametrize(
    "answer",
    ["", "x", "{}", "[]", "null", '"x"', "[" * 5000, '{"id": 1}', "x" * 20_001, '{"id": "\ud83d", "rawId": "\\u0000"}'],
    ids=lambda answer: answer[:12],
)
def test_what_no_browser_says_is_refused(app: Flask, db: Database, ada: Browser, device: Device, answer: str) -> None:
    before = dump(db)
    for browser, path, fields in (
        (Browser(app), "/login/passkey", {}),
        (ada, PAGE, {"action": "add", "name": "x"}),
    ):
        asked(browser, "/login/passkey/options" if path.startswith("/login") else OPTIONS)
        sent = answer.encode("utf-8", "replace").decode()
        assert browser.post(path, credential=sent, **fields).status_code == 403
    assert dump(db) == before


def test_an_answer_counts_once_in_the_browser_that_was_asked_and_for_what_it_was_asked(
    app: Flask, db: Database, ada: Browser, device: Device
) -> None:
    """Replayed, with a copy of the browser's cookie too, sent from elsewhere, late, or for another purpose."""
    first, other = Browser(app), Browser(app)
    options = asked(first)
    answer = device.answer(options, count=0)
    asked(other)
    assert other.post("/login/passkey", credential=answer).status_code == 403
    cookie = first.client.get_cookie("corrections", domain="localhost")
    assert cookie is not None
    assert first.post("/login/passkey", credential=answer).location == "/queue"
    first.get("/account")
    first.post("/logout")
    assert first.post("/login/passkey", credential=answer).status_code in (400, 403)
    copied = Browser(app)
    copied.token = other.token
    copied.client.set_cookie("corrections", cookie.value, domain="localhost")
    copied.get("/login")
    assert copied.post("/login/passkey", credential=answer).status_code == 403
    assert not is_in(copied)
    late = Browser(app)
    options = asked(late)
    with late.client.session_transaction() as session:
        purpose, challenge, since = session["passkey"]
        session["passkey"] = [purpose, challenge, since - passkeys.CHALLENGE_SECONDS - 1]
    answered = late.post("/login/passkey", credential=device.answer(options))
    assert (answered.status_code, "This took too long" in answered.get_data(as_text=True)) == (403, True)
    adding = asked(ada, OPTIONS)
    assert ada.post("/login/passkey", credential=device.answer(adding)).status_code == 403
    signing = asked(ada)
    answered = ada.post(PAGE, action="add", name="x", credential=Device().make({**signing, "user": {"id": "eA"}}))
    assert answered.status_code == 403
    assert len(kept(db)) == 1


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://evil.test"},
        {"host": "evil.test"},
        {"challenge": text(b"x" * 32)},
        {"kind": "webauthn.get"},
        {"flags": PRESENT | ATTESTED},
        {"flags": VERIFIED | ATTESTED},
        {"flags": PRESENT | VERIFIED},
        {"framed": True},
        {"algorithm": -65535},
    ],
)
def test_a_bent_passkey_is_not_added(app: Flask, db: Database, ada: Browser, bent: dict[str, Any]) -> None:
    ada.get(PAGE)
    before = dump(db)
    answer = add(ada, Device(), **bent)
    assert (answer.status_code, "The passkey was not added." in answer.get_data(as_text=True)) == (403, True)
    assert dump(db) == before


def test_a_passkeys_number_is_as_long_as_the_specification_lets_it_be(app: Flask, db: Database, ada: Browser) -> None:
    for length, status in ((passkeys.LONGEST_NUMBER + 1, 403), (5000, 403), (passkeys.LONGEST_NUMBER, 302)):
        device = Device()
        device.credential = bytes(length)
        assert add(ada, device).status_code == status, length
    assert enter(Browser(app), device).location == "/queue"


def test_passkeys_are_changed_only_by_who_has_just_signed_in(
    app: Flask, db: Database, ada: Browser, device: Device
) -> None:
    """An open browser is not enough to leave oneself a way in, nor to take one away."""
    options = asked(ada, OPTIONS)
    with ada.client.session_transaction() as session:
        session["since"] = session["since"] - sessions.FRESH_SECONDS - 1
    assert "sign out and in again" in ada.get(PAGE).get_data(as_text=True)
    before = dump(db)
    assert ada.post(OPTIONS).status_code == 403
    assert ada.post(PAGE, action="add", name="x", credential=Device().make(options)).status_code == 403
    assert ada.post(PAGE, action="remove", passkey=str(kept(db)[0].id)).status_code == 403
    for headers in ({"Origin": "https://evil.test"}, {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}):
        for path in (OPTIONS, PAGE, "/login/passkey/options", "/login/passkey"):
            assert ada.post(path, headers).status_code == 400, path
    assert dump(db) == before


def test_nobody_touches_another_persons_passkey(
    app: Flask, db: Database, newsroom: Newsroom, ada: Browser, device: Device
) -> None:
    bo = come(app, db, newsroom.hire(Role.ADMIN, "bo@news.example"))
    ada.get(PAGE)
    assert bo.post(PAGE, action="remove", passkey=str(kept(db)[0].id)).status_code == 404
    assert "My telephone" not in bo.get(PAGE).get_data(as_text=True)
    answer = add(bo, device)
    assert (answer.status_code, "is there already" in answer.get_data(as_text=True)) == (422, True)
    with db.read() as session:
        owner = session.get_one(Editor, kept(db)[0].editor_id)
        assert owner.email == "ada@news.example"


def test_what_was_removed_lets_nobody_in_nor_does_a_closed_persons(
    app: Flask, db: Database, ada: Browser, device: Device
) -> None:
    second = Device()
    assert add(ada, second, name="").location == PAGE
    assert [passkey.name for passkey in kept(db)] == ["My telephone", "A device"]
    assert ada.post(PAGE, action="remove", passkey=str(kept(db)[0].id)).location == PAGE
    assert enter(Browser(app), device).status_code == 403
    assert enter(Browser(app), second).location == "/queue"
    with db.write() as session:
        editors.deactivate(session, session.get_one(Editor, kept(db)[0].editor_id))
    assert enter(Browser(app), second).status_code == 403


def test_who_works_here_no_more_is_told_so_at_the_door_by_passkey_too(
    app: Flask, db: Database, newsroom: Newsroom, ada: Browser, device: Device
) -> None:
    """Kind: a leaver was let in, to a desk with nothing on it, in one of the ways to sign in."""
    with db.write() as session:
        leaver = session.get_one(Editor, kept(db)[0].editor_id)
        editors.set_role(session, leaver, session.get_one(Site, newsroom.site.id), None)
    answer = enter(browser := Browser(app), device)
    assert (answer.status_code, is_in(browser)) == (403, False)
    assert "Nobody signs in here as ada@news.example." in answer.get_data(as_text=True)


def test_who_came_by_a_removed_passkey_is_out_at_once(
    app: Flask, db: Database, newsroom: Newsroom, ada: Browser, device: Device
) -> None:
    """By its owner and from the console; the owner stays where they removed it, and nobody else is touched."""
    bo, thief = come(app, db, newsroom.hire(Role.EDITOR, "bo@news.example")), Browser(app)
    assert enter(thief, device).location == "/queue"
    ada.get(PAGE)
    assert ada.post(PAGE, action="remove", passkey=str(kept(db)[0].id)).location == PAGE
    assert "Every other place where you were signed in is signed out." in ada.get(PAGE).get_data(as_text=True)
    assert [is_in(browser) for browser in (thief, ada, bo)] == [False, True, True]
    assert add(ada, device).location == PAGE
    assert enter(thief, device).location == "/queue"
    with db.write() as session:
        assert passkeys.remove_all(session, session.get_one(Editor, kept(db)[0].editor_id)) == 1
    assert [is_in(browser) for browser in (thief, ada, bo)] == [False, False, True]


def test_with_another_password_passkeys_stay_only_where_their_owner_says_so(
    app: Flask, db: Database, ada: Browser, device: Device
) -> None:
    """I03: who replaces a password because somebody else was in need not think of what that one left behind."""
    box = '<input id="keep_passkeys" name="keep_passkeys" type="checkbox" checked>'
    assert box in ada.get("/account").get_data(as_text=True)
    chosen = {"name": "Ada", "password": WORDS}
    assert ada.post("/account", name="Ada").location == "/account"
    assert ada.post("/account", **chosen, keep_passkeys="on").location == "/account"
    assert enter(Browser(app), device).location == "/queue"
    ada.get("/account")
    assert ada.post("/account", **chosen).location == "/account"
    assert kept(db) == []
    assert is_in(ada)
    assert enter(Browser(app), device).status_code == 403
    with db.read() as session:
        mails = session.scalars(select(Delivery).where(Delivery.template == "passkey")).all()
        assert sorted(mail.data["is_added"] for mail in mails) == [False, True]
    assert "keep_passkeys" not in ada.get("/account").get_data(as_text=True)


def test_a_passkey_lets_nobody_in_whose_roles_accounts_gave_long_ago(
    app: Flask, db: Database, ada: Browser, device: Device
) -> None:
    with db.write() as session:
        session.get_one(Editor, kept(db)[0].editor_id).memberships[0].issuer = "https://accounts.example"
    browser = Browser(app)
    answer = enter(browser, device)
    assert (answer.status_code, "more than a day" in answer.get_data(as_text=True)) == (403, True)
    assert not is_in(browser)


def test_a_device_that_counts_nothing_is_taken_again_and_again(app: Flask, ada: Browser, device: Device) -> None:
    """Passkeys that several devices share stay at 0."""
    for _ in range(3):
        assert enter(Browser(app), device, count=0).location == "/queue"


def test_a_person_has_so_many_and_no_more(app: Flask, db: Database, ada: Browser, device: Device) -> None:
    owner = kept(db)[0].editor_id
    with db.write() as session:
        for number in range(passkeys.MOST - 1):
            session.add(Passkey(editor_id=owner, name="x", credential=str(number), public_key="", sign_count=0))
    answer = add(ada, Device())
    assert (answer.status_code, "Nobody has more than 20" in answer.get_data(as_text=True)) == (422, True)
    with db.write() as session:
        assert passkeys.remove_all(session, session.get_one(Editor, owner)) == passkeys.MOST
    assert enter(Browser(app), device).status_code == 403


def test_attempts_are_counted_by_network(app: Flask, db: Database, database_settings: Settings) -> None:
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"limit_sign_in": "2/hour"})
    browser = Browser(app)
    browser.get("/login")
    assert [browser.post("/login/passkey").status_code for _ in range(3)] == [403, 403, 429]


@pytest.mark.parametrize(
    ("base_url", "place"),
    [
        ("https://corrections.example", Place("corrections.example", "https://corrections.example")),
        ("https://corrections.example:443/", Place("corrections.example", "https://corrections.example")),
        ("https://corrections.example:8443", Place("corrections.example", "https://corrections.example:8443")),
        ("https://Виправлення.example", Place("xn--80adgu2aaghmr3a.example", "https://xn--80adgu2aaghmr3a.example")),
        ("http://localhost:5000", Place("localhost", "http://localhost:5000")),
        ("http://corrections.example", None),
        ("http://127.0.0.1:5000", None),
        ("https://192.0.2.1", None),
        ("https://[2001:db8::1]", None),
    ],
)
def test_passkeys_are_bound_to_the_services_own_name(base_url: str, place: Place | None) -> None:
    found = place_of(base_url, Settings(base_url=base_url).host)
    if place is not None and "xn--" in place.host:
        assert found is not None
        assert found.host.startswith("xn--")
        assert found.origin == f"https://{found.host}"
        return
    assert found == place


def test_where_browsers_know_no_passkeys_none_are_offered(database_settings: Settings, db: Database) -> None:
    visitor = Visitor(application(database_settings, db))
    visitor.client.application.config["SERVER_NAME"] = database_settings.host
    assert "passkey" not in visitor.get("/login").get_data(as_text=True).replace("dashboard/passkeys.js", "")
    assert visitor.post("/login/passkey/options").status_code == 422
