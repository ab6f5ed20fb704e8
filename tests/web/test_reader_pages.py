"""What readers open speaks their language: the form, their status page, failures, the log, the feeds."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corrections_service.rules.catalogue import LANGUAGES, SECTIONS, catalogue_in, direction, sentences
from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import cases, looks
from corrections_service.settings import Settings
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Correction, Delivery, FixState, Report, Site, now
from corrections_service.web.reader import FORM_SECONDS
from corrections_service.work.mail import unsubscribe_token
from tests.services.newsroom import FERRY, Newsroom, make_public
from tests.web.visitors import signed_in

ENGLISH = [
    part.strip(" .,:;“”")
    for section in SECTIONS
    for said in sentences("en", section).values()
    for text in ([said] if isinstance(said, str) else said.values() if isinstance(said, dict) else said)
    for part in re.split(r"\{\w+\}", text)
    if len(part.strip(" .,:;“”")) > 7
]
"""All that English says, in parts without places, but for what is written alike in other languages."""


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Anybody."""
    return app.test_client(use_cookies=False)


def shown(answer: TestResponse, language: str) -> LexborHTMLParser:
    """The page, which is in this language and holds no English besides."""
    page = LexborHTMLParser(answer.get_data(as_text=True))
    (root,) = page.css("html")
    assert (root.attributes["lang"], root.attributes["dir"]) == (language, direction(language))
    text = " ".join(" ".join(one.text() for one in page.css("title, body > *")).split())
    if language != "en":
        assert [part for part in ENGLISH if re.search(rf"\b{re.escape(part)}\b", text)] == []
    return page


def text_of(page: LexborHTMLParser, selector: str) -> str:
    """What stands at one place of the page."""
    found = page.css_first(selector)
    assert found is not None, selector
    return str(found.text())


def form_of(page: LexborHTMLParser) -> dict[str, str]:
    """What the page's form would send as it stands: a box that is not ticked sends nothing."""
    sent = page.css("form input[name]:not([type=checkbox])")
    fields = {one.attributes["name"]: one.attributes.get("value") or "" for one in sent}
    return {str(name): value for name, value in fields.items() if name != "website"}


def settle(newsroom: Newsroom, site_language: str, article_language: str = "") -> None:
    """Give the site and its articles their languages."""
    newsroom.change(Site, language=site_language)
    newsroom.change(Article, language=article_language, published_at=now())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_without_script_speaks_and_asks_and_refuses_in_the_language_asked_for(
    newsroom: Newsroom, client: FlaskClient, language: str
) -> None:
    path = f"/report/{newsroom.site.key}"
    answer = client.get(f"{path}?lang={language}&url=https://news.example/a&exact=wrong")
    assert answer.status_code == 200
    page, said = shown(answer, language), catalogue_in(language)
    assert text_of(page, "h1") == said("dialog.title")
    asked = [one.attributes["name"] for one in page.css("form [name]:not([type=hidden])")]
    order = ["exact", "suggestion", "remove", "comment", "kind", "source_url"]
    order += ["wants_reply", "email", "website", "action"]
    assert asked == order
    assert [one.text() for one in page.css("option")][1:] == said.each("dialog.kinds")
    assert [one.attributes["value"] for one in page.css("option")][1:] == [one.value for one in Kind]
    assert text_of(page, "#source_url-hint") == said("pages.source_hint")
    assert [(one.attributes["href"], one.text()) for one in page.css("form a")] == [
        ("https://news.example/a", said("dialog.cancel"))
    ]
    fields = form_of(page)
    assert fields["lang"] == language
    wrong = {"source_url": "no address", "email": "nobody", "wants_reply": "1", "comment": "x" * 1001}
    answer = client.post(path, data=fields | wrong)
    assert answer.status_code == 422
    page = shown(answer, language)
    assert text_of(page, "[role=alert] h2") == said("pages.not_sent")
    assert {one.text() for one in page.css(".error")} == {
        f"{said('pages.wrong_long', most=1000)} ({said.number(1001)} / {said.number(1000)})",
        said("pages.wrong_email"),
        said("pages.wrong_source_url"),
    }
    answer = client.post(path, data=fields | {"token": "another"})
    assert (answer.status_code, text_of(shown(answer, language), "[role=alert] p")) == (
        400,
        said("pages.error_bad_request"),
    )
    answer = client.post(path, data=fields | {"exact": "wrong"})
    assert answer.status_code == 303
    status = shown(client.get(answer.location), language)
    assert said("pages.keep") in text_of(status, "[role=status]")


def test_who_opened_the_form_before_there_were_offices_is_told_and_sends_again(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    """The page said that nobody else gets these words: nothing is stored until it says what is so."""
    path = f"/report/{newsroom.site.key}"
    opened = client.get(f"{path}?url=https://news.example/a&exact=wrong")
    assert "and to nobody else" in opened.get_data(as_text=True)
    fields = form_of(shown(opened, "en")) | {"comment": "My paper did not come."}
    office = {"name": "Subscriptions", "address": "abo@news.example"}
    newsroom.change(Site, policy={"offices": [office], "offices_since": "2026-03-01T12:00:00.000000Z"})
    answer = client.post(path, data=fields)
    assert answer.status_code == 409
    page = shown(answer, "en")
    assert "may be passed on within the newsroom" in text_of(page, "[role=alert] p")
    assert text_of(page, "#comment").strip() == "My paper did not come."
    assert client.post(path, data=form_of(page) | {"comment": "My paper did not come."}).status_code == 303


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)//news.example",
        "https://evil.example/news.example",
        "//news.example/a",
        "\0",
        "https://",
    ],
)
def test_cancel_leads_to_the_sites_own_articles_only(newsroom: Newsroom, client: FlaskClient, url: str) -> None:
    answer = client.get(f"/report/{newsroom.site.key}", query_string={"url": url})
    assert shown(answer, "en").css("form a") == []


@pytest.mark.parametrize(
    ("asked", "accepted", "site_language", "language"),
    [
        ("pt-BR", "de", "uk", "pt"),
        ("", "ja, de-AT;q=0.8, fr;q=0.9, uk;q=0", "uk", "fr"),
        ("", "ja", "uk", "uk"),
        ("ja", "", "pl", "pl"),
        ("", "", "ja", "en"),
        ("<b>", "*", "he", "he"),
    ],
)
def test_the_forms_language_is_asked_for_else_the_browsers_else_the_sites(
    newsroom: Newsroom, client: FlaskClient, asked: str, accepted: str, site_language: str, language: str
) -> None:
    settle(newsroom, site_language)
    headers = {"Accept-Language": accepted} if accepted else {}
    answer = client.get(f"/report/{newsroom.site.key}", query_string={"lang": asked}, headers=headers)
    assert form_of(shown(answer, language))["lang"] == (asked or language)


def test_the_sites_own_sentences_stand_in_the_form_and_are_escaped(newsroom: Newsroom, client: FlaskClient) -> None:
    own = {"de": {"dialog.title": "Fehler? <b>Her damit!</b>"}, "fr": {"dialog.title": "Une erreur ?"}}
    newsroom.change(Site, policy={"words": own})
    for language, sentence in own.items():
        page = shown(client.get(f"/report/{newsroom.site.key}?lang={language}"), language)
        assert text_of(page, "h1") == sentence["dialog.title"]
        assert text_of(page, "button") == catalogue_in(language)("dialog.send")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_status_page_tells_each_step_in_the_reports_language(
    newsroom: Newsroom, client: FlaskClient, language: str
) -> None:
    sent = newsroom.send(
        language=language, email="ann@readers.example", comment="Hmm.", source_url="https://a.example/"
    )
    newsroom.send()
    case, editor, said = newsroom.case_of(sent), newsroom.hire(Role.STANDARDS), catalogue_in(language)

    def heading() -> str:
        return text_of(shown(client.get(f"/r/{sent.token}"), language), "h1")

    assert heading() == said("pages.waiting")
    newsroom.act(cases.ask, case, editor, "¿?")
    assert heading() == said("pages.asked")
    assert client.post(f"/r/{sent.token}", data={"action": "answer", "text": "!"}).status_code == 303
    assert heading() == said("pages.looking")
    newsroom.decide(case, editor, Resolution.FIXED)
    assert heading() == said("pages.fixing")
    newsroom.change(Case, fix_before="A.", fix_after="B.")
    with newsroom.db.write() as session:
        looks.see_fix(session, session.get_one(Case, case), FixState.APPLIED, before="", after="B.")
    assert heading() == said("mail.resolution_fixed")
    page = shown(client.get(f"/r/{sent.token}"), language)
    for sentence in (said("pages.readers", n=2), said("mail.now"), said("pages.appeal")):
        assert sentence in text_of(page, "main")
    assert said("pages.will_hear") not in text_of(page, "main")
    assert client.post(f"/r/{sent.token}", data={"action": "appeal", "text": "?"}).status_code == 303
    answer = client.post(f"/r/{sent.token}", data={"action": "appeal"}, headers={"Accept-Language": language})
    assert (answer.status_code, text_of(shown(answer, language), "h1")) == (
        409,
        said("pages.error_changed_meanwhile"),
    )
    assert client.post(f"/r/{sent.token}", data={"action": "withdraw"}).status_code == 303
    assert heading() == said("pages.withdrawn")


@pytest.mark.parametrize(
    ("report", "article", "publication", "language"),
    [
        ("uk-UA", "de", "fr", "uk"),
        ("", "de", "fr", "de"),
        ("", "", "fr", "fr"),
        ("ja", "ko", "iw", "he"),
        ("ja", "ko", "zh", "en"),
    ],
)
def test_the_status_page_falls_back_from_the_report_to_the_article_to_the_site(
    newsroom: Newsroom, client: FlaskClient, report: str, article: str, publication: str, language: str
) -> None:
    sent = newsroom.send(language=report)
    settle(newsroom, publication, article)
    shown(client.get(f"/r/{sent.token}"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_that_stops_mails_speaks_the_reports_language(
    newsroom: Newsroom, client: FlaskClient, db: Database, database_settings: Settings, language: str
) -> None:
    newsroom.send(language=language, email="ann@readers.example")
    with db.read() as session:
        reader_mail, desk_mail = (
            session.query(Delivery).filter_by(template=template).one() for template in ("receipt", "case_new")
        )
        path, desk = (f"/unsubscribe/{unsubscribe_token(one, database_settings)}" for one in (reader_mail, desk_mail))
    said = catalogue_in(language)
    assert text_of(shown(client.get(path), language), "h1") == said("pages.stop")
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert text_of(shown(answer, language), "h1") == said("pages.stopped")
    shown(client.get(desk), "en")


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/r/nobody", 404),
        ("GET", "/report/nobody", 404),
        ("GET", "/unsubscribe/nobody", 404),
        ("GET", "/log/nobody", 404),
        ("GET", "/log/a/b/c", 404),
        ("DELETE", "/r/nobody", 405),
        ("POST", "/r/nobody", 413),
    ],
)
def test_a_failure_is_told_in_the_browsers_language(
    client: FlaskClient, language: str, method: str, path: str, status: int
) -> None:
    body = b"text=" + b"x" * 2**20 if status == 413 else b""
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": f"ja, {language};q=0.5"}
    answer = client.open(path, method=method, data=body, headers=kind)
    assert answer.status_code == status
    shown(answer, language)


def test_an_address_that_leads_nowhere_is_told_as_the_browser_asks(client: FlaskClient) -> None:
    for asked, language in (("uk", "uk"), ("xx", "en"), ("", "en")):
        answer = client.get("/nowhere", headers={"Accept-Language": asked})
        assert f'lang="{language}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_log_its_feeds_and_its_rules_are_in_the_sites_language(
    newsroom: Newsroom, client: FlaskClient, language: str
) -> None:
    settle(newsroom, language)
    said, log = catalogue_in(language), f"/log/{newsroom.site.slug}"
    empty = shown(client.get(log), language)
    assert said("public.none") in text_of(empty, "main")
    case = newsroom.case_of(newsroom.send())
    told = {"wrong": "1987", "right": "1978", "notice": "1987 → 1978."}
    newsroom.decide(case, newsroom.hire(Role.STANDARDS), Resolution.CORRECTED, **told)
    make_public(newsroom)
    newsroom.change(Case, fix_state=FixState.APPLIED, fixed_at=now())
    settle(newsroom, language)
    page = shown(client.get(log), language)
    assert text_of(page, ".class") == said("public.class_correction")
    (link,) = (one.attributes["href"] for one in page.css(".notice h2 a"))
    alone = text_of(shown(client.get(str(link)), language), "main")
    for sentence in (
        said.date(now()),
        said("public.noticed", n=1, date=said.date(now())),
        said("public.published", date=said.date(now())),
        said("public.right", date=said.date(now())),
    ):
        assert sentence in alone
    rules = shown(client.get(f"{log}/policy"), language)
    assert [one.text() for one in rules.css("tbody tr:nth-child(3) > *")] == [
        said("public.class_clarification"),
        said("public.when_clarified"),
        said("public.notice_yes"),
        said("public.role_standards"),
    ]
    feed: dict[str, Any] = json.loads(client.get(f"{log}/feed.json").get_data())
    assert feed["title"] == said("public.of_site", site="News")
    assert feed["items"][0]["title"].startswith(said("public.class_correction"))
    assert f"{said('public.said')}: 1987\n{said('public.should')}: 1978" in feed["items"][0]["content_text"]
    assert said("public.class_correction") in client.get(f"{log}/feed.atom").get_data(as_text=True)
    data = json.loads(client.get(f"{log}/article.json?url=https://news.example/bridge").get_data())
    assert data["correction"][0]["name"] == said("public.class_correction")


def test_a_retracted_notice_says_so_in_the_sites_language(newsroom: Newsroom, client: FlaskClient) -> None:
    case = newsroom.case_of(newsroom.send())
    told = {"wrong": "1987", "right": "1978", "notice": "1987 → 1978."}
    newsroom.decide(case, newsroom.hire(Role.STANDARDS), Resolution.CORRECTED, **told)
    make_public(newsroom)
    newsroom.change(Correction, retracted_at=now())
    settle(newsroom, "tr")
    with newsroom.db.read() as session:
        number = session.query(Correction).one().id
    page = shown(client.get(f"/log/{newsroom.site.slug}/corrections/{number}"), "tr")
    said = catalogue_in("tr")
    assert text_of(page, ".summary") == said("public.retracted", date=said.date(now()))


def test_a_form_that_was_open_too_long_says_so_and_keeps_all(
    newsroom: Newsroom, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/report/{newsroom.site.key}?lang=ar&url=https://news.example/a"
    fields = form_of(shown(client.get(path), "ar"))
    monkeypatch.setattr("corrections_service.web.reader.FORM_SECONDS", -FORM_SECONDS)
    answer = client.post(path, data=fields | {"comment": "خطأ"})
    assert answer.status_code == 400
    page = shown(answer, "ar")
    assert text_of(page, "[role=alert] p") == catalogue_in("ar")("pages.error_bad_request")
    assert text_of(page, "#comment") == "خطأ"


@pytest.mark.parametrize("language", ["uk", "ar"])
def test_the_draft_of_a_notice_is_in_the_articles_language(
    newsroom: Newsroom, app: Flask, db: Database, language: str
) -> None:
    case = newsroom.case_of(newsroom.send(**FERRY))
    settle(newsroom, "en", language)
    page = signed_in(app, db, newsroom.hire(Role.STANDARDS)).get(f"/cases/{case}").get_data(as_text=True)
    draft = catalogue_in(language)("public.draft", wrong=FERRY["exact"], right=FERRY["suggestion"])
    assert re.sub("[\u2068\u2069]", "", draft) in text_of(LexborHTMLParser(page), "[name=notice]")


def test_the_api_answers_a_reader_in_the_reports_language(newsroom: Newsroom, client: FlaskClient) -> None:
    """The dialog shows the reader what the answer says."""
    report = {"site": newsroom.site.key, "url": "https://news.example/a", "id": str(uuid.uuid4()), "lang": "uk"}
    headers = {"Origin": "https://news.example"}
    answer = client.post("/api/v1/reports", data=report | {"exact": "x", "email": "nobody"}, headers=headers)
    assert answer.get_json()["errors"] == [{"field": "email", "detail": catalogue_in("uk")("pages.wrong_email")}]
    answer = client.post("/api/v1/reports", data=report | {"exact": "x"}, headers={"Origin": "https://evil.example"})
    assert answer.get_json()["detail"] == catalogue_in("uk")("pages.error_origin_not_allowed")
    assert newsroom.count(Report) == 0
