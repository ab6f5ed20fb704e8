"""Numbers of 64 bits for what a large newsroom has most of: reports, events, deliveries. SQLite's are so already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = {
    "report": ["id"],
    "event": ["id", "report_id"],
    "delivery": ["id", "report_id", "event_id"],
    "reader": ["report_id"],
    "batch_case": ["event_id"],
    "tally_mark": ["event_id", "newest_id"],
}


def upgrade() -> None:
    """Widen the columns and what counts them up."""
    _change("BIGINT")


def downgrade() -> None:
    """Narrow them again, which fails where a number needs more."""
    _change("INTEGER")


def _change(kind: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, columns in COLUMNS.items():
        changes = ", ".join(f"ALTER COLUMN {column} TYPE {kind}" for column in columns)
        op.execute(sa.text(f"ALTER TABLE {table} {changes}"))
        if columns[0] == "id":
            op.execute(sa.text(f"ALTER SEQUENCE {table}_id_seq AS {kind}"))
