"""What an editor types is kept whole or refused with its count, and stands in its field until it fits."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Role, State
from corrections_service.store import search
from corrections_service.store.database import Database
from corrections_service.store.models import Correction, Event
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, dump, signed_in

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
"""Three people in one sign of five code points, which no border may cut apart."""

DECIDED = {"resolution": "corrected", "wrong": "ten", "right": "nine", "notice": "It leaves at nine, not ten."}


@pytest.fixture
def admin(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    """Somebody who may change everything of one site."""
    return signed_in(app, db, newsroom.hire(Role.ADMIN))


def shown(answer: TestResponse) -> Any:
    """A page, to look for things in."""
    return LexborHTMLParser(answer.get_data(as_text=True))


def field(answer: TestResponse, name: str) -> Any:
    """The control of this name."""
    found = shown(answer).css_first(f'[name="{name}"]:not([type=hidden])')
    assert found is not None, name
    return found


def value(control: Any) -> str:
    """What stands in a control."""
    return str(control.text() if control.tag == "textarea" else control.attributes["value"])


def assert_told(answer: TestResponse, name: str, words: str, most: int, status: int = 422) -> None:
    """The page says at the field that this is too long, with both numbers, and holds all of it; the field has the focus."""
    said = f"At most {most:,} characters; these are {len(words.strip()):,}."
    page = shown(answer)
    control = field(answer, name)
    assert answer.status_code == status
    assert value(control) == words
    assert control.attributes["aria-invalid"] == "true"
    assert "autofocus" in control.attributes
    described = (control.attributes["aria-describedby"] or "").split()
    assert said in [page.css_first(f'[id="{one}"]').text() for one in described]
    link = page.css_first(f'.summary[role=alert] a[href="#{control.attributes["id"]}"]')
    assert link is not None
    assert said in link.parent.text()
    for folded in page.css("details:has([aria-invalid])"):
        assert "open" in folded.attributes


CASE_FIELDS = [
    ("decide", "wrong", 2000, DECIDED),
    ("decide", "right", 2000, DECIDED),
    ("decide", "notice", 5000, DECIDED),
    ("decide", "why_silent", 1000, {"resolution": "fixed", "right": "in 1978"}),
    ("decide", "reason", 2000, {"resolution": "opinion"}),
    ("decide", "notice", 5000, {"resolution": "opinion"}),
    ("note", "text", 5000, {}),
    ("ask", "question", 2000, {}),
]


@pytest.mark.parametrize(("action", "name", "most", "rest"), CASE_FIELDS)
def test_nothing_typed_for_a_case_is_cut_and_what_is_too_long_is_said_with_its_count(
    newsroom: Newsroom, db: Database, admin: Visitor, action: str, name: str, most: int, rest: dict[str, str]
) -> None:
    sent = newsroom.send(exact="in 1987", suggestion="in 1978", email="ann@example.org")
    case = newsroom.case_of(sent)
    before = dump(db)
    for words in ("x" * (most + 27), "ж" * (most + 1), "a" * (most - 2) + FAMILY, "line\n" * most):
        answer = admin.post(f"/cases/{case}/{action}", **{**rest, name: words})
        assert_told(answer, name, words, most)
    assert dump(db) == before


@pytest.mark.parametrize(("action", "name", "most", "rest"), CASE_FIELDS)
def test_as_much_as_fits_is_stored_to_the_last_character(
    newsroom: Newsroom, db: Database, admin: Visitor, action: str, name: str, most: int, rest: dict[str, str]
) -> None:
    """Line ends that browsers send as two characters, and space around, do not count."""
    sent = newsroom.send(exact="in 1987", suggestion="in 1978", email="ann@example.org")
    case = newsroom.case_of(sent)
    begin = "nine" if name == "notice" else "a"  # a notice says what is right
    words = begin + "\r\n" * (most - 5 - len(begin)) + FAMILY
    answer = admin.post(f"/cases/{case}/{action}", **{**rest, name: f"  {words}\r\n"})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    kept = words.replace("\r\n", "\n")
    assert len(kept) == most
    with db.read() as session:
        told = [str(said) for event in session.query(Event) for said in event.data.values()]
        told += [said for one in session.query(Correction) for said in (one.wrong, one.right, one.text)]
        if name != "notice" or rest == DECIDED:
            assert kept in [said.strip() for said in told]


def test_a_reason_stays_on_the_page_whatever_else_is_wrong(newsroom: Newsroom, admin: Visitor) -> None:
    """Kind: a field that one refusal brought and the next took away, with what had been typed into it."""
    case = newsroom.case_of(newsroom.send(exact="teh bridge of 1987", suggestion="the bridge of 1987"))
    decided = {"resolution": "fixed", "right": "the bridge of 1978"}
    assert "why_silent" in admin.post(f"/cases/{case}/decide", **decided).get_data(as_text=True)
    for why, more in (("w" * 1200, {}), ("A slip.", {"version": "0"}), ("A slip.", {"wrong": "x" * 3000})):
        answer = admin.post(f"/cases/{case}/decide", **{**decided, **more}, why_silent=why)
        assert answer.status_code in (409, 422)
        assert why in shown(answer).css_first("[name=why_silent]").text()


def test_why_a_case_is_opened_again_is_kept_whole(newsroom: Newsroom, db: Database, admin: Visitor) -> None:
    case = newsroom.case_of(newsroom.send())
    admin.post(f"/cases/{case}/decide", resolution="opinion")
    before = dump(db)
    assert_told(admin.post(f"/cases/{case}/reopen", why="y" * 1001), "why", "y" * 1001, 1000)
    assert dump(db) == before


def test_what_was_typed_is_shown_where_its_form_is_gone(newsroom: Newsroom, app: Flask, admin: Visitor) -> None:
    """A colleague decided meanwhile: the case is being fixed, closed or merged, and takes no such answer any more."""
    case = newsroom.case_of(newsroom.send())
    admin.post(f"/cases/{case}/decide", resolution="fixed", why_silent="A slip.")
    assert newsroom.look(case).state is State.FIXING
    for words in ("A careful answer.", "w" * 2600):
        answer = admin.post(f"/cases/{case}/decide", resolution="opinion", reason=words, version="1")
        assert answer.status_code in (409, 422)
        page = shown(answer)
        assert words in page.css_first(".summary[role=alert]").text()
        assert page.css("form#decide") == []


SITE = {"origins": "https://news.example", "desk": "desk@news.example", "ways_in": "key"}
SETTINGS_FIELDS = [
    ("", "origins", 10_000, SITE),
    ("", "desk", 254, SITE),
    ("/editors", "email", 254, {"action": "invite", "role": "editor"}),
    ("/links", "url", 2048, {}),
    ("/words", "title", 300, {"lang": "en"}),
    ("/words", "known.other", 300, {"lang": "en", "send": "Off it goes"}),
]


@pytest.mark.parametrize(("path", "name", "most", "rest"), SETTINGS_FIELDS)
def test_nothing_typed_in_the_settings_is_cut(
    newsroom: Newsroom, db: Database, admin: Visitor, path: str, name: str, most: int, rest: dict[str, Any]
) -> None:
    before = dump(db)
    for words in ("x" * (most + 1), "https://news.example/" + "y" * (most + 500)):
        answer = admin.post(f"/settings/sites/{newsroom.site.slug}{path}", **{**rest, name: words})
        assert_told(answer, name, words, most)
    assert dump(db) == before


def test_nothing_typed_for_an_account_is_cut(newsroom: Newsroom, db: Database, admin: Visitor) -> None:
    """A password is refused and not shown again; a name stays in its field."""
    before = dump(db)
    assert_told(admin.post("/account", name="N" * 101), "name", "N" * 101, 100)
    answer = admin.post("/account", name="Ann", password="correct horse " * 10)
    assert answer.status_code == 422
    assert "At most 128 characters; these are 140." in answer.get_data(as_text=True)
    assert "correct horse" not in answer.get_data(as_text=True)
    assert value(field(answer, "name")) == "Ann"
    assert dump(db) == before
    assert admin.post("/account", name="N" * 100).status_code == 302
    assert value(field(admin.get("/account"), "name")) == "N" * 100


def test_an_address_that_is_too_long_signs_nobody_in_and_stays(app: Flask, db: Database, newsroom: Newsroom) -> None:
    visitor, email = Visitor(app), f"{'e' * 300}@news.example"
    visitor.get("/login")
    for path, status in (("/login", 403), ("/login/link", 422)):
        answer = visitor.post(path, email=email, password="one two three four")
        assert_told(answer, "email", email, 254, status)


def test_a_search_for_more_than_is_searched_for_is_refused_and_stays(newsroom: Newsroom, admin: Visitor) -> None:
    newsroom.send(exact="wrong")
    words = "wrong " * 40
    page = admin.client.get("/queue", query_string={"q": words, "view": "all"})
    assert page.status_code == 200
    assert value(field(page, "q")) == words
    assert "At most 200 characters; these are 239." in page.get_data(as_text=True)
    assert shown(page).css("[data-case]") == []


def test_a_search_of_more_words_than_are_looked_for_says_how_many_were_not(newsroom: Newsroom, admin: Visitor) -> None:
    words = [f"w{number}" for number in range(35)]
    case = newsroom.case_of(newsroom.send(comment=" ".join(words[:32])))
    with newsroom.db.write() as session:
        search.index_cases(session)
    for many, told in ((32, None), (33, "the last one was not."), (35, "the last 3 were not.")):
        page = shown(admin.client.get("/queue", query_string={"q": " ".join([*words[:many], words[0]]), "view": "all"}))
        assert [row.attributes["data-case"] for row in page.css("[data-case]")] == [str(case)]
        said = page.css_first("#unsearched")
        if told is None:
            assert said is None
        else:
            assert " ".join(said.text().split()) == f"Only the first 32 different words were looked for; {told}"


@pytest.mark.parametrize(
    "path", ["/account", "/login", "/queue", "CASE", "SITE", "SITE/editors", "SITE/links", "SITE/words"]
)
def test_no_browser_cuts_what_is_pasted(newsroom: Newsroom, app: Flask, admin: Visitor, path: str) -> None:
    """`maxlength` cuts a paste without a word; how much fits is told while it is typed instead."""
    case = newsroom.case_of(newsroom.send())
    site = f"/settings/sites/{newsroom.site.slug}"
    page = admin.get(path.replace("CASE", f"/cases/{case}").replace("SITE", site)).get_data(as_text=True)
    assert "maxlength" not in page
    typed = LexborHTMLParser(page).css("textarea, main input:is([type=email], :not([type], [inputmode]))")
    assert all("data-most" in control.attributes for control in typed), html.escape(path)


def test_nothing_a_reader_says_of_a_decision_or_to_a_question_is_cut(
    newsroom: Newsroom, app: Flask, admin: Visitor
) -> None:
    sent = newsroom.send(email="ann@example.org")
    case, reader = newsroom.case_of(sent), app.test_client(use_cookies=False)
    admin.post(f"/cases/{case}/ask", question="Where?")
    before = newsroom.history(case)
    for action, said in (("answer", "o" * 1027), ("answer", "ж" * 999 + FAMILY)):
        answer = reader.post(f"/r/{sent.token}", data={"action": action, "text": said})
        page = shown(answer)
        assert answer.status_code == 422
        assert page.css_first("textarea#answer").text() == said
        assert page.css_first("textarea#answer").attributes["aria-describedby"] == "answer-error"
        assert page.css_first("textarea#answer").attributes["data-most"] == "1000"
        assert page.css_first("#answer-error").text() == f"At most 1,000 characters, please. ({len(said):,} / 1,000)"
        assert page.css_first(".summary[role=alert] a").attributes["href"] == "#answer"
    assert newsroom.history(case) == before
    assert reader.post(f"/r/{sent.token}", data={"action": "answer", "text": "o" * 1000}).status_code == 303
    admin.post(f"/cases/{case}/decide", resolution="opinion")
    answer = reader.post(f"/r/{sent.token}", data={"action": "appeal", "text": "n" * 1001})
    assert answer.status_code == 422
    assert shown(answer).css_first("textarea#appeal").text() == "n" * 1001


def test_what_a_reader_says_too_late_is_shown_again(newsroom: Newsroom, app: Flask) -> None:
    sent, reader = newsroom.send(), app.test_client(use_cookies=False)
    answer = reader.post(f"/r/{sent.token}", data={"action": "appeal", "text": "Look at the photo."})
    assert answer.status_code == 409
    assert "Look at the photo." in shown(answer).css_first(".summary").text()


def test_a_long_address_comes_whole_into_the_form_for_readers(newsroom: Newsroom, app: Flask) -> None:
    """An address that is cut is another article's."""
    url = "https://news.example/" + "a" * 2100
    page = app.test_client().get(f"/report/{newsroom.site.key}", query_string={"url": url}).get_data(as_text=True)
    assert f'value="{url}"' in page
