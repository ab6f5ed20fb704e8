"""Nobody gets in where they do not belong (THREATS A11, A12, H, I, J; P-15, P-16)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import ada_url
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from corrections_service import create_app
from corrections_service.rules.workflow import Role
from corrections_service.services import editors, reports
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Purpose, Report
from corrections_service.web.access import safe_next
from corrections_service.web.cases import ACTIONS
from corrections_service.web.headers import PAGES
from corrections_service.web.peers import client_address
from tests.services.newsroom import FERRY, Newsroom
from tests.web.visitors import OWN, Visitor, dump, signed_in

HOSTILE = Path(__file__).resolve().parents[2] / "../shared/data/hostile"


@dataclass(frozen=True)
class Row:
    """Who may do what at one address: the least role, and whether it belongs to one site."""

    least: Role | None
    is_of_site: bool = False
    path: Callable[[Newsroom, int], str] | None = None
    fields: dict[str, str] = field(default_factory=dict)


PUBLIC = PROGRAMS = Row(None)
"""What programs' tokens open is judged by tests/web/test_programs.py; no editor's session opens it."""

ROWS: dict[tuple[str, str], Row] = {
    **dict.fromkeys(
        [
            ("POST", "/api/v1/reports"),
            ("OPTIONS", "/api/v1/reports"),
            ("GET", "/api/v1/openapi.json"),
            ("GET", "/embed/<key>.js"),
            ("GET", "/a/<code>"),
            ("GET", "/a/<code>.svg"),
            ("GET", "/embed/<version>/<name>.js"),
            *((method, "/report/<key>") for method in ("GET", "POST")),
            *((method, "/r/<token>") for method in ("GET", "POST")),
            *((method, "/unsubscribe/<token>") for method in ("GET", "POST")),
            *((method, "/login") for method in ("GET", "POST")),
            ("POST", "/login/link"),
            *((method, "/front-door") for method in ("GET", "POST")),
            *((method, "/sign-in/<secret>") for method in ("GET", "POST")),
            *((method, "/invitation/<secret>") for method in ("GET", "POST")),
            *(("GET", f"/log/<slug>{rest}") for rest in ("", "/policy", "/feed.atom", "/feed.json", "/article.json")),
            ("GET", "/log/<slug>/corrections/<int:number>"),
            *(("GET", path) for path in ("/", "/healthz", "/readyz", "/metrics", "/static/<path:filename>")),
            ("POST", "/logout"),
        ],
        PUBLIC,
    ),
    **dict.fromkeys([("GET", "/api/v1/cases"), ("GET", "/api/v1/cases/<int:number>")], PROGRAMS),
    ("POST", "/api/v1/articles/changed"): PROGRAMS,
    **dict.fromkeys(
        [("GET", path) for path in ("/account", "/queue", "/queue/changes", "/reports", "/reports.csv")],
        Row(Role.VIEWER),
    ),
    ("POST", "/account"): Row(Role.VIEWER, fields={"name": "Somebody"}),
    ("GET", "/cases/<int:number>"): Row(Role.VIEWER, True, lambda _, case: f"/cases/{case}"),
    ("POST", "/cases/<int:number>/<action>"): Row(Role.AUTHOR, True),
    ("GET", "/settings/"): Row(Role.EDITOR),
    ("GET", "/settings/work"): Row(Role.ADMIN),
    ("POST", "/settings/work"): Row(Role.ADMIN, True, lambda *_: "/settings/work", {"delivery": "1"}),
    ("GET", "/settings/sites/<slug>"): Row(Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}"),
    ("POST", "/settings/sites/<slug>"): Row(
        Role.ADMIN,
        True,
        lambda news, _: f"/settings/sites/{news.site.slug}",
        {"origins": "https://news.example", "desk": "desk@news.example", "ways_in": "key"},
    ),
    ("POST", "/settings/sites/<slug>/desk-mail"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/desk-mail"
    ),
    ("POST", "/settings/sites/<slug>/origins"): Row(
        Role.ADMIN,
        True,
        lambda news, _: f"/settings/sites/{news.site.slug}/origins",
        {"origin": "https://www.news.example", "action": "allow"},
    ),
    ("GET", "/settings/sites/<slug>/words"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/words"
    ),
    ("POST", "/settings/sites/<slug>/words"): Row(
        Role.ADMIN,
        True,
        lambda news, _: f"/settings/sites/{news.site.slug}/words",
        {"lang": "en", "title": "Tell us"},
    ),
    ("GET", "/settings/sites/<slug>/links"): Row(
        Role.EDITOR, True, lambda news, _: f"/settings/sites/{news.site.slug}/links"
    ),
    ("POST", "/settings/sites/<slug>/links"): Row(
        Role.EDITOR,
        True,
        lambda news, _: f"/settings/sites/{news.site.slug}/links",
        {"url": "https://news.example/new"},
    ),
    ("GET", "/settings/sites/<slug>/editors"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/editors"
    ),
    ("POST", "/settings/sites/<slug>/editors"): Row(
        Role.ADMIN,
        True,
        lambda news, _: f"/settings/sites/{news.site.slug}/editors",
        {"action": "invite", "email": "new@news.example", "role": "viewer"},
    ),
}
NAMES_A_ROW = ("/split", "/sibling", "/settings/work", "/origins")
"""Where the form names something that is not there, which is 404 for everybody."""

AUTHORS_MAY = ("note", "look")
SAID = {
    "note": {"text": "Seen."},
    "decide": {"resolution": "not_an_error"},
    "ask": {"question": "Where?"},
    "snooze": {"until": "2099-01-01"},
    "merge": {"into": "1"},
    "split": {"report": "1"},
}


def rows() -> list[tuple[str, Row]]:
    """Each address that asks for a role, with its method; each thing that one can do with a case by itself."""
    fixed = [(method, rule, row) for (method, rule), row in ROWS.items() if row.least and rule.count("<") < 2]
    named = [
        (method, row if row.path else Row(row.least, False, _itself(rule), row.fields)) for method, rule, row in fixed
    ]
    acts = [
        ("POST", Row(Role.AUTHOR if one in AUTHORS_MAY else Role.EDITOR, True, _act(one), SAID.get(one, {})))
        for one in ACTIONS
    ]
    return named + acts


def _itself(rule: str) -> Callable[[Newsroom, int], str]:
    return lambda *_: rule


def _act(action: str) -> Callable[[Newsroom, int], str]:
    return lambda _, case: f"/cases/{case}/{action}"


def test_every_address_has_a_row(app: Flask) -> None:
    """I06, P-15: an address that nobody thought about fails here."""
    there = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"} or {"OPTIONS"}
    }
    assert there == set(ROWS)


def test_each_role_does_what_it_may_on_its_own_site_and_nothing_elsewhere(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    """I06, P-15: too low a role is 403, another site's is 404, nobody is sent to sign in; none has an effect."""
    case = newsroom.case_of(newsroom.send(email="ann@readers.example"))
    people = {role: signed_in(app, db, newsroom.hire(role)) for role in Role}
    stranger, anybody = signed_in(app, db, neighbour.hire(Role.ADMIN, "chief@gazette.example")), Visitor(app)
    before = dump(db)
    for method, row in rows():
        assert row.path is not None
        path = row.path(newsroom, case)
        said = _go(anybody, method, path, row)
        assert said == (302 if method == "GET" else 403), (method, path, said)
        if row.is_of_site:
            assert _go(stranger, method, path, row) == 404, (method, path)
        for role, person in people.items():
            if row.least is not None and not role.covers(row.least):
                assert _go(person, method, path, row) == 403, (role, method, path)
    assert dump(db) == before
    for method, row in rows():
        case = newsroom.case_of(newsroom.send(url=f"https://news.example/{newsroom.count(Report)}"))
        assert row.path is not None
        assert row.least is not None
        path = row.path(newsroom, case)
        person = people[row.least] if path != "/account" else people[Role.ADMIN]
        person.get("/account")  # saving it begins a new session, with a token of its own
        said = _go(person, method, path, row)
        assert said in (200, 302, 303, 409, 422) or path.endswith(NAMES_A_ROW), (method, path, said)


def _go(visitor: Visitor, method: str, path: str, row: Row) -> int:
    return (visitor.client.get(path) if method == "GET" else visitor.post(path, **row.fields)).status_code


def test_no_number_in_a_form_or_a_link_reaches_into_another_site(
    app: Flask, db: Database, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    """I07: bodies, filters, search and the people's list show and change one's own only."""
    mine = newsroom.case_of(newsroom.send())
    sent = neighbour.send(url="https://gazette.example/a", **FERRY)
    theirs, their_editor = neighbour.case_of(sent), neighbour.hire(Role.EDITOR, "ed@gazette.example")
    me = signed_in(app, db, newsroom.hire(Role.ADMIN))
    with db.read() as session:
        their_report = reports.by_token(session, sent.token).id
    before = dump(db)
    attempts = [
        (f"/cases/{mine}/merge", {"into": str(theirs)}),
        (f"/cases/{mine}/split", {"report": str(their_report)}),
        (f"/settings/sites/{newsroom.site.slug}/editors", {"editor": str(their_editor), "role": "none"}),
        ("/settings/work", {"delivery": "2"}),
        ("/settings/work", {"delivery": "x"}),
    ]
    for path, fields in attempts:
        assert me.post(path, **fields).status_code == 404, path
    for query in (f"site={neighbour.site.id}", "q=leaves", f"view=all&q=%23{theirs}", f"q={sent.reference}", ""):
        page = me.get(f"/queue?view=all&{query}").get_data(as_text=True)
        assert f'data-case="{theirs}"' not in page
        assert "Gazette" not in page
    assert dump(db) == before


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


@pytest.mark.parametrize("host", ["evil.test", "corrections.example.evil.test", "evil.test:80", "[::1", "a b", "", "@"])
def test_another_name_is_refused_and_never_repeated(client: FlaskClient, host: str) -> None:
    """H10, C19."""
    for path in ("/login", "/api/v1/reports", "/log/news", "/nothing"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.get_data(as_text=True) + str(answer.headers)
    forwarded = client.get("/queue", headers={"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"})
    assert "evil" not in str(forwarded.headers)


@pytest.mark.parametrize(
    ("peer", "said", "seen"),
    [
        ("198.51.100.7", "1.2.3.4", "198.51.100.7"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 5.5.5.5, 4.4.4.4, 3.3.3.3, 2.2.2.2", "2.2.2.2"),
        ("10.0.0.1", "[2001:db8::7]:443", "2001:db8::7"),
        ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.1", "1.2.3.4:5678", "1.2.3.4"),
        ("10.0.0.1", "garbage", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, " * 12_000 + "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_a_sender_is_who_the_last_trusted_proxy_saw(
    app: Flask, database_settings: Settings, peer: str, said: str, seen: str
) -> None:
    """J01, J02."""
    config = database_settings.model_copy(update={"trusted_proxies": ["10.0.0.0/8"]})
    with app.test_request_context(
        "/", headers={"X-Forwarded-For": said}, environ_base={"REMOTE_ADDR": peer}
    ) as context:
        assert client_address(context.request, config) == seen
        assert client_address(context.request, database_settings) == peer.removeprefix("::ffff:")


def test_every_address_there_is_is_no_proxy(database_settings: Settings) -> None:
    """J03."""
    for everything in ("0.0.0.0/0", "::/0"):
        with pytest.raises(ValueError, match="every address"):
            Settings(**{**database_settings.model_dump(), "trusted_proxies": [everything]})


def test_figures_for_machines_are_for_this_machine(client: FlaskClient) -> None:
    """J08: not for those whom a proxy on this machine lets through."""
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 404
    assert client.get("/healthz").get_data() == b"ok\n"


def test_no_page_can_be_framed_and_none_runs_what_is_not_ours(
    app: Flask, db: Database, newsroom: Newsroom, client: FlaskClient
) -> None:
    """I10, I13, I14, C18, H04: the headers of pages, data, errors; secrets are not told on."""
    sent, me = newsroom.send(), signed_in(app, db, newsroom.hire(Role.ADMIN))
    inside = [me.client.get(path) for path in ("/queue", f"/cases/{newsroom.case_of(sent)}", "/settings/", "/account")]
    pages = ["/login", f"/r/{sent.token}", f"/report/{newsroom.site.key}", f"/log/{newsroom.site.slug}", "/<script>"]
    for answer in inside + [client.get(path) for path in pages]:
        assert answer.headers["Content-Security-Policy"] == PAGES
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "<script>" not in answer.get_data(as_text=True)
    for answer in (*inside, client.get(f"/r/{sent.token}"), client.get("/login")):
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"/r/{sent.token}").headers["Referrer-Policy"] == "no-referrer"
    for path in (f"/log/{newsroom.site.slug}/feed.json", f"/embed/{newsroom.site.key}.js", "/api/v1/nothing"):
        assert "sandbox" in client.get(path).headers["Content-Security-Policy"]
    assert me.post("/logout").headers["Clear-Site-Data"] == '"cache", "storage"'


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
