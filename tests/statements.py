"""Statements are compiled once a process, not again for each test's database: there are thousands of these."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_compiled: dict[Any, Any] = {}
"""By dialect and statement, as an engine keeps them for itself."""


class _Shared:
    """A dialect that is every other of its kind: what was compiled for one serves all."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: sa.Engine) -> None:
        """Called by SQLAlchemy with each new engine."""
        engine.update_execution_options(compiled_cache=_compiled)


class SQLite(_Shared, SQLiteDialect_pysqlite):
    """SQLite, as the service uses it."""

    supports_statement_cache = True


class PostgreSQL(_Shared, PGDialect_psycopg):
    """PostgreSQL, as the service uses it."""

    supports_statement_cache = True


def share() -> None:
    """Let all engines of this process share what is compiled."""
    registry.register("sqlite", __name__, SQLite.__name__)
    registry.register("postgresql.psycopg", __name__, PostgreSQL.__name__)
