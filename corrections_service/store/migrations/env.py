"""How Alembic runs the service's migrations: in one transaction on the database it is handed."""

from __future__ import annotations

from alembic import context

from corrections_service.store import jobs, search
from corrections_service.store.database import Database
from corrections_service.store.models import Base


def run() -> None:
    """Bring the tables of the service, then those of background work, to head."""
    database: Database = context.config.attributes["database"]
    with database.migrating() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=database.is_sqlite,
            include_name=search.is_compared,
        )
        context.run_migrations()
    jobs.create_tables(database)


run()
