"""The newsroom's own accounts bring roles where a setting says which, by what a real provider's ID token holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from corrections_service.rules.workflow import Role
from corrections_service.services import accounts as services
from corrections_service.services import editors
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Purpose, now
from corrections_service.web.accounts import values_of
from tests.accounts_server import enrol
from tests.services.newsroom import Newsroom
from tests.web.test_account import WORDS, log_in
from tests.web.test_accounts import come, with_accounts
from tests.web.test_publications import NEW
from tests.web.test_second_factors import is_in
from tests.web.visitors import Visitor, dump, signed_in

ADA = {"email": "ada@news.example", "email_verified": True, "name": "Ada\nLovelace"}
TABLE = "news-editors=editor@news, news-admins=admin@*"


@pytest.fixture
def app(database_settings: Settings, db: Database, accounts: str, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A service that takes roles from these accounts."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    return with_accounts(database_settings, db, accounts, oidc_roles=TABLE)


def role_of(db: Database, email: str = "ada@news.example") -> Role | None:
    with db.read() as session:
        editor = editors.by_email(session, email)
        return editor.memberships[0].role if editor is not None and editor.memberships else None


def test_who_is_in_a_group_of_the_table_has_an_account_at_once_and_follows_it(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str
) -> None:
    enrol(accounts, "20", **ADA, groups=["staff", "news-editors"])
    visitor, before = Visitor(app), newsroom.count(Editor)
    assert come(visitor, "20").location == "/queue"
    assert is_in(visitor)
    assert role_of(db) is Role.EDITOR
    assert newsroom.count(Editor) == before + 1
    page = visitor.get("/account").get_data(as_text=True)
    assert 'value="Ada Lovelace"' in page
    admin = signed_in(app, db, newsroom.hire(Role.ADMIN))
    assert "given by News ID" in admin.get("/settings/sites/news/editors").get_data(as_text=True)
    enrol(accounts, "20", **ADA, groups=["staff"])
    answer = come(Visitor(app), "20")
    assert (answer.status_code, "Nobody signs in here as" in answer.get_data(as_text=True)) == (403, True)
    assert role_of(db) is None
    assert not is_in(visitor), "the open session ends with the role"


@pytest.mark.parametrize(
    "claims",
    [
        {**ADA},
        {**ADA, "groups": []},
        {**ADA, "groups": ["NEWS-ADMINS", "news-admin", " news-admins", "news-admins=admin@*"]},
        {**ADA, "groups": {"news-admins": True}},
        {**ADA, "groups": [["news-admins"], {"x": "news-admins"}, 1, None]},
        {**ADA, "groups": "staff news-admins"},
        {**ADA, "roles": ["news-admins"]},
        {**ADA, "email_verified": False, "groups": ["news-admins"]},
        {"email": "<script>@news.example", "email_verified": True, "groups": ["news-admins"]},
    ],
)
def test_who_is_in_no_group_of_the_table_or_has_no_verified_address_stays_outside(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str, claims: dict[str, object]
) -> None:
    enrol(accounts, "21", **claims)
    before, visitor = dump(db), Visitor(app)
    assert come(visitor, "21").status_code == 403
    assert not is_in(visitor)
    assert dump(db) == before


def test_without_the_setting_no_claim_gives_or_takes_a_role(
    database_settings: Settings, db: Database, newsroom: Newsroom, accounts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    app = with_accounts(database_settings, db, accounts)
    enrol(accounts, "22", **ADA, groups=["news-admins"])
    assert come(Visitor(app), "22").status_code == 403
    newsroom.hire(Role.VIEWER, "ada@news.example")
    assert come(Visitor(app), "22").location == "/queue"
    assert role_of(db) is Role.VIEWER


def test_another_account_with_the_same_address_moves_no_role(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str
) -> None:
    enrol(accounts, "23", **ADA, groups=["news-editors"])
    enrol(accounts, "24", **ADA, groups=["news-admins"])
    enrol(accounts, "25", **ADA, groups=[])
    assert come(Visitor(app), "23").location == "/queue"
    before = dump(db)
    for subject in ("24", "25"):
        assert come(Visitor(app), subject).status_code == 403
    assert role_of(db) is Role.EDITOR
    assert dump(db) == before


def test_a_claim_is_one_text_or_several_and_may_lie_within_another() -> None:
    claims = {"a": "x", "b": ["x", 1, "y"], "c": {"roles": ["z"]}, "https://n.example/roles": ["w"], "d": None}
    known = {name: values_of(claims, name) for name in ("a", "b", "c.roles", "https://n.example/roles")}
    assert known == {"a": {"x"}, "b": {"x", "y"}, "c.roles": {"z"}, "https://n.example/roles": {"w"}}
    for name in ("d", "c", "e", "a.b", "c.roles.x", "", "."):
        assert values_of(claims, name) == set(), name


@pytest.mark.parametrize(
    "silent",
    [
        {},
        {"groups": None},
        {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://graph.example"}}},
        {"hasgroups": True},
    ],
)
def test_who_has_roles_by_a_claim_keeps_them_where_the_accounts_leave_it_out(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str, silent: dict[str, object]
) -> None:
    """Of people in very many groups Microsoft Entra tells none; a mapper is taken away by mistake."""
    enrol(accounts, "26", **ADA, groups=["news-editors"])
    visitor = Visitor(app)
    assert come(visitor, "26").location == "/queue"
    enrol(accounts, "26", **ADA, **silent)
    before = dump(db)
    answer = come(Visitor(app), "26")
    assert (answer.status_code, "did not say which groups you are in" in answer.get_data(as_text=True)) == (403, True)
    assert dump(db) == before
    assert is_in(visitor)
    newsroom.hire(Role.VIEWER, "bo@news.example")
    enrol(accounts, "27", email="bo@news.example", email_verified=True, **silent)
    assert come(Visitor(app), "27").location == "/queue", "who has a role that was given here is let in"


@pytest.mark.parametrize(("by_hand", "stays"), [(False, False), (True, True)])
def test_who_administers_by_the_accounts_administers_a_new_publication_by_them(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str, by_hand: bool, stays: bool
) -> None:
    newsroom.hire(Role.ADMIN, "ada@news.example" if by_hand else "boss@news.example")
    enrol(accounts, "28", **ADA, groups=["news-admins"])
    visitor = Visitor(app)
    assert come(visitor, "28").location == "/queue"
    visitor.get("/settings/new-site")
    assert visitor.post("/settings/new-site", **NEW).status_code == 303
    with db.read() as session:
        editor = editors.by_email(session, "ada@news.example")
        assert editor is not None
        issuers = {membership.site.slug: membership.issuer for membership in editor.memberships}
    assert (issuers["the-evening-news"] == "") is stays
    assert (issuers["news"] == "") is by_hand


def test_who_has_left_the_accounts_comes_in_another_way_for_a_day_at_most(
    app: Flask, db: Database, newsroom: Newsroom, accounts: str
) -> None:
    """By a password and by a link; those who are still there come by the accounts again."""
    enrol(accounts, "29", **ADA, groups=["news-editors"])
    visitor = Visitor(app)
    assert come(visitor, "29").location == "/queue"
    visitor.get("/account")
    assert visitor.post("/account", name="Ada", password=WORDS).location == "/account"
    assert log_in(Visitor(app), "ada@news.example") == 302
    with db.write() as session:
        editor = editors.by_email(session, "ada@news.example")
        assert editor is not None
        past = (now() - services.GOOD_FOR - timedelta(minutes=1)).isoformat()
        editors.choose(session, editor, **{services.LAST_CAME: {accounts: past}})
        secret = editors.link(session, editor, Purpose.SIGN_IN, hours=1)
    late = Visitor(app)
    late.get("/login")
    for path, fields in (
        ("/login", {"email": "ada@news.example", "password": WORDS}),
        (f"/sign-in/{secret}", {}),
    ):
        answer = late.post(path, **fields)
        assert (answer.status_code, "more than a day" in answer.get_data(as_text=True)) == (403, True), path
        assert not is_in(late)
    assert role_of(db) is Role.EDITOR
    assert come(late, "29").location == "/queue"
    assert log_in(Visitor(app), "ada@news.example") == 302
