"""What readers said of answers is counted without reading every report of the period."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

SAID = text("helped IS NOT NULL")


def upgrade() -> None:
    """Keep an index of the reports of which readers said so."""
    columns = ["site_id", "created_at"]
    op.create_index("ix_report_helped", "report", columns, sqlite_where=SAID, postgresql_where=SAID)


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_report_helped", "report")
