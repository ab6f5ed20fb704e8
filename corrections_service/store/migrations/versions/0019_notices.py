"""A notice's life: how far it has come, what it waits for, and why it was taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corrections_service.store.models import UtcTime, now

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
LONG_AGO = "1970-01-01 00:00:00.000000"


def upgrade() -> None:
    """Add the columns. What is public stays so; what would have been in a moment waits for the fix from now on."""
    for name, kind, default in (
        ("state", sa.String(length=32), "approved"),
        ("early", sa.Text(), ""),
        ("created_at", TIME, LONG_AGO),
        ("publish_at", TIME, LONG_AGO),
        ("retraction", sa.Text(), ""),
    ):
        op.add_column("correction", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("correction", sa.Column("revised_at", TIME, nullable=True))
    op.add_column("case", sa.Column("frozen_until", TIME, nullable=True))
    at = sa.bindparam("at", now(), UtcTime())
    for statement in (
        "SET created_at = published_at, publish_at = published_at WHERE published_at IS NOT NULL",
        "SET published_at = NULL"
        " WHERE published_at > :at OR (retracted_at IS NOT NULL AND retracted_at <= published_at)",
        "SET state = 'public' WHERE published_at IS NOT NULL",
    ):
        clause = sa.text(f"UPDATE correction {statement}")
        op.get_bind().execute(clause.bindparams(at) if ":at" in statement else clause)
    for name, column in (("asked", "case_id"), ("ready", "publish_at")):
        where = sa.text(f"state = '{name}'")
        op.create_index(f"ix_correction_{name}", "correction", [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Remove them again; what waits for its fix is taken back, for an earlier version would publish it."""
    for name in ("ready", "asked"):
        op.drop_index(f"ix_correction_{name}", "correction")
    waiting = "UPDATE correction SET published_at = publish_at, retracted_at = publish_at WHERE published_at IS NULL"
    op.get_bind().execute(sa.text(waiting))
    op.drop_column("case", "frozen_until")
    for name in ("revised_at", "retraction", "publish_at", "created_at", "early", "state"):
        op.drop_column("correction", name)
