"""The search box, facets, saved views and tables of the queue over plain forms, and never another publication's."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Role
from corrections_service.store import search
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case
from tests.rules.test_queries import TYPED
from tests.services.newsroom import Newsroom
from tests.web.visitors import Visitor, signed_in

Hire = Callable[..., Visitor]


@pytest.fixture
def hire(app: Flask, db: Database, newsroom: Newsroom) -> Hire:
    """Signs a new person of a role in."""
    return lambda role=Role.EDITOR, email="editor@news.example": signed_in(app, db, newsroom.hire(role, email))


@pytest.fixture
def cases(newsroom: Newsroom, neighbour: Newsroom) -> list[int]:
    """Two cases of the newsroom's, in two sections, and one of the neighbour's with the same words."""
    made = []
    for at, section, author in (
        (newsroom, "Sport", "Ann"),
        (newsroom, "World news", "=1+1"),
        (neighbour, "Secret", "Spy"),
    ):
        url = f"{at.site.origins[0]}/{section.split()[0]}"
        made.append(at.case_of(at.send(exact="the wrong bridges", suggestion="the bridges", url=url)))
        with at.db.write() as session:
            article = session.get_one(Article, session.get_one(Case, made[-1]).article_id)
            article.section, article.author, article.language = section, author, "en"
    search.catch_up(newsroom.db)
    return made


def numbers(answer: TestResponse) -> list[int]:
    rows = LexborHTMLParser(answer.get_data(as_text=True)).css("[data-rows] [data-case]")
    return [int(row.attributes["data-case"] or 0) for row in rows]


def links(answer: TestResponse, selector: str) -> dict[str, str]:
    """Where the links of a page lead, by what they say."""
    found = LexborHTMLParser(answer.get_data(as_text=True)).css(selector)
    return {" ".join(link.text().split()): str(link.attributes["href"]) for link in found}


def test_words_and_filters_find_cases_and_a_facet_adds_one(hire: Hire, cases: list[int]) -> None:
    visitor = hire()
    sport, world, _ = cases
    assert numbers(visitor.get("/queue?q=bridge&view=all")) == [world, sport]
    assert numbers(visitor.get("/queue?q=bridge+section%3Asport&view=all")) == [sport]
    page = visitor.get("/queue?q=bridge&view=all")
    facets = links(page, ".facets a")
    assert {"Sport", "World news"} <= set(facets)
    assert "Secret" not in page.get_data(as_text=True)
    page = visitor.get(facets["World news"])
    assert numbers(page) == [world]
    (chip,) = links(page, ".terms a").items()
    assert 'section:"World news"' in chip[0]
    assert numbers(visitor.get(chip[1])) == [world, sport]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("desk:x", "There is no filter “desk:”"),
        ("readers>many", "is no number of readers"),
        ("site:Gazette", "None of your publications is called “Gazette”"),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_box(hire: Hire, cases: list[int], typed: str, told: str) -> None:
    page = hire().get("/queue", query_string={"q": f"bridge {typed}"})
    parsed: Any = LexborHTMLParser(page.get_data(as_text=True))
    box = parsed.css_first("#q")
    assert told in parsed.css_first(f"#{box.attributes['aria-describedby']}").text()
    assert box.attributes["value"] == f"bridge {typed}"
    assert numbers(page) == []


def test_views_are_saved_for_oneself_or_the_desk_renamed_and_deleted(
    hire: Hire, cases: list[int], newsroom: Newsroom
) -> None:
    mia, tom = hire(), hire(email="tom@news.example")
    mia.get("/queue?q=section%3Asport&view=all")
    own = mia.post("/queue/views", name="Ball games", q="section:sport", view="all").location
    assert numbers(mia.get(own)) == [cases[0]]
    desk = mia.post("/queue/views", name="For us", q="is:inbox", view="all", desk=newsroom.site.slug).location
    assert links(mia.get(desk), ".kept") == {"Ball games 1": own, "For us 2": desk}
    assert list(links(tom.get("/queue"), ".kept")) == ["For us 2"]
    one, other = (address.partition("saved=")[2] for address in (own, desk))
    assert tom.post(f"/queue/views/{one}", name="Mine", action="rename").status_code == 404
    assert tom.post(f"/queue/views/{other}", name="<b>Ours</b>", action="rename").status_code == 302
    assert list(links(mia.get("/queue"), ".kept")) == ["Ball games 1", "<b>Ours</b> 2"]
    gone = mia.post(f"/queue/views/{one}", action="delete")
    assert gone.status_code == 302
    assert ("q=" in gone.location, "saved=" in gone.location) == (True, False), "what it showed can be saved again"
    page: Any = LexborHTMLParser(mia.get(gone.location).get_data(as_text=True))
    assert page.css_first("form[action='/queue/views']") is not None
    assert "is deleted" in page.css_first(".toasts").text()
    assert list(links(mia.get("/queue"), ".kept")) == ["<b>Ours</b> 2"]


def test_a_desks_views_are_changed_by_its_editors_alone(
    app: Flask, db: Database, hire: Hire, cases: list[int], newsroom: Newsroom, neighbour: Newsroom
) -> None:
    editor, viewer = hire(), hire(Role.VIEWER, "viewer@news.example")
    stranger = signed_in(app, db, neighbour.hire(Role.ADMIN, "admin@gazette.example"))
    saved = editor.post("/queue/views", name="Ours", q="bridge", desk=newsroom.site.slug).location.partition("saved=")[
        2
    ]
    assert viewer.post("/queue/views", name="X", q="bridge", desk=newsroom.site.slug).status_code == 403
    assert viewer.post(f"/queue/views/{saved}", action="delete").status_code == 403
    assert stranger.post("/queue/views", name="X", q="bridge", desk=newsroom.site.slug).status_code == 404
    assert stranger.post(f"/queue/views/{saved}", action="delete").status_code == 404
    assert links(stranger.get("/queue"), ".kept") == {}
    assert viewer.post("/queue/views", name=" ", q="bridge").status_code == 422


def test_a_view_is_a_table_without_formulas(hire: Hire, cases: list[int]) -> None:
    answer = hire().get("/queue.csv?view=all&q=bridge")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["case", str(cases[1]), str(cases[0])]
    assert "'=1+1" in rows[1]
    assert hire(email="second@news.example").get("/queue.csv?q=desk%3Ax").status_code == 422


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED, TYPED)
def test_no_query_breaks_a_page_or_shows_what_is_anothers(
    visitor: Visitor, cases: list[int], typed: str, view: str
) -> None:
    asked = {"q": typed, "view": view, "saved": view, "sort": view, "cursor": typed}
    for path in ("/queue", "/queue/complete", "/queue/changes"):
        answer = visitor.client.get(path, query_string=asked)
        assert answer.status_code == 200
        shown = answer.get_data(as_text=True)
        assert "Secret" not in shown.replace("Secret", "", typed.count("Secret"))
        assert cases[2] not in numbers(answer)


@pytest.fixture
def visitor(hire: Hire) -> Visitor:
    return hire()


@pytest.mark.parametrize("words", ["nobody wrote this", "is:opn"])
def test_beside_a_search_that_finds_nothing_no_case_is_offered(hire: Hire, cases: list[int], words: str) -> None:
    """Kind: what the whole view holds was said beside an empty list, with the keys that open one of them."""
    visitor = hire()
    full = LexborHTMLParser(visitor.get("/queue").get_data(as_text=True)).css_first(".nothing")
    assert full is not None
    assert "2 cases in Inbox." in full.text()
    empty = LexborHTMLParser(visitor.get("/queue", query_string={"q": words}).get_data(as_text=True))
    assert not empty.css("[data-rows] [data-case]")
    assert [" ".join(node.text().split()) for node in empty.css(".pane .nothing")] == [""]
