"""The settings speak the language of who administers a site: what their pages show and what their forms refuse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Role
from corrections_service.services import editors, incoming, outbox, sending
from corrections_service.store.database import Database
from corrections_service.store.models import (
    Block,
    Delivery,
    DeliveryState,
    Editor,
    Letter,
    Place,
    Report,
    SavedAnswer,
    now,
)
from corrections_service.work.mail import KEY_LOST
from tests.services.newsroom import Newsroom
from tests.web import settings_of_site
from tests.web.visitors import Visitor, signed_in

SITE = "/settings/sites/news"
ATTRIBUTES = ("aria-label", "placeholder", "alt", "title", "data-name")
NAMES = re.compile(
    r"""
      [\w.+*…-]* @ [\w.…-]*    # mia@news.example
    | \w+ \.example          # spam.example
    | https?:// \S*           # https://news.example/a
    | \b [A-Z] \w+ / \w+      # Europe/Kyiv
    | [A-Z_]{5,} | localhost:\d+
    | \{ \w+ \}               # {site}
    | (?<! [a-z]) (?: News | Sport | Mia | UTC | CMS | url | path | id ) \b
    | Webhooks? | Slack | Microsoft[ ]Teams | Telegram | Matrix | Mattermost | \?\w+=… | [A-Z]+_[A-Z_]+
    | Content-Security-Policy | (?:script|connect)-src | nonce | robots\.txt | \bMac\b | \b (?: Ctrl | Enter ) \b
    | Ctrl\+Enter | Mistape | Orphus | \b (?: head | https? | www ) \b
    """,
    re.VERBOSE,
)
"""What is called so in every language."""


def speaking(app: Flask, db: Database, number: int, language: str) -> Visitor:
    """A person who chose a language, signed in."""
    with db.write() as session:
        editors.choose(session, session.get_one(Editor, number), language=language)
    return signed_in(app, db, number)


def pieces(answer: TestResponse) -> Iterator[str]:
    """What a page says, text by text: its heading in the window, its main part, and what came of the last form."""
    page = LexborHTMLParser(answer.get_data(as_text=True))
    for part in page.css("datalist, script, textarea, code, pre, main [lang]"):
        part.decompose()
    for part in page.css("title, main, .toasts"):
        for node in part.traverse(include_text=True):
            if node.tag == "-text":
                yield node.text_content or ""
            yield from (value for name, value in node.attributes.items() if name in ATTRIBUTES and value)


def words(answer: TestResponse) -> set[str]:
    """The pieces that hold words, and not names alone."""
    plain = (NAMES.sub("", " ".join(piece.split())) for piece in pieces(answer))
    return {piece for piece in plain if re.search(r"[^\W\d_]{2}", piece)}


def owners(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """Rules that say all that rules can, one of a person who is gone, and each refusal."""
    mia, ben = (newsroom.hire(email=f"{name}@news.example") for name in ("mia", "ben"))
    path = f"{SITE}/owners"
    admin.post(path, action="add", section="Sport", author="Mia", owner=str(mia), deputy=str(ben))
    admin.post(path, action="add", kind="spelling", owner=str(ben))
    admin.post(path, action="add", owner=str(ben))
    with newsroom.db.write() as session:
        editors.set_role(session, session.get_one(Editor, ben), newsroom.site, None)
    yield admin.get(path)
    for wrong in ({"owner": "99999"}, {"owner": str(mia), "deputy": str(mia)}, {"owner": "", "section": "x" * 201}):
        yield admin.post(path, action="add", **wrong)
    yield admin.post(path, action="remove", rule="x")


def urgency(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """The usual, kept, and each refusal."""
    path = f"{SITE}/urgency"
    page = LexborHTMLParser(admin.get(path).get_data(as_text=True))
    fields = page.css("main input[id]:not([type=checkbox])")
    usual = {str(field.attributes["name"]): str(field.attributes["value"]) for field in fields}
    assert admin.post(path, **usual).status_code == 303
    yield admin.get(path)
    wrong = {"zone": "Europe/Atlantis", "days": "9", "opens": "25:00", "weight_readers": "101", "target_fact": "x"}
    yield admin.post(path, **(usual | wrong))
    yield admin.post(path, **(usual | {"closes": usual["opens"]}))


def answers(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """None, one as a reader sees it, those that there are, and each refusal."""
    path = f"{SITE}/answers"
    said = {"resolution": "opinion", "language": "de", "text": "{site}, 2026: 1 + 1 = 2."}
    yield admin.get(path)
    yield admin.post(path, **said, action="preview")
    assert admin.post(path, **said, action="keep").status_code == 303
    assert admin.post(path, **said | {"resolution": "reader_withdrew"}, action="keep").status_code == 303
    yield admin.get(path)
    with newsroom.db.read() as session:
        numbers = session.scalars(select(SavedAnswer.id)).all()
    yield admin.get(f"{path}?answer={numbers[0]}")
    for text in ("", "x" * 2001, "{slug}", "{site"):
        yield admin.post(path, **said | {"text": text}, action="keep")
    yield admin.post(path, text="Sport", action="keep")
    for number in numbers:
        admin.post(path, number=str(number), action="remove")


def blocks(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """None, one of each kind, those that are over, and each refusal."""
    path, until = f"{SITE}/blocks", f"{now() + timedelta(days=30):%Y-%m-%d}"
    terms = {"reason": "Sport", "until": until}
    yield admin.get(path)
    case = newsroom.case_of(newsroom.send(email="troll@readers.example"))
    last_report = select(Report.id).where(Report.case_id == case).order_by(Report.id.desc()).limit(1)
    with newsroom.db.read() as session:
        report = session.scalars(last_report).one()
    assert admin.post(f"/cases/{case}/block", report=str(report), kind="sender", **terms).status_code == 302
    for fields in (
        {"kind": "address", "value": "ann@readers.example", "shadow": "on"},
        {"kind": "host", "value": "spam.example"},
    ):
        assert admin.post(path, **fields, **terms).status_code == 303
    yield admin.get(path)
    with newsroom.db.read() as session:
        numbers = session.scalars(select(Block.id)).all()
    for number in numbers:
        admin.post(path, action="end", number=str(number))
    yield admin.get(path)
    yield admin.post(path, kind="host", value="localhost", **terms)
    yield admin.post(path, kind="address", value="nobody", **terms)
    for wrong in ({"until": "2020-01-01"}, {"until": "soon"}, {"reason": ""}, {"reason": "x" * 301}):
        yield admin.post(path, kind="host", value="spam.example", **terms | wrong)


def incoming_mail(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """Nothing, letters of every reason and of a case, and an address that is none."""
    path, case = f"{SITE}/mail", newsroom.case_of(newsroom.send())
    yield admin.get(path)
    last_report = select(Report.id).where(Report.case_id == case).order_by(Report.id.desc()).limit(1)
    aside = [*incoming.WHY_NOT.values(), incoming.SEEMING, incoming.UNKNOWN, incoming.TO_DESK, incoming.TOO_OLD]
    aside += [incoming.FORGOTTEN, incoming.NOT_THEIRS, incoming.NOT_READERS, incoming.NOBODY, incoming.UNFORESEEN]
    aside += [incoming.TOO_MANY, incoming.TOO_MANY_REPORTS]
    reasons = [(Place.ASIDE, why) for why in aside] + [(Place.PROGRAM, why) for why in incoming.BY_PROGRAM.values()]
    with newsroom.db.write() as session:
        report = session.scalars(last_report).one()
        for at, (place, reason) in enumerate(reasons):
            about = {"case_id": case, "report_id": report, "words": "Sport", "rest": "Sport"} if at < 2 else {}
            session.add(
                Letter(
                    site_id=newsroom.site.id,
                    key=f"{report}.{at}",
                    sort="letter",
                    place=place,
                    reason=reason,
                    sender="ann@readers.example" if about else "",
                    subject="Sport" if about else "",
                    attached=["Sport"] if about else [],
                    **about,
                )
            )
    yield admin.get(path)
    yield admin.post(path, action="address", address="nobody")
    with newsroom.db.read() as session:
        numbers = session.scalars(select(Letter.id).where(Letter.place == Place.ASIDE)).all()
    for number in numbers:
        admin.post(path, action="done", number=str(number))
    yield admin.get(path)


def links(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """None, one, and each refusal."""
    path = f"{SITE}/links"
    yield admin.get(path)
    yield admin.get(admin.post(path, url="https://news.example/a").location)
    for url in ("https://evil.example/a", f"https://news.example/{'x' * 2048}", f"https://news.example/{'ж' * 2000}"):
        yield admin.post(path, url=url)
    for url in (
        "/a",
        "ftp://news.example/a",
        "https:news.example",
        "https://a@news.example/a",
        "https://./",
        "https://a b/",
    ):
        yield admin.post(path, url=url)


def cms(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """No pattern, one that is tried, one that is kept, and each refusal."""
    path, article = f"{SITE}/cms", "https://news.example/bridge-12345"
    yield admin.get(path)
    pattern = "https://cms.example/{id}"
    yield admin.post(path, pattern=pattern, addresses=f"{article}\nhttps://evil.example/1\nhttps://news.example/a")
    assert admin.post(path, pattern=pattern, trial=pattern, action="keep").status_code == 303
    yield admin.get(path)
    for wrong in (
        "https://cms.example/{slug}",
        "https://cms.example/",
        "https://cms.example/{id}{",
        "cms.example/{id}",
    ):
        yield admin.post(path, pattern=wrong, addresses=article)
    for wrong in ("http://cms.example/{id}", f"https://cms.example/{{id}}{'x' * 500}"):
        yield admin.post(path, pattern=wrong, addresses=article)
    yield admin.post(path, pattern=pattern, addresses="")
    yield admin.post(path, pattern=pattern, addresses="https://evil.example/1")
    assert admin.post(path, pattern="").status_code == 303
    yield admin.get(path)


def work(admin: Visitor, newsroom: Newsroom) -> Iterator[TestResponse]:
    """Nothing, mail of every sort in every state with every reason, and a test mail that no server takes."""
    path = "/settings/work"
    yield admin.get(path)
    case = newsroom.case_of(newsroom.send())
    templates = [outbox.DESK_TEMPLATE, outbox.TURN, outbox.WAVE, "sign_in", "membership", "password_changed", "x"]
    reasons = ["", outbox.WORDS_LOST, KEY_LOST, "The mail came back: 550 5.1", "The mail server hung up: 1"]
    reasons += ["The mail server does not answer in time.", "This mail could not be made ready: 1."]
    reasons += [
        "The mailbox of IMAP_SERVER cannot be read: 1.",
        "The notice is not public yet.",
        "The mail server cannot be reached: 1",
    ]
    with newsroom.db.write() as session:
        session.execute(delete(Delivery))
        for at, (template, reason) in enumerate(product(templates, reasons)):
            key = f"{case}.{at}"
            number = outbox.owe(session, template, "a@news.example", site=newsroom.site, case_id=case, key=key)
            delivery = session.get_one(Delivery, number)
            delivery.state, delivery.last_error = list(sending.UNSENT)[at % 3], reason
            delivery.next_at = now() + timedelta(days=1)
    yield admin.get(path)
    for action in ("retry", "hold", "release", "discard"):
        with newsroom.db.read() as session:
            state = DeliveryState.HELD if action == "release" else DeliveryState.OWED
            number = session.scalars(select(Delivery.id).where(Delivery.state == state)).first()
        admin.post(path, delivery=str(number), action=action)
        yield admin.get(path)
    yield admin.post(path, delivery=str(number), action="hold")
    yield admin.post(f"{path}/test-mail")


PAGES: list[Callable[[Visitor, Newsroom], Iterator[TestResponse]]] = [
    *(answers, blocks, cms, incoming_mail, links, owners, urgency, work),
    *settings_of_site.PAGES,
]


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("pages", PAGES, ids=lambda pages: str(pages.__name__))
def test_a_page_of_the_settings_says_nothing_as_it_says_it_in_english(
    app: Flask, db: Database, newsroom: Newsroom, pages: Callable[..., Iterator[TestResponse]], language: str
) -> None:
    number = newsroom.hire(Role.ADMIN)
    english = [words(page) for page in pages(speaking(app, db, number, "en"), newsroom)]
    others = list(pages(speaking(app, db, number, language), newsroom))
    assert len(english) == len(others)
    for said, page in zip(english, others, strict=True):
        assert len(said) > 3
        assert not re.search("<main[^>]* lang=", page.get_data(as_text=True)), "it is called English"
        assert words(page) & said == set()
        if language == "ar":
            assert {piece for piece in words(page) if re.search("[A-Za-z]{3}", piece)} == set()
