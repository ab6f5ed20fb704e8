"""Many cases at once over plain forms: chosen, begun, looked at, undone; garbage and others' are answered clearly (C9)."""

from __future__ import annotations

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corrections_service.rules.workflow import Role, State
from corrections_service.services import batches
from corrections_service.store.database import Database
from corrections_service.store.models import Batch
from tests.services.newsroom import FERRY, Newsroom
from tests.web.visitors import Visitor, dump, signed_in


@pytest.fixture
def visitor(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    return signed_in(app, db, newsroom.hire())


def headline(answer: TestResponse) -> str:
    node = LexborHTMLParser(answer.get_data(as_text=True)).css_first("main h1")
    return " ".join(node.text().split()) if node else ""


def cases_of(answer: TestResponse) -> str:
    node = LexborHTMLParser(answer.get_data(as_text=True)).css_first("input[name=cases]")
    return str(node.attributes["value"]) if node else ""


def test_ticked_cases_are_decided_in_the_background_without_script(
    visitor: Visitor, newsroom: Newsroom, db: Database
) -> None:
    first = newsroom.case_of(newsroom.send(email="ann@example.org"))
    second = newsroom.case_of(newsroom.send(**FERRY, email="ann@example.org"))
    boxes = LexborHTMLParser(visitor.get("/queue").get_data(as_text=True)).css(".pick input[form=many]")
    marks = [str(box.attributes["value"]) for box in boxes]
    assert marks == [f"{second}:1", f"{first}:1"]
    before = dump(db)
    answer = visitor.post("/bulk", case=marks)
    assert dump(db) == before, "nothing is changed by choosing"
    assert headline(answer) == "2 cases at once"
    assert "At most 2 mails go to the readers who asked" in answer.get_data(as_text=True)
    refused = visitor.post("/bulk/start", cases=cases_of(answer), action="decide", reason="kept words")
    assert refused.status_code == 422
    assert "Choose a decision." in refused.get_data(as_text=True)
    assert "kept words" in refused.get_data(as_text=True)
    begun = visitor.post("/bulk/start?view=all", cases=cases_of(refused), action="decide", resolution="opinion")
    assert begun.location == "/bulk/1?view=all"
    assert headline(visitor.get(begun.location)) == "Deciding: 0 of 2"
    assert "/bulk/1" in visitor.get("/queue").get_data(as_text=True), "it can be left and come back to"
    with db.write() as session:
        batches.act(session, 1, first)
    assert headline(visitor.get("/bulk/1")) == "Deciding: 1 of 2"
    with db.write() as session:
        batches.act(session, 1, second)
        batches.finish(session, 1)
    done = visitor.get("/bulk/1")
    assert headline(done) == "2 done: Opinion, 2 mails go"
    assert linked(done) == [f"/cases/{first}", f"/cases/{second}"]
    assert visitor.post("/bulk/1/undo").location == "/bulk/1"
    assert headline(visitor.get("/bulk/1")) == "Taking back: 2 still to do"
    with db.write() as session:
        batches.act(session, 1, first)
        batches.act(session, 1, second)
        batches.finish(session, 1)
    undone = visitor.get("/bulk/1")
    assert headline(undone) == "2 taken back: Opinion"
    assert linked(undone) == [f"/cases/{first}", f"/cases/{second}"]
    assert visitor.get("/bulk/mails", query_string={"case": marks}).json == {"mails": 2}


def linked(answer: TestResponse) -> list[str]:
    """The cases that the end of a batch names."""
    links = LexborHTMLParser(answer.get_data(as_text=True)).css(".changed a")
    return [str(link.attributes["href"]) for link in links]


def test_why_a_fact_is_fixed_in_silence_is_asked_only_where_a_case_touches_one(
    visitor: Visitor, newsroom: Newsroom
) -> None:
    typo = newsroom.case_of(newsroom.send(exact="teh bridge", suggestion="the bridge"))
    year = newsroom.case_of(newsroom.send(**FERRY))
    visitor.get("/queue")
    question = "Why may facts be fixed without a notice?"
    assert question not in visitor.post("/bulk", case=f"{typo}:1").get_data(as_text=True)
    assert question in visitor.post("/bulk", case=[f"{typo}:1", f"{year}:1"]).get_data(as_text=True)


def test_all_of_the_view_are_chosen_with_its_filter(visitor: Visitor, newsroom: Newsroom) -> None:
    numbers = [newsroom.case_of(newsroom.send(url=f"https://news.example/{number}")) for number in range(60)]
    newsroom.send(website="spam", url="https://news.example/x")
    visitor.get("/queue")
    assert cases_of(visitor.post("/bulk", all="1")).split() == [f"{number}:1" for number in numbers[::-1]]
    assert headline(visitor.post("/bulk?view=spam", all="1")) == "One case at once"
    assert visitor.post("/bulk?view=mine", all="1").status_code == 422


def test_garbage_and_others_cases_are_answered_and_change_nothing(
    visitor: Visitor, newsroom: Newsroom, neighbour: Newsroom, db: Database, app: Flask
) -> None:
    own = newsroom.case_of(newsroom.send())
    foreign = neighbour.case_of(neighbour.send(url="https://gazette.example/x"))
    answers = {
        (): 422,
        (f"{own}",): 422,
        (f"{own}:",): 422,
        ("x:1",): 422,
        (f"{own}:1:1",): 422,
        (f"-{own}:1",): 422,
        ("99999999999:1",): 422,
        (f"{own}:1", f"{foreign}:1"): 404,
        (f"{own}:1", "123456:1"): 404,
    }
    before = dump(db)
    for marks, status in answers.items():
        assert visitor.post("/bulk", case=list(marks)).status_code == status, marks
        fields = {"action": "decide", "resolution": "opinion"}
        assert visitor.post("/bulk/start", cases=" ".join(marks), **fields).status_code == status, marks
    said = visitor.post("/bulk", case=[f"{own}:1", f"{foreign}:1"]).get_data(as_text=True)
    assert f"There is no case {foreign} on your sites" in said
    assert visitor.get(f"/bulk/mails?case={foreign}:1").status_code == 404
    for action in ({"action": "erase"}, {"action": "merge", "into": "x"}, {"action": "snooze", "until": "2020-01-01"}):
        assert visitor.post("/bulk/start", cases=f"{own}:1", **action).status_code == 422
    unknown = {"action": "decide", "resolution": "corrected"}
    assert visitor.post("/bulk/start", cases=f"{own}:1", **unknown).status_code == 422, "a notice is for one case"
    assert dump(db) == before
    assert newsroom.look(own).state is State.NEW
    assert visitor.post("/bulk/start", cases=f"{own}:1", action="claim").status_code == 302
    for stranger in (newsroom.hire(email="b@news.example"), neighbour.hire(email="c@news.example")):
        elsewhere = signed_in(app, db, stranger)
        assert elsewhere.get("/bulk/1").status_code == 404
        assert elsewhere.post("/bulk/1/undo").status_code == 404
    assert newsroom.count(Batch) == 1


def test_who_may_only_read_is_offered_no_boxes(app: Flask, db: Database, newsroom: Newsroom) -> None:
    case = newsroom.case_of(newsroom.send())
    viewer = signed_in(app, db, newsroom.hire(Role.VIEWER))
    assert 'name="case"' not in viewer.get("/queue").get_data(as_text=True)
    assert viewer.post("/bulk", case=[f"{case}:1"]).status_code == 403
