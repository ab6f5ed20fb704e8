"""Several providers of accounts: a way in by each, one account of each a person, and one that is away keeps nobody else out."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from corrections_service.accounts_settings import AccountsSettings
from corrections_service.errors import ConfigurationError
from corrections_service.rules.workflow import Role
from corrections_service.services import accounts as services
from corrections_service.services import editors
from corrections_service.settings import Settings, check_serving, read_settings
from corrections_service.store.database import Database
from corrections_service.web import accounts as web_accounts
from tests.accounts_server import accounts_server, consent, enrol
from tests.services.newsroom import Newsroom
from tests.web.test_account_roles import role_of
from tests.web.test_accounts import come, with_accounts
from tests.web.test_second_factors import is_in
from tests.web.visitors import OWN, Visitor, dump, signed_in

ADA = {"email": "ada@news.example", "email_verified": True}


@pytest.fixture(scope="module")
def partner() -> Iterator[str]:
    """Accounts of another house."""
    with accounts_server() as address:
        yield address


def both(settings: Settings, db: Database, first: str, second: str, **more: object) -> Flask:
    """A service that knows two providers, the second as `partner`."""
    named = {"client_id": "corrections", "client_secret": "secret", "name": "Partner ID"}
    return with_accounts(settings, db, first, oidc={"partner": AccountsSettings(issuer=second, **named, **more)})


@pytest.fixture
def app(
    database_settings: Settings, db: Database, accounts: str, partner: str, monkeypatch: pytest.MonkeyPatch
) -> Flask:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    return both(database_settings, db, accounts, partner)


def come_by_partner(visitor: Visitor, subject: str) -> TestResponse:
    begun = visitor.get("/login/accounts/partner?next=/account")
    assert begun.status_code == 302
    path = consent(str(begun.location), subject).removeprefix(OWN)
    assert path.startswith("/login/accounts/partner/back?")
    return visitor.get(path)


def open_to(db: Database, issuer: str, email: str = "ada@news.example") -> None:
    """Let somebody come by a further provider, as `corrections editor forget-account --issuer` does."""
    with db.write() as session:
        editor = editors.by_email(session, email)
        assert editor is not None
        services.free(session, editor, issuer)


def test_one_provider_vouches_for_nobody_who_comes_by_another(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str, partner: str
) -> None:
    newsroom.hire(Role.ADMIN, "ada@news.example")
    enrol(accounts, "6", **ADA)
    enrol(partner, "p6", **ADA)
    assert come(Visitor(app), "6").location == "/queue"
    before, forged = dump(db), Visitor(app)
    answer = come_by_partner(forged, "p6")
    assert (answer.status_code, "Another account had the address" in answer.get_data(as_text=True)) == (403, True)
    assert not is_in(forged)
    assert dump(db) == before
    open_to(db, partner)
    assert come_by_partner(Visitor(app), "p6").location == "/account"
    assert come(Visitor(app), "6").location == "/queue"


def test_a_state_of_one_provider_is_none_of_anothers(
    app: Flask, newsroom: Newsroom, accounts: str, partner: str
) -> None:
    visitor = Visitor(app)
    begun = visitor.get("/login/accounts/partner")
    (state,) = parse_qs(urlsplit(str(begun.location)).query)["state"]
    registry = app.extensions["accounts"]
    with visitor.client.session_transaction() as session:
        assert registry["partner"].client.framework.get_state_data(session, state)
        for forged in (state, f"partner_{state}", f"_partner_{state}"):
            assert registry[""].client.framework.get_state_data(session, forged) is None


def test_there_is_a_way_in_by_each(app: Flask, db: Database, newsroom: Newsroom, accounts: str, partner: str) -> None:
    newsroom.hire(email="ada@news.example")
    enrol(accounts, "1", **ADA)
    enrol(partner, "p1", **ADA)
    open_to(db, accounts)
    open_to(db, partner)
    page = Visitor(app).get("/login").get_data(as_text=True)
    assert page.index("Sign in with News ID") < page.index("Sign in with Partner ID")
    for _ in range(2):
        assert come(Visitor(app), "1").location == "/queue"
        assert come_by_partner(Visitor(app), "p1").location == "/account"
    for path in ("/login/accounts/other", "/login/accounts/other/back", "/login/accounts//back"):
        assert Visitor(app).get(path).status_code in (404, 308), path


def test_each_person_comes_by_one_account_of_each_provider(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str, partner: str
) -> None:
    """Neither another account with the same address, after the other provider let in, nor one account for two people."""
    for email in ("ada@news.example", "bo@news.example"):
        newsroom.hire(email=email)
    enrol(accounts, "1", **ADA)
    enrol(partner, "p1", **ADA)
    assert come(Visitor(app), "1").location == "/queue"
    open_to(db, partner)
    assert come_by_partner(Visitor(app), "p1").location == "/account"
    enrol(accounts, "2", **ADA)
    enrol(partner, "p2", **ADA)
    enrol(partner, "1", **ADA)
    before = dump(db)
    for answer in (come(Visitor(app), "2"), come_by_partner(Visitor(app), "p2"), come_by_partner(Visitor(app), "1")):
        assert (answer.status_code, "Another account had the address" in answer.get_data(as_text=True)) == (403, True)
    enrol(accounts, "1", email="bo@news.example", email_verified=True)
    answer = come(Visitor(app), "1")
    assert (answer.status_code, "another address than bo@news.example" in answer.get_data(as_text=True)) == (403, True)
    assert dump(db) == before


def test_an_answer_of_one_provider_lets_nobody_in_as_if_it_were_the_others(
    app: Flask, newsroom: Newsroom, accounts: str, partner: str
) -> None:
    """A mix-up (RFC 9207): the code of one brought back at the address of the other."""
    newsroom.hire(email="ada@news.example")
    enrol(partner, "p9", **ADA)
    visitor = Visitor(app)
    path = consent(str(visitor.get("/login/accounts/partner").location), "p9").removeprefix(OWN)
    visitor.get("/login/accounts")
    assert visitor.get(path.replace("/partner/back", "/back")).status_code == 403
    assert not is_in(visitor)


def test_each_provider_brings_its_own_roles(
    database_settings: Settings,
    db: Database,
    newsroom: Newsroom,
    accounts: str,
    partner: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    app = both(database_settings, db, accounts, partner, roles="staff=editor@news", roles_claim="units")
    enrol(partner, "p3", **ADA, units=["staff"])
    enrol(accounts, "3", **ADA, units=["staff"], groups=["staff"])
    assert come(Visitor(app), "3").status_code == 403
    assert come_by_partner(Visitor(app), "p3").location == "/account"
    assert role_of(db) is Role.EDITOR
    open_to(db, accounts)
    assert come(Visitor(app), "3").location == "/queue"
    assert role_of(db) is Role.EDITOR, "the other provider takes away nothing"


@contextmanager
def broken_provider(metadata: str) -> Iterator[tuple[str, list[str]]]:
    """A provider that answers 503, and from its second request on what it should: its address and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(503 if len(asked) == 1 else 200)
            self.end_headers()
            self.wfile.write(metadata.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_one_that_is_away_is_named_and_not_asked_at_each_click_and_the_others_go_on(
    database_settings: Settings, db: Database, newsroom: Newsroom, accounts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    newsroom.hire(email="ada@news.example")
    enrol(accounts, "5", **ADA)
    metadata = {"issuer": "x", "authorization_endpoint": f"{accounts}/oauth2/authorize"}
    with broken_provider(json.dumps(metadata)) as (address, asked):
        app = both(database_settings, db, accounts, address)
        for _ in range(3):
            answer = Visitor(app).get("/login/accounts/partner")
            page = answer.get_data(as_text=True)
            assert (answer.status_code, "Partner ID did not succeed: it cannot be reached" in page) == (403, True)
            assert "Partner ID could not be reached a moment ago." in page
            assert "News ID could not be reached" not in page
        assert asked == ["/.well-known/openid-configuration"]
        assert come(Visitor(app), "5").location == "/queue"
        assert is_in(signed_in(app, db, newsroom.hire(email="bo@news.example")))
        monkeypatch.setattr(web_accounts, "AWAY_SECONDS", 0.0)
        assert "could not be reached" not in Visitor(app).get("/login").get_data(as_text=True)
        assert str(Visitor(app).get("/login/accounts/partner").location).startswith(f"{accounts}/oauth2/authorize")


def test_more_accounts_are_set_up_in_the_environment_or_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CORRECTIONS_OIDC__PARTNER__ISSUER", "https://partner.example/")
    monkeypatch.setenv("CORRECTIONS_OIDC__PARTNER__CLIENT_SECRET", "s")
    monkeypatch.setenv("CORRECTIONS_OIDC_ISSUER", "https://accounts.example")
    monkeypatch.setenv("CORRECTIONS_OIDC_ROLES_CLAIM", "units")
    settings = read_settings()
    assert {key: one.issuer for key, one in settings.accounts.items()} == {
        "": "https://accounts.example",
        "partner": "https://partner.example",
    }
    assert settings.accounts[""].roles_claim == "units"
    assert "client_secret" not in repr(settings)
    file = tmp_path / "corrections.toml"
    file.write_text('[oidc.third]\nissuer = "https://third.example"\nclient_id = "c"\nclient_secret = "s"\n')
    monkeypatch.setenv("CORRECTIONS_CONFIG", str(file))
    assert set(read_settings().accounts) == {"", "partner", "third"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("OIDC__PARTNER__ISUER", "x", "CORRECTIONS_OIDC__PARTNER__ISUER is no setting"),
        ("OIDC", "{}", "CORRECTIONS_OIDC is no setting"),
        ("OIDC__PARTNER", "x", "CORRECTIONS_OIDC__PARTNER is no setting"),
        ("OIDC__BACK__ISSUER", "https://x.example", "CORRECTIONS_OIDC: 'back' is no short name"),
        ("OIDC__PARTNER__ISSUER", "http://x.example", "CORRECTIONS_OIDC__PARTNER__ISSUER: must be an address"),
        ("OIDC__PARTNER__ISSUER", f"https://{'x' * 300}.example", "must have 300 characters at most"),
        ("OIDC__PARTNER__ROLES", "x", "CORRECTIONS_OIDC__PARTNER__ROLES: must be entries"),
        ("OIDC__PARTNER__TRUST_EMAIL", "perhaps", "CORRECTIONS_OIDC__PARTNER__TRUST_EMAIL: "),
        ("OIDC__PARTNER__NAME", "Partner", "CORRECTIONS_OIDC__PARTNER__ISSUER, "),
        ("OIDC__PARTNER__ISSUER", "https://accounts.example", "two providers have the same one"),
    ],
)
def test_what_is_wrong_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    first = {"ISSUER": "https://accounts.example", "CLIENT_ID": "c", "CLIENT_SECRET": "s"}
    for part, text in first.items():
        monkeypatch.setenv(f"CORRECTIONS_OIDC_{part}", text)
        if value == first["ISSUER"]:
            monkeypatch.setenv(f"CORRECTIONS_OIDC__PARTNER__{part}", text)
    monkeypatch.setenv("CORRECTIONS_SECRET_KEY", "words that nobody would guess, at least 32")
    monkeypatch.setenv(f"CORRECTIONS_{name}", value)
    with pytest.raises(ConfigurationError) as error:
        check_serving(read_settings())
    assert words in str(error.value)
    assert "\n" not in str(error.value)
