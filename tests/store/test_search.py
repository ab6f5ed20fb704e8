"""Search finds the words that stand there, in any writing, and takes nothing in a query for a command."""

from __future__ import annotations

import functools
import operator
import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from corrections_service.rules.references import reference_of
from corrections_service.rules.workflow import Turn
from corrections_service.store import queue, search, words
from corrections_service.store.database import Database
from corrections_service.store.models import NEVER, Article, Case, Report, Site
from corrections_service.store.search import Demand
from corrections_service.store.views import Criteria
from tests.measures import takes_at_most

HOSTILE = [
    '"',
    '""" OR "',
    "*",
    "colour*",
    "NEAR(",
    "NEAR(colour favour, 5)",
    "colour AND",
    "NOT colour",
    "words:colour",
    "{words}: colour",
    "^colour",
    "-colour",
    "(",
    "'",
    "';--",
    "' & !'zebra",
    "a | b",
    "<->",
    ":*",
    "\\",
    "%",
    "_",
    "\x00",
    "\ud800",
    "#",
    "#99999999999999999999",
    "ﷺ" * 300,
    "a" * 10_000,
    " ".join(f"word{number}" for number in range(1000)),
]


def add_case(
    db: Database, *, exact: str = "", suggestion: str = "", comment: str = "", reports: int = 1, language: str = ""
) -> int:
    with db.write() as session:
        if session.get(Site, 1) is None:
            session.add(Site(id=1, name="S", slug="s", key="k", origins=[], desk="desk@example.org"))
            session.flush()
        article = session.scalar(sa.select(Article).where(Article.language == language))
        if article is None:
            article = Article(site_id=1, url=f"https://example.org/{language}", headline="The Ångström question")
            article.language = language
            session.add(article)
            session.flush()
        case = Case(
            site_id=1, article_id=article.id, fingerprint="x", exact=exact, suggestion=suggestion, comment=comment
        )
        session.add(case)
        session.flush()
        for number in range(reports):
            name = f"{case.id}-{number}"
            texts = {"exact": exact, "suggestion": suggestion, "comment": comment}
            session.add(
                Report(
                    site_id=1,
                    case_id=case.id,
                    client_id=name,
                    content_sha256=name,
                    token_digest=name,
                    url="u",
                    **texts,
                )
            )
        return case.id


def index(db: Database) -> None:
    while True:
        with db.write() as session:
            if search.index_cases(session, 100) == 0:
                return


def found(db: Database, q: str) -> list[int]:
    with db.read() as session:
        return [case.id for case in queue.cases_page(session, [1], view="all", q=q).cases]


def test_words_are_found_in_quote_suggestion_comment_and_headline(db: Database) -> None:
    case = add_case(db, exact="the recieved wisdom", suggestion="received", comment="see the dictionary")
    index(db)
    for q in ("recieved", "received", "dictionary", "question", "wisdom dictionary", "RECEIVED", "receiv"):
        assert found(db, q) == [case], q
    assert found(db, "received nothing") == []


@pytest.mark.parametrize("q", ["angstrom", "Ångström", "ÅNGSTRÖM", "A\u030angstro\u0308m"])
def test_accents_and_case_make_no_difference(db: Database, q: str) -> None:
    case = add_case(db)
    index(db)
    assert found(db, q) == [case]


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("Правительство объявило", "объявило"),
        ("東京都知事が発表", "知事"),
        ("η κυβέρνηση", "κυβερνηση"),
        ("don't", "don’t"),
    ],
)
def test_other_scripts_are_found(db: Database, text: str, q: str) -> None:
    case = add_case(db, exact=text)
    index(db)
    assert found(db, q) == [case]


@pytest.mark.parametrize(
    ("language", "text", "q"),
    [
        ("uk", "помилки на вулицях міста", "помилка вулиця місто"),
        ("de", "die Häuser der Regierungen", "haus regierung"),
        ("en", "cities were running late", "city run"),
        ("en-GB", "the city runs", "cities running"),
        ("fr", "les élections nationales", "election national"),
        ("es", "las ciudades y naciones", "ciudad nación"),
        ("it", "le elezioni europee", "elezione europea"),
        ("pl", "książki o miastach", "książce miasto"),
        ("pt-BR", "as eleições nos países", "eleição país"),
        ("tr", "IŞIKLAR şehirlerde", "ışık şehir"),
        ("ar", "قال مُحَمَّد أَحمد", "محمد احمد"),
        ("he", "שָׁלוֹם עולם", "שלום"),
        ("iw", "שלום עולם", "שָׁלוֹם"),
        ("xx", "words as they are", "words"),
    ],
)
def test_a_word_is_found_in_all_its_forms_in_the_language_of_its_case(
    db: Database, language: str, text: str, q: str
) -> None:
    case = add_case(db, exact=text, language=language)
    add_case(db, exact="Elsewhere", language=language)
    index(db)
    assert found(db, q) == [case]
    assert found(db, f"{q} nowhere") == []


def test_a_form_of_another_language_is_not_taken_for_one(db: Database) -> None:
    english = add_case(db, exact="a house for all", language="en")
    german = add_case(db, exact="für die Häuser", language="de")
    index(db)
    assert found(db, "Häusern") == [german]
    assert found(db, "houses") == [english]


def test_facts_of_the_article_are_no_words_and_a_reader_cannot_write_them(db: Database) -> None:
    add_case(db, exact="ｓsport ssport ｋfact", language="en")
    index(db)
    with db.read() as session:
        for mark, word in ((words.SECTION, "sport"), (words.KIND, "fact")):
            held = search.holding(session, search.Demand([words.facts_in(mark, word)]))
            assert session.scalars(held).all() == []


@pytest.mark.parametrize("number", [0, 1, 4, 15, 16, 17, 31, 32, 33, 1000, 2**29])
def test_a_number_of_readers_is_among_those_looked_for_and_no_others(number: int) -> None:
    (own,) = words.readers_in(number, number)
    assert own in words.readers_in(number, 2**31)
    assert own in words.readers_in(0, number)
    assert own not in words.readers_in(max(2 * number, number + 1), 2**31)
    assert own not in words.readers_in(0, number // 2 if number > 16 else number - 1)


@pytest.mark.parametrize("written", ["п'ять", "п’ять", "пʼять"])
@pytest.mark.parametrize("q", ["п'ять", "п’ять", "пʼять", "П‘ЯТЬ"])
def test_an_apostrophe_is_one_by_whatever_keyboard_it_was_written(db: Database, written: str, q: str) -> None:
    case = add_case(db, exact=f"загинули {written} людей")
    index(db)
    assert found(db, q) == [case]
    assert found(db, f"{q[:-1]}ий") == []


@pytest.mark.parametrize("q", HOSTILE)
def test_a_query_is_only_words(db: Database, q: str) -> None:
    add_case(db, exact="nothing of the kind")
    index(db)
    assert found(db, q) == []
    takes_at_most(15, lambda: found(db, q), lambda: found(db, "received nothing"), waiting=True)


def test_marks_alone_are_looked_for_as_they_stand(db: Database) -> None:
    case = add_case(db, comment="it was 100 % certain")
    add_case(db, comment="it was certain")
    index(db)
    assert found(db, "%") == [case]


def test_a_wildcard_letter_is_a_letter(db: Database) -> None:
    add_case(db, exact="colour")
    index(db)
    assert found(db, "c_l%r") == []


def test_a_case_is_found_by_its_number_and_by_a_reference(db: Database) -> None:
    add_case(db)
    case = add_case(db, reports=2)
    index(db)
    with db.read() as session:
        report = session.scalars(sa.select(Report.id).where(Report.case_id == case)).first()
    assert report is not None
    assert found(db, str(case)) == [case]
    assert found(db, f"#{case}") == [case]
    assert found(db, reference_of(report)) == [case]


def test_results_come_newest_first_over_pages(db: Database) -> None:
    cases = [add_case(db, exact="colour") for _ in range(9)]
    index(db)
    with db.read() as session:
        first = queue.cases_page(session, [1], view="all", q="colour", limit=4)
        second = queue.cases_page(session, [1], view="all", q="colour", limit=4, cursor=first.next_cursor)
        third = queue.cases_page(session, [1], view="all", q="colour", limit=4, cursor=second.next_cursor)
        again = queue.cases_page(session, [1], view="all", q="colour", limit=4, cursor=third.previous_cursor)
    assert [case.id for page in (first, second, third) for case in page.cases] == cases[::-1]
    assert third.next_cursor == ""
    assert [case.id for case in again.cases] == [case.id for case in second.cases]


def test_changes_of_a_case_its_reports_and_its_article_are_noted_by_themselves(db: Database) -> None:
    case = add_case(db, exact="colour", reports=2)
    index(db)
    with db.write() as session:
        session.execute(sa.update(Article).values(headline="Rhododendron"))
        session.execute(sa.update(Report).where(Report.client_id == f"{case}-1").values(comment="hydrangea"))
    index(db)
    assert found(db, "rhododendron hydrangea colour") == [case]
    assert found(db, "angstrom") == []


def test_what_is_erased_is_no_longer_found(db: Database) -> None:
    case = add_case(db, exact="secret")
    index(db)
    with db.write() as session:
        session.execute(sa.update(Case).values(exact=""))
        session.execute(sa.update(Report).values(exact=""))
    index(db)
    assert found(db, "secret") == []
    with db.write() as session:
        session.execute(sa.delete(Report))
        session.delete(session.get_one(Case, case))
    index(db)
    with db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(sa.table("case_words"))) == 0


def test_a_report_that_moves_to_another_case_is_found_there_only(db: Database) -> None:
    first, second = add_case(db, reports=0), add_case(db, reports=0)
    with db.write() as session:
        texts = {"site_id": 1, "client_id": "c", "content_sha256": "c", "token_digest": "c", "url": "u"}
        session.add(Report(case_id=first, comment="hydrangea", **texts))
    index(db)
    assert found(db, "hydrangea") == [first]
    with db.write() as session:
        session.execute(sa.update(Report).values(case_id=second))
    index(db)
    assert found(db, "hydrangea") == [second]


MANY: dict[str, dict[str, Any]] = {
    "words": {"q": "river"},
    "hints": {"criteria": Criteria(conditions=(Case.readers >= 0,), demand=Demand(hints=[words.readers_in(0, 9)]))},
    "unwanted": {"criteria": Criteria(demand=Demand(unwanted=[[["lake"]]], hints=[words.readers_in(0, 9)]))},
}
"""Searches that all twelve cases are found by: words, and conditions that the index answers too."""


@pytest.mark.parametrize("by", MANY)
@pytest.mark.parametrize("most", [3, 2000])
@pytest.mark.parametrize("sort", queue.ORDERS)
def test_a_search_stands_in_the_order_that_was_chosen_page_by_page(
    db: Database, monkeypatch: pytest.MonkeyPatch, sort: str, most: int, by: str
) -> None:
    """Kind: an order that is offered and not kept; of few hits and of many, which are read in different ways."""
    monkeypatch.setattr(queue, "MOST_SORTED", most)
    numbers = [add_case(db, exact=f"a river {number % 2}") for number in range(12)]
    index(db)
    with db.write() as session:
        for at, number in enumerate(numbers):
            case = session.get_one(Case, number)
            case.priority, case.due_at = at * 7 % 5, NEVER - timedelta(days=at * 5 % 7)
            case.created_at = NEVER - timedelta(days=1000 - at)
            case.turn, case.unseen_since = (Turn.APPEALED, case.created_at) if at == 5 else (None, None)
    with db.read() as session:
        order = queue.ORDERS[sort]
        by_order = sa.select(Case.id).order_by(*order.ends(order.column, Case.id, back=False))
        wanted = list(session.scalars(by_order))
        pages, cursor = list[list[int]](), ""
        while True:
            page = queue.cases_page(session, [1], sort=sort, cursor=cursor, limit=5, **MANY[by])
            pages.append([case.id for case in page.cases])
            if not (cursor := page.next_cursor):
                break
        assert functools.reduce(operator.iadd, pages, []) == wanted
        back = queue.cases_page(session, [1], sort=sort, cursor=page.previous_cursor, limit=5, **MANY[by])
        assert [case.id for case in back.cases] == pages[1]


@pytest.mark.parametrize("database_settings", ["postgresql"], indirect=True)
def test_a_word_that_no_case_holds_is_known_to_be_rare(db: Database) -> None:
    """Kind: PostgreSQL looked through all cases for a rare word, which it took for a common one in many languages' forms."""
    chance, vocabulary = random.Random(5), [f"w{number}" for number in range(2000)]
    rows = [{"id": id, "lexemes": [*chance.sample(vocabulary, 60), f"rare{id // 3}"]} for id in range(1, 5001)]
    vector = sa.func.array_to_tsvector(sa.bindparam("lexemes", type_=ARRAY(sa.Text)))
    with db.write() as session:
        session.execute(sa.insert(search.on_postgresql).values(case_id=sa.bindparam("id"), words=vector), rows)
        session.execute(sa.text("ANALYZE case_words"))
    with db.read() as session:
        found = search.matching(session, "absentword").compile(session.get_bind())
        plan = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {found}", found.params).scalar_one()
    assert plan[0]["Plan"]["Plan Rows"] <= len(rows) * 0.005
