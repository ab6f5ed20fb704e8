"""Search over cases: FTS5 on SQLite, tsvector on PostgreSQL, filled in the background; the words are cut here for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from corrections_service.rules import text
from corrections_service.rules.references import number_of
from corrections_service.store import words
from corrections_service.store.database import Database
from corrections_service.store.models import Case, Report

MOST_WORDS = 32
"""Different words of a query that are looked for: more make a query dear, not better."""

FORGET, PAGES = 0, 500
"""No case has this number: it is noted where erased words are to leave the index, some pages in one transaction."""

_GRAMMARS = {"sqlite": ('"', " OR ", " AND ", " NOT ", "*"), "postgresql": ("'", " | ", " & ", " & !", ":*")}
"""How each database's queries quote a word, say or, and, and not, and mark the beginning of a word."""

Also = Callable[[Session, Sequence[int]], None]

notes = sa.table("search_due", sa.column("id"), sa.column("case_id"))
on_sqlite = sa.table("case_words", sa.column("rowid"), sa.column("words"), sa.column("case_words"))
on_postgresql = sa.table("case_words", sa.column("case_id"), sa.column("words", TSVECTOR))


def index_cases(session: Session, limit: int = 100, also: Also | None = None) -> int:
    """Index up to `limit` changes of cases, each noted by the database; how many there were.

    `also` is done with the same cases in the same transaction.
    """
    query = sa.select(notes.c.id, notes.c.case_id).where(notes.c.case_id != FORGET)
    changes = session.execute(query.order_by(notes.c.id).limit(limit)).all()
    if not changes:
        return 0
    ids = sorted({row.case_id for row in changes})
    by_case = words.contents(session, ids)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.delete(on_sqlite).where(on_sqlite.c.rowid.in_(ids)))
        rows = [{"rowid": id, "words": " ".join(parts)} for id, parts in by_case.items()]
        if rows:
            session.execute(sa.insert(on_sqlite), rows)
    else:
        session.execute(sa.delete(on_postgresql).where(on_postgresql.c.case_id.in_(ids)))
        vector = sa.func.array_to_tsvector(sa.bindparam("lexemes", type_=ARRAY(sa.Text)))
        rows = [{"id": id, "lexemes": sorted(set(parts))} for id, parts in by_case.items()]
        if rows:
            statement = sa.insert(on_postgresql).values(case_id=sa.bindparam("id"), words=vector)
            session.execute(statement, rows)
    session.execute(sa.delete(notes).where(notes.c.id.in_([row.id for row in changes])))
    if also is not None:
        also(session, ids)
    return len(changes)


def forget_words(session: Session) -> None:
    """Have the words that were erased leave the index's own pages too, once it is up to date."""
    session.execute(sa.insert(notes).values(case_id=FORGET))


def catch_up(database: Database, limit: int = 100, also: Also | None = None) -> None:
    """Index what has changed, then leave nothing of erased words, in short transactions; `also` as in `index_cases`."""
    while True:
        database.precedence.give_way()
        with database.write() as session:
            if index_cases(session, limit, also) < limit:
                break
    with database.read() as session:
        last = session.scalar(sa.select(sa.func.max(notes.c.id)).where(notes.c.case_id == FORGET))
    if last is None:
        return
    while database.is_sqlite:
        with database.write() as session:
            if _is_merged(session):
                break
    if database.truncate_log():
        with database.write() as session:
            session.execute(sa.delete(notes).where(notes.c.case_id == FORGET, notes.c.id <= last))


def _is_merged(session: Session) -> bool:
    """Merge a few pages of SQLite's index, which keeps deleted words until then; whether none were left to merge."""
    driver = session.connection().connection.dbapi_connection
    before = driver.total_changes  # type: ignore[union-attr]
    session.execute(sa.text("INSERT INTO case_words (case_words, rank) VALUES ('merge', :pages)"), {"pages": -PAGES})
    return bool(driver.total_changes - before < 2)  # type: ignore[union-attr]  # as SQLite's documentation says


Groups = Sequence[Sequence[str]]
"""Words of which a case holds one of each group."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a case must hold: one word of each group; and what it must not hold all of."""

    groups: Groups = ()
    unwanted: Sequence[Groups] = ()
    hints: Groups = ()
    """Groups as well, of what conditions ask for already: by them few are found at once, of very many they tell nothing."""

    @property
    def all_groups(self) -> Groups:
        """What it must hold, as far as the index can tell."""
        return (*self.groups, *self.hints)


NOTHING = Demand()


def matching(session: Session, q: str, *, unfinished: bool = False, demand: Demand = NOTHING) -> sa.Select[Any]:
    """The ids of the cases that hold all words of a query, or have it as their number or a report's reference.

    A word stands for all its forms in the languages that have a stemmer. With `unfinished` the last word may be the
    beginning of one. Nothing in a query has a meaning besides its words: no operators, no wildcards (C15, C16). Of the
    words only the first MOST_WORDS count: who asks for more is told so. `demand` is asked for as well.
    """
    q = text.clean(q).strip()
    groups = words.alternatives(q)[:MOST_WORDS]
    if not q and demand.all_groups:
        return holding(session, demand)
    if not groups:
        return _literally(q).where(*also_holding(session, demand))
    all_demanded = Demand([*demand.all_groups, *groups], demand.unwanted)
    by_words = holding(session, all_demanded, unfinished=unfinished)
    by_number = _numbered(q)
    if by_number is None:
        return by_words
    return sa.select(by_words.union(by_number.where(*also_holding(session, demand))).subquery().c.id)


def also_holding(session: Session, demand: Demand) -> list[sa.ColumnElement[bool]]:
    """The demand as conditions on cases that are found in another way."""
    conditions: list[sa.ColumnElement[bool]] = []
    if demand.groups:
        conditions.append(Case.id.in_(holding(session, Demand(demand.groups))))
    return conditions + [Case.id.not_in(holding(session, Demand(groups))) for groups in demand.unwanted]


def holding(session: Session, demand: Demand, *, unfinished: bool = False) -> sa.Select[Any]:
    """The ids of the cases that hold what is asked for, which is one group of words at least."""
    dialect = session.get_bind().dialect.name
    quote, or_, and_, and_not, beginning = _GRAMMARS[dialect]

    def all_of(groups: Groups, mark: str = "") -> str:
        parts = [[f"{quote}{word}{quote}" for word in group] for group in groups]
        parts[-1][0] += mark
        return f"({and_.join(f'({or_.join(part)})' for part in parts)})"

    query = all_of(demand.all_groups, beginning * unfinished)
    query = and_not.join([query, *map(all_of, demand.unwanted)])
    if dialect == "sqlite":
        return sa.select(on_sqlite.c.rowid.label("id")).where(on_sqlite.c.case_words.match(query))
    is_held = on_postgresql.c.words.op("@@")(sa.cast(query, TSQUERY))
    ids = sa.select(on_postgresql.c.case_id.label("id")).where(is_held)
    # PostgreSQL takes any beginning of a word for a common one and would look through all cases for it.
    return sa.select(ids.cte("ids").prefix_with("MATERIALIZED").c.id) if unfinished else ids


def is_compared(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table belongs to the models, for comparing them with the database; not those made by hand or by DBOS."""
    return kind != "table" or name in Case.metadata.tables


def _numbered(q: str) -> sa.Select[Any] | None:
    """The case with this number, or with the report of this reference; None where the query is neither."""
    plain = q.removeprefix("#")
    if plain.isascii() and plain.isdigit() and len(plain) < 10:
        return sa.select(Case.id.label("id")).where(Case.id == int(plain))
    number = number_of(plain) if "-" in plain else None
    if number is None or number >= 2**63:
        return None
    return sa.select(Case.id.label("id")).join(Report, Report.case_id == Case.id).where(Report.id == number)


def _literally(q: str) -> sa.Select[Any]:
    """A query of marks alone, such as a dash, is looked for as it stands."""
    columns = (Case.exact, Case.suggestion, Case.comment)
    holding = sa.or_(*(column.contains(q, autoescape=True) for column in columns)) if q else sa.false()
    return sa.select(Case.id.label("id")).where(holding)
