"""The first hour in the browser: the code that the start printed makes the first administrator, once, and nobody else (G4)."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from corrections_service.demo.mailbox import Mailbox
from corrections_service.rules.catalogue import LANGUAGES, desk_sentences
from corrections_service.rules.workflow import Role
from corrections_service.services import backup, editors, setup, sites
from corrections_service.settings import MailTls, Settings
from corrections_service.store.database import Database, head_revision
from corrections_service.store.models import Editor, Membership, Site
from tests.databases import SECRET
from tests.services.newsroom import Newsroom
from tests.web.test_account import WORDS
from tests.web.test_second_factors import service
from tests.web.test_start import Article
from tests.web.visitors import OWN, Visitor, dump
from tests.work.canaries import LOOPBACK, Canary, listening

CODE = setup.code(SECRET)
GUIDE = "/settings/sites/the-bugle/start"
ADA = {"name": "Ada", "email": "ada@bugle.example", "password": WORDS}
BUGLE = {"paper": "The Bugle", "language": "pl", "zone": "Europe/Warsaw"}


@pytest.fixture
def app(database_settings: Settings, db: Database) -> Flask:
    """A service that nobody has set up yet, and that may read from loopback."""
    return service(database_settings, db, fetch_allow=LOOPBACK)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who has the page of the setup before them."""
    visitor = Visitor(app)
    assert visitor.get("/setup").status_code == 200
    return visitor


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real mail server."""
    with Mailbox() as mailbox:
        yield mailbox


def send(visitor: Visitor, **changes: str) -> TestResponse:
    """Send the form of the first step, all of it right but for the changes."""
    return visitor.post("/setup", **{"code": CODE, **ADA, **BUGLE, **changes})


def words(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def people(db: Database) -> list[tuple[str, str, str]]:
    """Who works where, as what."""
    query = select(Editor.email, Site.name, Membership.role).join(Membership, Membership.editor_id == Editor.id)
    with db.read() as session:
        return sorted(
            (email, site, role)
            for email, site, role in session.execute(query.join(Site, Site.id == Membership.site_id))
        )


def test_who_has_the_code_becomes_the_first_administrator_and_is_led_on(visitor: Visitor, db: Database) -> None:
    answer = send(visitor, code=f" {CODE.lower().replace('-', ' ')} ")
    assert (answer.status_code, answer.location) == (302, f"{GUIDE}/articles")
    assert visitor.get(f"{GUIDE}/articles").status_code == 200
    assert people(db) == [("ada@bugle.example", "The Bugle", Role.ADMIN)]
    with db.read() as session:
        site, editor = session.scalars(select(Site)).one(), session.scalars(select(Editor)).one()
        assert (site.language, sites.zone_of(site).key, site.origins) == ("pl", "Europe/Warsaw", [])
        assert (site.desk, editor.name, editors.language_of(editor)) == ("ada@bugle.example", "Ada", "en")
    other = Visitor(visitor.client.application)
    other.get("/login")
    assert other.post("/login", email="ada@bugle.example", password=WORDS).location == "/queue"


def test_a_publication_that_the_console_has_made_is_theirs_too_and_its_name_is_taken(
    visitor: Visitor, db: Database
) -> None:
    with db.write() as session:
        sites.create(session, name="the bugle", origins=["https://bugle.example"], desk="desk@bugle.example")
    answer = send(visitor)
    assert answer.status_code == 422
    assert "There is a publication called The Bugle already." in words(answer)
    assert 'value="ada@bugle.example"' in words(answer)
    assert send(visitor, paper="The Evening Bugle").status_code == 302
    assert [(site, role) for _, site, role in people(db)] == [
        ("The Evening Bugle", Role.ADMIN),
        ("the bugle", Role.ADMIN),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "AAAA-AAAA-AAAA",
        CODE[:-1],
        CODE + "A",
        CODE[:-1] + ("A" if CODE[-1] != "A" else "B"),
        "\0",
        "ß" * 99,
        SECRET,
    ],
)
def test_without_the_code_nothing_is_made(visitor: Visitor, db: Database, code: str) -> None:
    before = dump(db)
    answer = send(visitor, code=code)
    assert answer.status_code == 422
    assert "This is not the code." in words(answer)
    assert CODE in code or CODE not in words(answer)
    assert dump(db) == before


def test_another_installation_has_another_code() -> None:
    assert not setup.is_right(CODE, SECRET[::-1])
    assert setup.is_right(CODE, SECRET)


def test_guesses_are_limited_also_for_who_has_the_code_then(database_settings: Settings, db: Database) -> None:
    visitor = Visitor(service(database_settings, db, limit_sign_in="3/day"))
    visitor.get("/setup")
    assert [send(visitor, code="AAAA-AAAA-AAAA").status_code for _ in range(3)] == [422] * 3
    answer = send(visitor)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert people(db) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"email": "nobody"}, "no mail address that can be written to"),
        ({"paper": "\u200b"}, "at most 200 characters"),
        ({"zone": "Europe/Nowhere"}, "no time zone of this name"),
        ({"password": "short"}, "15"),
        ({"password": "adaadaadaadaada"}, "easy"),
        ({"name": "n" * 101}, "101"),
        ({"name": " "}, "Give the name by which colleagues see you."),
    ],
)
def test_what_is_refused_stays_in_its_field_but_for_the_password(
    visitor: Visitor, db: Database, changes: dict[str, str], complaint: str
) -> None:
    before = dump(db)
    answer = send(visitor, **changes)
    assert answer.status_code == 422
    page = words(answer)
    assert complaint in page
    assert 'value="Europe/Warsaw"' in page or "zone" in changes
    assert WORDS not in page
    assert dump(db) == before


def test_once_somebody_signs_in_here_it_leads_to_where_everybody_does(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    """Also for who has the code, and for who had the page open before."""
    visitor = Visitor(app)
    visitor.get("/setup")
    newsroom.hire(Role.VIEWER)
    before = dump(db)
    visitor.get("/login")
    answers = [visitor.get("/setup"), send(visitor)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(302, "/login")] * 2
    assert dump(db) == before


def test_who_comes_back_goes_on_where_they_were(visitor: Visitor) -> None:
    send(visitor)
    assert visitor.get("/setup").location == GUIDE
    for path, title in (
        ("", "Getting started"),
        ("/articles", "Where are your articles?"),
        ("/mail", "Does mail go out?"),
    ):
        assert title in words(visitor.get(GUIDE + path))


def test_of_two_who_come_at_once_one_is_let_in(app: Flask, db: Database) -> None:
    visitors, together = [Visitor(app), Visitor(app)], threading.Barrier(2)
    for visitor in visitors:
        visitor.get("/setup")

    def come(number: int) -> str | None:
        together.wait()
        answer = send(visitors[number], email=f"person{number}@bugle.example", paper=f"Paper {number}")
        return answer.location

    with ThreadPoolExecutor(2) as pool:
        targets = sorted(map(str, pool.map(come, range(2))))
    assert targets[0] == "/login"
    assert targets[1].endswith("/start/articles")
    assert len(people(db)) == 1
    with db.read() as session:
        assert len(session.scalars(select(Site)).all()) == 1


def test_a_restored_database_is_set_up_already(visitor: Visitor, db: Database, tmp_path: Path) -> None:
    send(visitor)
    with db.read() as session, (tmp_path / "backup").open("wb") as file:
        backup.write(session, file, revision=head_revision())
    with db.write() as session:
        backup.restore(session, tmp_path / "backup", revision=head_revision())
    stranger = Visitor(visitor.client.application)
    assert stranger.get("/setup").location == "/login"
    assert visitor.get("/setup").location == "/login", "the restored database knows no session"


def test_a_form_of_another_page_sets_nothing_up(visitor: Visitor, db: Database) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert visitor.post("/setup", headers=headers, code=CODE, **ADA, **BUGLE).status_code == 400
    visitor.token = "forged"
    assert send(visitor).status_code == 400
    assert people(db) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_language_of_the_browser(app: Flask, language: str) -> None:
    page = words(Visitor(app).get("/setup", headers={"Accept-Language": f"{language},en;q=0.5"}))
    assert desk_sentences(language)["setup"]["title"] in page
    assert f'<option value="{language}" selected' in page


def test_the_origin_of_an_article_is_taken_and_the_page_is_read(visitor: Visitor, db: Database) -> None:
    send(visitor)
    with db.read() as session:
        site = session.scalars(select(Site)).one()
    visitor.get(f"{GUIDE}/articles")
    with listening(Canary()) as canary:
        article = Article(canary, sites.embed_tag(site, OWN))
        article.head = '<link rel="canonical" href="https://www.bugle.example/bridge">'
        article.body += '<a href="/2026/the-ferry"></a><a href="http://127.0.0.1:1/other-port"></a>'
        answer = visitor.post(f"{GUIDE}/articles", address=article.address)
        assert answer.status_code == 303, words(answer)[-6000:]
        page = words(visitor.get(f"{GUIDE}/articles"))
        assert f"{canary.origin}/…" in page
        assert "The bridge" in page
        assert "an address at another host as its own" in page
        assert 'value="https://www.bugle.example/bridge"' in page
        assert f"{canary.origin}/2026/the-ferry" in page
        assert "another host of yours, where readers cannot report yet" in page
        assert 'value="http://127.0.0.1:1/other-port"' in page
        assert "the-ferry" not in words(visitor.get(GUIDE))
    with db.read() as session:
        assert session.scalars(select(Site)).one().origins == [canary.origin]
    visitor.post(f"{GUIDE}/articles", address="https://www.bugle.example/bridge")
    with db.read() as session:
        assert session.scalars(select(Site)).one().origins == [canary.origin, "https://www.bugle.example"]


def test_an_address_that_was_a_mistake_is_taken_out_again_but_for_the_last(visitor: Visitor, db: Database) -> None:
    send(visitor)
    visitor.get(f"{GUIDE}/articles")
    visitor.post(f"{GUIDE}/articles", address="https://www.bugle.example/bridge")
    assert 'name="not_ours"' not in words(visitor.get(f"{GUIDE}/articles"))
    visitor.post(f"{GUIDE}/articles", address="https://bugel.invalid/bridge")
    page = words(visitor.get(f"{GUIDE}/articles"))
    assert 'name="not_ours" value="https://bugel.invalid"' in page
    assert "could not be read" in page
    for origin in ("https://bugel.invalid", "https://www.bugle.example", "https://nobody.invalid"):
        assert visitor.post(f"{GUIDE}/articles", not_ours=origin).status_code == 303
        with db.read() as session:
            assert session.scalars(select(Site)).one().origins == ["https://www.bugle.example"]
    assert "could not be read" not in words(visitor.get(f"{GUIDE}/articles"))


def test_a_name_in_another_script_leaves_the_addresses_to_the_articles_host(visitor: Visitor, db: Database) -> None:
    guide = send(visitor, paper="Вісник", language="uk").location
    assert re.fullmatch("/settings/sites/site-[0-9a-f]{6}/start/articles", guide)
    visitor.get(guide)
    answer = visitor.post(guide, address="http://bugle.invalid/bridge")
    assert answer.location == "/settings/sites/bugle/start/articles#seen"
    assert visitor.get("/settings/sites/bugle/start/articles").status_code == 200
    with db.read() as session:
        assert session.scalars(select(Site)).one().slug == "bugle"


@pytest.mark.parametrize("address", ["", "news", "javascript:alert(1)", "ftp://bugle.example/", "https://"])
def test_what_is_no_address_of_an_article_adds_nothing(visitor: Visitor, db: Database, address: str) -> None:
    send(visitor)
    visitor.get(f"{GUIDE}/articles")
    answer = visitor.post(f"{GUIDE}/articles", address=address)
    assert answer.status_code == 422
    assert "no complete web address" in words(answer)
    with db.read() as session:
        assert session.scalars(select(Site)).one().origins == []


def test_a_test_mail_shows_what_the_server_says_and_what_to_change(
    database_settings: Settings, db: Database, mailbox: Mailbox
) -> None:
    config = {"mail_server": "127.0.0.1", "mail_port": mailbox.port, "mail_password": "a password of the mail server"}
    visitor = Visitor(service(database_settings, db, mail_tls=MailTls.NONE, **config))
    visitor.get("/setup")
    send(visitor)
    page = words(visitor.get(f"{GUIDE}/mail"))
    assert f"<bdi>{mailbox.port}</bdi>" in page
    assert "a password of" not in page
    page = words(visitor.post(f"{GUIDE}/mail"))
    assert "The mail server took it" in page
    assert [mail.rcpt_tos for mail in mailbox.messages()] == [("ada@bugle.example",)]
    mailbox.refuse, mailbox.refusal = "rcpt", "554 5.7.1 Relay <denied>"
    page = words(visitor.post(f"{GUIDE}/mail"))
    assert "554 5.7.1 Relay &lt;denied&gt;" in page
    assert "let it pass on mails from here" in page
    mailbox.refuse, mailbox.refusal = "data", "550 No"
    assert "CORRECTIONS_MAIL_FROM: the mail server" in words(visitor.post(f"{GUIDE}/mail"))


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"mail_tls": MailTls.STARTTLS}, "Look at CORRECTIONS_MAIL_TLS"),
        ({"mail_tls": MailTls.TLS}, "Look at CORRECTIONS_MAIL_TLS"),
        ({"mail_tls": MailTls.NONE, "mail_port": 9}, "Look at CORRECTIONS_MAIL_SERVER"),
        ({"mail_tls": MailTls.NONE, "mail_username": "ada"}, "Look at CORRECTIONS_MAIL_USERNAME"),
    ],
)
def test_each_way_to_fail_names_its_settings(
    database_settings: Settings, db: Database, mailbox: Mailbox, changes: dict[str, object], remedy: str
) -> None:
    values = {"mail_server": "127.0.0.1", "mail_port": mailbox.port, **changes}
    visitor = Visitor(service(database_settings, db, **values))
    visitor.get("/setup")
    send(visitor)
    visitor.get(f"{GUIDE}/mail")
    assert remedy in words(visitor.post(f"{GUIDE}/mail"))
