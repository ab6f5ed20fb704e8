"""What comes first, and until when, as an administrator says it and as the desk shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from corrections_service.rules.workflow import Role
from corrections_service.services import clocks
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Site, now
from tests.services.newsroom import Newsroom
from tests.services.test_priorities import weigh
from tests.web.visitors import Visitor, signed_in

PATH = "/settings/sites/news/urgency"


@pytest.fixture
def admin(app: Flask, db: Database, newsroom: Newsroom) -> Visitor:
    return signed_in(app, db, newsroom.hire(Role.ADMIN))


def filled(visitor: Visitor) -> dict[str, object]:
    """What the form holds."""
    page = LexborHTMLParser(visitor.get(PATH).get_data(as_text=True))
    fields = {
        field.attributes["name"]: field.attributes["value"] for field in page.css("main input[id]:not([type=checkbox])")
    }
    ticked = [
        field.attributes["value"] for field in page.css("main input[type=checkbox]") if "checked" in field.attributes
    ]
    return {**fields, "days": ticked}  # type: ignore[dict-item]


def test_an_administrator_says_what_comes_first_and_when_the_desk_works(newsroom: Newsroom, admin: Visitor) -> None:
    usual = filled(admin)
    assert (usual["zone"], usual["days"], usual["weight_readers"]) == ("UTC", ["0", "1", "2", "3", "4"], "40")
    case = newsroom.case_of(newsroom.send())
    weigh(newsroom)
    chosen = {
        **usual,
        "zone": "Europe/Kyiv",
        "days": ["6"],
        "opens": "07:30",
        "weight_readers": "7",
        "target_fact": "3",
    }
    assert admin.post(PATH, **chosen).status_code == 303
    assert filled(admin) == chosen
    weigh(newsroom)
    assert newsroom.look(case).due_at.weekday() == 6, "cases of before follow"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("zone", "Europe/Atlantis"),
        ("zone", ""),
        ("opens", "25:00"),
        ("closes", "09:00"),
        ("opens", "09Z"),
        ("closes", "09+01"),
        ("weight_readers", "101"),
        ("weight_guard", "-1"),
        ("target_fact", "x"),
        ("target_fact", "99999"),
        ("days", "9"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_kept(admin: Visitor, name: str, typed: str) -> None:
    answer = admin.post(PATH, **{**filled(admin), name: typed})
    assert answer.status_code == 422
    page = LexborHTMLParser(answer.get_data(as_text=True))
    assert page.css_first(f"#{name}").attributes["aria-invalid"] == "true"  # type: ignore[union-attr]
    if name != "days":
        assert page.css_first(f"#{name}").attributes["value"] == typed  # type: ignore[union-attr]
    assert "clock" not in filled(admin)


def test_what_is_chosen_by_a_control_is_not_counted_letter_by_letter(admin: Visitor) -> None:
    page = LexborHTMLParser(admin.get(PATH).get_data(as_text=True))
    assert len(page.css("[type=time], [type=number]")) > 10
    assert [field.attributes["id"] for field in page.css("[data-most]")] == ["zone"]


def test_only_an_administrator_of_the_site_says_so(app: Flask, db: Database, newsroom: Newsroom) -> None:
    for role in (Role.VIEWER, Role.STANDARDS):
        assert signed_in(app, db, newsroom.hire(role)).get(PATH).status_code in (403, 404)


def test_the_rows_and_the_case_say_why_and_what_is_overdue(newsroom: Newsroom, admin: Visitor, db: Database) -> None:
    """In the order of the priority the heavier comes first, whatever came in last."""
    with db.write() as session:
        clocks.choose(session.get_one(Site, newsroom.site.id), {**clocks.USUAL, "days": []})
    heavy = newsroom.case_of(newsroom.send(exact="in 1987", suggestion="in 1978"))
    light = newsroom.case_of(newsroom.send(url="https://news.example/other"))
    with db.write() as session:
        session.get_one(Case, heavy).created_at = now() - timedelta(days=5)
        session.get_one(Case, heavy).rank_at = now()
    weigh(newsroom)
    rows = _rows(admin, "/queue?sort=priority")
    assert list(rows) == [str(heavy), str(light)]
    assert "changes a number" in rows[str(heavy)]
    assert "Overdue" in rows[str(heavy)]
    assert "Overdue" not in rows[str(light)]
    assert list(_rows(admin, "/queue")) == [str(light), str(heavy)]
    assert list(_rows(admin, "/queue?sort=due")) == [str(heavy), str(light)]
    assert list(_rows(admin, "/queue?sort=%27%3B--")) == [str(light), str(heavy)]
    page = admin.get(f"/cases/{heavy}").get_data(as_text=True)
    assert "Overdue" in page
    assert "changes a number" in page
    assert "due in 1 d" in admin.get(f"/cases/{light}").get_data(as_text=True)


def _rows(visitor: Visitor, path: str) -> dict[str, str]:
    """The rows of a queue page in order, with what they say."""
    page = LexborHTMLParser(visitor.get(path).get_data(as_text=True))
    return {str(row.attributes["data-case"]): row.text() for row in page.css("[data-case]")}
