"""Readers are told whom their words reach, what becomes of what is set aside, and why nothing was taken."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from corrections_service.rules.catalogue import LANGUAGES, catalogue_in
from corrections_service.rules.webhooks import EVENTS, FIX_SEEN, NEW, PUBLISHED, RETRACTED, WebhookKind
from corrections_service.services import blocks, cases, joining, tokens, webhooks
from corrections_service.store.models import BlockKind, Call, Case, Editor, Scope, Site, now
from tests.databases import SECRET
from tests.services.newsroom import BRIDGE, Newsroom

ONLY, PROGRAMS = "and to nobody else", "programs that the corrections desk works with"
ADDRESS = "https://room.example/hook"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader's browser."""
    return app.test_client(use_cookies=False)


def told(client: FlaskClient, *paths: str) -> list[tuple[bool, bool]]:
    """Whether each page says that nobody else gets the words, and whether that programs can."""
    pages = [client.get(path).text for path in paths]
    return [(ONLY in page, PROGRAMS in page) for page in pages]


@pytest.mark.parametrize("events", [[NEW], [FIX_SEEN, PUBLISHED], list(EVENTS)], ids=["new", "fix", "all"])
def test_readers_are_told_that_programs_can_get_their_words(
    newsroom: Newsroom, client: FlaskClient, events: list[str]
) -> None:
    """Kind: each page for readers said that nobody else gets their words, and a chat's room was sent them."""
    pages = (f"/r/{newsroom.send().token}", f"/report/{newsroom.site.key}")
    assert told(client, *pages) == [(True, False), (True, False)]
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        webhook, _ = webhooks.add(session, site, WebhookKind.SLACK, ADDRESS, events, keys=[SECRET])
    assert told(client, *pages) == [(True, False), (False, True)], "what was written for the desk alone stays there"
    pages = (f"/r/{newsroom.send().token}", f"/report/{newsroom.site.key}")
    assert told(client, *pages) == [(False, True), (False, True)]
    with newsroom.db.write() as session:
        webhooks.remove(session, session.merge(webhook))
    assert told(client, *pages) == [(False, True), (False, True)], "what was sent is there still"


def test_what_tells_of_notices_alone_gets_no_words_of_readers(newsroom: Newsroom, client: FlaskClient) -> None:
    pages = (f"/r/{newsroom.send().token}", f"/report/{newsroom.site.key}")
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        webhook, _ = webhooks.add(session, site, WebhookKind.SLACK, ADDRESS, [PUBLISHED, RETRACTED], keys=[SECRET])
        tokens.add(session, "cms", site=site, scopes=[Scope.ARTICLES_CHANGED])
    assert told(client, *pages) == [(True, False), (True, False)]
    with newsroom.db.write() as session:
        webhooks.choose(session.merge(webhook), [PUBLISHED, NEW])
    assert told(client, *pages) == [(True, False), (False, True)]


def test_who_reads_cases_by_a_token_gets_them_too(newsroom: Newsroom, client: FlaskClient) -> None:
    with newsroom.db.write() as session:
        tokens.add(session, "board", site=session.get_one(Site, newsroom.site.id), scopes=[Scope.CASES_READ])
    assert told(client, f"/report/{newsroom.site.key}") == [(False, True)]


def test_what_was_typed_under_another_promise_is_not_taken_under_this_one(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    page = client.get(f"/report/{newsroom.site.key}?url=https://news.example/bridge").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    newsroom.change(Site, policy={"programs_since": f"{now():%Y-%m-%dT%H:%M:%S.%fZ}"})
    values = {
        "id": str(uuid.uuid4()),
        "token": token,
        "url": "https://news.example/bridge",
        "comment": "The year is wrong.",
    }
    answer = client.post(f"/report/{newsroom.site.key}", data=values)
    assert (answer.status_code, newsroom.count(Case)) == (409, 0)
    assert (PROGRAMS in answer.text, "The year is wrong." in answer.text) == (True, True)
    assert client.post(f"/report/{newsroom.site.key}", data={**values, "programs": "1"}).status_code == 303


def test_a_report_that_an_editor_set_aside_waits_for_nobody(newsroom: Newsroom, client: FlaskClient) -> None:
    """Kind: the page of a report said that it waits for an editor, who had put it with the spam."""
    sent, editor = newsroom.send(email="ann@readers.example"), newsroom.hire()
    case, page = newsroom.case_of(sent), f"/r/{sent.token}"
    assert "Waiting for an editor" in client.get(page).text
    newsroom.act(cases.mark_spam, case, editor)
    text = client.get(page).text
    assert ("Waiting for an editor" in text, f"<h1>Stored, no. {sent.reference}" in text) == (False, True)
    newsroom.act(cases.not_spam, case, editor)
    assert "Waiting for an editor" in client.get(page).text


def block(newsroom: Newsroom, kind: BlockKind, value: str, *, is_shadow: bool) -> None:
    editor = newsroom.hire()
    with newsroom.db.write() as session:
        site, actor = session.get_one(Site, newsroom.site.id), session.get_one(Editor, editor)
        until = now() + timedelta(days=9)
        blocks.add(session, site, kind, value, reason="Spam.", until=until, is_shadow=is_shadow, actor=actor)
    newsroom.refresh()


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_refused_for_a_link_is_not_told_that_it_is_for_who_they_are(
    newsroom: Newsroom, client: FlaskClient, language: str
) -> None:
    """Kind: a reader whose source was on a blocked host read that this newsroom takes no reports from them."""
    block(newsroom, BlockKind.HOST, "spam.example", is_shadow=False)
    block(newsroom, BlockKind.ADDRESS, "troll@readers.example", is_shadow=False)
    headers, words = {"Origin": "https://news.example"}, catalogue_in(language)
    report = {"site": newsroom.site.key, "url": "https://news.example/bridge", **BRIDGE, "lang": language}
    sent = [
        client.post("/api/v1/reports", json={**report, "id": str(uuid.uuid4()), **more}, headers=headers)
        for more in ({"source_url": "https://spam.example/x"}, {"email": "troll@readers.example"})
    ]
    assert [answer.status_code for answer in sent] == [403, 403]
    link, sender = (answer.get_json()["detail"] for answer in sent)
    if language != "en":
        assert (link, sender) == (words("pages.error_blocked_link"), words("pages.error_blocked"))
    assert link != sender
    assert newsroom.count(Case) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_promises_no_reading_that_nobody_need_do(language: str) -> None:
    """Kind: mails said that an editor will read a report that the service closed by itself, or that was set aside."""
    said = catalogue_in(language)("mail.receipt", reference="4F2K-7Q", site="News").casefold()
    reading = (
        "read",
        "lesen",
        "lira",
        "leerá",
        "leggerà",
        "lê-lo",
        "przeczyta",
        "прочита",
        "okuyacak",
        "ستقرؤه",
        "תקרא",
    )
    assert [word for word in reading if word in said] == []


def test_words_that_were_written_for_the_desk_alone_reach_no_program_that_is_made_later(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    """Kind: a reader was told that nobody else gets their words, and a program that was let in later read them all."""
    early = newsroom.case_of(newsroom.send(comment="I was there myself."))
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        secret = tokens.add(session, "board", site=site, scopes=[Scope.CASES_READ])
        webhooks.add(session, site, WebhookKind.SLACK, ADDRESS, list(EVENTS), keys=[SECRET])
    sent = newsroom.send(comment="I was here.", exact="", prefix="", suffix="", suggestion="", place="The chart")
    late = newsroom.case_of(sent)
    headers = {"Authorization": f"Bearer {secret}"}
    listed = client.get("/api/v1/cases", headers=headers).get_json()["cases"]
    told = {case: client.get(f"/api/v1/cases/{case}", headers=headers).get_json() for case in (early, late)}
    assert [case["comment"] for case in listed] == [told[late]["comment"], ""] == ["I was here.", ""]
    for one in (told[early], told[early]["reports"][0]):
        assert {one["place"], one["suggestion"], one["comment"]} == {""}
        assert one["quote"]["exact"] == BRIDGE["exact"]
    assert told[late]["reports"][0]["comment"] == "I was here."
    newsroom.act(joining.merge, late, newsroom.hire(), early)
    merged = client.get(f"/api/v1/cases/{early}", headers=headers).get_json()
    assert (merged["comment"], [report["comment"] for report in merged["reports"]]) == ("", ["", "I was here."])
    with newsroom.db.write() as session:
        calls = session.scalars(select(Call)).all()
        bodies = [str(webhooks.compose(session, call, "https://c.example")) for call in calls]
    assert bodies
    assert "I was there" not in "".join(bodies)
