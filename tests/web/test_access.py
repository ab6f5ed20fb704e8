"""Each role does what it may on its own site, and nothing elsewhere (THREATS I06, I07; P-15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask

from corrections_service.rules.workflow import Role
from corrections_service.services import reports
from corrections_service.store.database import Database
from corrections_service.store.models import Report
from corrections_service.web.cases import ACTIONS
from tests.services.newsroom import FERRY, Newsroom
from tests.web.visitors import Visitor, dump, signed_in


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
            ("POST", "/r/<token>/attachments"),
            *((method, "/unsubscribe/<token>") for method in ("GET", "POST")),
            *((method, "/act/<token>") for method in ("GET", "POST")),
            *((method, "/unsubscribe/mine/<token>") for method in ("GET", "POST")),
            *((method, "/login") for method in ("GET", "POST")),
            ("POST", "/login/link"),
            ("POST", "/login/passkey"),
            ("POST", "/login/passkey/options"),
            ("GET", "/login/accounts"),
            ("GET", "/login/accounts/back"),
            *((method, "/setup") for method in ("GET", "POST")),
            ("GET", "/login/accounts/<key>"),
            ("GET", "/login/accounts/<key>/back"),
            *((method, "/second-factor") for method in ("GET", "POST")),
            *((method, "/front-door") for method in ("GET", "POST")),
            *((method, "/sign-in/<secret>") for method in ("GET", "POST")),
            *((method, "/invitation/<secret>") for method in ("GET", "POST")),
            *(
                ("GET", f"/log/<slug>{rest}")
                for rest in ("", "/policy", "/figures", "/verify", "/feed.atom", "/feed.rss")
            ),
            *(("GET", f"/log/<slug>/{name}") for name in ("feed.json", "log.csv", "log.ndjson")),
            *(("GET", f"/log/<slug>/article.{form}") for form in ("json", "html")),
            ("GET", "/log/<slug>/corrections/<int:number>"),
            *(("GET", path) for path in ("/", "/healthz", "/readyz", "/metrics", "/static/<path:filename>")),
            ("POST", "/logout"),
        ],
        PUBLIC,
    ),
    **dict.fromkeys([("GET", "/api/v1/cases"), ("GET", "/api/v1/cases/<int:number>")], PROGRAMS),
    ("POST", "/api/v1/articles/changed"): PROGRAMS,
    **dict.fromkeys(
        [
            ("GET", path)
            for path in (
                *(
                    "/account",
                    "/account/second-factor",
                    "/account/sessions",
                    "/account/passkeys",
                    "/queue",
                    "/queue/changes",
                    "/queue/complete",
                    "/queue.csv",
                ),
                *("/reports", "/reports.csv"),
            )
        ],
        Row(Role.VIEWER),
    ),
    ("POST", "/account/mails/<slug>"): Row(
        Role.VIEWER, True, lambda news, _: f"/account/mails/{news.site.slug}", {"pace_new": "daily"}
    ),
    ("POST", "/account/keys"): Row(Role.VIEWER, fields={"single": "on"}),
    ("POST", "/cases/<int:number>/here"): Row(
        Role.VIEWER, True, lambda _, case: f"/cases/{case}/here", {"doing": "looking"}
    ),
    ("POST", "/cases/<int:number>/check"): Row(Role.EDITOR, True, lambda _, case: f"/cases/{case}/check"),
    ("POST", "/account/second-factor"): Row(Role.VIEWER, fields={"action": "on", "code": "000000"}),
    ("POST", "/account/passkeys"): Row(Role.VIEWER, fields={"action": "remove", "passkey": "1"}),
    ("POST", "/account/passkeys/options"): Row(Role.VIEWER),
    ("POST", "/account/sessions"): Row(Role.VIEWER, fields={"action": "others"}),
    ("POST", "/account"): Row(Role.VIEWER, fields={"name": "Somebody"}),
    ("POST", "/queue/views"): Row(Role.VIEWER, fields={"name": "Mine", "q": "ferry"}),
    ("POST", "/queue/views/<int:number>"): Row(Role.VIEWER, True, lambda *_: "/queue/views/1", {"action": "delete"}),
    ("GET", "/cases/<int:number>"): Row(Role.VIEWER, True, lambda _, case: f"/cases/{case}"),
    ("POST", "/cases/<int:number>/<action>"): Row(Role.AUTHOR, True),
    ("GET", "/cases/<int:number>/attachments/<int:picture>"): Row(Role.EDITOR, True),
    ("POST", "/practice"): Row(Role.EDITOR, fields={"action": "end"}),
    ("POST", "/bulk"): Row(Role.EDITOR, True, lambda *_: "/bulk", {"case": "1:1"}),
    ("POST", "/bulk/start"): Row(Role.EDITOR, True, lambda *_: "/bulk/start", {"cases": "1:1", "action": "claim"}),
    ("GET", "/bulk/<int:number>"): Row(Role.EDITOR, True, lambda *_: "/bulk/1"),
    ("POST", "/bulk/<int:number>/undo"): Row(Role.EDITOR, True, lambda *_: "/bulk/1/undo"),
    ("GET", "/bulk/mails"): Row(Role.EDITOR, True, lambda _, case: f"/bulk/mails?case={case}:1"),
    ("GET", "/settings/"): Row(Role.EDITOR),
    ("GET", "/settings/work"): Row(Role.ADMIN),
    ("POST", "/settings/work"): Row(Role.ADMIN, True, lambda *_: "/settings/work", {"delivery": "1"}),
    ("POST", "/settings/work/test-mail"): Row(Role.ADMIN),
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
    **dict.fromkeys(
        [("GET", "/settings/sites/<slug>/urgency"), ("POST", "/settings/sites/<slug>/urgency")],
        Row(Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/urgency"),
    ),
    **dict.fromkeys(
        [("GET", "/settings/sites/<slug>/owners"), ("POST", "/settings/sites/<slug>/owners")],
        Row(Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/owners", {"action": "add"}),
    ),
    ("GET", "/settings/new-site"): Row(Role.ADMIN),
    ("POST", "/settings/new-site"): Row(Role.ADMIN, fields={"name": "The Gazette"}),
    **dict.fromkeys(
        [("GET", "/settings/sites/<slug>/name"), ("POST", "/settings/sites/<slug>/name")],
        Row(
            Role.ADMIN,
            True,
            lambda news, _: f"/settings/sites/{news.site.slug}/name",
            {"name": "Late News", "language": "de"},
        ),
    ),
    **dict.fromkeys(
        [("GET", "/settings/sites/<slug>/programs"), ("POST", "/settings/sites/<slug>/programs")],
        Row(
            Role.ADMIN,
            True,
            lambda news, _: f"/settings/sites/{news.site.slug}/programs",
            {"name": "CMS", "scopes": "cases:read"},
        ),
    ),
    ("POST", "/settings/sites/<slug>/reports"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/reports", {"action": "take"}
    ),
    ("GET", "/settings/sites/<slug>/export.<form>"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/export.csv"
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
    ("GET", "/settings/sites/<slug>/telling"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/telling"
    ),
    ("POST", "/settings/sites/<slug>/telling"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/telling", {"cache_minutes": "15"}
    ),
    **dict.fromkeys(
        [("GET", "/settings/sites/<slug>/start"), ("POST", "/settings/sites/<slug>/start")],
        Row(Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/start", {"address": ""}),
    ),
    **dict.fromkeys(
        [("GET", "/settings/sites/<slug>/start/articles"), ("POST", "/settings/sites/<slug>/start/articles")],
        Row(Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/start/articles", {"address": ""}),
    ),
    **dict.fromkeys(
        [("GET", "/settings/sites/<slug>/start/mail"), ("POST", "/settings/sites/<slug>/start/mail")],
        Row(Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/start/mail"),
    ),
    ("GET", "/settings/sites/<slug>/cms"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/cms"
    ),
    ("POST", "/settings/sites/<slug>/cms"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/cms", {"pattern": ""}
    ),
    ("GET", "/settings/sites/<slug>/answers"): Row(
        Role.EDITOR, True, lambda news, _: f"/settings/sites/{news.site.slug}/answers"
    ),
    ("POST", "/settings/sites/<slug>/answers"): Row(
        Role.EDITOR,
        True,
        lambda news, _: f"/settings/sites/{news.site.slug}/answers",
        {"resolution": "opinion", "language": "en", "text": "We see.", "action": "keep"},
    ),
    ("GET", "/settings/sites/<slug>/blocks"): Row(
        Role.EDITOR, True, lambda news, _: f"/settings/sites/{news.site.slug}/blocks"
    ),
    ("POST", "/settings/sites/<slug>/blocks"): Row(
        Role.EDITOR,
        True,
        lambda news, _: f"/settings/sites/{news.site.slug}/blocks",
        {"kind": "host", "value": "spam.example", "reason": "Spam.", "until": "2099-01-01"},
    ),
    ("GET", "/settings/sites/<slug>/mail"): Row(
        Role.EDITOR, True, lambda news, _: f"/settings/sites/{news.site.slug}/mail"
    ),
    ("POST", "/settings/sites/<slug>/mail"): Row(
        Role.EDITOR, True, lambda news, _: f"/settings/sites/{news.site.slug}/mail", {"action": "done", "number": "1"}
    ),
    **dict.fromkeys(
        [("GET", "/settings/sites/<slug>/webhooks"), ("POST", "/settings/sites/<slug>/webhooks")],
        Row(
            Role.ADMIN,
            True,
            lambda news, _: f"/settings/sites/{news.site.slug}/webhooks",
            {"kind": "plain", "address": "https://hooks.example/in", "events": "case.new"},
        ),
    ),
    ("GET", "/settings/sites/<slug>/webhooks/<int:number>"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/webhooks/1"
    ),
    ("POST", "/settings/sites/<slug>/webhooks/<int:number>"): Row(
        Role.ADMIN, True, lambda news, _: f"/settings/sites/{news.site.slug}/webhooks/1", {"action": "remove"}
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
NAMES_A_ROW = (
    "/mail",
    "/queue/views/1",
    "/split",
    "/move",
    "/sibling",
    "/block",
    "/settings/work",
    "/origins",
    "/passkeys",
    "/new-site",
)
"""Where the form names something that is not there, which is 404 for everybody, or another newsroom is in the same house."""

AUTHORS_MAY = ("note", "look")
SAID = {
    "note": {"text": "Seen."},
    "decide": {"resolution": "not_an_error"},
    "ask": {"question": "Where?"},
    "snooze": {"until": "2099-01-01"},
    "merge": {"into": "1"},
    "split": {"report": "1"},
    "move": {"report": "1", "into": "1"},
    "spread": {"channel": "print", "is_done": "1"},
    "block": {"report": "1", "kind": "sender", "reason": "Spam.", "until": "2099-01-01"},
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
        (f"/cases/{mine}/move", {"report": str(their_report), "into": str(theirs)}),
        ("/bulk", {"case": f"{theirs}:1"}),
        ("/bulk/start", {"cases": f"{mine}:1 {theirs}:1", "action": "claim"}),
        ("/bulk/start", {"cases": f"{mine}:1", "action": "merge", "into": str(theirs)}),
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
