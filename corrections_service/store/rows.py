"""Rows that must exist once, whoever comes first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from corrections_service.store.models import Base


def insert_once(session: Session, model: type[Base], unique: list[str], **values: Any) -> int | None:
    """Insert a row unless one with the same unique columns is there; its id, or None.

    On PostgreSQL this waits for another transaction that is inserting the same and then sees its row.
    """
    table = model.__table__
    assert isinstance(table, Table)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing(index_elements=unique)
    return session.execute(statement.returning(*table.primary_key)).scalar_one_or_none()
