"""Every filter picks out its cases, alone and with others, at the editor's own publications and nowhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from corrections_service import errors
from corrections_service.rules import queries
from corrections_service.rules.changes import Kind
from corrections_service.rules.workflow import Resolution, Role, State, Turn
from corrections_service.services import editors, finding, sites
from corrections_service.store import queue, search
from corrections_service.store.database import Database
from corrections_service.store.models import Article, Case, Editor, Mention, now
from tests.rules.test_queries import TYPED

DAY = timedelta(days=1)


def add_case(session: Any, article: Article, number: int, **values: Any) -> None:
    moment = now() - values.pop("age", timedelta(hours=1))
    case = Case(site_id=article.site_id, article_id=article.id, fingerprint=str(number), created_at=moment)
    for name, value in {"readers": 1, **values}.items():
        setattr(case, name, value)
    case.id = number
    session.add(case)


@pytest.fixture
def desk(db: Database) -> Database:
    """Two publications of Mia's and one of others, with a case of each sort: 1 to 9, and 100 at the others'."""
    with db.write() as session:
        made = [
            sites.create(
                session, name=name, origins=[f"https://{name.split()[0].lower()}.example"], desk="d@news.example"
            )
            for name in ("Daily News", "Weekly", "Others")
        ]
        daily, weekly, others = made
        mia = editors.add(session, "mia@news.example", site=daily, role=Role.EDITOR, name="Mia Кобилянська")
        editors.set_role(session, mia, weekly, Role.EDITOR)
        tom = editors.add(session, "tom@news.example", site=daily, role=Role.EDITOR, name="Tom")
        editors.add(session, "spy@others.example", site=others, role=Role.EDITOR, name="Spy")
        facts = {
            "headline": "The Ferry",
            "section": "World news",
            "author": "Ann O'Brien, Łukasz Żak",
            "language": "en-GB",
        }
        ferry = Article(site_id=daily.id, url="https://daily.example/ferry", **facts)
        bridge = Article(site_id=weekly.id, url="https://weekly.example/a", section="Sport", language="uk")
        other = Article(site_id=others.id, url="https://others.example/ferry", **{**facts, "section": "Secret"})
        session.add_all([ferry, bridge, other])
        session.flush()
        add_case(session, ferry, 1, exact="the wrong bridges", kind=Kind.NAME)
        add_case(session, ferry, 2, exact="a ferry", state=State.OPEN, assignee_id=mia.id, readers=3)
        add_case(session, ferry, 3, state=State.OPEN, assignee_id=tom.id, turn=Turn.CHANGED, age=2 * DAY)
        add_case(session, bridge, 4, exact="мости міста", state=State.WAITING, snoozed_until=now(), readers=40)
        add_case(session, bridge, 5, state=State.WAITING, age=40 * DAY)
        add_case(session, bridge, 6, state=State.FIXING, readers=2)
        add_case(session, bridge, 7, state=State.CLOSED, resolution=Resolution.FIXED)
        add_case(session, ferry, 8, state=State.CLOSED, resolution=Resolution.OPINION)
        add_case(session, ferry, 9, state=State.SPAM)
        add_case(session, other, 100, exact="the wrong bridge", readers=3, kind=Kind.NAME)
        numbers = [{"case_id": number} for number in (*range(1, 10), 100)]
        session.execute(sa.insert(search.notes), numbers)  # as their reports do
    search.catch_up(db)
    return db


def found(db: Database, typed: str, view: str = "all") -> list[int]:
    with db.read() as session:
        mia = session.get_one(Editor, 1)
        place = finding.Place(session, mia, [membership.site for membership in mia.memberships])
        query = queries.parse(typed)
        criteria = finding.criteria(place, query)
        choices: dict[str, Any] = {"view": view, "q": query.words, "editor_id": mia.id, "criteria": criteria}
        page = queue.cases_page(session, place.site_ids, **choices)
        assert queue.count_up_to(session, 99, place.site_ids, **choices) == len(page.cases)
        return sorted(case.id for case in page.cases)


def test_a_case_in_whose_notes_an_editor_is_named_is_theirs_wherever_it_is_asked(desk: Database) -> None:
    """Kind: what Mine counts, the list of it shows, a row of it stays, and a query for it finds."""
    with desk.write() as session:
        session.add(Mention(editor_id=1, case_id=1))
    assert found(desk, "", "mine") == [1, 2]
    assert found(desk, "is:mine") == [*found(desk, "wrong is:mine"), 2] == [1, 2]
    assert found(desk, "-is:mine is:inbox") == [3]
    assert found(desk, "by:me is:mine") == found(desk, "is:mine by:me") == [2]
    with desk.read() as session:
        assert queue.belonging(session, range(1, 10), "mine", editor_id=1) == {1, 2}


def test_each_filter_picks_out_its_cases(desk: Database) -> None:
    expected = {
        "": [1, 2, 3, 4, 5, 6, 7, 8],
        "is:inbox": [1, 2, 3],
        "is:new": [1],
        "is:mine": [2],
        "is:snoozed": [4],
        "is:back": [3],
        "is:waiting": [5],
        "is:fixing": [6],
        "is:corrected": [7],
        "is:declined": [8],
        "is:closed": [7, 8],
        "is:spam": [9],
        "is:inbox is:back": [3],
        "is:inbox -is:back": [1, 2],
        "-is:mine": [1, 3, 4, 5, 6, 7, 8],
        "-is:closed -is:inbox": [4, 5, 6],
        "-is:corrected is:closed": [8],
        "is:new is:spam": [],
        "site:weekly": [4, 5, 6, 7],
        'site:"Daily News"': [1, 2, 3, 8],
        "-site:daily": [4, 5, 6, 7],
        "section:world": [1, 2, 3, 8],
        'section:"world NEWS" is:closed': [8],
        "section:Secret": [],
        "-section:sport is:inbox": [1, 2, 3],
        "-section:sport": [1, 2, 3, 8],
        "author:zak": [1, 2, 3, 8],
        'author:"Ann O’Brien"': [1, 2, 3, 8],
        "author:ferry": [],
        "article:ferry": [1, 2, 3, 8],
        "https://daily.example/ferry?utm_source=x": [1, 2, 3, 8],
        "article:/a": [4, 5, 6, 7],
        "-article:/a": [1, 2, 3, 8],
        "article:https://others.example/ferry": [],
        "by:me": [2],
        "by:tom": [3],
        "by:кобилянська": [2],
        "by:nobody": [1, 4, 5, 6, 7, 8],
        "-by:nobody": [2, 3],
        "-by:me": [1, 3, 4, 5, 6, 7, 8],
        "kind:name": [1],
        "-kind:name is:inbox": [2, 3],
        "lang:en": [1, 2, 3, 8],
        "lang:uk-UA": [4, 5, 6, 7],
        "readers>1": [2, 4, 6],
        "readers>=3": [2, 4],
        "readers<2": [1, 3, 5, 7, 8],
        "readers:40": [4],
        "readers>2 readers<40": [2],
        "-readers>1": [1, 3, 5, 7, 8],
        "age>1d": [3, 5],
        "age<3d age>1d": [3],
        "-age>1d": [1, 2, 4, 6, 7, 8],
        "age<999999y": [1, 2, 3, 4, 5, 6, 7, 8],
        "bridge": [1],
        "місто": [4],
        "bridge kind:name section:world": [1],
        "bridge kind:fact": [],
        "-bridge is:inbox": [2, 3],
        'ferry -"wrong bridge" is:inbox': [2, 3],
        "4": [4],
        "4 section:world": [],
        "4 section:sport": [4],
        "100": [],
    }
    assert {typed: found(desk, typed) for typed in expected} == expected


def test_a_query_is_asked_within_its_view_unless_it_names_one(desk: Database) -> None:
    assert found(desk, "section:sport", "fixing") == [6]
    assert found(desk, "section:sport", "snoozed") == [4]
    assert found(desk, "section:sport is:closed", "fixing") == [7]
    assert found(desk, "by:tom", "mine") == []
    assert found(desk, "readers>1", "mine") == [2]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("site:others", "None of your publications is called “others”."),
        ("by:spy", "Nobody at your publications is called “spy”."),
        ("section:—", "There is no word in “—”."),
        ("ferry -%", "There is no word in “%”."),
        ("http://[", "is no address of an article"),
        ("kind:typo is:lost", "There is no kind “typo”."),
    ],
)
def test_what_names_nothing_here_is_said(desk: Database, typed: str, told: str) -> None:
    with pytest.raises(errors.InvalidFields) as error:
        found(desk, typed)
    assert told in error.value.fields["q"]


def test_values_are_completed_from_ones_own_publications(desk: Database) -> None:
    with desk.read() as session:
        mia = session.get_one(Editor, 1)
        place = finding.Place(session, mia, [membership.site for membership in mia.memberships])
        offered = {typed: [one for one, _ in finding.completions(place, typed)] for typed in QUERIES}
        everything = str([finding.completions(place, f"{key}:") for key in queries.KEYS])
    assert offered == QUERIES
    assert "Secret" not in everything
    assert "Others" not in everything
    assert "Spy" not in everything


QUERIES = {
    "se": ["section:"],
    "ferry -re": ["ferry -readers>"],
    "ferry section:": ['ferry section:"World news"', "ferry section:Sport"][::-1],
    "section:NEWS": ['section:"World news"'],
    'section:"wor': ['section:"World news"'],
    "kind:n": ["kind:name", "kind:spelling", "kind:context"],
    "site:": ['site:"Daily News"', "site:Weekly"],
    "by:t": ["by:Tom"],
    "lang:": ["lang:en", "lang:uk"],
    "is:sn": ["is:snoozed"],
    "author:żak": ['author:"Ann O\'Brien, Łukasz Żak"'],
    "nothing:": [],
    "age<": [],
}


def test_facts_of_cases_are_offered_the_most_frequent_first(desk: Database) -> None:
    with desk.read() as session:
        offered = finding.facets(queue.load(session, [1, 2, 3, 4]))
    assert offered["section"] == ["World news", "Sport"]
    assert offered["lang"] == ["en", "uk"]
    assert offered["kind"] == ["other", "name"]
    assert offered["site"] == ["Daily News", "Weekly"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED)
def test_whatever_is_typed_finds_cases_of_ones_own_or_is_refused_in_a_sentence(desk: Database, typed: str) -> None:
    with desk.read() as session:
        mia = session.get_one(Editor, 1)
        place = finding.Place(session, mia, [membership.site for membership in mia.memberships])
        finding.completions(place, typed)
    try:
        cases = found(desk, typed)
    except errors.InvalidFields as error:
        cases = [] if error.fields["q"].endswith(".") else [-1]
    assert set(cases) <= set(range(1, 10))
