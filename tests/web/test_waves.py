"""A wave at the desk: one row with count, spread and a sample; opened, all of it; one decision for those that say the same."""

from __future__ import annotations

from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.workflow import Role
from corrections_service.store.models import Case
from tests.services.newsroom import Newsroom
from tests.services.test_waves import articles as articles
from tests.services.test_waves import come_in, seconds
from tests.web.test_desk import Hire, numbers
from tests.web.test_desk import hire as hire
from tests.web.visitors import Visitor


def page_of(visitor: Visitor, path: str) -> Any:
    return LexborHTMLParser(visitor.get(path).get_data(as_text=True))


def test_a_wave_is_one_row_that_opens_and_those_that_say_the_same_are_decided_at_once(
    newsroom: Newsroom, hire: Hire
) -> None:
    alike = come_in(newsroom, 1, seconds(9, step=60), exact="Jon", suggestion="John")
    wave = [*alike, *come_in(newsroom, 1, seconds(3))]
    (other,) = come_in(newsroom, 2, seconds(1))
    me = hire()
    assert numbers(me.get("/queue")) == [other, alike[0]]
    row = page_of(me, "/queue").css_first(f'[data-case="{alike[0]}"]')
    assert {"12 readers", "≋ 12 cases in 8 min"} <= {" ".join(one.text().split()) for one in row.css("span")}
    assert row.css_first("input") is None, "a tick would be one case's, and the row is many"
    page = page_of(me, f"/cases/{alike[0]}")
    address = page.css_first(".of-wave a").attributes["href"]
    assert sorted(numbers(me.get(address))) == sorted(wave)
    assert "Decide the 9 that say the same" in page.css_first(".of-wave button").text()
    chosen: Any = LexborHTMLParser(me.post("/bulk", like=str(alike[0])).get_data(as_text=True))
    versions = str(chosen.css_first("input[name=cases]").attributes["value"])
    assert [int(one.partition(":")[0]) for one in versions.split()] == alike


def test_the_row_of_a_wave_stays_one_while_the_list_is_open(newsroom: Newsroom, hire: Hire) -> None:
    wave = come_in(newsroom, 1, seconds(12))
    changes: Any = hire().client.get("/queue/changes", query_string={"rows": f"{wave[0]}"}).json
    assert "12 cases" in changes["rows"][str(wave[0])]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR])
def test_who_may_not_decide_is_not_offered_to(newsroom: Newsroom, hire: Hire, role: Role) -> None:
    wave = come_in(newsroom, 1, seconds(12), exact="Jon")
    me = hire(role)
    assert page_of(me, f"/cases/{wave[0]}").css_first(".of-wave form") is None
    assert me.post("/bulk", like=str(wave[0])).status_code in (403, 404)


def test_a_wave_of_another_site_is_not_there(newsroom: Newsroom, neighbour: Newsroom, hire: Hire) -> None:
    wave = come_in(newsroom, 1, seconds(12), exact="Jon")
    stranger = hire()
    stranger.get("/queue")
    with neighbour.db.write() as session:
        for number in wave:
            session.get_one(Case, number).site_id = neighbour.site.id
    assert stranger.post("/bulk", like=str(wave[0])).status_code == 404
