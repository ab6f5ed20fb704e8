"""The desk over plain forms: find cases, decide them, and lose nothing to a colleague who was faster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corrections_service import __version__
from corrections_service.rules.pages import ArticleFacts
from corrections_service.rules.workflow import Resolution, Role, State
from corrections_service.services import articles, looks, siblings, sites
from corrections_service.store import search
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, FixState, Site, now
from tests.services.newsroom import BRIDGE, Newsroom
from tests.web.visitors import Visitor, signed_in

Hire = Callable[..., Visitor]


@pytest.fixture
def hire(app: Flask, db: Database, newsroom: Newsroom) -> Hire:
    """Signs a new person of a role in."""
    return lambda role=Role.EDITOR, **more: signed_in(app, db, newsroom.hire(role, **more))


def numbers(answer: TestResponse) -> list[int]:
    """The cases of a queue page, in order."""
    rows = LexborHTMLParser(answer.get_data(as_text=True)).css("[data-case]")
    return [int(row.attributes["data-case"] or 0) for row in rows]


def main(answer: TestResponse) -> Any:
    """The page's main element."""
    return LexborHTMLParser(answer.get_data(as_text=True)).css_first("main")


def reported(newsroom: Newsroom, number: int, **changes: Any) -> int:
    """The case of another error."""
    return newsroom.case_of(newsroom.send(exact=f"wrong {number}", suggestion=f"right {number}", **changes))


def test_the_queue_shows_each_case_once_newest_first_and_page_by_page(newsroom: Newsroom, hire: Hire) -> None:
    made = [reported(newsroom, number, url=f"https://news.example/{number}") for number in range(120)]
    visitor, seen, path = hire(), list[int](), "/queue"
    for _ in range(10):
        answer = visitor.get(path)
        seen += numbers(answer)
        following = LexborHTMLParser(answer.get_data(as_text=True)).css_first('a[rel="next"]')
        if following is None:
            break
        path = (
            f"/queue{following.attributes['href']}"
            if (following.attributes["href"] or "")[0] == "?"
            else str(following.attributes["href"])
        )
    assert seen == made[::-1]


def test_the_queue_is_filtered_by_state_kind_site_and_words(db: Database, newsroom: Newsroom, hire: Hire) -> None:
    bridge, ferry = reported(newsroom, 1, comment="about the zeppelin"), reported(newsroom, 2, kind=None)
    with db.write() as session:
        other = sites.create(session, name="Weekly", origins=["https://news.example"], desk="d@news.example")
    weekly = Newsroom(db, other)
    third = reported(weekly, 3)
    weekly.hire(Role.EDITOR, "both@news.example")
    visitor = hire(email="both@news.example")
    visitor.post(f"/cases/{ferry}/claim")
    with db.write() as session:
        search.index_cases(session, 100)
    assert numbers(visitor.get("/queue")) == [third, ferry, bridge]
    assert numbers(visitor.get("/queue?view=mine")) == [ferry]
    assert numbers(visitor.get(f"/queue?site={other.id}")) == [third]
    assert numbers(visitor.get("/queue?q=zeppelin")) == [bridge]
    assert numbers(visitor.get("/queue?q=nowhere")) == []
    assert numbers(visitor.get("/queue?view=closed")) == []


@pytest.mark.parametrize("asked", ['"', "%", "NEAR(a b)", "a*" * 1000, "'; DROP TABLE report; --", "\x00", "_"])
def test_no_search_breaks_the_queue(newsroom: Newsroom, hire: Hire, asked: str) -> None:
    """THREATS C15, C16."""
    reported(newsroom, 1)
    assert hire().client.get("/queue", query_string={"q": asked, "cursor": asked, "site": asked}).status_code == 200


def test_a_case_is_taken_decided_and_the_next_one_opens(newsroom: Newsroom, hire: Hire) -> None:
    older, case = reported(newsroom, 1), reported(newsroom, 2)
    visitor = hire()
    page = main(visitor.get(f"/cases/{case}"))
    assert (page.attributes["data-state"], page.attributes["data-resolution"]) == ("new", "")
    assert visitor.post(f"/cases/{case}/claim").location == f"/cases/{case}"
    decided = visitor.post(f"/cases/{case}/decide", resolution="not_an_error", reason="It is right as it stands.")
    assert decided.location == f"/cases/{older}"
    page = main(visitor.get(f"/cases/{case}"))
    assert (page.attributes["data-state"], page.attributes["data-resolution"]) == ("closed", "not_an_error")
    assert visitor.post(f"/cases/{case}/undo").status_code == 302
    assert newsroom.look(case).state is State.OPEN


def test_who_comes_second_is_told_who_has_the_case(newsroom: Newsroom, hire: Hire) -> None:
    case = reported(newsroom, 1)
    first, second = hire(), hire(email="second@news.example")
    first.post(f"/cases/{case}/claim")
    answer = second.post(f"/cases/{case}/claim")
    assert answer.status_code == 409
    assert "editor@news.example has taken this case" in answer.get_data(as_text=True)


def test_a_stale_form_shows_the_case_as_it_is_and_keeps_what_was_typed(newsroom: Newsroom, hire: Hire) -> None:
    """P-17."""
    case = reported(newsroom, 1)
    slow, fast = hire(), hire(email="fast@news.example")
    version = newsroom.look(case).version
    fast.post(f"/cases/{case}/decide", resolution="opinion", reason="A view.", version=str(version))
    typed = {"resolution": "not_an_error", "reason": "My long and careful answer."}
    answer = slow.post(f"/cases/{case}/decide", version=str(version), **typed)
    assert answer.status_code == 409
    page = main(answer)
    assert page.attributes["data-resolution"] == "opinion"
    assert "My long and careful answer." in answer.get_data(as_text=True)
    assert newsroom.look(case).resolution is Resolution.OPINION


def test_a_typo_that_touches_a_number_needs_a_second_step(newsroom: Newsroom, hire: Hire) -> None:
    case = newsroom.case_of(newsroom.send(exact="in 1987", suggestion="in 1978"))
    visitor = hire()
    answer = visitor.post(f"/cases/{case}/decide", resolution="fixed", wrong="in 1987", right="in 1978")
    assert answer.status_code == 409
    assert "number" in answer.get_data(as_text=True)
    assert newsroom.look(case).state is State.NEW
    why = {"why_silent": "The year was never printed."}
    answer = visitor.post(f"/cases/{case}/decide", resolution="fixed", wrong="in 1987", right="in 1978", **why)
    assert answer.status_code == 302
    assert newsroom.look(case).resolution is Resolution.FIXED


def test_a_clarification_needs_the_standards_editor(newsroom: Newsroom, hire: Hire) -> None:
    case = reported(newsroom, 1)
    said = {
        "resolution": "clarified",
        "notice": "This could be read as if the bridge had fallen.",
        "right": "b",
        "wrong": "a",
    }
    assert hire(Role.EDITOR).post(f"/cases/{case}/decide", **said).status_code == 403
    assert newsroom.look(case).state is State.NEW
    assert hire(Role.STANDARDS).post(f"/cases/{case}/decide", **said).status_code == 302


def test_a_notice_that_plays_an_error_down_is_refused_with_the_reason(newsroom: Newsroom, hire: Hire) -> None:
    case = reported(newsroom, 1)
    said = {"resolution": "corrected", "notice": "This article was updated.", "wrong": "a", "right": "b"}
    answer = hire(Role.STANDARDS).post(f"/cases/{case}/decide", **said)
    assert answer.status_code == 422
    assert "This article was updated." in answer.get_data(as_text=True)


def test_every_other_action_does_what_its_button_says(newsroom: Newsroom, hire: Hire) -> None:
    case, twin = reported(newsroom, 1, email="ann@example.org"), reported(newsroom, 2)
    newsroom.send(exact="wrong 1", suggestion="right 1")
    visitor = hire()
    until = f"{now() + timedelta(days=2):%Y-%m-%d}"
    steps = [
        ("note", {"text": "Ask the harbour master."}, case, State.NEW),
        ("ask", {"question": "Where did you see it?"}, case, State.WAITING),
        ("snooze", {"until": until}, twin, State.WAITING),
        ("merge", {"into": str(case), "sure": str(case)}, twin, State.MERGED),
        ("reopen", {"why": "Another place."}, twin, State.OPEN),
        ("spam", {}, twin, State.SPAM),
        ("not_spam", {}, twin, State.NEW),
        ("look", {}, case, State.WAITING),
    ]
    for action, typed, which, state in steps:
        assert visitor.post(f"/cases/{which}/{action}", **typed).status_code == 302, action
        assert newsroom.look(which).state is state, action
    report = max(one.id for one in reports_of(newsroom, case))
    assert visitor.post(f"/cases/{case}/split", report=str(report)).status_code == 302
    assert newsroom.count(Case) == 3
    assert visitor.post(f"/cases/{case}/fly").status_code == 404
    newsroom.assert_readers_add_up()


def reports_of(newsroom: Newsroom, case: int) -> list[Any]:
    """The reports under a case."""
    with newsroom.db.read() as session:
        return list(session.get_one(Case, case).reports)


def test_the_case_page_shows_what_stood_and_what_stands_and_takes_a_closing_back(
    newsroom: Newsroom, hire: Hire
) -> None:
    case = reported(newsroom, 1)
    visitor = hire(Role.STANDARDS)
    # From wrong to right turns a statement round, which a typo does not.
    visitor.post(f"/cases/{case}/decide", resolution="fixed", why_silent="The word itself was a slip.")
    with newsroom.db.write() as session:
        for state, stands in ((FixState.PRESENT, "A wrong 1 word."), (FixState.APPLIED, "A right 1 word.")):
            looks.see_fix(session, session.get_one(Case, case), state, before=stands, after=stands)
    page = main(visitor.get(f"/cases/{case}"))
    card = page.css_first(".fix")
    assert [node.text() for node in card.css("del, ins")] == ["wrong", "right"]
    assert page.attributes["data-state"] == "closed"
    assert "This is no fix" in card.text()
    assert [node.text() for node in page.css(".history .long")][-2:] == ["A wrong 1 word.", "A right 1 word."]
    assert visitor.post(f"/cases/{case}/undo").status_code == 302
    page = main(visitor.get(f"/cases/{case}"))
    assert page.attributes["data-state"] == "fixing"
    assert "This is no fix" not in page.text()


def test_the_case_page_says_which_version_a_reader_read(newsroom: Newsroom, hire: Hire) -> None:
    case = reported(newsroom, 1)
    with newsroom.db.write() as session:
        article = session.get_one(Case, case).article
        for modified, words in ((datetime(2026, 3, 2, 9, 14, tzinfo=UTC), "Before."), (now(), "After.")):
            facts = ArticleFacts(canonical_url=article.url, modified=modified)
            articles.record_reading(session, article, facts, words)
    assert "read the version of 2 Mar 2026, 09:14 UTC" in main(hire().get(f"/cases/{case}")).text()


def test_a_case_that_may_be_another_is_shown_beside_it_to_join_or_to_keep_apart(newsroom: Newsroom, hire: Hire) -> None:
    first = newsroom.case_of(newsroom.send(suggestion=""))
    wider = {"exact": f"{BRIDGE['prefix']}{BRIDGE['exact']} by the king", "prefix": "", "suggestion": ""}
    twin = newsroom.case_of(newsroom.send(**wider, suffix=", who stayed for lunch."))
    assert twin != first
    visitor = hire()
    card = main(visitor.get(f"/cases/{twin}")).css_first(".alike")
    assert f"Perhaps the same as case {first}" in " ".join(card.text().split())
    assert card.css_first("mark").text() == BRIDGE["exact"]
    assert visitor.post(f"/cases/{twin}/apart").status_code == 302
    assert main(visitor.get(f"/cases/{twin}")).css_first(".alike") is None
    assert newsroom.history(twin)[-1] == "kept_apart"


def test_one_click_opens_a_case_where_the_same_words_stand_elsewhere(newsroom: Newsroom, hire: Hire) -> None:
    case = reported(newsroom, 1)
    with newsroom.db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        other = session.get_one(Article, articles.find_or_add(session, site, "https://news.example/other"))
        facts = ArticleFacts(canonical_url=other.url, headline="<b>Another story</b>")
        articles.record_reading(session, other, facts, "Here is <i>wrong 1</i> again: wrong 1.")
        about = session.get_one(Case, case)
        siblings.keep(session, about, siblings.search(session, about))
        place = str(other.id)
    visitor = hire()
    page = main(visitor.get(f"/cases/{case}"))
    assert "<b>Another story</b>" in page.css_first(".elsewhere").text()
    assert page.css_first(".elsewhere button").attributes["value"] == place
    assert visitor.post(f"/cases/{case}/sibling", article=place).location == f"/cases/{case}"
    assert main(visitor.get(f"/cases/{case}")).css(".elsewhere a")[-1].attributes["href"] == f"/cases/{case + 1}"
    sibling = main(visitor.get(f"/cases/{case + 1}"))
    assert "No reader yet" in sibling.text()
    assert f"opened it for the same words as in case {case}" in sibling.text()
    for other_place in ("", "x", "77", "-1"):
        assert visitor.post(f"/cases/{case}/sibling", article=other_place).status_code == 404
    assert hire(Role.AUTHOR).post(f"/cases/{case}/sibling", article=place).status_code == 403


def test_every_reader_of_a_much_reported_case_is_listed_a_page_at_a_time(newsroom: Newsroom, hire: Hire) -> None:
    """E03."""
    sent = [newsroom.send(comment=f"Comment {number}.") for number in range(120)]
    case, visitor = newsroom.case_of(sent[0]), hire()
    path, listed = f"/cases/{case}", []
    while path:
        page = main(visitor.get(path))
        listed += [node.text() for node in page.css(".reports .reference")]
        links = [link.attributes["href"] for link in page.css("a") if link.text() == "The next ones"]
        path = links[0].partition("#")[0] if links else ""
    assert listed == [one.reference for one in sent]
    for odd in ("x", "-1", "9" * 30):
        assert visitor.get(f"/cases/{case}?from={odd}").status_code == 200


def test_a_site_chooses_to_let_cases_close_by_themselves(newsroom: Newsroom, hire: Hire) -> None:
    visitor, path = hire(Role.ADMIN), f"/settings/sites/{newsroom.site.slug}"
    sent = {"origins": "https://news.example", "desk": "desk@news.example", "ways_in": "key"}
    for ticked in ({"auto_close": "on"}, {}):
        assert visitor.post(path, **sent, **ticked).status_code == 302
        box = main(visitor.get(path)).css_first("#auto_close")
        assert ("checked" in box.attributes) is bool(ticked)
        with newsroom.db.read() as session:
            assert bool(session.get_one(Site, newsroom.site.id).policy.get("auto_close")) is bool(ticked)


def test_the_foot_of_the_desks_pages_says_which_version_runs(newsroom: Newsroom, hire: Hire) -> None:
    visitor = hire(Role.ADMIN)
    for path in ("/settings/", "/reports"):
        (foot,) = LexborHTMLParser(visitor.get(path).get_data(as_text=True)).css("footer.version")
        assert foot.text() == f"corrections-service {__version__}"


def test_another_sites_case_is_not_there(newsroom: Newsroom, neighbour: Newsroom, hire: Hire) -> None:
    foreign = neighbour.case_of(neighbour.send())
    visitor = hire(Role.ADMIN)
    assert visitor.get(f"/cases/{foreign}").status_code == 404
    assert visitor.post(f"/cases/{foreign}/claim").status_code == 404
    assert numbers(visitor.get("/queue?view=all")) == []
    assert neighbour.look(foreign).assignee_id is None


def test_an_open_queue_hears_what_is_new_and_is_not_sent_the_same_twice(newsroom: Newsroom, hire: Hire) -> None:
    first = reported(newsroom, 1)
    visitor = hire()
    answer = visitor.get(f"/queue/changes?newest={first}")
    assert answer.json["new"] == 0  # type: ignore[index]
    unchanged = visitor.get(f"/queue/changes?newest={first}", headers={"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status_code == 304
    reported(newsroom, 2)
    assert visitor.get(f"/queue/changes?newest={first}").json["new"] == 1  # type: ignore[index]
