"""By the newsroom's own accounts comes in who works here, by a verified address and one account (OpenID Connect)."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Role
from corrections_service.services import editors
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, now
from corrections_service.web import passwords
from tests.accounts_server import consent, enrol
from tests.services.newsroom import Newsroom
from tests.web.test_account import WORDS
from tests.web.test_second_factors import STEP, is_in, service, set_up
from tests.web.visitors import OWN, Visitor, dump, signed_in

ADA = "ada@news.example"


@pytest.fixture
def app(database_settings: Settings, db: Database, accounts: str, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A service that knows these accounts; here they answer without TLS."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    return with_accounts(database_settings, db, accounts)


def with_accounts(settings: Settings, db: Database, address: str, **more: object) -> Flask:
    chosen = {
        "oidc_issuer": address,
        "oidc_client_id": "corrections",
        "oidc_client_secret": "secret",
        "oidc_name": "News ID",
    }
    return service(settings, db, **{**chosen, **more})


def come(visitor: Visitor, subject: str, target: str = "") -> TestResponse:
    """Sign in by the button, as this account; what the service answers in the end."""
    begun = visitor.get(f"/login/accounts{target}")
    assert begun.status_code == 302
    return visitor.get(consent(str(begun.location), subject).removeprefix(OWN))


def test_who_works_here_comes_in_by_a_verified_address(app: Flask, newsroom: Newsroom, accounts: str) -> None:
    newsroom.hire(email=ADA)
    enrol(accounts, "7", email="Ada@News.example", email_verified=True)
    visitor = Visitor(app)
    assert "Sign in with News ID" in visitor.get("/login?next=/account").get_data(as_text=True)
    assert come(visitor, "7", "?next=/account").location == "/account"
    assert is_in(visitor)
    assert come(Visitor(app), "7", "?next=//evil.test").location == "/queue"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": ADA}, "does not vouch"),
        ({"email": ADA, "email_verified": False}, "does not vouch"),
        ({"email": ADA, "email_verified": "true"}, "does not vouch"),
        ({"email_verified": True}, "does not vouch"),
        ({"email": [ADA], "email_verified": True}, "does not vouch"),
        ({"email": "bo@news.example", "email_verified": True}, "Nobody signs in here"),
        ({"email": "gone@news.example", "email_verified": True}, "Nobody signs in here"),
        ({"email": "new@news.example", "email_verified": True}, "Nobody signs in here"),
        ({"email": "<script>@news.example", "email_verified": True}, "Nobody signs in here"),
    ],
)
def test_nobody_else_comes_in_and_nothing_is_changed(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str, claims: dict[str, object], words: str
) -> None:
    """Neither by an address that nobody verified nor who was closed, invited only, or never heard of."""
    newsroom.hire(email=ADA)
    gone = newsroom.hire(email="gone@news.example")
    with db.write() as session:
        editors.deactivate(session, session.get_one(Editor, gone))
        editors.invite(session, "new@news.example", site=newsroom.site, role=Role.ADMIN, base_url=OWN)
    enrol(accounts, "8", **claims)
    before, visitor = dump(db), Visitor(app)
    answer = come(visitor, "8")
    assert answer.status_code == 403
    assert words in answer.get_data(as_text=True)
    assert "<script>@" not in answer.get_data(as_text=True)
    assert not is_in(visitor)
    assert dump(db) == before


def test_an_address_that_another_account_had_before_lets_nobody_in(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str
) -> None:
    number = newsroom.hire(email=ADA)
    enrol(accounts, "first", email=ADA, email_verified=True)
    enrol(accounts, "second", email=ADA, email_verified=True)
    assert come(Visitor(app), "first").location == "/queue"
    answer = come(Visitor(app), "second")
    assert (answer.status_code, "Another account had the address" in answer.get_data(as_text=True)) == (403, True)
    with db.write() as session:
        editors.choose(session, session.get_one(Editor, number), **{editors.ACCOUNT: None})
    assert come(Visitor(app), "second").location == "/queue"
    assert come(Visitor(app), "first").status_code == 403


def test_addresses_are_taken_as_they_are_where_the_accounts_are_trusted(
    database_settings: Settings,
    db: Database,
    newsroom: Newsroom,
    accounts: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    app = with_accounts(database_settings, db, accounts, oidc_trust_email=True)
    newsroom.hire(email=ADA)
    enrol(accounts, "9", email=ADA)
    assert come(Visitor(app), "9").location == "/queue"


def test_a_second_factor_is_asked_for_here_too(app: Flask, db: Database, newsroom: Newsroom, accounts: str) -> None:
    _, codes = set_up(signed_in(app, db, newsroom.hire(email=ADA)))
    enrol(accounts, "10", email=ADA, email_verified=True)
    visitor = Visitor(app)
    assert come(visitor, "10").location == STEP
    assert not is_in(visitor)
    visitor.get(STEP)
    assert visitor.post(STEP, code=codes[0]).location == "/queue"


def test_what_was_begun_in_another_browser_or_is_used_again_lets_nobody_in(
    app: Flask, newsroom: Newsroom, accounts: str
) -> None:
    """Signing somebody in as oneself by a link (login CSRF), and a code that was seen on its way."""
    newsroom.hire(email=ADA)
    enrol(accounts, "11", email=ADA, email_verified=True)
    mine, other = Visitor(app), Visitor(app)
    path = consent(str(mine.get("/login/accounts").location), "11").removeprefix(OWN)
    other.get("/login/accounts")
    for wrong in (
        path,
        "/login/accounts/back",
        "/login/accounts/back?code=x&state=y",
        "/login/accounts/back?error=access_denied",
    ):
        answer = other.get(wrong)
        assert (answer.status_code, "did not succeed" in answer.get_data(as_text=True)) == (403, True)
        assert not is_in(other)
    assert mine.get(path).location == "/queue"
    mine.get("/account")
    mine.post("/logout")
    assert mine.get(path).status_code == 403
    assert not is_in(mine)


def test_accounts_that_do_not_answer_are_said_and_the_other_ways_stay(
    database_settings: Settings, db: Database, newsroom: Newsroom
) -> None:
    app = with_accounts(database_settings, db, "http://localhost:9")
    answer = Visitor(app).get("/login/accounts")
    assert (answer.status_code, "did not succeed" in answer.get_data(as_text=True)) == (403, True)
    assert is_in(signed_in(app, db, newsroom.hire(email=ADA)))


def test_without_accounts_there_is_no_such_way(database_settings: Settings, db: Database) -> None:
    visitor = Visitor(service(database_settings, db))
    assert "Sign in with" not in visitor.get("/login").get_data(as_text=True)
    for path in ("/login/accounts", "/login/accounts/back"):
        assert visitor.get(path).status_code == 404


def test_attempts_are_counted_by_network(
    database_settings: Settings, db: Database, accounts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    visitor = Visitor(with_accounts(database_settings, db, accounts, limit_sign_in="2/hour"))
    assert [visitor.get("/login/accounts/back").status_code for _ in range(3)] == [403, 403, 429]
    assert visitor.get("/login/accounts").status_code == 302
    assert visitor.get("/login/accounts", headers={"Sec-Fetch-Dest": "image"}).status_code == 404


def test_who_was_let_in_by_accounts_without_showing_anything_lately_chooses_no_password(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str
) -> None:
    """An open browser, in which the accounts ask nobody anything."""
    number = newsroom.hire(email=ADA)
    with db.write() as session, app.app_context():
        session.get_one(Editor, number).password = passwords.hashed(WORDS)
    for at, status in ((0, 422), (int(now().timestamp()), 302)):
        enrol(accounts, "12", email=ADA, email_verified=True, auth_time=at)
        visitor = Visitor(app)
        assert come(visitor, "12").location == "/queue"
        visitor.get("/account")
        answer = visitor.post("/account", name="Ada", password="another one that is long")
        assert answer.status_code == status
