"""Rows that must exist once, whoever comes first, and rows that are only added.

Statements are built once: to build one anew for each report takes longer than the database takes to run it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Executable,
    FromClause,
    Insert,
    Integer,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from corrections_service.store.models import Base, UtcTime

Span = tuple[int, str, str, datetime, datetime]
"""A site, a state, a name, and from when to when (that moment itself no more)."""


def insert_once(session: Session, model: type[Base], unique: list[str], **values: Any) -> int | None:
    """Insert a row unless one with the same unique columns is there; its id, or None.

    On PostgreSQL this waits for another transaction that is inserting the same and then sees its row.
    """
    statement = _insert_once(model, tuple(unique), session.get_bind().dialect.name)
    return session.connection().execute(statement, values).scalar_one_or_none()


def keep_others_out(session: Session, model: type[Base]) -> None:
    """Let nobody else change a table until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f'LOCK TABLE "{table_of(model).name}" IN SHARE ROW EXCLUSIVE MODE'))


def insert_all(
    session: Session, model: type[Base], unique: list[str], rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[Any, ...], int]:
    """Insert these rows by one statement; the ids of those whose unique columns were not there, by these columns."""
    if not rows:
        return {}
    statement = _insert_all(model, tuple(unique), session.get_bind().dialect.name)
    return {tuple(row[1:]): row[0] for row in session.connection().execute(statement, rows)}


def look_up_all(session: Session, statement: Executable, **values: Any) -> Sequence[Any]:
    """All rows of a statement that was built once."""
    return session.connection().execute(statement, values).all()


def look_up(session: Session, statement: Executable, **values: Any) -> Any:
    """The first row of a statement that was built once, or None."""
    return session.connection().execute(statement, values).first()


def add_all(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert these rows at once, without objects for them."""
    if rows:
        session.connection().execute(_insert(model), rows)


@functools.cache
def span_rows(dialect: str) -> FromClause:
    """Spans of time as a table: site_id, state, name, start, stop. They come as one value (`span_values`), however many they are."""
    types: dict[str, Any] = {
        "site_id": Integer(),
        "state": Text(),
        "name": Text(),
        "start": UtcTime(),
        "stop": UtcTime(),
    }
    if dialect == "postgresql":
        rows = func.json_to_recordset(cast(bindparam("spans", type_=Text), JSON))
        columns = (column(name, of_type) for name, of_type in types.items())
        return rows.table_valued(*columns, name="span").render_derived(with_types=True)
    row = func.json_each(bindparam("spans")).table_valued("value", name="span_row").c.value
    values = (type_coerce(func.json_extract(row, f"$.{name}"), of_type) for name, of_type in types.items())
    return select(*(value.label(name) for name, value in zip(types, values, strict=True))).subquery("span")


def span_values(dialect: str, all_spans: Iterable[Span]) -> dict[str, str]:
    """What these spans are handed over as, with times as the database writes them."""
    pattern = "%Y-%m-%d %H:%M:%S.%f" + ("+00" if dialect == "postgresql" else "")
    rows = [
        {
            "site_id": site_id,
            "state": state,
            "name": name,
            "start": start.astimezone(UTC).strftime(pattern),
            "stop": stop.astimezone(UTC).strftime(pattern),
        }
        for site_id, state, name, start, stop in all_spans
    ]
    return {"spans": json.dumps(rows)}


@functools.cache
def _insert_once(model: type[Base], unique: tuple[str, ...], dialect: str) -> Executable:
    statement: Executable = _insert_unless(model, unique, dialect).returning(*table_of(model).primary_key)
    return statement


@functools.cache
def _insert_all(model: type[Base], unique: tuple[str, ...], dialect: str) -> Executable:
    table = table_of(model)
    columns = (*table.primary_key, *(table.c[name] for name in unique))
    statement: Executable = _insert_unless(model, unique, dialect).returning(*columns)
    return statement


@functools.cache
def _insert_unless(model: type[Base], unique: tuple[str, ...], dialect: str) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table_of(model))
    return insert.on_conflict_do_nothing(index_elements=unique)


@functools.cache
def _insert(model: type[Base]) -> Insert:
    return table_of(model).insert().inline()


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements without objects."""
    table = model.__table__
    assert isinstance(table, Table)
    return table
