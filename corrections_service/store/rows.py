"""Rows that must exist once, whoever comes first, and rows that are only added.

Statements are built once: to build one anew for each report takes longer than the database takes to run it.
"""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import Executable, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from corrections_service.store.models import Base


def insert_once(session: Session, model: type[Base], unique: list[str], **values: Any) -> int | None:
    """Insert a row unless one with the same unique columns is there; its id, or None.

    On PostgreSQL this waits for another transaction that is inserting the same and then sees its row.
    """
    statement = _insert_once(model, tuple(unique), session.get_bind().dialect.name)
    return session.connection().execute(statement, values).scalar_one_or_none()


def look_up(session: Session, statement: Executable, **values: Any) -> Any:
    """The first row of a statement that was built once, or None."""
    return session.connection().execute(statement, values).first()


def add(session: Session, model: type[Base], **values: Any) -> None:
    """Insert a row at once, without an object for it."""
    session.connection().execute(_insert(model), values)


@functools.cache
def _insert_once(model: type[Base], unique: tuple[str, ...], dialect: str) -> Executable:
    table = table_of(model)
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    statement: Executable = insert.on_conflict_do_nothing(index_elements=unique).returning(*table.primary_key)
    return statement


@functools.cache
def _insert(model: type[Base]) -> Insert:
    return table_of(model).insert().inline()


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements without objects."""
    table = model.__table__
    assert isinstance(table, Table)
    return table
