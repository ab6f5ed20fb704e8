"""The public log's pages, feeds, tables and pieces for articles: the same fields in each, in the right language, unbroken
by hostile words, small, and not sent again to who has them."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules import chain
from corrections_service.rules.catalogue import LANGUAGES, catalogue_in
from corrections_service.rules.workflow import Resolution, Role
from corrections_service.services import cases, entries
from corrections_service.store.models import Article, Case, Correction, FixState, Report, Site
from tests.databases import SECRET
from tests.services.newsroom import Newsroom, make_public, see

URL = "https://news.example/bridge"
HOSTILE = '</script><script>alert(1)</script><!-- ]]> & "quoted" \' \u2028 \u202e {{7*7}} <img src=x onerror=alert(1)>'
PLACES = "web, print 2026-11-03, push"
ADDRESSES = (
    *("/log/news", "/log/news/corrections/1", "/log/news/feed.atom", "/log/news/feed.rss", "/log/news/feed.json"),
    *(f"/log/news/article.{form}?url={URL}" for form in ("json", "html")),
    *("/log/news/log.csv", "/log/news/log.ndjson"),
)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Anybody."""
    return app.test_client(use_cookies=False)


def publish(newsroom: Newsroom, **said: str) -> int:
    """A correction that is public; its case."""
    case = newsroom.case_of(newsroom.send())
    words = {"wrong": "in 1987", "right": "in 1978", "notice": "It was opened in 1978.", "early": "It ran in print."}
    editor = newsroom.hire(Role.STANDARDS)
    newsroom.decide(case, editor, Resolution.CORRECTED, **{**words, "ran": PLACES, **said})
    make_public(newsroom)
    return case


def take_back(newsroom: Newsroom, case: int, why: str = "The archive had it right.") -> None:
    """Take the case's notice back, as an editor does."""
    editor = newsroom.hire(Role.STANDARDS, "other@news.example")
    newsroom.act(cases.reopen, case, editor)
    newsroom.decide(case, editor, Resolution.NOT_AN_ERROR, retraction=why)


def body(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def parsed_strictly(source: bytes) -> tuple[set[str], str]:
    """The elements and the text of XML, read by a parser that forgives nothing."""
    parser, elements, texts = expat.ParserCreate(), set[str](), list[str]()
    parser.StartElementHandler = lambda name, _: elements.add(name)
    parser.CharacterDataHandler = texts.append
    parser.Parse(source, True)
    return elements, "".join(texts)


def of_article(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body(client, f"/log/news/article.json?url={URL}"))
    return found


def test_wrong_right_reported_fixed_and_where_it_ran_are_in_page_feeds_table_and_data(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    publish(newsroom)
    seen = datetime(2026, 11, 4, 9, tzinfo=UTC)
    newsroom.change(Case, fix_state=FixState.APPLIED, fixed_at=seen)
    newsroom.change(Report, created_at=datetime(2026, 11, 2, tzinfo=UTC))
    facts = (
        "in 1987",
        "in 1978",
        "2 November 2026",
        "4 November 2026",
        "web, print of 3 November 2026 and push message",
    )
    for address in ADDRESSES[:5]:
        said = body(client, address)
        assert [fact for fact in facts if fact not in said] == [], address
    fields = of_article(client)["notices"][0]
    assert fields["ran"] == [
        {"place": "web", "date": None},
        {"place": "print", "date": "2026-11-03"},
        {"place": "push", "date": None},
    ]
    assert (fields["first_reported"], fields["reads_right_since"]) == ("2026-11-02", seen.isoformat())
    (row,) = csv.DictReader(io.StringIO(body(client, "/log/news/log.csv").lstrip("\ufeff")))
    assert (row["wrong"], row["right"], row["ran"]) == ("in 1987", "in 1978", "web; print 2026-11-03; push")


def test_reads_right_since_is_when_that_was_first_seen(newsroom: Newsroom, client: FlaskClient) -> None:
    """Each later look that sees the same leaves it; one that sees the wrong words takes it away."""
    case = publish(newsroom)
    see(newsroom, case, FixState.PRESENT, "was opend in 1987")
    see(newsroom, case, FixState.APPLIED, after="was opened in 1978")
    first = newsroom.look(case).fixed_at
    see(newsroom, case, FixState.APPLIED, after="was opened in 1978")
    assert newsroom.look(case).fixed_at == first is not None
    assert newsroom.look(case).fix_checked_at != first
    see(newsroom, case, FixState.PRESENT, "was opend in 1987")
    assert newsroom.look(case).fixed_at is None
    assert of_article(client)["notices"][0]["reads_right_since"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_and_a_date_are_in_the_articles_language_and_are_said_once(
    newsroom: Newsroom, client: FlaskClient, language: str
) -> None:
    words = catalogue_in(language)
    label = words("public.class_correction")
    publish(newsroom, notice=f"{label}: 1978.")
    newsroom.change(Article, language=language)
    newsroom.change(Correction, published_at=datetime(2026, 11, 28, 12, tzinfo=UTC))
    (fields,) = of_article(client)["notices"]
    assert (fields["label"], fields["text"]) == (label, "1978.")
    assert fields["date"] == words.date(datetime(2026, 11, 28, tzinfo=UTC))
    piece = LexborHTMLParser(body(client, f"/log/news/article.html?url={URL}")).css_first("aside")
    assert piece is not None
    assert (piece.attributes["lang"], piece.attributes["dir"]) == (language, words.direction)
    assert piece.text().count(label) == 1
    newsroom.change(Site, language=language)
    page = LexborHTMLParser(body(client, "/log/news"))
    assert [one.text() for one in page.css(".class")] == [label]
    assert fields["date"] in (page.css_first("main") or page).text()
    assert f"{label}: {label}" not in body(client, "/log/news/feed.atom")


def test_what_was_taken_back_stays_with_its_reason_in_list_feeds_table_and_article(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    case = publish(newsroom)
    take_back(newsroom, case)
    for address in (*ADDRESSES[:7], ADDRESSES[7], ADDRESSES[8]):
        assert "The archive had it right." in body(client, address), address
    found = of_article(client)
    assert (found["count"], found["notices"][0]["retracted"]["reason"]) == (1, "The archive had it right.")
    assert found["corrected"] == 0
    (linked,) = found["correction"]
    assert linked["creativeWorkStatus"] == "Retracted"
    assert linked["text"].startswith("This notice was taken back on ")
    assert 'article class="notice gone"' in body(client, "/log/news")


def test_a_case_that_is_opened_again_leaves_its_notice_where_it_was_and_says_so(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    case = publish(newsroom)
    newsroom.act(cases.reopen, case, newsroom.hire(Role.STANDARDS, "other@news.example"))
    for address in ADDRESSES[:7]:
        assert "this notice is being looked at again" in body(client, address), address


def test_a_notice_that_was_replaced_shows_both_wordings_side_by_side_at_both_addresses(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    case = publish(newsroom)
    editor = newsroom.hire(Role.STANDARDS, "other@news.example")
    newsroom.act(cases.reopen, case, editor)
    again = {"wrong": "in 1987", "right": "in 1979", "notice": "It was opened in 1979.", "early": "It ran in print."}
    newsroom.decide(case, editor, Resolution.CORRECTED, **again)
    make_public(newsroom)
    for number in (1, 2):
        page = LexborHTMLParser(body(client, f"/log/news/corrections/{number}"))
        sides = [side.text(separator=" ", strip=True) for side in page.css(".sides > div")]
        assert len(sides) == 2
        assert "1978" in sides[0]
        assert "1979" in sides[1]
    first = body(client, "/log/news/corrections/1")
    assert "This notice was replaced by another one" in first
    assert "/log/news/corrections/2" in first


def test_hostile_words_break_no_page_feed_table_or_data(newsroom: Newsroom, client: FlaskClient) -> None:
    """Markup, ends of scripts and comments, direction controls, and formulas in tables."""
    case = publish(newsroom, wrong=HOSTILE, right="=1+1", notice=HOSTILE)
    newsroom.change(Article, headline=HOSTILE, section="=cmd|' /C calc'!A0", author=HOSTILE, language='"><b>')
    for address in (
        "/log/news",
        "/log/news/corrections/1",
        f"/log/news/article.html?url={URL}",
        "/log/news?q=%22%3E%3Cb",
    ):
        page = LexborHTMLParser(body(client, address))
        assert {one.attributes.get("type") for one in page.css("script")} <= {"application/ld+json"}, address
        assert page.css("img, b[onerror], [onerror]") == [], address
        for script in page.css("script"):
            assert json.loads(script.text())["@context"] == "https://schema.org"
    for name in ("atom", "rss"):
        elements, texts = parsed_strictly(client.get(f"/log/news/feed.{name}").get_data())
        assert "alert(1)" in texts
        assert not elements & {"img", "script", "b"}
    assert HOSTILE in json.loads(body(client, "/log/news/feed.json"))["items"][0]["content_text"]
    (row,) = csv.DictReader(io.StringIO(body(client, "/log/news/log.csv").lstrip("\ufeff")))
    assert row["right"] == "'=1+1"
    assert row["section"].startswith("'=")
    assert not any((value or " ")[0] in "=+-@\t\r" for value in row.values())
    assert chain.verify(io.BytesIO(client.get("/log/news/log.ndjson").get_data())).entries == 1
    take_back(newsroom, case, HOSTILE)
    assert "alert(1)" in parsed_strictly(client.get("/log/news/feed.rss").get_data())[1]


def test_what_somebody_has_is_not_sent_again(newsroom: Newsroom, client: FlaskClient) -> None:
    publish(newsroom)
    for address in ADDRESSES:
        answer = client.get(address)
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b""), address
        assert answer.headers["Access-Control-Allow-Origin"] == "*", address
    tags = {address: client.get(address).headers["ETag"] for address in ADDRESSES}
    newsroom.change(Case, fix_state=FixState.APPLIED, fixed_at=datetime(2026, 11, 4, tzinfo=UTC))
    take_back(newsroom, 1)
    for address in ADDRESSES:
        assert client.get(address, headers={"If-None-Match": tags[address]}).status_code == 200, address


@pytest.mark.parametrize("words", ["x " * 2400, "“ы” <&> " * 600, "\u0627\u0644 '\" " * 700])
def test_no_page_is_larger_than_60_kb_whatever_stands_in_it(
    newsroom: Newsroom, client: FlaskClient, words: str
) -> None:
    publish(newsroom, notice=words, wrong=words[:1500], right=words[:1400])
    with newsroom.db.write() as session:
        one = session.get_one(Correction, 1)
        for number in range(9):
            names = ("site_id", "article_id", "case_id", "notice_class", "wrong", "right", "state", "published_at")
            more = Correction(**{name: getattr(one, name) for name in names}, text=f"{number}{one.text}")
            session.add(more)
            session.flush()
            entries.enter(session, more)
    address, seen = "/log/news", 0
    for _ in range(20):
        page = client.get(address).get_data()
        assert len(page) < 60_000
        parsed = LexborHTMLParser(page)
        seen += len(parsed.css("article"))
        further = parsed.css_first('a[rel="next"]')
        if further is None:
            break
        address = str(further.attributes["href"])
    assert seen == 10


def test_a_notice_stands_in_the_article_by_its_gravity(newsroom: Newsroom, client: FlaskClient) -> None:
    publish(newsroom)

    def at(place: str) -> int:
        return len(
            LexborHTMLParser(body(client, f"/log/news/article.html?url={URL}&place={place}")).css("aside, a.corrected")
        )

    for gravity, places in (("", "top"), ("minor", "bottom"), ("material", "top"), ("serious", "top headline")):
        newsroom.change(Correction, gravity=gravity)
        assert {place for place in ("top", "bottom", "headline") if at(place)} == set(places.split()), gravity
        assert at("") == 1
    assert client.get(f"/log/news/article.html?url={URL}&place=x").status_code == 422
    assert client.get("/log/news/article.html?url=javascript:1").status_code == 422
    take_back(newsroom, 1)
    assert at("headline") == 0


def test_a_page_of_the_log_is_found_by_a_form_that_needs_no_script(newsroom: Newsroom, client: FlaskClient) -> None:
    publish(newsroom)
    newsroom.change(Article, section="Stadt & Land", author="Ann", headline="The bridge")
    page = LexborHTMLParser(body(client, "/log/news"))
    assert [option.text() for option in page.css("select[name=section] option")] == ["All", "Stadt & Land"]
    for link in page.css(".of a"):
        assert "It was opened" in body(client, str(link.attributes["href"]).removeprefix("http://corrections.example"))
    assert "Nothing fits this search" in body(client, "/log/news?q=ferry")
    assert "It was opened" in body(client, "/log/news?q=1978&class=correction&section=Stadt+%26+Land")
    for odd in ("month=x", "class=x", "before=x"):
        assert client.get(f"/log/news?{odd}").status_code == 404


def test_the_whole_log_is_open_data_whose_key_the_policy_shows(newsroom: Newsroom, client: FlaskClient) -> None:
    publish(newsroom)
    with newsroom.db.write() as session:
        entries.sign_due(session, SECRET)
    verified = chain.verify(io.BytesIO(client.get("/log/news/log.ndjson").get_data()))
    assert (verified.entries, verified.checkpoints) == (1, 1)
    assert verified.keys[0] in body(client, "/log/news/policy")
    assert verified.keys[0] in body(client, "/log/news/verify")


def test_how_many_reports_an_editor_has_taken_up_is_told_in_the_articles_language(
    newsroom: Newsroom, client: FlaskClient
) -> None:
    """A23."""
    case = newsroom.case_of(newsroom.send())
    assert (of_article(client)["count"], "taken_up" in of_article(client)) == (0, False)
    newsroom.act(cases.claim, case, newsroom.hire())
    newsroom.change(Article, language="de")
    assert of_article(client)["taken_up"] == {
        "count": 1,
        "text": catalogue_in("de")("public.taken_up", n=1),
    }
    assert of_article(client)["count"] == 1
