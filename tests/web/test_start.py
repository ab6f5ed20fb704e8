"""The guide for a new site: an article checked as it is served, the first load seen, each fault in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Role
from corrections_service.services import editors, hosts, sites
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Editor, Site
from corrections_service.web import start
from tests.applications import application
from tests.services.newsroom import Newsroom
from tests.web.visitors import OWN, Visitor, dump, signed_in
from tests.work.canaries import LOOPBACK, Canary, listening

PATH = "/settings/sites/news/start"
TEXT = "<h1>The bridge</h1>" + "<p>The bridge over the harbour was opened by the king on a rainy day.</p>" * 5
NEVER_SHOWN = "<script>alert(1)</script>"


class Article:
    """An article of the newspaper, as its server sends it, and what robots.txt says there."""

    def __init__(self, canary: Canary, tag: str) -> None:
        self.canary, self.origin, self.address = canary, canary.origin, f"{canary.origin}/bridge"
        self.head, self.body, self.tag = f'<link rel="canonical" href="{self.address}">', TEXT, tag
        self.headers: dict[str, str] = {}
        self.robots = b""
        canary.answer = self.answer

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/robots.txt":
            Canary.article(handler, self.robots, kind="text/plain")
        else:
            Canary.article(handler, f"<head>{self.head}{self.tag}</head>{self.body}".encode(), **self.headers)


@pytest.fixture
def article(db: Database, newsroom: Newsroom) -> Iterator[Article]:
    """An article with nothing wrong in it, on a server of the site's."""
    with listening(Canary()) as canary:
        with db.write() as session:
            session.get_one(Site, newsroom.site.id).origins = [canary.origin]
        yield Article(canary, sites.embed_tag(newsroom.site, OWN))


@pytest.fixture
def admin(database_settings: Settings, db: Database, newsroom: Newsroom) -> Visitor:
    """An administrator of the site, at a service that may read from loopback."""
    app = application(database_settings.model_copy(update={"fetch_allow": LOOPBACK}), db)
    app.config["SERVER_NAME"] = database_settings.host
    return signed_in(app, db, newsroom.hire(Role.ADMIN))


def main(answer: TestResponse) -> LexborNode:
    """The page's main element."""
    found = LexborHTMLParser(answer.get_data(as_text=True)).css_first("main")
    assert found is not None
    return found


def check(admin: Visitor, article: Article) -> dict[str, LexborNode]:
    """Have the article checked: what the guide then says, by what is wrong or right."""
    assert admin.post(PATH, address=article.address).status_code == 303
    nodes = main(admin.get(PATH)).css("[data-point]")
    return {f"{node.attributes['data-point']}.{node.attributes['data-fault']}": node for node in nodes}


def states(page: LexborNode) -> dict[str, str]:
    """How the steps stand."""
    return {
        str(node.attributes["id"]).removeprefix("state-"): node.text().strip("✓○ \n")
        for node in page.css(".step-state")
    }


def refusal(answer: TestResponse) -> str:
    assert answer.status_code == 422
    wrong = main(answer).css_first("#address-wrong")
    assert wrong is not None
    return wrong.text()


def test_a_page_that_has_all_turns_two_steps_green(admin: Visitor, article: Article) -> None:
    page = main(admin.get(PATH))
    assert states(page) == dict.fromkeys(("tag", "check", "load", "report"), "Open")
    shown = page.css_first("#tag")
    assert shown is not None
    assert shown.text() == article.tag
    points = check(admin, article)
    assert list(points) == ["page.", "tag.", "key.", "canonical.", "text.", "policy."]
    assert "The bridge" in points["text."].text()
    page = main(admin.get(PATH))
    assert states(page) == {"tag": "Done", "check": "Done", "load": "Open", "report": "Open"}
    typed = page.css_first("[name=address]")
    assert typed is not None
    assert typed.attributes["value"] == article.address


@pytest.mark.parametrize(
    ("change", "said", "words", "cure"),
    [
        ({"tag": ""}, "tag.missing", "The tag is not there.", "Paste the line of step 1"),
        ({"tag": "http:ELSEWHERE"}, "tag.elsewhere", "another address", "Put the line of step 1"),
        ({"tag": "TYPED"}, "tag.inert", "text/plain", "consent banner"),
        ({"tag": "STALE"}, "tag.stale", "loads nothing", "new pinned line"),
        ({"tag": "KEYED"}, "key.other", "another publication’s key", "Put the line of step 1"),
        ({"head": ""}, "canonical.missing", "names no canonical address", "link rel="),
        (
            {"head": '<link rel="canonical" href="https://x.example/a">'},
            "canonical.foreign",
            "https://x.example/a",
            "CMS",
        ),
        ({"head": '<link rel="canonical" href="/">'}, "canonical.front", "another page", "its own address"),
        ({"body": "<div id=app></div>"}, "text.missing", "Hardly any text", "Let the server send"),
        ({"headers": {"Content_Security_Policy": "script-src 'self'"}}, "policy.script", "script-src", OWN),
        ({"headers": {"Content_Security_Policy": "connect-src 'self'"}}, "policy.connect", "connect-src", OWN),
        (
            {"headers": {"Content_Security_Policy": "script-src 'strict-dynamic'"}},
            "policy.nonce",
            "nonce",
            "same nonce",
        ),
        ({"headers": {"kind": "image/png"}}, "page.unreachable", "holds no article", "check again"),
        ({"robots": b"User-agent: *\nDisallow: /"}, "page.unreachable", "robots.txt", "check again"),
    ],
)
def test_each_fault_is_one_sentence_with_its_cure(
    admin: Visitor, article: Article, newsroom: Newsroom, change: dict[str, Any], said: str, words: str, cure: str
) -> None:
    key, tag = newsroom.site.key, article.tag
    tags = {
        "http:ELSEWHERE": tag.replace(OWN, "http://old.example"),
        "TYPED": tag.replace("module", "text/plain"),
        "STALE": f'<script type="module" src="{OWN}/embed/000000000000/en.js?site={key}"></script>',
        "KEYED": tag.replace(key, "SomeOtherKey"),
    }
    for name, value in change.items():
        setattr(article, name, tags.get(value, value) if name == "tag" else value)
    points = check(admin, article)
    assert [point for point in points if not point.endswith(".")] == [said]
    sentence = " ".join(points[said].text().split())
    assert words in sentence
    assert cure in sentence


def test_another_site_s_key_is_named_to_who_works_there_alone(
    admin: Visitor, article: Article, newsroom: Newsroom, neighbour: Newsroom
) -> None:
    article.tag = article.tag.replace(newsroom.site.key, neighbour.site.key)
    assert "Gazette" not in check(admin, article)["key.other"].text()
    neighbour.hire(Role.VIEWER, "admin@news.example")
    assert "the key of Gazette" in check(admin, article)["key.other"].text()


def test_nothing_of_a_hostile_page_is_shown_but_as_words(admin: Visitor, article: Article, db: Database) -> None:
    article.head = '<link rel="canonical" href="https://evil.example/&quot;><script>alert(1)</script>">'
    article.tag = (
        f'<script type="{NEVER_SHOWN.replace("<", "&lt;")}" src="{OWN}/embed/&quot;&gt;&lt;b&gt;.js"></script>'
    )
    article.tag += article.tag.replace("&quot;&gt;&lt;b&gt;", "A" * 79)
    article.body = f"<h1>&lt;script&gt;alert(1)&lt;/script&gt;\u202e</h1>{TEXT}"
    article.headers = {"Content_Security_Policy": "script-src '\"><script>alert(1)</script>'"}
    check(admin, article)
    page = admin.get(PATH).get_data(as_text=True)
    assert NEVER_SHOWN not in page
    assert "&lt;script&gt;alert(1)" in page
    with db.read() as session:
        kept = session.get_one(Site, 1).page_check
    assert len(str(kept)) < 5_000


def test_addresses_elsewhere_are_refused_in_words_and_nobody_is_asked(
    admin: Visitor, article: Article, db: Database
) -> None:
    for address in ("https://evil.example/a", "http://127.0.0.1:1/", article.address.replace("127.0.0.1", "localhost")):
        assert f"whose articles are at {article.origin}" in refusal(admin.post(PATH, address=address))
    for address in ("file:///etc/passwd", "bridge", f"http://user@{article.origin[7:]}/", "http://a.example/\nb"):
        assert refusal(admin.post(PATH, address=address))
    assert article.canary.hits == []
    with db.read() as session:
        assert session.get_one(Site, 1).page_check is None


def test_a_site_whose_articles_are_nowhere_yet_asks_for_that_first(admin: Visitor, db: Database) -> None:
    with db.write() as session:
        session.get_one(Site, 1).origins = []
    sentence = refusal(admin.post(PATH, address="https://news.example/bridge"))
    assert "It is not known yet where the articles of News are" in sentence
    assert "in the step “Articles”" in sentence


def test_an_address_of_two_publications_is_said_to_be_both_s_by_name_to_who_works_there(
    admin: Visitor, db: Database, newsroom: Newsroom
) -> None:
    def notes() -> list[str]:
        pages = [admin.get(f"/settings/sites/{newsroom.site.slug}{page}") for page in ("", "/start", "/start/articles")]
        return [note for page in pages for note in re.findall(r"\S+ is an address of .*?, too", main(page).text())]

    assert notes() == []
    with db.write() as session:
        origin = session.get_one(Site, 1).origins[0]
        other = sites.create(session, name="Evening", origins=[origin], desk="desk@evening.example")
    assert notes() == [f"{origin} is an address of another publication, too"] * 3
    with db.write() as session:
        editors.set_role(session, session.scalars(select(Editor)).one(), other, Role.VIEWER)
    assert notes() == [f"{origin} is an address of Evening, too"] * 3


def test_a_host_that_is_being_read_is_left_alone_and_what_was_seen_stays(
    admin: Visitor, article: Article, db: Database
) -> None:
    check(admin, article)
    with db.write() as session:
        assert hosts.claim(session, article.address)
    assert "check again in" in refusal(admin.post(PATH, address=article.address))
    assert states(main(admin.get(PATH)))["check"] == "Done"


def test_who_has_checked_often_is_asked_to_wait(
    admin: Visitor, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "CHECKS", "1/day")
    check(admin, article)
    assert "often enough" in refusal(admin.post(PATH, address=article.address))


def test_an_open_page_is_told_only_of_what_is_new(admin: Visitor, newsroom: Newsroom) -> None:
    first = admin.get(PATH)
    known = {"If-None-Match": first.headers["ETag"]}
    assert admin.get(PATH, headers=known).status_code == 304
    case = newsroom.case_of(newsroom.send())
    fresh = admin.get(PATH, headers=known)
    assert fresh.status_code == 200
    page = main(fresh)
    assert states(page)["report"] == "Done"
    assert page.css_first(f'#report a[href="/cases/{case}"]') is not None


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://news.example", "Sec-Fetch-Dest": "script"}, {"Referer": "https://news.example/bridge?a=b"}],
)
@pytest.mark.parametrize("kind", ["loader", "whole"])
def test_the_first_load_by_a_page_of_the_site_is_seen_and_later_ones_write_nothing(
    app: Flask, db: Database, newsroom: Newsroom, headers: dict[str, str], kind: str
) -> None:
    admin, reader = signed_in(app, db, newsroom.hire(Role.ADMIN)), app.test_client()
    key = newsroom.site.key
    with app.app_context():
        version = app.extensions["reader_script"].version
    path = f"/embed/{key}.js" if kind == "loader" else f"/embed/{version}/en.js?site={key}"
    assert reader.get(path).status_code == 200
    for strange in (
        {"Origin": "null"},
        {"Origin": OWN},
        {"Referer": f"{OWN}{PATH}"},
        {"Origin": "https://evil.example", "Referer": "https://news.example/"},
        {"Referer": "https://news.example/", "Sec-Fetch-Dest": "document"},
        {"Origin": "\u20ac"},
    ):
        assert reader.get(path, headers=strange).status_code == 200
    reader.head(path, headers=headers)
    assert states(main(admin.get(PATH)))["load"] == "Open"
    answer = reader.get(path, headers=headers)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert states(main(admin.get(PATH)))["load"] == "Done"
    before = dump(db)
    assert reader.get(path, headers=headers).status_code == 200
    assert dump(db) == before


def test_the_script_is_served_though_the_first_load_cannot_be_kept(app: Flask, db: Database, site: Site) -> None:
    """A reader's page gets it after the database's patience, and the next reader's at once."""
    path, headers = f"/embed/{site.key}.js", {"Origin": "https://news.example"}
    with db.engine.connect() as busy:
        busy.execute(update(Site).values(name="Held"))
        assert app.test_client().get(path, headers=headers).status_code == 200
        assert list(app.extensions["loads_not_kept"]) == [site.id]
        tried = dict(app.extensions["loads_not_kept"])
        assert app.test_client().get(path, headers=headers).status_code == 200
        assert app.extensions["loads_not_kept"] == tried
        busy.rollback()
    app.extensions["loads_not_kept"].clear()
    assert app.test_client().get(path, headers=headers).status_code == 200
    with db.read() as session:
        assert session.get_one(Site, site.id).first_load_at is not None


def test_an_empty_queue_leads_administrators_of_a_site_without_a_case_to_the_guide(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    admin, editor = (signed_in(app, db, newsroom.hire(role)) for role in (Role.ADMIN, Role.EDITOR))
    link = f'href="{PATH}"'
    assert link in admin.get("/queue").get_data(as_text=True)
    assert link in admin.get("/settings/").get_data(as_text=True)
    assert link in admin.get("/settings/sites/news").get_data(as_text=True)
    assert link not in editor.get("/queue").get_data(as_text=True)
    assert link not in editor.get("/settings/").get_data(as_text=True)
    newsroom.send()
    assert link not in admin.get("/queue?q=nothing").get_data(as_text=True)
