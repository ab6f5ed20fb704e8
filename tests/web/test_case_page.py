"""A case is read in ten seconds: the sentence, the difference once, what the reader says, one line of facts, a short history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corrections_service.rules.workflow import Role
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Event, EventKind, Site, now
from corrections_service.web import display
from tests.services.newsroom import FERRY, Newsroom
from tests.web.visitors import Visitor, signed_in


def words(node: LexborNode | None) -> str:
    return " ".join(node.text().split()) if node is not None else ""


def test_the_sentence_the_difference_and_what_the_reader_says_stand_together(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    context = {"prefix": "ning long. Meanwhile the bridge ", "suffix": " by the king. He stayed for lun"}
    said = {"comment": "I was there.", "source_url": "https://archive.example/1987"}
    case = newsroom.case_of(newsroom.send(**context, **said))
    with db.write() as session:
        article = session.get_one(Article, session.get_one(Case, case).article_id)
        article.section, article.author, article.language = "City", "Ann Lee", "en"
        article.published_at = now() - timedelta(days=2)
    page = LexborHTMLParser(signed_in(app, db, newsroom.hire(Role.VIEWER)).get(f"/cases/{case}").get_data(as_text=True))
    passage = page.css_first(".passage")
    assert words(passage).startswith("Meanwhile the bridge was ")
    assert words(passage).endswith("in 1987 by the king.")
    first = page.css_first(".first")
    assert first is not None
    assert [words(node) for node in first.css("ins")] == ["opened"], "the difference is shown once"
    assert words(first.css_first(".said-by blockquote")) == "I was there."
    assert "https://archive.example/1987" in words(first.css_first(".said-by figcaption"))
    facts = [words(node) for node in page.css(".facts-line li")]
    assert facts == [
        *("Spelling", "City", "Ann Lee", "published 2 d ago", "en", "News", "reported just now"),
        "Read it in the article ↗",
    ]


def test_a_case_whose_reports_were_all_withdrawn_says_so_and_nobody_wants_an_answer(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    sent, visitor = newsroom.send(email="ann@readers.example"), signed_in(app, db, newsroom.hire(Role.VIEWER))
    path = f"/cases/{newsroom.case_of(sent)}"
    assert "wants an answer" in visitor.get(path).get_data(as_text=True)
    app.test_client().post(f"/r/{sent.token}", data={"action": "withdraw"})
    page = LexborHTMLParser(visitor.get(path).get_data(as_text=True))
    assert words(page.css_first("#readers-title")) == "All reports were withdrawn"
    assert "wants an answer" not in words(page.css_first(".reports"))
    assert "withdrawn" in words(page.css_first(".reports"))


def test_alike_lines_of_the_history_are_one_and_what_somebody_wrote_is_not(newsroom: Newsroom) -> None:
    looked = {"fix_state": "present"}
    events = [
        Event(kind=kind, actor_id=actor, data=data, at=now() + timedelta(minutes=minute))
        for minute, (kind, actor, data) in enumerate(
            [
                (EventKind.REPORTED, None, {}),
                (EventKind.REPORTED, None, {}),
                (EventKind.RECHECKED, None, looked),
                (EventKind.RECHECKED, None, looked),
                (EventKind.RECHECKED, None, looked),
                (EventKind.RECHECKED, None, {"fix_state": "gone"}),
                (EventKind.NOTED, 1, {"text": "same"}),
                (EventKind.NOTED, 1, {"text": "same"}),
                (EventKind.RECHECKED, None, looked),
            ]
        )
    ]
    folds = display.folded(events)
    assert [fold.count for fold in folds] == [2, 3, 1, 1, 1, 1]
    assert (folds[1].since, folds[1].event.at) == (events[2].at, events[4].at)


def test_merging_asks_where_passages_differ_and_a_report_moves_and_comes_back_over_plain_forms(
    app: Flask, db: Database, newsroom: Newsroom
) -> None:
    case, ferry = newsroom.case_of(newsroom.send()), newsroom.case_of(newsroom.send(**FERRY))
    second = newsroom.send()
    visitor: Visitor = signed_in(app, db, newsroom.hire())
    page = LexborHTMLParser(visitor.get(f"/cases/{case}").get_data(as_text=True))
    assert [words(node) for node in page.css(".beside .sides blockquote")][1].find("leaves at nine") > 0
    refused = visitor.post(f"/cases/{ferry}/merge", into=str(case))
    assert refused.status_code == 409
    assert "merge all the same?" in refused.get_data(as_text=True)
    asked = LexborHTMLParser(refused.get_data(as_text=True)).css_first(".summary button[name=sure]")
    assert asked is not None
    assert asked.attributes["value"] == str(case)
    other = newsroom.case_of(newsroom.send(exact="for lunch", prefix="who stayed ", suffix=".", suggestion="to dine"))
    again = visitor.post(f"/cases/{ferry}/merge", into=str(other), sure=str(case))
    assert again.status_code == 409, "who was asked about one case has not said yes to another"
    report = str(page.css(".reports [name=report]")[-1].attributes["value"])
    moved = visitor.post(f"/cases/{case}/move", report=report, into=str(ferry))
    assert moved.status_code == 302
    assert newsroom.case_of(second) == ferry
    assert visitor.post(f"/cases/{case}/undo").status_code == 302
    assert newsroom.case_of(second) == case
    assert visitor.post(f"/cases/{ferry}/merge", into=str(case), sure=str(case)).status_code == 302
    assert newsroom.look(ferry).merged_into_id == case
    newsroom.assert_readers_add_up()


@pytest.mark.parametrize("kind", ["context", "fact"])
def test_the_key_that_accepts_names_only_what_its_editor_may_decide(
    app: Flask, db: Database, newsroom: Newsroom, kind: str
) -> None:
    """Kind: a decision that another role has to make is never the likely one, by the product's rule or the site's."""
    with db.write() as session:
        site = session.get_one(Site, newsroom.site.id)
        policy: Any = {**site.policy, "approvers": {"corrected": "standards"}}
        site.policy = policy
    case = newsroom.case_of(newsroom.send(kind=kind, suggestion="", comment="It was not so."))
    likely = {}
    for role in (Role.EDITOR, Role.STANDARDS):
        page = signed_in(app, db, newsroom.hire(role)).get(f"/cases/{case}").get_data(as_text=True)
        accept = LexborHTMLParser(page).css_first("[data-exit=accept]")
        assert accept is not None
        likely[role] = accept.attributes["data-class"]
    assert not likely[Role.EDITOR]
    assert likely[Role.STANDARDS] == {"context": "clarified", "fact": "corrected"}[kind]
