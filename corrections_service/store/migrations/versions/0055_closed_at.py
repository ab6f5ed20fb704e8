"""Reports keep since when their case is closed, from which the days are counted that a reader is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

KEPT = sa.text("closed_at IS NOT NULL AND erased_at IS NULL")


def upgrade() -> None:
    """Of cases that are closed already the last change counts, as it did."""
    op.add_column("report", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_report_closed", "report", ["closed_at"], sqlite_where=KEPT, postgresql_where=KEPT)


def downgrade() -> None:
    """Count from the last change again."""
    op.drop_index("ix_report_closed", table_name="report")
    op.drop_column("report", "closed_at")
