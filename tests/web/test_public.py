"""The public log: pages, feeds and data that say the same, whatever the words are."""

from __future__ import annotations

import json
from typing import Any
from xml.parsers import expat

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.catalogue import LANGUAGES, catalogue_in
from corrections_service.rules.workflow import NoticeClass, Resolution, Role
from corrections_service.store.models import Site
from tests.services.newsroom import Newsroom, make_public

HOSTILE = '</script><script>alert(1)</script><!--<script> \u2028 ]]> & "quoted" \u202e {{7*7}}'


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Anybody."""
    return app.test_client(use_cookies=False)


def publish(newsroom: Newsroom, number: int = 1, **said: str) -> int:
    """Decide a case with a public notice, and let the time for undoing pass; the case's number."""
    case = newsroom.case_of(newsroom.send(exact=f"wrong {number}", suggestion=f"right {number}"))
    editor = newsroom.hire(Role.STANDARDS, f"ed{number}@news.example")
    words = {
        "wrong": f"wrong {number}",
        "right": f"right {number}",
        "notice": f"It said wrong {number}, which was wrong.",
    }
    newsroom.decide(case, editor, Resolution.CORRECTED, **{**words, **said})
    make_public(newsroom)
    return case


def linked_data(page: str) -> Any:
    """The page's JSON-LD."""
    (script,) = LexborHTMLParser(page).css('script[type="application/ld+json"]')
    return json.loads(script.text())


def atom(source: bytes) -> list[str]:
    """The texts of a feed, read by a strict parser."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = found.append
    parser.Parse(source, True)
    return found


def test_a_correction_stands_in_the_log_the_feeds_and_at_its_own_address(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    publish(newsroom)
    page = client.get("/log/news").get_data(as_text=True)
    (one,) = linked_data(page)["itemListElement"]
    assert one["@type"] == "CorrectionComment"
    assert one["text"] == "It said wrong 1, which was wrong."
    assert one["publisher"]["correctionsPolicy"].endswith("/log/news/policy")
    assert one["about"]["url"] == "https://news.example/bridge"
    alone = client.get(one["url"].removeprefix("http://corrections.example")).get_data(as_text=True)
    assert linked_data(alone)["@id"] == one["url"]
    assert "It said wrong 1" in alone
    assert "It said wrong 1, which was wrong." in "".join(atom(client.get("/log/news/feed.atom").get_data()))
    (entry,) = json.loads(client.get("/log/news/feed.json").get_data())["items"]
    assert entry["url"] == one["url"]
    assert "It said wrong 1, which was wrong." in entry["content_text"]


def test_words_that_would_break_out_are_shown_as_words_everywhere(newsroom: Newsroom, client: FlaskClient) -> None:
    """THREATS C02, C12."""
    publish(newsroom, wrong=HOSTILE, right=HOSTILE[::-1], notice=HOSTILE)
    page = client.get("/log/news").get_data(as_text=True)
    data = linked_data(page)["itemListElement"][0]
    assert data["text"] == HOSTILE
    assert [one.attributes.get("type") for one in LexborHTMLParser(page).css("script")] == ["application/ld+json"]
    assert HOSTILE.replace("\u2028", " ").split()[0] in (LexborHTMLParser(page).body or LexborHTMLParser("")).text()
    assert "".join(atom(client.get("/log/news/feed.atom").get_data())).count("{{7*7}}") >= 1
    assert HOSTILE in json.loads(client.get("/log/news/feed.json").get_data())["items"][0]["content_text"]


def test_controls_that_no_feed_can_carry_are_gone_before_they_get_there(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    """THREATS B06, C12."""
    publish(newsroom, notice="It said \x00\x0b\x1c\ufffe wrong.".replace("\x00", ""))
    assert atom(client.get("/log/news/feed.atom").get_data())
    assert json.loads(client.get("/log/news/feed.json").get_data())


def test_the_log_goes_back_page_by_page(newsroom: Newsroom, client: FlaskClient) -> None:
    for number in range(1, 54):
        publish(newsroom, number)
    first = client.get("/log/news").get_data(as_text=True)
    seen = [one["@id"] for one in linked_data(first)["itemListElement"]]
    (more,) = [one.attributes["href"] for one in LexborHTMLParser(first).css('a[rel~="next"]')]
    rest = client.get(f"/log/news{more}" if str(more).startswith("?") else str(more)).get_data(as_text=True)
    seen += [one["@id"] for one in linked_data(rest)["itemListElement"]]
    assert len(seen) == len(set(seen)) == 53


def test_an_articles_corrections_are_there_for_its_page_with_an_etag(newsroom: Newsroom, client: FlaskClient) -> None:
    publish(newsroom)
    asked = "/log/news/article.json?url=https://news.example/bridge%3Futm_source=mail"
    answer = client.get(asked)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert [one["@type"] for one in json.loads(answer.get_data())["correction"]] == ["CorrectionComment"]
    again = client.get(asked, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert json.loads(client.get("/log/news/article.json?url=https://news.example/b").get_data())["correction"] == []
    assert client.get("/log/news/article.json?url=javascript:1").status_code == 422


def test_what_is_taken_back_before_it_was_public_was_never_there(newsroom: Newsroom, client: FlaskClient) -> None:
    case = newsroom.case_of(newsroom.send())
    editor = newsroom.hire(Role.STANDARDS)
    newsroom.decide(case, editor, Resolution.CORRECTED, wrong="a", right="b", notice="It said a, which was wrong.")
    assert linked_data(client.get("/log/news").get_data(as_text=True))["itemListElement"] == []
    assert client.get("/log/news/corrections/1").status_code == 404


def test_the_policy_says_who_approves_as_the_rules_in_force_say(newsroom: Newsroom, client: FlaskClient) -> None:
    page = client.get("/log/news/policy").get_data(as_text=True)
    assert "Clarification" in page
    assert "standards" in page.casefold()
    newsroom.change(Site, policy={"approvers": dict.fromkeys(Resolution, "editor")})
    page = client.get("/log/news/policy").get_data(as_text=True)
    assert "Clarification" in page
    assert "standards" not in page.casefold()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_says_in_each_language_where_it_takes_two_and_when_a_notice_is_public(
    newsroom: Newsroom, client: FlaskClient, language: str
) -> None:
    """Each sentence is in force: tests/services/test_approvals.py, test_notices.py and tests/rules/test_notices.py."""
    words = catalogue_in(language)
    newsroom.change(Site, language=language)
    page = client.get("/log/news/policy").get_data(as_text=True)
    text = (LexborHTMLParser(page).body or LexborHTMLParser("")).text()
    assert words("public.by_two", classes=words("public.class_withdrawn")) in text
    assert words("public.in_sight") in text
    assert words("public.late") in text
    classes = words.join([words(f"public.class_{name}") for name in NoticeClass])
    assert words("public.not_author", classes=classes) in text
    newsroom.change(Site, policy={"second_person": {"withdrawn": False, "corrected": True}})
    page = client.get("/log/news/policy").get_data(as_text=True)
    assert words("public.by_two", classes=words("public.class_correction")) in page


@pytest.mark.parametrize("path", ["/log/nobody", "/log/news/corrections/99", "/log/nobody/feed.atom", "/log/x/policy"])
def test_what_is_not_there_is_not_found(newsroom: Newsroom, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
