"""Nobody is signed in by a foreign page, or for longer than they may be (THREATS A11, A12, H, I; P-16)."""

from __future__ import annotations

import json
from pathlib import Path

import ada_url
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from corrections_service import create_app
from corrections_service.rules.workflow import Role
from corrections_service.services import editors
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Purpose
from corrections_service.web.access import safe_next
from tests.services.newsroom import Newsroom
from tests.web.visitors import OWN, Visitor, dump, signed_in

HOSTILE = Path(__file__).resolve().parents[2] / "../shared/data/hostile"


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"Origin": OWN}, ""),
        ({"Origin": OWN}, "of another session"),
        ({"Origin": OWN}, "in the query"),
        ({"Origin": OWN}, "of before"),
        ({"Origin": OWN, "Sec-Fetch-Site": "cross-site"}, "good"),
        ({"Origin": OWN, "Sec-Fetch-Site": "same-site"}, "good"),
        ({"Origin": OWN, "Sec-Fetch-Site": "none"}, "good"),
        ({"Origin": "https://evil.test"}, "good"),
        ({"Origin": "null"}, "good"),
        ({}, "good"),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(
    app: Flask, db: Database, newsroom: Newsroom, headers: dict[str, str], token: str
) -> None:
    """A11: neither without our token in the body nor from another page than ours."""
    case, me = newsroom.case_of(newsroom.send()), newsroom.hire(Role.EDITOR)
    visitor, other = signed_in(app, db, me), signed_in(app, db, me)
    stale = Visitor(app)
    stale.get("/login")
    chosen = {"good": visitor.token, "of another session": other.token, "of before": stale.token}.get(token, "")
    path = f"/cases/{case}/claim" + (f"?csrf_token={visitor.token}" if token == "in the query" else "")
    before = dump(db)
    assert visitor.post(path, headers, csrf_token=chosen).status_code in (400, 403)
    assert dump(db) == before
    assert visitor.post(f"/cases/{case}/claim").status_code == 302


def test_nobody_is_signed_in_by_a_foreign_page(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """A12: signing in needs a token of the very browser."""
    attacker, number = Visitor(app), newsroom.hire(Role.EDITOR)
    attacker.get("/login")
    with app.app_context(), db.write() as session:
        editors.set_password(session, session.get_one(Editor, number), hash_password("several plain words"))
    right = {"email": "editor@news.example", "password": "several plain words"}
    victim = Visitor(app)
    for headers in ({"Origin": "https://evil.test"}, {"Origin": OWN, "Sec-Fetch-Site": "cross-site"}, {"Origin": OWN}):
        answer = victim.post("/login", headers, **right, csrf_token=attacker.token)
        assert answer.status_code == 400
    assert victim.client.get("/queue").location.startswith("/login")
    victim.get("/login")
    assert victim.post("/login", **right, next="//evil.test").location == "/queue"
    assert victim.client.get("/queue").status_code == 200


def test_the_session_cookie_is_for_https_and_for_nobody_else(db: Database, database_settings: Settings) -> None:
    """I05, J04: its flags, and HSTS."""
    secure = database_settings.model_copy(update={"base_url": "https://corrections.example"})
    answer = create_app(secure, database=db).test_client().get("/login", base_url="https://corrections.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-corrections=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert int(answer.headers["Strict-Transport-Security"].split("=")[1].split(";")[0]) >= 31536000


@pytest.mark.parametrize("change", ["role", "password", "away", "inactive", "everywhere"])
def test_what_is_taken_away_is_gone_at_the_next_request(
    app: Flask, db: Database, newsroom: Newsroom, change: str
) -> None:
    """P-16, I04: in every open tab."""
    case, number = newsroom.case_of(newsroom.send()), newsroom.hire(Role.EDITOR)
    tabs = [signed_in(app, db, number) for _ in range(2)]
    with db.write() as session:
        editor = session.get_one(Editor, number)
        match change:
            case "role":
                editors.set_role(session, editor, newsroom.site, Role.VIEWER)
            case "away":
                editors.set_role(session, editor, newsroom.site, None)
            case "password":
                editors.set_password(session, editor, "hash")
            case "inactive":
                editors.deactivate(session, editor)
            case _:
                editors.end_sessions(session, editor)
    for tab in tabs:
        assert tab.post(f"/cases/{case}/claim").status_code == 403
        assert tab.client.get("/queue").location.startswith("/login")


def test_a_cookie_of_before_is_nobodys_after_signing_in(app: Flask, db: Database, newsroom: Newsroom) -> None:
    """I01, I02: a session that somebody else planted gives no access; nor does a token in its place."""
    planted = Visitor(app)
    planted.get("/login")
    cookie = planted.client.get_cookie("corrections", domain="corrections.example")
    assert cookie is not None
    victim = signed_in(app, db, newsroom.hire(Role.EDITOR))
    assert victim.client.get("/queue").status_code == 200
    for value in (cookie.value, "", "unsigned", "eyJfdXNlcl9pZCI6IjEifQ.x.y"):
        other = app.test_client()
        other.set_cookie("corrections", value, domain="corrections.example")
        assert other.get("/queue").location.startswith("/login")
    for asked in ({"query_string": {"auth_token": "x"}}, {"headers": {"Authentication-Token": "x"}}):
        assert app.test_client().get("/queue", **asked).location.startswith("/login")  # type: ignore[arg-type]


def test_sign_in_leads_to_a_page_of_ours_only(app: Flask) -> None:
    """I12."""
    if not HOSTILE.is_dir():
        pytest.skip("../shared/data/hostile is not here")
    targets = json.loads((HOSTILE / "open_redirect.json").read_text("utf-8"))
    targets += ["/\t/evil.test", "/\\evil.test", "\x00//evil.test", "/\u2028/evil.test", "//", "https:evil.test", ""]
    assert len(targets) > 150
    for target in targets:
        place = ada_url.URL(safe_next(target), base=OWN)
        assert place.origin == OWN, target


def test_a_link_is_good_for_one_purpose_and_opens_nothing_when_bent(
    app: Flask, db: Database, newsroom: Newsroom, client: FlaskClient
) -> None:
    """H03, H05, H06: 404 for another purpose, a bent or shortened secret; then the right one still works."""
    sent, number = newsroom.send(), newsroom.hire(Role.EDITOR)
    with db.write() as session:
        person = session.get_one(Editor, number)
        ways = {
            "sign-in": editors.link(session, person, Purpose.SIGN_IN, hours=1),
            "invitation": editors.link(session, person, Purpose.INVITATION, hours=1),
            "r": sent.token,
        }
    assert not any(secret in row for secret in ways.values() for rows in dump(db).values() for row in rows)
    for way, secret in ways.items():
        bent = [
            secret[:-1],
            secret[:-1] + chr(ord(secret[-1]) ^ 1),
            secret.swapcase(),
            secret + "=",
            secret + "%2E",
            "x",
        ]
        for path in [f"/{way}/{one}" for one in bent] + [
            f"/{other}/{secret}" for other in (*ways, "unsubscribe") if other != way
        ]:
            assert client.get(path).status_code == 404, path
            assert client.post(path, headers={"Origin": OWN}).status_code in (400, 404), path
        assert client.get(f"/{way}/{secret}").status_code == 200
    visitor = Visitor(app)
    visitor.get(f"/sign-in/{ways['sign-in']}")
    assert visitor.post(f"/sign-in/{ways['sign-in']}").status_code == 302
    assert visitor.get(f"/sign-in/{ways['sign-in']}").status_code == 404


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's place at the service, with no cookies."""
    return app.test_client(use_cookies=False)
